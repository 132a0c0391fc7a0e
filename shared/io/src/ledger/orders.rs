//! Orders in the table: taken in, found when due, listed.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::KeysAndAttributes;
use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use renown_core::delivery;
use renown_core::ids::{OrderId, SellerId};
use renown_core::order::{Order, Sighting};
use renown_core::policy::timing::Context;

use super::due::not_a_row;
use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Item, Key, Put, Versioned, read, schema, seconds};
use super::{Error, Ledger};

/// Partitions of a seller's orders. Fixed: an order must be found where it was put.
const SHARDS: u64 = 16;
/// Items of one `BatchGetItem` (DynamoDB's limit).
pub(super) const BATCH: usize = 100;
/// Writes under way at once while a batch is taken in.
const WRITES_AT_ONCE: usize = 8;
/// An order's item lives this long after its window closed …
const KEPT_AFTER_WINDOW: SignedDuration = SignedDuration::from_hours(60 * 24);
/// … and this long after it was last written when no window is known.
const KEPT_WITHOUT_WINDOW: SignedDuration = SignedDuration::from_hours(180 * 24);

/// An order as it lies in the table.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The order.
    pub order: Order,
    revision: u64,
}

/// A row of the index: work that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The order.
    pub order: OrderId,
    /// Since when.
    pub due_at: Timestamp,
    /// Until when: the most urgent goes first.
    pub not_after: Timestamp,
}

/// What taking in a batch of sightings came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Orders not heard of before.
    pub new: u64,
    /// Which orders those are.
    pub new_orders: Vec<OrderId>,
    /// Orders that changed.
    pub changed: u64,
    /// Orders of which nothing new was said.
    pub unchanged: u64,
}

impl Recorded {
    /// Adds another batch.
    pub fn add(&mut self, other: Self) {
        self.new += other.new;
        self.new_orders.extend(other.new_orders);
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }
}

pub(super) fn key(seller: &SellerId, order: &OrderId) -> Key {
    Key::new(shard_pk(seller, order.draw("shard") % SHARDS), order.as_str())
}

fn shard_pk(seller: &SellerId, shard: u64) -> String {
    format!("ORDERS#{seller}#{shard}")
}

/// The partitions of a seller's orders.
pub(super) fn partitions(seller: &SellerId) -> impl Iterator<Item = String> {
    (0..SHARDS).map(move |shard| shard_pk(seller, shard))
}

fn due_pk(seller: &SellerId) -> String {
    format!("SOLICIT#{seller}")
}

fn stored(versioned: Versioned<Order>) -> Stored {
    Stored { order: versioned.body, revision: versioned.revision }
}

pub(super) fn extra(order: &Order, now: Timestamp) -> Extra {
    let due = order.state.due_at().zip(order.state.not_after()).map(|(due_at, not_after)| {
        (due_pk(&order.seller), format!("{}#{}#{}", seconds(due_at), seconds(not_after), order.id))
    });
    let closes = order.estimate.map(|estimate| delivery::window(&order.facts, &estimate).closes);
    let expires_at = match closes {
        // The mark of an erased order is all that keeps it from being asked again.
        _ if order.is_erased() => return Extra { due, expires_at: None },
        Some(closes) => closes.max(now).saturating_add(KEPT_AFTER_WINDOW),
        None => now.saturating_add(KEPT_WITHOUT_WINDOW),
    };
    Extra { due, expires_at: expires_at.ok() }
}

impl Ledger {
    /// One order.
    pub async fn order(&self, seller: &SellerId, order: &OrderId) -> Result<Option<Stored>, Error> {
        Ok(self.get(&key(seller, order), Freshness::Eventual).await?.map(stored))
    }

