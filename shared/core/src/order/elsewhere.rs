//! One order under the ids of several sellers: the same Amazon account connected twice, or its
//! files imported under another id. What one copy came to binds the others (promise P1).

use super::{Expired, Skipped, State};

/// What a copy of an order under another seller's id says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// Nothing: no request has left for it there.
    Free,
    /// A request may be leaving there at this moment, or its outcome is not known yet.
    Underway,
    /// It was asked there, or a person said that it never is to be.
    Over(Skipped),
}

impl State {
    /// What it says of the same order under another seller's id.
    pub fn elsewhere(&self) -> Elsewhere {
        match self {
            Self::Claimed { .. } | Self::Unknown { .. } => Elsewhere::Underway,
            Self::Asked { .. } | Self::Expired { why: Expired::OutcomeUnknown, .. } => {
                Elsewhere::Over(Skipped::OtherSeller)
            }
            Self::Skipped { why, .. } => match why {
                Skipped::NeverOwnOrder | Skipped::NeverLegal | Skipped::NeverContact => Elsewhere::Over(*why),
                Skipped::Erased | Skipped::OtherSeller => Elsewhere::Over(Skipped::OtherSeller),
                // What the facts or that seller's rules say, this seller's own will say for it.
                Skipped::Cancelled
                | Skipped::Unfulfillable
                | Skipped::Replacement
                | Skipped::NotAmazon
                | Skipped::RuleSku
                | Skipped::RuleAsin
                | Skipped::RuleChannel
                | Skipped::RuleProgram => Elsewhere::Free,
            },
            Self::Seen { .. }
            | Self::Planned { .. }
            | Self::Held { .. }
            | Self::Refused { .. }
            | Self::Expired { .. } => Elsewhere::Free,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::order::{NotYet, Refused};

    #[test]
    fn a_copy_that_was_asked_or_never_is_to_be_binds_the_others() {
        let at = Timestamp::UNIX_EPOCH;
        let skipped = |why| State::Skipped { why, at }.elsewhere();
        assert_eq!(State::Asked { at, presumed: true }.elsewhere(), Elsewhere::Over(Skipped::OtherSeller));
        assert_eq!(skipped(Skipped::NeverLegal), Elsewhere::Over(Skipped::NeverLegal));
        assert_eq!(skipped(Skipped::Erased), Elsewhere::Over(Skipped::OtherSeller));
        assert_eq!(skipped(Skipped::RuleSku), Elsewhere::Free);
        assert_eq!(State::Seen { why: NotYet::NotShipped }.elsewhere(), Elsewhere::Free);
        assert_eq!(State::Refused { why: Refused::NotFound, at }.elsewhere(), Elsewhere::Free);
        let unknown = State::Unknown { since: at, not_after: at, next_check: at, gone: 0, unclear: 1 };
        assert_eq!(unknown.elsewhere(), Elsewhere::Underway);
        let expired = |why| State::Expired { why, at }.elsewhere();
        assert_eq!(expired(Expired::OutcomeUnknown), Elsewhere::Over(Skipped::OtherSeller));
        assert_eq!(expired(Expired::Listening), Elsewhere::Free);
    }
}
