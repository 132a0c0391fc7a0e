//! What the simulator answers from its own state has the shapes of Amazon's models.

use bytes::Bytes;
use renown_simulator::{Channel, Fault, FaultKind, Item, Operation, Order};
use serde_json::json;

use super::OPERATIONS;
use super::models::{Models, OperationModel};
use crate::support::{
    DE, ORDER, OTHER_SELLER, Reply, US, World, actions_path, at, order, order_named, seconds, solicit_path,
};

struct Checked {
    models: Models,
    world: World,
}

impl Checked {
    fn model(&self, operation: Operation) -> OperationModel {
        let (file, operation_id, _) =
            OPERATIONS.iter().find(|(.., ours)| *ours == operation).expect("a modelled operation");
        self.models.operation(file, operation_id)
    }

    /// Calls, and holds the reply against the model of its status.
    async fn call(&self, operation: Operation, path: &str, body: &str, status: u16) -> Reply {
        let model = self.model(operation);
        let token =
            if model.is_grantless() { self.world.token_of_app().await } else { self.world.token.clone() };
        let request = World::request_with(&token, &model.method, path);
        let request = request.body(Bytes::from(body.to_owned())).expect("a request");
        let reply = self.world.send(request).await.expect("no reset");
        assert_eq!(reply.status, status, "{path}: {:?}", reply.body);
        if !reply.body.is_empty() {
            let shown = reply.json();
            let errors: Vec<String> = model
                .reply(status)
                .iter_errors(&shown)
                .map(|error| format!("{}: {error}", error.instance_path))
                .collect();
            assert!(errors.is_empty(), "{path} → {status}: {errors:#?}\n{shown:#}");
        }
        self.world.simulator.step_clock(seconds(70));
        reply
    }
}

/// A world with one order of each kind, in the middle of the window.
async fn world() -> World {
    let world = World::new().await;
    let mut rich = order();
    rich.programs = vec!["PRIME".to_owned(), "AMAZON_BUSINESS".to_owned()];
    rich.easy_ship = true;
    rich.items.push(Item::new("SKU-2", "B000000002"));
    world.put(rich);
    let mut by_amazon = order_named("222-2222222-2222222");
    by_amazon.channel = Channel::Amazon;
    world.put(by_amazon);
    let mut replacement = order_named("333-3333333-3333333");
    replacement.replacement_of = Some(ORDER.to_owned());
    replacement.cancelled_at = Some(at("2026-03-02T00:00:00Z"));
    world.put(replacement);
    let mut elsewhere = order_named("444-4444444-4444444");
    elsewhere.non_amazon = true;
    world.put(elsewhere);
    world.put(Order {
        seller_id: OTHER_SELLER.to_owned(),
        marketplace_id: DE.to_owned(),
        ..order_named("555-5555555-5555555")
    });
    world.go_to("2026-03-08T12:00:00Z");
    World { token: world.token_of("Atzr|one").await, ..world }
}

