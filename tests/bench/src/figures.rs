//! What a bench found, for a person and for a program.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::Bench;
use crate::meter::Machine;

/// What one bench found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Which.
    pub bench: Bench,
    /// Its figures, the most telling first.
    pub figures: Vec<Figure>,
    /// What a reader has to know besides, and what was left out.
    pub notes: Vec<String>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name for a program.
    pub name: String,
    /// What a person reads.
    pub what: String,
    /// Its value.
    pub value: f64,
    /// In what. `×` marks a ratio.
    pub unit: String,
    /// What it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Wanted>,
}

/// What a figure should be, in a release build on a machine of today.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
}

impl Wanted {
    /// Whether a value is as wanted.
    pub fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

impl Report {
    pub(crate) fn new(bench: Bench) -> Self {
        Self { bench, figures: Vec::new(), notes: Vec::new() }
    }

    pub(crate) fn figure(&mut self, name: &str, what: &str, value: f64, unit: &str) {
        let (name, what, unit) = (name.to_owned(), what.to_owned(), unit.to_owned());
        self.figures.push(Figure { name, what, value, unit, wanted: None });
    }

    /// A figure that should be so.
    pub(crate) fn wanted(&mut self, name: &str, what: &str, value: f64, unit: &str, wanted: Wanted) {
        self.figure(name, what, value, unit);
        if let Some(figure) = self.figures.last_mut() {
            figure.wanted = Some(wanted);
        }
    }

    pub(crate) fn ratio(&mut self, name: &str, what: &str, value: f64) {
        self.figure(name, what, value, "×");
    }

    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// The value of a figure.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|figure| figure.name == name).map(|figure| figure.value)
    }
}

/// Reports as a person reads them.
pub fn table(machine: &Machine, quick: bool, reports: &[Report]) -> String {
    let mut text = format!("{machine}{}\n", if quick { ", small sizes: the figures say little" } else { "" });
    let all = || reports.iter().flat_map(|report| &report.figures);
    let whats = all().map(|figure| figure.what.chars().count()).max().unwrap_or(0);
    let values = all().map(|figure| number(figure.value).len()).max().unwrap_or(0);
    for report in reports {
        let name = format!("{:?}", report.bench).to_lowercase();
        push(&mut text, format_args!("\n{name}\n"));
        for figure in &report.figures {
            let value = number(figure.value);
            let line = format!("  {:<whats$}  {value:>values$} {:<7}", figure.what, figure.unit);
            push(&mut text, format_args!("{}{}\n", line, verdict(figure)));
        }
        for note in &report.notes {
            push(&mut text, format_args!("  ({note})\n"));
        }
    }
    text.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

fn verdict(figure: &Figure) -> String {
    let Some(wanted) = figure.wanted else { return String::new() };
    let (sign, bound) = match wanted {
        Wanted::AtLeast(least) => ("≥", least),
        Wanted::AtMost(most) => ("≤", most),
    };
    let met = if wanted.is_met(figure.value) { "yes" } else { "NO" };
    format!("  wanted {sign} {}: {met}", number(bound))
}

/// Writing to a `String` cannot fail.
fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}

/// Three digits that count, thousands apart.
fn number(value: f64) -> String {
    let size = value.abs();
    if size < 1000.0 && size.fract() > 0.0 {
        let decimals = if size >= 100.0 {
            0
        } else if size >= 10.0 {
            1
        } else if size >= 1.0 {
            2
        } else {
            3
        };
        return format!("{value:.decimals$}");
    }
    let digits = format!("{size:.0}");
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    if value < 0.0 { format!("-{grouped}") } else { grouped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_with_three_digits_that_count() {
        for (value, shown) in [
            (0.0, "0"),
            (0.1234, "0.123"),
            (1.0, "1"),
            (3.456, "3.46"),
            (34.56, "34.6"),
            (345.6, "346"),
            (1_234_567.8, "1 234 568"),
            (-1_000.0, "-1 000"),
        ] {
            assert_eq!(number(value), shown);
        }
    }

    #[test]
    fn a_person_sees_each_figure_with_whether_it_is_as_wanted() {
        let mut report = Report::new(Bench::Policy);
        report.wanted("fast", "decisions a second", 900_000.0, "/s", Wanted::AtLeast(1_000_000.0));
        report.ratio("hash", "beside a hash", 2.5);
        report.note("one core");
        let machine = Machine { cores: 2, profile: "release".to_owned(), processor: None };
        assert_eq!(
            table(&machine, false, &[report]),
            "2 cores, release build\n\npolicy\n  decisions a second  900 000 /s       wanted ≥ 1 000 000: NO\n  beside a hash          2.50 ×\n  (one core)\n"
        );
    }
}
