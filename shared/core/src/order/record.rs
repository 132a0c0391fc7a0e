//! One order with its solicitation: the transitions.
//!
//! Every change of an order is a function here, without IO: the storage writes what comes out,
//! on the condition that nobody else wrote meanwhile.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::unknown::FIRST_CHECK;
use super::{ClaimId, Expired, Facts, Held, NotYet, Refused, Skipped, State, Step, Trail};
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

    fn plan(&mut self, context: Context<'_>, now: Timestamp) {
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

    /// What to do with it now that it has fallen due.
    pub fn decide(&self, context: Context<'_>, empty_days: u32, now: Timestamp) -> Decision {
        timing::decide(&self.id, &self.facts, self.context(context), empty_days, now)
    }

    fn context<'a>(&self, context: Context<'a>) -> Context<'a> {
        Context { soon: self.soon, ..context }
    }

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

/// Between two statuses before shipment nothing is decided: such a step is not worth a write,
/// and neither is a promise that was only told again.
fn only_status_moved(before: &Facts, after: &Facts) -> bool {
    let value = |facts: &Facts| facts.promise.as_ref().map(|promise| promise.value);
    let rest = |facts: &Facts| Facts { status: None, promise: None, ..facts.clone() };
    before.status.is_some() && value(before) == value(after) && rest(before) == rest(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{FulfillmentChannel, OrderStatus};
    use crate::rules::Rules;

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn facts() -> Facts {
        Facts {
            marketplace: MarketplaceId::of_country("DE"),
            status: Some(OrderStatus::Shipped),
            channel: Some(FulfillmentChannel::Amazon),
            estimated_arrival: Some(t("2026-10-10T12:00:00Z")),
            ..Facts::default()
        }
    }

    fn context(rules: &Rules) -> Context<'_> {
        Context { rules, live_since: Some(t("2026-01-01T00:00:00Z")), soon: false }
    }

    fn planned() -> Order {
        let rules = Rules::default();
        let mut order = Order::new(
            "SELLER".parse().expect("valid"),
            "111-1234567-1234567".parse().expect("valid"),
            SeenIn::Notification,
            t("2026-10-05T00:00:00Z"),
        );
        assert!(order.observe(&facts(), context(&rules), t("2026-10-05T00:00:00Z")));
        order
    }

    fn claimed() -> Order {
        let mut order = planned();
        assert!(order.claim("c1".to_owned(), t("2026-10-17T10:15:00Z"), context(&Rules::default())));
        order
    }

    const NOW: &str = "2026-10-17T10:00:00Z";

    fn settled(answer: &Answer) -> State {
        let mut order = claimed();
        order.settle(answer, context(&Rules::default()), t(NOW));
        order.state
    }

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
