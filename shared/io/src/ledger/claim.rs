//! The once-only protocol: claim, then call, then settle.
//!
//! A claim is one conditional write. Of any number of processes one is granted, and only
//! while the permission that was read is fresh (promises P1, P5, P8). What became of the call
//! is written by whoever holds the claim; if that process dies, the claim's lease ends and
//! Amazon is asked what it offers.

use jiff::{SignedDuration, Timestamp};
use renown_core::order::{Answer, Order, State};
use renown_core::policy::timing::Context;

use super::control::Permit;
use super::error::ATTEMPTS;
use super::{Error, Grant, Ledger, Stored};
use crate::clock::Clock;

/// A stop that was stored this long before a claim is granted is never missed (promise P8).
const STOP_WITHIN: SignedDuration = SignedDuration::from_secs(2);

/// What became of a wish to claim.
#[derive(Debug)]
pub enum Claimed {
    /// Granted: one call may be made.
    Granted {
        /// The right to it.
        grant: Grant,
        /// The order, claimed. Boxed: much larger than its neighbours.
        stored: Box<Stored>,
    },
    /// Somebody else wrote the order meanwhile: leave it to the next look.
    Lost,
    /// The permission had grown old when the claim was written. It was given back.
    TooLate,
}

/// What stands in the table after a call was settled.
#[derive(Debug)]
pub enum Settled {
    /// What became of the call is written.
    Written(Order),
    /// The claim was no longer ours: what stands there was found by asking Amazon.
    Overtaken(Order),
}

impl Ledger {
    /// Claims an order for one call.
    ///
    /// `permit` says that its seller is live and nothing is stopped; it is fresh by its type.
    pub async fn claim(
        &self,
        stored: &Stored,
        permit: Permit,
        lease_until: Timestamp,
        context: Context<'_>,
        clock: &Clock,
    ) -> Result<Claimed, Error> {
        let mut order = stored.order.clone();
        if order.seller != permit.seller || order.marketplace() != Some(permit.marketplace) {
            return Ok(Claimed::Lost);
        }
        if !order.claim(self.write_id(), lease_until, context) {
            return Ok(Claimed::Lost);
        }
        let Ok(stored) = self.save(order, stored.revision(), clock.now()).await? else {
            return Ok(Claimed::Lost);
        };
        if clock.now().duration_since(permit.read_at) > STOP_WITHIN {
            self.settle(stored, &Answer::NotSent("the permission had grown old"), context, clock.now())
                .await?;
            return Ok(Claimed::TooLate);
        }
        let grant = Grant {
            seller: permit.seller,
            order: stored.order.id.clone(),
            marketplace: permit.marketplace,
            lease_until,
        };
        Ok(Claimed::Granted { grant, stored: Box::new(stored) })
    }

    /// Writes down what became of the call that a claim was taken for.
    ///
    /// Facts that came in meanwhile are kept: the item is read again and settled anew, as long
    /// as the claim is still ours.
    pub async fn settle(
        &self,
        claimed: Stored,
        answer: &Answer,
        context: Context<'_>,
        now: Timestamp,
    ) -> Result<Settled, Error> {
        let State::Claimed { id: ours, .. } = claimed.order.state.clone() else {
            return Ok(Settled::Overtaken(claimed.order));
        };
        let mut there = claimed;
        for _ in 0..ATTEMPTS {
            // An acceptance is known for certain; others, who took the claim for lost, only guess.
            let still_ours = matches!(&there.order.state, State::Claimed { id, .. } if *id == ours);
            if !still_ours && *answer != Answer::Accepted {
                return Ok(Settled::Overtaken(there.order));
            }
            let mut order = there.order.clone();
            order.settle(answer, context, now);
            match self.save(order, there.revision(), now).await? {
                Ok(stored) => return Ok(Settled::Written(stored.order)),
                Err(Some(newer)) => there = newer,
                Err(None) => return Ok(Settled::Overtaken(there.order)),
            }
        }
        Err(Error::Contended { key: there.order.id.to_string(), attempts: ATTEMPTS })
    }
}
