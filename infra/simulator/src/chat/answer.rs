//! What a chat answers with.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

/// An answer before it becomes an HTTP response.
pub(super) struct Answer {
    pub(super) status: u16,
    content_type: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            content_type: Some("application/json; charset=utf-8"),
            headers: vec![],
            body: body.to_string(),
        }
    }

    pub(super) fn plain(status: u16, body: &str) -> Self {
        Self {
            status,
            content_type: Some("text/plain; charset=utf-8"),
            headers: vec![],
            body: body.to_owned(),
        }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, content_type: None, headers: vec![], body: String::new() }
    }

    /// 429 of whoever has no words of its own for it.
    pub(super) fn too_many_requests(seconds: i64) -> Self {
        Self::plain(429, "too many requests").with("retry-after", seconds.to_string())
    }

    /// The same answer with one more header.
    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The response, with the simulator's time in its `date`.
    pub(super) fn into_response(self, now: Timestamp) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let date = ("date", now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        let content_type = self.content_type.map(|kind| ("content-type", kind.to_owned()));
        for (name, value) in self.headers.into_iter().chain([date]).chain(content_type) {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
