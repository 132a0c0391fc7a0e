//! What a mail to a shop's customer is for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::say::Text;
use crate::text;

/// Most reminders of one order. Source: judge.me sends up to three; ours is one less, because
/// the invitation is a mail too.
pub const MAX_REMINDERS: u8 = 2;

/// What a mail is for; with its order it names the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Kind {
    /// Asks for a review on the shop's own page.
    Invitation,
    /// Asks once more; counted from 1.
    Reminder(u8),
    /// Asks the silent how satisfied they are, and nothing about reviews.
    Survey,
    /// Tells how to use the product and where help is.
    Service,
}

impl Kind {
    /// Whether it asks for a review: the caps per product and the reviewers' rules count it.
    pub fn asks_for_review(self) -> bool {
        matches!(self, Self::Invitation | Self::Reminder(_))
    }

    /// The name of its template.
    pub fn template(self) -> &'static str {
        match self {
            Self::Invitation => "review-invitation",
            Self::Reminder(_) => "review-reminder",
            Self::Survey => "survey",
            Self::Service => "service",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Invitation => text!("review invitation", "评价邀请"),
            Self::Reminder(n) => text!("reminder {n}", "第 {n} 次提醒"),
            Self::Survey => text!("satisfaction survey", "满意度调查"),
            Self::Service => text!("service mail", "服务邮件"),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invitation => f.write_str("invitation"),
            Self::Reminder(n) => write!(f, "reminder-{n}"),
            Self::Survey => f.write_str("survey"),
            Self::Service => f.write_str("service"),
        }
    }
}

/// A text names no kind of mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kind of mail: they are invitation, reminder-1, reminder-2, survey and service")]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Ok(match text {
            "invitation" => Self::Invitation,
            "survey" => Self::Survey,
            "service" => Self::Service,
            _ => {
                let n = text.strip_prefix("reminder-").and_then(|n| n.parse().ok());
                let n = n.filter(|n| (1..=MAX_REMINDERS).contains(n));
                Self::Reminder(n.ok_or_else(|| UnknownKind(text.chars().take(40).collect()))?)
            }
        })
    }
}

impl TryFrom<String> for Kind {
    type Error = UnknownKind;
    fn try_from(text: String) -> Result<Self, UnknownKind> {
        text.parse()
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_from_what_it_shows() {
        for kind in [Kind::Invitation, Kind::Reminder(1), Kind::Reminder(2), Kind::Survey, Kind::Service] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        for text in ["", "reminder", "reminder-0", "reminder-3", "Survey"] {
            assert!(text.parse::<Kind>().is_err(), "{text}");
        }
    }
}
