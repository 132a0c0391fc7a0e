//! A text in both languages, for what cannot be a table: sentences with values in them.

use std::fmt;

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
    fn both_languages_take_the_same_values() {
        let n = 3;
        let text = crate::text!("{n} orders", "{n} 个订单");
        assert_eq!((text.in_lang(Lang::En), text.in_lang(Lang::Zh)), ("3 orders", "3 个订单"));
        assert_eq!(text.to_string(), "3 orders");
    }
}
