//! Amazon's notifications: from the body of a queue message to what it says.
//!
//! Two casings of the envelope and two encodings of the body are seen in practice. Wire
//! structs name only the fields that are needed: the destination postal code, for one, is in
//! no struct and so cannot go further than this file.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::ids::{InvalidId, OrderId, SellerId, SubscriptionId};
use crate::order::{Dated, DeliveredBy, Facts, FulfillmentChannel, OrderStatus, Promise, Shipped};
use crate::say::{self, Lang, Text};
use crate::text;

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notification {
    /// An order changed.
    OrderChange {
        /// Whose.
        seller: SellerId,
        /// Which.
        order: OrderId,
        /// When.
        at: Timestamp,
        /// What is now known of it. Boxed: much larger than its neighbours.
        facts: Box<Facts>,
    },
    /// One item of an order changed; the message about the whole order follows, or came.
    OrderItemChange,
    /// An account's standing changed. The message does not name the seller.
    AccountStatus {
        /// Names the seller.
        subscription: SubscriptionId,
        /// The standing now: `NORMAL`, `AT_RISK`, `DEACTIVATED`.
        current: String,
        /// When.
        at: Timestamp,
    },
    /// A report is done, cancelled or failed.
    ReportFinished {
        /// Whose, where the message says it.
        seller: Option<SellerId>,
        /// Which.
        report: String,
        /// `DONE`, `CANCELLED`, `FATAL`.
        status: String,
        /// When, where the message says it.
        at: Option<Timestamp>,
    },
    /// A type that Renown has no use for.
    Other {
        /// Its name.
        kind: String,
    },
}

/// Why a body cannot be read. Says where, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Unreadable {
    /// Where in the message.
    pub place: String,
    /// What is wrong there.
    pub problem: Text,
}

impl Unreadable {
    fn new(place: &str, problem: Text) -> Self {
        Self { place: place.to_owned(), problem }
    }

    fn no_id(place: &str, error: &InvalidId) -> Self {
        let (text, zh) = (error.text(), say::id_problem(Lang::Zh, error.problem()));
        Self::new(place, text!("{error}", "{text:?} {zh}"))
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(alias = "notificationType", rename = "NotificationType")]
    kind: String,
    #[serde(alias = "eventTime", rename = "EventTime")]
    event_time: Option<String>,
    #[serde(alias = "payload", rename = "Payload", borrow)]
    payload: &'a serde_json::value::RawValue,
    #[serde(alias = "notificationMetadata", rename = "NotificationMetadata")]
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(alias = "subscriptionId", rename = "SubscriptionId")]
    subscription: Option<String>,
}

/// Reads the body of a queue message.
///
/// # Errors
///
/// [`Unreadable`] for what is no notification or lacks what it must have. Reading it again
/// gives the same, so the caller keeps it with this reason.
pub fn read(body: &str) -> Result<Notification, Unreadable> {
    // Some deliveries wrap the JSON once more, as a JSON string.
    let inner: String;
    let mut text = body.trim_start_matches('\u{feff}').trim();
    if text.starts_with('"') {
        inner = serde_json::from_str(text).map_err(|e| json_error("message body", &e))?;
        text = inner.trim();
    }
    let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|e| json_error("message body", &e))?;
    let at = envelope.event_time.as_deref().and_then(time);
    match envelope.kind.as_str() {
        "ORDER_CHANGE" => order_change(envelope.payload.get(), at),
        "ACCOUNT_STATUS_CHANGED" => {
            let subscription = envelope.metadata.and_then(|m| m.subscription).unwrap_or_default();
            let subscription = subscription
                .parse()
                .map_err(|e| Unreadable::no_id("notificationMetadata.subscriptionId", &e))?;
            account_status(envelope.payload.get(), subscription, at)
        }
        "REPORT_PROCESSING_FINISHED" => report_finished(envelope.payload.get(), at),
        kind => Ok(Notification::Other { kind: kind.chars().take(80).collect() }),
    }
}

/// A JSON error without the text around it: that may be a buyer's.
fn json_error(place: &str, error: &serde_json::Error) -> Unreadable {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Syntax => text!("is not JSON", "不是 JSON"),
        Category::Eof => text!("ends in the middle of JSON", "JSON 不完整"),
        Category::Io => text!("could not be read", "无法读取"),
        // Names fields of ours, or the type of what stood there.
        Category::Data => return Unreadable::new(place, data_error(error)),
    };
    let (Text { en, zh }, line, column) = (what, error.line(), error.column());
    Unreadable::new(place, text!("{en} (line {line}, column {column})", "{zh}(第 {line} 行第 {column} 列)"))
}

