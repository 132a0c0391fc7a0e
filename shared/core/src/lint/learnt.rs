//! What was learnt from texts that break a policy and texts that do not, where no list of words
//! reaches: hints, stories, new ways to say an old thing.
//!
//! Each sentence, and each two together, become features: n-grams of their words, the concepts
//! that the word lists find there, and which concepts meet. The first two models say whether a
//! buyer's review is bent, or Amazon's channel misused; the others only name the kind.
//! `renown-train lint` makes the weights from the texts in `infra/train/texts/lint`.

use std::ops::Range;
use std::sync::LazyLock;

use super::concept::Concept;
use super::fold::{Folded, Kind as Sort, Token};
use super::lexicon::Lexicon;
use super::pattern::Span;
use super::reading::{Reading, sentences};
use super::rule::Kind;
use crate::language::Language;
use crate::text::{Bag, Heads, N_BUCKETS};

static HEADS: LazyLock<Heads<'static>> =
    LazyLock::new(|| Heads::read(include_bytes!("learnt.bin")).expect("a test reads the weights"));

/// What the first models decide, each over all kinds that it stands for.
const DECIDING: [&str; 2] = ["review", "amazon"];

/// Kinds of which a buyer's review is bent; the others misuse Amazon's channel.
const N_OF_REVIEWS: usize = 5;

/// The kinds that are learnt, each with the rule that says why. Behind the deciding models stands
/// one a kind.
const KINDS: [(Kind, &str); 8] = [
    (Kind::Incentive, "incentive"),
    (Kind::Positive, "positive-rating"),
    (Kind::Conditional, "conditional-request"),
    (Kind::Divert, "divert-unhappy"),
    (Kind::Change, "change-review"),
    (Kind::Contact, "outside-contact"),
    (Kind::Promotion, "promotion"),
    (Kind::Tracking, "tracking"),
];

/// The names of the models, in the order in which they are learnt.
pub fn models() -> impl Iterator<Item = &'static str> {
    DECIDING.into_iter().chain(KINDS.iter().map(|(_, rule)| *rule))
}

/// Whether a model is to say yes to a text of a kind.
pub fn says_yes(model: usize, kind: Kind) -> bool {
    let Some(at) = KINDS.iter().position(|(learnt, _)| *learnt == kind) else { return false };
    model == usize::from(at >= N_OF_REVIEWS) || model == DECIDING.len() + at
}

/// How much a concept weighs beside the n-grams, which together have length 1.
const CONCEPT: f32 = 0.3;

/// Number of features: n-grams, then concepts and their pairs.
#[expect(clippy::cast_possible_truncation, reason = "there are some dozens of concepts")]
pub const N_FEATURES: u32 = {
    let n = Concept::ALL.len() as u32;
    N_BUCKETS + n * (n + 1) / 2
};

/// Something that was learnt to be against a rule.
pub(super) struct Suspect {
    /// The rule.
    pub(super) rule: &'static str,
    /// Where.
    pub(super) words: Span,
}

/// A stretch of a text as the models see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    /// The first character, and the one behind the last.
    pub place: (usize, usize),
    /// Its features and their weights.
    pub features: Vec<(u32, f32)>,
}

/// The stretches of a text that are judged, for whoever learns from them.
pub fn passages(text: &str, language: Language) -> Vec<Passage> {
    let tokens = Folded::new(text).tokens();
    let reading = Reading::new(&tokens, Lexicon::of(language));
    let place = |words: &Range<usize>| (tokens[words.start].start, tokens[words.end - 1].end);
    stretches(&sentences(&tokens))
        .map(|words| Passage { place: place(&words), features: features(&tokens, &reading, &words) })
        .collect()
}

/// What the weights were learnt from: SHA-256 of the texts.
pub fn learnt_from() -> [u8; 32] {
    HEADS.learnt_from()
}

/// What in a text is against the rules as far as it was learnt; on Amazon more is. Two sentences
/// count only where neither does alone.
pub(super) fn suspects(
    tokens: &[Token],
    reading: &Reading<'_>,
    sentences: &[Range<usize>],
    is_amazon: bool,
) -> Vec<Suspect> {
    let mut found: Vec<Suspect> = Vec::new();
    for words in stretches(sentences) {
        let answers = HEADS.answers(&features(tokens, reading, &words));
        let named = answers.get(DECIDING.len()..).unwrap_or_default().iter().zip(&KINDS);
        let of_reviews = named.clone().take(N_OF_REVIEWS);
        let mut add = |is_bad: bool, likeliest: Option<(&f32, &(Kind, &'static str))>| {
            let is_there = |suspect: &Suspect| words.start <= suspect.words.0 && suspect.words.1 <= words.end;
            if let Some((_, (_, rule))) = likeliest.filter(|_| is_bad && !found.iter().any(is_there)) {
                found.push(Suspect { rule, words: (words.start, words.end) });
            }
        };
        add(answers[0] > 0.0, of_reviews.max_by(|a, b| a.0.total_cmp(b.0)));
        add(is_amazon && answers[1] > 0.0, named.skip(N_OF_REVIEWS).max_by(|a, b| a.0.total_cmp(b.0)));
    }
    found
}

/// Each sentence, then each two together.
fn stretches(sentences: &[Range<usize>]) -> impl Iterator<Item = Range<usize>> {
    let pairs = sentences.windows(2).map(|pair| pair[0].start..pair[1].end);
    sentences.iter().cloned().chain(pairs)
}

fn features(tokens: &[Token], reading: &Reading<'_>, words: &Range<usize>) -> Vec<(u32, f32)> {
    let mut bag = Bag::default();
    for token in &tokens[words.clone()] {
        match token.kind {
            Sort::Character => bag.character(&token.text),
            Sort::Word | Sort::Number | Sort::Sign | Sort::End => bag.word(&token.text),
        }
    }
    let mut features = bag.weights();
    let is_there = |concept: &Concept| reading.meant(*concept).iter().any(|span| words.contains(&span.0));
    let there: Vec<u32> = Concept::ALL.iter().filter(|c| is_there(c)).map(|c| *c as u32).collect();
    for (at, one) in there.iter().enumerate() {
        for other in &there[..=at] {
            features.push((N_BUCKETS + one * (one + 1) / 2 + other, CONCEPT));
        }
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::RULES;

    #[test]
    fn the_weights_are_those_of_these_models_and_features() {
        let names: Vec<&str> = HEADS.heads().iter().map(|head| head.name.as_str()).collect();
        assert_eq!(names, models().collect::<Vec<_>>());
    }

    #[test]
    fn each_kind_has_its_rule() {
        for (kind, id) in KINDS {
            let rule = RULES.iter().find(|rule| rule.id == id).expect("a rule");
            assert_eq!(rule.kind, kind, "{id}");
        }
    }
}
