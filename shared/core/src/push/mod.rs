//! How operators are told in their chats: what a card says, in the dialect of each channel.
//!
//! Each channel has its own file with a `body`, which puts a card into its form, and a `judge`,
//! which tells what its answer means: most answer 200 to everything.

mod address;
mod answer;
mod card;
mod digest;
pub mod dingtalk;
#[cfg(test)]
mod examples;
pub mod feishu;
mod fit;
#[cfg(test)]
mod laws;
mod limit;
mod look;
mod plain;
pub mod slack;
pub mod teams;
pub mod webhook;
pub mod wecom;

pub use address::missing;
pub use answer::Answer;
pub use card::{Card, Link, Mention, Severity};
pub use digest::digest;
pub use limit::{Bucket, Limit};
pub(crate) use plain::{line, lines};

/// How many messages a channel takes; `None`: as many as mails may leave.
pub fn limit_of(channel: &crate::notice::Channel) -> Option<Limit> {
    use crate::notice::Channel;
    match channel {
        Channel::Mail { .. } => None,
        Channel::Wecom => Some(Limit::WECOM),
        Channel::Dingtalk => Some(Limit::DINGTALK),
        Channel::Feishu => Some(Limit::FEISHU),
        Channel::Slack => Some(Limit::SLACK),
        Channel::Teams => Some(Limit::TEAMS),
        Channel::Webhook => Some(Limit::WEBHOOK),
    }
}
