//! What the sellers of one tick share: the permission to send, the watch for an outage, counts.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use renown_core::control::{Cause, Stop};
use renown_core::event::Event;
use renown_core::ids::SellerId;
use renown_core::marketplace::MarketplaceId;
use renown_core::order::Order;
use renown_core::policy::outage::{self, Lately, Verdict};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::app::App;
use renown_io::ledger::{ControlReading, Error, Permit, Probes};
use renown_io::problem;
use renown_io::spapi::SpApi;

use crate::summary::Summary;

/// Probes made over all sellers in a tick while everything is held, to see whether the outage
/// is over.
const CANARIES: usize = 20;
/// … and by one seller at least.
const CANARIES_OF_ONE: usize = 5;
/// Probes are written to the table whenever this many have come together.
const WRITE_PROBES_AT: u64 = 20;

/// Events of one call of the bus.
const TELL_AT_ONCE: usize = 10;

/// One tick.
pub(crate) struct Tick<'a> {
    pub(crate) app: &'a App,
    /// The client, none of whose calls outlasts the invocation.
    pub(crate) spapi: SpApi,
    /// No order is begun later.
    pub(crate) until: Timestamp,
    /// Until when claims of this tick hold.
    pub(crate) lease_until: Timestamp,
    /// Sellers that are worked in this tick.
    active: usize,
    /// Every seller there is.
    sellers: &'a [Seller],
    control: tokio::sync::Mutex<ControlReading>,
    watch: Mutex<Watch>,
    summary: Mutex<Summary>,
    /// Whom the bus is still to be told of.
    asked: Mutex<Vec<Event>>,
}

/// Probes of this tick.
struct Watch {
    /// What the table knew when it was last asked.
    lately: Lately,
    /// Counted here and not written yet.
    probes: Probes,
    /// Probes made while everything is held.
    canaries: Probes,
    outages_over: u32,
}

