//! `renown support-bundle`.

use std::io::Write as _;

use renown_core::ids::AppId;
use renown_io::ledger::Unread;
use renown_io::secrets::{Credentials, Scope, Secret, Secrets};
use renown_local::folder::Folder;
use renown_local::world::{ledger, open_table};
use serde_json::Value;

use super::terminal::{arg, renown};
use crate::support::{days, demo, t};

/// Words that must be in no bundle, each where such words really lie.
const CANARIES: [&str; 9] = [
    "CANARY-TOKEN",
    "CANARY-SECRET",
    "CANARY 王小明 shop",
    "CANARY-BODY",
    "302-7654321-7654321",
    "canary.wang@example.com",
    "13800138000",
    "CANARY-NAME",
    "CANARY 李伟",
];

#[tokio::test(start_paused = true)]
async fn a_bundle_tells_what_helps_and_nobodys_name() {
    let dir = tempfile::tempdir().expect("a folder");
    let data = dir.path().join("demo");
    let (outcome, _) = demo(&data, days(6)).await;
    let ledger = ledger(
        &open_table(&Folder::existing(&data).expect("there").table()).expect("opened"),
        outcome.ended_at,
    );
    let mut sellers = ledger.sellers().await.expect("listed");
    sellers[0].alias = CANARIES[2].to_owned();
    ledger.put_seller(&sellers[0]).await.expect("written");
    let credentials = Credentials {
        client_id: "amzn1.application-oa2-client.canary".parse::<AppId>().expect("valid"),
        client_secret: Secret::new(CANARIES[1]),
        refresh_token: Secret::new(format!("Atzr|{}", CANARIES[0])),
    };
    let secrets = Secrets::in_folder(data.join("secrets"));
    for scope in [Scope::Listen, Scope::Live] {
        secrets.store(scope, &sellers[0].id, &credentials).await.expect("stored");
    }
    let letter = format!(
        r#"{{"id":"message-1","body":"{} {}","visible_at":"2026-10-05T00:00:00Z","receives":5}}"#,
        CANARIES[3], CANARIES[5]
    );
    append(&data.join("dead-letters.jsonl"), &letter);
    for n in 0..300 {
        append(&data.join("renown.log"), &format!(r#"{{"level":"INFO","message":"line {n} of many"}}"#));
    }
    append(
        &data.join("renown.log"),
        &format!(
            r#"{{"level":"WARN","message":"{} of {} {}: {} {} Atzr|{}","order.id":"{}"}}"#,
            CANARIES[4], CANARIES[2], sellers[0].id, CANARIES[5], CANARIES[6], CANARIES[0], CANARIES[4]
        ),
    );
    // Amazon's words, as errors quote them, with a quote in the quote.
    let error = format!("amazon refused getOrder: {:?}", format!("not for \"{}\"", CANARIES[8]));
    let line = serde_json::json!({"level": "WARN", "error": error, "message": "a call was refused"});
    append(&data.join("renown.log"), &line.to_string());
    let unread = Unread {
        source: "import".to_owned(),
        hash: Unread::hash_of(b"x"),
        name: format!("{} 的订单.xlsx", CANARIES[7]),
        place: format!("order {}", CANARIES[4]),
        problem: format!("invalid type: string \"{}\", expected a date", CANARIES[7]),
        problem_zh: String::new(),
        at: t("2026-10-05T00:00:00Z"),
        dead_letter: true,
    };
    ledger.keep_unread(&unread).await.expect("kept");

    let file = dir.path().join("bundle.jsonl");
    let told = renown(dir.path(), &["support-bundle", arg(&file), "--data", arg(&data), "--json"]).json();
    let bundle = std::fs::read_to_string(&file).expect("written");
    for canary in CANARIES {
        assert!(!bundle.contains(canary), "{canary}");
    }
    for order in crate::support::shop(&data, outcome.ended_at).await.orders {
        assert!(!bundle.contains(order.id.as_str()), "{}", order.id);
    }
    assert!(!bundle.contains(sellers[0].id.as_str()) && !bundle.contains(arg(dir.path())), "{bundle}");

    let parts: Vec<Value> = bundle.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(told["lines"], parts.len());
    let of = |part: &'static str| parts.iter().filter(move |line| line["part"] == part);
    assert_eq!(of("versions").next().expect("there")["renown"], env!("CARGO_PKG_VERSION"));
    assert_eq!(of("folder").next().expect("there")["folder"]["kind"], "demo");
    assert_eq!(of("folder").next().expect("there")["dead_letters"], 1);
    assert!(of("totals").next().expect("there")["totals"]["orders"].as_u64().expect("a sum") > 50);
    assert_eq!(of("seller").count(), 2);
    assert!(of("seller").all(|seller| seller["rules"].is_object() && seller["marketplaces"].is_array()));
    assert!(of("report").all(|report| report["every_hours"].is_number()));
    let problem = of("unread").next().expect("there")["problem"].as_str().expect("a text").to_owned();
    assert!(problem.contains("expected a date"), "{problem}");
    let log: Vec<_> = of("log").collect();
    assert_eq!(log.len(), 200);
    assert!(log[199]["line"].as_str().expect("a text").contains("WARN"));

    renown(dir.path(), &["support-bundle", arg(&file), "--data", arg(&data)]).fails(2, &["there already"]);
    let other = dir.path().join("other.jsonl");
    let ran = renown(dir.path(), &["support-bundle", arg(&other), "--data", arg(&data), "--lang", "zh"]);
    assert!(ran.out.contains("已写入"), "{}", ran.out);
}

fn append(path: &std::path::Path, line: &str) {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).expect("opened");
    writeln!(file, "{line}").expect("written");
}
