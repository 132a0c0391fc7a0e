//! One request, one answer.
//!
//! Guarantee: a failure is told apart by whether Amazon may have seen the request. "Not sent"
//! is said only where it is proven: no connection came about. The HTTP client itself repeats a
//! request only when not one byte of it was written.

use std::sync::Mutex;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector as _, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, fmt::rfc2822};
use serde::de::DeserializeOwned;

use super::errors::Error;
use super::operation::Operation;
use super::request::Request;
use crate::clock::Clock;
use crate::http::{connector, never_connected};
use crate::secrets::Secret;

/// Longest JSON answer that is read: a hundred orders with packages stay under 2 MiB.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// Header of the access token. Source: Amazon's "Connect to the SP-API" page.
const TOKEN_HEADER: &str = "x-amz-access-token";

/// Sends requests.
#[derive(Debug)]
pub(super) struct Transport {
    connector: SharedHttpConnector,
    user_agent: String,
    clock: Clock,
    /// How far Amazon is ahead of us, by the newest `Date`.
    difference: Mutex<Option<SignedDuration>>,
}

/// An answer with its body.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Body,
}

/// What came after the headers.
#[derive(Debug)]
pub(super) enum Body {
    Whole(Vec<u8>),
    /// It broke off, or took too long; why.
    Broken(String),
}

