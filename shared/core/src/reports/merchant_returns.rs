//! `GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE`: returns that buyers asked of the seller, and claims.
//!
//! One row per returned item of an order that the seller shipped. Columns: Amazon's "returns reports
//! attributes" page; real files have a few more, and write some names in another case. The parcel's
//! tracking number, its label and all amounts stand in the file and are never looked at.

use jiff::civil::Date;

use super::bad_row::{BadRow, Remedy};
use super::row::{self, Fields, Row};
use crate::ids::{Asin, OrderId, Sku};

/// One item that a buyer wants to return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantReturnRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// `Order ID`.
    pub order_id: OrderId,
    /// `Return request date`: the day the buyer asked.
    pub requested_on: Date,
    /// `Return request status`, in Amazon's word.
    pub status: Option<String>,
    /// `Amazon RMA ID`: Amazon's name of this return.
    pub rma_id: Option<String>,
    /// `A-to-Z Claim`: whether the buyer has turned to Amazon's guarantee; `None` where the file
    /// does not say.
    pub a_to_z: Option<bool>,
    /// `ASIN`.
    pub asin: Option<Asin>,
    /// `Merchant SKU`.
    pub sku: Option<Sku>,
    /// `Return quantity`, in units.
    pub quantity: Option<u32>,
    /// `Return Reason`: the buyer's, in Amazon's word;
    /// [`cause_of_return`](crate::text::cause_of_return) reads it.
    pub reason: Option<String>,
    /// `In policy`: whether the seller must take it back; `None` where the file does not say.
    pub in_policy: Option<bool>,
    /// `Resolution`: what the buyer is to get, in Amazon's word.
    pub resolution: Option<String>,
    /// `Return delivery date`: the day the parcel came back.
    pub delivered_on: Option<Date>,
}

impl Row for MerchantReturnRow {
    const REPORT_TYPE: &'static str = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";
    const ORDER_ID: &'static str = "Order ID";
    const REQUIRED: &'static [&'static str] =
        &["Order ID", "Return request date", "A-to-Z Claim", "Return Reason"];
    const OPTIONAL: &'static [&'static str] = &[
        "Return request status",
        "Amazon RMA ID",
        "ASIN",
        "Merchant SKU",
        "Return quantity",
        "In policy",
        "Resolution",
        "Return delivery date",
    ];

    fn parse(fields: &Fields<'_>) -> Result<Self, BadRow> {
        let words = |column| fields.text(column).map(str::to_owned);
        Ok(Self {
            line: fields.line(),
            order_id: fields.required("Order ID", |text| text.parse().ok(), Remedy::OrderId)?,
            requested_on: fields.required("Return request date", date, Remedy::Date)?,
            status: words("Return request status"),
            rma_id: words("Amazon RMA ID"),
            a_to_z: fields.optional("A-to-Z Claim", yes_or_no, Remedy::YesOrNo)?,
            asin: fields.optional("ASIN", |text| text.parse().ok(), Remedy::Asin)?,
            sku: fields.optional("Merchant SKU", |text| text.parse().ok(), Remedy::Sku)?,
            quantity: fields.optional("Return quantity", row::count, Remedy::Units)?,
            reason: words("Return Reason"),
            in_policy: fields.optional("In policy", yes_or_no, Remedy::YesOrNo)?,
            resolution: words("Resolution"),
            delivered_on: fields.optional("Return delivery date", date, Remedy::Date)?,
        })
    }
}

/// A day as `05-Oct-2026`, in which no part can be taken for another; some files say `2026-10-05`.
fn date(text: &str) -> Option<Date> {
    let read = |form| Date::strptime(form, text).ok();
    // Not the year 26.
    read("%d-%b-%Y").or_else(|| read("%Y-%m-%d")).filter(|date| date.year() >= 2000)
}

