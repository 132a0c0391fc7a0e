//! The invariants, judged by what the simulator saw and what stands in the table.

use jiff::{SignedDuration, Timestamp};
use renown_core::marketplace::MarketplaceId;
use renown_core::order::{Expired, Order, Parcels, Skipped, State, Step};
use renown_core::overview::{Totals, view};
use renown_core::rules::Rules;
use renown_simulator::{Call, FaultKind, Operation, OutageAnswer};

use crate::history::History;
use crate::plan::Mode;

/// A call that was decided on may take this long to arrive: the look at the token, a refused
/// one, the wire.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_secs(25);

/// Everything that is wrong with a history; empty if nothing is.
pub(crate) async fn judge(history: &History) -> Vec<String> {
    let mut wrong = Vec::new();
    let orders: Vec<Order> = history
        .ledger()
        .all_orders(&history.seller)
        .await
        .expect("readable")
        .into_iter()
        .map(|stored| stored.expect("readable").order)
        .collect();
    for violation in history.simulator.violations() {
        wrong.push(format!("violation {:?} at {}: {}", violation.kind, violation.at, violation.text));
    }
    let accepted = history.simulator.accepted();
    for (order, times) in &accepted {
        if times.len() > 1 {
            wrong.push(format!("{order} was asked {} times: {times:?}", times.len()));
        }
    }
    for call in history.simulator.calls() {
        if call.operation == Operation::CreateProductReviewAndSellerFeedbackSolicitation {
            wrong.extend(judge_post(history, &orders, &call));
        }
    }
    sums(history, &orders, &mut wrong).await;
    for planned in &history.plan.orders {
        match orders.iter().find(|order| order.id.as_str() == planned.order_id) {
            Some(order) => {
                let was_accepted = accepted.contains_key(&planned.order_id);
                wrong.extend(judge_order(history, planned, order, was_accepted));
            }
            None => wrong.push(format!("{} is not in the table", planned.order_id)),
        }
    }
    if history.plan.unreadable {
        let kept = history.ledger().unread("order-ingest").await.expect("readable");
        if kept.len() != 1 || history.dead_letters.get() == 0 {
            wrong.push(format!(
                "unreadable message: {} kept, {} dead letters",
                kept.len(),
                history.dead_letters.get()
            ));
        } else {
            history.branches.hit("unreadable message kept");
        }
    }
    count(history, &orders);
    wrong
}

/// A call that asks: in daytime, outside every pause, and only while live.
fn judge_post(history: &History, orders: &[Order], call: &Call) -> Vec<String> {
    let mut wrong = Vec::new();
    let order = call.subject.as_deref().unwrap_or_default();
    let at = call.at;
    let marketplace = orders.iter().find(|o| o.id.as_str() == order).and_then(Order::marketplace);
    if !marketplace.is_some_and(|m| is_day(m, at) || is_day(m, at - ON_ITS_WAY)) {
        wrong.push(format!("{order} was asked at night: {at}"));
    }
    for (from, to) in history.pauses.borrow().iter() {
        if *from + SignedDuration::from_secs(2) + ON_ITS_WAY < at && at < *to {
            wrong.push(format!("{order} was asked at {at}, in the pause {from} – {to}"));
        }
    }
    let live = match history.plan.mode {
        Mode::Live => true,
        Mode::LiveFrom(since) => at >= since,
        Mode::Listen => false,
    };
    if !live {
        wrong.push(format!("{order} was asked at {at} while listening"));
    }
    wrong
}

/// Nine to twenty on the wall of the marketplace, computed without the policy's code.
fn is_day(marketplace: MarketplaceId, at: Timestamp) -> bool {
    marketplace.info().zones.iter().all(|zone| {
        let local = at.in_tz(zone).expect("a known zone");
        (9..20).contains(&local.hour())
    })
}

