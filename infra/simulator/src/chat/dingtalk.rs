//! Custom robots of DingTalk. Sources: open.dingtalk.com "custom robots" (formats, security,
//! pace); the answers as clients have published them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::answer::Answer;
use super::pace::{Limit, TooFast, Window};
use super::{Post, Refused, Said, plain, sign};
use crate::request::Incoming;

/// 20 messages a minute and robot, then ten minutes of silence. Source: "custom robots", limits.
pub(super) const LIMIT: Limit = Limit {
    windows: &[Window { posts: 20, span: SignedDuration::from_secs(60) }],
    silence: Some(SignedDuration::from_secs(600)),
};

/// How far the timestamp of a signature may lie from the present. Source: "custom robots", security.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(1);

/// Bytes of a whole body. Source: the text of error 460101.
const BODY: usize = 20_000;

/// Behind the text of each refusal for security's sake.
const MORE: &str = "more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]";

/// An answer: HTTP 200 whatever it says.
pub(super) fn error(code: i32, message: &str) -> Answer {
    Answer::json(200, &json!({"errcode": code, "errmsg": message}))
}

/// The answer to a key that names no robot.
pub(super) fn unknown(incoming: &Incoming<'_>) -> Answer {
    match incoming.one("access_token").unwrap_or_default() {
        "" => error(40035, "缺少参数 access_token"),
        _ => error(300_005, "token is not exist"),
    }
}

/// The answer to a post that came too fast, and to those in the silence after it, which the gate
/// in front of the robots turns away.
pub(super) fn throttled(too_fast: &TooFast) -> Answer {
    let (code, message) = (130_101, "send too fast, exceed 20 times per minute");
    if too_fast.silenced {
        let wait = too_fast.seconds();
        let body = json!({
            "errcode": code, "errmsg": message, "status": 1111, "punish": "deny", "wait": wait, "source": "x5",
        });
        return Answer::json(200, &body);
    }
    error(code, message)
}

fn refused(code: i32, message: &str, reason: impl Into<String>) -> Refused {
    Refused { answer: error(code, message), reason: format!("{code}: {}", reason.into()) }
}

fn insecure(message: &str, reason: impl Into<String>) -> Refused {
    refused(310_000, &format!("{message}, {MORE}"), reason)
}

fn missing(place: &str) -> Refused {
    refused(40035, &format!("缺少参数 {place}"), format!("`{place}` is missing or empty"))
}

/// Judges a post: what is shown of it, or why nothing is.
pub(super) fn read(post: &Post<'_>) -> Result<Said, Refused> {
    if post.method != http::Method::POST {
        return Err(refused(43002, "需要POST请求", "it is no POST"));
    }
    if !post.is_declared_json() {
        let reason = "the header `content-type` is not application/json";
        return Err(refused(43004, "无效的HTTP HEADER Content-Type", reason));
    }
    signed(post)?;
    let n_bytes = post.incoming.body.len();
    if n_bytes > BODY {
        let message = format!("message too long, exceed {BODY} bytes");
        return Err(refused(460_101, &message, format!("the body has {n_bytes} bytes of {BODY}")));
    }
    let Some(body) = post.json() else {
        return Err(missing("json"));
    };
    let text = shown(&body)?;
    check_at(&body["at"])?;
    if let Some(word) = &post.robot.keyword
        && !text.contains(word)
    {
        return Err(insecure("keywords not in content", format!("`{word}` is not in the message")));
    }
    Ok(Said::of(text))
}

