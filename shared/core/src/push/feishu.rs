//! Custom bots of Feishu and Lark: a card, signed in its body, judged by `code`.
//!
//! What others wrote stands in `plain_text`, which has no markup; only the words that must have a
//! colour stand in `markdown`.
//!
//! Sources: open.feishu.cn, "Use bots in groups" (add-custom-bot), "Card JSON 1.0", "Error codes".

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, Name, USUAL_WAIT, object, speaks_of, wait};
use super::card::{Card, Severity};
use super::fit::fitted;
use super::look;
use super::plain::{Dialect, MARKDOWN, defused, unlinked};
use crate::text;

/// Bytes of the body as JSON. Source: add-custom-bot (20 KB).
const MAX_BODY: usize = 20_000;

/// Of the body that is for the signature, which is put in after the size is known: ten digits,
/// 44 characters of base64, two names.
const SIGNATURE: usize = 100;

/// The header of an answer that says for how many seconds nothing is taken: to be given to
/// [`judge`] as `retry_after`. Source: open.feishu.cn, "Frequency control".
pub const RESET_HEADER: &str = "x-ogw-ratelimit-reset";

/// Markdown, with pictures by name.
const DIALECT: Dialect = Dialect { emoji: true, ..MARKDOWN };

const NAME: Name = Name { en: "Feishu", zh: "飞书" };

/// The signature of one attempt.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    /// When it was signed, in seconds since 1970.
    pub timestamp: i64,
    /// The signature, in base64.
    pub sign: String,
}

/// Shows nothing of the signature: it is good for an hour.
impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<signature of {}>", self.timestamp)
    }
}

/// The message of a card; signed, if the bot asks for it.
pub fn body(card: &Card, signed: Option<&Signed>) -> Value {
    let fits = |body: &Value| body.to_string().len() + SIGNATURE <= MAX_BODY;
    let mut body = fitted(card, is_id, message, fits);
    if let Some(Signed { timestamp, sign }) = signed {
        body["timestamp"] = json!(timestamp.to_string());
        body["sign"] = json!(sign);
    }
    body
}

/// An open id (`ou_…`) or a user id.
fn is_id(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
}

fn message(card: &Card) -> Value {
    let template = match card.severity {
        Severity::Info => "blue",
        Severity::Warning => "orange",
        Severity::Urgent => "red",
    };
    json!({
        "msg_type": "interactive",
        "card": {
            "config": { "wide_screen_mode": true },
            "header": { "template": template, "title": plain(&card.title) },
            "elements": elements(card),
        },
    })
}

fn elements(card: &Card) -> Vec<Value> {
    let escaped = |text: &str| defused(text, &DIALECT);
    let mut elements: Vec<Value> = card.facts.iter().map(|(name, value)| row(name, value)).collect();
    if !card.lines.is_empty() {
        elements.push(json!({ "tag": "div", "text": plain(&card.lines.join("\n")) }));
    }
    if let Some(quote) = &card.quote {
        elements.push(json!({
            "tag": "column_set",
            "flex_mode": "none",
            "background_style": "grey",
            "columns": [column(1, &json!({ "tag": "div", "text": plain(quote) }))],
        }));
    }
    if let Some(deadline) = &card.deadline {
        let deadline = escaped(deadline);
        let content = match card.severity {
            Severity::Info => format!("**{deadline}**"),
            Severity::Warning | Severity::Urgent => format!("<font color='red'>**{deadline}**</font>"),
        };
        elements.push(json!({ "tag": "markdown", "content": content }));
    }
    if let Some(step) = &card.next_step {
        elements.push(row(look::next().in_lang(card.lang), step));
    }
    if !card.mentions.is_empty() {
        let mentions: Vec<_> = card.mentions.iter().map(|who| format!("<at id={}></at>", who.id)).collect();
        elements.push(json!({ "tag": "markdown", "content": mentions.join(" ") }));
    }
    if let Some((label, address)) = &card.link {
        let button = json!({ "tag": "button", "type": "primary", "text": plain(label), "url": address });
        elements.push(json!({ "tag": "action", "actions": [button] }));
    }
    elements
}

/// Text without markup.
fn plain(text: &str) -> Value {
    json!({ "tag": "plain_text", "content": unlinked(text) })
}

/// A name and a value below those of the other rows.
fn row(name: &str, value: &str) -> Value {
    let name = format!("<font color='grey'>{}</font>", defused(name, &DIALECT));
    json!({
        "tag": "column_set",
        "flex_mode": "none",
        "columns": [
            column(2, &json!({ "tag": "markdown", "content": name })),
            column(5, &json!({ "tag": "div", "text": plain(value) })),
        ],
    })
}

fn column(weight: u8, element: &Value) -> Value {
    json!({ "tag": "column", "width": "weighted", "weight": weight, "elements": [element] })
}

