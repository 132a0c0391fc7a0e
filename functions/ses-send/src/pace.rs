//! The account's rate and quota.

use std::time::Duration;

use renown_io::mail::Quota;
use tokio::time::Instant;

/// Mails a second of what SES allows: others may send from the account too. Ours.
const SHARE: f64 = 0.9;

/// Lets one mail after the other through.
#[derive(Debug)]
pub(crate) struct Pace {
    every: Duration,
    next: Instant,
    left: Option<u64>,
}

impl Pace {
    pub(crate) fn new(quota: Quota) -> Self {
        let every = Duration::from_secs_f64(1.0 / (quota.per_second * SHARE));
        Self { every, next: Instant::now(), left: quota.left }
    }

    /// Whether the day's quota leaves room.
    pub(crate) fn has_quota(&self) -> bool {
        self.left != Some(0)
    }

    /// When the next mail may go.
    pub(crate) async fn turn(&mut self) {
        tokio::time::sleep_until(self.next).await;
    }

    /// One went.
    pub(crate) fn went(&mut self) {
        self.next = Instant::now().max(self.next) + self.every;
        self.left = self.left.map(|left| left.saturating_sub(1));
    }

    /// SES throttled: none goes for this long.
    pub(crate) fn rest(&mut self, pause: Duration) {
        self.next = Instant::now() + pause;
    }
}
