//! Workflows of Teams. Sources: learn.microsoft.com "create incoming webhooks with workflows" and
//! "cards reference"; adaptivecards.io (elements); the errors as clients have published them.
//!
//! What takes a post is not what shows it: with the right address any JSON is answered with 202, and
//! a card that can't be posted makes the run of the workflow fail, which only its owner sees. Here
//! such a post is among the refused ones, with the status 202.

mod card;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::answer::Answer;
use super::pace::{Limit, Window};
use super::{Post, Refused, Said};

/// Four posts a second. Source: "create incoming webhooks", rate limiting.
pub(super) const LIMIT: Limit =
    Limit { windows: &[Window { posts: 4, span: SignedDuration::from_secs(1) }], silence: None };

/// Bytes of a message, in which a card is a text within JSON: each quotation mark in it counts
/// twice. Source: the error `MessageSizeExceeded`, issue 11274 of MicrosoftDocs/msteams-docs, where
/// a body of 24,453 bytes counted 28,897.
const MESSAGE: usize = 28 * 1024;

/// The media type of a card.
const CARD: &str = "application/vnd.microsoft.card.adaptive";

fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({"error": {"code": code, "message": message}}))
}

/// The answer to an address without a workflow.
pub(super) fn unknown() -> Answer {
    error(404, "WorkflowNotFound", "The workflow could not be found.")
}

/// The answer to a post that came too fast.
pub(super) fn throttled() -> Answer {
    error(429, "TooManyRequests", "Rate limit is exceeded. Try again in 1 seconds.")
        .with("retry-after", "1".to_owned())
}

fn refused(status: u16, code: &str, message: &str, reason: impl Into<String>) -> Refused {
    Refused { answer: error(status, code, message), reason: format!("{code}: {}", reason.into()) }
}

/// Taken, and never shown.
fn lost(reason: impl Into<String>) -> Refused {
    Refused { answer: Answer::empty(202), reason: format!("the run failed: {}", reason.into()) }
}

/// Judges a post: what is shown of it, or why nothing is.
pub(super) fn read(post: &Post<'_>) -> Result<Said, Refused> {
    if post.method != http::Method::POST {
        return Err(refused(404, "NotFound", "The resource was not found.", "it is no POST"));
    }
    if post.incoming.one("api-version").is_none() {
        let message = "The api-version query parameter (?api-version=) is required for all requests.";
        let reason = "`api-version` is missing in the address";
        return Err(refused(400, "MissingApiVersionParameter", message, reason));
    }
    let sig = post.incoming.one("sig").unwrap_or_default();
    if sig.is_empty() {
        let message = "The request must be authenticated only by Shared Access scheme.";
        return Err(refused(
            401,
            "DirectApiAuthorizationRequired",
            message,
            "`sig` is missing in the address",
        ));
    }
    if post.robot.secret.as_deref().is_some_and(|secret| secret != sig) {
        let message = "The authentication credentials are not valid.";
        return Err(refused(401, "AuthorizationFailed", message, "`sig` is not that of the workflow"));
    }
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(post.incoming.body).is_ok();
    if !post.is_declared_json() || !is_json {
        let message = "The request content is not valid and could not be deserialized.";
        let reason = "the body, or what the header `content-type` says of it, is no JSON";
        return Err(refused(400, "InvalidRequestContent", message, reason));
    }
    shown(&post.json().unwrap_or_default()).map(Said::of).map_err(lost)
}

/// What a person sees of the message, or why the workflow fails.
fn shown(body: &Value) -> Result<String, String> {
    if body["type"] != "message" {
        return Err("`type` is not `message`".to_owned());
    }
    let attachments = body["attachments"].as_array().filter(|list| !list.is_empty());
    let attachments = attachments.ok_or("`attachments` is no list, or empty")?;
    let mut texts = Vec::new();
    for (n, attachment) in attachments.iter().enumerate() {
        let place = format!("attachments[{n}]");
        if attachment["contentType"] != CARD {
            return Err(format!("`{place}.contentType` is not `{CARD}`"));
        }
        let content = &attachment["content"];
        if !content.is_object() {
            return Err(format!("`{place}.content` is no object"));
        }
        let n_bytes = Value::String(content.to_string()).to_string().len();
        if n_bytes > MESSAGE {
            return Err(format!(
                "MessageSizeExceeded: `{place}.content` counts {n_bytes} bytes of {MESSAGE}"
            ));
        }
        texts.push(card::read(content, &format!("{place}.content"))?);
    }
    Ok(texts.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_quotation_mark_of_a_card_counts_twice() {
        let message = |n_letters: usize| {
            let text = "x".repeat(n_letters);
            let body = [json!({"type": "TextBlock", "text": text})];
            let card = json!({"type": "AdaptiveCard", "version": "1.4", "body": body});
            json!({"type": "message", "attachments": [{"contentType": CARD, "content": card}]})
        };
        // What stands around the text, with its quotation marks and the two at its ends.
        let bare = message(0)["attachments"][0]["content"].to_string();
        let around = bare.len() + bare.matches('"').count() + 2;
        assert!(shown(&message(MESSAGE - around)).is_ok());
        let error = shown(&message(MESSAGE - around + 1)).expect_err("one letter too many");
        assert!(error.contains("counts 28673 bytes"), "{error}");
    }
}
