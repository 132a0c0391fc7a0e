//! `POST /_sim/topics`: what reviews name, each record on its own merits.

use bytes::Bytes;
use serde_json::{Value, json};

use super::body::{Problem, parsed, shaped};
use crate::model::Topics;
use crate::simulator::Simulator;

/// Takes an array (or one record); a bad one does not take its neighbours down.
pub(super) fn put(simulator: &Simulator, body: &Bytes) -> Result<Value, Problem> {
    let records = match parsed::<Value>(body, "the topics")? {
        Value::Array(records) => records,
        one => vec![one],
    };
    let (mut accepted, mut rejected) = (Vec::new(), Vec::new());
    for (index, record) in records.into_iter().enumerate() {
        let topics: Topics = match shaped(record, "the topics") {
            Ok(topics) => topics,
            Err(problem) => {
                rejected.push(problem.to_rejection(index));
                continue;
            }
        };
        let subject = topics.asin.clone().unwrap_or_else(|| topics.node.clone());
        match simulator.put_topics(topics) {
            Ok(()) => accepted.push(subject),
            Err(error) => {
                let problem = Problem::bad("the topics", error.field, &error.reason, &error.remedy);
                rejected.push(problem.to_rejection(index));
            }
        }
    }
    Ok(json!({"accepted": accepted, "rejected": rejected}))
}
