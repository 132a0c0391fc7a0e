//! What cannot wait in what a buyer writes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::say::Text;
use crate::text;

/// Why a text is read before others; of several the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Somebody was hurt, or something burned.
    Safety,
    /// Police, a lawyer, a court or an authority is named as a threat or a report.
    Legal,
    /// A claim on a marketplace's guarantee, or a report of the seller there.
    AToZ,
    /// A payment disputed with a bank or `PayPal`.
    Chargeback,
    /// Nothing of the kind.
    None,
}

/// A word that is no urgency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no urgency")]
pub struct UnknownUrgency(String);

impl Urgency {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 5] = [Self::Safety, Self::Legal, Self::AToZ, Self::Chargeback, Self::None];

    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Legal => "legal",
            Self::AToZ => "a_to_z",
            Self::Chargeback => "chargeback",
            Self::None => "none",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Safety => text!("safety", "安全事故"),
            Self::Legal => text!("legal threat", "法律威胁"),
            Self::AToZ => text!("claim or report to the marketplace", "向平台索赔或投诉"),
            Self::Chargeback => text!("payment dispute", "拒付"),
            Self::None => text!("not urgent", "不紧急"),
        }
    }
}

impl fmt::Display for Urgency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Urgency {
    type Err = UnknownUrgency;
    fn from_str(text: &str) -> Result<Self, UnknownUrgency> {
        let found = Self::ALL.into_iter().find(|urgency| urgency.name() == text);
        found.ok_or_else(|| UnknownUrgency(text.chars().take(30).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_safety_comes_first() {
        for urgency in Urgency::ALL {
            assert_eq!(urgency.name().parse(), Ok(urgency));
        }
        assert!(Urgency::ALL.is_sorted());
        assert!("soon".parse::<Urgency>().is_err());
    }
}
