//! Tests of ways to write a shop's mails.

use jiff::Timestamp;
use renown_core::ids::ShopId;
use renown_core::mail::experiment::Experiment;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Versioned, read};
use super::{Error, Ledger};

pub(super) fn pk(shop: &ShopId) -> String {
    format!("EXPERIMENTS#{shop}")
}

pub(super) fn key(shop: &ShopId, name: &str) -> Key {
    Key::new(pk(shop), name)
}

impl Ledger {
    /// Every test of a shop, the oldest first.
    pub async fn experiments(&self, shop: &ShopId) -> Result<Vec<Experiment>, Error> {
        let items = self.partition("listing tests of mails", &pk(shop), None, Freshness::Latest).await?;
        let read = |item| Ok(read::<Experiment>(item)?.body);
        let mut all = items.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
        all.sort_by_key(|test| test.since);
        Ok(all)
    }

    pub(super) async fn experiment(
        &self,
        shop: &ShopId,
        name: &str,
    ) -> Result<Option<Versioned<Experiment>>, Error> {
        self.get(&key(shop, name), Freshness::Latest).await
    }

    /// Writes a new test. `false`: there is, or was, one of that name.
    pub async fn begin_experiment(&self, shop: &ShopId, test: &Experiment) -> Result<bool, Error> {
        let put = self.put(&key(shop, &test.plan.name), test, None, Extra::default()).await?;
        Ok(matches!(put, Put::Done(_)))
    }

    /// Ends a test for good; nothing happens to one that was ended before. `None`: there is none
    /// of that name.
    pub async fn end_experiment(
        &self,
        shop: &ShopId,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Experiment>, Error> {
        let mut before = self.experiment(shop, name).await?;
        for _ in 0..ATTEMPTS {
            let Some(Versioned { body: mut test, revision, .. }) = before else { return Ok(None) };
            if test.ended.is_some() {
                return Ok(Some(test));
            }
            test.ended = Some(now);
            match self.put(&key(shop, name), &test, Some(revision), Extra::default()).await? {
                Put::Done(_) => return Ok(Some(test)),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key(shop, name).to_string(), attempts: ATTEMPTS })
    }
}
