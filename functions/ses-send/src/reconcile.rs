//! The list that SES keeps for the account is taken over once a day: an address that SES would
//! drop anyway is not written to, also where its event never came.

use jiff::{SignedDuration, Timestamp};
use renown_core::mail::Suppression;
use renown_core::mail::suppression::Scope;
use renown_io::app::MailApp;
use renown_io::ledger::{Error, RECONCILE_SLOT};
use renown_io::mail::{Keys, Sender};

/// Between two looks.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// A look goes back so far, so that days on which none came about leave no gap.
const BACK: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Takes over what SES added to its list in the last weeks, once a day. Tells how many addresses
/// were news; trouble is logged and the next tick tries again.
///
/// # Errors
///
/// The table does not answer.
pub(crate) async fn reconcile(app: &MailApp, sender: &Sender, keys: &Keys) -> Result<u64, Error> {
    let now = app.clock.now();
    let until = now.saturating_add(EVERY).unwrap_or(Timestamp::MAX);
    // Whoever takes it does today's work; it is given back only if that failed.
    let Some(today) = app.ledger.take_slot(RECONCILE_SLOT, now, until).await? else { return Ok(0) };
    let taken_over = take_over(app, sender, keys, now).await;
    if !matches!(taken_over, Ok(Some(_))) {
        app.ledger.release_slot(today).await?;
    }
    Ok(taken_over?.unwrap_or(0))
}

/// `None`: SES did not tell.
async fn take_over(
    app: &MailApp,
    sender: &Sender,
    keys: &Keys,
    now: Timestamp,
) -> Result<Option<u64>, Error> {
    let since = now.saturating_sub(BACK).unwrap_or(now);
    let listed = match sender.outbox.suppressed_since(since).await {
        Ok(listed) => listed,
        Err(why) => {
            tracing::warn!(why, "the list of SES could not be read; the next tick tries again");
            return Ok(None);
        }
    };
    let mut n_new = 0;
    for entry in &listed {
        let note = "found on the list of SES".to_owned();
        let suppression = Suppression { reason: entry.reason, at: entry.at, note };
        let person = keys.person(&entry.address);
        n_new += u64::from(app.ledger.suppress(&Scope::Account, &person, &suppression).await?);
    }
    tracing::info!(listed = listed.len(), new = n_new, "the list of SES was taken over");
    Ok(Some(n_new))
}
