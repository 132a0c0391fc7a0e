//! `renown erase`.

use std::path::Path;
use std::process::ExitCode;

use renown_core::ids::{OrderId, SellerId};
use renown_core::order::{Facts, Order, SeenIn, Sighting, Skipped, State};
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_io::ledger::{Ledger, Unread};
use renown_io::secrets::{Scope, Secrets};
use renown_local::folder::Folder;
use renown_local::world::{ledger, open_table};

use super::claimed::claim;
use super::terminal::{arg, renown, typed};
use crate::support::{NO_VIOLATION, asked, days, demo, shop, t};

fn table(data: &Path) -> Ledger {
    let dynamo = open_table(&Folder::existing(data).expect("there").table()).expect("opened");
    ledger(&dynamo, t("2026-10-08T00:00:00Z"))
}

fn secrets(data: &Path) -> Secrets {
    Secrets::in_folder(data.join("secrets"))
}

fn unread(name: &str, problem: &str) -> Unread {
    let (hash, at) = (Unread::hash_of(problem.as_bytes()), t("2026-10-05T00:00:00Z"));
    let (name, place, problem) = (name.to_owned(), "line 1".to_owned(), problem.to_owned());
    Unread {
        source: "import".to_owned(),
        hash,
        name,
        place,
        problem,
        problem_zh: String::new(),
        at,
        dead_letter: false,
    }
}

/// Whether any file of a table holds these words.
fn is_in_table(data: &Path, word: &str) -> bool {
    let files = std::fs::read_dir(data).expect("there").flatten();
    let mut tables = files.filter(|entry| entry.file_name().to_string_lossy().starts_with("table.sqlite"));
    tables.any(|entry| {
        let bytes = std::fs::read(entry.path()).expect("readable");
        bytes.windows(word.len()).any(|part| part == word.as_bytes())
    })
}

#[tokio::test(start_paused = true)]
async fn an_erased_order_keeps_no_facts_and_is_never_planned_again_whatever_is_heard_of_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("demo");
    let (first, _) = demo(&data, days(6)).await;
    let before = shop(&data, first.ended_at).await;
    let pick = |is: fn(&State) -> bool| before.orders.iter().find(|order| is(&order.state)).expect("one");
    let planned: &Order = pick(|state| matches!(state, State::Planned { .. }));
    let done: &Order = pick(|state| matches!(state, State::Asked { .. } | State::Skipped { .. }));
    table(&data).keep_unread(&unread(planned.id.as_str(), "a row")).await.expect("kept");

    renown(dir.path(), &["erase", planned.id.as_str(), "--data", arg(&data)])
        .fails(2, &["--yes", "Nothing was changed"]);
    typed(dir.path(), &["erase", planned.id.as_str(), "--data", arg(&data)], Some("n\n"))
        .fails(1, &["nothing was changed"]);
    assert_eq!(shop(&data, first.ended_at).await.orders, before.orders);
    let ran = typed(dir.path(), &["erase", planned.id.as_str(), "--data", arg(&data)], Some("yes\n"));
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    assert!(ran.out.contains("never asked") && ran.out.contains("What remains"), "{}", ran.out);
    for id in [&done.id, &planned.id] {
        let told =
            renown(dir.path(), &["erase", id.as_str(), "--data", arg(&data), "--yes", "--json"]).json();
        assert_eq!(told["erased"], true);
        assert!(told["remains"].as_array().expect("a list").len() > 1, "the demo's Amazon and log remain");
    }
    assert!(table(&data).unread("import").await.expect("listed").is_empty());

    // Every file and message of the next days tells of them again, and so does an import.
    let (second, _) = demo(&data, days(14)).await;
    assert_eq!(second.findings.judged, NO_VIOLATION);
    assert!(second.totals.add_up() && second.totals.skipped["erased"] == 2);
    let (ledger, rules) = (table(&data), Rules::default());
    for was in [planned, done] {
        let context = Context { rules: &rules, live_since: Some(t("2026-10-01T00:00:00Z")), soon: false };
        let sighting = Sighting { order: was.id.clone(), seen_in: SeenIn::Import, facts: was.facts.clone() };
        let recorded = ledger.record_orders(&was.seller, vec![sighting], context, second.ended_at).await;
        assert_eq!(recorded.expect("recorded").0.unchanged, 1);
        let order = ledger.order(&was.seller, &was.id).await.expect("read").expect("a mark").order;
        assert!(matches!(order.state, State::Skipped { why: Skipped::Erased, .. }), "{:?}", order.state);
        assert_eq!((&order.facts, order.estimate, order.trail.entries().len()), (&Facts::default(), None, 1));
    }
    let due = ledger.due(&planned.seller, t("2027-10-01T00:00:00Z"), 10_000).await.expect("read");
    assert!(due.iter().all(|due| due.order != planned.id));
    assert!(!second.accepted.contains_key(planned.id.as_str()));
    renown(dir.path(), &["ask", planned.id.as_str(), "--data", arg(&data)]).fails(1, &["has ended"]);
    let story = renown(dir.path(), &["explain", planned.id.as_str(), "--data", arg(&data), "--lang", "zh"]);
    assert!(story.out.contains("已抹除"), "{}", story.out);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_not_known_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    demo(dir.path(), days(1)).await;
    let nobody: OrderId = "999-9999999-9999999".parse().expect("valid");
    renown(dir.path(), &["erase", nobody.as_str(), "--yes", "--data", arg(dir.path())])
        .fails(1, &[nobody.as_str()]);
    renown(dir.path(), &["erase"]).fails(2, &["ORDER"]);
    renown(dir.path(), &["erase", "--seller", "A9NOBODY", "--yes", "--data", arg(dir.path())])
        .fails(1, &["A9NOBODY", "A1MORNINGHOME"]);
}

