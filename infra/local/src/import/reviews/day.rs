//! The day of a review, as tools and Amazon's pages write it: in figures, or with the name of a month.

use jiff::civil::Date;

/// Names of months, as they are written out and cut, without a final dot.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene", "gennaio", "gen", "janeiro",
        "januari", "stycznia", "sty",
    ],
    &[
        "february",
        "feb",
        "februar",
        "février",
        "févr",
        "febrero",
        "febbraio",
        "fevereiro",
        "fev",
        "februari",
        "lutego",
        "lut",
    ],
    &["march", "mar", "märz", "mär", "mars", "marzo", "março", "maart", "mrt", "marca"],
    &["april", "apr", "avril", "avr", "abril", "abr", "aprile", "kwietnia", "kwi"],
    &["may", "mai", "mayo", "maggio", "mag", "maio", "mei", "maj", "maja"],
    &["june", "jun", "juni", "juin", "junio", "giugno", "giu", "junho", "czerwca", "cze"],
    &["july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho", "lipca", "lip"],
    &["august", "aug", "août", "agosto", "ago", "augustus", "augusti", "sierpnia", "sie"],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "settembre",
        "set",
        "setembro",
        "września",
        "wrz",
    ],
    &[
        "october",
        "oct",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "ottobre",
        "ott",
        "outubro",
        "out",
        "października",
        "paź",
    ],
    &["november", "nov", "novembre", "noviembre", "novembro", "listopada", "lis"],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "décembre",
        "déc",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
        "grudnia",
        "gru",
    ],
];

/// Which of two figures with a slash between them is the day: `3/11/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// Learns the order from the days of a whole file: one figure over 12 tells it for all.
#[derive(Debug, Default)]
pub(super) struct Orders {
    day_first: bool,
    month_first: bool,
}

impl Orders {
    /// Looks at a day.
    pub(super) fn see(&mut self, text: &str) {
        if let Figures { a: (first, 1..=2), b: (second, 1..=2), c: (_, 4), is_dotted: false } = figures(text)
        {
            self.day_first |= (13..=31).contains(&first) && second <= 12;
            self.month_first |= (13..=31).contains(&second) && first <= 12;
        }
    }

    /// The order, if all days that tell one tell the same.
    pub(super) fn found(&self) -> Option<Order> {
        match (self.day_first, self.month_first) {
            (true, false) => Some(Order::DayFirst),
            (false, true) => Some(Order::MonthFirst),
            _ => None,
        }
    }
}

/// The first three figures of a text, each with the number of its digits.
struct Figures {
    a: (i16, usize),
    b: (i16, usize),
    c: (i16, usize),
    /// The first two have a dot between them, as from Germany to Turkey.
    is_dotted: bool,
}

fn figures(text: &str) -> Figures {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let mut runs = runs.map(|run| (run.parse().unwrap_or(i16::MAX), run.len()));
    let mut next = || runs.next().unwrap_or_default();
    let (a, b, c) = (next(), next(), next());
    let after = text.find(|c: char| c.is_ascii_digit()).map_or("", |from| &text[from..]);
    let is_dotted = after.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('.');
    Figures { a, b, c, is_dotted }
}

/// A day, where it can be read in one way alone; `order`: how its file writes two figures.
pub(super) fn read(text: &str, order: Option<Order>) -> Option<Date> {
    let Figures { a, b, c, is_dotted } = figures(text);
    if let Some(month) = named_month(text) {
        let figures = [a, b, c];
        let year = figures.into_iter().find(|(_, digits)| *digits == 4)?.0;
        let day = figures.into_iter().find(|(_, digits)| (1..=2).contains(digits))?.0;
        return date(year, month, day);
    }
    let is_day_first = is_dotted || order == Some(Order::DayFirst);
    let (year, month, day) = match (a.1, b.1, c.1) {
        (4, 1..=2, 1..=2) => (a, b, c),
        (1..=2, 1..=2, 4) if is_day_first => (c, b, a),
        (1..=2, 1..=2, 4) if order.is_some() => (c, a, b),
        _ => return None,
    };
    date(year.0, month.0, day.0)
}

/// A day since Amazon has reviews.
fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    if year < 1995 {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn named_month(text: &str) -> Option<i16> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let number = |word: &str| MONTHS.iter().position(|names| names.contains(&word));
    // The last: in front of it stands where the review was written.
    words.filter_map(number).next_back().and_then(|at| i16::try_from(at + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_where_it_means_one_day_alone() {
        let day = Some("2026-11-03");
        for (text, expect) in [
            ("2026-11-03", day),
            ("2026-11-03T10:00:00Z", day),
            ("2026-11-03 00:00:00", day),
            ("2026/11/3", day),
            ("2026年11月03日", day),
            ("2026年11月3日に日本でレビュー済み", day),
            ("3.11.2026", day),
            ("03.11.2026 10:15", day),
            ("November 3, 2026", day),
            ("Nov 3, 2026", day),
            ("Reviewed in the United Kingdom on 3 November 2026", day),
            ("Rezension aus Deutschland vom 3. November 2026", day),
            ("Avis laissé en France le 3 novembre 2026", day),
            ("Revisado en España el 3 de noviembre de 2026", day),
            ("Recensito in Italia il 3 novembre 2026", day),
            ("3 listopada 2026", day),
            ("3. März 2026", Some("2026-03-03")),
            ("1er août 2026", Some("2026-08-01")),
            ("03/11/2026", None),
            ("31.02.2026", None),
            ("3/11/26", None),
            ("May be 2026", None),
            ("1926-11-03", None),
            ("", None),
            ("yesterday", None),
        ] {
            assert_eq!(read(text, None).map(|day| day.to_string()).as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn one_day_over_twelve_tells_how_a_whole_file_writes_its_days() {
        let order = |days: &[&str]| {
            let mut orders = Orders::default();
            for day in days {
                orders.see(day);
            }
            orders.found()
        };
        assert_eq!(order(&["03/11/2026", "25/11/2026"]), Some(Order::DayFirst));
        assert_eq!(order(&["11/3/2026", "11/25/2026", ""]), Some(Order::MonthFirst));
        assert_eq!(order(&["03/11/2026", "04/11/2026"]), None);
        assert_eq!(order(&["25/11/2026", "11/25/2026"]), None, "two people's files in one");
        assert_eq!(order(&["25.11.2026", "2026-11-25"]), None);
        let read = |order| read("03/11/2026", order).map(|day| day.to_string());
        assert_eq!(read(Some(Order::DayFirst)).as_deref(), Some("2026-11-03"));
        assert_eq!(read(Some(Order::MonthFirst)).as_deref(), Some("2026-03-11"));
    }
}
