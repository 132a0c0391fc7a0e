//! Slack's incoming webhooks: blocks, with a text for where there is no room for them; judged by
//! status and a word.
//!
//! Sources: docs.slack.dev, "Sending messages using incoming webhooks", "Text object", "Section
//! block", "Formatting message text".

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, Name};
use super::card::Card;
use super::fit::fitted;
use super::look;
use super::plain::{Dialect, MARKDOWN, defused};
use crate::text;

/// Characters of a section's text. Source: "Section block".
const MAX_TEXT: usize = 3000;
/// Characters of a section's field. Source: "Section block".
const MAX_FIELD: usize = 2000;
/// Fields of a section. Source: "Section block".
const MAX_FIELDS: usize = 10;
/// Blocks of a message. Source: "Blocks".
const MAX_BLOCKS: usize = 50;

/// Slack escapes `& < >` alone; its other marks are looked alike.
const DIALECT: Dialect = Dialect { anywhere: "*`", at_head: "", at_edges: "_~", emoji: true };

const NAME: Name = Name { en: "Slack", zh: "Slack" };

/// The message of a card.
pub fn body(card: &Card) -> Value {
    fitted(card, is_id, message, |message| {
        let blocks = message["blocks"].as_array().map_or(&[][..], Vec::as_slice);
        let within =
            |text: &Value, most: usize| text["text"].as_str().map_or(0, |text| text.chars().count()) <= most;
        let fields = |block: &Value| block["fields"].as_array().cloned().unwrap_or_default();
        blocks.len() <= MAX_BLOCKS
            && blocks.iter().all(|block| {
                within(&block["text"], MAX_TEXT) && fields(block).iter().all(|field| within(field, MAX_FIELD))
            })
    })
}

/// An id of a member: `U012AB3CD`, or `W…` in large organisations.
fn is_id(id: &str) -> bool {
    id.starts_with(['U', 'W']) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

fn message(card: &Card) -> Value {
    json!({
        // Stands in notifications, and where blocks cannot be shown.
        "text": escaped(&look::headline(card)),
        "blocks": blocks(card),
        "unfurl_links": false,
        "unfurl_media": false,
    })
}

fn blocks(card: &Card) -> Vec<Value> {
    let mut blocks = vec![section(&format!("{} *{}*", look::marker(card.severity), escaped(&card.title)))];
    for facts in card.facts.chunks(MAX_FIELDS) {
        let field = |(name, value): &(String, String)| {
            let value = escaped(value);
            marked(&if name.is_empty() { value } else { format!("*{}*\n{value}", escaped(name)) })
        };
        blocks.push(json!({ "type": "section", "fields": facts.iter().map(field).collect::<Vec<_>>() }));
    }
    // As few sections as can be: of blocks there is a bound, and each has a margin.
    let mut lines = String::new();
    for line in &card.lines {
        let line = escaped(line);
        if !lines.is_empty() && lines.chars().count() + line.chars().count() >= MAX_TEXT {
            blocks.push(section(&std::mem::take(&mut lines)));
        }
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&line);
    }
    if !lines.is_empty() {
        blocks.push(section(&lines));
    }
    if let Some(quote) = &card.quote {
        let lines: Vec<_> = escaped(quote).split('\n').map(|line| format!("> {line}")).collect();
        blocks.push(section(&lines.join("\n")));
    }
    let deadline = card.deadline.iter().map(|deadline| format!("*{}*", escaped(deadline)));
    let step =
        card.next_step.iter().map(|step| format!("*{}:* {}", look::next().in_lang(card.lang), escaped(step)));
    let end: Vec<_> = deadline.chain(step).collect();
    if !end.is_empty() {
        blocks.push(section(&end.join("\n")));
    }
    if !card.mentions.is_empty() {
        let mentions: Vec<_> = card.mentions.iter().map(|mention| format!("<@{}>", mention.id)).collect();
        blocks.push(section(&mentions.join(" ")));
    }
    if let Some((label, address)) = &card.link {
        // Whether escapes are undone in it is not documented.
        let label = defused(label, &MARKDOWN);
        let text = json!({ "type": "plain_text", "text": label, "emoji": false });
        let button = json!({ "type": "button", "style": "primary", "text": text, "url": address });
        blocks.push(json!({ "type": "actions", "elements": [button] }));
    }
    blocks
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": marked(text) })
}

/// Text with Slack's marks, in which Slack finds no names and addresses of its own accord.
fn marked(text: &str) -> Value {
    json!({ "type": "mrkdwn", "text": text, "verbatim": true })
}

