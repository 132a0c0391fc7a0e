//! Access tokens from Login with Amazon (LWA).
//!
//! One token per app, seller and region, and one per app and region for what needs no seller,
//! is fetched, used for nearly an hour and renewed before it runs out; callers that need it at
//! the same time share one request. A failure here means that nothing was sent to the Selling
//! Partner API.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_types::body::SdkBody;
use http::{StatusCode, header};
use renown_core::ids::AppId;
use renown_core::marketplace::Region;
use serde::Deserialize;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;

use super::caller::{Account, Party};
use super::errors::Error;
use super::operation::Operation;
use super::transport::{Body, Failure};
use super::{READ_TIMEOUT, Shared, SpApi};
use crate::secrets::Secret;

/// How long before its end a token is no longer used: no call may begin with a token that
/// ends on its way.
const MARGIN: Duration = Duration::from_mins(5);

/// Lifetime of a token whose answer names none. Source: Amazon's "Connect to the SP-API" page.
const USUAL_LIFETIME_S: u64 = 3600;

/// Scope of the calls about notifications that need no seller; every app may ask for it.
const NOTIFICATIONS_SCOPE: &str = "sellingpartnerapi::notifications";

/// Why LWA gives no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The seller's grant or the code is not valid: withdrawn, run out, used, or another
    /// app's. The seller must authorise the app again.
    #[error(
        "the authorisation is not valid (any more): authorise the app again in Seller Central; a code is good for five minutes and once"
    )]
    GrantInvalid,
    /// The app's id or secret is wrong.
    #[error(
        "amazon does not accept the app's id and secret: copy both from the developer console; a secret is good for 180 days"
    )]
    AppRejected,
    /// LWA was not reached, or said nothing of use; try later.
    #[error("login with Amazon gave no token: {why}")]
    Unavailable {
        /// What happened.
        why: String,
    },
}

impl LoginError {
    fn of_call(self, caller: Party<'_>, operation: Operation) -> Error {
        let app = caller.app_id().clone();
        match (self, caller) {
            (Self::GrantInvalid, Party::Seller(caller)) => {
                Error::GrantRevoked { seller: caller.seller.clone(), app, region: caller.region }
            }
            (Self::AppRejected, _) => Error::AppRejected { app },
            // Nobody's grant was shown: LWA says something that makes no sense here.
            (Self::GrantInvalid, Party::App(_)) => {
                let why = "no access token: login with Amazon speaks of a grant where none is used";
                Error::NotSent { operation, why: why.to_owned() }
            }
            (Self::Unavailable { why }, _) => {
                Error::NotSent { operation, why: format!("no access token: {why}") }
            }
        }
    }
}

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

type Key = (AppId, Account, Region);

/// A token's place: whoever fetches it holds the lock, and the others wait for the result.
type Place = Arc<AsyncMutex<Option<Token>>>;

/// The tokens of all sellers and apps.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    places: Mutex<HashMap<Key, Place>>,
}

impl Tokens {
    fn place(&self, caller: Party<'_>) -> Place {
        let key = (caller.app_id().clone(), caller.account(), caller.region());
        Arc::clone(self.places.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default())
    }
}

impl Shared {
    /// The caller's token: the one at hand, or a new one.
    pub(super) async fn token(
        &self,
        caller: Party<'_>,
        operation: Operation,
        limit: Duration,
    ) -> Result<Token, Error> {
        let place = self.tokens.place(caller);
        let fetched = tokio::time::timeout(limit, async {
            let mut held = place.lock().await;
            match &*held {
                Some(token) if Instant::now() < token.use_until => Ok(token.clone()),
                _ => {
                    let token = self.fetch_token(caller, limit).await?;
                    *held = Some(token.clone());
                    Ok(token)
                }
            }
        });
        let too_long = LoginError::Unavailable { why: format!("it took longer than {limit:?}") };
        fetched.await.unwrap_or(Err(too_long)).map_err(|error| error.of_call(caller, operation))
    }

    /// Drops a token that Amazon has refused, unless another has taken its place meanwhile.
    pub(super) async fn forget(&self, caller: Party<'_>, refused: &Token) {
        let place = self.tokens.place(caller);
        let mut held = place.lock().await;
        if held.as_ref().is_some_and(|token| token.secret == refused.secret) {
            *held = None;
        }
    }

    async fn fetch_token(&self, caller: Party<'_>, limit: Duration) -> Result<Token, LoginError> {
        let granted = match caller {
            Party::Seller(caller) => {
                let credentials = &caller.credentials;
                let fields = [
                    ("grant_type", "refresh_token"),
                    ("refresh_token", credentials.refresh_token.expose()),
                    ("client_id", credentials.client_id.as_str()),
                    ("client_secret", credentials.client_secret.expose()),
                ];
                self.log_in(limit, &fields).await?
            }
            Party::App(app) => self.log_in_as_app(limit, &app.client_id, &app.client_secret).await?,
        };
        let lifetime = Duration::from_secs(granted.expires_in.unwrap_or(USUAL_LIFETIME_S));
        // A token shorter than twice the margin is used for half its life.
        let use_until = Instant::now() + lifetime.saturating_sub(MARGIN.min(lifetime / 2));
        Ok(Token { secret: Secret::new(granted.access_token), use_until })
    }

