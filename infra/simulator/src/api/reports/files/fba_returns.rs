//! Returns to Amazon's warehouses, one row per item of an Amazon-fulfilled order. Refunds without a
//! return are not in it.

use super::{Asked, moment, one_line};
use crate::api::orders::title;
use crate::marketplace::Marketplace;
use crate::model::{Channel, Order};

/// Source: Amazon's page on attributes of FBA customer concessions reports.
pub(super) const COLUMNS: [&str; 13] = [
    "return-date",
    "order-id",
    "sku",
    "asin",
    "fnsku",
    "product-name",
    "quantity",
    "fulfillment-center-id",
    "detailed-disposition",
    "reason",
    "status",
    "license-plate-number",
    "customer-comments",
];

/// What the warehouse took in within the range and the report lists already.
pub(super) fn rows(asked: &Asked<'_>) -> Vec<Vec<String>> {
    let by_amazon = asked.orders.iter().filter(|order| order.channel == Channel::Amazon);
    by_amazon.flat_map(|order| order_rows(order, asked)).collect()
}

fn order_rows(order: &Order, asked: &Asked<'_>) -> Vec<Vec<String>> {
    let Some(returned) = &order.returned else { return Vec::new() };
    let is_listed = returned.listed_by_amazon().is_some_and(|at| at <= asked.as_of);
    let Some(delivered_at) = returned.delivered_at.filter(|at| is_listed && asked.holds(*at)) else {
        return Vec::new();
    };
    let marketplace = Marketplace::by_id(&order.marketplace_id);
    let row = |item: &crate::model::Item| {
        vec![
            moment(delivered_at),
            order.order_id.clone(),
            one_line(&item.sku),
            item.asin.clone(),
            format!("X{}", item.asin.get(1..).unwrap_or_default()),
            one_line(title(item, marketplace)),
            item.quantity.to_string(),
            "SIM1".to_owned(),
            one_line(returned.disposition.as_deref().unwrap_or("SELLABLE")),
            one_line(&returned.reason),
            one_line(returned.status.as_deref().unwrap_or("Unit returned to inventory")),
            "CANARY-LICENSE-PLATE".to_owned(),
            one_line(&returned.comments),
        ]
    };
    order.items.iter().map(row).collect()
}
