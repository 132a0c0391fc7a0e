//! What is told of one thing: how it stands, and the record that puts it in order.

use renown_core::say::Text;
use serde::Serialize;

use super::answers::{Kind, Question, Silence};
use super::name::Domain;

/// Which part of the set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The domain to which bounces go.
    MailFrom,
    /// Who may send for it.
    Spf,
    /// The keys of the signatures.
    Dkim,
    /// What is to be done with mails that are not ours.
    Dmarc,
    /// Whether SPF and DKIM speak for the domain that a reader sees.
    Alignment,
}

impl Check {
    /// Its name, in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::MailFrom => "MAIL FROM",
            Self::Spf => "SPF",
            Self::Dkim => "DKIM",
            Self::Dmarc => "DMARC",
            Self::Alignment => "ALIGNMENT",
        }
    }
}

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Good.
    Ok,
    /// Works, and could be better; or was not looked at.
    Warn,
    /// Nobody knows: DNS did not say.
    Unclear,
    /// Mails would be refused or land in spam.
    Wrong,
}

impl State {
    /// What stands before the line.
    pub fn mark(self) -> char {
        match self {
            Self::Ok => '✓',
            Self::Warn => '!',
            Self::Unclear => '?',
            Self::Wrong => '✗',
        }
    }
}

/// A record as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Its name.
    pub name: String,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Its value.
    pub value: String,
}

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which part.
    pub check: Check,
    /// How it stands.
    pub state: State,
    /// What it is, as a stable word.
    pub code: &'static str,
    /// The name that was looked at.
    pub name: String,
    /// What stands there.
    pub found: Vec<String>,
    /// What that means, and what to do.
    pub text: Text,
    /// What to publish, in the place of what stands there.
    pub publish: Vec<Record>,
}

impl Finding {
    /// A finding without records.
    pub fn new(check: Check, state: State, code: &'static str, name: &Domain, text: Text) -> Self {
        let name = name.to_string();
        Self { check, state, code, name, found: Vec::new(), text, publish: Vec::new() }
    }

    /// That nobody knows.
    pub fn unclear(check: Check, name: &Domain, kind: Kind, why: Silence) -> Self {
        let question = Question { name: name.clone(), kind };
        Self::new(check, State::Unclear, "unknown", name, why.text(&question))
    }

    /// The same with what stands there.
    #[must_use]
    pub fn found(mut self, found: &[String]) -> Self {
        self.found = found.to_vec();
        self
    }

    /// The same with a record to publish.
    #[must_use]
    pub fn publish(mut self, name: &Domain, kind: Kind, value: impl Into<String>) -> Self {
        self.publish.push(Record { name: name.to_string(), kind, value: value.into() });
        self
    }
}
