//! Asks for reviews: due orders of all live sellers at once, each seller at its own pace.
//!
//! One tick: who may send → what is due → slots of sellers leased → per seller two stages that
//! overlap: *look* (read the order, decide again, look up its parcels, ask Amazon what is
//! offered) and *ask* (permission, claim, call, settle). With a backlog a tick goes on until
//! shortly before its deadline; later ticks find its slots taken and leave.
//!
//! Safe to run twice, at the same time or after a crash: a slot has one holder, an order one
//! claim, and a claim whose process died is cleared up by asking Amazon.
//!
//! The probe comes before the claim, so that the claim itself records that the action was
//! offered, and an order that is not offered costs no claim.

mod answer;
mod ask;
mod look;
mod queue;
mod seller;
mod summary;
mod tick;

use std::collections::BTreeMap;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use renown_core::seller::Seller;
use renown_io::app::App;
use renown_io::ledger::{Error, SlotLease, slot_of};

pub use summary::Summary;

use tick::Tick;

/// With a backlog a tick works at most this long; the next one takes over.
const AT_MOST: SignedDuration = SignedDuration::from_mins(14);
/// No new order is begun this close to the deadline: one call with all its waiting fits in.
const LAST_START: SignedDuration = SignedDuration::from_secs(45);
/// A lease outlives the invocation: whoever held it is gone when it ends.
const LEASE_AFTER_DEADLINE: SignedDuration = SignedDuration::from_secs(60);

/// One tick. `deadline` is the end of the invocation.
///
/// # Errors
///
/// Only when the table does not answer at the beginning: nothing was begun, the next tick
/// tries again. Trouble with one seller or one order is in the summary.
pub async fn handle(app: &App, deadline: Timestamp) -> Result<Summary, Error> {
    let now = app.clock.now();
    let until =
        deadline.saturating_sub(LAST_START).unwrap_or(now).min(now.saturating_add(AT_MOST).unwrap_or(now));
    let lease_until = deadline.saturating_add(LEASE_AFTER_DEADLINE).unwrap_or(deadline);

    let control = app.ledger.control(now).await?;
    let mut active = Vec::new();
    let mut summary = Summary::default();
    let sellers = app.ledger.sellers().await?;
    for seller in &sellers {
        if control.control().live_since(&seller.id).is_none() {
            summary.listening += 1;
        } else if control.control().seller_stop(&seller.id).is_some() {
            summary.stopped += 1;
        } else if let Some(first) = app.ledger.due(&seller.id, now, 1).await?.first() {
            let waits = now.duration_since(first.due_at).as_secs();
            summary.lag_seconds = summary.lag_seconds.max(u64::try_from(waits).unwrap_or(0));
            active.push(seller.clone());
        }
    }
    let leases = lease_slots(app, &active, now, lease_until).await?;
    active.retain(|seller| leases.contains_key(&slot_of(&seller.id)));
    if active.is_empty() {
        release(app, leases).await;
        if summary.lag_seconds > 0 {
            // Another tick works on it; the alarm on the lag is to hear of it meanwhile.
            log(&summary);
        }
        return Ok(summary);
    }

    let tick = Tick::begin(app, control, active.len(), &sellers, until, lease_until, deadline).await?;
    join_all(active.iter().map(|seller| seller::work(&tick, seller))).await;
    summary.add(tick.finish().await);
    release(app, leases).await;
    log(&summary);
    Ok(summary)
}

/// Takes the free slots of the sellers that have work.
async fn lease_slots(
    app: &App,
    active: &[Seller],
    now: Timestamp,
    until: Timestamp,
) -> Result<BTreeMap<u8, SlotLease>, Error> {
    let mut leases = BTreeMap::new();
    for seller in active {
        let slot = slot_of(&seller.id);
        if !leases.contains_key(&slot)
            && let Some(lease) = app.ledger.take_slot(slot, now, until).await?
        {
            leases.insert(slot, lease);
        }
    }
    Ok(leases)
}

/// A slot that cannot be given back ends with its lease.
async fn release(app: &App, leases: BTreeMap<u8, SlotLease>) {
    for lease in leases.into_values() {
        let slot = lease.slot();
        if let Err(error) = app.ledger.release_slot(lease).await {
            tracing::warn!(slot, error = %error, "slot is not given back; it is free when its lease ends");
        }
    }
}

fn log(summary: &Summary) {
    tracing::info!(
        lag_seconds = summary.lag_seconds,
        asked = summary.asked,
        nothing_offered = summary.nothing_offered,
        moved = summary.moved,
        ended = summary.ended,
        unclear = summary.unclear,
        problems = summary.problems.len(),
        "tick"
    );
}
