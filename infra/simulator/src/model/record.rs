//! What the simulator writes down: calls, violations, notifications.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::FaultId;
use crate::operation::Operation;

/// One call of a client, as it arrived and as it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Running number, from 1.
    pub n: u64,
    /// Arrival, by the simulator's clock.
    pub at: Timestamp,
    /// Client id of the caller, when a known token was shown.
    pub app: Option<String>,
    /// The seller spoken for, when a known token was shown.
    pub seller: Option<String>,
    /// The operation asked for.
    pub operation: Operation,
    /// The id in the path; of a subscription that is deleted with its type, `TYPE/id`.
    pub subject: Option<String>,
    /// HTTP status of the reply; absent when the connection was reset.
    pub status: Option<u16>,
    /// The fault that bent the reply.
    pub fault: Option<FaultId>,
    /// Whether a solicitation was accepted by this call, whatever became of the reply.
    pub accepted: bool,
}

/// What a client did that it must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationKind {
    /// A call arrived while its token bucket was empty.
    Rate,
    /// A solicitation outside the window, or for an order that is not shipped.
    Window,
    /// A solicitation for an order for which an earlier one had been accepted, whether or not its
    /// reply arrived.
    Repeat,
    /// `User-Agent` missing, without the `Language` attribute, or over 500 characters.
    UserAgent,
    /// BUYER or RECIPIENT data was asked for.
    PiiRequested,
}

/// One violation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// When, by the simulator's clock.
    pub at: Timestamp,
    /// What.
    pub kind: ViolationKind,
    /// During which operation.
    pub operation: Operation,
    /// Client id of the caller, when known.
    pub app: Option<String>,
    /// The seller spoken for, when known.
    pub seller: Option<String>,
    /// The order concerned, if one is.
    pub order: Option<String>,
    /// One sentence for a person.
    pub text: String,
}

/// A message that Amazon would have put into the subscriber's queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// When it was sent, by the simulator's clock.
    pub at: Timestamp,
    /// The seller it is about.
    pub seller: String,
    /// The message body, JSON as text.
    pub body: String,
}
