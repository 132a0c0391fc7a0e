//! Returns to the seller, one row per item of a merchant-fulfilled order.

use jiff::Timestamp;

use super::{Asked, one_line, price};
use crate::api::orders::title;
use crate::marketplace::Marketplace;
use crate::model::{Channel, Item, Order, Return};

/// Source: Amazon's page on returns reports attributes.
pub(super) const COLUMNS: [&str; 32] = [
    "Order ID",
    "Order date",
    "Return request date",
    "Return request status",
    "Amazon RMA ID",
    "Merchant RMA ID",
    "Label type",
    "Label cost",
    "Currency code",
    "Return carrier",
    "Tracking ID",
    "Label to be paid by",
    "A-to-Z Claim",
    "Is prime",
    "ASIN",
    "Merchant SKU",
    "Item Name",
    "Return quantity",
    "Return Reason",
    "In policy",
    "Return type",
    "Resolution",
    "Invoice number",
    "Return delivery date",
    "Order Amount",
    "Order quantity",
    "SafeT Action reason",
    "SafeT claim id",
    "SafeT claim state",
    "SafeT claim creation time",
    "SafeT claim reimbursement amount",
    "Refunded Amount",
];

/// What was asked for in the range.
pub(super) fn rows(asked: &Asked<'_>) -> Vec<Vec<String>> {
    let by_merchant = asked.orders.iter().filter(|order| order.channel == Channel::Merchant);
    by_merchant.flat_map(|order| order_rows(order, asked)).collect()
}

fn order_rows(order: &Order, asked: &Asked<'_>) -> Vec<Vec<String>> {
    let is_asked =
        |returned: &&Return| returned.requested_at <= asked.as_of && asked.holds(returned.requested_at);
    let Some(returned) = order.returned.as_ref().filter(is_asked) else { return Vec::new() };
    order.items.iter().enumerate().map(|(idx, item)| row(order, idx, item, returned, asked.as_of)).collect()
}

fn row(order: &Order, idx: usize, item: &Item, returned: &Return, as_of: Timestamp) -> Vec<String> {
    let (currency, price) = price(order, item);
    let delivered_at = returned.delivered_at.filter(|at| *at <= as_of);
    let yes_or_no = |is: bool| if is { "Y" } else { "N" }.to_owned();
    let none = String::new;
    vec![
        order.order_id.clone(),
        date(order.purchased_at),
        date(returned.requested_at),
        one_line(returned.status.as_deref().unwrap_or("Approved")),
        format!("D{}RRMA", order.item_id(idx)),
        none(),
        "AmazonPrePaidLabel".to_owned(),
        none(),
        currency,
        "CANARY-CARRIER".to_owned(),
        "CANARY-TRACKING".to_owned(),
        "Seller".to_owned(),
        yes_or_no(returned.a_to_z),
        yes_or_no(order.programs.iter().any(|program| program == "PRIME")),
        item.asin.clone(),
        one_line(&item.sku),
        one_line(title(item, Marketplace::by_id(&order.marketplace_id))),
        item.quantity.to_string(),
        one_line(&returned.reason),
        yes_or_no(true),
        "C-Returns".to_owned(),
        one_line(returned.resolution.as_deref().unwrap_or("StandardRefund")),
        "CANARY-INVOICE".to_owned(),
        delivered_at.map(date).unwrap_or_default(),
        price,
        item.quantity.to_string(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
    ]
}

/// `05-Oct-2026`
fn date(at: Timestamp) -> String {
    at.strftime("%d-%b-%Y").to_string()
}
