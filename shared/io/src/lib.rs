//! What Renown touches: the table, Amazon's API, clocks, secrets.

pub mod clock;
pub mod ledger;
pub mod spapi;
