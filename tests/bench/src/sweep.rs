//! A thousand sellers with a backlog in one process: whether each gets its one request a second,
//! and whether one core keeps up.
//!
//! Time is virtual, so that the pace is exact whatever else the machine does. What tells whether
//! a real process keeps up is the CPU used in each second of virtual time: below one second.

use jiff::{SignedDuration, Timestamp};
use renown_core::control::Live;
use renown_core::marketplace::MarketplaceId;
use renown_core::order::{Facts, FulfillmentChannel, OrderStatus, SeenIn, Shipped, Sighting};
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_core::seller::Seller;
use renown_io::secrets::Scope;
use renown_simulator::{Channel, Order};
use renown_tests::World;

use crate::figures::{Report, Wanted};
use crate::meter::{Meter, float, peak_memory_mib, per};
use crate::shop::{MARKETPLACE, Time, later, meter, order_id, runtime};
use crate::{Bench, Size};

/// The share of its one request a second that each seller should get.
const WANTED_PACE: f64 = 0.95;
/// A tick begins no order this close to its deadline (scheduled-solicit).
const LAST_START: SignedDuration = SignedDuration::from_secs(45);

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Load {
    sellers: u32,
    /// Seconds of virtual time under backlog.
    seconds: u32,
}

/// Measures it.
///
/// # Errors
///
/// If the simulator sees a rule broken.
pub fn run(size: Size) -> anyhow::Result<Report> {
    let load = size.of(Load { sellers: 5, seconds: 30 }, Load { sellers: 1_000, seconds: 60 });
    runtime(Time::Virtual)?.block_on(measured(load))
}

async fn measured(load: Load) -> anyhow::Result<Report> {
    let start: Timestamp = "2026-10-18T09:00:00Z".parse()?;
    let mut world = World::new(start).await;
    fill(&mut world, load, start).await?;
    let shares = meter(&mut world)?;

    let meter = Meter::start();
    let begun = world.clock.now();
    let until = begun.saturating_add(SignedDuration::from_secs(i64::from(load.seconds)))?;
    let summary = scheduled_solicit::handle(&world.app, until.saturating_add(LAST_START)?).await?;
    let used = meter.used();
    let violations = world.simulator.violations();
    anyhow::ensure!(violations.is_empty(), "{:?}", violations.first());

    let mut by_seller = std::collections::BTreeMap::<String, u32>::new();
    for call in world.posts().into_iter().filter(|call| call.at <= until) {
        *by_seller.entry(call.seller.unwrap_or_default()).or_default() += 1;
    }
    let least = by_seller.values().copied().min().unwrap_or(0);
    let seconds = f64::from(load.seconds);
    let pace =
        if by_seller.len() == usize::try_from(load.sellers)? { f64::from(least) / seconds } else { 0.0 };
    let (store, amazon) = (shares.store.cpu(), shares.amazon.cpu());
    let ours = used.cpu.saturating_sub(store + amazon);
    let each = |cpu: std::time::Duration| per(cpu.as_secs_f64(), seconds);

    let mut report = Report::new(Bench::Sweep);
    let what = "requests a second, the slowest seller";
    report.wanted("slowest_pace", what, pace, "/s", Wanted::AtLeast(WANTED_PACE));
    let what = "CPU a second of virtual time, ours";
    report.wanted("cpu_per_second", what, each(ours), "s", Wanted::AtMost(1.0));
    report.figure("store_cpu_per_second", "  beside it the embedded store", each(store), "s");
    report.figure("amazon_cpu_per_second", "  beside it the simulator", each(amazon), "s");
    report.ratio("to_store", "ours beside the store", per(each(ours), each(store)));
    if let Some(mib) = peak_memory_mib() {
        report.figure("memory_mib", "memory at peak, store and simulator in it", mib, "MiB");
    }
    report.figure("asked", "orders asked", float(summary.asked), "");
    report.figure("sellers", "sellers", f64::from(load.sellers), "");
    report.figure("seconds", "virtual time", seconds, "s");
    Ok(report)
}

/// Sellers that are live, each with more orders due than it can ask in time.
async fn fill(world: &mut World, load: Load, now: Timestamp) -> anyhow::Result<()> {
    let live_since = later(now, -24 * 60);
    let rules = Rules::default();
    let context = Context { rules: &rules, live_since: Some(live_since), soon: false };
    let mut sellers: Vec<Seller> = Vec::new();
    for s in 0..load.sellers {
        let seller = world.add_seller(&format!("A{s:04}SWEEP"), &["DE"]).await;
        world.store_secret(Scope::Live, &seller.id).await;
        let sightings = (0..load.seconds + 10).map(|n| order(world, &seller, s, n, now));
        let sightings = sightings.collect::<anyhow::Result<_>>()?;
        let recorded =
            world.app.ledger.record_orders(&seller.id, sightings, context, later(now, -12)).await?;
        anyhow::ensure!(recorded.1.is_empty(), "{:?}", recorded.1);
        sellers.push(seller);
    }
    world
        .change(|control| {
            for seller in &sellers {
                control.sellers.entry(seller.id.clone()).or_default().live = Some(Live { since: live_since });
            }
        })
        .await;
    Ok(())
}

/// An order that Amazon knows and that is due, as it is seen.
fn order(world: &World, seller: &Seller, s: u32, n: u32, now: Timestamp) -> anyhow::Result<Sighting> {
    let bought = later(now, -24 * 17);
    let mut order = Order::new(order_id(s, n), seller.id.as_str(), MARKETPLACE, bought);
    order.channel = Channel::Amazon;
    let arrives = order.promise.latest;
    let facts = Facts {
        marketplace: MarketplaceId::of_country("DE"),
        purchased_at: Some(bought),
        channel: Some(FulfillmentChannel::Amazon),
        status: Some(OrderStatus::Shipped),
        shipped: Some(Shipped::Reported(later(bought, 24))),
        estimated_arrival: Some(arrives),
        ..Facts::default()
    };
    let sighting = Sighting { order: order.order_id.parse()?, seen_in: SeenIn::Report, facts };
    world.simulator.put_order(order)?;
    Ok(sighting)
}
