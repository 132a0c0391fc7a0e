//! The first ten minutes with a seller's own files, without any credential.

use std::path::Path;
use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};
use renown_io::clock::Clock;
use renown_local::cli;

use crate::support::environment;

/// A moment some days before or after now, as Amazon writes it.
fn day(by: i64) -> String {
    let at = Clock::system().now() + SignedDuration::from_hours(24 * by);
    at.strftime("%Y-%m-%dT12:00:00+00:00").to_string()
}

/// An order shipped two days ago, one that was cancelled, and a row with a mistake.
fn orders_file() -> String {
    let (bought, shipped) = (day(-3), day(-2));
    format!(
        "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tproduct-name\tsku\tasin\titem-status\tquantity\tship-postal-code\n\
         302-0000001-0000001\t{bought}\t{shipped}\tShipped\tAmazon\tAmazon.de\tEichenlampe\tLAMP\tB0LAMP0001\tShipped\t1\t10115\n\
         302-0000002-0000002\t{bought}\t{bought}\tCancelled\tAmazon\tAmazon.de\tEichenlampe\tLAMP\tB0LAMP0001\tCancelled\t1\t10115\n\
         302-0000003-0000003\tyesterday\t{shipped}\tShipped\tAmazon\tAmazon.de\tEichenlampe\tLAMP\tB0LAMP0001\tShipped\t1\t10115\n"
    )
}

/// The first of them, expected to arrive tomorrow.
fn shipments_file() -> String {
    let (bought, shipped, arrives) = (day(-3), day(-2), day(1));
    format!(
        "amazon-order-id\tpurchase-date\tshipment-date\treporting-date\tsku\tproduct-name\tquantity-shipped\testimated-arrival-date\tfulfillment-channel\tsales-channel\n\
         302-0000001-0000001\t{bought}\t{shipped}\t{shipped}\tLAMP\tEichenlampe\t1\t{arrives}\tAFN\tAmazon.de\n"
    )
}

