//! Everything of one seller is deleted on its owner's wish.
//!
//! The only verbs that delete what was learnt. What goes is chosen by an id alone, never by what
//! a buyer did (promise P2). They may be run again whenever they were cut short (promise P7): who may send
//! is changed first, so that nothing more is asked, and the seller's own item goes last, so
//! that it can still be named.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use renown_core::case::Subject;
use renown_core::control::{Cause, Stop};
use renown_core::ids::{OrderId, SellerId, ShopId};
use renown_core::mail::Shop;
use renown_core::order::State;
use renown_core::text;

use super::item::{Freshness, Item, Key, read, schema};
use super::{
    Error, Ledger, Unread, asins, cases, contacts, errands, events, experiments, health, mail_days, notices,
    orders, reports, sellers, shop_orders, shops, signals, templates,
};

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
    /// Cases.
    pub cases: u64,
    /// Shops of its own.
    pub shops: u64,
    /// What was deleted with them.
    pub of_shops: ForgottenShop,
}

/// What was deleted with a shop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ForgottenShop {
    /// Orders with their mails.
    pub orders: u64,
    /// Customers: addresses and names.
    pub contacts: u64,
}

impl Ledger {
    /// Deletes everything of a seller: orders, rules, reports, products, its last events, what
    /// the counters know of it, its shops with their orders and customers, its part of who may send, and the
    /// seller itself. Entries of unread input are [`Ledger::forget_unread`]'s. Which addresses its
    /// shops may not write to stays, by keyed hash: that was those people's wish.
    ///
    /// `None`: an order of it is being asked, or a mail of it being sent, at this moment. Nothing was deleted; the seller
    /// stands still, so that a minute later nothing is underway.
    pub async fn forget_seller(&self, seller: &SellerId, now: Timestamp) -> Result<Option<Forgotten>, Error> {
        self.change_control(|control| {
            let of_seller = control.sellers.entry(seller.clone()).or_default();
            of_seller.live = None;
            let by_hand = || Stop::new(Cause::Person, now).saying(&text!("is being erased", "正在抹除"));
            of_seller.stop.get_or_insert_with(by_hand);
        })
        .await?;
        let mut theirs = self.shops().await?;
        theirs.retain(|shop| shop.seller == *seller);
        for shop in &theirs {
            self.still(&shop.id, now).await?;
        }
        if self.is_being_asked(seller, now).await? {
            return Ok(None);
        }
        let mut forgotten = Forgotten::default();
        for shop in &theirs {
            let Some(of_shop) = self.forget_shop(shop, now).await? else { return Ok(None) };
            forgotten.shops += 1;
            forgotten.of_shops.orders += of_shop.orders;
            forgotten.of_shops.contacts += of_shop.contacts;
        }
        // What people were sent, and what is left of customers if a shop was deleted before.
        self.forget_partition(&contacts::pk(seller), |_| true).await?;
        self.forget_partition(&mail_days::pk(seller), |_| true).await?;
        for pk in orders::partitions(seller) {
            forgotten.orders += self.forget_partition(&pk, |_| true).await?;
        }
        forgotten.rules = self.forget_partition(&format!("RULES#{seller}"), |_| true).await?;
        forgotten.reports = self.forget_partition(&format!("REPORTS#{seller}"), |_| true).await?;
        forgotten.products = self.forget_partition(&format!("PRODUCTS#{seller}"), |_| true).await?;
        forgotten.cases = self.forget_partition(&cases::pk(seller), |_| true).await?;
        for pk in [
            signals::pk(seller),
            signals::topics_pk(seller),
            health::pk(seller),
            asins::pk(seller),
            errands::pk(seller),
        ] {
            self.forget_partition(&pk, |_| true).await?;
        }
        let of_notices = format!("case#{seller}#");
        self.forget_partition(notices::NOTICES, |item| begins(item, &of_notices)).await?;
        self.forget_item(events::key(seller).attributes()).await?;
        self.forget_probes(seller).await?;
        self.change_control(|control| drop(control.sellers.remove(seller))).await?;
        self.forget_item(sellers::key(seller).attributes()).await?;
        Ok(Some(forgotten))
    }

