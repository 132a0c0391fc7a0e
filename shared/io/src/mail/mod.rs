//! Mail to the customers of shops: its keys, its form, and the way to SES.

mod keys;
mod message;
mod outbox;

use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::secrets::Secrets;

pub use keys::{Keys, Purpose, rotate_links};
pub use message::{Message, Unsendable};
pub use outbox::{Outbox, Quota};

/// What the functions of mail work with, built once per process.
#[derive(Debug)]
pub struct MailApp {
    /// The table.
    pub ledger: Ledger,
    /// Keys and the secrets of webhooks.
    pub secrets: Secrets,
    /// Time.
    pub clock: Clock,
    /// Where mails go.
    pub outbox: Outbox,
    /// Where the public pages are, without a slash at the end: `https://abc.execute-api…`.
    pub public_url: String,
}
