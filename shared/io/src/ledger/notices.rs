//! What operators are told, and where they read.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use renown_core::notice::{Delivery, Notice, Outcome, Target};
use renown_core::push::{Bucket, Limit, Severity};
use renown_core::say::Text;
use serde::{Deserialize, Serialize};

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Versioned, read, seconds};
use super::{Error, Ledger};

const TARGETS: &str = "TARGETS";
pub(super) const NOTICES: &str = "NOTICES";
/// How many messages each target got lately.
const PACE: &str = "PACE";
/// Partition of the due index.
pub(super) const DUE: &str = "notice";
/// Notices are kept this long, for whoever asks what was told.
const KEPT: SignedDuration = SignedDuration::from_hours(60 * 24);

/// A notice with how far it is with each target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What is told.
    pub notice: Notice,
    /// By the target's name.
    pub deliveries: BTreeMap<String, Delivery>,
}

fn key(id: &str) -> Key {
    Key::new(NOTICES, id)
}

fn extra(told: &Told) -> Extra {
    let first = told.deliveries.values().filter_map(Delivery::due_at).min();
    Extra {
        due: first.map(|at| (DUE.to_owned(), format!("{}#{}", seconds(at), told.notice.id))),
        expires_at: told.notice.at.saturating_add(KEPT).ok(),
    }
}

impl Ledger {
    /// Where operators read.
    pub async fn targets(&self) -> Result<Vec<Target>, Error> {
        let items = self.partition("listing targets of notices", TARGETS, None, Freshness::Latest).await?;
        items.iter().map(|item| Ok(read::<Target>(item)?.body)).collect()
    }

