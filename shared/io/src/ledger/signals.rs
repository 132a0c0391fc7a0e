//! Signals: written by whoever meets them, due until a case has taken them in.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::fmt::serde::timestamp::second::optional as opt_secs;
use jiff::{SignedDuration, Timestamp, ToSpan};
use renown_core::case::{
    Case, Joined, Kind, Reading, Signal, Subject, TOPIC_DAYS, Team, is_topic, most_within,
};
use renown_core::ids::{OrderId, SellerId};
use serde::{Deserialize, Serialize};

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Write, read, schema, seconds};
use super::orders::BATCH;
use super::{Error, Ledger, Unread, cases};

/// Partition of the due index.
pub(super) const DUE: &str = "signal";
/// Signals are kept this long, for history and figures. Ours.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);
/// Of a topic those complaints are shown that came so long before its case, and later. Ours: more than
/// what is news to a team.
const SHOWN_DAYS: i32 = 35;

/// A signal with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSignal {
    /// The fact.
    pub signal: Signal,
    /// What was understood of it, once it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// When it was read.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub read_at: Option<Timestamp>,
    /// Whether a case took it in; one that presses nobody, or is old, is history alone.
    #[serde(default)]
    pub in_case: bool,
}

/// What reading a signal came to.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenIn {
    /// The signal.
    pub signal: Signal,
    /// What was understood of it.
    pub reading: Reading,
    /// The case that took it in; `None`: it is history alone.
    pub case: Option<Case>,
    /// How many complaints of its kind came within some days, where it counts towards a topic.
    pub of_topic: usize,
}

pub(super) fn pk(seller: &SellerId) -> String {
    format!("SIGNALS#{seller}")
}

pub(super) fn topics_pk(seller: &SellerId) -> String {
    format!("TOPICS#{seller}")
}

fn key(seller: &SellerId, id: &str) -> Key {
    Key::new(pk(seller), id)
}

fn extra(stored: &StoredSignal) -> Extra {
    let (signal, at) = (&stored.signal, stored.signal.seen_at);
    let due = || (DUE.to_owned(), format!("{}#{}#{}", seconds(at), signal.seller, signal.id));
    Extra { due: stored.read_at.is_none().then(due), expires_at: at.saturating_add(KEPT).ok() }
}

/// A complaint about a product, counted by its day.
#[derive(Debug, Serialize, Deserialize)]
struct Complaint {
    day: Date,
    /// The id of its signal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signal: Option<String>,
}

impl Ledger {
    /// Takes out what was heard before, and what is there twice. Reports overlap, so that is most: a read costs a tenth of a
    /// write.
    ///
    /// # Errors
    ///
    /// If the table does not answer.
    pub async fn drop_known_signals(&self, signals: &mut Vec<Signal>) -> Result<(), Error> {
        let mut ids = BTreeSet::new();
        signals.retain(|signal| ids.insert(signal.id.clone()));
        let mut known = BTreeSet::new();
        for some in signals.chunks(BATCH) {
            let keys = some.iter().map(|signal| key(&signal.seller, &signal.id).attributes()).collect();
            for item in self.batch(keys, Freshness::Eventual).await? {
                known.extend(item.get(schema::SK).and_then(|sk| sk.as_s().ok()).cloned());
            }
        }
        signals.retain(|signal| !known.contains(&signal.id));
        Ok(())
    }

    /// Writes signals down, due at once. Tells which are new: what was heard before is left as it
    /// is.
    ///
    /// # Errors
    ///
    /// If the table does not answer. What was written by then is found again.
    pub async fn record_signals(&self, signals: &[Signal]) -> Result<Vec<Signal>, Error> {
        let mut new = Vec::new();
        for signal in signals {
            let key = key(&signal.seller, &signal.id);
            let stored =
                StoredSignal { signal: signal.clone(), reading: None, read_at: None, in_case: false };
            if let Put::Done(_) = self.put(&key, &stored, None, extra(&stored)).await? {
                new.push(signal.clone());
            }
        }
        Ok(new)
    }

