//! `renown restore`.

use std::path::{Path, PathBuf};

use renown_core::order::{Answer, Order, State};
use renown_local::folder::{Folder, Kind};

use super::claimed::claim;
use super::terminal::{arg, renown};
use crate::support::{days, demo, shop, t};

/// A demo of some days and its copy.
async fn copied(dir: &Path, n_days: i64) -> (PathBuf, PathBuf) {
    let (data, copy) = (dir.join("demo"), dir.join("copy"));
    Box::pin(demo(&data, days(n_days))).await;
    renown(dir, &["export", arg(&copy), "--data", arg(&data), "--json"]).json();
    (data, copy)
}

#[tokio::test(start_paused = true)]
async fn a_restored_shop_knows_all_that_was_known_listens_and_keeps_its_pauses() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("demo");
    let (outcome, _) = demo(&data, days(16)).await;
    renown(dir.path(), &["pause", "--seller", "A2KUMOTEA", "--data", arg(&data), "--json"]).json();
    let copy = dir.path().join("copy");
    renown(dir.path(), &["export", arg(&copy), "--data", arg(&data), "--json"]).json();
    let again = dir.path().join("again");
    let told = renown(dir.path(), &["restore", arg(&copy), "--data", arg(&again), "--json"]).json();

    let (before, after) = (shop(&data, outcome.ended_at).await, shop(&again, outcome.ended_at).await);
    assert_eq!(told["orders"], before.orders.len());
    assert_eq!(after.orders, before.orders);
    assert!(after.orders.iter().any(|order| matches!(order.state, State::Asked { .. })));
    assert_eq!((after.sellers.len(), after.unreadable.len()), (before.sellers.len(), 0));
    for seller in &after.sellers {
        assert!(before.control.live_since(&seller.id).is_some());
        assert_eq!(after.control.live_since(&seller.id), None);
        let stop = |shop: &renown_local::views::Shop| shop.control.seller_stop(&seller.id).cloned();
        assert_eq!(stop(&after), stop(&before));
        let is_paused = stop(&after).is_some();
        assert_eq!(is_paused, seller.id.as_str() == "A2KUMOTEA");
    }
    let folder = Folder::existing(&again).expect("a shop");
    assert_eq!(folder.kind().expect("readable"), Some(Kind::Shop { amazon: None }));
    assert!(!again.join("secrets").exists());
    // No demo goes on with it.
    renown(dir.path(), &["up", "--seed", "1", "--data", arg(&again)]).fails(1, &["a shop of your own"]);
    // A copy of the copy is the copy, but for live mode.
    let second = dir.path().join("second");
    renown(dir.path(), &["export", arg(&second), "--data", arg(&again), "--json"]).json();
    let lines = |folder: &Path| {
        let text = std::fs::read_to_string(folder.join("orders.jsonl")).expect("readable");
        text.lines().map(ToOwned::to_owned).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(lines(&second), lines(&copy));
}

