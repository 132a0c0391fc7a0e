//! What Renown touches: the table, Amazon's API, clocks, secrets, queues.

pub mod app;
pub mod batch;
pub mod bus;
pub mod clock;
pub mod http;
pub mod ledger;
pub mod mail;
pub mod problem;
pub mod push;
pub mod say;
pub mod secrets;
pub mod settings;
pub mod spapi;
pub mod telemetry;
pub mod translate;
