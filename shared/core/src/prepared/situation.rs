//! By which way a buyer's trouble came to the seller.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::say::Text;
use crate::text;

/// What a case began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Situation {
    /// Seller feedback of one to three stars on Amazon.
    Feedback,
    /// A return, asked for or under way.
    Return,
    /// A claim on Amazon's A-to-z guarantee.
    Claim,
    /// A buyer's message on Amazon.
    Message,
    /// An answer to a survey, by a customer of the seller's own shop.
    Survey,
}

/// A word that is no situation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no situation; write feedback, return, claim, message or survey")]
pub struct UnknownSituation(String);

impl Situation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Feedback, Self::Return, Self::Claim, Self::Message, Self::Survey];

    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feedback => "feedback",
            Self::Return => "return",
            Self::Claim => "claim",
            Self::Message => "message",
            Self::Survey => "survey",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Feedback => text!("seller feedback", "卖家反馈"),
            Self::Return => text!("return", "退货"),
            Self::Claim => text!("A-to-z claim", "A-to-z 索赔"),
            Self::Message => text!("buyer's message", "买家消息"),
            Self::Survey => text!("answer to a survey", "问卷回答"),
        }
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Situation {
    type Err = UnknownSituation;
    fn from_str(text: &str) -> Result<Self, UnknownSituation> {
        let found = Self::ALL.into_iter().find(|situation| situation.name() == text);
        found.ok_or_else(|| UnknownSituation(text.chars().take(30).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for situation in Situation::ALL {
            assert_eq!(situation.name().parse(), Ok(situation));
        }
        assert!("review".parse::<Situation>().is_err());
    }
}
