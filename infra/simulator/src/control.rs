//! The endpoints under `/_sim/`, by which tests and people steer the simulator.
//!
//! Calls to them are never recorded, limited or struck by faults. Every error is JSON that names
//! the thing, the place and the remedy.

mod body;
mod chats;
mod orders;
mod topics;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::documents;
use crate::model::{App, Fault, Seller, Settings};
use crate::request::Incoming;
use crate::simulator::Simulator;
use body::{Problem, one_or_many, parsed};

/// Answers a request whose path, without `/_sim/`, is `path`.
pub(crate) fn answer(simulator: &Simulator, path: &str, request: &Request<Bytes>) -> Response<Bytes> {
    let (status, body) = match route(simulator, path, request) {
        Ok(body) => (StatusCode::OK, body),
        Err(problem) => (problem.status, problem.to_json()),
    };
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    response
}

fn route(simulator: &Simulator, path: &str, request: &Request<Bytes>) -> Result<Value, Problem> {
    let body = request.body();
    match (request.method().clone(), path) {
        (Method::GET, "health") => Ok(json!({"status": "ok", "now": simulator.now()})),
        (Method::GET, "clock") => Ok(clock(simulator)),
        (Method::POST | Method::PUT, "clock") => move_clock(simulator, &parsed(body, "the clock")?),
        (Method::POST, "apps") => add_apps(simulator, body),
        (Method::POST, "sellers") => add_sellers(simulator, body),
        (Method::GET, "sellers") => Ok(json!(simulator.sellers())),
        (Method::POST, "codes") => authorize(simulator, &parsed(body, "the code")?),
        (Method::POST, "orders") => orders::put(simulator, body),
        (Method::GET, "orders") => Ok(json!(simulator.orders())),
        (Method::POST, "topics") => topics::put(simulator, body),
        (Method::GET, "topics") => Ok(json!(simulator.topics())),
        (Method::GET, "reports") => Ok(json!(simulator.reports())),
        (Method::GET, "faults") => Ok(faults(simulator)),
        (Method::POST, "faults") => add_faults(simulator, body),
        (Method::DELETE, "faults") => remove_faults(simulator, &Incoming::of(request)),
        (Method::POST, "chats") => chats::add(simulator, body),
        (Method::GET, "chats") => Ok(json!(simulator.chats())),
        (Method::POST, "chats/faults") => chats::add_faults(simulator, body),
        (Method::GET, "chats/faults") => Ok(chats::faults(simulator)),
        (Method::DELETE, "chats/faults") => Ok(chats::remove_faults(simulator)),
        (Method::GET, "calls") => calls(simulator, &Incoming::of(request)),
        (Method::GET, "violations") => Ok(json!(simulator.violations())),
        (Method::GET, "accepted") => Ok(json!(simulator.accepted())),
        (Method::GET, "notifications") => Ok(json!(simulator.take_notifications())),
        (Method::GET, "destinations") => Ok(json!(simulator.destinations())),
        (Method::GET, "subscriptions") => Ok(json!(simulator.subscriptions())),
        (Method::GET, "settings") => Ok(json!(simulator.settings())),
        (Method::PUT, "settings") => {
            let settings: Settings = parsed(body, "the settings")?;
            simulator.set_settings(settings);
            Ok(json!(simulator.settings()))
        }
        (Method::GET, "state") => Ok(simulator.save()),
        (Method::PUT, "state") => {
            let saved: Value = parsed(body, "the saved state")?;
            simulator.restore(&saved).map_err(|error| {
                Problem::bad(
                    "the saved state",
                    &error.place,
                    &error.reason,
                    "restore only what GET /_sim/state gave",
                )
            })?;
            Ok(clock(simulator))
        }
        (Method::POST, "reset") => {
            simulator.reset();
            Ok(clock(simulator))
        }
        (method, _) => Err(Problem::unknown(&method, path)),
    }
}

fn clock(simulator: &Simulator) -> Value {
    let now = simulator.now();
    json!({"now": now, "next_change": simulator.next_change_after(now)})
}

/// How to move the clock: exactly one of the members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockMove {
    #[serde(default)]
    set: Option<Timestamp>,
    #[serde(default)]
    step_seconds: Option<i64>,
    #[serde(default)]
    to_next_change: bool,
}

fn move_clock(simulator: &Simulator, wanted: &ClockMove) -> Result<Value, Problem> {
    match wanted {
        ClockMove { set: Some(to), step_seconds: None, to_next_change: false } => simulator.set_clock(*to),
        ClockMove { set: None, step_seconds: Some(seconds), to_next_change: false } => {
            simulator.step_clock(SignedDuration::from_secs(*seconds));
        }
        ClockMove { set: None, step_seconds: None, to_next_change: true } => {
            let next = simulator.next_change_after(simulator.now());
            let Some(next) = next else {
                return Err(Problem::bad(
                    "the clock",
                    "to_next_change",
                    "nothing will change any more",
                    "add orders with times in the future, or use `set`",
                ));
            };
            simulator.set_clock(next);
        }
        _ => {
            let remedy =
                "send exactly one of {\"set\": TIME}, {\"step_seconds\": N}, {\"to_next_change\": true}";
            return Err(Problem::bad(
                "the clock",
                "body",
                "none or several of the members were given",
                remedy,
            ));
        }
    }
    Ok(clock(simulator))
}

