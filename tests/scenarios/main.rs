//! Scenarios end to end, one file for each promise, through the real handlers.

mod budget;
mod listening;
mod no_gating;
mod once;
mod outage;
mod pace;
mod privacy;
mod stop;
