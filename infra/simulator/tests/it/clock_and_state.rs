//! The clock, and saving and restoring everything.

use std::time::Duration;

use renown_simulator::{Fault, FaultKind, Operation, Simulator};
use serde_json::json;

use crate::support::{ORDER, World, actions_path, at, seconds};

#[tokio::test(start_paused = true)]
async fn the_clock_runs_with_tokio_and_can_be_set_and_stepped() {
    let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(simulator.now(), at("2026-03-01T00:00:05Z"));
    simulator.step_clock(seconds(-10));
    assert_eq!(simulator.now(), at("2026-02-28T23:59:55Z"));
    simulator.set_clock(at("2027-01-01T00:00:00Z"));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(simulator.now(), at("2027-01-01T00:00:01Z"));
}

#[tokio::test(start_paused = true)]
async fn a_restored_state_goes_on_as_if_nothing_had_happened() {
    let world = World::new().await;
    world.go_to("2026-03-08T12:00:00Z");
    let world = World { token: world.token_of("Atzr|one").await, ..world };
    world.simulator.add_fault(Fault::new(FaultKind::Error500).on(Operation::GetOrder).times(2));
    for _ in 0..4 {
        world.get(&actions_path(ORDER)).await;
    }
    assert_eq!(world.solicit(ORDER).await.status, 201);
    let saved = world.simulator.save();

    let copy = World { simulator: Simulator::new(at("2020-01-01T00:00:00Z")), token: world.token.clone() };
    let as_text: serde_json::Value = serde_json::from_str(&saved.to_string()).unwrap();
    copy.simulator.restore(&as_text).unwrap();
    assert_eq!(copy.simulator.save(), saved);
    assert_eq!(copy.simulator.now(), world.simulator.now());
    // Token, bucket (one left of five), acceptance, faults and the call count are all there.
    assert!(!copy.offered(ORDER).await);
    assert_eq!(copy.get(&actions_path(ORDER)).await.status, 429);
    assert_eq!(copy.get(&format!("/orders/2026-01-01/orders/{ORDER}")).await.status, 500);
    assert_eq!(copy.simulator.calls().len(), world.simulator.calls().len() + 3);
    assert_eq!(
        copy.simulator.next_change_after(at("2026-01-01T00:00:00Z")),
        Some(at("2026-02-25T10:00:00Z"))
    );
    assert_eq!(copy.simulator.take_notifications(), world.simulator.take_notifications());
}

#[tokio::test(start_paused = true)]
async fn a_state_that_does_not_fit_changes_nothing_and_names_the_place() {
    let world = World::new().await;
    let error = world
        .simulator
        .restore(&json!({"now": "2026-01-01T00:00:00Z", "data": {"orders": {"x": {}}}}))
        .unwrap_err();
    assert!(error.place.starts_with("data.orders.x"), "{error}");
    assert!(world.simulator.restore(&json!({"data": {}})).unwrap_err().to_string().contains("now"));
    assert_eq!(world.simulator.orders().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn reset_forgets_everything_but_clock_and_settings() {
    let world = World::new().await;
    world.simulator.reset();
    assert!(world.simulator.orders().is_empty() && world.simulator.calls().is_empty());
    assert!(world.simulator.now() >= at("2026-03-01T00:00:00Z"));
    assert_eq!(world.simulator.next_change_after(at("2020-01-01T00:00:00Z")), None);
}
