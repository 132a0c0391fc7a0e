//! Group robots of WeCom. Sources: developer.work.weixin.qq.com path 91770 (formats, lengths,
//! pace); the answers as clients have published them.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::answer::Answer;
use super::pace::{Limit, Window};
use super::{Post, Refused, Said, plain};

/// 20 messages a minute and robot. Source: path 91770.
pub(super) const LIMIT: Limit =
    Limit { windows: &[Window { posts: 20, span: SignedDuration::from_secs(60) }], silence: None };

/// Bytes of a text in UTF-8. Source: path 91770. Robots have been seen to take 5120; the documented
/// limit is the harder case.
const TEXT: usize = 2048;

/// Bytes of a markdown text in UTF-8, of either version. Source: path 91770.
const MARKDOWN: usize = 4096;

/// Articles of a `news` message, bytes of an article's title and of its description. Source: path
/// 91770.
const ARTICLES: usize = 8;
const ARTICLE_TITLE: usize = 128;
const ARTICLE_DESCRIPTION: usize = 512;

/// An answer: HTTP 200 whatever it says.
pub(super) fn error(code: i32, message: &str) -> Answer {
    let message = match code {
        0 => message.to_owned(),
        _ => format!(
            "{message}, hint: [1772323200000000000000001], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e={code}"
        ),
    };
    Answer::json(200, &json!({"errcode": code, "errmsg": message}))
}

fn refused(code: i32, message: &str, reason: impl Into<String>) -> Refused {
    Refused { answer: error(code, message), reason: format!("{code}: {}", reason.into()) }
}

/// Judges a post: what is shown of it, or why nothing is.
pub(super) fn read(post: &Post<'_>) -> Result<Said, Refused> {
    if post.method != http::Method::POST {
        return Err(refused(43002, "require POST method", "it is no POST"));
    }
    let Some(body) = post.json() else {
        let message = "invalid message type, Warning: wrong json format. ";
        return Err(refused(40008, message, "the body is no JSON object"));
    };
    let kind = body.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    let text = match kind {
        "text" => {
            let text = content(&body, kind, TEXT)?;
            format!("{text}{}", mentioned(&body)?)
        }
        "markdown" => plain::markdown(content(&body, kind, MARKDOWN)?, false),
        "markdown_v2" => plain::markdown(content(&body, kind, MARKDOWN)?, true),
        "news" => news(&body)?,
        "template_card" => template_card(&body)?,
        "image" | "file" | "voice" => {
            let reason = format!("the simulator takes no `{kind}`");
            return Err(refused(40008, "invalid message type", reason));
        }
        _ => {
            let reason = format!("`msgtype` is `{kind}`, which WeCom does not know");
            return Err(refused(40008, "invalid message type", reason));
        }
    };
    Ok(Said::of(text))
}

/// The content of a message, within its length in bytes.
fn content<'body>(body: &'body Value, kind: &str, limit: usize) -> Result<&'body str, Refused> {
    let text = body[kind]["content"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(refused(44004, "empty content", format!("`{kind}.content` is missing or empty")));
    }
    within(text, &format!("{kind}.content"), limit)?;
    Ok(text)
}

fn within(text: &str, place: &str, limit: usize) -> Result<(), Refused> {
    if text.len() <= limit {
        return Ok(());
    }
    let message = format!("{place} exceed max length {limit}. invalid Request Parameter");
    Err(refused(40058, &message, format!("`{place}` has {} bytes of {limit}", text.len())))
}

/// Who is called by a text message, as it is shown behind the text.
fn mentioned(body: &Value) -> Result<String, Refused> {
    let mut shown = String::new();
    for list in ["mentioned_list", "mentioned_mobile_list"] {
        let given = &body["text"][list];
        if given.is_null() {
            continue;
        }
        let names: Option<Vec<&str>> =
            given.as_array().and_then(|names| names.iter().map(Value::as_str).collect());
        let Some(names) = names else {
            let reason = format!("`text.{list}` is no list of texts");
            return Err(refused(40058, "invalid Request Parameter", reason));
        };
        for name in names {
            shown.push_str(" @");
            shown.push_str(name.trim_start_matches('@'));
        }
    }
    Ok(shown)
}

fn missing(place: &str) -> Refused {
    let message = format!("{place} missing. invalid Request Parameter");
    refused(40058, &message, format!("`{place}` is missing or empty"))
}

fn required<'body>(value: &'body Value, place: &str) -> Result<&'body str, Refused> {
    value.as_str().filter(|text| !text.is_empty()).ok_or_else(|| missing(place))
}

fn news(body: &Value) -> Result<String, Refused> {
    let articles = body["news"]["articles"].as_array().map(Vec::as_slice).unwrap_or_default();
    if articles.is_empty() || articles.len() > ARTICLES {
        let reason = format!("`news.articles` has {} of 1 to {ARTICLES}", articles.len());
        return Err(refused(40058, "news.articles invalid. invalid Request Parameter", reason));
    }
    let mut shown = Vec::new();
    for (n, article) in articles.iter().enumerate() {
        let place = |member: &str| format!("news.articles[{n}].{member}");
        let title = required(&article["title"], &place("title"))?;
        within(title, &place("title"), ARTICLE_TITLE)?;
        required(&article["url"], &place("url"))?;
        shown.push(title);
        if let Some(description) = article["description"].as_str() {
            within(description, &place("description"), ARTICLE_DESCRIPTION)?;
            shown.push(description);
        }
    }
    Ok(shown.join("\n"))
}

/// A notice as a card. Source: path 91770, the two cards that only tell.
fn template_card(body: &Value) -> Result<String, Refused> {
    let card = &body["template_card"];
    if !matches!(card["card_type"].as_str(), Some("text_notice" | "news_notice")) {
        let reason = "`template_card.card_type` is neither text_notice nor news_notice";
        return Err(refused(40058, "template_card.card_type invalid. invalid Request Parameter", reason));
    }
    let places = ["/main_title/title", "/main_title/desc", "/quote_area/quote_text", "/sub_title_text"];
    let mut shown: Vec<&str> =
        places.iter().filter_map(|place| card.pointer(place).and_then(Value::as_str)).collect();
    if card["main_title"]["title"].as_str().or(card["sub_title_text"].as_str()).is_none() {
        return Err(missing("template_card.main_title.title"));
    }
    // Type 1 opens an address, type 2 a small program.
    match card["card_action"]["type"].as_i64() {
        Some(1) => drop(required(&card["card_action"]["url"], "template_card.card_action.url")?),
        Some(2) => drop(required(&card["card_action"]["appid"], "template_card.card_action.appid")?),
        _ => return Err(missing("template_card.card_action.type")),
    }
    for row in card["horizontal_content_list"].as_array().into_iter().flatten() {
        shown.push(required(&row["keyname"], "template_card.horizontal_content_list.keyname")?);
        shown.extend(row["value"].as_str());
    }
    Ok(shown.join("\n"))
}
