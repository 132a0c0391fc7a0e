//! What a whole mail to shop customers must have.
//!
//! A text alone cannot say whether it is a whole mail: whoever knows says so with
//! [`Extent::Whole`]. Where nobody does, a subject line or the frame of an HTML page is taken for
//! a sign of one, and what is missing is a warning. Template variables alone are none: single
//! sentences have them too.

use super::Extent;
use super::concept::Concept;
use super::reading::Reading;
use super::rule::Severity;

/// What a mail may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// A way to receive no more.
    Unsubscribe,
    /// The sender's postal address.
    Address,
    /// A mark that it is advertising.
    AdMark,
}

/// Template variables of the mails that stand for an unsubscribe link.
const UNSUBSCRIBE_VARIABLES: &[&str] = &["unsubscribe", "opt_out", "optout", "list-unsubscribe"];
/// Those that stand for the sender's address.
const ADDRESS_VARIABLES: &[&str] =
    &["postal_address", "sender_address", "shop_address", "company_address", "impressum"];

/// How sure it is that a text is a whole mail: what that makes of a lack. `None` if it is none.
pub(super) fn certainty(text: &str, extent: Extent) -> Option<Severity> {
    match extent {
        Extent::Part => None,
        Extent::Whole => Some(Severity::Forbid),
        Extent::Unknown => looks_whole(text).then_some(Severity::Warn),
    }
}

fn looks_whole(text: &str) -> bool {
    let lower = text.to_lowercase();
    let subjects = [
        "subject:", "betreff:", "objet :", "objet:", "asunto:", "oggetto:", "件名:", "件名:", "主题:",
        "主题:",
    ];
    let has_subject =
        lower.lines().take(5).any(|line| subjects.iter().any(|word| line.trim_start().starts_with(word)));
    has_subject || ["<html", "<body", "<!doctype"].iter().any(|tag| lower.contains(tag))
}

impl Lack {
    /// Whether it is there after all.
    pub(super) fn is_in(self, text: &str, readings: &[Reading<'_>]) -> bool {
        let lower = text.to_lowercase();
        let has_variable = |names: &[&str]| names.iter().any(|name| lower.contains(name));
        let is_said = |concept| readings.iter().any(|reading| !reading.meant(concept).is_empty());
        match self {
            Self::Unsubscribe => has_variable(UNSUBSCRIBE_VARIABLES) || is_said(Concept::Unsubscribe),
            Self::Address => has_variable(ADDRESS_VARIABLES) || is_said(Concept::Address),
            Self::AdMark => is_said(Concept::AdMark),
        }
    }
}
