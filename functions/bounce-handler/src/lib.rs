//! Takes in what SES tells of the mails it took.
//!
//! One batch: every message is parsed → the mail it speaks of takes it up → addresses are
//! suppressed → a seller or the account whose mails bounce or are called spam too often is
//! stopped → one log line.
//!
//! Nothing is lost (promise P4): what cannot be read is kept with place and reason and goes back
//! to its queue, in the end to the dead letters; what the table did not take goes back alone.
//!
//! Safe to run twice, late and in any order (P7): what a mail hears is a join and is counted for
//! the brake in the same write; a suppression is added once.

mod brake;
mod hear;
mod inbox;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use renown_core::mail::ses;
use renown_io::app::MailApp;
use renown_io::batch::NoMessageId;
use renown_io::mail::Keys;

pub use brake::judge;
pub use hear::{Heard, hear};

use inbox::Inbox;

/// Takes in one batch of messages.
///
/// # Errors
///
/// Only when a message that must go back has no id; then the whole batch goes back.
pub async fn handle(app: &MailApp, event: SqsEvent) -> Result<SqsBatchResponse, NoMessageId> {
    let mut inbox = Inbox::new(app, &event.records);
    let keys = match Keys::read(&app.secrets).await {
        Ok(keys) => Some(keys),
        Err(error) => {
            tracing::error!(error = %error, "without the keys of mail no address can be suppressed; the batch goes back");
            None
        }
    };
    for (at, message) in event.records.iter().enumerate() {
        let Some(keys) = &keys else {
            inbox.give_back(at);
            continue;
        };
        match ses::read(message.body.as_deref().unwrap_or_default()) {
            Err(why) => inbox.unreadable(at, why).await,
            Ok(ses::Read::Useless(kind)) => {
                tracing::info!(kind, "event is of no use");
            }
            Ok(ses::Read::Event(event)) => match hear(app, keys, &event).await {
                Ok(heard) => inbox.add(&heard),
                Err(error) => {
                    tracing::warn!(mail.id = event.message, error = %error, "event goes back to its queue");
                    inbox.give_back(at);
                }
            },
        }
    }
    inbox.log();
    inbox.response()
}