    /// Deletes a shop: its orders with their mails, its part of who may send, and itself; and
    /// if it is its seller's last one, the customers. What people were sent names nobody and stays,
    /// so that nobody is asked about the same product again.
    ///
    /// `None`: a mail of it is being sent at this moment. Nothing was deleted; the shop stands
    /// still, so that some minutes later nothing is underway.
    pub async fn forget_shop(&self, shop: &Shop, now: Timestamp) -> Result<Option<ForgottenShop>, Error> {
        self.still(&shop.id, now).await?;
        let mut n = 0_u32;
        self.each_shop_order(&shop.id, |order| {
            let is_claimed = |mail: &renown_core::mail::Mail| {
                matches!(mail.state, renown_core::mail::State::Claimed { lease_until, .. } if lease_until > now)
            };
            n += u32::from(order.is_ok_and(|order| order.mails.values().any(is_claimed)));
        })
        .await?;
        if n > 0 {
            return Ok(None);
        }
        let mut forgotten = ForgottenShop::default();
        for pk in shop_orders::partitions(&shop.id) {
            forgotten.orders += self.forget_partition(&pk, |_| true).await?;
        }
        for pk in [templates::pk(&shop.id), experiments::pk(&shop.id)] {
            self.forget_partition(&pk, |_| true).await?;
        }
        let is_last =
            !self.shops().await?.iter().any(|other| other.seller == shop.seller && other.id != shop.id);
        if is_last {
            forgotten.contacts =
                self.forget_partition(&contacts::pk(&shop.seller), contacts::is_contact).await?;
        }
        self.change_control(|control| drop(control.shops.remove(&shop.id))).await?;
        self.forget_item(shops::key(&shop.id).attributes()).await?;
        Ok(Some(forgotten))
    }

    /// Deletes what is kept of a seller's customers beyond its time. `DynamoDB` does that by
    /// itself on AWS; on one machine nobody else does. Tells how many were deleted.
    pub async fn forget_old_contacts(&self, seller: &SellerId, now: Timestamp) -> Result<u64, Error> {
        self.forget_partition(&contacts::pk(seller), |item| is_over(item, now)).await
    }

    /// The same for requests of a seller's reports: a tick lists all that are kept.
    pub async fn forget_old_reports(&self, seller: &SellerId, now: Timestamp) -> Result<u64, Error> {
        self.forget_partition(&reports::pk(seller), |item| is_over(item, now)).await
    }

    /// Takes a shop's live mode away, and stops it until it is deleted.
    async fn still(&self, shop: &ShopId, now: Timestamp) -> Result<(), Error> {
        self.change_control(|control| {
            let of_shop = control.shops.entry(shop.clone()).or_default();
            of_shop.live = None;
            let by_hand = || Stop::new(Cause::Person, now).saying(&text!("is being removed", "正在移除"));
            of_shop.stop.get_or_insert_with(by_hand);
        })
        .await
    }

    /// Deletes the case of an order, what buyers said of it, and what operators were told; tells
    /// how many items there were. Told of again by a report, it is a new case.
    pub async fn forget_case(&self, seller: &SellerId, order: &OrderId) -> Result<u64, Error> {
        let id = Subject::Order { order: order.clone() }.id();
        let of_signals = format!("{id}#");
        let of_notices = format!("case#{seller}#{id}#");
        let mut n = self.forget_partition(&cases::pk(seller), |item| begins(item, &id)).await?;
        n += self.forget_partition(&signals::pk(seller), |item| begins(item, &of_signals)).await?;
        n += self.forget_partition(notices::NOTICES, |item| begins(item, &of_notices)).await?;
        let (complaints, topics) = self.forget_complaints(seller, order).await?;
        // What operators were told of a topic may quote the buyer.
        for topic in topics {
            let of_topic = format!("case#{seller}#{topic}#");
            n += self.forget_partition(notices::NOTICES, |item| begins(item, &of_topic)).await?;
        }
        Ok(n + complaints)
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
        self.delete("deleting an item", &key).await
    }
}

/// Whether the sort key of an item begins so.
fn begins(item: &Item, with: &str) -> bool {
    item.get(schema::SK).and_then(|sk| sk.as_s().ok()).is_some_and(|sk| sk.starts_with(with))
}

fn key_of(mut item: Item) -> Option<Key> {
    let mut text = |name| item.remove(name).and_then(|value| value.as_s().ok().cloned());
    Some(Key::new(text(schema::PK)?, text(schema::SK)?))
}

/// Whether `DynamoDB` would have deleted it by now.
fn is_over(item: &Item, now: Timestamp) -> bool {
    let at = item.get(schema::EXPIRES_AT).and_then(|at| at.as_n().ok());
    at.and_then(|at| at.parse::<i64>().ok()).is_some_and(|at| at < now.as_second())
}
