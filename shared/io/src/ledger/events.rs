//! When Amazon last told something of a seller, by type of notification: silence on one of them
//! is seen without asking Amazon.
//!
//! Times are kept as the beginning of their hour, so that a seller's messages of an hour cost
//! one write together, and the entry comes out the same in whatever order they arrive.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::optional as secs;
use renown_core::ids::SellerId;
use serde::{Deserialize, Serialize};

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put};
use super::{Error, Ledger};
use crate::spapi::NotificationType;

/// The hour of the newest event of each type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LastEvents {
    /// Of [`NotificationType::OrderChange`].
    #[serde(with = "secs", skip_serializing_if = "Option::is_none")]
    pub order_change: Option<Timestamp>,
    /// Of [`NotificationType::AccountStatusChanged`].
    #[serde(with = "secs", skip_serializing_if = "Option::is_none")]
    pub account_status_changed: Option<Timestamp>,
    /// Of [`NotificationType::ReportProcessingFinished`].
    #[serde(with = "secs", skip_serializing_if = "Option::is_none")]
    pub report_processing_finished: Option<Timestamp>,
}

impl LastEvents {
    /// The hour of the newest event of a type; `None`: none has come yet.
    pub fn of(&self, event: NotificationType) -> Option<Timestamp> {
        match event {
            NotificationType::OrderChange => self.order_change,
            NotificationType::AccountStatusChanged => self.account_status_changed,
            NotificationType::ReportProcessingFinished => self.report_processing_finished,
        }
    }

    fn set(&mut self, event: NotificationType, hour: Timestamp) {
        let place = match event {
            NotificationType::OrderChange => &mut self.order_change,
            NotificationType::AccountStatusChanged => &mut self.account_status_changed,
            NotificationType::ReportProcessingFinished => &mut self.report_processing_finished,
        };
        *place = Some(hour);
    }
}

/// What this process knows to be in the table: most messages cost not even a read.
#[derive(Debug, Default)]
pub(super) struct Heard(Mutex<BTreeMap<(SellerId, NotificationType), Timestamp>>);

impl Heard {
    fn knows(&self, seller: &SellerId, event: NotificationType, hour: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(seller.clone(), event)).is_some_and(|known| *known >= hour)
    }

    fn learn(&self, seller: &SellerId, event: NotificationType, hour: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert((seller.clone(), event), hour);
    }
}

pub(super) fn key(seller: &SellerId) -> Key {
    Key::new("EVENTS", seller.as_str())
}

/// The beginning of the hour of a moment.
fn hour_of(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(3600) * 3600).unwrap_or(at)
}

impl Ledger {
    /// Notes that an event of a seller came. Written at most once an hour for each type, and
    /// only if nothing newer was noted; an event that claims to lie in the future is taken for
    /// one of now.
    ///
    /// # Errors
    ///
    /// If the table does not answer. Only this note is missing then; the next event brings it.
    pub async fn note_event(
        &self,
        seller: &SellerId,
        event: NotificationType,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let hour = hour_of(at.min(now));
        if self.heard.knows(seller, event, hour) {
            return Ok(());
        }
        let mut before = self.get::<LastEvents>(&key(seller), Freshness::Eventual).await?;
        for _ in 0..ATTEMPTS {
            let revision = before.as_ref().map(|versioned| versioned.revision);
            let mut events = before.map(|versioned| versioned.body).unwrap_or_default();
            if let Some(there) = events.of(event).filter(|there| *there >= hour) {
                self.heard.learn(seller, event, there);
                return Ok(());
            }
            events.set(event, hour);
            match self.put(&key(seller), &events, revision, Extra::default()).await? {
                Put::Done(_) => {
                    self.heard.learn(seller, event, hour);
                    return Ok(());
                }
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key(seller).to_string(), attempts: ATTEMPTS })
    }

    /// When the last event of each type came of a seller, to the hour.
    ///
    /// # Errors
    ///
    /// If the table does not answer, or a newer Renown wrote the entry.
    pub async fn last_events(&self, seller: &SellerId) -> Result<LastEvents, Error> {
        let events = self.get::<LastEvents>(&key(seller), Freshness::Eventual).await?;
        Ok(events.map(|versioned| versioned.body).unwrap_or_default())
    }
}
