//! First stage: read the order, decide again, look up what is missing, ask Amazon what it
//! offers.

use jiff::Timestamp;
use renown_core::case::of_parcels;
use renown_core::ids::OrderId;
use renown_core::marketplace::MarketplaceId;
use renown_core::order::{Dated, DeliveredBy, Facts, Order, Parcels, Promise, State, Tracking};
use renown_core::policy::timing::{self, Decision, Slot, Wait};
use renown_io::bus::raise;
use renown_io::ledger::{Error, Stored};
use renown_io::say;
use renown_io::spapi::{self, OrderDetails, Package, PackageStatus};
use tokio::sync::mpsc::Sender;

use crate::answer::{self, Failure};
use crate::queue::Queue;
use crate::seller::{Next, Shop};

/// After this many calls in a row without a usable answer the seller is left to the next tick.
const GIVE_UP_AFTER: u32 = 3;

/// Feeds the second stage until nothing is due, time is up, or something stops the seller.
pub(crate) async fn stage(shop: &Shop<'_>, offered: Sender<Stored>) {
    let mut queue = Queue::new(shop.tick.app, shop.seller);
    let mut failures = 0;
    let mut canaries = 0;
    while shop.tick.has_time() && failures < GIVE_UP_AFTER && shop.tick.may_work(&shop.seller.id).await {
        let held = shop.tick.is_outage().await;
        if held && canaries >= shop.tick.canaries() {
            return;
        }
        let order = match queue.next().await {
            Ok(Some(order)) => order,
            Ok(None) => return,
            Err(error) => return shop.tick.problem(&shop.seller.id, say::table(&error)),
        };
        let looked = look(shop, &order, held).await;
        match looked {
            Ok(Looked::Offered(stored)) => {
                failures = 0;
                // The second stage has stopped: so does this one.
                if offered.send(*stored).await.is_err() {
                    return;
                }
            }
            Ok(Looked::Done) => failures = 0,
            Ok(Looked::Canary) => canaries += 1,
            Ok(Looked::Failed) => failures += 1,
            Ok(Looked::Stop) => return,
            Err(error @ Error::Unreadable { .. }) => shop.tick.problem(&shop.seller.id, say::table(&error)),
            Err(error) => {
                tracing::warn!(order.id = %order, error = %error, "order is left to the next tick");
                failures += 1;
            }
        }
    }
}

/// What a look came to.
enum Looked {
    /// Amazon offers the action: the order can be claimed. Boxed: much larger than the rest.
    Offered(Box<Stored>),
    /// Nothing to be asked now.
    Done,
    /// Only probed, to see whether an outage is over.
    Canary,
    /// No usable answer; the order stays due.
    Failed,
    /// Nothing more for this seller in this tick.
    Stop,
}

async fn look(shop: &Shop<'_>, id: &OrderId, held: bool) -> Result<Looked, Error> {
    let (app, now) = (shop.tick.app, shop.tick.app.clock.now());
    // An index row can be older than the table: the order may be gone or done.
    let Some(stored) = app.ledger.order(&shop.seller.id, id).await? else { return Ok(Looked::Done) };
    let mut order = stored.order.clone();
    order.claim_lost(now);
    if order.state.due_at().is_none_or(|due_at| now < due_at) {
        return Ok(Looked::Done);
    }
    match &order.state {
        State::Unknown { .. } if !held => clear_up(shop, &stored, order).await,
        State::Planned { empty, .. } => {
            let empty = *empty;
            match order.decide(shop.context(), empty, now) {
                Decision::LookUp { required, slot } if !held => look_up(shop, stored, required, slot).await,
                decision => act(shop, stored, decision, held).await,
            }
        }
        // Claimed and its lease runs, or held back by an outage.
        _ => Ok(Looked::Done),
    }
}

/// Does what was decided without a look-up.
async fn act(shop: &Shop<'_>, stored: Stored, decision: Decision, held: bool) -> Result<Looked, Error> {
    let now = shop.tick.app.clock.now();
    let mut order = stored.order.clone();
    match decision {
        Decision::Ask(slot) | Decision::LookUp { slot, .. } => return probe(shop, stored, slot, held).await,
        Decision::Wait { until, why, slot } => order.wait(until, why, &slot, shop.context(), now),
        Decision::NotYet(why) => order.not_yet(why),
        Decision::Skip(why) => order.skip(why, now),
        Decision::Expire(why) => {
            // Ending an order for its time needs a clock that is right, and only Amazon tells.
            if let Err(error) = right_clock(shop, &stored).await {
                return failed(shop, &error).await;
            }
            order.expire(why, now);
        }
    }
    let ended = order.state.is_terminal();
    if shop.tick.app.ledger.update_order(&stored, order, now).await? {
        shop.tick.count(|summary| if ended { summary.ended += 1 } else { summary.moved += 1 });
    }
    Ok(Looked::Done)
}

