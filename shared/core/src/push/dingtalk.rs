//! DingTalk's custom robots: markdown, people called by mobile number or user id, judged by
//! `errcode`.
//!
//! Sources: open.dingtalk.com, "Custom robot access", "Message types", "Robot error codes".

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::answer::{Answer, Name, object, speaks_of};
use super::card::Card;
use super::fit::fitted;
use super::look;
use super::plain::{MARKDOWN, defused};
use crate::text;

/// Bytes of the body as JSON. Source: open.dingtalk.com, messages of robots in groups (15,000 bytes);
/// that of custom robots names no smaller number.
const MAX_BODY: usize = 15_000;

/// A robot that was too fast is silenced for so long. Source: "Custom robot access" (20 a minute,
/// then ten minutes).
const SILENCE: SignedDuration = SignedDuration::from_mins(10);

const NAME: Name = Name { en: "DingTalk", zh: "钉钉" };

/// The message of a card. An id of digits like a mobile number (`13800000000`, `+852-51234567`) is
/// one; any other is a user id.
pub fn body(card: &Card) -> Value {
    fitted(card, is_id, message, |message| message.to_string().len() <= MAX_BODY)
}

fn is_id(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-+.$".contains(&b))
}

/// Eleven digits from 1 on, or a number with its country's code behind a plus.
fn is_mobile(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    id.strip_prefix('+').map_or_else(|| id.len() == 11 && id.starts_with('1') && digits(id), digits)
}

fn message(card: &Card) -> Value {
    let (mobiles, users): (Vec<&str>, Vec<&str>) =
        card.mentions.iter().map(|mention| mention.id.as_str()).partition(|id| is_mobile(id));
    json!({
        "msgtype": "markdown",
        // The title stands in the list of chats.
        "markdown": { "title": defused(&look::headline(card), &MARKDOWN), "text": content(card) },
        "at": { "atMobiles": mobiles, "atUserIds": users, "isAtAll": false },
    })
}

fn content(card: &Card) -> String {
    let plain = |text: &str| defused(text, &MARKDOWN);
    // Two blanks before its end make a line end.
    let broken = |text: &str| plain(text).replace('\n', "  \n");
    let mut blocks = vec![format!("#### {} {}", look::marker(card.severity), plain(&card.title))];
    let facts = card.facts.iter().zip(look::padding(card)).map(|((name, value), padding)| {
        let value = plain(value).replace('\n', " ");
        if name.is_empty() { value } else { format!("**{}:**{padding} {value}", plain(name)) }
    });
    blocks.push(facts.collect::<Vec<_>>().join("  \n"));
    blocks.extend(card.lines.iter().map(|line| broken(line)));
    if let Some(quote) = &card.quote {
        let lines = plain(quote);
        blocks.push(lines.split('\n').map(|line| format!("> {line}")).collect::<Vec<_>>().join("  \n"));
    }
    if let Some(deadline) = &card.deadline {
        blocks.push(format!("**{}**", plain(deadline)));
    }
    if let Some(step) = &card.next_step {
        blocks.push(format!("**{}:** {}", look::next().in_lang(card.lang), broken(step)));
    }
    if let Some((label, address)) = &card.link {
        blocks.push(format!("[{}]({address})", plain(label)));
    }
    // Called is only who stands in the text as well.
    let mentions: Vec<_> = card.mentions.iter().map(|mention| format!("@{}", mention.id)).collect();
    blocks.push(mentions.join(" "));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n")
}

/// What DingTalk's answer means. It answers 200 to everything.
pub fn judge(status: u16, body: &str, retry_after: Option<&str>, now: Timestamp) -> Answer {
    let answer = object(body).unwrap_or_default();
    let Some(code) = answer["errcode"].as_i64() else {
        return match status {
            // What stands before DingTalk's servers silences without a code.
            _ if answer["punish"] == "deny" => Answer::Slow { wait: SILENCE },
            // Not DingTalk's words.
            200..=299 => Answer::Unclear,
            _ => NAME.by_status(status, retry_after, now),
        };
    };
    let shown = code.to_string();
    let refuses = |meaning| NAME.refuses(&shown, &meaning);
    match code {
        0 => Answer::Accepted,
        // The system is busy.
        -1 => Answer::Unclear,
        // Too fast, told by three of its layers.
        130_101 | 410_100 | 90030 => Answer::Slow { wait: SILENCE },
        310_000 => refuses(not_let_in(&answer["errmsg"])),
        300_001 | 300_005 | 400_101 => refuses(text!(
            "it does not know the token in the target's address; copy the robot's address again",
            "目标地址中的 access_token 不存在;请重新复制机器人的地址"
        )),
        400_102 => NAME.is_gone(
            &shown,
            &text!(
                "the robot was switched off; switch it on in DingTalk, then the target",
                "机器人已停用;请先在钉钉中启用机器人,再启用该目标"
            ),
        ),
        400_106 => NAME.is_gone(
            &shown,
            &text!(
                "the robot is not in the group any more; add one and give the target its address",
                "机器人已不在群里;请添加机器人,并将其地址填入该目标"
            ),
        ),
        400_013 => NAME.is_gone(
            &shown,
            &text!(
                "the group was dissolved; give the target the address of a robot in another group",
                "群已被解散;请为该目标填入其他群的机器人地址"
            ),
        ),
        430_101..=430_104 => refuses(text!(
            "it takes the message for improper content; read it in Renown",
            "消息被判为不当内容;请在 Renown 中查看"
        )),
        40035 | 43004 | 400_105 | 460_101 => refuses(text!(
            "it does not understand the message; please tell the makers of Renown, with the code and the time",
            "无法理解该消息;请将代码和时间反馈给 Renown 的开发者"
        )),
        _ => NAME.refuses_unknown(&shown),
    }
}

