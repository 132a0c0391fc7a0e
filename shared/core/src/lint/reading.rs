//! A text read with the word lists of one language: which concept stands where.

use std::cell::OnceCell;
use std::ops::Range;

use super::concept::Concept;
use super::fold::{Kind, Token};
use super::lexicon::Lexicon;
use super::pattern::{Phrase, Span, Text};

/// How many words further than what denies it a concept may reach: a phrase that denies ends with
/// the first word of what it denies.
const SLACK: usize = 3;

/// A text and a language. A concept is looked for when a rule first asks for it.
pub(super) struct Reading<'a> {
    tokens: &'a [Token],
    lexicon: &'static Lexicon,
    /// Where the words of a concept stand, meant or not.
    said: Vec<OnceCell<Vec<Span>>>,
    /// Where it is meant.
    meant: Vec<OnceCell<Vec<Span>>>,
}

/// A text in which one concept counts wherever its words stand.
struct Said<'a> {
    reading: &'a Reading<'a>,
    concept: Concept,
}

impl<'a> Reading<'a> {
    /// Nothing is looked for yet.
    pub(super) fn new(tokens: &'a [Token], lexicon: &'static Lexicon) -> Self {
        let empty = || vec![OnceCell::new(); Concept::ALL.len()];
        Self { tokens, lexicon, said: empty(), meant: empty() }
    }

    /// Where a concept is meant, in the order of the text.
    pub(super) fn meant(&self, concept: Concept) -> &[Span] {
        self.meant[concept as usize].get_or_init(|| {
            let said = self.said(concept);
            if said.is_empty() {
                return Vec::new();
            }
            let text = Said { reading: self, concept };
            let not: Vec<Span> = spans(&self.lexicon.entry(concept).is_not, &text);
            let is_within =
                |span: &Span, (from, to): &Span| *from <= span.0 && span.0 < *to && span.1 <= to + SLACK;
            let is_meant = |span: &&Span| !not.iter().any(|not| is_within(span, not));
            said.iter().filter(is_meant).copied().collect()
        })
    }

    /// The first place in a stretch of words where a concept is meant.
    pub(super) fn within(&self, concept: Concept, words: &Range<usize>) -> Option<Span> {
        self.meant(concept).iter().copied().find(|(from, _)| words.contains(from))
    }

    fn said(&self, concept: Concept) -> &[Span] {
        self.said[concept as usize].get_or_init(|| spans(&self.lexicon.entry(concept).means, self))
    }
}

impl Text for Reading<'_> {
    fn tokens(&self) -> &[Token] {
        self.tokens
    }

    fn ends(&self, concept: Concept, at: usize) -> Vec<usize> {
        ends_at(self.meant(concept), at)
    }

    fn is_but(&self, at: usize) -> bool {
        self.meant(Concept::But).binary_search_by_key(&at, |span| span.0).is_ok()
    }
}

impl Text for Said<'_> {
    fn tokens(&self) -> &[Token] {
        self.reading.tokens
    }

    fn ends(&self, concept: Concept, at: usize) -> Vec<usize> {
        if concept == self.concept {
            return ends_at(self.reading.said(concept), at);
        }
        self.reading.ends(concept, at)
    }

    fn is_but(&self, at: usize) -> bool {
        self.reading.is_but(at)
    }
}

/// Where phrases stand in a text, in its order.
fn spans(phrases: &[Phrase], text: &impl Text) -> Vec<Span> {
    let mut all: Vec<Span> = Vec::new();
    for at in 0..text.tokens().len() {
        let ends = phrases.iter().filter_map(|phrase| phrase.end(text, at)).filter(|end| *end > at);
        all.extend(ends.map(|end| (at, end)));
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn ends_at(spans: &[Span], at: usize) -> Vec<usize> {
    let first = spans.partition_point(|span| span.0 < at);
    spans[first..].iter().take_while(|span| span.0 == at).map(|span| span.1).collect()
}

/// The sentences of a text, each with its end.
pub(super) fn sentences(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == Kind::End {
            all.push(from..at + 1);
            from = at + 1;
        }
    }
    if from < tokens.len() {
        all.push(from..tokens.len());
    }
    all
}
