//! Incoming webhooks of Slack. Sources: docs.slack.dev "incoming webhooks" (answers), "rate limits",
//! "block kit" (blocks and their lengths).

use jiff::SignedDuration;
use serde_json::Value;

use super::answer::Answer;
use super::pace::{Limit, Window};
use super::{Post, Refused, Said, plain};

/// One message a second, and more in short bursts. Source: "rate limits", which says no more than
/// that of the bursts: three within a second and ten within ten seconds are ours.
pub(super) const LIMIT: Limit = Limit {
    windows: &[
        Window { posts: 3, span: SignedDuration::from_secs(1) },
        Window { posts: 10, span: SignedDuration::from_secs(10) },
    ],
    silence: None,
};

/// Letters of a message's text, after which it is cut off. Source: "chat.postMessage", truncation.
const TEXT: usize = 40_000;

/// Blocks of a message. Source: "block kit".
const BLOCKS: usize = 50;

/// The answer to a post that came too fast.
pub(super) fn throttled(seconds: i64) -> Answer {
    Answer::plain(429, "rate_limited").with("retry-after", seconds.to_string())
}

fn refused(status: u16, answer: &str, reason: impl Into<String>) -> Refused {
    Refused { answer: Answer::plain(status, answer), reason: format!("{answer}: {}", reason.into()) }
}

/// Judges a post: what is shown of it, or why nothing is.
pub(super) fn read(post: &Post<'_>) -> Result<Said, Refused> {
    if post.method != http::Method::POST {
        return Err(refused(400, "invalid_payload", "it is no POST"));
    }
    if !post.is_declared_json() {
        let reason = "the header `content-type` is not application/json";
        return Err(refused(400, "invalid_payload", reason));
    }
    let Some(body) = post.json() else {
        return Err(refused(400, "invalid_payload", "the body is no JSON object"));
    };
    let text = match body.get("text") {
        None => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(refused(400, "invalid_payload", "`text` is no text")),
    };
    let blocks = match body.get("blocks") {
        None => &[][..],
        Some(Value::Array(blocks)) => blocks,
        Some(_) => return Err(refused(400, "invalid_blocks", "`blocks` is no list")),
    };
    if text.trim().is_empty() && blocks.is_empty() {
        return Err(refused(400, "no_text", "there is neither `text` nor `blocks`"));
    }
    if blocks.len() > BLOCKS {
        let reason = format!("there are {} blocks of {BLOCKS}", blocks.len());
        return Err(refused(400, "invalid_blocks", reason));
    }
    if blocks.is_empty() {
        return Ok(Said::of(plain::mrkdwn(&text.chars().take(TEXT).collect::<String>())));
    }
    // With blocks, the text is for notifications only.
    let mut shown = Vec::new();
    for (n, each) in blocks.iter().enumerate() {
        block(each, &format!("blocks[{n}]"), &mut shown)
            .map_err(|reason| refused(400, "invalid_blocks", reason))?;
    }
    Ok(Said::of(shown.join("\n")))
}

/// Which text objects a place takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Plain,
    Either,
}

/// One block; lengths in letters. Source: "block kit", reference of each block.
fn block(block: &Value, place: &str, shown: &mut Vec<String>) -> Result<(), String> {
    let kind = block["type"].as_str().ok_or_else(|| format!("`{place}.type` is missing"))?;
    match kind {
        "header" => text(&block["text"], Takes::Plain, 150, &format!("{place}.text"), shown),
        "section" => {
            let fields = list(&block["fields"], 0, 10, &format!("{place}.fields"))?;
            if block.get("text").is_some() || fields.is_empty() {
                text(&block["text"], Takes::Either, 3000, &format!("{place}.text"), shown)?;
            }
            for (n, field) in fields.iter().enumerate() {
                text(field, Takes::Either, 2000, &format!("{place}.fields[{n}]"), shown)?;
            }
            if block.get("accessory").is_some() {
                element(&block["accessory"], &format!("{place}.accessory"), shown)?;
            }
            Ok(())
        }
        "divider" => Ok(()),
        "context" => {
            for (n, part) in list(&block["elements"], 1, 10, &format!("{place}.elements"))?.iter().enumerate()
            {
                let place = format!("{place}.elements[{n}]");
                if part["type"] == "image" {
                    image(part, &place)?;
                } else {
                    text(part, Takes::Either, 3000, &place, shown)?;
                }
            }
            Ok(())
        }
        "actions" => {
            for (n, part) in list(&block["elements"], 1, 25, &format!("{place}.elements"))?.iter().enumerate()
            {
                element(part, &format!("{place}.elements[{n}]"), shown)?;
            }
            Ok(())
        }
        "image" => image(block, place),
        _ => Err(format!("`{place}.type` is `{kind}`, which the simulator does not know")),
    }
}

/// Something to press; of those the simulator knows buttons and images.
fn element(element: &Value, place: &str, shown: &mut Vec<String>) -> Result<(), String> {
    match element["type"].as_str() {
        Some("image") => image(element, place),
        Some("button") => {
            if element["url"].as_str().is_some_and(|url| url.chars().count() > 3000) {
                return Err(format!("`{place}.url` has more than 3000 letters"));
            }
            text(&element["text"], Takes::Plain, 75, &format!("{place}.text"), shown)
        }
        other => Err(format!("`{place}.type` is `{}`, neither button nor image", other.unwrap_or_default())),
    }
}

fn image(image: &Value, place: &str) -> Result<(), String> {
    let missing = ["image_url", "alt_text"].into_iter().find(|member| !image[*member].is_string());
    missing.map_or(Ok(()), |member| Err(format!("`{place}.{member}` is missing")))
}

fn list<'body>(value: &'body Value, min: usize, max: usize, place: &str) -> Result<&'body [Value], String> {
    let list = match value {
        Value::Null => &[],
        Value::Array(list) => list.as_slice(),
        _ => return Err(format!("`{place}` is no list")),
    };
    if (min..=max).contains(&list.len()) {
        return Ok(list);
    }
    Err(format!("`{place}` has {} of {min} to {max}", list.len()))
}

/// A text object within its length.
fn text(
    object: &Value,
    takes: Takes,
    max: usize,
    place: &str,
    shown: &mut Vec<String>,
) -> Result<(), String> {
    let text = object["text"].as_str().filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| format!("`{place}` has no `text`"))?;
    let n_letters = text.chars().count();
    if n_letters > max {
        return Err(format!("`{place}` has {n_letters} letters of {max}"));
    }
    match object["type"].as_str() {
        Some("plain_text") => shown.push(text.to_owned()),
        Some("mrkdwn") if takes == Takes::Either => shown.push(plain::mrkdwn(text)),
        other => return Err(format!("`{place}.type` is `{}`", other.unwrap_or_default())),
    }
    Ok(())
}
