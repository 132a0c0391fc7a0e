//! An HTTP client in the process that answers as a test says. Faked is the wire alone; all of
//! the client above it runs as in production.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use renown_core::ids::AppId;
use renown_core::marketplace::Region;

use super::{Caller, Endpoints, SpApi};
use crate::clock::Clock;
use crate::secrets::{Credentials, Secret};

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    headers: HashMap<String, String>,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn form(&self, name: &str) -> String {
        form_urlencoded::parse(self.body.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    fn is_login(&self) -> bool {
        self.target == "/auth/o2/token"
    }
}

/// What happens to a request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        pieces: Vec<Vec<u8>>,
        cut: bool,
    },
    /// Nothing, for ever.
    Stall,
    /// The connection ends after the request was written.
    Reset,
    /// No connection comes about.
    Refuse,
}

impl Reply {
    pub(super) fn json(status: u16, body: &str) -> Self {
        Self::pieces(status, vec![body.as_bytes().to_vec()])
    }

    pub(super) fn pieces(status: u16, pieces: Vec<Vec<u8>>) -> Self {
        Self::Answer { status, headers: vec![], pieces, cut: false }
    }

    pub(super) fn stall() -> Self {
        Self::Stall
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// The body ends before its end.
    pub(super) fn cut(mut self) -> Self {
        if let Self::Answer { cut, .. } = &mut self {
            *cut = true;
        }
        self
    }
}

/// Amazon's answer to a token that has expired or lacks the right.
pub(super) fn refused_token() -> Reply {
    let body = r#"{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":""}]}"#;
    Reply::json(403, body)
}

/// A seller whose secrets are canaries.
pub(super) fn caller() -> Caller {
    let (client_id, client_secret) = app();
    Caller {
        seller: "A2SELLER".parse().expect("a seller id"),
        region: Region::Eu,
        credentials: Credentials { client_id, client_secret, refresh_token: Secret::new("CANARY-REFRESH") },
    }
}

pub(super) fn app() -> (AppId, Secret) {
    ("amzn1.application-oa2-client.test".parse().expect("an app id"), Secret::new("CANARY-SECRET"))
}

type Script = Box<dyn Fn(&Seen) -> Reply + Send + Sync>;

#[derive(Clone)]
pub(super) struct Fake(Arc<Inner>);

struct Inner {
    script: Script,
    seen: Mutex<Vec<Seen>>,
    clock: Clock,
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fake")
    }
}

impl Fake {
    /// Every request, logins included, is answered by the script.
    pub(super) fn new(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let clock = Clock::starting_at("2026-10-05T12:00:00Z".parse::<Timestamp>().expect("a time"));
        Self(Arc::new(Inner { script: Box::new(script), seen: Mutex::default(), clock }))
    }

    /// Logins succeed, with `token-1`, `token-2`, …; the rest is answered by the script.
    pub(super) fn with_tokens(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let n_logins = std::sync::atomic::AtomicU32::new(0);
        Self::new(move |seen| {
            if !seen.is_login() {
                return script(seen);
            }
            let n = n_logins.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            Reply::json(
                200,
                &format!(r#"{{"access_token":"token-{n}","token_type":"bearer","expires_in":3600}}"#),
            )
        })
    }

    pub(super) fn clock(&self) -> Clock {
        self.0.clock.clone()
    }

    /// A client that speaks to this fake.
    pub(super) fn api(&self) -> SpApi {
        let endpoints = Endpoints::at("http://127.0.0.1:8480").expect("this machine");
        SpApi::new(&self.http(), self.clock(), endpoints)
    }

    fn http(&self) -> SharedHttpClient {
        let fake = self.clone();
        http_client_fn(move |_, _| SharedHttpConnector::new(fake.clone()))
    }

    /// What was asked of the Selling Partner API.
    pub(super) fn calls(&self) -> Vec<Seen> {
        self.seen(false)
    }

    /// What was asked of LWA.
    pub(super) fn logins(&self) -> Vec<Seen> {
        self.seen(true)
    }

    pub(super) fn n_logins(&self) -> usize {
        self.logins().len()
    }

    fn seen(&self, logins: bool) -> Vec<Seen> {
        self.0
            .seen
            .lock()
            .expect("no panic")
            .iter()
            .filter(|seen| seen.is_login() == logins)
            .cloned()
            .collect()
    }
}

impl HttpConnector for Fake {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let headers =
            request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let uri: http::Uri = request.uri().parse().expect("a URL");
        let body =
            String::from_utf8(request.body().bytes().expect("a body in memory").to_vec()).expect("text");
        let target = uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let seen = Seen { method: request.method().to_owned(), target, headers, body };
        let reply = (self.0.script)(&seen);
        self.0.seen.lock().expect("no panic").push(seen);
        HttpConnectorFuture::new(async move {
            match reply {
                Reply::Stall => std::future::pending().await,
                Reply::Reset => Err(io_error(std::io::ErrorKind::ConnectionReset)),
                Reply::Refuse => Err(io_error(std::io::ErrorKind::ConnectionRefused)),
                Reply::Answer { status, headers, pieces, cut } => Ok(answer(status, headers, pieces, cut)),
            }
        })
    }
}

fn io_error(kind: std::io::ErrorKind) -> ConnectorError {
    ConnectorError::io(Box::new(std::io::Error::from(kind)))
}

fn answer(
    status: u16,
    headers: Vec<(&'static str, String)>,
    pieces: Vec<Vec<u8>>,
    cut: bool,
) -> HttpResponse {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let frames = pieces.into_iter().map(|piece| Ok(http_body::Frame::data(bytes::Bytes::from(piece))));
    let end = cut.then(|| Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof)));
    let stream = futures_util::stream::iter(frames.chain(end).collect::<Vec<_>>());
    let body = SdkBody::from_body_1_x(http_body_util::StreamBody::new(stream));
    response.body(body).expect("a response").try_into().expect("a response")
}