/// Looks at parcels and items (getOrder), then decides again.
async fn look_up(shop: &Shop<'_>, mut stored: Stored, required: bool, slot: Slot) -> Result<Looked, Error> {
    let app = shop.tick.app;
    let order = &stored.order;
    match shop.tick.spapi.get_order(&shop.caller, &order.id).await {
        Ok(details) => {
            let now = app.clock.now();
            let facts = facts(&details, now);
            let mut after = order.clone();
            after.facts.merge(&facts);
            after.trail.add(renown_core::order::Step::LookedUp, now);
            tell_of_parcels(shop, &after, now).await;
            let empty = if let State::Planned { empty, .. } = after.state { empty } else { 0 };
            let decision = after.decide(shop.context(), empty, now);
            // What was learnt is written with what is decided on it: the claim, or a new date.
            stored.order = after;
            match decision {
                // Looked up a moment ago: nothing more is to be learnt.
                Decision::LookUp { slot, .. } => probe(shop, stored, slot, false).await,
                decision => act(shop, stored, decision, false).await,
            }
        }
        Err(spapi::Error::Throttled { .. }) if !required => probe(shop, stored, slot, false).await,
        Err(spapi::Error::NotFound { .. } | spapi::Error::Invalid { .. }) if !required => {
            probe(shop, stored, slot, false).await
        }
        Err(error) => failed(shop, &error).await,
    }
}

/// A parcel that came to nothing is somebody's matter. Nothing here reads it again (promise P2), and
/// what cannot be told now is told at the next look.
async fn tell_of_parcels(shop: &Shop<'_>, order: &Order, now: Timestamp) {
    let Some(signal) = of_parcels(order, now) else { return };
    let app = shop.tick.app;
    if let Err(error) = raise(&app.ledger, &app.bus, &[signal]).await {
        tracing::warn!(order.id = %order.id, error = %error, "trouble with a parcel is told at the next look");
    }
}

/// Asks Amazon what it offers.
async fn probe(shop: &Shop<'_>, stored: Stored, slot: Slot, held: bool) -> Result<Looked, Error> {
    let Some(marketplace) = stored.order.marketplace() else { return Ok(Looked::Done) };
    let offered = match actions(shop, &stored.order.id, marketplace).await {
        Ok(offered) => offered,
        Err(error) => return failed(shop, &error).await,
    };
    if held {
        shop.tick.canary(&shop.seller.id, offered).await?;
        return Ok(Looked::Canary);
    }
    shop.tick.probed(&shop.seller.id, offered).await?;
    if offered {
        return Ok(Looked::Offered(Box::new(stored)));
    }
    shop.tick.count(|summary| summary.nothing_offered += 1);
    let now = shop.tick.app.clock.now();
    let mut order = stored.order.clone();
    match timing::tomorrow(&order.id, &order.facts, &shop.rules, &slot, now) {
        Some(until) => order.wait(until, Wait::NothingOffered, &slot, shop.context(), now),
        None => order.expire(renown_core::order::Expired::NothingOffered, now),
    }
    shop.tick.app.ledger.update_order(&stored, order, now).await?;
    Ok(Looked::Done)
}

/// A call of unknown outcome: what Amazon offers now tells what became of it.
async fn clear_up(shop: &Shop<'_>, stored: &Stored, mut order: Order) -> Result<Looked, Error> {
    let Some(marketplace) = order.marketplace() else { return Ok(Looked::Done) };
    match actions(shop, &order.id, marketplace).await {
        Ok(offered) => {
            let now = shop.tick.app.clock.now();
            order.cleared_up(offered, shop.context(), now);
            shop.tick.app.ledger.update_order(stored, order, now).await?;
            shop.tick.count(|summary| summary.cleared_up += 1);
            Ok(Looked::Done)
        }
        Err(error) => failed(shop, &error).await,
    }
}

