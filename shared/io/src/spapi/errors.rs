//! What can go wrong, told by what a caller does next.
//!
//! All of Amazon's refusals share one status and one code (403 `Unauthorized`); what they mean
//! stands in the text. Here only one kind of text is understood: a refused access token. The
//! others are the policy's matter and are handed over as they are.

use std::time::Duration;

use http::StatusCode;
use jiff::SignedDuration;
use renown_core::ids::{AppId, SellerId};
use renown_core::marketplace::Region;
use serde::Deserialize;

use super::caller::Account;
use super::operation::Operation;
use super::transport::{Answer, Body};

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not sent, or refused unprocessed, for the sake of pace. Come again after `retry_in`.
    #[error("{operation} has to wait {} s for the seller's rate limit", .retry_in.as_secs_f32().ceil())]
    Throttled {
        /// What was to be called.
        operation: Operation,
        /// When there will be room again.
        retry_in: Duration,
    },
    /// Refused unprocessed even with a new access token. An operator must act.
    #[error(
        "amazon denies {operation} for seller {seller}: check the app's roles ({}), that the seller has authorised the app in this region, and authorise it again if a role was added",
        .operation.roles()
    )]
    Denied {
        /// What was called.
        operation: Operation,
        /// For whom.
        seller: SellerId,
    },
    /// As [`Error::Denied`], for a call of the app in its own name. An operator must act.
    #[error(
        "amazon denies {operation} to app {app}: check in the developer console that the app is complete and has its roles (Inventory and Order Tracking, Selling Partner Insights)"
    )]
    AppDenied {
        /// What was called.
        operation: Operation,
        /// The app.
        app: AppId,
    },
    /// The seller has withdrawn the authorisation, or it has run out. The seller must act.
    #[error(
        "seller {seller} no longer authorises app {app} in region {region}: authorise the app again in Seller Central and connect the seller with the new refresh token"
    )]
    GrantRevoked {
        /// The seller.
        seller: SellerId,
        /// The app.
        app: AppId,
        /// The region.
        region: Region,
    },
    /// Amazon does not accept the app's own secret. An operator must act.
    #[error(
        "amazon does not accept the secret of app {app}: it was rotated or has expired (180 days); store the current one from the developer console"
    )]
    AppRejected {
        /// The app.
        app: AppId,
    },
    /// Refused unprocessed for a reason that stands in Amazon's text.
    #[error("amazon refused {operation}: {message:?}")]
    Forbidden {
        /// What was called.
        operation: Operation,
        /// Amazon's text.
        message: String,
    },
    /// Not done, because something that is there already stands in the way; Amazon's text names
    /// it. Look at what is there.
    #[error("something that amazon already has stands in the way of {operation}: {message:?}")]
    Conflict {
        /// What was called.
        operation: Operation,
        /// Amazon's text.
        message: String,
    },
    /// Amazon knows no such order, report, document, destination or subscription.
    #[error("amazon does not know what {operation} was called with: {message:?}")]
    NotFound {
        /// What was called.
        operation: Operation,
        /// Amazon's text.
        message: String,
    },
    /// Amazon found the request wrong; not processed, and the same again would be as wrong. A
    /// fault of Renown.
    #[error("amazon found the request {operation} wrong: {message:?}; please report this")]
    Invalid {
        /// What was called.
        operation: Operation,
        /// What is wrong with it.
        message: String,
    },
    /// Proven not to have reached Amazon. Try later.
    #[error("{operation} was not sent: {why}")]
    NotSent {
        /// What was to be called.
        operation: Operation,
        /// What kept it from being sent.
        why: String,
    },
    /// Nobody knows whether Amazon has processed it: time-out, broken connection, server
    /// error, unreadable answer. After a read, try later; after a POST, find out first.
    #[error("the outcome of {operation} is unknown: {why}")]
    Unclear {
        /// What was called.
        operation: Operation,
        /// What happened.
        why: String,
    },
    /// Not sent, because this machine's clock is too far from Amazon's for a call whose
    /// moment matters.
    #[error(
        "this machine's clock differs from Amazon's by {} s: set the clock (NTP) before asking buyers",
        .by.as_secs()
    )]
    ClockSkew {
        /// How far Amazon's clock is ahead.
        by: SignedDuration,
    },
}

/// Longest text of Amazon's that is kept.
const MAX_MESSAGE_CHARS: usize = 300;

#[derive(Deserialize)]
struct ErrorList {
    errors: Vec<OneError>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct OneError {
    message: Option<String>,
    details: Option<String>,
}

/// True for the 403 that speaks of the access token: expired, or without the right. Both share
/// one text, and for both a new token is the way to find out.
pub(super) fn is_token_refusal(answer: &Answer) -> bool {
    if !matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) {
        return false;
    }
    let Body::Whole(body) = &answer.body else {
        return false;
    };
    let text = message_of(body).to_lowercase();
    text.contains("access to requested resource is denied")
        || text.contains("access token")
        || (text.contains("token") && text.contains("expired"))
}

/// The error of a call that was denied with a new access token too.
pub(super) fn of_denial(operation: Operation, account: Account) -> Error {
    match account {
        Account::Seller(seller) => Error::Denied { operation, seller },
        Account::App(app) => Error::AppDenied { operation, app },
    }
}

