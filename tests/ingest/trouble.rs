//! What cannot be read, used or written.

use std::collections::BTreeSet;

use renown_io::ledger::{Ledger, Unread};
use renown_local::dynamo::TABLE;
use serde_json::json;

use crate::world::{World, batch, event, hours, returned};

const START: &str = "2026-10-05T09:00:00Z";
const ORDER: &str = "302-1234567-7654321";

async fn kept(world: &World) -> Vec<Unread> {
    world.app.ledger.unread("order-ingest").await.expect("listed")
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_goes_back_alone_and_is_one_entry_however_often_it_comes() {
    let world = World::at(START, "DE").await;
    let broken = event("unreadable.json").records[0].message_id.clone().expect("an id");
    let mut first = None;
    for _ in 0..5 {
        let response =
            order_ingest::handle(&world.app, event("unreadable.json")).await.expect("ids are there");
        assert_eq!(returned(&response), [broken.as_str()]);
        let kept = kept(&world).await;
        assert_eq!(kept.len(), 1);
        assert_eq!(first.get_or_insert_with(|| kept[0].clone()), &kept[0]);
        world.pass(hours(1)).await;
    }
    let entry = first.expect("kept");
    assert!(entry.dead_letter && entry.name == broken && entry.place == "message body", "{entry:?}");
    assert!(entry.problem.contains("dead-letter queue"), "{}", entry.problem);
    assert!(world.stored(ORDER).await.is_some(), "its neighbour was taken in");
}

#[tokio::test(start_paused = true)]
async fn a_type_without_use_is_kept_and_acknowledged() {
    let world = World::at(START, "DE").await;
    let response = order_ingest::handle(&world.app, event("unknown-type.json")).await.expect("ids are there");
    assert_eq!(returned(&response), [""; 0]);
    let [entry] = &kept(&world).await[..] else { panic!("one entry") };
    assert!(!entry.dead_letter && entry.problem.contains("ANY_OFFER_CHANGED"), "{entry:?}");
}

#[tokio::test(start_paused = true)]
async fn orders_of_a_seller_that_is_not_connected_are_kept_with_the_remedy() {
    let world = World::at(START, "DE").await;
    let stranger = event("order-change-shipped.json").records[0]
        .body
        .clone()
        .expect("there")
        .replace("A1EXAMPLESELLER", "A9STRANGER");
    let known = event("order-change-shipped.json").records[0].body.clone().expect("there");
    let response =
        order_ingest::handle(&world.app, batch([stranger.as_str(), &known])).await.expect("ids are there");
    assert_eq!(returned(&response), [""; 0]);
    let [entry] = &kept(&world).await[..] else { panic!("one entry") };
    assert!(
        entry.problem.contains("A9STRANGER") && entry.problem.contains("renown connect"),
        "{}",
        entry.problem
    );
    assert!(!entry.dead_letter);
    assert!(world.stored(ORDER).await.is_some());
}

#[tokio::test(start_paused = true)]
async fn an_order_written_by_a_newer_version_is_left_alone_reported_and_returned() {
    let world = World::at(START, "DE").await;
    order_ingest::handle(&world.app, event("order-change-shipped.json")).await.expect("ids are there");
    let mut seen = BTreeSet::new();
    let (keys, mut newer) =
        world.items(&mut seen).into_iter().find(|((pk, _), _)| pk.starts_with("ORDERS#")).expect("there");
    newer["v"] = json!({"N": "2"});
    let put = json!({"TableName": TABLE, "Item": newer}).to_string();
    assert_eq!(world.dynamo.call("PutItem", &put).0, 200);

    let shipped = event("order-change-shipped.json").records[0].body.clone().expect("there");
    let other = shipped.replace(ORDER, "302-1234567-0000001");
    let cancelled = shipped.replace("\"OrderStatus\":\"Shipped\"", "\"OrderStatus\":\"Canceled\"");
    let response =
        order_ingest::handle(&world.app, batch([cancelled.as_str(), &other])).await.expect("ids are there");
    assert_eq!(returned(&response), ["0"]);
    assert_eq!(world.items(&mut seen)[&keys], newer);
    assert!(world.stored("302-1234567-0000001").await.is_some());
    let [entry] = &kept(&world).await[..] else { panic!("one entry") };
    assert!(entry.dead_letter && entry.place.contains(ORDER) && entry.problem.contains("newer"), "{entry:?}");
}

#[tokio::test(start_paused = true)]
async fn while_the_table_does_not_answer_everything_that_needs_it_goes_back() {
    let mut world = World::at(START, "DE").await;
    world.app.ledger = Ledger::new(world.dynamo.client(), "no-such-table", "second");
    let body = |name: &str| event(name).records[0].body.clone().expect("there");
    let bodies: Vec<_> = [
        "order-change-shipped.json",
        "order-change-item-level.json",
        "account-status-at-risk.json",
        "unknown-type.json",
        "unreadable.json",
    ]
    .map(body)
    .into();
    let response = order_ingest::handle(&world.app, batch(bodies.iter().map(String::as_str)))
        .await
        .expect("ids are there");
    assert_eq!(returned(&response), ["0", "2", "3", "4"]);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_must_go_back_without_an_id_takes_the_batch_with_it() {
    let world = World::at(START, "DE").await;
    let mut event = event("unreadable.json");
    event.records[0].message_id = None;
    assert!(order_ingest::handle(&world.app, event).await.is_err());
}
