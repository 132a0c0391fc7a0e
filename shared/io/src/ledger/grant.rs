//! The right to make one call.
//!
//! A [`Grant`] is made in one place: where the table has accepted a claim for an order of a
//! seller whose live mode was read less than two seconds before. The call that asks a buyer
//! takes it by value, so there is no way to call without a claim, in listen mode, or twice.

use jiff::Timestamp;
use renown_core::ids::{OrderId, SellerId};
use renown_core::marketplace::MarketplaceId;

/// Proof that a claim was granted in live mode. It cannot be made outside the ledger,
/// copied, or used twice.
///
/// ```compile_fail
/// let forged = renown_io::ledger::Grant { };
/// ```
#[derive(Debug)]
pub struct Grant {
    pub(super) seller: SellerId,
    pub(super) order: OrderId,
    pub(super) marketplace: MarketplaceId,
    pub(super) lease_until: Timestamp,
}

impl Grant {
    /// Whose order.
    pub fn seller(&self) -> &SellerId {
        &self.seller
    }

    /// The order to ask for.
    pub fn order(&self) -> &OrderId {
        &self.order
    }

    /// Where it was placed.
    pub fn marketplace(&self) -> MarketplaceId {
        self.marketplace
    }

    /// When the claim runs out. A call must be over before.
    pub fn lease_until(&self) -> Timestamp {
        self.lease_until
    }
}
