//! One seller takes over from another that was the same Amazon account all along: an import
//! without an id, or an id that was mistyped.

use jiff::Timestamp;
use renown_core::ids::SellerId;
use renown_core::order::{Elsewhere, Order};

use super::error::ATTEMPTS;
use super::item::{Freshness, Put};
use super::orders::{extra, key};
use super::{Error, Ledger};

impl Ledger {
    /// Carries over to `to` what binds every seller of the same order under `from`: that it was
    /// asked, is being asked, or never is to be. Nothing of `from` is changed. Tells how many
    /// orders were carried over. Safe to repeat.
    ///
    /// # Errors
    ///
    /// If the table does not answer, or an order of `from` cannot be read: it may be one of them,
    /// so `from` must not be forgotten then.
    pub async fn take_over(&self, from: &SellerId, to: &SellerId, now: Timestamp) -> Result<u64, Error> {
        let (mut binding, mut unreadable) = (Vec::new(), None);
        self.each_order(from, |stored| match stored {
            Ok(stored) if stored.order.state.elsewhere() == Elsewhere::Free => {}
            Ok(stored) => binding.push(stored.order),
            Err(error) => unreadable = Some(error),
        })
        .await?;
        if let Some(error) = unreadable {
            return Err(error);
        }
        let mut n = 0;
        for order in binding {
            n += u64::from(self.carry_over(order, to, now).await?);
        }
        Ok(n)
    }

    /// Whether the order of `to` was changed by it: what has ended there stays as it is.
    async fn carry_over(&self, copy: Order, to: &SellerId, now: Timestamp) -> Result<bool, Error> {
        let key = key(to, &copy.id);
        for _ in 0..ATTEMPTS {
            let before = self.get::<Order>(&key, Freshness::Latest).await?;
            let (after, revision) = match before {
                Some(own) if own.body.state.elsewhere() != Elsewhere::Free => return Ok(false),
                Some(own) if !copy.is_erased() => {
                    let (state, trail) = (copy.state.clone(), copy.trail.clone());
                    (Order { state, trail, ..own.body }, Some(own.revision))
                }
                Some(own) => (Order { seller: to.clone(), ..copy.clone() }, Some(own.revision)),
                None => (Order { seller: to.clone(), ..copy.clone() }, None),
            };
            if let Put::Done(_) = self.put(&key, &after, revision, extra(&after, now)).await? {
                return Ok(true);
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }
}
