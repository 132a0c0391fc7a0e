//! From lines to typed rows.
//!
//! Guarantee: a bad row never takes its neighbours down; a value is repeated in an error only
//! if its column is on the whitelist, and then no more than 40 characters of it.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;

use super::tsv::{Columns, HeaderProblem, Line, Lines, MAX_LINE_BYTES};
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
    const OPTIONAL: &'static [&'static str];

    /// Reads one row.
    fn parse(fields: &Fields<'_>) -> Result<Self, BadRow>;
}

/// A row that could not be read, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {problem}; {remedy}", Place(*.column))]
pub struct BadRow {
    /// Line in the file, from 1.
    pub line: u64,
    /// The column at fault; `None` when it is the line as a whole.
    pub column: Option<&'static str>,
    /// The order the row speaks of, where at least that could be read.
    pub order_id: Option<OrderId>,
    /// What is wrong.
    pub problem: String,
    /// What an operator can do.
    pub remedy: &'static str,
}

struct Place(Option<&'static str>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |column| write!(f, ", column {column}"))
    }
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
        lines.push(text, &mut |number, line| take(file, columns, failed, number, line, rows));
        failed.clone().map_or(Ok(()), Err)
    }

    /// Ends the file: its last line may come without a line break.
    pub fn finish(mut self, rows: &mut Vec<Result<R, BadRow>>) -> Result<(), FileError> {
        let Self { file, lines, columns, failed, .. } = &mut self;
        lines.finish(&mut |number, line| take(file, columns, failed, number, line, rows));
        match (self.failed, self.columns) {
            (Some(error), _) => Err(error),
            (None, Some(_)) => Ok(()),
            (None, None) => Err(FileError::Empty { file: self.file, expected: R::REPORT_TYPE }),
        }
    }
}

fn take<R: Row>(
    file: &str,
    columns: &mut Option<Columns>,
    failed: &mut Option<FileError>,
    number: u64,
    line: Line<'_>,
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
        match Columns::find(header, R::REQUIRED, R::OPTIONAL) {
            Ok(found) => *columns = Some(found),
            Err(problem) => *failed = Some(header_error::<R>(file, problem)),
        }
        return;
    };
    rows.push(match line {
        Line::Text(text) => {
            Fields::split(columns, number, text, R::ORDER_ID).and_then(|fields| R::parse(&fields))
        }
        Line::TooLong => Err(BadRow {
            line: number,
            column: None,
            order_id: None,
            problem: format!("the line is longer than {} KiB", MAX_LINE_BYTES / 1024),
            remedy: "check that the file is tab-separated text and not compressed",
        }),
    });
}

fn header_error<R: Row>(file: &str, problem: HeaderProblem) -> FileError {
    let (file, expected) = (file.to_owned(), R::REPORT_TYPE);
    match problem {
        HeaderProblem::Missing(missing) => FileError::MissingColumns { file, expected, missing },
        HeaderProblem::Duplicate(column) => FileError::DuplicateColumn { file, expected, column },
    }
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
    fn split(
        columns: &'a Columns,
        line: u64,
        text: &'a str,
        order_column: &'static str,
    ) -> Result<Self, BadRow> {
        let mut fields = Self { columns, line, texts: text.split('\t').collect(), order_id: None };
        fields.order_id = fields.text(order_column).and_then(|id| id.parse().ok());
        // Empty fields behind the last column alone are harmless: some tools add them.
        let surplus = fields.texts.iter().skip(columns.n_fields()).any(|text| !text.trim().is_empty());
        match columns.last() {
            _ if surplus => Err(fields.shifted()),
            Some((last, place)) if fields.texts.len() <= place => Err(BadRow {
                column: Some(last),
                problem: "the line ends before it".to_owned(),
                ..fields.shifted()
            }),
            _ => Ok(fields),
        }
    }

    /// The error of a row whose fields do not stand under their columns. It shows no value:
    /// a shifted field may be anything.
    fn shifted(&self) -> BadRow {
        BadRow {
            line: self.line,
            column: None,
            order_id: self.order_id.clone(),
            problem: format!(
                "the line has {} fields, the header {}",
                self.texts.len(),
                self.columns.n_fields()
            ),
            remedy: "a tab or a line break inside a product name shifts its row; correct that line or download the report again",
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
        remedy: &'static str,
    ) -> Result<Option<T>, BadRow> {
        let Some(text) = self.text(column) else {
            return Ok(None);
        };
        match parse(text) {
            Some(value) => Ok(Some(value)),
            None => Err(self.bad(column, format!("{} is not understood", shortened(text)), remedy)),
        }
    }

    /// The value of a column that must not be empty, read by `parse`.
    pub fn required<T>(
        &self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        remedy: &'static str,
    ) -> Result<T, BadRow> {
        self.optional(column, parse, remedy)?.ok_or_else(|| self.bad(column, "is empty".to_owned(), remedy))
    }

    fn bad(&self, column: &'static str, problem: String, remedy: &'static str) -> BadRow {
        if self.texts.len() > self.columns.n_fields() {
            return self.shifted();
        }
        BadRow { line: self.line, column: Some(column), order_id: self.order_id.clone(), problem, remedy }
    }
}

/// At most 40 characters, in quotes: enough to see what landed in the column.
fn shortened(text: &str) -> String {
    let mut head: String = text.chars().take(40).collect();
    if head.len() < text.len() {
        head.push('…');
    }
    format!("{head:?}")
}

/// What an operator can do about a date.
pub(super) const TIME_REMEDY: &str = "times are written as 2026-10-05T08:12:33+00:00; a spreadsheet may have changed them: use the file as downloaded";

/// A point in time as Amazon writes it: RFC 3339, seconds optional. A time without a zone is
/// not guessed.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// A number of items.
pub(super) fn count(text: &str) -> Option<u32> {
    text.parse().ok()
}

/// Where a row's order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sold {
    pub(super) marketplace: Option<MarketplaceId>,
    pub(super) non_amazon: bool,
}

/// Reads a `sales-channel`: `Amazon.de`, or `Non-Amazon` with or without a country behind it.
/// A name that is not known is no error: such an order has no marketplace that could be asked.
pub(super) fn sold(sales_channel: &str) -> Sold {
    let non_amazon = sales_channel.get(..10).is_some_and(|head| head.eq_ignore_ascii_case("non-amazon"));
    Sold { marketplace: MarketplaceId::of_sales_channel(sales_channel), non_amazon }
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
    }

    #[test]
    fn a_long_value_is_shown_only_by_its_head() {
        let shown = shortened(&"字".repeat(60));
        assert_eq!(shown.chars().filter(|c| *c == '字').count(), 40);
        assert_eq!(shortened("x"), "\"x\"");
    }
}
