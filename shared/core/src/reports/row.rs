//! From lines to typed rows.
//!
//! Guarantee: a bad row never takes its neighbours down; a value is repeated in an error only
//! if its column is on the whitelist, and then no more than 40 characters of it.

use std::marker::PhantomData;
use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::bad_row::{BadRow, Problem, Remedy};
use super::tsv::{Columns, HeaderProblem, Line, Lines};
use crate::ids::OrderId;
use crate::marketplace::MarketplaceId;

/// A kind of report file, seen as its rows.
pub trait Row: Sized {
    /// Amazon's name of the report.
    const REPORT_TYPE: &'static str;
    /// Column of the order id.
    const ORDER_ID: &'static str;
    /// Columns without which a file is not of this kind.
    const REQUIRED: &'static [&'static str];
    /// Columns that are read where they exist. Nothing else is read at all.
    const OPTIONAL: &'static [&'static str] = &[];
    /// For a file whose header is in the marketplace's language: how many columns it may have. Its
    /// columns are then known by their place, `REQUIRED` being the first ones in their order.
    const BY_PLACE: Option<RangeInclusive<usize>> = None;

    /// Reads one row.
    fn parse(fields: &Fields<'_>) -> Result<Self, BadRow>;
}

/// Why a file is not read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Required columns are not in the header.
    #[error(
        "{file} is not a {expected} file: its first line lacks {}; download that report again as tab-separated text and keep its header",
        .missing.join(", ")
    )]
    MissingColumns {
        /// The file as the caller names it.
        file: String,
        /// The report type that was expected.
        expected: &'static str,
        /// Every column that is missing.
        missing: Vec<&'static str>,
    },
    /// A wanted column is there more than once.
    #[error(
        "{file} names column {column} more than once; a {expected} file has it once: remove the copy or download the report again"
    )]
    DuplicateColumn {
        /// The file as the caller names it.
        file: String,
        /// The report type that was expected.
        expected: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A file whose columns are known by their place has another number of them.
    #[error(
        "{file} is not a {expected} file: its first line has {n_columns} columns, and such a file has {fewest} to {most}; download that report again as tab-separated text and keep its header"
    )]
    OtherColumns {
        /// The file as the caller names it.
        file: String,
        /// The report type that was expected.
        expected: &'static str,
        /// How many columns there are.
        n_columns: usize,
        /// How many there are at least.
        fewest: usize,
        /// How many there are at most.
        most: usize,
    },
    /// There is not even a header.
    #[error("{file} is empty; a {expected} file begins with a line of column names: download it again")]
    Empty {
        /// The file as the caller names it.
        file: String,
        /// The report type that was expected.
        expected: &'static str,
    },
}

/// Reads a file of one kind, fed in pieces of text.
#[derive(Debug)]
pub struct Reader<R> {
    file: String,
    lines: Lines,
    columns: Option<Columns>,
    failed: Option<FileError>,
    row: PhantomData<fn() -> R>,
}

impl<R: Row> Reader<R> {
    /// For a file that errors shall call `file`: a report id, a file name.
    pub fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), lines: Lines::new(), columns: None, failed: None, row: PhantomData }
    }

    /// Takes one piece of text and appends the rows that are complete. After an error the
    /// file is of no use, and every further call repeats the error.
    pub fn push(&mut self, text: &str, rows: &mut Vec<Result<R, BadRow>>) -> Result<(), FileError> {
        let Self { file, lines, columns, failed, .. } = self;
        let mut sink = |number, line: Line<'_>| take(file, columns, failed, (number, line), End::Line, rows);
        lines.push(text, &mut sink);
        failed.clone().map_or(Ok(()), Err)
    }

    /// Ends the file: its last line may come without a line break, but with all its fields.
    pub fn finish(mut self, rows: &mut Vec<Result<R, BadRow>>) -> Result<(), FileError> {
        let Self { file, lines, columns, failed, .. } = &mut self;
        let mut sink = |number, line: Line<'_>| take(file, columns, failed, (number, line), End::File, rows);
        lines.finish(&mut sink);
        match (self.failed, self.columns) {
            (Some(error), _) => Err(error),
            (None, Some(_)) => Ok(()),
            (None, None) => Err(FileError::Empty { file: self.file, expected: R::REPORT_TYPE }),
        }
    }
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// A line break.
    Line,
    /// The end of the file: the line may be cut off.
    File,
}

