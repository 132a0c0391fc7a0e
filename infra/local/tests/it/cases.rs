//! What `renown cases` prints, takes and refuses.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use renown_core::case::{Kind, Reading, Signal, Source, Subject, Team, of_unshipped, topic_signal};
use renown_core::marketplace::Region;
use renown_core::seller::Seller;
use renown_core::text::{Cause, Urgency};
use renown_io::ledger::Ledger;
use renown_local::folder::{Folder, Kind as Purpose};
use renown_local::world::{ledger, open_table};
use serde_json::Value;

use crate::keep::terminal::{Ran, arg, renown};
use crate::support::t;

const NOW: &str = "2026-11-28T09:00:00Z";
const LATE: &str = "302-9999999-9999999";

/// A folder with one seller: three buyers who complain of one thing, and an order that is late.
async fn shop() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = Folder::to_work_in(&dir.path().join("data"), &Purpose::Remote).expect("new");
    drop(folder.claim(&Purpose::Remote).expect("free"));
    folder.note_time(t(NOW)).expect("noted");
    let dynamo = open_table(&folder.table()).expect("opened");
    dynamo.create_table().await.expect("created");
    let ledger: Ledger = ledger(&dynamo, t(NOW));
    ledger.put_seller(&seller()).await.expect("written");
    let mut of_topic = 0;
    for n in 1..=4 {
        of_topic = take(&ledger, complaint(n)).await.max(of_topic);
        let (signal, reading) = (complaint(n), reading(Some(Cause::DefectiveQuality)));
        if let Some(topic) = topic_signal(&signal, &reading, of_topic, t(NOW)) {
            take(&ledger, topic).await;
        }
    }
    let seller = seller();
    let source = Source {
        seller: &seller.id,
        marketplace: Some("A1PA6795UKMFR9".parse().expect("known")),
        as_of: t("2026-11-27T12:30:00Z"),
        seen_at: t("2026-11-27T12:30:00Z"),
    };
    let late = LATE.parse().expect("valid");
    let late = of_unshipped(&late, t("2026-11-27T12:00:00Z"), source).expect("late");
    take(&ledger, late).await;
    dir
}

fn seller() -> Seller {
    Seller {
        id: "S1".parse().expect("valid"),
        alias: "Morning Home".to_owned(),
        app: "app".parse().expect("valid"),
        region: Region::Eu,
        marketplaces: vec!["A1PA6795UKMFR9".parse().expect("known")],
        connected_at: t("2026-10-01T00:00:00Z"),
        notified_since: None,
        subscriptions: Vec::new(),
        rules_version: 0,
        secret_since: None,
        authorised_at: None,
        store_names: BTreeMap::new(),
    }
}

fn complaint(n: u32) -> Signal {
    let order = format!("302-1234567-{n:07}").parse().expect("valid");
    let at: Timestamp = t("2026-11-27T08:00:00Z") + SignedDuration::from_hours(n.into());
    let subject = Subject::Order { order };
    let words = format!("Kaputt nach Tag {n}, rufen Sie +49 151 23456789 an");
    let mut signal = Signal::new(seller().id, subject, Kind::Feedback, "x", (at, at)).saying(&words);
    signal.asin = "B0TEAPOT01".parse().ok();
    signal.day = format!("2026-11-2{n}").parse().ok();
    signal.stars = Some(1);
    signal
}

fn reading(cause: Option<Cause>) -> Reading {
    Reading {
        causes: cause.into_iter().collect(),
        urgency: Urgency::None,
        language: None,
        negative: true,
        translation: None,
        removable: None,
    }
}

/// Takes a signal into its case; tells how many complaints there are of its kind.
async fn take(ledger: &Ledger, signal: Signal) -> usize {
    let cause = if signal.kind == Kind::LateToShip { Cause::LateDelivery } else { Cause::DefectiveQuality };
    ledger.record_signals(std::slice::from_ref(&signal)).await.expect("written");
    let understand = |_: &Signal| reading(Some(cause));
    let team = Team::default();
    let taken = ledger.take_in(&signal.seller, &signal.id, &team, signal.seen_at, understand).await;
    taken.expect("answered").expect("new").of_topic
}

