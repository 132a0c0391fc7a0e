//! What a tick came to.

use renown_io::problem::Problem;
use serde::Serialize;

/// Counts of one tick, and what an operator must know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Sellers in listen mode: left unread.
    pub listening: u64,
    /// Sellers that are paused or braked: left unread.
    pub stopped: u64,
    /// How long the longest due order of a live seller had waited when the tick began, in seconds.
    pub lag_seconds: u64,
    /// Requests that Amazon accepted.
    pub asked: u64,
    /// Orders for which Amazon offered nothing.
    pub nothing_offered: u64,
    /// Orders whose date was moved: night, later evidence, a parcel underway.
    pub moved: u64,
    /// Orders that ended without a request.
    pub ended: u64,
    /// Calls of unknown outcome.
    pub unclear: u64,
    /// Calls of unknown outcome that were cleared up.
    pub cleared_up: u64,
    /// Orders held for a person.
    pub held: u64,
    /// Calls that Amazon throttled.
    pub throttled: u64,
    /// What stopped a seller or needs a person; each once a tick.
    pub problems: Vec<Problem>,
}

impl Summary {
    /// Adds another one.
    pub fn add(&mut self, other: Self) {
        self.listening += other.listening;
        self.stopped += other.stopped;
        self.lag_seconds = self.lag_seconds.max(other.lag_seconds);
        self.asked += other.asked;
        self.nothing_offered += other.nothing_offered;
        self.moved += other.moved;
        self.ended += other.ended;
        self.unclear += other.unclear;
        self.cleared_up += other.cleared_up;
        self.held += other.held;
        self.throttled += other.throttled;
        self.problems.extend(other.problems);
    }
}
