//! Every answer that Amazon's models show can be read.

use renown_io::spapi::{Error, Operation};
use serde_json::Value;

use crate::calls::call;
use crate::models::modelled;
use crate::wire::Wire;

#[tokio::test(start_paused = true)]
async fn every_example_and_sandbox_answer_of_the_models_is_understood() {
    for (operation, model) in modelled() {
        let answers = model.answers();
        assert!(answers.iter().any(|(status, _)| *status < 300), "{operation} has no example");
        for (status, body) in answers {
            let read = call(&Wire::answering(status, &body), operation).await;
            if status < 300 {
                let shown = read.unwrap_or_else(|error| panic!("{operation}: {error}\n{body:#}"));
                assert_understood(operation, &body, &shown);
            } else {
                let message = body["errors"][0]["message"].as_str().expect("an error has a message");
                match read {
                    Err(Error::Invalid { message: ours, .. }) => assert!(ours.contains(message), "{ours}"),
                    other => panic!("{operation} {status}: {other:?}"),
                }
            }
        }
    }
}

/// What must be seen of an order: which, whose item, who ships it.
fn of_order(order: &Value) -> Vec<String> {
    let mut parts = vec![&order["orderId"], &order["orderItems"][0]["product"]["sellerSku"]];
    parts.push(&order["salesChannel"]["marketplaceId"]);
    let mut parts: Vec<String> = parts.into_iter().filter_map(Value::as_str).map(str::to_owned).collect();
    match order["fulfillment"]["fulfilledBy"].as_str() {
        Some("MERCHANT") => parts.push("channel: Some(Merchant)".to_owned()),
        Some("AMAZON") => parts.push("channel: Some(Amazon)".to_owned()),
        _ => {}
    }
    parts.push("unknown: []".to_owned());
    parts
}

/// What must be seen of a destination: its id and the queue.
fn of_destination(destination: &Value) -> Vec<String> {
    let parts = [&destination["destinationId"], &destination["resource"]["sqs"]["arn"]];
    parts.into_iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What must be seen of topics: every name, without the blanks at its ends.
fn of_topics(body: &Value, keys: &[&str]) -> Vec<String> {
    let names: Vec<String> = keys.iter().flat_map(|key| values_of(body, key)).collect();
    let names: Vec<String> = names.iter().map(|name| format!("name: {:?}", name.trim())).collect();
    if names.is_empty() { vec!["None".to_owned()] } else { names }
}

/// That reading did not fail is not enough: what matters must have come through.
fn assert_understood(operation: Operation, body: &Value, shown: &str) {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let expected: Vec<String> = match operation {
        Operation::SolicitationActions => vec!["offered: true".to_owned()],
        Operation::CreateSolicitation | Operation::DeleteDestination | Operation::DeleteSubscription => {
            vec![]
        }
        Operation::GetOrder => of_order(&body["order"]),
        Operation::SearchOrders => {
            let orders = body["orders"].as_array().expect("a list");
            orders.iter().flat_map(of_order).collect()
        }
        Operation::CreateReport => vec![text(&body["reportId"])],
        Operation::GetReport => {
            assert_eq!(body["processingStatus"], "IN_PROGRESS");
            vec!["Underway".to_owned()]
        }
        // The address is a secret, so that it is there is all that shows.
        Operation::GetReportDocument => vec!["<secret>".to_owned(), "gzip: false".to_owned()],
        Operation::MarketplaceParticipations => {
            let payload = body["payload"].as_array().expect("a list");
            payload.iter().map(|entry| text(&entry["marketplace"]["id"])).collect()
        }
        Operation::CreateDestination => of_destination(&body["payload"]),
        Operation::Destinations => {
            let payload = body["payload"].as_array().expect("a list");
            payload.iter().flat_map(of_destination).collect()
        }
        Operation::CreateSubscription | Operation::Subscription => {
            let payload = &body["payload"];
            ["subscriptionId", "destinationId", "payloadVersion"].map(|key| text(&payload[key])).to_vec()
        }
        Operation::ItemBrowseNode => {
            if body["browseNodeId"].is_null() {
                vec!["None".to_owned()]
            } else {
                vec![text(&body["browseNodeId"])]
            }
        }
        Operation::ItemReviewTopics => of_topics(body, &["topic", "subtopic"]),
        Operation::NodeReviewTopics
        | Operation::ItemReviewTrends
        | Operation::NodeReviewTrends
        | Operation::NodeReturnTopics
        | Operation::NodeReturnTrends => of_topics(body, &["topic"]),
        Operation::OrderFinances => values_of(body, "PostedDate").into_iter().take(1).collect(),
    };
    for part in expected {
        assert!(shown.contains(&part), "{operation}: {part} is not in {shown}");
    }
    // What no call asks for must not come through even if it is there, as in these examples.
    for buyer in ["buyerName", "buyerEmail", "phone", "postalCode", "addressLine1", "giftMessage"] {
        for value in values_of(body, buyer).into_iter().filter(|value| value.len() > 3) {
            assert!(!shown.contains(&value), "{operation}: {buyer} came through");
        }
    }
}

fn values_of(json: &Value, key: &str) -> Vec<String> {
    match json {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value.as_str() {
                Some(text) if name == key => vec![text.to_owned()],
                _ => values_of(value, key),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(|item| values_of(item, key)).collect(),
        _ => vec![],
    }
}
