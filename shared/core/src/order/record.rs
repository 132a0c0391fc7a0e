//! One order with its solicitation: the transitions.
//!
//! Every change of an order is a function here, without IO: the storage writes what comes out,
//! on the condition that nobody else wrote meanwhile.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Expired, Facts, NotYet, Skipped, State, Step, Trail};
use crate::delivery::Estimate;
use crate::ids::{OrderId, SellerId};
use crate::marketplace::MarketplaceId;
use crate::policy::timing::{self, Context, Decision, Plan, Slot, Wait};

/// Where an order was first heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenIn {
    /// A notification.
    Notification,
    /// A report: a notification should have come before.
    Report,
    /// A file a person imported, or the back-fill when a seller connects.
    Import,
}

/// A sighting of an order: a part of its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The order.
    pub order: OrderId,
    /// Where it was seen.
    pub seen_in: SeenIn,
    /// What was seen.
    pub facts: Facts,
}

/// An order with its solicitation and its story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Whose.
    pub seller: SellerId,
    /// What is known of it.
    pub facts: Facts,
    /// Where it was first heard of.
    pub seen_in: SeenIn,
    /// The delivery estimate behind the plan.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "est")]
    pub estimate: Option<Estimate>,
    /// Where its solicitation stands.
    pub state: State,
    /// The version of the rules behind the last decision.
    #[serde(default, skip_serializing_if = "is_zero", rename = "rules")]
    pub rules_version: u32,
    /// The test arm it was drawn to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// A person wants it asked as soon as its window allows.
    #[serde(default, skip_serializing_if = "is_false")]
    pub soon: bool,
    /// What happened.
    pub trail: Trail,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Order {
    /// An order nobody has heard of before; [`Order::observe`] follows.
    pub fn new(seller: SellerId, id: OrderId, seen_in: SeenIn, now: Timestamp) -> Self {
        let mut trail = Trail::default();
        trail.add(
            match seen_in {
                SeenIn::Notification => Step::FirstNotified,
                SeenIn::Report => Step::FirstReported,
                SeenIn::Import => Step::FirstImported,
            },
            now,
        );
        Self {
            id,
            seller,
            facts: Facts::default(),
            seen_in,
            estimate: None,
            state: State::Seen { why: NotYet::NotShipped },
            rules_version: 0,
            arm: None,
            soon: false,
            trail,
        }
    }

    /// The marketplace; known for every order that was ever planned.
    pub fn marketplace(&self) -> Option<MarketplaceId> {
        self.facts.marketplace
    }

    /// Takes in what was seen and plans again. Tells whether anything changed; if not, there
    /// is nothing to write.
    pub fn observe(&mut self, facts: &Facts, context: Context<'_>, now: Timestamp) -> bool {
        let before = self.clone();
        self.facts.merge(facts);
        if self.facts == before.facts {
            return false;
        }
        match &self.state {
            State::Planned { .. } => {
                let target = |facts: &Facts| match timing::plan(&self.id, facts, self.context(context)) {
                    Plan::Ask(slot) => Some((slot.target, slot.not_after)),
                    _ => None,
                };
                let (old, new) = (target(&before.facts), target(&self.facts));
                if old.is_none() || old != new {
                    self.plan(context, now);
                }
            }
            State::Seen { .. } => {
                self.plan(context, now);
                if matches!(self.state, State::Seen { .. }) && only_status_moved(&before.facts, &self.facts) {
                    self.facts = before.facts.clone();
                }
            }
            // Better evidence may show that the window is still open.
            State::Expired {
                why: Expired::SeenTooLate | Expired::WindowClosed | Expired::NoDaytime, ..
            } => {
                let ended = self.state.clone();
                let trail = self.trail.clone();
                self.trail.add(Step::Reopened, now);
                self.plan(context, now);
                if self.state.is_terminal() {
                    (self.state, self.trail) = (ended, trail);
                }
            }
            // A claim is out, or Amazon has answered: facts are kept, the plan is not touched.
            State::Claimed { .. } | State::Unknown { .. } | State::Held { .. } => {}
            // Ended: what still comes in changes nothing worth a write.
            State::Asked { .. } | State::Refused { .. } | State::Skipped { .. } | State::Expired { .. } => {
                self.facts = before.facts.clone();
            }
        }
        *self != before
    }

    /// The order as the rules in force will have it: a plan that was made under others, or before
    /// the seller went live, is made anew. Nothing is decided by it; a sweep does that when the order falls due, and not
    /// before, so an earlier day under the new rules does not bring it forward.
    #[must_use]
    pub fn foreseen(&self, context: Context<'_>, now: Timestamp) -> Self {
        let mut foreseen = self.clone();
        let State::Planned { due_at, not_after, .. } = self.state else { return foreseen };
        // What fell due before its seller went live is spread over the next days.
        let is_caught_up = context.live_since.is_some_and(|live_since| due_at < live_since);
        let is_same = self.rules_version == context.rules.version && !is_caught_up;
        // One whose window has closed is said to have expired, whatever the rules.
        if is_same || now > not_after {
            return foreseen;
        }
        foreseen.plan_from(context, now, due_at.max(now));
        // The story holds what happened alone.
        foreseen.trail = self.trail.clone();
        foreseen
    }

    pub(super) fn plan(&mut self, context: Context<'_>, now: Timestamp) {
        self.plan_from(context, now, now);
    }

    /// Plans it, for no moment before `earliest`.
    fn plan_from(&mut self, context: Context<'_>, now: Timestamp, earliest: Timestamp) {
        self.rules_version = context.rules.version;
        match timing::plan(&self.id, &self.facts, self.context(context)) {
            Plan::Ask(slot) if now > slot.not_after => self.expire(Expired::SeenTooLate, now),
            Plan::Ask(slot) => {
                // A target in the past means: as soon as the buyers are awake.
                let from = slot.target.max(earliest);
                match timing::next_open(&self.id, &self.facts, context.rules, &slot, from) {
                    Some(due_at) => self.planned(&slot, due_at, context, now),
                    None => self.expire(Expired::NoDaytime, now),
                }
            }
            Plan::NotYet(why) => self.state = State::Seen { why },
            Plan::Skip(why) => self.skip(why, now),
            Plan::Expire(why) => self.expire(why, now),
        }
    }

    fn planned(&mut self, slot: &Slot, due_at: Timestamp, context: Context<'_>, now: Timestamp) {
        let (empty, unclear) = match &self.state {
            State::Planned { empty, unclear, .. } => (*empty, *unclear),
            _ => (0, 0),
        };
        self.estimate = Some(slot.estimate);
        self.arm = timing::rule(&self.facts, context.rules).arm(&self.id).map(|arm| arm.name.clone());
        self.state = State::Planned { due_at, not_after: slot.not_after, empty, unclear };
        self.trail.add(Step::Planned, now);
    }

    /// Sets a later date at the moment an order fell due.
    pub fn wait(&mut self, until: Timestamp, why: Wait, slot: &Slot, context: Context<'_>, now: Timestamp) {
        let (mut empty, unclear) = match &self.state {
            State::Planned { empty, unclear, .. } => (*empty, *unclear),
            _ => (0, 0),
        };
        if why == Wait::NothingOffered {
            empty += 1;
            self.trail.add(Step::NothingOffered, now);
        } else {
            self.trail.add_with(Step::Planned, now, why.text());
        }
        self.estimate = Some(slot.estimate);
        self.rules_version = context.rules.version;
        self.state = State::Planned { due_at: until, not_after: slot.not_after, empty, unclear };
    }

    /// Goes back to waiting for a fact.
    pub fn not_yet(&mut self, why: NotYet) {
        self.state = State::Seen { why };
    }

    /// Ends without a request, for a neutral reason.
    pub fn skip(&mut self, why: Skipped, now: Timestamp) {
        self.trail.add(Step::Ended, now);
        self.state = State::Skipped { why, at: now };
    }

    /// Ends because the window closed.
    pub fn expire(&mut self, why: Expired, now: Timestamp) {
        self.trail.add(Step::Ended, now);
        self.state = State::Expired { why, at: now };
    }

    /// What to do with it now that it has fallen due.
    pub fn decide(&self, context: Context<'_>, empty_days: u32, now: Timestamp) -> Decision {
        timing::decide(&self.id, &self.facts, self.context(context), empty_days, now)
    }

    pub(super) fn context<'a>(&self, context: Context<'a>) -> Context<'a> {
        Context { soon: self.soon, ..context }
    }
}

