//! What Amazon would have put into the subscriber's queue.
//!
//! `ORDER_CHANGE` goes out at each change of an order's status, once per order and once per item
//! level, as Amazon sends both. Ids follow from the order and the moment, so that the same history
//! gives the same messages.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::{App, Channel, Notification, OneReport, Order, ReportStatus, Status};
use crate::state::State;

impl State {
    /// Takes every notification that is due out of the outbox, in order of time.
    pub(crate) fn take_notifications(&mut self) -> Vec<Notification> {
        self.settle_reports();
        let now = self.clock.now();
        let later = match now.checked_add(jiff::SignedDuration::from_nanos(1)) {
            Ok(beyond) => self.data.outbox.split_off(&(beyond, String::new())),
            Err(_) => std::collections::BTreeSet::new(),
        };
        let due = std::mem::replace(&mut self.data.outbox, later);
        let mut taken = Vec::new();
        for (at, order_id) in due {
            let Some(order) = self.data.orders.get(&order_id) else { continue };
            if !order.notifies(at) || !is_subscribed(self, &order.seller_id, at) {
                continue;
            }
            for level in ["OrderLevel", "OrderItemLevel"] {
                taken.push(Notification {
                    at,
                    seller: order.seller_id.clone(),
                    body: order_change(self, order, at, level),
                });
            }
        }
        taken.extend(self.data.finished_reports.extract_if(.., |message| message.at <= now));
        taken.sort_by_key(|message| message.at);
        taken
    }
}

/// Whether the seller's notifications were subscribed to at a moment.
pub(crate) fn is_subscribed(state: &State, seller: &str, at: Timestamp) -> bool {
    state.data.sellers.get(seller).is_some_and(|seller| seller.notified_since.is_none_or(|since| since <= at))
}

/// The application a seller's notifications go to: the first it gave a grant.
fn application_of<'state>(state: &'state State, seller: &str) -> Option<&'state App> {
    let client_id = state.data.sellers.get(seller)?.grants.values().next()?;
    state.data.apps.get(client_id)
}

fn application_id(state: &State, seller: &str) -> String {
    application_of(state, seller)
        .map_or_else(|| "amzn1.sp.solution.simulated".to_owned(), |app| app.application_id.clone())
}

fn order_change(state: &State, order: &Order, at: Timestamp, level: &str) -> String {
    let seller = &order.seller_id;
    let status = order.status(at);
    let merchant = order.channel == Channel::Merchant;
    let mut summary = json!({
        "MarketplaceId": order.marketplace_id,
        "OrderStatus": status.pascal(),
        "PurchaseDate": order.purchased_at,
        "DestinationPostalCode": "CANARY-POSTCODE",
        "FulfillmentType": if merchant { "MFN" } else { "AFN" },
        "OrderType": "StandardOrder",
        "NumberOfItemsShipped": order.units_shipped(at),
        "NumberOfItemsUnshipped": if status == Status::Cancelled { 0 } else { order.units() - order.units_shipped(at) },
        "OrderPrograms": order_programs(order),
        "ShippingPrograms": if order.easy_ship { vec!["EasyShip"] } else { vec![] },
        "OrderItems": order_items(order, at, merchant),
    });
    if merchant {
        summary["EarliestDeliveryDate"] = json!(order.promise.earliest);
        summary["LatestDeliveryDate"] = json!(order.promise.latest);
        summary["EarliestShipDate"] = json!(order.purchased_at);
        summary["LatestShipDate"] = json!(order.ship_by());
    }
    if order.easy_ship && status == Status::Shipped {
        summary["EasyShipShipmentStatus"] =
            json!(if order.is_delivered(at) { "Delivered" } else { "PickedUp" });
    }
    let reason = if status == Status::Cancelled { "Order cancelled" } else { "Order status changed" };
    let body = json!({
        "NotificationVersion": "1.0",
        "NotificationType": "ORDER_CHANGE",
        "PayloadVersion": "1.0",
        "EventTime": at,
        "Payload": {"OrderChangeNotification": {
            "NotificationLevel": level,
            "SellerId": seller,
            "AmazonOrderId": order.order_id,
            "OrderChangeType": "OrderStatusChange",
            "OrderChangeTrigger": {"TimeOfOrderChange": at, "ChangeReason": reason},
            "Summary": summary,
        }},
        "NotificationMetadata": {
            "ApplicationId": application_id(state, seller),
            "SubscriptionId": subscription_id(state, "ORDER_CHANGE", seller),
            "PublishTime": at,
            "NotificationId": uuid(&(&order.order_id, at, level)),
        },
    });
    body.to_string()
}

