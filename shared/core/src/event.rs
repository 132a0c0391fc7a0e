//! What the bus carries, for this system and for the seller's own automation.
//!
//! An event says that something happened and names it; whoever wants more reads it where it lies.
//! It carries nothing of a buyer but the order's id. The bus may lose an event: nothing here depends on
//! one. Schemas and samples lie in `events/bus/`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::{Case, Kind, Signal};
use crate::control;
use crate::ids::{OrderId, SellerId};
use crate::marketplace::MarketplaceId;

/// The `source` of every event.
pub const SOURCE: &str = "renown";

/// What happened. The variant's name is the event's `detail-type`, its fields are the `detail`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "detail-type", content = "detail")]
pub enum Event {
    /// Something speaks of an unhappy buyer or an endangered account.
    #[serde(rename = "signal.seen")]
    SignalSeen {
        /// Whose.
        seller: SellerId,
        /// Its id.
        signal: String,
        /// What it says.
        kind: String,
    },
    /// A case was opened, or opened again.
    #[serde(rename = "case.opened")]
    CaseOpened(CaseEvent),
    /// A person or the clock changed a case, or another signal joined it.
    #[serde(rename = "case.changed")]
    CaseChanged(CaseEvent),
    /// A buyer was asked for a review.
    #[serde(rename = "order.asked")]
    OrderAsked {
        /// Whose.
        seller: SellerId,
        /// Amazon's id of the order.
        order: OrderId,
        /// Where.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        marketplace: Option<MarketplaceId>,
        /// When.
        at: Timestamp,
    },
    /// Something stands still until a person resumes.
    #[serde(rename = "brake.pulled")]
    BrakePulled {
        /// Whose; absent: of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seller: Option<SellerId>,
        /// Why.
        cause: control::Cause,
        /// When.
        at: Timestamp,
    },
}

/// A case as an event shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEvent {
    /// Whose.
    pub seller: SellerId,
    /// The case.
    pub case: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<MarketplaceId>,
    /// How far it is: `open`, `acknowledged`, `resolved`.
    pub state: String,
    /// How much it presses: `info`, `warning`, `urgent`.
    pub severity: String,
    /// The primary cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Who puts it right.
    pub department: String,
    /// The person who does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Until when.
    pub deadline: Timestamp,
}

impl Event {
    /// A signal that was written down.
    pub fn seen(signal: &Signal) -> Self {
        let kind: Kind = signal.kind;
        Self::SignalSeen {
            seller: signal.seller.clone(),
            signal: signal.id.clone(),
            kind: kind.name().to_owned(),
        }
    }
}

impl From<&Case> for CaseEvent {
    fn from(case: &Case) -> Self {
        Self {
            seller: case.seller.clone(),
            case: case.id.clone(),
            marketplace: case.marketplace,
            state: case.state.name().to_owned(),
            severity: case.severity.name().to_owned(),
            cause: case.causes.first().map(|cause| cause.name().to_owned()),
            department: case.department.name().to_owned(),
            owner: case.owner.clone(),
            deadline: case.deadline,
        }
    }
}
