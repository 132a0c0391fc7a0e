//! How fast a team answers, and how much it puts right.

use jiff::SignedDuration;
use serde::Serialize;

use super::outcome::Outcome;
use super::record::{Case, State};
use super::team::Team;

/// Figures of a number of cases.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Cases that are open.
    pub open: usize,
    /// … and past their deadline.
    pub overdue: usize,
    /// Cases that ended.
    pub resolved: usize,
    /// Minutes of working time to the first response: of half of the cases at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_minutes: Option<i64>,
    /// The same of nine in ten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p90_minutes: Option<i64>,
    /// Cases with a first response, which those two are of.
    pub responded: usize,
    /// Cases that the team put right.
    pub recovered: usize,
    /// Cases that ended and asked for something: what recovered is a share of. Those that ended of
    /// themselves before anybody took them on are none of the team's.
    pub recoverable: usize,
}

/// Counts cases.
pub fn figures<'a>(cases: impl IntoIterator<Item = &'a Case>, team: &Team, now: jiff::Timestamp) -> Figures {
    let mut figures = Figures::default();
    let mut minutes: Vec<i64> = Vec::new();
    for case in cases {
        match case.state {
            State::Open | State::Acknowledged => {
                figures.open += 1;
                figures.overdue += usize::from(case.deadline < now);
            }
            State::Resolved { outcome, .. } => {
                figures.resolved += 1;
                let is_by_the_team = case.first_response_at.is_some();
                let is_recoverable = is_by_the_team && outcome != Outcome::NoReplyNeeded;
                figures.recoverable += usize::from(is_recoverable);
                figures.recovered += usize::from(is_recoverable && outcome.is_recovered());
            }
        }
        if let Some((since, at)) = case.first_response() {
            let span: SignedDuration = team.working_time(since, at);
            minutes.push(span.as_mins());
        }
    }
    minutes.sort_unstable();
    figures.responded = minutes.len();
    figures.median_minutes = nearest(&minutes, 50);
    figures.p90_minutes = nearest(&minutes, 90);
    figures
}

/// The nearest-rank percentile of sorted values.
fn nearest(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<i64> = (1..=10).collect();
        assert_eq!((nearest(&values, 50), nearest(&values, 90)), (Some(5), Some(9)));
        assert_eq!((nearest(&[7], 50), nearest(&[7], 90), nearest(&[], 50)), (Some(7), Some(7), None));
    }
}
