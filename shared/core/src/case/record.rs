//! A case: how signals join it, what people do with it, when it presses. Every change is a function
//! here; the storage writes what comes out on the condition that nobody wrote meanwhile.

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use serde::{Deserialize, Serialize};

use super::act::Act;
use super::department::Department;
use super::outcome::Outcome;
use super::reading::Reading;
use super::signal::{Kind, Signal};
use super::subject::Subject;
use super::team::Team;
use super::telling::Told;
use crate::ids::{Asin, SellerId, Sku};
use crate::marketplace::MarketplaceId;
use crate::order::{Facts, OrderStatus};
use crate::push::Severity;
use crate::text::{Cause, Urgency};

/// Signals and steps of a case that are kept one by one; of more the number alone.
const MAX_KEPT: usize = 40;
/// Shares of the time to a deadline at which somebody is called, in percent.
pub(super) const ESCALATIONS: [u8; 3] = [50, 80, 100];

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Names it within its seller: [`Subject::id`].
    pub id: String,
    /// Whose.
    pub seller: SellerId,
    /// What it is about.
    pub subject: Subject,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<MarketplaceId>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asin: Option<Asin>,
    /// The seller's name of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// Since when it is open, or open again.
    #[serde(with = "secs")]
    pub opened_at: Timestamp,
    /// How much it presses: as its most pressing signal.
    pub severity: Severity,
    /// What is complained of, the primary cause first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    /// What cannot wait.
    pub urgency: Urgency,
    /// Who puts it right.
    pub department: Department,
    /// The person who deals with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Until when: the earliest of its signals'.
    #[serde(with = "secs")]
    pub deadline: Timestamp,
    /// How far it is.
    pub state: State,
    /// When somebody first took it on. Opened again it keeps that.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub first_response_at: Option<Timestamp>,
    /// Since when that was waited for, where the case was opened again after it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub responded_since: Option<Timestamp>,
    /// What was heard, the oldest first.
    pub signals: Vec<Joined>,
    /// Signals beyond those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_signals: u32,
    /// What was done, the oldest first.
    pub history: Vec<Entry>,
    /// The last escalation, in percent.
    #[serde(default)]
    pub escalated: u8,
    /// What operators are still to be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untold: Vec<Told>,
    /// When it is to be looked at next; `None`: when somebody does something.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub next_at: Option<Timestamp>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// How far a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    /// Nobody has taken it on.
    Open,
    /// Somebody deals with it.
    Acknowledged,
    /// It ended.
    Resolved {
        /// How.
        outcome: Outcome,
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
}

impl State {
    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged => "acknowledged",
            Self::Resolved { .. } => "resolved",
        }
    }
}

/// A signal of a case with what was understood of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The fact.
    pub signal: Signal,
    /// What was understood.
    pub reading: Reading,
}

/// One step in the history of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// What happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Event {
    /// It was opened, or opened again.
    Opened {
        /// By this signal.
        by: Kind,
    },
    /// Another signal came.
    Joined {
        /// This one.
        by: Kind,
    },
    /// More buyers complained of the same.
    Counted {
        /// How many had before.
        from: u32,
        /// How many have now.
        to: u32,
    },
    /// Time runs out.
    Escalated {
        /// That share of it is gone.
        percent: u8,
    },
    /// The order was shipped, cancelled or delivered after all.
    Settled,
    /// A person did something.
    Person {
        /// Who.
        by: String,
        /// What.
        act: Act,
    },
}

impl Case {
    /// Opens a case by its first signal.
    pub fn open(signal: Signal, reading: Reading, team: &Team, now: Timestamp) -> Self {
        let department = team.department(&signal, reading.primary());
        let mut case = Self {
            id: signal.subject.id(),
            seller: signal.seller.clone(),
            subject: signal.subject.clone(),
            marketplace: signal.marketplace,
            asin: signal.asin.clone(),
            sku: signal.sku.clone(),
            opened_at: now,
            severity: reading.severity(&signal),
            causes: reading.causes.clone(),
            urgency: reading.urgency,
            department,
            owner: team.owner(&signal, department).map(str::to_owned),
            deadline: team.deadline(&signal),
            state: State::Open,
            first_response_at: None,
            responded_since: None,
            signals: Vec::new(),
            more_signals: 0,
            history: Vec::new(),
            escalated: 0,
            untold: vec![Told::Opened],
            next_at: Some(now),
        };
        case.note(Event::Opened { by: signal.kind }, now);
        case.signals.push(Joined { signal, reading });
        case
    }

