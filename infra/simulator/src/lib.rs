//! A stateful stand-in for Amazon's Selling Partner API and Login with Amazon.
//!
//! It knows the truth about every order (when it was shipped, when it arrived), answers as Amazon
//! answers, records each call and judges on its own whether a client kept to the rates, to the
//! solicitation window and to the once-only rule. It depends on no client, so that it can be an
//! independent witness for any of them.
//!
//! Beside Amazon it stands in for the chats that operators are told in, each with its own format,
//! signature, pace and answers.
//!
//! [`Simulator::call`] is the one way in: the socket server ([`serve`]) and tests that run in the
//! same process both use it, and the clock follows tokio's, paused or not.

mod access;
mod api;
mod chat;
mod clock;
mod control;
mod demo;
mod documents;
mod error;
mod faulting;
mod http_reply;
mod judge;
mod limits;
mod lwa;
mod marketplace;
mod model;
mod notifications;
mod operation;
mod pipeline;
mod request;
mod server;
mod simulator;
mod state;

pub use chat::{Chat, ChatFault, ChatFaultKind, ChatKind, ChatMessage, ChatRecord, ChatRefusal};
pub use demo::load_demo;
pub use error::{ConnectionReset, RejectedChat, RejectedOrder, RejectedTopics, RestoreError};
pub use model::{
    App, Call, Channel, Destination, Fault, FaultId, FaultKind, Feedback, Health, HealthRate, Item,
    Notification, OneReport, Order, OutageAnswer, PolicyIssue, Promise, Region, ReportStatus, Return, Seller,
    Settings, Subscription, Topic, Topics, Violation, ViolationKind,
};
pub use operation::Operation;
pub use server::serve;
pub use simulator::Simulator;
