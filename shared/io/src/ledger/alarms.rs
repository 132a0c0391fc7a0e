//! Alarms that were raised: so that the same one is raised once, not with every order it meets.

use jiff::fmt::serde::timestamp::second::required as secs;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::item::{Extra, Key, Put};
use super::{Error, Ledger, Unread};

/// After this long without the item the same alarm is news again.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Debug, Serialize, Deserialize)]
struct Alarm {
    what: String,
    #[serde(with = "secs")]
    at: Timestamp,
}

impl Ledger {
    /// Whether this alarm is raised for the first time. `what` names all that makes it one
    /// alarm: a marketplace and Amazon's text, say.
    pub async fn is_news(&self, what: &str, now: Timestamp) -> Result<bool, Error> {
        let key = Key::new("ALARM", Unread::hash_of(what.as_bytes()));
        let alarm = Alarm { what: what.to_owned(), at: now };
        let extra = Extra { due: None, expires_at: now.saturating_add(KEPT).ok() };
        Ok(matches!(self.put(&key, &alarm, None, extra).await?, Put::Done(_)))
    }
}
