//! Mail to the customers of a seller's own shops, through the real functions: webhook → table →
//! SES → events → suppression, in virtual time.

mod caps;
mod events;
mod experiments;
mod histories;
mod hooks;
#[path = "../scenarios/lines.rs"]
mod lines;
mod notices;
mod once;
mod privacy;
mod samples;
mod sending;
mod stop;

use jiff::Timestamp;

/// A Monday, 10:00 in Berlin: every test begins here.
fn start() -> Timestamp {
    renown_tests::t("2026-11-02T09:00:00Z")
}
