//! Phrases of the word lists, and where they stand in a text.
//!
//! A phrase is a row of items:
//!
//! | item | meaning |
//! |---|---|
//! | `gift` | that word |
//! | `review*`, `*gutschein*` | a word that begins with it, that has it inside |
//! | `gift\|present` | one of them |
//! | `好评` | these characters, one after the other |
//! | `#` | any number |
//! | `?`, `!` at the end | the sentence ends with this mark |
//! | `<review>` | what stands for a concept |
//! | `very?`, `<not>?` | there or not |
//! | `_3` | up to three words of any kind |
//! | `~3` | up to three words, but no comma and no "but" among them |

use super::concept::Concept;
use super::fold::{self, Kind, Token};
use super::idea::Idea;

/// Where something stands: from a word up to another, that one not included.
pub(crate) type Span = (usize, usize);

/// A phrase.
#[derive(Debug, Clone)]
pub(crate) struct Phrase<C = Concept>(Vec<Item<C>>);

#[derive(Debug, Clone)]
struct Item<C> {
    what: What<C>,
    may_miss: bool,
}

#[derive(Debug, Clone)]
enum What<C> {
    /// One of these rows of words.
    Words(Vec<Vec<Word>>),
    /// What stands for a concept.
    Concept(C),
    /// Up to so many words, commas or not.
    Gap { most: usize, over_commas: bool },
}

/// A word of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(super) text: String,
    pub(super) kind: Kind,
    pub(super) is_open_before: bool,
    pub(super) is_open_after: bool,
    pub(super) is_any_number: bool,
}

/// What a phrase may begin with.
#[derive(Debug)]
pub(crate) enum Start<'a, C> {
    /// A row of words.
    Words(&'a [Word]),
    /// What stands for a concept.
    Concept(C),
    /// Any word.
    Anything,
}

/// A text as phrases see it.
pub(crate) trait Text<C> {
    /// Its words.
    fn tokens(&self) -> &[Token];
    /// Where a concept stands, in the order of the text.
    fn all(&self, concept: C) -> &[Span];
}

/// Those of the spans, which are in order, that begin with a word.
pub(super) fn from_there(spans: &[Span], at: usize) -> &[Span] {
    let first = spans.partition_point(|span| span.0 < at);
    let n = spans[first..].partition_point(|span| span.0 == at);
    &spans[first..first + n]
}

/// A mistake in a word list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no item of a phrase")]
pub(crate) struct NoItem(String);

impl<C: Idea> Phrase<C> {
    /// Reads a phrase.
    pub(super) fn parse(text: &str) -> Result<Self, NoItem> {
        text.split_whitespace().map(Item::parse).collect::<Result<_, _>>().map(Self)
    }

    /// The concepts it speaks of.
    pub(super) fn concepts(&self) -> impl Iterator<Item = C> {
        self.0.iter().filter_map(|item| match item.what {
            What::Concept(concept) => Some(concept),
            What::Words(_) | What::Gap { .. } => None,
        })
    }

    /// What it may begin with.
    pub(super) fn starts(&self) -> Vec<Start<'_, C>> {
        let mut all = Vec::new();
        for item in &self.0 {
            match &item.what {
                What::Words(rows) => all.extend(rows.iter().map(|row| Start::Words(row))),
                What::Concept(concept) => all.push(Start::Concept(*concept)),
                What::Gap { .. } => {
                    all.push(Start::Anything);
                    return all;
                }
            }
            if !item.may_miss {
                return all;
            }
        }
        all.push(Start::Anything);
        all
    }

    /// Where it ends if it begins with a word of the text: of several ends the last.
    pub(super) fn end(&self, text: &impl Text<C>, at: usize) -> Option<usize> {
        rest(&self.0, text, at)
    }
}

impl<C: Idea> Item<C> {
    fn parse(said: &str) -> Result<Self, NoItem> {
        let wrong = || NoItem(said.to_owned());
        let gap = |most: &str, over_commas| {
            let most = most.parse().map_err(|_| wrong())?;
            Ok(Self { what: What::Gap { most, over_commas }, may_miss: false })
        };
        if let Some(most) = said.strip_prefix('_') {
            return gap(most, true);
        }
        if let Some(most) = said.strip_prefix('~') {
            return gap(most, false);
        }
        let (body, may_miss) = match said.strip_suffix('?') {
            Some(body) if !body.is_empty() => (body, true),
            _ => (said, false),
        };
        let what = match body.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
            Some(name) => {
                let found = C::ALL.iter().find(|concept| concept.name() == name);
                What::Concept(*found.ok_or_else(wrong)?)
            }
            None => What::Words(
                body.split('|').map(|row| words(row).ok_or_else(wrong)).collect::<Result<_, _>>()?,
            ),
        };
        Ok(Self { what, may_miss })
    }
}

