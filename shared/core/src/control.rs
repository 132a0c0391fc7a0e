//! Who may send at this moment: modes, pauses, brakes and holds, in one small record.
//!
//! One record, so that one strongly consistent read tells all, and a stop takes effect with
//! one write (promise P8). A brake stops a seller or one of its marketplaces, never a buyer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use serde::{Deserialize, Serialize};

use crate::ids::{SellerId, ShopId};
use crate::marketplace::MarketplaceId;
use crate::say::{Lang, Text};

/// Why something stands still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Since when.
    #[serde(with = "secs")]
    pub since: Timestamp,
    /// What stopped it.
    pub cause: Cause,
    /// A few words for the operator, in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The same in Chinese; empty in what an earlier version wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note_zh: String,
}

/// Longest note of a stop, in characters; another one of this length may be added.
const MAX_NOTE_CHARS: usize = 500;

impl Stop {
    /// One without words of its own.
    pub fn new(cause: Cause, since: Timestamp) -> Self {
        Self { since, cause, note: String::new(), note_zh: String::new() }
    }

    /// The same with words for the operator, behind those that are there. Words that are there
    /// already add nothing.
    #[must_use]
    pub fn saying(mut self, words: &Text) -> Self {
        let cut = |text: &str| text.chars().take(MAX_NOTE_CHARS).collect::<String>();
        let (en, zh) = (cut(&words.en), cut(&words.zh));
        let is_full = self.note.chars().count() + en.chars().count() > 2 * MAX_NOTE_CHARS;
        if self.note.contains(&en) || is_full {
            return self;
        }
        // Of what an earlier version wrote there is no Chinese.
        if self.note_zh.is_empty() {
            self.note_zh.clone_from(&self.note);
        }
        if !self.note.is_empty() {
            self.note.push_str("; ");
            self.note_zh.push(';');
        }
        self.note.push_str(&en);
        self.note_zh.push_str(&zh);
        self
    }

    /// The words for the operator; empty if there are none.
    pub fn note_in(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh if !self.note_zh.is_empty() => &self.note_zh,
            Lang::En | Lang::Zh => &self.note,
        }
    }
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
    /// Too many mails went to mailboxes that do not exist.
    Bounces,
    /// Too many mails were called spam.
    Complaints,
}

impl Cause {
    /// Whether it is a brake of mails, which counts of the last days pull.
    pub fn is_brake_of_mails(self) -> bool {
        matches!(self, Self::Bounces | Self::Complaints)
    }

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
            Self::Bounces => {
                "too many mails bounce; look at where the addresses come from, take the bad ones out, then resume"
            }
            Self::Complaints => {
                "too many recipients call the mails spam; look at consent and texts, then resume"
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
    /// All mails to customers of shops stand still: the account's own brake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mails: Option<Stop>,
    /// When a person last released the account's own brake: what was counted until that day is
    /// over does not pull it again.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub mails_released: Option<Timestamp>,
    /// By shop; a shop that is not here listens.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shops: BTreeMap<ShopId, ShopControl>,
}

/// One shop's part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShopControl {
    /// Since when it is live; absent = it listens and no mail can leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
    /// Its mails stand still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<Stop>,
    /// When a person last released its brake: what was counted for its seller until that day is
    /// over does not pull it again.
    #[serde(skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub released: Option<Timestamp>,
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

    /// Since when a shop is live; `None` while it listens.
    pub fn shop_live_since(&self, shop: &ShopId) -> Option<Timestamp> {
        Some(self.shops.get(shop)?.live?.since)
    }

    /// What keeps a shop's mails from leaving, if anything does.
    pub fn shop_stop(&self, shop: &ShopId) -> Option<&Stop> {
        self.stop.as_ref().or(self.mails.as_ref()).or_else(|| self.shops.get(shop)?.stop.as_ref())
    }

    /// Lets a shop's mails go on. Tells what they stood still for.
    pub fn resume_shop(&mut self, shop: &ShopId, now: Timestamp) -> Option<Stop> {
        let of_shop = self.shops.get_mut(shop)?;
        let stop = of_shop.stop.take()?;
        if stop.cause.is_brake_of_mails() {
            of_shop.released = Some(now);
        }
        Some(stop)
    }

    /// Releases the account's own brake of mails. Tells what they stood still for.
    pub fn resume_mails(&mut self, now: Timestamp) -> Option<Stop> {
        let stop = self.mails.take()?;
        if stop.cause.is_brake_of_mails() {
            self.mails_released = Some(now);
        }
        Some(stop)
    }

    /// When a person last released the brake of any of these shops.
    pub fn released<'a>(&self, shops: impl IntoIterator<Item = &'a ShopId>) -> Option<Timestamp> {
        shops.into_iter().filter_map(|shop| self.shops.get(shop)?.released).max()
    }

    /// Whether a mail may leave for a shop right now.
    pub fn may_mail(&self, shop: &ShopId) -> bool {
        self.shop_live_since(shop).is_some() && self.shop_stop(shop).is_none()
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
        Stop::new(cause, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn notes_are_kept_in_both_languages_and_old_ones_stay_readable() {
        let old = r#"{"since":0,"cause":"person","note":"holiday"}"#;
        let old: Stop = serde_json::from_str(old).expect("readable");
        assert_eq!((old.note_in(Lang::En), old.note_in(Lang::Zh)), ("holiday", "holiday"));
        let warned = old.saying(&crate::text!("a warning", "警告"));
        assert_eq!(warned.note_in(Lang::En), "holiday; a warning");
        assert_eq!(warned.note_in(Lang::Zh), "holiday;警告");
        assert_eq!(warned.clone().saying(&crate::text!("a warning", "警告")), warned, "said once");
        let long = "x".repeat(MAX_NOTE_CHARS + 100);
        let full = (0..9).fold(warned, |stop, n| stop.saying(&crate::text!("{n}{long}", "{n}{long}")));
        assert!(full.note.chars().count() <= 2 * MAX_NOTE_CHARS + 2, "{}", full.note.len());
    }

    #[test]
    fn a_brake_that_a_person_releases_is_remembered_and_a_pause_is_not() {
        let (shop, now): (ShopId, _) = ("tea".parse().expect("valid"), Timestamp::UNIX_EPOCH);
        let mut control = Control { mails: Some(stop(Cause::Bounces)), ..Control::default() };
        control.shops.entry(shop.clone()).or_default().stop = Some(stop(Cause::Person));
        assert!(control.resume_shop(&shop, now).is_some());
        assert_eq!((control.resume_shop(&shop, now), control.released([&shop])), (None, None));
        assert!(control.resume_mails(now).is_some());
        assert_eq!(control.mails_released, Some(now));
        control.shops.entry(shop.clone()).or_default().stop = Some(stop(Cause::Complaints));
        control.resume_shop(&shop, now);
        assert_eq!(control.released([&shop]), Some(now));
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