async fn actions(shop: &Shop<'_>, order: &OrderId, marketplace: MarketplaceId) -> Result<bool, spapi::Error> {
    let offered = shop.tick.spapi.actions(&shop.caller, order, marketplace).await?.offered;
    shop.tick.spapi.check_clock()?;
    Ok(offered)
}

/// Makes sure that this machine's clock agrees with Amazon's, asking it for the time if no
/// answer has told yet.
async fn right_clock(shop: &Shop<'_>, stored: &Stored) -> Result<(), spapi::Error> {
    match stored.order.marketplace() {
        Some(marketplace) if shop.tick.spapi.clock_difference().is_none() => {
            actions(shop, &stored.order.id, marketplace).await.map(drop)
        }
        _ => shop.tick.spapi.check_clock(),
    }
}

/// A call that only reads has failed: the order stays due.
async fn failed(shop: &Shop<'_>, error: &spapi::Error) -> Result<Looked, Error> {
    match answer::failure(error) {
        Failure::OfSeller => match answer::brake(shop, error).await {
            Next::Stop => Ok(Looked::Stop),
            Next::GoOn => Ok(Looked::Failed),
        },
        Failure::OfCall => {
            if let spapi::Error::Throttled { .. } = error {
                shop.tick.count(|summary| summary.throttled += 1);
            }
            tracing::warn!(seller.id = %shop.seller.id, error = %error, "no usable answer; the order stays due");
            Ok(Looked::Failed)
        }
    }
}

/// What a look-up says of an order.
fn facts(details: &OrderDetails, now: Timestamp) -> Facts {
    let statuses: Vec<PackageStatus> =
        details.packages.iter().map(|package| package.status.clone()).collect();
    let parcels = parcels(&statuses);
    Facts {
        status: details.status,
        channel: details.channel,
        promise: details
            .deliver_by
            .earliest
            .zip(details.deliver_by.latest)
            .map(|(a, b)| Dated { at: now, value: Promise { earliest: a.min(b), latest: a.max(b) } }),
        delivered: (parcels == Parcels::Delivered).then_some(Dated { at: now, value: DeliveredBy::Scan }),
        parcels: Some(Dated { at: now, value: parcels }),
        underway: (parcels == Parcels::Underway).then_some(now),
        tracking: details.packages.iter().rev().find_map(tracked),
        skus: details.items.iter().filter_map(|item| item.sku.clone()).collect(),
        asins: details.items.iter().filter_map(|item| item.asin.clone()).collect(),
        programs: details.programs.iter().cloned().collect(),
        replacement: details.replacement,
        non_amazon: details.non_amazon,
        ..Facts::default()
    }
}

/// A parcel that its carrier knows by a number, as of the moment it was handed over.
fn tracked(package: &Package) -> Option<Dated<Tracking>> {
    let (at, value) = (package.shipped_at?, package.tracking.clone()?);
    Some(Dated { at, value })
}

/// The order is delivered when its last parcel is.
fn parcels(statuses: &[PackageStatus]) -> Parcels {
    let known: Vec<_> = statuses
        .iter()
        .filter(|status| !matches!(status, PackageStatus::Cancelled | PackageStatus::Other(_)))
        .collect();
    if known.is_empty() {
        Parcels::NoScans
    } else if known.iter().all(|status| **status == PackageStatus::Delivered) {
        Parcels::Delivered
    } else if known.iter().any(|status| **status == PackageStatus::Undeliverable)
        && known
            .iter()
            .all(|status| matches!(status, PackageStatus::Undeliverable | PackageStatus::Delivered))
    {
        Parcels::Undeliverable
    } else {
        Parcels::Underway
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_delivered_when_its_last_parcel_is() {
        use PackageStatus::{Cancelled, Delivered, InTransit, Undeliverable};
        let unknown = PackageStatus::Other("LOST_IN_SPACE".to_owned());
        for (statuses, expect) in [
            (&[][..], Parcels::NoScans),
            (&[unknown], Parcels::NoScans),
            (&[Delivered], Parcels::Delivered),
            (&[Delivered, Cancelled], Parcels::Delivered),
            (&[Delivered, InTransit], Parcels::Underway),
            (&[Undeliverable, InTransit], Parcels::Underway),
            (&[Undeliverable, Delivered], Parcels::Undeliverable),
        ] {
            assert_eq!(parcels(statuses), expect, "{statuses:?}");
        }
    }
}
