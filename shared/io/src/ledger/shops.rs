//! Shops of the sellers' own.

use renown_core::ids::ShopId;
use renown_core::mail::Shop;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, read};
use super::{Error, Ledger};

fn key(shop: &ShopId) -> Key {
    Key::new("SHOPS", shop.as_str())
}

impl Ledger {
    /// Every shop whose item can be read. One that cannot is left alone and logged; the others
    /// go on.
    pub async fn shops(&self) -> Result<Vec<Shop>, Error> {
        let items = self.partition("listing shops", "SHOPS", None, Freshness::Eventual).await?;
        let mut shops = Vec::new();
        for item in &items {
            match read::<Shop>(item) {
                Ok(shop) => shops.push(shop.body),
                Err(error) => tracing::error!(error = %error, "a shop is left out"),
            }
        }
        Ok(shops)
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
