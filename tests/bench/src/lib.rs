//! Measures how fast Renown is, each figure beside something measured in the same run.
//!
//! Nothing here is a timed test: figures depend on the machine and are told, never asserted.
//! What is asserted (by the tests of this crate, in small sizes) is that each bench does the
//! work it says: its counts.
//!
//! ```text
//! cargo run --release -p renown-bench                  all of them, some ten minutes
//! cargo run --release -p renown-bench -- policy ask    two of them
//! cargo run --release -p renown-bench -- --json        for a program
//! cargo run --release -p renown-bench -- cold --gate   cold starts; fails above their limits
//! ```

pub mod ask;
pub mod cli;
pub mod cold;
pub mod figures;
pub mod import;
pub mod ingest;
pub mod mail;
pub mod meter;
pub mod plan;
pub mod policy;
pub mod sweep;
pub mod texts;

mod file;
mod python;
mod shop;
mod store;

use std::path::Path;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::figures::Report;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bench {
    /// Decisions of the policy, beside a hash of the order id
    Policy,
    /// Batches of notifications taken in, beside a handler in Python
    Ingest,
    /// CPU for each order that is asked
    Ask,
    /// A thousand sellers with a backlog in one process
    Sweep,
    /// A million rows of a report read into a table in a file
    Import,
    /// The plan over a million orders, beside a bare walk
    Plan,
    /// Mails written, and events of SES taken in, beside Python's standard library
    Mail,
    /// Buyers' texts understood, beside their word lists alone
    Texts,
    /// First events of the Lambda functions, beside handlers in Python and Node
    Cold,
}

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Enough to see that it works; the figures say little.
    Quick,
    /// What the figures are for.
    Full,
}

impl Size {
    /// One of two numbers.
    fn of<T>(self, quick: T, full: T) -> T {
        match self {
            Self::Quick => quick,
            Self::Full => full,
        }
    }
}

/// Runs one bench. Files that are made on the way are left in `scratch` for the next run.
///
/// # Errors
///
/// If the work itself fails, or its counts are not what they must be.
pub fn measure(bench: Bench, size: Size, scratch: &Path) -> anyhow::Result<Report> {
    match bench {
        Bench::Policy => policy::run(size),
        Bench::Ingest => ingest::run(size, scratch),
        Bench::Ask => ask::run(size),
        Bench::Sweep => sweep::run(size),
        Bench::Import => import::run(size, scratch),
        Bench::Plan => plan::run(size, scratch),
        Bench::Mail => mail::run(size, scratch),
        Bench::Texts => texts::run(size),
        Bench::Cold => cold::run(&cold::Options::of(size), scratch),
    }
}