    /// Adds or changes a target.
    pub async fn put_target(&self, target: &Target) -> Result<(), Error> {
        let key = Key::new(TARGETS, &target.name);
        let mut revision = None;
        for _ in 0..ATTEMPTS {
            match self.put(&key, target, revision, Extra::default()).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => revision = there.map(|there: Versioned<Target>| there.revision),
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }

    /// Takes a target away. Tells whether it was there.
    pub async fn remove_target(&self, name: &str) -> Result<bool, Error> {
        let key = Key::new(TARGETS, name);
        let was = self.get::<Target>(&key, Freshness::Latest).await?.is_some();
        self.delete("taking a target away", &key).await?;
        self.delete("taking a target away", &Key::new(PACE, name)).await?;
        Ok(was)
    }

    /// Tells a target nothing any more, and why, until an operator sets it anew.
    pub async fn switch_off(&self, name: &str, why: &Text) -> Result<(), Error> {
        let key = Key::new(TARGETS, name);
        for _ in 0..ATTEMPTS {
            let Some(there) = self.get::<Target>(&key, Freshness::Latest).await? else { return Ok(()) };
            let target = Target { off: Some(why.clone()), ..there.body };
            if let Put::Done(_) = self.put(&key, &target, Some(there.revision), Extra::default()).await? {
                return Ok(());
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }

    /// Takes a turn to send one message to a target; else how long until there is one.
    pub async fn take_turn(
        &self,
        target: &str,
        limit: Limit,
        severity: Severity,
        now: Timestamp,
    ) -> Result<Result<(), SignedDuration>, Error> {
        self.change_pace(target, |bucket| bucket.take(limit, severity, now)).await
    }

    /// The target said that it takes nothing before then.
    pub async fn silence(&self, target: &str, until: Timestamp) -> Result<(), Error> {
        self.change_pace(target, |bucket| bucket.silence(until)).await
    }

    /// Changes what is known of a target's pace. What is not changed is not written.
    async fn change_pace<T>(&self, target: &str, change: impl Fn(&mut Bucket) -> T) -> Result<T, Error> {
        let key = Key::new(PACE, target);
        let mut there = self.get::<Bucket>(&key, Freshness::Latest).await?;
        for _ in 0..ATTEMPTS {
            let revision = there.as_ref().map(|there| there.revision);
            let before = there.map(|there| there.body).unwrap_or_default();
            let mut bucket = before.clone();
            let said = change(&mut bucket);
            if bucket == before {
                return Ok(said);
            }
            match self.put(&key, &bucket, revision, Extra::default()).await? {
                Put::Done(_) => return Ok(said),
                Put::Lost(newer) => there = newer,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }

    /// Tells every target that wants alerts; told twice, a notice is one. With no target it is
    /// kept all the same, for whoever looks.
    pub async fn tell(&self, notice: &Notice) -> Result<(), Error> {
        let key = key(&notice.id);
        // Most of what is told again is there: one read, and no write.
        if self.get::<Told>(&key, Freshness::Eventual).await?.is_some() {
            return Ok(());
        }
        let targets = self.targets().await?;
        let wants = |target: &Target| target.alerts && target.off.is_none() && target.wants.takes(notice);
        let names = targets.into_iter().filter(wants).map(|target| target.name);
        self.tell_these(notice, names).await
    }

    /// Tells the targets of these names; told twice, a notice is one.
    pub async fn tell_these(
        &self,
        notice: &Notice,
        names: impl IntoIterator<Item = String>,
    ) -> Result<(), Error> {
        let deliveries = names.into_iter().map(|name| (name, Delivery::due(notice.at))).collect();
        let told = Told { notice: notice.clone(), deliveries };
        match self.put(&key(&notice.id), &told, None, extra(&told)).await? {
            Put::Done(_) | Put::Lost(_) => Ok(()),
        }
    }

    /// Whether something was told of before.
    pub async fn was_told(&self, id: &str) -> Result<bool, Error> {
        Ok(self.get::<Told>(&key(id), Freshness::Eventual).await?.is_some())
    }

    /// What was told in the last weeks, the newest first. One that cannot be read is left out.
    pub async fn notices(&self) -> Result<Vec<Told>, Error> {
        let items = self.partition("listing notices", NOTICES, None, Freshness::Eventual).await?;
        let mut all: Vec<Told> =
            items.iter().filter_map(|item| read::<Told>(item).ok()).map(|told| told.body).collect();
        all.sort_by(|a, b| (b.notice.at, &b.notice.id).cmp(&(a.notice.at, &a.notice.id)));
        Ok(all)
    }

    /// The ids of notices that are due, the longest first.
    pub async fn due_notices(&self, now: Timestamp, limit: usize) -> Result<Vec<String>, Error> {
        let rows = self.due_rows("reading which notices are due", DUE, now, limit).await?;
        Ok(rows.into_iter().map(|(_, id)| id).collect())
    }

    /// Begins one attempt with each target that is due. What is returned is to be tried now; whoever
    /// dies meanwhile leaves it due again some minutes later. `None`: nothing is to be done, or
    /// somebody else does it.
    pub async fn begin_notice(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<Option<(Notice, Vec<String>)>, Error> {
        let Some(there) = self.get::<Told>(&key(id), Freshness::Latest).await? else { return Ok(None) };
        let mut told = there.body;
        let mut names = Vec::new();
        for (name, delivery) in &mut told.deliveries {
            if let Some(next) = delivery.begin(now) {
                *delivery = next;
                if delivery.due_at().is_some() {
                    names.push(name.clone());
                }
            }
        }
        match self.put(&key(id), &told, Some(there.revision), extra(&told)).await? {
            Put::Done(_) => Ok((!names.is_empty()).then_some((told.notice, names))),
            Put::Lost(_) => Ok(None),
        }
    }

    /// Writes down how an attempt ended.
    pub async fn end_notice(
        &self,
        id: &str,
        target: &str,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut before = self.get::<Told>(&key(id), Freshness::Latest).await?;
        for _ in 0..ATTEMPTS {
            let Some(Versioned { body: mut told, revision, .. }) = before else { return Ok(()) };
            let Some(delivery) = told.deliveries.get_mut(target) else { return Ok(()) };
            delivery.end(outcome.clone(), now);
            match self.put(&key(id), &told, Some(revision), extra(&told)).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key(id).to_string(), attempts: ATTEMPTS })
    }
}
