//! Who may call: the access token, its grant and its region.

use jiff::Timestamp;

use crate::faulting::{Phase, Target, strike};
use crate::http_reply::Reply;
use crate::model::FaultKind;
use crate::operation::Operation;
use crate::pipeline::Answered;
use crate::request::Incoming;
use crate::state::State;

/// Amazon's hint, beside the general denial, that the token is merely old.
const EXPIRED: &str = "The access token you provided has expired.";

/// The scope of the grantless operations there are. Source: Amazon's page on them.
const GRANTLESS_SCOPE: &str = "sellingpartnerapi::notifications";

/// Who calls, for whom.
pub(crate) struct Caller {
    /// Client id of the application.
    pub(crate) app: String,
    /// Absent in grantless operations, and only there.
    pub(crate) seller: Option<String>,
}

/// Finds out for whom the token speaks, or refuses with 403 as Amazon does for every kind of
/// missing right.
pub(crate) fn check(
    state: &mut State,
    now: Timestamp,
    operation: Operation,
    order: Option<&str>,
    incoming: &Incoming<'_>,
) -> Result<Caller, Box<Answered>> {
    let refuse = |details: &str| Box::new(Answered::unknown_caller(Reply::denied_because(details)));
    let Some(text) = incoming.header("x-amz-access-token") else {
        return Err(refuse("Access token is missing in the request header."));
    };
    let Some(token) = state.data.tokens.get(text) else {
        return Err(refuse("The access token you provided is revoked, malformed or invalid."));
    };
    let mut refused = Answered::unknown_caller(Reply::denied());
    refused.app = Some(token.client_id.clone());
    refused.seller.clone_from(&token.seller);
    if token.expires_at <= now {
        refused.reply = Reply::denied_because(EXPIRED);
        return Err(Box::new(refused));
    }
    if operation.is_grantless() {
        if token.scope.as_deref() != Some(GRANTLESS_SCOPE) {
            return Err(Box::new(refused));
        }
        let caller = Caller { app: token.client_id.clone(), seller: None };
        return struck(state, now, operation, order, text, refused).map(|()| caller);
    }
    let seller = token.seller.as_deref().and_then(|id| state.data.sellers.get(id));
    let granted =
        seller.filter(|seller| token.grant.as_deref().is_none_or(|grant| seller.grants.contains_key(grant)));
    let Some(seller) = granted else {
        return Err(Box::new(refused));
    };
    if incoming.region().is_some_and(|region| region != seller.region) {
        return Err(Box::new(refused));
    }
    let caller = Caller { app: token.client_id.clone(), seller: Some(seller.seller_id.clone()) };
    struck(state, now, operation, order, text, refused).map(|()| caller)
}

/// Lets a fault strike the access of a call that is in order; then the call is `refused` for all
/// that is known of it.
fn struck(
    state: &mut State,
    now: Timestamp,
    operation: Operation,
    order: Option<&str>,
    token: &str,
    mut refused: Answered,
) -> Result<(), Box<Answered>> {
    let target = Target { now, operation, seller: refused.seller.as_deref(), order, accepted_at: None };
    let Some((id, kind)) = strike(&mut state.data.faults, &target, Phase::Access) else { return Ok(()) };
    if kind == FaultKind::TokenExpired {
        state.data.tokens.remove(token);
        refused.reply = Reply::denied_because(EXPIRED);
    }
    refused.fault = Some((id, kind));
    Err(Box::new(refused))
}
