//! `GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL`: every order that changed in a span.
//!
//! One row per item. The file has no ship or delivery dates; it is the bulk way to learn
//! which orders exist and where they stand. Columns: Amazon's "Order Tracking Reports" page.
//! City, state and postal code of the buyer stand in the file and are never looked at.

use jiff::Timestamp;

use super::bad_row::{BadRow, Problem, Remedy};
use super::row::{self, Fields, Row};
use crate::ids::{Asin, OrderId, Sku};
use crate::marketplace::MarketplaceId;
use crate::order::{FulfillmentChannel, OrderStatus};

/// One item of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllOrdersRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// `amazon-order-id`.
    pub order_id: OrderId,
    /// `purchase-date`.
    pub purchased_at: Option<Timestamp>,
    /// `last-updated-date`: when anything of the order last changed. No evidence of shipping.
    pub last_updated_at: Timestamp,
    /// `order-status`.
    pub status: OrderStatus,
    /// `fulfillment-channel`.
    pub channel: FulfillmentChannel,
    /// The marketplace of `sales-channel`; `None` for names that are not a known marketplace.
    pub marketplace: Option<MarketplaceId>,
    /// What is said of `sales-channel` if it names neither.
    pub unknown_channel: Option<Problem>,
    /// `sales-channel` says `Non-Amazon`: the order came from another shop.
    pub non_amazon: bool,
    /// `sku`.
    pub sku: Option<Sku>,
    /// `product-name`: the seller's own title of the listing, cut short; nothing of the buyer.
    pub product_name: Option<String>,
    /// `asin`.
    pub asin: Option<Asin>,
    /// `item-status`, where it is one of the known ones.
    pub item_status: Option<OrderStatus>,
    /// `quantity`, in units.
    pub quantity: Option<u32>,
    /// `is-business-order`; false where the file does not say.
    pub is_business: bool,
    /// `is-replacement-order`; `None` where the file does not say.
    pub is_replacement: Option<bool>,
}

impl Row for AllOrdersRow {
    const REPORT_TYPE: &'static str = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
    const ORDER_ID: &'static str = "amazon-order-id";
    const REQUIRED: &'static [&'static str] =
        &["amazon-order-id", "last-updated-date", "order-status", "fulfillment-channel", "sales-channel"];
    const OPTIONAL: &'static [&'static str] = &[
        "purchase-date",
        "product-name",
        "sku",
        "asin",
        "item-status",
        "quantity",
        "is-business-order",
        "is-replacement-order",
    ];

    fn parse(fields: &Fields<'_>) -> Result<Self, BadRow> {
        let sold = fields.required("sales-channel", |text| Some(row::sold(text)), Remedy::SalesChannel)?;
        Ok(Self {
            line: fields.line(),
            order_id: fields.required("amazon-order-id", |text| text.parse().ok(), Remedy::OrderId)?,
            purchased_at: fields.optional("purchase-date", row::time, Remedy::Time)?,
            last_updated_at: fields.required("last-updated-date", row::time, Remedy::Time)?,
            status: fields.required("order-status", OrderStatus::from_amazon, Remedy::Status)?,
            channel: fields.required(
                "fulfillment-channel",
                FulfillmentChannel::from_amazon,
                Remedy::Channel,
            )?,
            marketplace: sold.marketplace,
            non_amazon: sold.non_amazon,
            unknown_channel: sold.unknown,
            sku: fields.optional("sku", |text| text.parse().ok(), Remedy::Sku)?,
            product_name: fields.text("product-name").and_then(row::product_name),
            asin: fields.optional("asin", |text| text.parse().ok(), Remedy::Asin)?,
            item_status: fields.text("item-status").and_then(OrderStatus::from_amazon),
            quantity: fields.optional("quantity", row::count, Remedy::Units)?,
            is_business: fields.text("is-business-order").is_some_and(is_true),
            is_replacement: fields.text("is-replacement-order").map(is_true),
        })
    }
}

