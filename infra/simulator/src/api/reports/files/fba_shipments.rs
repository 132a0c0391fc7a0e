//! Shipments from Amazon's warehouses, one row per item.

use jiff::{SignedDuration, Timestamp};

use super::{Asked, country, moment, one_line, price, sales_channel};
use crate::api::orders::title;
use crate::marketplace::Marketplace;
use crate::model::{Channel, Item, Order, Status};

/// Source: headers seen by other clients; Amazon publishes none.
pub(super) const COLUMNS: [&str; 33] = [
    "amazon-order-id",
    "merchant-order-id",
    "shipment-id",
    "shipment-item-id",
    "amazon-order-item-id",
    "merchant-order-item-id",
    "purchase-date",
    "payments-date",
    "shipment-date",
    "reporting-date",
    "sku",
    "product-name",
    "quantity-shipped",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "shipping-tax",
    "gift-wrap-price",
    "gift-wrap-tax",
    "ship-service-level",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "item-promotion-discount",
    "ship-promotion-discount",
    "carrier",
    "tracking-number",
    "estimated-arrival-date",
    "fulfillment-center-id",
    "fulfillment-channel",
    "sales-channel",
];

/// The items that left in the range. What was cancelled before it left was never shipped.
pub(super) fn rows(asked: &Asked<'_>) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for order in asked.orders.iter().filter(|order| order.channel == Channel::Amazon) {
        for (idx, item) in order.items.iter().enumerate() {
            let Some(at) = order.item_shipped_at(item) else { continue };
            if at <= asked.as_of && asked.holds(at) && order.status(at) != Status::Cancelled {
                rows.push(row(order, idx, item, at));
            }
        }
    }
    rows
}

fn row(order: &Order, idx: usize, item: &Item, shipped_at: Timestamp) -> Vec<String> {
    let (currency, price) = price(order, item);
    let marketplace = Marketplace::by_id(&order.marketplace_id);
    let arrival = item.estimated_arrival.or(order.estimated_arrival).unwrap_or(order.promise.latest);
    let reported = shipped_at.saturating_add(SignedDuration::from_hours(2)).unwrap_or(Timestamp::MAX);
    let item_id = order.item_id(idx);
    let none = String::new;
    vec![
        order.order_id.clone(),
        none(),
        format!("D{}", &item_id[..9]),
        format!("I{item_id}"),
        item_id.clone(),
        none(),
        moment(order.purchased_at),
        moment(order.confirmed()),
        moment(shipped_at),
        moment(reported),
        one_line(&item.sku),
        one_line(title(item, marketplace)),
        item.quantity.to_string(),
        currency,
        price,
        none(),
        none(),
        none(),
        none(),
        none(),
        "Standard".to_owned(),
        "CANARY-CITY".to_owned(),
        "CANARY-STATE".to_owned(),
        "CANARY-POSTCODE".to_owned(),
        country(order),
        none(),
        none(),
        "AMZN".to_owned(),
        format!("TBA{item_id}"),
        moment(arrival),
        "SIM1".to_owned(),
        "AFN".to_owned(),
        sales_channel(order),
    ]
}
