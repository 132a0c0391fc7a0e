//! Messages to chats and webhooks: one request, judged by what the other side says.

use std::error::Error as _;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use http::{Uri, header};
use http_body_util::{BodyExt as _, Collected, Limited};
use jiff::{SignedDuration, Timestamp};
use renown_core::notice::{Channel, Outcome};
use renown_core::push::{self, Answer, Card};
use renown_core::say::Text;
use renown_core::text;

use super::address;
use super::hook::Hook;
use super::sign;
use crate::http::connector;
use crate::secrets::Secret;

/// How long a request may take with its answer. Standard Webhooks asks for 15 to 30 s; nobody's chat takes
/// that long, and others wait.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest answer that is read.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Calls chats and webhooks.
#[derive(Debug)]
pub struct Chats {
    connector: SharedHttpConnector,
    instead: Option<Uri>,
}

impl Chats {
    /// Calls them at their own hosts: `http` is to connect to public addresses alone
    /// ([`crate::http::client_of_public_addresses`]).
    pub fn new(http: &SharedHttpClient) -> Self {
        Self { connector: connector(http), instead: None }
    }

    /// Calls a simulator in place of all of them: at its host, with the path and query of theirs.
    pub fn at(base: Uri, http: &SharedHttpClient) -> Self {
        Self { connector: connector(http), instead: Some(base) }
    }

    /// Sends a card under an id, which tells whoever takes it in twice that it is one.
    pub async fn send(
        &self,
        channel: &Channel,
        hook: &Hook,
        card: &Card,
        id: &str,
        now: Timestamp,
    ) -> Outcome {
        let uri = match address::check(channel, hook.url.expose()) {
            Ok(uri) => uri,
            Err(why) => return Outcome::Refused(why),
        };
        let request = match request(channel, hook, card, id, now) {
            Ok(request) => request,
            Err(why) => return Outcome::Refused(why),
        };
        match self.call(uri, request).await {
            Some(answer) => outcome(judge(channel, &answer, now), now),
            None => Outcome::Unclear,
        }
    }

    async fn call(&self, uri: Uri, asked: Asked) -> Option<Answered> {
        let uri = match &self.instead {
            Some(base) => moved(base, &uri)?,
            None => uri,
        };
        let uri = match asked.query {
            Some(query) => with_query(&uri, &query)?,
            None => uri,
        };
        let mut request = http::Request::post(uri);
        request = request.header(header::CONTENT_TYPE, "application/json; charset=utf-8");
        for (name, value) in asked.headers {
            request = request.header(name, value);
        }
        let request = request.body(SdkBody::from(asked.body)).ok()?.try_into().ok()?;
        let call = async {
            let response = self.connector.call(request).await.map_err(|error| why(&error))?;
            let response = response.try_into_http1x().map_err(|_| "its answer is not HTTP".to_owned())?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
            let body = body.map(Collected::to_bytes).unwrap_or_default();
            Ok::<_, String>((parts, body))
        };
        match tokio::time::timeout(TIMEOUT, call).await {
            Ok(Ok((parts, body))) => {
                let text = |name: &str| {
                    parts.headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned)
                };
                let retry_after = text("retry-after").or_else(|| text("x-ogw-ratelimit-reset"));
                let body = String::from_utf8_lossy(&body).into_owned();
                Some(Answered { status: parts.status.as_u16(), body, retry_after })
            }
            // The address is a secret and stands in no error of this client: it names hosts alone.
            Ok(Err(why)) => {
                tracing::warn!(why, "a chat could not be reached");
                None
            }
            Err(_) => {
                tracing::warn!("a chat did not answer in {TIMEOUT:?}");
                None
            }
        }
    }
}

/// What is asked of the other side.
struct Asked {
    query: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: String,
}

/// What it answered.
struct Answered {
    status: u16,
    body: String,
    retry_after: Option<String>,
}

/// The request of a card, signed as of now.
fn request(channel: &Channel, hook: &Hook, card: &Card, id: &str, now: Timestamp) -> Result<Asked, Text> {
    let secret = hook.secret.as_ref().map(Secret::expose);
    let plain = |body: serde_json::Value| Asked { query: None, headers: Vec::new(), body: body.to_string() };
    Ok(match channel {
        Channel::Mail { .. } => return Err(text!("it is told by mail", "该对象通过邮件通知")),
        Channel::Wecom => plain(push::wecom::body(card)),
        Channel::Slack => plain(push::slack::body(card)),
        Channel::Teams => plain(push::teams::body(card)),
        Channel::Dingtalk => {
            let ms = now.as_millisecond();
            let query = secret.map(|secret| format!("timestamp={ms}&sign={}", sign::dingtalk(secret, ms)));
            Asked { query, ..plain(push::dingtalk::body(card)) }
        }
        Channel::Feishu => {
            let at = now.as_second();
            let signed =
                secret.map(|secret| push::feishu::Signed { timestamp: at, sign: sign::feishu(secret, at) });
            plain(push::feishu::body(card, signed.as_ref()))
        }
        Channel::Webhook => {
            let body = push::webhook::body(card, id, now).to_string();
            let at = now.as_second();
            let mut headers = vec![("webhook-id", id.to_owned()), ("webhook-timestamp", at.to_string())];
            if let Some(secret) = secret {
                let secrets: Vec<&str> = secret.split_whitespace().collect();
                let signature = sign::standard_webhook(&secrets, id, at, body.as_bytes())
                    .map_err(sign::BadSecret::text)?;
                headers.push(("webhook-signature", signature));
            }
            Asked { query: None, headers, body }
        }
    })
}

fn judge(channel: &Channel, answered: &Answered, now: Timestamp) -> Answer {
    let Answered { status, body, retry_after } = answered;
    let (status, body, retry_after) = (*status, body.as_str(), retry_after.as_deref());
    match channel {
        Channel::Mail { .. } => Answer::Unclear,
        Channel::Wecom => push::wecom::judge(status, body, retry_after, now),
        Channel::Dingtalk => push::dingtalk::judge(status, body, retry_after, now),
        Channel::Feishu => push::feishu::judge(status, body, retry_after, now),
        Channel::Slack => push::slack::judge(status, body, retry_after, now),
        Channel::Teams => push::teams::judge(status, body, retry_after, now),
        Channel::Webhook => push::webhook::judge(status, body, retry_after, now),
    }
}

fn outcome(answer: Answer, now: Timestamp) -> Outcome {
    match answer {
        Answer::Accepted => Outcome::Accepted(String::new()),
        Answer::Slow { wait } => {
            let wait = wait.max(SignedDuration::from_secs(1));
            Outcome::Later(now.saturating_add(wait).unwrap_or(now))
        }
        Answer::Unclear => Outcome::Unclear,
        Answer::Refused(why) => Outcome::Refused(why),
        Answer::Gone(why) => Outcome::Gone(why),
    }
}

/// An address at another host.
fn moved(base: &Uri, uri: &Uri) -> Option<Uri> {
    let mut parts = base.clone().into_parts();
    parts.path_and_query = uri.path_and_query().cloned();
    Uri::from_parts(parts).ok()
}

/// An address with more behind its query.
fn with_query(uri: &Uri, more: &str) -> Option<Uri> {
    let joined = match uri.query() {
        Some(query) => format!("{}?{query}&{more}", uri.path()),
        None => format!("{}?{more}", uri.path()),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(joined.parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// What went wrong, without the address: it is a secret.
fn why(error: &ConnectorError) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}
