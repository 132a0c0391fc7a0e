//! How operators are told: mails, chats, webhooks.

mod address;
mod chats;
mod hook;
mod sign;

pub use address::check;
pub(crate) use address::PublicResolver;
pub use chats::Chats;
pub use hook::Hook;

use crate::mail::Outbox;

/// By which ways operators are told.
#[derive(Debug)]
pub struct Post {
    /// By mail.
    pub outbox: Outbox,
    /// In chats, and by webhooks.
    pub chats: Chats,
}
