//! The samples under `events/` are what the functions take.

use std::path::PathBuf;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::sqs::SqsEvent;
use renown_core::mail::ses::{self, Read};

fn samples(source: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../events").join(source);
    let entries = std::fs::read_dir(&folder).expect("the folder is there").flatten();
    let is_json = |path: &PathBuf| path.extension().is_some_and(|end| end == "json");
    let files = entries.map(|entry| entry.path()).filter(is_json);
    let mut samples: Vec<_> = files
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("readable"))
        })
        .collect();
    samples.sort();
    samples
}

#[test]
fn every_sample_of_ses_is_read_but_the_one_message_that_is_not_to_be() {
    let samples = samples("ses");
    assert!(samples.len() >= 10, "one of each type");
    for (name, text) in samples {
        let event: SqsEvent = serde_json::from_str(&text).expect(&name);
        assert!(!event.records.is_empty(), "{name}");
        let mut n_unreadable = 0;
        for record in event.records {
            let read = ses::read(record.body.as_deref().unwrap_or_default());
            n_unreadable += usize::from(read.is_err());
            if let Ok(Read::Event(event)) = read {
                assert!(!event.message.is_empty(), "{name}");
            }
        }
        assert_eq!(n_unreadable, usize::from(name == "unreadable"), "{name}");
    }
}

#[test]
fn every_sample_of_the_public_routes_is_a_request_that_the_router_takes() {
    let samples = samples("web");
    assert!(samples.len() >= 6, "one of each route");
    for (name, text) in samples {
        let event: ApiGatewayV2httpRequest = serde_json::from_str(&text).expect(&name);
        let request = web::gateway::request(event).expect(&name);
        let page = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
        assert!(matches!(page.as_str(), "u" | "s" | "hooks"), "{name}: {page}");
    }
}
