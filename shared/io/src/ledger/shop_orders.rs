//! Orders of shops and their mails: taken in, found when due, claimed, settled, heard of.
//!
//! A mail leaves by the same protocol as a request to an Amazon buyer: one conditional write
//! claims it, together with what its recipient was sent and what left the shop today; then one
//! call; then it is settled. What is written together is written by one transaction, so that no
//! crash parts the mail from the caps it counts for.

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{Person, ShopId, ShopOrderId};
use renown_core::mail::ses::What;
use renown_core::mail::{Answer, Facts, Kind, Memory, Remembered, Shop, ShopOrder};

use super::control::STOP_WITHIN;
use super::due::not_a_row;
use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Versioned, read, seconds};
use super::{ControlReading, Error, Ledger, contacts, experiments, mail_days};
use crate::clock::Clock;

/// Partitions of a shop's orders. Fixed: an order must be found where it was put.
const SHARDS: u64 = 16;
/// An order's item lives this long after it was last written: longer than any of its mails waits.
const KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

/// An order of a shop as it lies in the table.
#[derive(Debug, Clone)]
pub struct StoredShopOrder {
    /// The order.
    pub order: ShopOrder,
    revision: u64,
}

/// Proof that a shop was live and nothing was stopped less than a second ago. Used up by the
/// claim.
#[derive(Debug)]
pub struct MailPermit {
    shop: ShopId,
    read_at: Timestamp,
}

impl ControlReading {
    /// The permission to claim one mail; `None` if the shop listens, anything stops it, or the
    /// reading is too old.
    pub fn mail_permit(&self, shop: &ShopId, now: Timestamp) -> Option<MailPermit> {
        (self.is_fresh(now) && self.control().may_mail(shop))
            .then(|| MailPermit { shop: shop.clone(), read_at: self.read_at() })
    }
}

/// The right to hand one mail to SES. Made where the table has accepted the claim, taken by value
/// by the one call: there is no way to send without it, or twice.
#[derive(Debug)]
pub struct ClaimedMail {
    pub(crate) shop: ShopId,
    pub(crate) order: ShopOrderId,
    pub(crate) kind: Kind,
    pub(crate) lease_until: Timestamp,
}

impl ClaimedMail {
    /// When the claim runs out. The call must be over before.
    pub fn lease_until(&self) -> Timestamp {
        self.lease_until
    }
}

/// What is claimed, and what it was decided on.
#[derive(Debug)]
pub struct Claim<'a> {
    /// The shop.
    pub shop: &'a Shop,
    /// Which mail of the order.
    pub kind: Kind,
    /// Whom it goes to.
    pub person: &'a Person,
    /// What they were sent before, as the decision saw it.
    pub memory: &'a Memory,
    /// Hash of its text.
    pub text: &'a str,
    /// The template it is written with.
    pub template: String,
    /// The arm of the test that it is in.
    pub arm: Option<Arm<'a>>,
    /// How long the claim holds.
    pub lease_until: Timestamp,
}

/// An arm of a test, in which a mail is counted.
#[derive(Debug, Clone, Copy)]
pub struct Arm<'a> {
    /// The test's name.
    pub test: &'a str,
    /// The arm, counted from 0.
    pub index: usize,
    /// What the mail is marked with.
    pub label: &'a str,
}

fn shard_pk(shop: &ShopId, shard: u64) -> String {
    format!("SHOPORDERS#{shop}#{shard}")
}

/// The partitions of a shop's orders.
pub(super) fn partitions(shop: &ShopId) -> impl Iterator<Item = String> + '_ {
    (0..SHARDS).map(|shard| shard_pk(shop, shard))
}

fn key(shop: &ShopId, order: &ShopOrderId) -> Key {
    use sha2::{Digest, Sha256};
    let shard = u64::from(Sha256::digest(order.as_str().as_bytes())[0]) % SHARDS;
    Key::new(shard_pk(shop, shard), order.as_str())
}

fn due_pk(shop: &ShopId) -> String {
    format!("MAIL#{shop}")
}

