//! The report types with data: tab-delimited text, and one of JSON.
//!
//! Columns that hold personal data at Amazon are filled with canaries: a reader that keeps them is
//! found out.

mod all_orders;
mod fba_returns;
mod fba_shipments;
mod feedback;
mod merchant_returns;
mod performance;
mod repeat_purchase;

use jiff::Timestamp;
pub(super) use repeat_purchase::refusal;

use crate::marketplace::Marketplace;
use crate::model::{Item, OneReport, Order};
use crate::state::State;

/// All orders by last update.
const ALL_ORDERS: &str = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";

/// Shipments from Amazon's warehouses.
const FBA_SHIPMENTS: &str = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL";

/// Feedback of one to three stars.
const FEEDBACK: &str = "GET_SELLER_FEEDBACK_DATA";

/// Returns to Amazon's warehouses.
const FBA_RETURNS: &str = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";

/// Returns to the seller.
const MERCHANT_RETURNS: &str = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";

/// The account's health.
const PERFORMANCE: &str = "GET_V2_SELLER_PERFORMANCE_REPORT";

/// Who bought again.
pub(super) const REPEAT_PURCHASE: &str = "GET_BRAND_ANALYTICS_REPEAT_PURCHASE_REPORT";

/// The longest range of a type, in days, where it has one. Source: Amazon's list of report types
/// ("one month", "60 days").
pub(super) fn longest_days(report_type: &str) -> Option<i64> {
    match report_type {
        FBA_SHIPMENTS => Some(31),
        MERCHANT_RETURNS => Some(60),
        _ => None,
    }
}

/// What a report is to be made of.
struct Asked<'state> {
    /// The seller's orders in the marketplaces asked for, as far as they are placed already.
    orders: Vec<&'state Order>,
    /// The moment that the report shows.
    as_of: Timestamp,
    from: Timestamp,
    until: Timestamp,
}

impl Asked<'_> {
    /// Whether a moment lies in the range asked for.
    fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at <= self.until
    }
}

/// The file, or nothing when there are no rows (or the type holds no data here).
pub(crate) fn render(state: &State, report: &OneReport) -> Option<String> {
    let as_of = report.ends_at;
    let is_asked = |order: &&Order| {
        order.seller_id == report.seller_id
            && report.marketplaces.contains(&order.marketplace_id)
            && order.is_visible(as_of)
    };
    let asked = Asked {
        orders: state.data.orders.values().filter(is_asked).collect(),
        as_of,
        from: report.data_start.unwrap_or(report.created_at),
        until: report.data_end.unwrap_or(report.created_at),
    };
    match report.report_type.as_str() {
        ALL_ORDERS => table(&all_orders::COLUMNS, &all_orders::rows(&asked)),
        FBA_SHIPMENTS => table(&fba_shipments::COLUMNS, &fba_shipments::rows(&asked)),
        FEEDBACK => table(&feedback::columns(report), &feedback::rows(&asked)),
        FBA_RETURNS => table(&fba_returns::COLUMNS, &fba_returns::rows(&asked)),
        MERCHANT_RETURNS => table(&merchant_returns::COLUMNS, &merchant_returns::rows(&asked)),
        PERFORMANCE => performance::render(state, report),
        REPEAT_PURCHASE => repeat_purchase::render(&asked, report),
        _ => None,
    }
}

fn table(columns: &[&str], rows: &[Vec<String>]) -> Option<String> {
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
