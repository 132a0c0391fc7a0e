//! The errors a caller of the library can meet.

use serde::Serialize;
use thiserror::Error;

/// The connection broke without a reply, as a fault demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("connection reset by the simulated Amazon")]
pub struct ConnectionReset;

/// An order that can't be true, or that the simulator can't place.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[error("order field `{field}`: {reason}; {remedy}")]
pub struct RejectedOrder {
    /// The field at fault, as in the JSON.
    pub field: String,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// A robot of a chat that can't be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("chat field `{field}`: {reason}; {remedy}")]
pub struct RejectedChat {
    /// The field at fault, as in the JSON.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// Topics that can't be true.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("topics field `{field}`: {reason}; {remedy}")]
pub struct RejectedTopics {
    /// The field at fault, as in the JSON.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// A saved state that can't be read back.
#[derive(Debug, Error)]
#[error(
    "the saved state does not fit at `{place}`: {reason}; restore only what `save` or `GET /_sim/state` of the same version gave"
)]
pub struct RestoreError {
    /// Path inside the JSON.
    pub place: String,
    /// What does not fit.
    pub reason: String,
}
