//! Input that cannot be read or used: kept with its reason, never with its body.

use aws_lambda_events::sqs::SqsMessage;
use jiff::Timestamp;
use renown_core::notification::Unreadable;
use renown_io::app::App;
use renown_io::batch::Disposition;
use renown_io::ledger::Unread;

/// Names this function among the sources of unread input.
pub(crate) const SOURCE: &str = "order-ingest";

fn entry(message: &SqsMessage, place: String, problem: String, at: Timestamp) -> Unread {
    Unread {
        source: SOURCE.to_owned(),
        hash: Unread::hash_of(message.body.as_deref().unwrap_or_default().as_bytes()),
        name: message.message_id.clone().unwrap_or_default(),
        place,
        problem,
        at,
        dead_letter: false,
    }
}

/// Keeps what goes back to the queue because it cannot be read.
pub(crate) async fn unreadable(app: &App, message: &SqsMessage, why: &Unreadable, now: Timestamp) {
    let problem = format!(
        "{}; the body goes to the dead-letter queue: update Renown or report the new form, then redrive that queue",
        why.problem
    );
    returned(app, message, why.place.clone(), problem, now).await;
}

/// Keeps what goes back to the queue. If the table does not take the entry, the next delivery
/// writes it.
pub(crate) async fn returned(app: &App, message: &SqsMessage, place: String, problem: String, now: Timestamp) {
    let unread = Unread { dead_letter: true, ..entry(message, place, problem, now) };
    if let Err(error) = app.ledger.keep_unread(&unread).await {
        tracing::warn!(message.id = %unread.name, error = %error, "entry is not kept; the message comes again");
    }
}

/// Keeps a type without use and acknowledges it.
pub(crate) async fn useless(app: &App, message: &SqsMessage, kind: &str, now: Timestamp) -> Disposition {
    let problem =
        format!("Renown has no use for {kind:?}; end its subscription, or point it at another queue");
    acknowledged(app, message, "notificationType".to_owned(), problem, now).await
}

/// Keeps what can be read but not used. It goes back only if the entry could not be written.
pub(crate) async fn acknowledged(
    app: &App,
    message: &SqsMessage,
    place: String,
    problem: String,
    now: Timestamp,
) -> Disposition {
    match app.ledger.keep_unread(&entry(message, place, problem, now)).await {
        Ok(()) => Disposition::Done,
        Err(error) => {
            tracing::warn!(error = %error, "entry is not kept; the message goes back");
            Disposition::Return
        }
    }
}
