//! The languages that buyers write in: more than those that they are written to in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language of buyers' texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
    /// Portuguese.
    Pt,
    /// Dutch.
    Nl,
    /// Swedish.
    Sv,
    /// Polish.
    Pl,
    /// Japanese.
    Ja,
    /// Chinese, in both scripts.
    Zh,
}

/// A language that no texts are understood in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not understood; write en, de, fr, es, it, pt, nl, sv, pl, ja or zh")]
pub struct UnknownLanguage(String);

impl Language {
    /// All of them, in the order of the models.
    pub const ALL: [Self; 11] = [
        Self::En,
        Self::De,
        Self::Fr,
        Self::Es,
        Self::It,
        Self::Pt,
        Self::Nl,
        Self::Sv,
        Self::Pl,
        Self::Ja,
        Self::Zh,
    ];

    /// Its two letters. Source: ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::It => "it",
            Self::Pt => "pt",
            Self::Nl => "nl",
            Self::Sv => "sv",
            Self::Pl => "pl",
            Self::Ja => "ja",
            Self::Zh => "zh",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Reads a language or a locale: `pt`, `pt-BR`, `zh_Hant`.
impl FromStr for Language {
    type Err = UnknownLanguage;
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let code = text.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let found = Self::ALL.into_iter().find(|language| language.code() == code);
        found.ok_or_else(|| UnknownLanguage(text.chars().take(20).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_read_and_its_language_written() {
        for (text, expect) in [("pt-BR", Language::Pt), ("ZH_hant", Language::Zh), ("sv", Language::Sv)] {
            assert_eq!(text.parse(), Ok(expect));
        }
        assert_eq!("fi".parse::<Language>(), Err(UnknownLanguage("fi".into())));
        assert!(Language::ALL.into_iter().enumerate().all(|(at, language)| language as usize == at));
    }
}
