//! The stand-ins for the chats that operators are told in.

mod control;
mod faults;
mod formats;
mod limits;
mod refusals;
mod signatures;

use bytes::Bytes;
use http::Request;
use renown_simulator::{Chat, ChatKind, ConnectionReset, Simulator};
use serde_json::{Value, json};

use crate::support::{Reply, at};

/// The order that every message is about.
const ORDER: &str = "302-1000003-7654318";

/// The key of the robot in each chat.
fn key(kind: ChatKind) -> &'static str {
    match kind {
        ChatKind::Slack => "T00000001/B00000001/abcdef",
        _ => "robot-1",
    }
}

/// The address of a robot, as its chat would give it out.
fn address(kind: ChatKind, key: &str) -> String {
    match kind {
        ChatKind::WeCom => format!("/cgi-bin/webhook/send?key={key}"),
        ChatKind::DingTalk => format!("/robot/send?access_token={key}"),
        ChatKind::Feishu => format!("/open-apis/bot/v2/hook/{key}"),
        ChatKind::Slack => format!("/services/{key}"),
        ChatKind::Teams => format!(
            "/workflows/{key}/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=f00d"
        ),
        ChatKind::Webhook => format!("/hooks/{key}"),
    }
}

/// A message about the order that each chat takes.
fn message(kind: ChatKind) -> Value {
    let text = format!("Order {ORDER} needs a look");
    match kind {
        ChatKind::WeCom => json!({"msgtype": "markdown", "markdown": {"content": text}}),
        ChatKind::DingTalk => {
            json!({"msgtype": "markdown", "markdown": {"title": "A look", "text": text}})
        }
        ChatKind::Feishu => {
            let elements = [json!({"tag": "markdown", "content": text})];
            json!({"msg_type": "interactive", "card": {"schema": "2.0", "body": {"elements": elements}}})
        }
        ChatKind::Slack => json!({"text": text}),
        ChatKind::Teams => teams(&json!([{"type": "TextBlock", "text": text}])),
        ChatKind::Webhook => json!({"id": 7, "text": text}),
    }
}

/// A card around some elements, in its envelope.
fn teams(elements: &Value) -> Value {
    let card = json!({"type": "AdaptiveCard", "version": "1.4", "body": elements});
    let content_type = "application/vnd.microsoft.card.adaptive";
    json!({"type": "message", "attachments": [{"contentType": content_type, "content": card}]})
}

/// A simulator with one robot that asks for no signature in each chat, on 1 March 2026.
fn simulator() -> Simulator {
    let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
    for kind in ChatKind::ALL {
        simulator.add_chat(Chat::new(kind, key(kind))).expect("a robot that can be");
    }
    simulator
}

/// A post with a JSON body, and headers that only the webhook looks at.
async fn try_post(simulator: &Simulator, path: &str, body: &str) -> Result<Reply, ConnectionReset> {
    let request = Request::post(path)
        .header("content-type", "application/json; charset=utf-8")
        .header("webhook-id", "msg_1")
        .header("webhook-timestamp", simulator.now().as_second().to_string())
        .body(Bytes::from(body.to_owned()))
        .expect("a request");
    send(simulator, request).await
}

async fn send(simulator: &Simulator, request: Request<Bytes>) -> Result<Reply, ConnectionReset> {
    let (parts, body) = simulator.call(request).await?.into_parts();
    Ok(Reply { status: parts.status, headers: parts.headers, body })
}

async fn post(simulator: &Simulator, path: &str, body: &Value) -> Reply {
    try_post(simulator, path, &body.to_string()).await.expect("no reset")
}

/// The status, and the code or text by which the chat says how it went.
fn said(reply: &Reply) -> (u16, String) {
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    let code = serde_json::from_str::<Value>(&text).ok().map(|body| {
        let code = ["/errcode", "/code", "/error/code"].iter().find_map(|place| body.pointer(place));
        code.map_or(String::new(), |code| code.as_str().map_or(code.to_string(), str::to_owned))
    });
    (reply.status.as_u16(), code.unwrap_or(text))
}

/// What the robot of a chat shows last.
fn shown(simulator: &Simulator, kind: ChatKind) -> String {
    simulator.chat_messages(kind, key(kind)).pop().map(|message| message.text).unwrap_or_default()
}

/// Why the robot of a chat refused last.
fn reason(simulator: &Simulator, kind: ChatKind) -> String {
    simulator.chat_refusals(kind, key(kind)).pop().map(|refusal| refusal.reason).unwrap_or_default()
}
