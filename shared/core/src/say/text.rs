//! A text in both languages, for what cannot be a table: sentences with values in them.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Lang;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Text {
    /// The text in one language.
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// A text with each moment in it (`2026-11-02T12:00:00Z`) as `shown`: on the clock of whoever reads it.
pub fn with_moments(text: &str, shown: impl Fn(Timestamp) -> String) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '+');
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|c| !is_part(c)).unwrap_or(word.len());
        let (word, after) = word.split_at(end);
        said.push_str(before);
        let moment = word.trim_end_matches(['.', ':']);
        match moment.parse::<Timestamp>() {
            Ok(at) => {
                said.push_str(&shown(at));
                said.push_str(&word[moment.len()..]);
            }
            Err(_) => said.push_str(word),
        }
        rest = after;
    }
    said + rest
}

/// A number with what it counts, in English: `1 case`, `2 cases`.
pub fn counted<N: fmt::Display + Copy + PartialEq + From<u8>>(n: N, one: &str, many: &str) -> String {
    let what = if n == N::from(1) { one } else { many };
    format!("{n} {what}")
}

/// English, for logs.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// A [`Text`] from two format strings, English first; both take their values by name.
#[macro_export]
macro_rules! text {
    ($en:literal, $zh:literal $(,)?) => {
        $crate::say::Text { en: format!($en), zh: format!($zh) }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        let cases = |n: u64| counted(n, "case", "cases");
        assert_eq!([cases(0), cases(1), cases(21)], ["0 cases", "1 case", "21 cases"]);
    }

    #[test]
    fn moments_in_a_text_are_shown_as_wanted_and_nothing_else_changes() {
        for (text, expect) in [
            ("by 2026-11-02T12:00:00Z and is not.", "by NOON and is not."),
            ("应于 2026-11-02T12:00:00Z 前发货", "应于 NOON 前发货"),
            ("应于2026-11-02T12:00:00Z前发货", "应于NOON前发货"),
            ("until 2026-11-02T12:00:00Z.", "until NOON."),
            ("2026-11-02, 12:00, 302-1234567-1234567", "2026-11-02, 12:00, 302-1234567-1234567"),
            ("", ""),
        ] {
            let noon: Timestamp = "2026-11-02T12:00:00Z".parse().expect("a time");
            let shown = |at| if at == noon { "NOON".to_owned() } else { "other".to_owned() };
            assert_eq!(with_moments(text, shown), expect, "{text}");
        }
    }

    #[test]
    fn both_languages_take_the_same_values() {
        let n = 3;
        let text = crate::text!("{n} orders", "{n} 个订单");
        assert_eq!((text.in_lang(Lang::En), text.in_lang(Lang::Zh)), ("3 orders", "3 个订单"));
        assert_eq!(text.to_string(), "3 orders");
    }
}
