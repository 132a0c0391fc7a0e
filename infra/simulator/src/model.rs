//! The plain data of the simulator: what a test puts in and what it reads back.
//!
//! All of it is serde in `snake_case` JSON, so that the control endpoints, saved states and Rust
//! callers speak of the same things under the same names.

mod aftermath;
mod fault;
mod health;
mod order;
mod record;
mod report;
mod seller;
mod subscription;
mod topics;

pub use aftermath::{Feedback, Return};
pub use fault::{Fault, FaultId, FaultKind, OutageAnswer};
pub use health::{Health, HealthRate, PolicyIssue};
pub(crate) use order::Status;
pub use order::{Channel, Item, Order, Promise};
pub use record::{Call, Notification, Violation, ViolationKind};
pub use report::{OneReport, ReportStatus};
pub use seller::{App, Region, Seller, Settings};
pub use subscription::{Destination, Subscription};
pub use topics::{Topic, Topics};
