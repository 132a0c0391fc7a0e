//! A case: how signals join it, what people do with it, when it presses. Every change is a function
//! here; the storage writes what comes out on the condition that nobody wrote meanwhile.

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use serde::{Deserialize, Serialize};

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
use crate::say::Text;
use crate::text;
use crate::text::{Cause, Urgency};

/// Signals and steps of a case that are kept one by one; of more the number alone.
const MAX_KEPT: usize = 40;
/// Shares of the time to a deadline at which somebody is called, in percent.
pub(super) const ESCALATIONS: [u8; 3] = [50, 80, 100];
/// Longest note of a person, in characters.
const MAX_NOTE: usize = 400;

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

/// Who acts where nobody was named. A case becomes nobody's by that.
pub const OPERATOR: &str = "operator";

/// What a person does with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Takes it on.
    Acknowledge,
    /// Gives it to somebody, or to a department.
    Assign {
        /// The person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<String>,
        /// The department.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        department: Option<Department>,
    },
    /// Ends it.
    Resolve {
        /// How.
        outcome: Outcome,
        /// A few words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Opens it again.
    Reopen,
}

/// A person's note in one line, without ways to reach anybody.
fn noted(note: &str) -> Result<String, Text> {
    let n = note.chars().count();
    if n > MAX_NOTE {
        return Err(text!(
            "the note has {n} characters; at most {MAX_NOTE} are kept: shorten it",
            "备注有 {n} 个字符,最多 {MAX_NOTE} 个:请缩短"
        ));
    }
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = note.split(is_blank).filter(|word| !word.is_empty()).collect();
    Ok(crate::lint::without_contacts(&words.join(" ")))
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
    fn end(&mut self, outcome: Outcome, now: Timestamp) {
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

    fn begin_again(&mut self, deadline: Timestamp, now: Timestamp) {
        self.responded_since = self.first_response().map(|(since, _)| since);
        self.state = State::Open;
        self.opened_at = now;
        self.deadline = deadline;
        self.escalated = 0;
    }

    /// A person does something.
    ///
    /// # Errors
    ///
    /// If that makes no sense any more: what a person reads.
    pub fn act(&mut self, act: Act, by: &str, team: &Team, now: Timestamp) -> Result<(), Text> {
        let is_resolved = matches!(self.state, State::Resolved { .. });
        let id = &self.id;
        match &act {
            Act::Reopen if !is_resolved => {
                return Err(text!("case {id} is not resolved", "工单 {id} 尚未结案"));
            }
            Act::Reopen => {}
            _ if is_resolved => {
                return Err(text!(
                    "case {id} is resolved; `renown cases reopen {id}` opens it again",
                    "工单 {id} 已结案;可用 `renown cases reopen {id}` 重新打开"
                ));
            }
            Act::Acknowledge if self.state == State::Acknowledged => {
                let owner = self.owner.as_deref().unwrap_or("—");
                return Err(text!(
                    "case {id} is in hand already ({owner}); `renown cases assign {id} --to NAME` gives it to somebody else",
                    "工单 {id} 已有人受理({owner});可用 `renown cases assign {id} --to 姓名` 转交"
                ));
            }
            Act::Acknowledge | Act::Assign { .. } | Act::Resolve { .. } => {}
        }
        let act = match act {
            Act::Resolve { outcome, note } => Act::Resolve { outcome, note: noted(&note)? },
            Act::Assign { owner, department } => {
                Act::Assign { owner: owner.map(|owner| owner.trim().to_owned()), department }
            }
            act => act,
        };
        match &act {
            Act::Acknowledge => {
                self.state = State::Acknowledged;
                // Who takes on what is nobody's has it.
                self.owner = self.owner.take().or(Some(by.trim().to_owned()).filter(|by| by != OPERATOR));
            }
            Act::Assign { owner, department } => {
                self.owner = owner.clone().or(self.owner.take());
                self.department = department.unwrap_or(self.department);
                self.untold.push(Told::Assigned);
            }
            Act::Resolve { outcome, .. } => self.end(*outcome, now),
            Act::Reopen => {
                let span = self.deadline.duration_since(self.opened_at);
                self.begin_again(now.saturating_add(span).unwrap_or(now), now);
            }
        }
        if matches!(act, Act::Acknowledge | Act::Resolve { .. }) {
            self.first_response_at = self.first_response_at.or(Some(now));
        }
        self.note(Event::Person { by: by.trim().to_owned(), act }, now);
        self.plan(team, now);
        Ok(())
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
    fn plan(&mut self, team: &Team, now: Timestamp) {
        self.next_at = if self.untold.is_empty() {
            ESCALATIONS.into_iter().filter_map(|percent| self.escalation_at(percent, team)).min()
        } else {
            Some(now)
        };
    }

    fn note(&mut self, event: Event, at: Timestamp) {
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
mod tests {
    use jiff::SignedDuration;

    use super::super::figures::figures;
    use super::super::topic::topic_signal;
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        let begin: Timestamp = "2026-11-02T09:00:00Z".parse().expect("a time");
        begin + SignedDuration::from_mins(minutes)
    }

    /// A complaint about a product by the buyer of an order.
    fn complaint(n: u32) -> (Signal, Reading) {
        let order = format!("028-1234567-{n:07}").parse().expect("an order");
        let subject = Subject::Order { order };
        let seller = "A1SELLER".parse().expect("valid");
        let mut signal = Signal::new(seller, subject, Kind::Feedback, "x", (at(0), at(0))).saying("kaputt");
        signal.asin = "B0TEAPOT01".parse().ok();
        signal.stars = Some(1);
        let reading = Reading {
            causes: vec![Cause::DefectiveQuality],
            urgency: Urgency::None,
            language: None,
            negative: true,
            translation: None,
            removable: None,
        };
        (signal, reading)
    }

    /// The signal of a topic that counts so many.
    fn count(n: u32) -> (Signal, Reading) {
        let (signal, reading) = complaint(n);
        let n = usize::try_from(n).expect("small");
        (topic_signal(&signal, &reading, n, at(0)).expect("a topic"), reading)
    }

    fn open() -> (Case, Team) {
        let ((signal, reading), team) = (complaint(1), Team::default());
        (Case::open(signal, reading, &team, at(0)), team)
    }

    fn resolve(note: &str) -> Act {
        Act::Resolve { outcome: Outcome::Refunded, note: note.to_owned() }
    }

    #[test]
    fn a_topic_holds_its_last_count_once_and_its_history_is_one_step() {
        let ((signal, reading), team) = (count(3), Team::default());
        let mut case = Case::open(signal, reading, &team, at(0));
        // What is counted at one moment comes in any order.
        for n in [5, 4, 21, 20] {
            let (signal, reading) = count(n);
            assert_eq!(case.join(signal, reading, &team, at(n.into())), n == 5 || n == 21, "{n}");
        }
        let [joined] = &case.signals[..] else { panic!("{:#?}", case.signals) };
        assert!(joined.signal.note.as_ref().is_some_and(|note| note.en.starts_with("21 complaints")));
        let events: Vec<_> = case.history.iter().map(|entry| (entry.at, entry.event.clone())).collect();
        let counted = (at(21), Event::Counted { from: 3, to: 21 });
        assert_eq!(events, [(at(0), Event::Opened { by: Kind::Topic }), counted]);
        assert!(!joined.signal.id.contains("028-"), "what a buyer said can be erased: {}", joined.signal.id);
        // What a person does stands between.
        case.act(Act::Acknowledge, "Wang", &team, at(30)).expect("taken on");
        let (signal, reading) = count(22);
        assert!(case.join(signal, reading, &team, at(31)));
        assert_eq!(case.history.last().map(|it| &it.event), Some(&Event::Counted { from: 21, to: 22 }));
        // Ended and counted anew, it begins with what is counted then.
        case.act(resolve(""), "Wang", &team, at(40)).expect("ended");
        let (signal, reading) = count(4);
        assert!(case.join(signal, reading, &team, at(50)));
        assert_eq!(case.signals.iter().map(|it| it.signal.count).collect::<Vec<_>>(), [Some(4)]);
        assert!(case.is_open());
    }

    #[test]
    fn a_topic_keeps_what_amazon_says_of_it_beside_its_count() {
        let ((signal, reading), team) = (count(3), Team::default());
        let of_amazon = Signal { id: "topic#review".to_owned(), count: None, ..signal.clone() };
        let mut case = Case::open(of_amazon, reading.clone(), &team, at(0));
        assert!(case.join(signal, reading, &team, at(1)));
        let (signal, reading) = count(9);
        assert!(case.join(signal, reading, &team, at(2)));
        assert_eq!(case.signals.iter().map(|it| it.signal.count).collect::<Vec<_>>(), [None, Some(9)]);
    }

    #[test]
    fn a_case_that_is_opened_again_keeps_its_first_response() {
        for by_person in [true, false] {
            let (mut case, team) = open();
            case.act(Act::Acknowledge, "Wang", &team, at(30)).expect("taken on");
            case.act(resolve(""), "Wang", &team, at(60)).expect("ended");
            let minutes = |case: &Case| figures([case], &team, at(2000)).median_minutes;
            assert_eq!(minutes(&case), Some(30));
            for later in [1000, 1200] {
                if by_person {
                    case.act(Act::Reopen, "Wang", &team, at(later)).expect("opened again");
                } else {
                    let (mut signal, reading) = complaint(1);
                    signal.id = format!("later#{later}");
                    assert!(case.join(signal, reading, &team, at(later)));
                }
                assert_eq!((case.opened_at, minutes(&case)), (at(later), Some(30)));
                case.act(Act::Acknowledge, "Li", &team, at(later + 50)).expect("taken on");
                assert_eq!(minutes(&case), Some(30), "the first one counts");
                case.act(resolve(""), "Li", &team, at(later + 60)).expect("ended");
            }
        }
    }

    #[test]
    fn a_first_response_that_never_came_is_waited_for_since_it_was_opened_again() {
        let (mut case, team) = open();
        case.end(Outcome::Mended, at(10));
        case.act(Act::Reopen, "Wang", &team, at(100)).expect("opened again");
        assert_eq!(case.first_response(), None);
        case.act(Act::Acknowledge, "Wang", &team, at(120)).expect("taken on");
        assert_eq!(case.first_response(), Some((at(100), at(120))));
    }

    #[test]
    fn a_note_is_one_line_without_ways_to_reach_anybody_and_too_long_a_one_is_refused() {
        let (mut case, team) = open();
        let long = "é".repeat(MAX_NOTE + 1);
        let why = case.act(resolve(&long), "Wang", &team, at(1)).expect_err("too long");
        assert!(why.en.contains("401") && why.en.contains("400"), "{why}");
        assert!(why.zh.contains("401") && why.zh.contains("400"), "{}", why.zh);
        assert_eq!((case.is_open(), case.history.len()), (true, 1));
        let note = " full refund,\n wrote to jo@teehaus.de\tand +49 151 23456789 \u{1b}[2J ";
        case.act(resolve(note), " Wang ", &team, at(2)).expect("ended");
        let Some(Event::Person { by, act: Act::Resolve { note, .. } }) =
            case.history.last().map(|entry| entry.event.clone())
        else {
            panic!("{:?}", case.history)
        };
        assert_eq!((by.as_str(), note.as_str()), ("Wang", "full refund, wrote to [mail] and [phone] [2J"));
    }
}
