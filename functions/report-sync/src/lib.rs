//! Asks Amazon for reports and reads them: all orders and what Amazon's warehouses shipped; feedback,
//! returns and the account's health.
//!
//! One tick: per seller the ranges that fall due are written down → each open request goes as
//! far as it can: asked for → polled → downloaded, decoded and read in pieces → facts merged
//! into orders, signals written down. A notification of a finished report only makes that happen sooner.
//!
//! Nothing is forgotten (promise P4): a request is written before Amazon is asked; ranges
//! overlap; a file half read goes on at its checkpoint; a row that cannot be read is kept with
//! its reason. Safe to run twice, at the same time or late (P7): requests are written on the
//! condition that nobody else did, and merging is a join.
//!
//! After the reports: orders that are late to ship, disputes about orders that have a case, and what
//! reviews name, once a week, ASIN by ASIN.
//!
//! Listening sellers are read as well: what is seen changes no permission to ask.

mod errands;
mod health;
mod nudge;
mod plan;
mod read;
mod reason;
mod repeat;
mod seller;
mod signals;
mod step;
mod summary;
mod topics;
mod wake;

use std::collections::BTreeSet;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use renown_core::control::{Cause, Control};
use renown_core::seller::Seller;
use renown_io::app::App;
use renown_io::batch::NoMessageId;
use renown_io::ledger;
use renown_io::spapi::NotificationType;

pub use plan::{CADENCE, cadence, overlap};
pub use summary::Summary;
pub use wake::{Answer, Wake};

use seller::Times;

/// Nothing is begun this close to the deadline: one call with all its waiting fits in.
const LAST_START: SignedDuration = SignedDuration::from_secs(45);
/// Whoever read a file is gone this long after its deadline.
const LEASE_AFTER_DEADLINE: SignedDuration = SignedDuration::from_secs(60);
/// Sellers worked at once; each holds one piece of a file and a hundred rows.
const SELLERS_AT_ONCE: usize = 8;

/// Why a wake came to nothing; the next one tries again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table did not answer at the beginning.
    #[error("reports cannot be looked after")]
    Table(#[from] ledger::Error),
    /// A message that must go back has no id.
    #[error("nudges cannot be answered")]
    Queue(#[from] NoMessageId),
}

/// Does what woke the function asks for. `deadline` is the end of the invocation.
///
/// # Errors
///
/// As [`handle_tick`] and [`handle_queue`].
pub async fn handle(app: &App, wake: Wake, deadline: Timestamp) -> Result<Answer, Error> {
    Ok(match wake {
        Wake::Tick => Answer::Tick(handle_tick(app, deadline).await?),
        Wake::Queue(event) => Answer::Queue(handle_queue(app, event, deadline).await?),
    })
}

/// One tick over all sellers. `deadline` is the end of the invocation.
///
/// # Errors
///
/// Only when the table does not answer at the beginning. Trouble with one seller or one report
/// is in the summary.
pub async fn handle_tick(app: &App, deadline: Timestamp) -> Result<Summary, ledger::Error> {
    let now = app.clock.now();
    let control = app.ledger.control(now).await?;
    let sellers = app.ledger.sellers().await?;
    let times = Times::of(now, deadline);
    let readable = sellers.iter().filter(|seller| has_access(control.control(), seller));
    let summary = stream::iter(readable)
        .map(|seller| seller::tick(app, seller, control.control(), times))
        .buffer_unordered(SELLERS_AT_ONCE)
        .fold(Summary::default(), async |mut all, one| {
            all.add(one);
            all
        })
        .await;
    log(&summary);
    Ok(summary)
}

/// Looks at the requests that a batch of notifications says are finished.
///
/// # Errors
///
/// Only when a message that must go back has no id; then the whole batch goes back.
pub async fn handle_queue(
    app: &App,
    event: SqsEvent,
    deadline: Timestamp,
) -> Result<SqsBatchResponse, NoMessageId> {
    let now = app.clock.now();
    let nudges = nudge::read(app, &event.records, now).await;
    let summary = look(app, &nudges, Times::of(now, deadline)).await;
    match &summary {
        Ok(summary) => log(summary),
        Err(error) => tracing::warn!(error = %error, "nudges go back to the queue"),
    }
    nudges.response(&event.records, summary.is_ok())
}

async fn look(app: &App, nudges: &nudge::Nudges, times: Times) -> Result<Summary, ledger::Error> {
    let mut summary = Summary::default();
    if nudges.reports.is_empty() {
        return Ok(summary);
    }
    let control = app.ledger.control(times.now).await?;
    let sellers: Vec<Seller> = app.ledger.sellers().await?;
    let named = |seller: &Seller| nudges.of_anyone || nudges.sellers.contains_key(&seller.id);
    for seller in sellers.iter().filter(|seller| named(seller)) {
        if let Some(at) = nudges.sellers.get(&seller.id).copied().flatten() {
            let event = NotificationType::ReportProcessingFinished;
            if let Err(error) = app.ledger.note_event(&seller.id, event, at, times.now).await {
                tracing::warn!(seller.id = %seller.id, event.kind = event.name(), error = %error, "time of the last event is not noted");
            }
        }
        if !has_access(control.control(), seller) {
            continue;
        }
        summary.add(seller::look(app, seller, control.control(), &nudges.reports, times).await?);
    }
    Ok(summary)
}

/// A seller whom Amazon denies is left alone until a person resumes; any other stop is one of
/// asking, not of reading.
fn has_access(control: &Control, seller: &Seller) -> bool {
    let stop = control.sellers.get(&seller.id).and_then(|seller| seller.stop.as_ref());
    stop.is_none_or(|stop| stop.cause != Cause::Access)
}

fn log(summary: &Summary) {
    tracing::info!(
        reports.asked_for = summary.asked_for,
        reports.polled = summary.polled,
        reports.read = summary.read,
        rows = summary.rows,
        rows.bad = summary.bad_rows,
        signals = summary.signals,
        topics = summary.topics,
        orders.new = summary.new,
        orders.changed = summary.changed,
        orders.gaps = summary.gaps,
        problems = summary.problems.len(),
        "reports looked after"
    );
}

/// Ids of reports, as Amazon writes them.
type ReportIds = BTreeSet<String>;
