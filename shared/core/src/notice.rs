//! What operators are told: alerts at once, a digest once a day.
//!
//! A notice names by its id what it is about, so that told twice it is one. It goes to each target
//! on its own; a target that did not get it for sure gets it again: an operator who reads something
//! twice loses less than one who never does. (A customer's mail is the other way round.)

use jiff::civil::Date;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::say::{Lang, Text};
use crate::text;

/// A delivery that may have failed is made again after this long …
const AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// … so many times in all. Then the notice stands in the list alone.
const MOST_ATTEMPTS: u8 = 5;

/// Where operators read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// What the operators call it: letters a–z, digits and hyphens, at most 24.
    pub name: String,
    /// How it is reached.
    pub channel: Channel,
    /// The language it reads.
    pub lang: Lang,
    /// The clock it reads times on, an IANA name.
    pub zone: String,
    /// Whether it is told of what cannot wait.
    pub alerts: bool,
    /// The hour of its day at which the digest goes out, 0–23; `None`: it gets none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_at: Option<u8>,
}

/// How a target is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Channel {
    /// By mail.
    Mail {
        /// The operator's address.
        to: String,
        /// The sender's, of a domain that is verified with SES.
        from: String,
    },
}

impl Target {
    /// Its time zone; UTC where the name is none.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The day whose digest is due at a moment: the one before, from the hour of the digest on.
    pub fn digest_due(&self, now: Timestamp) -> Option<Date> {
        let (at, hour) = (now.to_zoned(self.zone()), self.digest_at?);
        (at.hour() >= i8::try_from(hour).ok()?).then(|| at.date().yesterday().ok()).flatten()
    }
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Names what it is about and when, such as `brake#A1SELLER#2026-11-22`. Nothing personal.
    pub id: String,
    /// In one line.
    pub title: Text,
    /// What is to be known, a paragraph each.
    pub lines: Vec<Text>,
    /// What to do next; `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<Text>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub deadline: Option<Timestamp>,
    /// When it was told of.
    #[serde(with = "secs")]
    pub at: Timestamp,
}

impl Notice {
    /// A notice of which a day has one: what happens again on that day is not told again.
    pub fn daily(about: &str, title: Text, now: Timestamp) -> Self {
        let day = now.to_zoned(TimeZone::UTC).date();
        Self {
            id: format!("{about}#{day}"),
            title,
            lines: Vec::new(),
            next_step: None,
            deadline: None,
            at: now,
        }
    }

    /// The same with a paragraph more.
    #[must_use]
    pub fn line(mut self, line: Text) -> Self {
        self.lines.push(line);
        self
    }

    /// The same with what to do next.
    #[must_use]
    pub fn next(mut self, step: Text) -> Self {
        self.next_step = Some(step);
        self
    }

    /// The same with a deadline.
    #[must_use]
    pub fn until(mut self, deadline: Timestamp) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// What a target reads: the title, and the paragraphs below it.
    pub fn letter(&self, target: &Target) -> (String, Vec<String>) {
        let lang = target.lang;
        let mut paragraphs: Vec<String> =
            self.lines.iter().map(|line| line.in_lang(lang).to_owned()).collect();
        if let Some(deadline) = self.deadline {
            let at = deadline.to_zoned(target.zone()).strftime("%Y-%m-%d %H:%M %Z").to_string();
            let text = text!("To be done by {at}.", "请于 {at} 之前处理。");
            paragraphs.push(text.in_lang(lang).to_owned());
        }
        if let Some(step) = &self.next_step {
            let (en, zh) = (&step.en, &step.zh);
            let text = text!("Next: {en}", "下一步:{zh}");
            paragraphs.push(text.in_lang(lang).to_owned());
        }
        (self.title.in_lang(lang).to_owned(), paragraphs)
    }
}

/// How far a notice is with one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Delivery {
    /// To be sent.
    Due {
        /// From then on.
        #[serde(with = "secs")]
        at: Timestamp,
        /// How often it was tried.
        attempts: u8,
    },
    /// It got it.
    Sent {
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
        /// What the other side calls it.
        message: String,
    },
    /// It will not get it.
    Failed {
        /// Why; where the other side said it, in its words.
        why: Text,
        /// When that was known.
        #[serde(with = "secs")]
        at: Timestamp,
    },
}

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it, and calls it so.
    Accepted(String),
    /// It is not known, or the other side takes nothing at the moment.
    Unclear,
    /// The other side refused it for good, and why.
    Refused(Text),
}

