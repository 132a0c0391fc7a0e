//! The ideas that buyers' texts are made of. What words stand for them is in `words/`, by language:
//! the same ideas in each, so that what is learnt of one language helps in the others.
//!
//! Their order counts: the phrases of one may speak of those above it only.

use super::cause::Cause;
use super::urgency::Urgency;
use crate::lint::concepts;

concepts! {
    /// Words that deny.
    Not = "not",
    /// Words that begin a thought against the one before.
    But = "but",
    /// Somebody means to do something, or does it.
    Will = "will",
    /// More than could be expected: excellent, love it.
    Great = "great",
    /// Good, nice, content.
    Good = "good",
    /// It is recommended, or bought again.
    Recommend = "recommend",
    /// It is pleasant to look at or to touch.
    Beautiful = "beautiful",
    /// Easy, handy, helps.
    Useful = "useful",
    /// It works, it keeps its promise.
    Works = "works",
    /// Well made.
    Sturdy = "sturdy",
    /// Worth its price.
    Bargain = "bargain",
    /// Here soon, on the day.
    Fast = "fast",
    /// Friendly people who help.
    Friendly = "friendly",
    /// Well packed, arrived whole.
    Whole = "whole",
    /// Bad, terrible.
    Bad = "bad",
    /// Less than was expected.
    Disappointed = "disappointed",
    /// Unfortunately; middling; could be better.
    Meh = "meh",
    /// Never again, do not buy.
    Avoid = "avoid",
    /// Rubbish; a waste of money or time.
    Waste = "waste",
    /// Dull, badly written, badly done.
    Dull = "dull",
    /// Cheats, thieves, a disgrace.
    Outrage = "outrage",
    /// Late, slow, still waiting.
    Late = "late",
    /// How the carrier behaved.
    Courier = "courier",
    /// It never came.
    NotReceived = "not-received",
    /// It arrived broken.
    ArrivedBroken = "arrived-broken",
    /// Poorly packed.
    BadlyPacked = "badly-packed",
    /// Broken, faulty, does not work.
    Broken = "broken",
    /// It leaks, drips, lets go.
    Leaks = "leaks",
    /// Too weak, too loud, too short: badly done work.
    Weak = "weak",
    /// Poor material, flimsy.
    Flimsy = "flimsy",
    /// Bad smell or taste, spoiled.
    Smells = "smells",
    /// Something else than was ordered.
    WrongItem = "wrong-item",
    /// Not as described, a claim not kept.
    NotAsDescribed = "not-as-described",
    /// Used goods as new.
    Used = "used",
    /// Too big, too small, does not fit.
    Size = "size",
    /// A part is missing.
    Missing = "missing",
    /// Too expensive; fees.
    Expensive = "expensive",
    /// Charged twice or without consent.
    Overcharged = "overcharged",
    /// Nobody answers, nobody helps.
    Service = "service",
    /// An account, an invoice, a way to order.
    Account = "account",
    /// Money back.
    Refund = "refund",
    /// Sent back.
    Return = "return",
    /// Another one instead, or repaired.
    Exchange = "exchange",
    /// Somebody was hurt, or something burned.
    Harm = "harm",
    /// A danger is named.
    Danger = "danger",
    /// No original.
    Fake = "fake",
    /// The seller cancelled, nothing in stock.
    Cancelled = "cancelled",
    /// Police, court, lawyer, authority, law.
    Authority = "authority",
    /// A threat or report to one of these.
    Legal = "legal",
    /// A marketplace's guarantee claimed, a seller reported there.
    Claim = "claim",
    /// Bank, card, `PayPal`.
    Bank = "bank",
    /// A payment disputed or stopped.
    Dispute = "dispute",
}

impl Concept {
    /// The cause that its words name on their own.
    pub(crate) fn cause(self) -> Option<Cause> {
        Some(match self {
            Self::Late | Self::Courier => Cause::LateDelivery,
            Self::NotReceived => Cause::NotReceived,
            Self::ArrivedBroken | Self::BadlyPacked => Cause::DamagedInTransit,
            Self::Broken | Self::Leaks | Self::Weak | Self::Flimsy | Self::Smells => Cause::DefectiveQuality,
            Self::WrongItem | Self::NotAsDescribed | Self::Used => Cause::NotAsDescribed,
            Self::Size => Cause::SizeFit,
            Self::Missing => Cause::MissingParts,
            Self::Expensive | Self::Overcharged => Cause::PriceValue,
            Self::Service | Self::Account => Cause::CustomerService,
            Self::Refund | Self::Return | Self::Exchange => Cause::RefundReturn,
            Self::Harm => Cause::Safety,
            Self::Fake => Cause::Counterfeit,
            Self::Cancelled => Cause::OrderCancelled,
            Self::Not
            | Self::But
            | Self::Will
            | Self::Great
            | Self::Good
            | Self::Recommend
            | Self::Beautiful
            | Self::Useful
            | Self::Works
            | Self::Sturdy
            | Self::Bargain
            | Self::Fast
            | Self::Friendly
            | Self::Whole
            | Self::Bad
            | Self::Disappointed
            | Self::Meh
            | Self::Avoid
            | Self::Waste
            | Self::Dull
            | Self::Outrage
            | Self::Danger
            | Self::Authority
            | Self::Legal
            | Self::Claim
            | Self::Bank
            | Self::Dispute => return None,
        })
    }

    /// What its words make urgent on their own.
    pub(crate) fn urgency(self) -> Option<Urgency> {
        match self {
            Self::Harm => Some(Urgency::Safety),
            Self::Legal => Some(Urgency::Legal),
            Self::Claim => Some(Urgency::AToZ),
            Self::Dispute => Some(Urgency::Chargeback),
            _ => None,
        }
    }

    /// Which way its words lean on their own: above zero, content.
    pub(crate) fn leaning(self) -> i8 {
        match self {
            Self::Great
            | Self::Good
            | Self::Recommend
            | Self::Beautiful
            | Self::Useful
            | Self::Works
            | Self::Sturdy
            | Self::Bargain
            | Self::Fast
            | Self::Friendly
            | Self::Whole => 1,
            Self::Not
            | Self::But
            | Self::Will
            | Self::Return
            | Self::Exchange
            | Self::Refund
            | Self::Account
            | Self::Danger
            | Self::Bank
            | Self::Authority => 0,
            Self::Bad
            | Self::Disappointed
            | Self::Meh
            | Self::Avoid
            | Self::Waste
            | Self::Dull
            | Self::Outrage
            | Self::Late
            | Self::Courier
            | Self::NotReceived
            | Self::ArrivedBroken
            | Self::BadlyPacked
            | Self::Broken
            | Self::Leaks
            | Self::Weak
            | Self::Flimsy
            | Self::Smells
            | Self::WrongItem
            | Self::NotAsDescribed
            | Self::Used
            | Self::Size
            | Self::Missing
            | Self::Expensive
            | Self::Overcharged
            | Self::Service
            | Self::Harm
            | Self::Fake
            | Self::Cancelled
            | Self::Legal
            | Self::Claim
            | Self::Dispute => -1,
        }
    }
}
