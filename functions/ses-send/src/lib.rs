//! Sends due mails to the customers of shops.
//!
//! One tick: who may send → which shops have mails due → the one slot of whoever sends → per mail
//! *look* (order, customer, suppression, what they were sent, text), *decide*, *claim*, hand over
//! to SES, *settle*. One sender at a time, so that the account's rate is kept and the caps count
//! right.
//!
//! Safe to run twice, at the same time or after a crash: a mail has one claim, and one whose
//! process died is never sent again (promise P1): an event of SES tells what became of it, or it
//! is taken for sent.

mod pace;
mod reconcile;
mod send;
mod summary;
mod texts;
mod write;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::ShopId;
use renown_core::mail::Shop;
use renown_io::app::MailApp;
use renown_io::ledger::{ControlReading, Error, MAIL_SLOT};
use renown_io::mail::{Keys, Sender};

pub use summary::Summary;
pub use texts::{Judged, Texts};
pub use write::{Reader, Tested, Writer, Written};

use pace::Pace;
use send::Tick;

/// With a backlog a tick works at most this long; the next one takes over.
const AT_MOST: SignedDuration = SignedDuration::from_mins(14);
/// No new mail is begun this close to the deadline: one call with all its waiting fits in.
const LAST_START: SignedDuration = SignedDuration::from_secs(30);
/// A lease outlives the invocation: whoever held it is gone when it ends.
const LEASE_AFTER_DEADLINE: SignedDuration = SignedDuration::from_secs(60);
/// Orders of a shop that are looked at before the next shop has its turn.
const AT_ONCE: usize = 50;

/// One tick. `deadline` is the end of the invocation.
///
/// # Errors
///
/// Only when the table does not answer at the beginning: nothing was begun, the next tick tries
/// again. Trouble with one shop or one mail is in the summary.
pub async fn handle(app: &MailApp, sender: &Sender, deadline: Timestamp) -> Result<Summary, Error> {
    let now = app.clock.now();
    let control = app.ledger.control(now).await?;
    let mut summary = Summary::default();
    let mut active = BTreeMap::new();
    for shop in app.ledger.shops().await? {
        if control.control().shop_live_since(&shop.id).is_none() {
            summary.listening += 1;
        } else if control.control().shop_stop(&shop.id).is_some() {
            summary.stopped += 1;
        } else if let Some((since, _)) = app.ledger.due_mails(&shop.id, now, 1).await?.first() {
            let waits = now.duration_since(*since).as_secs();
            summary.lag_seconds = summary.lag_seconds.max(u64::try_from(waits).unwrap_or(0));
            active.insert(shop.id.clone(), shop);
        }
    }
    if active.is_empty() {
        return Ok(summary);
    }
    let lease_until = deadline.saturating_add(LEASE_AFTER_DEADLINE).unwrap_or(deadline);
    let Some(lease) = app.ledger.take_slot(MAIL_SLOT, now, lease_until).await? else {
        log(&summary);
        return Ok(summary);
    };
    let times = Times { deadline, lease_until };
    work(app, sender, control, &active, times, &mut summary).await;
    if let Err(error) = app.ledger.release_slot(lease).await {
        tracing::warn!(error = %error, "the slot of mails is not given back; it is free when its lease ends");
    }
    for problem in &summary.problems {
        if let Err(error) = app.ledger.tell(&problem.notice(now)).await {
            tracing::warn!(error = %error, "a problem is told to nobody; the next tick meets it again");
        }
    }
    log(&summary);
    Ok(summary)
}

#[derive(Clone, Copy)]
struct Times {
    deadline: Timestamp,
    lease_until: Timestamp,
}

async fn work(
    app: &MailApp,
    sender: &Sender,
    control: ControlReading,
    active: &BTreeMap<ShopId, Shop>,
    times: Times,
    summary: &mut Summary,
) {
    let keys = match Keys::read(&app.secrets).await {
        Ok(keys) => keys,
        Err(error) => return summary.problem(None, summary::no_keys(&error)),
    };
    match reconcile::reconcile(app, sender, &keys).await {
        Ok(n) => summary.suppressed = n,
        Err(error) => tracing::warn!(error = %error, "the list of SES is left to a later tick"),
    }
    let quota = match sender.outbox.quota().await {
        Ok(quota) => quota,
        Err(why) => return summary.problem(None, summary::no_quota(&why)),
    };
    if !quota.is_enabled {
        return summary.problem(None, summary::ses_is_off());
    }
    let now = app.clock.now();
    let last_start = times.deadline.saturating_sub(LAST_START).unwrap_or(now);
    let until = last_start.min(now.saturating_add(AT_MOST).unwrap_or(now));
    let pace = Pace::new(quota);
    let lease_until = times.lease_until;
    let judged = Judged::default();
    let mut tick = Tick { app, sender, keys, judged, control, pace, until, lease_until, summary };
    // Round after round, so that a shop with a backlog never delays another.
    let mut waiting: Vec<&Shop> = active.values().collect();
    while !waiting.is_empty() && tick.has_time() {
        let mut again = Vec::new();
        for shop in waiting {
            match tick.round(shop, AT_ONCE).await {
                Ok(send::Round::More) => again.push(shop),
                Ok(send::Round::Done) => {}
                Err(error) => {
                    tracing::warn!(shop.id = %shop.id, error = %error, "the shop is left to a later tick");
                }
            }
        }
        waiting = again;
    }
}

fn log(summary: &Summary) {
    tracing::info!(
        lag_seconds = summary.lag_seconds,
        sent = summary.sent,
        waiting = summary.waiting,
        held = summary.held,
        skipped = summary.skipped,
        refused = summary.refused,
        unclear = summary.unclear,
        problems = summary.problems.len(),
        "mail tick"
    );
}