fn extra(order: &ShopOrder, now: Timestamp) -> Extra {
    let due = order.due_at().map(|at| (due_pk(&order.shop), format!("{}#{}", seconds(at), order.id)));
    Extra { due, expires_at: now.saturating_add(KEPT).ok() }
}

fn stored(versioned: Versioned<ShopOrder>) -> StoredShopOrder {
    StoredShopOrder { order: versioned.body, revision: versioned.revision }
}

fn remembered(order: &ShopOrder, kind: Kind, at: Timestamp) -> Remembered {
    let skus = order.facts.lines.iter().map(|line| line.sku.clone()).collect();
    Remembered { at, shop: order.shop.clone(), order: order.id.clone(), kind, skus }
}

impl Ledger {
    /// One order of a shop, with every write that was answered before.
    pub async fn shop_order(
        &self,
        shop: &ShopId,
        order: &ShopOrderId,
    ) -> Result<Option<StoredShopOrder>, Error> {
        Ok(self.get(&key(shop, order), Freshness::Latest).await?.map(stored))
    }

    /// Takes in what was told of an order: merged, planned, and written where that changes
    /// something. Tells whether it was new, changed, or neither. Safe to repeat and to reorder.
    pub async fn record_shop_order(
        &self,
        shop: &Shop,
        order: &ShopOrderId,
        news: &Facts,
        now: Timestamp,
    ) -> Result<super::Recorded, Error> {
        let mut before = self.shop_order(&shop.id, order).await?;
        for _ in 0..ATTEMPTS {
            let (mut next, revision) = match before {
                Some(stored) => (stored.order, Some(stored.revision)),
                None => (ShopOrder::new(shop.id.clone(), order.clone(), now), None),
            };
            if !next.observe(news, &shop.mails, now) && revision.is_some() {
                return Ok(super::Recorded { unchanged: 1, ..super::Recorded::default() });
            }
            match self.put(&key(&shop.id, order), &next, revision, extra(&next, now)).await? {
                Put::Done(_) if revision.is_none() => {
                    self.count_shop_order(&shop.seller, &shop.id, now).await?;
                    return Ok(super::Recorded { new: 1, ..super::Recorded::default() });
                }
                Put::Done(_) => return Ok(super::Recorded { changed: 1, ..super::Recorded::default() }),
                Put::Lost(there) => before = there.map(stored),
            }
        }
        Err(Error::Contended { key: key(&shop.id, order).to_string(), attempts: ATTEMPTS })
    }

    /// Changes an order. `change` may run several times, on what others wrote meanwhile; `None`
    /// from it leaves everything as it is, and so does an order that is not there.
    pub async fn change_shop_order<T>(
        &self,
        shop: &ShopId,
        order: &ShopOrderId,
        now: Timestamp,
        mut change: impl FnMut(&mut ShopOrder) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let mut before = self.shop_order(shop, order).await?;
        for _ in 0..ATTEMPTS {
            let Some(StoredShopOrder { order: mut next, revision }) = before else { return Ok(None) };
            let Some(result) = change(&mut next) else { return Ok(None) };
            match self.put(&key(shop, order), &next, Some(revision), extra(&next, now)).await? {
                Put::Done(_) => return Ok(Some(result)),
                Put::Lost(there) => before = there.map(stored),
            }
        }
        Err(Error::Contended { key: key(shop, order).to_string(), attempts: ATTEMPTS })
    }

    /// At most `limit` orders of a shop that are to be looked at, the longest due first, each
    /// with since when. The index follows the table with a delay.
    pub async fn due_mails(
        &self,
        shop: &ShopId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Timestamp, ShopOrderId)>, Error> {
        let pk = due_pk(shop);
        let rows = self.due_rows("reading which mails are due", &pk, now, limit).await?;
        let order = |(at, id): (Timestamp, String)| Ok((at, id.parse().map_err(|_| not_a_row(&pk, &id))?));
        rows.into_iter().map(order).collect()
    }

