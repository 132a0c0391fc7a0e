//! P8: a stop is a stop.

use jiff::SignedDuration;
use renown_core::control::{Cause, Stop};
use renown_simulator::{Channel, Order};
use renown_tests::{World, sleep, t};

/// A seller with a backlog of 300 orders, in the buyers' daytime.
async fn backlog() -> (World, renown_core::seller::Seller) {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1STOP", &["DE"]).await;
    world.go_live(&seller.id).await;
    for n in 0..300 {
        let id = format!("302-1234567-0000{n:03}");
        let mut order = Order::new(id, "A1STOP", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
        order.channel = Channel::Amazon;
        world.simulator.put_order(order).expect("well-formed");
    }
    sleep(t("2026-10-18T08:00:00Z").duration_since(world.clock.now())).await;
    world.ingest().await;
    (world, seller)
}

fn by_hand(world: &World) -> Stop {
    Stop::new(Cause::Person, world.clock.now())
}

#[tokio::test(start_paused = true)]
async fn no_call_is_made_later_than_two_seconds_after_a_pause_is_stored() {
    // At moments that fall differently into whatever is read how often.
    for (pause_of_everything, after_ms) in [(false, 20_300), (true, 47_900), (false, 95_700), (true, 131_100)]
    {
        let (world, seller) = backlog().await;
        let work = world.tick();
        let operator = async {
            sleep(SignedDuration::from_millis(after_ms)).await;
            world
                .change(|control| {
                    if pause_of_everything {
                        control.stop = Some(by_hand(&world));
                    } else {
                        control.sellers.entry(seller.id.clone()).or_default().stop = Some(by_hand(&world));
                    }
                })
                .await;
            world.clock.now()
        };
        let (summary, stored) = futures_util::join!(work, operator);
        let late: Vec<_> = world
            .posts()
            .into_iter()
            .filter(|call| call.at > stored + SignedDuration::from_secs(2))
            .collect();
        assert_eq!(late, vec![], "pause stored at {stored}");
        let seconds = u64::try_from(after_ms / 1000).expect("positive");
        assert!((seconds - 5..seconds + 5).contains(&summary.asked), "{summary:?}");
        // Nothing goes on until the pause is lifted; then the rest is asked.
        assert_eq!(world.tick().await.asked, 0);
        world
            .change(|control| {
                control.stop = None;
                control.sellers.entry(seller.id.clone()).or_default().stop = None;
            })
            .await;
        assert!(world.tick().await.asked > 150);
        assert_eq!(world.simulator.violations(), vec![]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_marketplace_that_stands_still_does_not_stop_the_others() {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1STOP", &["DE", "FR"]).await;
    world.go_live(&seller.id).await;
    for n in 0..10 {
        let marketplace = ["A1PA6795UKMFR9", "A13V1IB3VIYZZH"][n % 2];
        let id = format!("302-1234567-000000{n}");
        world
            .simulator
            .put_order(Order::new(id, "A1STOP", marketplace, t("2026-10-01T08:00:00Z")))
            .expect("well-formed");
    }
    world
        .change(|control| {
            let germany = "A1PA6795UKMFR9".parse().expect("known");
            let stop = by_hand(&world);
            control.sellers.entry(seller.id.clone()).or_default().marketplaces.insert(germany, stop);
        })
        .await;
    sleep(t("2026-10-18T08:00:00Z").duration_since(world.clock.now())).await;
    world.ingest().await;
    assert_eq!(world.tick().await.asked, 5);
    assert_eq!(world.totals(&seller.id).await.open.get("paused"), Some(&5));
}

#[tokio::test(start_paused = true)]
async fn a_revoked_grant_stops_its_seller_and_no_other() {
    let (mut world, seller) = backlog().await;
    let other = world.add_seller("A2OTHER", &["DE"]).await;
    world.go_live(&other.id).await;
    for n in 0..5 {
        let id = format!("303-1234567-000000{n}");
        let order = Order::new(id, "A2OTHER", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
        world.simulator.put_order(order).expect("well-formed");
    }
    world.ingest().await;
    world
        .simulator
        .add_fault(renown_simulator::Fault::new(renown_simulator::FaultKind::Revoked).of_seller("A1STOP"));
    // The orders of a seller that has just gone live are spread; take them a few days later.
    sleep(SignedDuration::from_hours(24 * 4)).await;
    let summary = world.tick().await;
    assert_eq!(summary.asked, 5, "{summary:?}");
    let control = world.app.ledger.control(world.clock.now()).await.expect("readable");
    let stop = control.control().seller_stop(&seller.id).expect("stopped");
    assert_eq!(stop.cause, Cause::Access);
    assert!(control.control().seller_stop(&other.id).is_none());
    assert_eq!(world.tick().await.stopped, 1);
}
