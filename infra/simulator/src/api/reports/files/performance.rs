//! The account's health, as JSON: a status and a block of rates for each marketplace asked for.
//!
//! Names and shapes: Amazon's schema `accountHealthReport-2020-11-18.json`. Targets: its examples.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::marketplace::Marketplace;
use crate::model::{Health, HealthRate, OneReport, PolicyIssue};
use crate::state::State;

/// Orders, shipments or units behind every rate.
const N_TOTAL: u32 = 1000;

/// The report of a seller as of its end; always one.
pub(super) fn render(state: &State, report: &OneReport) -> Option<String> {
    let seller = state.data.sellers.get(&report.seller_id)?;
    let as_of = report.ends_at;
    let (mut statuses, mut blocks) = (Vec::new(), Vec::new());
    for marketplace in &report.marketplaces {
        let health = seller.health_in(marketplace, as_of);
        statuses.push(json!({"marketplaceId": marketplace, "status": health.status}));
        blocks.push(block(marketplace, &health, as_of));
    }
    Some(json!({"accountStatuses": statuses, "performanceMetrics": blocks}).to_string())
}

fn block(marketplace: &str, health: &Health, as_of: Timestamp) -> Value {
    let warning = |kind: &String| json!({"warningType": kind, "status": "BAD"});
    let mut block = json!({
        "marketplaceId": marketplace,
        "orderDefectRate": {
            "afn": rate(health, HealthRate::OrderDefectAfn, as_of),
            "mfn": rate(health, HealthRate::OrderDefectMfn, as_of),
        },
        "lateShipmentRate": rate(health, HealthRate::LateShipment, as_of),
        "preFulfillmentCancellationRate": rate(health, HealthRate::Cancellation, as_of),
        "validTrackingRate": rate(health, HealthRate::ValidTracking, as_of),
        "onTimeDeliveryRate": rate(health, HealthRate::OnTimeDelivery, as_of),
        "invoiceDefectRate": rate(health, HealthRate::InvoiceDefect, as_of),
        "warningStates": health.warnings.iter().map(warning).collect::<Vec<_>>(),
        "accountHealthRating": {"ahrStatus": health.rating, "reportingDateRange": days(as_of, 180)},
    });
    if Marketplace::by_id(marketplace).is_some_and(|marketplace| marketplace.country == "US") {
        block["unitOnTimeDeliveryRate"] = rate(health, HealthRate::UnitOnTimeDelivery, as_of);
    }
    for issue in PolicyIssue::ALL {
        let count = health.violations.get(&issue).copied().unwrap_or_default();
        // Amazon's pages name it, the schema does not: it is there where it matters.
        if issue == PolicyIssue::CustomerProductReviews && count == 0 {
            continue;
        }
        block[issue.name()] = json!({
            "reportingDateRange": days(as_of, 180),
            "defectsCount": count,
            "status": if count == 0 { "GOOD" } else { "BAD" },
            "targetValue": 0,
            "targetCondition": "EQUALS",
        });
    }
    block
}

fn rate(health: &Health, of: HealthRate, as_of: Timestamp) -> Value {
    let (target, usual) = of.target_and_usual();
    let rate = health.rates.get(&of).copied().unwrap_or(usual);
    let (is_met, condition) =
        if of.is_wanted_low() { (rate < target, "LESS_THAN") } else { (rate > target, "GREATER_THAN") };
    let status = if is_met { "GOOD" } else { "BAD" };
    let mut shown = json!({
        "reportingDateRange": days(as_of, 30),
        "rate": rate,
        "targetValue": target,
        "targetCondition": condition,
        "status": status,
    });
    let count = counted(rate);
    let mut set = |name: &str, value: Value| shown[name] = value;
    let part = |count: u32| json!({"count": count, "status": "NONE"});
    match of {
        HealthRate::OrderDefectAfn | HealthRate::OrderDefectMfn => {
            set("orderCount", json!(N_TOTAL));
            set("fulfillmentType", json!(if of == HealthRate::OrderDefectAfn { "afn" } else { "mfn" }));
            set("orderWithDefects", json!({"count": count, "status": status}));
            set("claims", part(0));
            set("chargebacks", part(0));
            set("negativeFeedback", part(count));
        }
        HealthRate::LateShipment => {
            set("orderCount", json!(N_TOTAL));
            set("lateShipmentCount", json!(count));
        }
        HealthRate::Cancellation => {
            set("orderCount", json!(N_TOTAL));
            set("cancellationCount", json!(count));
        }
        HealthRate::ValidTracking => {
            set("shipmentCount", json!(N_TOTAL));
            set("validTrackingCount", json!(count));
        }
        HealthRate::OnTimeDelivery => {
            set("shipmentCountWithValidTracking", json!(N_TOTAL));
            set("onTimeDeliveryCount", json!(count));
        }
        HealthRate::UnitOnTimeDelivery => {
            set("totalUnitCount", json!(N_TOTAL));
            set("unitOnTimeDeliveryCount", json!(count));
        }
        HealthRate::InvoiceDefect => {
            set("orderCount", json!(N_TOTAL));
            set("invoiceDefect", json!({"count": count, "status": status}));
            set("missingInvoice", part(count));
            set("lateInvoice", part(0));
        }
    }
    shown
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of a thousand")]
fn counted(rate: f64) -> u32 {
    (rate * f64::from(N_TOTAL)).round() as u32
}

/// So many days up to yesterday, without seconds, as Amazon writes them.
fn days(as_of: Timestamp, n: i64) -> Value {
    let day =
        |back: i64| as_of.saturating_sub(SignedDuration::from_hours(24 * back)).unwrap_or(Timestamp::MIN);
    json!({
        "reportingDateFrom": day(n).strftime("%Y-%m-%dT00:00Z").to_string(),
        "reportingDateTo": day(1).strftime("%Y-%m-%dT23:59Z").to_string(),
    })
}
