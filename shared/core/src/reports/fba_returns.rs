//! `GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA`: what came back to Amazon's warehouses, and why.
//!
//! One row per returned item. Its date is when the warehouse took the item in, 30 days and more
//! after the buyer asked, and rows are added for days gone by; refunds without a return never
//! appear. Columns: Amazon's "FBA customer concessions reports" page.

use jiff::Timestamp;

use super::bad_row::{BadRow, Remedy};
use super::row::{self, Fields, Row};
use crate::ids::{Asin, OrderId, Sku};

/// One returned item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FbaReturnRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// `return-date`: when the warehouse took it in.
    pub returned_at: Timestamp,
    /// `order-id`.
    pub order_id: OrderId,
    /// `sku`.
    pub sku: Option<Sku>,
    /// `asin`.
    pub asin: Option<Asin>,
    /// `quantity`, in units.
    pub quantity: Option<u32>,
    /// `detailed-disposition`: the item's condition in Amazon's word, `SELLABLE`, `DEFECTIVE`.
    pub disposition: Option<String>,
    /// `reason`: the buyer's, in Amazon's word;
    /// [`cause_of_return`](crate::text::cause_of_return) reads it.
    pub reason: Option<String>,
    /// `status`: what Amazon did with the item.
    pub status: Option<String>,
    /// `customer-comments`, as they stand there. They may hold anything, also an address.
    pub comments: Option<String>,
}