#[tokio::test(start_paused = true)]
async fn solicitations_have_the_models_shapes() {
    let Some(models) = Models::given() else { return };
    let checked = Checked { models, world: world().await };
    let get = Operation::GetSolicitationActionsForOrder;
    let post = Operation::CreateProductReviewAndSellerFeedbackSolicitation;
    checked.call(get, &actions_path(ORDER), "", 200).await;
    checked.call(get, "/solicitations/v1/orders/1", "", 400).await;
    checked.call(get, &actions_path("555-5555555-5555555"), "", 403).await;
    checked.call(get, &actions_path("999-9999999-9999999"), "", 404).await;
    checked.call(post, &solicit_path(ORDER), "", 201).await;
    checked.call(get, &actions_path(ORDER), "", 200).await;
    checked.call(post, &solicit_path(ORDER), "", 403).await;
    for (kind, status) in [(FaultKind::Throttle, 429), (FaultKind::Error500, 500), (FaultKind::Error503, 503)]
    {
        for (operation, path) in [(get, actions_path(ORDER)), (post, solicit_path("222-2222222-2222222"))] {
            checked.world.simulator.add_fault(Fault::new(kind.clone()).on(operation).times(1));
            checked.call(operation, &path, "", status).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn orders_have_the_models_shapes() {
    let Some(models) = Models::given() else { return };
    let checked = Checked { models, world: world().await };
    let everything = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS";
    let search = "/orders/2026-01-01/orders";
    let after = "createdAfter=2026-01-01T00:00:00Z";
    for order in [ORDER, "222-2222222-2222222", "333-3333333-3333333", "444-4444444-4444444"] {
        checked
            .call(Operation::GetOrder, &format!("{search}/{order}?includedData={everything}"), "", 200)
            .await;
        checked.call(Operation::GetOrderV0, &format!("/orders/v0/orders/{order}"), "", 200).await;
    }
    checked.call(Operation::GetOrder, &format!("{search}/{ORDER}"), "", 200).await;
    checked.call(Operation::GetOrder, &format!("{search}/999-9999999-9999999"), "", 404).await;
    checked.call(Operation::GetOrder, &format!("{search}/555-5555555-5555555"), "", 403).await;
    let page = checked
        .call(
            Operation::SearchOrders,
            &format!("{search}?{after}&includedData={everything}&maxResultsPerPage=2"),
            "",
            200,
        )
        .await;
    assert!(page.json()["pagination"]["nextToken"].is_string());
    checked.call(Operation::SearchOrders, search, "", 400).await;
    checked
        .call(
            Operation::GetOrdersV0,
            &format!("/orders/v0/orders?MarketplaceIds={US}&CreatedAfter=2026-01-01T00:00:00Z"),
            "",
            200,
        )
        .await;
    checked.call(Operation::GetOrdersV0, "/orders/v0/orders", "", 400).await;
}

#[tokio::test(start_paused = true)]
async fn reports_and_participations_have_the_models_shapes() {
    let Some(models) = Models::given() else { return };
    let checked = Checked { models, world: world().await };
    let reports = "/reports/2021-06-30/reports";
    let report_type = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
    let body =
        json!({"reportType": report_type, "marketplaceIds": [US], "dataStartTime": "2026-02-01T00:00:00Z"});
    let created = checked.call(Operation::CreateReport, reports, &body.to_string(), 202).await;
    let path = format!("{reports}/{}", created.json()["reportId"].as_str().unwrap());
    checked.call(Operation::GetReport, &path, "", 200).await;
    let done = checked.call(Operation::GetReport, &path, "", 200).await;
    let document = done.json()["reportDocumentId"].as_str().unwrap().to_owned();
    checked
        .call(Operation::GetReportDocument, &format!("/reports/2021-06-30/documents/{document}"), "", 200)
        .await;
    checked.call(Operation::GetReportDocument, "/reports/2021-06-30/documents/none", "", 404).await;
    checked.call(Operation::GetReports, &format!("{reports}?reportTypes={report_type}"), "", 200).await;
    checked.call(Operation::GetReports, reports, "", 400).await;
    checked.call(Operation::CreateReport, reports, "{}", 400).await;
    checked.call(Operation::CancelReport, &path, "", 400).await;
    checked
        .call(Operation::GetMarketplaceParticipations, "/sellers/v1/marketplaceParticipations", "", 200)
        .await;
}

#[tokio::test(start_paused = true)]
async fn destinations_and_subscriptions_have_the_models_shapes() {
    let Some(models) = Models::given() else { return };
    let checked = Checked { models, world: world().await };
    let destinations = "/notifications/v1/destinations";
    let queue = json!({
        "name": "queue",
        "resourceSpecification": {"sqs": {"arn": "arn:aws:sqs:us-east-1:123456789012:queue"}},
    })
    .to_string();
    let create = Operation::CreateDestination;
    let made = checked.call(create, destinations, &queue, 200).await;
    checked.call(create, destinations, &queue, 409).await;
    checked.call(create, destinations, "{}", 400).await;
    checked.call(Operation::GetDestinations, destinations, "", 200).await;
    let destination = made.json()["payload"]["destinationId"].as_str().unwrap().to_owned();

    let subscriptions = "/notifications/v1/subscriptions/ORDER_CHANGE";
    let subscription = json!({
        "payloadVersion": "1.0",
        "destinationId": destination,
        "processingDirective": {
            "eventFilter": {"eventFilterType": "ORDER_CHANGE", "orderChangeTypes": ["OrderStatusChange"]},
        },
    })
    .to_string();
    let (create, get) = (Operation::CreateSubscription, Operation::GetSubscription);
    checked.call(get, subscriptions, "", 404).await;
    let made = checked.call(create, subscriptions, &subscription, 200).await;
    checked.call(create, subscriptions, &subscription, 409).await;
    checked.call(create, subscriptions, "{}", 400).await;
    checked.call(get, subscriptions, "", 200).await;

    let path = format!("{destinations}/{destination}");
    checked.call(Operation::DeleteDestination, &path, "", 403).await;
    let id = made.json()["payload"]["subscriptionId"].as_str().unwrap().to_owned();
    for status in [200, 404] {
        let path = format!("{subscriptions}/{id}");
        checked.call(Operation::DeleteSubscriptionById, &path, "", status).await;
    }
    for status in [200, 404] {
        checked.call(Operation::DeleteDestination, &path, "", status).await;
    }
}
