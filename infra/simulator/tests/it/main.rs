//! The simulator's behaviour from outside, and its contract with Amazon's published models.

#![expect(
    clippy::unwrap_used,
    reason = "all of this is tests; clippy sees that only of functions marked so, not of their helpers"
)]

mod access;
mod aftermath;
mod chat;
mod clock_and_state;
mod contract;
mod control;
mod faults;
mod health;
mod notifications;
mod orders;
mod readme;
mod reports;
mod sockets;
mod solicitations;
mod subscriptions;
mod support;
mod topics;
