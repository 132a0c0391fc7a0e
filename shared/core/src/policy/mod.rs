//! The decisions, pure: facts, rules and `now` in, decision with its reason out.

pub mod capacity;
pub mod daytime;
pub mod eligibility;
pub mod outage;
pub mod refusal;
pub mod timing;
