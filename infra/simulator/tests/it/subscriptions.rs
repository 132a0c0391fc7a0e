//! Destinations and subscriptions: who may, what is there already, what is refused.

use bytes::Bytes;
use renown_simulator::{Fault, FaultKind, Operation, ViolationKind};
use serde_json::{Value, json};

use crate::support::{OTHER_SELLER, Reply, SELLER, World, at, order, seconds};

const DESTINATIONS: &str = "/notifications/v1/destinations";
const ORDERS: &str = "/notifications/v1/subscriptions/ORDER_CHANGE";
const ARN: &str = "arn:aws:sqs:us-east-1:123456789012:queue";

/// A world and a token of its application.
async fn world() -> (World, String) {
    let world = World::new().await;
    let app = world.token_of_app().await;
    (world, app)
}

async fn call(world: &World, token: &str, method: &str, path: &str, body: &Value) -> Reply {
    let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let reply = world.send(World::request_with(token, method, path).body(body).unwrap()).await.unwrap();
    world.simulator.step_clock(seconds(1));
    reply
}

fn queue(arn: &str) -> Value {
    json!({"name": "queue", "resourceSpecification": {"sqs": {"arn": arn}}})
}

async fn destination(world: &World, app: &str) -> String {
    let made = call(world, app, "POST", DESTINATIONS, &queue(ARN)).await;
    made.json()["payload"]["destinationId"].as_str().unwrap().to_owned()
}

fn to_orders(destination: &str) -> Value {
    json!({
        "payloadVersion": "1.0",
        "destinationId": destination,
        "processingDirective": {"eventFilter": {"eventFilterType": "ORDER_CHANGE"}},
    })
}

