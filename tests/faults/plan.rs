//! What a history will be: drawn from its seed before it begins, so that it can be printed,
//! replayed and judged.

use jiff::{SignedDuration, Timestamp};
use renown_simulator::{Channel, Fault, FaultKind, Operation, Order, OutageAnswer, Promise};

/// Everything drawn of a history.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) start: Timestamp,
    /// From here on nothing goes wrong any more.
    pub(crate) heal: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) orders: Vec<Order>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) mode: Mode,
    /// Pauses: stored, resumed.
    pub(crate) pauses: Vec<(Timestamp, Timestamp)>,
    /// Jumps of the process's clock: when, by how much, put right after.
    pub(crate) jumps: Vec<(Timestamp, SignedDuration, SignedDuration)>,
    /// Of a hundred handler calls, how many crash.
    pub(crate) crashes: u64,
    /// Of a thousand requests to the table, how many go wrong.
    pub(crate) table_faults: u64,
    /// Of a hundred ticks, how many run in two processes at once.
    pub(crate) twins: u64,
    /// Of a hundred notifications, how many are lost; reports repair it.
    pub(crate) lost: u64,
    /// A message that cannot be read comes in.
    pub(crate) unreadable: bool,
}

/// When the seller is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Live,
    LiveFrom(Timestamp),
    Listen,
}

pub(crate) const SELLER: &str = "A1FAULTS";
pub(crate) const MARKETPLACES: [&str; 3] = ["A1PA6795UKMFR9", "A13V1IB3VIYZZH", "A1F83G8C2ARO7P"];
/// Texts with which the call that asks may be refused.
const REFUSALS: [&str; 3] = [
    "Dieser Vorgang ist derzeit nicht verfügbar.",
    "The requested solicitation is not available for this amazonOrderId.",
    "You can’t use this feature to request a review outside the 5-30 day range after the order delivery date.",
];

pub(crate) fn hours(n: u64) -> SignedDuration {
    SignedDuration::from_hours(i64::try_from(n).expect("small"))
}

impl Plan {
    /// Whether Amazon refuses a call for reasons of its own.
    pub(crate) fn refuses(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault.kind, FaultKind::WrongText { .. }))
    }

    pub(crate) fn draw(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let start: Timestamp = "2026-09-28T00:00:00Z".parse().expect("a timestamp");
        let start = start + SignedDuration::from_secs(rng.i64(0..40 * 86_400));
        let day = |d: u64| start + hours(24 * d);
        let n_orders = rng.u64(1..=3);
        let orders = (0..n_orders).map(|n| order(&mut rng, n, start)).collect();
        let mode = match rng.u8(0..20) {
            0 => Mode::Listen,
            1..=3 => Mode::LiveFrom(start + hours(rng.u64(24 * 4..24 * 16))),
            _ => Mode::Live,
        };
        let heal = day(21);
        let troubled = rng.u8(0..10) > 0;
        Self {
            seed,
            start,
            heal,
            end: day(50),
            orders,
            faults: if troubled { faults(&mut rng, start, heal) } else { Vec::new() },
            mode,
            pauses: (0..rng.u64(0..3))
                .map(|_| {
                    let from = start + SignedDuration::from_secs(rng.i64(8 * 86_400..18 * 86_400));
                    (from, from + SignedDuration::from_secs(rng.i64(30..50 * 3600)))
                })
                .collect(),
            jumps: (0..rng.u64(0..6).saturating_sub(3))
                .map(|_| {
                    let at = start + SignedDuration::from_secs(rng.i64(7 * 86_400..18 * 86_400));
                    let by = SignedDuration::from_secs(rng.i64(-6 * 3600..6 * 3600));
                    (at, by, SignedDuration::from_secs(rng.i64(600..12 * 3600)))
                })
                .collect(),
            crashes: if troubled { rng.u64(0..40) } else { 0 },
            table_faults: if troubled { rng.u64(0..80) } else { 0 },
            twins: rng.u64(0..20),
            lost: if rng.u8(0..6) == 0 { rng.u64(20..80) } else { 0 },
            unreadable: rng.u8(0..5) == 0,
        }
    }
}

