//! The n-grams of a text, by the buckets that their hashes fall into.

/// Buckets for n-grams. Two n-grams in one bucket cost little: measured with a quarter of them,
/// the same share of texts is judged rightly.
pub const N_BUCKETS: u32 = 1 << 16;

/// The buckets of a text's n-grams.
#[derive(Debug, Clone, PartialEq)]
pub struct Bag {
    n_buckets: u32,
    /// The bucket of each n-gram that was met.
    buckets: Vec<u32>,
    words: Vec<String>,
    characters: String,
}

/// Letters of a piece of a word.
const PIECE: std::ops::RangeInclusive<usize> = 3..=5;
/// Characters together in a script without blanks.
const RUN: std::ops::RangeInclusive<usize> = 1..=4;

impl Default for Bag {
    fn default() -> Self {
        Self::of_size(N_BUCKETS)
    }
}

impl Bag {
    /// A bag with so many buckets. Of two sizes that are powers of two, the number of a bucket of the
    /// smaller is that of the larger, cut.
    pub fn of_size(n_buckets: u32) -> Self {
        Self { n_buckets, buckets: Vec::new(), words: Vec::new(), characters: String::new() }
    }

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
        self.buckets.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "no text has 2^24 words")]
        let weight = |same: &[u32]| (same[0], 1.0 + (same.len() as f32).ln());
        let mut weights: Vec<(u32, f32)> = self.buckets.chunk_by(u32::eq).map(weight).collect();
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
        self.buckets.push(hash(parts) % self.n_buckets);
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
