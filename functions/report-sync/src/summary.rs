//! What a wake came to.

use renown_core::ids::SellerId;
use renown_core::say::Text;
use renown_io::problem::{self, Problem};
use serde::Serialize;

/// Counts of one wake, and what a person must look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Reports that Amazon was asked for.
    pub asked_for: u64,
    /// Reports whose progress was looked up.
    pub polled: u64,
    /// Reports read to the end.
    pub read: u64,
    /// Rows taken in.
    pub rows: u64,
    /// Signals not heard of before.
    pub signals: u64,
    /// ASINs of which was asked what their reviews name.
    pub topics: u64,
    /// Orders not heard of before.
    pub new: u64,
    /// Orders that changed.
    pub changed: u64,
    /// Rows that could not be read.
    pub bad_rows: u64,
    /// Orders first heard of in a report although a notification should have come before.
    pub gaps: u64,
    /// What stopped a seller or a report; each once.
    pub problems: Vec<Problem>,
}

impl Summary {
    /// Adds another one.
    pub fn add(&mut self, other: Self) {
        self.asked_for += other.asked_for;
        self.polled += other.polled;
        self.read += other.read;
        self.rows += other.rows;
        self.signals += other.signals;
        self.topics += other.topics;
        self.new += other.new;
        self.changed += other.changed;
        self.bad_rows += other.bad_rows;
        self.gaps += other.gaps;
        self.problems.extend(other.problems);
    }

    /// Tells the operator, once.
    pub(crate) fn problem(&mut self, seller: &SellerId, text: Text) {
        problem::tell(&mut self.problems, seller, text);
    }
}