    /// Writes an order that was read before. `None`: somebody else wrote meanwhile, and nothing
    /// was changed.
    pub async fn update_shop_order(
        &self,
        before: &StoredShopOrder,
        after: ShopOrder,
        now: Timestamp,
    ) -> Result<Option<StoredShopOrder>, Error> {
        let key = key(&after.shop, &after.id);
        Ok(match self.put(&key, &after, Some(before.revision), extra(&after, now)).await? {
            Put::Done(revision) => Some(StoredShopOrder { order: after, revision }),
            Put::Lost(_) => None,
        })
    }

    /// Claims a mail for one call, and counts it for its recipient and its shop. `None`: somebody
    /// else wrote meanwhile, or the permission had grown old; nothing is claimed then, and the
    /// next look decides anew.
    pub async fn claim_mail(
        &self,
        stored: &StoredShopOrder,
        claim: Claim<'_>,
        permit: MailPermit,
        clock: &Clock,
    ) -> Result<Option<(ClaimedMail, StoredShopOrder)>, Error> {
        let now = clock.now();
        let Claim { shop, kind, person, text, lease_until, .. } = claim;
        let mut order = stored.order.clone();
        let is_same = order.shop == permit.shop && order.shop == shop.id;
        let id = self.write_id();
        if !is_same || !order.claim(kind, &id, lease_until, now) {
            return Ok(None);
        }
        let mut was_counted = false;
        if let Some(mail) = order.mails.get_mut(&kind) {
            mail.template = claim.template;
            let label = claim.arm.map_or("", |arm| arm.label);
            was_counted = mail.arm == label;
            label.clone_into(&mut mail.arm);
        }
        let seller = &shop.seller;
        let memory = self.memory_item(seller, person).await?;
        let memory_revision = memory.as_ref().map(|versioned| versioned.revision);
        let mut memory = memory.map(|versioned| versioned.body).unwrap_or_default();
        // Another mail to the same person was claimed since the decision: decide anew.
        if memory.mails != claim.memory.mails {
            return Ok(None);
        }
        memory.remember(remembered(&order, kind, now));
        let sent = self.sent_item(seller, &shop.id, now).await?;
        let sent_revision = sent.as_ref().map(|versioned| versioned.revision);
        let mut sent = sent.map(|versioned| versioned.body).unwrap_or_default();
        sent.count(text);
        let mut writes = vec![
            self.write(&key(&order.shop, &order.id), &order, Some(stored.revision), extra(&order, now))?,
            self.write(
                &contacts::memory_key(seller, person),
                &memory,
                memory_revision,
                contacts::memory_extra(now),
            )?,
            self.write(&mail_days::left(seller, &shop.id, now), &sent, sent_revision, mail_days::extra(now))?,
        ];
        if let Some(arm) = claim.arm.filter(|_| !was_counted) {
            let Some(test) = self.experiment(&shop.id, arm.test).await? else { return Ok(None) };
            let mut body = test.body;
            // Full, or over, since the decision: decide anew.
            if !body.count(arm.index, now) {
                return Ok(None);
            }
            let key = experiments::key(&shop.id, arm.test);
            writes.push(self.write(&key, &body, Some(test.revision), Extra::default())?);
        }
        if !self.put_all(writes).await? {
            return Ok(None);
        }
        let claimed = StoredShopOrder { order, revision: stored.revision + 1 };
        if clock.now().duration_since(permit.read_at) > STOP_WITHIN {
            let answer = Answer::NotSent(renown_core::mail::reasons::Wait::Ses);
            self.settle_mail(claimed, kind, shop, person, &answer, clock.now()).await?;
            return Ok(None);
        }
        let grant = ClaimedMail { shop: shop.id.clone(), order: claimed.order.id.clone(), kind, lease_until };
        Ok(Some((grant, claimed)))
    }

