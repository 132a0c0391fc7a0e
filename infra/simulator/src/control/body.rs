//! Reading the bodies of control requests, and saying what is wrong with them.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::model::{Fault, FaultKind};

/// Members a fault may have, beside those of its kind.
const FAULT_MEMBERS: [&str; 8] = ["kind", "operation", "seller", "order", "from", "until", "skip", "times"];

/// Members that belong to single kinds of faults.
const KIND_MEMBERS: [(&str, &[&str]); 6] = [
    ("stall_before", &["seconds"]),
    ("stall_after", &["seconds"]),
    ("still_offered_for", &["seconds"]),
    ("html_error", &["status"]),
    ("outage", &["answer"]),
    ("wrong_text", &["message"]),
];

/// What is wrong, where, and what to do.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    what: String,
    field: String,
    reason: String,
    remedy: String,
}

impl Problem {
    pub(super) fn bad(what: &str, field: &str, reason: &str, remedy: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            what: what.to_owned(),
            field: field.to_owned(),
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
        }
    }

    pub(super) fn unknown(method: &Method, path: &str) -> Self {
        let mut problem = Self::bad(
            "the request",
            "path",
            &format!("there is no {method} /_sim/{path}"),
            "see the README of the simulator for the list",
        );
        problem.status = StatusCode::NOT_FOUND;
        problem
    }

    pub(super) fn to_json(&self) -> Value {
        json!({"error": {"what": self.what, "field": self.field, "reason": self.reason, "remedy": self.remedy}})
    }

    /// Field, reason and remedy alone, for lists of rejected records.
    pub(super) fn to_rejection(&self, index: usize) -> Value {
        json!({"index": index, "field": self.field, "reason": self.reason, "remedy": self.remedy})
    }
}

/// A JSON body of one shape.
pub(super) fn parsed<T: DeserializeOwned>(body: &Bytes, what: &str) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(body).map_err(|error| {
        Problem::bad(what, "body", &format!("it is not JSON: {error}"), "send a JSON body")
    })?;
    shaped(value, what)
}

/// A JSON body that holds one thing or an array of them.
pub(super) fn one_or_many<T: DeserializeOwned>(body: &Bytes, what: &str) -> Result<Vec<T>, Problem> {
    match parsed::<Value>(body, what)? {
        Value::Array(many) => many.into_iter().map(|one| shaped(one, what)).collect(),
        one => Ok(vec![shaped(one, what)?]),
    }
}

/// A JSON value in its Rust shape; the problem names the member that does not fit.
pub(super) fn shaped<T: DeserializeOwned>(value: Value, what: &str) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let reason = error.inner().to_string();
        let path = error.path().to_string();
        // A missing or unknown member is reported at its parent: the name stands in the message.
        let named = reason.strip_prefix("missing field `").or_else(|| reason.strip_prefix("unknown field `"));
        let field = match named.and_then(|rest| rest.split('`').next()) {
            Some(name) if path == "." || path.ends_with(name) => name.to_owned(),
            Some(name) => format!("{path}.{name}"),
            None => path,
        };
        let remedy = if reason.starts_with("missing field") {
            "add it"
        } else {
            "correct it; the README shows an example"
        };
        Problem::bad(what, &field, &reason, remedy)
    })
}

/// A fault. Serde can't refuse unknown members of a flattened enum, and a misspelt condition would
/// strike every call: so they are looked for here.
pub(super) fn fault(value: Value) -> Result<Fault, Problem> {
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    let of_kind =
        KIND_MEMBERS.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, members)| *members);
    let members = value.as_object().into_iter().flat_map(|object| object.keys());
    let unknown = members
        .into_iter()
        .find(|name| !FAULT_MEMBERS.contains(&name.as_str()) && !of_kind.contains(&name.as_str()));
    if let Some(name) = unknown {
        let remedy = format!(
            "allowed are {}{}{}",
            FAULT_MEMBERS.join(", "),
            if of_kind.is_empty() { "" } else { ", " },
            of_kind.join(", ")
        );
        return Err(Problem::bad("the fault", name, "there is no such member", &remedy));
    }
    // The tag of a flattened enum is reported without its place: look at the kind by itself first.
    if let Err(problem) = shaped::<FaultKind>(value.clone(), "the fault") {
        let field = if problem.field == "." { "kind".to_owned() } else { problem.field.clone() };
        return Err(Problem { field, ..problem });
    }
    shaped(value, "the fault")
}
