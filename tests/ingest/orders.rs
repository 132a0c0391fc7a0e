//! Changes of orders.

use std::collections::BTreeSet;

use renown_core::ids::OrderId;
use renown_core::order::{Facts, Order, OrderStatus, SeenIn, State};
use renown_io::ledger::Ledger;
use renown_io::spapi::NotificationType;
use renown_local::dynamo::TABLE;
use renown_simulator as sim;

use crate::world::{World, batch, event, hours, log, returned, t};

const ORDER: &str = "302-1234567-7654321";
const START: &str = "2026-10-05T09:00:00Z";

async fn take_in(world: &World, name: &str) {
    let response = order_ingest::handle(&world.app, event(name)).await.expect("ids are there");
    assert_eq!(returned(&response), [""; 0], "{name}");
}

async fn facts_after(name: &str) -> Facts {
    let world = World::at(START, "DE").await;
    take_in(&world, name).await;
    world.stored(ORDER).await.expect("there").facts
}

#[tokio::test(start_paused = true)]
async fn a_shipped_order_is_planned_from_its_promise() {
    let world = World::at(START, "DE").await;
    take_in(&world, "order-change-shipped.json").await;
    let order = world.stored(ORDER).await.expect("there");
    assert_eq!((order.facts.status, order.seen_in), (Some(OrderStatus::Shipped), SeenIn::Notification));
    let State::Planned { due_at, .. } = order.state else { panic!("{:?}", order.state) };
    assert!(due_at > t("2026-10-12T22:00:00Z"), "the window opens five days after the promise: {due_at}");
    assert_eq!(world.orders().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn repeats_of_a_batch_cost_one_write_and_a_later_repeat_none() {
    let units_of = async |name: &str, again: bool| {
        let world = World::at(START, "DE").await;
        if again {
            take_in(&world, name).await;
        }
        world.dynamo.count_units();
        take_in(&world, name).await;
        world.dynamo.units().expect("counted")
    };
    let once = units_of("order-change-shipped.json", false).await;
    assert!(once.write > 0.0, "{once:?}");
    assert_eq!(units_of("order-change-repeated.json", false).await, once);
    assert!(units_of("order-change-repeated.json", true).await.write < 0.5, "nothing is written");
    assert_eq!(
        facts_after("order-change-repeated.json").await,
        facts_after("order-change-shipped.json").await
    );
}

#[tokio::test(start_paused = true)]
async fn a_doubly_encoded_body_says_the_same() {
    let (twice, once) = (
        facts_after("order-change-double-encoded.json").await,
        facts_after("order-change-shipped.json").await,
    );
    assert_eq!(twice, once);
}

#[tokio::test(start_paused = true)]
async fn messages_about_items_and_reports_write_nothing() {
    for name in ["order-change-item-level.json", "report-finished.json"] {
        let world = World::at(START, "DE").await;
        world.dynamo.take_writes();
        take_in(&world, name).await;
        assert_eq!(world.dynamo.take_writes(), [], "{name}");
    }
}

/// A world in which a few orders have lived, with all that was sent about them.
async fn lived() -> (World, Vec<String>) {
    let world = World::at("2026-10-01T00:00:00Z", "DE").await;
    for n in 1..=6 {
        let mut order = world.order(n, "2026-10-01T08:00:00Z");
        order.easy_ship = n == 1;
        order.cancelled_at = (n == 2).then(|| t("2026-10-03T00:00:00Z"));
        order.channel = if n == 3 { sim::Channel::Amazon } else { sim::Channel::Merchant };
        world.simulator.put_order(order).expect("valid");
    }
    world.pass(hours(24 * 5)).await;
    let bodies: Vec<_> = world.simulator.take_notifications().into_iter().map(|sent| sent.body).collect();
    assert!(bodies.len() > 20, "{}", bodies.len());
    (world, bodies)
}

#[tokio::test(start_paused = true)]
async fn the_order_of_messages_does_not_matter() {
    let mut outcomes = Vec::new();
    for order in 0..4_usize {
        let (world, mut bodies) = lived().await;
        match order {
            0 => {}
            1 => bodies.reverse(),
            2 => bodies.rotate_left(7),
            _ => bodies = bodies.iter().chain(&bodies).cloned().collect(),
        }
        for bodies in bodies.chunks(4) {
            let event = batch(bodies.iter().map(String::as_str));
            order_ingest::handle(&world.app, event).await.expect("ids are there");
        }
        let orders = world.orders().await.into_values();
        outcomes.push(orders.map(outcome).collect::<Vec<_>>());
    }
    assert_eq!(outcomes[0].iter().filter(|(_, outcome, _)| *outcome == "planned").count(), 5);
    for other in &outcomes[1..] {
        assert_eq!(other, &outcomes[0]);
    }
}

/// What became of an order, whenever that was. What is said of one that has ended is not kept,
/// so that its facts may differ.
fn outcome(order: Order) -> (OrderId, &'static str, Option<Facts>) {
    match order.state {
        State::Planned { .. } => (order.id, "planned", Some(order.facts)),
        State::Skipped { why, .. } => (order.id, why.code(), None),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_of_a_buyer_is_stored_or_logged() {
    let (world, bodies) = lived().await;
    assert!(bodies.iter().any(|body| body.contains("CANARY")), "there is something to keep out");
    let bodies: Vec<_> = bodies.iter().map(String::as_str).chain(["{\"CANARY\": CANARY"]).collect();
    order_ingest::handle(&world.app, batch(bodies)).await.expect("ids are there");
    for name in ["order-change-shipped.json", "unreadable.json"] {
        order_ingest::handle(&world.app, event(name)).await.expect("ids are there");
    }
    let items = world.items(&mut BTreeSet::new());
    assert!(items.len() > 8, "{}", items.len());
    for (keys, item) in items {
        assert!(!item.to_string().contains("CANARY"), "{keys:?}: {item}");
    }
    let log = log();
    assert!(log.iter().any(|line| line["message"] == "batch taken in"));
    for line in log {
        assert!(!line.to_string().contains("CANARY"), "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_hour_of_the_newest_event_is_noted_once_whatever_the_order_of_the_messages() {
    let hours_of = async |reversed: bool| {
        let (world, mut bodies) = lived().await;
        if reversed {
            bodies.reverse();
        }
        world.dynamo.take_writes();
        for body in &bodies {
            order_ingest::handle(&world.app, batch([body.as_str()])).await.expect("ids are there");
        }
        let noted = world.dynamo.take_writes().iter().filter(|written| written.pk == "EVENTS").count();
        (noted, world.app.ledger.last_events(&world.seller()).await.expect("read"))
    };
    let (n_forwards, forwards) = hours_of(false).await;
    let (n_backwards, backwards) = hours_of(true).await;
    assert_eq!((n_backwards, forwards), (1, backwards));
    assert!(n_forwards < 20, "at most one an hour: {n_forwards}");
    let newest = forwards.of(NotificationType::OrderChange).expect("noted");
    assert_eq!(newest.as_second() % 3600, 0);
    assert_eq!((forwards.account_status_changed, forwards.report_processing_finished), (None, None));
}

#[tokio::test(start_paused = true)]
async fn an_event_of_the_future_is_one_of_now_and_a_new_process_writes_nothing_twice() {
    let world = World::at(START, "DE").await;
    let (seller, now) = (world.seller(), world.clock.now());
    let far = t("2099-01-01T00:00:00Z");
    world.app.ledger.note_event(&seller, NotificationType::OrderChange, far, now).await.expect("noted");
    let events = world.app.ledger.last_events(&seller).await.expect("read");
    assert_eq!(events.order_change, Some(now));
    world.dynamo.take_writes();
    let again = Ledger::new(world.dynamo.client(), TABLE, "another");
    again.note_event(&seller, NotificationType::OrderChange, now, now).await.expect("noted");
    assert_eq!(world.dynamo.take_writes(), []);
}
