//! What a channel's answer to a message means, and what its answers have in common.
//!
//! A text never has the words of the other side: they may repeat an address or a key.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::say::Text;
use crate::text;

/// The longest wait that is believed: the last step of the waits that Standard Webhooks
/// recommends. What asks for more is tried then.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// A wait is at least this long, whatever the clocks say.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_secs(1);
/// The wait where none is told. Ours: most limits are per minute.
pub(super) const USUAL_WAIT: SignedDuration = SignedDuration::from_mins(1);

/// What an answer to a message means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was taken.
    Accepted,
    /// It was not taken: there were too many. Nothing else is sent there until then.
    Slow {
        /// After which time it may be sent again.
        wait: SignedDuration,
    },
    /// It is not known whether it was taken; it is sent again.
    Unclear,
    /// It was not taken, and will not be until somebody changes something: what it is, and what to
    /// do.
    Refused(Text),
    /// There is nobody there any more: the target is to be switched off.
    Gone(Text),
}

/// A channel, as answers name it.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub en: &'static str,
    pub zh: &'static str,
}

impl Name {
    /// What a refusal says: who, its code, what that means and what to do.
    pub(super) fn says(self, code: &str, meaning: &Text) -> Text {
        let (name, name_zh, en, zh) = (self.en, self.zh, &meaning.en, &meaning.zh);
        text!("{name} answers {code}: {en}", "{name_zh} 返回 {code}:{zh}")
    }

    /// Refused, by a code.
    pub(super) fn refuses(self, code: &str, meaning: &Text) -> Answer {
        Answer::Refused(self.says(code, meaning))
    }

    /// Gone, by a code.
    pub(super) fn is_gone(self, code: &str, meaning: &Text) -> Answer {
        Answer::Gone(self.says(code, meaning))
    }

    /// Refused, by a code that this version has no words for.
    pub(super) fn refuses_unknown(self, code: &str) -> Answer {
        let meaning = text!(
            "this version does not know the code; look it up in the channel's documentation, then send a test message",
            "此版本不认识该代码;请查阅该渠道的文档,再发送一条测试消息"
        );
        self.refuses(code, &meaning)
    }

    /// What a status alone says, of a channel that says everything by status, or of an answer that
    /// did not come from the channel itself.
    pub(super) fn by_status(self, status: u16, retry_after: Option<&str>, now: Timestamp) -> Answer {
        let code = format!("HTTP {status}");
        match status {
            200..=299 => Answer::Accepted,
            300..=399 => self.refuses(
                &code,
                &text!(
                    "the address leads elsewhere, and messages are not sent on; give the target the address that it leads to",
                    "该地址被重定向,消息不会转发;请将目标的地址改为重定向后的地址"
                ),
            ),
            401 | 403 => self.refuses(
                &code,
                &text!(
                    "it does not let this message in; check the target's address, its secret and who may post there",
                    "不允许此消息进入;请检查目标的地址、密钥,以及谁可以在那里发布"
                ),
            ),
            404 => self.refuses(
                &code,
                &text!(
                    "there is nothing at the target's address; copy the address again",
                    "目标的地址上没有内容;请重新复制地址"
                ),
            ),
            410 => self.is_gone(
                &code,
                &text!(
                    "the address is out of use; the target gets nothing any more until it has a new one",
                    "该地址已停用;在换成新地址之前,该目标不再接收消息"
                ),
            ),
            413 => self.refuses(
                &code,
                &text!(
                    "the message is too large for it; please tell the makers of Renown, with the time",
                    "消息过大;请连同时间反馈给 Renown 的开发者"
                ),
            ),
            429 => Answer::Slow { wait: wait(retry_after, USUAL_WAIT, now) },
            503 if retry_after.is_some() => Answer::Slow { wait: wait(retry_after, USUAL_WAIT, now) },
            408 | 425 | 500.. | 0..=199 => Answer::Unclear,
            _ => self.refuses(
                &code,
                &text!(
                    "it does not understand the message; check that the target's address is one of this channel",
                    "无法理解该消息;请检查目标的地址是否属于该渠道"
                ),
            ),
        }
    }
}

/// A `Retry-After`: seconds, or a date of HTTP. `usual` where it is missing or not understood.
pub(super) fn wait(retry_after: Option<&str>, usual: SignedDuration, now: Timestamp) -> SignedDuration {
    let told = retry_after.map(str::trim).and_then(|text| {
        if let Ok(seconds) = text.parse::<u32>() {
            return Some(SignedDuration::from_secs(seconds.into()));
        }
        let at = DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(at.duration_since(now))
    });
    told.unwrap_or(usual).clamp(SHORTEST_WAIT, LONGEST_WAIT)
}

/// An answer as JSON, if it is an object.
pub(super) fn object(body: &str) -> Option<Value> {
    serde_json::from_str(body).ok().filter(Value::is_object)
}

/// Whether a message of the other side has a word, in any case.
pub(super) fn speaks_of(message: &Value, word: &str) -> bool {
    message.as_str().is_some_and(|text| text.to_ascii_lowercase().contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Name = Name { en: "It", zh: "它" };

    #[test]
    fn a_wait_is_read_in_seconds_or_as_a_date_and_bounded() {
        let now: Timestamp = "2026-11-22T08:00:00Z".parse().expect("a time");
        let cases = [
            (Some("30"), 30),
            (Some(" 7 "), 7),
            (Some("Sun, 22 Nov 2026 08:02:30 GMT"), 150),
            (Some("Sun, 22 Nov 2026 07:00:00 GMT"), 1),
            (Some("0"), 1),
            (Some("4000000000"), 86_400),
            (Some("99999999999999"), 60),
            (Some("-5"), 60),
            (Some("soon"), 60),
            (Some(""), 60),
            (None, 60),
        ];
        for (told, seconds) in cases {
            assert_eq!(wait(told, USUAL_WAIT, now).as_secs(), seconds, "{told:?}");
        }
    }

    #[test]
    fn a_status_says_whose_turn_it_is() {
        let judge = |status, retry| NAME.by_status(status, retry, Timestamp::UNIX_EPOCH);
        for status in [200, 202, 204] {
            assert_eq!(judge(status, None), Answer::Accepted);
        }
        for status in [100, 408, 500, 502, 503, 504, 599, 999] {
            assert_eq!(judge(status, None), Answer::Unclear, "{status}");
        }
        for status in [301, 302, 307, 400, 401, 403, 404, 405, 413, 422] {
            let answer = judge(status, None);
            let Answer::Refused(why) = answer else { panic!("{status}: {answer:?}") };
            assert!(why.en.starts_with(&format!("It answers HTTP {status}: ")), "{why}");
            assert!(why.zh.starts_with(&format!("它 返回 HTTP {status}:")), "{}", why.zh);
        }
        assert!(matches!(judge(410, None), Answer::Gone(_)));
        for status in [429, 503] {
            assert_eq!(judge(status, Some("9")), Answer::Slow { wait: SignedDuration::from_secs(9) });
        }
        assert_eq!(judge(429, None), Answer::Slow { wait: USUAL_WAIT });
    }
}
