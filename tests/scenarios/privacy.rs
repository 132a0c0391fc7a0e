//! P6 and secrets: canaries that Amazon's answers and our own secrets carry appear in no item of
//! the table and in no log line.

use renown_simulator::{Channel, Order};
use renown_tests::{CLIENT_SECRET, INVOCATION, REFRESH_TOKEN, World, sleep, t};

use crate::lines::Lines;

#[tokio::test(start_paused = true)]
async fn canaries_of_buyers_and_secrets_appear_in_no_item_and_no_log_line() {
    let lines = Lines::default();
    let writer = lines.clone();
    renown_io::telemetry::init_to(move || writer.clone());

    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1PRIVATE", &["DE"]).await;
    world.go_live(&seller.id).await;
    for n in 0..8 {
        let mut order = Order::new(
            format!("302-1234567-000000{n}"),
            "A1PRIVATE",
            "A1PA6795UKMFR9",
            t("2026-10-01T08:00:00Z"),
        );
        order.channel = if n % 2 == 0 { Channel::Amazon } else { Channel::Merchant };
        world.simulator.put_order(order).expect("well-formed");
    }
    sleep(t("2026-10-01T12:00:00Z").duration_since(world.clock.now())).await;
    let notified: Vec<String> = world.simulator.take_notifications().into_iter().map(|n| n.body).collect();
    assert!(notified.iter().any(|body| body.contains("CANARY")), "the canaries are there to be seen");
    world.deliver(&notified).await;
    // What cannot be read carries canaries too.
    let broken: Vec<String> = vec![
        notified[0].chars().take(notified[0].len() - 40).collect(),
        notified[0].replace("\"Summary\"", "\"CANARY-Summary\""),
    ];
    let answer = order_ingest::handle(&world.app, renown_tests::event(&broken)).await.expect("handled");
    assert!(!answer.batch_item_failures.is_empty());
    for _ in 0..12 {
        let deadline = world.clock.now() + INVOCATION;
        report_sync::handle_tick(&world.app, deadline).await.expect("handled");
        sleep(jiff::SignedDuration::from_mins(3)).await;
    }
    sleep(jiff::SignedDuration::from_hours(24 * 3)).await;
    for _ in 0..12 {
        let deadline = world.clock.now() + INVOCATION;
        report_sync::handle_tick(&world.app, deadline).await.expect("handled");
        sleep(jiff::SignedDuration::from_mins(3)).await;
    }
    world.run_until(t("2026-10-20T00:00:00Z")).await;
    assert_eq!(world.totals(&seller.id).await.asked, 8);

    let table = dump(&world);
    assert!(table.contains("302-1234567-0000000"), "the dump holds the orders");
    assert!(table.contains("PRODUCTS#A1PRIVATE"), "and the names of the products");
    let log = lines.text();
    assert!(log.contains("302-1234567-0000000"), "the log was caught");
    for canary in ["CANARY", CLIENT_SECRET, REFRESH_TOKEN, "Atza|"] {
        assert!(!table.contains(canary), "{canary} is in the table");
        assert!(!log.contains(canary), "{canary} is in the log");
    }
}

/// Every item there is.
fn dump(world: &World) -> String {
    let mut partitions: Vec<String> = (0..16).map(|shard| format!("ORDERS#A1PRIVATE#{shard}")).collect();
    for fixed in [
        "CONTROL",
        "SELLERS",
        "LEASE",
        "PROBES",
        "REPORTS#A1PRIVATE",
        "PRODUCTS#A1PRIVATE",
        "UNREAD#order-ingest",
        "UNREAD#all_orders",
        "UNREAD#fba_shipments",
    ] {
        partitions.push(fixed.to_owned());
    }
    renown_tests::dump(&world.dynamo, partitions.iter().map(String::as_str))
}
