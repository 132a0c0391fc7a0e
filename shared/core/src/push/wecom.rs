//! WeCom's group robots: markdown of 4,096 bytes, judged by `errcode`.
//!
//! Sources: developer.work.weixin.qq.com, path 91770 (robots of groups), path 90455 (codes of
//! errors).

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, Name, USUAL_WAIT, object, wait};
use super::card::{Card, Severity};
use super::fit::fitted;
use super::look;
use super::plain::{MARKDOWN, defused};
use crate::text;

/// Bytes of the content. Source: path 91770, "markdown".
const MAX_CONTENT: usize = 4096;

const NAME: Name = Name { en: "WeCom", zh: "企业微信" };

/// The message of a card.
pub fn body(card: &Card) -> Value {
    let content = fitted(card, is_id, content, |content| content.len() <= MAX_CONTENT);
    json!({ "msgtype": "markdown", "markdown": { "content": content } })
}

/// An id of a member. Source: path 90195 (letters, digits, `_-@.`, 64 bytes).
fn is_id(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-@.".contains(&b))
}

fn content(card: &Card) -> String {
    let plain = |text: &str| defused(text, &MARKDOWN);
    let color = match card.severity {
        Severity::Info => "info",
        Severity::Warning | Severity::Urgent => "warning",
    };
    let colored = |color: &str, text: &str| format!("<font color=\"{color}\">{text}</font>");
    let mut blocks =
        vec![format!("### {} {}", colored(color, &format!("{}:", look::severity(card))), plain(&card.title))];
    let facts = card.facts.iter().zip(look::padding(card)).map(|((name, value), padding)| {
        let value = plain(value).replace('\n', " ");
        if name.is_empty() {
            value
        } else {
            format!("{}{padding} {value}", colored("comment", &format!("{}:", plain(name))))
        }
    });
    blocks.push(facts.collect::<Vec<_>>().join("\n"));
    blocks.push(card.lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n"));
    if let Some(quote) = &card.quote {
        blocks.push(plain(quote).split('\n').map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"));
    }
    let mut end = String::new();
    // Writing to a String cannot fail.
    if let Some(deadline) = &card.deadline {
        let _ = writeln!(end, "{}", colored(color, &plain(deadline)));
    }
    if let Some(step) = &card.next_step {
        let next = look::next();
        let _ =
            writeln!(end, "{} {}", colored("comment", &format!("{}:", next.in_lang(card.lang))), plain(step));
    }
    if let Some((label, address)) = &card.link {
        let _ = writeln!(end, "[{}]({address})", plain(label));
    }
    let mentions: Vec<_> = card.mentions.iter().map(|mention| format!("<@{}>", mention.id)).collect();
    end.push_str(&mentions.join(" "));
    blocks.push(end.trim_end().to_owned());
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n")
}

/// What WeCom's answer means. It answers 200 to everything.
pub fn judge(status: u16, body: &str, retry_after: Option<&str>, now: Timestamp) -> Answer {
    let code = object(body).and_then(|answer| answer["errcode"].as_i64());
    let Some(code) = code else {
        return match status {
            // Not WeCom's words.
            200..=299 => Answer::Unclear,
            _ => NAME.by_status(status, retry_after, now),
        };
    };
    let shown = code.to_string();
    let refuses = |meaning| NAME.refuses(&shown, &meaning);
    match code {
        0 => Answer::Accepted,
        // The system is busy.
        -1 | 6000 => Answer::Unclear,
        // Too often; too many at once.
        45009 | 45033 => Answer::Slow { wait: wait(retry_after, USUAL_WAIT, now) },
        93000 => refuses(text!(
            "the key in the target's address is not valid, or the robot was removed from its group; copy the robot's address again, or add a new robot to the group",
            "目标地址中的 key 无效,或机器人已被移出群聊;请重新复制机器人的地址,或在群里添加新的机器人"
        )),
        93004 => NAME.is_gone(
            &shown,
            &text!(
                "the robot was switched off; switch it on in WeCom, then the target",
                "机器人已被停用;请先在企业微信中启用机器人,再启用该目标"
            ),
        ),
        93008 => NAME.is_gone(
            &shown,
            &text!(
                "the robot is not in the group any more; add one and give the target its address",
                "机器人已不在群里;请添加机器人,并将其地址填入该目标"
            ),
        ),
        40008 | 40033 | 40035 | 40038 | 40058 | 40063 | 44004 => refuses(text!(
            "it does not understand the message; please tell the makers of Renown, with the code and the time",
            "无法理解该消息;请将代码和时间反馈给 Renown 的开发者"
        )),
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
        for (lang, name) in [(Lang::En, "wecom_en"), (Lang::Zh, "wecom_zh")] {
            let body = body(&calling(lang, "LiNa"));
            insta::assert_snapshot!(name, body["markdown"]["content"].as_str().expect("a text"));
            insta::assert_json_snapshot!(format!("{name}_json"), body);
        }
    }

    #[test]
    fn nothing_that_others_write_is_markup() {
        let cases = [
            "[x](http://evil)",
            "<@all>",
            "<font color=\"warning\">x</font>",
            "`code`",
            "**bold**",
            "# head",
            "![x](https://evil/x.png)",
        ];
        for text in cases {
            let content = body(&hostile(text))["markdown"]["content"].as_str().expect("a text").to_owned();
            assert!(!content.contains(text), "{content}");
            // Only the marks that the dialect puts itself are left.
            assert!(
                !content.contains("](") && !content.contains("<@") && !content.contains('`'),
                "{content}"
            );
            assert!(!content.contains("**") && !content.contains("://"), "{content}");
            let tags = content.matches('<').count();
            assert_eq!(tags, content.matches("<font color=").count() + content.matches("</font>").count());
        }
    }

    #[test]
    fn answers_are_judged_by_their_body() {
        let now = Timestamp::UNIX_EPOCH;
        let says = |code: i64| {
            judge(200, &format!(r#"{{"errcode":{code},"errmsg":"x, from ip: 1.2.3.4"}}"#), None, now)
        };
        assert_eq!(says(0), Answer::Accepted);
        assert_eq!(says(45009), Answer::Slow { wait: SignedDuration::from_mins(1) });
        assert_eq!(says(-1), Answer::Unclear);
        for code in [93000, 40058, 12345] {
            let answer = says(code);
            let Answer::Refused(why) = answer else { panic!("{code}: {answer:?}") };
            assert!(why.en.starts_with(&format!("WeCom answers {code}: ")), "{why}");
            assert!(!why.en.contains("1.2.3.4"), "{why}");
        }
        for code in [93004, 93008] {
            assert!(matches!(says(code), Answer::Gone(_)), "{code}");
        }
        for (status, body) in
            [(200, "<html>"), (200, ""), (200, "[]"), (200, r#"{"errcode":"0"}"#), (502, "")]
        {
            assert_eq!(judge(status, body, None, now), Answer::Unclear, "{status} {body}");
        }
        assert!(matches!(judge(302, "", None, now), Answer::Refused(_)));
    }
}
