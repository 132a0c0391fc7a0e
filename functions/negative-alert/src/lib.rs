//! Turns signals into cases, and tells operators.
//!
//! One wake: signals that nobody has read are read and join their case → cases whose time runs out
//! call somebody → what is to be told goes out to the targets that want it. An event of the bus
//! only makes it happen sooner: the table says what is due, and each minute's sweep finds it.
//!
//! Safe to run twice, at the same time or late (promise P7): a signal joins its case in one
//! transaction with the mark that it was read, a notice has an id, and each attempt to deliver it is
//! begun on the condition that nobody else did. Nothing here can change whether or when a buyer is
//! asked for a review (promise P2): it writes cases and notices, and nothing reads those there.

mod cases;
mod digest;
mod push;
mod signals;
mod summary;
mod wake;

use jiff::Timestamp;
use renown_io::app::MailApp;
use renown_io::ledger::Error;
use renown_io::push::Post;

pub use summary::Summary;
pub use wake::Wake;

/// One wake. `deadline` is the end of the invocation.
///
/// # Errors
///
/// Only when the table does not answer at the beginning: nothing was begun, the next wake tries
/// again. Trouble with one signal, case or target is logged and leaves it due.
pub async fn handle(
    app: &MailApp,
    post: Post<'_>,
    wake: Wake,
    deadline: Timestamp,
) -> Result<Summary, Error> {
    let mut summary = Summary::default();
    let team = app.ledger.team().await?;
    signals::read(app, &team, post.translator, &wake, deadline, &mut summary).await?;
    cases::look(app, &team, deadline, &mut summary).await?;
    push::send(app, post, deadline, &mut summary).await?;
    log(&summary);
    Ok(summary)
}

fn log(summary: &Summary) {
    tracing::info!(
        lag_seconds = summary.lag_seconds,
        signals = summary.signals,
        cases.opened = summary.opened,
        cases.escalated = summary.escalated,
        sent = summary.sent,
        waiting = summary.waiting,
        unclear = summary.unclear,
        failed = summary.failed,
        "alerts looked after"
    );
}