/// What keeps a message out, of the three settings that share one code.
fn not_let_in(message: &Value) -> crate::say::Text {
    if speaks_of(message, "keyword") {
        text!(
            "no keyword of the robot is in the message; in the robot's settings choose the signature instead of keywords",
            "消息中没有机器人设置的关键词;请在机器人设置中改用加签"
        )
    } else if speaks_of(message, "timestamp") {
        text!(
            "the signature's time is more than an hour off; check this machine's clock",
            "签名的时间相差超过一小时;请检查本机时钟"
        )
    } else if speaks_of(message, "sign") {
        text!(
            "the signature is wrong; copy the robot's secret again (it begins with SEC)",
            "签名不符;请重新复制机器人的密钥(以 SEC 开头)"
        )
    } else if speaks_of(message, "whitelist") || speaks_of(message, ":ip ") {
        text!(
            "the robot does not take messages from this address; in its settings choose the signature instead of the list of addresses",
            "机器人不接受来自此 IP 的消息;请在机器人设置中改用加签代替 IP 地址段"
        )
    } else {
        text!(
            "a setting of the robot keeps the message out: keyword, signature or list of addresses; choose the signature and copy its secret again",
            "消息被机器人的安全设置拒绝(关键词、加签或 IP 地址段);请改用加签并重新复制密钥"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::card::Mention;
    use crate::push::examples::{calling, feedback, hostile};
    use crate::say::Lang;

    #[test]
    fn a_card_in_both_languages() {
        for (lang, name) in [(Lang::En, "dingtalk_en"), (Lang::Zh, "dingtalk_zh")] {
            let body = body(&calling(lang, "13800000000"));
            insta::assert_snapshot!(name, body["markdown"]["text"].as_str().expect("a text"));
            insta::assert_json_snapshot!(format!("{name}_json"), body);
        }
    }

    #[test]
    fn people_are_called_by_number_or_id() {
        let mut card = feedback(Lang::Zh);
        let mention = |id: &str| Mention { name: id.to_owned(), id: id.to_owned() };
        card.mentions = ["13800000000", "+852-51234567", "manager4231", "01234567890"].map(mention).to_vec();
        let body = body(&card);
        assert_eq!(body["at"]["atMobiles"], json!(["13800000000", "+852-51234567"]));
        assert_eq!(body["at"]["atUserIds"], json!(["manager4231", "01234567890"]));
        assert_eq!(body["at"]["isAtAll"], json!(false));
        let text = body["markdown"]["text"].as_str().expect("a text");
        assert!(text.ends_with("@13800000000 @+852-51234567 @manager4231 @01234567890"), "{text}");
    }

    #[test]
    fn nothing_that_others_write_is_markup() {
        let cases = [
            "[x](http://evil)",
            "![x](https://evil/x.png)",
            "@13800000000",
            "<at id=all></at>",
            "`code`",
            "**bold**",
            "&lt;b&gt;",
        ];
        for text in cases {
            let content = body(&hostile(text))["markdown"]["text"].as_str().expect("a text").to_owned();
            assert!(
                !content.contains(text) && !content.contains("](") && !content.contains('@'),
                "{content}"
            );
            assert!(
                !content.contains('<') && !content.contains('`') && !content.contains("://"),
                "{content}"
            );
        }
        let heads = body(&hostile("ok\n# head\n---\n- point"));
        assert_eq!(heads["markdown"]["text"].as_str().expect("a text").matches("\n#").count(), 0);
    }

    #[test]
    fn answers_are_judged_by_their_body() {
        let now = Timestamp::UNIX_EPOCH;
        let says = |code: i64, message: &str| {
            judge(200, &json!({ "errcode": code, "errmsg": message }).to_string(), None, now)
        };
        assert_eq!(says(0, "ok"), Answer::Accepted);
        assert_eq!(says(-1, "system busy"), Answer::Unclear);
        let silenced = Answer::Slow { wait: SignedDuration::from_mins(10) };
        for code in [130_101, 410_100, 90030] {
            assert_eq!(says(code, "send too fast, exceed 20 times per minute"), silenced);
        }
        assert_eq!(judge(200, r#"{"status":1111,"wait":5,"punish":"deny"}"#, None, now), silenced);
        let cases = [
            ("description:keywords not in content;solution:x", "keyword"),
            ("description:sign not match, more: [x]", "SEC"),
            ("description:invalid timestamp", "clock"),
            ("description:ip 1.2.3.4 not in whitelist", "addresses"),
            ("description:ip 1.2.3.4 is not allowed", "addresses"),
            ("description:something new", "setting"),
            ("", "setting"),
        ];
        for (message, word) in cases {
            let answer = says(310_000, message);
            let Answer::Refused(why) = answer else { panic!("{message}: {answer:?}") };
            assert!(why.en.contains(word) && why.en.contains("310000"), "{message}: {why}");
            assert!(!why.en.contains("1.2.3.4"), "{why}");
        }
        for code in [300_005, 400_101, 430_102, 40035, 77] {
            assert!(matches!(says(code, ""), Answer::Refused(_)), "{code}");
        }
        for code in [400_102, 400_106, 400_013] {
            assert!(matches!(says(code, ""), Answer::Gone(_)), "{code}");
        }
        for (status, body) in [(200, "<html>"), (200, "{}"), (500, "{}")] {
            assert_eq!(judge(status, body, None, now), Answer::Unclear, "{status} {body}");
        }
        assert!(matches!(judge(301, "", None, now), Answer::Refused(_)));
    }
}
