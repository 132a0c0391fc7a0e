//! The word lists, read once: which phrases stand for which concept in a language.
//!
//! A list is lines of text: `[concept]` begins a concept, phrases follow, parted by commas or
//! lines, and `//` begins a remark. The phrases of a line behind `!` are those in which the concept
//! is not meant, though its words stand there ("we never ask for …").

use std::sync::LazyLock;

use super::concept::Concept;
use super::idea::Idea;
use super::index::{Index, Named};
use super::pattern::Phrase;
use crate::language::Language;

/// The phrases of one concept.
#[derive(Debug, Clone)]
pub(crate) struct Entry<C = Concept> {
    /// These stand for it.
    pub(crate) means: Vec<Phrase<C>>,
    /// Within these it is not meant.
    pub(crate) is_not: Vec<Phrase<C>>,
}

/// The phrases of one language, by concept.
#[derive(Debug)]
pub(crate) struct Lexicon<C = Concept> {
    entries: Vec<Entry<C>>,
    /// By what they begin with.
    pub(super) index: Index<C>,
}

/// A mistake in a word list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of a word list: {what}")]
pub(crate) struct BadList {
    line: usize,
    what: String,
}

/// What all languages share: stars, currencies, names of messengers.
const COMMON: &str = include_str!("words/common.txt");

impl Lexicon {
    /// The phrases of a language.
    pub(super) fn of(language: Language) -> &'static Self {
        macro_rules! read {
            ($list:literal) => {{
                static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
                    Lexicon::parse(&[COMMON, include_str!($list)])
                        .expect("the list is sound: a test reads each")
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
            Language::Ja => read!("words/ja.txt"),
            Language::Zh => read!("words/zh.txt"),
        }
    }
}

impl<C: Idea> Lexicon<C> {
    /// The phrases of a concept.
    pub(crate) fn entry(&self, concept: C) -> &Entry<C> {
        &self.entries[concept.number()]
    }

    /// Reads lists as one.
    ///
    /// # Errors
    ///
    /// The first mistake in them.
    pub(crate) fn parse(lists: &[&str]) -> Result<Self, BadList> {
        let mut entries = vec![Entry { means: Vec::new(), is_not: Vec::new() }; C::ALL.len()];
        for list in lists {
            let mut current = None;
            for (line, text) in (1..).zip(list.lines()) {
                let bad = |what: &str| BadList { line, what: what.to_owned() };
                let text = text.trim();
                if text.starts_with("//") {
                    continue;
                }
                if let Some(name) = text.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                    let found = C::ALL.iter().find(|concept| concept.name() == name);
                    current = Some(*found.ok_or_else(|| bad(name))?);
                    continue;
                }
                let (text, is_not) = match text.strip_prefix("! ") {
                    Some(text) => (text, true),
                    None => (text, false),
                };
                for said in text.split(',').map(str::trim).filter(|said| !said.is_empty()) {
                    let concept = current.ok_or_else(|| bad("no concept yet"))?;
                    let phrase: Phrase<C> = Phrase::parse(said).map_err(|error| bad(&error.to_string()))?;
                    // Anything else would go round in circles. What is not meant may speak of the
                    // concept itself, which is there every place with its words.
                    let last = if is_not { concept.number() + 1 } else { concept.number() };
                    if phrase.concepts().any(|other| other.number() >= last) {
                        return Err(bad(said));
                    }
                    let entry = &mut entries[concept.number()];
                    if is_not { entry.is_not.push(phrase) } else { entry.means.push(phrase) }
                }
            }
        }
        let mut index = Index::default();
        for (concept, entry) in C::ALL.iter().zip(&entries) {
            for (phrases, is_not) in [(&entry.means, false), (&entry.is_not, true)] {
                for (number, phrase) in phrases.iter().enumerate() {
                    index.add(phrase, Named { concept: *concept, is_not, number });
                }
            }
        }
        Ok(Self { entries, index })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_sound() {
        for language in Language::ALL {
            assert!(!Lexicon::of(language).entry(Concept::Review).means.is_empty(), "{language:?}");
        }
    }

    #[test]
    fn a_mistake_in_a_list_is_told_with_its_line() {
        for (list, line) in [
            ("[review]\nreview*\n[nothing]", 3),
            ("review*", 1),
            ("[review]\n<reward> x", 2),
            ("[review]\n_x", 2),
        ] {
            assert_eq!(Lexicon::<Concept>::parse(&[list]).expect_err(list).line, line, "{list}");
        }
    }
}
