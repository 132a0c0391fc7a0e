//! Processes that die, and two at once.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use renown_io::ledger::{ReportKind, ReportState};
use renown_io::secrets::Scope;
use renown_local::amazon;
use renown_simulator as sim;

use crate::cycle::{INVOCATION, deadline, tick};
use crate::world::{World, app, credentials, hours};

const START: &str = "2026-11-20T12:00:00Z";
const ROWS: u32 = 1_300;

async fn long_file() -> World {
    let world = World::at(START, "DE").await;
    for n in 1..=ROWS {
        world.simulator.put_order(world.order(n, "2026-11-17T10:00:00Z")).expect("valid");
    }
    // The young piece of the back-fill has them all; the old one is empty.
    tick(&world.app).await;
    world.pass(SignedDuration::from_mins(5)).await;
    tick(&world.app).await;
    world.pass(SignedDuration::from_mins(5)).await;
    world
}

/// How many rows of the file are taken in for good.
async fn rows_done(world: &World) -> u64 {
    match world.newest().await {
        ReportState::Reading { lines, .. } => lines,
        _ => 0,
    }
}

/// Runs a tick until the file has come that far, then drops it.
async fn die_after(world: &World, rows: u64) {
    let mut tick = std::pin::pin!(report_sync::handle_tick(&world.app, deadline(&world.app)));
    let watch = async {
        while rows_done(world).await < rows {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        () = watch => {}
        result = &mut tick => panic!("it was not interrupted: {result:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_half_read_goes_on_at_its_checkpoint_and_ends_the_same() {
    let whole = long_file().await;
    whole.run(hours(1)).await;
    let expected = whole.orders().await;
    assert_eq!(expected.len(), ROWS as usize);

    let world = long_file().await;
    die_after(&world, 500).await;
    let begun = rows_done(&world).await;
    assert!((500..u64::from(ROWS)).contains(&begun), "{begun}");
    let while_leased = tick(&world.app).await;
    assert_eq!((while_leased.rows, rows_done(&world).await), (0, begun), "whoever read it may still live");
    world.pass(INVOCATION + SignedDuration::from_secs(61)).await;
    let rest = world.run(hours(1)).await;
    assert_eq!(
        (rest.rows, rest.read),
        (u64::from(ROWS) - begun, 1),
        "rows before the checkpoint are not taken in again"
    );

    let facts = |orders: std::collections::BTreeMap<String, renown_core::order::Order>| {
        orders.into_iter().map(|(id, order)| (id, order.facts, order.seen_in)).collect::<Vec<_>>()
    };
    assert_eq!(facts(world.orders().await), facts(expected));
    let done = |state| match state {
        ReportState::Done { rows, bad_rows, .. } => (rows, bad_rows),
        other => panic!("{other:?}"),
    };
    assert_eq!(done(world.newest().await), done(whole.newest().await));
}

#[tokio::test(start_paused = true)]
async fn a_file_too_long_for_one_invocation_is_read_in_several() {
    let world = long_file().await;
    let jump = async {
        while rows_done(&world).await < 500 {
            tokio::task::yield_now().await;
        }
        // So much time has passed that no more than the margin is left.
        world.clock.jump(INVOCATION - SignedDuration::from_secs(40));
    };
    let (first, ()) = tokio::join!(tick(&world.app), jump);
    let begun = rows_done(&world).await;
    assert!(first.read == 0 && first.rows == begun && begun < u64::from(ROWS), "{first:?}");
    let second = tick(&world.app).await;
    assert_eq!(
        (second.rows, second.read),
        (u64::from(ROWS) - begun, 1),
        "the next tick need not wait for a lease"
    );
}

#[tokio::test(start_paused = true)]
async fn a_process_that_dies_before_it_learns_the_reports_id_loses_nothing() {
    // Wherever in its first calls the process dies.
    let mut orphans = 0;
    for polls in (4..120).step_by(4) {
        let world = World::at(START, "DE").await;
        world.simulator.put_order(world.order(1, "2026-11-17T10:00:00Z")).expect("valid");
        let mut dying = Box::pin(report_sync::handle_tick(&world.app, deadline(&world.app)));
        for _ in 0..polls {
            if std::future::poll_fn(|context| std::task::Poll::Ready(dying.as_mut().poll(context).is_ready()))
                .await
            {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(dying);
        let known =
            world.requests(ReportKind::AllOrders).await.iter().filter(|item| item.report().is_some()).count();
        orphans += usize::from(world.asked() > 0 && known == 0);
        world.run(hours(6)).await;
        assert!(world.stored("302-1000000-0000001").await.is_some(), "died after {polls} polls");
        for item in world.requests(ReportKind::AllOrders).await {
            assert!(
                matches!(item.state, ReportState::Done { .. } | ReportState::Empty { .. }),
                "{polls}: {item:?}"
            );
        }
    }
    assert!(orphans > 0, "it died between Amazon's answer and the table at least once");
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_never_came_does_not_make_a_range_empty() {
    let world = World::at(START, "DE").await;
    world.simulator.put_order(world.order(1, "2026-11-17T10:00:00Z")).expect("valid");
    world
        .simulator
        .add_fault(sim::Fault::new(sim::FaultKind::ResetAfter).on(sim::Operation::CreateReport).times(2));
    world.run(hours(6)).await;
    assert!(world.stored("302-1000000-0000001").await.is_some());
}

#[tokio::test(start_paused = true)]
async fn two_ticks_at_once_ask_for_nothing_twice_and_read_nothing_twice() {
    let world = World::at(START, "DE").await;
    for n in 1..=150 {
        world.simulator.put_order(world.order(n, "2026-11-17T10:00:00Z")).expect("valid");
    }
    let http = amazon::http_client(world.simulator.clone());
    let other = app(&world.dynamo, &http, &world.clock, "second");
    other.secrets.store(Scope::Listen, &world.seller(), &credentials()).await.expect("stored");
    let (mut rows, mut read) = (0, 0);
    for _ in 0..12 {
        let (a, b) = tokio::join!(tick(&world.app), tick(&other));
        rows += a.rows + b.rows;
        read += a.read + b.read;
        world.pass(SignedDuration::from_mins(5)).await;
    }
    assert_eq!((rows, read), (150, 1));
    let asked: Vec<_> = world
        .simulator
        .reports()
        .into_iter()
        .map(|report| (report.report_type, report.data_start, report.data_end))
        .collect();
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len(), "{asked:?}");
    assert_eq!(world.orders().await.len(), 150);
}