impl<'a> Tick<'a> {
    pub(crate) async fn begin(
        app: &'a App,
        control: ControlReading,
        active: usize,
        sellers: &'a [Seller],
        until: Timestamp,
        lease_until: Timestamp,
        deadline: Timestamp,
    ) -> Result<Tick<'a>, Error> {
        let now = app.clock.now();
        let outages_over = control.control().outages_over;
        let lately = app.ledger.probes_lately(outages_over, now).await?;
        let left = std::time::Duration::try_from(deadline.duration_since(now)).unwrap_or_default();
        Ok(Tick {
            app,
            spapi: app.spapi.until(tokio::time::Instant::now() + left),
            until,
            lease_until,
            active,
            sellers,
            control: tokio::sync::Mutex::new(control),
            watch: Mutex::new(Watch {
                lately,
                probes: Probes::default(),
                canaries: Probes::default(),
                outages_over,
            }),
            summary: Mutex::new(Summary::default()),
            asked: Mutex::new(Vec::new()),
        })
    }

    /// Whether another order may be begun.
    pub(crate) fn has_time(&self) -> bool {
        self.app.clock.now() < self.until
    }

    pub(crate) fn count(&self, add: impl FnOnce(&mut Summary)) {
        add(&mut lock(&self.summary));
    }

    /// A buyer was asked: the bus is told of several at once.
    pub(crate) async fn asked(&self, order: &Order) {
        let (seller, id) = (order.seller.clone(), order.id.clone());
        let at = self.app.clock.now();
        let event = Event::OrderAsked { seller, order: id, marketplace: order.marketplace(), at };
        let told = {
            let mut asked = lock(&self.asked);
            asked.push(event);
            if asked.len() < TELL_AT_ONCE {
                return;
            }
            std::mem::take(&mut *asked)
        };
        self.app.bus.publish(told).await;
    }

    /// Tells the operator, once a tick.
    pub(crate) fn problem(&self, seller: &SellerId, text: Text) {
        problem::tell(&mut lock(&self.summary).problems, seller, text);
    }

    /// The permission to claim one order, by a reading of the table that is less than a second
    /// old. One read serves all sellers of the tick.
    pub(crate) async fn permit(
        &self,
        seller: &SellerId,
        marketplace: MarketplaceId,
    ) -> Result<Option<Permit>, Error> {
        let mut reading = self.control.lock().await;
        let now = self.app.clock.now();
        if !reading.is_fresh(now) {
            *reading = self.app.ledger.control(now).await?;
        }
        Ok(reading.permit(seller, marketplace, self.app.clock.now()))
    }

    /// The other sellers that sell in a marketplace, under whose ids an order may be known too;
    /// of one that was only imported it may not be known where it sells.
    pub(crate) fn beside(&self, seller: &SellerId, marketplace: MarketplaceId) -> Vec<SellerId> {
        let sells =
            |other: &&Seller| other.marketplaces.is_empty() || other.marketplaces.contains(&marketplace);
        let others = self.sellers.iter().filter(|other| other.id != *seller).filter(sells);
        others.map(|other| other.id.clone()).collect()
    }

    /// Whether the seller may be worked: live and not stopped, by the last reading.
    pub(crate) async fn may_work(&self, seller: &SellerId) -> bool {
        let reading = self.control.lock().await;
        reading.control().live_since(seller).is_some() && reading.control().seller_stop(seller).is_none()
    }

    /// Since when the seller is live, by the last reading.
    pub(crate) async fn live_since(&self, seller: &SellerId) -> Option<Timestamp> {
        self.control.lock().await.control().live_since(seller)
    }

    /// Whether everything is held for an outage, by the last reading.
    pub(crate) async fn is_outage(&self) -> bool {
        self.control.lock().await.control().outage.is_some()
    }

    /// How many orders a seller may probe while everything is held.
    pub(crate) fn canaries(&self) -> usize {
        CANARIES.div_ceil(self.active.max(1)).max(CANARIES_OF_ONE)
    }

    /// Counts a probe, and holds everything if it completes a wave of empty answers.
    pub(crate) async fn probed(&self, seller: &SellerId, offered: bool) -> Result<(), Error> {
        let (verdict, write) = {
            let mut watch = lock(&self.watch);
            watch.probes.count(seller, offered);
            let write = (watch.probes.tally().probes >= WRITE_PROBES_AT).then(|| watch.take_probes());
            (outage::judge(watch.probes.added_to(watch.lately)), write)
        };
        if let Some(probes) = write {
            self.write(&probes).await;
        }
        let Verdict::Hold { share, usual } = verdict else { return Ok(()) };
        self.hold(share, usual).await
    }

    async fn hold(&self, share: f64, usual: f64) -> Result<(), Error> {
        let mut reading = self.control.lock().await;
        if reading.control().outage.is_some() {
            return Ok(());
        }
        let now = self.app.clock.now();
        let (share, usual) = (share * 100.0, usual * 100.0);
        let note = text!(
            "{share:.0} % of probes in the last hour were empty, usual are {usual:.0} %",
            "最近一小时有 {share:.0}% 的查询没有请求入口,平时为 {usual:.0}%"
        );
        tracing::error!(
            note = note.en,
            "amazon is likely at fault; everything is held until it offers requests again"
        );
        self.app
            .ledger
            .change_control(|control| {
                let stop = || Stop::new(Cause::AmazonOutage, now).saying(&note);
                control.outage.get_or_insert_with(stop);
            })
            .await?;
        *reading = self.app.ledger.control(self.app.clock.now()).await?;
        Ok(())
    }

    /// Counts a probe made while everything is held, and ends the hold when enough of them look
    /// usual again.
    pub(crate) async fn canary(&self, seller: &SellerId, offered: bool) -> Result<(), Error> {
        let mut reading = self.control.lock().await;
        let now = self.app.clock.now();
        let Some(outage) = reading.control().outage.clone() else { return Ok(()) };
        let is_over = {
            let mut watch = lock(&self.watch);
            watch.canaries.count(seller, offered);
            outage::is_over(watch.canaries.tally(), watch.lately.week, now.duration_since(outage.since))
        };
        if is_over {
            self.app.ledger.change_control(renown_core::control::Control::end_outage).await?;
            *reading = self.app.ledger.control(self.app.clock.now()).await?;
            let mut watch = lock(&self.watch);
            watch.outages_over = reading.control().outages_over;
            watch.lately.hour = outage::Tally::default();
            watch.lately.sellers = 0;
            watch.probes = Probes::default();
            tracing::info!(since = %outage.since, "amazon offers requests again; the hold is over");
        }
        Ok(())
    }

    async fn write(&self, probes: &Probes) {
        let outages_over = lock(&self.watch).outages_over;
        if let Err(error) = self.app.ledger.add_probes(probes, outages_over, self.app.clock.now()).await {
            tracing::warn!(error = %error, "probes are not counted");
        }
    }

    /// Writes what is left to write and gives the counts.
    pub(crate) async fn finish(self) -> Summary {
        let asked = std::mem::take(&mut *lock(&self.asked));
        self.app.bus.publish(asked).await;
        let probes = lock(&self.watch).take_probes();
        self.write(&probes).await;
        self.summary.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// Takes the probes out for writing; they count towards the hour all the same.
    fn take_probes(&mut self) -> Probes {
        self.lately = self.probes.added_to(self.lately);
        std::mem::take(&mut self.probes)
    }
}

/// Whatever a panicking holder left is whole: each is changed in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
