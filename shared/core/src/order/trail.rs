//! The story of an order: what happened to it, in the order of happening.
//!
//! Repeats collapse into one entry with a count and both ends, so that an order that was
//! probed on twenty days is still one small item.

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use serde::{Deserialize, Serialize};

/// Entries kept. Beyond, the oldest but the first go; a usual order has five.
const MAX_ENTRIES: usize = 16;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// First heard of in a notification.
    FirstNotified,
    /// First heard of in a report although a notification should have come.
    FirstReported,
    /// First heard of in a file a person imported or in a look-up.
    FirstImported,
    /// A date was set or moved.
    Planned,
    /// The parcels were looked up.
    LookedUp,
    /// Amazon offered nothing.
    NothingOffered,
    /// A claim was taken.
    Claimed,
    /// Amazon accepted the request.
    Accepted,
    /// Amazon throttled the call; nothing was processed.
    Throttled,
    /// The call could not be made; nothing was processed.
    NotSent,
    /// No reply told what became of the call.
    Unclear,
    /// The process that held the claim died with it.
    ClaimLost,
    /// After a call of unknown outcome Amazon still offers the action: it was not processed.
    StillOffered,
    /// After a call of unknown outcome Amazon no longer offers the action.
    Gone,
    /// Amazon refused; the detail is its text.
    AmazonRefused,
    /// Amazon says it is too early.
    TooEarly,
    /// Held for a person.
    Held,
    /// Released by a person.
    Released,
    /// A person wants it asked as soon as its window allows.
    Hastened,
    /// Ended: asked, refused, skipped or expired; the state says which.
    Ended,
    /// Late evidence opened it again.
    Reopened,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// What happened.
    #[serde(rename = "s")]
    pub step: Step,
    /// When first.
    #[serde(rename = "t", with = "secs")]
    pub at: Timestamp,
    /// When last, if more than once.
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub last: Option<Timestamp>,
    /// How often.
    #[serde(rename = "n", default = "one", skip_serializing_if = "is_one")]
    pub count: u32,
    /// A few words: a rule version, Amazon's text. Never of a buyer.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_one(value: &u32) -> bool {
    *value == 1
}

/// The entries, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trail(Vec<TrailEntry>);

impl Trail {
    /// Adds a step; a repeat of the last one is counted there.
    pub fn add(&mut self, step: Step, at: Timestamp) {
        self.push(step, at, None);
    }

    /// Adds a step with a few words, cut to 120 characters.
    pub fn add_with(&mut self, step: Step, at: Timestamp, detail: &str) {
        self.push(step, at, Some(detail.chars().take(120).collect()));
    }

    fn push(&mut self, step: Step, at: Timestamp, detail: Option<String>) {
        if let Some(last) = self.0.last_mut()
            && last.step == step
            && last.detail == detail
        {
            last.count += 1;
            last.last = Some(at);
            return;
        }
        // The first entry tells where the order came from and stays.
        if self.0.len() == MAX_ENTRIES {
            self.0.remove(1);
        }
        self.0.push(TrailEntry { step, at, last: None, count: 1, detail });
    }

    /// The entries, oldest first.
    pub fn entries(&self) -> &[TrailEntry] {
        &self.0
    }

    /// Whether a step ever happened (among the entries kept).
    pub fn has(&self, step: Step) -> bool {
        self.0.iter().any(|entry| entry.step == step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(s: i64) -> Timestamp {
        Timestamp::from_second(s).expect("in range")
    }

    #[test]
    fn repeats_collapse_with_count_first_and_last() {
        let mut trail = Trail::default();
        for day in 1..=20 {
            trail.add(Step::NothingOffered, t(day * 86_400));
        }
        let [entry] = trail.entries() else { panic!("one entry") };
        assert_eq!((entry.count, entry.at, entry.last), (20, t(86_400), Some(t(20 * 86_400))));
    }

    #[test]
    fn a_long_story_keeps_its_beginning_and_its_end() {
        let mut trail = Trail::default();
        trail.add(Step::FirstNotified, t(1));
        for i in 0..40 {
            trail.add(if i % 2 == 0 { Step::Planned } else { Step::Throttled }, t(10 + i));
        }
        assert_eq!(trail.entries().len(), MAX_ENTRIES);
        assert_eq!(trail.entries()[0].step, Step::FirstNotified);
        assert_eq!(trail.entries().last().expect("not empty").at, t(49));
    }
}
