//! `GET_V2_SELLER_PERFORMANCE_REPORT`: how Amazon rates an account, marketplace by marketplace.
//!
//! Source: Amazon's schema `accountHealthReport-2020-11-18.json`, whose own example breaks it: some
//! members have two names, times have no seconds, a status is none of those listed. So every member
//! may be missing, both names are taken, a word that is not known is kept as it is, and a member
//! that cannot be read is told with its place while all else is read.
//!
//! Rates are fractions (0.009 is 0.9 %), although Amazon calls them percentages. What is good enough
//! stands in the report beside each rate and differs by marketplace: it is never ours.

mod error;
mod kinds;
mod parse;
mod say;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use error::{HealthError, Unread, Unreadable};
pub use kinds::{
    AccountStatus, Condition, MetricKind, PartKind, RatingStatus, Verdict, ViolationKind, WarningKind,
};

use crate::marketplace::MarketplaceId;

/// What one report says.
#[derive(Debug, Clone, PartialEq)]
pub struct HealthReport {
    /// One for each marketplace, in the order of the report.
    pub accounts: Vec<AccountHealth>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

/// The account in one marketplace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountHealth {
    /// Where.
    pub marketplace: MarketplaceId,
    /// Whether it may sell; `None` where the report does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AccountStatus>,
    /// The rates, in the order of [`MetricKind`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metric>,
    /// What Amazon warns of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// The account health rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Policies, and how often they were broken, in the order of [`ViolationKind`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
}

/// One rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// Of what.
    pub kind: MetricKind,
    /// As a fraction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// What Amazon wants it to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Whether it is, in Amazon's opinion.
    pub status: Verdict,
    /// Begin of the days it is taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Their end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// How many orders it is a fraction of (of tracking and delivery: shipments or units).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_orders: Option<u64>,
    /// What it is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// Something that is counted towards a rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What.
    pub kind: PartKind,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Amazon's opinion of it.
    pub status: Verdict,
}

/// What Amazon wants a number to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// On which side of the value.
    pub condition: Condition,
    /// The value; of a rate, as a fraction.
    pub value: f64,
}

impl Target {
    /// Whether a number is as it is wanted; `None` if the condition is not known.
    pub fn is_met(&self, number: f64) -> Option<bool> {
        match self.condition {
            Condition::LessThan => Some(number < self.value),
            Condition::GreaterThan => Some(number > self.value),
            Condition::Equals => Some((number - self.value).abs() < f64::EPSILON),
            Condition::Other(_) => None,
        }
    }
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Of what.
    pub kind: WarningKind,
    /// Whether it is in force: `Bad`.
    pub status: Verdict,
}

/// The account health rating.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    /// Amazon's word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<RatingStatus>,
    /// Its number, which the schema does not name but some reports have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// Begin of the days it is taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Their end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

/// A policy, and how often it was broken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// Which.
    pub kind: ViolationKind,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Amazon's opinion of it.
    pub status: Verdict,
    /// What Amazon wants the count to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Begin of the days it is counted over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Their end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}
