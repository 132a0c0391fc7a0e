//! The sample events of `events/sqs` carry bodies that fit Amazon's notification schemas, and what the
//! bus carries fits the schemas of `events/bus`.

use std::path::Path;

use renown_core::case::{Case, Kind, Owner, Reading, Signal, Subject, Team};
use renown_core::control::Cause;
use renown_core::event::{Event, SOURCE};
use renown_core::marketplace::MarketplaceId;
use serde_json::Value;

use crate::models::notification_schema;

/// Samples of what no schema fits.
const MEANT_TO_BE_WRONG: [&str; 2] = ["unknown-type.json", "unreadable.json"];

/// The schema of a notification, by its envelope; `None`: Amazon has published none.
fn schema_of(body: &Value) -> Option<&'static str> {
    let kind = body["NotificationType"].as_str().or(body["notificationType"].as_str());
    match kind.expect("a notification names its type") {
        "ORDER_CHANGE" => Some("OrderChangeNotification.json"),
        "REPORT_PROCESSING_FINISHED" => Some("ReportProcessingFinishedNotification.json"),
        "ACCOUNT_STATUS_CHANGED" => None,
        other => panic!("{other} has no sample yet: name its schema here"),
    }
}

/// A body is JSON, or JSON in a JSON string.
fn body_of(record: &Value) -> Value {
    let text = record["body"].as_str().expect("a message has a body");
    match serde_json::from_str(text).expect("a body is JSON") {
        Value::String(inner) => serde_json::from_str(&inner).expect("a body in a string is JSON"),
        body => body,
    }
}

#[test]
fn samples_fit_the_schemas_of_their_notifications() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/sqs");
    let mut checked = 0;
    for entry in std::fs::read_dir(&folder).expect("events/sqs") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "json")
            || MEANT_TO_BE_WRONG.contains(&name.as_str())
        {
            continue;
        }
        let event: Value =
            serde_json::from_slice(&std::fs::read(&path).expect("readable")).expect("a sample is JSON");
        for record in event["Records"].as_array().expect("a batch has records") {
            let body = body_of(record);
            let Some(schema) = schema_of(&body) else { continue };
            let Some(validator) = notification_schema(schema) else { return };
            let errors: Vec<String> = validator
                .iter_errors(&body)
                .map(|error| format!("{}: {error}", error.instance_path))
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
            checked += 1;
        }
    }
    assert!(checked >= 6, "{checked} bodies were checked");
}

/// Every kind of event, with and without what may be absent.
fn of_every_kind() -> Vec<Event> {
    let seller = || "A1EXAMPLESELLER".parse().expect("valid");
    let at = "2026-11-22T10:00:00Z".parse().expect("a time");
    let order = || "302-1234567-1234567".parse().expect("valid");
    let mut all = Vec::new();
    let kinds = [
        Kind::Feedback,
        Kind::FeedbackGone,
        Kind::Return,
        Kind::Claim,
        Kind::Chargeback,
        Kind::OverdueReturn,
        Kind::Survey,
        Kind::Review,
        Kind::Health,
        Kind::AccountStatus,
        Kind::Topic,
        Kind::Undeliverable,
        Kind::LateToShip,
        Kind::Stuck,
        Kind::Brake { cause: Cause::Bounces },
        Kind::Access,
    ];
    for kind in kinds {
        let subject = Subject::Order { order: order() };
        let mut signal = Signal::new(seller(), subject, kind, "1", (at, at));
        all.push(Event::seen(&signal));
        for (marketplace, owners) in [
            (None, vec![]),
            (MarketplaceId::of_country("DE"), vec![Owner { name: "Wang".to_owned(), ..Owner::default() }]),
        ] {
            signal.marketplace = marketplace;
            let team = Team { owners, ..Team::default() };
            let reading = Reading::of(&signal, renown_words::model());
            let case = Case::open(signal.clone(), reading, &team, at);
            all.push(Event::CaseOpened((&case).into()));
            all.push(Event::CaseChanged((&case).into()));
        }
    }
    for marketplace in [None, MarketplaceId::of_country("DE")] {
        all.push(Event::OrderAsked { seller: seller(), order: order(), marketplace, at });
    }
    for cause in [
        Cause::Access,
        Cause::AccountStatus,
        Cause::AmazonOutage,
        Cause::Bounces,
        Cause::Complaints,
        Cause::Person,
    ] {
        all.push(Event::BrakePulled { seller: None, cause, at });
        all.push(Event::BrakePulled { seller: Some(seller()), cause, at });
    }
    all
}

#[test]
fn what_the_bus_carries_fits_its_schemas_and_so_do_the_samples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/bus");
    let json = |path: &Path| -> Value {
        let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_slice(&text).expect("JSON")
    };
    let check = |kind: &str, detail: &Value| {
        let schema = json(&folder.join(format!("schemas/{kind}.json")));
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let errors: Vec<String> = validator.iter_errors(detail).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{kind}: {errors:#?} in {detail}");
    };
    let mut kinds = std::collections::BTreeSet::new();
    for event in of_every_kind() {
        let event = serde_json::to_value(&event).expect("JSON");
        let kind = event["detail-type"].as_str().expect("a name").to_owned();
        check(&kind, &event["detail"]);
        kinds.insert(kind);
    }
    for kind in &kinds {
        let sample = json(&folder.join(format!("{kind}.json")));
        assert_eq!(sample["detail-type"], **kind);
        assert_eq!(sample["source"], SOURCE);
        check(kind, &sample["detail"]);
        assert!(serde_json::from_value::<Event>(sample).is_ok(), "{kind} is read again");
    }
    assert_eq!(kinds.len(), 5);
}
