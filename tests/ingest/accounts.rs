//! Changes of accounts.

use renown_core::control::{Cause, Stop};
use renown_core::text;

use crate::world::{World, batch, event, log, returned};

const START: &str = "2026-10-05T09:00:00Z";

async fn stop(world: &World) -> Option<Stop> {
    let control = world.app.ledger.control(world.clock.now()).await.expect("read");
    control.control().sellers.get(&world.seller())?.stop.clone()
}

fn body(status: &str, subscription: &str) -> String {
    event("account-status-at-risk.json").records[0]
        .body
        .clone()
        .expect("there")
        .replace("AT_RISK", status)
        .replace("0000000000a2", subscription)
}

async fn take_in(world: &World, body: &str) {
    let response = order_ingest::handle(&world.app, batch([body])).await.expect("ids are there");
    assert_eq!(returned(&response), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_account_at_risk_is_stopped_until_a_person_resumes() {
    let world = World::at(START, "DE").await;
    let warning = body("AT_RISK", "0000000000a2");
    take_in(&world, &warning).await;
    let stopped = stop(&world).await.expect("stopped");
    assert_eq!((stopped.cause, stopped.since), (Cause::AccountStatus, world.clock.now()));
    assert!(stopped.note.contains("AT_RISK"), "{}", stopped.note);
    assert!(log().iter().any(|line| line["level"] == "ERROR" && line["account.status"] == "AT_RISK"));

    let events = world.app.ledger.last_events(&world.seller()).await.expect("read");
    assert!(events.account_status_changed.is_some() && events.order_change.is_none(), "{events:?}");

    take_in(&world, &warning).await;
    take_in(&world, &body("NORMAL", "0000000000a2")).await;
    assert_eq!(stop(&world).await, Some(stopped), "a repeat adds nothing, and NORMAL releases nothing");

    take_in(&world, &body("DEACTIVATED", "0000000000a2")).await;
    let worse = stop(&world).await.expect("stopped");
    assert!(worse.note.contains("AT_RISK") && worse.note.contains("DEACTIVATED"), "{}", worse.note);
}

#[tokio::test(start_paused = true)]
async fn a_standing_nobody_knows_stops_as_well() {
    let world = World::at(START, "DE").await;
    take_in(&world, &body("UNDER_REVIEW", "0000000000a2")).await;
    assert_eq!(stop(&world).await.map(|stop| stop.cause), Some(Cause::AccountStatus));
}

#[tokio::test(start_paused = true)]
async fn a_persons_pause_stays_the_persons_and_learns_of_the_warning() {
    let world = World::at(START, "DE").await;
    let (seller, now) = (world.seller(), world.clock.now());
    world
        .app
        .ledger
        .stop_seller(&seller, Cause::Person, &text!("holiday", "休假"), now)
        .await
        .expect("written");
    take_in(&world, &body("AT_RISK", "0000000000a2")).await;
    let stopped = stop(&world).await.expect("stopped");
    assert_eq!(stopped.cause, Cause::Person);
    assert!(stopped.note_zh.starts_with("休假;") && stopped.note_zh.contains("账户"), "{}", stopped.note_zh);
    assert!(stopped.note.starts_with("holiday; ") && stopped.note.contains("AT_RISK"), "{}", stopped.note);
}

#[tokio::test(start_paused = true)]
async fn a_warning_of_nobody_is_kept_with_its_reason() {
    let world = World::at(START, "DE").await;
    take_in(&world, &body("AT_RISK", "0000000000ff")).await;
    assert_eq!(stop(&world).await, None);
    let kept = world.app.ledger.unread("order-ingest").await.expect("listed");
    assert_eq!((kept.len(), kept[0].place.as_str()), (1, "notificationMetadata.subscriptionId"));
    assert!(
        kept[0].problem.contains("AT_RISK") && kept[0].problem.contains("renown connect"),
        "{}",
        kept[0].problem
    );
}