fn order_programs(order: &Order) -> Vec<&'static str> {
    let named = |program: &String| match program.as_str() {
        "AMAZON_BUSINESS" => Some("Business"),
        "PRIME" => Some("Prime"),
        "PREMIUM" => Some("Premium"),
        "INVOICE_BY_AMAZON" => Some("IBA"),
        _ => None,
    };
    let replacement = order.replacement_of.is_some().then_some("Replacement");
    order.programs.iter().filter_map(named).chain(replacement).collect()
}

fn order_items(order: &Order, at: Timestamp, merchant: bool) -> Vec<Value> {
    let item = |(idx, item): (usize, &crate::model::Item)| {
        let left = order.item_shipped_at(item).is_some_and(|shipped| shipped <= at);
        let mut shown = json!({
            "OrderItemId": order.item_id(idx),
            "SellerSKU": item.sku,
            "SupplySourceId": null,
            "OrderItemStatus": if left { "Shipped" } else { "Unshipped" },
            "Quantity": item.quantity,
            "QuantityShipped": if left { item.quantity } else { 0 },
        });
        if merchant {
            shown["ItemEarliestDeliveryDate"] = json!(order.promise.earliest);
            shown["ItemLatestDeliveryDate"] = json!(order.promise.latest);
        }
        shown
    };
    order.items.iter().enumerate().map(item).collect()
}

/// The body of `REPORT_PROCESSING_FINISHED`.
pub(crate) fn report_finished(state: &State, report: &OneReport, status: ReportStatus) -> String {
    let seller = &report.seller_id;
    let mut payload = json!({
        "sellerId": seller,
        "accountId": format!("amzn1.merchant.o.{seller}"),
        "reportId": report.report_id,
        "reportType": report.report_type,
        "processingStatus": status,
    });
    if let Some(document_id) = report.document_id() {
        payload["reportDocumentId"] = json!(document_id);
    }
    let body = json!({
        "notificationVersion": "2020-09-04",
        "notificationType": "REPORT_PROCESSING_FINISHED",
        "payloadVersion": "2020-09-04",
        "eventTime": report.ends_at,
        "payload": {"reportProcessingFinishedNotification": payload},
        "notificationMetadata": {
            "applicationId": application_id(state, seller),
            "subscriptionId": subscription_id(state, "REPORT_PROCESSING_FINISHED", seller),
            "publishTime": report.ends_at,
            "notificationId": uuid(&(&report.report_id, "finished")),
        },
    });
    body.to_string()
}

/// The subscription a notification names: the seller's own, or, where a test has not bothered to
/// subscribe, one that follows from the seller.
fn subscription_id(state: &State, kind: &str, seller: &str) -> String {
    let own = state
        .data
        .subscriptions
        .values()
        .find(|own| own.seller_id == seller && own.notification_type == kind);
    own.map_or_else(|| uuid(&(kind, seller)), |own| own.subscription_id.clone())
}

/// An id in the shape of a UUID that follows from what it names.
pub(crate) fn uuid(of: &impl std::hash::Hash) -> String {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, of).hash(&mut hasher);
        hasher.finish()
    };
    let hex = format!("{:016x}{:016x}", half(0), half(1));
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
