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
    /// Whose, where several are measured beside each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The least of several runs, of which `value` is the median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<f64>,
    /// What it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Wanted>,
    /// Whether `--gate` looks at it: CPU and bytes repeat on a busy machine, seconds do not.
    #[serde(default)]
    pub gated: bool,
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
        self.figures.push(Figure {
            name,
            what,
            value,
            unit,
            of: None,
            least: None,
            wanted: None,
            gated: false,
        });
    }

    /// A figure that should be so.
    pub(crate) fn wanted(&mut self, name: &str, what: &str, value: f64, unit: &str, wanted: Wanted) {
        self.figure(name, what, value, unit);
        if let Some(figure) = self.figures.last_mut() {
            figure.wanted = Some(wanted);
        }
    }

    pub(crate) fn push(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Figures that `--gate` does not let pass.
    pub fn exceeded(&self) -> impl Iterator<Item = &Figure> {
        self.figures
            .iter()
            .filter(|figure| figure.gated && figure.wanted.is_some_and(|wanted| !wanted.is_met(figure.value)))
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
    let all = || reports.iter().flat_map(|report| &report.figures).filter(|figure| figure.of.is_none());
    let whats = all().map(|figure| figure.what.chars().count()).max().unwrap_or(0);
    let values = all().map(|figure| number(figure.value).len()).max().unwrap_or(0);
    for report in reports {
        let name = format!("{:?}", report.bench).to_lowercase();
        push(&mut text, format_args!("\n{name}\n"));
        push(&mut text, format_args!("{}", side_by_side(report)));
        for figure in report.figures.iter().filter(|figure| figure.of.is_none()) {
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

/// Figures of several, a column for each: the median, and the least of its runs.
fn side_by_side(report: &Report) -> String {
    let mut columns: Vec<&str> = Vec::new();
    let mut rows: Vec<&str> = Vec::new();
    let shared: Vec<&Figure> = report.figures.iter().filter(|figure| figure.of.is_some()).collect();
    for figure in &shared {
        if let Some(of) = figure.of.as_deref().filter(|of| !columns.contains(of)) {
            columns.push(of);
        }
        if !rows.contains(&figure.name.as_str()) {
            rows.push(&figure.name);
        }
    }
    let mut lines =
        vec![[&[""], columns.as_slice(), &["wanted"]].concat().into_iter().map(str::to_owned).collect()];
    for row in rows {
        let of_row = || shared.iter().filter(|figure| figure.name == row);
        let Some(first) = of_row().next() else { continue };
        let mut cells = vec![format!("{}, {}", first.what, first.unit)];
        for column in &columns {
            let figure = of_row().find(|figure| figure.of.as_deref() == Some(column));
            cells.push(figure.map_or_else(String::new, |figure| cell(figure)));
        }
        cells.push(of_row().find_map(|figure| figure.wanted).map_or_else(String::new, bound));
        lines.push(cells);
    }
    let width =
        |n: usize| lines.iter().map(|cells: &Vec<String>| cells[n].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns.len() + 2).map(width).collect();
    if columns.is_empty() {
        return String::new();
    }
    lines.iter().fold(String::new(), |mut text, cells| {
        let (what, rest) = (&cells[0], cells[1..].iter().zip(&widths[1..]));
        push(&mut text, format_args!("  {what:<width$}", width = widths[0]));
        rest.for_each(|(cell, width)| push(&mut text, format_args!("  {cell:>width$}")));
        text + "\n"
    })
}

fn cell(figure: &Figure) -> String {
    let least = figure.least.map_or_else(String::new, |least| format!(" ({})", number(least)));
    let missed = figure.wanted.is_some_and(|wanted| !wanted.is_met(figure.value));
    format!("{}{}{least}", number(figure.value), if missed { "!" } else { "" })
}

fn bound(wanted: Wanted) -> String {
    match wanted {
        Wanted::AtLeast(least) => format!("≥ {}", number(least)),
        Wanted::AtMost(most) => format!("≤ {}", number(most)),
    }
}

fn verdict(figure: &Figure) -> String {
    let Some(wanted) = figure.wanted else { return String::new() };
    let met = if wanted.is_met(figure.value) { "yes" } else { "NO" };
    format!("  wanted {}: {met}", bound(wanted))
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

    #[test]
    fn what_several_did_stands_side_by_side_and_a_missed_bound_is_marked() {
        let figure = |of: &str, name: &str, value, wanted| Figure {
            name: name.to_owned(),
            what: name.to_owned(),
            value,
            unit: "ms".to_owned(),
            of: Some(of.to_owned()),
            least: Some(1.0),
            wanted,
            gated: true,
        };
        let mut report = Report::new(Bench::Cold);
        report.push(figure("ours", "cpu", 2.0, Some(Wanted::AtMost(1.5))));
        report.push(figure("ours", "size", 1.0, Some(Wanted::AtMost(1.0))));
        report.push(figure("Node", "cpu", 200.0, None));
        let shown = side_by_side(&report);
        assert_eq!(
            shown.lines().map(str::trim_end).collect::<Vec<_>>(),
            [
                "              ours     Node  wanted",
                "  cpu, ms   2! (1)  200 (1)  ≤ 1.50",
                "  size, ms   1 (1)              ≤ 1",
            ]
        );
        assert_eq!(report.exceeded().map(|figure| figure.name.as_str()).collect::<Vec<_>>(), ["cpu"]);
    }
}
