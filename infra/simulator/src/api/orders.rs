//! Orders 2026-01-01: one order, and the search.
//!
//! What is shown follows `includedData`. Personal data is answered with canaries (`CANARY-…`), so
//! that a test can look for them in whatever a client stores or logs.

mod search;

use serde_json::{Map, Value, json};

pub(crate) use search::search;

use super::own_order;
use crate::http_reply::Reply;
use crate::marketplace::Marketplace;
use crate::model::{Channel, Item, Order, Status};
use crate::pipeline::Ask;
use crate::state::State;

/// The datasets a caller may ask for. Source: the model's enumeration of `includedData`.
const DATASETS: [&str; 11] = [
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
];

/// `getOrder`
pub(crate) fn get(state: &State, ask: &Ask<'_>) -> Reply {
    let included = match included_data(ask) {
        Ok(included) => included,
        Err(reply) => return reply,
    };
    match own_order(state, ask) {
        Ok(order) => Reply::json(200, &json!({"order": render(state, order, ask, &included)})),
        Err(reply) => reply,
    }
}

fn included_data<'ask>(ask: &'ask Ask<'_>) -> Result<Vec<&'ask str>, Reply> {
    let included = ask.incoming.list("includedData");
    match included.iter().find(|part| !DATASETS.contains(part)) {
        Some(unknown) => {
            Err(Reply::invalid(&format!("Invalid value for parameter: includedData: {unknown}")))
        }
        None => Ok(included),
    }
}

fn render(state: &State, order: &Order, ask: &Ask<'_>, included: &[&str]) -> Value {
    let now = ask.now;
    let asked_for = |dataset: &str| included.contains(&dataset);
    let marketplace = Marketplace::by_id(&order.marketplace_id);
    let mut shown = Map::new();
    let mut show = |name: &str, value: Value| shown.insert(name.to_owned(), value);

    show("orderId", json!(order.order_id));
    show("createdTime", json!(order.purchased_at));
    show("lastUpdatedTime", json!(order.last_updated(now)));
    let programs = programs(order);
    if !programs.is_empty() {
        show("programs", json!(programs));
    }
    if let Some(original) = &order.replacement_of {
        show(
            "associatedOrders",
            json!([{"orderId": original, "associationType": "REPLACEMENT_ORIGINAL_ID"}]),
        );
    }
    show(
        "salesChannel",
        if order.non_amazon {
            json!({"channelName": "NON_AMAZON"})
        } else {
            json!({
                "channelName": "AMAZON",
                "marketplaceId": order.marketplace_id,
                "marketplaceName": marketplace.map(Marketplace::name),
            })
        },
    );
    if asked_for("BUYER") {
        show(
            "buyer",
            json!({"buyerName": "CANARY-BUYER-NAME", "buyerEmail": "canary-buyer@marketplace.invalid"}),
        );
    }
    if asked_for("RECIPIENT") {
        show(
            "recipient",
            json!({"deliveryAddress": {
                "name": "CANARY-RECIPIENT-NAME",
                "addressLine1": "CANARY-ADDRESS-LINE",
                "city": "CANARY-CITY",
                "postalCode": "CANARY-POSTCODE",
                "countryCode": marketplace.map_or("US", |marketplace| marketplace.country),
                "phone": "CANARY-PHONE",
            }}),
        );
    }
    if asked_for("PROCEEDS") {
        show("proceeds", json!({"grandTotal": money(marketplace, total(order))}));
    }
    if asked_for("FULFILLMENT") {
        let shows_fba_promise =
            state.data.sellers.get(&order.seller_id).is_some_and(|seller| seller.shows_fba_promise);
        show("fulfillment", fulfillment(order, ask, shows_fba_promise));
    }
    let items: Vec<Value> = order
        .items
        .iter()
        .enumerate()
        .map(|(idx, item)| render_item(order, ask, idx, item, included))
        .collect();
    show("orderItems", json!(items));
    if asked_for("PACKAGES") && order.channel == Channel::Merchant {
        let packages = packages(order, ask);
        if !packages.is_empty() {
            show("packages", json!(packages));
        }
    }
    Value::Object(shown)
}

fn programs(order: &Order) -> Vec<&str> {
    let mut programs: Vec<&str> = order.programs.iter().map(String::as_str).collect();
    if order.easy_ship && !programs.contains(&"AMAZON_EASY_SHIP") {
        programs.push("AMAZON_EASY_SHIP");
    }
    programs
}

