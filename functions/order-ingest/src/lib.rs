//! Takes in Amazon's notifications.
//!
//! One batch: every message is parsed → changes of orders are gathered by seller → per seller
//! one merge and one write per order → account warnings pull the brake → one log line.
//!
//! Nothing is lost (promise P4): what cannot be read is kept with place, reason and remedy and
//! goes back to its queue, which moves the body to its dead-letter queue in the end; what can be
//! read but is of no use is kept with its reason and acknowledged; what the table did not take
//! goes back alone.
//!
//! Safe to run twice, late and in any order (P7): facts of an order merge as a join, an entry of
//! unread input is named by its message, and a stop is added once.

mod account;
mod inbox;
mod orders;
mod sort;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use renown_io::app::App;
use renown_io::batch::NoMessageId;
use renown_io::ledger::Recorded;

use inbox::Inbox;
use sort::{Sorted, sort};

/// What became of a batch.
#[derive(Debug)]
pub struct Taken {
    /// The answer to its queue: what goes back.
    pub response: SqsBatchResponse,
    /// What became of the orders.
    pub recorded: Recorded,
}

/// Takes in one batch of messages.
///
/// # Errors
///
/// Only when a message that must go back has no id; then the whole batch goes back.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, NoMessageId> {
    Ok(take_in(app, &event).await?.response)
}

/// Takes in one batch of messages and tells what became of its orders, for whoever has no queue.
///
/// # Errors
///
/// As [`handle`].
pub async fn take_in(app: &App, event: &SqsEvent) -> Result<Taken, NoMessageId> {
    let Sorted { changes, warnings, reports, items, useless, unreadable } = sort(&event.records);
    let mut inbox = Inbox::new(app, &event.records);
    for (at, why) in unreadable {
        inbox.unreadable(at, why).await;
    }
    for (at, kind) in useless {
        inbox.useless(at, &kind).await;
    }
    for (at, warning) in warnings {
        account::take_in(&mut inbox, at, &warning).await;
    }
    for (seller, changes) in changes {
        orders::take_in(&mut inbox, &seller, changes).await;
    }
    tracing::info!(
        messages = event.records.len(),
        orders.new = inbox.recorded.new,
        orders.changed = inbox.recorded.changed,
        orders.unchanged = inbox.recorded.unchanged,
        messages.of_items = items,
        messages.of_reports = reports,
        messages.kept = inbox.kept,
        messages.returned = inbox.returned(),
        "batch taken in"
    );
    let recorded = std::mem::take(&mut inbox.recorded);
    Ok(Taken { response: inbox.response()?, recorded })
}