fn escaped(text: &str) -> String {
    // `&` first: it begins the escapes of the others.
    defused(text, &DIALECT).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What Slack's answer means.
pub fn judge(status: u16, body: &str, retry_after: Option<&str>, now: Timestamp) -> Answer {
    let word = body.trim();
    // A word of Slack's own, and nothing else, is repeated.
    let is_word = (1..=60).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let refuses = |meaning| NAME.refuses(word, &meaning);
    match word {
        "ok" if status == 200 => Answer::Accepted,
        "channel_is_archived" | "is_archived" => NAME.is_gone(word, &text!(
            "the channel was archived; make a webhook for another channel and give the target its address",
            "该频道已归档;请为其他频道创建 webhook,并将其地址填入该目标"
        )),
        "channel_not_found" => NAME.is_gone(word, &text!(
            "the channel was deleted; make a webhook for another channel and give the target its address",
            "该频道已被删除;请为其他频道创建 webhook,并将其地址填入该目标"
        )),
        "no_service" | "no_service_id" | "no_active_hooks" => NAME.is_gone(word, &text!(
            "the webhook was removed or switched off; make a new one and give the target its address",
            "该 webhook 已被移除或停用;请新建一个,并将其地址填入该目标"
        )),
        "no_team" | "team_disabled" => NAME.is_gone(word, &text!(
            "the workspace is no longer active",
            "该工作区已停用"
        )),
        "action_prohibited" | "posting_to_general_channel_denied" => refuses(text!(
            "an administrator does not allow posts in this channel; have it allowed, or choose another channel",
            "管理员不允许在该频道发布;请让管理员允许,或选择其他频道"
        )),
        "invalid_token" => refuses(text!(
            "the address is not complete or out of date; copy the webhook's address again",
            "地址不完整或已过期;请重新复制 webhook 的地址"
        )),
        "invalid_payload" | "invalid_blocks" | "no_text" | "user_not_found" | "too_many_attachments"
        | "missing_text_or_fallback_or_attachments" => refuses(text!(
            "it does not understand the message; please tell the makers of Renown, with the code and the time",
            "无法理解该消息;请将代码和时间反馈给 Renown 的开发者"
        )),
        // Not Slack's word.
        _ if (200..=299).contains(&status) => Answer::Unclear,
        _ if is_word && (400..=499).contains(&status) && !matches!(status, 408 | 410 | 429) => NAME.refuses_unknown(word),
        _ => NAME.by_status(status, retry_after, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::examples::{feedback, hostile};
    use crate::say::Lang;
    use jiff::SignedDuration;

    #[test]
    fn a_card_in_both_languages() {
        insta::assert_json_snapshot!("slack_en", body(&feedback(Lang::En)));
        insta::assert_json_snapshot!("slack_zh", body(&feedback(Lang::Zh)));
    }

    #[test]
    fn slacks_three_characters_are_escaped_and_its_other_marks_look_alike() {
        let cases = [
            ("a & b", "a &amp; b"),
            ("&lt;!channel&gt;", "＆lt;!channel＆gt;"),
            ("<!channel> <@U0LINA> <#C1|x>", "&lt;!channel&gt; &lt;＠U0LINA&gt; &lt;#C1|x&gt;"),
            ("<http://evil|x>", "&lt;http:／／evil|x&gt;"),
            ("@everyone @here", "＠everyone ＠here"),
            ("*b* _i_ ~s~ `c` :tada:", "＊b＊ ＿i＿ ～s～ ｀c｀ ：tada:"),
            ("TEA_CUP #1", "TEA_CUP #1"),
        ];
        for (text, expected) in cases {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn nothing_that_others_write_is_markup() {
        for text in ["<!channel>", "<@U0LINA>", "<http://evil|x>", "@everyone", "`code`", "*b*"] {
            let body = body(&hostile(text)).to_string();
            assert!(!body.contains(text) && !body.contains('<') && !body.contains("://"), "{body}");
        }
    }

    #[test]
    fn ids_of_groups_and_channels_call_nobody() {
        assert!(is_id("U012AB3CD") && is_id("W0123"));
        for id in ["!channel", "here", "S0123", "C0123", "U1>", "u012", "U1|x", ""] {
            assert!(!is_id(id), "{id}");
        }
    }

    #[test]
    fn answers_are_judged_by_status_and_word() {
        let judge = |status, body: &str, retry| judge(status, body, retry, Timestamp::UNIX_EPOCH);
        assert_eq!(judge(200, "ok", None), Answer::Accepted);
        assert_eq!(judge(200, "ok\n", None), Answer::Accepted);
        for (status, word) in [
            (410, "channel_is_archived"),
            (404, "channel_not_found"),
            (404, "no_service"),
            (404, "no_team"),
            (410, ""),
        ] {
            assert!(matches!(judge(status, word, None), Answer::Gone(_)), "{word}");
        }
        for (status, word) in [
            (400, "invalid_payload"),
            (403, "action_prohibited"),
            (403, "invalid_token"),
            (400, "a_new_word"),
            (302, ""),
            (404, "<html>"),
        ] {
            let answer = judge(status, word, None);
            let Answer::Refused(why) = answer else { panic!("{word}: {answer:?}") };
            assert!(word.contains('<') || why.en.contains(word), "{word}: {why}");
        }
        assert_eq!(
            judge(429, "rate_limited", Some("3")),
            Answer::Slow { wait: SignedDuration::from_secs(3) }
        );
        for (status, body) in [(200, "<html>"), (200, ""), (500, "rollup_error"), (503, "")] {
            assert_eq!(judge(status, body, None), Answer::Unclear, "{status} {body}");
        }
        let secret = judge(403, "T000/B000/SecretOfTheHook", None);
        assert!(matches!(&secret, Answer::Refused(why) if !why.en.contains("Secret")), "{secret:?}");
    }
}