    /// Logs in without any seller's grant.
    async fn log_in_as_app(
        &self,
        limit: Duration,
        app: &AppId,
        app_secret: &Secret,
    ) -> Result<Granted, LoginError> {
        let fields = [
            ("grant_type", "client_credentials"),
            ("scope", NOTIFICATIONS_SCOPE),
            ("client_id", app.as_str()),
            ("client_secret", app_secret.expose()),
        ];
        self.log_in(limit, &fields).await
    }

    async fn log_in(&self, limit: Duration, fields: &[(&str, &str)]) -> Result<Granted, LoginError> {
        let unavailable = |why: String| LoginError::Unavailable { why };
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = http::Request::post(format!("{}/auth/o2/token", self.endpoints.lwa()))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded;charset=UTF-8")
            .header(header::ACCEPT, "application/json")
            .body(SdkBody::from(form))
            .map_err(|_| unavailable("its address is not a URL".to_owned()))?;
        let answer = match self.transport.exchange(request, limit.min(READ_TIMEOUT)).await {
            Ok(answer) => answer,
            Err(Failure::NotSent(why) | Failure::Unclear(why)) => return Err(unavailable(why)),
        };
        let body = match answer.body {
            Body::Whole(body) => body,
            Body::Broken(why) => return Err(unavailable(why)),
        };
        if answer.status == StatusCode::OK {
            let granted = serde_json::from_slice::<Granted>(&body).ok();
            return granted
                .filter(|granted| !granted.access_token.is_empty())
                .ok_or_else(|| unavailable("its answer holds no token".to_owned()));
        }
        // Only the code is looked at: the description may repeat what was sent.
        let code = serde_json::from_slice::<Refused>(&body).map(|refused| refused.error).unwrap_or_default();
        Err(match code.as_str() {
            "invalid_grant" => LoginError::GrantInvalid,
            "invalid_client" | "unauthorized_client" => LoginError::AppRejected,
            _ => unavailable(format!("status {}", answer.status.as_u16())),
        })
    }
}

impl SpApi {
    /// Exchanges the code that Amazon handed over when the seller authorised the app for the
    /// seller's refresh token.
    pub async fn exchange_code(
        &self,
        app: &AppId,
        app_secret: &Secret,
        code: &Secret,
        redirect_uri: &str,
    ) -> Result<Secret, LoginError> {
        let granted = self
            .shared
            .log_in(
                self.time_for(READ_TIMEOUT),
                &[
                    ("grant_type", "authorization_code"),
                    ("code", code.expose()),
                    ("redirect_uri", redirect_uri),
                    ("client_id", app.as_str()),
                    ("client_secret", app_secret.expose()),
                ],
            )
            .await?;
        let no_grant = || LoginError::Unavailable { why: "its answer holds no refresh token".to_owned() };
        granted.refresh_token.map(Secret::new).ok_or_else(no_grant)
    }

    /// Finds out whether the app's id and secret are right, before any seller depends on them.
    pub async fn verify_app(&self, app: &AppId, app_secret: &Secret) -> Result<(), LoginError> {
        self.shared.log_in_as_app(self.time_for(READ_TIMEOUT), app, app_secret).await.map(drop)
    }
}

