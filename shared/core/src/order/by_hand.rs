//! What a person may do with one order: sooner, never, released, erased.

use jiff::Timestamp;

use super::{NotYet, Order, Skipped, State, Step, Trail};
use crate::policy::timing::Context;

/// Why a person's wish for one order cannot be fulfilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotWanted {
    /// It was asked, refused, skipped, or its window is over.
    Ended,
    /// A call is being made, or its outcome is being found out.
    Underway,
    /// It is held: it has to be released first.
    Held,
    /// Something is missing before it may be asked.
    NotYet(NotYet),
    /// It must not be asked.
    Skipped(Skipped),
    /// Its window is over, or has no daytime left.
    TooLate,
}

impl Order {
    /// A person wants it asked as soon as its window and the buyers' daytime allow. Tells when
    /// that is, or why it cannot be.
    ///
    /// # Errors
    ///
    /// [`NotWanted`]: then nothing has changed.
    pub fn hasten(&mut self, context: Context<'_>, now: Timestamp) -> Result<Timestamp, NotWanted> {
        match self.state {
            State::Seen { .. } | State::Planned { .. } => {}
            State::Claimed { .. } | State::Unknown { .. } => return Err(NotWanted::Underway),
            State::Held { .. } => return Err(NotWanted::Held),
            State::Asked { .. } | State::Refused { .. } | State::Skipped { .. } | State::Expired { .. } => {
                return Err(NotWanted::Ended);
            }
        }
        let mut after = self.clone();
        after.soon = true;
        after.trail.add(Step::Hastened, now);
        after.plan(context, now);
        let State::Planned { due_at, .. } = after.state else {
            return Err(match after.state {
                State::Seen { why } => NotWanted::NotYet(why),
                State::Skipped { why, .. } => NotWanted::Skipped(why),
                _ => NotWanted::TooLate,
            });
        };
        *self = after;
        Ok(due_at)
    }

    /// A person wants it never asked, for one of the neutral reasons there are.
    ///
    /// # Errors
    ///
    /// [`NotWanted`]: it has ended, or is being asked at this moment; nothing has changed.
    pub fn never(&mut self, why: Skipped, now: Timestamp) -> Result<(), NotWanted> {
        match self.state {
            State::Seen { .. } | State::Planned { .. } | State::Held { .. } => {
                self.skip(why, now);
                Ok(())
            }
            State::Claimed { .. } | State::Unknown { .. } => Err(NotWanted::Underway),
            State::Asked { .. } | State::Refused { .. } | State::Skipped { .. } | State::Expired { .. } => {
                Err(NotWanted::Ended)
            }
        }
    }

    /// A person wants it erased: facts, estimate and story go, and a mark stays that keeps it
    /// from ever being planned again, whatever is still heard of it. Safe to repeat.
    ///
    /// # Errors
    ///
    /// [`NotWanted::Underway`]: it is being asked at this moment, or Amazon is being asked what
    /// became of it; nothing has changed.
    pub fn erase(&mut self, now: Timestamp) -> Result<(), NotWanted> {
        match self.state {
            State::Claimed { .. } | State::Unknown { .. } => return Err(NotWanted::Underway),
            State::Skipped { why: Skipped::Erased, .. } => return Ok(()),
            State::Seen { .. }
            | State::Planned { .. }
            | State::Held { .. }
            | State::Asked { .. }
            | State::Refused { .. }
            | State::Skipped { .. }
            | State::Expired { .. } => {}
        }
        let mut mark = Self::new(self.seller.clone(), self.id.clone(), self.seen_in, now);
        mark.trail = Trail::default();
        mark.skip(Skipped::Erased, now);
        *self = mark;
        Ok(())
    }

    /// Whether nothing is left of it but the mark that [`Order::erase`] leaves.
    pub fn is_erased(&self) -> bool {
        matches!(self.state, State::Skipped { why: Skipped::Erased, .. })
    }

