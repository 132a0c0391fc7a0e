//! The way of one call: recognised, judged, limited, struck by faults, answered, written down.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Response};
use jiff::Timestamp;

use crate::access::{self, Caller};
use crate::api;
use crate::documents;
use crate::faulting::{Phase, Target, strike};
use crate::http_reply::Reply;
use crate::judge;
use crate::lwa;
use crate::model::{Call, FaultId, FaultKind, Violation, ViolationKind};
use crate::operation::{Operation, SANDBOX_LIMIT};
use crate::request::Incoming;
use crate::state::State;

/// What happens to the connection.
pub(crate) struct Outcome {
    /// Absent: the connection is reset.
    pub(crate) response: Option<Response<Bytes>>,
    /// Silence before that.
    pub(crate) silence: Option<Duration>,
}

/// An authorised call, as the operations see it.
pub(crate) struct Ask<'call> {
    pub(crate) now: Timestamp,
    pub(crate) operation: Operation,
    pub(crate) caller: &'call Caller,
    /// The seller spoken for; empty in a grantless operation.
    pub(crate) seller: &'call str,
    /// Order, report, document, destination or subscription id from the path.
    pub(crate) subject: &'call str,
    pub(crate) incoming: &'call Incoming<'call>,
    /// The fault that bends the answer from within, if one does.
    pub(crate) fault: Option<&'call FaultKind>,
}

/// What is known of a call when its reply stands.
pub(crate) struct Answered {
    pub(crate) app: Option<String>,
    pub(crate) seller: Option<String>,
    /// The fault that bent the call.
    pub(crate) fault: Option<(FaultId, FaultKind)>,
    /// Whether a solicitation was accepted.
    pub(crate) accepted: bool,
    pub(crate) reply: Reply,
}

impl Answered {
    pub(crate) fn unknown_caller(reply: Reply) -> Self {
        Self { app: None, seller: None, fault: None, accepted: false, reply }
    }
}

/// Answers one call from outside.
pub(crate) fn answer(state: &mut State, request: &http::Request<Bytes>) -> Outcome {
    let now = state.clock.now();
    let (operation, subject) = Operation::of(request.method(), request.uri().path());
    let incoming = Incoming::of(request);
    let answered = match operation {
        Operation::LwaToken => lwa::token(state, now, &incoming),
        Operation::DownloadDocument => download(state, now, subject.unwrap_or_default(), &incoming),
        Operation::Unknown => Answered::unknown_caller(Reply::not_found(&format!(
            "{} {} is not an operation the simulator knows.",
            request.method(),
            request.uri().path()
        ))),
        _ => sp_api(state, now, operation, subject.unwrap_or_default(), &incoming),
    };
    finish(state, now, operation, subject, answered)
}

fn download(state: &mut State, now: Timestamp, document: &str, incoming: &Incoming<'_>) -> Answered {
    let seller = documents::owner(state, document);
    let target = Target {
        now,
        operation: Operation::DownloadDocument,
        seller: seller.as_deref(),
        order: None,
        accepted_at: None,
    };
    let fault = strike(&mut state.data.faults, &target, Phase::Call);
    let early = fault.as_ref().and_then(|(_, kind)| kind.early_reply());
    let reply = early.unwrap_or_else(|| documents::download(state, now, document, incoming));
    Answered { app: None, seller, fault, accepted: false, reply }
}

fn sp_api(
    state: &mut State,
    now: Timestamp,
    operation: Operation,
    subject: &str,
    incoming: &Incoming<'_>,
) -> Answered {
    let order = operation.is_about_an_order().then_some(subject);
    let caller = match access::check(state, now, operation, order, incoming) {
        Ok(caller) => caller,
        Err(refused) => {
            if let Some(finding) = judge::user_agent(incoming.header("user-agent")) {
                let at_fault = (refused.app.clone(), refused.seller.clone());
                note(state, now, operation, at_fault, order, finding.kind, finding.text);
            }
            return *refused;
        }
    };
    let answered = |fault, accepted, reply| Answered {
        app: Some(caller.app.clone()),
        seller: caller.seller.clone(),
        fault,
        accepted,
        reply,
    };
    let sandbox =
        state.data.settings.sandbox || incoming.host.is_some_and(|host| host.starts_with("sandbox."));

    let who = || (Some(caller.app.clone()), caller.seller.clone());
    let seller = caller.seller.as_deref().unwrap_or_default();
    if let Some(finding) = judge::user_agent(incoming.header("user-agent")) {
        note(state, now, operation, who(), order, finding.kind, finding.text);
        if let Some(refusal) = finding.refusal {
            return answered(None, false, refusal);
        }
    }
    if !sandbox {
        judge_content(state, now, operation, &caller, subject, incoming);
    }

    let limit = if sandbox { Some(SANDBOX_LIMIT) } else { operation.limit() };
    if let Some(limit) = limit
        && !state.data.buckets.take(operation, &caller.app, seller, limit, now)
    {
        let text = format!("a call arrived over {}/s with burst {}", limit.rate, limit.burst);
        note(state, now, operation, who(), order, ViolationKind::Rate, text);
        return answered(None, false, Reply::throttled());
    }

    let accepted_at = state.data.accepted.get(subject).and_then(|times| times.last().copied());
    let target = Target { now, operation, seller: caller.seller.as_deref(), order, accepted_at };
    let fault = strike(&mut state.data.faults, &target, Phase::Call);
    if let Some(early) = fault.as_ref().and_then(|(_, kind)| kind.early_reply()) {
        return answered(fault, false, early);
    }
    if sandbox {
        let reply = api::sandbox::answer(operation, subject, incoming);
        return answered(fault, false, reply);
    }
    let ask = Ask {
        now,
        operation,
        caller: &caller,
        seller,
        subject,
        incoming,
        fault: fault.as_ref().map(|(_, kind)| kind),
    };
    let reply = api::answer(state, &ask);
    let accepted =
        operation == Operation::CreateProductReviewAndSellerFeedbackSolicitation && reply.status == 201;
    answered(fault, accepted, reply)
}