/// A row of words, folded as a text is.
fn words(row: &str) -> Option<Vec<Word>> {
    let word = |text: &str, kind| Word {
        text: text.to_owned(),
        kind,
        is_open_before: false,
        is_open_after: false,
        is_any_number: text == "#",
    };
    if matches!(row, "#" | "?" | "!") {
        return Some(vec![word(row, if row == "#" { Kind::Number } else { Kind::End })]);
    }
    let (is_open_before, is_open_after) = (row.starts_with('*'), row.ends_with('*'));
    let mut words: Vec<Word> =
        fold::tokens(row.trim_matches('*')).iter().map(|token| word(&token.text, token.kind)).collect();
    words.first_mut()?.is_open_before = is_open_before;
    words.last_mut()?.is_open_after = is_open_after;
    Some(words)
}

/// Where the items end if they begin with a word of the text.
fn rest<C: Idea>(items: &[Item<C>], text: &impl Text<C>, at: usize) -> Option<usize> {
    let Some((item, after)) = items.split_first() else { return Some(at) };
    let found = match &item.what {
        What::Words(rows) => {
            let ends = rows.iter().filter_map(|row| ends_of(row, text.tokens(), at));
            ends.filter_map(|end| rest(after, text, end)).max()
        }
        What::Concept(concept) => {
            let ends = from_there(text.all(*concept), at).iter().map(|span| span.1);
            ends.filter_map(|end| rest(after, text, end)).max()
        }
        What::Gap { most, over_commas } => gap(*most, *over_commas, after, text, at),
    };
    found.or_else(|| if item.may_miss { rest(after, text, at) } else { None })
}

fn gap<C: Idea>(
    most: usize,
    over_commas: bool,
    after: &[Item<C>],
    text: &impl Text<C>,
    at: usize,
) -> Option<usize> {
    let tokens = text.tokens();
    for skipped in 0..=most {
        let here = at + skipped;
        let token = tokens.get(here);
        if !over_commas
            && token
                .is_some_and(|token| token.is_after_comma || !from_there(text.all(C::BUT), here).is_empty())
        {
            return None;
        }
        if let Some(end) = rest(after, text, here) {
            return Some(end);
        }
        if token.is_none_or(|token| token.kind == Kind::End) {
            return None;
        }
    }
    None
}

/// Where a row of words ends if it begins with a word of the text.
fn ends_of(row: &[Word], tokens: &[Token], at: usize) -> Option<usize> {
    let mut here = at;
    for word in row {
        here = word.end(tokens, here)?;
    }
    Some(here)
}

impl Word {
    fn end(&self, tokens: &[Token], at: usize) -> Option<usize> {
        let token = tokens.get(at)?;
        if token.kind != self.kind {
            return None;
        }
        if self.is_any_number {
            return Some(at + 1);
        }
        if self.is_in(token) {
            return Some(at + 1);
        }
        // Two halves of one word.
        token.joined.as_deref().filter(|both| self.fits(both)).map(|_| at + 2)
    }

    fn is_in(&self, token: &Token) -> bool {
        if token.is_spaced {
            return self.text.chars().count() >= 4 && token.text.contains(&self.text);
        }
        self.fits(&token.text)
    }

    pub(super) fn fits(&self, text: &str) -> bool {
        match (self.is_open_before, self.is_open_after) {
            _ if text.contains('*') => self.fits_hidden(text),
            (false, false) => text == self.text,
            (false, true) => text.starts_with(&self.text),
            (true, false) => text.ends_with(&self.text),
            (true, true) => text.contains(&self.text),
        }
    }

    /// Whether it fits a word some letters of which are hidden behind `*`.
    fn fits_hidden(&self, text: &str) -> bool {
        let (own, other) = (self.text.chars().count(), text.chars().count());
        let fits_length = if self.is_open_after { other >= own } else { other == own };
        let shown = text.chars().filter(|c| *c != '*').count();
        fits_length && shown >= 2 && self.text.chars().zip(text.chars()).all(|(own, c)| c == '*' || c == own)
    }
}
