//! Mail to the customers of shops: its keys, its form, and the way to SES.

mod keys;
mod message;
mod outbox;
mod signature;
mod take_in;

pub use keys::{Keys, Purpose, rotate_links};
pub use message::{Message, Unsendable};
pub use outbox::{OnSesList, Outbox, Quota, Sender};
pub use signature::{is_shopifys, is_standard, new_hook_secret};
pub use take_in::{forget, take_in};
