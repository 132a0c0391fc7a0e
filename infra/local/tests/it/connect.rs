//! A seller from nothing to live, over real sockets against the simulator.

use std::path::Path;
use std::process::ExitCode;

use renown_local::cli;
use renown_local::desk::Environment;

use crate::socket::simulator;
use crate::support::environment;

fn good(name: &str) -> Option<String> {
    match name {
        "RENOWN_CLIENT_SECRET" => Some("demo-secret".to_owned()),
        "RENOWN_REFRESH_TOKEN" => Some("Atzr|demo-eu".to_owned()),
        _ => None,
    }
}

fn wrong_secret(name: &str) -> Option<String> {
    if name == "RENOWN_CLIENT_SECRET" { Some("CANARY".to_owned()) } else { good(name) }
}

struct Ran {
    code: ExitCode,
    out: String,
    err: String,
}

fn run(dir: &Path, var: fn(&str) -> Option<String>, args: &[&str]) -> Ran {
    let environment = Environment { var, ..environment(dir) };
    let data = dir.join("shop");
    let data = data.to_str().expect("UTF-8");
    let args = std::iter::once("renown").chain(args.iter().copied()).chain(["--data", data]);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = cli::run(args.map(Into::into), &environment, &mut std::io::empty(), &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code, out: text(out), err: text(err) }
}

const SELLER: &str = "A1DEMOSELLEREU";

fn connect<'a>(address: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let usual = ["connect", "--seller", SELLER, "--app", "demo-client", "--amazon", address, "--no-wait"];
    usual.iter().chain(more).copied().collect()
}

#[test]
fn a_seller_is_connected_step_by_step_listens_goes_live_and_is_disconnected() {
    let (simulator, address) = simulator();
    let dir = tempfile::tempdir().expect("a folder");
    let ran = run(dir.path(), good, &connect(&address, &["--alias", "晨光家居"]));
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}{}", ran.out, ran.err);
    for says in
        ["id and secret are accepted", "region eu", "DE", "Buyer Solicitation", "晨光家居 is connected"]
    {
        assert!(ran.out.contains(says), "{says}: {}", ran.out);
    }
    // Nothing in the folder shows a secret, and the key lies elsewhere.
    for file in files(&dir.path().join("shop")) {
        let bytes = std::fs::read(&file).expect("readable");
        for secret in ["demo-secret", "Atzr|demo-eu"] {
            let shows = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!shows, "{} shows a secret", file.display());
        }
    }
    assert!(dir.path().join("config/renown/key").exists());

    let ran = run(dir.path(), good, &["doctor"]);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("✓ 晨光家居: Amazon accepts app and authorisation"), "{}", ran.out);
    assert!(ran.out.contains("listens") && ran.out.contains("clock"), "{}", ran.out);

    let ran = run(dir.path(), good, &["mode", "live"]);
    assert!(ran.code == ExitCode::from(2) && ran.err.contains("--yes"), "{}", ran.err);
    let ran = run(dir.path(), good, &["mode", "live", "--share", "5", "--yes"]);
    assert!(ran.code == ExitCode::SUCCESS && ran.out.contains("live"), "{}{}", ran.out, ran.err);
    let ran = run(dir.path(), good, &["rules", "show"]);
    assert!(ran.out.contains("share_percent = 5"), "{}", ran.out);

    // The same authorisation under another id would be a second seller with the same orders.
    let other: Vec<_> = connect(&address, &[])
        .into_iter()
        .map(|word| if word == SELLER { "A1OTHERSELLER" } else { word })
        .collect();
    let ran = run(dir.path(), good, &other);
    assert!(ran.code == ExitCode::from(1) && ran.err.contains(SELLER), "{}{}", ran.out, ran.err);

    // The same command again changes the secret and nothing else.
    let ran = run(dir.path(), good, &connect(&address, &["--json"]));
    assert!(ran.out.contains("\"live\":true") && ran.out.contains("晨光家居"), "{}{}", ran.out, ran.err);

    let ran = run(dir.path(), good, &["disconnect", "--yes"]);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    let ran = run(dir.path(), good, &["doctor"]);
    assert!(ran.out.contains("not connected"), "{}", ran.out);
    assert_eq!(simulator.violations(), []);
}

