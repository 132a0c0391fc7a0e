//! The demo from its first day on.

use renown_core::order::State;
use serde_json::Value;

use crate::keep::terminal::{arg, renown};
use crate::support::{NO_VIOLATION, days, demo, shop};

#[tokio::test(start_paused = true)]
async fn a_month_of_the_demo_adds_up_breaks_no_rule_and_asks_nobody_twice() {
    let dir = tempfile::tempdir().expect("a folder");
    let (outcome, printed) = demo(dir.path(), days(30)).await;
    assert!(outcome.totals.add_up());
    assert_eq!(outcome.totals.orders, 400);
    assert_eq!(outcome.findings.judged, NO_VIOLATION);
    assert!(outcome.accepted.values().all(|times| times.len() == 1));
    assert!(outcome.totals.asked > 200, "{:?}", outcome.totals);

    let shop = shop(dir.path(), outcome.ended_at).await;
    for order in &shop.orders {
        let accepted = outcome.accepted.contains_key(order.id.as_str());
        let told = match order.state {
            State::Asked { .. } => accepted,
            // Not cleared up yet: either may be true.
            State::Claimed { .. } | State::Unknown { .. } => true,
            _ => !accepted,
        };
        assert!(told, "{} is {:?}, accepted: {accepted}", order.id, order.state);
    }

    let topics = renown(dir.path(), &["topics", "--data", arg(dir.path())]).out;
    for asin in ["B0DLAMP001", "B0DTEA0001"] {
        let line = topics.lines().find(|line| line.starts_with(asin) && line.contains("mentions"));
        assert!(line.is_some(), "{asin}: {topics}");
    }
    let lamp =
        renown(dir.path(), &["topics", "B0DLAMP001", "--seller", "A1MORNINGHOME", "--data", arg(dir.path())]);
    assert!(lamp.out.contains("the arm broke after a week"), "{}{}", lamp.out, lamp.err);

    let dead_letters = std::fs::read_to_string(dir.path().join("dead-letters.jsonl"));
    assert!(!dead_letters.expect("some messages are cut on the way").is_empty());

    let events: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let count = |word: &str| events.iter().filter(|event| event["event"] == word).count();
    for word in [
        "first_notified",
        "first_reported",
        "first_imported",
        "accepted",
        "presumed",
        "unclear",
        "gone",
        "still_offered",
        "throttled",
        "nothing_offered",
        "parcel_underway",
        "skipped",
    ] {
        assert!(count(word) > 0, "no {word}");
    }
    assert_eq!((count("amazon"), count("day"), count("problem"), count("stop")), (4, 30, 0, 0));
    let last = events.last().expect("the totals");
    assert_eq!(last["event"], "totals");
    assert_eq!(last["totals"]["orders"], 400);
    let asked_by_days: u64 = events.iter().filter_map(|event| event["asked"].as_u64()).sum();
    assert_eq!(Some(asked_by_days), last["totals"]["asked"].as_u64());
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_tells_the_same_story() {
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let first = demo(one.path(), days(7)).await.1;
    assert_eq!(first, demo(two.path(), days(7)).await.1);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_no_old_case_is_told_as_a_new_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let told = |printed: String| -> Vec<String> {
        let events = printed.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let cases = events.filter(|event| event["event"] == "case");
        let new = cases.map(|event| event["text"].to_string()).filter(|text| !text.contains("Time is up"));
        new.collect()
    };
    let before = told(demo(dir.path(), days(8)).await.1);
    let after = told(demo(dir.path(), days(3)).await.1);
    assert!(before.len() > 5 && !after.is_empty(), "{before:?} {after:?}");
    assert!(after.iter().all(|text| !before.contains(text)), "{before:?} {after:?}");
}
