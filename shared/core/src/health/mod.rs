//! The account's health over time: what is to be told of a report, and what the next weeks will
//! bring.
//!
//! Amazon's own word and target decide; nothing here knows a limit of its own.

mod forecast;
mod judge;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::serde::timestamp::second::required as secs;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::reports::account_health::{AccountHealth, Metric, MetricKind};

pub(crate) use forecast::slope;
pub use forecast::{Forecast, WINDOW_DAYS, forecast, leaving};
pub use judge::{brake, percent, rate_text, signals};

/// What a report said of the account in one marketplace. A day keeps its last one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The report is as of then.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// What it says.
    pub account: AccountHealth,
}

impl Snapshot {
    /// The day it stands for, in UTC.
    pub fn day(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }

    /// One of its rates.
    pub fn metric(&self, kind: &MetricKind) -> Option<&Metric> {
        self.account.metrics.iter().find(|metric| metric.kind == *kind)
    }
}
