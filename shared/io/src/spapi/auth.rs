//! Access tokens from Login with Amazon (LWA).
//!
//! One token per app, seller and region is fetched, used for nearly an hour and renewed
//! before it runs out; callers that need it at the same time share one request. A failure
//! here means that nothing was sent to the Selling Partner API.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use http::{StatusCode, header};
use renown_core::ids::{AppId, SellerId};
use renown_core::marketplace::Region;
use serde::Deserialize;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;

use super::endpoints::Endpoints;
use super::errors::Error;
use super::operation::Operation;
use super::transport::{Body, Failure, Transport};
use super::{Caller, READ_TIMEOUT, SpApi};
use crate::secrets::Secret;

/// How long before its end a token is no longer used: no call may begin with a token that
/// ends on its way.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// Lifetime of a token whose answer names none. Source: Amazon's "Connect to the SP-API" page.
const USUAL_LIFETIME_S: u64 = 3600;

/// Scope of grantless calls about notifications; any app of this kind has it.
const NOTIFICATIONS_SCOPE: &str = "sellingpartnerapi::notifications";

/// An access token in use.
#[derive(Debug, Clone)]
pub(super) struct Token {
    secret: Secret,
    use_until: Instant,
}

impl Token {
    /// For the header.
    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }
}

type Key = (AppId, SellerId, Region);

/// A token's place: whoever fetches it holds the lock, and the others wait for the result.
type Slot = Arc<AsyncMutex<Option<Token>>>;

/// The tokens of all sellers.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    slots: Mutex<HashMap<Key, Slot>>,
}

impl Tokens {
    /// The seller's token: the one at hand, or a new one.
    pub(super) async fn of_seller(
        &self,
        transport: &Transport,
        endpoints: &Endpoints,
        caller: &Caller,
        limit: Duration,
    ) -> Result<Token, Refusal> {
        let slot = self.slot(caller);
        let mut held = slot.lock().await;
        if let Some(token) = &*held
            && Instant::now() < token.use_until
        {
            return Ok(token.clone());
        }
        let credentials = &caller.credentials;
        let form = form(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", credentials.refresh_token.expose()),
            ("client_id", credentials.client_id.as_str()),
            ("client_secret", credentials.client_secret.expose()),
        ]);
        let granted = ask(transport, endpoints, form, limit.min(READ_TIMEOUT)).await.map_err(|no| no.for_caller(caller))?;
        let token = granted.token();
        *held = Some(token.clone());
        Ok(token)
    }

    /// Drops a token that Amazon has refused, unless another has taken its place meanwhile.
    pub(super) async fn forget(&self, caller: &Caller, refused: &Token) {
        let slot = self.slot(caller);
        let mut held = slot.lock().await;
        if held.as_ref().is_some_and(|token| token.secret == refused.secret) {
            *held = None;
        }
    }

    fn slot(&self, caller: &Caller) -> Slot {
        let key = (caller.credentials.client_id.clone(), caller.seller.clone(), caller.region);
        Arc::clone(self.slots.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default())
    }
}
