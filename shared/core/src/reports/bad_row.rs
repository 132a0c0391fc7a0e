//! A row that could not be read: what is wrong with it and what an operator can do.
//!
//! Both are closed sets, so that they can be said in every language; what is displayed is the
//! English.

use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::tsv::MAX_LINE_BYTES;
use crate::ids::OrderId;

/// A row that could not be read, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}{}: {problem}; {remedy}", Place(*.column))]
pub struct BadRow {
    /// Line in the file, from 1.
    pub line: u64,
    /// The column at fault; `None` when it is the line as a whole.
    pub column: Option<&'static str>,
    /// The order the row speaks of, where at least that could be read.
    pub order_id: Option<OrderId>,
    /// What is wrong.
    pub problem: Problem,
    /// What an operator can do.
    pub remedy: Remedy,
}

struct Place(Option<&'static str>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |column| write!(f, ", column {column}"))
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A value that means nothing in its column.
    #[error("{shown} is not understood")]
    NotUnderstood {
        /// The head of the value, in quotes.
        shown: String,
    },
    /// A column that must not be empty is.
    #[error("is empty")]
    Empty,
    /// The line has fewer fields than are needed.
    #[error("the line ends before it")]
    EndsBefore,
    /// The line has more fields than the header, or fewer and a value that means nothing.
    #[error("the line has {in_line} fields, the header {in_header}")]
    FieldCount {
        /// Fields of the line.
        in_line: usize,
        /// Fields of the header.
        in_header: usize,
    },
    /// The file ends in the middle of the line.
    #[error("the file ends in the middle of this line")]
    CutOff,
    /// A moment that has not come yet.
    #[error("{at} has not come yet")]
    InFuture {
        /// The moment.
        at: Timestamp,
    },
    /// An arrival that cannot be one: before the shipment, or long after it.
    #[error("{arrival} is no arrival of what was shipped on {shipped}")]
    NoArrival {
        /// The arrival.
        arrival: Timestamp,
        /// The shipment.
        shipped: Timestamp,
    },
    /// The line is longer than any report's.
    #[error("the line is longer than {} KiB", Self::LONGEST_KIB)]
    TooLong,
}

impl Problem {
    /// Longest line that is read, in KiB.
    pub const LONGEST_KIB: usize = MAX_LINE_BYTES / 1024;

    /// A value that means nothing; no more than 40 characters of it are kept, enough to see
    /// what landed in the column.
    pub(super) fn not_understood(value: &str) -> Self {
        let mut head: String = value.chars().take(40).collect();
        if head.len() < value.len() {
            head.push('…');
        }
        Self::NotUnderstood { shown: format!("{head:?}") }
    }
}

/// What an operator can do about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// An order id is not one.
    OrderId,
    /// A time is not one.
    Time,
    /// A date is not one.
    Date,
    /// A status is not known.
    Status,
    /// A fulfilment channel is not known.
    Channel,
    /// A sales channel is missing.
    SalesChannel,
    /// A SKU is not one.
    Sku,
    /// An ASIN is not one.
    Asin,
    /// A number of units is not one.
    Units,
    /// A rating is not one.
    Rating,
    /// Neither yes nor no.
    YesOrNo,
    /// A sales channel is not known.
    UnknownChannel,
    /// A moment has not come yet.
    Future,
    /// An arrival cannot be one.
    Arrival,
    /// Fields do not stand under their columns.
    Shifted,
    /// The file breaks off.
    CutOff,
    /// A line is longer than any report's.
    TooLong,
}

impl Remedy {
    /// Every remedy there is.
    pub const ALL: [Self; 17] = [
        Self::OrderId,
        Self::Time,
        Self::Date,
        Self::Status,
        Self::Channel,
        Self::SalesChannel,
        Self::Sku,
        Self::Asin,
        Self::Units,
        Self::Rating,
        Self::YesOrNo,
        Self::UnknownChannel,
        Self::Future,
        Self::Arrival,
        Self::Shifted,
        Self::CutOff,
        Self::TooLong,
    ];

    /// What a person reads.
    pub fn text(self) -> &'static str {
        match self {
            Self::OrderId => {
                "an order id is written as 123-1234567-1234567; a spreadsheet may have changed it"
            }
            Self::Time => {
                "times are written as 2026-10-05T08:12:33+00:00; a spreadsheet may have changed them: use the file as downloaded"
            }
            Self::Date => {
                "dates are written as 05-Oct-2026; a spreadsheet may have changed them: use the file as downloaded"
            }
            Self::Status => {
                "this version does not know the status; update Renown or report it, the order is read again with the next report"
            }
            Self::Channel => "it is Amazon or Merchant; update Renown or report the new value",
            Self::SalesChannel => "it names where the order was placed, as Amazon.com",
            Self::Sku => "a SKU has at most 128 characters and no control character",
            Self::Asin => "an ASIN is ten letters and digits",
            Self::Units => "it is a whole number of units",
            Self::Rating => "a rating is a whole number from 1 to 5",
            Self::YesOrNo => "it is Y or N; update Renown or report the new value",
            Self::Shifted => {
                "a tab or a line break inside a product name or a comment shifts its row; correct that line or download the report again"
            }
            Self::UnknownChannel => {
                "this version knows no marketplace of that name; update Renown or report it, then import the file again"
            }
            Self::Future => {
                "check this machine's clock; if that is right, a spreadsheet may have changed the date: use the file as downloaded"
            }
            Self::Arrival => {
                "the rest of the row is read; a spreadsheet may have changed the date: use the file as downloaded"
            }
            Self::CutOff => {
                "the rows above it are read; download the report again for this one and what may follow"
            }
            Self::TooLong => "check that the file is tab-separated text and not compressed",
        }
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Remedy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> String {
        match Problem::not_understood(value) {
            Problem::NotUnderstood { shown } => shown,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_long_value_is_shown_only_by_its_head() {
        assert_eq!(shown(&"字".repeat(60)).chars().filter(|c| *c == '字').count(), 40);
        assert_eq!(shown("x"), "\"x\"");
    }

    #[test]
    fn a_bad_row_is_written_as_it_is_read() {
        let bad = BadRow {
            line: 3,
            column: Some("asin"),
            order_id: None,
            problem: Problem::not_understood("B0 X"),
            remedy: Remedy::Asin,
        };
        assert_eq!(
            bad.to_string(),
            "line 3, column asin: \"B0 X\" is not understood; an ASIN is ten letters and digits"
        );
        let json = serde_json::to_value(&bad).expect("serializes");
        assert_eq!(json["problem"], "\"B0 X\" is not understood");
        assert_eq!(json["remedy"], Remedy::Asin.text());
    }
}
