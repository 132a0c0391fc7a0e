//! P1 where one Amazon account is here under two ids: every order is there twice, and asked once.

use renown_core::order::{Answer, Order, SeenIn, Sighting, Skipped, State};
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_core::seller::Seller;
use renown_io::ledger::Claimed;
use renown_simulator::Region;
use renown_tests::{CLIENT_ID, REFRESH_TOKEN, World, t};

const DE: &str = "A1PA6795UKMFR9";

/// An account of five orders with two authorisations, each connected under an id of its own; both
/// are live and know of every order.
async fn world() -> (World, Seller, Seller) {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let right = world.add_seller("A1RIGHT", &["DE"]).await;
    let typo = world.add_seller("A1TYPO", &["DE"]).await;
    let account = renown_simulator::Seller::new("A1RIGHT", Region::Eu, &[DE]);
    let grants = [&right.id, &typo.id].map(|id| format!("{REFRESH_TOKEN}-{id}"));
    let account = grants.into_iter().fold(account, |account, grant| account.granting(grant, CLIENT_ID));
    world.simulator.add_seller(account);
    world.simulator.add_seller(renown_simulator::Seller::new("A1TYPO", Region::Eu, &[DE]));
    for n in 0..5 {
        let id = format!("302-1234567-000000{n}");
        let order = renown_simulator::Order::new(id, "A1RIGHT", DE, t("2026-10-01T08:00:00Z"));
        world.simulator.put_order(order).expect("well-formed");
    }
    world.go_live(&right.id).await;
    world.go_live(&typo.id).await;
    renown_tests::sleep(t("2026-10-08T00:00:00Z").duration_since(world.clock.now())).await;
    world.ingest().await;
    tell(&world, &right, &typo).await;
    (world, right, typo)
}

/// What is known of one seller's orders is told of the other's too, as a report would.
async fn tell(world: &World, from: &Seller, to: &Seller) {
    let (rules, now) = (Rules::default(), world.clock.now());
    let context = Context { rules: &rules, live_since: Some(now), soon: false };
    let sighting = |order: Order| Sighting { order: order.id, seen_in: SeenIn::Report, facts: order.facts };
    let sightings = world.orders(&from.id).await.into_iter().map(sighting).collect();
    let (_, failed) = world.app.ledger.record_orders(&to.id, sightings, context, now).await.expect("written");
    assert!(failed.is_empty());
}

fn count(orders: &[Order], is: impl Fn(&State) -> bool) -> usize {
    orders.iter().filter(|order| is(&order.state)).count()
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_known_under_two_sellers_is_asked_under_one() {
    let (world, right, typo) = world().await;
    let mut told = 0;
    while world.clock.now() < t("2026-10-30T00:00:00Z") {
        world.ingest().await;
        let problems = world.tick().await.problems;
        told += problems.iter().filter(|problem| problem.text.en.contains("twice")).count();
        renown_tests::sleep(jiff::SignedDuration::from_mins(30)).await;
    }
    assert_eq!(world.posts().len(), 5, "one call for each order");
    assert_eq!(world.simulator.violations(), vec![]);
    let both = [world.orders(&right.id).await, world.orders(&typo.id).await].concat();
    assert_eq!(count(&both, |state| matches!(state, State::Asked { .. })), 5, "{both:#?}");
    assert!(told > 0, "the operator is told");
}

#[tokio::test(start_paused = true)]
async fn while_it_is_being_asked_under_one_seller_no_claim_is_granted_under_the_other() {
    let (world, right, typo) = world().await;
    renown_tests::sleep(t("2026-10-15T12:00:00Z").duration_since(world.clock.now())).await;
    let (ledger, now, rules) = (&world.app.ledger, world.clock.now(), Rules::default());
    let context = Context { rules: &rules, live_since: Some(now), soon: false };
    let id = "302-1234567-0000000".parse().expect("valid");
    let control = ledger.control(now).await.expect("readable");
    let lease = now + jiff::SignedDuration::from_mins(15);
    let claim = async |seller: &Seller, other: &Seller| {
        let read = ledger.order(&seller.id, &id).await.expect("readable").expect("there");
        let permit = control.permit(&seller.id, seller.marketplaces[0], now).expect("live");
        let beside = [other.id.clone()];
        ledger.claim(&read, permit, &beside, lease, context, &world.clock).await.expect("written")
    };
    let Claimed::Granted { stored, .. } = claim(&right, &typo).await else { panic!("granted") };
    let Claimed::Elsewhere(other) = claim(&typo, &right).await else { panic!("not granted") };
    assert_eq!(other, right.id);
    // Its outcome is open, so the other copy stays planned.
    let copy = ledger.order(&typo.id, &id).await.expect("readable").expect("there").order;
    assert!(matches!(copy.state, State::Planned { .. }), "{copy:#?}");
    ledger.settle(*stored, &Answer::Accepted, context, now).await.expect("written");
    let Claimed::Elsewhere(_) = claim(&typo, &right).await else { panic!("not granted") };
    let copy = ledger.order(&typo.id, &id).await.expect("readable").expect("there").order;
    assert!(matches!(copy.state, State::Skipped { why: Skipped::OtherSeller, .. }), "{copy:#?}");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_a_person_took_out_under_one_seller_is_not_asked_under_the_other() {
    let (world, right, typo) = world().await;
    for order in world.orders(&typo.id).await {
        let stored = world.app.ledger.order(&typo.id, &order.id).await.expect("readable").expect("there");
        let mut after = stored.order.clone();
        after.never(Skipped::NeverContact, world.clock.now()).expect("open");
        assert!(world.app.ledger.update_order(&stored, after, world.clock.now()).await.expect("written"));
    }
    world.run_until(t("2026-10-30T00:00:00Z")).await;
    assert_eq!(world.posts().len(), 0);
    let orders = world.orders(&right.id).await;
    let is_never = |state: &State| matches!(state, State::Skipped { why: Skipped::NeverContact, .. });
    assert_eq!(count(&orders, is_never), 5, "{orders:#?}");
}
