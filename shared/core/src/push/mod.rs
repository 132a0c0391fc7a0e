//! How operators are told in their chats: what a card says, in the dialect of each channel.

mod card;

pub use card::{Card, Link, Mention, Severity};
