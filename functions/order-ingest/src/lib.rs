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
mod keep;
mod orders;
mod sort;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use renown_io::app::App;
use renown_io::batch::{self, Disposition, NoMessageId};

use orders::Counts;
use sort::{Sorted, sort};

/// Takes in one batch of messages.
///
/// # Errors
///
/// Only when a message that must go back has no id; then the whole batch goes back.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, NoMessageId> {
    let now = app.clock.now();
    let messages = &event.records;
    let Sorted { changes, warnings, reports, items, useless, unreadable } = sort(messages);

    let mut outcomes = vec![Disposition::Done; messages.len()];
    let mut counts = Counts::default();
    for (at, why) in &unreadable {
        // Kept and returned alike on each delivery; the body is the dead-letter queue's matter.
        counts.kept += 1;
        keep::unreadable(app, &messages[*at], why, now).await;
        outcomes[*at] = Disposition::Return;
    }
    for (at, why) in &useless {
        counts.kept += 1;
        outcomes[*at] = keep::useless(app, &messages[*at], why, now).await;
    }
    for (at, warning) in &warnings {
        outcomes[*at] = account::take_in(app, &messages[*at], warning, now, &mut counts).await;
    }
    for (seller, changes) in changes {
        orders::take_in(app, &seller, changes, messages, now, &mut outcomes, &mut counts).await;
    }

    let returned = outcomes.iter().filter(|outcome| **outcome == Disposition::Return).count();
    tracing::info!(
        messages = messages.len(),
        orders.new = counts.recorded.new,
        orders.changed = counts.recorded.changed,
        orders.unchanged = counts.recorded.unchanged,
        messages.of_items = items,
        messages.of_reports = reports,
        messages.kept = counts.kept,
        messages.returned = returned,
        "batch taken in"
    );
    let outcomes: Vec<_> = messages.iter().zip(outcomes).collect();
    batch::response(&outcomes)
}
