//! The word lists of buyers' texts, read once.

use std::sync::LazyLock;

use super::concept::Concept;
use super::language::Language;
use crate::lint::Lexicon;

/// Signs that are the same in each language.
const COMMON: &str = include_str!("words/common.txt");

/// The phrases of a language.
pub(crate) fn lexicon(language: Language) -> &'static Lexicon<Concept> {
    macro_rules! read {
        ($list:literal) => {{
            static LEXICON: LazyLock<Lexicon<Concept>> = LazyLock::new(|| {
                Lexicon::parse(&[COMMON, include_str!($list)]).expect("the list is sound: a test reads each")
            });
            &LEXICON
        }};
    }
    match language {
        Language::En => read!("words/en.txt"),
        Language::De => read!("words/de.txt"),
        Language::Fr => read!("words/fr.txt"),
        Language::Es => read!("words/es.txt"),
        Language::It => read!("words/it.txt"),
        Language::Pt => read!("words/pt.txt"),
        Language::Nl => read!("words/nl.txt"),
        Language::Sv => read!("words/sv.txt"),
        Language::Pl => read!("words/pl.txt"),
        Language::Ja => read!("words/ja.txt"),
        Language::Zh => read!("words/zh.txt"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::Idea as _;

    #[test]
    fn every_list_is_sound_and_has_words_for_every_idea() {
        for language in Language::ALL {
            for concept in Concept::ALL {
                let entry = lexicon(language).entry(*concept);
                assert!(!entry.means.is_empty(), "{language}: {}", concept.name());
            }
        }
    }
}
