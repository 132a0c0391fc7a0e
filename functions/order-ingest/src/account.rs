//! A change of an account's standing.
//!
//! Anything but `NORMAL` pulls the brake of the seller; `NORMAL` releases nothing, a person
//! does. A warning that comes late or again after that stops once more: a stop too many costs
//! a look, a stop too few may cost the account.

use renown_core::case::{Kind, Signal, Subject};
use renown_core::control::Cause;
use renown_core::event::Event;
use renown_core::text;
use renown_io::bus::raise;
use renown_io::ledger::Error;
use renown_io::spapi::NotificationType;

use crate::inbox::Inbox;
use crate::sort::Warning;

/// Longest word for a standing that is kept; Amazon's have under twenty characters.
const MAX_STATUS_CHARS: usize = 40;

/// Takes in one change.
pub(crate) async fn take_in(inbox: &mut Inbox<'_>, at: usize, warning: &Warning) {
    let status: String = warning.status.chars().take(MAX_STATUS_CHARS).collect();
    match brake(inbox, warning, &status).await {
        Ok(Known::Yes) => {}
        Ok(Known::No) => {
            let subscription = &warning.subscription;
            let problem = text!(
                "no seller has the subscription {subscription}, so nobody knows whose account is {status:?}; look at Account Health of your sellers, then connect the seller with `renown connect` or end the subscription",
                "没有卖家拥有订阅 {subscription},因此不知道是谁的账户处于 {status:?};请查看各卖家的“账户状况”,然后用 `renown connect` 连接该卖家,或取消该订阅"
            );
            inbox.keep(at, "notificationMetadata.subscriptionId".to_owned(), problem).await;
        }
        Err(error) => {
            tracing::warn!(subscription.id = %warning.subscription, error = %error, "account status goes back to the queue");
            inbox.give_back(at);
        }
    }
}

enum Known {
    Yes,
    No,
}

async fn brake(inbox: &Inbox<'_>, warning: &Warning, status: &str) -> Result<Known, Error> {
    let ledger = &inbox.app.ledger;
    let sellers = ledger.sellers().await?;
    let Some(seller) = sellers.iter().find(|seller| seller.subscriptions.contains(&warning.subscription))
    else {
        return Ok(Known::No);
    };
    inbox.note_event(&seller.id, NotificationType::AccountStatusChanged, warning.at).await;
    if status == "NORMAL" {
        tracing::info!(seller.id = %seller.id, account.status = status, at = %warning.at, "account is in order; a stop stays until a person resumes");
        return Ok(Known::Yes);
    }
    // Without the time, so that the same word again adds nothing.
    let note = text!("Amazon says the account is {status}", "亚马逊称该账户的状态为 {status}");
    ledger.stop_seller(&seller.id, Cause::AccountStatus, &note, inbox.now).await?;
    let app = inbox.app;
    app.bus
        .publish(vec![Event::BrakePulled {
            seller: Some(seller.id.clone()),
            cause: Cause::AccountStatus,
            at: inbox.now,
        }])
        .await;
    let times = (warning.at.min(inbox.now), inbox.now);
    let what = format!("{status}#{}", warning.at);
    let signal = Signal::new(seller.id.clone(), Subject::Account, Kind::AccountStatus, &what, times);
    raise(ledger, &app.bus, &[signal.noting(note)]).await?;
    tracing::error!(seller.id = %seller.id, account.status = status, at = %warning.at, "account is warned; the seller is stopped, look at Account Health in Seller Central");
    Ok(Known::Yes)
}
