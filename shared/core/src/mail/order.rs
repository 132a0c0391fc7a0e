//! An order of a shop and its mails.
//!
//! Facts come in repeated, late and in any order, so they merge as a join. The mails of an order
//! stand with it in one item: what is owed follows from the facts by [`super::plan`], and each
//! mail goes its way once: planned → claimed → sent, refused or unknown.

use std::collections::BTreeMap;

use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::reasons::{Hold, Skip, Wait};
use super::shop::MailRules;
use super::state::{Mail, State};
use super::{plan, ses};
use crate::ids::{Person, ShopId, ShopOrderId};

/// A mail whose fate SES has not told after this long is taken for sent. SES tells of a message
/// within minutes; a delivery that is retried goes on for 14 hours at most (SES, "message
/// delivery"), so three days leave room for an event that waits in a queue.
const PRESUMED_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// When a mail of unknown fate is taken for sent.
pub fn presumed_after(since: Timestamp) -> Timestamp {
    since.saturating_add(PRESUMED_AFTER).unwrap_or(Timestamp::MAX)
}

/// An order of a shop and its mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopOrder {
    /// The shop.
    pub shop: ShopId,
    /// The shop's id of it.
    pub id: ShopOrderId,
    /// What is known.
    pub facts: Facts,
    /// Its mails, by what they are for.
    #[serde(default)]
    pub mails: BTreeMap<Kind, Mail>,
    /// What the survey was answered with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survey: Option<Answered>,
    /// A person has looked at it and lets its mails go.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_released: bool,
    /// When it was first heard of.
    #[serde(with = "secs")]
    pub first_seen: Timestamp,
}

/// What is known of an order. Nobody's name or address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// As of when the shop told it; the newest telling of what can change counts.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub as_of: Option<Timestamp>,
    /// The number its customer knows.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// When it was placed.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub placed_at: Option<Timestamp>,
    /// When it was handed to the carrier, by the earliest telling.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub fulfilled_at: Option<Timestamp>,
    /// When it arrived, by the earliest telling.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub delivered_at: Option<Timestamp>,
    /// When it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub cancelled_at: Option<Timestamp>,
    /// When money went back. Shown, and of no weight in any decision (promise P2).
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub refunded_at: Option<Timestamp>,
    /// The keyed hash of its customer's address; `None`: it names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    /// What was bought.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// Total in the smallest unit of its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Line {
    /// The shop's id of the product.
    pub sku: String,
    /// What it is called.
    pub title: String,
}

/// What the survey was answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// 0 to 10.
    pub score: u8,
    /// What was written, encrypted; hexadecimal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sealed_comment: String,
    /// When.
    #[serde(with = "secs")]
    pub at: Timestamp,
}

/// What became of a call to SES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Taken, with SES's id.
    Accepted(String),
    /// Nothing was sent: it waits.
    NotSent(Wait),
    /// Refused for good, with what SES said.
    Refused(String),
    /// It is not known.
    Unclear,
}

impl Facts {
    /// Takes up what was told. A join: any order and any number of repeats end alike.
    pub fn merge(&mut self, news: &Self) {
        let earliest = |a: Option<Timestamp>, b: Option<Timestamp>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.placed_at = earliest(self.placed_at, news.placed_at);
        self.fulfilled_at = earliest(self.fulfilled_at, news.fulfilled_at);
        self.delivered_at = earliest(self.delivered_at, news.delivered_at);
        self.cancelled_at = earliest(self.cancelled_at, news.cancelled_at);
        self.refunded_at = earliest(self.refunded_at, news.refunded_at);
        // What has a value outranks what has none, then the newest telling, then the greater.
        let (mine, theirs) = (self.as_of, news.as_of);
        newer(&mut self.number, mine, &news.number, theirs, String::is_empty);
        newer(&mut self.person, mine, &news.person, theirs, Option::is_none);
        newer(&mut self.lines, mine, &news.lines, theirs, Vec::is_empty);
        newer(&mut self.total, mine, &news.total, theirs, Option::is_none);
        self.as_of = mine.max(theirs);
    }
}