/// What Feishu's answer means. It answers 200 to nearly everything. `retry_after` is its
/// [`RESET_HEADER`], or the usual header.
pub fn judge(status: u16, body: &str, retry_after: Option<&str>, now: Timestamp) -> Answer {
    let answer = object(body).unwrap_or_default();
    // Answers of old say `StatusCode`, those of a time between say both.
    let Some(code) = answer["code"].as_i64().or_else(|| answer["StatusCode"].as_i64()) else {
        return match status {
            // Not Feishu's words.
            200..=299 => Answer::Unclear,
            _ => NAME.by_status(status, retry_after, now),
        };
    };
    let shown = code.to_string();
    let refuses = |meaning| NAME.refuses(&shown, &meaning);
    let slow = || Answer::Slow { wait: wait(retry_after, USUAL_WAIT, now) };
    match code {
        0 => Answer::Accepted,
        // Too many; 11232 at busy minutes, whoever sent them.
        11232 | 99_991_400 => slow(),
        9499 if speaks_of(&answer["msg"], "too many") => slow(),
        19001 => refuses(text!(
            "it does not know the bot in the target's address; copy the bot's address again, or add a new bot to the group",
            "目标地址中的机器人不存在;请重新复制机器人的地址,或在群里添加新的机器人"
        )),
        19021 => refuses(text!(
            "the signature is wrong, or its time is more than an hour off; copy the bot's secret again and check this machine's clock",
            "签名不符,或时间相差超过一小时;请重新复制机器人的密钥,并检查本机时钟"
        )),
        19022 => refuses(text!(
            "the bot does not take messages from this address; in its settings choose the signature instead of the list of addresses",
            "机器人不接受来自此 IP 的消息;请在机器人设置中改用签名校验代替 IP 白名单"
        )),
        19024 => refuses(text!(
            "no keyword of the bot is in the message; in its settings choose the signature instead of keywords",
            "消息中没有机器人设置的关键词;请在机器人设置中改用签名校验"
        )),
        9499 | 19002 | 11246 | 11310 | 200_621 => refuses(text!(
            "it does not understand the message; please tell the makers of Renown, with the code and the time",
            "无法理解该消息;请将代码和时间反馈给 Renown 的开发者"
        )),
        _ if status >= 500 => Answer::Unclear,
        _ if status == 429 => slow(),
        _ => NAME.refuses_unknown(&shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::examples::{calling, hostile};
    use crate::say::Lang;
    use jiff::SignedDuration;

    #[test]
    fn a_card_in_both_languages() {
        let signed = Signed { timestamp: 1_795_334_400, sign: "c2lnbmF0dXJl".to_owned() };
        insta::assert_json_snapshot!("feishu_en", body(&calling(Lang::En, "ou_18eac85d"), None));
        insta::assert_json_snapshot!("feishu_zh", body(&calling(Lang::Zh, "ou_18eac85d"), Some(&signed)));
        assert!(!format!("{signed:?}").contains("c2ln"));
    }

    #[test]
    fn what_others_write_is_plain_or_defused() {
        fn markdown(value: &Value, out: &mut Vec<String>) {
            match value {
                Value::Object(object) => {
                    if object.get("tag").is_some_and(|tag| tag == "markdown" || tag == "lark_md") {
                        out.push(object["content"].as_str().expect("a text").to_owned());
                    }
                    object.values().for_each(|value| markdown(value, out));
                }
                Value::Array(array) => array.iter().for_each(|value| markdown(value, out)),
                _ => {}
            }
        }
        for text in [
            "[x](http://evil)",
            "<at id=all></at>",
            "<at user_id=\"all\">x</at>",
            "**b**",
            ":OK:",
            "&#60;at&#62;",
        ] {
            let mut marked = Vec::new();
            let body = body(&hostile(text), None);
            markdown(&body, &mut marked);
            assert!(!marked.is_empty());
            for content in marked {
                assert!(
                    !content.contains(text) && !content.contains("<at") && !content.contains("]("),
                    "{content}"
                );
            }
            assert!(!body.to_string().contains("http://"), "{body}");
        }
    }

    #[test]
    fn answers_are_judged_by_their_body() {
        let now = Timestamp::UNIX_EPOCH;
        let says = |code: i64| judge(200, &json!({ "code": code, "msg": "x" }).to_string(), None, now);
        assert_eq!(says(0), Answer::Accepted);
        let old = r#"{"StatusCode":0,"StatusMessage":"success"}"#;
        assert_eq!(judge(200, old, None, now), Answer::Accepted);
        assert_eq!(says(11232), Answer::Slow { wait: USUAL_WAIT });
        let reset = judge(429, r#"{"code":99991400,"msg":"x"}"#, Some("12"), now);
        assert_eq!(reset, Answer::Slow { wait: SignedDuration::from_secs(12) });
        let many = judge(200, r#"{"code":9499,"msg":"too many request"}"#, None, now);
        assert_eq!(many, Answer::Slow { wait: USUAL_WAIT });
        for (code, word) in [
            (19021, "clock"),
            (19022, "addresses"),
            (19024, "keyword"),
            (9499, "makers"),
            (19001, "bot"),
            (5, "code"),
        ] {
            let answer = says(code);
            let Answer::Refused(why) = answer else { panic!("{code}: {answer:?}") };
            assert!(why.en.contains(word) && why.zh.contains(&code.to_string()), "{why}");
        }
        for (status, body) in [(200, "<html>"), (200, "{}"), (503, ""), (500, r#"{"code":2200}"#)] {
            assert_eq!(judge(status, body, None, now), Answer::Unclear, "{status} {body}");
        }
        assert!(matches!(judge(302, "", None, now), Answer::Refused(_)));
    }
}
