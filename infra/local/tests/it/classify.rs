//! `renown classify`: what it says of buyers' texts, to people and to programs.

use std::process::ExitCode;

use renown_local::cli;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::environment;

/// Runs the command on a standard input: how it ended, and what it printed.
fn classify(input: &(impl AsRef<[u8]> + ?Sized), args: &[&str]) -> (ExitCode, String) {
    let dir = TempDir::new().expect("a folder");
    let environment = environment(dir.path());
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["renown", "classify"].into_iter().chain(args.iter().copied());
    let code = cli::run(args.map(Into::into), &environment, &mut input.as_ref(), &mut out, &mut err);
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

#[test]
fn every_answer_names_its_line_and_what_is_wrong_is_said_in_plain_words() {
    let lines = [
        r#"{"id":1,"text":"Too late","stars":"1"}"#,
        r#"{"id":2,"text":5}"#,
        r#"{"id":3,"text":"x","lang":"fi"}"#,
        r#"{"id":4,"text":"x""#,
        r#"["Too late"]"#,
        r#""Great, thank you!""#,
        "[Update] It broke after a week",
        r#"{"id":8,"text":"Works","reason":"NO_SUCH_REASON","more":[1]}"#,
    ];
    let (code, out) = classify(&lines.join("\n"), &["--json"]);
    assert_eq!(code, ExitCode::from(1));
    let said: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let numbers: Vec<u64> = said.iter().filter_map(|answer| answer["line"].as_u64()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8], "{out}");
    assert_eq!(said[0]["negative"], true);
    for (at, word) in [(1, "text"), (2, "\"fi\""), (3, "no JSON"), (4, "list")] {
        let error = said[at]["error"].as_str().expect("an error");
        assert!(error.contains(word) && !error.contains("expected"), "{error}");
    }
    assert_eq!((&said[5]["negative"], &said[6]["negative"]), (&false.into(), &true.into()));
    assert!(said[7]["note"].as_str().is_some_and(|note| note.contains("NO_SUCH_REASON")), "{out}");
}

#[test]
fn what_says_nothing_that_is_understood_is_not_guessed_at() {
    let (code, out) = classify("Сломалось сразу\n5/5\n👎👎\n", &["--json"]);
    assert_eq!(code, ExitCode::SUCCESS);
    let said: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(said.iter().all(|answer| answer["lang"].is_null()), "{out}");
    assert!(
        said[..2].iter().all(|answer| answer["negative"] == false && answer["primary"].is_null()),
        "{out}"
    );
    assert_eq!((&said[2]["negative"], &said[2]["primary"]), (&true.into(), &"other".into()), "{out}");
}

#[test]
fn texts_are_read_in_the_charset_they_are_in_and_what_is_none_is_refused() {
    let german = encoding_rs::WINDOWS_1252.encode("Völlig zerbrochen, schlechte Qualität\n").0;
    let chinese = encoding_rs::GB18030.encode("收到的时候壶嘴断了,质量太差\n").0;
    let japanese = encoding_rs::SHIFT_JIS.encode("壊れて届きました。返金してください\n").0;
    let english: Vec<u8> = "\u{feff}Arrived broken\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, lang) in
        [(&german[..], "de"), (&chinese[..], "zh"), (&japanese[..], "ja"), (&english[..], "en")]
    {
        let (code, out) = classify(bytes, &[]);
        assert_eq!(code, ExitCode::SUCCESS);
        assert!(out.starts_with(&format!("1  {lang}  unhappy")), "{out}");
    }
    let (code, out) = classify(&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01"[..], &[]);
    assert_eq!((code, out.as_str()), (ExitCode::FAILURE, ""));
}

#[test]
fn json_that_goes_over_several_lines_is_refused_with_the_remedy() {
    for spread in ["{\n  \"text\": \"Broken\"\n}\n", "[\n  {\"text\": \"Broken\"}\n]\n"] {
        assert_eq!(classify(spread, &[]), (ExitCode::FAILURE, String::new()), "{spread}");
    }
    let (code, out) = classify("{ what a mess\nGreat\n", &[]);
    assert!(code == ExitCode::from(1) && out.contains("content"), "{out}");
}
