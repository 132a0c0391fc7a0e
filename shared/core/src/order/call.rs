//! The call that asks for one order: the right to it, and what became of it.

use jiff::Timestamp;

use super::unknown::FIRST_CHECK;
use super::{ClaimId, Expired, Held, Order, Refused, Skipped, State, Step};
use crate::policy::timing::{self, Context, Plan};

/// What became of the call that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// 201.
    Accepted,
    /// 403: not available for this order.
    NotAvailable,
    /// 403: before or after the 5–30 days.
    OutsideWindow,
    /// 403 with a text that is not known.
    UnknownRefusal(String),
    /// 403: token, role or authorisation, with a fresh token too. The seller's matter.
    Denied,
    /// 404.
    NotFound,
    /// 400 and its kin.
    Invalid(String),
    /// 429: nothing was processed.
    Throttled,
    /// Proven not to have reached Amazon, or not made because time ran out.
    NotSent(&'static str),
    /// Not made: under another seller's id the order was asked, or never is to be.
    Elsewhere(Skipped),
    /// Not made: under another seller's id it is being asked. To be looked at again then.
    GiveWay(Timestamp),
    /// No reply, or none that tells.
    Unclear(String),
}

impl Order {
    /// Takes the right to one call. Only a planned order can be claimed.
    ///
    /// The caller has just been told by Amazon that the action is offered; the claim stands
    /// for that too.
    #[must_use]
    pub fn claim(&mut self, id: ClaimId, lease_until: Timestamp, context: Context<'_>) -> bool {
        let State::Planned { due_at, not_after, unclear, .. } = self.state else { return false };
        self.rules_version = context.rules.version;
        self.state = State::Claimed { due_at, not_after, id, lease_until, unclear };
        true
    }

    /// Writes down what became of the call.
    ///
    /// Only a claimed order can be settled; anything else is left as it is. Except for one
    /// answer: that Amazon accepted is known for certain, whatever others made of the claim
    /// meanwhile.
    pub fn settle(&mut self, answer: &Answer, context: Context<'_>, now: Timestamp) {
        if *answer == Answer::Accepted {
            if !matches!(self.state, State::Asked { .. }) {
                self.trail.add(Step::Accepted, now);
                self.state = State::Asked { at: now, presumed: false };
            }
            return;
        }
        let State::Claimed { due_at, not_after, unclear, .. } = self.state else { return };
        let given_back = State::Planned { due_at, not_after, empty: 0, unclear };
        match answer {
            Answer::Accepted => {} // above
            // The action was offered a moment ago. After a call of unknown outcome this is
            // that call's doing; else somebody asked by hand meanwhile.
            Answer::NotAvailable if unclear > 0 => {
                self.trail.add_with(
                    Step::AmazonRefused,
                    now,
                    "not available, after a call of unknown outcome",
                );
                self.state = State::Asked { at: now, presumed: true };
            }
            Answer::NotAvailable => {
                self.trail.add_with(Step::AmazonRefused, now, "not available");
                self.state = State::Refused { why: Refused::NotAvailable, at: now };
            }
            Answer::OutsideWindow => self.outside_window(not_after, unclear, context, now),
            Answer::UnknownRefusal(text) => self.hold(Held::UnknownRefusal, text, not_after, now),
            Answer::Invalid(text) => self.hold(Held::InvalidRequest, text, not_after, now),
            Answer::NotFound => {
                self.trail.add_with(Step::AmazonRefused, now, "404");
                self.state = State::Refused { why: Refused::NotFound, at: now };
            }
            Answer::Throttled => {
                self.trail.add(Step::Throttled, now);
                self.state = given_back;
            }
            Answer::Denied => {
                self.trail.add_with(Step::NotSent, now, "Amazon denies access");
                self.state = given_back;
            }
            Answer::NotSent(why) => {
                self.trail.add_with(Step::NotSent, now, why);
                self.state = given_back;
            }
            Answer::Elsewhere(why) => self.skip(*why, now),
            Answer::GiveWay(until) => {
                self.trail.add_with(Step::NotSent, now, "it is being asked under another seller's id");
                self.state = State::Planned { due_at: *until, not_after, empty: 0, unclear };
            }
            Answer::Unclear(why) => {
                self.trail.add_with(Step::Unclear, now, why);
                self.state = State::Unknown {
                    since: now,
                    not_after,
                    next_check: now.saturating_add(FIRST_CHECK).unwrap_or(now),
                    gone: 0,
                    unclear: unclear + 1,
                };
            }
        }
    }

    fn hold(&mut self, why: Held, text: &str, not_after: Timestamp, now: Timestamp) {
        self.trail.add_with(Step::Held, now, text);
        self.state = State::Held { why, since: now, not_after };
    }

