//! What is known of an order, and how sightings of it are merged.
//!
//! Notifications, reports and look-ups arrive repeated, late and in any order. Merging is
//! therefore a join: the same set of sightings gives the same facts in whatever order they
//! come and however often (a property test holds it). Each group of facts carries the time of
//! its own evidence, so that a later message without dates erases none.
//!
//! There is no field here for how a buyer feels: no feedback, return, refund or message. What
//! is not in the facts cannot change a decision.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use serde::{Deserialize, Serialize};

use super::{FulfillmentChannel, OrderStatus};
use crate::ids::{Asin, Sku};
use crate::marketplace::MarketplaceId;

/// The delivery window Amazon promised the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Promise {
    /// `EarliestDeliveryDate`, `deliverByWindow.earliestDateTime`.
    #[serde(with = "secs")]
    pub earliest: Timestamp,
    /// `LatestDeliveryDate`, `deliverByWindow.latestDateTime`.
    #[serde(with = "secs")]
    pub latest: Timestamp,
}

/// When everything was shipped, and how well that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "by", content = "at", rename_all = "snake_case")]
pub enum Shipped {
    /// The shipments report names the time of shipment. Stands before a sighting.
    Reported(#[serde(with = "secs")] Timestamp),
    /// The earliest moment at which the order was seen to be Shipped; it may have been
    /// shipped any time before.
    Seen(#[serde(with = "secs")] Timestamp),
}

impl Shipped {
    /// The moment itself.
    pub fn at(self) -> Timestamp {
        match self {
            Self::Reported(at) | Self::Seen(at) => at,
        }
    }
}

/// What the parcels' scans say (merchant-fulfilled orders, from `getOrder`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parcels {
    /// The order names no parcels, or none with a scan: nothing can be learnt by looking.
    NoScans,
    /// At least one parcel is on its way.
    Underway,
    /// The carrier gave up on at least one parcel, and none is on its way.
    Undeliverable,
    /// Every parcel is delivered.
    Delivered,
}

/// Who delivered evidence of delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveredBy {
    /// `EasyShipShipmentStatus` = Delivered; its event has a time.
    EasyShip,
    /// All packages DELIVERED; Amazon gives no time, so it is that of our first look.
    Scan,
}

/// A fact with the time of the evidence for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dated<T> {
    /// Time of the evidence.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// What it says.
    pub value: T,
}

/// What the carrier calls a parcel: whoever answers a buyer can look it up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tracking {
    /// Who carries it, as Amazon writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<String>,
    /// Its number there.
    pub number: String,
}

/// Longest number or carrier that is kept, in characters. The longest number in use has 35 (a
/// GS1 identification with its address); ours is a bound on what an item of the table may grow by.
const MAX_TRACKING: usize = 40;

