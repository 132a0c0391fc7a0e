//! Orders v0, the two operations older clients still need: one order and the list.
//!
//! Deprecated by Amazon and to be removed in 2027; offered so that a client which has not moved on
//! can be pointed here too. The delivery promise is shown for merchant-fulfilled orders only.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::orders::total;
use super::{own_order, units_unshipped};
use crate::http_reply::Reply;
use crate::marketplace::Marketplace;
use crate::model::{Channel, Order, Status};
use crate::pipeline::Ask;
use crate::state::State;

/// `getOrder`
pub(crate) fn get(state: &State, ask: &Ask<'_>) -> Reply {
    match own_order(state, ask) {
        Ok(order) => Reply::json(200, &json!({"payload": render(order, ask)})),
        Err(reply) => reply,
    }
}

/// `getOrders`
pub(crate) fn list(state: &State, ask: &Ask<'_>) -> Reply {
    match try_list(state, ask) {
        Ok(body) => Reply::json(200, &body),
        Err(reply) => reply,
    }
}

fn try_list(state: &State, ask: &Ask<'_>) -> Result<Value, Reply> {
    let incoming = ask.incoming;
    let marketplaces = incoming.list("MarketplaceIds");
    let ids = incoming.list("AmazonOrderIds");
    if marketplaces.is_empty() && ids.is_empty() {
        return Err(Reply::invalid("MarketplaceIds is required."));
    }
    if ids.len() > 50 {
        return Err(Reply::invalid("At most 50 AmazonOrderIds."));
    }
    let created = (incoming.moment("CreatedAfter")?, incoming.moment("CreatedBefore")?);
    let updated = (incoming.moment("LastUpdatedAfter")?, incoming.moment("LastUpdatedBefore")?);
    let continued = incoming.one("NextToken").map(str::parse::<usize>).transpose();
    let offset = continued.map_err(|_| Reply::invalid("Invalid NextToken."))?.unwrap_or(0);
    if offset == 0 && ids.is_empty() && created.0.is_none() == updated.0.is_none() {
        return Err(Reply::invalid("Exactly one of CreatedAfter and LastUpdatedAfter is required."));
    }
    let page_size = incoming.parsed::<usize>("MaxResultsPerPage")?.unwrap_or(100).clamp(1, 100);
    let statuses = incoming.list("OrderStatuses");
    let channels = incoming.list("FulfillmentChannels");
    let latest = ask.now.saturating_sub(SignedDuration::from_mins(2)).unwrap_or(Timestamp::MIN);
    let within = |at: Timestamp, (after, before): (Option<Timestamp>, Option<Timestamp>)| {
        after.is_none_or(|after| after <= at && at <= before.unwrap_or(latest))
    };
    let any = |list: &[&str], value: &str| list.is_empty() || list.contains(&value);
    let mut found: Vec<&Order> = state
        .data
        .orders
        .values()
        .filter(|order| order.seller_id == ask.seller && order.is_visible(ask.now))
        .filter(|order| any(&marketplaces, &order.marketplace_id) && any(&ids, &order.order_id))
        .filter(|order| any(&statuses, order.status(ask.now).pascal()) && any(&channels, channel(order)))
        .filter(|order| within(order.purchased_at, created) && within(order.last_updated(ask.now), updated))
        .collect();
    found.sort_by_key(|order| (order.purchased_at, &order.order_id));
    let shown: Vec<Value> =
        found.iter().skip(offset).take(page_size).map(|order| render(order, ask)).collect();
    let mut payload = json!({"Orders": shown});
    if offset + page_size < found.len() {
        payload["NextToken"] = json!((offset + page_size).to_string());
    }
    let name = if updated.0.is_some() { "LastUpdatedBefore" } else { "CreatedBefore" };
    payload[name] = json!(updated.1.or(created.1).unwrap_or(latest));
    Ok(json!({"payload": payload}))
}

fn channel(order: &Order) -> &'static str {
    match order.channel {
        Channel::Amazon => "AFN",
        Channel::Merchant => "MFN",
    }
}

fn render(order: &Order, ask: &Ask<'_>) -> Value {
    let status = order.status(ask.now);
    let marketplace = Marketplace::by_id(&order.marketplace_id);
    let has_program = |name: &str| order.programs.iter().any(|program| program == name);
    let mut shown = json!({
        "AmazonOrderId": order.order_id,
        "PurchaseDate": order.purchased_at,
        "LastUpdateDate": order.last_updated(ask.now),
        "OrderStatus": status.pascal(),
        "FulfillmentChannel": channel(order),
        "SalesChannel": if order.non_amazon { "Non-Amazon".to_owned() } else { marketplace.map(Marketplace::name).unwrap_or_default() },
        "ShipServiceLevel": "Standard",
        "NumberOfItemsShipped": order.units_shipped(ask.now),
        "NumberOfItemsUnshipped": units_unshipped(order, ask),
        "MarketplaceId": order.marketplace_id,
        "OrderType": "StandardOrder",
        "EarliestShipDate": order.purchased_at,
        "LatestShipDate": order.ship_by(),
        "IsBusinessOrder": has_program("AMAZON_BUSINESS"),
        // Amazon means seller-fulfilled Prime by this field.
        "IsPrime": has_program("PRIME") && order.channel == Channel::Merchant,
        "IsPremiumOrder": has_program("PREMIUM"),
        "IsReplacementOrder": order.replacement_of.is_some(),
    });
    if let Some(original) = &order.replacement_of {
        shown["ReplacedOrderId"] = json!(original);
    }
    if status != Status::Pending
        && let Some(marketplace) = marketplace
    {
        shown["OrderTotal"] =
            json!({"CurrencyCode": marketplace.currency, "Amount": marketplace.amount(total(order))});
    }
    if order.channel == Channel::Merchant {
        shown["EarliestDeliveryDate"] = json!(order.promise.earliest);
        if !matches!(status, Status::Pending | Status::Cancelled) {
            shown["LatestDeliveryDate"] = json!(order.promise.latest);
        }
    }
    if order.easy_ship && status == Status::Shipped {
        shown["EasyShipShipmentStatus"] =
            json!(if order.is_delivered(ask.now) { "Delivered" } else { "PickedUp" });
    }
    shown
}
