//! The simulator's clock: a point in time that runs on with tokio's clock.
//!
//! It reads `tokio::time::Instant` and never the system clock after its start, so that a test
//! which pauses tokio's time moves the simulator with it.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    base: Timestamp,
    origin: Instant,
}

impl Clock {
    /// A clock that shows `base` now.
    pub(crate) fn starting_at(base: Timestamp) -> Self {
        Self { base, origin: Instant::now() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.origin.elapsed()).unwrap_or(SignedDuration::MAX);
        self.base.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn follows_the_paused_clock_of_tokio() {
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let clock = Clock::starting_at(start);
        tokio::time::sleep(std::time::Duration::from_hours(24)).await;
        assert_eq!(clock.now(), start + SignedDuration::from_hours(24));
    }
}
