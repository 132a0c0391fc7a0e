//! The n-grams of a text, by the buckets that their hashes fall into.

use std::collections::BTreeMap;

/// Buckets for n-grams. Two n-grams in one bucket cost little: measured with a quarter of them,
/// the same share of texts is judged rightly.
pub const N_BUCKETS: u32 = 1 << 16;

/// How often each bucket occurs in a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bag {
    counts: BTreeMap<u32, u32>,
    words: Vec<String>,
    characters: String,
}

/// Letters of a piece of a word.
const PIECE: std::ops::RangeInclusive<usize> = 3..=5;
/// Characters together in a script without blanks.
const RUN: std::ops::RangeInclusive<usize> = 1..=4;

impl Bag {
    /// Adds the next word or sign, in small letters.
    pub fn word(&mut self, word: &str) {
        self.end_of_characters();
        let word: String = word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        self.count(&["w", &word]);
        if word.chars().count() >= *PIECE.start() && word.chars().all(char::is_alphabetic) {
            let letters: Vec<char> = format!("<{word}>").chars().collect();
            for n in PIECE {
                for piece in letters.windows(n) {
                    self.count(&["s", &piece.iter().collect::<String>()]);
                }
            }
        }
        if let [.., before, last] = &self.words[..] {
            let (far, near) = (before.clone(), last.clone());
            self.count(&["k", &far, " ", &word]);
            self.count(&["t", &far, " ", &near, " ", &word]);
        }
        if let Some(last) = self.words.last().cloned() {
            self.count(&["b", &last, " ", &word]);
        }
        self.words.push(word);
    }

    /// Adds the next character of a script without blanks.
    pub fn character(&mut self, character: &str) {
        self.characters.push_str(character);
    }

    /// The buckets with the weight of each: 1 + ln(count), all together of length 1.
    pub fn weights(mut self) -> Vec<(u32, f32)> {
        self.end_of_characters();
        #[expect(clippy::cast_precision_loss, reason = "no text has 2^24 words")]
        let mut weights: Vec<(u32, f32)> =
            self.counts.iter().map(|(bucket, n)| (*bucket, 1.0 + (*n as f32).ln())).collect();
        let length = weights.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(1e-9);
        for (_, weight) in &mut weights {
            *weight /= length;
        }
        weights
    }

    fn end_of_characters(&mut self) {
        let run: Vec<char> = std::mem::take(&mut self.characters).chars().collect();
        for n in RUN {
            for piece in run.windows(n) {
                self.count(&["c", &piece.iter().collect::<String>()]);
            }
        }
    }

    fn count(&mut self, parts: &[&str]) {
        *self.counts.entry(hash(parts) % N_BUCKETS).or_default() += 1;
    }
}

/// FNV-1a over the parts, with its high bits folded in: its low bits alone are weak.
/// Source: the hash's reference code (isthe.com/chongo/tech/comp/fnv).
fn hash(parts: &[&str]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in parts.iter().flat_map(|part| part.bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bag(words: &[&str]) -> Vec<(u32, f32)> {
        let mut bag = Bag::default();
        for word in words {
            bag.word(word);
        }
        bag.weights()
    }

    #[test]
    fn a_text_has_length_one_and_the_same_text_the_same_buckets() {
        let weights = bag(&["great", "cup", ",", "great", "price"]);
        let length: f32 = weights.iter().map(|(_, weight)| weight * weight).sum();
        assert!((length - 1.0).abs() < 1e-5);
        assert_eq!(weights, bag(&["great", "cup", ",", "great", "price"]));
        assert_ne!(weights, bag(&["great", "price", ",", "great", "cup"]), "order counts");
    }

    #[test]
    fn numbers_are_one_word() {
        assert_eq!(bag(&["10", "euros"]), bag(&["25", "euros"]));
    }

    #[test]
    fn nothing_has_no_weights() {
        assert_eq!(bag(&[]), []);
    }
}
