//! Hooks of somebody's own, by the Standard Webhooks. Source: the specification 1.0 (headers,
//! signature, tolerance, size).

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::answer::Answer;
use super::{Post, Refused, Said, sign};

/// How far the timestamp may lie from the present. Source: the specification's own libraries.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// Bytes of a body. Source: the specification, "Payload size".
const BODY: usize = 20 * 1024;

fn refused(status: u16, reason: impl Into<String>) -> Refused {
    let reason = reason.into();
    Refused { answer: Answer::plain(status, &reason), reason }
}

/// Judges a post: what is shown of it, or why nothing is.
pub(super) fn read(post: &Post<'_>) -> Result<Said, Refused> {
    if post.method != http::Method::POST {
        return Err(refused(405, "it is no POST"));
    }
    let header = |name: &str| {
        let value = post.incoming.header(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| refused(400, format!("the header `{name}` is missing")))
    };
    let (id, timestamp) = (header("webhook-id")?, header("webhook-timestamp")?);
    let at = timestamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    if !at.is_some_and(|at| sign::is_near(at, post.now, TOLERANCE)) {
        return Err(refused(401, "`webhook-timestamp` is not the present in seconds, within five minutes"));
    }
    let n_bytes = post.incoming.body.len();
    if n_bytes > BODY {
        return Err(refused(413, format!("the body has {n_bytes} bytes of {BODY}")));
    }
    if let Some(key) = post.robot.secret.as_deref().and_then(sign::webhook_key) {
        let signed = [id.as_bytes(), b".", timestamp.as_bytes(), b".", post.incoming.body].concat();
        let mut signatures =
            header("webhook-signature")?.split(' ').filter_map(|each| each.strip_prefix("v1,"));
        if !signatures.any(|signature| sign::fits(&key, &signed, signature)) {
            return Err(refused(401, "no signature in `webhook-signature` is that of the secret"));
        }
    }
    if !post.is_declared_json() {
        return Err(refused(415, "the header `content-type` is not application/json"));
    }
    let Some(body) = post.json() else {
        return Err(refused(400, "the body is no JSON object"));
    };
    let mut words = Vec::new();
    collect(&body, &mut words);
    Ok(Said { text: words.join("\n"), id: Some(id.to_owned()) })
}

/// Every text in the body: whose hook it is knows what to make of them.
fn collect<'body>(value: &'body Value, words: &mut Vec<&'body str>) {
    match value {
        Value::String(text) => words.push(text),
        Value::Array(values) => values.iter().for_each(|value| collect(value, words)),
        Value::Object(members) => members.values().for_each(|value| collect(value, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
