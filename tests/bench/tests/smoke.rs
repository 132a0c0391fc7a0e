//! Each bench runs and does the work it says. No figure of time is looked at.

use renown_bench::figures::Report;
use renown_bench::{Bench, Size, cold, measure};

fn quick(bench: Bench) -> Report {
    let scratch = tempfile::tempdir().expect("a folder");
    let report = measure(bench, Size::Quick, scratch.path()).expect("measured");
    for figure in &report.figures {
        assert!(figure.value.is_finite() && figure.value >= 0.0, "{figure:?}");
    }
    report
}

#[test]
fn every_order_gets_a_decision_in_each_pass() {
    let report = quick(Bench::Policy);
    assert_eq!(report.value("decisions"), Some(20_000.0));
}

#[test]
fn every_message_of_every_order_is_taken_in_both_ways() {
    let report = quick(Bench::Ingest);
    // Pending, Unshipped and Shipped, each for the order and for its item.
    assert_eq!((report.value("orders"), report.value("messages")), (Some(20.0), Some(120.0)));
    assert!(report.notes.iter().any(|note| note.starts_with("Python is left out")), "{:?}", report.notes);
}

#[test]
fn every_order_is_asked_once() {
    let report = quick(Bench::Ask);
    assert_eq!(report.value("asked"), Some(10.0));
    // One that asks what is offered, one that asks; a look at the parcels of merchant orders.
    assert!(report.value("calls_per_order").expect("there") >= 2.0);
}

#[test]
fn each_seller_keeps_its_pace_in_virtual_time() {
    let report = quick(Bench::Sweep);
    assert!(report.value("slowest_pace").expect("there") >= 0.95, "{report:?}");
}

#[test]
fn every_row_is_read_and_every_order_is_in_the_plan() {
    let scratch = tempfile::tempdir().expect("a folder");
    let import = measure(Bench::Import, Size::Quick, scratch.path()).expect("measured");
    assert_eq!(import.value("rows"), Some(2_000.0));
    let plan = measure(Bench::Plan, Size::Quick, scratch.path()).expect("measured");
    assert_eq!(plan.value("orders"), import.value("orders"));
    let report = scratch.path().join("orders-2000.txt");
    assert!(report.exists(), "files are left for the next run");
}

#[test]
fn every_mail_is_written_and_every_event_of_it_taken_in() {
    let report = quick(Bench::Mail);
    assert_eq!(report.value("mails"), Some(70.0));
    assert_eq!((report.value("events"), report.value("bounces")), (Some(40.0), Some(1.0)));
}

#[test]
fn a_function_starts_and_takes_its_first_event_over_tls() {
    let scratch = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cold-order-ingest"), scratch.path().join("order-ingest"))
        .expect("linked");
    let bootstraps = Some(scratch.path().to_owned());
    let options = cold::Options { bootstraps, runs: 1, size: Size::Quick };
    // It fails if the order is not written, or its message not taken.
    let report = cold::run(&options, scratch.path()).expect("measured");
    for name in ["bytes_mb", "init_cpu_ms", "first_cpu_ms", "init_mb", "peak_mb", "first_event_ms"] {
        let figure = report.figures.iter().find(|figure| figure.name == name).expect("there");
        assert_eq!(figure.of.as_deref(), Some("order-ingest"));
        assert!(figure.value > 0.0, "{figure:?}");
    }
    assert!(report.value("first_cpu_ms") > report.value("init_cpu_ms"), "{report:?}");
}

#[test]
fn every_text_is_understood() {
    let report = quick(Bench::Texts);
    assert!(report.value("texts").expect("there") > 200.0);
    assert!(report.value("unhappy").expect("there") > 100.0);
}