// Wire structs; without `Debug`, since they hold secrets in the clear.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    error: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spapi::fake::{Fake, Reply, app, caller, refused_token};

    const PARTICIPATIONS: &str = r#"{"payload":[]}"#;

    #[tokio::test(start_paused = true)]
    async fn a_token_is_used_until_five_minutes_before_its_end() {
        let fake = Fake::with_tokens(|_| Reply::json(200, PARTICIPATIONS));
        let (api, caller) = (fake.api(), caller());
        api.marketplace_participations(&caller).await.expect("answered");
        tokio::time::advance(Duration::from_secs(55 * 60 - 1)).await;
        api.marketplace_participations(&caller).await.expect("answered");
        assert_eq!(fake.n_logins(), 1);
        tokio::time::advance(Duration::from_secs(1)).await;
        api.marketplace_participations(&caller).await.expect("answered");
        assert_eq!(fake.n_logins(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn callers_at_the_same_time_share_one_login() {
        let fake = Fake::with_tokens(|_| Reply::json(200, PARTICIPATIONS));
        let (api, caller) = (fake.api(), caller());
        let shared = &api.shared;
        let limit = Duration::from_secs(1);
        let tokens = (0..8).map(|_| shared.token(Party::Seller(&caller), Operation::GetOrder, limit));
        for token in futures_util::future::join_all(tokens).await {
            token.expect("granted");
        }
        assert_eq!(fake.n_logins(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_token_is_renewed_once_and_the_call_repeated_once() {
        let fake = Fake::with_tokens(|seen| match seen.header("x-amz-access-token") {
            "token-1" => refused_token(),
            _ => Reply::json(200, PARTICIPATIONS),
        });
        fake.api().marketplace_participations(&caller()).await.expect("answered in the end");
        assert_eq!((fake.n_logins(), fake.calls().len()), (2, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_refused_with_a_new_token_too_is_denied_after_two_attempts() {
        let fake = Fake::with_tokens(|_| refused_token());
        let error = fake.api().marketplace_participations(&caller()).await.expect_err("denied");
        assert!(matches!(error, Error::Denied { .. }), "{error:?}");
        assert!(error.to_string().contains("roles"), "{error}");
        assert_eq!((fake.n_logins(), fake.calls().len()), (2, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn what_lwa_says_decides_who_has_to_act() {
        for (status, body, expected) in [
            (400, r#"{"error":"invalid_grant","error_description":"CANARY"}"#, "GrantRevoked"),
            (401, r#"{"error":"invalid_client","error_description":"CANARY"}"#, "AppRejected"),
            (400, r#"{"error":"invalid_client"}"#, "AppRejected"),
            (500, "<html>CANARY</html>", "NotSent"),
            (429, r#"{"error":"slow_down"}"#, "NotSent"),
            (200, "{\"access\": CANARY", "NotSent"),
            (200, r#"{"access_token":"","expires_in":3600}"#, "NotSent"),
        ] {
            let fake = Fake::new(move |_| Reply::json(status, body));
            let error = fake.api().marketplace_participations(&caller()).await.expect_err("no token");
            let shown = format!("{error:?} {error}");
            assert!(shown.starts_with(expected) && !shown.contains("CANARY"), "{status} {body}: {shown}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_login_of_the_app_itself_blames_no_seller() {
        for (status, code, expected) in [
            (401, "invalid_client", "AppRejected"),
            (400, "invalid_grant", "NotSent"),
            (400, "invalid_scope", "NotSent"),
        ] {
            let fake = Fake::new(move |_| Reply::json(status, &format!(r#"{{"error":"{code}"}}"#)));
            let error = fake.api().destinations(&caller().app()).await.expect_err("no token");
            assert!(format!("{error:?}").starts_with(expected), "{code}: {error:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_lwa_that_hangs_means_that_nothing_was_sent() {
        let fake = Fake::new(|_| Reply::stall());
        let start = Instant::now();
        let error = fake.api().marketplace_participations(&caller()).await.expect_err("no token");
        assert!(matches!(error, Error::NotSent { .. }), "{error:?}");
        assert_eq!(start.elapsed(), READ_TIMEOUT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_code_becomes_a_refresh_token_and_a_used_one_does_not() {
        let fake = Fake::new(|seen| match seen.form("code").as_str() {
            "fresh" => {
                Reply::json(200, r#"{"access_token":"a","refresh_token":"CANARY-NEW","expires_in":3600}"#)
            }
            _ => Reply::json(400, r#"{"error":"invalid_grant"}"#),
        });
        let api = fake.api();
        let (id, secret) = app();
        let exchange = |code| {
            let (api, id, secret) = (api.clone(), id.clone(), secret.clone());
            async move { api.exchange_code(&id, &secret, &Secret::new(code), "https://shop.example/back").await }
        };
        assert_eq!(exchange("fresh").await, Ok(Secret::new("CANARY-NEW")));
        assert_eq!(exchange("used").await, Err(LoginError::GrantInvalid));
        let seen = &fake.logins()[0];
        assert_eq!(
            (seen.form("grant_type").as_str(), seen.form("redirect_uri").as_str()),
            ("authorization_code", "https://shop.example/back")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_apps_secret_is_verified_without_any_seller() {
        let fake = Fake::with_tokens(|_| Reply::json(200, "{}"));
        let (id, secret) = app();
        fake.api().verify_app(&id, &secret).await.expect("accepted");
        let seen = &fake.logins()[0];
        assert_eq!(
            (seen.form("grant_type").as_str(), seen.form("refresh_token").as_str()),
            ("client_credentials", "")
        );
        let rejecting = Fake::new(|_| Reply::json(401, r#"{"error":"invalid_client"}"#));
        assert_eq!(rejecting.api().verify_app(&id, &secret).await, Err(LoginError::AppRejected));
    }

    #[tokio::test(start_paused = true)]
    async fn no_secret_is_shown_by_client_caller_or_error() {
        let echo = |seen: &crate::spapi::fake::Seen| {
            let token = seen.header("x-amz-access-token").to_owned();
            Reply::json(400, &format!(r#"{{"errors":[{{"message":"bad header {token}"}}]}}"#))
        };
        let fake = Fake::with_tokens(echo);
        let (api, caller) = (fake.api(), caller());
        let error = api.marketplace_participations(&caller).await.expect_err("invalid");
        let shown = format!("{api:?} {caller:?} {error:?} {error}");
        for canary in ["CANARY", "token-1"] {
            assert!(!shown.contains(canary), "{shown}");
        }
        assert!(shown.contains("bad header"), "{shown}");
    }
}
