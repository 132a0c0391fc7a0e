//! How a case ended.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::signal::Kind;
use super::subject::Subject;
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
    /// The feedback or review was struck through or removed.
    Removed,
    /// The buyer changed the feedback or review to a neutral or good one, of their own will.
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
            Self::Removed => text!("removed", "已移除"),
            Self::TurnedNeutral => text!("turned neutral or good", "买家改为中评或好评"),
            Self::Answered => text!("answered", "已回复"),
            Self::Mended => text!("put right", "已纠正"),
            Self::NoReplyNeeded => text!("no reply needed", "无需回复"),
            Self::Lost => text!("lost", "未能挽回"),
        }
    }

    /// Whether a case about that, of which such signals are known, can end so: where there are buyers one
    /// can get something, and only what is published can be taken away or changed.
    pub fn fits(self, subject: &Subject, kinds: &[Kind]) -> bool {
        let is_published =
            || kinds.iter().any(|kind| matches!(kind, Kind::Feedback | Kind::FeedbackGone | Kind::Review));
        match self {
            Self::Replaced | Self::Refunded => !matches!(
                subject,
                Subject::Health { .. } | Subject::Account | Subject::Access | Subject::Mails
            ),
            Self::Removed | Self::TurnedNeutral => {
                is_published() || matches!(subject, Subject::Product { .. } | Subject::Topic { .. })
            }
            Self::Answered | Self::Mended | Self::NoReplyNeeded | Self::Lost => true,
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
    fn a_case_ends_only_as_such_a_case_can() {
        let order = Subject::Order { order: "302-1234567-1234567".parse().expect("an id") };
        let fitting = |subject: &Subject, kind: Kind| {
            let fits = Outcome::ALL.into_iter().filter(|outcome| outcome.fits(subject, &[kind]));
            fits.map(Outcome::name).collect::<Vec<_>>().join(" ")
        };
        let always = "answered mended no_reply_needed lost";
        assert_eq!(
            fitting(&order, Kind::Feedback),
            format!("replaced refunded removed turned_neutral {always}")
        );
        assert_eq!(fitting(&order, Kind::Return), format!("replaced refunded {always}"));
        assert_eq!(fitting(&Subject::Access, Kind::Access), always);
        let product = Subject::Product { asin: "B0LAMP0001".parse().expect("an ASIN") };
        assert_eq!(
            fitting(&product, Kind::Review),
            format!("replaced refunded removed turned_neutral {always}")
        );
    }

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
