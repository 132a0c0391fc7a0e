//! How many decisions one core makes in a second, over orders of every kind.

use std::hint::black_box;

use fastrand::Rng;
use jiff::Timestamp;
use renown_core::ids::OrderId;
use renown_core::marketplace::ALL;
use renown_core::order::{
    Dated, DeliveredBy, Facts, FulfillmentChannel, Order, OrderStatus, Parcels, Promise, SeenIn, Shipped,
};
use renown_core::policy::timing::{Context, Decision};
use renown_core::rules::Rules;
use sha2::{Digest as _, Sha256};

use crate::figures::{Report, Wanted};
use crate::meter::{Meter, float, per, ratio};
use crate::shop::later;
use crate::{Bench, Size};

/// Different orders: more than fit into a processor's nearest caches.
const ORDERS: u32 = 20_000;
/// Decisions a second that one core should make.
const WANTED: f64 = 1_000_000.0;

/// Decisions of one kind.
#[derive(Debug, Default)]
struct Kinds {
    ask: u64,
    look_up: u64,
    wait: u64,
    not_yet: u64,
    skip: u64,
    expire: u64,
}

impl Kinds {
    fn count(&mut self, decision: &Decision) {
        *match decision {
            Decision::Ask(_) => &mut self.ask,
            Decision::LookUp { .. } => &mut self.look_up,
            Decision::Wait { .. } => &mut self.wait,
            Decision::NotYet(_) => &mut self.not_yet,
            Decision::Skip(_) => &mut self.skip,
            Decision::Expire(_) => &mut self.expire,
        } += 1;
    }

    fn all(&self) -> [(&'static str, u64); 6] {
        [
            ("ask", self.ask),
            ("look_up", self.look_up),
            ("wait", self.wait),
            ("not_yet", self.not_yet),
            ("skip", self.skip),
            ("expire", self.expire),
        ]
    }
}

/// Measures it.
///
/// # Errors
///
/// If some kind of decision never came: then the orders are not varied enough.
pub fn run(size: Size) -> anyhow::Result<Report> {
    let passes: i64 = size.of(1, 100);
    let now: Timestamp = "2026-10-15T12:00:00Z".parse()?;
    let orders = orders(now)?;
    let rules = Rules::default();
    let context = Context { rules: &rules, live_since: Some(later(now, -24 * 90)), soon: false };

    let mut kinds = Kinds::default();
    let meter = Meter::start();
    for pass in 0..passes {
        let at = later(now, pass);
        for order in &orders {
            kinds.count(&black_box(order).decide(context, 0, at));
        }
    }
    let deciding = meter.used();

    let meter = Meter::start();
    for _ in 0..passes {
        for order in &orders {
            black_box(Sha256::digest(black_box(order).id.as_str().as_bytes()));
        }
    }
    let hashing = meter.used();

    let n: u64 = kinds.all().iter().map(|(_, n)| n).sum();
    for (kind, n) in kinds.all() {
        anyhow::ensure!(n > 0, "no order came to {kind}");
    }
    let mut report = Report::new(Bench::Policy);
    let rate = per(float(n), deciding.cpu.as_secs_f64());
    let what = "decisions a second on one core";
    report.wanted("decisions_per_second", what, rate, "/s", Wanted::AtLeast(WANTED));
    report.ratio("to_hashing", "a decision beside SHA-256 of its order id", ratio(deciding.cpu, hashing.cpu));
    report.figure("decisions", "decisions made", float(n), "");
    for (kind, n) in kinds.all() {
        report.figure(kind, &format!("  of them {}", kind.replace('_', " ")), float(n), "");
    }
    Ok(report)
}

/// Orders in every state of their life, at every marketplace.
fn orders(now: Timestamp) -> anyhow::Result<Vec<Order>> {
    let mut rng = Rng::with_seed(7);
    let seller: renown_core::ids::SellerId = "A1BENCH".parse()?;
    let mut orders = Vec::new();
    for n in 0..ORDERS {
        let id: OrderId = format!("{:03}-{:07}-{n:07}", rng.u32(100..999), rng.u32(0..9_999_999)).parse()?;
        let mut order = Order::new(seller.clone(), id, SeenIn::Notification, now);
        order.facts = facts(&mut rng, now)?;
        orders.push(order);
    }
    Ok(orders)
}

fn facts(rng: &mut Rng, now: Timestamp) -> anyhow::Result<Facts> {
    let purchased_at = later(now, -rng.i64(0..60 * 24));
    let seen_at = later(purchased_at, 24);
    let is_merchant = rng.bool();
    let status = match rng.u32(0..100) {
        0..5 => OrderStatus::Pending,
        5..10 => OrderStatus::Unshipped,
        10..15 => OrderStatus::Cancelled,
        _ => OrderStatus::Shipped,
    };
    let earliest = later(purchased_at, rng.i64(48..96));
    let promise = Promise { earliest, latest: later(earliest, rng.i64(12..72)) };
    let is_delivered = is_merchant && rng.u32(0..4) == 0;
    let is_looked_at = is_merchant && rng.u32(0..3) == 0;
    let look = || Dated { at: later(now, -2), value: Parcels::NoScans };
    Ok(Facts {
        marketplace: Some(ALL[rng.usize(0..ALL.len())].id.parse()?),
        purchased_at: Some(purchased_at),
        channel: Some(if is_merchant { FulfillmentChannel::Merchant } else { FulfillmentChannel::Amazon }),
        status: Some(status),
        promise: is_merchant.then_some(Dated { at: seen_at, value: promise }),
        shipped: (status == OrderStatus::Shipped).then_some(Shipped::Seen(seen_at)),
        estimated_arrival: (!is_merchant && rng.bool()).then_some(promise.latest),
        delivered: is_delivered.then_some(Dated { at: promise.earliest, value: DeliveredBy::EasyShip }),
        parcels: is_looked_at.then(look),
        skus: std::iter::once(format!("SKU-{}", rng.u32(0..500)).parse()?).collect(),
        replacement: rng.u32(0..50) == 0,
        ..Facts::default()
    })
}
