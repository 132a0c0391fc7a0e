//! Who may send at this moment: modes, pauses, brakes and holds, in one small record.
//!
//! One record, so that one strongly consistent read tells all, and a stop takes effect with
//! one write (promise P8). A brake stops a seller or one of its marketplaces, never a buyer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::required as secs;
use serde::{Deserialize, Serialize};

use crate::ids::SellerId;
use crate::marketplace::MarketplaceId;

/// Why something stands still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Since when.
    #[serde(with = "secs")]
    pub since: Timestamp,
    /// What stopped it.
    pub cause: Cause,
    /// A few words for the operator.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A person.
    Person,
    /// Amazon denies access with a fresh token, or the grant is revoked.
    Access,
    /// The account is at risk or deactivated.
    AccountStatus,
    /// A wave of empty answers: Amazon is likely at fault.
    AmazonOutage,
}

impl Cause {
    /// What the operator reads, with what to do next.
    pub fn text(self) -> &'static str {
        match self {
            Self::Person => "paused by hand; resume when you want to go on",
            Self::Access => {
                "Amazon denies access; check the app's roles and secret, authorise again, then resume"
            }
            Self::AccountStatus => {
                "Amazon warns this account; look at Account Health in Seller Central, then resume"
            }
            Self::AmazonOutage => {
                "Amazon offers far fewer requests than usual and is likely at fault; released on its own when that ends"
            }
        }
    }
}

/// One seller's part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SellerControl {
    /// Since when it is live; absent = it listens and nothing can leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
    /// Everything of it stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// Marketplaces of it that stand still.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub marketplaces: BTreeMap<MarketplaceId, Stop>,
}

/// A seller is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// Since when.
    #[serde(with = "secs")]
    pub since: Timestamp,
}

/// Who may send.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Control {
    /// Everything stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// Held because Amazon is likely at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outage: Option<Stop>,
    /// Outages that are over. Probes are counted apart before and after each, so that the
    /// empty answers of one do not count towards the next.
    #[serde(skip_serializing_if = "is_zero")]
    pub outages_over: u32,
    /// By seller; a seller that is not here listens.
    pub sellers: BTreeMap<SellerId, SellerControl>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

impl Control {
    /// Ends an outage: by itself or by hand. Tells whether there was one.
    pub fn end_outage(&mut self) -> bool {
        let was = self.outage.take().is_some();
        self.outages_over += u32::from(was);
        was
    }

    /// Since when a seller is live; `None` while it listens.
    pub fn live_since(&self, seller: &SellerId) -> Option<Timestamp> {
        Some(self.sellers.get(seller)?.live?.since)
    }

    /// What keeps a seller from being worked at all, if anything does. An outage does not: a
    /// few probes go on, to see when it ends.
    pub fn seller_stop(&self, seller: &SellerId) -> Option<&Stop> {
        self.stop.as_ref().or_else(|| self.sellers.get(seller)?.stop.as_ref())
    }

    /// What keeps one order from being asked, if anything does.
    pub fn stop(&self, seller: &SellerId, marketplace: MarketplaceId) -> Option<&Stop> {
        self.seller_stop(seller)
            .or(self.outage.as_ref())
            .or_else(|| self.sellers.get(seller)?.marketplaces.get(&marketplace))
    }

    /// Everything that stands still: without a seller, all of them do.
    pub fn stops(&self) -> Vec<(Option<SellerId>, &Stop)> {
        let of_all = self.stop.iter().chain(&self.outage).map(|stop| (None, stop));
        let of_sellers = self.sellers.iter().flat_map(|(id, part)| {
            part.stop.iter().chain(part.marketplaces.values()).map(|stop| (Some(id.clone()), stop))
        });
        of_all.chain(of_sellers).collect()
    }

    /// Whether a request may leave for an order of this seller and marketplace right now.
    pub fn may_send(&self, seller: &SellerId, marketplace: MarketplaceId) -> bool {
        self.live_since(seller).is_some() && self.stop(seller, marketplace).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop(cause: Cause) -> Stop {
        Stop { since: Timestamp::UNIX_EPOCH, cause, note: String::new() }
    }

    #[test]
    fn nobody_may_send_who_is_not_live_and_free_of_stops() {
        let seller: SellerId = "S1".parse().expect("valid");
        let de = MarketplaceId::of_country("DE").expect("known");
        let jp = MarketplaceId::of_country("JP").expect("known");
        let live = || {
            let mut control = Control::default();
            control.sellers.entry(seller.clone()).or_default().live =
                Some(Live { since: Timestamp::UNIX_EPOCH });
            control
        };
        assert!(!Control::default().may_send(&seller, de), "listening");
        assert!(live().may_send(&seller, de));
        assert!(!Control { stop: Some(stop(Cause::Person)), ..live() }.may_send(&seller, de));
        assert!(!Control { outage: Some(stop(Cause::AmazonOutage)), ..live() }.may_send(&seller, de));
        let mut braked = live();
        braked.sellers.entry(seller.clone()).or_default().stop = Some(stop(Cause::AccountStatus));
        assert!(!braked.may_send(&seller, de));
        let mut one = live();
        one.sellers.entry(seller.clone()).or_default().marketplaces.insert(de, stop(Cause::Person));
        assert!(!one.may_send(&seller, de));
        assert!(one.may_send(&seller, jp));
    }
}
