//! P5: listening cannot send.

use renown_core::order::State;
use renown_io::secrets::{Error, Scope};
use renown_simulator::Order;
use renown_tests::{World, t};

async fn world() -> (World, renown_core::seller::Seller) {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1LISTEN", &["DE", "FR"]).await;
    for n in 0..5 {
        let id = format!("302-1234567-000000{n}");
        let order = Order::new(id, "A1LISTEN", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
        world.simulator.put_order(order).expect("well-formed");
    }
    (world, seller)
}

#[tokio::test(start_paused = true)]
async fn listening_decides_and_shows_everything_and_calls_nobody() {
    let (world, seller) = world().await;
    world.run_until(t("2026-10-20T00:00:00Z")).await;
    assert_eq!(world.simulator.calls(), vec![], "not even a token is asked for");
    let totals = world.totals(&seller.id).await;
    assert_eq!(totals.open.get("would_have_asked"), Some(&5), "{totals:?}");
    world.run_until(t("2026-12-01T00:00:00Z")).await;
    let totals = world.totals(&seller.id).await;
    assert_eq!(totals.expired.get("listening"), Some(&5), "{totals:?}");
    assert!(totals.add_up());
}

#[tokio::test(start_paused = true)]
async fn a_listening_sellers_secret_is_not_where_the_asking_may_read() {
    let (world, seller) = world().await;
    assert!(matches!(world.app.secrets.seller(Scope::Live, &seller.id).await, Err(Error::NotFound { .. })));
    assert!(Scope::Live.path(&seller.id).starts_with("/renown/live/"));
    assert!(!Scope::Listen.path(&seller.id).starts_with("/renown/live/"));
}

#[tokio::test(start_paused = true)]
async fn without_its_secret_in_the_live_place_even_a_live_seller_calls_nobody() {
    let (world, seller) = world().await;
    let since = world.clock.now();
    // The record says live, but nobody moved the secret.
    world
        .change(|control| {
            control.sellers.entry(seller.id.clone()).or_default().live =
                Some(renown_core::control::Live { since });
        })
        .await;
    renown_tests::sleep(t("2026-10-15T12:00:00Z").duration_since(world.clock.now())).await;
    world.ingest().await;
    let summary = world.tick().await;
    assert_eq!(world.simulator.calls(), vec![]);
    assert!(summary.problems[0].text.en.contains("/renown/live/"), "{summary:?}");
}

#[tokio::test(start_paused = true)]
async fn going_live_asks_only_whose_window_is_open_and_spreads_them_over_three_days() {
    let (world, seller) = world().await;
    for n in 0..60 {
        let id = format!("302-7654321-00000{n:02}");
        let order = Order::new(id, "A1LISTEN", "A13V1IB3VIYZZH", t("2026-10-01T08:00:00Z"));
        world.simulator.put_order(order).expect("well-formed");
    }
    let mut old = Order::new("302-0000000-0000001", "A1LISTEN", "A1PA6795UKMFR9", t("2026-10-01T09:00:00Z"));
    old.promise.latest = old.promise.earliest;
    world.simulator.put_order(old).expect("well-formed");
    world.run_until(t("2026-10-25T12:00:00Z")).await;
    world.go_live(&seller.id).await;
    world.run_until(t("2026-10-30T12:00:00Z")).await;
    let days: std::collections::BTreeSet<_> =
        world.posts().iter().map(|call| call.at.strftime("%F").to_string()).collect();
    assert_eq!(days.len(), 3, "{days:?}");
    let asked =
        world.orders(&seller.id).await.iter().filter(|o| matches!(o.state, State::Asked { .. })).count();
    assert_eq!(asked, 66);
    assert_eq!(world.simulator.violations(), vec![]);
}
