//! What asking costs: CPU for each order that is asked, from reading it to settling its claim.

use jiff::Timestamp;
use renown_simulator::{Channel, Order};
use renown_tests::{World, sleep};

use crate::figures::{Report, Wanted};
use crate::meter::{Meter, float, per};
use crate::shop::{MARKETPLACE, Time, meter, order_id, runtime};
use crate::{Bench, Size};

/// CPU for one asked order, in milliseconds, without store and Amazon.
const WANTED_MS: f64 = 1.0;

/// Measures it.
///
/// # Errors
///
/// If an order is not asked.
pub fn run(size: Size) -> anyhow::Result<Report> {
    let (sellers, orders) = size.of((2, 5), (20, 100));
    runtime(Time::Virtual)?.block_on(measured(sellers, orders))
}

async fn measured(n_sellers: u32, n_orders: u32) -> anyhow::Result<Report> {
    let mut world = World::new("2026-10-01T00:00:00Z".parse()?).await;
    for s in 0..n_sellers {
        let id = format!("A{s}ASK");
        let seller = world.add_seller(&id, &["DE"]).await;
        world.go_live(&seller.id).await;
        for n in 0..n_orders {
            let bought: Timestamp = "2026-10-01T08:00:00Z".parse()?;
            let mut order = Order::new(order_id(s, n), &id, MARKETPLACE, bought);
            order.channel = if n % 2 == 0 { Channel::Merchant } else { Channel::Amazon };
            world.simulator.put_order(order)?;
        }
    }
    let due: Timestamp = "2026-10-18T09:00:00Z".parse()?;
    sleep(due.duration_since(world.clock.now())).await;
    world.ingest().await;
    let wanted = u64::from(n_sellers * n_orders);

    let shares = meter(&mut world)?;
    let before = world.simulator.calls().len();
    let (mut asked, meter) = (0, Meter::start());
    for _tick in 0..5 {
        if asked < wanted {
            asked += world.tick().await.asked;
        }
    }
    let used = meter.used();
    anyhow::ensure!(asked == wanted, "{asked} of {wanted} orders were asked");
    anyhow::ensure!(world.simulator.violations().is_empty(), "{:?}", world.simulator.violations());
    let calls = world.simulator.calls().len() - before;

    let (store, amazon) = (shares.store.cpu(), shares.amazon.cpu());
    let ours = used.cpu.saturating_sub(store + amazon);
    let ms = |cpu: std::time::Duration| per(cpu.as_secs_f64() * 1e3, float(asked));
    let mut report = Report::new(Bench::Ask);
    let what = "CPU an asked order, ours";
    report.wanted("cpu_ms", what, ms(ours), "ms", Wanted::AtMost(WANTED_MS));
    report.figure("store_cpu_ms", "CPU an asked order, embedded store", ms(store), "ms");
    report.figure("amazon_cpu_ms", "CPU an asked order, simulator", ms(amazon), "ms");
    report.ratio("to_store", "ours beside the store", per(ms(ours), ms(store)));
    report.figure("calls_per_order", "calls of Amazon an order", per(float(calls), float(asked)), "");
    report.figure("asked", "orders asked, half of each channel", float(asked), "");
    Ok(report)
}
