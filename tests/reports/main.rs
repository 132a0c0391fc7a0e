//! `report-sync` end to end: its handlers over an embedded table and a simulated Amazon.

#[path = "../ingest/world.rs"]
mod world;

mod back_fill;
mod crashes;
mod cycle;
mod endings;
mod files;
mod gaps;
mod nudges;
mod sellers;
mod topics;
