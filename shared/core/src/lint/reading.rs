//! A text read with the word lists of one language: which concept stands where.

use std::cell::OnceCell;
use std::ops::Range;

use super::concept::Concept;
use super::fold::{Kind, Token};
use super::idea::Idea;
use super::index::Named;
use super::lexicon::Lexicon;
use super::pattern::{Span, Text, from_there};

/// How many words further than what denies it a concept may reach: a phrase that denies ends with
/// the first word of what it denies.
const SLACK: usize = 3;

/// A text and a language. A concept is looked for when a rule first asks for it.
pub(crate) struct Reading<'a, C: Idea = Concept> {
    tokens: &'a [Token],
    lexicon: &'static Lexicon<C>,
    /// Which phrases may begin where, by concept and by whether it is not meant in them.
    begin: Vec<[Vec<Beginning>; 2]>,
    /// Where the words of a concept stand, meant or not.
    said: Vec<OnceCell<Vec<Span>>>,
    /// Where it is meant.
    meant: Vec<OnceCell<Vec<Span>>>,
}

/// A place and the number of a phrase that may begin there.
type Beginning = (usize, usize);

/// A text in which one concept counts wherever its words stand.
struct Said<'a, C: Idea> {
    reading: &'a Reading<'a, C>,
    concept: C,
}

impl<'a, C: Idea> Reading<'a, C> {
    /// Nothing is looked for yet, but it is known what may begin where.
    pub(crate) fn new(tokens: &'a [Token], lexicon: &'static Lexicon<C>) -> Self {
        let empty = || vec![OnceCell::new(); C::ALL.len()];
        let mut begin = vec![[Vec::new(), Vec::new()]; C::ALL.len()];
        for at in 0..tokens.len() {
            for Named { concept, is_not, number } in lexicon.index.beginning(tokens, at) {
                begin[concept.number()][usize::from(is_not)].push((at, number));
            }
        }
        Self { tokens, lexicon, begin, said: empty(), meant: empty() }
    }

    /// Where a concept is meant, in the order of the text.
    pub(crate) fn meant(&self, concept: C) -> &[Span] {
        self.meant[concept.number()].get_or_init(|| {
            let said = self.said(concept);
            if said.is_empty() {
                return Vec::new();
            }
            let text = Said { reading: self, concept };
            let not = self.spans(concept, true, &text);
            let is_within =
                |span: &Span, (from, to): &Span| *from <= span.0 && span.0 < *to && span.1 <= to + SLACK;
            let is_meant = |span: &&Span| !not.iter().any(|not| is_within(span, not));
            said.iter().filter(is_meant).copied().collect()
        })
    }

    /// The first place in a stretch of words where a concept is meant, to its last end.
    pub(super) fn within(&self, concept: C, words: &Range<usize>) -> Option<Span> {
        let meant = self.meant(concept);
        let (from, _) = *meant.iter().find(|(from, _)| words.contains(from))?;
        from_there(meant, from).last().copied()
    }

    fn said(&self, concept: C) -> &[Span] {
        self.said[concept.number()].get_or_init(|| self.spans(concept, false, self))
    }

    /// Where the phrases of a concept stand in a text, in its order.
    fn spans(&self, concept: C, is_not: bool, text: &impl Text<C>) -> Vec<Span> {
        let entry = self.lexicon.entry(concept);
        let phrases = if is_not { &entry.is_not } else { &entry.means };
        let mut all: Vec<Span> = Vec::new();
        let mut look = |at: usize, number: usize| {
            let end = phrases.get(number).and_then(|phrase| phrase.end(text, at));
            all.extend(end.filter(|end| *end > at).map(|end| (at, end)));
        };
        for (at, number) in &self.begin[concept.number()][usize::from(is_not)] {
            look(*at, *number);
        }
        let of_this = |named: &Named<C>| named.concept == concept && named.is_not == is_not;
        for (first, named) in self.lexicon.index.by_concept.iter().filter(|(_, named)| of_this(named)) {
            let mut last = None;
            for (at, _) in text.all(*first) {
                if last.replace(*at) != Some(*at) {
                    look(*at, named.number);
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl<C: Idea> Text<C> for Reading<'_, C> {
    fn tokens(&self) -> &[Token] {
        self.tokens
    }

    fn all(&self, concept: C) -> &[Span] {
        self.meant(concept)
    }
}

impl<C: Idea> Text<C> for Said<'_, C> {
    fn tokens(&self) -> &[Token] {
        self.reading.tokens
    }

    fn all(&self, concept: C) -> &[Span] {
        if concept == self.concept { self.reading.said(concept) } else { self.reading.meant(concept) }
    }
}

/// Words of a question at most that is the condition of what follows it: "Happy? Tell others."
const SHORT_QUESTION: usize = 5;

/// The sentences of a text, each with its end. A short question and what follows it are one.
pub(super) fn sentences(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let (mut from, mut last) = (0, 0);
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == Kind::End {
            let is_condition = token.text == "?" && from == last && at - last <= SHORT_QUESTION;
            if !is_condition {
                all.push(from..at + 1);
                from = at + 1;
            }
            last = at + 1;
        }
    }
    if from < tokens.len() {
        all.push(from..tokens.len());
    }
    all
}
