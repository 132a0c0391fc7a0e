//! What an operator is given beside a case, ready to be read, checked and used.
//!
//! A case is a ticket about an unhappy buyer or about the account. Nothing here is sent by itself:
//! a person reads it, changes it and decides. Whatever Amazon's rules forbid towards a buyer is
//! never proposed: something in return for a review or feedback, a change of one, a way of contact
//! outside Amazon.

mod answer;
mod situation;
mod steps;

pub use answer::{Filled, answer};
pub use situation::{Situation, UnknownSituation};
pub use steps::steps;