fn take<R: Row>(
    file: &str,
    columns: &mut Option<Columns>,
    failed: &mut Option<FileError>,
    (number, line): (u64, Line<'_>),
    end: End,
    rows: &mut Vec<Result<R, BadRow>>,
) {
    if failed.is_some() {
        return;
    }
    let Some(columns) = columns else {
        let header = match line {
            Line::Text(text) => text,
            Line::TooLong => "",
        };
        match columns_of::<R>(file, header.split('\t')) {
            Ok(found) => *columns = Some(found),
            Err(error) => *failed = Some(error),
        }
        return;
    };
    rows.push(match line {
        Line::Text(text) => {
            let texts: Vec<&str> = text.split('\t').collect();
            if end == End::File && is_cut(columns, &texts) {
                Err(cut_off(columns, number, &texts, R::ORDER_ID))
            } else {
                Fields::new(columns, number, texts, R::ORDER_ID).and_then(|fields| R::parse(&fields))
            }
        }
        Line::TooLong => Err(BadRow {
            line: number,
            column: None,
            order_id: None,
            problem: Problem::TooLong,
            remedy: Remedy::TooLong,
        }),
    });
}

/// Whether a line that no line break ends lacks a field that is looked at, or the end of one.
fn is_cut(columns: &Columns, texts: &[&str]) -> bool {
    let last_begun = texts.len() - 1;
    texts.len() < columns.n_fields() && columns.last().is_some_and(|(_, place)| last_begun <= place)
}

fn cut_off(columns: &Columns, line: u64, texts: &[&str], order_column: &'static str) -> BadRow {
    // The field at the cut may lack its end.
    let whole = texts.split_last().map_or(texts, |(_, whole)| whole);
    let order_id = columns.place(order_column).and_then(|place| whole.get(place)?.trim().parse().ok());
    BadRow { line, column: None, order_id, problem: Problem::CutOff, remedy: Remedy::CutOff }
}

/// The header of a file whose fields somebody else has parted: a CSV file, a sheet of a workbook.
#[derive(Debug)]
pub struct Header<R> {
    columns: Columns,
    row: PhantomData<fn() -> R>,
}

impl<R: Row> Header<R> {
    /// Finds the columns by their names, for a file that errors shall call `file`.
    ///
    /// # Errors
    ///
    /// If the file is of another kind: with every column that is missing.
    pub fn find<'n>(file: &str, names: impl IntoIterator<Item = &'n str>) -> Result<Self, FileError> {
        Ok(Self { columns: columns_of::<R>(file, names)?, row: PhantomData })
    }

    /// Reads the row of line `line`, whose fields stand in `cells` as in the header.
    pub fn row(&self, line: u64, cells: Vec<&str>) -> Result<R, BadRow> {
        Fields::new(&self.columns, line, cells, R::ORDER_ID).and_then(|fields| R::parse(&fields))
    }
}

fn columns_of<'n, R: Row>(
    file: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<Columns, FileError> {
    let found = match R::BY_PLACE {
        Some(n_columns) => Columns::by_place(names, R::REQUIRED, &n_columns),
        None => Columns::find(names, R::REQUIRED, R::OPTIONAL),
    };
    found.map_err(|problem| {
        let (file, expected) = (file.to_owned(), R::REPORT_TYPE);
        match problem {
            HeaderProblem::Missing(missing) => FileError::MissingColumns { file, expected, missing },
            HeaderProblem::Duplicate(column) => FileError::DuplicateColumn { file, expected, column },
            HeaderProblem::Count { n_columns, fewest, most } => {
                FileError::OtherColumns { file, expected, n_columns, fewest, most }
            }
        }
    })
}

/// One row: its whitelisted fields by column name.
#[derive(Debug)]
pub struct Fields<'a> {
    columns: &'a Columns,
    line: u64,
    texts: Vec<&'a str>,
    order_id: Option<OrderId>,
}

impl<'a> Fields<'a> {
    fn new(
        columns: &'a Columns,
        line: u64,
        texts: Vec<&'a str>,
        order_column: &'static str,
    ) -> Result<Self, BadRow> {
        let mut fields = Self { columns, line, texts, order_id: None };
        fields.order_id = fields.text(order_column).and_then(|id| id.parse().ok());
        // Empty fields behind the last column alone are harmless: some tools add them.
        let surplus = fields.texts.iter().skip(columns.n_fields()).any(|text| !text.trim().is_empty());
        match columns.last() {
            _ if surplus => Err(fields.shifted()),
            Some((last, place)) if fields.texts.len() <= place => {
                Err(BadRow { column: Some(last), problem: Problem::EndsBefore, ..fields.shifted() })
            }
            _ => Ok(fields),
        }
    }

    /// Its line in the file, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The error of a row whose fields do not stand under their columns. It shows no value:
    /// a shifted field may be anything.
    fn shifted(&self) -> BadRow {
        BadRow {
            line: self.line,
            column: None,
            order_id: self.order_id.clone(),
            problem: Problem::FieldCount { in_line: self.texts.len(), in_header: self.columns.n_fields() },
            remedy: Remedy::Shifted,
        }
    }

    /// The trimmed text of a column; `None` when it is empty or the file has no such column.
    pub fn text(&self, column: &'static str) -> Option<&'a str> {
        let place = self.columns.place(column)?;
        self.texts.get(place).map(|text| text.trim()).filter(|text| !text.is_empty())
    }

    /// The value of a column, read by `parse`; `None` when it is empty.
    pub fn optional<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        remedy: Remedy,
    ) -> Result<Option<T>, BadRow> {
        let Some(text) = self.text(column) else {
            return Ok(None);
        };
        match parse(text) {
            Some(value) => Ok(Some(value)),
            // In a row with a field too few, what stands here may be of another column: a buyer's.
            None if self.texts.len() < self.columns.n_fields() => Err(self.shifted()),
            None => Err(self.bad(column, Problem::not_understood(text), remedy)),
        }
    }