fn run(dir: &tempfile::TempDir, args: &[&str]) -> Ran {
    let data = dir.path().join("data");
    renown(dir.path(), &[&["cases"], args, &["--data", arg(&data)]].concat())
}

/// Runs what is to succeed.
fn done(dir: &tempfile::TempDir, args: &[&str]) {
    let ran = run(dir, args);
    assert_eq!(ran.code, std::process::ExitCode::SUCCESS, "{args:?}: {}", ran.err);
}

fn says(ran: &Ran, parts: &[&str]) {
    assert!(parts.iter().all(|part| ran.out.contains(part)), "{}{}", ran.out, ran.err);
    assert!(ran.out.lines().all(|line| line == line.trim_end()), "{:?}", ran.out);
}

#[tokio::test]
async fn a_topic_shows_its_count_once_and_what_buyers_say_in_both_languages() {
    let dir = shop().await;
    let id = "topic-B0TEAPOT01-defective_quality";
    insta::assert_snapshot!(run(&dir, &["show", id]).out, @r"
    several complaints of one thing: B0TEAPOT01: defect or poor quality  [open, —]
      Store         Morning Home
      Product       B0TEAPOT01
      Cause         defect or poor quality
      Department    quality
      Deadline      2026-12-05 09:00 UTC
    - several complaints of one thing (data as of 11-27 12:00)
        4 complaints of this kind within 7 days
    What buyers say, the latest first:
    - 2026-11-24  seller feedback, order 302-1234567-0000004: “Kaputt nach Tag 4, rufen Sie [phone] an”
    - 2026-11-23  seller feedback, order 302-1234567-0000003: “Kaputt nach Tag 3, rufen Sie [phone] an”
    - 2026-11-22  seller feedback, order 302-1234567-0000002: “Kaputt nach Tag 2, rufen Sie [phone] an”
    - 2026-11-21  seller feedback, order 302-1234567-0000001: “Kaputt nach Tag 1, rufen Sie [phone] an”
    Next: compare the complaints, look at the last lot and the listing, and decide whether to stop the offer until it is mended
    History:
      11-28 09:00  opened by: several complaints of one thing
      11-28 09:00  3 → 4 complaints
    ");
    says(
        &run(&dir, &["show", id, "--lang", "zh"]),
        &[
            "    7 天内有 4 起同类投诉\n",
            "买家的投诉(最新在前):\n",
            "- 2026-11-24  店铺反馈,订单 302-1234567-0000004:“Kaputt nach Tag 4, rufen Sie [phone] an”\n",
            "3 → 4 起投诉\n",
        ],
    );
    let shown = run(&dir, &["show", id, "--json"]).json();
    let words = |n: usize| shown["complaints"][n]["signal"]["words"].clone();
    assert_eq!(words(0), "Kaputt nach Tag 4, rufen Sie [phone] an");
    assert_eq!(shown["complaints"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn moments_are_shown_on_one_clock_and_for_programs_as_rfc_3339() {
    let dir = shop().await;
    let shown = run(&dir, &["show", LATE, "--zone", "Asia/Shanghai"]);
    says(&shown, &["It was to be shipped by 2026-11-27 20:00 +08:00 and is not."]);
    assert!(!shown.out.contains("12:00:00Z"), "{}", shown.out);
    done(&dir, &["ack", LATE, "--by", "Wang"]);
    let id = format!("order-{LATE}");
    for args in [&["list", "--all", "--json"] as &[_], &["show", &id, "--json"]] {
        let shown = run(&dir, args).json();
        assert!(shown.to_string().contains("\"2026-11-27T12:30:00Z\""), "{shown}");
        seconds(&shown);
    }
    let ended = run(&dir, &["resolve", LATE, "--outcome", "mended", "--json"]).json();
    assert!(ended["state"]["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{ended}");
}

/// Fails if a moment stands there as seconds.
fn seconds(value: &Value) {
    match value {
        Value::Number(number) => assert!(number.as_i64() < Some(1_000_000_000), "{number}"),
        Value::Array(all) => all.iter().for_each(seconds),
        Value::Object(fields) => fields.values().for_each(seconds),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn what_people_did_is_told_without_ragged_blanks_and_without_ways_to_reach_anybody() {
    let dir = shop().await;
    done(&dir, &["assign", LATE, "--to", "Li"]);
    done(&dir, &["assign", LATE, "--department", "quality"]);
    done(&dir, &["assign", LATE, "--to", "Li", "--department", "service", "--by", "Chen"]);
    let why = run(&dir, &["resolve", LATE, "--outcome", "turned-neutral"]).err;
    assert!(why.contains("cannot end as") && why.contains("replaced, refunded, answered"), "{why}");
    done(&dir, &["resolve", LATE, "--outcome", "no-reply-needed"]);
    done(&dir, &["reopen", LATE]);
    let note = "  wrote to  jo@teehaus.de ";
    done(&dir, &["resolve", LATE, "--outcome", "no_reply_needed", "--note", note]);
    let shown = run(&dir, &["show", LATE]);
    says(
        &shown,
        &[
            "operator: gives it to Li\n",
            "operator: gives it to quality\n",
            "Chen: gives it to Li, customer service\n",
            "operator: ends it: no reply needed\n",
            "operator: ends it: no reply needed (wrote to [mail])\n",
        ],
    );
    let zh = run(&dir, &["show", LATE, "--lang", "zh"]);
    says(&zh, &["分配给 Li\n", "分配给 Li(客服)\n", "结案:无需回复(wrote to [mail])\n"]);
    for ran in [&shown, &zh] {
        let steps = ran.out.lines().skip_while(|line| !["History:", "经过:"].contains(line)).skip(1);
        // A blank more stands between moment and step alone.
        assert!(
            steps.clone().count() >= 7 && steps.clone().all(|it| it.trim_start().matches("  ").count() == 1)
        );
    }
}

#[tokio::test]
async fn what_nobody_is_called_and_a_note_that_is_too_long_are_refused() {
    let dir = shop().await;
    let long = "x".repeat(41);
    for wrong in ["", " ", "a\u{1b}b", &long] {
        for (args, option) in [
            (&["ack", LATE, "--by", wrong] as &[_], "--by: "),
            (&["reopen", LATE, "--by", wrong], "--by: "),
            (&["assign", LATE, "--to", wrong], "--to: "),
        ] {
            run(&dir, args).fails(2, &[option, "1 to 40 characters"]);
            run(&dir, &[args, &["--lang", "zh"]].concat())
                .fails(2, &[option.trim_end_matches(' '), "40 个字符"]);
        }
    }
    let note = "x".repeat(512);
    let args = ["resolve", LATE, "--outcome", "lost", "--note", &note];
    run(&dir, &args).fails(1, &["512", "400"]);
    run(&dir, &[&args[..], &["--lang", "zh"]].concat()).fails(1, &["512", "400", "备注"]);
    says(&run(&dir, &["show", LATE]), &["[open, —]"]);
}

#[tokio::test]
async fn an_unknown_outcome_or_department_is_answered_with_all_there_are_in_both_languages() {
    let dir = shop().await;
    let outcomes = [
        "replaced",
        "refunded",
        "removed",
        "turned_neutral",
        "answered",
        "mended",
        "no_reply_needed",
        "lost",
    ];
    let departments = ["service", "logistics", "quality", "listing", "account"];
    for lang in ["en", "zh"] {
        run(&dir, &["resolve", LATE, "--outcome", "solved", "--lang", lang]).fails(2, &outcomes);
        run(&dir, &["list", "--department", "sales", "--lang", lang]).fails(2, &departments);
        run(&dir, &["assign", LATE, "--department", "sales", "--lang", lang]).fails(2, &departments);
    }
}

#[tokio::test]
async fn a_list_that_is_empty_says_whether_it_was_filtered() {
    let dir = shop().await;
    says(&run(&dir, &["list", "--all", "--owner", "Nobody"]), &["no case matches the filters\n"]);
    says(&run(&dir, &["list", "--owner", "Nobody"]), &["no open case matches the filters; --all"]);
    says(&run(&dir, &["list", "--all", "--owner", "Nobody", "--lang", "zh"]), &["没有符合条件的工单\n"]);
    assert_eq!(run(&dir, &["list", "--owner", "Nobody", "--json"]).json()["cases"], serde_json::json!([]));
}
