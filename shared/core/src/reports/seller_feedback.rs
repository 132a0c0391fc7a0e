//! `GET_SELLER_FEEDBACK_DATA`: what buyers said of the seller, one to three stars.
//!
//! The names of the columns are in the marketplace's language, their order is fixed: date, rating,
//! comments, the seller's response, order id, and the buyer's address ("Rater Email"), which is
//! never looked at. Source: Amazon's list of report types, and other readers of the report. There
//! is no time and no id of a feedback; one that was removed is simply not there any more.

use std::ops::RangeInclusive;

use super::bad_row::{BadRow, Remedy};
use super::row::{Fields, Row};
use crate::ids::OrderId;

/// One feedback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerFeedbackRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The day it was given, as the file writes it; [`feedback_date`](super::feedback_date()) reads it.
    pub date: Option<String>,
    /// Stars, 1 to 5.
    pub rating: u8,
    /// What the buyer wrote, as it stands there. It may hold anything, also an address.
    pub comments: Option<String>,
    /// Whether the seller has responded.
    pub has_response: bool,
    /// The order it is about.
    pub order_id: OrderId,
}

impl Row for SellerFeedbackRow {
    const REPORT_TYPE: &'static str = "GET_SELLER_FEEDBACK_DATA";
    const ORDER_ID: &'static str = "order-id";
    const REQUIRED: &'static [&'static str] = &["date", "rating", "comments", "response", "order-id"];
    /// Six in Amazon's files, five where somebody took the buyer's address out; two more may come.
    const BY_PLACE: Option<RangeInclusive<usize>> = Some(5..=8);

    fn parse(fields: &Fields<'_>) -> Result<Self, BadRow> {
        Ok(Self {
            line: fields.line(),
            // First: of a row that is something else, it says so most clearly.
            order_id: fields.required("order-id", |text| text.parse().ok(), Remedy::OrderId)?,
            rating: fields.required("rating", stars, Remedy::Rating)?,
            date: fields.text("date").map(str::to_owned),
            comments: fields.text("comments").map(str::to_owned),
            has_response: fields.text("response").is_some(),
        })
    }
}

