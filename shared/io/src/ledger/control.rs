//! Who may send, read from the table and changed there.

use jiff::{SignedDuration, Timestamp};
use renown_core::control::{Cause, Control, Stop};
use renown_core::ids::{SellerId, ShopId};
use renown_core::marketplace::MarketplaceId;
use renown_core::say::Text;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put};
use super::{Error, Ledger};

/// A reading older than this gives no permit. With the time a claim takes it stays within the
/// two seconds of promise P8.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// A stop that was stored this long before a claim is granted is never missed (promise P8).
pub(super) const STOP_WITHIN: SignedDuration = SignedDuration::from_secs(2);

/// What the table said about who may send, and when it was asked.
#[derive(Debug, Clone)]
pub struct ControlReading {
    control: Control,
    /// When the read began: a stop stored before is in it.
    read_at: Timestamp,
}

/// Proof that a seller was live and nothing was stopped less than a second ago. Only a fresh
/// reading gives one, and it is used up by the claim.
#[derive(Debug)]
pub struct Permit {
    pub(super) seller: SellerId,
    pub(super) marketplace: MarketplaceId,
    pub(super) read_at: Timestamp,
}

impl ControlReading {
    /// What was read.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Whether it is young enough to give permits.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        // A clock that was set back makes no reading fresh.
        let age = now.duration_since(self.read_at);
        age <= FRESH && age >= SignedDuration::ZERO
    }

    /// When the read began.
    pub(super) fn read_at(&self) -> Timestamp {
        self.read_at
    }

    /// The permission to claim one order; `None` if the seller listens, anything stops it, or
    /// the reading is too old.
    pub fn permit(&self, seller: &SellerId, marketplace: MarketplaceId, now: Timestamp) -> Option<Permit> {
        (self.is_fresh(now) && self.control.may_send(seller, marketplace)).then(|| Permit {
            seller: seller.clone(),
            marketplace,
            read_at: self.read_at,
        })
    }
}

fn key() -> Key {
    Key::new("CONTROL", "CONTROL")
}

impl Ledger {
    /// Reads who may send, strongly consistent. `now` is the moment before the call.
    pub async fn control(&self, now: Timestamp) -> Result<ControlReading, Error> {
        let control =
            self.get(&key(), Freshness::Latest).await?.map(|versioned| versioned.body).unwrap_or_default();
        Ok(ControlReading { control, read_at: now })
    }

    /// Changes who may send. `change` may run several times, on what others wrote meanwhile;
    /// what it returns is that of the run that was written.
    pub async fn change_control<T>(&self, mut change: impl FnMut(&mut Control) -> T) -> Result<T, Error> {
        let mut before = self.get::<Control>(&key(), Freshness::Latest).await?;
        for _ in 0..ATTEMPTS {
            let revision = before.as_ref().map(|versioned| versioned.revision);
            let old = before.map(|versioned| versioned.body).unwrap_or_default();
            let mut control = old.clone();
            let result = change(&mut control);
            if control == old {
                return Ok(result);
            }
            match self.put(&key(), &control, revision, Extra::default()).await? {
                Put::Done(_) => return Ok(result),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key().to_string(), attempts: ATTEMPTS })
    }

    /// Stops all shops of a seller until a person resumes. One that stands still already keeps
    /// its cause and time.
    pub async fn stop_shops(
        &self,
        shops: &[ShopId],
        cause: Cause,
        note: &Text,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.change_control(|control| {
            for shop in shops {
                let stop = &mut control.shops.entry(shop.clone()).or_default().stop;
                let before = stop.take().unwrap_or_else(|| Stop::new(cause, now));
                *stop = Some(before.saying(note));
            }
        })
        .await
    }

    /// Stops all mails to customers of shops until a person resumes.
    pub async fn stop_mails(&self, cause: Cause, note: &Text, now: Timestamp) -> Result<(), Error> {
        self.change_control(|control| {
            let before = control.mails.take().unwrap_or_else(|| Stop::new(cause, now));
            control.mails = Some(before.saying(note));
        })
        .await
    }

    /// Stops a seller until a person resumes. If it stands still already, cause and time stay
    /// and the note is added to what stands there; a note that is there already adds nothing.
    pub async fn stop_seller(
        &self,
        seller: &SellerId,
        cause: Cause,
        note: &Text,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.change_control(|control| {
            let stop = &mut control.sellers.entry(seller.clone()).or_default().stop;
            let before = stop.take().unwrap_or_else(|| Stop::new(cause, now));
            *stop = Some(before.saying(note));
        })
        .await
    }
}
