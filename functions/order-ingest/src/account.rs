//! A change of an account's standing.
//!
//! Anything but `NORMAL` pulls the brake of the seller; `NORMAL` releases nothing, a person
//! does. A warning that comes late or again after that stops once more: a stop too many costs
//! a look, a stop too few may cost the account.

use aws_lambda_events::sqs::SqsMessage;
use jiff::Timestamp;
use renown_core::control::Cause;
use renown_io::app::App;
use renown_io::batch::Disposition;
use renown_io::ledger::Error;

use crate::keep;
use crate::orders::Counts;
use crate::sort::Warning;

/// Longest word for a standing that is kept; Amazon's have under twenty characters.
const MAX_STATUS_CHARS: usize = 40;

/// Takes in one change.
pub(crate) async fn take_in(
    app: &App,
    message: &SqsMessage,
    warning: &Warning,
    now: Timestamp,
    counts: &mut Counts,
) -> Disposition {
    match brake(app, warning, now).await {
        Ok(Known::Yes) => Disposition::Done,
        Ok(Known::No) => {
            counts.kept += 1;
            let problem = format!(
                "no seller has the subscription {}, so nobody knows whose account is {:?}; look at Account Health of your sellers, then connect the seller with `renown connect` or end the subscription",
                warning.subscription,
                status(warning)
            );
            let place = "notificationMetadata.subscriptionId".to_owned();
            keep::acknowledged(app, message, place, problem, now).await
        }
        Err(error) => {
            tracing::warn!(subscription.id = %warning.subscription, error = %error, "account status goes back to the queue");
            Disposition::Return
        }
    }
}

enum Known {
    Yes,
    No,
}

async fn brake(app: &App, warning: &Warning, now: Timestamp) -> Result<Known, Error> {
    let sellers = app.ledger.sellers().await?;
    let Some(seller) = sellers.iter().find(|seller| seller.subscriptions.contains(&warning.subscription)) else {
        return Ok(Known::No);
    };
    let (seller, status, at) = (&seller.id, status(warning), warning.at);
    if status == "NORMAL" {
        tracing::info!(seller.id = %seller, account.status = status, at = %at, "account is in order; a stop stays until a person resumes");
        return Ok(Known::Yes);
    }
    // Without the time, so that the same word again adds nothing.
    let note = format!("Amazon says the account is {status}");
    app.ledger.stop_seller(seller, Cause::AccountStatus, &note, now).await?;
    tracing::error!(seller.id = %seller, account.status = status, at = %at, "account is warned; the seller is stopped, look at Account Health in Seller Central");
    Ok(Known::Yes)
}

fn status(warning: &Warning) -> String {
    warning.status.chars().take(MAX_STATUS_CHARS).collect()
}
