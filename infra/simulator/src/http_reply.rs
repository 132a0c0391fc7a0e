//! Replies in Amazon's shapes.

use bytes::Bytes;
use serde_json::{Value, json};

/// Amazon's message for every kind of missing right: token, role or somebody else's resource.
pub(crate) const DENIED: &str = "Access to requested resource is denied.";

/// Amazon's message for an order that can't be asked (any more).
pub(crate) const NOT_AVAILABLE: &str = "The requested solicitation is not available for this amazonOrderId.";

/// Amazon's message outside the window; the apostrophe is the curly one.
pub(crate) const OUTSIDE_WINDOW: &str = "You can\u{2019}t use this feature to request a review outside the 5-30 day range after the order delivery date.";

/// A reply before it becomes an HTTP response.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) content_encoding: Option<&'static str>,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    /// The media type of the Solicitations API.
    pub(crate) fn hal(status: u16, body: &Value) -> Self {
        Self::text(status, "application/hal+json", body.to_string())
    }

    pub(crate) fn text(status: u16, content_type: &str, body: String) -> Self {
        Self { status, content_type: content_type.to_owned(), content_encoding: None, body: body.into() }
    }

    /// One error in the SP-API's shape.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::error_with(status, code, message, "")
    }

    pub(crate) fn error_with(status: u16, code: &str, message: &str, details: &str) -> Self {
        Self::json(status, &json!({"errors": [{"code": code, "message": message, "details": details}]}))
    }

    pub(crate) fn invalid(message: &str) -> Self {
        Self::error(400, "InvalidInput", message)
    }

    pub(crate) fn denied() -> Self {
        Self::error(403, "Unauthorized", DENIED)
    }

    pub(crate) fn denied_because(details: &str) -> Self {
        Self::error_with(403, "Unauthorized", DENIED, details)
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::error(404, "NotFound", what)
    }

    pub(crate) fn throttled() -> Self {
        Self::error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
    }

    pub(crate) fn internal_failure() -> Self {
        Self::error(500, "InternalFailure", "We encountered an internal error. Please try again.")
    }

    pub(crate) fn unavailable() -> Self {
        Self::error(503, "ServiceUnavailable", "Service is temporarily unavailable. Please try again.")
    }

    /// What stands in front of the API answers in HTML when it never reaches it.
    pub(crate) fn html(status: u16) -> Self {
        let title = if status == 400 { "400 Bad Request" } else { "503 Service Temporarily Unavailable" };
        Self::text(
            status,
            "text/html",
            format!(
                "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
            ),
        )
    }

    /// The first half of the body, as when a connection dies politely.
    pub(crate) fn cut_in_half(mut self) -> Self {
        self.body.truncate(self.body.len() / 2);
        self
    }
}
