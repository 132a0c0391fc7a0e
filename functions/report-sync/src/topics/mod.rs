//! What reviews name: once a week for each ASIN that was sold lately, where Amazon tells it.
//!
//! It comes after all reports, so that no order waits for it, and some ASINs at a tick: Amazon takes a
//! call a second. The round says who is still to be looked at; a process that dies is followed by
//! another one when its lease ends, which looks at nothing twice.

mod look;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use renown_core::ids::Asin;
use renown_core::marketplace::MarketplaceId;
use renown_core::order::OrderStatus;
use renown_core::say::Text;
use renown_core::text;
use renown_core::topics::{ROLE, offers};
use renown_io::ledger::{Error, Left, ReportItem, ReportKind, ReportState, TopicRound};
use renown_io::{say, spapi};

use crate::seller::{Shop, brake, lacks_role};
use crate::step::is_of_seller;
use crate::summary::Summary;
use look::Looked;

/// A round begins this long after the one before: Amazon renews its numbers once a week (its page on
/// the Customer Feedback API).
const EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Who was sold since is looked at. Ours: what nobody bought in two months gets few reviews.
const SOLD_WITHIN: SignedDuration = SignedDuration::from_hours(60 * 24);
/// ASINs of a tick. At four calls each that is some minutes; the rest waits for the next ticks. Ours.
const A_TICK: usize = 50;
/// ASINs of a round, the most sold: half a day of ticks, and an item of the table holds them. Ours.
const MOST: usize = 2_000;
/// Attempts at an ASIN in a round.
const TRIES: u32 = 3;
/// Pause after an attempt that came to nothing: Amazon has hours in which it answers nobody. Ours.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_hours(1);

/// Whether the seller's orders of the last weeks are read: before, its ASINs are not known.
pub(crate) fn knows_orders(items: &[ReportItem]) -> bool {
    let of_orders = || items.iter().filter(|item| item.kind == ReportKind::AllOrders);
    let is_read =
        |item: &ReportItem| matches!(item.state, ReportState::Done { .. } | ReportState::Empty { .. });
    of_orders().any(is_read) && !of_orders().any(|item| item.back_fill && item.is_open())
}

/// Carries the round of a seller on, or begins the next.
///
/// # Errors
///
/// If the table does not answer; whoever is left is looked at by a later tick.
pub(crate) async fn carry(shop: &Shop<'_>, summary: &mut Summary) -> Result<(), Error> {
    let Some(mut round) = claimed(shop).await? else { return Ok(()) };
    for _ in 0..A_TICK {
        let Some(left) = round.left.first().cloned().filter(|_| shop.has_time()) else { break };
        let now = shop.app.clock.now();
        match look::at(shop, &round, &left, summary).await? {
            Looked::Done => drop(round.left.remove(0)),
            Looked::Broken(spapi::Error::Denied { .. } | spapi::Error::Forbidden { .. }) => {
                denied(shop, &mut round, left.at, summary).await?;
            }
            Looked::Broken(error) if is_of_seller(&error) => {
                brake(shop, &error, summary).await?;
                break;
            }
            // Not processed, so no attempt; its turn comes with the next tick.
            Looked::Broken(spapi::Error::Throttled { .. }) => break,
            Looked::Broken(error) => {
                let is_worth_it =
                    !matches!(error, spapi::Error::Invalid { .. } | spapi::Error::Conflict { .. });
                round.left.remove(0);
                if is_worth_it && left.tries + 1 < TRIES {
                    tracing::warn!(seller.id = %shop.seller.id, asin = %left.asin, error = %error, "what reviews name is asked for again later");
                    round.left.push(Left { tries: left.tries + 1, ..left });
                } else {
                    given_up(shop, &left, &error, summary);
                }
                if is_worth_it {
                    round.not_before = now.saturating_add(AFTER_FAILURE).unwrap_or(now);
                    break;
                }
            }
        }
    }
    round.lease_until = shop.app.clock.now();
    shop.app.ledger.save_topic_round(&mut round).await?;
    Ok(())
}

/// The round that is to be carried on now; `None`: there is nothing to do, or somebody else does it.
async fn claimed(shop: &Shop<'_>) -> Result<Option<TopicRound>, Error> {
    if !shop.has_time() || !shop.seller.marketplaces.iter().any(|at| offers(*at)) {
        return Ok(None);
    }
    let (ledger, now) = (&shop.app.ledger, shop.app.clock.now());
    let there = ledger.topic_round(&shop.seller.id).await?;
    if there.as_ref().is_some_and(|round| now < round.lease_until) {
        return Ok(None);
    }
    let mut round = match there {
        Some(round) if now.duration_since(round.began_at) < EVERY => {
            if round.left.is_empty() || now < round.not_before {
                return Ok(None);
            }
            round
        }
        before => TopicRound::begin(shop.seller.id.clone(), sold(shop).await?, before.as_ref(), now),
    };
    round.lease_until = shop.times.lease_until;
    Ok(ledger.save_topic_round(&mut round).await?.then_some(round))
}

/// The ASINs that were sold lately where Amazon tells of reviews, the most sold first.
async fn sold(shop: &Shop<'_>) -> Result<BTreeMap<MarketplaceId, Vec<Asin>>, Error> {
    let now = shop.app.clock.now();
    let since = now.saturating_sub(SOLD_WITHIN).unwrap_or(now);
    let mut n_orders: BTreeMap<(MarketplaceId, Asin), u32> = BTreeMap::new();
    shop.app
        .ledger
        .each_order(&shop.seller.id, |order| {
            let Ok(facts) = order.map(|stored| stored.order.facts) else { return };
            let is_sale = facts.purchased_at.is_some_and(|at| at >= since)
                && facts.status != Some(OrderStatus::Cancelled);
            let Some(at) = facts.marketplace.filter(|at| is_sale && offers(*at)) else { return };
            for asin in facts.asins {
                *n_orders.entry((at, asin)).or_default() += 1;
            }
        })
        .await?;
    let mut all: Vec<_> = n_orders.into_iter().collect();
    all.sort_by_key(|(_, n_orders)| std::cmp::Reverse(*n_orders));
    all.truncate(MOST);
    let mut asins: BTreeMap<MarketplaceId, Vec<Asin>> = BTreeMap::new();
    for ((at, asin), _) in all {
        asins.entry(at).or_default().push(asin);
    }
    Ok(asins)
}

/// The app may not look there: said once, and tried again with the next round.
async fn denied(
    shop: &Shop<'_>,
    round: &mut TopicRound,
    at: MarketplaceId,
    summary: &mut Summary,
) -> Result<(), Error> {
    round.denied.insert(at);
    round.left.retain(|left| left.at != at);
    let text = text!(
        "Amazon does not tell what reviews name: the app lacks the role {ROLE:?}; add it to the app in the Solution Provider Portal and authorise again, it is tried again within a week",
        "亚马逊不提供评论主题:应用缺少角色 {ROLE:?};请在解决方案提供商门户中为应用添加该角色并重新授权,一周内会再次尝试"
    );
    lacks_role(shop, "customer_feedback", text, summary).await
}

/// An ASIN that this round does not look at any more, said aloud.
fn given_up(shop: &Shop<'_>, left: &Left, error: &spapi::Error, summary: &mut Summary) {
    let (asin, country) = (&left.asin, left.at.info().country);
    let Text { en, zh } = say::call(error);
    summary.problem(
        &shop.seller.id,
        text!(
            "what reviews of {asin} name in {country} is left out this week: {en}",
            "本周略过 {country} 站点 {asin} 的评论主题:{zh}"
        ),
    );
}
