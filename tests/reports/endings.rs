//! Reports that do not come: cancelled, failed, forgotten, throttled.

use jiff::SignedDuration;
use renown_io::ledger::{ReportKind, ReportState};
use renown_simulator as sim;

use crate::cycle::tick;
use crate::world::{World, hours, log};

const START: &str = "2026-11-20T12:00:00Z";
const KIND: ReportKind = ReportKind::AllOrders;

async fn world() -> World {
    let world = World::at(START, "DE").await;
    world.simulator.put_order(world.order(1, "2026-11-17T10:00:00Z")).expect("valid");
    world
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_back_fill_is_asked_for_once_more_before_it_counts_as_empty() {
    let world = World::at(START, "DE").await;
    world.run(hours(1)).await;
    assert_eq!(world.asked(), 4);
    for kind in ReportKind::OF_ORDERS {
        for item in world.requests(kind).await {
            assert!(matches!(item.state, ReportState::Wanted { cancelled: 1, .. }), "{item:?}");
        }
    }
    world.run(hours(4)).await;
    assert_eq!(world.asked(), 8);
    for kind in ReportKind::OF_ORDERS {
        for item in world.requests(kind).await {
            assert!(matches!(item.state, ReportState::Empty { .. }), "{item:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_range_that_the_next_one_covers_is_empty_at_once() {
    let world = World::at(START, "DE").await;
    world.run(hours(13)).await;
    let items = world.requests(KIND).await;
    let regular: Vec<_> = items.iter().filter(|item| !item.back_fill).collect();
    assert!(!regular.is_empty());
    for item in regular {
        let asked =
            world.simulator.reports().iter().filter(|report| report.data_end == Some(item.to)).count();
        // The range of either kind may end at the same moment.
        assert!(asked <= 2 && matches!(item.state, ReportState::Empty { .. }), "{asked}: {item:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_report_that_fails_is_asked_for_again_later_and_read() {
    let world = world().await;
    world.simulator.add_fault(sim::Fault::new(sim::FaultKind::ReportFatal { document: None }).times(2));
    tick(&world.app).await;
    world.pass(SignedDuration::from_mins(2)).await;
    tick(&world.app).await;
    let ReportState::Wanted { not_before, attempts: 1, .. } = world.requests(KIND).await[0].state else {
        panic!("{:?}", world.requests(KIND).await)
    };
    let pause = not_before.duration_since(world.clock.now());
    // The table keeps whole seconds, and the calls waited for their turn.
    assert_eq!(pause.round(jiff::Unit::Minute).expect("in range"), SignedDuration::from_mins(15));
    let summary = world.run(hours(1)).await;
    assert_eq!((summary.new, summary.problems.len()), (1, 0));
    assert!(matches!(world.newest().await, ReportState::Done { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_always_fails_is_given_up_aloud_and_its_range_asked_for_again() {
    let world = world().await;
    let fault = world.simulator.add_fault(sim::Fault::new(sim::FaultKind::ReportFatal { document: None }));
    let summary = world.run(hours(5)).await;
    let items = world.requests(KIND).await;
    assert!(items.iter().all(|item| matches!(item.state, ReportState::Failed { .. })), "{items:?}");
    assert_eq!(summary.asked_for, 4 * 5, "two kinds, two pieces each, five attempts");
    assert_eq!(summary.problems.len(), 4);
    assert!(
        summary.problems[0].text.en.contains("FATAL")
            && summary.problems[0].text.en.contains("within 6 hours")
    );

    world.simulator.remove_fault(fault);
    let summary = world.run(hours(3)).await;
    assert_eq!(summary.new, 1, "nothing was lost");
    assert!(matches!(world.newest().await, ReportState::Done { .. }));
}

#[tokio::test(start_paused = true)]
async fn why_a_report_fails_is_told_in_amazons_words() {
    let world = world().await;
    let document = r#"{"errorDetails":"This type needs another role."}"#.to_owned();
    world.simulator.add_fault(sim::Fault::new(sim::FaultKind::ReportFatal { document: Some(document) }));
    let summary = world.run(hours(5)).await;
    let ReportState::Failed { why, .. } = &world.requests(KIND).await[0].state else { panic!("given up") };
    assert!(why.contains("needs another role"), "{why}");
    assert!(summary.problems[0].text.en.contains("needs another role"), "{:?}", summary.problems);
    assert!(log().iter().any(|line| line["why"].as_str().is_some_and(|why| why.contains("another role"))));
}

#[tokio::test(start_paused = true)]
async fn a_reason_that_cannot_be_fetched_keeps_no_report_from_being_asked_for_again() {
    let world = world().await;
    let fatal = sim::FaultKind::ReportFatal { document: Some("unread".to_owned()) };
    world.simulator.add_fault(sim::Fault::new(fatal).times(2));
    world
        .simulator
        .add_fault(sim::Fault::new(sim::FaultKind::Error500).on(sim::Operation::DownloadDocument).times(2));
    let summary = world.run(hours(1)).await;
    assert_eq!((summary.new, summary.problems.len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_amazon_forgot_is_asked_for_again() {
    let world = world().await;
    tick(&world.app).await;
    let mut saved = world.simulator.save();
    saved["data"]["reports"] = serde_json::json!({});
    saved["data"]["open_reports"] = serde_json::json!([]);
    world.simulator.restore(&saved).expect("fits");
    let summary = world.run(hours(1)).await;
    assert_eq!((summary.new, summary.problems.len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_never_ends_is_asked_for_again_after_half_a_day() {
    let world = world().await;
    world
        .simulator
        .set_settings(sim::Settings { report_delay_seconds: 1_000_000, ..sim::Settings::default() });
    world.run(hours(1)).await;
    assert_eq!(world.asked(), 4);
    world.simulator.set_settings(sim::Settings::default());
    let summary = world.run(hours(13)).await;
    assert_eq!((summary.new, summary.problems.len()), (1, 0));
    let back_fill = world.requests(KIND).await.into_iter().filter(|item| item.back_fill);
    for item in back_fill {
        assert!(
            !item.is_open() || matches!(item.state, ReportState::Wanted { cancelled: 1, .. }),
            "{item:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_puts_off_and_is_no_attempt() {
    let world = world().await;
    world
        .simulator
        .add_fault(sim::Fault::new(sim::FaultKind::Throttle).on(sim::Operation::CreateReport).times(6));
    let summary = world.run(hours(2)).await;
    assert_eq!((summary.new, summary.problems.len()), (1, 0));
    assert!(matches!(world.newest().await, ReportState::Done { .. }));
    let start = world.simulator.calls()[0].at;
    let now = world.clock.now();
    assert!(now.duration_since(start) >= hours(2), "time only passed between ticks");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_amazon_finds_wrong_is_not_repeated() {
    let world = world().await;
    // The clock of this machine is an hour fast: the end of the range lies in Amazon's future.
    world.clock.jump(hours(1));
    let summary = world.run(SignedDuration::from_mins(15)).await;
    assert_eq!(summary.asked_for, 2, "the old pieces");
    let items = world.requests(KIND).await;
    assert!(
        matches!(&items[1].state, ReportState::Failed { why, .. } if why.contains("future")),
        "{items:?}"
    );
    let refused = world.simulator.calls().iter().filter(|call| call.status == Some(400)).count();
    assert_eq!(refused, 2, "one of each kind");
}

#[tokio::test(start_paused = true)]
async fn close_to_the_deadline_nothing_is_begun() {
    let world = world().await;
    let near = world.clock.now().saturating_add(SignedDuration::from_secs(45)).expect("in range");
    let summary = report_sync::handle_tick(&world.app, near).await.expect("the table answers");
    assert_eq!((summary.asked_for, world.simulator.calls().len()), (0, 0));
    let items = world.requests(KIND).await;
    assert!(
        !items.is_empty()
            && items.iter().all(|item| matches!(item.state, ReportState::Wanted { attempts: 0, .. }))
    );
}
