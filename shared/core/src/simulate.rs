//! What other rules would come to: every stored order decided anew under the rules in force
//! and under others, from the facts that are known.
//!
//! Both sides are decided from the beginning, so that they differ by the rules alone and not by
//! what has happened meanwhile. Nothing is changed by it.

use jiff::Timestamp;
use serde::Serialize;

use crate::order::{Expired, Order, State};
use crate::policy::timing::{self, Context, Plan};
use crate::rules::Rules;

/// What becomes of an order under some rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// It is asked.
    Ask {
        /// When.
        at: Timestamp,
    },
    /// It is left out while a share or some ASINs go first.
    LeftOut,
    /// It is skipped.
    Skip {
        /// Why: a stable word.
        why: &'static str,
    },
    /// It waits for a fact.
    NotYet {
        /// Which: a stable word.
        why: &'static str,
    },
    /// Its window leaves no moment.
    Expire {
        /// Why: a stable word.
        why: &'static str,
    },
}

impl Fate {
    /// What it is counted under.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "ask",
            Self::LeftOut => "not_in_share",
            Self::Skip { why } | Self::NotYet { why } | Self::Expire { why } => why,
        }
    }
}

/// What becomes of an order under these rules.
pub fn fate(order: &Order, rules: &Rules) -> Fate {
    // Its window had closed when it was first heard of: no rules would have helped.
    if let State::Expired { why: why @ Expired::SeenTooLate, .. } = order.state {
        return Fate::Expire { why: why.code() };
    }
    let context = Context { rules, live_since: None, soon: false };
    match timing::plan(&order.id, &order.facts, context) {
        Plan::Ask(slot) => {
            let rule = timing::rule(&order.facts, rules);
            if timing::goes_first(&order.id, &order.facts, rule) {
                Fate::Ask { at: slot.target }
            } else {
                Fate::LeftOut
            }
        }
        Plan::NotYet(why) => Fate::NotYet { why: why.code() },
        Plan::Skip(why) => Fate::Skip { why: why.code() },
        Plan::Expire(why) => Fate::Expire { why: why.code() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marketplace::MarketplaceId;
    use crate::order::{Facts, FulfillmentChannel, OrderStatus, SeenIn};
    use crate::rules::{Exclusions, Rule};

    fn order() -> Order {
        let at: Timestamp = "2026-10-05T00:00:00Z".parse().expect("a timestamp");
        let mut order = Order::new(
            "S1".parse().expect("valid"),
            "302-1234567-1234567".parse().expect("valid"),
            SeenIn::Import,
            at,
        );
        order.facts = Facts {
            marketplace: MarketplaceId::of_country("DE"),
            status: Some(OrderStatus::Shipped),
            channel: Some(FulfillmentChannel::Amazon),
            estimated_arrival: Some(at),
            skus: ["LAMP".parse().expect("plain")].into(),
            ..Facts::default()
        };
        order
    }

    fn rules(rule: Rule) -> Rules {
        Rules { default: rule, ..Rules::default() }
    }

    #[test]
    fn a_day_an_exclusion_and_a_share_each_change_an_orders_fate() {
        let Fate::Ask { at } = fate(&order(), &Rules::default()) else { panic!("asked") };
        let Fate::Ask { at: later } = fate(&order(), &rules(Rule { target_day: 9, ..Rule::default() }))
        else {
            panic!("asked")
        };
        assert_eq!(later.duration_since(at).as_hours(), 72);
        let exclude = Exclusions { skus: order().facts.skus, ..Exclusions::default() };
        let excluded = fate(&order(), &rules(Rule { exclude, ..Rule::default() }));
        assert_eq!(excluded.code(), "rule_sku");
        assert_eq!(fate(&order(), &rules(Rule { share_percent: 0, ..Rule::default() })), Fate::LeftOut);
    }

    #[test]
    fn what_has_happened_since_changes_no_fate() {
        let before = fate(&order(), &Rules::default());
        let mut asked = order();
        let at = "2026-10-12T00:00:00Z".parse().expect("a timestamp");
        asked.state = State::Asked { at, presumed: false };
        assert_eq!(fate(&asked, &Rules::default()), before);
        // Except that it was heard of too late, which no rules can mend.
        let mut late = order();
        late.state = State::Expired { why: Expired::SeenTooLate, at };
        assert_eq!(fate(&late, &Rules::default()).code(), "seen_too_late");
    }
}
