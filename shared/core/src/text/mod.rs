//! Texts as bags of n-grams, and what linear models have learnt of them.
//!
//! A text becomes numbers of buckets ([`Bag`]): its words, pairs and triples of words, and pieces
//! of words of three to five letters, or of one to four characters where no blanks part words.
//! What was learnt lies in a file of weights of one byte each ([`Heads`]), which the command
//! `renown-train` makes. No model runs elsewhere and nothing is fetched.

mod bag;
mod heads;

pub use bag::{Bag, N_BUCKETS};
pub use heads::{BadWeights, Head, Heads, file};
