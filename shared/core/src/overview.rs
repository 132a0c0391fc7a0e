//! What a person sees of orders: each with its state in one word and its reasons, and totals
//! that always add up (promise P3).
//!
//! A state is read together with the clock and the seller's mode: an order of a listening
//! seller that fell due "would have been asked", and one whose window closed meanwhile has
//! expired, though nobody wrote that down yet.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::control::Control;
use crate::delivery::Estimate;
use crate::ids::{OrderId, SellerId};
use crate::marketplace::MarketplaceId;
use crate::order::{Expired, Order, State};
use crate::policy::timing;
use crate::rules::Rules;

/// The five ends of the sum: orders = asked + skipped + expired + refused + open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// The buyer was asked.
    Asked,
    /// Not to be asked, for a neutral reason.
    Skipped,
    /// The window closed before.
    Expired,
    /// Amazon refused.
    Refused,
    /// Not ended yet.
    Open,
}

/// One order as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderView {
    /// The order.
    pub order_id: OrderId,
    /// Whose.
    pub seller_id: SellerId,
    /// Where.
    pub marketplace_id: Option<MarketplaceId>,
    /// Which part of the sum it is.
    pub state: Group,
    /// When it was, or is to be, asked or ended.
    pub at: Option<Timestamp>,
    /// Last moment at which it may be asked.
    pub not_after: Option<Timestamp>,
    /// Why: stable words, the first one decides.
    pub reasons: Vec<String>,
    /// The delivery estimate.
    pub estimate: Option<Estimate>,
}

/// Sums over orders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// All of them.
    pub orders: u64,
    /// Asked, presumed ones included.
    pub asked: u64,
    /// Asked, by all signs, though no reply said so.
    pub presumed: u64,
    /// By reason.
    pub skipped: BTreeMap<String, u64>,
    /// By reason.
    pub expired: BTreeMap<String, u64>,
    /// By reason.
    pub refused: BTreeMap<String, u64>,
    /// By what they wait for.
    pub open: BTreeMap<String, u64>,
}

impl Totals {
    /// Counts one more.
    pub fn count(&mut self, view: &OrderView) {
        self.orders += 1;
        let reason = view.reasons.first().cloned().unwrap_or_default();
        let by_reason = match view.state {
            Group::Asked => {
                self.asked += 1;
                self.presumed += u64::from(reason == "presumed");
                return;
            }
            Group::Skipped => &mut self.skipped,
            Group::Expired => &mut self.expired,
            Group::Refused => &mut self.refused,
            Group::Open => &mut self.open,
        };
        *by_reason.entry(reason).or_default() += 1;
    }

    /// Whether the parts add up to the whole.
    pub fn add_up(&self) -> bool {
        let sum = |map: &BTreeMap<String, u64>| map.values().sum::<u64>();
        self.orders
            == self.asked + sum(&self.skipped) + sum(&self.expired) + sum(&self.refused) + sum(&self.open)
    }
}

