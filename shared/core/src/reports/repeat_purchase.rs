//! `GET_BRAND_ANALYTICS_REPEAT_PURCHASE_REPORT`: how many buyers of a week had bought a product before.
//!
//! JSON, product by product. A product that cannot be read does not take its neighbours down.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::ids::Asin;
use crate::say::Text;
use crate::text;

/// Amazon's name of the report.
pub const REPEAT_PURCHASE: &str = "GET_BRAND_ANALYTICS_REPEAT_PURCHASE_REPORT";

/// A product in a week. Source of the members: Amazon's schema `sellingPartnerRepeatPurchaseReport`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RepeatPurchase {
    /// The product.
    pub asin: Asin,
    /// First day of the week, a Sunday.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Orders with it.
    pub orders: u64,
    /// Buyers, each once.
    pub customers: u64,
    /// Share of them who bought it before: 0 to 1, though Amazon calls it a percentage.
    pub repeat_customers: f64,
    /// What those spent, in units of the currency.
    pub repeat_revenue: f64,
    /// The currency (ISO 4217).
    pub currency: String,
    /// Share of the product's revenue: 0 to 1.
    pub repeat_share: f64,
}

/// What the report holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepeatPurchases {
    /// Products that could be read.
    pub products: Vec<RepeatPurchase>,
    /// Places of those that could not, from 0.
    pub unread: Vec<usize>,
}

/// A file that is not this report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file is not the repeat purchase report")]
pub struct NotTheReport;

impl NotTheReport {
    /// What an operator reads.
    pub fn text(self) -> Text {
        text!("{self}", "该文件不是复购报告")
    }
}

impl RepeatPurchases {
    /// Reads the report.
    ///
    /// # Errors
    ///
    /// If it is not that report at all.
    pub fn parse(json: &str) -> Result<Self, NotTheReport> {
        let report: WireReport<'_> = serde_json::from_str(json).map_err(|_| NotTheReport)?;
        let mut found = Self::default();
        for (at, product) in report.data_by_asin.iter().enumerate() {
            match serde_json::from_str::<WireProduct>(product.get()).ok().and_then(WireProduct::read) {
                Some(product) => found.products.push(product),
                None => found.unread.push(at),
            }
        }
        Ok(found)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireReport<'a> {
    #[serde(borrow)]
    data_by_asin: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireProduct {
    start_date: Date,
    end_date: Date,
    asin: String,
    orders: u64,
    unique_customers: u64,
    repeat_customers_pct_total: f64,
    repeat_purchase_revenue: WireMoney,
    repeat_purchase_revenue_pct_total: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMoney {
    amount: f64,
    currency_code: String,
}

impl WireProduct {
    fn read(self) -> Option<RepeatPurchase> {
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        if !is_share(self.repeat_customers_pct_total) || !is_share(self.repeat_purchase_revenue_pct_total) {
            return None;
        }
        Some(RepeatPurchase {
            asin: self.asin.trim().parse().ok()?,
            from: self.start_date,
            to: self.end_date,
            orders: self.orders,
            customers: self.unique_customers,
            repeat_customers: self.repeat_customers_pct_total,
            repeat_revenue: self.repeat_purchase_revenue.amount,
            currency: self.repeat_purchase_revenue.currency_code,
            repeat_share: self.repeat_purchase_revenue_pct_total,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRODUCT: &str = r#"{"startDate":"2026-11-08","endDate":"2026-11-14","asin":"B0TEAPOT01","orders":120,
        "uniqueCustomers":110,"repeatCustomersPctTotal":0.1,"repeatPurchaseRevenue":{"amount":224.5,"currencyCode":"EUR"},
        "repeatPurchaseRevenuePctTotal":0.12}"#;

    fn read(products: &[&str]) -> Result<RepeatPurchases, NotTheReport> {
        let products = products.join(",");
        RepeatPurchases::parse(&format!(r#"{{"reportSpecification":{{}},"dataByAsin":[{products}]}}"#))
    }

    #[test]
    fn a_product_is_read_and_a_broken_one_leaves_its_neighbours() {
        let found =
            read(&[r#"{"asin":"B0TEAPOT01"}"#, PRODUCT, &PRODUCT.replace("0.12", "12")]).expect("the report");
        assert_eq!(found.unread, [0, 2]);
        let [product] = &found.products[..] else { panic!("{found:?}") };
        assert_eq!((product.orders, product.customers, product.currency.as_str()), (120, 110, "EUR"));
        assert_eq!(product.to.to_string(), "2026-11-14");
    }

    #[test]
    fn another_file_is_refused_and_an_empty_report_is_none() {
        for other in ["", "amazon-order-id\tx", "[]", "{}"] {
            assert_eq!(RepeatPurchases::parse(other), Err(NotTheReport), "{other}");
        }
        assert_eq!(read(&[]), Ok(RepeatPurchases::default()));
    }
}
