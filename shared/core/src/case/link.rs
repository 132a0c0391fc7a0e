//! Where a person goes on in Seller Central.

use crate::ids::OrderId;
use crate::marketplace::MarketplaceId;

/// The page of an order in Seller Central. Its form is Amazon's and in no document: as seen in
/// Manage Orders, 2026.
pub fn order_link(marketplace: MarketplaceId, order: &OrderId) -> String {
    let site = marketplace.info().sales_channel;
    format!("https://sellercentral.{site}/orders-v3/order/{order}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_found_at_its_own_marketplace() {
        let link = |country| {
            let marketplace = MarketplaceId::of_country(country).expect("known");
            order_link(marketplace, &"028-1234567-1234567".parse().expect("valid"))
        };
        assert_eq!(link("DE"), "https://sellercentral.amazon.de/orders-v3/order/028-1234567-1234567");
        assert_eq!(link("JP"), "https://sellercentral.amazon.co.jp/orders-v3/order/028-1234567-1234567");
    }
}
