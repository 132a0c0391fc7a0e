//! What sellers sell: names for people, by SKU.

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use renown_core::ids::{SellerId, Sku};
pub use renown_core::product::Product;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Item, Key, Put, read, schema};
use super::{Error, Ledger};

/// Writes under way at once.
const WRITES_AT_ONCE: usize = 8;

fn pk(seller: &SellerId) -> String {
    format!("PRODUCTS#{seller}")
}

fn sku_of(item: &Item) -> Option<Sku> {
    item.get(schema::SK)?.as_s().ok()?.parse().ok()
}

impl Ledger {
    /// Takes in names of products: what is there is read once, and only what differs is written.
    ///
    /// Safe to repeat. A product that a newer Renown wrote is left as it is: its name is a
    /// convenience that no other product must wait for.
    pub async fn record_products(
        &self,
        seller: &SellerId,
        products: &BTreeMap<Sku, Product>,
    ) -> Result<(), Error> {
        if products.is_empty() {
            return Ok(());
        }
        let items = self.partition("listing products", &pk(seller), None, Freshness::Eventual).await?;
        let mut there: BTreeMap<Sku, _> =
            items.iter().filter_map(|item| Some((sku_of(item)?, read::<Product>(item)))).collect();
        let writes = products.iter().filter_map(|(sku, product)| match there.remove(sku) {
            Some(Err(_)) => None,
            Some(Ok(before)) => {
                let is_new = product.clone().after(&before.body) != before.body;
                is_new.then_some((sku, product, Some((before.body, before.revision))))
            }
            None => Some((sku, product, None)),
        });
        let writes: Vec<_> = writes.collect();
        let mut writes = stream::iter(writes)
            .map(|(sku, product, before)| self.record_product(seller, sku, product, before))
            .buffer_unordered(WRITES_AT_ONCE);
        while let Some(written) = writes.next().await {
            written?;
        }
        Ok(())
    }

    async fn record_product(
        &self,
        seller: &SellerId,
        sku: &Sku,
        product: &Product,
        mut before: Option<(Product, u64)>,
    ) -> Result<(), Error> {
        let key = Key::new(pk(seller), sku.as_str());
        for _ in 0..ATTEMPTS {
            let (after, revision) = match &before {
                Some((before, revision)) => (product.clone().after(before), Some(*revision)),
                None => (product.clone(), None),
            };
            match self.put(&key, &after, revision, Extra::default()).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => before = there.map(|there| (there.body, there.revision)),
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }

    /// The products of a seller, by SKU.
    pub async fn products(&self, seller: &SellerId) -> Result<BTreeMap<Sku, Product>, Error> {
        let items = self.partition("listing products", &pk(seller), None, Freshness::Eventual).await?;
        let mut products = BTreeMap::new();
        for item in &items {
            let product = read::<Product>(item)?.body;
            let sku = sku_of(item).ok_or_else(|| Error::Unreadable {
                key: pk(seller),
                problem: "its sort key is no SKU".to_owned(),
            })?;
            products.insert(sku, product);
        }
        Ok(products)
    }
}