fn run(dir: &Path, args: &[&str]) -> (ExitCode, String, String) {
    let environment = environment(dir);
    let data = dir.join("shop");
    let args = std::iter::once("renown")
        .chain(args.iter().copied())
        .chain(["--data", data.to_str().expect("UTF-8")]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(args.map(Into::into), &environment, &mut std::io::empty(), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (code, text(out), text(err))
}

fn desk() -> (tempfile::TempDir, String, String) {
    let dir = tempfile::tempdir().expect("a folder");
    let (orders, shipments) = (dir.path().join("orders.txt"), dir.path().join("shipments.txt"));
    std::fs::write(&orders, orders_file()).expect("written");
    std::fs::write(&shipments, shipments_file()).expect("written");
    let text = |path: std::path::PathBuf| path.to_str().expect("UTF-8").to_owned();
    (dir, text(orders), text(shipments))
}

#[test]
fn two_files_show_who_would_be_asked_when_and_what_is_wrong_with_which_line() {
    let (dir, orders, shipments) = desk();
    let (code, out, err) = run(dir.path(), &["import", &orders, &shipments]);
    assert_eq!(code, ExitCode::SUCCESS, "{err}");
    assert!(out.contains("3 rows; 2 orders new") && out.contains("1 bad rows"), "{out}");
    assert!(out.contains("line 4") && out.contains("purchase-date"), "{out}");
    assert!(out.contains("not connected") && out.contains("renown connect"), "{out}");
    let (_, told, _) =
        run(dir.path(), &["explain", "302-0000001-0000001", "--lang", "zh", "--zone", "Asia/Shanghai"]);
    assert!(told.contains("LAMP (Eichenlampe)") && told.contains("亚马逊的预计到达时间"), "{told}");
    // Noon of UTC on the operator's clock.
    assert!(told.contains("20:00 +08:00"), "{told}");
    let (_, plan, _) = run(dir.path(), &["plan", "--json"]);
    let plan: serde_json::Value = serde_json::from_str(&plan).expect("one object");
    assert_eq!(plan["totals"]["skipped"]["cancelled"], 1);
    assert_eq!(plan["totals"]["open"]["planned"], 1);
    // A seller that listens lets the window close, and a look ahead shows it.
    let later = &day(60)[..19];
    let (_, later, _) = run(dir.path(), &["plan", "--at", &format!("{later}Z"), "--json"]);
    let later: serde_json::Value = serde_json::from_str(&later).expect("one object");
    assert_eq!(later["totals"]["expired"]["listening"], 1);
    let again = run(dir.path(), &["import", &orders, &shipments]).1;
    assert!(again.contains("0 orders new, 0 changed"), "{again}");
    let (_, unread, _) = run(dir.path(), &["unread", "list"]);
    assert!(unread.contains("import") && unread.contains("purchase-date"), "{unread}");
    let (_, unread, _) = run(dir.path(), &["unread", "list", "--lang", "zh"]);
    assert!(unread.contains("无法理解 \"yesterday\"") && !unread.contains("not understood"), "{unread}");
}

#[test]
fn rules_are_shown_checked_simulated_set_and_looked_back_at() {
    let (dir, orders, shipments) = desk();
    run(dir.path(), &["import", &orders, &shipments]);
    let due_at = || {
        let (_, plan, _) = run(dir.path(), &["plan", "--json"]);
        let plan: serde_json::Value = serde_json::from_str(&plan).expect("one object");
        let open = plan["orders"].as_array().expect("orders").iter().find(|order| order["state"] == "open");
        open.expect("one is open")["at"].as_str().expect("a date").parse::<Timestamp>().expect("a moment")
    };
    let before = due_at();
    let (_, rules, _) = run(dir.path(), &["rules", "show"]);
    let file = dir.path().join("new.toml");
    let file = file.to_str().expect("UTF-8");
    std::fs::write(file, rules.replace("target_day = 6", "target_day = 9")).expect("written");
    let (code, out, err) = run(dir.path(), &["simulate", "--rules", file]);
    assert!(code == ExitCode::SUCCESS && out.contains("1 orders differ"), "{out}{err}");
    assert!(out.contains("302-0000001-0000001"), "{out}");
    let (code, out, err) = run(dir.path(), &["rules", "set", file]);
    assert!(code == ExitCode::SUCCESS && out.contains("version 1"), "{out}{err}");
    assert_eq!(due_at().duration_since(before).as_hours(), 72, "the plan shows it at once");
    let (_, history, _) = run(dir.path(), &["rules", "history"]);
    assert!(history.contains("* version 1: day 9"), "{history}");
    for (text, says) in [
        (rules.replace("target_day = 6", "target_day = 3"), "default.target_day"),
        (rules.replace("target_day", "target_dy"), "line"),
        ("default = [".to_owned(), "line 1"),
        ("# nothing\n".to_owned(), "names no rule"),
    ] {
        std::fs::write(file, text).expect("written");
        let (code, _, err) = run(dir.path(), &["rules", "set", file]);
        assert!(code == ExitCode::from(1) && err.contains(says), "{err}");
    }
    assert!(run(dir.path(), &["rules", "history"]).1.contains("version 1"));
}

#[test]
fn of_several_files_a_program_is_told_each_ones_fate_in_one_object() {
    let (dir, orders, shipments) = desk();
    let (code, out, _) = run(dir.path(), &["import", &orders, "nowhere.txt", &shipments, "--json"]);
    assert_eq!(code, ExitCode::from(1));
    let told: serde_json::Value = serde_json::from_str(&out).expect("one object");
    let files = told["files"].as_array().expect("a list");
    assert_eq!(files.len(), 3);
    assert_eq!((&files[0]["orders_new"], &files[1]["file"]), (&2.into(), &"nowhere.txt".into()));
    assert!(files[1]["error"].as_str().is_some_and(|error| error.contains("nowhere.txt")), "{out}");
    assert_eq!(files[2]["kind"], "fba_shipments");
    let (code, out, _) = run(dir.path(), &["import", "nowhere.txt", "nor-here.txt", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&out).expect("one object");
    assert_eq!((code, told["files"].as_array().map(Vec::len)), (ExitCode::from(1), Some(2)));
}

#[test]
fn held_orders_are_released_after_a_yes_alone() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    let (code, _, err) = run(dir.path(), &["held", "release", "302-0000001-0000001"]);
    assert!(code == ExitCode::from(2) && err.contains("--yes"), "{err}");
    let (code, _, err) = run(dir.path(), &["held", "release", "302-0000001-0000001", "--yes"]);
    assert!(code == ExitCode::from(1) && err.contains("is not held"), "{err}");
}

#[test]
fn a_program_gets_the_manual_as_the_text_of_an_object() {
    let dir = tempfile::tempdir().expect("a folder");
    for args in [&["man", "--json"][..], &["completions", "bash", "--json"]] {
        let (code, out, err) = run(dir.path(), args);
        assert_eq!(code, ExitCode::SUCCESS, "{err}");
        let told: serde_json::Value = serde_json::from_str(&out).expect("one object");
        assert!(told["text"].as_str().is_some_and(|text| text.contains("renown")), "{out}");
    }
}

#[test]
fn one_order_is_hastened_taken_out_and_neither_once_it_has_ended() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    let (code, out, err) = run(dir.path(), &["ask", "302-0000001-0000001"]);
    assert!(code == ExitCode::SUCCESS && out.contains("only listens"), "{out}{err}");
    let (_, told, _) = run(dir.path(), &["explain", "302-0000001-0000001"]);
    assert!(told.contains("a person wants it asked"), "{told}");
    let (code, _, err) = run(dir.path(), &["never", "302-0000001-0000001", "--reason", "own-order"]);
    assert_eq!(code, ExitCode::SUCCESS, "{err}");
    let (code, _, err) = run(dir.path(), &["ask", "302-0000001-0000001"]);
    assert!(code == ExitCode::from(1) && err.contains("has ended"), "{err}");
    let (code, _, err) = run(dir.path(), &["never", "302-0000002-0000002", "--reason", "own-order"]);
    assert!(code == ExitCode::from(1) && err.contains("renown explain"), "{err}");
    let (code, _, err) = run(dir.path(), &["ask", "302-9999999-9999999"]);
    assert!(code == ExitCode::from(1) && err.contains("Seller Central"), "{err}");
    let (_, held, _) = run(dir.path(), &["held", "list"]);
    assert!(held.contains("no order is held"), "{held}");
}

#[test]
fn a_damaged_table_a_damaged_item_and_a_foreign_file_are_named_with_the_remedy() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    let table = dir.path().join("shop/table.sqlite");
    let whole = std::fs::read(&table).expect("there");
    for damaged in [&b""[..], b"not a table at all, but long enough to be one of something else entirely"] {
        std::fs::write(&table, damaged).expect("written");
        for wal in ["shop/table.sqlite-wal", "shop/table.sqlite-shm"] {
            let _ = std::fs::remove_file(dir.path().join(wal));
        }
        for command in ["plan", "pause"] {
            let (code, out, err) = run(dir.path(), &[command]);
            assert_eq!((code, out.as_str()), (ExitCode::from(1), ""), "{err}");
            assert!(err.contains("table.sqlite") && err.contains("--data"), "{err}");
            assert_eq!(err.lines().count(), 1, "{err}");
        }
    }
    std::fs::write(&table, whole).expect("written");
    let (code, _, err) = run(dir.path(), &["import", table.to_str().expect("UTF-8")]);
    assert!(code == ExitCode::from(1) && err.contains("table.sqlite"), "{err}");
}