/// The same account, authorised once more.
fn again(name: &str) -> Option<String> {
    if name == "RENOWN_REFRESH_TOKEN" { Some("Atzr|again".to_owned()) } else { good(name) }
}

const TYPO: &str = "A1DEMOSELLERUE";
const ORDERS: &str = "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\n302-1234567-1234567\t2026-01-02T00:00:00Z\t2026-01-03T00:00:00Z\tUnshipped\tAmazon\tAmazon.de\n";

#[test]
fn an_account_that_is_connected_under_a_second_id_is_found_by_its_store_and_by_its_orders() {
    let (simulator, address) = simulator();
    let mut account =
        simulator.sellers().into_iter().find(|seller| seller.seller_id == SELLER).expect("of the demo");
    account.grants.insert("Atzr|again".to_owned(), "demo-client".to_owned());
    simulator.add_seller(account);
    let dir = tempfile::tempdir().expect("a folder");
    let renown = |args: &[&str]| run(dir.path(), again, args);
    let file = dir.path().join("orders.txt");
    std::fs::write(&file, ORDERS).expect("written");
    let file = file.to_str().expect("UTF-8");
    let ran = run(dir.path(), good, &connect(&address, &[]));
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    let as_typo = |more: &[&'static str]| -> Vec<String> {
        let word = |word: &str| if word == SELLER { TYPO.to_owned() } else { word.to_owned() };
        connect(&address, &[]).into_iter().chain(more.iter().copied()).map(word).collect()
    };
    let words = |args: &[String]| renown(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let ran = words(&as_typo(&[]));
    assert_eq!(ran.code, ExitCode::from(1), "{}", ran.out);
    assert!(ran.err.contains(SELLER) && ran.err.contains("--another-account"), "{}", ran.err);
    let ran = words(&as_typo(&["--another-account"]));
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);

    for seller in [SELLER, TYPO] {
        let ran = renown(&["import", file, "--seller", seller]);
        assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    }
    let ran = renown(&["mode", "live", "--yes", "--seller", SELLER]);
    assert_eq!(ran.code, ExitCode::from(1), "{}", ran.out);
    assert!(ran.err.contains("twice") && ran.err.contains(TYPO), "{}", ran.err);

    // What a person said under the wrong id counts under the right one.
    let ran = renown(&["never", "302-1234567-1234567", "--reason", "legal"]);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    let ran = renown(&["disconnect", "--yes", "--seller", TYPO]);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    let ran = renown(&["mode", "live", "--yes", "--seller", SELLER]);
    assert!(ran.code == ExitCode::from(1) && ran.err.contains("--take-over"), "{}", ran.err);
    let ran = renown(&["mode", "live", "--yes", "--take-over", "--seller", SELLER]);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    assert!(ran.out.contains("Every new order is asked"), "the summary is said: {}", ran.out);
    let ran = renown(&["plan", "--all", "--json"]);
    assert!(ran.out.contains("\"never_legal\":1") && !ran.out.contains(TYPO), "{}", ran.out);
}

#[test]
fn a_seller_is_connected_by_its_merchant_token_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    for wrong in ["../../evil", "A1", "a1demosellereu", "A1DEMOSELLEREUA1DEMOSELLEREU"] {
        let ran = run(dir.path(), good, &["connect", "--seller", wrong, "--app", "demo-client"]);
        assert!(ran.code == ExitCode::from(2) && ran.err.contains("Merchant Token"), "{}", ran.err);
    }
}

