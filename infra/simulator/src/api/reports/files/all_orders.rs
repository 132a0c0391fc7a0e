//! All orders by last update, one row per item.

use jiff::Timestamp;

use super::{Asked, country, moment, one_line, price, sales_channel};
use crate::api::orders::title;
use crate::marketplace::Marketplace;
use crate::model::{Channel, Item, Order, Status};

/// Source: Amazon's page on order tracking report attributes.
pub(super) const COLUMNS: [&str; 31] = [
    "amazon-order-id",
    "merchant-order-id",
    "purchase-date",
    "last-updated-date",
    "order-status",
    "fulfillment-channel",
    "sales-channel",
    "order-channel",
    "ship-service-level",
    "product-name",
    "sku",
    "asin",
    "item-status",
    "quantity",
    "currency",
    "item-price",
    "item-tax",
    "shipping-price",
    "shipping-tax",
    "gift-wrap-price",
    "gift-wrap-tax",
    "item-promotion-discount",
    "ship-promotion-discount",
    "ship-city",
    "ship-state",
    "ship-postal-code",
    "ship-country",
    "promotion-ids",
    "is-business-order",
    "purchase-order-number",
    "price-designation",
];

/// The orders whose last update lies in the range.
pub(super) fn rows(asked: &Asked<'_>) -> Vec<Vec<String>> {
    let as_of = asked.as_of;
    let updated = asked.orders.iter().filter(|order| asked.holds(order.last_updated(as_of)));
    updated.flat_map(|order| order.items.iter().map(|item| row(order, item, as_of))).collect()
}

fn row(order: &Order, item: &Item, as_of: Timestamp) -> Vec<String> {
    let status = order.status(as_of);
    let item_status = match status {
        Status::Cancelled => "Cancelled",
        _ if order.item_shipped_at(item).is_some_and(|at| at <= as_of) => "Shipped",
        _ => "Unshipped",
    };
    // Flat files write the status with two L, unlike notifications.
    let status_word = if status == Status::Cancelled { "Cancelled" } else { status.pascal() };
    let (currency, price) = price(order, item);
    let marketplace = Marketplace::by_id(&order.marketplace_id);
    let none = String::new;
    vec![
        order.order_id.clone(),
        none(),
        moment(order.purchased_at),
        moment(order.last_updated(as_of)),
        status_word.to_owned(),
        match order.channel {
            Channel::Amazon => "Amazon".to_owned(),
            Channel::Merchant => "Merchant".to_owned(),
        },
        sales_channel(order),
        none(),
        "Standard".to_owned(),
        one_line(title(item, marketplace)),
        one_line(&item.sku),
        item.asin.clone(),
        item_status.to_owned(),
        item.quantity.to_string(),
        currency,
        price,
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
        "CANARY-CITY".to_owned(),
        "CANARY-STATE".to_owned(),
        "CANARY-POSTCODE".to_owned(),
        country(order),
        none(),
        order.programs.iter().any(|program| program == "AMAZON_BUSINESS").to_string(),
        none(),
        none(),
    ]
}
