//! Calls of unknown outcome: cleared up by asking Amazon what it offers, never by calling again.
//!
//! A call's outcome is unknown when no reply came, or when the process that held the claim died
//! with it. The action had been offered before the claim was taken. If Amazon still offers it,
//! the call was not processed, and the order is planned again; if it is gone now, an hour later
//! and the next day, the request counts as made.

use jiff::{SignedDuration, Timestamp};

use super::{Expired, Order, State, Step};
use crate::policy::timing::{self, Context, Plan};

/// After a call of unknown outcome Amazon is first asked what it offers this much later. A
/// request that was processed may still show as offered for a moment.
pub(super) const FIRST_CHECK: SignedDuration = SignedDuration::from_mins(10);
/// The action is still gone this long after the first check found it gone …
const SECOND_CHECK: SignedDuration = SignedDuration::from_hours(1);
/// … and again the next day.
const THIRD_CHECK: SignedDuration = SignedDuration::from_hours(24);
/// Checks that must find the action gone before the request counts as made.
const CHECKS: u32 = 3;
/// The last check may use this much of the margin before the window really closes.
const INTO_MARGIN: SignedDuration = SignedDuration::from_hours(5);
/// Amazon's window ends this long after `not_after`; then "gone" means nothing.
const MARGIN: SignedDuration = SignedDuration::from_hours(6);
/// After a call that was not processed the order is asked again this much later, doubling.
const AFTER_UNCLEAR: SignedDuration = SignedDuration::from_mins(30);

impl Order {
    /// The process that held the claim is gone, and long enough for Amazon to be asked:
    /// whether it called, nobody knows. Tells whether that was so.
    pub fn claim_lost(&mut self, now: Timestamp) -> bool {
        let State::Claimed { not_after, lease_until, unclear, .. } = self.state else { return false };
        if now.duration_since(lease_until) < FIRST_CHECK {
            return false;
        }
        self.trail.add(Step::ClaimLost, now);
        self.state = State::Unknown {
            since: lease_until,
            not_after,
            next_check: lease_until.saturating_add(FIRST_CHECK).unwrap_or(lease_until),
            gone: 0,
            unclear: unclear + 1,
        };
        true
    }

    /// Clears up a call of unknown outcome by what Amazon offers now. Only an order in state
    /// `Unknown` is changed.
    pub fn cleared_up(&mut self, offered: bool, context: Context<'_>, now: Timestamp) {
        let State::Unknown { since, not_after, gone, unclear, .. } = self.state else { return };
        if offered {
            self.trail.add(Step::StillOffered, now);
            return self.ask_again(not_after, unclear, context, now);
        }
        self.trail.add(Step::Gone, now);
        if now > not_after.saturating_add(MARGIN).unwrap_or(not_after) {
            // The window is over, so that nothing is offered to anybody.
            return self.expire(Expired::OutcomeUnknown, now);
        }
        if gone + 1 == CHECKS {
            self.trail.add(Step::Ended, now);
            self.state = State::Asked { at: since, presumed: true };
            return;
        }
        let pause = if gone == 0 { SECOND_CHECK } else { THIRD_CHECK };
        let last_chance = not_after.saturating_add(INTO_MARGIN).unwrap_or(not_after);
        let earliest = now.saturating_add(SECOND_CHECK).unwrap_or(now);
        let next_check = now.saturating_add(pause).unwrap_or(now).min(last_chance).max(earliest);
        self.state = State::Unknown { since, not_after, next_check, gone: gone + 1, unclear };
    }

    fn ask_again(&mut self, not_after: Timestamp, unclear: u32, context: Context<'_>, now: Timestamp) {
        let pause = AFTER_UNCLEAR * (1 << unclear.min(5));
        let from = now.saturating_add(pause).unwrap_or(now);
        let slot = match timing::plan(&self.id, &self.facts, context) {
            Plan::Ask(slot) => slot,
            Plan::NotYet(why) => return self.not_yet(why),
            Plan::Skip(why) => return self.skip(why, now),
            Plan::Expire(why) => return self.expire(why, now),
        };
        match timing::next_open(&self.id, &self.facts, context.rules, &slot, from.min(not_after).max(now)) {
            Some(due_at) => self.state = State::Planned { due_at, not_after, empty: 0, unclear },
            None => self.expire(Expired::WindowClosed, now),
        }
    }
}
