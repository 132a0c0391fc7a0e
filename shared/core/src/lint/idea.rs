//! What the word lists of a matter speak of: the linter has its ideas, buyers' texts have theirs.

use std::fmt::Debug;

/// One of a closed set of ideas that words stand for. Their order counts: the phrases of one may
/// speak of those above it only.
pub(crate) trait Idea: Copy + Eq + Debug + 'static {
    /// Every idea, in order.
    const ALL: &'static [Self];
    /// Words that begin a thought against the one before: no gap of a phrase reaches over them.
    const BUT: Self;

    /// Its name in the word lists.
    fn name(self) -> &'static str;

    /// Its place in [`Idea::ALL`].
    fn number(self) -> usize;
}