/// An order as a person sees it at `now`.
pub fn view(order: &Order, rules: &Rules, control: &Control, now: Timestamp) -> OrderView {
    let live = control.live_since(&order.seller).is_some();
    let (state, at, mut reasons) = match &order.state {
        State::Asked { at, presumed } => {
            (Group::Asked, Some(*at), vec![if *presumed { "presumed" } else { "accepted" }.to_owned()])
        }
        State::Skipped { why, at } => (Group::Skipped, Some(*at), vec![why.code().to_owned()]),
        State::Expired { why, at } => (Group::Expired, Some(*at), vec![why.code().to_owned()]),
        State::Refused { why, at } => (Group::Refused, Some(*at), vec![why.code().to_owned()]),
        State::Held { why, since, .. } => {
            (Group::Open, Some(*since), vec!["held".to_owned(), why.code().to_owned()])
        }
        State::Seen { why } => (Group::Open, None, vec![why.code().to_owned()]),
        State::Claimed { due_at, .. } => (Group::Open, Some(*due_at), vec!["being_asked".to_owned()]),
        State::Unknown { next_check, .. } => {
            (Group::Open, Some(*next_check), vec!["no_reply_yet".to_owned()])
        }
        State::Planned { due_at, not_after, .. } if now > *not_after && !live => {
            (Group::Expired, Some(*not_after), vec![Expired::Listening.code().to_owned()])
        }
        State::Planned { due_at, .. } if *due_at <= now && !live => {
            (Group::Open, Some(*due_at), vec!["would_have_asked".to_owned()])
        }
        State::Planned { due_at, empty, .. } => {
            let stop = order.marketplace().and_then(|m| control.stop(&order.seller, m)).filter(|_| live);
            let mut reasons = vec![if *due_at <= now { "due" } else { "planned" }.to_owned()];
            if stop.is_some() {
                reasons.insert(0, "paused".to_owned());
            }
            if *empty > 0 {
                reasons.push("nothing_offered_yet".to_owned());
            }
            (Group::Open, Some(*due_at), reasons)
        }
    };
    if order.rules_version > 0 {
        reasons.push(format!("rules_{}", order.rules_version));
    }
    if let Some(arm) = &order.arm {
        reasons.push(format!("arm_{arm}"));
    }
    let rule = timing::rule(&order.facts, rules);
    if state == Group::Open && !timing::goes_first(&order.id, &order.facts, rule) {
        reasons.push("not_in_share".to_owned());
    }
    OrderView {
        order_id: order.id.clone(),
        seller_id: order.seller.clone(),
        marketplace_id: order.marketplace(),
        state,
        at,
        not_after: order.state.not_after(),
        reasons,
        estimate: order.estimate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{Live, SellerControl};
    use crate::order::{Facts, NotYet, SeenIn, Skipped};

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn order(state: State) -> Order {
        let mut order = Order::new(
            "S1".parse().expect("valid"),
            "111-1234567-1234567".parse().expect("valid"),
            SeenIn::Notification,
            t("2026-10-01T00:00:00Z"),
        );
        order.facts = Facts { marketplace: MarketplaceId::of_country("DE"), ..Facts::default() };
        order.state = state;
        order
    }

    fn planned() -> Order {
        order(State::Planned {
            due_at: t("2026-10-16T10:00:00Z"),
            not_after: t("2026-11-09T06:00:00Z"),
            empty: 0,
            unclear: 0,
        })
    }

    fn control(live: bool) -> Control {
        let live = live.then_some(Live { since: t("2026-01-01T00:00:00Z") });
        let mut control = Control::default();
        control
            .sellers
            .insert("S1".parse().expect("valid"), SellerControl { live, ..SellerControl::default() });
        control
    }

    #[test]
    fn a_listening_seller_would_have_asked_and_then_let_the_window_close() {
        let first =
            |now: &str, live| view(&planned(), &Rules::default(), &control(live), t(now)).reasons[0].clone();
        assert_eq!(first("2026-10-16T09:59:59Z", false), "planned");
        assert_eq!(first("2026-10-16T10:00:00Z", false), "would_have_asked");
        assert_eq!(first("2026-11-09T06:00:01Z", false), "listening");
        assert_eq!(first("2026-10-16T10:00:00Z", true), "due");
    }

    #[test]
    fn totals_add_up_over_every_state() {
        let at = t("2026-10-16T10:00:00Z");
        let mut totals = Totals::default();
        for state in [
            planned().state,
            State::Seen { why: NotYet::NotShipped },
            State::Asked { at, presumed: false },
            State::Asked { at, presumed: true },
            State::Skipped { why: Skipped::Cancelled, at },
            State::Expired { why: Expired::WindowClosed, at },
            State::Refused { why: crate::order::Refused::NotAvailable, at },
            State::Held { why: crate::order::Held::UnknownRefusal, since: at, not_after: at },
        ] {
            totals.count(&view(&order(state), &Rules::default(), &control(true), at));
        }
        assert!(totals.add_up());
        assert_eq!((totals.orders, totals.asked, totals.presumed), (8, 2, 1));
        assert_eq!(totals.open.values().sum::<u64>(), 3);
    }
}