#[tokio::test(start_paused = true)]
async fn an_erased_seller_is_nowhere_any_more_and_the_others_go_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("demo");
    let (outcome, _) = demo(&data, days(6)).await;
    let (gone, stays): (SellerId, SellerId) =
        ("A2KUMOTEA".parse().expect("valid"), "A1MORNINGHOME".parse().expect("valid"));
    let rules = dir.path().join("rules.toml");
    std::fs::write(
        &rules,
        renown(dir.path(), &["rules", "show", "--seller", gone.as_str(), "--data", arg(&data)]).out,
    )
    .expect("written");
    renown(
        dir.path(),
        &["rules", "set", arg(&rules), "--seller", gone.as_str(), "--data", arg(&data), "--json"],
    )
    .json();
    for entry in [unread("file A2KUMOTEA.txt", "x"), unread("file", "A1MORNINGHOME sold it")] {
        table(&data).keep_unread(&entry).await.expect("kept");
    }
    let before = shop(&data, outcome.ended_at).await;
    let of = |shop: &renown_local::views::Shop, id: &SellerId| {
        shop.orders.iter().filter(|order| order.seller == *id).count()
    };
    assert!(of(&before, &gone) > 0);

    let lock = Folder::existing(&data).expect("there").lock().expect("free");
    let args = ["erase", "--seller", gone.as_str(), "--yes", "--json", "--data", arg(&data)];
    renown(dir.path(), &args).fails(1, &["in use"]);
    drop(lock);
    let told = renown(dir.path(), &args).json();
    assert_eq!(told["orders"], of(&before, &gone));
    assert_eq!((&told["rules"], &told["unread"]), (&1.into(), &1.into()));

    let after = shop(&data, outcome.ended_at).await;
    assert_eq!((of(&after, &gone), of(&after, &stays)), (0, of(&before, &stays)));
    assert_eq!(after.control.sellers.keys().collect::<Vec<_>>(), [&stays]);
    for scope in [Scope::Listen, Scope::Live] {
        secrets(&data).seller(scope, &gone).await.expect_err("gone");
        secrets(&data).seller(scope, &stays).await.expect("kept");
    }
    assert!(!is_in_table(&data, gone.as_str()), "not even in deleted pages");
    assert!(is_in_table(&data, stays.as_str()));
    assert!(!asked(&after).is_empty());
    renown(dir.path(), &args).fails(1, &["no seller A2KUMOTEA"]);
}

#[tokio::test(start_paused = true)]
async fn while_an_order_is_being_asked_nothing_of_its_seller_goes_and_nothing_more_is_asked() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("demo");
    let (outcome, _) = demo(&data, days(5)).await;
    let before = shop(&data, outcome.ended_at).await;
    let planned =
        before.orders.iter().find(|order| matches!(order.state, State::Planned { .. })).expect("one");
    claim(&data, planned, outcome.ended_at, None).await;
    let seller = planned.seller.as_str();
    renown(dir.path(), &["erase", "--seller", seller, "--yes", "--data", arg(&data)])
        .fails(1, &["being asked", "run the same command again"]);
    renown(dir.path(), &["erase", planned.id.as_str(), "--yes", "--data", arg(&data)])
        .fails(1, &["being asked"]);
    let after = shop(&data, outcome.ended_at).await;
    assert_eq!((after.orders.len(), after.sellers.len()), (before.orders.len(), before.sellers.len()));
    assert!(after.control.live_since(&planned.seller).is_none());
    assert!(after.control.seller_stop(&planned.seller).is_some());
}
