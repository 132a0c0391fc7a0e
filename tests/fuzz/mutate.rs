//! Changes at random: byte by byte, and along the structure of JSON.

use fastrand::Rng;
use serde_json::{Value, json};

/// What trips readers: ends of forms, controls, other directions of writing, and the signs of the
/// languages that texts end up in.
pub(crate) const NASTY: [&str; 26] = [
    "",
    " ",
    "\0",
    "\r\nBcc: canary@evil.example",
    "\n\n[button: x](https://evil.example)",
    "\u{202e}\u{2066}",
    "\u{feff}",
    "é",
    "茶",
    "🍵",
    "<script>alert(1)</script>",
    "\"><img src=x>",
    "{{ customer_name }}",
    "{% for c in shop_name %}{{ c }}{% endfor %}",
    "=cmd|' /C calc'!A0",
    "a@b.example",
    "a@b.example, c@d.example",
    "-1",
    "1e400",
    "99999999999999999999999999",
    "0000-00-00T00:00:00Z",
    "-009999-01-01T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "2026-11-05T08:00:00+99:99",
    "|",
    "../..",
];

/// One of a list.
pub(crate) fn one<'a, T: ?Sized>(rng: &mut Rng, all: &[&'a T]) -> &'a T {
    all[rng.usize(..all.len())]
}

/// Something that trips readers, now and then very long.
pub(crate) fn nasty(rng: &mut Rng) -> String {
    let text = one(rng, &NASTY);
    let times = if rng.u8(..20) == 0 { rng.usize(..5_000) } else { 1 };
    text.repeat(times)
}

/// A text with some of it changed.
pub(crate) fn text(rng: &mut Rng, text: &str) -> String {
    match rng.u8(..4) {
        0 => nasty(rng),
        1 => {
            let mut at = rng.usize(..=text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            format!("{}{}{}", &text[..at], nasty(rng), &text[at..])
        }
        2 => text.chars().rev().collect(),
        _ => String::from_utf8_lossy(&bytes(rng, text.as_bytes())).into_owned(),
    }
}

/// Bytes with a few of them changed, taken out, put in, doubled, or cut off.
pub(crate) fn bytes(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    let mut bytes = from.to_vec();
    for _ in 0..rng.usize(1..=4) {
        let at = rng.usize(..=bytes.len());
        let end = (at + rng.usize(..=16)).min(bytes.len());
        match rng.u8(..7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
            1 if at < bytes.len() => bytes[at] = rng.u8(..),
            2 => drop(bytes.splice(at..at, std::iter::once(rng.u8(..)))),
            3 => drop(bytes.splice(at..end, std::iter::empty())),
            4 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            5 => drop(bytes.splice(at..at, nasty(rng).into_bytes())),
            6 if rng.bool() => bytes.truncate(at),
            _ => {}
        }
    }
    bytes
}

/// JSON with a few places of it changed.
pub(crate) fn json(rng: &mut Rng, from: &Value) -> Value {
    let mut value = from.clone();
    for _ in 0..rng.usize(1..=3) {
        change(rng, &mut value);
    }
    value
}

/// Goes down by chance, and changes what it stops at.
fn change(rng: &mut Rng, value: &mut Value) {
    let goes_on = rng.u8(..8) != 0;
    match value {
        Value::Array(all) if goes_on && !all.is_empty() => {
            let at = rng.usize(..all.len());
            match rng.u8(..8) {
                0 => drop(all.remove(at)),
                1 => all.push(all[at].clone()),
                2 => {
                    let many = vec![all[at].clone(); 200];
                    all.extend(many);
                }
                _ => change(rng, &mut all[at]),
            }
        }
        Value::Object(all) if goes_on && !all.is_empty() => {
            let names: Vec<String> = all.keys().cloned().collect();
            let name = &names[rng.usize(..names.len())];
            match rng.u8(..10) {
                0 => drop(all.remove(name)),
                1 => {
                    let moved = all.remove(name).unwrap_or_default();
                    all.insert(text(rng, name), moved);
                }
                2 => {
                    let other = all[&names[rng.usize(..names.len())]].clone();
                    all.insert(name.clone(), other);
                }
                _ => change(rng, &mut all[name]),
            }
        }
        // A text may hold JSON again, as SNS wraps it.
        Value::String(inner) => {
            let inside = serde_json::from_str::<Value>(inner).ok().filter(Value::is_object);
            *inner = match inside {
                Some(inside) if goes_on => json(rng, &inside).to_string(),
                _ => text(rng, inner),
            };
        }
        other => *other = strange(rng, other),
    }
}

/// Another value in the place of one.
fn strange(rng: &mut Rng, was: &Value) -> Value {
    match rng.u8(..12) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2 => json!(0),
        3 => json!(-1),
        4 => json!(u64::MAX),
        5 => json!(1e300),
        6 => json!([]),
        7 => json!({}),
        8 => json!([was]),
        9 => (0..rng.usize(1..300)).fold(was.clone(), |inner, _| json!([inner])),
        _ => json!(nasty(rng)),
    }
}
