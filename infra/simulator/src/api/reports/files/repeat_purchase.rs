//! Who bought again, product by product, in a week.
//!
//! Orders here have no buyers: of ten of a product the tenth is by one who bought it before.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Asked;
use crate::marketplace::Marketplace;
use crate::model::OneReport;

/// One in so many bought before.
const ONE_IN: u64 = 10;

/// The document, or nothing when nothing was sold.
pub(super) fn render(asked: &Asked<'_>, report: &OneReport) -> Option<String> {
    let day = |at: jiff::Timestamp| -> Date { at.to_zoned(TimeZone::UTC).date() };
    // The time of day is ignored, and the last day counts whole. Source: the schema.
    let (first, last) = (day(asked.from), day(asked.until));
    let marketplace = Marketplace::by_id(report.marketplaces.first()?)?;
    let mut sold: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for order in asked.orders.iter().filter(|order| (first..=last).contains(&day(order.purchased_at))) {
        for item in &order.items {
            let (orders, minor) = sold.entry(&item.asin).or_default();
            *orders += 1;
            *minor += u64::from(item.price_minor) * u64::from(item.quantity);
        }
    }
    let products: Vec<Value> =
        sold.iter().map(|(asin, sold)| product(asin, *sold, (first, last), marketplace)).collect();
    let shown = json!({
        "reportSpecification": {
            "reportType": report.report_type,
            "reportOptions": {"reportPeriod": "WEEK"},
            "dataStartTime": first,
            "dataEndTime": last,
            "marketplaceIds": report.marketplaces,
        },
        "dataByAsin": products,
    });
    (!products.is_empty()).then(|| shown.to_string())
}

#[expect(clippy::cast_precision_loss, reason = "a simulator's week has far fewer than 2^52 orders")]
fn product(asin: &str, (orders, minor): (u64, u64), (first, last): (Date, Date), at: &Marketplace) -> Value {
    let again = orders / ONE_IN;
    let share = again as f64 / orders as f64;
    let amount: f64 = at.amount(minor).parse().unwrap_or_default();
    json!({
        "startDate": first,
        "endDate": last,
        "asin": asin,
        "orders": orders,
        "uniqueCustomers": orders,
        "repeatCustomersPctTotal": share,
        "repeatPurchaseRevenue": {"amount": (amount * share * 100.0).round() / 100.0, "currencyCode": at.currency},
        "repeatPurchaseRevenuePctTotal": share,
    })
}

/// Why Amazon would not make it of such a range; `None`: it would.
pub(in crate::api::reports) fn refusal(marketplaces: usize, first: Date, last: Date) -> Option<&'static str> {
    use jiff::civil::Weekday;
    if marketplaces != 1 {
        return Some("This report type supports one marketplaceId.");
    }
    let is_week = first.weekday() == Weekday::Sunday && last.weekday() == Weekday::Saturday && first < last;
    let is_short = first.checked_add(52.weeks()).is_ok_and(|end| last < end);
    (!is_week || !is_short).then_some("dataStartTime must be a Sunday and dataEndTime a Saturday.")
}