    /// The value of a column that must not be empty, read by `parse`.
    pub fn required<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        remedy: Remedy,
    ) -> Result<T, BadRow> {
        self.optional(column, parse, remedy)?.ok_or_else(|| self.bad(column, Problem::Empty, remedy))
    }

    fn bad(&self, column: &'static str, problem: Problem, remedy: Remedy) -> BadRow {
        if self.texts.len() > self.columns.n_fields() {
            return self.shifted();
        }
        BadRow { line: self.line, column: Some(column), order_id: self.order_id.clone(), problem, remedy }
    }
}

/// A point in time as Amazon writes it: RFC 3339, seconds optional. A time without a zone is
/// not guessed.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// A number of items.
pub(super) fn count(text: &str) -> Option<u32> {
    text.parse().ok()
}

/// Longest product name that is kept, in characters: enough to recognise a listing.
const MAX_NAME_CHARS: usize = 80;

/// The seller's title of a listing, without control characters and with single blanks, cut to
/// [`MAX_NAME_CHARS`]; `None` if nothing is left.
pub(super) fn product_name(text: &str) -> Option<String> {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let name: String = words.join(" ").chars().take(MAX_NAME_CHARS).collect();
    (!name.is_empty()).then_some(name)
}

/// Where a row's order was placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sold {
    pub(super) marketplace: Option<MarketplaceId>,
    pub(super) non_amazon: bool,
    /// The name, if it is neither.
    pub(super) unknown: Option<Problem>,
}

/// Reads a `sales-channel`: `Amazon.de`, or `Non-Amazon` with or without a country behind it.
/// A name that is not known is no error: such an order has no marketplace that could be asked.
pub(super) fn sold(sales_channel: &str) -> Sold {
    let non_amazon = sales_channel.get(..10).is_some_and(|head| head.eq_ignore_ascii_case("non-amazon"));
    let marketplace = MarketplaceId::of_sales_channel(sales_channel);
    let is_unknown = marketplace.is_none() && !non_amazon;
    let unknown = is_unknown.then(|| Problem::not_understood(sales_channel));
    Sold { marketplace, non_amazon, unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_taken_with_any_offset_and_without_seconds() {
        let expected = "2026-10-05T08:12:00Z".parse::<Timestamp>().ok();
        for text in [
            "2026-10-05T08:12:00Z",
            "2026-10-05T08:12:00+00:00",
            "2026-10-05T01:12:00-07:00",
            "2026-10-05T08:12Z",
            "2026-10-05T17:12+09:00",
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
        for text in ["2026-10-05T08:12:00", "2026-10-05", "05/10/2026", "yesterday"] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn an_unknown_sales_channel_is_neither_a_marketplace_nor_off_amazon() {
        let read = |text| {
            let sold = sold(text);
            (sold.marketplace.map(|m| m.info().country), sold.non_amazon)
        };
        assert_eq!(read("Amazon.de"), (Some("DE"), false));
        assert_eq!(read("Non-Amazon"), (None, true));
        assert_eq!(read("Non-Amazon US"), (None, true));
        assert_eq!(read("Amazon.xy"), (None, false));
        assert_eq!(sold("Amazon.xy").unknown, Some(Problem::not_understood("Amazon.xy")));
        assert_eq!((sold("Amazon.de").unknown, sold("Non-Amazon").unknown), (None, None));
    }

    #[test]
    fn a_product_name_is_short_and_plain() {
        assert_eq!(product_name("Lamp\u{7}  oak\u{85}"), Some("Lamp oak".to_owned()));
        assert_eq!(product_name(&"灯".repeat(200)).map(|name| name.chars().count()), Some(80));
        assert_eq!(product_name(" \u{1} "), None);
    }

    #[test]
    fn fields_that_somebody_else_has_parted_are_read_by_the_same_rules() {
        use crate::reports::ShipmentRow;
        let header = Header::<ShipmentRow>::find(
            "shipments.csv",
            ["sales-channel", "shipment-date", "amazon-order-id", "product-name"],
        )
        .expect("complete");
        let row = |cells: &[&str]| header.row(7, cells.to_vec());
        let good = row(&["Amazon.de", "2026-10-02T00:00:00Z", "123-1234567-0000001", "a\tname", ""]);
        assert_eq!(good.expect("readable").product_name.as_deref(), Some("a name"));
        let bad = row(&["Amazon.de", "46297.5", "123-1234567-0000001"]).expect_err("no time");
        assert_eq!((bad.line, bad.column, bad.remedy), (7, Some("product-name"), Remedy::Shifted));
        let bad = row(&["Amazon.de", "46297.5", "123-1234567-0000001", ""]).expect_err("no time");
        assert_eq!((bad.line, bad.column, bad.remedy), (7, Some("shipment-date"), Remedy::Time));
        assert!(matches!(
            Header::<ShipmentRow>::find("x.csv", ["sku"]),
            Err(FileError::MissingColumns { missing, .. }) if missing.len() == 3
        ));
    }
}
