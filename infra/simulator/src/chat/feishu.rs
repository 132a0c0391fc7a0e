//! Custom bots of Feishu and Lark. Sources: open.feishu.cn "add-custom-bot" (formats, security,
//! size, pace) and "frequency-control"; the answers as clients have published them.

mod card;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::answer::Answer;
use super::pace::{Limit, Window};
use super::{Post, Refused, Said, sign};

/// 100 messages a minute and 5 a second and bot. Source: "add-custom-bot".
pub(super) const LIMIT: Limit = Limit {
    windows: &[
        Window { posts: 5, span: SignedDuration::from_secs(1) },
        Window { posts: 100, span: SignedDuration::from_secs(60) },
    ],
    silence: None,
};

/// How far the timestamp of a signature may lie from the present. Source: the text of error 19021.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);

/// Bytes of a whole body. Source: "add-custom-bot".
const BODY: usize = 20 * 1024;

/// An answer: HTTP 200 whatever it says.
pub(super) fn error(code: i32, message: &str) -> Answer {
    Answer::json(200, &json!({"code": code, "data": {}, "msg": message}))
}

/// The answer to a message that is shown: in the shape of today and in the one before it.
pub(super) fn accepted() -> Answer {
    Answer::json(
        200,
        &json!({"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}),
    )
}

/// The answer to a post that came too fast.
pub(super) fn throttled() -> Answer {
    error(11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]")
}

/// The answer of the gateway in front of all bots, which is not about one bot's pace. Source:
/// "frequency-control".
pub(super) fn throttled_by_gateway() -> Answer {
    Answer::json(429, &json!({"code": 99_991_400, "msg": "request trigger frequency limit"}))
        .with("x-ogw-ratelimit-limit", "100".to_owned())
        .with("x-ogw-ratelimit-reset", "30".to_owned())
}

fn refused(code: i32, message: &str, reason: impl Into<String>) -> Refused {
    Refused { answer: error(code, message), reason: format!("{code}: {}", reason.into()) }
}

fn bad_request(reason: impl Into<String>) -> Refused {
    refused(9499, "Bad Request", reason)
}

/// Judges a post: what is shown of it, or why nothing is.
pub(super) fn read(post: &Post<'_>) -> Result<Said, Refused> {
    if post.method != http::Method::POST {
        return Err(bad_request("it is no POST"));
    }
    if !post.is_declared_json() {
        return Err(bad_request("the header `content-type` is not application/json"));
    }
    let n_bytes = post.incoming.body.len();
    if n_bytes > BODY {
        return Err(bad_request(format!("the body has {n_bytes} bytes of {BODY}")));
    }
    let Some(body) = post.json() else {
        return Err(bad_request("the body is no JSON object"));
    };
    signed(post, &body)?;
    let text = match body.get("msg_type").and_then(Value::as_str) {
        None => {
            return Err(refused(19002, "params error, msg_type need", "`msg_type` is missing"));
        }
        Some("text") => text(&body)?,
        Some("post") => rich_text(&body["content"]["post"])?,
        Some("interactive") => card::read(&body["card"]).map_err(|broken| {
            let message =
                format!("ErrCode: {}; ErrMsg: {}; ErrorValue: {}", broken.code, broken.message, broken.value);
            refused(11246, &message, format!("{message} (at `{}`)", broken.place))
        })?,
        Some(other) => {
            return Err(bad_request(format!("`msg_type` is `{other}`: the simulator takes no such message")));
        }
    };
    if let Some(word) = &post.robot.keyword
        && !text.contains(word)
    {
        return Err(refused(19024, "Key Words Not Found", format!("`{word}` is not in the message")));
    }
    Ok(Said::of(text))
}

/// The signature stands in the body: seconds in `timestamp`, and in `sign` the HMAC of nothing at
/// all under "timestamp, line feed, secret". Source: "add-custom-bot", signature.
fn signed(post: &Post<'_>, body: &Value) -> Result<(), Refused> {
    let Some(secret) = &post.robot.secret else { return Ok(()) };
    let insecure = |reason: &str| {
        refused(19021, "sign match fail or timestamp is not within one hour from current time", reason)
    };
    // Both ways to write it are in use, in the documents as well.
    let timestamp = match &body["timestamp"] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(insecure("`timestamp` is missing in the body")),
    };
    let Some(sign) = body["sign"].as_str() else {
        return Err(insecure("`sign` is missing in the body"));
    };
    let at = timestamp.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    if !at.is_some_and(|at| sign::is_near(at, post.now, TOLERANCE)) {
        return Err(insecure("`timestamp` is not the present in seconds, within an hour"));
    }
    if !sign::fits(format!("{timestamp}\n{secret}").as_bytes(), b"", sign) {
        return Err(insecure("`sign` is not that of the bot's secret"));
    }
    Ok(())
}

fn text(body: &Value) -> Result<String, Refused> {
    let text = body["content"]["text"].as_str().filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| bad_request("`content.text` is missing or empty"))?;
    Ok(super::plain::markdown(text, false))
}

/// A text of paragraphs, in one or several languages; the first is shown.
fn rich_text(post: &Value) -> Result<String, Refused> {
    let languages = post.as_object().filter(|languages| !languages.is_empty());
    let (language, said) = languages
        .and_then(|languages| languages.iter().next())
        .ok_or_else(|| bad_request("`content.post` has no language"))?;
    let mut shown: Vec<String> = said["title"].as_str().map(str::to_owned).into_iter().collect();
    let paragraphs = said["content"].as_array().filter(|paragraphs| !paragraphs.is_empty());
    let broken = |n: usize| bad_request(format!("`content.post.{language}.content[{n}]` can't be shown"));
    for (n, paragraph) in paragraphs.ok_or_else(|| broken(0))?.iter().enumerate() {
        let mut line = String::new();
        for part in paragraph.as_array().ok_or_else(|| broken(n))? {
            let words = match part["tag"].as_str() {
                Some("text" | "a") => part["text"].as_str().map(str::to_owned),
                Some("at") => {
                    let name = part["user_name"].as_str().or(part["user_id"].as_str());
                    name.map(|name| format!("@{name}"))
                }
                Some("img") => part["image_key"].as_str().map(|_| String::new()),
                _ => None,
            };
            line.push_str(&words.ok_or_else(|| broken(n))?);
        }
        shown.push(line);
    }
    Ok(shown.join("\n"))
}
