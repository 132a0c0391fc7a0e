//! Cases as a program reads them: stored moments are seconds, those of all commands are RFC 3339.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

/// What holds a moment, in cases, their signals and their history.
const MOMENTS: [&str; 8] =
    ["opened_at", "deadline", "first_response_at", "responded_since", "next_at", "at", "as_of", "seen_at"];

/// A case, or what belongs to one.
pub(super) fn object<T: Serialize + ?Sized>(of: &T) -> Value {
    let mut value = json!(of);
    moments(&mut value);
    value
}

fn moments(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(moments),
        Value::Object(fields) => {
            for (name, field) in fields {
                let seconds = field.as_i64().filter(|_| MOMENTS.contains(&name.as_str()));
                match seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
                    Some(at) => *field = json!(at),
                    None => moments(field),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
