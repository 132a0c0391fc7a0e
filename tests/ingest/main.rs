//! `order-ingest` end to end: its handler over an embedded table, fed with sample events and
//! with what a simulated Amazon sends.

mod accounts;
mod orders;
mod trouble;
mod world;