fn yes_or_no(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("Y") || is("Yes") { Some(true) } else { (is("N") || is("No")).then_some(false) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::{FileError, Problem, Reader};

    const HEADER: &str = "Order ID\tOrder date\tReturn request date\tReturn request status\tAmazon RMA ID\tMerchant RMA ID\tLabel type\tLabel cost\tCurrency code\tReturn carrier\tTracking ID\tLabel to be paid by\tA-to-Z Claim\tIs prime\tASIN\tMerchant SKU\tItem Name\tReturn quantity\tReturn Reason\tIn policy\tReturn type\tResolution\tInvoice number\tReturn delivery date\tOrder Amount\tOrder quantity\tSafeT Action reason\tSafeT claim id\tSafeT claim state\tSafeT claim creation time\tSafeT claim reimbursement amount\tRefunded Amount\tOrder Item ID";

    fn line(number: u32, a_to_z: &str, reason: &str) -> String {
        format!(
            "123-1234567-{number:07}\t01-Oct-2026\t05-Oct-2026\tApproved\tDxyzRRMA\tM1\tAmazonPrePaidLabel\t4.90\tEUR\tDHL\tCANARY-PARCEL\tSeller\t{a_to_z}\tN\tB0TEST0001\tblue-xl\tHülle\t2\t{reason}\tY\tC-Returns\tStandardRefund\tCANARY-INVOICE\t12-Oct-2026\t19.99\t2\t\t\t\t\t\t19.99\t77"
        )
    }

    fn read(file: &str) -> Result<Vec<Result<MerchantReturnRow, BadRow>>, FileError> {
        let mut rows = Vec::new();
        let mut reader = Reader::new("returns.txt");
        reader.push(file, &mut rows)?;
        reader.finish(&mut rows)?;
        assert!(!format!("{rows:?}").contains("CANARY"), "{rows:?}");
        Ok(rows)
    }

    #[test]
    fn a_return_is_read_and_its_parcel_and_invoice_are_not() {
        let rows = read(&format!("{HEADER}\r\n{}\r\n", line(1, "Y", "CR-DEFECTIVE"))).expect("readable");
        assert_eq!(
            rows,
            [Ok(MerchantReturnRow {
                line: 2,
                order_id: "123-1234567-0000001".parse().expect("valid"),
                requested_on: Date::constant(2026, 10, 5),
                status: Some("Approved".to_owned()),
                rma_id: Some("DxyzRRMA".to_owned()),
                a_to_z: Some(true),
                asin: "B0TEST0001".parse().ok(),
                sku: "blue-xl".parse().ok(),
                quantity: Some(2),
                reason: Some("CR-DEFECTIVE".to_owned()),
                in_policy: Some(true),
                resolution: Some("StandardRefund".to_owned()),
                delivered_on: Some(Date::constant(2026, 10, 12)),
            })]
        );
    }

    #[test]
    fn headers_are_found_in_any_case_and_most_cells_may_be_empty() {
        let file = "order id\tReturn Request Date\tA-to-z claim\tReturn reason\n123-1234567-0000001\t5-oct-2026\t\t\n";
        let rows = read(file).expect("readable");
        let [Ok(row)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((row.requested_on, row.a_to_z, &row.reason), (Date::constant(2026, 10, 5), None, &None));
    }

    #[test]
    fn only_a_date_that_can_mean_one_day_is_one() {
        for text in ["05-Oct-2026", "5-Oct-2026", "05-OCT-2026", "2026-10-05"] {
            assert_eq!(date(text), Some(Date::constant(2026, 10, 5)), "{text}");
        }
        for text in ["05-10-2026", "05/10/2026", "05-Oct-26", "05-Okt-2026", "31-Feb-2026", "46297"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn a_bad_row_says_where_and_why_and_its_neighbours_are_read() {
        let good = line(1, "N", "AMZ-PG-BAD-DESC");
        for (from, to, column, remedy) in [
            ("05-Oct-2026", "05/10/2026", Some("Return request date"), Remedy::Date),
            ("05-Oct-2026", "", Some("Return request date"), Remedy::Date),
            ("12-Oct-2026", "soon", Some("Return delivery date"), Remedy::Date),
            ("\tN\tN\t", "\tmaybe\tN\t", Some("A-to-Z Claim"), Remedy::YesOrNo),
            ("\tY\tC-", "\t1\tC-", Some("In policy"), Remedy::YesOrNo),
            ("\t2\tAMZ", "\ttwo\tAMZ", Some("Return quantity"), Remedy::Units),
            ("123-1234567-0000001", "123", Some("Order ID"), Remedy::OrderId),
            ("Hülle", "Hülle\tCANARY", None, Remedy::Shifted),
            ("Hülle", "Hülle\nCANARY", Some("Return delivery date"), Remedy::Shifted),
        ] {
            let file = format!("{HEADER}\n{good}\n{}\n{good}\n", good.replacen(from, to, 1));
            let rows = read(&file).expect("readable");
            assert!(rows[0].is_ok() && rows.last().is_some_and(Result::is_ok), "{to}: {rows:?}");
            let bad = rows[1].as_ref().expect_err(to);
            assert_eq!((bad.line, bad.column, bad.remedy), (3, column, remedy), "{to}");
        }
    }

    #[test]
    fn a_row_with_a_field_too_few_shows_nothing_of_its_neighbours() {
        let short = line(1, "N", "x").replace("\tSeller\tN\t", "\tN\t");
        let rows = read(&format!("{HEADER}\n{short}\n")).expect("readable");
        let [Err(bad)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((bad.column, bad.remedy), (None, Remedy::Shifted), "{bad}");
    }

    #[test]
    fn a_file_that_breaks_off_keeps_its_whole_rows() {
        let whole = line(1, "N", "x");
        let rows = read(&format!("{HEADER}\n{whole}\n{}", &whole[..60])).expect("readable");
        let [Ok(_), Err(bad)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((bad.line, &bad.problem, bad.order_id.is_some()), (3, &Problem::CutOff, true));
    }

    #[test]
    fn a_file_of_another_kind_names_what_it_lacks() {
        let error = read("return-date\torder-id\treason\n").expect_err("another report");
        let FileError::MissingColumns { missing, .. } = error else { panic!("{error}") };
        assert_eq!(missing, MerchantReturnRow::REQUIRED);
    }
}
