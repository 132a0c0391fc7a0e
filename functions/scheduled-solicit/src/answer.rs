//! What Amazon's answers mean for an order and for its seller.

use renown_core::order::Answer;
use renown_core::policy::refusal::{self, Refusal};
use renown_io::bus::access_denied;
use renown_io::say;
use renown_io::spapi::Error;

use crate::seller::{Next, Shop};

/// Whose matter a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// This call; others may go through.
    OfCall,
    /// The seller's authorisation: no call will go through.
    OfSeller,
}

pub(crate) fn failure(error: &Error) -> Failure {
    match error {
        Error::Denied { .. }
        | Error::AppDenied { .. }
        | Error::GrantRevoked { .. }
        | Error::AppRejected { .. }
        | Error::ClockSkew { .. } => Failure::OfSeller,
        Error::Throttled { .. }
        | Error::Forbidden { .. }
        | Error::Conflict { .. }
        | Error::NotFound { .. }
        | Error::Invalid { .. }
        | Error::NotSent { .. }
        | Error::Unclear { .. } => Failure::OfCall,
    }
}

/// What became of the call that asks; with the error if it is the seller's matter.
pub(crate) fn read(result: Result<(), Error>) -> (Answer, Option<Error>) {
    let Err(error) = result else { return (Answer::Accepted, None) };
    let answer = match &error {
        Error::Throttled { .. } => Answer::Throttled,
        Error::Forbidden { message, .. } => match refusal::read(message) {
            Refusal::NotAvailable => Answer::NotAvailable,
            Refusal::OutsideWindow => Answer::OutsideWindow,
            Refusal::AccessDenied => Answer::Denied,
            Refusal::Unknown => Answer::UnknownRefusal(message.clone()),
        },
        Error::NotFound { .. } => Answer::NotFound,
        Error::Invalid { message, .. } | Error::Conflict { message, .. } => Answer::Invalid(message.clone()),
        Error::Unclear { why, .. } => Answer::Unclear(why.clone()),
        Error::NotSent { .. } => Answer::NotSent("it could not be sent"),
        Error::ClockSkew { .. } => Answer::NotSent("this machine's clock is wrong"),
        Error::Denied { .. }
        | Error::AppDenied { .. }
        | Error::GrantRevoked { .. }
        | Error::AppRejected { .. } => Answer::Denied,
    };
    let of_seller = failure(&error) == Failure::OfSeller || answer == Answer::Denied;
    (answer, of_seller.then_some(error))
}

/// The word for an answer in log lines.
pub(crate) fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::Accepted => "accepted",
        Answer::NotAvailable => "not_available",
        Answer::OutsideWindow => "outside_window",
        Answer::UnknownRefusal(_) => "unknown_refusal",
        Answer::Denied => "denied",
        Answer::NotFound => "not_found",
        Answer::Invalid(_) => "invalid",
        Answer::Throttled => "throttled",
        Answer::NotSent(_) => "not_sent",
        Answer::Elsewhere(_) => "elsewhere",
        Answer::GiveWay(_) => "give_way",
        Answer::Unclear(_) => "unclear",
    }
}

/// No call of this seller will go through: stops it, and says so. A wrong clock is the
/// machine's fault; it only ends this tick.
pub(crate) async fn brake(shop: &Shop<'_>, error: &Error) -> Next {
    let said = say::call(error);
    shop.tick.problem(&shop.seller.id, said.clone());
    if matches!(error, Error::ClockSkew { .. }) {
        return Next::Stop;
    }
    let app = shop.tick.app;
    let stopped = access_denied(&app.ledger, &app.bus, &shop.seller.id, &said, app.clock.now()).await;
    if let Err(error) = stopped {
        tracing::warn!(seller.id = %shop.seller.id, error = %error, "the stop is not written; the next tick will meet the same fault");
    }
    Next::Stop
}
