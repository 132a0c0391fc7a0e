//! `renown export`.

use std::path::Path;
use std::process::ExitCode;

use super::terminal::{arg, renown};
use crate::support::{days, demo, shop};

#[tokio::test(start_paused = true)]
async fn a_copy_holds_every_item_under_its_checksum_and_no_secret() {
    let dir = tempfile::tempdir().expect("a folder");
    let (data, copy) = (dir.path().join("demo"), dir.path().join("copy"));
    let (outcome, _) = demo(&data, days(6)).await;
    let secrets = Vec::from_iter(contents(&data.join("secrets")));
    let shop = shop(&data, outcome.ended_at).await;
    let told = renown(dir.path(), &["export", arg(&copy), "--data", arg(&data), "--json"]).json();
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(copy.join("manifest.json")).expect("written")).expect("JSON");
    assert_eq!(told["manifest"], manifest);
    assert_eq!(manifest["files"]["orders.jsonl"]["items"], shop.orders.len());
    assert_eq!(manifest["files"]["control.jsonl"]["items"], 1);
    let files = manifest["files"].as_object().expect("files");
    let lines: usize = files.keys().map(|name| text(&copy.join(name)).lines().count()).sum();
    assert_eq!(manifest["items"], lines);
    let everything: String = files.keys().map(|name| text(&copy.join(name))).collect();
    assert!(everything.contains(shop.orders[0].id.as_str()) && everything.starts_with("{\"Item\":{"));
    assert!(!secrets.is_empty());
    for secret in secrets {
        let credentials: serde_json::Value = serde_json::from_str(&secret).expect("JSON");
        // Those of a seller, and the address of a chat's robot.
        let words = ["refresh_token", "client_secret", "url"].map(|name| credentials[name].as_str());
        let words: Vec<&str> = words.into_iter().flatten().collect();
        assert!(!words.is_empty(), "{credentials}");
        for word in words {
            assert!(!everything.contains(word), "{word}");
        }
    }
    #[cfg(unix)]
    for entry in std::fs::read_dir(&copy).expect("there").flatten() {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(entry.metadata().expect("there").permissions().mode() & 0o777, 0o600, "{entry:?}");
    }
    let again = renown(dir.path(), &["export", arg(&copy), "--data", arg(&data)]);
    again.fails(2, &["not empty", "copy"]);
    renown(dir.path(), &["export"]).fails(2, &["--csv"]);
}

#[tokio::test(start_paused = true)]
async fn a_spreadsheet_has_every_order_on_the_operators_clock_in_the_language_asked_for() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("demo");
    let (outcome, _) = demo(&data, days(16)).await;
    let shop = shop(&data, outcome.ended_at).await;
    let (en, zh) = (dir.path().join("en.csv"), dir.path().join("zh.csv"));
    let told = renown(dir.path(), &["export", "--csv", arg(&en), "--data", arg(&data), "--json"]).json();
    assert_eq!(told["orders"], shop.orders.len());
    let args = ["export", "--csv", arg(&zh), "--data", arg(&data), "--lang", "zh", "--zone", "Asia/Shanghai"];
    let ran = renown(dir.path(), &args);
    assert_eq!(ran.code, ExitCode::SUCCESS, "{}", ran.err);
    assert!(ran.out.contains("个订单"), "{}", ran.out);
    let (en, zh) = (rows(&en), rows(&zh));
    assert_eq!((en.len(), zh.len()), (shop.orders.len() + 1, shop.orders.len() + 1));
    assert_eq!((en[0][0].as_str(), zh[0][0].as_str()), ("order", "订单号"));
    assert!(zh[0][7].contains("Asia/Shanghai"), "{:?}", zh[0]);
    let (asked, fragen) = (row(&en, "accepted"), row(&zh, "accepted"));
    assert_eq!((asked[4].as_str(), fragen[4].as_str()), ("asked", "已请求"));
    // Eight hours apart, and written as a spreadsheet takes moments.
    let at = |text: &str| jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).expect("a moment");
    let same = zh.iter().find(|row| row[0] == asked[0]).expect("there");
    assert_eq!(at(&same[7]).duration_since(at(&asked[7])), jiff::SignedDuration::from_hours(8));
    assert!(en.iter().skip(1).any(|row| row[11] == "medium" && !row[10].is_empty() && !row[12].is_empty()));
    assert!(en.iter().skip(1).any(|row| !row[13].is_empty()), "products have names");
    renown(dir.path(), &["export", "--csv", arg(&dir.path().join("en.csv")), "--data", arg(&data)])
        .fails(2, &["there already"]);
}

fn row<'a>(rows: &'a [Vec<String>], reason: &str) -> &'a Vec<String> {
    rows.iter().find(|row| row[5] == reason).expect("there is one")
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = text(path);
    let text = text.strip_prefix('\u{feff}').expect("a byte-order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(ToOwned::to_owned).collect()).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("readable")
}

/// The files below a folder.
fn contents(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("there").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { contents(&path) } else { vec![text(&path)] }).collect()
}
