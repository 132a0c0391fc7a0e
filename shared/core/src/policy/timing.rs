//! When an order is to be asked.
//!
//! The target is a day after the best delivery estimate, in the buyers' daytime, inside the
//! window with our margins, spread over the day by a hash of the order id. It depends on the
//! evidence and the rules alone, not on when it is computed, so that a repeated message does
//! not move a date.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::delivery::{self, Confidence, Estimate, Window};
use crate::ids::OrderId;
use crate::marketplace::MarketplaceId;
use crate::order::{Expired, Facts, FulfillmentChannel, NotYet, Parcels, Skipped};
use crate::policy::daytime::{self, Span};
use crate::policy::eligibility::{self, Verdict};
use crate::rules::{Hours, Rule, Rules};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// When a shop goes live its due orders are spread over this many days, so that the first
/// day is not a burst.
const CATCH_UP_DAYS: u64 = 3;
/// A parcel seen on its way is looked for again after this many days.
const LOOK_AGAIN_DAYS: i32 = 2;
/// A look at the parcels counts for this long.
const LOOK_LASTS: SignedDuration = SignedDuration::from_hours(20);

/// What a decision rests on besides the order.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The seller's rules.
    pub rules: &'a Rules,
    /// Since when the seller is live; `None` while it listens.
    pub live_since: Option<Timestamp>,
    /// A person wants this order asked as soon as its window allows, whatever day the rules
    /// name and whatever share goes first. Hours and window stay as they are.
    pub soon: bool,
}

/// What is planned for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// To be asked.
    Ask(Slot),
    /// Something is missing.
    NotYet(NotYet),
    /// Never to be asked.
    Skip(Skipped),
    /// Too late.
    Expire(Expired),
}

/// When an order is to be asked, and on what evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The moment the evidence and the rules name. It may lie in the past.
    pub target: Timestamp,
    /// From when on it may be asked.
    pub opens: Timestamp,
    /// Last moment at which it may be asked.
    pub not_after: Timestamp,
    /// The delivery estimate behind it.
    pub estimate: Estimate,
}

/// What is planned for an order, by its facts and the rules.
pub fn plan(id: &OrderId, facts: &Facts, context: Context<'_>) -> Plan {
    let rule = rule(facts, context.rules);
    match eligibility::verdict(facts, rule) {
        Verdict::Eligible => {}
        Verdict::NotYet(why) => return Plan::NotYet(why),
        Verdict::Skip(why) => return Plan::Skip(why),
    }
    let Some(marketplace) = facts.marketplace else { return Plan::NotYet(NotYet::NoMarketplace) };
    let Some(estimate) = delivery::estimate(facts) else {
        return Plan::NotYet(NotYet::NoDeliveryEvidence);
    };
    let window = delivery::window(facts, &estimate);
    let arm = rule.arm(id);
    let day = arm.and_then(|arm| arm.target_day).unwrap_or(rule.target_day);
    let days = Days { id, marketplace, hours: hours(id, rule), window };
    if context.soon {
        let first = days.early(daytime::local_date(marketplace, window.opens), window.opens);
        return first.map_or(Plan::Expire(Expired::NoDaytime), |target| {
            Plan::Ask(Slot { target, opens: window.opens, not_after: window.closes, estimate })
        });
    }
    let wanted = estimate.at.saturating_add(DAY * i32::from(day)).unwrap_or(Timestamp::MAX);
    let mut target = days.at_or_after(daytime::local_date(marketplace, wanted), window.opens);
    if let Some(live_since) = context.live_since
        && target.is_some_and(|target| target < live_since)
    {
        let skip = i32::try_from(id.draw("catch-up") % CATCH_UP_DAYS).unwrap_or(0);
        let first = daytime::local_date(marketplace, live_since).saturating_add(skip.days());
        target = days.at_or_after(first, live_since.max(window.opens));
    }
    match target.or_else(|| days.last()) {
        Some(target) => Plan::Ask(Slot { target, opens: window.opens, not_after: window.closes, estimate }),
        None => Plan::Expire(Expired::NoDaytime),
    }
}