fn is_true(text: &str) -> bool {
    ["true", "yes", "y", "1"].iter().any(|yes| text.eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::{Charset, FileError, Reader, TextDecoder};
    use proptest::prelude::*;

    const HEADER: &str = "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\torder-channel\tship-service-level\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tshipping-price\tshipping-tax\tgift-wrap-price\tgift-wrap-tax\titem-promotion-discount\tship-promotion-discount\tship-city\tship-state\tship-postal-code\tship-country\tpromotion-ids\tis-business-order\tpurchase-order-number\tprice-designation";

    fn line(number: u32, status: &str, sku: &str, name: &str) -> String {
        format!(
            "123-1234567-{number:07}\tM1\t2026-10-01T07:00:00+00:00\t2026-10-05T08:12:33+00:00\t{status}\tAmazon\tAmazon.de\t\tExpedited\t{name}\t{sku}\tB0TEST0001\tShipped\t2\tEUR\t1\t0\t0\t0\t\t\t\t\tCANARY-CITY\tCANARY-STATE\tCANARY-POSTCODE\tDE\t\ttrue\t\t"
        )
    }

    fn read(pieces: &[&str]) -> Result<Vec<Result<AllOrdersRow, BadRow>>, FileError> {
        let mut rows = Vec::new();
        let mut reader = Reader::new("orders.txt");
        for piece in pieces {
            reader.push(piece, &mut rows)?;
        }
        reader.finish(&mut rows)?;
        Ok(rows)
    }

    #[test]
    fn a_row_becomes_an_order_item_and_nothing_of_the_buyer_comes_along() {
        let file = format!("{HEADER}\r\n{}\r\n", line(1, "Shipped", "蓝色-大", "Hülle \"XL\""));
        let rows = read(&[&file]).expect("readable");
        assert!(!format!("{rows:?}").contains("CANARY"));
        let [Ok(row)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!(
            row,
            &AllOrdersRow {
                line: 2,
                order_id: "123-1234567-0000001".parse().expect("valid"),
                purchased_at: "2026-10-01T07:00:00Z".parse().ok(),
                last_updated_at: "2026-10-05T08:12:33Z".parse().expect("valid"),
                status: OrderStatus::Shipped,
                channel: FulfillmentChannel::Amazon,
                marketplace: MarketplaceId::of_country("DE"),
                non_amazon: false,
                unknown_channel: None,
                sku: "蓝色-大".parse().ok(),
                product_name: Some("Hülle \"XL\"".to_owned()),
                asin: "B0TEST0001".parse().ok(),
                item_status: Some(OrderStatus::Shipped),
                quantity: Some(2),
                is_business: true,
                is_replacement: None,
            }
        );
    }

    #[test]
    fn a_bad_row_says_where_and_why_and_its_neighbours_are_read() {
        let file = format!(
            "{HEADER}\n{}\n{}\n{}\n\n{}",
            line(1, "Shipped", "a", "x"),
            line(2, "Teleported", "a", "x"),
            line(3, "Shipped", "a", "a name\twith a tab"),
            line(4, "Cancelled", "a", "x"),
        );
        let rows = read(&[&file]).expect("readable");
        assert!(!format!("{rows:?}").contains("CANARY"));
        let [Ok(_), Err(status), Err(shifted), Ok(last)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((status.line, status.column), (3, Some("order-status")));
        assert_eq!(status.order_id.as_ref().map(OrderId::as_str), Some("123-1234567-0000002"));
        assert!(
            status.to_string().starts_with("line 3, column order-status: \"Teleported\" is not understood; "),
            "{status}"
        );
        assert_eq!((shifted.line, shifted.column), (4, None));
        assert_eq!(last.status, OrderStatus::Cancelled);
    }

    #[test]
    fn a_row_broken_in_two_is_told_as_such() {
        let broken = line(1, "Shipped", "a", "first half\nsecond half");
        let rows =
            read(&[&format!("{HEADER}\n{broken}\n{}", line(2, "Shipped", "a", "x"))]).expect("readable");
        let [Err(first), Err(second), Ok(_)] = &rows[..] else { panic!("{rows:?}") };
        assert!(first.problem.to_string().contains("ends before"), "{first}");
        assert_eq!((first.order_id.is_some(), second.order_id.is_some()), (true, false));
        assert!(!format!("{rows:?}").contains("CANARY"));
    }

    #[test]
    fn a_file_that_breaks_off_keeps_its_whole_rows_and_says_where_it_ends() {
        let cut = |line: &str, last: &str| {
            let end = line.find(last).expect("in the line") + last.len();
            line[..end].to_owned()
        };
        let (whole, next) = (line(1, "Shipped", "a", "x"), line(2, "Shipped", "a", "x"));
        for last in ["123-12", "Amazon.d", "\t\ttr"] {
            let rows = read(&[&format!("{HEADER}\n{whole}\n{}", cut(&next, last))]).expect("readable");
            let [Ok(_), Err(bad)] = &rows[..] else { panic!("{last}: {rows:?}") };
            assert_eq!((bad.line, &bad.problem, bad.remedy), (3, &Problem::CutOff, Remedy::CutOff), "{last}");
            assert_eq!(bad.order_id.is_some(), last != "123-12", "{last}");
        }
        // All that is looked at is there.
        let rows = read(&[&format!("{HEADER}\n{whole}\n{}", cut(&next, "\ttrue\t"))]).expect("readable");
        assert!(matches!(&rows[..], [Ok(_), Ok(_)]), "{rows:?}");
    }

    #[test]
    fn a_row_with_a_field_too_few_shows_nothing_of_its_neighbours() {
        let short = line(1, "Shipped", "a", "x").replace("\t2\tEUR\t1\t0\t0\t0\t\t\t\t\t", "\t");
        let rows = read(&[&format!("{HEADER}\n{short}\t\t\t\t\t\t\t\t\n")]).expect("readable");
        let [Err(bad)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((bad.column, bad.remedy), (None, crate::reports::Remedy::Shifted));
        assert!(!bad.to_string().contains("CANARY"), "{bad}");
    }

    #[test]
    fn a_file_of_another_kind_names_every_column_it_lacks_and_the_remedy() {
        let error = read(&["Order ID\tsales-channel\nx\ty\n"]).expect_err("another file");
        let text = error.to_string();
        for part in [
            "orders.txt",
            AllOrdersRow::REPORT_TYPE,
            "amazon-order-id, last-updated-date, order-status, fulfillment-channel",
            "download that report again",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(matches!(read(&["\n\n"]), Err(FileError::Empty { .. })));
        let twice = format!("{HEADER}\tSKU\n");
        assert!(matches!(read(&[&twice]), Err(FileError::DuplicateColumn { column: "sku", .. })));
    }

    #[test]
    fn a_file_with_a_header_alone_is_empty_and_fine() {
        assert_eq!(read(&[HEADER]), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn rows_do_not_depend_on_how_the_bytes_are_cut(
            names in proptest::collection::vec("[a-z\u{fc}\u{597d} ]{0,12}", 0..6),
            statuses in proptest::collection::vec(prop::sample::select(vec!["Shipped", "Pending", "?"]), 6),
            chinese in any::<bool>(),
            end in prop::sample::select(vec!["\n", "\r\n"]),
            sizes in proptest::collection::vec(1_usize..70, 1..30),
        ) {
            let body: Vec<String> = std::iter::once(HEADER.to_owned())
                .chain(names.iter().zip(&statuses).zip(1..).map(|((name, status), n)| line(n, status, "sku 好ü", name)))
                .collect();
            let text = body.join(end);
            let encoding = if chinese { encoding_rs::GB18030 } else { encoding_rs::UTF_8 };
            let bytes = encoding.encode(&text).0;
            let in_pieces = |sizes: &mut dyn Iterator<Item = usize>| {
                let mut decoder = TextDecoder::guessing(Charset::GB18030);
                let mut reader = Reader::<AllOrdersRow>::new("f");
                let (mut rows, mut rest) = (Vec::new(), &*bytes);
                while !rest.is_empty() {
                    let (piece, tail) = rest.split_at(sizes.next().unwrap_or(1).min(rest.len()));
                    let mut text = String::new();
                    decoder.push(piece, &mut text);
                    reader.push(&text, &mut rows).expect("readable");
                    rest = tail;
                }
                let mut text = String::new();
                decoder.finish(&mut text);
                reader.push(&text, &mut rows).expect("readable");
                reader.finish(&mut rows).expect("readable");
                rows
            };
            let whole = in_pieces(&mut std::iter::once(bytes.len()));
            prop_assert_eq!(whole.len(), names.len());
            for row in whole.iter().flatten() {
                prop_assert_eq!(row.sku.as_ref().map(Sku::as_str), Some("sku 好ü"));
            }
            prop_assert_eq!(in_pieces(&mut sizes.iter().copied().cycle()), whole);
        }
    }
}
