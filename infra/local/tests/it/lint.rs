//! `renown lint`: what it says of a text, to people and to programs, and how it ends.

use std::process::ExitCode;

use renown_local::cli;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::environment;

const BAD: &str = "Thank you.\nLeave a review and get a gift card.";
const GOOD: &str = "Your order has been shipped.";

/// Runs the command on a standard input: how it ended, what it printed, what it complained of.
fn lint(input: &str, args: &[&str]) -> (ExitCode, String, String) {
    let dir = TempDir::new().expect("a folder");
    let environment = environment(dir.path());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["renown", "lint"].into_iter().chain(args.iter().copied());
    let code = cli::run(args.map(Into::into), &environment, &mut input.as_bytes(), &mut out, &mut err);
    (code, String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"))
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).expect("JSON")
}

#[test]
fn a_person_is_told_where_why_and_what_to_write_instead() {
    let (code, out, _) = lint(BAD, &["-"]);
    assert_eq!(code, ExitCode::from(1));
    let mut lines = out.lines();
    let first = lines.next().expect("a finding");
    assert!(first.starts_with("2:1  forbidden  incentive  \"Leave a review"), "{first}");
    for label in ["  why:    ", "  fix:    ", "  source: "] {
        assert!(lines.next().is_some_and(|line| line.starts_with(label)), "{out}");
    }
}

#[test]
fn a_text_that_may_be_sent_ends_well() {
    let (code, out, err) = lint(GOOD, &["-"]);
    assert_eq!((code, out.trim(), err.as_str()), (ExitCode::SUCCESS, "en: nothing found", ""));
}

#[test]
fn a_warning_alone_ends_well() {
    let text = "Use code LAMP10 for 10% off your next order.";
    let (code, out, _) = lint(text, &["-", "--channel", "shop", "--region", "DE"]);
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(out.contains("warning  promotion-consent"), "{out}");
}

#[test]
fn the_answer_is_in_the_language_asked_for() {
    let (_, out, _) = lint(BAD, &["-", "--in", "zh"]);
    assert!(out.contains("禁止") && out.contains("原因"), "{out}");
}

#[test]
fn a_program_is_given_places_in_characters() {
    let (code, out, _) = lint("你好! Leave a review and get a gift card.", &["-", "--json"]);
    assert_eq!(code, ExitCode::from(1));
    let finding = &json(&out)["findings"][0];
    assert_eq!((&finding["rule"], &finding["severity"]), (&"incentive".into(), &"forbid".into()));
    assert_eq!(finding["start"], 4);
    let (code, out, _) = lint(GOOD, &["-", "--json"]);
    assert_eq!((code, &json(&out)["findings"]), (ExitCode::SUCCESS, &Value::Array(Vec::new())));
}

#[test]
fn each_line_is_answered_with_a_line() {
    let lines = format!(
        "{{\"id\":1,\"text\":{:?}}}\n\n{{\"id\":\"b\",\"text\":{GOOD:?},\"lang\":\"en\",\"channel\":\"shop\"}}\n",
        "好评返现"
    );
    let (code, out, _) = lint(&lines, &["-", "--jsonl"]);
    assert_eq!(code, ExitCode::from(1));
    let answers: Vec<Value> = out.lines().map(json).collect();
    assert_eq!((&answers[0]["id"], &answers[0]["lang"]), (&1.into(), &"zh".into()));
    assert_eq!(answers[0]["findings"][0]["text"], "好评返现");
    assert_eq!((&answers[1]["id"], &answers[1]["findings"]), (&"b".into(), &Value::Array(Vec::new())));
    assert_eq!(answers.len(), 2);
}

#[test]
fn a_line_that_is_no_text_is_named_and_the_others_are_answered() {
    let lines =
        format!("nonsense\n{{\"id\":2,\"text\":{GOOD:?}}}\n{{\"id\":3,\"text\":\"a\",\"lang\":\"pt\"}}");
    let (code, out, _) = lint(&lines, &["-", "--jsonl"]);
    assert_eq!(code, ExitCode::from(1));
    let answers: Vec<Value> = out.lines().map(json).collect();
    assert_eq!((&answers[0]["line"], &answers[0]["id"]), (&1.into(), &Value::Null));
    assert!(answers[1]["error"].is_null());
    assert_eq!((&answers[2]["line"], &answers[2]["id"]), (&3.into(), &3.into()));
    assert!(answers[2]["error"].as_str().is_some_and(|error| error.contains("pt")));
}

#[test]
fn what_it_cannot_read_it_says() {
    let (code, _, err) = lint("", &["no-such-file.txt"]);
    assert_ne!(code, ExitCode::SUCCESS);
    assert!(err.contains("no-such-file.txt"), "{err}");
    let (code, _, _) = lint(GOOD, &["-", "--lang", "pt"]);
    assert_eq!(code, ExitCode::from(2));
}

#[test]
fn a_region_is_a_country_that_exists() {
    for (region, says) in [("ZZ", "ISO 3166-1"), ("UK", "GB"), ("D", "such as DE")] {
        let (code, _, err) = lint(GOOD, &["-", "--region", region]);
        assert!(code == ExitCode::from(2) && err.contains(says), "{region}: {err}");
    }
    let (_, _, err) = lint(GOOD, &["-", "--region", "ZZ", "--in", "zh"]);
    assert!(err.contains("国家代码") && !err.contains("na、eu"), "{err}");
    for region in ["DE", "us", "CN", "gb"] {
        assert_eq!(lint(GOOD, &["-", "--region", region]).0, ExitCode::SUCCESS, "{region}");
    }
}