/// Between two statuses before shipment nothing is decided: such a step is not worth a write,
/// and neither is a promise that was only told again.
fn only_status_moved(before: &Facts, after: &Facts) -> bool {
    let value = |facts: &Facts| facts.promise.as_ref().map(|promise| promise.value);
    let rest = |facts: &Facts| Facts { status: None, promise: None, ..facts.clone() };
    before.status.is_some() && value(before) == value(after) && rest(before) == rest(after)
}

#[cfg(test)]
mod tests {
    use super::super::examples::*;
    use super::*;
    use crate::order::{Answer, OrderStatus};
    use crate::rules::Rules;

    #[test]
    fn the_same_sighting_again_changes_nothing() {
        let mut order = planned();
        let before = order.clone();
        assert!(!order.observe(&facts(), context(&Rules::default()), t("2026-10-06T00:00:00Z")));
        assert_eq!(order, before);
    }

    #[test]
    fn rules_that_were_set_since_are_foreseen_and_bring_nothing_forward() {
        let now = t("2026-10-06T00:00:00Z");
        let under = |target_day: u8| {
            let mut rules = Rules { version: 1, ..Rules::default() };
            rules.default.target_day = target_day;
            planned().foreseen(context(&rules), now)
        };
        let due_at = |order: &Order| match order.state {
            State::Planned { due_at, .. } => due_at,
            ref other => panic!("{other:?}"),
        };
        let (before, later, sooner) = (planned(), under(9), under(5));
        assert_eq!(due_at(&later).duration_since(due_at(&before)).as_hours(), 72);
        assert_eq!(due_at(&sooner), due_at(&before), "a sweep looks at it when it falls due");
        assert_eq!((later.rules_version, later.trail), (1, before.trail.clone()));
        let mut share = Rules { version: 1, ..Rules::default() };
        share.default.exclude.channels.extend(before.facts.channel);
        assert!(matches!(before.foreseen(context(&share), now).state, State::Skipped { .. }));
        let closed = t("2026-12-24T00:00:00Z");
        assert_eq!(before.foreseen(context(&share), closed), before, "its window has closed anyway");
        assert_eq!(before.foreseen(context(&Rules::default()), now), before);
    }

