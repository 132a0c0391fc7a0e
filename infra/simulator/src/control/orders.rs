//! `POST /_sim/orders`: many orders at once, each on its own merits.

use bytes::Bytes;
use serde_json::{Value, json};

use super::body::{Problem, parsed, shaped};
use crate::model::Order;
use crate::simulator::Simulator;

/// Takes an array (or one order). A bad record does not take its neighbours down: the answer lists
/// what was accepted and what was not, with index, field, reason and remedy.
pub(super) fn put(simulator: &Simulator, body: &Bytes) -> Result<Value, Problem> {
    let records = match parsed::<Value>(body, "the orders")? {
        Value::Array(records) => records,
        one => vec![one],
    };
    let mut accepted = Vec::new();
    let mut rejected = Vec::new();
    for (index, record) in records.into_iter().enumerate() {
        let order: Order = match shaped(record, "the order") {
            Ok(order) => order,
            Err(problem) => {
                rejected.push(problem.to_rejection(index));
                continue;
            }
        };
        let id = order.order_id.clone();
        match simulator.put_order(order) {
            Ok(()) => accepted.push(id),
            Err(error) => {
                rejected.push(
                    Problem::bad("the order", &error.field, &error.reason, &error.remedy).to_rejection(index),
                );
            }
        }
    }
    Ok(json!({"accepted": accepted, "rejected": rejected}))
}
