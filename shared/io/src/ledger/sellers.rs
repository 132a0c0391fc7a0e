//! Sellers and their rules.

use renown_core::ids::SellerId;
use renown_core::rules::{Invalid, Rules};
use renown_core::seller::Seller;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, read};
use super::{Error, Ledger};

pub(super) fn key(seller: &SellerId) -> Key {
    Key::new("SELLERS", seller.as_str())
}

fn rules_key(seller: &SellerId, version: u32) -> Key {
    Key::new(format!("RULES#{seller}"), format!("{version:08}"))
}

impl Ledger {
    /// Every seller whose item can be read. One that cannot is left alone and logged; the others
    /// go on.
    pub async fn sellers(&self) -> Result<Vec<Seller>, Error> {
        let mut readable = Vec::new();
        for seller in self.all_sellers().await? {
            match seller {
                Ok(seller) => readable.push(seller),
                Err(error) => tracing::error!(error = %error, "a seller is left out"),
            }
        }
        Ok(readable)
    }

    /// Every seller. An item that cannot be read is given as its error beside the others.
    pub async fn all_sellers(&self) -> Result<Vec<Result<Seller, Error>>, Error> {
        let items = self.partition("listing sellers", "SELLERS", None, Freshness::Eventual).await?;
        Ok(items.iter().map(|item| Ok(read::<Seller>(item)?.body)).collect())
    }

    /// One seller.
    pub async fn seller(&self, seller: &SellerId) -> Result<Option<Seller>, Error> {
        Ok(self.get(&key(seller), Freshness::Eventual).await?.map(|versioned| versioned.body))
    }

    /// Writes a seller: a new one, or over what is there.
    pub async fn put_seller(&self, seller: &Seller) -> Result<(), Error> {
        let mut before = self.get::<Seller>(&key(&seller.id), Freshness::Latest).await?;
        for _ in 0..ATTEMPTS {
            let revision = before.as_ref().map(|versioned| versioned.revision);
            if before.as_ref().is_some_and(|versioned| versioned.body == *seller) {
                return Ok(());
            }
            match self.put(&key(&seller.id), seller, revision, Extra::default()).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key(&seller.id).to_string(), attempts: ATTEMPTS })
    }

    /// The rules of a seller that are in force: the defaults until it has written some.
    pub async fn rules(&self, seller: &Seller) -> Result<Rules, Error> {
        if seller.rules_version == 0 {
            return Ok(Rules::default());
        }
        let key = rules_key(&seller.id, seller.rules_version);
        let rules = self.get::<Rules>(&key, Freshness::Latest).await?.map(|versioned| versioned.body);
        rules.ok_or_else(|| Error::Unreadable {
            key: key.to_string(),
            problem: "the seller's settings name this version, but it is not there; set the rules again"
                .to_owned(),
        })
    }

    /// Every version of a seller's rules that was ever written, the oldest first. The defaults
    /// (version 0) are not among them.
    pub async fn rules_history(&self, seller: &SellerId) -> Result<Vec<Rules>, Error> {
        let pk = format!("RULES#{seller}");
        let items = self.partition("listing rules", &pk, None, Freshness::Eventual).await?;
        items.iter().map(|item| Ok(read::<Rules>(item)?.body)).collect()
    }

    /// Writes new rules under the next version and puts them in force. Old versions stay, for
    /// the decisions that name them. With mistakes in them nothing is written: every mistake
    /// comes back, with its place and remedy.
    pub async fn put_rules(
        &self,
        seller: &Seller,
        rules: &Rules,
    ) -> Result<Result<Seller, Vec<Invalid>>, Error> {
        let problems = rules.problems(&seller.marketplaces);
        if !problems.is_empty() {
            return Ok(Err(problems));
        }
        let mut version = seller.rules_version;
        for _ in 0..ATTEMPTS {
            version += 1;
            let rules = Rules { version, ..rules.clone() };
            match self.put(&rules_key(&seller.id, version), &rules, None, Extra::default()).await? {
                Put::Done(_) => {
                    let seller = Seller { rules_version: version, ..seller.clone() };
                    self.put_seller(&seller).await?;
                    return Ok(Ok(seller));
                }
                // A version that was written but never put in force, or somebody was faster.
                Put::Lost(_) => {}
            }
        }
        Err(Error::Contended { key: rules_key(&seller.id, version).to_string(), attempts: ATTEMPTS })
    }
}