    /// Writes down what became of the call of a claim. A mail that did not leave after all is
    /// taken out of what its recipient was sent. Facts and events that came in meanwhile are kept.
    pub async fn settle_mail(
        &self,
        claimed: StoredShopOrder,
        kind: Kind,
        shop: &Shop,
        person: &Person,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<ShopOrder, Error> {
        let Some(id) =
            claimed.order.mails.get(&kind).and_then(|mail| mail.state.claim_id()).map(str::to_owned)
        else {
            return Ok(claimed.order);
        };
        let mut there = claimed;
        for _ in 0..ATTEMPTS {
            let mut order = there.order.clone();
            if !order.settle(kind, &id, answer, &shop.mails, now) {
                return Ok(there.order);
            }
            let key = key(&order.shop, &order.id);
            let has_left = order.mails.get(&kind).is_some_and(|mail| mail.state.may_have_left());
            if has_left {
                match self.put(&key, &order, Some(there.revision), extra(&order, now)).await? {
                    Put::Lost(Some(newer)) => there = stored(newer),
                    Put::Done(_) | Put::Lost(None) => return Ok(order),
                }
                continue;
            }
            let mut writes = vec![self.write(&key, &order, Some(there.revision), extra(&order, now))?];
            if let Some(memory) = self.memory_item(&shop.seller, person).await? {
                let mut body = memory.body;
                body.forget(&remembered(&order, kind, now));
                let key = contacts::memory_key(&shop.seller, person);
                writes.push(self.write(&key, &body, Some(memory.revision), contacts::memory_extra(now))?);
            }
            if self.put_all(writes).await? {
                return Ok(order);
            }
            match self.shop_order(&order.shop, &order.id).await? {
                Some(newer) => there = newer,
                None => return Ok(order),
            }
        }
        Err(Error::Contended { key: there.order.id.to_string(), attempts: ATTEMPTS })
    }

    /// Takes up what SES told of a mail. A bounce or a complaint is counted for its seller's brake
    /// in the same write, so that an event told twice counts once. `None`: there is no such mail,
    /// or nothing in it was news.
    pub async fn hear_of_mail(
        &self,
        shop: &Shop,
        mail: (&ShopOrderId, Kind),
        what: What,
        message: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<ShopOrder>, Error> {
        let (id, kind) = mail;
        let mut before = self.shop_order(&shop.id, id).await?;
        for _ in 0..ATTEMPTS {
            let Some(StoredShopOrder { mut order, revision }) = before else { return Ok(None) };
            if !order.hear(kind, what, message, at, &shop.mails, now) {
                return Ok(None);
            }
            let key = key(&shop.id, id);
            if matches!(what, What::Bounced | What::Complained) {
                let day = self.day_item(&shop.seller, now).await?;
                let day_revision = day.as_ref().map(|versioned| versioned.revision);
                let mut day = day.map(|versioned| versioned.body).unwrap_or_default();
                match what {
                    What::Bounced => day.bounced = day.bounced.saturating_add(1),
                    _ => day.complained = day.complained.saturating_add(1),
                }
                let day_key = mail_days::came_in(&shop.seller, now);
                let writes = vec![
                    self.write(&key, &order, Some(revision), extra(&order, now))?,
                    self.write(&day_key, &day, day_revision, mail_days::extra(now))?,
                ];
                if self.put_all(writes).await? {
                    return Ok(Some(order));
                }
                before = self.shop_order(&shop.id, id).await?;
                continue;
            }
            match self.put(&key, &order, Some(revision), extra(&order, now)).await? {
                Put::Done(_) => return Ok(Some(order)),
                Put::Lost(there) => before = there.map(stored),
            }
        }
        Err(Error::Contended { key: key(&shop.id, id).to_string(), attempts: ATTEMPTS })
    }

    /// Hands every order of a shop to `take`, page by page. One that cannot be read is given as
    /// its error beside the others.
    ///
    /// # Errors
    ///
    /// If the table does not answer.
    pub async fn each_shop_order(
        &self,
        shop: &ShopId,
        mut take: impl FnMut(Result<ShopOrder, Error>),
    ) -> Result<(), Error> {
        for pk in partitions(shop) {
            let query = self.partition_query(&pk, None, Freshness::Eventual);
            let mut start = None;
            loop {
                let page = query.clone().set_exclusive_start_key(start).send().await;
                let page = page.map_err(Error::table("listing orders of a shop"))?;
                for item in page.items.unwrap_or_default() {
                    take(read::<ShopOrder>(&item).map(|order| order.body).map_err(|e| e.within(&pk)));
                }
                start = page.last_evaluated_key;
                if start.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }
}
