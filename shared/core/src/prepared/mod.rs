//! What an operator is given beside a case, ready to be read, checked and used.
//!
//! A case is a ticket about an unhappy buyer or about the account. Nothing here is sent by itself:
//! a person reads it, changes it and decides. Whatever Amazon's rules forbid towards a buyer is
//! never proposed: something in return for a review or feedback, a change of one, a way of contact
//! outside Amazon.

mod answer;
mod appeal;
mod evidence;
mod metric;
mod removal;
mod situation;
mod steps;

pub use answer::{Filled, answer};
pub use appeal::skeleton;
pub use evidence::{Known, evidence};
pub use metric::{Metric, UnknownMetric};
pub use removal::{Ground, REMOVAL_DAYS, Reason, Sureness, precheck};
pub use situation::{Situation, UnknownSituation};
pub use steps::steps;
