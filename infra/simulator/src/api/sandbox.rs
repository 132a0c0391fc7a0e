//! Amazon's static sandbox: fixed answers to fixed requests.
//!
//! The cases are facts of Amazon's models, written down in `sandbox_cases.json`; the contract test
//! compares them with the models (Apache-2.0, © Amazon). As at Amazon, the request is matched against the parameters a
//! case names, and parameters it does not name are not looked at. The case with the most matching
//! parameters wins.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::http_reply::Reply;
use crate::operation::Operation;
use crate::request::Incoming;

#[derive(Deserialize)]
struct Case {
    operation: Operation,
    status: u16,
    parameters: Map<String, Value>,
    response: Option<Value>,
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("sandbox_cases.json"))
        .expect("sandbox_cases.json is a list of cases: a unit test reads it")
});

/// Answers from the cases; 400 when no case fits.
pub(crate) fn answer(operation: Operation, subject: &str, incoming: &Incoming<'_>) -> Reply {
    let of_operation = CASES.iter().filter(|case| case.operation == operation);
    let fitting = of_operation
        .filter(|case| case.parameters.iter().all(|(name, value)| fits(name, value, subject, incoming)));
    // The first of equals: the model lists successes before errors.
    let best = fitting.min_by_key(|case| std::cmp::Reverse(case.parameters.len()));
    let Some(case) = best else {
        return Reply::invalid("Could not match input arguments");
    };
    let media_type = match operation {
        Operation::GetSolicitationActionsForOrder
        | Operation::CreateProductReviewAndSellerFeedbackSolicitation => "application/hal+json",
        _ => "application/json",
    };
    Reply::text(case.status, media_type, case.response.as_ref().map(Value::to_string).unwrap_or_default())
}

fn fits(name: &str, wanted: &Value, subject: &str, incoming: &Incoming<'_>) -> bool {
    match (name, wanted) {
        ("amazonOrderId" | "orderId" | "reportId" | "reportDocumentId", Value::String(wanted)) => {
            subject == wanted
        }
        ("body", wanted) => serde_json::from_slice::<Value>(incoming.body).is_ok_and(|body| body == *wanted),
        (_, Value::Array(wanted)) => {
            let mut given = incoming.list(name);
            let mut wanted: Vec<&str> = wanted.iter().filter_map(Value::as_str).collect();
            given.sort_unstable();
            wanted.sort_unstable();
            given == wanted
        }
        (_, Value::String(wanted)) => incoming.one(name) == Some(wanted),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_cases_can_be_read_and_covers_the_solicitation() {
        let solicitation = Operation::CreateProductReviewAndSellerFeedbackSolicitation;
        assert!(CASES.iter().any(|case| case.operation == solicitation && case.status == 201));
    }
}