/// serde's words, without quoted input: of "invalid type: string "…", expected x" the part
/// from "expected" on.
fn data_error(error: &serde_json::Error) -> Text {
    let (said, line, column) = (error.to_string(), error.line(), error.column());
    match said.split_once("expected") {
        Some((_, expected)) if said.starts_with("invalid") => {
            text!("is not as agreed: expected{expected}", "与约定不符,应为{expected}")
        }
        _ if said.starts_with("missing field") => {
            // "missing field `x` at line 1 column 2"
            let field = said.split('`').nth(1).unwrap_or_default();
            text!("{said}", "缺少字段 `{field}`(第 {line} 行第 {column} 列)")
        }
        _ => {
            text!("is not as agreed (line {line}, column {column})", "与约定不符(第 {line} 行第 {column} 列)")
        }
    }
}

/// Amazon's times: RFC 3339, sometimes without seconds. Whole seconds are kept.
fn time(text: &str) -> Option<Timestamp> {
    let parsed = text.parse::<Timestamp>().ok().or_else(|| {
        let minutes = text.strip_suffix('Z')?;
        format!("{minutes}:00Z").parse().ok()
    })?;
    Timestamp::from_second(parsed.as_second()).ok()
}

// --- ORDER_CHANGE: schemas/notifications/OrderChangeNotification.json ---

