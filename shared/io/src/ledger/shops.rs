//! Shops of the sellers' own.

use renown_core::ids::ShopId;
use renown_core::mail::Shop;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, read};
use super::{Error, Ledger};

pub(super) fn key(shop: &ShopId) -> Key {
    Key::new("SHOPS", shop.as_str())
}

fn mark_key() -> Key {
    Key::new("MAILKEYS", "MAILKEYS")
}

impl Ledger {
    /// Every shop whose item can be read. One that cannot is left alone and logged; the others
    /// go on.
    pub async fn shops(&self) -> Result<Vec<Shop>, Error> {
        let mut shops = Vec::new();
        for shop in self.all_shops().await? {
            match shop {
                Ok(shop) => shops.push(shop),
                Err(error) => tracing::error!(error = %error, "a shop is left out"),
            }
        }
        Ok(shops)
    }

    /// Every shop; one that cannot be read is given as its error beside the others.
    pub async fn all_shops(&self) -> Result<Vec<Result<Shop, Error>>, Error> {
        let items = self.partition("listing shops", "SHOPS", None, Freshness::Eventual).await?;
        Ok(items.iter().map(|item| Ok(read::<Shop>(item)?.body)).collect())
    }

    /// Tells with which keys of mail the contacts and suppressions here were made; `None`: with
    /// none yet.
    pub async fn mail_keys_mark(&self) -> Result<Option<String>, Error> {
        Ok(self.get(&mark_key(), Freshness::Latest).await?.map(|versioned| versioned.body))
    }

    /// Writes down with which keys of mail contacts and suppressions are made from now on. What
    /// stands there stays: other keys would open none of them. Tells what stands there.
    pub async fn note_mail_keys(&self, mark: &str) -> Result<String, Error> {
        match self.put(&mark_key(), &mark.to_owned(), None, Extra::default()).await? {
            Put::Lost(Some(there)) => Ok(there.body),
            Put::Done(_) | Put::Lost(None) => Ok(mark.to_owned()),
        }
    }

    /// One shop.
    pub async fn shop(&self, shop: &ShopId) -> Result<Option<Shop>, Error> {
        Ok(self.get(&key(shop), Freshness::Eventual).await?.map(|versioned| versioned.body))
    }

    /// Writes a shop: a new one, or over what is there.
    pub async fn put_shop(&self, shop: &Shop) -> Result<(), Error> {
        let key = key(&shop.id);
        let mut before = self.get::<Shop>(&key, Freshness::Latest).await?;
        for _ in 0..ATTEMPTS {
            if before.as_ref().is_some_and(|versioned| versioned.body == *shop) {
                return Ok(());
            }
            let revision = before.as_ref().map(|versioned| versioned.revision);
            match self.put(&key, shop, revision, Extra::default()).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }
}