impl Tracking {
    /// What a file or an answer says of a parcel; `None` where it names no number.
    pub fn read(carrier: Option<&str>, number: Option<&str>) -> Option<Self> {
        let name = |text: &str| {
            let text = text.trim();
            let fits = !text.is_empty() && text.chars().count() <= MAX_TRACKING;
            (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
        };
        Some(Self { number: number.and_then(name)?, carrier: carrier.and_then(name) })
    }
}

/// A program Amazon counts the order to, as Amazon writes it, upper case (`PRIME`).
pub type Program = String;

/// What is known of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Where it was placed.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "mkt")]
    pub marketplace: Option<MarketplaceId>,
    /// When it was placed.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs", rename = "bought")]
    pub purchased_at: Option<Timestamp>,
    /// Who ships it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<FulfillmentChannel>,
    /// Where it stands. Only moves forward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// The delivery promise: the latest one told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Dated<Promise>>,
    /// When it was shipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipped: Option<Shipped>,
    /// Estimated arrival of the last shipment (FBA shipments report).
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs", rename = "eta")]
    pub estimated_arrival: Option<Timestamp>,
    /// First evidence that everything is delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Dated<DeliveredBy>>,
    /// What the last look at the parcels said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parcels: Option<Dated<Parcels>>,
    /// The last look that found a parcel on its way: it was delivered later than this.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub underway: Option<Timestamp>,
    /// The last parcel that is known of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<Dated<Tracking>>,
    /// The seller's names of the items.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skus: BTreeSet<Sku>,
    /// Amazon's names of the items; notifications carry none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub asins: BTreeSet<Asin>,
    /// Programs of the order.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub programs: BTreeSet<Program>,
    /// It replaces or exchanges an earlier order.
    #[serde(default, skip_serializing_if = "is_false", rename = "repl")]
    pub replacement: bool,
    /// It was not placed on Amazon (multi-channel fulfilment).
    #[serde(default, skip_serializing_if = "is_false", rename = "mcf")]
    pub non_amazon: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Facts {
    /// The last parcel that is known of.
    pub fn parcel(&self) -> Option<&Tracking> {
        self.tracking.as_ref().map(|dated| &dated.value)
    }

    /// Merges another set of facts into this one. Commutative, associative, idempotent.
    pub fn merge(&mut self, other: &Self) {
        // Two marketplaces or channels for one order are not seen in practice; the larger
        // wins so that the result does not depend on which message came first.
        self.marketplace = self.marketplace.max(other.marketplace);
        self.channel = self.channel.max(other.channel);
        self.purchased_at = earlier(self.purchased_at, other.purchased_at);
        self.status = self.status.max(other.status);
        self.promise = self.promise.take().max(other.promise.clone());
        self.shipped = match (self.shipped, other.shipped) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.estimated_arrival = self.estimated_arrival.max(other.estimated_arrival);
        self.delivered = match (self.delivered.take(), other.delivered.clone()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.parcels = self.parcels.take().max(other.parcels.clone());
        self.underway = self.underway.max(other.underway);
        self.tracking = self.tracking.take().max(other.tracking.clone());
        self.skus.extend(other.skus.iter().cloned());
        self.asins.extend(other.asins.iter().cloned());
        self.programs.extend(other.programs.iter().cloned());
        self.replacement |= other.replacement;
        self.non_amazon |= other.non_amazon;
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
pub(crate) mod strategies {
    //! Arbitrary facts for laws.

    use proptest::prelude::*;

    use super::*;

    pub(crate) fn time() -> impl Strategy<Value = Timestamp> {
        (1_790_000_000_i64..1_800_000_000).prop_map(|s| Timestamp::from_second(s).expect("in range"))
    }

    fn status() -> impl Strategy<Value = OrderStatus> {
        prop_oneof![
            Just(OrderStatus::Pending),
            Just(OrderStatus::Unshipped),
            Just(OrderStatus::PartiallyShipped),
            Just(OrderStatus::Shipped),
            Just(OrderStatus::Cancelled),
        ]
    }

    fn channel() -> impl Strategy<Value = FulfillmentChannel> {
        prop_oneof![Just(FulfillmentChannel::Amazon), Just(FulfillmentChannel::Merchant)]
    }

    pub(crate) fn marketplace() -> impl Strategy<Value = MarketplaceId> {
        prop::sample::select(vec!["ATVPDKIKX0DER", "A1PA6795UKMFR9", "A1VC38T7YXB528"])
            .prop_map(|id| id.parse().expect("known"))
    }

    pub(crate) fn facts() -> impl Strategy<Value = Facts> {
        use prop::option::of;
        let dates = (
            of(time()),
            of((time(), time(), time())),
            of((any::<bool>(), time())),
            of(time()),
            of((any::<bool>(), time())),
            of((0_u8..4, time())),
            of(("[0-9]{4}", of("[A-Z]{3}"), time())),
        );
        let flags = (any::<bool>(), any::<bool>(), prop::collection::btree_set("[A-C]", 0..3));
        (of(marketplace()), of(channel()), of(status()), dates, flags).prop_map(
            |(marketplace, channel, status, dates, (replacement, non_amazon, skus))| {
                let (bought, promise, shipped, eta, delivered, parcels, tracking) = dates;
                Facts {
                    marketplace,
                    purchased_at: bought,
                    channel,
                    status,
                    promise: promise.map(|(at, a, b)| Dated {
                        at,
                        value: Promise { earliest: a.min(b), latest: a.max(b) },
                    }),
                    shipped: shipped.map(|(r, t)| if r { Shipped::Reported(t) } else { Shipped::Seen(t) }),
                    estimated_arrival: eta,
                    delivered: delivered.map(|(e, at)| Dated {
                        at,
                        value: if e { DeliveredBy::EasyShip } else { DeliveredBy::Scan },
                    }),
                    parcels: parcels.map(|(p, at)| Dated {
                        at,
                        value: [
                            Parcels::NoScans,
                            Parcels::Underway,
                            Parcels::Undeliverable,
                            Parcels::Delivered,
                        ][usize::from(p)],
                    }),
                    underway: eta,
                    tracking: tracking
                        .map(|(number, carrier, at)| Dated { at, value: Tracking { carrier, number } }),
                    skus: skus.into_iter().map(|s| s.parse().expect("plain")).collect(),
                    asins: BTreeSet::new(),
                    programs: BTreeSet::new(),
                    replacement,
                    non_amazon,
                }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::strategies::{facts, time};
    use super::*;

    fn joined(parts: &[&Facts]) -> Facts {
        let mut all = Facts::default();
        for part in parts {
            all.merge(part);
        }
        all
    }

    proptest! {
        #[test]
        fn merging_does_not_depend_on_order_or_repetition(a in facts(), b in facts(), c in facts()) {
            let once = joined(&[&a, &b, &c]);
            prop_assert_eq!(&once, &joined(&[&c, &a, &b]));
            prop_assert_eq!(&once, &joined(&[&b, &b, &c, &a, &c, &a]));
        }

        #[test]
        fn facts_survive_storage(a in facts()) {
            let json = serde_json::to_string(&a).expect("serializes");
            prop_assert_eq!(a, serde_json::from_str(&json).expect("reads back"));
        }

        #[test]
        fn a_later_message_without_dates_erases_none(a in facts(), later in time()) {
            let mut merged = a.clone();
            merged.merge(&Facts { status: Some(OrderStatus::Shipped), shipped: Some(Shipped::Seen(later)), ..Facts::default() });
            prop_assert_eq!(merged.promise, a.promise);
            prop_assert_eq!(merged.estimated_arrival, a.estimated_arrival);
            prop_assert_eq!(merged.delivered, a.delivered);
        }
    }

    #[test]
    fn status_only_moves_forward() {
        let cancelled = Facts { status: Some(OrderStatus::Cancelled), ..Facts::default() };
        let shipped = Facts { status: Some(OrderStatus::Shipped), ..Facts::default() };
        let pending = Facts { status: Some(OrderStatus::Pending), ..Facts::default() };
        assert_eq!(joined(&[&shipped, &pending]).status, Some(OrderStatus::Shipped));
        assert_eq!(joined(&[&cancelled, &shipped]).status, Some(OrderStatus::Cancelled));
    }

    #[test]
    fn a_parcel_is_known_by_its_number() {
        fn read(carrier: Option<&str>, number: Option<&str>) -> Option<(Option<String>, String)> {
            Tracking::read(carrier, number).map(|it| (it.carrier, it.number))
        }
        assert_eq!(read(Some("DHL "), Some(" 0034 ")), Some((Some("DHL".to_owned()), "0034".to_owned())));
        assert_eq!(read(Some(""), Some("0034")), Some((None, "0034".to_owned())));
        assert_eq!(read(None, Some(&"9".repeat(41))), None);
        assert_eq!(read(Some("DHL"), None), None);
    }

    #[test]
    fn a_reported_shipment_stands_before_a_sighting() {
        let t = |s| Timestamp::from_second(s).expect("in range");
        let seen = Facts { shipped: Some(Shipped::Seen(t(100))), ..Facts::default() };
        let reported = Facts { shipped: Some(Shipped::Reported(t(500))), ..Facts::default() };
        assert_eq!(joined(&[&seen, &reported]).shipped, Some(Shipped::Reported(t(500))));
    }
}