#[test]
fn one_item_that_cannot_be_read_takes_no_neighbour_down_and_is_named() {
    let (dir, orders, shipments) = desk();
    run(dir.path(), &["import", &orders, &shipments]);
    let folder = renown_local::folder::Folder::existing(&dir.path().join("shop")).expect("there");
    let dynamo = renown_local::world::open_table(&folder.table()).expect("opened");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let s = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
        let put = dynamo.client().put_item().table_name(renown_local::dynamo::TABLE);
        // As a later version might write it.
        let order: renown_core::ids::OrderId = "302-0000009-0000009".parse().expect("valid");
        let shard = order.draw("shard") % 16;
        let put = put.item("pk", s(&format!("ORDERS#MYSHOP#{shard}"))).item("sk", s(order.as_str()));
        put.item("v", aws_sdk_dynamodb::types::AttributeValue::N("9".to_owned()))
            .send()
            .await
            .expect("written");
    });
    let (code, plan, err) = run(dir.path(), &["plan"]);
    assert_eq!(code, ExitCode::SUCCESS, "{err}");
    assert!(
        plan.contains("302-0000009-0000009 cannot be read") && plan.contains("302-0000001-0000001"),
        "{plan}"
    );
    let (code, _, err) = run(dir.path(), &["explain", "302-0000009-0000009"]);
    assert!(code == ExitCode::from(1) && err.contains("update `renown`"), "{err}");
    assert_eq!(run(dir.path(), &["explain", "302-0000001-0000001"]).0, ExitCode::SUCCESS);
}

