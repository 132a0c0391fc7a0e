//! Unhappy buyers and an endangered account: signals, and the cases that people work on.
//!
//! A [`Signal`] is one fact that speaks of trouble, as Amazon or a customer said it. What is about
//! the same order or subject joins one [`Case`], which has a department, an owner, a deadline and a
//! history. Nothing here is ever looked at where a buyer is asked for a review (promise P2).

mod act;
mod department;
mod figures;
mod heard;
mod link;
mod outcome;
mod problem;
mod reading;
mod record;
mod signal;
mod subject;
mod team;
mod telling;
mod topic;
mod working;

pub use act::{Act, OPERATOR};
pub use department::{Department, UnknownDepartment};
pub use figures::{Figures, figures};
pub use heard::{
    Source, of_ageing, of_disputes, of_fba_return, of_feedback, of_gone, of_merchant_return, of_parcels,
    of_review, of_unshipped,
};
pub use link::order_link;
pub use outcome::{Outcome, UnknownOutcome};
pub use problem::problem_of_name;
pub use reading::Reading;
pub use record::{Case, Entry, Event, Joined, State};
pub use signal::{Kind, Signal};
pub use subject::Subject;
pub use team::{Deadlines, Owner, Team};
pub use telling::{Beside, Told, notice};
pub use topic::{TOPIC_DAYS, TOPIC_NEGATIVES, is_topic, most_within, topic_signal};
pub use working::{Hours, Week};
