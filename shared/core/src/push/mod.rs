//! How operators are told in their chats: what a card says, in the dialect of each channel.
//!
//! Each channel has its own file with a `body`, which puts a card into its form, and a `judge`,
//! which tells what its answer means: most answer 200 to everything.

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

pub use answer::Answer;
pub use card::{Card, Link, Mention, Severity};
pub use digest::digest;
pub use limit::{Bucket, Limit};
