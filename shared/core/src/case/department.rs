//! Who in a team deals with what.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::say::Text;
use crate::text;
use crate::text::Cause;

/// A part of the team that cases go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Department {
    /// Answers buyers.
    Service,
    /// Ships, and deals with carriers and Amazon's warehouses.
    Logistics,
    /// Makes and checks the product.
    Quality,
    /// Writes listings and sets prices.
    Listing,
    /// Answers Amazon about the account.
    Account,
}

/// A word that is no department.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no department; there are service, logistics, quality, listing and account")]
pub struct UnknownDepartment(String);

impl Department {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Service, Self::Logistics, Self::Quality, Self::Listing, Self::Account];

    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Logistics => "logistics",
            Self::Quality => "quality",
            Self::Listing => "listing",
            Self::Account => "account",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Service => text!("customer service", "客服"),
            Self::Logistics => text!("logistics", "物流"),
            Self::Quality => text!("quality", "品控"),
            Self::Listing => text!("listing", "运营(商品页)"),
            Self::Account => text!("account", "账户合规"),
        }
    }

    /// Who can put a cause right, unless the team says otherwise.
    pub fn of_cause(cause: Cause) -> Self {
        match cause {
            Cause::LateDelivery | Cause::NotReceived | Cause::DamagedInTransit => Self::Logistics,
            Cause::DefectiveQuality | Cause::MissingParts | Cause::Safety => Self::Quality,
            Cause::NotAsDescribed | Cause::SizeFit | Cause::PriceValue => Self::Listing,
            Cause::Counterfeit => Self::Account,
            Cause::CustomerService | Cause::RefundReturn | Cause::OrderCancelled | Cause::Other => {
                Self::Service
            }
        }
    }
}

impl fmt::Display for Department {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Department {
    type Err = UnknownDepartment;
    fn from_str(text: &str) -> Result<Self, UnknownDepartment> {
        let found = Self::ALL.into_iter().find(|department| department.name() == text);
        found.ok_or_else(|| UnknownDepartment(text.chars().take(30).collect()))
    }
}
