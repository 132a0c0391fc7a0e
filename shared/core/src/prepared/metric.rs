//! What Amazon complains of in an account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::say::Text;
use crate::text;

/// What Amazon complains of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Too many orders with a claim, a chargeback or bad feedback.
    OrderDefectRate,
    /// Too many orders confirmed as shipped after their day.
    LateShipment,
    /// Too many orders cancelled by the seller.
    Cancellation,
    /// Too few parcels with a tracking number that is scanned.
    ValidTracking,
    /// Too few parcels that arrive by their day.
    OnTimeDelivery,
    /// Too much bad seller feedback.
    NegativeFeedback,
    /// A listing or the account breaks a policy.
    PolicyViolation,
    /// Buyers complain of a product: its authenticity, condition or safety.
    ProductComplaints,
}

/// A word that is no metric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no metric; write one of order_defect_rate, late_shipment, cancellation, valid_tracking, on_time_delivery, negative_feedback, policy_violation, product_complaints"
)]
pub struct UnknownMetric(String);

impl Metric {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::OrderDefectRate,
        Self::LateShipment,
        Self::Cancellation,
        Self::ValidTracking,
        Self::OnTimeDelivery,
        Self::NegativeFeedback,
        Self::PolicyViolation,
        Self::ProductComplaints,
    ];

    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::OrderDefectRate => "order_defect_rate",
            Self::LateShipment => "late_shipment",
            Self::Cancellation => "cancellation",
            Self::ValidTracking => "valid_tracking",
            Self::OnTimeDelivery => "on_time_delivery",
            Self::NegativeFeedback => "negative_feedback",
            Self::PolicyViolation => "policy_violation",
            Self::ProductComplaints => "product_complaints",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::OrderDefectRate => text!("order defect rate", "订单缺陷率"),
            Self::LateShipment => text!("late shipment rate", "延迟发货率"),
            Self::Cancellation => text!("pre-fulfilment cancellation rate", "配送前取消率"),
            Self::ValidTracking => text!("valid tracking rate", "有效追踪率"),
            Self::OnTimeDelivery => text!("on-time delivery rate", "准时送达率"),
            Self::NegativeFeedback => text!("negative feedback", "负面反馈"),
            Self::PolicyViolation => text!("policy violation", "违反政策"),
            Self::ProductComplaints => text!("complaints about products", "商品投诉"),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Metric {
    type Err = UnknownMetric;
    fn from_str(text: &str) -> Result<Self, UnknownMetric> {
        let found = Self::ALL.into_iter().find(|metric| metric.name() == text);
        found.ok_or_else(|| UnknownMetric(text.chars().take(30).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for metric in Metric::ALL {
            assert_eq!(metric.name().parse(), Ok(metric));
        }
        assert!("stars".parse::<Metric>().is_err());
    }
}