    /// Takes in sightings of one seller's orders: merged, planned, and written where that
    /// changes something. Sightings of one order are merged before anything is written.
    ///
    /// Safe to repeat and to reorder: merging is a join.
    ///
    /// # Errors
    ///
    /// By order: the others of the batch are taken in all the same.
    pub async fn record_orders(
        &self,
        seller: &SellerId,
        sightings: Vec<Sighting>,
        context: Context<'_>,
        now: Timestamp,
    ) -> Result<(Recorded, Vec<(OrderId, Error)>), Error> {
        let mut by_order: BTreeMap<OrderId, Sighting> = BTreeMap::new();
        for sighting in sightings {
            by_order
                .entry(sighting.order.clone())
                .and_modify(|first| first.facts.merge(&sighting.facts))
                .or_insert(sighting);
        }
        let (mut recorded, mut failed) = (Recorded::default(), Vec::new());
        let merged: Vec<Sighting> = by_order.into_values().collect();
        for batch in merged.chunks(BATCH) {
            let mut there = self.orders(seller, batch.iter().map(|s| &s.order)).await?;
            let writes = batch.iter().map(|sighting| {
                let before = there.remove(&sighting.order);
                async move {
                    let outcome = match before {
                        Some(Err(unreadable)) => Err(unreadable),
                        Some(Ok(stored)) => self.record(seller, sighting, Some(stored), context, now).await,
                        None => self.record(seller, sighting, None, context, now).await,
                    };
                    (sighting.order.clone(), outcome)
                }
            });
            let mut writes = stream::iter(writes).buffer_unordered(WRITES_AT_ONCE);
            while let Some((order, outcome)) = writes.next().await {
                match outcome {
                    Ok(Change::New) => {
                        recorded.new += 1;
                        recorded.new_orders.push(order);
                    }
                    Ok(Change::Changed) => recorded.changed += 1,
                    Ok(Change::None) => recorded.unchanged += 1,
                    Err(error) => failed.push((order, error)),
                }
            }
        }
        Ok((recorded, failed))
    }

    async fn record(
        &self,
        seller: &SellerId,
        sighting: &Sighting,
        mut before: Option<Stored>,
        context: Context<'_>,
        now: Timestamp,
    ) -> Result<Change, Error> {
        for _ in 0..ATTEMPTS {
            let (mut order, revision) = match before {
                Some(stored) => (stored.order, Some(stored.revision)),
                None => (Order::new(seller.clone(), sighting.order.clone(), sighting.seen_in, now), None),
            };
            let changed = order.observe(&sighting.facts, context, now);
            if !changed && revision.is_some() {
                return Ok(Change::None);
            }
            match self.put(&key(seller, &order.id), &order, revision, extra(&order, now)).await? {
                Put::Done(_) if revision.is_none() => return Ok(Change::New),
                Put::Done(_) => return Ok(Change::Changed),
                Put::Lost(there) => before = there.map(stored),
            }
        }
        Err(Error::Contended { key: key(seller, &sighting.order).to_string(), attempts: ATTEMPTS })
    }

