//! Finances v0: the entries of an order's money. Claims and chargebacks alone are made up of what an
//! order holds; the sale is one entry, so that a client has something to leave out.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::orders::total;
use super::own_order;
use crate::http_reply::Reply;
use crate::marketplace::Marketplace;
use crate::model::Order;
use crate::pipeline::Ask;
use crate::state::State;

/// An entry appears this long after the fact. Source: Amazon's page on the API says up to 48 hours.
const APPEARS_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// `listFinancialEventsByOrderId`
pub(crate) fn of_order(state: &State, ask: &Ask<'_>) -> Reply {
    if state.data.sellers.get(ask.seller).is_none_or(|seller| seller.lacks_finances) {
        return Reply::denied();
    }
    let order = match own_order(state, ask) {
        Ok(order) => order,
        Err(reply) => return reply,
    };
    let entries = |at: Option<Timestamp>| -> Vec<Value> {
        let is_there = |at: &Timestamp| at.saturating_add(APPEARS_AFTER).is_ok_and(|shown| shown <= ask.now);
        at.filter(is_there).map(|at| entry(order, at)).into_iter().collect()
    };
    Reply::json(
        200,
        &json!({"payload": {"FinancialEvents": {
            "ShipmentEventList": entries(order.shipped_at),
            "RefundEventList": [],
            "GuaranteeClaimEventList": entries(order.claimed_at),
            "ChargebackEventList": entries(order.charged_back_at),
        }}}),
    )
}

fn entry(order: &Order, posted_at: Timestamp) -> Value {
    let marketplace = Marketplace::by_id(&order.marketplace_id);
    let amount = marketplace.map_or_else(|| total(order).to_string(), |it| it.amount(total(order)));
    json!({
        "AmazonOrderId": order.order_id,
        "SellerOrderId": order.order_id,
        "MarketplaceName": marketplace.map(Marketplace::name),
        "PostedDate": posted_at,
        "ShipmentItemList": order.items.iter().enumerate().map(|(idx, item)| json!({
            "SellerSKU": item.sku,
            "OrderItemId": order.item_id(idx),
            "QuantityShipped": item.quantity,
            "ItemChargeList": [{
                "ChargeType": "Principal",
                "ChargeAmount": {
                    "CurrencyCode": marketplace.map_or("USD", |it| it.currency),
                    "CurrencyAmount": amount.parse::<f64>().unwrap_or_default(),
                },
            }],
        })).collect::<Vec<_>>(),
    })
}
