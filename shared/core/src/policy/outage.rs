//! Whether Amazon itself is at fault: many empty answers over several sellers at once.
//!
//! An empty answer is an ordinary thing for one order and one day. A wave of them over several
//! sellers has been Amazon's fault before (issue #4927 of selling-partner-api-models); then
//! nothing is asked until it is over.

use jiff::SignedDuration;

/// Probes needed before a share means anything.
pub const MIN_PROBES: u64 = 50;
/// Sellers needed: one seller's empty answers may be its own.
pub const MIN_SELLERS: usize = 3;
/// How many times the usual share is a wave.
pub const TIMES_USUAL: f64 = 3.0;
/// Shares below this are never a wave, whatever is usual: with hardly any empty answer in a
/// week, one or two would be.
pub const MIN_SHARE: f64 = 0.1;
/// Taken for usual while the week holds fewer than [`MIN_PROBES`]: a shop that has just gone
/// live meets many orders that were asked by hand before.
pub const USUAL_UNTIL_KNOWN: f64 = 0.25;
/// Probes that must look usual again before the hold is released.
pub const MIN_PROBES_TO_RELEASE: u64 = 10;

/// Probes and how many of them offered nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Orders asked about.
    pub probes: u64,
    /// Answers that offered nothing.
    pub empty: u64,
}

impl Tally {
    /// Share of empty answers; 0 without probes.
    #[expect(clippy::cast_precision_loss, reason = "counts of probes are far below 2^52")]
    pub fn share(self) -> f64 {
        if self.probes == 0 { 0.0 } else { self.empty as f64 / self.probes as f64 }
    }

    /// Adds another tally.
    pub fn add(&mut self, other: Self) {
        self.probes += other.probes;
        self.empty += other.empty;
    }
}

/// What was seen lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lately {
    /// Over the last hour.
    pub hour: Tally,
    /// Sellers probed in the last hour.
    pub sellers: usize,
    /// Over the seven days before.
    pub week: Tally,
}

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// As usual.
    Usual,
    /// A wave: hold everything. With the share of the hour and the usual share.
    Hold {
        /// Of the last hour.
        share: f64,
        /// Of the seven days before.
        usual: f64,
    },
}

/// Judges the last hour. `Usual` also when too little was seen to tell.
pub fn judge(lately: Lately) -> Verdict {
    let (share, usual) = (lately.hour.share(), usual(lately.week));
    let enough = lately.hour.probes >= MIN_PROBES && lately.sellers >= MIN_SELLERS;
    if enough && is_wave(share, usual) { Verdict::Hold { share, usual } } else { Verdict::Usual }
}

/// Whether a hold may be released, by probes made just now: enough of them, and no wave among
/// them. A small shop may not have that many orders to probe; when the hold is an hour old, any
/// number without an empty answer will do.
pub fn is_over(just_now: Tally, week: Tally, held_for: SignedDuration) -> bool {
    if just_now.probes >= MIN_PROBES_TO_RELEASE {
        return !is_wave(just_now.share(), usual(week));
    }
    just_now.probes > 0 && just_now.empty == 0 && held_for >= SignedDuration::from_hours(1)
}

fn usual(week: Tally) -> f64 {
    if week.probes < MIN_PROBES { USUAL_UNTIL_KNOWN } else { week.share() }
}

fn is_wave(share: f64, usual: f64) -> bool {
    share > TIMES_USUAL * usual && share >= MIN_SHARE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(probes: u64, empty: u64) -> Tally {
        Tally { probes, empty }
    }

    #[test]
    fn a_wave_is_over_fifty_probes_of_three_sellers_and_three_times_the_usual() {
        let week = tally(10_000, 500);
        let holds = |hour, sellers| judge(Lately { hour, sellers, week }) != Verdict::Usual;
        assert!(holds(tally(50, 8), 3));
        assert!(!holds(tally(49, 49), 3), "too few probes");
        assert!(!holds(tally(50, 50), 2), "too few sellers");
        assert!(!holds(tally(100, 15), 3), "exactly three times is not over");
        assert!(holds(tally(100, 16), 3));
    }

    #[test]
    fn two_empty_answers_after_a_perfect_week_are_no_wave() {
        assert_eq!(judge(Lately { hour: tally(50, 2), sellers: 3, week: tally(10_000, 0) }), Verdict::Usual);
    }

    #[test]
    fn without_a_week_behind_it_only_a_flood_is_a_wave() {
        let week = tally(10, 0);
        assert_eq!(judge(Lately { hour: tally(100, 60), sellers: 3, week }), Verdict::Usual);
        assert_ne!(judge(Lately { hour: tally(100, 90), sellers: 3, week }), Verdict::Usual);
    }

    #[test]
    fn a_hold_ends_when_enough_probes_look_usual_again() {
        let week = tally(10_000, 500);
        let minute = SignedDuration::from_mins(1);
        assert!(!is_over(tally(9, 0), week, minute));
        assert!(is_over(tally(10, 1), week, minute));
        assert!(!is_over(tally(10, 8), week, minute));
    }

    #[test]
    fn a_small_shops_hold_ends_after_an_hour_when_nothing_it_probes_is_empty() {
        let hour = SignedDuration::from_hours(1);
        assert!(is_over(tally(1, 0), Tally::default(), hour));
        assert!(!is_over(tally(2, 1), Tally::default(), hour));
        assert!(!is_over(tally(0, 0), Tally::default(), hour));
    }
}