fn order(rng: &mut fastrand::Rng, n: u64, start: Timestamp) -> Order {
    let id = format!("302-{:07}-{:07}", rng.u32(0..10_000_000), 1_000_000 + n);
    let marketplace = MARKETPLACES[rng.usize(0..MARKETPLACES.len())];
    let purchased = start + SignedDuration::from_secs(rng.i64(0..2 * 86_400));
    let mut order = Order::new(id, SELLER, marketplace, purchased);
    let shipped = purchased + SignedDuration::from_secs(rng.i64(3600..2 * 86_400));
    let earliest = shipped + hours(rng.u64(24..72));
    let latest = earliest + hours(rng.u64(12..72));
    order.channel = if rng.bool() { Channel::Amazon } else { Channel::Merchant };
    order.shipped_at = Some(shipped);
    order.promise = Promise { earliest, latest };
    order.estimated_arrival = Some(latest);
    order.delivered_at = Some(match rng.u8(0..6) {
        // A parcel that is late.
        0 => latest + hours(rng.u64(24..24 * 10)),
        _ => latest - hours(rng.u64(0..24)),
    });
    order.easy_ship = rng.u8(0..10) == 0;
    order.ineligible = rng.u8(0..12) == 0;
    if rng.u8(0..10) == 0 {
        order.cancelled_at = Some(purchased + SignedDuration::from_secs(rng.i64(1800..14 * 86_400)));
    }
    if rng.u8(0..15) == 0 {
        order.replacement_of = Some("302-0000000-0000000".to_owned());
    }
    if rng.u8(0..12) == 0 {
        order.asked_elsewhere_at = Some(shipped + hours(rng.u64(24 * 6..24 * 16)));
    }
    order
}

fn faults(rng: &mut fastrand::Rng, start: Timestamp, heal: Timestamp) -> Vec<Fault> {
    let post = Operation::CreateProductReviewAndSellerFeedbackSolicitation;
    let probe = Operation::GetSolicitationActionsForOrder;
    let mut faults = Vec::new();
    for _ in 0..rng.u8(0..5) {
        let from = start + SignedDuration::from_secs(rng.i64(5 * 86_400..19 * 86_400));
        let until = (from + SignedDuration::from_secs(rng.i64(600..5 * 86_400))).min(heal);
        let kind = match rng.u8(0..15) {
            0 => FaultKind::Throttle,
            1 => FaultKind::Error500,
            2 => FaultKind::Error503,
            3 => FaultKind::ResetBefore,
            4 | 5 => FaultKind::ResetAfter,
            6 => FaultKind::StallBefore { seconds: 150 },
            7 | 8 => FaultKind::StallAfter { seconds: 150 },
            9 => FaultKind::TruncatedJson,
            10 => FaultKind::HtmlError { status: 503 },
            11 => FaultKind::NothingOffered,
            12 => FaultKind::Outage { answer: OutageAnswer::Unavailable },
            13 => FaultKind::StillOfferedFor { seconds: rng.u32(1..500) },
            _ => FaultKind::TokenExpired,
        };
        let mut fault = Fault::new(kind.clone()).between(from, until).skip(rng.u32(0..2));
        match kind {
            FaultKind::NothingOffered | FaultKind::StillOfferedFor { .. } => {}
            FaultKind::Outage { .. } => fault.until = Some(until.min(from + hours(30))),
            FaultKind::TokenExpired => fault = fault.times(rng.u32(1..3)),
            _ => {
                fault = fault.times(rng.u32(1..4));
                if rng.u8(0..3) > 0 {
                    fault = fault.on(if rng.u8(0..4) == 0 { probe } else { post });
                }
            }
        }
        faults.push(fault);
    }
    // Amazon refuses what it has just offered: asked by hand in between, its own clock, or a
    // text nobody knows.
    if rng.u8(0..10) == 0 {
        let message = REFUSALS[rng.usize(0..REFUSALS.len())].to_owned();
        faults.push(Fault::new(FaultKind::WrongText { message }).on(post).times(1).between(start, heal));
    }
    faults
}
