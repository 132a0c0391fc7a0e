//! What the client sends is what Amazon's models allow.

use renown_io::spapi::Operation;
use serde_json::{Value, json};

use crate::calls::call;
use crate::models::{Model, model, modelled};
use crate::wire::{Sent, Wire};

#[tokio::test(start_paused = true)]
async fn every_request_fits_its_operation_in_amazons_models() {
    for (operation, model) in modelled() {
        let wire = Wire::answering(500, &json!({}));
        call(&wire, operation).await.expect_err("an error status");
        let sent = wire.sent();
        assert!(!sent.is_empty(), "{operation} sent nothing");
        for sent in &sent {
            let problems = problems(&model, sent);
            assert!(problems.is_empty(), "{operation}: {problems:#?}\n{sent:#?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_sellers_grant_is_used_wherever_amazons_models_do_not_call_an_operation_grantless() {
    for (operation, model) in modelled() {
        let wire = Wire::answering(500, &json!({}));
        call(&wire, operation).await.expect_err("an error status");
        let description = model.operation["description"].as_str().expect("a description");
        let grantless = description.contains("is grantless");
        let expected = if grantless { "client_credentials" } else { "refresh_token" };
        assert_eq!(wire.grant_types(), [expected], "{operation}");
    }
}

#[test]
fn the_check_itself_finds_what_is_wrong() {
    let Some(model) = model(Operation::SearchOrders) else { return };
    let sent = |method: &str, path: &str, query: &[(&str, &str)]| Sent {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        content_type: None,
        body: String::new(),
    };
    let path = "/orders/2026-01-01/orders";
    let n = |sent: &Sent| problems(&model, sent).len();
    assert_eq!(n(&sent("GET", path, &[("includedData", "PACKAGES,FULFILLMENT")])), 0);
    assert_eq!(n(&sent("POST", path, &[])), 1);
    assert_eq!(n(&sent("GET", "/orders/v0/orders", &[])), 1);
    assert_eq!(n(&sent("GET", path, &[("includedData", "PACKAGES,SECRETS")])), 1);
    assert_eq!(n(&sent("GET", path, &[("IncludedData", "PACKAGES")])), 1);
    assert_eq!(n(&sent("GET", path, &[("createdAfter", "yesterday")])), 1);
    assert_eq!(n(&sent("GET", path, &[("marketplaceIds", &["X"; 51].join(","))])), 1);
    assert_eq!(n(&sent("GET", path, &[("maxResultsPerPage", "many")])), 1);
}

fn problems(model: &Model, sent: &Sent) -> Vec<String> {
    let mut problems = Vec::new();
    if sent.method != model.method {
        problems.push(format!("{} where the model has {}", sent.method, model.method));
    }
    if !path_fits(&model.path, &sent.path) {
        problems.push(format!("{} where the model has {}", sent.path, model.path));
    }
    let parameters = model.parameters("query");
    for (name, value) in &sent.query {
        match parameters.iter().find(|parameter| parameter["name"] == *name) {
            None => problems.push(format!("there is no query parameter {name}")),
            Some(parameter) => problems.extend(value_problems(name, parameter, value)),
        }
    }
    for parameter in parameters.iter().filter(|parameter| parameter["required"] == true) {
        let n_times = sent.query.iter().filter(|(name, _)| parameter["name"] == *name).count();
        if n_times != 1 {
            problems.push(format!("{} is there {n_times} times", parameter["name"]));
        }
    }
    problems.extend(body_problems(model, sent));
    problems
}

fn path_fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let fits =
        |(part, sent): (&&str, &&str)| if part.starts_with('{') { !sent.is_empty() } else { part == sent };
    template.len() == path.len() && template.iter().zip(&path).all(fits)
}

/// Lists are one value with commas: Swagger's default, which the models leave in force.
fn value_problems(name: &str, parameter: &Value, value: &str) -> Vec<String> {
    if parameter["type"] != "array" {
        return single_problem(name, parameter, value).into_iter().collect();
    }
    let items: Vec<&str> = value.split(',').collect();
    let mut problems: Vec<String> =
        items.iter().filter_map(|item| single_problem(name, &parameter["items"], item)).collect();
    let n_items = u64::try_from(items.len()).expect("few");
    if parameter["maxItems"].as_u64().is_some_and(|most| n_items > most) {
        problems.push(format!("{name} has {n_items} values"));
    }
    problems
}

fn single_problem(name: &str, schema: &Value, value: &str) -> Option<String> {
    let allowed = schema["enum"].as_array();
    let fits = allowed.is_none_or(|allowed| allowed.iter().any(|one| one == value))
        && (schema["format"] != "date-time" || value.parse::<jiff::Timestamp>().is_ok())
        && (schema["type"] != "integer" || value.parse::<i64>().is_ok())
        && !value.is_empty();
    (!fits).then(|| format!("{name} cannot be {value:?}"))
}

fn body_problems(model: &Model, sent: &Sent) -> Vec<String> {
    let parameters = model.parameters("body");
    let Some(parameter) = parameters.first() else {
        let empty = sent.body.is_empty() && sent.content_type.is_none();
        return if empty { vec![] } else { vec!["there is a body where the model has none".to_owned()] };
    };
    if sent.content_type.as_deref() != Some("application/json") {
        return vec![format!("content type {:?}", sent.content_type)];
    }
    let Ok(body) = serde_json::from_str::<Value>(&sent.body) else {
        return vec!["the body is no JSON".to_owned()];
    };
    // Swagger's definitions are JSON schemas whose references already point to `definitions`.
    let mut schema = parameter["schema"].clone();
    schema["definitions"] = model.file["definitions"].clone();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .with_draft(jsonschema::Draft::Draft4)
        .build(&schema)
        .expect("a definition is a schema");
    let mut problems: Vec<String> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
    // A property the model does not have would pass as "additional".
    let reference = parameter["schema"]["$ref"].as_str().expect("a body is a definition");
    let known = &model.file["definitions"][reference.trim_start_matches("#/definitions/")]["properties"];
    for name in body.as_object().into_iter().flat_map(|object| object.keys()) {
        if known.get(name).is_none() {
            problems.push(format!("the body's {name} is not in the model"));
        }
    }
    problems
}
