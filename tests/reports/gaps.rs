//! Orders that a notification should have told of.

use renown_core::order::SeenIn;
use renown_core::seller::Seller;

use crate::world::{World, batch, hours, t};

#[tokio::test(start_paused = true)]
async fn only_orders_that_should_have_been_notified_count_as_gaps() {
    let world = World::at("2026-11-20T12:00:00Z", "DE").await;
    let since = t("2026-11-20T12:00:00Z");
    let seller = world.app.ledger.seller(&world.seller()).await.expect("read").expect("there");
    world.app.ledger.put_seller(&Seller { notified_since: Some(since), ..seller }).await.expect("written");
    // 1: notified. 2: its notification is lost. 3: bought shortly before the report's end.
    // 4: from before notifications were subscribed, and only now touched.
    for (n, bought) in [(1, "2026-11-20T13:00:00Z"), (2, "2026-11-20T13:00:00Z"), (3, "2026-11-20T17:20:00Z")]
    {
        world.simulator.put_order(world.order(n, bought)).expect("valid");
    }
    assert_eq!(world.run(hours(5)).await.gaps, 0);
    let mut old = world.order(4, "2026-10-01T10:00:00Z");
    old.touched_at = vec![t("2026-11-20T15:00:00Z")];
    world.simulator.put_order(old).expect("valid");
    let sent = world.simulator.take_notifications();
    let bodies =
        sent.iter().map(|sent| sent.body.as_str()).filter(|body| body.contains("302-1000000-0000001"));
    order_ingest::handle(&world.app, batch(bodies)).await.expect("ids are there");

    let summary = world.run(hours(3)).await;
    assert_eq!(summary.new, 3);
    assert_eq!(summary.gaps, 1);
    let lost = world.stored("302-1000000-0000002").await.expect("repaired");
    assert_eq!(lost.seen_in, SeenIn::Report);
    assert_eq!(world.stored("302-1000000-0000001").await.expect("there").seen_in, SeenIn::Notification);
}

#[tokio::test(start_paused = true)]
async fn a_seller_without_notifications_has_no_gaps() {
    let world = World::at("2026-11-20T12:00:00Z", "DE").await;
    world.simulator.put_order(world.order(1, "2026-11-20T13:00:00Z")).expect("valid");
    let summary = world.run(hours(8)).await;
    assert_eq!((summary.new, summary.gaps), (1, 0));
}