/// Whether an order is among those that a rule lets go first, by its share and its ASINs. One
/// whose ASINs are not known yet counts as one: they are looked up before it is asked.
pub fn goes_first(id: &OrderId, facts: &Facts, rule: &Rule) -> bool {
    let of_asins =
        rule.only_asins.is_empty() || facts.asins.is_empty() || !facts.asins.is_disjoint(&rule.only_asins);
    of_asins && rule.in_share(id)
}

/// The rule that an order falls under.
pub fn rule<'a>(facts: &Facts, rules: &'a Rules) -> &'a Rule {
    facts.marketplace.map_or(&rules.default, |m| rules.of(m))
}

/// The hours in which an order may be asked.
fn hours(id: &OrderId, rule: &Rule) -> Hours {
    rule.arm(id).and_then(|arm| arm.hours).unwrap_or(rule.hours)
}

/// The first moment from `from` on at which an order may be asked: now, if the buyers are
/// awake, else early on their next day. `None` when the window has no such moment.
pub fn next_open(
    id: &OrderId,
    facts: &Facts,
    rules: &Rules,
    slot: &Slot,
    from: Timestamp,
) -> Option<Timestamp> {
    let marketplace = facts.marketplace?;
    let hours = hours(id, rule(facts, rules));
    let from = from.max(slot.opens);
    if from > slot.not_after {
        return None;
    }
    if daytime::is_open(marketplace, hours, from) {
        return Some(from);
    }
    let window = Window { opens: slot.opens, closes: slot.not_after };
    let days = Days { id, marketplace, hours, window };
    days.early(daytime::local_date(marketplace, from), from)
}

/// A drawn moment of the buyers' next day; `None` when the window closes before.
pub fn tomorrow(
    id: &OrderId,
    facts: &Facts,
    rules: &Rules,
    slot: &Slot,
    now: Timestamp,
) -> Option<Timestamp> {
    days_later(id, facts, rules, slot, now, 1)
}

fn days_later(
    id: &OrderId,
    facts: &Facts,
    rules: &Rules,
    slot: &Slot,
    now: Timestamp,
    days: i32,
) -> Option<Timestamp> {
    let marketplace = facts.marketplace?;
    let hours = hours(id, rule(facts, rules));
    let window = Window { opens: slot.opens, closes: slot.not_after };
    let date = daytime::local_date(marketplace, now).saturating_add(days.days());
    Days { id, marketplace, hours, window }.at_or_after(date, now)
}

/// The open spans of a marketplace, cut to a window.
struct Days<'a> {
    id: &'a OrderId,
    marketplace: MarketplaceId,
    hours: Hours,
    window: Window,
}

impl Days<'_> {
    fn span(&self, date: Date, not_before: Timestamp) -> Option<Span> {
        let span = daytime::open_span(self.marketplace, self.hours, date)?;
        let span = Span {
            from: span.from.max(not_before).max(self.window.opens),
            to: span.to.min(self.window.closes),
        };
        (span.from < span.to).then_some(span)
    }

    /// The drawn moment of the first day from `date` on that has one at or after `not_before`.
    fn at_or_after(&self, date: Date, not_before: Timestamp) -> Option<Timestamp> {
        let draw = self.id.draw("spread");
        let (date, cut) = self.first(date, not_before)?;
        // The whole day's draw where it fits, so that a date does not depend on margins.
        let drawn = daytime::open_span(self.marketplace, self.hours, date).map(|day| day.spread(draw));
        Some(drawn.filter(|drawn| cut.contains(*drawn)).unwrap_or_else(|| cut.spread(draw)))
    }

    /// The same, early on that day.
    fn early(&self, date: Date, not_before: Timestamp) -> Option<Timestamp> {
        let (_, cut) = self.first(date, not_before)?;
        Some(cut.early(self.id.draw("spread")))
    }

    /// The first day from `date` on that is open at or after `not_before`, and that part of it.
    fn first(&self, date: Date, not_before: Timestamp) -> Option<(Date, Span)> {
        let last = daytime::local_date(self.marketplace, self.window.closes);
        let mut date = date;
        while date <= last {
            if let Some(span) = self.span(date, not_before) {
                return Some((date, span));
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// The drawn moment of the last day of the window that has one.
    fn last(&self) -> Option<Timestamp> {
        let mut date = daytime::local_date(self.marketplace, self.window.closes);
        let first = daytime::local_date(self.marketplace, self.window.opens);
        while date >= first {
            if let Some(span) = self.span(date, self.window.opens) {
                return Some(span.spread(self.id.draw("spread")));
            }
            date = date.yesterday().ok()?;
        }
        None
    }
}

/// What to do now with an order that has fallen due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Ask Amazon whether it may be asked, then ask.
    Ask(Slot),
    /// Look at its parcels and items first.
    LookUp {
        /// Without the look it must not be asked. Otherwise it is asked all the same when no
        /// look-up is free at the moment (0.5 a second).
        required: bool,
        /// When it could be asked.
        slot: Slot,
    },
    /// Not now.
    Wait {
        /// Until when.
        until: Timestamp,
        /// Why.
        why: Wait,
        /// When it could be asked.
        slot: Slot,
    },
    /// Something is missing again.
    NotYet(NotYet),
    /// Never.
    Skip(Skipped),
    /// Too late.
    Expire(Expired),
}

/// Why an order that has fallen due waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// New evidence or rules name a later date.
    LaterDate,
    /// The buyers sleep.
    Night,
    /// A parcel is still on its way.
    ParcelUnderway,
    /// Not within the share or ASINs that are asked while trying out.
    NotInShare,
    /// Nothing was offered today.
    NothingOffered,
}

