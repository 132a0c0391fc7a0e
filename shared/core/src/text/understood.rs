//! What is known beside a text, and what is understood of it.

use super::cause::Cause;
use super::language::Language;
use super::urgency::Urgency;

/// What is known beside a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints {
    /// Its language; else it is found out.
    pub language: Option<Language>,
    /// The stars that the buyer gave, 1 to 5.
    pub stars: Option<u8>,
    /// The cause that Amazon's reason of a return names, see [`super::cause_of_return`]. It is the
    /// primary cause whatever the text says, and who returns for a cause is unhappy.
    pub returned_for: Option<Cause>,
}

/// A stretch of a text, counted in characters: the first, and the one behind the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first character.
    pub start: usize,
    /// The one behind the last.
    pub end: usize,
}

/// What is understood of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// Its language; `None`: it has no letters, or those of a script that none of the languages uses. Then
    /// only signs that mean the same everywhere count, and what is known beside the text.
    pub language: Option<Language>,
    /// Whether the buyer is unhappy.
    pub negative: bool,
    /// How sure that is: 0 content, 1 unhappy, above one half negative.
    pub score: f32,
    /// What is complained of, the primary cause first. An unhappy buyer has one at least, be it
    /// [`Cause::Other`]; a content one has those alone that are clearly stated ("late, but lovely").
    pub causes: Vec<Cause>,
    /// What cannot wait. It is looked for in every text, whatever its mood.
    pub urgency: Urgency,
    /// The words that decided, in the order of the text.
    pub words: Vec<Span>,
}

impl Understood {
    /// What would have to be put right first; mostly nothing for a content buyer.
    pub fn primary(&self) -> Option<Cause> {
        self.causes.first().copied()
    }
}
