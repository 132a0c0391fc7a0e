//! The two report types with data, as tab-delimited text.
//!
//! Columns that hold personal data at Amazon are filled with canaries: a reader that keeps them is
//! found out.

use jiff::{SignedDuration, Timestamp};

use crate::api::orders::title;
use crate::marketplace::Marketplace;
use crate::model::{Channel, Item, OneReport, Order, Status};
use crate::state::State;

/// All orders by last update.
pub(crate) const ALL_ORDERS: &str = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";

/// Shipments from Amazon's warehouses.
pub(crate) const FBA_SHIPMENTS: &str = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL";

/// Source: Amazon's page on order tracking report attributes.
const ALL_ORDERS_COLUMNS: [&str; 31] = [
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

/// Source: headers seen by other clients; Amazon publishes none.
const FBA_SHIPMENTS_COLUMNS: [&str; 33] = [
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

/// The file, or nothing when there are no rows (or the type holds no data here).
pub(crate) fn render(state: &State, report: &OneReport) -> Option<String> {
    let as_of = report.ends_at;
    let from = report.data_start.unwrap_or(report.created_at);
    let until = report.data_end.unwrap_or(report.created_at);
    let in_range = |at: Timestamp| from <= at && at <= until;
    let orders = state.data.orders.values().filter(|order| {
        order.seller_id == report.seller_id
            && report.marketplaces.contains(&order.marketplace_id)
            && order.is_visible(as_of)
    });
    let mut rows = Vec::new();
    let columns: &[&str] = match report.report_type.as_str() {
        ALL_ORDERS => {
            for order in orders.filter(|order| in_range(order.last_updated(as_of))) {
                rows.extend(order.items.iter().map(|item| all_orders_row(order, item, as_of)));
            }
            &ALL_ORDERS_COLUMNS
        }
        FBA_SHIPMENTS => {
            for order in orders.filter(|order| order.channel == Channel::Amazon) {
                let shipped = order
                    .items
                    .iter()
                    .enumerate()
                    .filter_map(|(idx, item)| Some((idx, item, order.item_shipped_at(item)?)));
                // What was cancelled before it left was never shipped.
                let left =
                    |at: Timestamp| at <= as_of && in_range(at) && order.status(at) != Status::Cancelled;
                rows.extend(
                    shipped
                        .filter(|(_, _, at)| left(*at))
                        .map(|(idx, item, at)| shipment_row(order, idx, item, at)),
                );
            }
            &FBA_SHIPMENTS_COLUMNS
        }
        _ => return None,
    };
    if rows.is_empty() {
        return None;
    }
    let mut file = columns.join("\t");
    file.push_str("\r\n");
    for row in rows {
        debug_assert_eq!(row.len(), columns.len());
        file.push_str(&row.join("\t"));
        file.push_str("\r\n");
    }
    Some(file)
}

/// Seconds and a zone offset, the form of Amazon's flat files.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// Tabs and line breaks have no escape in these files.
fn one_line(text: &str) -> String {
    text.replace(['\t', '\r', '\n'], " ")
}

fn sales_channel(order: &Order) -> String {
    if order.non_amazon {
        return "Non-Amazon".to_owned();
    }
    Marketplace::by_id(&order.marketplace_id).map(Marketplace::name).unwrap_or_default()
}

fn price(order: &Order, item: &Item) -> (String, String) {
    let minor = u64::from(item.price_minor) * u64::from(item.quantity);
    Marketplace::by_id(&order.marketplace_id)
        .map(|marketplace| (marketplace.currency.to_owned(), marketplace.amount(minor)))
        .unwrap_or_default()
}

fn country(order: &Order) -> String {
    Marketplace::by_id(&order.marketplace_id)
        .map(|marketplace| marketplace.country.to_owned())
        .unwrap_or_default()
}

fn all_orders_row(order: &Order, item: &Item, as_of: Timestamp) -> Vec<String> {
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

fn shipment_row(order: &Order, idx: usize, item: &Item, shipped_at: Timestamp) -> Vec<String> {
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