fn stars(text: &str) -> Option<u8> {
    text.parse().ok().filter(|stars| (1..=5).contains(stars))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marketplace::MarketplaceId;
    use crate::reports::{AllOrdersRow, Charset, FileError, Problem, Reader, TextDecoder, feedback_date};
    use proptest::prelude::*;

    const ENGLISH: &str = "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email";
    const GERMAN: &str =
        "Datum\tBewertung\tKommentare\tIhre Rückmeldung\tBestellnummer\tE-Mail des Bewertenden";
    const JAPANESE: &str = "日付\t評価\tコメント\tあなたの回答\t注文番号\t評価者のEメール";

    fn line(number: u32, rating: &str, comments: &str) -> String {
        format!("10/5/26\t{rating}\t{comments}\t\t123-1234567-{number:07}\tCANARY-MAIL")
    }

    fn read(file: &str) -> Result<Vec<Result<SellerFeedbackRow, BadRow>>, FileError> {
        let mut rows = Vec::new();
        let mut reader = Reader::new("feedback.txt");
        reader.push(file, &mut rows)?;
        reader.finish(&mut rows)?;
        assert!(!format!("{rows:?}").contains("CANARY"), "{rows:?}");
        Ok(rows)
    }

    #[test]
    fn a_feedback_is_read_under_a_header_of_any_language_and_the_buyer_is_not() {
        let dated =
            |date: &str| format!("{date}\t2\tZu spät, \"leider\"\tSorry\t123-1234567-0000001\tCANARY");
        for (header, date, country) in
            [(ENGLISH, "10/5/26", "US"), (GERMAN, "5.10.26", "DE"), (JAPANESE, "26/10/5", "JP")]
        {
            let rows = read(&format!("{header}\r\n{}\r\n", dated(date))).expect("readable");
            let expect = SellerFeedbackRow {
                line: 2,
                date: Some(date.to_owned()),
                rating: 2,
                comments: Some("Zu spät, \"leider\"".to_owned()),
                has_response: true,
                order_id: "123-1234567-0000001".parse().expect("valid"),
            };
            let marketplace = MarketplaceId::of_country(country).expect("known");
            let day = feedback_date(expect.date.as_deref().expect("a date"), marketplace);
            assert_eq!(day.map(|day| day.to_string()).as_deref(), Some("2026-10-05"), "{country}");
            assert_eq!(rows, [Ok(expect)]);
        }
    }

    #[test]
    fn files_in_the_charsets_of_europe_and_japan_are_read_alike() {
        for (encoding, charset, header, comments) in [
            (encoding_rs::WINDOWS_1252, Charset::WINDOWS_1252, GERMAN, "Größe stimmt nicht"),
            (encoding_rs::SHIFT_JIS, Charset::SHIFT_JIS, JAPANESE, "届くのが遅い"),
        ] {
            let file = format!("{header}\n{}\n", line(1, "1", comments));
            let (bytes, _, lost) = encoding.encode(&file);
            assert!(!lost);
            for mut decoder in [TextDecoder::of(charset), TextDecoder::guessing(charset)] {
                let mut text = String::new();
                decoder.push(&bytes, &mut text);
                decoder.finish(&mut text);
                let rows = read(&text).expect("readable");
                let [Ok(row)] = &rows[..] else { panic!("{rows:?}") };
                assert_eq!(row.comments.as_deref(), Some(comments));
            }
        }
    }

    #[test]
    fn comments_response_and_date_may_be_missing_and_the_address_too() {
        let header = ENGLISH.replace("\tRater Email", "");
        let rows = read(&format!("{header}\n\t3\t\t \t123-1234567-0000001\n")).expect("readable");
        let [Ok(row)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((&row.date, &row.comments, row.has_response, row.rating), (&None, &None, false, 3));
    }

    #[test]
    fn a_bad_rating_or_order_id_is_told_and_leaves_its_neighbours_alone() {
        for (rating, order, column, remedy) in [
            ("0", "123-1234567-0000002", "rating", Remedy::Rating),
            ("6", "123-1234567-0000002", "rating", Remedy::Rating),
            ("2.5", "123-1234567-0000002", "rating", Remedy::Rating),
            ("", "123-1234567-0000002", "rating", Remedy::Rating),
            ("1", "1.23E+16", "order-id", Remedy::OrderId),
            ("1", "", "order-id", Remedy::OrderId),
        ] {
            let bad = format!("10/5/26\t{rating}\tCANARY\t\t{order}\tCANARY");
            let file = format!("{ENGLISH}\n{}\n{bad}\n{}\n", line(1, "1", "x"), line(3, "5", "y"));
            let rows = read(&file).expect("readable");
            let [Ok(_), Err(bad), Ok(last)] = &rows[..] else { panic!("{rows:?}") };
            assert_eq!((bad.line, bad.column, bad.remedy), (3, Some(column), remedy), "{rating} {order}");
            assert_eq!((last.line, last.rating), (4, 5));
        }
    }

    #[test]
    fn a_comment_with_a_tab_or_a_line_break_spoils_its_own_row_alone_and_shows_nothing() {
        for comments in ["CANARY\tCANARY", "CANARY\t\t1\tCANARY", "CANARY\nCANARY", "CANARY\n\tCANARY\n\tx"] {
            let file = format!(
                "{ENGLISH}\n{}\n{}\n{}\n",
                line(1, "1", "x"),
                line(2, "1", comments),
                line(3, "2", "y")
            );
            let rows = read(&file).expect("readable");
            let (first, last) = (rows.first().expect("rows"), rows.last().expect("rows"));
            assert!(first.is_ok() && last.is_ok(), "{rows:?}");
            for row in &rows[1..rows.len() - 1] {
                let bad = row.as_ref().expect_err("shifted");
                assert!(!bad.to_string().contains("CANARY"), "{bad}");
                assert_eq!(bad.remedy, Remedy::Shifted, "{comments:?}: {bad}");
            }
        }
    }

    #[test]
    fn a_file_that_breaks_off_says_so_unless_only_the_address_is_cut() {
        let whole = line(2, "1", "x");
        let until = |end: &str| &whole[..whole.find(end).expect("in the line") + end.len()];
        for (rest, is_whole) in [
            (until("10/5"), false),
            (until("\tx"), false),
            (until("123-1234567-00"), false),
            (until("123-1234567-0000002"), false),
            (until("CANARY"), true),
        ] {
            let rows = read(&format!("{ENGLISH}\n{}\n{rest}", line(1, "1", "x"))).expect("readable");
            assert_eq!(rows.len(), 2);
            match &rows[1] {
                Ok(_) => assert!(is_whole, "{rest:?}"),
                Err(bad) => assert!(!is_whole && bad.problem == Problem::CutOff, "{rest:?}: {bad}"),
            }
        }
    }

    #[test]
    fn a_file_of_another_kind_is_refused_by_its_number_of_columns() {
        for (header, n) in
            [("{\"errorDetails\": \"x\"}", 1), ("a\tb\tc\td", 4), ("1\t2\t3\t4\t5\t6\t7\t8\t9", 9)]
        {
            let error = read(&format!("{header}\n{}\n", line(1, "1", "x"))).expect_err("another file");
            assert!(matches!(error, FileError::OtherColumns { n_columns, .. } if n_columns == n), "{error}");
            assert!(error.to_string().contains(SellerFeedbackRow::REPORT_TYPE), "{error}");
        }
        let orders = AllOrdersRow::REQUIRED.iter().chain(AllOrdersRow::OPTIONAL).copied().collect::<Vec<_>>();
        read(&orders.join("\t")).expect_err("another report");
        assert!(matches!(read("\n"), Err(FileError::Empty { .. })));
    }

    proptest! {
        #[test]
        fn each_row_is_read_by_itself_and_no_address_ever_comes_along(
            cells in proptest::collection::vec(
                ("[ -~\u{e4}\u{65e5}]{0,20}", "[0-9a-z]{0,2}", proptest::option::of("[0-9-]{0,20}")), 0..12
            ),
        ) {
            let row = |(n, (comments, rating, order)): (usize, &(String, String, Option<String>))| {
                let order = order.clone().unwrap_or_else(|| format!("123-1234567-{n:07}"));
                format!("5.10.26\t{rating}\t{comments}\t\t{order}\tCANARY-MAIL")
            };
            let lines: Vec<String> = cells.iter().enumerate().map(row).collect();
            let rows = read(&format!("{GERMAN}\n{}\n", lines.join("\n"))).expect("readable");
            prop_assert_eq!(rows.len(), cells.len());
            for (n, (line, row)) in lines.iter().zip(&rows).enumerate() {
                let alone = read(&format!("{GERMAN}\n{}{line}\n", "\n".repeat(n))).expect("readable");
                prop_assert_eq!(&alone[0], row);
            }
        }
    }
}
