//! When something can happen next: what a clock that ticks each minute would come to, without
//! the minutes in which it would find nothing.

use jiff::{SignedDuration, Timestamp};

use renown_io::ledger::Error;

use super::course::Course;
use crate::world::Amazon;

/// Reports are looked after this often on the demo's time. On AWS it is every few minutes, of
/// which nearly all find nothing: new ranges fall due every six hours, and a finished report
/// tells of itself.
const REPORTS_EVERY: SignedDuration = SignedDuration::from_hours(3);
/// The same on the machine's time while Amazon works on one, as on AWS: that takes minutes, and asking how
/// far it is costs one call of a generous limit …
const REPORTS_OPEN_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// … and while it works on none: new ranges fall due every six hours.
const REPORTS_IDLE_EVERY: SignedDuration = SignedDuration::from_mins(30);
/// The clock that wakes the functions on AWS.
const TICK: SignedDuration = SignedDuration::from_mins(1);
/// After a tick that could do nothing about what is due (an outage, a marketplace that stands
/// still) the demo looks again this much later.
const STUCK: SignedDuration = SignedDuration::from_mins(10);
/// Behind a simulator that runs on its own somebody watches: each second.
const TICK_REMOTE: SignedDuration = SignedDuration::from_secs(1);
/// In the operator's own shop, while nothing falls due. A machine that slept wakes to a timer
/// that stood still meanwhile: this is how late it can be.
const TICK_SHOP: SignedDuration = SignedDuration::from_mins(10);

impl Course<'_> {
    /// The next moment at which there is something to do; after `now`.
    pub(super) async fn next_moment(&self, now: Timestamp) -> anyhow::Result<Timestamp> {
        let simulator = match &self.world.amazon {
            Amazon::Here { simulator, .. } => simulator,
            Amazon::There(_) => return Ok(after(now, TICK_REMOTE)),
            Amazon::Itself => return Ok(self.next_tick(now).await),
        };
        let due = self.next_due().await?;
        let due = if self.is_stuck { due.map(|at| at.max(after(now, STUCK))) } else { due };
        let mail = self.next_mail().await?;
        let alert = self.next_alert().await?;
        let next = [Some(self.next_reports), self.orders.next_visible(), due, self.next_scene(), mail, alert];
        let next = next.into_iter().flatten().chain(simulator.next_change_after(now)).min();
        Ok(next_multiple(next.unwrap_or(now).max(now), TICK))
    }

    /// When the operator's own shop looks again: at its next due order, and no sooner than a
    /// minute after a tick that could do nothing; each minute at the mails of its shops, if it has
    /// any, and at what operators are to be told when that is due.
    async fn next_tick(&self, now: Timestamp) -> Timestamp {
        let pause = if self.is_stuck { TICK } else { SignedDuration::from_secs(1) };
        // A table that does not answer is told of by the tick itself.
        let due = self.next_due().await.ok().flatten().map(|due| due.max(after(now, pause)));
        let alert = self.next_alert().await.ok().flatten().map(|due| due.max(self.next_alert_tick()));
        let latest = after(now, TICK_SHOP);
        [Some(self.next_reports), due, self.next_mail_tick(), alert]
            .into_iter()
            .flatten()
            .fold(latest, Timestamp::min)
            .max(now)
    }

    /// When the next order of a seller that is worked at all falls due, or since when it is.
    pub(super) async fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        let app = &self.world.app;
        let now = app.clock.now();
        let control = app.ledger.control(now).await?;
        let control = control.control();
        let mut earliest = None;
        for seller in app.ledger.sellers().await? {
            if control.live_since(&seller.id).is_none() || control.seller_stop(&seller.id).is_some() {
                continue;
            }
            let first = app.ledger.due(&seller.id, Timestamp::MAX, 1).await?.into_iter().next();
            earliest = earliest.into_iter().chain(first.map(|row| row.due_at)).min();
        }
        Ok(earliest)
    }
}

/// When reports are looked after again. `is_open`: Amazon works on some.
pub(super) fn next_reports(amazon: &Amazon, is_open: bool, now: Timestamp) -> Timestamp {
    next_multiple(
        now,
        match amazon {
            Amazon::Here { .. } => REPORTS_EVERY,
            Amazon::There(_) | Amazon::Itself if is_open => REPORTS_OPEN_EVERY,
            Amazon::There(_) | Amazon::Itself => REPORTS_IDLE_EVERY,
        },
    )
}

fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// The first multiple of `step` after `at`, counted from 1970.
pub(super) fn next_multiple(at: Timestamp, step: SignedDuration) -> Timestamp {
    let step = step.as_secs();
    let next = (at.as_second().div_euclid(step) + 1).saturating_mul(step);
    Timestamp::from_second(next).unwrap_or(Timestamp::MAX)
}

/// When the last order changes for the last time, if the future is known.
pub(super) fn last_change(amazon: &Amazon) -> Option<Timestamp> {
    let Amazon::Here { simulator, .. } = amazon else { return None };
    let moments = simulator.orders().into_iter().flat_map(|order| {
        let of_items = order.items.iter().flat_map(|item| [item.shipped_at, item.delivered_at]);
        let of_items: Vec<_> = of_items.flatten().collect();
        [Some(order.purchased_at), order.shipped_at, order.delivered_at, order.cancelled_at]
            .into_iter()
            .flatten()
            .chain(of_items)
    });
    moments.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multiple_always_lies_ahead() {
        let t = |text: &str| text.parse::<Timestamp>().expect("a timestamp");
        for (at, next) in [
            ("2026-10-10T10:00:00Z", "2026-10-10T10:01:00Z"),
            ("2026-10-10T10:00:00.5Z", "2026-10-10T10:01:00Z"),
            ("2026-10-10T10:00:59Z", "2026-10-10T10:01:00Z"),
        ] {
            assert_eq!(next_multiple(t(at), TICK), t(next), "{at}");
        }
        assert_eq!(next_multiple(t("2026-10-10T10:00:00Z"), REPORTS_EVERY), t("2026-10-10T12:00:00Z"));
    }
}
