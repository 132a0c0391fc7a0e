//! Everything of one seller is deleted on its owner's wish.
//!
//! The only verbs that delete what was learnt. What goes is chosen by an id alone, never by what
//! a buyer did (promise P2). They may be run again whenever they were cut short (promise P7): who may send
//! is changed first, so that nothing more is asked, and the seller's own item goes last, so
//! that it can still be named.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use renown_core::control::{Cause, Stop};
use renown_core::ids::SellerId;
use renown_core::order::State;
use renown_core::text;

use super::item::{Freshness, Item, Key, read, schema};
use super::{Error, Ledger, Unread, events, orders, sellers};

/// Deletions under way at once.
const DELETES_AT_ONCE: usize = 8;

/// What was deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Orders.
    pub orders: u64,
    /// Versions of its rules.
    pub rules: u64,
    /// Report requests.
    pub reports: u64,
    /// Products.
    pub products: u64,
}

impl Ledger {
    /// Deletes everything of a seller: orders, rules, reports, products, its last events, what
    /// the counters know of it, its part of who may send, and the seller itself. Entries of unread input are
    /// [`Ledger::forget_unread`]'s.
    ///
    /// `None`: an order of it is being asked at this moment. Nothing was deleted; the seller
    /// stands still, so that a minute later nothing is underway.
    pub async fn forget_seller(&self, seller: &SellerId, now: Timestamp) -> Result<Option<Forgotten>, Error> {
        self.change_control(|control| {
            let of_seller = control.sellers.entry(seller.clone()).or_default();
            of_seller.live = None;
            let by_hand = || Stop::new(Cause::Person, now).saying(&text!("is being erased", "正在抹除"));
            of_seller.stop.get_or_insert_with(by_hand);
        })
        .await?;
        if self.is_being_asked(seller, now).await? {
            return Ok(None);
        }
        let mut forgotten = Forgotten::default();
        for pk in orders::partitions(seller) {
            forgotten.orders += self.forget_partition(&pk, |_| true).await?;
        }
        forgotten.rules = self.forget_partition(&format!("RULES#{seller}"), |_| true).await?;
        forgotten.reports = self.forget_partition(&format!("REPORTS#{seller}"), |_| true).await?;
        forgotten.products = self.forget_partition(&format!("PRODUCTS#{seller}"), |_| true).await?;
        self.forget_item(events::key(seller).attributes()).await?;
        self.forget_probes(seller).await?;
        self.change_control(|control| drop(control.sellers.remove(seller))).await?;
        self.forget_item(sellers::key(seller).attributes()).await?;
        Ok(Some(forgotten))
    }

    /// Deletes the entries of unread input of one source that name `id`, a seller's or an
    /// order's; tells how many there were.
    pub async fn forget_unread(&self, source: &str, id: &str) -> Result<u64, Error> {
        let names = |unread: &Unread| {
            [&unread.name, &unread.place, &unread.problem, &unread.problem_zh]
                .iter()
                .any(|text| text.contains(id))
        };
        let is_meant = |item: &Item| read::<Unread>(item).is_ok_and(|entry| names(&entry.body));
        self.forget_partition(&format!("UNREAD#{source}"), is_meant).await
    }

    /// Whether a process may be calling Amazon for one of its orders.
    async fn is_being_asked(&self, seller: &SellerId, now: Timestamp) -> Result<bool, Error> {
        let mut n = 0_u32;
        self.each_order(seller, |order| {
            let state = order.map(|stored| stored.order.state);
            n += u32::from(matches!(state, Ok(State::Claimed { lease_until, .. }) if lease_until > now));
        })
        .await?;
        Ok(n > 0)
    }

    /// Deletes what `is_meant` of a partition, page by page; tells how many items there were.
    async fn forget_partition(&self, pk: &str, is_meant: impl Fn(&Item) -> bool) -> Result<u64, Error> {
        let query = self.partition_query(pk, None, Freshness::Latest);
        let (mut n, mut start) = (0, None);
        loop {
            let page = query.clone().set_exclusive_start_key(start).send().await;
            let page = page.map_err(Error::table("listing what is to be deleted"))?;
            let meant: Vec<Item> = page.items.unwrap_or_default().into_iter().filter(&is_meant).collect();
            n += meant.len() as u64;
            let deletes = stream::iter(meant).map(|item| self.forget_item(item));
            deletes.buffer_unordered(DELETES_AT_ONCE).try_collect::<Vec<()>>().await?;
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(n);
            }
        }
    }

    /// The hours in which probes of several sellers are counted keep the count, not the name.
    async fn forget_probes(&self, seller: &SellerId) -> Result<(), Error> {
        let seller = AttributeValue::Ss(vec![seller.to_string()]);
        for item in self.partition("reading probes", "PROBES", None, Freshness::Latest).await? {
            let Some(key) = key_of(item) else { continue };
            self.client
                .update_item()
                .table_name(&self.table)
                .set_key(Some(key.attributes()))
                .update_expression("DELETE sellers :s")
                .expression_attribute_values(":s", seller.clone())
                .send()
                .await
                .map_err(Error::table("taking a seller out of the probes"))?;
        }
        Ok(())
    }

    /// Deletes an item; that it is gone already is no error.
    async fn forget_item(&self, item: Item) -> Result<(), Error> {
        let Some(key) = key_of(item) else { return Ok(()) };
        self.client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .send()
            .await
            .map_err(Error::table("deleting an item"))?;
        Ok(())
    }
}

fn key_of(mut item: Item) -> Option<Key> {
    let mut text = |name| item.remove(name).and_then(|value| value.as_s().ok().cloned());
    Some(Key::new(text(schema::PK)?, text(schema::SK)?))
}