#[derive(Deserialize)]
struct OrderChangePayload {
    #[serde(rename = "OrderChangeNotification")]
    order_change: OrderChange,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OrderChange {
    notification_level: String,
    seller_id: String,
    amazon_order_id: String,
    #[serde(rename = "OrderChangeTrigger")]
    trigger: Option<Trigger>,
    summary: Option<Summary>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Trigger {
    time_of_order_change: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    marketplace_id: Option<String>,
    order_status: Option<String>,
    purchase_date: Option<String>,
    fulfillment_type: Option<String>,
    order_type: Option<String>,
    earliest_delivery_date: Option<String>,
    latest_delivery_date: Option<String>,
    #[serde(default)]
    order_programs: Option<Vec<String>>,
    #[serde(default)]
    shipping_programs: Option<Vec<String>>,
    easy_ship_shipment_status: Option<String>,
    #[serde(default)]
    order_items: Option<Vec<Item>>,
}

#[derive(Deserialize)]
struct Item {
    #[serde(rename = "SellerSKU")]
    seller_sku: Option<String>,
}

fn order_change(payload: &str, event_time: Option<Timestamp>) -> Result<Notification, Unreadable> {
    const PLACE: &str = "Payload.OrderChangeNotification";
    let OrderChangePayload { order_change: change } =
        serde_json::from_str(payload).map_err(|e| json_error(PLACE, &e))?;
    if change.notification_level != "OrderLevel" {
        return Ok(Notification::OrderItemChange);
    }
    let id = |name: &str, e: &InvalidId| Unreadable::no_id(&format!("{PLACE}.{name}"), e);
    let seller = change.seller_id.parse().map_err(|e| id("SellerId", &e))?;
    let order = change.amazon_order_id.parse().map_err(|e| id("AmazonOrderId", &e))?;
    let changed = change.trigger.and_then(|t| t.time_of_order_change);
    let at = changed.as_deref().and_then(time).or(event_time).ok_or_else(|| {
        Unreadable::new(
            "EventTime",
            text!(
                "neither EventTime nor OrderChangeTrigger.TimeOfOrderChange is a time",
                "EventTime 和 OrderChangeTrigger.TimeOfOrderChange 都不是时间"
            ),
        )
    })?;
    let summary = change
        .summary
        .ok_or_else(|| Unreadable::new(&format!("{PLACE}.Summary"), text!("is missing", "缺失")))?;
    let facts = Box::new(facts(summary, at)?);
    Ok(Notification::OrderChange { seller, order, at, facts })
}

fn facts(summary: Summary, at: Timestamp) -> Result<Facts, Unreadable> {
    let place = |name: &str| format!("Payload.OrderChangeNotification.Summary.{name}");
    let status = summary
        .order_status
        .as_deref()
        .map(|text| {
            OrderStatus::from_amazon(text).ok_or_else(|| {
                let problem = text!("{text:?} is not a known order status", "{text:?} 不是已知的订单状态");
                Unreadable::new(&place("OrderStatus"), problem)
            })
        })
        .transpose()?;
    let marketplace = summary
        .marketplace_id
        .as_deref()
        .map(|text| text.parse().map_err(|e| Unreadable::no_id(&place("MarketplaceId"), &e)))
        .transpose()?;
    let date = |text: &Option<String>| text.as_deref().and_then(time);
    let promise = date(&summary.earliest_delivery_date)
        .zip(date(&summary.latest_delivery_date))
        .map(|(a, b)| Dated { at, value: Promise { earliest: a.min(b), latest: a.max(b) } });
    let delivered = summary.easy_ship_shipment_status.is_some_and(|s| s.eq_ignore_ascii_case("delivered"));
    let programs = [summary.order_programs, summary.shipping_programs].into_iter().flatten().flatten();
    // A SKU that cannot be a key part is left out; it is only used by exclusion rules.
    let skus =
        summary.order_items.unwrap_or_default().into_iter().filter_map(|item| item.seller_sku?.parse().ok());
    Ok(Facts {
        marketplace,
        purchased_at: date(&summary.purchase_date),
        channel: summary.fulfillment_type.as_deref().and_then(FulfillmentChannel::from_amazon),
        status,
        promise,
        shipped: (status == Some(OrderStatus::Shipped)).then_some(Shipped::Seen(at)),
        delivered: delivered.then_some(Dated { at, value: DeliveredBy::EasyShip }),
        programs: programs.map(|p| p.trim().to_ascii_uppercase()).filter(|p| !p.is_empty()).collect(),
        skus: skus.collect(),
        replacement: summary.order_type.is_some_and(|t| t.to_ascii_lowercase().contains("replacement")),
        ..Facts::default()
    })
}

// --- ACCOUNT_STATUS_CHANGED: no schema upstream; Amazon's "Notification type values" page ---

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountPayload {
    account_status_change_notification: AccountChange,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountChange {
    current_account_status: String,
    #[serde(default)]
    #[expect(dead_code, reason = "documents the wire form")]
    previous_account_status: Option<IgnoredAny>,
}

fn account_status(
    payload: &str,
    subscription: SubscriptionId,
    at: Option<Timestamp>,
) -> Result<Notification, Unreadable> {
    let AccountPayload { account_status_change_notification: change } = serde_json::from_str(payload)
        .map_err(|e| json_error("payload.accountStatusChangeNotification", &e))?;
    let at =
        at.ok_or_else(|| Unreadable::new("eventTime", text!("is missing or not a time", "缺失或不是时间")))?;
    Ok(Notification::AccountStatus { subscription, current: change.current_account_status, at })
}

// --- REPORT_PROCESSING_FINISHED: schemas/notifications/ReportProcessingFinishedNotification.json ---

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportPayload {
    report_processing_finished_notification: ReportFinished,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReportFinished {
    seller_id: Option<String>,
    report_id: String,
    processing_status: String,
}

fn report_finished(payload: &str, at: Option<Timestamp>) -> Result<Notification, Unreadable> {
    const PLACE: &str = "payload.reportProcessingFinishedNotification";
    let ReportPayload { report_processing_finished_notification: report } =
        serde_json::from_str(payload).map_err(|e| json_error(PLACE, &e))?;
    Ok(Notification::ReportFinished {
        seller: report.seller_id.and_then(|id| id.parse().ok()),
        report: report.report_id,
        status: report.processing_status,
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order_change_body(level: &str, status: &str) -> String {
        format!(
            r#"{{"NotificationVersion":"1.0","NotificationType":"ORDER_CHANGE","PayloadVersion":"1.0",
            "EventTime":"2026-10-05T08:00:00.123Z","Payload":{{"OrderChangeNotification":{{
              "NotificationLevel":"{level}","SellerId":"A1SELLER","AmazonOrderId":"111-1234567-1234567",
              "OrderChangeType":"OrderStatusChange",
              "OrderChangeTrigger":{{"TimeOfOrderChange":"2026-10-05T07:59:58.999Z","ChangeReason":"x"}},
              "Summary":{{"MarketplaceId":"A1PA6795UKMFR9","OrderStatus":"{status}",
                "PurchaseDate":"2026-10-04T10:00:00Z","DestinationPostalCode":"CANARY-10115",
                "FulfillmentType":"MFN","OrderType":"StandardOrder",
                "EarliestDeliveryDate":"2026-10-08T22:00:00Z","LatestDeliveryDate":"2026-10-10T21:59:59Z",
                "OrderPrograms":["Prime"],"ShippingPrograms":[],
                "OrderItems":[{{"OrderItemId":"1","SellerSKU":"TEA 1","Quantity":1}}]}}}}}},
            "NotificationMetadata":{{"ApplicationId":"app","SubscriptionId":"sub","PublishTime":"2026-10-05T08:00:01Z","NotificationId":"n1"}}}}"#
        )
    }

    fn shipped() -> Notification {
        read(&order_change_body("OrderLevel", "Shipped")).expect("readable")
    }

    #[test]
    fn an_order_change_becomes_facts_dated_by_its_trigger() {
        let Notification::OrderChange { seller, order, facts, .. } = shipped() else {
            panic!("order change")
        };
        assert_eq!((seller.as_str(), order.as_str()), ("A1SELLER", "111-1234567-1234567"));
        assert_eq!(facts.status, Some(OrderStatus::Shipped));
        assert_eq!(facts.shipped, Some(Shipped::Seen("2026-10-05T07:59:58Z".parse().expect("a timestamp"))));
        assert_eq!(facts.programs.iter().collect::<Vec<_>>(), ["PRIME"]);
        assert!(facts.promise.is_some());
    }

    #[test]
    fn a_doubly_encoded_body_says_the_same() {
        let once = order_change_body("OrderLevel", "Shipped");
        let twice = serde_json::to_string(&once).expect("serializes");
        assert_eq!(read(&twice), Ok(shipped()));
    }

    #[test]
    fn the_postal_code_gets_no_further() {
        assert!(!format!("{:?}", shipped()).contains("CANARY"));
    }

    #[test]
    fn item_level_messages_are_not_orders() {
        assert_eq!(read(&order_change_body("OrderItemLevel", "Shipped")), Ok(Notification::OrderItemChange));
    }

    #[test]
    fn both_casings_of_the_envelope_are_read() {
        let body = r#"{"notificationVersion":"2020-09-04","notificationType":"REPORT_PROCESSING_FINISHED",
            "payloadVersion":"2020-09-04","eventTime":"2026-10-05T08:00:00Z",
            "payload":{"reportProcessingFinishedNotification":{"accountId":"amzn1.merchant.o.X","sellerId":"A1SELLER",
              "reportId":"54517018502","reportType":"GET_X","processingStatus":"DONE","reportDocumentId":"d"}},
            "notificationMetadata":{"applicationId":"a","subscriptionId":"s","publishTime":"t","notificationId":"n"}}"#;
        assert_eq!(
            read(body),
            Ok(Notification::ReportFinished {
                seller: "A1SELLER".parse().ok(),
                report: "54517018502".to_owned(),
                status: "DONE".to_owned(),
                at: "2026-10-05T08:00:00Z".parse().ok(),
            })
        );
    }

    #[test]
    fn an_account_status_is_known_by_its_subscription() {
        let body = r#"{"notificationType":"ACCOUNT_STATUS_CHANGED","eventTime":"2026-10-05T08:00Z",
            "payload":{"accountStatusChangeNotification":{"previousAccountStatus":"NORMAL","currentAccountStatus":"AT_RISK"}},
            "notificationMetadata":{"subscriptionId":"sub-1"}}"#;
        let Ok(Notification::AccountStatus { subscription, current, .. }) = read(body) else {
            panic!("account status")
        };
        assert_eq!((subscription.as_str(), current.as_str()), ("sub-1", "AT_RISK"));
    }

    #[test]
    fn what_cannot_be_read_says_where_and_repeats_nothing_of_it() {
        let canary = order_change_body("OrderLevel", "CANARY STATUS").replace("CANARY STATUS", "Teleported");
        for (body, place) in [
            ("CANARY", "message body"),
            ("{\"NotificationType\":\"ORDER_CHANGE\",", "message body"),
            (
                "{\"NotificationType\":\"ORDER_CHANGE\",\"Payload\":{\"x\":\"CANARY\"}}",
                "Payload.OrderChangeNotification",
            ),
            (
                &order_change_body("OrderLevel", "Shipped").replace("111-1234567-1234567", "12"),
                "Payload.OrderChangeNotification.AmazonOrderId",
            ),
            (canary.as_str(), "Payload.OrderChangeNotification.Summary.OrderStatus"),
            ("\"\\\"CANARY\"", "message body"),
            ("17", "message body"),
        ] {
            let error = read(body).expect_err(body);
            assert_eq!(error.place, place, "{body}");
            assert!(!error.to_string().contains("CANARY"), "{error}");
        }
    }

    #[test]
    fn a_type_without_use_is_named() {
        let body = r#"{"NotificationType":"ANY_OFFER_CHANGED","Payload":{}}"#;
        assert_eq!(read(body), Ok(Notification::Other { kind: "ANY_OFFER_CHANGED".to_owned() }));
    }
}