/// P3: the parts add up to the whole.
async fn sums(history: &History, orders: &[Order], wrong: &mut Vec<String>) {
    let control = history.ledger().control(history.now()).await.expect("readable");
    let mut totals = Totals::default();
    for order in orders {
        let view = view(order, &Rules::default(), control.control(), history.now());
        if view.reasons.is_empty() {
            wrong.push(format!("{} has no reason", order.id));
        }
        totals.count(&view);
    }
    if !totals.add_up() || totals.orders != orders.len() as u64 {
        wrong.push(format!("totals do not add up: {totals:?}"));
    }
}

fn judge_order(
    history: &History,
    planned: &renown_simulator::Order,
    order: &Order,
    was_accepted: bool,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let id = &order.id;
    let state = &order.state;
    // What the table says is what happened.
    match state {
        State::Asked { presumed: false, .. } if !was_accepted => {
            wrong.push(format!("{id} is said to be asked and was not"));
        }
        State::Asked { presumed: true, .. } if !was_accepted && !may_vanish(history, planned) => {
            wrong.push(format!("{id} is presumed asked and was not"));
        }
        State::Asked { .. } | State::Expired { why: Expired::OutcomeUnknown, .. } => {}
        other if was_accepted => wrong.push(format!("{id} was asked and stands as {other:?}")),
        _ => {}
    }
    if history.plan.mode == Mode::Listen {
        return wrong;
    }
    // Once the world heals every order ends, or waits for a person, or for Amazon to ship it.
    let honest = state.is_terminal()
        || matches!(state, State::Held { .. })
        || matches!(state, State::Seen { .. } if planned.shipped_at.is_none());
    if !honest {
        wrong.push(format!("{id} has not ended: {state:?}"));
    }
    // Whoever could be asked was.
    let neutral = planned.cancelled_at.is_none() && planned.replacement_of.is_none();
    let offered = !planned.ineligible && planned.asked_elsewhere_at.is_none() && !history.plan.refuses();
    if neutral
        && offered
        && !matches!(
            state,
            State::Asked { .. } | State::Held { .. } | State::Expired { why: Expired::OutcomeUnknown, .. }
        )
    {
        wrong.push(format!("{id} could have been asked and stands as {state:?}"));
    }
    wrong
}

/// Whether the action may vanish without our doing: then "gone" presumes too much, and the
/// protocol accepts it rather than ask twice.
fn may_vanish(history: &History, planned: &renown_simulator::Order) -> bool {
    planned.cancelled_at.is_some()
        || planned.asked_elsewhere_at.is_some()
        || history.plan.refuses()
        || history.plan.faults.iter().any(|fault| {
            matches!(
                fault.kind,
                FaultKind::NothingOffered | FaultKind::Outage { answer: OutageAnswer::Empty }
            )
        })
}

/// Counts the rare branches by what is left of them.
fn count(history: &History, orders: &[Order]) {
    let hit = |name| history.branches.hit(name);
    for order in orders {
        for entry in order.trail.entries() {
            match entry.step {
                Step::ClaimLost => hit("claim lost with its process"),
                Step::Unclear => hit("call of unknown outcome"),
                Step::StillOffered => hit("still offered after an unknown call"),
                Step::Gone => hit("gone after an unknown call"),
                Step::Throttled => hit("throttled"),
                Step::NotSent => hit("not sent"),
                Step::TooEarly => hit("Amazon says too early"),
                Step::NothingOffered => hit("nothing offered"),
                Step::LookedUp => hit("looked up"),
                Step::FirstReported => hit("notification lost and repaired by a report"),
                _ => {}
            }
        }
        if order.facts.parcels.as_ref().is_some_and(|look| look.value == Parcels::Underway) {
            hit("parcel underway");
        }
        match &order.state {
            State::Asked { presumed: true, .. } => hit("presumed asked"),
            State::Held { .. } => hit("held for an unknown text"),
            State::Refused { .. } => hit("refused by Amazon"),
            State::Expired { .. } => hit("expired"),
            State::Skipped { why: Skipped::Cancelled | Skipped::Replacement, .. } => hit("skipped"),
            _ => {}
        }
    }
}
