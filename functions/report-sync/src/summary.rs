//! What a wake came to.

use renown_core::ids::SellerId;
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

/// Something an operator must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whose.
    pub seller: SellerId,
    /// What, and what to do.
    pub text: String,
}

impl Summary {
    /// Adds another one.
    pub fn add(&mut self, other: Self) {
        self.asked_for += other.asked_for;
        self.polled += other.polled;
        self.read += other.read;
        self.rows += other.rows;
        self.new += other.new;
        self.changed += other.changed;
        self.bad_rows += other.bad_rows;
        self.gaps += other.gaps;
        self.problems.extend(other.problems);
    }

    /// Tells the operator, once.
    pub(crate) fn problem(&mut self, seller: &SellerId, text: String) {
        let problem = Problem { seller: seller.clone(), text };
        if !self.problems.contains(&problem) {
            tracing::error!(seller.id = %seller, problem = %problem.text, "a person must look");
            self.problems.push(problem);
        }
    }
}
