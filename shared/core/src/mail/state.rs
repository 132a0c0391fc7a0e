//! How far a mail is.

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use serde::{Deserialize, Serialize};

use super::reasons::{Hold, Skip, Wait};

/// One mail of an order: planned, claimed, sent, or why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// How far it is.
    pub state: State,
    /// What SES told of it since.
    #[serde(default, skip_serializing_if = "Heard::is_nothing")]
    pub heard: Heard,
    /// The template it was written with: language and version.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub template: String,
    /// The test and the arm it was counted in; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub arm: String,
}

/// How far a mail is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    /// Will be sent.
    Planned {
        /// From then on.
        #[serde(with = "secs")]
        due_at: Timestamp,
        /// Not later.
        #[serde(with = "secs")]
        not_after: Timestamp,
        /// What it waited for when it was last looked at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Wait>,
    },
    /// One call to SES is under way.
    Claimed {
        /// Whose.
        id: String,
        /// After this its process is gone.
        #[serde(with = "secs")]
        lease_until: Timestamp,
        /// If nothing leaves after all, not later.
        #[serde(with = "secs")]
        not_after: Timestamp,
    },
    /// SES took it.
    Sent {
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
        /// SES's id.
        message: String,
    },
    /// It is not known whether SES took it; an event of SES may still tell. Never sent again.
    Unknown {
        /// Since when.
        #[serde(with = "secs")]
        since: Timestamp,
    },
    /// Nothing told of it: taken for sent, and never sent again.
    PresumedSent {
        /// When it was given up to learn more.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// A person decides.
    Held {
        /// Why.
        why: Hold,
        /// Since when.
        #[serde(with = "secs")]
        since: Timestamp,
        /// Not later.
        #[serde(with = "secs")]
        not_after: Timestamp,
    },
    /// Is not sent.
    Skipped {
        /// Why.
        why: Skip,
        /// When that was decided.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// Its time went by.
    Expired {
        /// What it waited for.
        why: Option<Wait>,
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// SES refused it.
    Refused {
        /// What SES said.
        why: String,
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
}

/// What SES told of a mail, each with the first time it was told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Heard {
    /// The receiving server took it.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub delivered: Option<Timestamp>,
    /// It did not get through, for good.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub bounced: Option<Timestamp>,
    /// It did not get through, for now.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub bounced_for_now: Option<Timestamp>,
    /// It was called spam.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub complained: Option<Timestamp>,
    /// SES did not send it, or could not render it.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub rejected: Option<Timestamp>,
    /// Its delivery takes long.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub delayed: Option<Timestamp>,
    /// A person opened it, as far as that can be known: scanners are left out.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub opened: Option<Timestamp>,
    /// A person followed its link; scanners are left out.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub clicked: Option<Timestamp>,
    /// Its recipient unsubscribed by it.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub unsubscribed: Option<Timestamp>,
}

impl Heard {
    /// Whether nothing was told.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Mail {
    /// One that will be sent.
    pub fn planned(due_at: Timestamp, not_after: Timestamp) -> Self {
        Self::in_state(State::Planned { due_at, not_after, why: None })
    }

    /// One in a state, of which nothing else is known.
    pub fn in_state(state: State) -> Self {
        Self { state, heard: Heard::default(), template: String::new(), arm: String::new() }
    }
}

impl State {
    /// When it is to be looked at again; `None`: on its own never.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Planned { due_at, .. } => Some(*due_at),
            Self::Claimed { lease_until, .. } => Some(*lease_until),
            Self::Unknown { since } => Some(super::order::presumed_after(*since)),
            Self::Held { not_after, .. } => Some(*not_after),
            Self::Sent { .. }
            | Self::PresumedSent { .. }
            | Self::Skipped { .. }
            | Self::Expired { .. }
            | Self::Refused { .. } => None,
        }
    }

    /// Whose claim it is, while it is claimed.
    pub fn claim_id(&self) -> Option<&str> {
        match self {
            Self::Claimed { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Whether the recipient has it, or may have it.
    pub fn may_have_left(&self) -> bool {
        matches!(
            self,
            Self::Claimed { .. } | Self::Sent { .. } | Self::Unknown { .. } | Self::PresumedSent { .. }
        )
    }

    /// Its name in JSON and counts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Planned { .. } => "planned",
            Self::Claimed { .. } => "claimed",
            Self::Sent { .. } => "sent",
            Self::Unknown { .. } => "unknown",
            Self::PresumedSent { .. } => "presumed_sent",
            Self::Held { .. } => "held",
            Self::Skipped { .. } => "skipped",
            Self::Expired { .. } => "expired",
            Self::Refused { .. } => "refused",
        }
    }
}

impl Heard {
    /// Takes up what SES told; the first telling of each counts.
    pub fn take(&mut self, what: super::ses::What, at: Timestamp) {
        use super::ses::What;
        let slot = match what {
            What::Sent => return,
            What::Delivered => &mut self.delivered,
            What::Bounced => &mut self.bounced,
            What::BouncedForNow => &mut self.bounced_for_now,
            What::Complained => &mut self.complained,
            What::Rejected => &mut self.rejected,
            What::Delayed => &mut self.delayed,
            What::Opened => &mut self.opened,
            What::Clicked => &mut self.clicked,
            What::Unsubscribed => &mut self.unsubscribed,
        };
        // A join: told late or twice it ends alike.
        *slot = Some(slot.map_or(at, |known| known.min(at)));
    }
}
