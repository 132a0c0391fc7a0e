//! The account's health day by day.

use jiff::SignedDuration;
use renown_core::health::Snapshot;
use renown_core::ids::SellerId;
use renown_core::marketplace::MarketplaceId;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Versioned, read};
use super::{Error, Ledger};

/// A day is kept this long: a year and a month, so that seasons can be compared. Ours.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

pub(super) fn pk(seller: &SellerId) -> String {
    format!("HEALTH#{seller}")
}

impl Ledger {
    /// What was kept of the account in a marketplace, the oldest day first. A day that cannot be read
    /// is left out.
    pub async fn health(&self, seller: &SellerId, at: MarketplaceId) -> Result<Vec<Snapshot>, Error> {
        let country = at.info().country;
        let range = (format!("{country}#"), format!("{country}#~"));
        let items =
            self.partition("reading account health", &pk(seller), Some(range), Freshness::Latest).await?;
        Ok(items.iter().filter_map(|item| read::<Snapshot>(item).ok()).map(|it| it.body).collect())
    }

    /// Keeps what a report said; of a day the latest stays.
    pub async fn keep_health(&self, seller: &SellerId, snapshot: &Snapshot) -> Result<(), Error> {
        let sk = format!("{}#{}", snapshot.account.marketplace.info().country, snapshot.day());
        let key = Key::new(pk(seller), sk);
        let extra = || Extra { due: None, expires_at: snapshot.at.saturating_add(KEPT).ok() };
        let mut before = self.get::<Snapshot>(&key, Freshness::Eventual).await?;
        for _ in 0..ATTEMPTS {
            let revision = match &before {
                Some(Versioned { body, .. }) if body.at >= snapshot.at => return Ok(()),
                other => other.as_ref().map(|there| there.revision),
            };
            match self.put(&key, snapshot, revision, extra()).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }
}