    /// A signal.
    pub async fn signal(&self, seller: &SellerId, id: &str) -> Result<Option<StoredSignal>, Error> {
        Ok(self.get::<StoredSignal>(&key(seller, id), Freshness::Latest).await?.map(|there| there.body))
    }

    /// All signals of a seller that are kept. One that cannot be read is left out.
    pub async fn signals(&self, seller: &SellerId) -> Result<Vec<StoredSignal>, Error> {
        let items = self.partition("listing signals", &pk(seller), None, Freshness::Eventual).await?;
        Ok(items.iter().filter_map(|item| read::<StoredSignal>(item).ok()).map(|it| it.body).collect())
    }

    /// Signals that nobody has read yet, the longest waiting first.
    pub async fn due_signals(&self, now: Timestamp, limit: usize) -> Result<Vec<(SellerId, String)>, Error> {
        let rows = self.due_rows("reading which signals are due", DUE, now, limit).await?;
        Ok(rows.into_iter().filter_map(|(_, row)| two(&row)).collect())
    }

    /// Takes a signal in: into its case, into the count of its topic, and out of what is due; all
    /// of it or nothing. `None`: it was taken in before, or is not there.
    ///
    /// # Errors
    ///
    /// If the table does not answer; the signal stays due.
    pub async fn take_in(
        &self,
        seller: &SellerId,
        id: &str,
        team: &Team,
        now: Timestamp,
        understand: impl Fn(&Signal) -> Reading,
    ) -> Result<Option<TakenIn>, Error> {
        let key = key(seller, id);
        for _ in 0..ATTEMPTS {
            let Some(there) = self.get::<StoredSignal>(&key, Freshness::Latest).await? else {
                return Ok(None);
            };
            if there.body.read_at.is_some() {
                return Ok(None);
            }
            let signal = there.body.signal;
            let reading = understand(&signal);
            let counts = is_topic(&signal, &reading) && team.is_news(&signal);
            let of_topic = counts.then(|| signal.day.unwrap_or(day_of(signal.seen_at)));
            let opens = reading.opens_case(&signal) && team.is_news(&signal);
            let (mut writes, mut case) = (Vec::new(), None);
            if (opens || signal.kind == Kind::FeedbackGone)
                && let Some((write, changed)) = self.case_with(&signal, &reading, opens, team, now).await?
            {
                writes.extend(write);
                case = Some(changed);
            }
            if let Some(day) = of_topic {
                writes.extend(self.complaint(&signal, &reading, day)?);
            }
            let stored = StoredSignal {
                signal: signal.clone(),
                reading: Some(reading.clone()),
                read_at: Some(now),
                in_case: case.is_some(),
            };
            writes.push(self.write(&key, &stored, Some(there.revision), extra(&stored))?);
            if !self.put_all(writes).await? {
                continue;
            }
            let of_topic = match of_topic {
                Some(day) => self.complaints(&signal, &reading, day).await?,
                None => 0,
            };
            return Ok(Some(TakenIn { signal, reading, case, of_topic }));
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }

    /// The write by which a case takes a signal in; none if it has it already. `None`: there is no case,
    /// and the signal opens none.
    async fn case_with(
        &self,
        signal: &Signal,
        reading: &Reading,
        opens: bool,
        team: &Team,
        now: Timestamp,
    ) -> Result<Option<(Option<Write>, Case)>, Error> {
        let key = cases::key(&signal.seller, &signal.subject.id());
        let there = self.get::<Case>(&key, Freshness::Latest).await?;
        let Some(there) = there else {
            if !opens {
                return Ok(None);
            }
            let case = Case::open(signal.clone(), reading.clone(), team, now);
            return Ok(Some((Some(self.write(&key, &case, None, cases::extra(&case))?), case)));
        };
        let mut case = there.body;
        let is_new = case.join(signal.clone(), reading.clone(), team, now);
        let write = is_new.then(|| self.write(&key, &case, Some(there.revision), cases::extra(&case)));
        Ok(Some((write.transpose()?, case)))
    }

    fn complaint(&self, signal: &Signal, reading: &Reading, day: Date) -> Result<Option<Write>, Error> {
        let Some(about) = about(signal, reading) else { return Ok(None) };
        let hash = Unread::hash_of(signal.id.as_bytes());
        let key = Key::new(topics_pk(&signal.seller), format!("{about}#{day}#{hash}"));
        // Whoever takes the signal in writes this with it, so that it is there once or not at all.
        let extra = Extra { due: None, expires_at: signal.seen_at.saturating_add(KEPT).ok() };
        let complaint = Complaint { day, signal: Some(signal.id.clone()) };
        Ok(Some(self.write(&key, &complaint, None, extra)?))
    }

    /// The complaints that a topic's case is made of, the latest first, `most` at most; none of another
    /// case.
    pub async fn complaints_of(&self, case: &Case, most: usize) -> Result<Vec<Joined>, Error> {
        if !matches!(case.subject, Subject::Topic { .. }) {
            return Ok(Vec::new());
        }
        let (id, since) = (case.subject.id(), day_of(case.opened_at).saturating_sub(SHOWN_DAYS.days()));
        let range = (format!("{id}#{since}"), format!("{id}#~"));
        let pk = topics_pk(&case.seller);
        let items = self.partition("listing complaints", &pk, Some(range), Freshness::Eventual).await?;
        let mut complaints = Vec::new();
        // Sort keys begin with the day.
        for item in items.iter().rev() {
            let Some(id) = read::<Complaint>(item).ok().and_then(|it| it.body.signal) else { continue };
            if let Some(StoredSignal { signal, reading: Some(reading), .. }) =
                self.signal(&case.seller, &id).await?
            {
                complaints.push(Joined { signal, reading });
            }
            if complaints.len() >= most {
                break;
            }
        }
        Ok(complaints)
    }

    /// Takes an order's complaints out of topics; tells how many there were, and which topics name them.
    pub(super) async fn forget_complaints(
        &self,
        seller: &SellerId,
        order: &OrderId,
    ) -> Result<(u64, BTreeSet<String>), Error> {
        let of_order = format!("{}#", Subject::Order { order: order.clone() }.id());
        let (mut n, mut topics) = (0, BTreeSet::new());
        let pk = topics_pk(seller);
        for item in self.partition("listing complaints", &pk, None, Freshness::Latest).await? {
            let signal = read::<Complaint>(&item).ok().and_then(|it| it.body.signal);
            let sk = item.get(schema::SK).and_then(|sk| sk.as_s().ok());
            if let (Some(sk), true) = (sk, signal.is_some_and(|id| id.starts_with(&of_order))) {
                topics.extend(sk.split('#').next().map(str::to_owned));
                self.delete("deleting a complaint", &Key::new(&pk, sk)).await?;
                n += 1;
            }
        }
        Ok((n, topics))
    }

    /// The most complaints of one kind about one product in any span of some days with this one.
    async fn complaints(&self, signal: &Signal, reading: &Reading, day: Date) -> Result<usize, Error> {
        let Some(about) = about(signal, reading) else { return Ok(0) };
        let span = (TOPIC_DAYS - 1).days();
        let (from, to) = (day.saturating_sub(span), day.saturating_add(span));
        let range = (format!("{about}#{from}"), format!("{about}#{to}#~"));
        let pk = topics_pk(&signal.seller);
        let items = self.partition("counting complaints", &pk, Some(range), Freshness::Latest).await?;
        let days: Vec<Date> =
            items.iter().filter_map(|item| read::<Complaint>(item).ok()).map(|it| it.body.day).collect();
        Ok(most_within(&days, day))
    }
}

/// What a complaint is about: the product and the cause.
fn about(signal: &Signal, reading: &Reading) -> Option<String> {
    let (asin, cause) = (signal.asin.clone()?, reading.primary()?);
    Some(Subject::Topic { asin, cause }.id())
}

fn day_of(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// A seller and the id behind it.
pub(super) fn two(row: &str) -> Option<(SellerId, String)> {
    let (seller, id) = row.split_once('#')?;
    Some((seller.parse().ok()?, id.to_owned()))
}
