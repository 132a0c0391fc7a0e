//! Where a solicitation stands.
//!
//! ```text
//! Seen ─▶ Planned ─▶ Claimed ─▶ Asked | Refused
//!            ▲  ▲        └─▶ Unknown ─(ask Amazon)─▶ Asked(presumed) | Planned
//!            │  └─ throttled, too early, nothing offered yet
//!            └── Held (released by hand)
//! Skipped · Expired
//! ```
//!
//! `Unknown` is the state of a call whose reply never came. It is left by asking Amazon what
//! is offered, never by calling again.

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::required as secs;
use serde::{Deserialize, Serialize};

/// Names one claim, so that a write that was repeated by the network recognises itself.
pub type ClaimId = String;

/// The state of an order's solicitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    /// Known, and something is missing before a date can be set. No work is owed.
    Seen {
        /// What is missing.
        why: NotYet,
    },
    /// To be asked from `due_at` on.
    Planned {
        /// When it falls due.
        #[serde(with = "secs", rename = "due")]
        due_at: Timestamp,
        /// Last moment at which it may be asked.
        #[serde(with = "secs", rename = "until")]
        not_after: Timestamp,
        /// Probes in a row that offered nothing, each on its own day.
        #[serde(default, skip_serializing_if = "is_zero")]
        empty: u32,
        /// A call of unknown outcome went before.
        #[serde(default, skip_serializing_if = "is_zero")]
        unclear: u32,
    },
    /// A process holds the right to make one call until `lease_until`. It is only taken after
    /// Amazon has offered the action.
    Claimed {
        /// When it had fallen due; keeps its place in the index.
        #[serde(with = "secs", rename = "due")]
        due_at: Timestamp,
        /// Last moment at which it may be asked.
        #[serde(with = "secs", rename = "until")]
        not_after: Timestamp,
        /// Whose claim.
        id: ClaimId,
        /// When the right ends, and with it the process that held it.
        #[serde(with = "secs", rename = "lease")]
        lease_until: Timestamp,
        /// Calls of unknown outcome before this claim.
        #[serde(default, skip_serializing_if = "is_zero")]
        unclear: u32,
    },
    /// A call was made, or may have been, and no reply says what became of it.
    Unknown {
        /// Since when.
        #[serde(with = "secs")]
        since: Timestamp,
        /// Last moment at which it may be asked.
        #[serde(with = "secs", rename = "until")]
        not_after: Timestamp,
        /// When Amazon is to be asked (again) what it offers.
        #[serde(with = "secs", rename = "due")]
        next_check: Timestamp,
        /// Checks so far that found the action gone.
        #[serde(default, skip_serializing_if = "is_zero")]
        gone: u32,
        /// Calls of unknown outcome, this one included.
        unclear: u32,
    },
    /// Amazon answered what Renown does not understand; a person looks at it.
    Held {
        /// Why.
        why: Held,
        /// Since when.
        #[serde(with = "secs")]
        since: Timestamp,
        /// Last moment at which it may be asked.
        #[serde(with = "secs", rename = "until")]
        not_after: Timestamp,
    },
    /// The buyer was asked.
    Asked {
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
        /// No reply confirmed it: the action had been offered before the call and was gone
        /// after it, an hour later, and the next day.
        #[serde(default, skip_serializing_if = "is_false")]
        presumed: bool,
    },
    /// Amazon refused for good.
    Refused {
        /// Why.
        why: Refused,
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// Not to be asked, for a neutral reason.
    Skipped {
        /// Why.
        why: Skipped,
        /// Since when.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// The window closed before the buyer could be asked.
    Expired {
        /// Why.
        why: Expired,
        /// Since when.
        #[serde(with = "secs")]
        at: Timestamp,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal => $en:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every reason there is.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable word for it, in the table and in JSON.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What a person reads.
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $en,)+ }
            }
        }
    };
}

reasons! {
    /// What is missing before a date can be set.
    NotYet {
        /// Amazon has not said that everything is shipped.
        NotShipped = "not_shipped" => "not shipped yet",
        /// Only a part is shipped.
        PartlyShipped = "partly_shipped" => "only a part is shipped yet",
        /// No evidence of where it was placed.
        NoMarketplace = "no_marketplace" => "its marketplace is not known yet; the next order report will tell",
        /// Shipped, but nothing tells when it arrives.
        NoDeliveryEvidence = "no_delivery_evidence" => "shipped, but nothing tells yet when it arrives",
    }
}