impl Answer {
    /// The JSON of a success. One that can't be read leaves the outcome unknown.
    pub(super) fn parse<T: DeserializeOwned>(self, operation: Operation) -> Result<T, Error> {
        let unclear = |why: String| Error::Unclear { operation, why };
        match self.body {
            Body::Broken(why) => Err(unclear(why)),
            // The place, not the parser's text, which may quote a value.
            Body::Whole(body) => serde_json::from_slice(&body).map_err(|error| {
                unclear(format!(
                    "its answer is not what was expected (line {}, column {})",
                    error.line(),
                    error.column()
                ))
            }),
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// No connection came about, so nothing was sent.
    NotSent(String),
    /// It may have been sent.
    Unclear(String),
}

impl Failure {
    /// The same as an operation's error.
    pub(super) fn of(self, operation: Operation) -> Error {
        match self {
            Self::NotSent(why) => Error::NotSent { operation, why },
            Self::Unclear(why) => Error::Unclear { operation, why },
        }
    }
}

impl Transport {
    pub(super) fn new(http: &SharedHttpClient, clock: Clock) -> Self {
        Self { connector: connector(http), user_agent: user_agent(), clock, difference: Mutex::new(None) }
    }

    /// How far Amazon's clock is ahead, by the newest answer.
    pub(super) fn clock_difference(&self) -> Option<SignedDuration> {
        *self.difference.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Calls an operation and reads the whole answer. An answer whose headers have come is an
    /// answer, even if its body breaks off: the status alone may be all that matters.
    pub(super) async fn call(
        &self,
        request: &Request,
        base: &str,
        token: &Secret,
        limit: Duration,
    ) -> Result<Answer, Error> {
        let operation = request.operation;
        let mut builder = http::Request::builder()
            .method(request.method.clone())
            .uri(format!("{base}{}", request.target))
            .header(TOKEN_HEADER, token.expose())
            .header(header::ACCEPT, "application/json");
        let body = match &request.body {
            Some(json) => {
                builder = builder.header(header::CONTENT_TYPE, "application/json");
                SdkBody::from(json.as_str())
            }
            None => SdkBody::empty(),
        };
        // The error is dropped: it could show the header.
        let request = builder.body(body).map_err(|_| Error::NotSent {
            operation,
            why: "the access token or the address has letters that HTTP does not allow".to_owned(),
        })?;
        let mut answer = self.exchange(request, limit).await.map_err(|failure| failure.of(operation))?;
        if let Body::Whole(body) = &mut answer.body
            && !answer.status.is_success()
        {
            // An error text may repeat the request; texts are shown and kept.
            *body = String::from_utf8_lossy(body).replace(token.expose(), "<token>").into_bytes();
        }
        Ok(answer)
    }

    /// Sends a request and reads the whole answer within `limit`.
    pub(super) async fn exchange(
        &self,
        request: http::Request<SdkBody>,
        limit: Duration,
    ) -> Result<Answer, Failure> {
        let end = tokio::time::Instant::now() + limit;
        let response = self.open(request, limit).await?;
        let (parts, body) = response.into_parts();
        let body = match tokio::time::timeout_at(end, read(body)).await {
            Ok(body) => body,
            Err(_) => Body::Broken(format!("the rest did not come within {limit:?}")),
        };
        Ok(Answer { status: parts.status, body })
    }

    /// Sends a request and waits for the headers of the answer.
    pub(super) async fn open(
        &self,
        request: http::Request<SdkBody>,
        limit: Duration,
    ) -> Result<Response<SdkBody>, Failure> {
        if limit.is_zero() {
            return Err(Failure::NotSent("no time was left".to_owned()));
        }
        let mut request = request;
        let agent = self.user_agent.parse().expect("the user agent is plain ASCII");
        request.headers_mut().insert(header::USER_AGENT, agent);
        let host = request.uri().host().unwrap_or_default().to_owned();
        let request =
            request.try_into().map_err(|_| Failure::NotSent("the request is not HTTP".to_owned()))?;
        let answer = tokio::time::timeout(limit, self.connector.call(request)).await;
        let response = match answer {
            Err(_) => return Err(Failure::Unclear(format!("{host} did not answer within {limit:?}"))),
            Ok(Err(error)) => return Err(failure_of(&host, &error)),
            Ok(Ok(response)) => response,
        };
        let response = response
            .try_into_http1x()
            .map_err(|_| Failure::Unclear(format!("{host} did not answer in HTTP")))?;
        self.watch_clock(response.headers());
        Ok(response)
    }

    fn watch_clock(&self, headers: &HeaderMap) {
        let date = headers.get(header::DATE).and_then(|value| value.to_str().ok());
        let Some(date) = date.and_then(|text| rfc2822::DateTimeParser::new().parse_timestamp(text).ok())
        else {
            return;
        };
        let difference = date.duration_since(self.clock.now());
        *self.difference.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(difference);
    }
}

/// Amazon requires the form `Name/Version (Language=…; Platform=…)`, at most 500 characters.
/// Source: Amazon's "Include a User-Agent header" page.
fn user_agent() -> String {
    format!(
        "Renown/{} (Language=Rust/{}; Platform={}/{})",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_RUST_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

async fn read(mut body: SdkBody) -> Body {
    let mut whole = Vec::new();
    while let Some(piece) = next_piece(&mut body).await {
        match piece {
            Ok(piece) if whole.len() + piece.len() > MAX_BODY_BYTES => {
                return Body::Broken(format!("it is longer than {} MiB", MAX_BODY_BYTES / (1024 * 1024)));
            }
            Ok(piece) => whole.extend_from_slice(&piece),
            Err(why) => return Body::Broken(why),
        }
    }
    Body::Whole(whole)
}

/// The next bytes of a body; `None` at its end.
pub(super) async fn next_piece(body: &mut SdkBody) -> Option<Result<Bytes, String>> {
    loop {
        return match body.frame().await? {
            Ok(frame) => match frame.into_data() {
                Ok(bytes) => Some(Ok(bytes)),
                // Trailers say nothing here.
                Err(_) => continue,
            },
            Err(error) => Some(Err(format!("it broke off: {}", chain(&*error)))),
        };
    }
}

fn failure_of(host: &str, error: &ConnectorError) -> Failure {
    if never_connected(error) {
        return Failure::NotSent(format!("no connection to {host}: {}", chain(error)));
    }
    Failure::Unclear(format!("the connection to {host} failed: {}", chain(error)))
}

/// An error with its causes. Errors of the HTTP client speak of connections, never of headers.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn get(uri: &str) -> http::Request<SdkBody> {
        http::Request::get(uri).body(SdkBody::empty()).expect("a request")
    }

    fn real_client() -> SharedHttpClient {
        crate::http::client(None).expect("nothing to read")
    }

    #[tokio::test]
    async fn a_refused_connection_proves_that_nothing_was_sent() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let transport = Transport::new(&real_client(), Clock::starting_at(Timestamp::UNIX_EPOCH));
        let failure = transport.exchange(get(&format!("http://{address}/")), Duration::from_secs(5)).await;
        assert!(matches!(&failure, Err(Failure::NotSent(why)) if why.contains("127.0.0.1")), "{failure:?}");
    }

    #[tokio::test]
    async fn a_connection_that_ends_without_an_answer_leaves_the_outcome_unknown() {
        use std::io::Read as _;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let n_bytes = stream.read(&mut [0; 4096]).expect("a request");
            assert!(n_bytes > 0);
        });
        let transport = Transport::new(&real_client(), Clock::starting_at(Timestamp::UNIX_EPOCH));
        let failure = transport.exchange(get(&format!("http://{address}/")), Duration::from_secs(5)).await;
        assert!(matches!(failure, Err(Failure::Unclear(_))), "{failure:?}");
        server.join().expect("the server saw a request");
    }

    #[test]
    fn the_user_agent_has_amazons_form() {
        let agent = user_agent();
        assert!(agent.starts_with("Renown/") && agent.contains("(Language=Rust/1.95; Platform="), "{agent}");
        assert!(agent.len() <= 500 && agent.is_ascii());
    }
}
