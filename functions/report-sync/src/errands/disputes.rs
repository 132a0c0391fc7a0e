//! Claims and chargebacks of orders that have a case: Amazon has no list of them, but an order's money
//! tells.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};
use renown_core::case::{Case, Kind, Source, of_disputes};
use renown_core::ids::OrderId;
use renown_core::text;
use renown_io::ledger::{Errand, Unread};
use renown_io::spapi;

use super::Trouble;
use crate::nudge::SOURCE;
use crate::seller::Shop;
use crate::signals;
use crate::summary::Summary;

/// A round begins this long after the one before: an entry appears up to two days after the fact.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Cases opened this long ago and later: a buyer may claim until 90 days after the promised delivery
/// (Amazon's "A-to-z Guarantee" page for buyers).
const REACH: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Orders of a round, the newest cases first. At a call in two seconds that is a quarter of an hour,
/// spread over ticks. Ours.
const MOST: usize = 500;
/// Orders of a tick: Amazon's burst. The rest waits for the next one.
const A_TICK: usize = 30;

/// Some orders of a round. Tells when it goes on, or when the next one begins.
///
/// # Errors
///
/// If the table or Amazon does not answer.
pub(super) async fn run(
    shop: &Shop<'_>,
    errand: &mut Errand,
    summary: &mut Summary,
) -> Result<Timestamp, Trouble> {
    let now = shop.app.clock.now();
    if errand.left.is_empty() {
        errand.left = orders(shop.app.ledger.cases(&shop.seller.id).await?, now);
        errand.since = Some(now);
    }
    let mut was_unclear = false;
    for _ in 0..A_TICK {
        let Some(order) = errand.left.first().filter(|_| shop.has_time()).cloned() else { break };
        match shop.spapi.disputes(&shop.caller, &order).await {
            Ok(found) => {
                let source = Source { seller: &shop.seller.id, marketplace: None, as_of: now, seen_at: now };
                let disputes = of_disputes(&order, &found.claims, &found.chargebacks, source);
                summary.signals += signals::record(shop, disputes).await?;
                was_unclear = false;
            }
            // Of this order nothing will ever be told.
            Err(spapi::Error::NotFound { .. } | spapi::Error::Invalid { .. }) => was_unclear = false,
            // One answer that nobody understands is that order's, and the next round asks again; two on end
            // are Amazon's hour in which it answers nobody.
            Err(spapi::Error::Unclear { why, .. }) if !was_unclear => {
                leave_out(shop, &order, &why, now).await?;
                was_unclear = true;
            }
            Err(error) => return Err(error.into()),
        }
        errand.left.remove(0);
    }
    if !errand.left.is_empty() {
        return Ok(now);
    }
    let began = errand.since.take().unwrap_or(now);
    Ok(began.saturating_add(EVERY).unwrap_or(now))
}

/// Keeps that an order was left out of its round, and why.
async fn leave_out(shop: &Shop<'_>, order: &OrderId, why: &str, now: Timestamp) -> Result<(), Trouble> {
    tracing::warn!(seller.id = %shop.seller.id, order.id = %order, why, "an order is left out of this round of claims and chargebacks");
    let problem = text!(
        "Amazon's answer on its claims and chargebacks could not be understood ({why}); it is asked again in a day, and Seller Central shows them",
        "亚马逊关于其索赔与拒付的应答无法读取({why});一天后会再次查询,也可在卖家平台查看"
    );
    let unread = Unread {
        source: SOURCE.to_owned(),
        hash: Unread::hash_of(order.as_str().as_bytes()),
        name: order.to_string(),
        place: "financialEvents".to_owned(),
        problem: problem.en,
        problem_zh: problem.zh,
        at: now,
        dead_letter: false,
    };
    Ok(shop.app.ledger.keep_unread(&unread).await?)
}

/// The orders that are asked about: those of which no dispute is known.
fn orders(mut cases: Vec<Case>, now: Timestamp) -> Vec<OrderId> {
    cases.retain(|case| now.duration_since(case.opened_at) <= REACH);
    cases.sort_by_key(|case| Reverse(case.opened_at));
    let is_disputed = |case: &Case| {
        case.signals.iter().any(|joined| matches!(joined.signal.kind, Kind::Claim | Kind::Chargeback))
    };
    let undisputed = cases.iter().filter(|case| !is_disputed(case));
    undisputed.filter_map(|case| case.subject.order().cloned()).take(MOST).collect()
}
