//! The ideas that speak for the removal of a feedback, and the word lists of eleven languages in
//! which they are found (`words/`, in the form of the linter's lists).
//!
//! Words are folded before they are compared: a Swedish "höra" (to hear) reads like an insult, a
//! Spanish "coño" like a cone. What has such a false friend is left out of the lists, or the friend
//! stands behind `!`.

use std::sync::LazyLock;

use crate::lint::{Lexicon, concepts};
use crate::text::Language;

concepts! {
    /// Words that begin a thought against the one before.
    But = "but",
    /// Obscene words, and curses at people.
    Obscene = "obscene",
    /// Insults of people. That somebody is a cheat is an accusation, no insult.
    Insult = "insult",
    /// Who or where the seller or the buyer is.
    Personal = "personal",
    /// Advertising for other shops, codes, one's own pages.
    Promotional = "promotional",
    /// Delivery, packaging, seller, service, refund: what is no matter of the product, praised or not.
    Service = "service",
}

/// Curses that people of every language write.
const COMMON: &str = include_str!("words/common.txt");

/// The phrases of a language.
pub(super) fn lexicon(language: Language) -> &'static Lexicon<Concept> {
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
                assert!(
                    !lexicon(language).entry(*concept).means.is_empty(),
                    "{language}: {}",
                    concept.name()
                );
            }
        }
    }
}