fn newer<T: Ord + Clone>(
    mine: &mut T,
    mine_as_of: Option<Timestamp>,
    theirs: &T,
    theirs_as_of: Option<Timestamp>,
    is_empty: impl Fn(&T) -> bool,
) {
    if (!is_empty(theirs), theirs_as_of, theirs) > (!is_empty(mine), mine_as_of, mine) {
        mine.clone_from(theirs);
    }
}

impl ShopOrder {
    /// One of which nothing is known yet.
    pub fn new(shop: ShopId, id: ShopOrderId, now: Timestamp) -> Self {
        Self {
            shop,
            id,
            facts: Facts::default(),
            mails: BTreeMap::new(),
            survey: None,
            is_released: false,
            first_seen: now,
        }
    }

    /// Takes up what was told and plans anew what has not left. Tells whether anything changed.
    pub fn observe(&mut self, news: &Facts, rules: &MailRules, now: Timestamp) -> bool {
        let before = (self.facts.clone(), self.mails.clone());
        self.facts.merge(news);
        self.replan(rules, now);
        before != (self.facts.clone(), self.mails.clone())
    }

    /// Plans anew: what is owed by the facts, where nothing has left yet.
    pub fn replan(&mut self, rules: &MailRules, now: Timestamp) {
        for (kind, wish) in plan::wishes(self, rules) {
            match (wish, self.mails.get_mut(&kind)) {
                (plan::Wish::At { due_at, not_after }, None) => {
                    self.mails.insert(kind, Mail::planned(due_at, not_after));
                }
                (plan::Wish::At { due_at, not_after }, Some(mail)) => {
                    if let State::Planned { due_at: was, not_after: until, why } = &mut mail.state
                        && *until != not_after
                    {
                        (*was, *until, *why) = (due_at, not_after, None);
                    }
                }
                (plan::Wish::Not(why), Some(mail)) => {
                    if matches!(mail.state, State::Planned { .. } | State::Held { .. }) {
                        mail.state = State::Skipped { why, at: now };
                    }
                }
                (plan::Wish::Not(_), None) => {}
            }
        }
    }

