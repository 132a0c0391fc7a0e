//! Notifications v1: destinations (queues only) and subscriptions.
//!
//! The texts of the refusals are those that developers have reported to Amazon. What is sent does
//! not depend on any of it: see [`crate::notifications`].

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::http_reply::Reply;
use crate::model::{Destination, Subscription};
use crate::notifications::uuid;
use crate::pipeline::Ask;
use crate::state::State;

/// Types that go to a queue. Source: Amazon's page "Notification type values".
const TYPES: [&str; 7] = [
    "ACCOUNT_STATUS_CHANGED",
    "ANY_OFFER_CHANGED",
    "DETAIL_PAGE_TRAFFIC_EVENT",
    "FBA_OUTBOUND_SHIPMENT_STATUS",
    "ORDER_CHANGE",
    "REPORT_PROCESSING_FINISHED",
    "TRANSACTION_UPDATE",
];

/// Values of `orderChangeTypes`. Source: Amazon's notifications model.
const ORDER_CHANGE_TYPES: [&str; 3] = ["BuyerRequestedChange", "DeliveryTipChange", "OrderStatusChange"];

/// Longest name of a destination and longest address of a queue. Source: Amazon's model.
const LONGEST_NAME: usize = 256;
const LONGEST_ARN: usize = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DestinationRequest {
    name: String,
    resource_specification: Resource,
}

#[derive(Deserialize)]
struct Resource {
    sqs: Option<Queue>,
}

#[derive(Deserialize)]
struct Queue {
    arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubscriptionRequest {
    payload_version: String,
    destination_id: String,
    processing_directive: Option<Value>,
}

/// `createDestination`
pub(crate) fn create_destination(state: &mut State, ask: &Ask<'_>) -> Reply {
    let asked: DestinationRequest = match parsed(ask) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    let Some(Queue { arn }) = asked.resource_specification.sqs else {
        return missing_or_invalid("The simulator takes destinations of type sqs only.");
    };
    if asked.name.is_empty() || asked.name.chars().count() > LONGEST_NAME {
        return missing_or_invalid("The name of a destination has 1 to 256 characters.");
    }
    if !is_queue(&arn) {
        return missing_or_invalid(&format!("{arn} is not the ARN of a standard SQS queue."));
    }
    if own_destinations(state, ask).any(|known| known.arn == arn) {
        let application = application_id(state, ask);
        return Reply::error_with(
            409,
            "Conflict",
            "The requested resource conflict with a resource in the server.",
            &format!("A destination with arn {arn} already exists for the application {application}"),
        );
    }
    let destination = Destination {
        destination_id: uuid(&("destination", state.next_id())),
        client_id: ask.caller.app.clone(),
        region: ask.incoming.region(),
        name: asked.name,
        arn,
    };
    let reply = Reply::json(200, &json!({"payload": shown_destination(&destination)}));
    state.data.destinations.insert(destination.destination_id.clone(), destination);
    reply
}

/// `getDestinations`
pub(crate) fn destinations(state: &State, ask: &Ask<'_>) -> Reply {
    let payload: Vec<Value> = own_destinations(state, ask).map(shown_destination).collect();
    Reply::json(200, &json!({"payload": payload}))
}

/// `deleteDestination`
pub(crate) fn delete_destination(state: &mut State, ask: &Ask<'_>) -> Reply {
    if !own_destinations(state, ask).any(|known| known.destination_id == ask.subject) {
        return Reply::not_found(&format!("There is no destination {}.", ask.subject));
    }
    if state.data.subscriptions.values().any(|subscription| subscription.destination_id == ask.subject) {
        return Reply::error_with(
            403,
            "Unauthorized",
            "The requested action is forbidden.",
            "Destination has subscriptions",
        );
    }
    state.data.destinations.remove(ask.subject);
    Reply::json(200, &json!({}))
}

/// `createSubscription`
pub(crate) fn subscribe(state: &mut State, ask: &Ask<'_>) -> Reply {
    let kind = ask.subject;
    let asked: SubscriptionRequest = match parsed(ask) {
        Ok(asked) => asked,
        Err(reply) => return reply,
    };
    if !TYPES.contains(&kind) {
        return missing_or_invalid(&format!("{kind} is not a notification type for SQS."));
    }
    if asked.payload_version.is_empty() {
        return missing_or_invalid("The payload version must not be empty.");
    }
    if let Err(reply) = check_filter(kind, asked.processing_directive.as_ref()) {
        return reply;
    }
    if !own_destinations(state, ask).any(|known| known.destination_id == asked.destination_id) {
        let application = application_id(state, ask);
        return missing_or_invalid(&format!(
            "No destination with id {} for applicationId {application}",
            asked.destination_id
        ));
    }
    if own_subscriptions(state, ask).any(|known| known.payload_version == asked.payload_version) {
        return Reply::error_with(
            409,
            "StateConflict",
            "The resource specified conflicts with the current state.",
            &format!("Subscription already exist for notification type {kind}"),
        );
    }
    let subscription = Subscription {
        subscription_id: uuid(&("subscription", state.next_id())),
        client_id: ask.caller.app.clone(),
        seller_id: ask.seller.to_owned(),
        notification_type: kind.to_owned(),
        payload_version: asked.payload_version,
        destination_id: asked.destination_id,
        processing_directive: asked.processing_directive,
        created_at: ask.now,
    };
    let reply = Reply::json(200, &json!({"payload": shown_subscription(&subscription)}));
    state.data.subscriptions.insert(subscription.subscription_id.clone(), subscription);
    reply
}

/// `getSubscription`: of the payload version that is named, or of the latest.
pub(crate) fn subscription(state: &State, ask: &Ask<'_>) -> Reply {
    let version = ask.incoming.one("payloadVersion");
    let fitting =
        own_subscriptions(state, ask).filter(|own| version.is_none_or(|only| own.payload_version == only));
    match fitting.max_by_key(|own| own.payload_version.as_str()) {
        Some(own) => Reply::json(200, &json!({"payload": shown_subscription(own)})),
        None => Reply::not_found(&format!("There is no subscription to {}.", ask.subject)),
    }
}

/// `deleteSubscriptionById`
pub(crate) fn unsubscribe(state: &mut State, ask: &Ask<'_>) -> Reply {
    let (kind, id) = ask.subject.split_once('/').unwrap_or_default();
    let own = state
        .data
        .subscriptions
        .get(id)
        .is_some_and(|known| known.client_id == ask.caller.app && known.notification_type == kind);
    if !own {
        return Reply::not_found(&format!("There is no subscription {id} to {kind}."));
    }
    state.data.subscriptions.remove(id);
    Reply::json(200, &json!({}))
}

/// What the application has made known at this host.
fn own_destinations<'state>(
    state: &'state State,
    ask: &Ask<'_>,
) -> impl Iterator<Item = &'state Destination> {
    let (app, region) = (ask.caller.app.clone(), ask.incoming.region());
    state.data.destinations.values().filter(move |known| known.client_id == app && known.region == region)
}

