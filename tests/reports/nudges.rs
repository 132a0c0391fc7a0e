//! Notifications of finished reports.

use jiff::SignedDuration;
use renown_io::ledger::Ledger;
use renown_simulator as sim;

use crate::cycle::{deadline, tick};
use crate::world::{World, batch, event, hours, returned, t};

const START: &str = "2026-11-20T12:00:00Z";

async fn nudge(world: &World, bodies: &[&str]) -> Vec<String> {
    let event = batch(bodies.iter().copied());
    let response =
        report_sync::handle_queue(&world.app, event, deadline(&world.app)).await.expect("ids are there");
    returned(&response).into_iter().map(ToOwned::to_owned).collect()
}

/// A world whose first two reports are done, and the messages that say so.
async fn finished() -> (World, Vec<String>) {
    let world = World::at(START, "DE").await;
    world.simulator.put_order(world.order(1, "2026-10-25T10:00:00Z")).expect("valid");
    tick(&world.app).await;
    world.pass(SignedDuration::from_mins(2)).await;
    let sent = world.simulator.take_notifications().into_iter().map(|sent| sent.body);
    (world, sent.filter(|body| body.contains("REPORT_PROCESSING_FINISHED")).collect())
}

#[tokio::test(start_paused = true)]
async fn a_finished_report_is_read_at_once_and_the_same_message_again_does_nothing() {
    let (world, messages) = finished().await;
    let bodies: Vec<_> = messages.iter().map(String::as_str).collect();
    assert_eq!(bodies.len(), 2);
    assert_eq!(nudge(&world, &bodies).await, [""; 0]);
    assert!(world.stored("302-1000000-0000001").await.is_some());
    let events = world.app.ledger.last_events(&world.seller()).await.expect("read");
    assert_eq!(events.report_processing_finished, Some(t(START)), "to the hour");
    let calls = world.simulator.calls().len();
    assert_eq!(nudge(&world, &bodies).await, [""; 0]);
    assert_eq!(world.simulator.calls().len(), calls);
}

#[tokio::test(start_paused = true)]
async fn a_message_without_a_seller_finds_its_report() {
    let (world, messages) = finished().await;
    let anonymous: Vec<_> = messages.iter().map(|body| body.replace("\"sellerId\"", "\"someId\"")).collect();
    nudge(&world, &anonymous.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert!(world.stored("302-1000000-0000001").await.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_report_nobody_asked_for_is_left_alone() {
    let (world, _) = finished().await;
    let calls = world.simulator.calls().len();
    let foreign = event("report-finished.json").records[0].body.clone().expect("there");
    assert_eq!(nudge(&world, &[foreign.as_str()]).await, [""; 0]);
    assert_eq!(world.simulator.calls().len(), calls);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_belong_here_is_kept_and_goes_back_and_the_nudge_beside_it_works() {
    let (world, messages) = finished().await;
    let order = event("order-change-shipped.json").records[0].body.clone().expect("there");
    let mut bodies: Vec<_> = messages.iter().map(String::as_str).collect();
    bodies.extend(["{\"notificationType\"", order.as_str()]);
    assert_eq!(nudge(&world, &bodies).await, ["2", "3"]);
    assert!(world.stored("302-1000000-0000001").await.is_some());
    let kept = world.app.ledger.unread("report-sync").await.expect("listed");
    assert_eq!(kept.iter().filter(|entry| entry.dead_letter).count(), 2);
    assert!(kept.iter().any(|entry| entry.problem.contains("queue of order-ingest")), "{kept:?}");
    assert!(!kept.iter().any(|entry| entry.problem.contains("CANARY")));
}

#[tokio::test(start_paused = true)]
async fn while_the_table_does_not_answer_nudges_go_back() {
    let (mut world, messages) = finished().await;
    world.app.ledger = Ledger::new(world.dynamo.client(), "no-such-table", "second");
    assert_eq!(nudge(&world, &[messages[0].as_str()]).await, ["0"]);
}

#[tokio::test(start_paused = true)]
async fn lost_notifications_cost_minutes_and_nothing_else() {
    let world = World::at(START, "DE").await;
    world
        .simulator
        .put_order(sim::Order { touched_at: vec![], ..world.order(1, "2026-11-20T12:30:00Z") })
        .expect("valid");
    world.run(hours(8)).await;
    assert!(world.stored("302-1000000-0000001").await.is_some());
}
