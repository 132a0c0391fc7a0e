//! When an order was or will be delivered: an estimate with its source and confidence.
//!
//! Amazon sends no "delivered" for most orders (none at all for those it ships itself), so the
//! best evidence at hand is taken and named. Amazon's own answer settles the edges.

use jiff::fmt::serde::timestamp::second::required as secs;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::marketplace::MarketplaceId;
use crate::order::{DeliveredBy, Facts, FulfillmentChannel, Shipped};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What an estimate rests on, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Easy Ship said Delivered.
    EasyShip,
    /// Every package was scanned as delivered.
    Scan,
    /// `estimated-arrival-date` of the FBA shipments report.
    EstimatedArrival,
    /// The end of the delivery window promised to the buyer.
    Promise,
    /// First sighting of Shipped and the usual days in transit.
    Transit,
}

/// How far to trust it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A guess by averages.
    Low,
    /// A date that Amazon or the carrier expects.
    Medium,
    /// Delivery was seen.
    High,
}

/// When the order was or will be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// The moment.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// What it rests on.
    pub source: Source,
    /// How far to trust it.
    pub confidence: Confidence,
}

/// The best estimate that the facts allow; `None` while nothing tells.
///
/// Nothing arrives before it was shipped: a promise that was over by then, or an arrival that was
/// estimated before, moves to the moment of shipping.
pub fn estimate(facts: &Facts) -> Option<Estimate> {
    let estimate = by_best_evidence(facts)?;
    let shipped = facts.shipped.map_or(Timestamp::MIN, Shipped::at);
    let at = match &facts.delivered {
        Some(delivered) => estimate.at.max(shipped.min(delivered.at)),
        None => estimate.at.max(shipped),
    };
    Some(Estimate { at, ..estimate })
}

fn by_best_evidence(facts: &Facts) -> Option<Estimate> {
    let promise = facts.promise.as_ref().map(|p| p.value);
    if let Some(delivered) = &facts.delivered {
        let (at, source) = match delivered.value {
            DeliveredBy::EasyShip => (delivered.at, Source::EasyShip),
            // A scan has no time of its own. It was delivered between our last look that found
            // it on its way and the first that found it delivered; in all likelihood within its
            // promise, if that lies between the two.
            DeliveredBy::Scan => {
                let expected = promise.map(|p| p.latest).or(facts.estimated_arrival).unwrap_or(delivered.at);
                let not_before = facts.underway.unwrap_or(Timestamp::MIN);
                (expected.max(not_before).min(delivered.at), Source::Scan)
            }
        };
        return Some(Estimate { at, source, confidence: Confidence::High });
    }
    if let Some(at) = facts.estimated_arrival {
        return Some(Estimate { at, source: Source::EstimatedArrival, confidence: Confidence::Medium });
    }
    if let Some(promise) = promise {
        return Some(Estimate {
            at: promise.latest,
            source: Source::Promise,
            confidence: Confidence::Medium,
        });
    }
    let shipped = facts.shipped?;
    let days = transit_days(facts.marketplace, facts.channel);
    let at = shipped.at().saturating_add(DAY * days).ok()?;
    Some(Estimate { at, source: Source::Transit, confidence: Confidence::Low })
}

/// Usual days from shipment to delivery, rounded up. Our figures, from carriers' published
/// service levels; only used when Amazon names no date at all.
fn transit_days(marketplace: Option<MarketplaceId>, channel: Option<FulfillmentChannel>) -> i32 {
    let country = marketplace.map_or("", |m| m.info().country);
    match channel {
        Some(FulfillmentChannel::Amazon) => match country {
            "JP" | "NL" | "SG" => 2,
            "DE" | "GB" | "FR" | "IT" | "ES" | "BE" | "IE" | "PL" | "SE" | "AE" => 3,
            "CA" | "MX" | "IN" | "AU" | "SA" | "EG" | "TR" | "ZA" => 5,
            "BR" => 7,
            // The US, and wherever nothing is known.
            _ => 4,
        },
        // Merchants ship from anywhere, often from China.
        Some(FulfillmentChannel::Merchant) | None => match country {
            "JP" | "DE" | "GB" | "FR" | "IT" | "ES" | "NL" | "BE" => 8,
            "BR" | "ZA" | "EG" => 18,
            _ => 12,
        },
    }
}

/// The window in which Amazon takes a request, with our margins inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First moment at which it may be asked.
    pub opens: Timestamp,
    /// Last moment at which it may be asked.
    pub closes: Timestamp,
}

/// Amazon: from 5 days after `EarliestDeliveryDate` ("Set up the Solicitations API").
const OPENS_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);
/// Amazon: until 30 days after `LatestDeliveryDate` (same page).
const CLOSES_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Ours, at the opening: Amazon's clock and date rounding are not ours.
const OPEN_MARGIN: SignedDuration = SignedDuration::from_hours(1);
/// Ours, at the close: enough to ask Amazon once more after a call of unknown outcome.
const CLOSE_MARGIN: SignedDuration = SignedDuration::from_hours(6);

