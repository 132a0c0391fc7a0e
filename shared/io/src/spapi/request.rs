//! A request before it has a host and a token.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::operation::Operation;

/// What a path segment and a query value keep as it is (RFC 3986, unreserved), and the comma
/// that separates the values of a list.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',');

/// One call of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) operation: Operation,
    pub(super) method: Method,
    /// Path and query, encoded.
    pub(super) target: String,
    /// JSON, if the operation takes a body.
    pub(super) body: Option<String>,
}

impl Request {
    /// A reading call.
    pub(super) fn get(operation: Operation, target: Target) -> Self {
        Self { operation, method: Method::GET, target: target.text, body: None }
    }

    /// A call that changes something. Amazon takes the solicitation without a body.
    pub(super) fn post(operation: Operation, target: Target, body: Option<String>) -> Self {
        Self { operation, method: Method::POST, target: target.text, body }
    }

    /// A call that takes something away.
    pub(super) fn delete(operation: Operation, target: Target) -> Self {
        Self { operation, method: Method::DELETE, target: target.text, body: None }
    }
}

/// A path and its query, encoded piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    text: String,
    separator: char,
}

impl Target {
    /// A path that is the same for all calls.
    pub(super) fn path(fixed: &str) -> Self {
        Self { text: fixed.to_owned(), separator: '?' }
    }

    /// Appends one segment, whatever letters are in it.
    pub(super) fn segment(mut self, segment: &str) -> Self {
        self.text.push('/');
        self.text.extend(percent_encode(segment.as_bytes(), KEPT));
        self
    }

    /// Appends a piece of path that is the same for all calls.
    pub(super) fn then(mut self, fixed: &str) -> Self {
        self.text.push_str(fixed);
        self
    }

    /// Appends a query parameter; a list is one value with commas.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        self.text.push(self.separator);
        self.separator = '&';
        self.text.push_str(name);
        self.text.push('=');
        self.text.extend(percent_encode(value.as_bytes(), KEPT));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_change_the_path_or_add_a_parameter() {
        let target =
            Target::path("/reports").segment("../a b?c").then("/x").query("t", "a&b=c+d").query("ids", "A,B");
        assert_eq!(target.text, "/reports/..%2Fa%20b%3Fc/x?t=a%26b%3Dc%2Bd&ids=A,B");
    }
}