fn judge_content(
    state: &mut State,
    now: Timestamp,
    operation: Operation,
    caller: &Caller,
    subject: &str,
    incoming: &Incoming<'_>,
) {
    let who = (Some(caller.app.clone()), caller.seller.clone());
    match operation {
        Operation::CreateProductReviewAndSellerFeedbackSolicitation => {
            let Some(order) = state
                .data
                .orders
                .get(subject)
                .filter(|order| caller.seller.as_ref() == Some(&order.seller_id))
            else {
                return;
            };
            if let Some(finding) = judge::solicitation(order, state.data.accepted.get(subject), now) {
                note(state, now, operation, who, Some(subject), finding.kind, finding.text);
            }
        }
        Operation::SearchOrders | Operation::GetOrder => {
            let asked: Vec<&str> = incoming
                .list("includedData")
                .into_iter()
                .filter(|part| matches!(*part, "BUYER" | "RECIPIENT"))
                .collect();
            if !asked.is_empty() {
                let order = operation.is_about_an_order().then_some(subject);
                note(
                    state,
                    now,
                    operation,
                    who,
                    order,
                    ViolationKind::PiiRequested,
                    format!("includedData asks for {}", asked.join(" and ")),
                );
            }
        }
        _ => {}
    }
}

fn note(
    state: &mut State,
    at: Timestamp,
    operation: Operation,
    (app, seller): (Option<String>, Option<String>),
    order: Option<&str>,
    kind: ViolationKind,
    text: String,
) {
    state.data.violations.push(Violation {
        at,
        kind,
        operation,
        app,
        seller,
        order: order.map(str::to_owned),
        text,
    });
}

/// Lets the fault have its last word, writes the call down, and dresses the reply.
fn finish(
    state: &mut State,
    now: Timestamp,
    operation: Operation,
    subject: Option<&str>,
    answered: Answered,
) -> Outcome {
    let kind = answered.fault.as_ref().map(|(_, kind)| kind);
    let mut reply = Some(answered.reply);
    let mut silence = None;
    match kind {
        Some(FaultKind::ResetBefore | FaultKind::ResetAfter) => reply = None,
        Some(FaultKind::StallBefore { seconds } | FaultKind::StallAfter { seconds }) => {
            silence = Some(Duration::from_secs(u64::from(*seconds)));
        }
        Some(FaultKind::TruncatedJson) => reply = reply.map(Reply::cut_in_half),
        _ => {}
    }
    let n = state.data.calls.len() as u64 + 1;
    state.data.calls.push(Call {
        n,
        at: now,
        app: answered.app,
        seller: answered.seller,
        operation,
        subject: subject.map(str::to_owned),
        status: reply.as_ref().map(|reply| reply.status),
        fault: answered.fault.as_ref().map(|(id, _)| *id),
        accepted: answered.accepted,
    });
    Outcome { response: reply.map(|reply| dress(reply, now, operation, n)), silence }
}

fn dress(reply: Reply, now: Timestamp, operation: Operation, n: u64) -> Response<Bytes> {
    let mut response = Response::new(reply.body);
    *response.status_mut() =
        http::StatusCode::from_u16(reply.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set("content-type", reply.content_type);
    set("date", now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    set("x-amzn-requestid", format!("51700000-0000-4000-8000-{n:012x}"));
    if let Some(encoding) = reply.content_encoding {
        set("content-encoding", encoding.to_owned());
    }
    // Amazon's page: sent on 20x, 400 and 404, never on 401, 403, 429 or 5xx.
    if let Some(limit) = operation.limit()
        && matches!(reply.status, 200 | 201 | 202 | 400 | 404)
    {
        set("x-amzn-ratelimit-limit", limit.rate.to_string());
    }
    response
}
