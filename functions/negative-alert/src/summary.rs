//! What a wake came to.

use serde::Serialize;

/// Counts of one wake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How long the longest waiting signal had waited when it was read, in seconds.
    pub lag_seconds: u64,
    /// Signals read.
    pub signals: u64,
    /// Cases opened, or opened again.
    pub opened: u64,
    /// Cases whose time runs out.
    pub escalated: u64,
    /// Messages that targets took; several notices may be one message.
    pub sent: u64,
    /// Notices that wait for a target's turn.
    pub waiting: u64,
    /// Messages of unknown fate: they are sent again.
    pub unclear: u64,
    /// Notices that a target will not get.
    pub failed: u64,
}
