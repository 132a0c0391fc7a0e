//! Mails by day: for the caps of a shop and the brakes of seller and account.
//!
//! What came in (orders, bounces, complaints) is one item a day and seller; what left is one a
//! day and shop, which whoever sends writes together with its claims. So the two never contend.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{SellerId, ShopId};
use renown_core::mail::brake::{Counts, DAYS};
use renown_core::mail::days::{Day, SentDay};

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, Versioned, read, schema};
use super::{Error, Ledger};

/// Counts live this long: a month longer than anything looks back.
const KEPT: SignedDuration = SignedDuration::from_hours(40 * 24);

/// The last seven days of a seller, today with them.
#[derive(Debug, Clone, Default)]
pub struct Span {
    /// What left, and what came back.
    pub counts: Counts,
    days: Vec<Day>,
    today: Vec<(ShopId, SentDay)>,
}

/// One day of a shop, in UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayOfShop {
    /// Mails that were claimed.
    pub sent: u32,
    /// Orders first heard of.
    pub orders: u32,
    /// Mails of its seller to addresses that do not exist.
    pub bounced: u32,
    /// Mails of its seller that were called spam.
    pub complained: u32,
}

impl Span {
    /// Orders of a shop in these days.
    pub fn orders(&self, shop: &ShopId) -> u32 {
        self.days.iter().filter_map(|day| day.orders.get(shop)).sum()
    }

    /// What left a shop today.
    pub fn today(&self, shop: &ShopId) -> SentDay {
        self.today.iter().find(|(of, _)| of == shop).map(|(_, day)| day.clone()).unwrap_or_default()
    }
}

fn date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn first_day(now: Timestamp) -> Date {
    date(now.saturating_sub(SignedDuration::from_hours(24 * (DAYS - 1))).unwrap_or(now))
}

pub(super) fn pk(seller: &SellerId) -> String {
    format!("MAILDAY#{seller}")
}

pub(super) fn came_in(seller: &SellerId, at: Timestamp) -> Key {
    Key::new(pk(seller), date(at).to_string())
}

pub(super) fn left(seller: &SellerId, shop: &ShopId, at: Timestamp) -> Key {
    Key::new(pk(seller), format!("{}#{shop}", date(at)))
}

pub(super) fn extra(at: Timestamp) -> Extra {
    Extra { due: None, expires_at: at.saturating_add(KEPT).ok() }
}

impl Ledger {
    /// The last seven days of a seller.
    pub async fn mail_days(&self, seller: &SellerId, now: Timestamp) -> Result<Span, Error> {
        self.mail_days_from(seller, first_day(now), now).await
    }

    /// What left a seller's shops in the last seven days, and what came back; if the brake was
    /// released meanwhile, on the days after that one alone.
    pub async fn mail_counts(
        &self,
        seller: &SellerId,
        released: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Counts, Error> {
        let after = released.and_then(|at| date(at).tomorrow().ok());
        let first = after.map_or(first_day(now), |after| after.max(first_day(now)));
        if first > date(now) {
            return Ok(Counts::default());
        }
        Ok(self.mail_days_from(seller, first, now).await?.counts)
    }

    /// What one day came to for a shop; bounces and complaints are its seller's.
    pub async fn mails_of_day(
        &self,
        seller: &SellerId,
        shop: &ShopId,
        day: Date,
    ) -> Result<DayOfShop, Error> {
        let range = (day.to_string(), format!("{day}~"));
        let items = self
            .partition("reading the mails of a day", &pk(seller), Some(range), Freshness::Eventual)
            .await?;
        let mut of_shop = DayOfShop::default();
        for item in &items {
            let sk = item.get(schema::SK).and_then(|sk| sk.as_s().ok()).map_or("", String::as_str);
            match sk.split_once('#') {
                Some((_, of)) if of == shop.as_str() => of_shop.sent = read::<SentDay>(item)?.body.mails,
                Some(_) => {}
                None => {
                    let day = read::<Day>(item)?.body;
                    of_shop.orders = day.orders.get(shop).copied().unwrap_or(0);
                    (of_shop.bounced, of_shop.complained) = (day.bounced, day.complained);
                }
            }
        }
        Ok(of_shop)
    }

    async fn mail_days_from(&self, seller: &SellerId, first: Date, now: Timestamp) -> Result<Span, Error> {
        let today = date(now).to_string();
        // '~' sorts after every shop's name.
        let range = (first.to_string(), format!("{today}~"));
        let items = self
            .partition("reading the mails of a week", &pk(seller), Some(range), Freshness::Latest)
            .await?;
        let mut span = Span::default();
        for item in &items {
            let sk = item.get(schema::SK).and_then(|sk| sk.as_s().ok()).map_or("", String::as_str);
            if let Some((day, shop)) = sk.split_once('#') {
                let sent = read::<SentDay>(item)?.body;
                span.counts.sent = span.counts.sent.saturating_add(sent.mails);
                if let Ok(shop) = shop.parse()
                    && day == today
                {
                    span.today.push((shop, sent));
                }
            } else {
                let day = read::<Day>(item)?.body;
                let Day { bounced, complained, .. } = day;
                span.counts = span.counts.and(Counts { sent: 0, bounced, complained });
                span.days.push(day);
            }
        }
        Ok(span)
    }

    /// What came in on a day, to be written together with what it is about.
    pub(super) async fn day_item(
        &self,
        seller: &SellerId,
        at: Timestamp,
    ) -> Result<Option<Versioned<Day>>, Error> {
        self.get(&came_in(seller, at), Freshness::Latest).await
    }

    /// What left a shop on a day, to be written together with a claim.
    pub(super) async fn sent_item(
        &self,
        seller: &SellerId,
        shop: &ShopId,
        at: Timestamp,
    ) -> Result<Option<Versioned<SentDay>>, Error> {
        self.get(&left(seller, shop, at), Freshness::Latest).await
    }

    /// Counts an order that was first heard of.
    pub(super) async fn count_shop_order(
        &self,
        seller: &SellerId,
        shop: &ShopId,
        at: Timestamp,
    ) -> Result<(), Error> {
        let key = came_in(seller, at);
        let mut before = self.day_item(seller, at).await?;
        for _ in 0..ATTEMPTS {
            let revision = before.as_ref().map(|versioned| versioned.revision);
            let mut day = before.map(|versioned| versioned.body).unwrap_or_default();
            let orders = day.orders.entry(shop.clone()).or_default();
            *orders = orders.saturating_add(1);
            match self.put(&key, &day, revision, extra(at)).await? {
                Put::Done(_) => return Ok(()),
                Put::Lost(there) => before = there,
            }
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }
}
