//! How operators are told: mails, chats, webhooks.

mod address;
mod chats;
mod hook;
mod sign;

pub(crate) use address::PublicResolver;
pub use address::check;
pub use chats::Chats;
pub use hook::Hook;

use crate::mail::Outbox;
use crate::translate::Translator;

/// By which ways operators are told, and in whose words.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// By mail.
    pub outbox: &'a Outbox,
    /// In chats, and by webhooks.
    pub chats: &'a Chats,
    /// Who translates what buyers say.
    pub translator: &'a Translator,
}
