//! What an order costs in log lines: a process of its own, since lines are the process's.

#[path = "../scenarios/lines.rs"]
mod lines;

use lines::Lines;
use renown_simulator::{Channel, Order};
use renown_tests::{World, t};

/// Orders over which lines of batches and ticks are shared out.
const ORDERS: usize = 40;

/// Three notifications (and three of items) in batches of ten, one tick, and one line that says
/// what became of the order. Lambda's own lines (START, END, REPORT) are not among them.
/// The bound is what `renown cost` counts with.
#[tokio::test(start_paused = true)]
async fn an_order_takes_at_most_four_hundred_bytes_of_log() {
    let lines = Lines::default();
    let writer = lines.clone();
    renown_io::telemetry::init_to(move || writer.clone());

    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1BUDGET", &["DE"]).await;
    world.go_live(&seller.id).await;
    for n in 0..ORDERS {
        let id = format!("302-1234567-00000{n:02}");
        let mut order = Order::new(id, "A1BUDGET", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
        order.channel = Channel::Merchant;
        world.simulator.put_order(order).expect("well-formed");
    }
    for moment in ["2026-10-01T08:00:01Z", "2026-10-01T10:00:00Z", "2026-10-03T10:00:00Z"] {
        renown_tests::sleep(t(moment).duration_since(world.clock.now())).await;
        world.ingest().await;
    }
    renown_tests::sleep(t("2026-10-14T08:30:00Z").duration_since(world.clock.now())).await;
    assert_eq!(usize::try_from(world.tick().await.asked).ok(), Some(ORDERS));

    let text = lines.text();
    let per_order = text.len() / ORDERS;
    println!("{per_order} bytes of log an order, {} lines for {ORDERS} orders", text.lines().count());
    // The line of each order is there: nothing is measured that was not written.
    assert!(text.lines().count() > ORDERS && per_order <= 400, "{per_order} bytes an order: {text}");
}