    /// Amazon says too early or too late; which one, the nearer edge of our window tells.
    fn outside_window(&mut self, not_after: Timestamp, unclear: u32, context: Context<'_>, now: Timestamp) {
        let slot = match timing::plan(&self.id, &self.facts, self.context(context)) {
            Plan::Ask(slot) => slot,
            Plan::NotYet(_) | Plan::Skip(_) | Plan::Expire(_) => {
                return self.expire(Expired::AmazonSaysOver, now);
            }
        };
        let early = now.duration_since(slot.opens) < not_after.duration_since(now);
        let tomorrow = timing::tomorrow(&self.id, &self.facts, context.rules, &slot, now);
        match tomorrow {
            Some(due_at) if early => {
                self.trail.add(Step::TooEarly, now);
                self.state = State::Planned { due_at, not_after, empty: 0, unclear };
            }
            _ => {
                self.trail.add_with(Step::AmazonRefused, now, "outside the 5-30 days");
                self.expire(Expired::AmazonSaysOver, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::*;
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn a_claim_keeps_the_place_in_the_index() {
        assert_eq!(claimed().state.due_at(), planned().state.due_at());
    }

    #[test]
    fn only_a_planned_order_can_be_claimed() {
        let mut order = claimed();
        assert!(!order.claim("c2".to_owned(), t("2026-10-17T10:30:00Z"), context(&Rules::default())));
    }

    #[test]
    fn each_answer_has_its_place() {
        assert!(matches!(settled(&Answer::Accepted), State::Asked { presumed: false, .. }));
        assert!(matches!(settled(&Answer::NotAvailable), State::Refused { why: Refused::NotAvailable, .. }));
        assert!(matches!(settled(&Answer::NotFound), State::Refused { why: Refused::NotFound, .. }));
        assert!(matches!(
            settled(&Answer::UnknownRefusal("Nein.".to_owned())),
            State::Held { why: Held::UnknownRefusal, .. }
        ));
        assert!(matches!(settled(&Answer::Throttled), State::Planned { unclear: 0, .. }));
        assert!(matches!(settled(&Answer::Denied), State::Planned { .. }));
        assert!(matches!(settled(&Answer::NotSent("lease")), State::Planned { unclear: 0, .. }));
        assert!(matches!(
            settled(&Answer::Unclear("timeout".to_owned())),
            State::Unknown { gone: 0, unclear: 1, .. }
        ));
    }

    #[test]
    fn an_acceptance_is_written_whatever_others_made_of_the_claim() {
        let mut order = planned();
        order.settle(&Answer::Accepted, context(&Rules::default()), t(NOW));
        assert!(matches!(order.state, State::Asked { presumed: false, .. }));
        let mut order = planned();
        order.settle(&Answer::Unclear("late".to_owned()), context(&Rules::default()), t(NOW));
        assert_eq!(order.state, planned().state);
    }

    #[test]
    fn outside_the_window_means_too_early_near_its_opening_and_over_near_its_close() {
        let at = |now: &str| {
            let mut order = claimed();
            order.settle(&Answer::OutsideWindow, context(&Rules::default()), t(now));
            order.state
        };
        let State::Planned { due_at, .. } = at("2026-10-16T10:00:00Z") else { panic!("tomorrow") };
        assert!((t("2026-10-17T07:00:00Z")..t("2026-10-17T18:00:00Z")).contains(&due_at));
        assert!(matches!(at("2026-11-07T10:00:00Z"), State::Expired { why: Expired::AmazonSaysOver, .. }));
    }

    #[test]
    fn an_unknown_call_counts_as_made_only_when_gone_now_an_hour_later_and_the_next_day() {
        let rules = Rules::default();
        let mut order = claimed();
        order.settle(&Answer::Unclear("timeout".to_owned()), context(&rules), t(NOW));
        let mut waits = Vec::new();
        let mut now = t(NOW);
        while let State::Unknown { next_check, .. } = order.state {
            waits.push(next_check.duration_since(now).as_mins());
            now = next_check;
            order.cleared_up(false, context(&rules), now);
        }
        assert_eq!(waits, [10, 60, 24 * 60]);
        assert_eq!(order.state, State::Asked { at: t(NOW), presumed: true });
    }

    #[test]
    fn an_unknown_call_whose_action_is_still_offered_is_planned_again() {
        let rules = Rules::default();
        let mut order = claimed();
        order.settle(&Answer::Unclear("reset".to_owned()), context(&rules), t(NOW));
        order.cleared_up(true, context(&rules), t("2026-10-17T10:10:00Z"));
        assert!(matches!(order.state, State::Planned { unclear: 1, .. }));
        // A refusal then means that the first call had gone through after all.
        assert!(order.claim("c2".to_owned(), t("2026-10-17T12:15:00Z"), context(&rules)));
        order.settle(&Answer::NotAvailable, context(&rules), t("2026-10-17T12:00:00Z"));
        assert!(matches!(order.state, State::Asked { presumed: true, .. }));
    }

    #[test]
    fn a_claim_is_lost_only_ten_minutes_after_its_lease() {
        let mut order = claimed();
        assert!(!order.claim_lost(t("2026-10-17T10:24:59Z")));
        assert!(order.claim_lost(t("2026-10-17T10:25:00Z")));
        assert!(matches!(order.state, State::Unknown { unclear: 1, .. }));
    }

    #[test]
    fn an_unknown_call_near_the_end_of_the_window_is_cleared_up_before_it_or_said_to_be_unknown() {
        let rules = Rules::default();
        let mut order = claimed();
        let late = t("2026-11-09T05:00:00Z"); // an hour before not_after
        order.settle(&Answer::Unclear("timeout".to_owned()), context(&rules), late);
        let State::Unknown { next_check, .. } = order.state else { panic!("unknown") };
        order.cleared_up(false, context(&rules), next_check);
        let State::Unknown { next_check, .. } = order.state else { panic!("unknown") };
        order.cleared_up(false, context(&rules), next_check);
        let State::Unknown { next_check, .. } = order.state else { panic!("unknown") };
        assert!(next_check <= t("2026-11-09T11:00:00Z"));
        order.cleared_up(false, context(&rules), next_check);
        assert!(matches!(order.state, State::Asked { presumed: true, .. }));

        let mut missed = claimed();
        missed.settle(&Answer::Unclear("timeout".to_owned()), context(&rules), late);
        missed.cleared_up(false, context(&rules), t("2026-11-20T00:00:00Z"));
        assert!(matches!(missed.state, State::Expired { why: Expired::OutcomeUnknown, .. }));
    }
}
