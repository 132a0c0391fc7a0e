//! Signals out of the rows of Amazon's reports.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use sha2::{Digest, Sha256};

use super::signal::{Kind, Signal};
use super::subject::Subject;
use crate::ids::{Asin, OrderId, SellerId};
use crate::marketplace::MarketplaceId;
use crate::order::{Order, Parcels};
use crate::reports::{FbaReturnRow, MerchantReturnRow, SellerFeedbackRow, feedback_date};
use crate::say::Text;
use crate::seller::Seller;
use crate::text;

/// Feedback of more stars is no trouble, and Amazon's report has none.
const MOST_STARS: u8 = 3;
/// A return is to be decided on within so many days. Source: market.md C15 ("returns handled ≤ 3
/// days").
const DECIDE_WITHIN: i32 = 3;

/// Where a row was read: whose it is, and of when.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Whose report it is.
    pub seller: &'a SellerId,
    /// Where, if the report is of one marketplace.
    pub marketplace: Option<MarketplaceId>,
    /// The end of its range.
    pub as_of: Timestamp,
    /// When it is read.
    pub seen_at: Timestamp,
}

impl Source<'_> {
    fn about(&self, order: &OrderId, kind: Kind, what: &str) -> Signal {
        let subject = Subject::Order { order: order.clone() };
        let mut signal = Signal::new(self.seller.clone(), subject, kind, what, (self.as_of, self.seen_at));
        signal.marketplace = self.marketplace;
        signal
    }
}

/// A feedback. One whose stars or words were changed later is another fact.
pub fn of_feedback(row: &SellerFeedbackRow, source: Source<'_>) -> Option<Signal> {
    if row.rating > MOST_STARS {
        return None;
    }
    let words = row.comments.as_deref().unwrap_or_default();
    let raw = row.date.as_deref().unwrap_or_default();
    let what = format!("{raw}#{}", hash(&format!("{}{words}", row.rating)));
    let mut signal = source.about(&row.order_id, Kind::Feedback, &what).saying(words);
    signal.stars = Some(row.rating);
    signal.day = source.marketplace.and_then(|marketplace| feedback_date(raw, marketplace));
    if signal.day.is_none() {
        signal.raw_day.clone_from(&row.date);
    }
    if row.has_response {
        signal.note = Some(text!("It was answered publicly before.", "此前已公开回复。"));
    }
    Some(signal)
}

/// Feedback that was heard of and that a whole report of its marketplace lists no more, though its day
/// lies well within the range. `listed` are the orders of all rows; one whose stars or words were changed
/// is still among them.
pub fn of_gone<'a>(
    known: impl IntoIterator<Item = &'a Signal>,
    listed: &BTreeSet<OrderId>,
    (from, to): (Timestamp, Timestamp),
    source: Source<'_>,
) -> Vec<Signal> {
    // Days begin at other times elsewhere.
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let (first, last) = (day(from).saturating_add(2.days()), day(to).saturating_sub(2.days()));
    let of_known = |signal: &Signal| {
        let order = signal.subject.order()?;
        let is_within = signal.day.is_some_and(|day| first <= day && day <= last);
        let is_of_here = signal.kind == Kind::Feedback && signal.marketplace == source.marketplace;
        if !is_of_here || !is_within || listed.contains(order) || source.as_of <= signal.as_of {
            return None;
        }
        let mut gone = source.about(order, Kind::FeedbackGone, &hash(&signal.id));
        gone.asin.clone_from(&signal.asin);
        gone.sku.clone_from(&signal.sku);
        gone.by_amazon = signal.by_amazon;
        Some(gone)
    };
    known.into_iter().filter_map(of_known).collect()
}

/// A return that reached one of Amazon's warehouses.
pub fn of_fba_return(row: &FbaReturnRow, source: Source<'_>) -> Signal {
    let day = row.returned_at.to_zoned(TimeZone::UTC).date();
    let sku = row.sku.as_ref().map_or("", |sku| sku.as_str());
    let reason = row.reason.as_deref().unwrap_or_default();
    let what = format!("{day}#{}", hash(&format!("{sku} {reason}")));
    let words = row.comments.as_deref().unwrap_or_default();
    let mut signal = source.about(&row.order_id, Kind::Return, &what).saying(words);
    signal.asin.clone_from(&row.asin);
    signal.sku.clone_from(&row.sku);
    signal.reason.clone_from(&row.reason);
    signal.by_amazon = Some(true);
    signal.day = Some(day);
    signal
}

