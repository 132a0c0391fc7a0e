//! The sample events of `events/sqs` carry bodies that fit Amazon's notification schemas.

use std::path::Path;

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