    /// When it is to be looked at again: the earliest of its mails.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.mails.values().filter_map(|mail| mail.state.due_at()).min()
    }

    /// What is to be looked at now, the longest due first.
    pub fn due(&self, now: Timestamp) -> Vec<Kind> {
        let mut due: Vec<_> = self
            .mails
            .iter()
            .filter_map(|(kind, mail)| Some((mail.state.due_at()?, *kind)))
            .filter(|(at, _)| *at <= now)
            .collect();
        due.sort();
        due.into_iter().map(|(_, kind)| kind).collect()
    }

    /// Takes note that time went by: a claim whose process is gone, a mail of unknown fate, one
    /// whose time is over. Tells whether anything changed.
    pub fn age(&mut self, kind: Kind, now: Timestamp) -> bool {
        let Some(mail) = self.mails.get_mut(&kind) else { return false };
        let next = match &mail.state {
            State::Claimed { lease_until, .. } if *lease_until <= now => {
                State::Unknown { since: *lease_until }
            }
            State::Unknown { since } if presumed_after(*since) <= now => State::PresumedSent { at: now },
            State::Planned { not_after, why, .. } if *not_after < now => {
                State::Expired { why: *why, at: now }
            }
            State::Held { not_after, .. } if *not_after <= now => State::Expired { why: None, at: now },
            _ => return false,
        };
        mail.state = next;
        true
    }

    /// Takes the right to one call, if the mail is planned and due.
    pub fn claim(&mut self, kind: Kind, id: &str, lease_until: Timestamp, now: Timestamp) -> bool {
        let Some(mail) = self.mails.get_mut(&kind) else { return false };
        let State::Planned { due_at, not_after, .. } = mail.state else { return false };
        if due_at > now || not_after < now {
            return false;
        }
        mail.state = State::Claimed { id: id.to_owned(), lease_until, not_after };
        true
    }

    /// Writes down what became of the call of a claim. Tells whether the claim was still its own;
    /// an acceptance is known for certain and is written over a guess.
    pub fn settle(
        &mut self,
        kind: Kind,
        id: &str,
        answer: &Answer,
        rules: &MailRules,
        now: Timestamp,
    ) -> bool {
        let Some(mail) = self.mails.get_mut(&kind) else { return false };
        let ours = match &mail.state {
            State::Claimed { id: there, not_after, .. } if there == id => Some(*not_after),
            _ => None,
        };
        let is_guess = matches!(mail.state, State::Unknown { .. } | State::PresumedSent { .. });
        let is_acceptance = matches!(answer, Answer::Accepted(_));
        if ours.is_none() && !(is_guess && is_acceptance) {
            return false;
        }
        mail.state = match answer {
            Answer::Accepted(message) => State::Sent { at: now, message: message.clone() },
            Answer::NotSent(why) => {
                let not_after = ours.unwrap_or(now);
                State::Planned { due_at: plan::again(now), not_after, why: Some(*why) }
            }
            Answer::Refused(why) => State::Refused { why: why.chars().take(200).collect(), at: now },
            Answer::Unclear => State::Unknown { since: now },
        };
        self.replan(rules, now);
        true
    }

    /// Takes up what SES told of a mail. Tells whether that was news.
    ///
    /// Any of it proves that SES had taken the mail: so an unknown fate is settled, and a mail
    /// that this table believes still to come (a restored copy) is not sent again.
    pub fn hear(
        &mut self,
        kind: Kind,
        event: ses::What,
        message: &str,
        at: Timestamp,
        rules: &MailRules,
        now: Timestamp,
    ) -> bool {
        let Some(mail) = self.mails.get_mut(&kind) else { return false };
        let before = mail.clone();
        if !matches!(mail.state, State::Sent { .. }) {
            mail.state = State::Sent { at, message: message.to_owned() };
        }
        mail.heard.take(event, at);
        if *mail == before {
            return false;
        }
        self.replan(rules, now);
        true
    }

    /// Puts a mail that is planned to another moment, with what it waits for.
    pub fn wait(&mut self, kind: Kind, until: Timestamp, why: Wait) {
        if let Some(State::Planned { due_at, why: was, .. }) = self.mails.get_mut(&kind).map(|m| &mut m.state)
        {
            (*due_at, *was) = (until, Some(why));
        }
    }

    /// Hands a mail that is planned to a person.
    pub fn hold(&mut self, kind: Kind, why: Hold, now: Timestamp) {
        if let Some(mail) = self.mails.get_mut(&kind)
            && let State::Planned { not_after, .. } = mail.state
        {
            mail.state = State::Held { why, since: now, not_after };
        }
    }

    /// Gives up a mail that is planned or held.
    pub fn skip(&mut self, kind: Kind, why: Skip, now: Timestamp) -> bool {
        let Some(mail) = self.mails.get_mut(&kind) else { return false };
        let is_open = matches!(mail.state, State::Planned { .. } | State::Held { .. });
        if is_open {
            mail.state = State::Skipped { why, at: now };
        }
        is_open
    }

    /// A person lets held mails go. Tells how many.
    pub fn release(&mut self, now: Timestamp) -> usize {
        self.is_released = true;
        let mut n = 0;
        for mail in self.mails.values_mut() {
            if let State::Held { not_after, .. } = mail.state {
                mail.state = State::Planned { due_at: now, not_after, why: None };
                n += 1;
            }
        }
        n
    }

    /// What the product is called that a mail speaks of: the first line's.
    pub fn product(&self) -> &str {
        self.facts.lines.first().map_or("", |line| &line.title)
    }

    /// When it arrived, or is thought to have: dispatch and the usual days of transit.
    pub fn arrived_at(&self, rules: &MailRules) -> Option<Timestamp> {
        let transit = SignedDuration::from_hours(24 * i64::from(rules.transit_days));
        let thought = self.facts.fulfilled_at.and_then(|at| at.saturating_add(transit).ok());
        self.facts.delivered_at.or(thought)
    }
}
