//! `renown classify`: what it says of buyers' texts, to people and to programs.

use std::process::ExitCode;

use renown_local::cli;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::environment;

/// Runs the command on a standard input: how it ended, and what it printed.
fn classify(input: &str, args: &[&str]) -> (ExitCode, String) {
    let dir = TempDir::new().expect("a folder");
    let environment = environment(dir.path());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["renown", "classify"].into_iter().chain(args.iter().copied());
    let code = cli::run(args.map(Into::into), &environment, &mut input.as_bytes(), &mut out, &mut err);
    (code, String::from_utf8(out).expect("UTF-8"))
}

#[test]
fn each_line_of_objects_is_answered_and_a_bad_one_stops_no_other() {
    let lines = "{\"id\":7,\"text\":\"The charger caught fire and burned my hand.\",\"lang\":\"en\"}\n{\"id\":8}\n{\"id\":9,\"text\":\"x\",\"stars\":9}\n{\"id\":10,\"text\":\"Works\",\"reason\":\"CR-DEFECTIVE\"}\n";
    let (code, out) = classify(lines, &["-", "--json"]);
    assert_eq!(code, ExitCode::from(1));
    let said: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(said.len(), 4, "{out}");
    assert_eq!((&said[0]["id"], &said[0]["negative"]), (&7.into(), &true.into()));
    assert_eq!((&said[0]["urgency"], &said[0]["lang"]), (&"safety".into(), &"en".into()));
    assert!(said[0]["words"][0]["text"].is_string(), "{out}");
    assert_eq!((&said[1]["id"], &said[1]["line"]), (&8.into(), &2.into()));
    assert!(said[1]["error"].is_string() && said[2]["error"].is_string(), "{out}");
    assert_eq!(said[3]["primary"], "defective_quality");
}

#[test]
fn plain_lines_are_texts_and_a_person_reads_a_line_each() {
    let (code, out) =
        classify("Kam völlig zerbrochen an, ich will mein Geld zurück.\n\nGreat, thank you!\n", &[]);
    assert_eq!(code, ExitCode::SUCCESS);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 2, "{out}");
    assert!(lines[0].starts_with("1  de  unhappy  "), "{out}");
    assert!(lines[1].starts_with("3  en  content"), "{out}");
}
