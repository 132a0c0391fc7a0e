//! What a test came to: shares with their intervals, and a word about the difference once the
//! sample is full, never before.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Experiment;
use crate::mail::state::{Heard, Mail};

/// After the last mail the answers are waited for this long. Source: ours; nearly everybody who
/// follows a link does so within two days.
const WAIT: SignedDuration = SignedDuration::from_hours(5 * 24);
/// Standard errors of an interval of 95 %.
const Z: f64 = 1.959_964;

/// What is counted as a success.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A person followed its link. Scanners, which follow every link within seconds, are left out.
    #[default]
    Clicked,
    /// A person opened it, as far as that can be known: mail programs that fetch every picture
    /// are left out.
    Opened,
}

impl Measure {
    fn is_met(self, heard: &Heard) -> bool {
        match self {
            Self::Clicked => heard.clicked.is_some(),
            Self::Opened => heard.opened.is_some(),
        }
    }
}

/// What one arm came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Mails that left, or may have.
    pub sent: u32,
    /// Mails that did what is measured.
    pub succeeded: u32,
    /// Mails by which their recipient unsubscribed.
    pub unsubscribed: u32,
    /// Mails that were called spam.
    pub complained: u32,
}

impl Tally {
    /// Takes up a mail of the arm.
    pub fn take(&mut self, mail: &Mail, measure: Measure) {
        let count = |n: &mut u32, is: bool| *n += u32::from(is);
        count(&mut self.sent, mail.state.may_have_left());
        count(&mut self.succeeded, mail.state.may_have_left() && measure.is_met(&mail.heard));
        count(&mut self.unsubscribed, mail.heard.unsubscribed.is_some());
        count(&mut self.complained, mail.heard.complained.is_some());
    }

    /// The share that succeeded, with the interval that holds the true one 19 times of 20.
    /// `None`: nothing was sent.
    pub fn share(&self) -> Option<Interval> {
        (self.sent > 0).then(|| self.wilson(Z))
    }

    /// Wilson's score interval, which stays within 0 and 1 and is sound for rare successes.
    /// Source: E. B. Wilson 1927; R. G. Newcombe 1998, method 3.
    fn wilson(&self, z: f64) -> Interval {
        let n = f64::from(self.sent);
        let share = f64::from(self.succeeded) / n;
        let middle = share + z * z / (2.0 * n);
        let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + z * z / n;
        Interval { at: share, from: (middle - half) / scale, to: (middle + half) / scale }
    }
}

/// A figure and where it may lie.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// As it was counted.
    pub at: f64,
    /// The lower end.
    pub from: f64,
    /// The upper end.
    pub to: f64,
}

/// How far a test is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Stage {
    /// Arms want mails yet.
    Filling,
    /// The sample is full; answers may still come in.
    Waiting {
        /// Until then.
        until: Timestamp,
    },
    /// Everything is in.
    Done,
    /// A person ended it before the sample was full: nothing can be said of a difference.
    BrokenOff,
}

/// How an arm compares with the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    /// Share of the arm less share of the first, in parts of one.
    #[serde(flatten)]
    pub points: Interval,
    /// Whether chance alone is ruled out.
    pub is_shown: bool,
}

impl Experiment {
    /// How far it is.
    pub fn stage(&self, now: Timestamp) -> Stage {
        if !self.is_full() {
            return if self.ended.is_some() { Stage::BrokenOff } else { Stage::Filling };
        }
        let until = self.last_claim.unwrap_or(self.since).saturating_add(WAIT).unwrap_or(Timestamp::MAX);
        if now < until { Stage::Waiting { until } } else { Stage::Done }
    }

    /// How the later arms compare with the first, in their order. Empty until everything is in:
    /// who looks each day and stops at the first lucky one finds differences that are none.
    /// With several arms each has to show more, so that all together err once in twenty times.
    pub fn differences(&self, tallies: &[Tally], now: Timestamp) -> Vec<Difference> {
        let Some((first, others)) = tallies.split_first() else { return Vec::new() };
        if self.stage(now) != Stage::Done || tallies.iter().any(|tally| tally.sent == 0) {
            return Vec::new();
        }
        // Bonferroni: the quantiles of 1 - 0.025, 1 - 0.0125 and 1 - 0.00833.
        let z = match others.len() {
            0 | 1 => Z,
            2 => 2.241_403,
            _ => 2.393_980,
        };
        others.iter().map(|other| difference(first, other, z)).collect()
    }
}

/// Newcombe's hybrid score interval of a difference (1998, method 10).
fn difference(first: &Tally, other: &Tally, z: f64) -> Difference {
    let (a, b) = (other.wilson(z), first.wilson(z));
    let at = a.at - b.at;
    let from = at - ((a.at - a.from).powi(2) + (b.to - b.at).powi(2)).sqrt();
    let to = at + ((a.to - a.at).powi(2) + (b.at - b.from).powi(2)).sqrt();
    Difference { points: Interval { at, from, to }, is_shown: from > 0.0 || to < 0.0 }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mail::experiment::Plan;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).expect("a time")
    }

    fn tally(sent: u32, succeeded: u32) -> Tally {
        Tally { sent, succeeded, ..Tally::default() }
    }

    fn test(claimed: [u32; 2]) -> Experiment {
        let plan = json!({"name": "t", "mail": "invitation", "sample": 400,
            "arms": [{"name": "a"}, {"name": "b"}]});
        let plan: Plan = serde_json::from_value(plan).expect("a plan");
        Experiment { claimed: claimed.into(), last_claim: Some(at(10)), ..Experiment::begin(plan, at(0)) }
    }

    fn is_near(a: f64, b: f64) -> bool {
        (a - b).abs() < 5e-4
    }

    #[test]
    fn intervals_are_those_of_the_books() {
        // Newcombe 1998: 15 of 148, Wilson without continuity correction .0624 to .1605; 56 of 70
        // against 48 of 80, method 10: .0524 to .3339.
        let share = tally(148, 15).share().expect("some were sent");
        assert!(is_near(share.from, 0.0624) && is_near(share.to, 0.1605), "{share:?}");
        let points = difference(&tally(80, 48), &tally(70, 56), Z).points;
        assert!(is_near(points.from, 0.0524) && is_near(points.to, 0.3339), "{points:?}");
        assert_eq!(tally(0, 0).share(), None);
    }

    #[test]
    fn nothing_is_said_of_a_difference_before_the_sample_is_full_and_the_answers_are_in() {
        let tallies = [tally(400, 40), tally(400, 80)];
        assert_eq!(test([400, 399]).differences(&tallies, at(99)), []);
        assert_eq!(test([400, 400]).differences(&tallies, at(14)), []);
        let told = test([400, 400]).differences(&tallies, at(15));
        assert!(told[0].is_shown && told[0].points.from > 0.04, "{told:?}");
        let mut broken_off = test([400, 399]);
        broken_off.ended = Some(at(11));
        assert_eq!(
            (broken_off.stage(at(99)), broken_off.differences(&tallies, at(99))),
            (Stage::BrokenOff, vec![])
        );
    }

    #[test]
    fn what_chance_alone_may_do_is_not_called_a_difference() {
        let told = test([400, 400]).differences(&[tally(400, 40), tally(400, 48)], at(20));
        assert!(!told[0].is_shown, "{told:?}");
    }
}
