//! How a case ended.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::say::Text;
use crate::text;

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The buyer got another one.
    Replaced,
    /// The buyer got the money back, or a part of it.
    Refunded,
    /// The feedback was struck through or removed.
    Removed,
    /// The buyer changed the feedback to a neutral or good one, of their own will.
    TurnedNeutral,
    /// The buyer was answered, and it ended there.
    Answered,
    /// What was wrong with the account, a shipment or a listing is put right.
    Mended,
    /// There was nothing to answer.
    NoReplyNeeded,
    /// The buyer stays unhappy, or a claim was granted.
    Lost,
}

/// A word that is no outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no outcome; there are {all}", all = Outcome::ALL.map(Outcome::name).join(", "))]
pub struct UnknownOutcome(String);

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Replaced,
        Self::Refunded,
        Self::Removed,
        Self::TurnedNeutral,
        Self::Answered,
        Self::Mended,
        Self::NoReplyNeeded,
        Self::Lost,
    ];

    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::Refunded => "refunded",
            Self::Removed => "removed",
            Self::TurnedNeutral => "turned_neutral",
            Self::Answered => "answered",
            Self::Mended => "mended",
            Self::NoReplyNeeded => "no_reply_needed",
            Self::Lost => "lost",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Replaced => text!("replaced", "已补发"),
            Self::Refunded => text!("refunded", "已退款"),
            Self::Removed => text!("feedback removed", "反馈已移除"),
            Self::TurnedNeutral => text!("turned neutral or good", "买家改为中评或好评"),
            Self::Answered => text!("answered", "已回复"),
            Self::Mended => text!("put right", "已纠正"),
            Self::NoReplyNeeded => text!("no reply needed", "无需回复"),
            Self::Lost => text!("lost", "未能挽回"),
        }
    }

    /// Whether what was wrong is right again: these count as recovered among all that ended but
    /// for those that needed no reply.
    pub fn is_recovered(self) -> bool {
        matches!(self, Self::Replaced | Self::Refunded | Self::Removed | Self::TurnedNeutral | Self::Mended)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Outcome {
    type Err = UnknownOutcome;
    fn from_str(text: &str) -> Result<Self, UnknownOutcome> {
        let name = text.replace('-', "_");
        let found = Self::ALL.into_iter().find(|outcome| outcome.name() == name);
        found.ok_or_else(|| UnknownOutcome(text.chars().take(30).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_is_as_good_as_an_underscore_and_a_mistake_names_every_outcome() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.name().parse(), Ok(outcome));
            assert_eq!(outcome.name().replace('_', "-").parse(), Ok(outcome));
        }
        let wrong = "solved".parse::<Outcome>().expect_err("none").to_string();
        assert!(Outcome::ALL.iter().all(|outcome| wrong.contains(outcome.name())), "{wrong}");
    }
}