/// A file of which no row can be read.
fn bad_file(dir: &Path) -> String {
    let file = dir.join("bad.txt");
    let orders = orders_file();
    let head = orders.lines().next().expect("a heading");
    let bad = orders.lines().find(|line| line.contains("yesterday")).expect("the bad row");
    std::fs::write(&file, format!("{head}\n{bad}\n")).expect("written");
    file.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_file_of_which_nothing_can_be_taken_in_ends_with_1() {
    let (dir, orders, _) = desk();
    let bad = bad_file(dir.path());
    let (code, out, err) = run(dir.path(), &["import", &bad]);
    assert_eq!(code, ExitCode::from(1), "{out}");
    assert!(out.contains("1 bad rows") && err.contains("nothing of 1 files"), "{out}{err}");
    let (code, out, _) = run(dir.path(), &["import", &bad, &orders, "--json"]);
    let told: serde_json::Value = serde_json::from_str(&out).expect("one object");
    assert_eq!((code, &told["files"][1]["orders_new"]), (ExitCode::from(1), &2.into()), "{out}");
    assert_eq!(run(dir.path(), &["import", &orders]).0, ExitCode::SUCCESS, "some rows are good");
}

#[test]
fn messages_that_are_not_taken_in_are_counted_in_the_line_of_their_file() {
    let dir = tempfile::tempdir().expect("a folder");
    let message = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/sqs/order-change-shipped.json");
    let message = message.to_str().expect("UTF-8");
    let (code, out, err) = run(dir.path(), &["import", message]);
    assert_eq!(code, ExitCode::from(1), "{out}");
    assert!(out.contains("1 messages; 0 orders new, 0 changed, 0 unchanged; 1 not taken in"), "{out}");
    assert!(out.contains("message 1:") && err.contains("nothing of 1 files"), "{out}{err}");
    let (_, out, _) = run(dir.path(), &["import", message, "--lang", "zh"]);
    assert!(out.contains("1 条消息") && out.contains("未接收 1 条"), "{out}");
}

#[test]
fn a_seller_without_a_merchant_token_is_told_to_connect_with_one_and_to_take_over() {
    let (dir, orders, _) = desk();
    let (_, out, _) = run(dir.path(), &["import", &orders]);
    let says = ["renown connect --seller YOUR_MERCHANT_TOKEN", "--take-over"];
    assert!(says.iter().all(|part| out.contains(part)) && !out.contains("--seller MYSHOP"), "{out}");
    let (code, _, err) = run(dir.path(), &["mode", "live", "--yes"]);
    assert!(code == ExitCode::from(1) && says.iter().all(|part| err.contains(part)), "{err}");
    let (_, out, _) = run(dir.path(), &["doctor", "--offline"]);
    assert!(says.iter().all(|part| out.contains(part)), "{out}");
    let (_, out, _) = run(dir.path(), &["import", &orders, "--seller", "A1MORNINGHOME"]);
    assert!(out.contains("renown connect --seller A1MORNINGHOME"), "{out}");
}

#[test]
fn a_shop_of_imported_files_runs_without_problems_and_says_that_nobody_is_asked() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    let (code, out, err) = run(dir.path(), &["up", "--for", "1s", "--plain"]);
    assert_eq!(code, ExitCode::SUCCESS, "{err}");
    assert!(out.contains("No seller is connected to Amazon, so no buyer is asked"), "{out}");
    assert!(!out.contains("problem") && !out.contains("secret"), "{out}");
}

#[test]
fn a_seller_that_was_never_connected_is_not_disconnected() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    let (code, out, _) = run(dir.path(), &["disconnect", "--yes"]);
    assert!(code == ExitCode::SUCCESS && out.contains("was not connected"), "{out}");
    assert!(!out.contains("deleted"), "{out}");
    let (_, out, _) = run(dir.path(), &["disconnect", "--json"]);
    assert!(out.contains("\"disconnected\":false"), "{out}");
}

#[test]
fn options_of_going_live_are_refused_where_they_do_nothing_or_mean_nothing() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    for (args, says) in [
        (&["mode", "listen", "--share", "5"][..], "--share"),
        (&["mode", "listen", "--asins", "B0EXAMPLE1"], "--asins"),
        (&["mode", "listen", "--take-over"], "--take-over"),
        (&["mode", "live", "--asins", "nonsense"], "B0EXAMPLE1"),
        (&["mode", "live", "--asins", "B0EXAMPLE1,C0EXAMPLE1"], "C0EXAMPLE1"),
        (&["mode", "live", "--asins", "30644061X5"], "10 letters"),
    ] {
        let (code, _, err) = run(dir.path(), args);
        assert!(code == ExitCode::from(2) && err.contains(says), "{args:?}: {err}");
    }
    for asins in ["B0EXAMPLE1", "all", "3064406155,306440615X"] {
        let (code, _, err) = run(dir.path(), &["mode", "live", "--asins", asins]);
        assert!(code == ExitCode::from(1) && err.contains("not connected"), "{asins}: {err}");
    }
}