    /// A person releases a held order. Tells whether it was held.
    pub fn release(&mut self, context: Context<'_>, now: Timestamp) -> bool {
        let State::Held { .. } = self.state else { return false };
        self.trail.add(Step::Released, now);
        self.plan(context, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::*;
    use super::*;
    use crate::order::{Answer, Facts};
    use crate::policy::timing::Decision;
    use crate::rules::Rules;

    #[test]
    fn a_person_can_have_an_order_asked_sooner_but_never_outside_its_window_or_at_night() {
        let rules = Rules::default();
        let (mut order, usual) = (planned(), planned().state.due_at().expect("planned"));
        // Delivered on 10 October; the window opens five days later.
        let soon = order.hasten(context(&rules), t("2026-10-11T00:00:00Z")).expect("planned");
        assert!(t("2026-10-15T00:00:00Z") < soon && soon < usual, "{soon}");
        let marketplace = order.marketplace().expect("known");
        assert!(crate::policy::daytime::is_open(marketplace, rules.default.hours, soon), "{soon}");
        // It stays so when it falls due, and facts that come in later do not put it back.
        assert!(matches!(order.decide(context(&rules), 0, soon), Decision::Ask(_)));
        let later = Facts { skus: ["X".parse().expect("plain")].into(), ..facts() };
        order.observe(&later, context(&rules), t("2026-10-12T00:00:00Z"));
        assert_eq!(order.state.due_at(), Some(soon));
        let too_late = planned().hasten(context(&rules), t("2026-12-24T12:00:00Z"));
        assert_eq!(too_late, Err(NotWanted::TooLate));
    }

    #[test]
    fn a_person_can_take_an_order_out_until_it_is_being_asked() {
        let rules = Rules::default();
        let now = t("2026-10-16T12:00:00Z");
        let mut order = planned();
        assert_eq!(order.never(Skipped::NeverOwnOrder, now), Ok(()));
        assert_eq!(order.state, State::Skipped { why: Skipped::NeverOwnOrder, at: now });
        assert_eq!(order.never(Skipped::NeverLegal, now), Err(NotWanted::Ended));
        assert_eq!(order.hasten(context(&rules), now), Err(NotWanted::Ended));
        let mut claimed = planned();
        assert!(claimed.claim("claim".to_owned(), now, context(&rules)));
        assert_eq!(claimed.never(Skipped::NeverOwnOrder, now), Err(NotWanted::Underway));
    }

    #[test]
    fn an_erased_order_keeps_a_mark_alone_and_takes_in_nothing_any_more() {
        let rules = Rules::default();
        let now = t("2026-10-06T00:00:00Z");
        let mut order = planned();
        order.erase(now).expect("nothing is underway");
        assert!(order.is_erased());
        assert_eq!(order.state, State::Skipped { why: Skipped::Erased, at: now });
        assert_eq!((&order.facts, order.estimate), (&Facts::default(), None));
        let mark = order.clone();
        order.erase(now + jiff::SignedDuration::from_hours(1)).expect("again");
        assert!(!order.observe(&facts(), context(&rules), t("2026-10-07T00:00:00Z")));
        assert_eq!(order.hasten(context(&rules), now), Err(NotWanted::Ended));
        assert!(!order.release(context(&rules), now));
        assert_eq!(order, mark);
    }

    #[test]
    fn an_order_that_is_being_asked_is_not_erased() {
        let rules = Rules::default();
        let mut order = planned();
        assert!(order.claim("c".to_owned(), t("2026-10-16T12:00:00Z"), context(&rules)));
        let before = order.clone();
        assert_eq!(order.erase(t("2026-10-16T11:59:00Z")), Err(NotWanted::Underway));
        order.settle(&Answer::Unclear("no reply".to_owned()), context(&rules), t("2026-10-16T12:00:00Z"));
        assert_eq!(order.erase(t("2026-10-16T12:01:00Z")), Err(NotWanted::Underway));
        assert_eq!(order.facts, before.facts);
    }
}
