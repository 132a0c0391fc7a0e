//! Webhooks of Shopify, as far as Renown has use for them.
//!
//! Deliveries come repeated, late, in any order, or not at all (Shopify, "Ignore duplicates" and
//! "Best practices for webhooks"): what is read here merges as a join. Of a customer nothing is
//! taken but address, name, language and country. Sources: Shopify Admin API reference, resources
//! Order, Refund and Fulfillment; "Privacy law compliance" for the three topics every app answers.

use jiff::Timestamp;
use serde::Deserialize;

use super::contact::Consent;
use super::news::{self, Customer, News, OrderNews, Unreadable, amount, country, email, locale, plain};
use super::order::{Facts, Line};
use crate::text;

/// Lines of an order that are kept: the caps look at what was bought, and no mail shows more.
const MAX_LINES: usize = 20;

#[derive(Deserialize)]
struct Order {
    id: u64,
    #[serde(default)]
    name: Option<String>,
    email: Option<String>,
    contact_email: Option<String>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    customer: Option<Buyer>,
    customer_locale: Option<String>,
    shipping_address: Option<Address>,
    billing_address: Option<Address>,
    #[serde(default)]
    line_items: Vec<Item>,
    total_price: Option<String>,
    currency: Option<String>,
    #[serde(default)]
    fulfillments: Vec<Fulfillment>,
    fulfillment_status: Option<String>,
    #[serde(default)]
    refunds: Vec<Timed>,
    buyer_accepts_marketing: Option<bool>,
    #[serde(default)]
    test: bool,
}

#[derive(Deserialize)]
struct Buyer {
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email_marketing_consent: Option<MarketingConsent>,
}

#[derive(Deserialize)]
struct MarketingConsent {
    state: Option<String>,
    consent_updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Address {
    country_code: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    sku: Option<String>,
    product_id: Option<u64>,
    title: Option<String>,
}

#[derive(Deserialize)]
struct Fulfillment {
    order_id: Option<u64>,
    status: Option<String>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    shipment_status: Option<String>,
}

#[derive(Deserialize)]
struct Timed {
    created_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Refund {
    order_id: u64,
    created_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Redact {
    customer: Option<RedactCustomer>,
}

#[derive(Deserialize)]
struct RedactCustomer {
    email: Option<String>,
}

/// Reads one delivery: its topic (`X-Shopify-Topic`) and its body, whose signature was checked.
/// `now` stands in where the shop tells no time.
///
/// # Errors
///
/// If the body does not fit its topic, with the place.
pub fn read(topic: &str, body: &[u8], now: Timestamp) -> Result<News, Unreadable> {
    match topic {
        "orders/create"
        | "orders/updated"
        | "orders/paid"
        | "orders/fulfilled"
        | "orders/partially_fulfilled"
        | "orders/cancelled" => Ok(order(&parse(body)?, now)),
        "fulfillments/create" | "fulfillments/update" => Ok(fulfillment(&parse(body)?)),
        "refunds/create" => {
            let refund: Refund = parse(body)?;
            let refunded_at = Some(refund.created_at.unwrap_or(now));
            Ok(facts_of(refund.order_id, Facts { refunded_at, ..Facts::default() }))
        }
        "customers/redact" => {
            let redact: Redact = parse(body)?;
            let address = redact.customer.and_then(|customer| customer.email);
            Ok(match address.as_deref().and_then(email) {
                Some(email) => News::Forget { email },
                None => News::Useless(topic.to_owned()),
            })
        }
        "customers/data_request" => Ok(News::DataRequest),
        other => Ok(News::Useless(other.chars().take(60).collect())),
    }
}

fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Unreadable {
            place: format!("line {line}, column {column}"),
            problem: text!(
                "it is not what Shopify sends for this topic",
                "不是 Shopify 针对该主题发送的内容"
            ),
        }
    })
}

fn facts_of(id: u64, facts: Facts) -> News {
    let id = id.to_string().parse().expect("digits are an order id");
    News::Order(Box::new(OrderNews { id, facts, customer: None }))
}