/// What a seller-fulfilled return says: that there is one, that Amazon's guarantee is claimed, that
/// nobody decided in time.
pub fn of_merchant_return(row: &MerchantReturnRow, source: Source<'_>) -> Vec<Signal> {
    let sku = row.sku.as_ref().map_or("", |sku| sku.as_str());
    let what = format!("{}#{}", row.requested_on, hash(sku));
    let signal = |kind: Kind| {
        let mut signal = source.about(&row.order_id, kind, &what);
        signal.asin.clone_from(&row.asin);
        signal.sku.clone_from(&row.sku);
        signal.reason.clone_from(&row.reason);
        signal.by_amazon = Some(false);
        signal.day = Some(row.requested_on);
        signal
    };
    let mut signals = vec![signal(Kind::Return)];
    if row.a_to_z == Some(true) {
        let mut claim = signal(Kind::Claim);
        // When it was made stands nowhere; it was heard of now.
        claim.day = None;
        signals.push(claim);
    }
    let status = row.status.as_deref().unwrap_or_default();
    let is_pending = status.get(..7).is_some_and(|begin| begin.eq_ignore_ascii_case("pending"));
    let days = days_between(row.requested_on, source.as_of.to_zoned(TimeZone::UTC).date());
    if is_pending && days > DECIDE_WITHIN {
        let overdue = signal(Kind::OverdueReturn).noting(text!(
            "It was asked for {days} days ago and is still {status:?}; Amazon wants an answer within {DECIDE_WITHIN}.",
            "买家 {days} 天前提出,状态仍为 {status:?};亚马逊要求 {DECIDE_WITHIN} 天内处理。"
        ));
        signals.push(overdue);
    }
    signals
}

fn days_between(from: Date, to: Date) -> i32 {
    to.since(from).map_or(0, |span| span.get_days())
}

/// Twelve letters of a hash: tells texts of one order apart.
pub(super) fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .take(6)
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// A review of a product that a seller exported: its stars, its day as written and as read, its words.
/// `identity`: of its words those that every tool exports; a title may be there or not.
/// `nth`: of those of its file that are alike in all that and have no words, from 1; two buyers may give the
/// same stars.
pub fn of_review(
    asin: &Asin,
    stars: Option<u8>,
    (raw, day): (&str, Option<Date>),
    (words, identity): (&str, &str),
    nth: u32,
    source: Source<'_>,
) -> Signal {
    let raw = if raw.chars().all(is_of_a_day) { raw } else { "" };
    let raw: String = raw.chars().take(MAX_RAW_DAY).collect();
    let subject = Subject::Product { asin: asin.clone() };
    // However its file writes the day.
    let when = day.map_or_else(|| raw.clone(), |day| day.to_string());
    let mut what = format!("{when}#{}", hash(&format!("{}{identity}", stars.unwrap_or(0))));
    if nth > 1 {
        what = format!("{what}#{nth}");
    }
    let times = (source.as_of, source.seen_at);
    let mut signal = Signal::new(source.seller.clone(), subject, Kind::Review, &what, times).saying(words);
    signal.marketplace = source.marketplace;
    signal.asin = Some(asin.clone());
    signal.stars = stars;
    signal.day = day;
    signal.raw_day = Some(raw).filter(|raw| day.is_none() && !raw.is_empty());
    signal
}

/// Longest day that is kept as it was written.
const MAX_RAW_DAY: usize = 20;

/// What a day in figures is written with. In anything else a buyer's name may stand: it is not kept.
fn is_of_a_day(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '/' | '-' | '.' | ' ' | ':' | '年' | '月' | '日')
}

/// So long after the end of the promise a parcel that is still on its way is stuck. Ours: a buyer may
/// make a claim soon after that end, and a day is what finding it takes.
const STUCK_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What the scans of an order's parcels say, where that is trouble: each order once of a kind.
pub fn of_parcels(order: &Order, now: Timestamp) -> Option<Signal> {
    let facts = &order.facts;
    let parcels = facts.parcels.as_ref()?.value;
    let late = facts.promise.as_ref().and_then(|promise| promise.value.latest.checked_add(STUCK_AFTER).ok());
    let kind = match parcels {
        Parcels::Undeliverable => Kind::Undeliverable,
        Parcels::Underway if late.is_some_and(|late| late < now) => Kind::Stuck,
        Parcels::Underway | Parcels::Delivered | Parcels::NoScans => return None,
    };
    let source = Source { seller: &order.seller, marketplace: facts.marketplace, as_of: now, seen_at: now };
    let mut signal = source.about(&order.id, kind, "scans");
    signal.by_amazon = Some(false);
    signal.asin = facts.asins.first().filter(|_| facts.asins.len() == 1).cloned();
    signal.sku = facts.skus.first().filter(|_| facts.skus.len() == 1).cloned();
    Some(signal)
}

