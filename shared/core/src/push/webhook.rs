//! Webhooks of the operator's own: the card as JSON, for programs.
//!
//! ```json
//! {"type": "notice", "id": "feedback#303-4455667-7788990", "at": "2026-11-22T08:00:00Z",
//!  "lang": "en", "severity": "urgent", "title": "1-star feedback: damaged on arrival",
//!  "facts": [{"name": "Store", "value": "Teehaus"}], "lines": ["It is the third in seven days."],
//!  "quote": "Die Kanne kam zerbrochen an.", "deadline": "To be dealt with by 2026-11-24 18:00 CST.",
//!  "next_step": "Offer a replacement.",
//!  "link": {"label": "Open", "url": "https://sellercentral.amazon.de/"},
//!  "mentions": [{"name": "Li Na", "id": "li.na"}]}
//! ```
//!
//! - `type`: always `notice`; others may come, to be passed over.
//! - `id`: what it is about; told twice, it is the same, and so is the header `webhook-id`.
//! - `at`: when it was told of, RFC 3339 in UTC.
//! - `lang`: the language of the texts, `en` or `zh`.
//! - `severity`: `info`, `warning` or `urgent`.
//! - `title`, `facts`, `lines`, `quote`, `deadline`, `next_step`, `link`: as people read them; `null`
//!   or empty where there is none. They are plain text with line feeds, not HTML and not markdown:
//!   whoever shows them escapes them. `quote` is what a buyer wrote.
//! - `mentions`: who is called, by the id that the target was given.
//!
//! What is longer than the receiver should have to take is cut with "…".

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::answer::{Answer, Name, USUAL_WAIT, wait};
use super::card::{Card, Mention};
use super::fit::fitted;

/// Bytes of the body as JSON. Source: Standard Webhooks, "Payload size" (under 20 kB).
const MAX_BODY: usize = 20_000;

/// A receiver behind a gateway that has no answer is given this long. Source: Standard Webhooks,
/// "Webhook delivery" (429, 502 and 504: slow down; five minutes is its third step).
const OVERLOADED: SignedDuration = SignedDuration::from_mins(5);

const NAME: Name = Name { en: "The receiver", zh: "接收方" };

/// The message of a card: of what it is about (`id`) and when that was told of.
pub fn body(card: &Card, id: &str, at: Timestamp) -> Value {
    let message = |card: &Card| message(card, id, at);
    fitted(card, |_| true, message, |message| message.to_string().len() <= MAX_BODY)
}

fn message(card: &Card, id: &str, at: Timestamp) -> Value {
    let fact = |(name, value): &(String, String)| json!({ "name": name, "value": value });
    let mention = |who: &Mention| json!({ "name": who.name, "id": who.id });
    json!({
        "type": "notice",
        "id": id,
        "at": at,
        "lang": card.lang,
        "severity": card.severity,
        "title": card.title,
        "facts": card.facts.iter().map(fact).collect::<Vec<_>>(),
        "lines": card.lines,
        "quote": card.quote,
        "deadline": card.deadline,
        "next_step": card.next_step,
        "link": card.link.as_ref().map(|(label, url)| json!({ "label": label, "url": url })),
        "mentions": card.mentions.iter().map(mention).collect::<Vec<_>>(),
    })
}

/// What a receiver's answer means. Its body is not looked at.
pub fn judge(status: u16, _body: &str, retry_after: Option<&str>, now: Timestamp) -> Answer {
    match status {
        429 => Answer::Slow { wait: wait(retry_after, USUAL_WAIT, now) },
        502 | 504 => Answer::Slow { wait: wait(retry_after, OVERLOADED, now) },
        _ => NAME.by_status(status, retry_after, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::examples::{calling, hostile};
    use crate::say::Lang;

    fn at() -> Timestamp {
        "2026-11-22T08:00:00Z".parse().expect("a time")
    }

    #[test]
    fn a_card_in_both_languages() {
        let id = "feedback#303-4455667-7788990";
        insta::assert_json_snapshot!("webhook_en", body(&calling(Lang::En, "li.na"), id, at()));
        insta::assert_json_snapshot!("webhook_zh", body(&calling(Lang::Zh, "li.na"), id, at()));
    }

    #[test]
    fn texts_are_as_they_were_written_but_for_what_is_not_seen() {
        let body = body(&hostile("[x](http://evil)\u{202E} <b>\n@all"), "x", at());
        assert_eq!(body["quote"], "[x](http://evil) <b>\n@all");
        assert_eq!(body["title"], "[x](http://evil) <b> @all");
    }

    #[test]
    fn answers_are_judged_by_status() {
        let judge = |status, retry| judge(status, "{\"errcode\":1}", retry, at());
        for status in [200, 201, 204] {
            assert_eq!(judge(status, None), Answer::Accepted);
        }
        for status in [301, 308, 400, 401, 404, 422] {
            assert!(matches!(judge(status, None), Answer::Refused(_)), "{status}");
        }
        assert!(matches!(judge(410, None), Answer::Gone(_)));
        let seconds = |status, retry| match judge(status, retry) {
            Answer::Slow { wait } => wait.as_secs(),
            other => panic!("{status}: {other:?}"),
        };
        assert_eq!((seconds(429, None), seconds(429, Some("5"))), (60, 5));
        assert_eq!((seconds(502, None), seconds(504, Some("Sun, 22 Nov 2026 08:01:00 GMT"))), (300, 60));
        for status in [408, 500, 503] {
            assert_eq!(judge(status, None), Answer::Unclear, "{status}");
        }
    }
}
