//! The health of a selling account: what the performance report says of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How an account stands in one marketplace from a moment on, until the next such record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Health {
    /// Where.
    pub marketplace_id: String,
    /// From when on.
    pub since: Timestamp,
    /// `NORMAL`, `AT_RISK`, `DEACTIVATED`, or a word that a client does not know.
    #[serde(default = "normal")]
    pub status: String,
    /// Rates as fractions; those not given are good.
    #[serde(default)]
    pub rates: BTreeMap<HealthRate, f64>,
    /// How often policies were broken; those not given never were.
    #[serde(default)]
    pub violations: BTreeMap<PolicyIssue, u32>,
    /// Warnings in force, as `spammingSellerMessaging`.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// The account health rating: `GREAT`, `WARNED`, or another word.
    #[serde(default = "great")]
    pub rating: String,
}

fn normal() -> String {
    "NORMAL".to_owned()
}

fn great() -> String {
    "GREAT".to_owned()
}

impl Health {
    /// An account in the best of health.
    pub fn new(marketplace_id: impl Into<String>, since: Timestamp) -> Self {
        Self {
            marketplace_id: marketplace_id.into(),
            since,
            status: normal(),
            rates: BTreeMap::new(),
            violations: BTreeMap::new(),
            warnings: Vec::new(),
            rating: great(),
        }
    }
}

/// A rate of the performance report, named as there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HealthRate {
    /// Orders with a defect among those that Amazon shipped.
    #[serde(rename = "orderDefectRate.afn")]
    OrderDefectAfn,
    /// Orders with a defect among those that the seller shipped.
    #[serde(rename = "orderDefectRate.mfn")]
    OrderDefectMfn,
    /// Orders shipped late.
    #[serde(rename = "lateShipmentRate")]
    LateShipment,
    /// Orders the seller cancelled.
    #[serde(rename = "preFulfillmentCancellationRate")]
    Cancellation,
    /// Shipments with valid tracking.
    #[serde(rename = "validTrackingRate")]
    ValidTracking,
    /// Shipments that came in time.
    #[serde(rename = "onTimeDeliveryRate")]
    OnTimeDelivery,
    /// Units that came in time; shown for the United States only.
    #[serde(rename = "unitOnTimeDeliveryRate")]
    UnitOnTimeDelivery,
    /// Orders of businesses without a good invoice.
    #[serde(rename = "invoiceDefectRate")]
    InvoiceDefect,
}

impl HealthRate {
    /// Amazon's target, from the examples of its schema, and a rate that is well on its right side.
    pub(crate) fn target_and_usual(self) -> (f64, f64) {
        match self {
            Self::OrderDefectAfn | Self::OrderDefectMfn => (0.01, 0.002),
            Self::LateShipment => (0.04, 0.01),
            Self::Cancellation => (0.01, 0.004),
            Self::ValidTracking => (0.95, 0.99),
            Self::OnTimeDelivery => (0.95, 0.98),
            Self::UnitOnTimeDelivery => (0.9, 0.96),
            Self::InvoiceDefect => (0.05, 0.01),
        }
    }

    /// Whether it is to stay below its target.
    pub(crate) fn is_wanted_low(self) -> bool {
        !matches!(self, Self::ValidTracking | Self::OnTimeDelivery | Self::UnitOnTimeDelivery)
    }
}

macro_rules! issues {
    ($($(#[$doc:meta])* $case:ident = $name:literal,)+) => {
        /// A policy that can be broken, named as in the performance report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum PolicyIssue {
            $($(#[$doc])* #[serde(rename = $name)] $case,)+
        }

        impl PolicyIssue {
            pub(crate) const ALL: [Self; 11] = [$(Self::$case),+];

            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$case => $name,)+
                }
            }
        }
    };
}

issues! {
    /// Of listings.
    ListingPolicy = "listingPolicyViolations",
    /// Buyers say that a product is no original.
    ProductAuthenticity = "productAuthenticityCustomerComplaints",
    /// Buyers say that a product was not in the condition it was sold as.
    ProductCondition = "productConditionCustomerComplaints",
    /// Buyers say that a product is dangerous.
    ProductSafety = "productSafetyCustomerComplaints",
    /// Owners of rights have complained.
    ReceivedIntellectualProperty = "receivedIntellectualPropertyComplaints",
    /// Amazon itself suspects that a right was broken.
    SuspectedIntellectualProperty = "suspectedIntellectualPropertyViolations",
    /// Of restricted products.
    RestrictedProduct = "restrictedProductPolicyViolations",
    /// Safety of food and products.
    FoodAndProductSafety = "foodAndProductSafetyIssues",
    /// Of reviews of products; shown only where there is one.
    CustomerProductReviews = "customerProductReviewsPolicyViolations",
    /// Any other.
    OtherPolicy = "otherPolicyViolations",
    /// Documents that Amazon wants to see.
    DocumentRequest = "documentRequests",
}
