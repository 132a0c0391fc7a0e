//! Amazon SES to test against: it takes mails by its API, can lose requests and replies, throttle
//! and refuse, and tells of each mail as the real one does.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use jiff::Timestamp;
use renown_io::clock::Clock;
use renown_local::dynamo;
use serde_json::{Value, json};

/// A mail that SES took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// SES's id.
    pub message: String,
    /// When.
    pub at: Timestamp,
    /// Whom to.
    pub to: String,
    /// What was written on it.
    pub tags: Vec<(String, String)>,
    /// The mail itself.
    pub raw: String,
    /// The configuration set it went through.
    pub set: String,
}

impl Taken {
    /// What was written on it under a name.
    pub fn tag(&self, name: &str) -> &str {
        self.tags.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// What happens to the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks before SES sees the call.
    LostRequest,
    /// SES takes the mail, and the reply is lost.
    LostReply,
    /// Too many.
    Throttled,
    /// An error of the server after it took the mail.
    ServerErrorAfter,
    /// An error of the server, and nothing was taken.
    ServerError,
    /// Refused for good.
    Rejected,
    /// The sender's domain is not verified.
    NotVerified,
}

/// SES. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Ses(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    taken: Vec<Taken>,
    calls: u64,
    faults: VecDeque<Fault>,
    /// Mails a day; negative: without limit.
    quota: f64,
    is_enabled: bool,
    /// Its own list: address and reason, the newest last.
    listed: Vec<(String, &'static str, Timestamp)>,
}

/// Entries of a page of the list: few, so that there is more than one.
const PAGE: usize = 2;

impl Ses {
    /// One that takes everything.
    pub fn new(clock: Clock) -> Self {
        let (taken, faults) = (Vec::new(), VecDeque::new());
        Self(Arc::new(Mutex::new(Inner {
            clock,
            taken,
            calls: 0,
            faults,
            quota: -1.0,
            is_enabled: true,
            listed: Vec::new(),
        })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no holder panics")
    }

    /// What it took so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.inner().taken.clone()
    }

    /// How many mails it was asked to take, whatever came of it.
    pub fn calls(&self) -> u64 {
        self.inner().calls
    }

    /// Lets the next calls go wrong, one after the other.
    pub fn faults(&self, faults: &[Fault]) {
        self.inner().faults.extend(faults);
    }

    /// Takes at most so many mails a day.
    pub fn set_quota(&self, mails: f64) {
        self.inner().quota = mails;
    }

    /// Sends nothing for the account any more, or again.
    pub fn set_enabled(&self, is_enabled: bool) {
        self.inner().is_enabled = is_enabled;
    }

    /// Puts an address on its own list; `reason` is `BOUNCE` or `COMPLAINT`.
    pub fn list(&self, address: &str, reason: &'static str) {
        let mut inner = self.inner();
        let now = inner.clock.now();
        inner.listed.push((address.to_owned(), reason, now));
    }

    /// A page of the list, from the number that the query's token names.
    fn listed(&self, query: &str) -> Value {
        let of = |name: &str| query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        let from: usize = of("NextToken").and_then(|token| token.parse().ok()).unwrap_or(0);
        let inner = self.inner();
        let page = inner.listed.iter().skip(from).take(PAGE).map(|(address, reason, at)| {
            json!({"EmailAddress": address, "Reason": reason, "LastUpdateTime": at.as_second()})
        });
        let page: Vec<_> = page.collect();
        let next = (from + PAGE < inner.listed.len()).then(|| (from + PAGE).to_string());
        json!({"SuppressedDestinationSummaries": page, "NextToken": next})
    }

    /// The SDK client.
    pub fn client(&self) -> aws_sdk_sesv2::Client {
        let connector = SharedHttpConnector::new(ToSes(self.clone()));
        let config = aws_sdk_sesv2::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"))
            .endpoint_url("http://ses.local")
            .retry_config(RetryConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        aws_sdk_sesv2::Client::from_conf(config)
    }

    fn account(&self) -> Value {
        let inner = self.inner();
        let sent = inner.taken.len();
        json!({
            "SendingEnabled": inner.is_enabled, "ProductionAccessEnabled": true,
            "SendQuota": {"Max24HourSend": inner.quota, "MaxSendRate": 14.0, "SentLast24Hours": sent},
        })
    }

    fn send(&self, body: &Value) -> Result<HttpResponse, ConnectorError> {
        let mut inner = self.inner();
        inner.calls += 1;
        let refuse = |status, code: &str| error(status, code, "no");
        let fault = inner.faults.pop_front();
        match fault {
            Some(Fault::LostRequest) => return Err(ConnectorError::io("connection reset".into())),
            Some(Fault::Throttled) => return refuse(429, "TooManyRequestsException"),
            Some(Fault::Rejected) => return refuse(400, "MessageRejected"),
            Some(Fault::NotVerified) => {
                return error(400, "MessageRejected", "Email address is not verified.");
            }
            Some(Fault::ServerError) => return refuse(500, "InternalServiceError"),
            Some(Fault::LostReply | Fault::ServerErrorAfter) | None => {}
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let raw = text(&body["Content"]["Raw"]["Data"]);
        let raw = data_encoding::BASE64.decode(raw.as_bytes()).expect("the SDK writes base64");
        let tags = body["EmailTags"].as_array().cloned().unwrap_or_default();
        let message = format!("0100-{:06}", inner.taken.len() + 1);
        let taken = Taken {
            message: message.clone(),
            at: inner.clock.now(),
            to: text(&body["Destination"]["ToAddresses"][0]),
            tags: tags.iter().map(|tag| (text(&tag["Name"]), text(&tag["Value"]))).collect(),
            raw: String::from_utf8(raw).expect("a mail of ASCII"),
            set: text(&body["ConfigurationSetName"]),
        };
        inner.taken.push(taken);
        match fault {
            Some(Fault::LostReply) => Err(ConnectorError::io("connection reset".into())),
            Some(Fault::ServerErrorAfter) => refuse(500, "InternalServiceError"),
            _ => dynamo::response(200, json!({"MessageId": message}).to_string()),
        }
    }
}

fn error(status: u16, code: &str, said: &str) -> Result<HttpResponse, ConnectorError> {
    let mut response = dynamo::response(status, json!({"message": said}).to_string())?;
    response.headers_mut().insert("x-amzn-errortype", code.to_owned());
    Ok(response)
}

#[derive(Debug)]
struct ToSes(Ses);

impl HttpConnector for ToSes {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let ses = self.0.clone();
        HttpConnectorFuture::new(async move {
            tokio::task::yield_now().await;
            let answer = if request.uri().ends_with("/v2/email/account") {
                dynamo::response(200, ses.account().to_string())
            } else if let Some((_, query)) = request.uri().split_once("/v2/email/suppression/addresses?") {
                dynamo::response(200, ses.listed(query).to_string())
            } else {
                let body = request.body().bytes().unwrap_or_default();
                ses.send(&serde_json::from_slice(body).expect("the SDK writes JSON"))
            };
            tokio::task::yield_now().await;
            answer
        })
    }
}

/// An event of SES about a mail, as its topic delivers it raw. `extra` is the part named after the
/// event.
pub fn event(kind: &str, mail: &Taken, part: &str, extra: Value) -> String {
    let mut tags = serde_json::Map::new();
    for (name, value) in &mail.tags {
        tags.insert(name.clone(), json!([value]));
    }
    let mut event = json!({
        "eventType": kind,
        "mail": {"timestamp": mail.at.to_string(), "messageId": mail.message, "source": "reviews@mail.tea.example",
            "destination": [mail.to], "headersTruncated": false, "tags": tags},
    });
    event[part] = extra;
    event.to_string()
}

/// A bounce of a mail: type, subtype and status as SES names them.
pub fn bounce(mail: &Taken, kind: &str, sub: &str, status: &str, at: Timestamp) -> String {
    let recipient = if status.is_empty() {
        json!({"emailAddress": mail.to})
    } else {
        json!({"emailAddress": mail.to, "action": "failed", "status": status})
    };
    let extra = json!({"bounceType": kind, "bounceSubType": sub, "bouncedRecipients": [recipient],
        "timestamp": at.to_string(), "feedbackId": "f-1"});
    event("Bounce", mail, "bounce", extra)
}

/// A complaint about a mail.
pub fn complaint(mail: &Taken, feedback: &str, at: Timestamp) -> String {
    let extra = json!({"complainedRecipients": [{"emailAddress": mail.to}], "timestamp": at.to_string(),
        "feedbackId": "f-2", "complaintFeedbackType": feedback, "complaintSubType": null});
    event("Complaint", mail, "complaint", extra)
}