    /// Whether the last that happened to it is that it was opened, or opened again.
    pub fn is_just_opened(&self) -> bool {
        matches!(self.history.last(), Some(Entry { event: Event::Opened { .. }, .. }))
    }

    /// Takes in a later signal. `false`: it was there already.
    pub fn join(&mut self, signal: Signal, reading: Reading, team: &Team, now: Timestamp) -> bool {
        if self.signals.iter().any(|joined| joined.signal.id == signal.id) {
            return false;
        }
        if signal.kind == Kind::FeedbackGone {
            return self.lose_feedback(signal, reading, now);
        }
        if self.is_open()
            && let Some(count) = signal.count
            && let Some(before) = self.signals.iter_mut().find(|joined| joined.signal.count.is_some())
        {
            let from = before.signal.count.unwrap_or(count);
            if count <= from {
                return false;
            }
            *before = Joined { signal, reading };
            self.count_on(from, count, now);
            return true;
        }
        let severity = reading.severity(&signal);
        let is_worse = severity > self.severity;
        let deadline = team.deadline(&signal);
        self.marketplace = self.marketplace.or(signal.marketplace);
        self.asin = self.asin.take().or_else(|| signal.asin.clone());
        self.sku = self.sku.take().or_else(|| signal.sku.clone());
        if is_worse && !reading.causes.is_empty() {
            self.causes.clear();
        }
        for cause in &reading.causes {
            if !self.causes.contains(cause) {
                self.causes.push(*cause);
            }
        }
        self.urgency = self.urgency.min(reading.urgency);
        self.severity = self.severity.max(severity);
        if let State::Resolved { .. } = self.state {
            self.begin_again(deadline, now);
            self.note(Event::Opened { by: signal.kind }, now);
            self.untold.push(Told::Opened);
        } else {
            self.deadline = self.deadline.min(deadline);
            self.note(Event::Joined { by: signal.kind }, now);
            // More of the same calls nobody again.
            let is_first_of_kind = !self.signals.iter().any(|joined| joined.signal.kind == signal.kind);
            if (is_worse || is_first_of_kind) && !self.untold.contains(&Told::Opened) {
                self.untold.push(Told::Joined { signal: signal.id.clone() });
            }
        }
        if is_worse {
            self.department = team.department(&signal, self.causes.first().copied());
        }
        if self.owner.is_none() {
            self.owner = team.owner(&signal, self.department).map(str::to_owned);
        }
        self.keep(signal, reading);
        self.plan(team, now);
        true
    }

    /// A feedback was taken away: a case that had nothing else ends by it, and calls nobody.
    fn lose_feedback(&mut self, signal: Signal, reading: Reading, now: Timestamp) -> bool {
        self.note(Event::Joined { by: signal.kind }, now);
        let is_all = self.more_signals == 0
            && self.signals.iter().all(|it| matches!(it.signal.kind, Kind::Feedback | Kind::FeedbackGone));
        if self.is_open() && is_all {
            self.end(Outcome::Removed, now);
        }
        self.keep(signal, reading);
        true
    }

    /// Ends it: whoever was to be told of it need not be any more, and nothing is due.
    pub(super) fn end(&mut self, outcome: Outcome, now: Timestamp) {
        self.state = State::Resolved { outcome, at: now };
        self.untold.clear();
        self.next_at = None;
    }

