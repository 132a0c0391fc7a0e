//! Texts as bags of n-grams, what linear models have learnt of them, and what buyers' texts say.
//!
//! A text becomes numbers of buckets ([`Bag`]): its words, pairs and triples of words, and pieces
//! of words of three to five letters, or of one to four characters where no blanks part words.
//! What was learnt lies in a file of weights of one byte each ([`Heads`]), which the command
//! `renown-train` makes. No model runs elsewhere and nothing is fetched.
//!
//! Of buyers' texts a [`Model`] says the language, whether the buyer is unhappy, why, and what cannot
//! wait. Beside the n-grams it sees ideas that word lists of eleven languages find (`words/`), the
//! same ideas in each: what is learnt of one language helps in the others. Its weights are not in
//! this crate: only what includes them carries them.

mod bag;
mod cause;
mod concept;
mod heads;
mod keywords;
mod language;
mod lexicon;
mod model;
mod return_reason;
mod sight;
mod tongue;
mod understood;
mod urgency;

pub use bag::{Bag, N_BUCKETS};
pub use cause::{Cause, UnknownCause};
pub use heads::{BadWeights, Head, Heads, file};
pub use keywords::keywords;
pub use language::{Language, UnknownLanguage};
pub use model::{Model, model_file, questions};
pub use return_reason::cause_of_return;
pub use sight::{N_BUCKETS_OF_CAUSES, N_BUCKETS_OF_MOOD, N_IDEAS, Sight};
pub use tongue::{N_BUCKETS_OF_LETTERS, letters, of_script};
pub use understood::{Hints, Span, Understood};
pub use urgency::{UnknownUrgency, Urgency};
