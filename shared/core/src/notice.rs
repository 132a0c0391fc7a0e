//! What operators are told: alerts at once, a digest once a day.
//!
//! A notice names by its id what it is about, so that told twice it is one. It goes to each target
//! on its own; a target that did not get it for sure gets it again: an operator who reads something
//! twice loses less than one who never does. (A customer's mail is the other way round.)

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::case::Department;
use crate::ids::SellerId;
use crate::marketplace::MarketplaceId;
use crate::push::{Card, Link, Mention, Severity};
use crate::say::{Lang, Text, with_moments};
use crate::text;

/// Minutes after which a delivery that may have failed is made again, attempt by attempt. After the
/// last the notice stands in the list alone. Source: the schedule of the Standard Webhooks
/// specification, without its first seconds.
const AGAIN_AFTER: [i64; 9] = [1, 5, 30, 120, 300, 600, 840, 1200, 1440];

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
    /// … and of what.
    #[serde(default)]
    pub wants: Wants,
    /// The hour of its day at which the digest goes out, 0–23; `None`: it gets none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_at: Option<u8>,
    /// Whom it can call: what the team calls them, and what the channel knows them by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub people: BTreeMap<String, String>,
    /// Why it is told nothing any more; `None`: it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<Text>,
}

/// Which notices a target is told. An empty list is no condition, and what is about no seller in
/// particular is about all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wants {
    /// About these sellers.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sellers: BTreeSet<SellerId>,
    /// About these marketplaces.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub marketplaces: BTreeSet<MarketplaceId>,
    /// For these departments.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub departments: BTreeSet<Department>,
    /// For these people.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub owners: BTreeSet<String>,
    /// That press at least so much.
    pub at_least: Severity,
}

/// Whom a notice concerns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Route {
    /// The seller it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller: Option<SellerId>,
    /// The marketplace it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<MarketplaceId>,
    /// Who puts it right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<Department>,
    /// The person who does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

impl Wants {
    /// Whether a notice is wanted.
    pub fn takes(&self, notice: &Notice) -> bool {
        fn has<T: Ord>(wanted: &BTreeSet<T>, it: Option<&T>) -> bool {
            wanted.is_empty() || it.is_none_or(|it| wanted.contains(it))
        }
        let Route { seller, marketplace, department, owner } = &notice.route;
        let is_theirs =
            self.owners.is_empty() || owner.as_ref().is_some_and(|owner| self.owners.contains(owner));
        notice.severity >= self.at_least
            && has(&self.sellers, seller.as_ref())
            && has(&self.marketplaces, marketplace.as_ref())
            && has(&self.departments, department.as_ref())
            && is_theirs
    }
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
    /// By a group robot of `WeCom`.
    Wecom,
    /// By a custom robot of `DingTalk`.
    Dingtalk,
    /// By a custom bot of Feishu or Lark.
    Feishu,
    /// By an incoming webhook of Slack.
    Slack,
    /// By a workflow of Microsoft Teams.
    Teams,
    /// By a signed request to a program of the seller's (Standard Webhooks).
    Webhook,
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
    /// How much it presses.
    #[serde(default)]
    pub severity: Severity,
    /// In one line.
    pub title: Text,
    /// What is known at a glance: name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<(Text, Text)>,
    /// What is to be known, a paragraph each.
    pub lines: Vec<Text>,
    /// A buyer's own words, without ways to reach anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// What to do next; `None`: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step: Option<Text>,
    /// Where to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// Who is called by name, as the team calls them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub call: Vec<String>,
    /// Whom it concerns.
    #[serde(default)]
    pub route: Route,
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
        Self::new(format!("{about}#{day}"), title, now)
    }

    /// A notice with a title alone, to be dealt with.
    pub fn new(id: String, title: Text, now: Timestamp) -> Self {
        Self {
            id,
            severity: Severity::Warning,
            title,
            facts: Vec::new(),
            lines: Vec::new(),
            quote: None,
            next_step: None,
            link: None,
            call: Vec::new(),
            route: Route::default(),
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

    /// What a target shows: in its language, with times on its clock.
    pub fn card(&self, target: &Target) -> Card {
        let of = |text: &Text| text.in_lang(target.lang).to_owned();
        let zone = target.zone();
        let shown = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string();
        let deadline = self.deadline.map(|deadline| {
            let at = shown(deadline);
            of(&text!("To be done by {at}.", "请于 {at} 之前处理。"))
        });
        let known =
            |name: &String| target.people.get(name).map(|id| Mention { name: name.clone(), id: id.clone() });
        Card {
            lang: target.lang,
            severity: self.severity,
            title: of(&self.title),
            facts: self.facts.iter().map(|(name, value)| (of(name), of(value))).collect(),
            lines: self.lines.iter().map(|line| with_moments(&of(line), shown)).collect(),
            quote: self.quote.clone(),
            deadline,
            next_step: self.next_step.as_ref().map(of),
            link: self.link.as_ref().map(|link| (of(&link.label), link.url.clone())),
            mentions: self.call.iter().filter_map(known).collect(),
        }
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
    /// It is not known.
    Unclear,
    /// It was not sent: its turn has not come. No attempt.
    Later(Timestamp),
    /// The other side refused it for good, and why.
    Refused(Text),
    /// The same, and it will refuse everything: nothing more is to be sent there.
    Gone(Text),
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
            Self::Due { at, attempts } if *at <= now => {
                let n = AGAIN_AFTER.len();
                Some(match AGAIN_AFTER.get(usize::from(*attempts)) {
                    Some(minutes) => Self::Due {
                        at: now.saturating_add(SignedDuration::from_mins(*minutes)).unwrap_or(now),
                        attempts: attempts + 1,
                    },
                    None => Self::Failed {
                        why: text!("no clear answer in {n} attempts", "尝试 {n} 次均无明确应答"),
                        at: now,
                    },
                })
            }
            _ => None,
        }
    }

    /// How an attempt ended.
    pub fn end(&mut self, outcome: Outcome, now: Timestamp) {
        match outcome {
            Outcome::Accepted(message) => *self = Self::Sent { at: now, message },
            Outcome::Refused(why) | Outcome::Gone(why) => *self = Self::Failed { why, at: now },
            Outcome::Later(until) => {
                if let Self::Due { at, attempts } = self {
                    (*at, *attempts) = (until, attempts.saturating_sub(1));
                }
            }
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
            wants: Wants::default(),
            digest_at: Some(9),
            people: BTreeMap::new(),
            off: None,
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
        let (title, paragraphs) = notice.card(&target()).letter();
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
            let Some(again) = delivery.due_at() else { break };
            tried += 1;
            assert_eq!(delivery.begin(now), None, "one attempt at a time");
            delivery.end(Outcome::Unclear, now);
            now = again;
        }
        assert_eq!(tried, AGAIN_AFTER.len());
        assert!(matches!(delivery, Delivery::Failed { .. }));
        let mut delivery = Delivery::due(now).begin(now).expect("due");
        delivery.end(Outcome::Accepted("m-1".to_owned()), now);
        assert_eq!((delivery.due_at(), delivery.begin(now)), (None, None));
    }
}