    /// More complain of the same: one step, until something else happens.
    fn count_on(&mut self, from: u32, to: u32, now: Timestamp) {
        match self.history.last_mut() {
            Some(Entry { at, event: Event::Counted { to: last, .. } }) => (*at, *last) = (now, to),
            _ => self.note(Event::Counted { from, to }, now),
        }
    }

    /// Keeps a signal; of counts the last one alone.
    fn keep(&mut self, signal: Signal, reading: Reading) {
        if signal.count.is_some() {
            self.signals.retain(|joined| joined.signal.count.is_none());
        }
        if self.signals.len() < MAX_KEPT {
            self.signals.push(Joined { signal, reading });
        } else {
            self.more_signals += 1;
        }
    }

    pub(super) fn begin_again(&mut self, deadline: Timestamp, now: Timestamp) {
        self.responded_since = self.first_response().map(|(since, _)| since);
        self.state = State::Open;
        self.opened_at = now;
        self.deadline = deadline;
        self.escalated = 0;
    }

    /// What is known of the order now: a case of nothing but its shipping or its parcel ends when that is
    /// put right, and calls nobody any more. `false`: it goes on.
    pub fn settle(&mut self, facts: &Facts, now: Timestamp) -> bool {
        let is_over = |kind: Kind| match kind {
            Kind::LateToShip => matches!(facts.status, Some(OrderStatus::Shipped | OrderStatus::Cancelled)),
            Kind::Stuck => facts.delivered.is_some(),
            _ => false,
        };
        let is_all = self.more_signals == 0 && self.signals.iter().all(|it| is_over(it.signal.kind));
        if !self.is_open() || !is_all {
            return false;
        }
        self.end(Outcome::Mended, now);
        self.note(Event::Settled, now);
        true
    }

    /// Looks at the clock: whom to call because time runs out. `false`: nobody yet.
    pub fn tick(&mut self, team: &Team, now: Timestamp) -> bool {
        let due = |percent: &u8| self.escalation_at(*percent, team).is_some_and(|at| at <= now);
        let Some(percent) = ESCALATIONS.into_iter().rfind(due) else {
            return false;
        };
        self.escalated = percent;
        self.untold.push(Told::Escalated { percent });
        self.note(Event::Escalated { percent }, now);
        self.plan(team, now);
        true
    }

    /// When that share of the time is to be told of; `None`: not, or not again.
    fn escalation_at(&self, percent: u8, team: &Team) -> Option<Timestamp> {
        let is_asked = match self.state {
            State::Open => true,
            // Somebody deals with it: the end of the time is near enough to be told.
            State::Acknowledged => percent > 50,
            State::Resolved { .. } => false,
        };
        (is_asked && percent > self.escalated)
            .then(|| team.gone_by(percent, (self.opened_at, self.deadline), self.severity))
    }

    /// That is told; what came meanwhile is not.
    pub fn told(&mut self, told: &[Told], team: &Team, now: Timestamp) {
        self.untold.retain(|untold| !told.contains(untold));
        self.plan(team, now);
    }

    /// Sets when it is to be looked at next.
    pub(super) fn plan(&mut self, team: &Team, now: Timestamp) {
        self.next_at = if self.untold.is_empty() {
            ESCALATIONS.into_iter().filter_map(|percent| self.escalation_at(percent, team)).min()
        } else {
            Some(now)
        };
    }

    pub(super) fn note(&mut self, event: Event, at: Timestamp) {
        if self.history.len() == MAX_KEPT {
            // The beginning stays; of the middle the oldest goes.
            self.history.remove(1);
        }
        self.history.push(Entry { at, event });
    }

    /// The first response: since when it was waited for, and when it came.
    pub fn first_response(&self) -> Option<(Timestamp, Timestamp)> {
        Some((self.responded_since.unwrap_or(self.opened_at), self.first_response_at?))
    }

    /// Whether somebody still has to deal with it.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Resolved { .. })
    }

    /// The signal that presses most, of those the latest.
    pub fn leading(&self) -> Option<&Joined> {
        self.signals.iter().max_by_key(|joined| joined.reading.severity(&joined.signal))
    }
}

#[cfg(test)]
mod tests;
