//! Why a buyer is unhappy.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::say::Text;
use crate::text;

/// What would have to be put right for a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Late, slow, still waiting; how the carrier behaved.
    LateDelivery,
    /// Never came, lost, delivered to somebody else.
    NotReceived,
    /// Arrived broken, or poorly packed.
    DamagedInTransit,
    /// Faulty, weak, of poor material, spoiled.
    DefectiveQuality,
    /// Another thing than was ordered, shown or promised.
    NotAsDescribed,
    /// Too small, too big, does not fit the buyer's device.
    SizeFit,
    /// Fewer pieces than ordered.
    MissingParts,
    /// Too expensive, fees, charged twice.
    PriceValue,
    /// No answer, no help; trouble with an account or an invoice.
    CustomerService,
    /// A refund, return, replacement or repair, done or refused.
    RefundReturn,
    /// Somebody was hurt, or could have been.
    Safety,
    /// No original, or thought to be none.
    Counterfeit,
    /// The seller cancelled, or had nothing to send.
    OrderCancelled,
    /// No cause is given, or none of these.
    Other,
}

/// A word that is no cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no cause")]
pub struct UnknownCause(String);

impl Cause {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::LateDelivery,
        Self::NotReceived,
        Self::DamagedInTransit,
        Self::DefectiveQuality,
        Self::NotAsDescribed,
        Self::SizeFit,
        Self::MissingParts,
        Self::PriceValue,
        Self::CustomerService,
        Self::RefundReturn,
        Self::Safety,
        Self::Counterfeit,
        Self::OrderCancelled,
        Self::Other,
    ];

    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::LateDelivery => "late_delivery",
            Self::NotReceived => "not_received",
            Self::DamagedInTransit => "damaged_in_transit",
            Self::DefectiveQuality => "defective_quality",
            Self::NotAsDescribed => "not_as_described",
            Self::SizeFit => "size_fit",
            Self::MissingParts => "missing_parts",
            Self::PriceValue => "price_value",
            Self::CustomerService => "customer_service",
            Self::RefundReturn => "refund_return",
            Self::Safety => "safety",
            Self::Counterfeit => "counterfeit",
            Self::OrderCancelled => "order_cancelled",
            Self::Other => "other",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::LateDelivery => text!("late delivery", "配送延误"),
            Self::NotReceived => text!("not received", "未收到货"),
            Self::DamagedInTransit => text!("damaged on the way", "运输损坏"),
            Self::DefectiveQuality => text!("defect or poor quality", "质量问题"),
            Self::NotAsDescribed => text!("not as described", "与描述不符"),
            Self::SizeFit => text!("size or fit", "尺寸不合"),
            Self::MissingParts => text!("parts missing", "缺件"),
            Self::PriceValue => text!("price", "价格"),
            Self::CustomerService => text!("customer service", "客户服务"),
            Self::RefundReturn => text!("refund or return", "退款退货"),
            Self::Safety => text!("safety", "安全问题"),
            Self::Counterfeit => text!("counterfeit", "假冒商品"),
            Self::OrderCancelled => text!("order cancelled", "订单被取消"),
            Self::Other => text!("other", "其他"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Cause {
    type Err = UnknownCause;
    fn from_str(text: &str) -> Result<Self, UnknownCause> {
        let found = Self::ALL.into_iter().find(|cause| cause.name() == text);
        found.ok_or_else(|| UnknownCause(text.chars().take(30).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_the_order_is_that_of_the_list() {
        for (at, cause) in Cause::ALL.into_iter().enumerate() {
            assert_eq!((cause.name().parse(), cause as usize), (Ok(cause), at));
        }
        assert!("weather".parse::<Cause>().is_err());
    }
}
