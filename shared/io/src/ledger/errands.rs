//! Errands: what is looked after for a seller from time to time beside its reports, and how far that
//! has come.
//!
//! Whoever takes one puts it off until it is gone for sure; then it says when the next time is. If it
//! dies between, the errand is taken again when that time is over.

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use renown_core::ids::{OrderId, SellerId};
use serde::{Deserialize, Serialize};

use super::item::{Extra, Freshness, Key, Put, Versioned};
use super::{Error, Ledger};
use crate::spapi::PageToken;

/// What is looked after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrandKind {
    /// Orders that the seller is to ship and has not.
    Unshipped,
    /// Claims and chargebacks of orders that have a case.
    Claims,
}

impl ErrandKind {
    fn word(self) -> &'static str {
        match self {
            Self::Unshipped => "unshipped",
            Self::Claims => "claims",
        }
    }
}

/// An errand of a seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// Whose.
    pub seller: SellerId,
    /// What.
    pub kind: ErrandKind,
    /// It is not taken before.
    #[serde(with = "secs")]
    pub not_before: Timestamp,
    /// While it is not at its end: where its search begins, or when its round began.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub since: Option<Timestamp>,
    /// Where the rest of a list begins that was not read to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageToken>,
    /// Orders that are still to be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<OrderId>,
    /// Revision in the table; 0 = not written yet.
    #[serde(skip)]
    revision: u64,
}

pub(super) fn pk(seller: &SellerId) -> String {
    format!("ERRANDS#{seller}")
}

fn key(seller: &SellerId, kind: ErrandKind) -> Key {
    Key::new(pk(seller), kind.word())
}

impl Errand {
    fn new(seller: SellerId, kind: ErrandKind, now: Timestamp) -> Self {
        Self { seller, kind, not_before: now, since: None, page: None, left: Vec::new(), revision: 0 }
    }
}

impl Ledger {
    /// Takes an errand that is due, until `until`. `None`: it is not, or somebody else has it.
    ///
    /// # Errors
    ///
    /// If the table does not answer, or holds what cannot be read.
    pub async fn take_errand(
        &self,
        seller: &SellerId,
        kind: ErrandKind,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Errand>, Error> {
        let there = self.get::<Errand>(&key(seller, kind), Freshness::Eventual).await?;
        let there = there.map(|Versioned { body, revision, .. }| Errand { revision, ..body });
        let mut errand = there.unwrap_or_else(|| Errand::new(seller.clone(), kind, now));
        if now < errand.not_before {
            return Ok(None);
        }
        errand.not_before = until;
        Ok(self.put_errand(&mut errand).await?.then_some(errand))
    }

    /// Says when an errand that was taken is to be taken again. Whoever took it in the meantime, after a
    /// time that was too short, keeps it.
    ///
    /// # Errors
    ///
    /// If the table does not answer.
    pub async fn leave_errand(&self, mut errand: Errand, not_before: Timestamp) -> Result<(), Error> {
        errand.not_before = not_before;
        self.put_errand(&mut errand).await.map(drop)
    }

    async fn put_errand(&self, errand: &mut Errand) -> Result<bool, Error> {
        let expected = (errand.revision > 0).then_some(errand.revision);
        let key = key(&errand.seller, errand.kind);
        match self.put(&key, &*errand, expected, Extra::default()).await? {
            Put::Done(revision) => {
                errand.revision = revision;
                Ok(true)
            }
            Put::Lost(_) => Ok(false),
        }
    }
}
