//! What Renown knows and decides.
//!
//! No IO, no clock, no randomness, no SDK: everything here is a function of its arguments,
//! which is what makes a decision explainable, replayable and cheap to test. The
//! dependencies of this crate hold that line; `shared/io` is what touches the world.

pub mod case;
pub mod control;
pub mod delivery;
pub mod event;
pub mod health;
pub mod ids;
pub mod language;
pub mod lint;
pub mod mail;
pub mod marketplace;
pub mod notice;
pub mod notification;
pub mod order;
pub mod overview;
pub mod policy;
pub mod prepared;
pub mod product;
pub mod push;
pub mod reports;
pub mod rules;
pub mod say;
pub mod seller;
pub mod simulate;
pub mod text;
pub mod topics;
