//! Who works on cases, when, and how fast: settings, which the operator writes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::department::Department;
use super::signal::{Kind, Signal};
use super::working::{Week, Working};
use crate::ids::{Asin, SellerId};
use crate::push::Severity;
use crate::text::{Cause, Language};

/// Who works on cases, when, and how fast. Without settings of its own a team works around the
/// clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Team {
    /// The clock it works by, an IANA name.
    pub zone: String,
    /// Its working hours; absent: always.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
    /// Days on which it does not work in spite of them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub holidays: BTreeSet<Date>,
    /// How fast what is to be done.
    pub deadlines: Deadlines,
    /// Which department deals with a cause, where it is another than usual.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub departments: BTreeMap<Cause, Department>,
    /// Who deals with what; the first who fits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Owner>,
    /// Who is called when time runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    /// The language that buyers' words are translated to, by a service that is paid; absent: they stand as
    /// they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub translate_to: Option<Language>,
    /// What happened longer ago than that many days opens no case: it is kept as history.
    pub news_days: u16,
}

impl Default for Team {
    fn default() -> Self {
        Self {
            zone: "UTC".to_owned(),
            week: None,
            holidays: BTreeSet::new(),
            deadlines: Deadlines::default(),
            departments: BTreeMap::new(),
            owners: Vec::new(),
            lead: None,
            translate_to: None,
            news_days: 30,
        }
    }
}

/// Hours from when a fact is heard of to when it is to be dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deadlines {
    /// A message or an answer to a survey. Amazon counts messages that wait longer than 24 hours.
    pub message: u16,
    /// A feedback: 48, market.md C09.
    pub feedback: u16,
    /// A claim or a chargeback: 72, after which Amazon decides a claim alone.
    pub claim: u16,
    /// A return: 72; sellers are to decide within three days.
    pub returns: u16,
    /// An order or a parcel gone wrong.
    pub parcel: u16,
    /// The account's health, a brake, a right that is gone.
    pub account: u16,
    /// What several buyers say of one product.
    pub topic: u16,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { message: 24, feedback: 48, claim: 72, returns: 72, parcel: 24, account: 24, topic: 7 * 24 }
    }
}

/// Who deals with what. An empty list is no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Owner {
    /// What the team calls them, as targets know whom to call by.
    pub name: String,
    /// Of these departments.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub departments: BTreeSet<Department>,
    /// Of these sellers.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub sellers: BTreeSet<SellerId>,
    /// In these marketplaces, as countries: `DE`, `US`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub marketplaces: BTreeSet<String>,
    /// Of SKUs that begin so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
    /// Of these products.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub asins: BTreeSet<String>,
}

impl Owner {
    fn fits(&self, signal: &Signal, department: Department) -> bool {
        let country = signal.marketplace.map(|marketplace| marketplace.info().country);
        let has = |set: &BTreeSet<String>, it: Option<&str>| {
            set.is_empty() || it.is_some_and(|it| set.contains(it))
        };
        let is_theirs = |sku: &str| self.skus.iter().any(|begin| sku.starts_with(begin.as_str()));
        (self.departments.is_empty() || self.departments.contains(&department))
            && (self.sellers.is_empty() || self.sellers.contains(&signal.seller))
            && has(&self.marketplaces, country)
            && has(&self.asins, signal.asin.as_ref().map(Asin::as_str))
            && (self.skus.is_empty() || signal.sku.as_ref().is_some_and(|sku| is_theirs(sku.as_str())))
    }
}

impl Team {
    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    fn at_work<T>(&self, ask: impl FnOnce(Working<'_>) -> T) -> Option<T> {
        let zone = self.zone();
        self.week.as_ref().map(|week| ask(Working { week, holidays: &self.holidays, zone: &zone }))
    }

    /// How much of the time between two moments was working time.
    pub fn working_time(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        self.at_work(|working| working.between(from, to)).unwrap_or_else(|| to.duration_since(from))
    }

    /// Who puts a cause right.
    pub fn department(&self, signal: &Signal, primary: Option<Cause>) -> Department {
        match signal.kind {
            Kind::Health | Kind::AccountStatus | Kind::Access | Kind::Brake { .. } => Department::Account,
            Kind::Claim | Kind::Chargeback | Kind::OverdueReturn if primary.is_none() => Department::Service,
            _ => primary.map_or(Department::Service, |cause| {
                self.departments.get(&cause).copied().unwrap_or_else(|| Department::of_cause(cause))
            }),
        }
    }

    /// Who deals with it, where somebody does.
    pub fn owner(&self, signal: &Signal, department: Department) -> Option<&str> {
        let owner = self.owners.iter().find(|owner| owner.fits(signal, department));
        owner.map(|owner| owner.name.as_str())
    }

    /// Until when a fact is to be dealt with.
    pub fn deadline(&self, signal: &Signal) -> Timestamp {
        let d = &self.deadlines;
        let hours = match signal.kind {
            Kind::Survey | Kind::Review => d.message,
            Kind::Feedback | Kind::FeedbackGone => d.feedback,
            Kind::Claim | Kind::Chargeback => d.claim,
            Kind::Return | Kind::OverdueReturn => d.returns,
            Kind::Undeliverable | Kind::LateToShip | Kind::Stuck => d.parcel,
            Kind::Health | Kind::AccountStatus | Kind::Access | Kind::Brake { .. } => d.account,
            Kind::Topic => d.topic,
        };
        let span = SignedDuration::from_hours(i64::from(hours));
        signal.seen_at.saturating_add(span).unwrap_or(signal.seen_at)
    }

    /// When a share of the time to a deadline has gone by, for people: in working time where that
    /// comes before the deadline, else at its end before. What is urgent knows no hours.
    pub fn gone_by(
        &self,
        percent: u8,
        (from, deadline): (Timestamp, Timestamp),
        severity: Severity,
    ) -> Timestamp {
        let part = deadline.duration_since(from).as_secs() / 100 * i64::from(percent);
        let at = from.saturating_add(SignedDuration::from_secs(part)).unwrap_or(deadline);
        if severity == Severity::Urgent {
            return at;
        }
        let told = self.at_work(|working| {
            let next = working.from(at);
            if next < deadline { next } else { working.until(at).max(from) }
        });
        told.unwrap_or(at)
    }

    /// Whether a fact is new enough for a case.
    pub fn is_news(&self, signal: &Signal) -> bool {
        let Some(day) = signal.day else { return true };
        let today = signal.seen_at.to_zoned(TimeZone::UTC).date();
        // Days begin earlier in the east; what is dated later than that has a wrong date.
        today.since(day).is_ok_and(|span| (-1..=i32::from(self.news_days)).contains(&span.get_days()))
    }
}
