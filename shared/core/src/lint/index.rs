//! Which phrases of a language may begin with a word, so that a text is not compared with all of
//! them at each of its words.

use std::collections::HashMap;

use super::concept::Concept;
use super::fold::{Kind, Token};
use super::idea::Idea;
use super::pattern::{Phrase, Start, Word};

/// A phrase: of which concept, whether one in which that is not meant, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named<C = Concept> {
    pub(super) concept: C,
    pub(super) is_not: bool,
    pub(super) number: usize,
}

/// The first two letters of a word, or the first two characters of a row of them.
type Key = (char, char);

/// Stands for any second letter.
const ANY: char = '\u{1}';
/// Stands for no second letter.
const NONE: char = '\u{0}';
/// The key of all numbers.
const NUMBER: Key = ('#', '#');

/// The phrases by what they begin with.
#[derive(Debug)]
pub(crate) struct Index<C = Concept> {
    by_key: HashMap<Key, Vec<Named<C>>>,
    /// Letters that may stand within a word or at its end.
    inside: Vec<(Word, Vec<Named<C>>)>,
    /// Those that begin with a concept.
    pub(super) by_concept: Vec<(C, Named<C>)>,
    /// Those that begin with anything.
    anywhere: Vec<Named<C>>,
    /// Those that begin with a word of letters.
    with_words: Vec<Named<C>>,
}

impl<C> Default for Index<C> {
    fn default() -> Self {
        Self {
            by_key: HashMap::new(),
            inside: Vec::new(),
            by_concept: Vec::new(),
            anywhere: Vec::new(),
            with_words: Vec::new(),
        }
    }
}

impl<C: Idea> Index<C> {
    /// Takes a phrase in.
    pub(super) fn add(&mut self, phrase: &Phrase<C>, named: Named<C>) {
        for start in phrase.starts() {
            match start {
                Start::Concept(concept) => self.by_concept.push((concept, named)),
                Start::Anything => self.anywhere.push(named),
                Start::Words(row) => {
                    let Some(word) = row.first() else { continue };
                    if word.kind == Kind::Word {
                        self.with_words.push(named);
                    }
                    if word.is_open_before && word.kind == Kind::Word {
                        match self.inside.iter_mut().find(|(other, _)| other == word) {
                            Some((_, all)) => all.push(named),
                            None => self.inside.push((word.clone(), vec![named])),
                        }
                    } else {
                        self.by_key.entry(key(row)).or_default().push(named);
                    }
                }
            }
        }
    }

    /// The phrases that may begin with a word of a text.
    pub(super) fn beginning<'a>(
        &'a self,
        tokens: &'a [Token],
        at: usize,
    ) -> impl Iterator<Item = Named<C>> + 'a {
        let token = &tokens[at];
        // Letters that are hidden or stand apart: nothing is known of the beginning.
        let is_unclear = token.kind == Kind::Word && (token.is_spaced || token.text.contains('*'));
        let keys = keys(tokens, at).into_iter().filter(move |_| !is_unclear).flatten();
        let named = keys.filter_map(|key| self.by_key.get(&key)).flatten();
        let is_word = token.kind == Kind::Word && !is_unclear;
        let fits = move |word: &Word| {
            word.fits(&token.text) || token.joined.as_deref().is_some_and(|joined| word.fits(joined))
        };
        let inside = self.inside.iter().filter(move |(word, _)| is_word && fits(word));
        let unclear = self.with_words.iter().filter(move |_| is_unclear);
        named.chain(inside.flat_map(|(_, all)| all)).chain(unclear).chain(&self.anywhere).copied()
    }
}

fn first_two(text: &str) -> Key {
    let mut chars = text.chars();
    (chars.next().unwrap_or(NONE), chars.next().unwrap_or(NONE))
}

/// Under which key a row of words is kept.
fn key(row: &[Word]) -> Key {
    let Some(word) = row.first() else { return (NONE, NONE) };
    let (first, second) = first_two(&word.text);
    match word.kind {
        Kind::Number if word.is_any_number => NUMBER,
        Kind::Character => {
            let next = row.get(1).filter(|next| next.kind == Kind::Character);
            (first, next.map_or(ANY, |next| first_two(&next.text).0))
        }
        _ if second == NONE && word.is_open_after => (first, ANY),
        _ => (first, second),
    }
}

/// The keys under which a row that begins with a word of the text may be kept.
fn keys(tokens: &[Token], at: usize) -> [Option<Key>; 3] {
    let token = &tokens[at];
    let (first, second) = first_two(&token.text);
    match token.kind {
        Kind::Character => {
            let next = tokens.get(at + 1).filter(|next| next.kind == Kind::Character);
            [Some((first, ANY)), next.map(|next| (first, first_two(&next.text).0)), None]
        }
        Kind::Number => [Some((first, second)), Some(NUMBER), Some((first, ANY))],
        Kind::Word | Kind::Sign | Kind::End => {
            let joined = token.joined.as_deref().map(first_two).filter(|joined| *joined != (first, second));
            [Some((first, second)), Some((first, ANY)), joined]
        }
    }
}
