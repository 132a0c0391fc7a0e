//! The one place where time is read.
//!
//! Handlers read the clock once per record and pass `now` on. The virtual clock follows
//! tokio's timer, so that under a paused runtime weeks pass in seconds while every lease and
//! time-out keeps its true length.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A source of the current time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Virtual { base: Timestamp, origin: Instant, skew_ms: Arc<AtomicI64> },
}

impl Clock {
    /// The machine's own clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that shows `base` now and then runs with tokio's timer.
    pub fn starting_at(base: Timestamp) -> Self {
        Self(Source::Virtual { base, origin: Instant::now(), skew_ms: Arc::new(AtomicI64::new(0)) })
    }

    /// The current time.
    #[expect(clippy::disallowed_methods, reason = "the only reader of the machine's clock")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            Source::Virtual { base, origin, skew_ms } => {
                let elapsed = SignedDuration::try_from(origin.elapsed()).unwrap_or(SignedDuration::MAX);
                let skew = SignedDuration::from_millis(skew_ms.load(Ordering::Relaxed));
                base.saturating_add(elapsed).and_then(|t| t.saturating_add(skew)).unwrap_or(*base)
            }
        }
    }

    /// Makes a virtual clock wrong by `by` from now on, as a machine's clock can be. No effect
    /// on the system clock.
    pub fn jump(&self, by: SignedDuration) {
        if let Source::Virtual { skew_ms, .. } = &self.0 {
            let by_ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            skew_ms.fetch_add(by_ms, Ordering::Relaxed);
        }
    }
}