    /// Several orders of one seller; those that are not there are left out.
    async fn orders<'a>(
        &self,
        seller: &SellerId,
        ids: impl Iterator<Item = &'a OrderId>,
    ) -> Result<HashMap<OrderId, Result<Stored, Error>>, Error> {
        let keys = ids.map(|id| key(seller, id).attributes()).collect();
        let mut found = HashMap::new();
        for item in self.batch(keys, Freshness::Eventual).await? {
            let id = item.get(schema::SK).and_then(|sk| sk.as_s().ok()).and_then(|sk| sk.parse().ok());
            if let Some(id) = id {
                found.insert(id, read(&item).map(stored));
            }
        }
        Ok(found)
    }

    /// What lies in the table of these orders under these sellers, strongly consistent: every
    /// write that was answered before is seen. An item that cannot be read is given as its error.
    ///
    /// # Errors
    ///
    /// If the table does not answer.
    pub async fn copies(
        &self,
        sellers: &[SellerId],
        orders: &[OrderId],
    ) -> Result<Vec<Result<Stored, Error>>, Error> {
        let keys: Vec<Item> = sellers
            .iter()
            .flat_map(|seller| orders.iter().map(move |order| key(seller, order).attributes()))
            .collect();
        let mut copies = Vec::new();
        for keys in keys.chunks(BATCH) {
            let items = self.batch(keys.to_vec(), Freshness::Latest).await?;
            copies.extend(items.iter().map(|item| read(item).map(stored)));
        }
        Ok(copies)
    }

    /// The items of at most [`BATCH`] keys, as far as they are there.
    pub(super) async fn batch(&self, mut keys: Vec<Item>, freshness: Freshness) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        while !keys.is_empty() {
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(std::mem::take(&mut keys)))
                .consistent_read(freshness == Freshness::Latest)
                .build()
                .expect("keys are set: the line above");
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.table, wanted)
                .send()
                .await
                .map_err(Error::table("reading orders"))?;
            items.extend(answer.responses.unwrap_or_default().remove(&self.table).unwrap_or_default());
            if let Some(rest) = answer.unprocessed_keys.unwrap_or_default().remove(&self.table) {
                keys = rest.keys;
            }
        }
        Ok(items)
    }

    /// Writes an order that was read before. `None`: somebody else wrote meanwhile.
    pub(super) async fn save(
        &self,
        order: Order,
        revision: u64,
        now: Timestamp,
    ) -> Result<Result<Stored, Option<Stored>>, Error> {
        let put =
            self.put(&key(&order.seller, &order.id), &order, Some(revision), extra(&order, now)).await?;
        Ok(match put {
            Put::Done(revision) => Ok(Stored { order, revision }),
            Put::Lost(there) => Err(there.map(stored)),
        })
    }

    /// Writes a change of an order that was read before. `false`: somebody else wrote
    /// meanwhile, and nothing was changed; the next look at the order decides anew.
    pub async fn update_order(&self, before: &Stored, after: Order, now: Timestamp) -> Result<bool, Error> {
        Ok(self.save(after, before.revision, now).await?.is_ok())
    }

    /// At most `limit` orders of a seller for which work is owed, the longest due first.
    ///
    /// The index follows the table with a delay: a row may speak of what was done since.
    pub async fn due(&self, seller: &SellerId, now: Timestamp, limit: usize) -> Result<Vec<Due>, Error> {
        let pk = due_pk(seller);
        let rows = self.due_rows("reading what is due", &pk, now, limit).await?;
        let row =
            |(due_at, rest): (Timestamp, String)| due_row(due_at, &rest).ok_or_else(|| not_a_row(&pk, &rest));
        rows.into_iter().map(row).collect()
    }

    /// Every order of a seller. An item that cannot be read is given as its error beside the
    /// others.
    ///
    /// # Errors
    ///
    /// As [`Ledger::each_order`].
    pub async fn all_orders(&self, seller: &SellerId) -> Result<Vec<Result<Stored, Error>>, Error> {
        let mut all = Vec::new();
        self.each_order(seller, |order| all.push(order)).await?;
        Ok(all)
    }

    /// Hands every order of a seller to `take`, page by page, so that a million of them need
    /// no memory. An item that cannot be read is given as its error beside the others; so is a
    /// partition of which a page cannot be read.
    ///
    /// # Errors
    ///
    /// If no partition can be read.
    pub async fn each_order(
        &self,
        seller: &SellerId,
        mut take: impl FnMut(Result<Stored, Error>),
    ) -> Result<(), Error> {
        let mut n_failed = 0;
        for shard in 0..SHARDS {
            let pk = shard_pk(seller, shard);
            let query = self.partition_query(&pk, None, Freshness::Eventual);
            let mut start = None;
            loop {
                let page = query.clone().set_exclusive_start_key(start).send().await;
                match page.map_err(Error::table("listing orders")) {
                    Ok(page) => {
                        for item in page.items.unwrap_or_default() {
                            take(read(&item).map(stored).map_err(|error| error.within(&pk)));
                        }
                        start = page.last_evaluated_key;
                    }
                    Err(error) => {
                        n_failed += 1;
                        if n_failed == SHARDS {
                            return Err(error);
                        }
                        take(Err(error));
                        start = None;
                    }
                }
                if start.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }
}

impl Stored {
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }
}

enum Change {
    New,
    Changed,
    None,
}

fn due_row(due_at: Timestamp, rest: &str) -> Option<Due> {
    let (not_after, order) = rest.split_once('#')?;
    Some(Due { due_at, not_after: not_after.parse().ok()?, order: order.parse().ok()? })
}
