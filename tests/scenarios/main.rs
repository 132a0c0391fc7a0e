//! Scenarios end to end, one file for each promise, through the real handlers.

#![expect(clippy::print_stdout, reason = "measured figures are for whoever runs it")]

mod budget;
mod lines;
mod listening;
mod no_gating;
mod once;
mod outage;
mod pace;
mod privacy;
mod stop;
mod twins;
