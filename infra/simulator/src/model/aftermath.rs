//! What a buyer does once an order has arrived: feedback about the seller, and returns.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most stars of a feedback that Amazon's report lists. Source: its list of report types.
const MOST_STARS_LISTED: u8 = 3;

/// A feedback about the seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// When it was given.
    pub at: Timestamp,
    /// Stars, 1 to 5. The report lists those of up to three.
    pub rating: u8,
    /// What the buyer wrote.
    #[serde(default)]
    pub comments: String,
    /// When the buyer or Amazon took it away; absent: never.
    #[serde(default)]
    pub removed_at: Option<Timestamp>,
    /// What the seller answered.
    #[serde(default)]
    pub response: Option<String>,
}

impl Feedback {
    /// A feedback that stays and is not answered.
    pub fn new(at: Timestamp, rating: u8, comments: impl Into<String>) -> Self {
        Self { at, rating, comments: comments.into(), removed_at: None, response: None }
    }

    /// Whether the report lists it at a moment.
    pub(crate) fn is_listed(&self, now: Timestamp) -> bool {
        self.rating <= MOST_STARS_LISTED && self.at <= now && self.removed_at.is_none_or(|at| now < at)
    }

    /// Every moment at which the report changes by it.
    pub(super) fn changes(&self) -> Vec<Timestamp> {
        if self.rating > MOST_STARS_LISTED {
            return Vec::new();
        }
        std::iter::once(self.at).chain(self.removed_at).collect()
    }
}

/// A return of all items of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// When the buyer asked for it. The seller's report lists it from then on.
    pub requested_at: Timestamp,
    /// When it came back to the warehouse or to the seller; absent: never. The report of Amazon's
    /// warehouses lists it from then on, and not at all without (a refund without a return).
    #[serde(default)]
    pub delivered_at: Option<Timestamp>,
    /// When the report of Amazon's warehouses lists it, if later: Amazon adds rows of days gone by.
    #[serde(default)]
    pub listed_at: Option<Timestamp>,
    /// Why, in the word of the report: `DEFECTIVE`; in the seller's report with a prefix,
    /// `CR-DEFECTIVE`.
    pub reason: String,
    /// What the buyer wrote; in the report of Amazon's warehouses only.
    #[serde(default)]
    pub comments: String,
    /// Whether the buyer made an A-to-Z claim; in the seller's report only.
    #[serde(default)]
    pub a_to_z: bool,
    /// Absent: `Unit returned to inventory` at Amazon's warehouses, `Approved` at the seller's.
    #[serde(default)]
    pub status: Option<String>,
    /// Condition of the item in Amazon's word; absent: `SELLABLE`. At Amazon's warehouses only.
    #[serde(default)]
    pub disposition: Option<String>,
    /// What the buyer gets; absent: `StandardRefund`. In the seller's report only.
    #[serde(default)]
    pub resolution: Option<String>,
}

impl Return {
    /// A return that has not come back yet, without a claim.
    pub fn new(requested_at: Timestamp, reason: impl Into<String>) -> Self {
        Self {
            requested_at,
            delivered_at: None,
            listed_at: None,
            reason: reason.into(),
            comments: String::new(),
            a_to_z: false,
            status: None,
            disposition: None,
            resolution: None,
        }
    }

    /// When the report of Amazon's warehouses lists it first.
    pub(crate) fn listed_by_amazon(&self) -> Option<Timestamp> {
        self.delivered_at.map(|delivered| self.listed_at.map_or(delivered, |listed| listed.max(delivered)))
    }

    /// Every moment at which the seller's report changes by it.
    pub(super) fn changes_at_merchant(&self) -> Vec<Timestamp> {
        std::iter::once(self.requested_at).chain(self.delivered_at).collect()
    }
}
