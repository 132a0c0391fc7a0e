//! Cases, and the team that works on them.

use jiff::{SignedDuration, Timestamp};
use renown_core::case::{Case, State, Team};
use renown_core::ids::SellerId;

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Versioned, read, seconds};
use super::signals::two;
use super::{Error, Ledger};

/// Partition of the due index.
const DUE: &str = "case";
/// A case is kept this long after it ended, for figures and for whoever asks. Ours.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

pub(super) fn pk(seller: &SellerId) -> String {
    format!("CASES#{seller}")
}

pub(super) fn key(seller: &SellerId, id: &str) -> Key {
    Key::new(pk(seller), id)
}

fn team_key() -> Key {
    Key::new("TEAM", "TEAM")
}

pub(super) fn extra(case: &Case) -> Extra {
    let expires_at = match case.state {
        State::Resolved { at, .. } => at.saturating_add(KEPT).ok(),
        State::Open | State::Acknowledged => None,
    };
    let row = |at: Timestamp| (DUE.to_owned(), format!("{}#{}#{}", seconds(at), case.seller, case.id));
    Extra { due: case.next_at.map(row), expires_at }
}

impl Ledger {
    /// A case of a seller.
    pub async fn case(&self, seller: &SellerId, id: &str) -> Result<Option<Case>, Error> {
        Ok(self.get::<Case>(&key(seller, id), Freshness::Latest).await?.map(|there| there.body))
    }

    /// All cases of a seller that are kept. One that cannot be read is left out and logged.
    pub async fn cases(&self, seller: &SellerId) -> Result<Vec<Case>, Error> {
        let items = self.partition("listing cases", &pk(seller), None, Freshness::Latest).await?;
        let case = |item| match read::<Case>(item) {
            Ok(there) => Some(there.body),
            Err(error) => {
                tracing::warn!(seller.id = %seller, error = %error, "a case cannot be read and is left out");
                None
            }
        };
        Ok(items.iter().filter_map(case).collect())
    }

    /// Cases that are to be looked at, the longest waiting first.
    pub async fn due_cases(&self, now: Timestamp, limit: usize) -> Result<Vec<(SellerId, String)>, Error> {
        let rows = self.due_rows("reading which cases are due", DUE, now, limit).await?;
        Ok(rows.into_iter().filter_map(|(_, row)| two(&row)).collect())
    }

    /// When a signal, a case or a notice is due next, or since when it is; for whoever need not look
    /// each minute.
    pub async fn next_alert(&self) -> Result<Option<Timestamp>, Error> {
        let mut next = None;
        for pk in [super::signals::DUE, DUE, super::notices::DUE] {
            let rows = self.due_rows("reading what is due next", pk, Timestamp::MAX, 1).await?;
            next = next.into_iter().chain(rows.first().map(|(at, _)| *at)).min();
        }
        Ok(next)
    }

    /// Changes a case. `change` may be called again if somebody else wrote meanwhile; what it
    /// refuses is not written and given back. `None`: there is no such case.
    ///
    /// # Errors
    ///
    /// If the table does not answer.
    pub async fn change_case<E>(
        &self,
        seller: &SellerId,
        id: &str,
        mut change: impl FnMut(&mut Case) -> Result<(), E>,
    ) -> Result<Option<Result<Case, E>>, Error> {
        let key = key(seller, id);
        let mut there = self.get::<Case>(&key, Freshness::Latest).await?;
        for _ in 0..ATTEMPTS {
            let Some(Versioned { body: before, revision, .. }) = there else { return Ok(None) };
            let mut case = before.clone();
            if let Err(refused) = change(&mut case) {
                return Ok(Some(Err(refused)));
            }
            if case == before {
                return Ok(Some(Ok(case)));
            }
            match self.put(&key, &case, Some(revision), extra(&case)).await? {
                Put::Done(_) => return Ok(Some(Ok(case))),
                Put::Lost(newer) => there = newer,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }

    /// Who works on cases, when, and how fast; the defaults where nobody said so.
    pub async fn team(&self) -> Result<Team, Error> {
        let team = self.get::<Team>(&team_key(), Freshness::Eventual).await?;
        Ok(team.map(|there| there.body).unwrap_or_default())
    }

    /// Says who works on cases, when, and how fast.
    pub async fn put_team(&self, team: &Team) -> Result<(), Error> {
        let mut revision = None;
        for _ in 0..ATTEMPTS {
            match self.put(&team_key(), team, revision, Extra::default()).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => revision = there.map(|there: Versioned<Team>| there.revision),
            }
        }
        Err(Error::Contended { key: team_key().to_string(), attempts: ATTEMPTS })
    }
}
