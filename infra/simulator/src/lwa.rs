//! Login with Amazon: the token endpoint.
//!
//! Refresh tokens are not rotated; access tokens live an hour by the simulator's clock and belong
//! to an application and, unless grantless, to a seller in its region.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::faulting::{Phase, Target, strike};
use crate::http_reply::Reply;
use crate::model::FaultKind;
use crate::operation::Operation;
use crate::pipeline::Answered;
use crate::request::Incoming;
use crate::state::State;

/// Seconds an access token lives. Source: LWA's `expires_in`.
pub(crate) const ACCESS_TOKEN_SECONDS: i64 = 3600;

/// Seconds an authorization code lives. Source: Amazon's page on the authorization workflow.
const CODE_SECONDS: i64 = 300;

/// Expired access tokens are swept out once this many are held.
const SWEEP_ABOVE: usize = 512;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) client_id: String,
    /// Absent for grantless tokens.
    pub(crate) seller: Option<String>,
    /// What a grantless token is good for.
    pub(crate) scope: Option<String>,
    /// The refresh token it came from, to notice that the grant is gone.
    pub(crate) grant: Option<String>,
    pub(crate) expires_at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) client_id: String,
    pub(crate) seller: String,
    pub(crate) expires_at: Timestamp,
}

fn refusal(status: u16, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": description}))
}

/// Answers a request for a token.
pub(crate) fn token(state: &mut State, now: Timestamp, incoming: &Incoming<'_>) -> Answered {
    let form: Vec<(String, String)> = form_urlencoded::parse(incoming.body).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut outcome = Answered::unknown_caller(Reply::json(200, &json!({})));

    let client_id = field("client_id").unwrap_or_default().to_owned();
    let known = state
        .data
        .apps
        .get(&client_id)
        .is_some_and(|app| field("client_secret") == Some(app.client_secret.as_str()));
    if !known {
        outcome.reply = refusal(401, "invalid_client", "Client authentication failed");
        return outcome;
    }
    outcome.app = Some(client_id.clone());

    let grant_type = field("grant_type");
    let refresh_token = field("refresh_token");
    outcome.seller = refresh_token.and_then(|token| state.seller_of_grant(token, &client_id));
    let target =
        |seller| Target { now, operation: Operation::LwaToken, seller, order: None, accepted_at: None };
    // Where no seller's grant is shown, none can have been taken back.
    let phases: &[Phase] =
        if grant_type == Some("client_credentials") { &[Phase::Call] } else { &[Phase::Access, Phase::Call] };
    for &phase in phases {
        outcome.fault = strike(&mut state.data.faults, &target(outcome.seller.as_deref()), phase);
        if outcome.fault.is_some() {
            break;
        }
    }
    if let Some((_, FaultKind::Revoked)) = outcome.fault {
        outcome.reply =
            refusal(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token");
        return outcome;
    }
    if let Some(early) = outcome.fault.as_ref().and_then(|(_, kind)| kind.early_reply()) {
        outcome.reply = early;
        return outcome;
    }

    outcome.reply = match grant_type {
        None => refusal(400, "invalid_request", "The request is missing a required parameter : grant_type"),
        Some("refresh_token") => match (refresh_token, outcome.seller.clone()) {
            (None, _) => {
                refusal(400, "invalid_request", "The request is missing a required parameter : refresh_token")
            }
            (Some(_), None) => {
                refusal(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token")
            }
            (Some(grant), Some(seller)) => issue(state, now, &client_id, &Holder::Seller(&seller, grant)),
        },
        Some("client_credentials") => match field("scope") {
            None => refusal(400, "invalid_request", "The request is missing a required parameter : scope"),
            Some(scope) if !scope.starts_with("sellingpartnerapi::") => {
                refusal(400, "invalid_scope", "The request has an invalid parameter : scope")
            }
            Some(scope) => issue(state, now, &client_id, &Holder::App(scope)),
        },
        Some("authorization_code") => {
            let code = field("code").and_then(|code| state.data.codes.remove(code));
            match code.filter(|code| code.client_id == client_id && now < code.expires_at) {
                None => refusal(400, "invalid_grant", "The request has an invalid grant parameter : code"),
                Some(code) => {
                    let grant = format!("Atzr|SIM-{:06}", state.next_id());
                    if let Some(seller) = state.data.sellers.get_mut(&code.seller) {
                        seller.grants.insert(grant.clone(), client_id.clone());
                    }
                    outcome.seller = Some(code.seller.clone());
                    issue(state, now, &client_id, &Holder::Seller(&code.seller, &grant))
                }
            }
        }
        Some(_) => refusal(
            400,
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server",
        ),
    };
    outcome
}

/// For whom an access token speaks.
enum Holder<'a> {
    /// A seller, by a refresh token.
    Seller(&'a str, &'a str),
    /// The application itself, for a scope.
    App(&'a str),
}

fn issue(state: &mut State, now: Timestamp, client_id: &str, holder: &Holder<'_>) -> Reply {
    if state.data.tokens.len() > SWEEP_ABOVE {
        state.data.tokens.retain(|_, token| now < token.expires_at);
    }
    let access_token = format!("Atza|SIM-{:06}", state.next_id());
    let expires_at =
        now.saturating_add(SignedDuration::from_secs(ACCESS_TOKEN_SECONDS)).unwrap_or(Timestamp::MAX);
    let (seller, grant, scope) = match *holder {
        Holder::Seller(seller, grant) => (Some(seller), Some(grant), None),
        Holder::App(scope) => (None, None, Some(scope)),
    };
    let token = AccessToken {
        client_id: client_id.to_owned(),
        seller: seller.map(str::to_owned),
        scope: scope.map(str::to_owned),
        grant: grant.map(str::to_owned),
        expires_at,
    };
    state.data.tokens.insert(access_token.clone(), token);
    let mut body =
        json!({"access_token": access_token, "token_type": "bearer", "expires_in": ACCESS_TOKEN_SECONDS});
    if let Some(refresh_token) = grant {
        body["refresh_token"] = refresh_token.into();
    }
    Reply::json(200, &body)
}

/// Makes an authorization code, as the consent page would.
pub(crate) fn issue_code(state: &mut State, now: Timestamp, client_id: &str, seller: &str) -> String {
    let code = format!("SIMCODE{:06}", state.next_id());
    let expires_at = now.saturating_add(SignedDuration::from_secs(CODE_SECONDS)).unwrap_or(Timestamp::MAX);
    state.data.codes.insert(
        code.clone(),
        Code { client_id: client_id.to_owned(), seller: seller.to_owned(), expires_at },
    );
    code
}
