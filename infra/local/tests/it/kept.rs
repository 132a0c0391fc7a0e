//! What is kept over a restart and over a kill.

use std::time::Duration;

use jiff::SignedDuration;
use renown_local::stop::Stop;
use renown_local::up::run;

use crate::support::{NO_VIOLATION, asked, days, demo, options, shop, t};

#[tokio::test(start_paused = true)]
async fn a_demo_goes_on_where_it_was_stopped() {
    let (whole, halves) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (at_once, _) = demo(whole.path(), days(16)).await;
    let (first, _) = demo(halves.path(), days(8)).await;
    assert_eq!(first.ended_at, t("2026-10-09T00:00:00Z"));
    let (second, _) = demo(halves.path(), days(8)).await;
    assert_eq!(second.ended_at, at_once.ended_at);
    assert_eq!(second.findings.judged, NO_VIOLATION);
    assert_eq!(second.totals, at_once.totals);
    let ids = |outcome: &renown_local::up::Outcome| outcome.accepted.keys().cloned().collect::<Vec<_>>();
    assert_eq!(ids(&second), ids(&at_once));
}

#[tokio::test(start_paused = true)]
async fn killed_again_and_again_it_asks_nobody_twice_and_forgets_nobody() {
    let dir = tempfile::tempdir().expect("a folder");
    // Odd spans, so that a kill comes in the middle of calls, look-ups and pauses.
    for n in 0..12_u64 {
        let life = Duration::from_secs(86_400 + n * 7_919);
        let (options, stop, mut out) = (options(dir.path(), days(20)), Stop::default(), Vec::new());
        let lived = tokio::time::timeout(life, Box::pin(run(&options, &stop, &mut out))).await;
        assert!(lived.is_err(), "killed");
    }
    let (outcome, _) = demo(dir.path(), days(6)).await;
    assert!(outcome.ended_at > t("2026-10-18T00:00:00Z"), "{}", outcome.ended_at);
    assert!(outcome.totals.add_up());
    assert_eq!(outcome.findings.judged, NO_VIOLATION);
    let shop = shop(dir.path(), outcome.ended_at).await;
    let asked = asked(&shop);
    assert!(asked.len() > 80, "{}", asked.len());
    assert!(
        asked.iter().all(|order| outcome.accepted.contains_key(order)),
        "asked only what Amazon accepted"
    );
}

#[tokio::test(start_paused = true)]
async fn a_second_run_in_the_same_folder_is_refused_while_the_first_one_works() {
    let dir = tempfile::tempdir().expect("a folder");
    let (stop, mut out, mut other) = (Stop::default(), Vec::new(), Vec::new());
    let (first, second) = (options(dir.path(), days(1)), options(dir.path(), days(1)));
    let mut first = std::pin::pin!(run(&first, &stop, &mut out));
    assert!(tokio::time::timeout(Duration::from_mins(1), &mut first).await.is_err(), "at work");
    let error = run(&second, &stop, &mut other).await.expect_err("in use").to_string();
    assert!(error.contains("in use") && error.contains("--data"), "{error}");
    // The commands that look read the same table meanwhile.
    assert!(!shop(dir.path(), t("2026-10-01T00:01:00Z")).await.sellers.is_empty());
    first.await.expect("the first one is not disturbed");
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_stop_ends_the_run_with_its_totals() {
    let dir = tempfile::tempdir().expect("a folder");
    let (stop, mut out) = (Stop::default(), Vec::new());
    stop.wish();
    let outcome = run(&options(dir.path(), days(20)), &stop, &mut out).await.expect("stopped");
    assert_eq!(outcome.ended_at, t("2026-10-01T00:00:00Z"));
    assert!(String::from_utf8(out).expect("UTF-8").contains("\"totals\""));
}

#[tokio::test(start_paused = true)]
async fn a_second_process_looks_on_and_calls_nobody() {
    let dir = tempfile::tempdir().expect("a folder");
    let (stop, mut out) = (Stop::default(), Vec::new());
    let first = options(dir.path(), days(4));
    let mut first = std::pin::pin!(run(&first, &stop, &mut out));
    assert!(tokio::time::timeout(Duration::from_hours(82), &mut first).await.is_err(), "at work");
    let environment = crate::support::environment(dir.path());
    let mut seen = Vec::new();
    let open = {
        let desk = crate::support::desk(&environment, dir.path(), &mut seen);
        desk.open().await.expect("there")
    };
    let looking = options(dir.path(), SignedDuration::from_hours(2));
    let (watching, working) =
        tokio::join!(renown_local::up::watch(&open, &looking, "1", &stop, &mut seen), &mut first);
    let (watched, worked) = (watching.expect("looked on"), working.expect("not disturbed"));
    let seen = String::from_utf8(seen).expect("UTF-8");
    assert!(seen.contains("\"accepted\"") && seen.contains("\"totals\""), "{seen}");
    assert!(0 < watched.totals.asked && watched.totals.asked <= worked.totals.asked);
    assert_eq!(worked.findings.judged, NO_VIOLATION);
}