#[test]
fn a_queue_is_made_known_and_subscribed_to_and_a_second_time_is_as_good() {
    let (simulator, address) = simulator();
    let dir = tempfile::tempdir().expect("a folder");
    let queue = ["--queue", "arn:aws:sqs:eu-west-1:123456789012:renown-orders"];
    for _ in 0..2 {
        let ran = run(dir.path(), good, &connect(&address, &queue));
        assert_eq!(ran.code, ExitCode::SUCCESS, "{}{}", ran.out, ran.err);
        assert!(ran.out.contains("ORDER_CHANGE: subscribed"), "{}", ran.out);
        assert_eq!((simulator.destinations().len(), simulator.subscriptions().len()), (1, 3));
    }
    let ran = run(dir.path(), good, &["disconnect", "--yes"]);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}{}", ran.out, ran.err);
    assert_eq!(simulator.subscriptions().len(), 0);
}

#[test]
fn each_step_that_fails_says_which_and_what_to_do_and_shows_no_secret() {
    let (_simulator, address) = simulator();
    let dir = tempfile::tempdir().expect("a folder");
    let ran = run(dir.path(), wrong_secret, &connect(&address, &[]));
    assert_eq!(ran.code, ExitCode::from(1));
    assert!(ran.err.contains("demo-client") && ran.err.contains("developer console"), "{}", ran.err);
    assert!(!ran.err.contains("CANARY") && !ran.out.contains("CANARY"), "{}", ran.err);
    let ran = run(
        dir.path(),
        good,
        &connect(&address, &["--lang", "zh", "--code", "X", "--redirect-uri", "https://x.example"]),
    );
    assert!(ran.code == ExitCode::from(1) && ran.err.contains("五分钟"), "{}", ran.err);
    let ran = run(dir.path(), good, &connect(&address, &["--region", "na"]));
    assert!(ran.code == ExitCode::from(1) && ran.err.contains("region eu"), "{}", ran.err);
    let ran = run(dir.path(), |_| None, &connect(&address, &[]));
    assert!(ran.code == ExitCode::from(2) && ran.err.contains("RENOWN_CLIENT_SECRET"), "{}", ran.err);
    let ran = run(dir.path(), good, &connect("http://elsewhere.example", &[]));
    assert!(ran.code == ExitCode::from(2) && ran.err.contains("127.0.0.1"), "{}", ran.err);
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).expect("readable").flatten() {
        let path = entry.path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

#[test]
fn a_missing_key_is_told_by_its_place_and_is_not_replaced_by_looking() {
    let (_simulator, address) = simulator();
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), good, &connect(&address, &[]));
    let key = dir.path().join("config/renown/key");
    std::fs::remove_file(&key).expect("there");
    for lang in ["en", "zh"] {
        let ran = run(dir.path(), good, &["doctor", "--lang", lang]);
        assert_eq!(ran.code, ExitCode::from(1), "{}", ran.out);
        assert!(ran.out.contains(key.to_str().expect("UTF-8")), "{}", ran.out);
        let says = if lang == "en" { "put the file back" } else { "请放回该文件" };
        assert!(ran.out.contains(says) && !key.exists(), "{}", ran.out);
    }
    run(dir.path(), good, &connect(&address, &[]));
    assert!(key.exists(), "a secret was stored");
    let ran = run(dir.path(), good, &["doctor"]);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.out);
}

#[test]
fn a_secret_that_another_key_encrypted_is_told_in_chinese_with_its_remedy() {
    let (_simulator, address) = simulator();
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), good, &connect(&address, &[]));
    std::fs::write(dir.path().join("config/renown/key"), [7; 32]).expect("written");
    let ran = run(dir.path(), good, &["doctor", "--lang", "zh"]);
    assert!(ran.out.contains("重新连接该卖家") && !ran.out.contains("encrypted"), "{}", ran.out);
}

#[test]
fn taking_over_from_nobody_says_so() {
    let (_simulator, address) = simulator();
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), good, &connect(&address, &[]));
    let ran = run(dir.path(), good, &["mode", "live", "--take-over", "--yes"]);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    assert!(ran.out.contains("nothing to take over"), "{}", ran.out);
}
