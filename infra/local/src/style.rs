//! How things are printed: the language, the operator's time zone, for a person or a program.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use renown_core::say::{self, Lang, Text, Word};

/// How to print.
#[derive(Debug, Clone)]
pub struct Style {
    /// In which language.
    pub lang: Lang,
    /// On whose clock. Programs always get UTC.
    pub zone: TimeZone,
    /// For a program: JSON.
    pub json: bool,
}

impl Style {
    /// A moment with its zone: `2026-10-07 05:23 UTC`, `2026-10-07 13:23 +08:00`.
    pub fn moment(&self, at: Timestamp) -> String {
        self.zoned(at, "%Y-%m-%d %H:%M ") + &self.offset(at)
    }

    /// A moment among others of one list: `10-07 13:23`.
    pub fn short(&self, at: Timestamp) -> String {
        self.zoned(at, "%m-%d %H:%M")
    }

    /// A moment as a spreadsheet takes it for one: `2026-10-07 13:23:00`. Its heading names the
    /// zone, [`Style::zone_name`].
    pub fn cell(&self, at: Timestamp) -> String {
        self.zoned(at, "%Y-%m-%d %H:%M:%S")
    }

    /// The day of a moment.
    pub fn day(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// The name of the zone for a heading: `UTC`, `Asia/Shanghai`.
    pub fn zone_name(&self) -> &str {
        match self.zone.iana_name() {
            None | Some("Etc/UTC" | "Etc/UCT" | "UCT" | "Zulu") => "UTC",
            Some(name) => name,
        }
    }

    /// A word in the language.
    pub fn word(&self, word: Word) -> &'static str {
        say::word(self.lang, word)
    }

    /// A text in the language.
    pub fn say<'a>(&self, text: &'a Text) -> &'a str {
        text.in_lang(self.lang)
    }

    fn zoned(&self, at: Timestamp, format: &str) -> String {
        at.to_zoned(self.zone.clone()).strftime(format).to_string()
    }

    fn offset(&self, at: Timestamp) -> String {
        if self.zone_name() == "UTC" { "UTC".to_owned() } else { self.zoned(at, "%:z") }
    }
}

/// A text with blanks up to a width on the screen, where a Chinese character takes two.
pub fn padded(text: &str, width: usize) -> String {
    let taken: usize = text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(taken)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_on_the_operators_clock_with_its_zone() {
        let at: Timestamp = "2026-10-07T05:23:00Z".parse().expect("a timestamp");
        let style = |zone| Style { lang: Lang::En, zone, json: false };
        assert_eq!(style(TimeZone::UTC).moment(at), "2026-10-07 05:23 UTC");
        let shanghai = style(TimeZone::get("Asia/Shanghai").expect("known"));
        assert_eq!(shanghai.moment(at), "2026-10-07 13:23 +08:00");
        assert_eq!(shanghai.short(at), "10-07 13:23");
        let late: Timestamp = "2026-10-07T20:00:00Z".parse().expect("a timestamp");
        assert_eq!(shanghai.day(late).to_string(), "2026-10-08");
    }

    #[test]
    fn columns_align_in_both_scripts() {
        assert_eq!(padded("asked", 8), "asked   ");
        assert_eq!(padded("已请求", 8), "已请求  ");
    }
}
