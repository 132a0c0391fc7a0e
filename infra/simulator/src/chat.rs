//! The chats that operators are told in: a stand-in for each, on the same socket and clock.
//!
//! The hosts are not looked at, only the paths, which are those of the real targets. A post is no
//! call of Amazon's API: it is written down in its own room and judged by its target's own rules.

mod answer;
mod dingtalk;
mod fault;
mod feishu;
mod pace;
mod plain;
mod robot;
mod room;
mod sign;
mod slack;
mod teams;
mod webhook;
mod wecom;

use http::Method;
use jiff::Timestamp;
use serde_json::Value;

use crate::pipeline::Outcome;
use crate::request::Incoming;
use crate::state::State;
use answer::Answer;
pub use fault::{ChatFault, ChatFaultKind};
use pace::{Limit, TooFast};
pub use robot::{Chat, ChatKind};
pub(crate) use room::Chats;
pub use room::{ChatMessage, ChatRecord, ChatRefusal};

/// A post to a robot that is there, as its target looks at it.
struct Post<'post> {
    now: Timestamp,
    method: &'post Method,
    incoming: &'post Incoming<'post>,
    robot: &'post Chat,
}

impl Post<'_> {
    /// The body, if it is a JSON object.
    fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.incoming.body).ok().filter(Value::is_object)
    }

    /// Whether the body is declared as JSON, whatever stands behind it.
    fn is_declared_json(&self) -> bool {
        let declared = self.incoming.header("content-type").unwrap_or_default();
        declared.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    }
}

/// A message that its target shows.
struct Said {
    /// What a person sees, in plain words.
    text: String,
    /// The sender's own id of the message, where the target knows one.
    id: Option<String>,
}

impl Said {
    fn of(text: String) -> Self {
        Self { text, id: None }
    }
}

/// A message that its target does not show, and why.
struct Refused {
    /// Most targets tell the sender; Teams answers as if all were well.
    answer: Answer,
    reason: String,
}

/// Answers a request whose path is that of a chat; `None`: it is none.
pub(crate) fn answer(state: &mut State, request: &http::Request<bytes::Bytes>) -> Option<Outcome> {
    let kind = ChatKind::of_path(request.uri().path())?;
    let incoming = Incoming::of(request);
    let key = key(kind, request.uri().path(), &incoming);
    let now = state.clock.now();
    let chats = &mut state.data.chats;
    let fault = fault::strike(&mut chats.faults, kind, &key);
    let room = chats.room(kind, &key);

    let verdict = match fault.and_then(|fault| fault.early_answer(kind)) {
        Some(answer) => Err(Refused { answer, reason: "a fault struck it".to_owned() }),
        None => judge(room, kind, now, request.method(), &incoming),
    };
    let body = serde_json::from_slice(request.body())
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(request.body()).into_owned()));
    let answer = match verdict {
        Ok(said) => {
            room.accept(now, body, said);
            accepted(kind)
        }
        Err(Refused { answer, reason }) => {
            let status = fault.is_none_or(|fault| !fault.resets()).then_some(answer.status);
            room.refuse(ChatRefusal { at: now, status, reason, body });
            answer
        }
    };
    Some(Outcome {
        response: fault.is_none_or(|fault| !fault.resets()).then(|| answer.into_response(now)),
        silence: fault.and_then(ChatFaultKind::silence),
    })
}

/// What names the robot in the address; empty where it is missing.
fn key(kind: ChatKind, path: &str, incoming: &Incoming<'_>) -> String {
    match kind {
        ChatKind::WeCom => incoming.one("key").unwrap_or_default().to_owned(),
        ChatKind::DingTalk => incoming.one("access_token").unwrap_or_default().to_owned(),
        ChatKind::Feishu => path.strip_prefix(robot::FEISHU).unwrap_or_default().to_owned(),
        ChatKind::Slack => path.strip_prefix(robot::SLACK).unwrap_or_default().to_owned(),
        ChatKind::Teams => robot::workflow_of(path).unwrap_or_default().to_owned(),
        ChatKind::Webhook => path.strip_prefix(robot::WEBHOOK).unwrap_or_default().to_owned(),
    }
}

/// A post as its target judges it: the robot, the pace, then everything that is the target's own.
fn judge(
    room: &mut room::Room,
    kind: ChatKind,
    now: Timestamp,
    method: &Method,
    incoming: &Incoming<'_>,
) -> Result<Said, Refused> {
    let Some(robot) = &room.robot else {
        let reason = "no robot is registered under this key; add it with POST /_sim/chats".to_owned();
        return Err(Refused { answer: unknown(kind, incoming), reason });
    };
    if let Err(too_fast) = room.pace.take(limit(kind), now) {
        let reason = format!("too fast: the next post is taken in {} s", too_fast.seconds());
        return Err(Refused { answer: throttled(kind, &too_fast), reason });
    }
    let post = Post { now, method, incoming, robot };
    match kind {
        ChatKind::WeCom => wecom::read(&post),
        ChatKind::DingTalk => dingtalk::read(&post),
        ChatKind::Feishu => feishu::read(&post),
        ChatKind::Slack => slack::read(&post),
        ChatKind::Teams => teams::read(&post),
        ChatKind::Webhook => webhook::read(&post),
    }
}

fn limit(kind: ChatKind) -> &'static Limit {
    match kind {
        ChatKind::WeCom => &wecom::LIMIT,
        ChatKind::DingTalk => &dingtalk::LIMIT,
        ChatKind::Feishu => &feishu::LIMIT,
        ChatKind::Slack => &slack::LIMIT,
        ChatKind::Teams => &teams::LIMIT,
        ChatKind::Webhook => &Limit::NONE,
    }
}

fn accepted(kind: ChatKind) -> Answer {
    match kind {
        ChatKind::WeCom => wecom::error(0, "ok"),
        ChatKind::DingTalk => dingtalk::error(0, "ok"),
        ChatKind::Feishu => feishu::accepted(),
        ChatKind::Slack => Answer::plain(200, "ok"),
        ChatKind::Teams => Answer::empty(202),
        ChatKind::Webhook => Answer::empty(204),
    }
}

fn unknown(kind: ChatKind, incoming: &Incoming<'_>) -> Answer {
    match kind {
        ChatKind::WeCom => wecom::error(93000, "invalid webhook url"),
        ChatKind::DingTalk => dingtalk::unknown(incoming),
        ChatKind::Feishu => feishu::error(19001, "param invalid: incoming webhook access token invalid"),
        ChatKind::Slack => Answer::plain(404, "no_service"),
        ChatKind::Teams => teams::unknown(),
        ChatKind::Webhook => Answer::plain(404, "there is no such hook"),
    }
}

fn throttled(kind: ChatKind, too_fast: &TooFast) -> Answer {
    match kind {
        ChatKind::WeCom => wecom::error(45009, "api freq out of limit"),
        ChatKind::DingTalk => dingtalk::throttled(too_fast),
        ChatKind::Feishu => feishu::throttled(),
        ChatKind::Slack => slack::throttled(too_fast.seconds()),
        ChatKind::Teams => teams::throttled(),
        ChatKind::Webhook => Answer::too_many_requests(too_fast.seconds()),
    }
}
