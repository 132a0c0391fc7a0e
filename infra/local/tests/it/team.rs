//! `renown team`: settings that are put in force, and those that could never come true.

use renown_local::folder::{Folder, Kind};
use renown_local::world::{ledger, open_table};

use crate::keep::terminal::{Ran, arg, renown, typed};
use crate::support::t;

const NOW: &str = "2026-11-28T09:00:00Z";

async fn shop() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = Folder::to_work_in(&dir.path().join("data"), &Kind::Remote).expect("new");
    drop(folder.claim(&Kind::Remote).expect("free"));
    let dynamo = open_table(&folder.table()).expect("opened");
    dynamo.create_table().await.expect("created");
    ledger(&dynamo, t(NOW)).sellers().await.expect("readable");
    dir
}

fn run(dir: &tempfile::TempDir, args: &[&str]) -> Ran {
    let data = dir.path().join("data");
    renown(dir.path(), &[&["team"], args, &["--data", arg(&data)]].concat())
}

fn set(dir: &tempfile::TempDir, toml: &str, args: &[&str]) -> Ran {
    let file = dir.path().join("team.toml");
    std::fs::write(&file, toml).expect("written");
    run(dir, &[&["set", arg(&file)], args].concat())
}

#[tokio::test]
async fn settings_that_could_never_come_true_are_refused_and_those_in_force_stay() {
    let dir = shop().await;
    assert!(set(&dir, "lead = \"Chen\"", &[]).out.contains("in force"));
    for (toml, says) in [
        ("", ["names no setting", "renown team show"]),
        ("# lead = \"Wang\"\n", ["names no setting", "news_days = 30"]),
        ("[week]\n", ["names no day", "around the clock"]),
        ("[week]\nmon = \"18:00-09:00\"\n", ["line 2", "{ from = 9, to = 18 }"]),
        ("[week]\nmon = { from = 18, to = 9 }\n", ["week.mon", "to is later"]),
        ("[[owners]]\nname = \"Wang\"\nasins = [\"xyz\"]\n", ["no. 1 (Wang)", "B0EXAMPLE1"]),
        ("[[owners]]\ndepartments = [\"sales\"]\n", ["line 2", "`logistics`"]),
    ] {
        set(&dir, toml, &[]).fails(1, &says);
        set(&dir, toml, &["--lang", "zh"]).fails(1, &["team.toml"]);
        assert!(run(&dir, &["show"]).out.contains("lead = \"Chen\"\n"), "{toml}");
    }
}

#[tokio::test]
async fn what_takes_no_effect_here_is_said_in_the_answer() {
    let dir = shop().await;
    let said =
        set(&dir, "translate_to = \"zh\"\n[[owners]]\nname = \"Wang\"\nsellers = [\"A1NOBODY\"]\n", &[]).out;
    assert!(said.contains("translate_to takes effect only where Renown runs on AWS"), "{said}");
    assert!(said.contains("no. 1 (Wang): sellers: A1NOBODY is not connected"), "{said}");
    assert!(!set(&dir, "lead = \"Chen\"", &[]).out.contains('!'));
}

#[tokio::test]
async fn settings_come_from_the_standard_input_too() {
    let dir = shop().await;
    let data = dir.path().join("data");
    let args = ["team", "set", "-", "--data", arg(&data)];
    assert!(typed(dir.path(), &args, Some("lead = \"Li\"\n")).out.contains("in force"));
    assert!(run(&dir, &["show"]).out.contains("lead = \"Li\"\n"));
}

#[tokio::test]
async fn the_keys_are_shown_with_remarks_in_the_readers_language() {
    let dir = shop().await;
    let (en, zh) = (run(&dir, &["show"]).out, run(&dir, &["show", "--lang", "zh"]).out);
    assert!(en.contains("# SKUs that begin so"), "{en}");
    assert!(zh.contains("# 以此开头的 SKU") && !zh.contains("begin so") && !zh.contains("called at"), "{zh}");
}