/// The window of an order: from the promise where it is known, else from the estimate.
pub fn window(facts: &Facts, estimate: &Estimate) -> Window {
    let (earliest, latest) =
        facts.promise.as_ref().map_or((estimate.at, estimate.at), |p| (p.value.earliest, p.value.latest));
    Window {
        opens: earliest.saturating_add(OPENS_AFTER + OPEN_MARGIN).unwrap_or(Timestamp::MAX),
        closes: latest.saturating_add(CLOSES_AFTER - CLOSE_MARGIN).unwrap_or(Timestamp::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{Dated, Promise};

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn promise(earliest: &str, latest: &str) -> Dated<Promise> {
        Dated { at: t("2026-10-01T00:00:00Z"), value: Promise { earliest: t(earliest), latest: t(latest) } }
    }

    #[test]
    fn the_best_evidence_wins() {
        let mut facts = Facts {
            marketplace: "A1PA6795UKMFR9".parse().ok(),
            channel: Some(FulfillmentChannel::Amazon),
            ..Facts::default()
        };
        let source = |facts: &Facts| estimate(facts).map(|e| (e.source, e.confidence));
        assert_eq!(source(&facts), None);
        facts.shipped = Some(Shipped::Seen(t("2026-10-02T08:00:00Z")));
        assert_eq!(source(&facts), Some((Source::Transit, Confidence::Low)));
        assert_eq!(estimate(&facts).expect("some").at, t("2026-10-05T08:00:00Z"));
        facts.promise = Some(promise("2026-10-04T00:00:00Z", "2026-10-06T00:00:00Z"));
        assert_eq!(source(&facts), Some((Source::Promise, Confidence::Medium)));
        facts.estimated_arrival = Some(t("2026-10-05T20:00:00Z"));
        assert_eq!(source(&facts), Some((Source::EstimatedArrival, Confidence::Medium)));
        facts.delivered = Some(Dated { at: t("2026-10-09T10:00:00Z"), value: DeliveredBy::Scan });
        assert_eq!(source(&facts), Some((Source::Scan, Confidence::High)));
        facts.delivered = Some(Dated { at: t("2026-10-07T10:00:00Z"), value: DeliveredBy::EasyShip });
        assert_eq!(estimate(&facts).expect("some").at, t("2026-10-07T10:00:00Z"));
    }

    #[test]
    fn a_scan_first_seen_late_does_not_move_the_date_past_the_promise() {
        let facts = Facts {
            promise: Some(promise("2026-10-04T00:00:00Z", "2026-10-06T00:00:00Z")),
            delivered: Some(Dated { at: t("2026-10-12T10:00:00Z"), value: DeliveredBy::Scan }),
            ..Facts::default()
        };
        assert_eq!(estimate(&facts).expect("some").at, t("2026-10-06T00:00:00Z"));
    }

    #[test]
    fn nothing_is_delivered_before_it_was_shipped() {
        let late = Facts {
            promise: Some(promise("2026-10-04T00:00:00Z", "2026-10-06T00:00:00Z")),
            shipped: Some(Shipped::Seen(t("2026-10-12T09:30:00Z"))),
            ..Facts::default()
        };
        assert_eq!(estimate(&late).expect("some").at, t("2026-10-12T09:30:00Z"));
        let scanned = Facts {
            delivered: Some(Dated { at: t("2026-10-12T09:50:00Z"), value: DeliveredBy::Scan }),
            ..late.clone()
        };
        assert_eq!(estimate(&scanned).expect("some").at, t("2026-10-12T09:30:00Z"));
        // Shipped is often seen only later than it was: delivery that was seen says more.
        let seen_late = Facts { shipped: Some(Shipped::Seen(t("2026-10-20T00:00:00Z"))), ..scanned };
        assert_eq!(estimate(&seen_late).expect("some").at, t("2026-10-12T09:50:00Z"));
        let window = window(&late, &estimate(&late).expect("some"));
        assert_eq!(window.opens, t("2026-10-09T01:00:00Z"), "Amazon's window is by its promise");
    }

    #[test]
    fn a_parcel_that_was_late_counts_from_when_it_was_last_seen_on_its_way() {
        let facts = Facts {
            promise: Some(promise("2026-10-04T00:00:00Z", "2026-10-06T00:00:00Z")),
            underway: Some(t("2026-10-19T10:00:00Z")),
            delivered: Some(Dated { at: t("2026-10-21T10:00:00Z"), value: DeliveredBy::Scan }),
            ..Facts::default()
        };
        assert_eq!(estimate(&facts).expect("some").at, t("2026-10-19T10:00:00Z"));
    }

    #[test]
    fn the_window_has_our_margins_inside_amazons() {
        let facts = Facts {
            promise: Some(promise("2026-10-04T00:00:00Z", "2026-10-06T00:00:00Z")),
            ..Facts::default()
        };
        let window = window(&facts, &estimate(&facts).expect("some"));
        assert_eq!(window.opens, t("2026-10-09T01:00:00Z"));
        assert_eq!(window.closes, t("2026-11-04T18:00:00Z"));
    }
}
