//! What a rule is.

use jiff::civil::Date;

use super::concept::Concept;
use super::{Channel, Region};
use crate::say::Lang;

/// Whether a text may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It may, and a person should look at it.
    Warn,
    /// It must not.
    Forbid,
}

impl Severity {
    /// Its stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Forbid => "forbid",
        }
    }
}

/// What kind of thing a rule is against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something for a review.
    Incentive,
    /// A good review is asked for.
    Positive,
    /// Only those who are content are asked.
    Conditional,
    /// Those who are not are led elsewhere.
    Divert,
    /// A review is to be changed or removed.
    Change,
    /// A way outside Amazon.
    Contact,
    /// Advertising.
    Promotion,
    /// The reader is watched.
    Tracking,
    /// A mail lacks what the law asks of it.
    Mail,
    /// Nobody has read what a machine wrote.
    Machine,
}

/// A sentence for operators in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese.
    pub zh: &'static str,
}

impl Said {
    /// The sentence in one language.
    pub fn in_lang(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// A rule: what must not stand in a text, why, and what may stand there instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// What it is against.
    pub kind: Kind,
    /// What it says.
    pub severity: Severity,
    /// For which channels.
    pub channels: &'static [Channel],
    /// For which countries; none named means everywhere.
    pub regions: &'static [&'static str],
    /// Where it comes from: the law or the page of Amazon's.
    pub source: &'static str,
    /// From when on the source is in force, or known to us.
    pub since: Date,
    /// Why it is a rule.
    pub why: Said,
    /// What to write instead.
    pub fix: Said,
    /// What it looks for.
    pub(super) looks_for: LooksFor,
}

/// What a rule looks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LooksFor {
    /// Any of these meetings of concepts.
    Words(&'static [Meeting]),
    /// Links, addresses, numbers: see `contacts`.
    Contact(super::contacts::What),
    /// What a whole mail lacks: see `whole`.
    Lack(super::whole::Lack),
    /// A machine's text that nobody read.
    UnreadMachine,
}

/// Concepts that must not meet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Meeting {
    /// All of these in one sentence,
    pub(super) here: &'static [Concept],
    /// all of these in the sentence before or after it,
    pub(super) beside: &'static [Concept],
    /// and none of these in the first one.
    pub(super) unless: &'static [Concept],
}

impl Rule {
    /// Whether it counts for a channel, a country and a day.
    pub(super) fn counts(&self, channel: Channel, region: Option<Region>, on: Date) -> bool {
        let is_there = |region: Region| self.regions.contains(&region.code());
        self.channels.contains(&channel)
            && (self.regions.is_empty() || region.is_some_and(is_there))
            && self.since <= on
    }
}
