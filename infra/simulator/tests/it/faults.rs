//! Each kind of fault, and the conditions under which it strikes.

use std::time::Duration;

use renown_simulator::{Fault, FaultKind, Operation, OutageAnswer, ViolationKind};

use crate::support::{ORDER, World, actions_path, at, order_named, seconds, solicit_path};

const POST: Operation = Operation::CreateProductReviewAndSellerFeedbackSolicitation;
const GET: Operation = Operation::GetSolicitationActionsForOrder;

/// A world in the middle of the window.
async fn open_world() -> World {
    let world = World::new().await;
    world.go_to("2026-03-08T12:00:00Z");
    World { token: world.token_of("Atzr|one").await, ..world }
}

fn was_accepted(world: &World) -> bool {
    world.simulator.accepted().contains_key(ORDER)
}

#[tokio::test(start_paused = true)]
async fn faults_before_processing_leave_the_order_unasked() {
    let cases = [
        (FaultKind::Throttle, 429),
        (FaultKind::Error500, 500),
        (FaultKind::Error503, 503),
        (FaultKind::HtmlError { status: 400 }, 400),
        (FaultKind::HtmlError { status: 503 }, 503),
        (FaultKind::Outage { answer: OutageAnswer::Unavailable }, 503),
        (FaultKind::WrongText { message: "No such luck".to_owned() }, 403),
    ];
    for (kind, status) in cases {
        let world = open_world().await;
        let id = world.simulator.add_fault(Fault::new(kind.clone()).on(POST).times(1));
        let reply = world.solicit(ORDER).await;
        assert_eq!(reply.status, status, "{kind:?}");
        assert!(!was_accepted(&world), "{kind:?}");
        assert_eq!(world.simulator.calls().last().unwrap().fault, Some(id));
        if matches!(kind, FaultKind::HtmlError { .. }) {
            assert_eq!(reply.header("content-type"), Some("text/html"));
            assert!(reply.body.starts_with(b"<html>"));
        }
        assert_eq!(world.solicit(ORDER).await.status, 201, "{kind:?} struck once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reset_before_processing_leaves_no_trace_and_one_after_it_leaves_the_solicitation() {
    for (kind, accepted) in [(FaultKind::ResetBefore, false), (FaultKind::ResetAfter, true)] {
        let world = open_world().await;
        world.simulator.add_fault(Fault::new(kind).on(POST).times(1));
        assert!(world.try_call("POST", &solicit_path(ORDER), "").await.is_err());
        assert_eq!(was_accepted(&world), accepted);
        let call = world.simulator.calls().pop().unwrap();
        assert_eq!((call.status, call.accepted), (None, accepted));
        assert_eq!(world.offered(ORDER).await, !accepted);
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeat_after_a_lost_reply_is_still_a_repeat() {
    let world = open_world().await;
    world.simulator.add_fault(Fault::new(FaultKind::ResetAfter).on(POST).times(1));
    assert!(world.try_call("POST", &solicit_path(ORDER), "").await.is_err());
    world.simulator.add_fault(Fault::new(FaultKind::ResetBefore).on(POST).times(1));
    assert!(world.try_call("POST", &solicit_path(ORDER), "").await.is_err());
    assert_eq!(world.simulator.violations()[0].kind, ViolationKind::Repeat);
}

#[tokio::test(start_paused = true)]
async fn stalls_are_longer_than_a_client_waits() {
    for (kind, accepted) in
        [(FaultKind::StallBefore { seconds: 150 }, false), (FaultKind::StallAfter { seconds: 150 }, true)]
    {
        let world = open_world().await;
        world.simulator.add_fault(Fault::new(kind).on(POST).times(1));
        let path = solicit_path(ORDER);
        let patience = tokio::time::timeout(Duration::from_mins(2), world.try_call("POST", &path, ""));
        assert!(patience.await.is_err(), "the reply must not come within two minutes");
        assert_eq!(was_accepted(&world), accepted);
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_out_a_stall_gets_the_reply() {
    let world = open_world().await;
    world.simulator.add_fault(Fault::new(FaultKind::StallAfter { seconds: 150 }).on(POST).times(1));
    assert_eq!(world.solicit(ORDER).await.status, 201);
    assert!(world.simulator.now() >= at("2026-03-08T12:02:30Z"));
}

#[tokio::test(start_paused = true)]
async fn truncated_json_is_processed_and_cannot_be_read() {
    let world = open_world().await;
    world.simulator.add_fault(Fault::new(FaultKind::TruncatedJson).times(2));
    let probe = world.get(&actions_path(ORDER)).await;
    assert_eq!(probe.status, 200);
    assert!(serde_json::from_slice::<serde_json::Value>(&probe.body).is_err());
    let post = world.solicit(ORDER).await;
    assert_eq!((post.status.as_u16(), &post.body[..]), (201, &b"{"[..]));
    assert!(was_accepted(&world));
}

#[tokio::test(start_paused = true)]
async fn nothing_offered_hides_an_eligible_order_for_a_while() {
    for kind in [FaultKind::NothingOffered, FaultKind::Outage { answer: OutageAnswer::Empty }] {
        let world = open_world().await;
        world
            .simulator
            .add_fault(Fault::new(kind).between(at("2026-03-08T00:00:00Z"), at("2026-03-08T12:30:00Z")));
        assert!(!world.offered(ORDER).await);
        world.simulator.step_clock(seconds(1800));
        assert!(world.offered(ORDER).await);
    }
}

#[tokio::test(start_paused = true)]
async fn the_action_may_still_be_offered_for_a_while_after_it_was_taken() {
    let world = open_world().await;
    world.simulator.add_fault(Fault::new(FaultKind::StillOfferedFor { seconds: 600 }));
    assert_eq!(world.solicit(ORDER).await.status, 201);
    assert!(world.offered(ORDER).await);
    world.simulator.step_clock(seconds(601));
    assert!(!world.offered(ORDER).await);
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_rejected_once_and_a_refreshed_one_works() {
    let world = open_world().await;
    world.simulator.add_fault(Fault::new(FaultKind::TokenExpired));
    let reply = world.get(&actions_path(ORDER)).await;
    assert_eq!(reply.status, 403);
    assert!(reply.json()["errors"][0]["details"].as_str().unwrap().contains("expired"));
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 403, "the old token stays dead");
    let world = World { token: world.token_of("Atzr|one").await, ..world };
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_grant_gives_no_token_and_denies_calls_until_the_fault_ends() {
    let world = open_world().await;
    let id = world.simulator.add_fault(Fault::new(FaultKind::Revoked).of_seller("A1SELLER"));
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 403);
    assert_eq!(world.ask_lwa(&[("refresh_token", "Atzr|one")]).await.json()["error"], "invalid_grant");
    assert_eq!(world.ask_lwa(&[("refresh_token", "Atzr|two")]).await.status, 200);
    assert!(world.simulator.remove_fault(id));
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn the_token_endpoint_is_struck_when_named() {
    let world = open_world().await;
    world.simulator.add_fault(Fault::new(FaultKind::Error503));
    assert_eq!(world.ask_lwa(&[("refresh_token", "Atzr|one")]).await.status, 200);
    world.simulator.add_fault(Fault::new(FaultKind::Error503).on(Operation::LwaToken).times(1));
    assert_eq!(world.ask_lwa(&[("refresh_token", "Atzr|one")]).await.status, 503);
    assert_eq!(world.ask_lwa(&[("refresh_token", "Atzr|one")]).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_fault_strikes_only_the_calls_it_names_after_letting_some_through() {
    let world = open_world().await;
    world.put(order_named("444-4444444-4444444"));
    let fault = Fault::new(FaultKind::Error500).on(GET).of_order("444-4444444-4444444").skip(1).times(1);
    world.simulator.add_fault(fault);
    let mut statuses = Vec::new();
    for order in [ORDER, "444-4444444-4444444", "444-4444444-4444444", "444-4444444-4444444", ORDER] {
        statuses.push(world.get(&actions_path(order)).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 500, 200, 200]);
}

#[tokio::test(start_paused = true)]
async fn an_injected_throttle_is_no_violation() {
    let world = open_world().await;
    world.simulator.add_fault(Fault::new(FaultKind::Throttle).times(1));
    assert_eq!(world.get(&actions_path(ORDER)).await.status, 429);
    assert!(world.simulator.violations().is_empty());
}
