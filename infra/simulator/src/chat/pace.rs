//! How fast a robot may speak.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// So many posts within any span of this length.
pub(super) struct Window {
    pub(super) posts: usize,
    pub(super) span: SignedDuration,
}

/// The pace of one target.
pub(super) struct Limit {
    /// Each of them must hold.
    pub(super) windows: &'static [Window],
    /// How long a robot that was too fast is not heard at all.
    pub(super) silence: Option<SignedDuration>,
}

impl Limit {
    /// No limit.
    pub(super) const NONE: Self = Self { windows: &[], silence: None };
}

/// A post came too soon.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooFast {
    /// Until the next one would be taken.
    wait: SignedDuration,
    /// Whether it came during the silence that an earlier one brought about.
    pub(super) silenced: bool,
}

impl TooFast {
    /// Whole seconds until the next post would be taken, at least one.
    pub(super) fn seconds(&self) -> i64 {
        self.wait.as_secs() + i64::from(self.wait.subsec_nanos() > 0 || self.wait.is_zero())
    }
}

/// When a robot spoke of late.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Pace {
    posts: Vec<Timestamp>,
    silent_until: Option<Timestamp>,
}

impl Pace {
    /// Counts a post. One that is too fast is not counted, so that it delays nothing but itself.
    pub(super) fn take(&mut self, limit: &Limit, now: Timestamp) -> Result<(), TooFast> {
        if let (Some(until), Some(silence)) = (self.silent_until, limit.silence) {
            let wait = until.duration_since(now);
            // More than the whole silence is left of one that lies ahead: the clock was set back.
            if wait.is_positive() && wait <= silence {
                return Err(TooFast { wait, silenced: true });
            }
        }
        let longest = limit.windows.iter().map(|window| window.span).max().unwrap_or_default();
        // Posts that lie ahead are those of a clock that was set back.
        self.posts.retain(|at| *at <= now && now.duration_since(*at) < longest);
        let wait = limit.windows.iter().filter_map(|window| {
            // The post that has to leave the window before another fits in.
            let oldest = *self.posts.get(self.posts.len().checked_sub(window.posts)?)?;
            let wait = window.span - now.duration_since(oldest);
            wait.is_positive().then_some(wait)
        });
        if let Some(wait) = wait.max() {
            let wait = limit.silence.unwrap_or(wait);
            self.silent_until = limit.silence.and_then(|silence| now.checked_add(silence).ok());
            return Err(TooFast { wait, silenced: false });
        }
        self.posts.push(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: SignedDuration = SignedDuration::from_secs(60);
    const LIMIT: Limit = Limit { windows: &[Window { posts: 3, span: MINUTE }], silence: None };

    const STRICT: Limit = Limit { windows: LIMIT.windows, silence: Some(SignedDuration::from_secs(600)) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_772_323_200 + seconds).expect("a time")
    }

    #[test]
    fn no_span_of_the_windows_length_holds_more_than_its_posts() {
        let mut pace = Pace::default();
        let taken: Vec<i64> =
            (0..130).step_by(10).filter(|second| pace.take(&LIMIT, at(*second)).is_ok()).collect();
        assert_eq!(taken, [0, 10, 20, 60, 70, 80, 120]);
    }

    #[test]
    fn who_is_too_fast_learns_when_the_next_post_is_taken() {
        let mut pace = Pace::default();
        for second in [0, 5, 10] {
            assert_eq!(pace.take(&LIMIT, at(second)), Ok(()));
        }
        let too_fast = pace.take(&LIMIT, at(20)).expect_err("the fourth within a minute");
        assert_eq!((too_fast.seconds(), too_fast.silenced), (40, false));
        assert!(pace.take(&LIMIT, at(59)).is_err());
        assert!(pace.take(&LIMIT, at(60)).is_ok());
    }

    #[test]
    fn every_window_must_hold() {
        const TWO: Limit = Limit {
            windows: &[
                Window { posts: 2, span: SignedDuration::from_secs(1) },
                Window { posts: 4, span: MINUTE },
            ],
            silence: None,
        };
        let mut pace = Pace::default();
        let taken: Vec<i64> =
            [0, 0, 0, 1, 1, 2].into_iter().filter(|s| pace.take(&TWO, at(*s)).is_ok()).collect();
        assert_eq!(taken, [0, 0, 1, 1]);
    }

    #[test]
    fn a_silence_begins_with_the_post_that_was_too_fast_and_ends_by_itself() {
        let mut pace = Pace::default();
        for _ in 0..3 {
            assert_eq!(pace.take(&STRICT, at(0)), Ok(()));
        }
        assert!(!pace.take(&STRICT, at(10)).expect_err("too fast").silenced);
        let silenced = pace.take(&STRICT, at(400)).expect_err("silent");
        assert_eq!((silenced.seconds(), silenced.silenced), (210, true));
        assert!(pace.take(&STRICT, at(610)).is_ok());
    }

    #[test]
    fn a_clock_set_back_forgets_what_lies_ahead() {
        let mut pace = Pace::default();
        for _ in 0..3 {
            assert_eq!(pace.take(&STRICT, at(100)), Ok(()));
        }
        assert!(pace.take(&STRICT, at(100)).is_err());
        assert!(pace.take(&STRICT, at(0)).is_ok());
    }
}