impl Row for FbaReturnRow {
    const REPORT_TYPE: &'static str = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";
    const ORDER_ID: &'static str = "order-id";
    const REQUIRED: &'static [&'static str] = &["return-date", "order-id", "reason"];
    const OPTIONAL: &'static [&'static str] =
        &["sku", "asin", "quantity", "detailed-disposition", "status", "customer-comments"];

    fn parse(fields: &Fields<'_>) -> Result<Self, BadRow> {
        let words = |column| fields.text(column).map(str::to_owned);
        Ok(Self {
            line: fields.line(),
            returned_at: fields.required("return-date", row::time, Remedy::Time)?,
            order_id: fields.required("order-id", |text| text.parse().ok(), Remedy::OrderId)?,
            sku: fields.optional("sku", |text| text.parse().ok(), Remedy::Sku)?,
            asin: fields.optional("asin", |text| text.parse().ok(), Remedy::Asin)?,
            quantity: fields.optional("quantity", row::count, Remedy::Units)?,
            disposition: words("detailed-disposition"),
            reason: words("reason"),
            status: words("status"),
            comments: words("customer-comments"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::{Charset, FileError, Problem, Reader, TextDecoder};

    const HEADER: &str = "return-date\torder-id\tsku\tasin\tfnsku\tproduct-name\tquantity\tfulfillment-center-id\tdetailed-disposition\treason\tstatus\tlicense-plate-number\tcustomer-comments";

    fn line(number: u32, reason: &str, comments: &str) -> String {
        format!(
            "2026-10-05T08:12:33+00:00\t123-1234567-{number:07}\tblue-xl\tB0TEST0001\tX0TEST0001\tHülle\t1\tDTM2\tCUSTOMER_DAMAGED\t{reason}\tUnit returned to inventory\tCANARY-PLATE\t{comments}"
        )
    }

    fn read(file: &str) -> Result<Vec<Result<FbaReturnRow, BadRow>>, FileError> {
        let mut rows = Vec::new();
        let mut reader = Reader::new("returns.txt");
        reader.push(file, &mut rows)?;
        reader.finish(&mut rows)?;
        assert!(!format!("{rows:?}").contains("CANARY"), "{rows:?}");
        Ok(rows)
    }

    #[test]
    fn a_returned_item_is_read_with_the_buyers_words() {
        let rows =
            read(&format!("{HEADER}\r\n{}\r\n", line(1, "DEFECTIVE", "geht \"nicht\""))).expect("readable");
        assert_eq!(
            rows,
            [Ok(FbaReturnRow {
                line: 2,
                returned_at: "2026-10-05T08:12:33Z".parse().expect("valid"),
                order_id: "123-1234567-0000001".parse().expect("valid"),
                sku: "blue-xl".parse().ok(),
                asin: "B0TEST0001".parse().ok(),
                quantity: Some(1),
                disposition: Some("CUSTOMER_DAMAGED".to_owned()),
                reason: Some("DEFECTIVE".to_owned()),
                status: Some("Unit returned to inventory".to_owned()),
                comments: Some("geht \"nicht\"".to_owned()),
            })]
        );
    }

    #[test]
    fn a_reason_of_tomorrow_is_kept_and_a_row_needs_neither_reason_nor_comments() {
        let rows = read(&format!("{HEADER}\n{}\n{}\n", line(1, "EATEN_BY_DOG", ""), line(2, "", "")));
        let rows = rows.expect("readable");
        let reasons: Vec<_> =
            rows.iter().flatten().map(|row| (row.reason.as_deref(), &row.comments)).collect();
        assert_eq!(reasons, [(Some("EATEN_BY_DOG"), &None), (None, &None)]);
    }

    #[test]
    fn a_bad_row_says_where_and_why_and_its_neighbours_are_read() {
        let good = line(1, "DEFECTIVE", "x");
        for (from, to, column, remedy) in [
            ("2026-10-05T08:12:33+00:00", "05.10.2026", Some("return-date"), Remedy::Time),
            ("2026-10-05T08:12:33+00:00", "", Some("return-date"), Remedy::Time),
            ("123-1234567-0000001", "1.23E+16", Some("order-id"), Remedy::OrderId),
            ("\t1\t", "\tone\t", Some("quantity"), Remedy::Units),
            ("B0TEST0001", "B0 TEST", Some("asin"), Remedy::Asin),
            ("Hülle", "Hülle\tCANARY", None, Remedy::Shifted),
            ("Hülle", "Hülle\nCANARY", Some("customer-comments"), Remedy::Shifted),
        ] {
            let file = format!("{HEADER}\n{good}\n{}\n{good}\n", good.replacen(from, to, 1));
            let rows = read(&file).expect("readable");
            assert!(rows[0].is_ok() && rows.last().is_some_and(Result::is_ok), "{to}: {rows:?}");
            let bad = rows[1].as_ref().expect_err(to);
            assert_eq!((bad.line, bad.column, bad.remedy), (3, column, remedy), "{to}");
        }
    }

    #[test]
    fn a_file_that_breaks_off_keeps_its_whole_rows() {
        let whole = line(1, "DEFECTIVE", "x");
        let cut = &line(2, "DEFECTIVE", "x")[..80];
        let rows = read(&format!("{HEADER}\n{whole}\n{cut}")).expect("readable");
        let [Ok(_), Err(bad)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((bad.line, &bad.problem), (3, &Problem::CutOff));
    }

    #[test]
    fn a_file_of_another_kind_names_what_it_lacks() {
        let error = read("Order ID\tReturn request date\n").expect_err("another report");
        let FileError::MissingColumns { missing, .. } = error else { panic!("{error}") };
        assert_eq!(missing, ["return-date", "order-id", "reason"]);
    }

    #[test]
    fn comments_in_the_charsets_of_europe_and_japan_are_read() {
        for (encoding, charset, comments) in [
            (encoding_rs::WINDOWS_1252, Charset::WINDOWS_1252, "trop petit, très déçu"),
            (encoding_rs::SHIFT_JIS, Charset::SHIFT_JIS, "サイズが合わない"),
        ] {
            let file = format!("{HEADER}\n{}\n", line(1, "APPAREL_TOO_SMALL", comments).replace('ü', "u"));
            let mut decoder = TextDecoder::of(charset);
            let mut text = String::new();
            decoder.push(&encoding.encode(&file).0, &mut text);
            decoder.finish(&mut text);
            let rows = read(&text).expect("readable");
            let [Ok(row)] = &rows[..] else { panic!("{rows:?}") };
            assert_eq!(row.comments.as_deref(), Some(comments));
        }
    }
}