fn details(reply: &Reply) -> String {
    reply.json()["errors"][0]["details"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test(start_paused = true)]
async fn each_operation_takes_its_own_kind_of_token() {
    let (world, app) = world().await;
    let seller = world.token.clone();
    let other = world
        .ask_lwa(&[("grant_type", "client_credentials"), ("scope", "sellingpartnerapi::migration")])
        .await;
    let other = other.json()["access_token"].as_str().unwrap().to_owned();
    let nothing = Value::Null;
    for (method, path, of_app) in [
        ("POST", DESTINATIONS, true),
        ("GET", DESTINATIONS, true),
        ("DELETE", "/notifications/v1/destinations/d", true),
        ("DELETE", "/notifications/v1/subscriptions/ORDER_CHANGE/s", true),
        ("POST", ORDERS, false),
        ("GET", ORDERS, false),
    ] {
        let denied = |reply: Reply| reply.status == 403;
        assert_eq!(denied(call(&world, &app, method, path, &nothing).await), !of_app, "{method} {path}");
        assert_eq!(denied(call(&world, &seller, method, path, &nothing).await), of_app, "{method} {path}");
        assert!(denied(call(&world, &other, method, path, &nothing).await), "{method} {path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_is_made_known_once_to_each_host() {
    let (world, app) = world().await;
    let id = destination(&world, &app).await;
    let again = call(&world, &app, "POST", DESTINATIONS, &queue(ARN)).await;
    assert_eq!((again.status.as_u16(), &again.json()["errors"][0]["code"]), (409, &json!("Conflict")));
    assert!(details(&again).contains(ARN));
    let listed = call(&world, &app, "GET", DESTINATIONS, &Value::Null).await.json();
    assert_eq!(
        listed,
        json!({"payload": [{"destinationId": id, "name": "queue", "resource": {"sqs": {"arn": ARN}}}]})
    );
    let elsewhere =
        World::request_with(&app, "GET", DESTINATIONS).header("host", "sellingpartnerapi-eu.amazon.com");
    let elsewhere = world.send(elsewhere.body(Bytes::new()).unwrap()).await.unwrap();
    assert_eq!(elsewhere.json(), json!({"payload": []}));
    for arn in ["arn:aws:sqs:us-east-1:123456789012:queue.fifo", "arn:aws:sns:us-east-1:1:topic", "queue"] {
        assert_eq!(call(&world, &app, "POST", DESTINATIONS, &queue(arn)).await.status, 400, "{arn}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscription_is_each_sellers_own_and_there_once() {
    let (world, app) = world().await;
    let order = to_orders(&destination(&world, &app).await);
    let (one, two) = (world.token.clone(), world.token_of("Atzr|two").await);
    assert_eq!(call(&world, &one, "GET", ORDERS, &Value::Null).await.status, 404);
    let made = call(&world, &one, "POST", ORDERS, &order).await;
    let again = call(&world, &one, "POST", ORDERS, &order).await;
    assert_eq!((again.status.as_u16(), &again.json()["errors"][0]["code"]), (409, &json!("StateConflict")));
    assert_eq!(call(&world, &one, "GET", ORDERS, &Value::Null).await.json(), made.json());
    assert_eq!(call(&world, &two, "GET", ORDERS, &Value::Null).await.status, 404);
    assert_eq!(call(&world, &two, "POST", ORDERS, &order).await.status, 200);
    let mut sellers: Vec<_> =
        world.simulator.subscriptions().into_iter().map(|subscription| subscription.seller_id).collect();
    sellers.sort();
    assert_eq!(sellers, [SELLER, OTHER_SELLER]);
}

#[tokio::test(start_paused = true)]
async fn orders_are_subscribed_to_with_a_filter_and_to_a_known_destination_only() {
    let (world, app) = world().await;
    let good = to_orders(&destination(&world, &app).await);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        body
    };
    for (body, said) in [
        (with(&|body| body["processingDirective"] = Value::Null), "must not be empty"),
        (
            with(&|body| {
                body["processingDirective"]["eventFilter"]["marketplaceIds"] = json!(["ATVPDKIKX0DER"]);
            }),
            "failed to validate",
        ),
        (
            with(&|body| body["processingDirective"]["eventFilter"]["orderChangeTypes"] = json!(["Any"])),
            "failed to validate",
        ),
        (with(&|body| body["destinationId"] = json!("elsewhere")), "No destination with id elsewhere"),
        (json!({}), "missing field"),
    ] {
        let reply = call(&world, &world.token, "POST", ORDERS, &body).await;
        assert_eq!(reply.status, 400, "{body}");
        assert!(details(&reply).contains(said), "{}", details(&reply));
    }
    let unknown = "/notifications/v1/subscriptions/ORDER_STATUS_CHANGE";
    assert_eq!(call(&world, &world.token, "POST", unknown, &good).await.status, 400);
}

#[tokio::test(start_paused = true)]
async fn a_destination_in_use_stays_until_its_last_subscription_is_gone() {
    let (world, app) = world().await;
    let id = destination(&world, &app).await;
    let made = call(&world, &world.token, "POST", ORDERS, &to_orders(&id)).await.json();
    let subscription = format!("{ORDERS}/{}", made["payload"]["subscriptionId"].as_str().unwrap());
    let path = format!("{DESTINATIONS}/{id}");
    let in_use = call(&world, &app, "DELETE", &path, &Value::Null).await;
    assert_eq!((in_use.status.as_u16(), details(&in_use).as_str()), (403, "Destination has subscriptions"));
    for path in [&subscription, &path] {
        for status in [200, 404] {
            assert_eq!(call(&world, &app, "DELETE", path, &Value::Null).await.status, status, "{path}");
        }
    }
    assert!(world.simulator.destinations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn notifications_carry_the_id_of_the_subscription() {
    let (world, app) = world().await;
    let made = call(&world, &world.token, "POST", ORDERS, &to_orders(&destination(&world, &app).await)).await;
    world.put(order());
    world.simulator.set_clock(at("2026-03-02T00:00:00Z"));
    let messages = world.simulator.take_notifications();
    assert!(!messages.is_empty());
    for message in messages {
        let body: Value = serde_json::from_str(&message.body).unwrap();
        assert_eq!(body["NotificationMetadata"]["SubscriptionId"], made.json()["payload"]["subscriptionId"]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_application_has_a_rate_of_its_own_and_a_sellers_withdrawal_does_not_touch_it() {
    let (world, app) = world().await;
    world.simulator.add_fault(Fault::new(FaultKind::Revoked));
    let app_again = world.token_of_app().await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let request = World::request_with(&app, "GET", DESTINATIONS).body(Bytes::new()).unwrap();
        statuses.push(world.send(request).await.unwrap().status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    let violations = world.simulator.violations();
    assert_eq!(violations.len(), 1);
    assert_eq!(
        (violations[0].kind, violations[0].operation, violations[0].seller.as_deref()),
        (ViolationKind::Rate, Operation::GetDestinations, None)
    );
    assert_eq!(call(&world, &app_again, "POST", DESTINATIONS, &queue(ARN)).await.status, 200);
    assert_eq!(call(&world, &world.token, "GET", ORDERS, &Value::Null).await.status, 403);
}