impl Wait {
    /// What a person reads.
    pub fn text(self) -> &'static str {
        match self {
            Self::LaterDate => "evidence or rules name a later date",
            Self::Night => "night where the buyers live",
            Self::ParcelUnderway => "a parcel is still on its way",
            Self::NotInShare => "not in the share that goes first",
            Self::NothingOffered => "Amazon offered nothing; again the next day",
        }
    }
}

/// Decides again, at the moment an order has fallen due. `empty_days` counts the days in a
/// row on which Amazon offered nothing.
pub fn decide(
    id: &OrderId,
    facts: &Facts,
    context: Context<'_>,
    empty_days: u32,
    now: Timestamp,
) -> Decision {
    let slot = match plan(id, facts, context) {
        Plan::Ask(slot) => slot,
        Plan::NotYet(why) => return Decision::NotYet(why),
        Plan::Skip(why) => return Decision::Skip(why),
        Plan::Expire(why) => return Decision::Expire(why),
    };
    let parcels = facts.parcels.as_ref().map(|look| look.value);
    let closed = match parcels {
        Some(Parcels::Underway | Parcels::Undeliverable) if facts.delivered.is_none() => {
            Expired::NotDelivered
        }
        _ if empty_days > 0 => Expired::NothingOffered,
        _ => Expired::WindowClosed,
    };
    if now > slot.not_after {
        return Decision::Expire(closed);
    }
    if slot.target > now {
        return Decision::Wait { until: slot.target, why: Wait::LaterDate, slot };
    }
    let rule = rule(facts, context.rules);
    let wait_days = |days, why, else_expire| {
        days_later(id, facts, context.rules, &slot, now, days)
            .map_or(Decision::Expire(else_expire), |until| Decision::Wait { until, why, slot })
    };
    match next_open(id, facts, context.rules, &slot, now) {
        Some(until) if until > now => return Decision::Wait { until, why: Wait::Night, slot },
        Some(_) => {}
        None => return Decision::Expire(closed),
    }
    let looked = facts.parcels.as_ref().is_some_and(|look| now.duration_since(look.at) < LOOK_LASTS);
    if eligibility::needs_asins(facts, rule) && !looked {
        return Decision::LookUp { required: true, slot };
    }
    let out_of_asins = !rule.only_asins.is_empty() && facts.asins.is_disjoint(&rule.only_asins);
    if !context.soon && (out_of_asins || !rule.in_share(id)) {
        return wait_days(1, Wait::NotInShare, Expired::WindowClosed);
    }
    let unseen = facts.channel == Some(FulfillmentChannel::Merchant) && facts.delivered.is_none();
    if unseen && !looked {
        return Decision::LookUp { required: slot.estimate.confidence == Confidence::Low, slot };
    }
    if unseen && looked && matches!(parcels, Some(Parcels::Underway | Parcels::Undeliverable)) {
        return wait_days(LOOK_AGAIN_DAYS, Wait::ParcelUnderway, Expired::NotDelivered);
    }
    Decision::Ask(slot)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::order::{Dated, OrderStatus, Promise, strategies};

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn id(n: u32) -> OrderId {
        format!("111-{n:07}-7654321").parse().expect("valid")
    }

    /// Shipped by Amazon, to arrive in Germany on 10 October at noon.
    fn german() -> Facts {
        Facts {
            marketplace: MarketplaceId::of_country("DE"),
            status: Some(OrderStatus::Shipped),
            channel: Some(FulfillmentChannel::Amazon),
            estimated_arrival: Some(t("2026-10-10T12:00:00Z")),
            ..Facts::default()
        }
    }

    fn rules() -> Rules {
        Rules::default()
    }

    fn context(rules: &Rules) -> Context<'_> {
        Context { rules, live_since: Some(t("2026-01-01T00:00:00Z")), soon: false }
    }

    fn slot(facts: &Facts) -> Slot {
        match plan(&id(1), facts, context(&rules())) {
            Plan::Ask(slot) => slot,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_target_is_day_six_after_the_estimate_in_daytime() {
        let slot = slot(&german());
        assert_eq!(
            daytime::local_date(MarketplaceId::of_country("DE").expect("known"), slot.target),
            jiff::civil::date(2026, 10, 16)
        );
        assert!((t("2026-10-16T07:00:00Z")..t("2026-10-16T18:00:00Z")).contains(&slot.target));
    }

    #[test]
    fn the_target_never_lies_before_the_promised_window_opens() {
        let mut facts = german();
        facts.promise = Some(Dated {
            at: t("2026-10-01T00:00:00Z"),
            value: Promise { earliest: t("2026-10-14T00:00:00Z"), latest: t("2026-10-18T00:00:00Z") },
        });
        assert!(slot(&facts).target >= t("2026-10-19T01:00:00Z"));
    }

    #[test]
    fn decide_is_exact_at_both_edges_of_day_and_window() {
        let facts = german();
        let at = |now: &str| match decide(&id(1), &facts, context(&rules()), 0, t(now)) {
            Decision::Ask(_) => "ask",
            Decision::Wait { why: Wait::LaterDate, .. } => "later",
            Decision::Wait { why: Wait::Night, .. } => "night",
            Decision::Expire(Expired::WindowClosed) => "closed",
            other => panic!("{other:?}"),
        };
        let target = slot(&facts).target;
        assert_eq!(at(&(target - SignedDuration::from_secs(1)).to_string()), "later");
        assert_eq!(at(&target.to_string()), "ask");
        for (now, expect) in [
            ("2026-10-20T17:59:59Z", "ask"),
            ("2026-10-20T18:00:00Z", "night"),
            ("2026-10-21T06:59:59Z", "night"),
            ("2026-10-21T07:00:00Z", "ask"),
            // 30 days after 10 October noon, less six hours; after 25 October it is CET.
            ("2026-11-08T18:59:59Z", "ask"),
            ("2026-11-08T19:00:00Z", "closed"), // no daytime is left before the close
            ("2026-11-09T06:00:01Z", "closed"),
        ] {
            assert_eq!(at(now), expect, "{now}");
        }
    }

    #[test]
    fn whoever_misses_the_evening_is_due_early_the_next_day() {
        let facts = german();
        for n in 0..50 {
            let Decision::Wait { until, why: Wait::Night, .. } =
                decide(&id(n), &facts, context(&rules()), 0, t("2026-10-20T18:00:10Z"))
            else {
                panic!("night");
            };
            assert!((t("2026-10-21T07:00:00Z")..t("2026-10-21T08:00:00Z")).contains(&until), "{until}");
        }
    }

    #[test]
    fn nobody_is_planned_into_the_last_half_hour_of_a_day() {
        for n in 0..300 {
            let Plan::Ask(slot) = plan(&id(n), &german(), context(&rules())) else { panic!("planned") };
            assert!(slot.target < t("2026-10-16T17:30:00Z"), "{}", slot.target);
        }
    }

    #[test]
    fn late_evidence_moves_the_date_both_ways() {
        let early = slot(&german()).target;
        let mut later = german();
        later.merge(&Facts { estimated_arrival: Some(t("2026-10-13T12:00:00Z")), ..Facts::default() });
        assert_eq!(slot(&later).target.duration_since(early), DAY * 3);
        let mut delivered = later;
        delivered.delivered =
            Some(Dated { at: t("2026-10-09T12:00:00Z"), value: crate::order::DeliveredBy::EasyShip });
        assert_eq!(early.duration_since(slot(&delivered).target), DAY);
    }

    fn merchant(parcels: Option<Parcels>, looked_at: &str) -> Facts {
        Facts {
            channel: Some(FulfillmentChannel::Merchant),
            estimated_arrival: None,
            promise: Some(Dated {
                at: t("2026-10-01T00:00:00Z"),
                value: Promise { earliest: t("2026-10-08T00:00:00Z"), latest: t("2026-10-10T12:00:00Z") },
            }),
            parcels: parcels.map(|value| Dated { at: t(looked_at), value }),
            ..german()
        }
    }

    #[test]
    fn a_merchants_parcel_is_looked_for_and_waited_for() {
        let now = t("2026-10-20T10:00:00Z");
        let decide = |facts: &Facts| decide(&id(1), facts, context(&rules()), 0, now);
        assert!(matches!(decide(&merchant(None, "")), Decision::LookUp { required: false, .. }));
        let just_now = "2026-10-20T09:00:00Z";
        assert!(matches!(
            decide(&merchant(Some(Parcels::Underway), just_now)),
            Decision::Wait { why: Wait::ParcelUnderway, until, .. } if until > t("2026-10-22T00:00:00Z")
        ));
        assert!(matches!(decide(&merchant(Some(Parcels::NoScans), just_now)), Decision::Ask(_)));
        assert!(matches!(
            decide(&merchant(Some(Parcels::Underway), "2026-10-18T09:00:00Z")),
            Decision::LookUp { .. }
        ));
        let mut no_date = merchant(None, "");
        no_date.promise = None;
        no_date.shipped = Some(crate::order::Shipped::Seen(t("2026-10-02T00:00:00Z")));
        assert!(matches!(decide(&no_date), Decision::LookUp { required: true, .. }));
    }

    #[test]
    fn going_live_spreads_what_is_due_over_three_days() {
        let (rules, facts) = (rules(), german());
        let live_since = t("2026-10-25T12:00:00Z");
        let mut per_day = std::collections::BTreeMap::new();
        for n in 0..300 {
            let Plan::Ask(slot) =
                plan(&id(n), &facts, Context { rules: &rules, live_since: Some(live_since), soon: false })
            else {
                panic!("planned");
            };
            assert!(slot.target >= live_since);
            *per_day
                .entry(daytime::local_date(MarketplaceId::of_country("DE").expect("known"), slot.target))
                .or_insert(0) += 1;
        }
        assert_eq!(per_day.len(), 3);
        assert!(per_day.values().all(|n| *n > 60), "{per_day:?}");
    }

    proptest! {
        #[test]
        fn an_order_is_only_ever_asked_inside_window_and_daytime(
            facts in strategies::facts(), now in strategies::time(), n in 0_u32..1000,
        ) {
            let rules = rules();
            if let Decision::Ask(slot) = decide(&id(n), &facts, context(&rules), 0, now) {
                prop_assert_eq!(facts.status, Some(OrderStatus::Shipped));
                prop_assert!(slot.opens <= now && now <= slot.not_after);
                let marketplace = facts.marketplace.expect("known");
                prop_assert!(daytime::is_open(marketplace, rules.default.hours, now));
            }
        }

        #[test]
        fn whoever_waits_waits_into_the_future_and_into_the_window(
            facts in strategies::facts(), now in strategies::time(), n in 0_u32..1000,
        ) {
            let rules = rules();
            if let Decision::Wait { until, slot, .. } = decide(&id(n), &facts, context(&rules), 0, now) {
                prop_assert!(until > now);
                prop_assert!(slot.opens <= until && until <= slot.not_after);
            }
        }
    }
}
