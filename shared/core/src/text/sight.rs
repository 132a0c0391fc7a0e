//! A buyer's text as the models see it: n-grams of its words, and the ideas that its language's
//! word lists find there.

use super::bag::Bag;
use super::concept::Concept;
use super::language::Language;
use super::lexicon::lexicon;
use crate::lint::{Idea as _, Reading, Sort, Token, tokens};

/// Buckets of n-grams for the question whether a buyer is unhappy, from tens of thousands of texts.
pub const N_BUCKETS_OF_MOOD: u32 = 1 << 18;
/// Buckets of n-grams for causes and urgency, from some thousands.
pub const N_BUCKETS_OF_CAUSES: u32 = 1 << 16;

const N_CONCEPTS: u32 = {
    #[expect(clippy::cast_possible_truncation, reason = "there are some dozens of concepts")]
    let n = Concept::ALL.len() as u32;
    n
};

/// Features beside the n-grams: for each idea whether it is there, denied, the first cause, the last
/// word; and which ideas meet.
pub const N_IDEAS: u32 = 4 * N_CONCEPTS + N_CONCEPTS * (N_CONCEPTS - 1) / 2;

/// How much an idea weighs beside the n-grams, which together have length 1.
const THERE: f32 = 0.4;
/// How much two that meet weigh.
const MEET: f32 = 0.15;

/// Words before an idea among which one that denies it is looked for.
const REACH: usize = 3;
/// Characters behind it, in Japanese.
const REACH_BEHIND: usize = 7;

/// An idea at a place of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) concept: Concept,
    /// From a word up to another.
    pub(crate) words: (usize, usize),
    /// A word before it denies it.
    pub(crate) is_denied: bool,
}

/// A text that was read.
#[derive(Debug)]
pub struct Sight {
    tokens: Vec<Token>,
    hits: Vec<Hit>,
}

impl Sight {
    /// Reads a text that is in a language.
    pub fn new(text: &str, language: Language) -> Self {
        let tokens = tokens(text);
        let reading = Reading::new(&tokens, lexicon(language));
        let mut denies = vec![false; tokens.len()];
        for (from, to) in reading.meant(Concept::Not) {
            denies[*from..*to].fill(true);
        }
        let mut hits = Vec::new();
        for concept in Concept::ALL {
            for words in reading.meant(*concept) {
                let is_denied = *concept != Concept::Not && denied(&tokens, &denies, *words, language);
                hits.push(Hit { concept: *concept, words: *words, is_denied });
            }
        }
        hits.sort_by_key(|hit| hit.words);
        Self { tokens, hits }
    }

    /// The n-grams with their weights, for [`N_BUCKETS_OF_MOOD`].
    pub fn n_grams(&self) -> Vec<(u32, f32)> {
        let mut bag = Bag::of_size(N_BUCKETS_OF_MOOD);
        for token in &self.tokens {
            put(&mut bag, token);
        }
        bag.weights()
    }

    /// The ideas with their weights, numbered from 0.
    pub fn ideas(&self) -> Vec<(u32, f32)> {
        let mut there = [0u16; N_CONCEPTS as usize];
        let mut denied = there;
        for hit in &self.hits {
            let count = if hit.is_denied { &mut denied } else { &mut there };
            count[hit.concept.number()] += 1;
        }
        let mut ideas = Vec::new();
        for number in 0..N_CONCEPTS {
            let (n, n_denied) = (there[number as usize], denied[number as usize]);
            if n > 0 {
                ideas.push((4 * number, THERE * (1.0 + f32::from(n).ln())));
            }
            if n_denied > 0 {
                ideas.push((4 * number + 1, THERE));
            }
        }
        let mut meant = self.hits.iter().filter(|hit| !hit.is_denied).map(|hit| hit.concept);
        let mut leaning = meant.clone().filter(|concept| concept.leaning() != 0);
        ideas.extend(meant.find(|concept| concept.cause().is_some()).map(|c| (4 * c as u32 + 2, THERE)));
        ideas.extend(leaning.next_back().map(|c| (4 * c as u32 + 3, THERE)));
        let met: Vec<u32> = (0..N_CONCEPTS).filter(|number| there[*number as usize] > 0).collect();
        for (at, one) in met.iter().enumerate() {
            for other in &met[..at] {
                ideas.push((4 * N_CONCEPTS + one * (one - 1) / 2 + other, MEET));
            }
        }
        ideas
    }

    /// The features of the question whether a buyer is unhappy.
    pub fn of_mood(&self) -> Vec<(u32, f32)> {
        joined(self.n_grams(), self.ideas(), N_BUCKETS_OF_MOOD)
    }

    /// The features of causes and urgency.
    pub fn of_causes(&self) -> Vec<(u32, f32)> {
        joined(self.n_grams(), self.ideas(), N_BUCKETS_OF_CAUSES)
    }

    /// What the word lists found, in the order of the text.
    pub(crate) fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Its words.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }
}

/// N-grams of the largest size, cut to a smaller one, and ideas behind them.
pub(crate) fn joined(n_grams: Vec<(u32, f32)>, ideas: Vec<(u32, f32)>, n_buckets: u32) -> Vec<(u32, f32)> {
    let n_grams = n_grams.into_iter().map(|(bucket, weight)| (bucket % n_buckets, weight));
    n_grams.chain(ideas.into_iter().map(|(idea, weight)| (n_buckets + idea, weight))).collect()
}

/// Adds a word to a bag.
pub(crate) fn put(bag: &mut Bag, token: &Token) {
    match token.kind {
        Sort::Character => bag.character(&token.text),
        Sort::Word | Sort::Number | Sort::Sign | Sort::End => bag.word(&token.text),
    }
}

/// Whether a word that denies stands so near that it speaks of an idea.
fn denied(tokens: &[Token], denies: &[bool], (from, to): (usize, usize), language: Language) -> bool {
    if language == Language::Ja {
        let behind = to..tokens.len().min(to + REACH_BEHIND);
        let mut clause = behind.take_while(|at| tokens[*at].kind != Sort::End && !tokens[*at].is_after_comma);
        return clause.any(|at| denies[at]);
    }
    for at in (from.saturating_sub(REACH)..from).rev() {
        if tokens[at].kind == Sort::End || tokens[at + 1].is_after_comma {
            return false;
        }
        if denies[at] {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(text: &str, language: Language, concept: Concept) -> Option<bool> {
        Sight::new(text, language).hits().iter().find(|hit| hit.concept == concept).map(|hit| hit.is_denied)
    }

    #[test]
    fn an_idea_is_found_and_told_apart_from_its_denial() {
        for (text, language, concept, expect) in [
            ("The handle was broken", Language::En, Concept::Broken, Some(false)),
            ("It is not faulty", Language::En, Concept::Broken, Some(true)),
            ("No, the handle was faulty", Language::En, Concept::Broken, Some(false)),
            ("It is blue", Language::En, Concept::Broken, None),
        ] {
            assert_eq!(hit(text, language, concept), expect, "{text}");
        }
    }

    #[test]
    fn features_stay_within_their_numbers() {
        let sight = Sight::new("Broken, late, wrong colour. I want my money back!", Language::En);
        assert!(sight.of_mood().iter().all(|(feature, _)| *feature < N_BUCKETS_OF_MOOD + N_IDEAS));
        let causes = sight.of_causes();
        assert!(causes.iter().all(|(feature, _)| *feature < N_BUCKETS_OF_CAUSES + N_IDEAS));
        assert!(causes.iter().any(|(feature, _)| *feature >= N_BUCKETS_OF_CAUSES));
    }
}