reasons! {
    /// Why an order is not to be asked. A closed list of neutral reasons: none of them tells
    /// how the buyer feels.
    Skipped {
        /// Cancelled by buyer, seller or Amazon.
        Cancelled = "cancelled" => "the order was cancelled",
        /// Amazon could not fulfil it.
        Unfulfillable = "unfulfillable" => "Amazon could not fulfil the order",
        /// It replaces or exchanges an earlier order, whose buyer is asked for that one.
        Replacement = "replacement" => "it replaces an earlier order",
        /// Not placed on Amazon.
        NotAmazon = "not_an_amazon_order" => "it was not placed on Amazon",
        /// The seller's rules leave this SKU out.
        RuleSku = "rule_sku" => "the rules leave this SKU out",
        /// The seller's rules leave this ASIN out.
        RuleAsin = "rule_asin" => "the rules leave this ASIN out",
        /// The seller's rules leave this fulfilment channel out.
        RuleChannel = "rule_channel" => "the rules leave this fulfilment channel out",
        /// The seller's rules leave this programme out.
        RuleProgram = "rule_program" => "the rules leave this program out",
        /// Ordered by the seller's own people or for a test.
        NeverOwnOrder = "never_own_order" => "never ask: an order of our own",
        /// A court, an authority or Amazon demands no contact.
        NeverLegal = "never_legal" => "never ask: legal demand",
        /// The buyer asked not to be contacted at all.
        NeverContact = "never_contact" => "never ask: the buyer wants no contact",
        /// The same Amazon account is here under another seller's id, and there it was asked or
        /// must never be.
        OtherSeller = "other_seller" => "asked, or never to be asked, under another seller's id: the same Amazon account is here twice",
        /// All that was known of it was erased on somebody's wish; this mark alone is kept, so
        /// that it is never asked again.
        Erased = "erased" => "erased: nothing of it is kept but this mark, so that it is never asked again",
    }
}

reasons! {
    /// Why Amazon refused for good.
    Refused {
        /// Offered a moment before, refused now: asked elsewhere meanwhile, or the buyer opted out.
        NotAvailable = "not_available" => "Amazon says the request is not available for this order (asked elsewhere, or the buyer opted out)",
        /// Amazon does not know the order.
        NotFound = "order_not_found" => "Amazon does not know this order",
    }
}

reasons! {
    /// Why the window closed before the buyer could be asked.
    Expired {
        /// It had closed when the order was first heard of.
        SeenTooLate = "seen_too_late" => "its window had closed when it was first heard of",
        /// It closed while the order waited: a pause, a backlog, a stop of the system.
        WindowClosed = "window_closed" => "its window closed while it waited",
        /// Amazon offered nothing on any day.
        NothingOffered = "nothing_offered" => "Amazon offered no request on any day of the window (asked elsewhere, opted out, or not eligible at Amazon)",
        /// The parcel was not delivered within the window.
        NotDelivered = "not_delivered" => "its parcel was not delivered within the window",
        /// Amazon says the window is over.
        AmazonSaysOver = "amazon_says_over" => "Amazon says its window is over",
        /// The window has no moment in the buyers' daytime left.
        NoDaytime = "no_daytime" => "no daytime was left in its window",
        /// A call of unknown outcome could not be cleared up before the window closed.
        OutcomeUnknown = "outcome_unknown" => "a call of unknown outcome could not be cleared up before its window closed",
        /// The seller only listened.
        Listening = "listening" => "its window closed while the shop was in listen mode",
    }
}

reasons! {
    /// Why a person must look at it.
    Held {
        /// A 403 whose text is not known.
        UnknownRefusal = "unknown_refusal" => "Amazon refused with a text that is not known",
        /// Amazon called the request malformed.
        InvalidRequest = "invalid_request" => "Amazon called the request malformed",
    }
}

impl State {
    /// When work on it is owed, if any is.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Planned { due_at, .. } | Self::Claimed { due_at, .. } => Some(*due_at),
            Self::Unknown { next_check, .. } => Some(*next_check),
            Self::Seen { .. }
            | Self::Held { .. }
            | Self::Asked { .. }
            | Self::Refused { .. }
            | Self::Skipped { .. }
            | Self::Expired { .. } => None,
        }
    }

    /// Last moment at which it may be asked, while that matters.
    pub fn not_after(&self) -> Option<Timestamp> {
        match self {
            Self::Planned { not_after, .. }
            | Self::Claimed { not_after, .. }
            | Self::Unknown { not_after, .. }
            | Self::Held { not_after, .. } => Some(*not_after),
            Self::Seen { .. }
            | Self::Asked { .. }
            | Self::Refused { .. }
            | Self::Skipped { .. }
            | Self::Expired { .. } => None,
        }
    }

    /// Nothing will change it any more, except late evidence that reopens an expired one.
    pub fn is_terminal(&self) -> bool {
        match self {
            Self::Asked { .. } | Self::Refused { .. } | Self::Skipped { .. } | Self::Expired { .. } => true,
            Self::Seen { .. }
            | Self::Planned { .. }
            | Self::Claimed { .. }
            | Self::Unknown { .. }
            | Self::Held { .. } => false,
        }
    }
}