#[tokio::test(start_paused = true)]
async fn a_damaged_copy_is_refused_with_file_and_line_before_anything_is_written() {
    let dir = tempfile::tempdir().expect("a folder");
    let (_, copy) = copied(dir.path(), 3).await;
    let data = dir.path().join("again");
    let orders = copy.join("orders.jsonl");
    let whole = std::fs::read_to_string(&orders).expect("readable");
    let manifest = std::fs::read_to_string(copy.join("manifest.json")).expect("readable");
    let refused = |says: &[&str]| {
        let ran = renown(dir.path(), &["restore", arg(&copy), "--data", arg(&data)]);
        ran.fails(1, says);
        let chinese = renown(dir.path(), &["restore", arg(&copy), "--data", arg(&data), "--lang", "zh"]);
        assert!(chinese.err.chars().any(|c| c >= '\u{4e00}'), "{}", chinese.err);
        assert!(!data.exists(), "nothing was written");
    };
    let write = |text: &str| std::fs::write(&orders, text).expect("written");

    let mut lines: Vec<&str> = whole.lines().collect();
    lines[2] = "{\"Item\": {\"pk\"";
    write(&(lines.join("\n") + "\n"));
    refused(&["orders.jsonl, line 3", "nothing was restored"]);

    let newer = whole.replacen("\"v\":{\"N\":\"1\"}", "\"v\":{\"N\":\"2\"}", 1);
    assert_ne!(newer, whole);
    write(&newer);
    refused(&["orders.jsonl, line 1", "version \"2\"", "newer Renown"]);

    let n = whole.lines().count();
    write(&whole.lines().take(n - 1).fold(String::new(), |text, line| text + line + "\n"));
    refused(&["orders.jsonl", &format!("line {}", n - 1), "cut"]);

    let changed = whole.replacen("\"asked\"", "\"askee\"", 1).replacen("shipped", "shippee", 1);
    assert_ne!(changed, whole);
    write(&changed);
    refused(&["orders.jsonl", "SHA-256"]);

    std::fs::remove_file(&orders).expect("removed");
    refused(&["orders.jsonl"]);
    write(&whole);

    let set = |text: &str| std::fs::write(copy.join("manifest.json"), text).expect("written");
    set(&manifest.replacen("\"format\": 1", "\"format\": 2", 1));
    refused(&["manifest.json, line 2", "format 2", "update"]);
    set(&manifest.replacen("\"orders.jsonl\"", "\"../orders.jsonl\"", 1));
    refused(&["manifest.json, line", "no file of a copy"]);
    set(&manifest[..manifest.len() / 2]);
    refused(&["manifest.json, line", "damaged"]);
    std::fs::remove_file(copy.join("manifest.json")).expect("removed");
    refused(&["manifest.json"]);

    set(&manifest);
    renown(dir.path(), &["restore", arg(&copy), "--data", arg(&data), "--json"]).json();
}

#[tokio::test(start_paused = true)]
async fn a_copy_goes_into_a_new_or_empty_folder_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let (data, copy) = copied(dir.path(), 1).await;
    renown(dir.path(), &["restore", arg(&copy), "--data", arg(&data)]).fails(2, &["holds a shop already"]);
    let foreign = dir.path().join("photos");
    std::fs::create_dir(&foreign).expect("made");
    std::fs::write(foreign.join("holiday.jpg"), "").expect("written");
    renown(dir.path(), &["restore", arg(&copy), "--data", arg(&foreign)]).fails(2, &["empty folder"]);
    assert_eq!(std::fs::read_dir(&foreign).expect("there").count(), 1);
    let again = dir.path().join("again");
    renown(dir.path(), &["restore", arg(&copy), "--data", arg(&again), "--json"]).json();
    renown(dir.path(), &["restore", arg(&copy), "--data", arg(&again)]).fails(2, &["holds a shop already"]);
    assert!(!again.join("restoring.sqlite").exists() && !again.join("restoring.sqlite-wal").exists());
}

#[tokio::test(start_paused = true)]
async fn a_call_of_unknown_outcome_is_still_to_be_cleared_up_after_a_restore() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("demo");
    let (outcome, _) = demo(&data, days(5)).await;
    let before = shop(&data, outcome.ended_at).await;
    let planned = before.orders.iter().filter(|order| matches!(order.state, State::Planned { .. }));
    let [claimed, unknown] = planned.take(2).collect::<Vec<_>>()[..] else { panic!("two orders wait") };
    claim(&data, claimed, outcome.ended_at, None).await;
    claim(&data, unknown, outcome.ended_at, Some(Answer::Unclear("no reply".to_owned()))).await;
    let (copy, again) = (dir.path().join("copy"), dir.path().join("again"));
    renown(dir.path(), &["export", arg(&copy), "--data", arg(&data), "--json"]).json();
    renown(dir.path(), &["restore", arg(&copy), "--data", arg(&again), "--json"]).json();
    let restored = shop(&again, t("2026-10-07T00:00:00Z")).await;
    let state = |was: &Order| {
        let found = restored.orders.iter().find(|order| order.id == was.id);
        found.expect("restored").state.clone()
    };
    assert!(matches!(state(claimed), State::Claimed { .. }), "{:?}", state(claimed));
    assert!(matches!(state(unknown), State::Unknown { .. }), "{:?}", state(unknown));
}
