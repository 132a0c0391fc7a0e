//! Amazon's models (Swagger 2.0), read from the folder the environment names.

use std::io::Write as _;
use std::path::PathBuf;

use renown_io::spapi::Operation;
use serde_json::Value;

/// The one file that a copy of the models may lack.
const FINANCES: &str = "finances-api-model/financesV0.json";

/// The file an operation stands in.
fn file_of(operation: Operation) -> &'static str {
    match operation {
        Operation::SolicitationActions | Operation::CreateSolicitation => {
            "solicitations-api-model/solicitations.json"
        }
        Operation::GetOrder | Operation::SearchOrders => "orders-api-model/orders_2026-01-01.json",
        Operation::CreateReport | Operation::GetReport | Operation::GetReportDocument => {
            "reports-api-model/reports_2021-06-30.json"
        }
        Operation::MarketplaceParticipations => "sellers-api-model/sellers.json",
        Operation::CreateDestination
        | Operation::Destinations
        | Operation::DeleteDestination
        | Operation::CreateSubscription
        | Operation::Subscription
        | Operation::DeleteSubscription => "notifications-api-model/notifications.json",
        Operation::ItemReviewTopics
        | Operation::ItemBrowseNode
        | Operation::NodeReviewTopics
        | Operation::ItemReviewTrends
        | Operation::NodeReviewTrends
        | Operation::NodeReturnTopics
        | Operation::NodeReturnTrends => "customer-feedback-api-model/customerFeedback_2024-06-01.json",
        Operation::OrderFinances => FINANCES,
    }
}

/// One operation of a model.
#[derive(Debug)]
pub(crate) struct Model {
    /// `GET`, `POST`, `DELETE`.
    pub(crate) method: String,
    /// `/orders/2026-01-01/orders/{orderId}`.
    pub(crate) path: String,
    /// The operation object.
    pub(crate) operation: Value,
    /// The whole file, for its definitions.
    pub(crate) file: Value,
}

/// The folder of the models; `None`, with a word why, where a skip is allowed.
#[expect(clippy::disallowed_methods, reason = "the models' place is known to the environment alone")]
fn folder() -> Option<PathBuf> {
    let folder = std::env::var("RENOWN_SP_API_MODELS").ok().filter(|folder| !folder.is_empty());
    let required = std::env::var("RENOWN_REQUIRE_MODELS").is_ok_and(|value| value == "1");
    assert!(
        folder.is_some() || !required,
        "RENOWN_REQUIRE_MODELS=1, but RENOWN_SP_API_MODELS does not name a copy of amzn/selling-partner-api-models"
    );
    if folder.is_none() {
        // Straight to the terminal: the test runner hides what a passing test prints.
        let why = "skipped: RENOWN_SP_API_MODELS does not name a copy of amzn/selling-partner-api-models";
        writeln!(std::io::stderr(), "{why}").expect("a terminal or a file");
    }
    folder.map(PathBuf::from)
}

/// The model of an operation; `None` where a skip is allowed.
pub(crate) fn model(operation: Operation) -> Option<Model> {
    let path = folder()?.join("models").join(file_of(operation));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut found = None;
    for (path, methods) in file["paths"].as_object().expect("a model has paths") {
        for (method, object) in methods.as_object().expect("a path has methods") {
            if object["operationId"] == operation.name() {
                found = Some((method.to_uppercase(), path.clone(), object.clone()));
            }
        }
    }
    let (method, path, object) = found.unwrap_or_else(|| panic!("{operation} is not in its model"));
    Some(Model { method, path, operation: object, file })
}

/// Every operation with its model; none of those where a skip is allowed.
pub(crate) fn modelled() -> Vec<(Operation, Model)> {
    let lacks_finances = || folder().is_some_and(|folder| !folder.join("models").join(FINANCES).exists());
    let is_there = |operation: &Operation| *operation != Operation::OrderFinances || !lacks_finances();
    let operations = Operation::ALL.into_iter().filter(is_there);
    operations.map_while(|operation| Some((operation, model(operation)?))).collect()
}

/// The validator of a notification's schema; `None` where a skip is allowed.
pub(crate) fn notification_schema(file: &str) -> Option<jsonschema::Validator> {
    let path = folder()?.join("schemas/notifications").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut schema: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    tidy(&mut schema);
    Some(jsonschema::draft7::new(&schema).unwrap_or_else(|error| panic!("{file}: {error}")))
}

/// The examples that a report's schema shows; `None` where a skip is allowed.
pub(crate) fn report_examples(file: &str) -> Option<Vec<Value>> {
    let path = folder()?.join("schemas/reports").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let schema: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(schema["examples"].as_array().expect("a schema has examples").clone())
}

impl Model {
    /// The parameters of one place: `path`, `query`, `body`.
    pub(crate) fn parameters(&self, place: &str) -> Vec<&Value> {
        let all = self.operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        all.iter().filter(|parameter| parameter["in"] == place).collect()
    }

    /// Every answer that the model shows: status and body.
    pub(crate) fn answers(&self) -> Vec<(u16, Value)> {
        let mut answers = Vec::new();
        for (status, response) in self.operation["responses"].as_object().expect("an operation has responses")
        {
            let status: u16 = status.parse().expect("a status");
            if let Some(examples) = response["examples"].as_object() {
                // By media type or by a title; the Sellers model puts the body there itself.
                let by_name = examples.keys().all(|key| key.contains(['/', ' ']));
                let bodies: Vec<Value> = if by_name {
                    examples.values().cloned().collect()
                } else {
                    vec![response["examples"].clone()]
                };
                answers.extend(bodies.into_iter().map(|body| (status, body)));
            }
            for case in response["x-amzn-api-sandbox"]["static"].as_array().into_iter().flatten() {
                answers.push((status, case["response"].clone()));
            }
        }
        answers
    }
}

/// Makes plain JSON Schema of Amazon's dialect: relative `$id`s, which name no resource, and
/// examples go.
fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.remove("$id");
            members.remove("examples");
            members.values_mut().for_each(tidy);
        }
        Value::Array(members) => members.iter_mut().for_each(tidy),
        _ => {}
    }
}