/// An order that its seller should have shipped by now: once for each last moment that it was given.
pub fn of_unshipped(order: &OrderId, ship_by: Timestamp, source: Source<'_>) -> Option<Signal> {
    if source.as_of <= ship_by {
        return None;
    }
    let mut signal = source.about(order, Kind::LateToShip, &ship_by.to_string());
    signal.by_amazon = Some(false);
    let day = ship_by.to_zoned(TimeZone::UTC).date();
    signal.day = Some(day);
    Some(signal.noting(text!(
        "It was to be shipped by {ship_by} and is not.",
        "应于 {ship_by} 前发货,目前仍未发货。"
    )))
}

/// Claims and chargebacks among the entries of an order's money, each by the moment it was posted.
pub fn of_disputes(
    order: &OrderId,
    claims: &[Option<Timestamp>],
    chargebacks: &[Option<Timestamp>],
    source: Source<'_>,
) -> Vec<Signal> {
    let signal = |kind: Kind, posted: &Option<Timestamp>| {
        let day = posted.map(|at| at.to_zoned(TimeZone::UTC).date());
        let what = day.map_or_else(|| "posted".to_owned(), |day| format!("posted#{day}"));
        let mut signal = source.about(order, kind, &what);
        signal.day = day;
        signal
    };
    let claims = claims.iter().map(|posted| signal(Kind::Claim, posted));
    claims.chain(chargebacks.iter().map(|posted| signal(Kind::Chargeback, posted))).collect()
}

/// Days before the end of a secret or an authorisation at which somebody is told. Source: market.md
/// complaint 11.
const TOLD_BEFORE: [i32; 4] = [30, 14, 7, 2];
/// An app's secret is good for so many days, a seller's authorisation for a year. Source: Amazon's
/// "Rotating your LWA credentials" and "Authorizing Selling Partner API applications".
const SECRET_DAYS: i32 = 180;
const AUTHORISATION_DAYS: i32 = 365;