fn add_apps(simulator: &Simulator, body: &Bytes) -> Result<Value, Problem> {
    let apps: Vec<App> = one_or_many(body, "the application")?;
    let added: Vec<String> = apps.iter().map(|app| app.client_id.clone()).collect();
    for app in apps {
        simulator.add_app(app);
    }
    Ok(json!({"added": added}))
}

fn add_sellers(simulator: &Simulator, body: &Bytes) -> Result<Value, Problem> {
    let sellers: Vec<Seller> = one_or_many(body, "the seller")?;
    for seller in &sellers {
        let unknown =
            seller.marketplaces.iter().find(|id| crate::marketplace::Marketplace::by_id(id).is_none());
        if let Some(id) = unknown {
            return Err(Problem::bad(
                "the seller",
                "marketplaces",
                &format!("there is no marketplace `{id}`"),
                "take ids from Amazon's list",
            ));
        }
        let elsewhere = seller.health.iter().find(|one| !seller.marketplaces.contains(&one.marketplace_id));
        if let Some(health) = elsewhere {
            let reason = format!("the seller does not sell in `{}`", health.marketplace_id);
            let remedy = "add the marketplace to the seller or correct the record";
            return Err(Problem::bad("the seller", "health", &reason, remedy));
        }
        if let Some(name) = seller.charset.as_deref().filter(|name| !documents::is_known_charset(name)) {
            let remedy =
                "use UTF-8, UTF-8-BOM, Cp1252, MS932, GB18030, none or another label of the WHATWG list";
            return Err(Problem::bad("the seller", "charset", &format!("`{name}` is not known"), remedy));
        }
    }
    let added: Vec<String> = sellers.iter().map(|seller| seller.seller_id.clone()).collect();
    for seller in sellers {
        simulator.add_seller(seller);
    }
    Ok(json!({"added": added}))
}

/// For whom a code is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedCode {
    client_id: String,
    seller_id: String,
}

fn authorize(simulator: &Simulator, wanted: &WantedCode) -> Result<Value, Problem> {
    if !simulator.sellers().iter().any(|seller| seller.seller_id == wanted.seller_id) {
        let reason = format!("there is no seller `{}`", wanted.seller_id);
        return Err(Problem::bad(
            "the code",
            "seller_id",
            &reason,
            "add the seller first (POST /_sim/sellers)",
        ));
    }
    Ok(json!({"code": simulator.authorize(&wanted.client_id, &wanted.seller_id)}))
}

fn faults(simulator: &Simulator) -> Value {
    let shown = |(id, fault, struck): (u64, Fault, u32)| {
        let mut shown = json!(fault);
        shown["id"] = json!(id);
        shown["struck"] = json!(struck);
        shown
    };
    simulator.faults().into_iter().map(shown).collect()
}

fn add_faults(simulator: &Simulator, body: &Bytes) -> Result<Value, Problem> {
    let given: Vec<Value> = one_or_many(body, "the fault")?;
    let mut faults = Vec::new();
    for fault in given {
        faults.push(body::fault(fault)?);
    }
    let ids: Vec<u64> = faults.into_iter().map(|fault| simulator.add_fault(fault)).collect();
    Ok(json!({"added": ids}))
}

fn remove_faults(simulator: &Simulator, incoming: &Incoming<'_>) -> Result<Value, Problem> {
    let Some(text) = incoming.one("id") else {
        simulator.clear_faults();
        return Ok(json!({"removed": "all"}));
    };
    let removed = text.parse().is_ok_and(|id| simulator.remove_fault(id));
    if !removed {
        return Err(Problem::bad(
            "the fault",
            "id",
            &format!("there is no fault `{text}`"),
            "look the id up with GET /_sim/faults",
        ));
    }
    Ok(json!({"removed": text}))
}

fn calls(simulator: &Simulator, incoming: &Incoming<'_>) -> Result<Value, Problem> {
    let since = match incoming.one("since") {
        None => 0,
        Some(text) => text.parse::<u64>().map_err(|_| {
            Problem::bad(
                "the calls",
                "since",
                &format!("`{text}` is not a number"),
                "give the `n` of the last call you have seen",
            )
        })?,
    };
    Ok(simulator.calls().into_iter().filter(|call| call.n > since).map(|call| json!(call)).collect())
}