impl Delivery {
    /// One that is to go out at once.
    pub fn due(now: Timestamp) -> Self {
        Self::Due { at: now, attempts: 0 }
    }

    /// When it is to be looked at; `None`: it is done with.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Due { at, .. } => Some(*at),
            Self::Sent { .. } | Self::Failed { .. } => None,
        }
    }

    /// An attempt begins: whoever dies in it leaves it due again. `None`: there is nothing to do,
    /// or everything was tried.
    pub fn begin(&self, now: Timestamp) -> Option<Self> {
        match self {
            Self::Due { at, attempts } if *at <= now => Some(if *attempts >= MOST_ATTEMPTS {
                Self::Failed {
                    why: text!("no answer in {MOST_ATTEMPTS} attempts", "尝试 {MOST_ATTEMPTS} 次均无应答"),
                    at: now,
                }
            } else {
                Self::Due { at: now.saturating_add(AGAIN_AFTER).unwrap_or(now), attempts: attempts + 1 }
            }),
            _ => None,
        }
    }

    /// How an attempt ended.
    pub fn end(&mut self, outcome: Outcome, now: Timestamp) {
        match outcome {
            Outcome::Accepted(message) => *self = Self::Sent { at: now, message },
            Outcome::Refused(why) => *self = Self::Failed { why, at: now },
            // It stands as due already.
            Outcome::Unclear => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn target() -> Target {
        Target {
            name: "ops".to_owned(),
            channel: Channel::Mail { to: "ops@team.example".to_owned(), from: "r@tea.example".to_owned() },
            lang: Lang::Zh,
            zone: "Asia/Shanghai".to_owned(),
            alerts: true,
            digest_at: Some(9),
        }
    }

    #[test]
    fn a_digest_is_due_from_its_hour_on_the_clock_of_whoever_reads_it() {
        let due = |now| target().digest_due(at(now)).map(|day| day.to_string());
        assert_eq!(due("2026-11-22T00:59:59Z"), None);
        assert_eq!(due("2026-11-22T01:00:00Z").as_deref(), Some("2026-11-21"));
        assert_eq!(due("2026-11-22T15:59:59Z").as_deref(), Some("2026-11-21"));
        assert_eq!(due("2026-11-22T16:00:00Z"), None);
    }

    #[test]
    fn a_letter_is_in_the_targets_language_and_on_its_clock() {
        let notice = Notice::daily("x", text!("Broken", "出错"), at("2026-11-22T00:00:00Z"))
            .line(text!("One.", "一。"))
            .next(text!("mend it", "修复"))
            .until(at("2026-11-23T00:00:00Z"));
        assert_eq!(notice.id, "x#2026-11-22");
        let (title, paragraphs) = notice.letter(&target());
        assert_eq!(title, "出错");
        assert_eq!(paragraphs, ["一。", "请于 2026-11-23 08:00 CST 之前处理。", "下一步:修复"]);
    }

    #[test]
    fn what_may_have_failed_is_tried_again_and_not_for_ever() {
        let mut delivery = Delivery::due(at("2026-11-22T00:00:00Z"));
        let mut now = at("2026-11-22T00:00:00Z");
        let mut tried = 0;
        while let Some(next) = delivery.begin(now) {
            delivery = next;
            if matches!(delivery, Delivery::Failed { .. }) {
                break;
            }
            tried += 1;
            assert_eq!(delivery.begin(now), None, "one attempt at a time");
            delivery.end(Outcome::Unclear, now);
            now = now.saturating_add(AGAIN_AFTER).expect("in range");
        }
        assert_eq!(tried, MOST_ATTEMPTS);
        assert!(matches!(delivery, Delivery::Failed { .. }));
        let mut delivery = Delivery::due(now).begin(now).expect("due");
        delivery.end(Outcome::Accepted("m-1".to_owned()), now);
        assert_eq!((delivery.due_at(), delivery.begin(now)), (None, None));
    }
}
