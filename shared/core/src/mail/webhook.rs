//! The generic webhook: an order in Renown's own form, for shops without one of theirs.
//!
//! ```json
//! {"type": "order", "order": {"id": "1001", "number": "#1001", "placed_at": "2026-11-01T10:00:00Z",
//!  "fulfilled_at": "2026-11-03T08:00:00Z", "delivered_at": "2026-11-05T08:00:00Z",
//!  "cancelled_at": null, "refunded_at": null, "total": "25.50", "currency": "EUR",
//!  "updated_at": "2026-11-05T08:00:00Z", "items": [{"id": "T-1", "title": "Tee"}],
//!  "customer": {"email": "ana@shop.example", "name": "Ana", "locale": "de-DE", "country": "DE",
//!   "consent": {"given": true, "at": "2026-10-01T00:00:00Z"}}}}
//! {"type": "forget", "email": "ana@shop.example"}
//! ```
//!
//! Only `id` must be there. Fields that are not known are of no matter.

use jiff::Timestamp;
use serde::Deserialize;

use super::contact::Consent;
use super::news::{Customer, News, OrderNews, Unreadable, amount, country, email, locale, name, plain};
use super::order::{Facts, Line};
use crate::ids::ShopOrderId;
use crate::text;

/// Lines of an order that are kept.
const MAX_LINES: usize = 20;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Wire {
    Order { order: Box<Order> },
    Forget { email: String },
}

#[derive(Deserialize)]
struct Order {
    id: ShopOrderId,
    number: Option<String>,
    placed_at: Option<Timestamp>,
    fulfilled_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    refunded_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    total: Option<String>,
    currency: Option<String>,
    #[serde(default)]
    items: Vec<Item>,
    customer: Option<Buyer>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    title: String,
}

#[derive(Deserialize)]
struct Buyer {
    email: String,
    name: Option<String>,
    locale: Option<String>,
    country: Option<String>,
    consent: Option<Said>,
}

#[derive(Deserialize)]
struct Said {
    given: bool,
    at: Option<Timestamp>,
}

/// Reads one delivery, whose signature was checked. `now` stands in where no time is told.
///
/// # Errors
///
/// If it is not of this form, with the place.
pub fn read(body: &[u8], now: Timestamp) -> Result<News, Unreadable> {
    let wire: Wire = serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Unreadable {
            place: format!("line {line}, column {column}"),
            problem: text!(
                "it is not of the form that the documentation of the generic webhook shows",
                "不符合通用 webhook 文档所示的格式"
            ),
        }
    })?;
    let order = match wire {
        Wire::Order { order } => *order,
        Wire::Forget { email: text } => {
            let place = || "email".to_owned();
            let problem = || text!("it is no mail address", "不是邮箱地址");
            let email = email(&text).ok_or_else(|| Unreadable { place: place(), problem: problem() })?;
            return Ok(News::Forget { email });
        }
    };
    let as_of = order.updated_at.unwrap_or(now);
    let line = |item: &Item| Line { sku: plain(&item.id), title: plain(&item.title) };
    let facts = Facts {
        as_of: Some(as_of),
        number: order.number.as_deref().map_or_else(|| order.id.to_string(), plain),
        placed_at: order.placed_at,
        fulfilled_at: order.fulfilled_at,
        delivered_at: order.delivered_at,
        cancelled_at: order.cancelled_at,
        refunded_at: order.refunded_at,
        person: None,
        lines: order.items.iter().map(line).filter(|l| !l.title.is_empty()).take(MAX_LINES).collect(),
        total: order.total.as_deref().and_then(|t| amount(t, order.currency.as_deref().unwrap_or_default())),
    };
    let customer = order.customer.and_then(|buyer| {
        Some(Customer {
            email: email(&buyer.email)?,
            name: buyer.name.as_deref().and_then(name),
            locale: buyer.locale.as_deref().and_then(locale),
            country: buyer.country.as_deref().and_then(country),
            consent: buyer.consent.map(|said| Consent {
                given: said.given,
                source: "webhook".to_owned(),
                at: said.at.unwrap_or(as_of),
            }),
            as_of,
        })
    });
    Ok(News::Order(Box::new(OrderNews { id: order.id, facts, customer })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_with_nothing_but_its_id_is_read_and_one_without_is_not() {
        let read = |body: &str| read(body.as_bytes(), Timestamp::UNIX_EPOCH);
        assert!(matches!(
            read(r#"{"type": "order", "order": {"id": "A-1", "else": 1}}"#),
            Ok(News::Order(news)) if news.facts.number == "A-1" && news.customer.is_none()
        ));
        assert!(matches!(read(r#"{"type": "forget", "email": "a@b.example"}"#), Ok(News::Forget { .. })));
        for wrong in
            ["", "{}", r#"{"type": "order", "order": {"id": "a b"}}"#, r#"{"type": "forget", "email": "x"}"#]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
