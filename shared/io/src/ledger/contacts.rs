//! Customers of the sellers' shops, apart from their orders.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{Person, SellerId};
use renown_core::mail::contact::REMEMBERED;
use renown_core::mail::{Contact, Memory};

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Versioned, read, schema};
use super::{Error, Ledger};

pub(super) fn pk(seller: &SellerId) -> String {
    format!("CONTACTS#{seller}")
}

/// Whether an item is a customer, and not what they were sent.
pub(super) fn is_contact(item: &super::item::Item) -> bool {
    item.get(schema::SK).and_then(|sk| sk.as_s().ok()).is_some_and(|sk| !sk.ends_with("#SENT"))
}

fn key(seller: &SellerId, person: &Person) -> Key {
    Key::new(pk(seller), person.as_str())
}

pub(super) fn memory_key(seller: &SellerId, person: &Person) -> Key {
    Key::new(pk(seller), format!("{person}#SENT"))
}

pub(super) fn memory_extra(now: Timestamp) -> Extra {
    Extra { due: None, expires_at: now.saturating_add(REMEMBERED).ok() }
}

/// What is kept of a person.
#[derive(Debug, Clone, Default)]
pub struct KnownPerson {
    /// Their address, encrypted, and what they agreed to; `None`: erased, or no longer kept.
    pub contact: Option<Contact>,
    /// What they were sent.
    pub memory: Memory,
}

impl Ledger {
    /// A customer; `None`: not known, erased, or no longer kept.
    pub async fn contact(&self, seller: &SellerId, person: &Person) -> Result<Option<Contact>, Error> {
        Ok(self.get(&key(seller, person), Freshness::Latest).await?.map(|versioned| versioned.body))
    }

    /// Takes up news of a customer, kept for `keep` from `now` on. An order that tells the same
    /// again keeps them longer; that is written once a day at most.
    pub async fn record_contact(
        &self,
        seller: &SellerId,
        news: &Contact,
        keep: SignedDuration,
        now: Timestamp,
    ) -> Result<(), Error> {
        let key = key(seller, &news.person);
        let expires_at = now.saturating_add(keep).ok();
        let mut before = self.get::<Contact>(&key, Freshness::Latest).await?;
        for _ in 0..ATTEMPTS {
            let revision = before.as_ref().map(|versioned| versioned.revision);
            let mut contact = news.clone();
            if let Some(known) = before {
                contact = known.body;
                let is_older = news.as_of <= contact.as_of;
                if !contact.merge(news) && is_older {
                    return Ok(());
                }
            }
            match self.put(&key, &contact, revision, Extra { due: None, expires_at }).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }

    /// Deletes a customer: address, name, language. What they were sent names nobody and stays,
    /// so that nothing is sent twice. Tells whether they were known.
    pub async fn forget_contact(&self, seller: &SellerId, person: &Person) -> Result<bool, Error> {
        let was = self.contact(seller, person).await?.is_some();
        self.delete("forgetting a customer", &key(seller, person)).await?;
        Ok(was)
    }

    /// Everybody who is known to a seller's shops, or was sent something. An item that cannot be
    /// read is left out, and said to be.
    pub async fn people(&self, seller: &SellerId) -> Result<BTreeMap<Person, KnownPerson>, Error> {
        let pk = pk(seller);
        let mut people: BTreeMap<Person, KnownPerson> = BTreeMap::new();
        for item in self.partition("listing customers", &pk, None, Freshness::Eventual).await? {
            let sk = item.get(schema::SK).and_then(|sk| sk.as_s().ok()).map_or("", String::as_str);
            let person = sk.split('#').next().unwrap_or_default().parse::<Person>();
            let is_read = match (person, is_contact(&item)) {
                (Ok(person), true) => read::<Contact>(&item)
                    .map(|contact| people.entry(person).or_default().contact = Some(contact.body)),
                (Ok(person), false) => {
                    read::<Memory>(&item).map(|memory| people.entry(person).or_default().memory = memory.body)
                }
                (Err(_), _) => continue,
            };
            if let Err(error) = is_read {
                tracing::error!(error = %error.within(&pk), "a customer is left out");
            }
        }
        Ok(people)
    }

    /// What a person was sent.
    pub async fn memory(&self, seller: &SellerId, person: &Person) -> Result<Memory, Error> {
        let memory = self.memory_item(seller, person).await?;
        Ok(memory.map(|versioned| versioned.body).unwrap_or_default())
    }

    pub(super) async fn memory_item(
        &self,
        seller: &SellerId,
        person: &Person,
    ) -> Result<Option<Versioned<Memory>>, Error> {
        self.get(&memory_key(seller, person), Freshness::Latest).await
    }

    /// Takes up that a mail to a person did not get through for now. Tells how many did not
    /// within 30 days; told twice it counts once.
    pub async fn bounced_for_now(
        &self,
        seller: &SellerId,
        person: &Person,
        message: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<usize, Error> {
        let key = memory_key(seller, person);
        let mut before = self.memory_item(seller, person).await?;
        for _ in 0..ATTEMPTS {
            let revision = before.as_ref().map(|versioned| versioned.revision);
            let known = before.map(|versioned| versioned.body).unwrap_or_default();
            let mut memory = known.clone();
            let n = memory.bounced_for_now(message, at);
            if memory == known {
                return Ok(n);
            }
            match self.put(&key, &memory, revision, memory_extra(now)).await? {
                Put::Done(_) => return Ok(n),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }
}
