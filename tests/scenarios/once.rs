//! P1: once. A call whose outcome is unknown is resolved by asking Amazon, never by calling again.

use renown_core::order::{Order, State, Step};
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_io::ledger::Claimed;
use renown_simulator::{Fault, FaultKind, Operation};
use renown_tests::{World, t};

const POST: Operation = Operation::CreateProductReviewAndSellerFeedbackSolicitation;
const ORDER: &str = "302-1234567-1234567";

/// One order in Germany, shipped by Amazon, and what became of it after 50 days with a fault on
/// the first call that asks.
async fn asked_under(fault: FaultKind) -> (World, Order) {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1ONCE", &["DE"]).await;
    world.go_live(&seller.id).await;
    let mut order =
        renown_simulator::Order::new(ORDER, "A1ONCE", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
    order.channel = renown_simulator::Channel::Amazon;
    world.simulator.put_order(order).expect("well-formed");
    world.simulator.add_fault(Fault::new(fault).on(POST).times(1));
    world.run_until(t("2026-11-20T00:00:00Z")).await;
    assert_eq!(world.simulator.violations(), vec![]);
    let order = world.orders(&seller.id).await.remove(0);
    (world, order)
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_cleared_up_by_asking_and_the_call_is_not_made_again() {
    for fault in [FaultKind::ResetAfter, FaultKind::StallAfter { seconds: 150 }] {
        let (world, order) = asked_under(fault).await;
        assert_eq!(world.posts().len(), 1);
        assert!(matches!(order.state, State::Asked { presumed: true, .. }), "{order:#?}");
        let gone = order.trail.entries().iter().find(|entry| entry.step == Step::Gone).expect("asked again");
        assert_eq!(gone.count, 3, "now, an hour later and the next day");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_request_is_found_to_be_lost_and_made_again() {
    for fault in [FaultKind::ResetBefore, FaultKind::StallBefore { seconds: 150 }, FaultKind::Error500] {
        let (world, order) = asked_under(fault).await;
        assert_eq!(world.posts().len(), 2);
        assert_eq!(world.simulator.accepted()[ORDER].len(), 1);
        assert!(matches!(order.state, State::Asked { presumed: false, .. }), "{order:#?}");
        assert!(order.trail.has(Step::StillOffered));
    }
}

#[tokio::test(start_paused = true)]
async fn a_201_with_half_a_body_is_a_201() {
    let (world, order) = asked_under(FaultKind::TruncatedJson).await;
    assert_eq!(world.posts().len(), 1);
    assert!(matches!(order.state, State::Asked { presumed: false, .. }), "{order:#?}");
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_is_given_back_and_made_later() {
    let (world, order) = asked_under(FaultKind::Throttle).await;
    assert_eq!(world.simulator.accepted()[ORDER].len(), 1);
    assert!(matches!(order.state, State::Asked { presumed: false, .. }), "{order:#?}");
    assert!(order.trail.has(Step::Throttled));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_403_text_is_held_for_a_person_and_not_tried_again() {
    let text = "Dieser Vorgang ist derzeit nicht verfügbar.".to_owned();
    let (world, order) = asked_under(FaultKind::WrongText { message: text }).await;
    assert_eq!(world.posts().len(), 1);
    assert!(matches!(order.state, State::Held { .. }), "{order:#?}");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_text_raises_one_alarm_however_many_orders_meet_it() {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1ONCE", &["DE", "FR"]).await;
    world.go_live(&seller.id).await;
    for n in 0..12 {
        let marketplace = ["A1PA6795UKMFR9", "A13V1IB3VIYZZH"][n % 2];
        let id = format!("302-1234567-00000{n:02}");
        let order = renown_simulator::Order::new(id, "A1ONCE", marketplace, t("2026-10-01T08:00:00Z"));
        world.simulator.put_order(order).expect("well-formed");
    }
    world.simulator.add_fault(Fault::new(FaultKind::WrongText { message: "Nein.".to_owned() }).on(POST));
    let mut alarms = 0;
    while world.clock.now() < t("2026-10-16T00:00:00Z") {
        world.ingest().await;
        alarms += world.tick().await.problems.len();
        renown_tests::sleep(jiff::SignedDuration::from_mins(60)).await;
    }
    let totals = world.totals(&seller.id).await;
    assert_eq!(totals.open.get("held"), Some(&12), "{totals:?}");
    assert_eq!(alarms, 2, "one for each marketplace");
}

#[tokio::test(start_paused = true)]
async fn of_two_claims_on_what_both_have_read_one_is_granted() {
    let (rules, mut world) = (Rules::default(), World::new(t("2026-10-01T00:00:00Z")).await);
    let seller = world.add_seller("A1ONCE", &["DE"]).await;
    world.go_live(&seller.id).await;
    let order = renown_simulator::Order::new(ORDER, "A1ONCE", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
    world.simulator.put_order(order).expect("well-formed");
    renown_tests::sleep(t("2026-10-15T12:00:00Z").duration_since(world.clock.now())).await;
    world.ingest().await;
    let context = Context { rules: &rules, live_since: Some(world.clock.now()), soon: false };
    let (ledger, now) = (&world.app.ledger, world.clock.now());
    let control = ledger.control(now).await.expect("readable");
    let id = ORDER.parse().expect("valid");
    let read = ledger.order(&seller.id, &id).await.expect("readable").expect("there");
    let mut granted = 0;
    for _ in 0..2 {
        let permit = control.permit(&seller.id, seller.marketplaces[0], now).expect("live");
        let lease = now + jiff::SignedDuration::from_mins(15);
        let claimed = ledger.claim(&read, permit, &[], lease, context, &world.clock).await.expect("written");
        granted += u32::from(matches!(claimed, Claimed::Granted { .. }));
    }
    assert_eq!(granted, 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_processes_at_once_one_asks() {
    let mut world = World::new(t("2026-10-01T00:00:00Z")).await;
    let seller = world.add_seller("A1ONCE", &["DE"]).await;
    world.go_live(&seller.id).await;
    for n in 0..5 {
        let id = format!("302-1234567-000000{n}");
        let order = renown_simulator::Order::new(id, "A1ONCE", "A1PA6795UKMFR9", t("2026-10-01T08:00:00Z"));
        world.simulator.put_order(order).expect("well-formed");
    }
    renown_tests::sleep(t("2026-10-15T12:00:00Z").duration_since(world.clock.now())).await;
    world.ingest().await;
    let first = &world.app;
    let deadline = world.clock.now() + renown_tests::INVOCATION;
    let (a, b) = futures_util::join!(
        scheduled_solicit::handle(first, deadline),
        scheduled_solicit::handle(first, deadline)
    );
    let (a, b) = (a.expect("handled"), b.expect("handled"));
    assert_eq!(a.asked + b.asked, 5);
    assert_eq!(world.posts().len(), 5);
    assert_eq!(world.simulator.violations(), vec![]);
}
