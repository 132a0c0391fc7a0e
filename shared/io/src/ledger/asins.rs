//! What reviews name, ASIN by ASIN and week by week; what browse nodes say of the week; who bought
//! again; and how far the round of a seller's ASINs has come.
//!
//! One partition holds all of a seller: `{country}#{asin}#{week}`, `NODE#{country}#{node}`,
//! `REPEAT#{country}#{asin}#{week}` and `ROUND`. No country has four letters.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::fmt::serde::timestamp::second::required as secs;
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{Asin, SellerId};
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::RepeatPurchase;
use renown_core::topics::{Node, Snapshot};
use serde::{Deserialize, Serialize};

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Versioned, read};
use super::{Error, Ledger};

/// A look is kept this long: a year and a month, so that seasons can be compared. Ours.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);
/// What a node says is read in its own week alone; every look holds what it needs of it.
const NODE_KEPT: SignedDuration = SignedDuration::from_hours(15 * 24);

/// One round of looks at a seller's ASINs: whom it is about, and how far it has come. There is one of
/// each seller, and the next takes its place a week later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicRound {
    /// Whose.
    pub seller: SellerId,
    /// When it began. Its day names the looks of it.
    #[serde(with = "secs")]
    pub began_at: Timestamp,
    /// The ASINs, the most sold first.
    pub asins: BTreeMap<MarketplaceId, Vec<Asin>>,
    /// Those that are still to be looked at, in that order.
    pub left: Vec<Left>,
    /// Where the app may not look: nothing more is asked there before the next round.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub denied: BTreeSet<MarketplaceId>,
    /// Nothing is asked before.
    #[serde(with = "secs")]
    pub not_before: Timestamp,
    /// Until then nobody else looks: the process that does is gone by then.
    #[serde(with = "secs")]
    pub lease_until: Timestamp,
    /// Revision in the table; 0 = not written yet.
    #[serde(skip)]
    pub(super) revision: u64,
}

/// An ASIN that is still to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Where.
    pub at: MarketplaceId,
    /// The product.
    pub asin: Asin,
    /// Looks at it that came to nothing.
    #[serde(default)]
    pub tries: u32,
}

impl TopicRound {
    /// A round that begins now, not written yet, in place of the one before.
    pub fn begin(
        seller: SellerId,
        asins: BTreeMap<MarketplaceId, Vec<Asin>>,
        before: Option<&Self>,
        now: Timestamp,
    ) -> Self {
        let left = asins.iter().flat_map(|(at, asins)| asins.iter().map(|asin| (*at, asin.clone())));
        let left = left.map(|(at, asin)| Left { at, asin, tries: 0 }).collect();
        Self {
            seller,
            began_at: now,
            asins,
            left,
            denied: BTreeSet::new(),
            not_before: now,
            lease_until: now,
            revision: before.map_or(0, |before| before.revision),
        }
    }