    #[test]
    fn what_fell_due_while_its_seller_listened_is_foreseen_on_the_days_over_which_it_is_spread() {
        let (rules, now) = (Rules::default(), t("2026-10-20T12:00:00Z"));
        let days = |live_since: Option<Timestamp>| {
            let on = |n: u32| {
                let mut order = planned();
                order.id = format!("111-1234567-{n:07}").parse().expect("valid");
                let context = Context { rules: &rules, live_since, soon: false };
                let due_at = order.foreseen(context, now).state.due_at().expect("planned");
                due_at.strftime("%F").to_string()
            };
            (0..60).map(on).collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(days(None).len(), 1);
        assert_eq!(days(Some(now)).len(), 3);
        assert_eq!(days(Some(t("2026-01-01T00:00:00Z"))).len(), 1, "live all along");
    }

    #[test]
    fn better_evidence_reopens_an_order_that_seemed_too_late() {
        let rules = Rules::default();
        let now = t("2026-11-20T10:00:00Z");
        let mut order = Order::new(
            "SELLER".parse().expect("valid"),
            "111-1234567-1234567".parse().expect("valid"),
            SeenIn::Report,
            now,
        );
        order.observe(&facts(), context(&rules), now);
        assert!(matches!(order.state, State::Expired { why: Expired::SeenTooLate, .. }));
        let later = Facts { estimated_arrival: Some(t("2026-11-10T12:00:00Z")), ..Facts::default() };
        assert!(order.observe(&later, context(&rules), now));
        assert!(matches!(order.state, State::Planned { .. }));
    }

    #[test]
    fn nothing_that_comes_in_after_the_end_is_written() {
        let mut order = claimed();
        order.settle(&Answer::Accepted, context(&Rules::default()), t(NOW));
        let cancelled = Facts { status: Some(OrderStatus::Cancelled), ..Facts::default() };
        assert!(!order.observe(&cancelled, context(&Rules::default()), t("2026-10-18T00:00:00Z")));
    }
}
