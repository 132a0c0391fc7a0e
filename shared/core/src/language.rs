//! The languages of texts for buyers: templates are written in them, and the linter reads them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of texts for buyers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Italian.
    It,
    /// Japanese.
    Ja,
    /// Chinese, in both scripts.
    Zh,
}

/// A language that there are no texts in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language known here; write en, de, fr, es, it, ja or zh")]
pub struct UnknownLanguage(String);

impl Language {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::De, Self::En, Self::Es, Self::Fr, Self::It, Self::Ja, Self::Zh];

    /// Its two letters. Source: ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::It => "it",
            Self::Ja => "ja",
            Self::Zh => "zh",
        }
    }

    /// The language of a locale: `de-AT`, `pt_BR`, `zh-Hans`. `None`: none of these.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let code = locale.split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The language that a customer is written to in: their own, else the shop's, else English.
    pub fn for_customer(theirs: Option<&str>, of_shop: &str) -> Self {
        theirs.and_then(Self::of_locale).or_else(|| Self::of_locale(of_shop)).unwrap_or(Self::En)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        Self::of_locale(text).ok_or_else(|| UnknownLanguage(text.chars().take(20).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_written_to_in_their_language_else_in_the_shops_else_in_english() {
        for (theirs, of_shop, expect) in [
            (Some("fr-CA"), "de", Language::Fr),
            (Some("DE_at"), "en", Language::De),
            (Some("pt-BR"), "ja", Language::Ja),
            (None, "zh-Hans", Language::Zh),
            (Some(""), "sv", Language::En),
        ] {
            assert_eq!(Language::for_customer(theirs, of_shop), expect, "{theirs:?} {of_shop}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
        }
        assert!("pt".parse::<Language>().is_err());
    }
}
