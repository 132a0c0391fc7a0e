//! The once-only protocol: claim, then call, then settle.
//!
//! A claim is one conditional write. Of any number of processes one is granted, and only
//! while the permission that was read is fresh (promises P1, P5, P8). What became of the call
//! is written by whoever holds the claim; if that process dies, the claim's lease ends and
//! Amazon is asked what it offers.
//!
//! An order has an item under each seller that it is known of, and an Amazon account can be here
//! under two ids. So a claim that is written is not granted before the order's other items were
//! read, strongly consistent. Whoever comes second finds the claim of the first; if both come at
//! once, at least one finds the other's and gives way. This takes no write.

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::SellerId;
use renown_core::order::{Answer, Elsewhere, Order, State};
use renown_core::policy::timing::Context;

use super::control::{Permit, STOP_WITHIN};
use super::error::ATTEMPTS;
use super::{Error, Grant, Ledger, Stored};
use crate::clock::Clock;

/// An order that is being asked under another seller's id is looked at again after this.
const BOTH_AT_ONCE: SignedDuration = SignedDuration::from_mins(10);

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
    /// The order is known under this other seller too, and there it was asked, is being asked, or
    /// never is to be. The claim was given back, and ends the order unless its outcome there is
    /// still open.
    Elsewhere(SellerId),
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
    /// `beside` are the other sellers under which the order may be known too.
    pub async fn claim(
        &self,
        stored: &Stored,
        permit: Permit,
        beside: &[SellerId],
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
        if let Some((other, answer)) = self.bound_elsewhere(&stored.order, beside, clock.now()).await? {
            self.settle(stored, &answer, context, clock.now()).await?;
            return Ok(Claimed::Elsewhere(other));
        }
        // The last thing before the grant: whatever was waited for above, the permission is young.
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

    /// The seller whose item of the same order forbids a call, and what that makes of the claim.
    async fn bound_elsewhere(
        &self,
        order: &Order,
        beside: &[SellerId],
        now: Timestamp,
    ) -> Result<Option<(SellerId, Answer)>, Error> {
        let mut underway = None;
        for copy in self.copies(beside, std::slice::from_ref(&order.id)).await? {
            let copy = copy?.order;
            match copy.state.elsewhere() {
                Elsewhere::Free => {}
                Elsewhere::Underway => underway = Some(copy.seller),
                Elsewhere::Over(why) => return Ok(Some((copy.seller, Answer::Elsewhere(why)))),
            }
        }
        Ok(underway.map(|other| {
            // If both came at once, the later id waits longer, so that they do not meet again.
            let pause = if order.seller < other { BOTH_AT_ONCE } else { BOTH_AT_ONCE * 6 };
            let again = now.saturating_add(pause).unwrap_or(now);
            (other, Answer::GiveWay(again))
        }))
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
