//! `GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL`: what Amazon's warehouses sent.
//!
//! One row per shipped item; the file that says when an Amazon-fulfilled order left and when
//! it should arrive. Its columns are known from sellers' files, not from Amazon's pages, and
//! older layouts carry the buyer's name, phone and addresses: they are never looked at.

use jiff::Timestamp;

use super::bad_row::{BadRow, Problem, Remedy};
use super::row::{self, Fields, Row};
use crate::ids::{OrderId, Sku};
use crate::marketplace::MarketplaceId;
use crate::order::Tracking;

/// One shipped item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShipmentRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// `amazon-order-id`.
    pub order_id: OrderId,
    /// `purchase-date`.
    pub purchased_at: Option<Timestamp>,
    /// `shipment-date`.
    pub shipped_at: Timestamp,
    /// `reporting-date`: when the row became visible.
    pub reported_at: Option<Timestamp>,
    /// `sku`.
    pub sku: Option<Sku>,
    /// `product-name`: the seller's own title of the listing, cut short; nothing of the buyer.
    pub product_name: Option<String>,
    /// `estimated-arrival-date`. Of several items of an order the latest counts.
    pub estimated_arrival: Option<Timestamp>,
    /// The marketplace of `sales-channel`; `None` for names that are not a known marketplace.
    pub marketplace: Option<MarketplaceId>,
    /// What is said of `sales-channel` if it names neither.
    pub unknown_channel: Option<Problem>,
    /// `sales-channel` says `Non-Amazon`: a multi-channel order of another shop.
    pub non_amazon: bool,
    /// `quantity-shipped`, in units.
    pub quantity: Option<u32>,
    /// `carrier` and `tracking-number`.
    pub tracking: Option<Tracking>,
}

impl Row for ShipmentRow {
    const REPORT_TYPE: &'static str = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL";
    const ORDER_ID: &'static str = "amazon-order-id";
    const REQUIRED: &'static [&'static str] = &["amazon-order-id", "shipment-date", "sales-channel"];
    const OPTIONAL: &'static [&'static str] = &[
        "purchase-date",
        "reporting-date",
        "sku",
        "product-name",
        "estimated-arrival-date",
        "quantity-shipped",
        "carrier",
        "tracking-number",
    ];

    fn parse(fields: &Fields<'_>) -> Result<Self, BadRow> {
        let sold = fields.required("sales-channel", |text| Some(row::sold(text)), Remedy::SalesChannel)?;
        Ok(Self {
            line: fields.line(),
            order_id: fields.required("amazon-order-id", |text| text.parse().ok(), Remedy::OrderId)?,
            purchased_at: fields.optional("purchase-date", row::time, Remedy::Time)?,
            shipped_at: fields.required("shipment-date", row::time, Remedy::Time)?,
            reported_at: fields.optional("reporting-date", row::time, Remedy::Time)?,
            sku: fields.optional("sku", |text| text.parse().ok(), Remedy::Sku)?,
            product_name: fields.text("product-name").and_then(row::product_name),
            estimated_arrival: fields.optional("estimated-arrival-date", row::time, Remedy::Time)?,
            marketplace: sold.marketplace,
            non_amazon: sold.non_amazon,
            unknown_channel: sold.unknown,
            quantity: fields.optional("quantity-shipped", row::count, Remedy::Units)?,
            tracking: Tracking::read(fields.text("carrier"), fields.text("tracking-number")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::Reader;

    // An older layout, with the buyer in it.
    const HEADER: &str = "amazon-order-id\tshipment-id\tpurchase-date\tpayments-date\tshipment-date\treporting-date\tbuyer-email\tbuyer-name\tbuyer-phone-number\tsku\tproduct-name\tquantity-shipped\tship-city\tship-postal-code\tcarrier\ttracking-number\testimated-arrival-date\tfulfillment-channel\tsales-channel";

    fn read(lines: &[&str]) -> Vec<Result<ShipmentRow, BadRow>> {
        let mut rows = Vec::new();
        let mut reader = Reader::new("shipments.txt");
        reader.push(&format!("{HEADER}\n{}\n", lines.join("\n")), &mut rows).expect("readable");
        reader.finish(&mut rows).expect("readable");
        rows
    }

    #[test]
    fn a_shipped_item_is_read_and_the_buyer_is_not() {
        let rows = read(&[
            "123-1234567-0000001\tDx\t2026-10-01T07:00:00+00:00\t2026-10-01T07:00:00+00:00\t2026-10-02T09:30:00+09:00\t2026-10-02T03:00:00Z\tCANARY-MAIL\tCANARY-NAME\tCANARY-PHONE\tblue-xl\tケース\t1\tCANARY-CITY\tCANARY-POSTCODE\tUPS\t1Z9999999999999999\t2026-10-05T11:00+00:00\tAFN\tAmazon.co.jp",
        ]);
        assert!(!format!("{rows:?}").contains("CANARY"));
        assert_eq!(
            rows,
            [Ok(ShipmentRow {
                line: 2,
                order_id: "123-1234567-0000001".parse().expect("valid"),
                purchased_at: "2026-10-01T07:00:00Z".parse().ok(),
                shipped_at: "2026-10-02T00:30:00Z".parse().expect("valid"),
                reported_at: "2026-10-02T03:00:00Z".parse().ok(),
                sku: "blue-xl".parse().ok(),
                product_name: Some("ケース".to_owned()),
                estimated_arrival: "2026-10-05T11:00:00Z".parse().ok(),
                marketplace: MarketplaceId::of_country("JP"),
                non_amazon: false,
                unknown_channel: None,
                quantity: Some(1),
                tracking: Tracking::read(Some("UPS"), Some("1Z9999999999999999")),
            })]
        );
    }

    #[test]
    fn a_multi_channel_row_is_marked_and_a_row_without_its_date_is_bad() {
        let rows = read(&[
            "S01-1234567-0000001\tDx\t\t\t2026-10-02T09:30:00Z\t\t\t\t\t\t\t\t\t\t\t\t\tAFN\tNon-Amazon",
            "123-1234567-0000002\tDx\t\t\t\t\tCANARY-MAIL\t\t\t\t\t\t\t\t\t\t\tAFN\tAmazon.com",
        ]);
        let [Ok(multi), Err(bad)] = &rows[..] else { panic!("{rows:?}") };
        assert!(multi.non_amazon && multi.marketplace.is_none() && multi.estimated_arrival.is_none());
        assert_eq!(
            (bad.line, bad.column, bad.problem.to_string().as_str()),
            (3, Some("shipment-date"), "is empty")
        );
        assert!(!bad.to_string().contains("CANARY"));
    }
}