/// The seller's subscriptions to the type in the path, by the same application.
fn own_subscriptions<'state>(
    state: &'state State,
    ask: &Ask<'_>,
) -> impl Iterator<Item = &'state Subscription> {
    let (app, seller, kind) = (ask.caller.app.clone(), ask.seller.to_owned(), ask.subject.to_owned());
    state.data.subscriptions.values().filter(move |known| {
        known.client_id == app && known.seller_id == seller && known.notification_type == kind
    })
}

/// Orders are not sent without a filter, and their filter knows kinds of changes alone.
fn check_filter(kind: &str, directive: Option<&Value>) -> Result<(), Reply> {
    let filter = directive.and_then(|directive| directive.get("eventFilter"));
    let Some(filter) = filter.filter(|filter| !filter.is_null()) else {
        if kind == "ORDER_CHANGE" {
            return Err(missing_or_invalid("Processing Directive eventFilter must not be empty"));
        }
        return Ok(());
    };
    let known_changes = |changes: &Value| {
        changes.as_array().is_some_and(|changes| {
            changes.iter().all(|one| one.as_str().is_some_and(|one| ORDER_CHANGE_TYPES.contains(&one)))
        })
    };
    let fits = filter["eventFilterType"] == kind
        && match kind {
            "ORDER_CHANGE" => {
                filter.get("marketplaceIds").is_none()
                    && filter.get("orderChangeTypes").is_none_or(known_changes)
            }
            "ANY_OFFER_CHANGED" => filter.get("orderChangeTypes").is_none(),
            _ => false,
        };
    if fits {
        return Ok(());
    }
    Err(missing_or_invalid(&format!(
        "EventFilter Payload {filter} failed to validate for notification type {kind}"
    )))
}

/// The model's pattern, and no FIFO queue, which alone has a dot in its name. With which status Amazon refuses one is not known.
fn is_queue(arn: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    let [prefix @ .., region, account, name] = parts.as_slice() else { return false };
    prefix == ["arn", "aws", "sqs"]
        && [region, account, name].iter().all(|part| !part.is_empty() && !part.contains(char::is_whitespace))
        && !name.contains('.')
        && arn.chars().count() <= LONGEST_ARN
}

fn application_id(state: &State, ask: &Ask<'_>) -> String {
    state.data.apps.get(&ask.caller.app).map(|app| app.application_id.clone()).unwrap_or_default()
}

fn shown_destination(destination: &Destination) -> Value {
    json!({
        "destinationId": destination.destination_id,
        "name": destination.name,
        "resource": {"sqs": {"arn": destination.arn}},
    })
}

fn shown_subscription(subscription: &Subscription) -> Value {
    let mut shown = json!({
        "subscriptionId": subscription.subscription_id,
        "payloadVersion": subscription.payload_version,
        "destinationId": subscription.destination_id,
    });
    if let Some(directive) = &subscription.processing_directive {
        shown["processingDirective"] = directive.clone();
    }
    shown
}

fn parsed<T: DeserializeOwned>(ask: &Ask<'_>) -> Result<T, Reply> {
    serde_json::from_slice(ask.incoming.body).map_err(|error| missing_or_invalid(&error.to_string()))
}

fn missing_or_invalid(details: &str) -> Reply {
    let message = "Request has missing or invalid parameters and cannot be parsed.";
    Reply::error_with(400, "InvalidInput", message, details)
}