fn fulfillment(order: &Order, ask: &Ask<'_>, shows_fba_promise: bool) -> Value {
    let status = order.status(ask.now);
    let mut shown = json!({
        "fulfillmentStatus": status.screaming(),
        "fulfilledBy": match order.channel { Channel::Amazon => "AMAZON", Channel::Merchant => "MERCHANT" },
        "fulfillmentServiceLevel": "STANDARD",
        "shipByWindow": {"earliestDateTime": order.purchased_at, "latestDateTime": order.ship_by()},
    });
    let promised = !matches!(status, Status::Pending | Status::Cancelled);
    if promised && (order.channel == Channel::Merchant || shows_fba_promise) {
        shown["deliverByWindow"] =
            json!({"earliestDateTime": order.promise.earliest, "latestDateTime": order.promise.latest});
    }
    shown
}

fn render_item(order: &Order, ask: &Ask<'_>, idx: usize, item: &Item, included: &[&str]) -> Value {
    let marketplace = Marketplace::by_id(&order.marketplace_id);
    let mut shown = json!({
        "orderItemId": order.item_id(idx),
        "quantityOrdered": item.quantity,
        "product": {
            "asin": item.asin,
            "title": title(item, marketplace),
            "sellerSku": item.sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": {"unitPrice": money(marketplace, u64::from(item.price_minor))},
        },
    });
    let status = order.status(ask.now);
    if included.contains(&"FULFILLMENT") {
        let left = order.item_shipped_at(item).is_some_and(|at| at <= ask.now);
        let open = if left || status == Status::Cancelled { 0 } else { item.quantity };
        shown["fulfillment"] =
            json!({"quantityFulfilled": if left { item.quantity } else { 0 }, "quantityUnfulfilled": open});
    }
    if included.contains(&"CANCELLATION") && status == Status::Cancelled {
        shown["cancellation"] =
            json!({"cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "NO_LONGER_NEEDED"}});
    }
    shown
}

/// The packages that have left, one for each moment of leaving.
fn packages(order: &Order, ask: &Ask<'_>) -> Vec<Value> {
    let mut departures: Vec<_> = order
        .items
        .iter()
        .filter_map(|item| order.item_shipped_at(item))
        .filter(|at| *at <= ask.now)
        .collect();
    departures.sort_unstable();
    departures.dedup();
    let package = |(n, departure): (usize, &jiff::Timestamp)| {
        let inside = || {
            order.items.iter().enumerate().filter(|(_, item)| order.item_shipped_at(item) == Some(*departure))
        };
        let arrived = inside().all(|(_, item)| order.item_delivered_at(item).is_some_and(|at| at <= ask.now));
        let (status, detailed) =
            if arrived { ("DELIVERED", "DELIVERED") } else { ("IN_TRANSIT", "IN_TRANSIT") };
        let items: Vec<Value> = inside()
            .map(|(idx, item)| json!({"orderItemId": order.item_id(idx), "quantity": item.quantity}))
            .collect();
        json!({
            "packageReferenceId": format!("{}", n + 1),
            "createdTime": departure,
            "packageStatus": {"status": status, "detailedStatus": detailed},
            "carrier": "DHL",
            "shipTime": departure,
            "shippingService": "Standard",
            "trackingNumber": format!("SIM{}{}", order.item_id(n), n),
            "packageItems": items,
        })
    };
    departures.iter().enumerate().map(package).collect()
}

pub(crate) fn title<'a>(item: &'a Item, marketplace: Option<&Marketplace>) -> &'a str {
    match (&item.title, marketplace) {
        (Some(title), _) => title,
        (None, Some(marketplace)) => marketplace.title,
        (None, None) => "Product",
    }
}

pub(crate) fn total(order: &Order) -> u64 {
    order.items.iter().map(|item| u64::from(item.price_minor) * u64::from(item.quantity)).sum()
}

fn money(marketplace: Option<&Marketplace>, minor: u64) -> Value {
    let (amount, currency) = marketplace.map_or_else(
        || (minor.to_string(), "USD"),
        |marketplace| (marketplace.amount(minor), marketplace.currency),
    );
    json!({"amount": amount, "currencyCode": currency})
}