/// The signature stands in the address: milliseconds in `timestamp`, and in `sign` the HMAC of
/// "timestamp, line feed, secret" under the secret. Source: "custom robots", security.
fn signed(post: &Post<'_>) -> Result<(), Refused> {
    let Some(secret) = &post.robot.secret else { return Ok(()) };
    let (Some(timestamp), Some(sign)) = (post.incoming.one("timestamp"), post.incoming.one("sign")) else {
        return Err(insecure("sign not match", "`timestamp` or `sign` is missing in the address"));
    };
    let at = timestamp.parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    if !at.is_some_and(|at| sign::is_near(at, post.now, TOLERANCE)) {
        let reason = format!("`timestamp` {timestamp} is not the present in milliseconds, within an hour");
        return Err(insecure("invalid timestamp", reason));
    }
    if !sign::fits(secret.as_bytes(), format!("{timestamp}\n{secret}").as_bytes(), sign) {
        return Err(insecure("sign not match", "`sign` is not that of the robot's secret"));
    }
    Ok(())
}

fn required<'body>(body: &'body Value, place: &str) -> Result<&'body str, Refused> {
    let text = body.pointer(&format!("/{}", place.replace('.', "/"))).and_then(Value::as_str);
    text.filter(|text| !text.trim().is_empty()).ok_or_else(|| missing(place))
}

fn shown(body: &Value) -> Result<String, Refused> {
    let kind = required(body, "msgtype")?;
    Ok(match kind {
        "text" => required(body, "text.content")?.to_owned(),
        // The title is what the list of chats and the telephone show.
        "markdown" => {
            let (title, text) = (required(body, "markdown.title")?, required(body, "markdown.text")?);
            format!("{title}\n{}", plain::markdown(text, true))
        }
        "link" => {
            let (title, text) = (required(body, "link.title")?, required(body, "link.text")?);
            required(body, "link.messageUrl")?;
            format!("{title}\n{text}")
        }
        "actionCard" => action_card(body)?,
        "feedCard" => feed_card(body)?,
        _ => {
            let reason = format!("`msgtype` is `{kind}`, which DingTalk does not know");
            return Err(refused(400_105, "不支持的消息类型", reason));
        }
    })
}

/// A card with one button for all of it, or with several.
fn action_card(body: &Value) -> Result<String, Refused> {
    let (title, text) = (required(body, "actionCard.title")?, required(body, "actionCard.text")?);
    let mut shown = vec![title.to_owned(), plain::markdown(text, true)];
    let buttons = body["actionCard"]["btns"].as_array().map(Vec::as_slice).unwrap_or_default();
    if buttons.is_empty() {
        shown.push(required(body, "actionCard.singleTitle")?.to_owned());
        required(body, "actionCard.singleURL")?;
    }
    for n in 0..buttons.len() {
        shown.push(required(body, &format!("actionCard.btns.{n}.title"))?.to_owned());
        required(body, &format!("actionCard.btns.{n}.actionURL"))?;
    }
    Ok(shown.join("\n"))
}

fn feed_card(body: &Value) -> Result<String, Refused> {
    let n_links = body["feedCard"]["links"].as_array().map(Vec::len).unwrap_or_default();
    if n_links == 0 {
        return Err(missing("feedCard.links"));
    }
    let mut shown = Vec::new();
    for n in 0..n_links {
        shown.push(required(body, &format!("feedCard.links.{n}.title"))?);
        required(body, &format!("feedCard.links.{n}.messageURL"))?;
        required(body, &format!("feedCard.links.{n}.picURL"))?;
    }
    Ok(shown.join("\n"))
}

/// Who is called: lists of texts, and whether everybody is.
fn check_at(at: &Value) -> Result<(), Refused> {
    let is_list = |list: &Value| {
        list.is_null() || list.as_array().is_some_and(|names| names.iter().all(Value::is_string))
    };
    let everybody = &at["isAtAll"];
    let is_flag = everybody.is_null() || everybody.is_boolean();
    if (at.is_null() || at.is_object()) && is_list(&at["atMobiles"]) && is_list(&at["atUserIds"]) && is_flag {
        return Ok(());
    }
    let reason = "`at` is not made of lists of texts (atMobiles, atUserIds) and a flag (isAtAll)";
    Err(refused(40035, "不合法的参数 at", reason))
}