/// What of a seller's access ends soon: one signal 30, 14, 7 and 2 days before.
pub fn of_ageing(seller: &Seller, now: Timestamp) -> Vec<Signal> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let check = |what: &str, since: Option<Timestamp>, good_for: i32, say: fn(i32) -> Text| {
        let since = since?.to_zoned(TimeZone::UTC).date();
        let left = good_for - days_between(since, today);
        let told = TOLD_BEFORE.into_iter().filter(|before| left <= *before).min()?;
        let what = format!("{what}#{since}#{told}");
        let signal = Signal::new(seller.id.clone(), Subject::Access, Kind::Access, &what, (now, now));
        Some(signal.noting(say(left)))
    };
    let secret = check("secret", seller.secret_since, SECRET_DAYS, |left| {
        text!(
            "The app's secret ends in {left} days: rotate it in the developer console, then `renown connect` again. Without it everything stops.",
            "应用密钥将在 {left} 天后失效:请在开发者后台轮换,然后重新执行 `renown connect`。失效后一切都会停止。"
        )
    });
    let grant = check("authorisation", seller.authorised_at, AUTHORISATION_DAYS, |left| {
        text!(
            "The seller's authorisation ends in {left} days: renew it in Seller Central, then `renown connect` again. Without it everything stops.",
            "卖家授权将在 {left} 天后失效:请在卖家平台续期,然后重新执行 `renown connect`。失效后一切都会停止。"
        )
    });
    secret.into_iter().chain(grant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{Dated, Promise, SeenIn};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn parcels_are_trouble_when_they_came_to_nothing_or_are_late() {
        let now = at("2026-11-20T12:00:00Z");
        let check = |parcels: Parcels, latest: &str, expect: Option<Kind>| {
            let id = "302-1234567-1234567".parse().expect("valid");
            let mut order = Order::new("A1SELLER".parse().expect("valid"), id, SeenIn::Report, now);
            let promise = Promise { earliest: at("2026-11-10T00:00:00Z"), latest: at(latest) };
            order.facts.promise = Some(Dated { at: now, value: promise });
            order.facts.parcels = Some(Dated { at: now, value: parcels });
            assert_eq!(of_parcels(&order, now).map(|signal| signal.kind), expect, "{parcels:?} {latest}");
        };
        check(Parcels::Undeliverable, "2026-11-30T00:00:00Z", Some(Kind::Undeliverable));
        check(Parcels::Underway, "2026-11-19T11:00:00Z", Some(Kind::Stuck));
        check(Parcels::Underway, "2026-11-19T13:00:00Z", None);
        check(Parcels::Delivered, "2026-11-01T00:00:00Z", None);
        check(Parcels::NoScans, "2026-11-01T00:00:00Z", None);
    }

    #[test]
    fn a_feedback_is_gone_when_a_later_report_that_should_list_it_does_not() {
        let seller: SellerId = "A1SELLER".parse().expect("valid");
        let order: OrderId = "302-1234567-1234567".parse().expect("valid");
        let germany = MarketplaceId::of_country("DE");
        let seen = |as_of: &str| Source {
            seller: &seller,
            marketplace: germany,
            as_of: at(as_of),
            seen_at: at(as_of),
        };
        let mut known = seen("2026-11-10T00:00:00Z").about(&order, Kind::Feedback, "x");
        known.day = Some(jiff::civil::date(2026, 11, 9));
        let gone = |known: &Signal, listed: &[&OrderId], from: &str, source: Source<'_>| {
            let listed = listed.iter().map(|order| (*order).clone()).collect();
            of_gone([known], &listed, (at(from), source.as_of), source).len()
        };
        let now = seen("2026-11-20T00:00:00Z");
        assert_eq!(gone(&known, &[], "2026-10-20T00:00:00Z", now), 1);
        assert_eq!(gone(&known, &[&order], "2026-10-20T00:00:00Z", now), 0, "it is there");
        assert_eq!(gone(&known, &[], "2026-11-08T00:00:00Z", now), 0, "too near to the beginning");
        assert_eq!(
            gone(&known, &[], "2026-10-20T00:00:00Z", seen("2026-11-10T00:00:00Z")),
            0,
            "the same report"
        );
        let elsewhere = Source { marketplace: MarketplaceId::of_country("FR"), ..now };
        assert_eq!(gone(&known, &[], "2026-10-20T00:00:00Z", elsewhere), 0);
        let undated = Signal { day: None, ..known };
        assert_eq!(gone(&undated, &[], "2026-10-20T00:00:00Z", now), 0);
    }

    #[test]
    fn an_order_is_late_to_ship_when_its_last_moment_is_over() {
        let (seller, order) =
            ("A1SELLER".parse().expect("valid"), "302-1234567-1234567".parse().expect("valid"));
        let of = |as_of: &str, ship_by: &str| {
            let source = Source { seller: &seller, marketplace: None, as_of: at(as_of), seen_at: at(as_of) };
            of_unshipped(&order, at(ship_by), source).map(|signal| signal.id)
        };
        let (before, after) = ("2026-11-20T11:59:59Z", "2026-11-20T12:00:01Z");
        assert_eq!(of(before, "2026-11-20T12:00:00Z"), None);
        let late = of(after, "2026-11-20T12:00:00Z").expect("late");
        assert_eq!(of("2026-11-22T12:00:00Z", "2026-11-20T12:00:00Z"), Some(late.clone()), "it is one fact");
        assert_ne!(of(after, "2026-11-20T11:00:00Z"), Some(late));
    }

    #[test]
    fn a_secret_that_ends_is_told_of_four_times_and_not_each_day() {
        let seller = |since: &str| Seller {
            id: "A1SELLER".parse().expect("valid"),
            alias: String::new(),
            app: "app".parse().expect("valid"),
            region: crate::marketplace::Region::Eu,
            marketplaces: Vec::new(),
            connected_at: at(since),
            notified_since: None,
            subscriptions: Vec::new(),
            rules_version: 0,
            secret_since: Some(at(since)),
            authorised_at: None,
            store_names: std::collections::BTreeMap::new(),
        };
        let ids: std::collections::BTreeSet<String> = (0..200)
            .flat_map(|day| {
                let now = at("2026-01-01T00:00:00Z") + SignedDuration::from_hours(24 * day);
                of_ageing(&seller("2026-01-01T00:00:00Z"), now).into_iter().map(|signal| signal.id)
            })
            .collect();
        assert_eq!(ids.len(), 4, "{ids:?}");
        assert!(of_ageing(&seller("2026-01-01T00:00:00Z"), at("2026-05-30T00:00:00Z")).is_empty());
    }
}