    /// The day that names its looks.
    pub fn week(&self) -> Date {
        self.began_at.to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

pub(super) fn pk(seller: &SellerId) -> String {
    format!("ASINS#{seller}")
}

fn round_key(seller: &SellerId) -> Key {
    Key::new(pk(seller), "ROUND")
}

fn node_key(seller: &SellerId, at: MarketplaceId, node: &str) -> Key {
    Key::new(pk(seller), format!("NODE#{}#{node}", at.info().country))
}

fn repeats_of(at: MarketplaceId, asin: &Asin) -> String {
    format!("REPEAT#{}#{asin}#", at.info().country)
}

impl Ledger {
    /// The looks at an ASIN that are kept, the oldest first; `since`: of rounds that began then or
    /// later. One that cannot be read is left out.
    pub async fn asin_weeks(
        &self,
        seller: &SellerId,
        at: MarketplaceId,
        asin: &Asin,
        since: Option<Date>,
    ) -> Result<Vec<Snapshot>, Error> {
        let of_asin = format!("{}#{asin}#", at.info().country);
        let from = since.map_or_else(|| of_asin.clone(), |since| format!("{of_asin}{since}"));
        let range = Some((from, format!("{of_asin}~")));
        let items = self.partition("listing review topics", &pk(seller), range, Freshness::Latest).await?;
        Ok(items.iter().filter_map(|item| read::<Snapshot>(item).ok()).map(|it| it.body).collect())
    }

    /// Keeps a look; of a round the latest stays.
    pub async fn keep_asin_week(&self, seller: &SellerId, look: &Snapshot) -> Result<(), Error> {
        let sk = format!("{}#{}#{}", look.marketplace.info().country, look.asin, look.week);
        let key = Key::new(pk(seller), sk);
        let expires_at = look.at.saturating_add(KEPT).ok();
        self.keep_latest(&key, look, expires_at, |there: &Snapshot| there.at >= look.at).await
    }

    /// What a browse node says, if it was asked in this round.
    pub async fn topic_node(
        &self,
        seller: &SellerId,
        at: MarketplaceId,
        node: &str,
        week: Date,
    ) -> Result<Option<Node>, Error> {
        match self.get::<Node>(&node_key(seller, at, node), Freshness::Latest).await {
            Ok(there) => Ok(there.map(|there| there.body).filter(|node| node.week == week)),
            // It is asked again.
            Err(Error::Unreadable { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps what a browse node says.
    pub async fn keep_topic_node(
        &self,
        seller: &SellerId,
        at: MarketplaceId,
        node: &Node,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = node_key(seller, at, &node.node.id);
        let expires_at = now.saturating_add(NODE_KEPT).ok();
        self.keep_latest(&key, node, expires_at, |there: &Node| there.week >= node.week).await
    }

    /// Keeps how many buyers of a week had bought a product before.
    ///
    /// # Errors
    ///
    /// If the table does not answer.
    pub async fn keep_repeat_purchase(
        &self,
        seller: &SellerId,
        at: MarketplaceId,
        week: &RepeatPurchase,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = Key::new(pk(seller), format!("{}{}", repeats_of(at, &week.asin), week.to));
        let expires_at = now.saturating_add(KEPT).ok();
        // Amazon's numbers of a week do not change.
        self.keep_latest(&key, week, expires_at, |_: &RepeatPurchase| true).await
    }

    /// The weeks of a product that are kept, the oldest first. One that cannot be read is left out.
    ///
    /// # Errors
    ///
    /// If the table does not answer.
    pub async fn repeat_purchases(
        &self,
        seller: &SellerId,
        at: MarketplaceId,
        asin: &Asin,
    ) -> Result<Vec<RepeatPurchase>, Error> {
        let from = repeats_of(at, asin);
        let range = Some((from.clone(), format!("{from}~")));
        let items = self.partition("listing repeat purchases", &pk(seller), range, Freshness::Latest).await?;
        Ok(items.iter().filter_map(|item| read::<RepeatPurchase>(item).ok()).map(|it| it.body).collect())
    }

    /// The round of a seller, the running one or the last.
    pub async fn topic_round(&self, seller: &SellerId) -> Result<Option<TopicRound>, Error> {
        let there = self.get::<TopicRound>(&round_key(seller), Freshness::Latest).await?;
        Ok(there.map(|Versioned { body, revision, .. }| TopicRound { revision, ..body }))
    }

    /// Writes a round. `false`: somebody else wrote it meanwhile, and nothing was changed.
    pub async fn save_topic_round(&self, round: &mut TopicRound) -> Result<bool, Error> {
        let expected = (round.revision > 0).then_some(round.revision);
        match self.put(&round_key(&round.seller), &*round, expected, Extra::default()).await? {
            Put::Done(revision) => {
                round.revision = revision;
                Ok(true)
            }
            Put::Lost(_) => Ok(false),
        }
    }

    /// Writes an item, unless what is there is as new.
    async fn keep_latest<T: Serialize + for<'a> Deserialize<'a>>(
        &self,
        key: &Key,
        body: &T,
        expires_at: Option<Timestamp>,
        is_as_new: impl Fn(&T) -> bool,
    ) -> Result<(), Error> {
        let mut before = self.get::<T>(key, Freshness::Eventual).await?;
        for _ in 0..ATTEMPTS {
            let revision = match &before {
                Some(there) if is_as_new(&there.body) => return Ok(()),
                other => other.as_ref().map(|there| there.revision),
            };
            match self.put(key, body, revision, Extra { due: None, expires_at }).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }
}
