//! Tab-separated lines, pushed through in pieces.
//!
//! Amazon's files have no quoting that can be relied upon: a `"` is a character like any
//! other and a line break always ends the row. A product name with a tab in it therefore
//! shifts its row, which the row reader notices by the number of fields.
//!
//! Guarantee: the lines do not depend on how the text was cut, and no line, however long,
//! takes more than [`MAX_LINE_BYTES`] of memory.

use std::ops::RangeInclusive;

/// Longest line that is read. Amazon's rows stay under 4 KB; what is longer is not a report.
pub(super) const MAX_LINE_BYTES: usize = 64 * 1024;

/// A line and its number, counted from 1 with blank lines included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Without its line break.
    Text(&'a str),
    /// Longer than [`MAX_LINE_BYTES`]; its content is gone.
    TooLong,
}

/// Cuts text into lines.
#[derive(Debug)]
pub(super) struct Lines {
    number: u64,
    partial: String,
    overlong: bool,
}

impl Lines {
    /// At the head of a file.
    pub(super) fn new() -> Self {
        Self { number: 1, partial: String::new(), overlong: false }
    }

    /// Takes one piece of text and hands every line that is complete to `sink`. Blank lines
    /// are counted and skipped.
    pub(super) fn push(&mut self, text: &str, sink: &mut impl FnMut(u64, Line<'_>)) {
        let mut rest = text;
        while let Some((head, tail)) = rest.split_once('\n') {
            if self.partial.is_empty() && !self.overlong && head.len() <= MAX_LINE_BYTES {
                emit(self.number, head, sink);
            } else {
                self.keep(head);
                self.end_partial(sink);
            }
            self.number += 1;
            rest = tail;
        }
        self.keep(rest);
    }

    /// Ends the file: its last line may come without a line break.
    pub(super) fn finish(&mut self, sink: &mut impl FnMut(u64, Line<'_>)) {
        self.end_partial(sink);
    }

    fn keep(&mut self, text: &str) {
        if self.overlong || self.partial.len() + text.len() > MAX_LINE_BYTES {
            self.overlong = true;
            self.partial.clear();
        } else {
            self.partial.push_str(text);
        }
    }

    fn end_partial(&mut self, sink: &mut impl FnMut(u64, Line<'_>)) {
        if self.overlong {
            sink(self.number, Line::TooLong);
        } else {
            emit(self.number, &self.partial, sink);
        }
        self.partial.clear();
        self.overlong = false;
    }
}

fn emit(number: u64, line: &str, sink: &mut impl FnMut(u64, Line<'_>)) {
    let line = line.strip_suffix('\r').unwrap_or(line);
    // A row whose fields are all empty is as blank as one without any.
    if line.bytes().any(|b| !b.is_ascii_whitespace()) {
        sink(number, Line::Text(line));
    }
}

/// Where each wanted column stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    places: Vec<(&'static str, usize)>,
    n_fields: usize,
}

/// What is wrong with a header line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum HeaderProblem {
    /// Required columns that are not there.
    Missing(Vec<&'static str>),
    /// A wanted column that is there more than once, so nobody knows which is meant.
    Duplicate(&'static str),
    /// Another number of columns than a file has whose columns are known by their place.
    Count {
        /// How many there are.
        n_columns: usize,
        /// At least so many there should be.
        fewest: usize,
        /// At most so many.
        most: usize,
    },
}

impl Columns {
    /// Finds the wanted columns by name, without case and blanks around. Other columns are
    /// left where they are and never looked at again.
    pub(super) fn find<'n>(
        header: impl IntoIterator<Item = &'n str>,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<Self, HeaderProblem> {
        let names: Vec<&str> = header.into_iter().map(|name| name.trim().trim_matches('"')).collect();
        let mut places = Vec::new();
        let mut missing = Vec::new();
        for (wanted, is_required) in
            required.iter().map(|name| (*name, true)).chain(optional.iter().map(|name| (*name, false)))
        {
            let mut found = names.iter().enumerate().filter(|(_, name)| name.eq_ignore_ascii_case(wanted));
            match (found.next(), found.next()) {
                (Some(_), Some(_)) => return Err(HeaderProblem::Duplicate(wanted)),
                (Some((place, _)), None) => places.push((wanted, place)),
                (None, _) if is_required => missing.push(wanted),
                (None, _) => {}
            }
        }
        if missing.is_empty() {
            Ok(Self { places, n_fields: names.len() })
        } else {
            Err(HeaderProblem::Missing(missing))
        }
    }

    /// Takes the first columns to be `wanted`, whatever the header calls them; `n_columns` is how
    /// many columns such a header may have.
    pub(super) fn by_place<'n>(
        header: impl IntoIterator<Item = &'n str>,
        wanted: &[&'static str],
        n_columns: &RangeInclusive<usize>,
    ) -> Result<Self, HeaderProblem> {
        let n_fields = header.into_iter().count();
        if !n_columns.contains(&n_fields) {
            let (fewest, most) = (*n_columns.start(), *n_columns.end());
            return Err(HeaderProblem::Count { n_columns: n_fields, fewest, most });
        }
        Ok(Self { places: wanted.iter().copied().zip(0..).collect(), n_fields })
    }

    /// The place of a wanted column; `None` if the file has no such column.
    pub(super) fn place(&self, column: &str) -> Option<usize> {
        self.places.iter().find(|(name, _)| *name == column).map(|(_, place)| *place)
    }

    /// How many fields the header has.
    pub(super) fn n_fields(&self) -> usize {
        self.n_fields
    }

    /// The wanted column that stands furthest to the right.
    pub(super) fn last(&self) -> Option<(&'static str, usize)> {
        self.places.iter().copied().max_by_key(|(_, place)| *place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&str]) -> Vec<(u64, String)> {
        let mut found = Vec::new();
        let mut sink = |number, line: Line<'_>| {
            found.push((
                number,
                match line {
                    Line::Text(text) => text.to_owned(),
                    Line::TooLong => "<too long>".to_owned(),
                },
            ));
        };
        let mut lines = Lines::new();
        for piece in pieces {
            lines.push(piece, &mut sink);
        }
        lines.finish(&mut sink);
        found
    }

    #[test]
    fn both_line_ends_are_taken_and_the_last_one_may_be_missing() {
        let expected: Vec<_> = [(1, "a\tb"), (2, "c"), (3, "d")].map(|(n, t)| (n, t.to_owned())).into();
        assert_eq!(lines(&["a\tb\r\nc\nd"]), expected);
        assert_eq!(lines(&["a\t", "b\r", "\n", "c\nd", "\r\n"]), expected);
    }

    #[test]
    fn blank_lines_count_but_are_not_rows() {
        assert_eq!(lines(&["\n\r\na\n\t\t\n", "\nb"]), [(3, "a".to_owned()), (6, "b".to_owned())]);
    }

    #[test]
    fn an_overlong_line_is_told_once_and_the_next_line_is_read() {
        let long = "x".repeat(MAX_LINE_BYTES);
        let expected = [(1, "<too long>".to_owned()), (2, "b".to_owned())];
        assert_eq!(lines(&[&long, "y", &long, "\nb"]), expected);
        assert_eq!(lines(&[&format!("{long}yy\nb")]), expected);
        assert_eq!(lines(&[&format!("{long}\nb")])[0].1.len(), MAX_LINE_BYTES);
    }

    #[test]
    fn columns_are_found_by_name_in_any_case_and_order() {
        let columns = Columns::find("SKU\t Order-ID \tx".split('\t'), &["order-id"], &["sku", "asin"])
            .expect("complete");
        assert_eq!(
            (columns.place("order-id"), columns.place("sku"), columns.place("asin")),
            (Some(1), Some(0), None)
        );
        assert_eq!(columns.last(), Some(("order-id", 1)));
    }

    #[test]
    fn columns_by_place_are_found_whatever_they_are_called_if_there_are_as_many() {
        let find = |header: &str| Columns::by_place(header.split('\t'), &["date", "rating"], &(2..=3));
        let columns = find("Datum\tBewertung\tx").expect("three columns");
        assert_eq!((columns.place("rating"), columns.n_fields()), (Some(1), 3));
        assert_eq!(columns.last(), Some(("rating", 1)));
        assert_eq!(find("rating"), Err(HeaderProblem::Count { n_columns: 1, fewest: 2, most: 3 }));
        assert!(matches!(find("a\tb\tc\td"), Err(HeaderProblem::Count { n_columns: 4, .. })));
    }

    #[test]
    fn all_missing_columns_are_told_at_once_and_duplicates_only_if_they_matter() {
        let find = |header: &str| Columns::find(header.split('\t'), &["a", "b"], &["c"]);
        assert_eq!(find("c\tx"), Err(HeaderProblem::Missing(vec!["a", "b"])));
        assert_eq!(find("a\tb\tC\tc"), Err(HeaderProblem::Duplicate("c")));
        assert!(find("a\tb\tx\tx").is_ok());
    }
}