fn fulfillment(fulfillment: &Fulfillment) -> News {
    let Some(id) = fulfillment.order_id else {
        return News::Useless("fulfillments without order".to_owned());
    };
    let (fulfilled_at, delivered_at) = sent_and_arrived(std::slice::from_ref(fulfillment));
    facts_of(id, Facts { fulfilled_at, delivered_at, ..Facts::default() })
}

/// When the first parcel left and the last one arrived; the latter only once all have.
fn sent_and_arrived(all: &[Fulfillment]) -> (Option<Timestamp>, Option<Timestamp>) {
    let counts = |f: &&Fulfillment| f.status.as_deref().is_none_or(|status| status == "success");
    let counted: Vec<_> = all.iter().filter(counts).collect();
    let sent = counted.iter().filter_map(|f| f.created_at).min();
    let is_delivered = |f: &&&Fulfillment| f.shipment_status.as_deref() == Some("delivered");
    let delivered: Vec<_> = counted.iter().filter(is_delivered).collect();
    let is_whole = !counted.is_empty() && delivered.len() == counted.len();
    let arrived = delivered.iter().filter_map(|f| f.updated_at).max().filter(|_| is_whole);
    (sent, arrived)
}

fn order(order: &Order, now: Timestamp) -> News {
    if order.test {
        return News::Useless("a test order".to_owned());
    }
    let as_of = order.updated_at.unwrap_or(now);
    let (sent, delivered_at) = sent_and_arrived(&order.fulfillments);
    // Fulfilled by hand there may be no parcel: the order's own word counts then.
    let is_fulfilled = order.fulfillment_status.as_deref() == Some("fulfilled");
    let fulfilled_at = sent.or(order.closed_at.or(order.updated_at).filter(|_| is_fulfilled));
    let line = |item: &Item| {
        let id = item.product_id.map(|id| id.to_string());
        let sku = id.or_else(|| item.sku.clone()).unwrap_or_default();
        let title = plain(item.title.as_deref().unwrap_or_default());
        (!title.is_empty()).then(|| Line { sku: plain(&sku), title })
    };
    let currency = order.currency.as_deref().unwrap_or_default();
    let facts = Facts {
        as_of: Some(as_of),
        number: plain(order.name.as_deref().unwrap_or_default()),
        placed_at: order.created_at,
        fulfilled_at,
        delivered_at,
        cancelled_at: order.cancelled_at,
        refunded_at: order.refunds.iter().filter_map(|refund| refund.created_at).min(),
        person: None,
        lines: order.line_items.iter().filter_map(line).take(MAX_LINES).collect(),
        total: order.total_price.as_deref().and_then(|text| amount(text, currency)),
    };
    let id = order.id.to_string().parse().expect("digits are an order id");
    let buyer = order.customer.as_ref();
    let address = order.email.as_deref().or(order.contact_email.as_deref());
    let address = address.or_else(|| buyer?.email.as_deref()).and_then(email);
    let customer = address.map(|email| {
        let name = buyer.map(|buyer| {
            let parts = [buyer.first_name.as_deref(), buyer.last_name.as_deref()];
            plain(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
        });
        let lives = order.shipping_address.as_ref().or(order.billing_address.as_ref());
        Customer {
            email,
            name: name.as_deref().and_then(news::name),
            locale: order.customer_locale.as_deref().and_then(locale),
            country: lives.and_then(|address| country(address.country_code.as_deref()?)),
            consent: consent(order, as_of),
            as_of,
        }
    });
    News::Order(Box::new(OrderNews { id, facts, customer }))
}

/// What the customer said about mails: their own word where the shop keeps it, else what they
/// ticked with the order. A shop that tells nothing gives no consent.
fn consent(order: &Order, as_of: Timestamp) -> Option<Consent> {
    let said = |given, at| Some(Consent { given, source: "shopify".to_owned(), at });
    let kept = order.customer.as_ref().and_then(|buyer| buyer.email_marketing_consent.as_ref());
    if let Some(kept) = kept {
        let at = kept.consent_updated_at.or(order.created_at).unwrap_or(as_of);
        match kept.state.as_deref() {
            Some("subscribed") => return said(true, at),
            Some("unsubscribed" | "redacted" | "invalid") => return said(false, at),
            // `not_subscribed` and `pending` say neither yes nor no.
            _ => {}
        }
    }
    match order.buyer_accepts_marketing {
        Some(true) => said(true, order.created_at.unwrap_or(as_of)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn body() -> serde_json::Value {
        serde_json::json!({
            "id": 5_678_901_234_567_u64, "name": "#1001", "email": "ana@x.example",
            "created_at": "2026-11-01T10:00:00+01:00", "updated_at": "2026-11-05T10:00:00+01:00",
            "customer": {"first_name": "Ana", "last_name": "Muster",
                "email_marketing_consent": {"state": "subscribed", "consent_updated_at": "2026-10-01T00:00:00Z"}},
            "customer_locale": "de-DE", "shipping_address": {"country_code": "DE", "zip": "10115"},
            "line_items": [{"sku": "T-1", "product_id": 42, "title": "Tee"}],
            "total_price": "25.50", "currency": "EUR", "fulfillment_status": "fulfilled",
            "fulfillments": [{"status": "success", "created_at": "2026-11-03T08:00:00Z",
                "updated_at": "2026-11-05T08:00:00Z", "shipment_status": "delivered"}],
            "refunds": [],
        })
    }

    fn order_news(body: &serde_json::Value) -> OrderNews {
        match read("orders/updated", body.to_string().as_bytes(), NOW).expect("read") {
            News::Order(news) => *news,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_order_is_read_with_its_customer_and_nothing_more_of_them() {
        let news = order_news(&body());
        assert_eq!(news.id.as_str(), "5678901234567");
        assert_eq!((news.facts.number.as_str(), news.facts.total), ("#1001", Some(2550)));
        assert_eq!(news.facts.fulfilled_at, Some("2026-11-03T08:00:00Z".parse().expect("a time")));
        assert_eq!(news.facts.delivered_at, Some("2026-11-05T08:00:00Z".parse().expect("a time")));
        let customer = news.customer.clone().expect("a customer");
        assert_eq!((customer.locale.as_deref(), customer.country.as_deref()), (Some("de-DE"), Some("DE")));
        assert!(customer.consent.is_some_and(|consent| consent.given));
        let shown = format!("{news:?}");
        for personal in ["ana", "Ana", "Muster", "10115"] {
            assert!(!shown.contains(personal), "{shown}");
        }
    }

    #[test]
    fn one_parcel_of_two_that_arrived_is_no_delivery() {
        let mut body = body();
        let mut second = body["fulfillments"][0].clone();
        second["shipment_status"] = "in_transit".into();
        body["fulfillments"].as_array_mut().expect("a list").push(second);
        assert_eq!(order_news(&body).facts.delivered_at, None);
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        for (state, accepts, expect) in [
            ("subscribed", None, Some(true)),
            ("unsubscribed", Some(true), Some(false)),
            ("not_subscribed", None, None),
            ("not_subscribed", Some(true), Some(true)),
            ("pending", Some(false), None),
        ] {
            let mut body = body();
            body["customer"]["email_marketing_consent"]["state"] = state.into();
            body["buyer_accepts_marketing"] = accepts.into();
            let consent = order_news(&body).customer.expect("a customer").consent;
            assert_eq!(consent.map(|consent| consent.given), expect, "{state} {accepts:?}");
        }
    }

    #[test]
    fn refunds_redactions_and_what_is_of_no_use_are_told_apart() {
        let read = |topic: &str, body: &str| read(topic, body.as_bytes(), NOW);
        assert!(matches!(
            read("refunds/create", r#"{"order_id": 7, "created_at": "2026-11-05T08:00:00Z"}"#),
            Ok(News::Order(news)) if news.facts.refunded_at.is_some()
        ));
        assert!(matches!(
            read("customers/redact", r#"{"customer": {"email": "ana@x.example"}}"#),
            Ok(News::Forget { .. })
        ));
        assert_eq!(read("customers/data_request", "{}"), Ok(News::DataRequest));
        assert_eq!(read("carts/update", "{}"), Ok(News::Useless("carts/update".to_owned())));
        let error = read("orders/create", "{\"id\": \"secret\"}").expect_err("no number");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        let mut test = body();
        test["test"] = true.into();
        assert!(matches!(read("orders/create", &test.to_string()), Ok(News::Useless(_))));
    }
}
