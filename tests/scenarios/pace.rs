//! Pace: with a backlog each seller gets nearly all of its one request a second, also over a
//! change of process, and never more.

use jiff::SignedDuration;
use renown_simulator::{Channel, Order};
use renown_tests::{World, sleep, t};

#[tokio::test(start_paused = true)]
async fn each_seller_with_a_backlog_gets_95_percent_of_its_rate_over_a_change_of_process() {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let sellers = ["A1PACE", "A2PACE", "A3PACE"];
    for (s, id) in sellers.iter().enumerate() {
        let seller = world.add_seller(id, &["DE"]).await;
        world.go_live(&seller.id).await;
        for n in 0..800 {
            let order_id = format!("30{s}-1234567-0000{n:03}");
            let mut order = Order::new(order_id, *id, "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
            order.channel = Channel::Amazon;
            world.simulator.put_order(order).expect("well-formed");
        }
    }
    sleep(t("2026-10-18T09:00:00Z").duration_since(world.clock.now())).await;
    world.ingest().await;
    let start = world.clock.now();
    // The first process ends after five minutes, the second takes over.
    scheduled_solicit::handle(&world.app, start + SignedDuration::from_secs(300 + 45))
        .await
        .expect("handled");
    world.restart();
    for id in sellers {
        let seller = id.parse().expect("valid");
        // The secrets live in memory, which the restart keeps.
        assert!(world.app.secrets.seller(renown_io::secrets::Scope::Live, &seller).await.is_ok());
    }
    world.tick().await;
    let ten_minutes = start + SignedDuration::from_mins(10);
    for id in sellers {
        let posts = world
            .posts()
            .iter()
            .filter(|call| call.seller.as_deref() == Some(id) && call.at <= ten_minutes)
            .count();
        println!("{id}: {posts} of 600");
        assert!(posts >= 570, "{id}: {posts}");
    }
    assert_eq!(world.simulator.violations(), vec![]);
}

#[tokio::test(start_paused = true)]
async fn of_a_backlog_the_most_urgent_are_asked_first() {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1PACE", &["DE"]).await;
    for n in 0..200_i64 {
        let id = format!("302-1234567-0000{n:03}");
        // Later orders, in turn, have the earlier end of the window.
        let mut order = Order::new(id, "A1PACE", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
        order.channel = Channel::Amazon;
        order.promise.latest = order.promise.earliest + SignedDuration::from_hours(200 - n);
        order.estimated_arrival = Some(order.promise.latest);
        world.simulator.put_order(order).expect("well-formed");
    }
    // Fallen due long before going live, so that all are due at once.
    world.run_until(t("2026-10-22T00:00:00Z")).await;
    world.go_live(&seller.id).await;
    world.run_until(t("2026-10-27T00:00:00Z")).await;
    assert_eq!(world.totals(&seller.id).await.asked, 200);
    assert_eq!(world.simulator.violations(), vec![]);
}
