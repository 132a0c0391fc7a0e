//! What an operator takes out of a shop, brings back, or has erased, through the command line.

mod claimed;
mod cost;
mod erase;
mod export;
mod restore;
mod support_bundle;
pub(crate) mod terminal;
