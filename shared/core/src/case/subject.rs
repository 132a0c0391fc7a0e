//! What a case is about: one case each.

use serde::{Deserialize, Serialize};

use crate::ids::{Asin, OrderId, ShopId};
use crate::marketplace::MarketplaceId;
use crate::reports::account_health::{MetricKind, ViolationKind};
use crate::say::Text;
use crate::text;
use crate::text::Cause;

/// What a case is about. Signals of one subject join one case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Subject {
    /// An order at Amazon.
    Order {
        /// Amazon's id.
        order: OrderId,
    },
    /// An order of a shop of the seller's own.
    ShopOrder {
        /// The shop.
        shop: ShopId,
        /// Its id there.
        order: String,
    },
    /// A product, of which somebody said something.
    Product {
        /// Amazon's id.
        asin: Asin,
    },
    /// What several buyers say of one product.
    Topic {
        /// The product.
        asin: Asin,
        /// What they say.
        cause: Cause,
    },
    /// A metric of the account's health.
    Health {
        /// Where.
        marketplace: MarketplaceId,
        /// Amazon's name of the metric.
        metric: String,
    },
    /// The account as a whole: Amazon warns a seller, wherever it began.
    Account,
    /// The right to call Amazon.
    Access,
    /// Mails of the seller's shops that stand still.
    Mails,
}

impl Subject {
    /// The order at Amazon that it is about.
    pub fn order(&self) -> Option<&OrderId> {
        match self {
            Self::Order { order } => Some(order),
            _ => None,
        }
    }

    /// Names the case of a seller. What is not plain in it becomes a hyphen: people type it.
    pub fn id(&self) -> String {
        let id = match self {
            Self::Order { order } => format!("order-{order}"),
            Self::ShopOrder { shop, order } => format!("shop-{shop}-{order}"),
            Self::Product { asin } => format!("product-{asin}"),
            Self::Topic { asin, cause } => format!("topic-{asin}-{cause}"),
            Self::Health { marketplace, metric } => {
                format!("health-{}-{metric}", marketplace.info().country)
            }
            Self::Account => "account".to_owned(),
            Self::Access => "access".to_owned(),
            Self::Mails => "mails".to_owned(),
        };
        id.chars()
            .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
            .collect()
    }

    /// What an operator reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Order { order } => text!("order {order}", "订单 {order}"),
            Self::ShopOrder { shop, order } => text!("order {order} of {shop}", "{shop} 的订单 {order}"),
            Self::Product { asin } => text!("product {asin}", "商品 {asin}"),
            Self::Topic { asin, cause } => {
                let Text { en, zh } = cause.text();
                text!("{asin}: {en}", "{asin}:{zh}")
            }
            Self::Health { marketplace, metric } => {
                let country = marketplace.info().country;
                let Text { en, zh } = measured(metric);
                text!("{en} in {country}", "{country} 站点{zh}")
            }
            Self::Account => text!("the account", "账户"),
            Self::Access => text!("access to Amazon", "亚马逊授权"),
            Self::Mails => text!("mails of its shops", "自有店铺邮件"),
        }
    }
}

/// What people call something of the account's health that Amazon calls so.
fn measured(metric: &str) -> Text {
    match MetricKind::from_amazon(metric) {
        MetricKind::Other(_) => ViolationKind::from_amazon(metric).text(),
        kind => kind.text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_reads_no_name_of_amazons_programs_unless_it_is_a_new_one() {
        let of = |metric: &str| {
            let subject = Subject::Health {
                marketplace: MarketplaceId::of_country("DE").expect("Germany"),
                metric: metric.to_owned(),
            };
            let Text { en, zh } = subject.text();
            [en, zh]
        };
        assert_eq!(of("lateShipmentRate"), ["late shipment rate in DE", "DE 站点迟发率"]);
        assert_eq!(
            of("listingPolicyViolations"),
            ["listing policy violations in DE", "DE 站点违反商品信息政策"]
        );
        assert_eq!(of("sunshineRate"), ["sunshineRate in DE", "DE 站点sunshineRate"]);
    }
}
