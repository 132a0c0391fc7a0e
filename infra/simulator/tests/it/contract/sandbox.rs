//! Every static sandbox case of our operations is answered as the model says.

use bytes::Bytes;
use http::Request;
use renown_simulator::{Operation, Settings};
use serde_json::Value;

use super::OPERATIONS;
use super::models::{Models, OperationModel, SandboxCase};
use crate::support::{AGENT, World, seconds};

/// The request of a case, from its parameters alone.
fn request_of(model: &OperationModel, case: &SandboxCase, token: &str) -> Request<Bytes> {
    let mut path = model.path.clone();
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut body = Bytes::new();
    for (name, parameter) in case.parameters.as_object().expect("parameters") {
        let value = &parameter["value"];
        let text = match value {
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        if name == "body" {
            body = Bytes::from(value.to_string());
        } else if path.contains(&format!("{{{name}}}")) {
            path = path.replace(&format!("{{{name}}}"), &text);
        } else {
            query.append_pair(name, &text);
        }
    }
    // A case that names no id means any other id.
    for placeholder in [
        "{reportId}",
        "{orderId}",
        "{amazonOrderId}",
        "{destinationId}",
        "{notificationType}",
        "{subscriptionId}",
    ] {
        path = path.replace(placeholder, "anything");
    }
    Request::builder()
        .method(model.method.as_str())
        .uri(format!("{path}?{}", query.finish()))
        .header("x-amz-access-token", token)
        .header("user-agent", AGENT)
        .body(body)
        .expect("a request")
}

#[tokio::test(start_paused = true)]
async fn static_sandbox_cases_answer_as_the_models_say() {
    let Some(models) = Models::given() else { return };
    let world = World::new().await;
    world.simulator.set_settings(Settings { sandbox: true, ..Settings::default() });
    let token_of_app = world.token_of_app().await;
    let mut n_cases = 0;
    // The models of Orders v0 and of Customer Feedback hold sandbox cases too; the simulator offers v0
    // for older clients only, and has reviews of its own.
    let is_offered = |file: &str| !file.contains("V0") && !file.contains("customerFeedback");
    for (file, operation_id, _) in OPERATIONS.iter().filter(|(file, ..)| is_offered(file)) {
        let model = models.operation(file, operation_id);
        for case in model.sandbox_cases() {
            let token = if model.is_grantless() { &token_of_app } else { &world.token };
            let reply = world.send(request_of(&model, &case, token)).await.unwrap();
            world.simulator.step_clock(seconds(1));
            let name = format!("{operation_id} {}", case.parameters);
            assert_eq!(reply.status.as_u16(), case.status, "{name}");
            match case.response {
                Some(expected) => assert_eq!(reply.json(), expected, "{name}"),
                None => assert!(reply.body.is_empty(), "{name}"),
            }
            n_cases += 1;
        }
    }
    assert_eq!(n_cases, 27, "the models' cases changed in number: compare sandbox_cases.json");
}

#[tokio::test(start_paused = true)]
async fn the_sandbox_host_is_the_sandbox() {
    let world = World::new().await;
    let path = "/solicitations/v1/orders/123-1234567-1234567?marketplaceIds=ATVPDKIKX0DER";
    assert_eq!(world.get(path).await.status, 404);
    let request = world.request("GET", path).header("host", "sandbox.sellingpartnerapi-na.amazon.com");
    let reply = world.send(request.body(Bytes::new()).unwrap()).await.unwrap();
    assert_eq!(reply.json()["_links"]["actions"][0]["name"], "productReviewAndSellerFeedback");
}

#[tokio::test(start_paused = true)]
async fn the_sandbox_allows_fifteen_calls_at_once() {
    let world = World::new().await;
    world.simulator.set_settings(Settings { sandbox: true, ..Settings::default() });
    let mut statuses = Vec::new();
    for _ in 0..16 {
        statuses.push(world.get("/sellers/v1/marketplaceParticipations").await.status.as_u16());
    }
    assert_eq!((statuses.iter().filter(|status| **status == 200).count(), statuses[15]), (15, 429));
    let last = world.simulator.calls().pop().unwrap();
    assert_eq!(last.operation, Operation::GetMarketplaceParticipations);
}