/// The error of an answer that is neither a success, nor about pace, nor about the token.
pub(super) fn of_answer(operation: Operation, answer: &Answer) -> Error {
    let status = answer.status;
    let message = match &answer.body {
        Body::Whole(body) => message_of(body),
        // Only a refusal is told by its text; all other statuses speak for themselves.
        Body::Broken(why) if status == StatusCode::FORBIDDEN => {
            return Error::Unclear { operation, why: format!("status 403 with an unreadable text: {why}") };
        }
        Body::Broken(_) => String::new(),
    };
    match status {
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => Error::Forbidden { operation, message },
        StatusCode::CONFLICT => Error::Conflict { operation, message },
        StatusCode::NOT_FOUND | StatusCode::GONE => Error::NotFound { operation, message },
        // The server gave up waiting for our request: whether it saw it is anyone's guess.
        StatusCode::REQUEST_TIMEOUT => Error::Unclear { operation, why: "status 408".to_owned() },
        _ if status.is_client_error() => Error::Invalid { operation, message: with_status(status, &message) },
        _ => Error::Unclear { operation, why: with_status(status, &message) },
    }
}

fn with_status(status: StatusCode, message: &str) -> String {
    if message.is_empty() {
        format!("status {}", status.as_u16())
    } else {
        format!("status {}: {message}", status.as_u16())
    }
}

/// What an error body says to a human: the first error's message and details; of anything else
/// (Amazon's gateways answer in HTML) the text without its tags.
fn message_of(body: &[u8]) -> String {
    // Amazon writes the list with and, in some APIs, without the outer object.
    let errors = serde_json::from_slice::<ErrorList>(body)
        .map(|list| list.errors)
        .or_else(|_| serde_json::from_slice::<Vec<OneError>>(body))
        .unwrap_or_default();
    let text = match errors.into_iter().next() {
        Some(OneError { message, details }) => {
            let parts = [message, details].into_iter().flatten().filter(|part| !part.trim().is_empty());
            parts.collect::<Vec<_>>().join(" ")
        }
        None => without_tags(&String::from_utf8_lossy(&body[..body.len().min(8 * 1024)])),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_MESSAGE_CHARS).collect()
}

fn without_tags(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter_map(|c| match c {
            '<' => {
                inside = true;
                Some(' ')
            }
            '>' if inside => {
                inside = false;
                None
            }
            _ => (!inside).then_some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer { status, body: Body::Whole(body.as_bytes().to_vec()) }
    }

    fn unauthorized(message: &str, details: &str) -> Answer {
        answer(403, &serde_json::json!({"errors": [{"code": "Unauthorized", "message": message, "details": details}]}).to_string())
    }

    #[test]
    fn a_refused_token_is_told_from_a_refused_order_by_its_text() {
        for (message, details) in [
            ("Access to requested resource is denied.", ""),
            ("Access to requested resource is denied.", "The access token you provided has expired."),
            ("", "The LWA token has expired"),
        ] {
            assert!(is_token_refusal(&unauthorized(message, details)), "{message} {details}");
        }
        for message in [
            "The requested solicitation is not available for this amazonOrderId.",
            "You can’t use this feature to request a review outside the 5-30 day range after the order delivery date.",
        ] {
            let answer = unauthorized(message, "");
            assert!(!is_token_refusal(&answer), "{message}");
            let operation = Operation::CreateSolicitation;
            assert_eq!(
                of_answer(operation, &answer),
                Error::Forbidden { operation, message: message.to_owned() }
            );
        }
        assert!(!is_token_refusal(&answer(
            400,
            r#"{"errors":[{"message":"Access to requested resource is denied."}]}"#
        )));
    }

    #[test]
    fn each_status_tells_what_to_do_next() {
        let kind = |status, body| match of_answer(Operation::CreateSolicitation, &answer(status, body)) {
            Error::Forbidden { message, .. } => format!("forbidden {message}"),
            Error::NotFound { message, .. } => format!("not found {message}"),
            Error::Conflict { message, .. } => format!("conflict {message}"),
            Error::Invalid { message, .. } => format!("invalid {message}"),
            Error::Unclear { why, .. } => format!("unclear {why}"),
            other => format!("{other:?}"),
        };
        let json = r#"{"errors":[{"code":"InvalidInput","message":"Missing parameters"}]}"#;
        assert_eq!(kind(400, json), "invalid status 400: Missing parameters");
        assert_eq!(kind(413, ""), "invalid status 413");
        assert_eq!(kind(404, json), "not found Missing parameters");
        assert_eq!(kind(409, json), "conflict Missing parameters");
        assert_eq!(kind(500, json), "unclear status 500: Missing parameters");
        assert_eq!(
            kind(503, "<html><title>Busy</title>\n<p>Try  later</p></html>"),
            "unclear status 503: Busy Try later"
        );
        assert_eq!(kind(403, "<html>Blocked</html>"), "forbidden Blocked");
        assert_eq!(kind(302, ""), "unclear status 302");
        assert_eq!(kind(408, ""), "unclear status 408");
    }

    #[test]
    fn a_refusal_whose_text_was_cut_off_is_not_taken_for_an_unknown_text() {
        let broken = Answer { status: StatusCode::FORBIDDEN, body: Body::Broken("reset".to_owned()) };
        assert!(matches!(of_answer(Operation::CreateSolicitation, &broken), Error::Unclear { .. }));
        assert!(!is_token_refusal(&broken));
    }

    #[test]
    fn error_lists_are_read_in_both_of_amazons_forms_and_cut() {
        assert_eq!(message_of(br#"[{"message":"plain list"}]"#), "plain list");
        assert_eq!(message_of(br#"{"errors":[{"message":"m","details":"d"}]}"#), "m d");
        assert_eq!(
            message_of(format!("{{\"errors\":[{{\"message\":\"{}\"}}]}}", "x".repeat(999)).as_bytes()).len(),
            MAX_MESSAGE_CHARS
        );
    }
}