#[test]
fn a_plan_counts_apart_what_the_rules_leave_out_for_now() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    let file = dir.path().join("narrow.toml");
    let rules = "[default]\nonly_asins = [\"B0EXAMPLE1\"]\nshare_percent = 1\n";
    std::fs::write(&file, rules).expect("written");
    let days = || {
        let (_, out, _) = run(dir.path(), &["plan", "--days", "60", "--json"]);
        let plan: serde_json::Value = serde_json::from_str(&out).expect("one object");
        let planned = plan["totals"]["open"]["planned"].as_u64().expect("a number");
        let due =
            plan["days"]["ahead"].as_array().expect("days").iter().filter_map(|day| day["due"].as_u64());
        let left_out = plan["days"]["not_in_share"].as_u64().expect("a number");
        (planned, due.sum::<u64>(), left_out)
    };
    let (planned, due, left_out) = days();
    assert!(planned > 0 && due == planned && left_out == 0, "{planned} {due} {left_out}");
    let (code, _, err) = run(dir.path(), &["rules", "set", file.to_str().expect("UTF-8")]);
    assert_eq!(code, ExitCode::SUCCESS, "{err}");
    let (planned, due, left_out) = days();
    assert!(left_out > 0 && due + left_out == planned, "{planned} {due} {left_out}");
    let (_, shown, _) = run(dir.path(), &["plan", "--lang", "zh"]);
    assert!(shown.contains("不在先行的份额或 ASIN 之内"), "{shown}");
}

#[test]
fn the_history_of_rules_shows_asins_and_each_marketplaces_share() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    let file = dir.path().join("narrow.toml");
    std::fs::write(
        &file,
        "[default]\nonly_asins = [\"B0EXAMPLE1\", \"B0EXAMPLE2\"]\n[marketplaces.DE]\nshare_percent = 5\n",
    )
    .expect("written");
    let (code, _, err) = run(dir.path(), &["rules", "set", file.to_str().expect("UTF-8")]);
    assert_eq!(code, ExitCode::SUCCESS, "{err}");
    let (_, history, _) = run(dir.path(), &["rules", "history"]);
    assert!(history.contains("only ASINs B0EXAMPLE1 B0EXAMPLE2"), "{history}");
    assert!(history.contains("DE: day 6") && history.contains("share 5 %, every ASIN"), "{history}");
}

#[test]
fn a_damaged_file_of_the_folder_is_told_with_this_programs_own_remedy_alone() {
    let (dir, orders, _) = desk();
    run(dir.path(), &["import", &orders]);
    let table = dir.path().join("shop/table.sqlite");
    std::fs::write(&table, "nonsense ".repeat(2_000)).expect("written");
    let (code, _, err) = run(dir.path(), &["plan"]);
    assert!(code == ExitCode::from(1) && err.contains("renown export"), "{err}");
    assert!(!err.contains("encrypt") && !err.contains("Database::"), "{err}");
    std::fs::write(dir.path().join("shop/shop.json"), "{\n").expect("written");
    let (_, _, err) = run(dir.path(), &["plan", "--lang", "zh"]);
    assert!(err.contains("第 2 行第 0 列起不是 JSON") && !err.contains("EOF"), "{err}");
}

#[test]
fn whatever_is_wrong_with_the_settings_ends_with_2() {
    let dir = tempfile::tempdir().expect("a folder");
    let (code, _, err) = run(dir.path(), &["plan", "--config", "nofile.toml"]);
    assert!(code == ExitCode::from(2) && err.contains("nofile.toml"), "{err}");
    for toml in ["colour = 1", "web_port = 99999", "data = \"x\"\naws = \"eu-central-1\"", "per_usd = -1.0"] {
        std::fs::write(dir.path().join("renown.toml"), toml).expect("written");
        let (code, _, err) = run(dir.path(), &["plan"]);
        assert!(code == ExitCode::from(2) && err.contains("renown.toml, line"), "{err}");
    }
}

#[test]
fn releasing_without_an_order_names_the_option_for_all() {
    let dir = tempfile::tempdir().expect("a folder");
    for args in [&["held", "release"][..], &["mail", "release"]] {
        let (code, _, err) = run(dir.path(), args);
        assert!(code == ExitCode::from(2) && err.contains("--all"), "{err}");
    }
}
