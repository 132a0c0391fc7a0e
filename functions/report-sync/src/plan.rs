//! Which ranges are to be asked for. Pure.
//!
//! **Signals** (feedback, returns, the account's health) are read anew each time: the report of the
//! last weeks is asked for as often as [`rhythm`] says, and what was heard before is known by its id.
//!
//! **Orders**:
//! Everything of the last 35 days is to be covered by ranges that were read or are on their
//! way. From the first moment that is not, with an overlap, a range reaches to the present:
//! the whole 35 days when a seller connects or when an old part of them failed, some hours and
//! the overlap otherwise.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use renown_core::marketplace::MarketplaceId;
use renown_core::seller::Seller;
use renown_io::ledger::{ReportItem, ReportKind, ReportState};

/// Each kind is asked for this often. Amazon's own sources lag by 1 to 24 hours, and
/// notifications are faster; a dropped one is repaired well within a day. Amazon asks for four
/// hours at least between reports of this family (its "Report type values" page).
pub const CADENCE: SignedDuration = SignedDuration::from_hours(6);
/// How far a back-fill reaches: an order's window closes 30 days after its delivery, and only
/// what was bought later can still be asked in good time.
const BACK_FILL: SignedDuration = SignedDuration::from_hours(35 * 24);
/// Longest range of one report. Amazon takes one month for FBA shipments; no month but February
/// is shorter, and its two days are within the error of a month.
const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A range ends this long ago: Amazon refuses an end in its future, and clocks differ.
const END_BEFORE_NOW: SignedDuration = SignedDuration::from_mins(2);

/// How often a report of signals is asked for, and how far back it reaches.
struct Rhythm {
    every: SignedDuration,
    reach: SignedDuration,
    /// A longer reach, once in [`LONG_EVERY`]: rows may be written in with an old date.
    long_reach: SignedDuration,
}

const fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

/// Once in so long a report of signals reaches farther.
const LONG_EVERY: SignedDuration = days(7);
/// A report that the app may not have is asked for again after this long: roles change seldom.
const AFTER_DENIED: SignedDuration = days(1);

/// The rhythm of a report of signals. Feedback and returns of the seller's own are made on request,
/// at any time; short ranges of feedback are cancelled though there is some (market.md complaint 14),
/// so it is a month. FBA returns are made once a day and dated back by up to a month (sp-api.md 6.5).
/// Amazon works out the account's health once a day; six hours tell of it soon. The spacings are ours.
fn rhythm(kind: ReportKind) -> Rhythm {
    let (hours, reach, long_reach) = match kind {
        ReportKind::SellerFeedback => (2, days(30), days(30)),
        ReportKind::MerchantReturns => (4, days(30), days(30)),
        ReportKind::FbaReturns => (24, days(7), days(35)),
        // Of the day: it takes no range.
        ReportKind::AccountHealth => (6, days(1), days(1)),
        // Week by week: see `wanted_weeks`.
        ReportKind::RepeatPurchase => (7 * 24, days(6), days(6)),
        ReportKind::AllOrders | ReportKind::FbaShipments => (CADENCE.as_hours(), BACK_FILL, BACK_FILL),
    };
    Rhythm { every: SignedDuration::from_hours(hours), reach, long_reach }
}

/// How often a report is asked for.
pub fn cadence(kind: ReportKind) -> SignedDuration {
    rhythm(kind).every
}

/// How far a range reaches back into the one before: as long as rows may appear late.
///
/// All orders: a day, ours. FBA shipments: Amazon says up to a day late; three are taken,
/// because nothing else tells when an Amazon-fulfilled order arrives.
pub fn overlap(kind: ReportKind) -> SignedDuration {
    match kind {
        ReportKind::AllOrders => SignedDuration::from_hours(24),
        ReportKind::FbaShipments => SignedDuration::from_hours(72),
        // Each range reads the last weeks anew.
        kind => rhythm(kind).reach,
    }
}

/// Whether the next range covers this one's news as well, so that one lost answer costs time
/// and nothing else.
pub(crate) fn is_covered_by_next(item: &ReportItem) -> bool {
    !item.kind.is_of_orders() || item.to.duration_since(item.from) <= overlap(item.kind) + CADENCE * 2
}

/// The requests that fall due, oldest range first.
pub(crate) fn wanted(seller: &Seller, items: &[ReportItem], now: Timestamp) -> Vec<ReportItem> {
    let orders = ReportKind::OF_ORDERS.into_iter().flat_map(|kind| wanted_of(kind, seller, items, now));
    orders.chain(wanted_signals(seller, items, now)).chain(wanted_weeks(seller, items, now)).collect()
}

/// A week of Brand Analytics is asked for this long after its last day has begun: Amazon has it ready two
/// days after its end (Seller Central, "Brand Analytics"), and one is added for days that begin later
/// in the west.
const WEEK_READY_AFTER: SignedDuration = days(4);

/// The last week that is ready, of each marketplace once: from a Sunday to a Saturday.
fn wanted_weeks(seller: &Seller, items: &[ReportItem], now: Timestamp) -> Vec<ReportItem> {
    let kind = ReportKind::RepeatPurchase;
    let day = before(now, WEEK_READY_AFTER).to_zoned(TimeZone::UTC).date();
    let since_saturday = (day.weekday().to_sunday_zero_offset() + 1) % 7;
    let saturday = day.saturating_sub(i64::from(since_saturday).days());
    let Ok(end) = saturday.to_zoned(TimeZone::UTC) else { return Vec::new() };
    let end = end.timestamp();
    let is_there = |at: &MarketplaceId| {
        items.iter().any(|item| item.kind == kind && item.to >= end && item.marketplaces == [*at])
    };
    let range = (before(end, rhythm(kind).reach), end);
    let wanted = seller.marketplaces.iter().filter(|at| !is_there(at));
    wanted.map(|at| ReportItem::wanted(seller.id.clone(), kind, vec![*at], range, false, now)).collect()
}

fn wanted_signals(seller: &Seller, items: &[ReportItem], now: Timestamp) -> Vec<ReportItem> {
    let end = whole_minute(before(now, END_BEFORE_NOW));
    let mut wanted = Vec::new();
    let is_of_signals = |kind: &ReportKind| !kind.is_of_orders() && !kind.is_of_brands();
    for kind in ReportKind::ALL.into_iter().filter(is_of_signals) {
        let parts: Vec<Vec<_>> = if kind.is_of_one_marketplace() {
            seller.marketplaces.iter().map(|one| vec![*one]).collect()
        } else {
            vec![seller.marketplaces.clone()]
        };
        for marketplaces in parts {
            let of_part =
                || items.iter().filter(|item| item.kind == kind && item.marketplaces == marketplaces);
            if let Some(range) = due_range(kind, of_part, end) {
                wanted.push(ReportItem::wanted(seller.id.clone(), kind, marketplaces, range, false, now));
            }
        }
    }
    wanted
}

/// The range that is due of one report of signals; `None`: not yet, or one is underway.
fn due_range<'a, I: Iterator<Item = &'a ReportItem>>(
    kind: ReportKind,
    items: impl Fn() -> I,
    end: Timestamp,
) -> Option<(Timestamp, Timestamp)> {
    let rhythm = rhythm(kind);
    let newest = items().max_by_key(|item| item.to);
    let pause = match newest.map(|item| &item.state) {
        Some(ReportState::Denied { .. }) => AFTER_DENIED,
        _ => rhythm.every,
    };
    if newest.is_some_and(|newest| newest.is_open() || end.duration_since(newest.to) < pause) {
        return None;
    }
    let is_long = |item: &ReportItem| {
        let is_read = matches!(item.state, ReportState::Done { .. } | ReportState::Empty { .. });
        is_read
            && item.to.duration_since(item.from) >= rhythm.long_reach
            && end.duration_since(item.to) < LONG_EVERY
    };
    let reach = if items().any(is_long) { rhythm.reach } else { rhythm.long_reach };
    Some((before(end, reach), end))
}

fn wanted_of(kind: ReportKind, seller: &Seller, items: &[ReportItem], now: Timestamp) -> Vec<ReportItem> {
    let end = whole_minute(before(now, END_BEFORE_NOW));
    let of_kind = || items.iter().filter(|item| item.kind == kind);
    let newest = of_kind().map(|item| item.to).max();
    if newest.is_some_and(|newest| end.duration_since(newest) < CADENCE) {
        return Vec::new();
    }
    // One at a time; parts of a back-fill may be underway beside it.
    if of_kind().any(|item| item.is_open() && !item.back_fill) {
        return Vec::new();
    }
    let horizon = before(end, BACK_FILL);
    let covered = covered_from(horizon, of_kind());
    let begin = if covered > horizon { before(covered, overlap(kind)).max(horizon) } else { horizon };
    let is_back_fill = end.duration_since(begin) > LONGEST;
    pieces(begin, end)
        .into_iter()
        .map(|range| {
            ReportItem::wanted(seller.id.clone(), kind, seller.marketplaces.clone(), range, is_back_fill, now)
        })
        .collect()
}

/// The moment up to which everything since `horizon` was read or is on its way.
fn covered_from<'a>(horizon: Timestamp, items: impl Iterator<Item = &'a ReportItem>) -> Timestamp {
    let mut ranges: Vec<_> = items
        .filter(|item| !matches!(item.state, ReportState::Failed { .. } | ReportState::Denied { .. }))
        .map(|item| (item.from, item.to))
        .collect();
    ranges.sort_unstable();
    let mut covered = horizon;
    for (from, to) in ranges {
        if from <= covered {
            covered = covered.max(to);
        }
    }
    covered
}

fn pieces(mut begin: Timestamp, end: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let mut pieces = Vec::new();
    while end.duration_since(begin) > LONGEST {
        let next = begin.saturating_add(LONGEST).unwrap_or(end);
        pieces.push((begin, next));
        begin = next;
    }
    pieces.push((begin, end));
    pieces
}

fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

/// The end names a request: two ticks of one minute name the same one.
fn whole_minute(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second().div_euclid(60) * 60).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use renown_core::marketplace::{MarketplaceId, Region};

    use super::*;

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    const NOW: &str = "2026-11-20T12:00:40Z";

    fn seller() -> Seller {
        Seller {
            id: "S1".parse().expect("valid"),
            alias: String::new(),
            app: "app".parse().expect("valid"),
            region: Region::Eu,
            marketplaces: MarketplaceId::of_country("DE").into_iter().collect(),
            connected_at: t("2026-11-20T12:00:00Z"),
            notified_since: None,
            subscriptions: Vec::new(),
            rules_version: 0,
            secret_since: None,
            authorised_at: None,
            store_names: std::collections::BTreeMap::new(),
        }
    }

    fn item(kind: ReportKind, from: &str, to: &str, state: ReportState) -> ReportItem {
        let range = (t(from), t(to));
        let mut item = ReportItem::wanted(seller().id, kind, seller().marketplaces, range, false, t(to));
        item.state = state;
        item
    }

    fn done() -> ReportState {
        ReportState::Done { report: "r".to_owned(), rows: 1, bad_rows: 0, at: t(NOW) }
    }

    fn failed() -> ReportState {
        ReportState::Failed { why: "FATAL".to_owned(), at: t(NOW) }
    }

    fn underway() -> ReportState {
        ReportState::Requested { report: "r".to_owned(), at: t(NOW), attempts: 1, cancelled: 0 }
    }

    fn wanted_orders(items: &[ReportItem]) -> Vec<ReportItem> {
        let wanted = wanted(&seller(), items, t(NOW)).into_iter();
        wanted.filter(|item| item.kind.is_of_orders()).collect()
    }

    /// What is wanted of all orders at [`NOW`], with the shipments just read.
    fn check(items: Vec<ReportItem>, expect: &[(&str, &str, bool)]) {
        let shipments =
            item(ReportKind::FbaShipments, "2026-10-16T11:58:00Z", "2026-11-20T11:58:00Z", done());
        let items: Vec<_> = items.into_iter().chain([shipments]).collect();
        let wanted = wanted_orders(&items);
        let found: Vec<_> = wanted.iter().map(|item| (item.from, item.to, item.back_fill)).collect();
        let expect: Vec<_> =
            expect.iter().map(|(from, to, back_fill)| (t(from), t(to), *back_fill)).collect();
        assert_eq!(found, expect, "{items:?}");
    }

    const ALL: ReportKind = ReportKind::AllOrders;
    const WHOLE: [(&str, &str, bool); 2] = [
        ("2026-10-16T11:58:00Z", "2026-11-15T11:58:00Z", true),
        ("2026-11-15T11:58:00Z", "2026-11-20T11:58:00Z", true),
    ];

    #[test]
    fn a_new_seller_is_read_35_days_back_in_pieces_of_at_most_30() {
        check(vec![], &WHOLE);
        let both = wanted(&seller(), &[], t(NOW));
        assert_eq!(both.iter().filter(|item| item.kind == ReportKind::FbaShipments).count(), 2);
    }

    #[test]
    fn later_ranges_overlap_and_come_every_six_hours() {
        let read = |to: &str| vec![item(ALL, "2026-10-01T00:00:00Z", to, done())];
        check(read("2026-11-20T05:58:01Z"), &[]);
        check(read("2026-11-20T05:58:00Z"), &[("2026-11-19T05:58:00Z", "2026-11-20T11:58:00Z", false)]);
        let shipments =
            item(ReportKind::FbaShipments, "2026-10-01T00:00:00Z", "2026-11-20T05:58:00Z", done());
        let orders = item(ALL, "2026-10-01T00:00:00Z", "2026-11-20T11:00:00Z", done());
        let wanted = wanted_orders(&[shipments, orders]);
        assert_eq!(wanted.iter().map(|item| item.from).collect::<Vec<_>>(), [t("2026-11-17T05:58:00Z")]);
    }

    #[test]
    fn a_request_underway_is_waited_for_but_a_back_fill_is_not() {
        let read = item(ALL, "2026-10-01T00:00:00Z", "2026-11-19T12:00:00Z", done());
        let next = item(ALL, "2026-11-18T12:00:00Z", "2026-11-19T18:00:00Z", underway());
        check(vec![read.clone(), next.clone()], &[]);
        let mut piece = next;
        piece.back_fill = true;
        check(vec![read, piece], &[("2026-11-18T18:00:00Z", "2026-11-20T11:58:00Z", false)]);
    }

    #[test]
    fn what_was_given_up_is_covered_again() {
        let read = |from: &str, to: &str| item(ALL, from, to, done());
        let lost = |from: &str, to: &str| item(ALL, from, to, failed());
        // A recent range: the next one reaches back over it.
        check(
            vec![
                read("2026-10-01T00:00:00Z", "2026-11-19T12:00:00Z"),
                lost("2026-11-18T12:00:00Z", "2026-11-20T00:00:00Z"),
            ],
            &[("2026-11-18T12:00:00Z", "2026-11-20T11:58:00Z", false)],
        );
        // An old piece of the back-fill: everything again, but not before the next turn.
        let old = || lost("2026-10-16T00:00:00Z", "2026-11-15T00:00:00Z");
        check(vec![old(), read("2026-11-15T00:00:00Z", "2026-11-20T00:00:00Z")], &WHOLE);
        check(vec![old(), read("2026-11-15T00:00:00Z", "2026-11-20T11:00:00Z")], &[]);
    }

    #[test]
    fn after_weeks_of_silence_the_whole_span_is_read_again() {
        check(vec![item(ALL, "2026-09-01T00:00:00Z", "2026-10-16T00:00:00Z", done())], &WHOLE);
        check(
            vec![item(ALL, "2026-09-01T00:00:00Z", "2026-11-01T00:00:00Z", done())],
            &[("2026-10-31T00:00:00Z", "2026-11-20T11:58:00Z", false)],
        );
    }

    /// The ranges of one report of signals that are wanted at [`NOW`].
    fn signals(kind: ReportKind, items: &[ReportItem]) -> Vec<(Timestamp, Timestamp)> {
        let wanted = wanted(&seller(), items, t(NOW)).into_iter();
        wanted.filter(|item| item.kind == kind).map(|item| (item.from, item.to)).collect()
    }

    #[test]
    fn signals_are_read_anew_each_time_as_far_back_as_rows_may_be_dated() {
        let (feedback, returns) = (ReportKind::SellerFeedback, ReportKind::FbaReturns);
        let end = t("2026-11-20T11:58:00Z");
        let long = item(returns, "2026-10-14T00:00:00Z", "2026-11-18T00:00:00Z", done());
        let again = item(returns, "2026-11-12T00:00:00Z", "2026-11-19T00:00:00Z", done());
        for (kind, items, from) in [
            (feedback, vec![], Some("2026-10-21T11:58:00Z")),
            (feedback, vec![item(feedback, "2026-10-21T10:00:00Z", "2026-11-20T10:00:00Z", done())], None),
            (
                feedback,
                vec![item(feedback, "2026-10-21T09:58:00Z", "2026-11-20T09:58:00Z", done())],
                Some("2026-10-21T11:58:00Z"),
            ),
            (
                feedback,
                vec![item(feedback, "2026-10-20T00:00:00Z", "2026-11-19T00:00:00Z", underway())],
                None,
            ),
            // Weeks back once a week, and a week otherwise.
            (returns, vec![], Some("2026-10-16T11:58:00Z")),
            (returns, vec![long.clone(), again.clone()], Some("2026-11-13T11:58:00Z")),
            (returns, vec![again], Some("2026-10-16T11:58:00Z")),
        ] {
            let expect: Vec<_> = from.map(|from| (t(from), end)).into_iter().collect();
            assert_eq!(signals(kind, &items), expect, "{items:?}");
        }
    }

    #[test]
    fn what_the_app_may_not_have_is_asked_for_again_a_day_later() {
        let kind = ReportKind::SellerFeedback;
        let denied = |to: &str| item(kind, "2026-10-20T00:00:00Z", to, ReportState::Denied { at: t(NOW) });
        assert!(signals(kind, &[denied("2026-11-19T11:59:00Z")]).is_empty());
        assert_eq!(signals(kind, &[denied("2026-11-19T11:58:00Z")]).len(), 1);
    }

    #[test]
    fn two_ticks_of_one_minute_want_the_same_request() {
        let at = |now: &str| wanted(&seller(), &[], t(now));
        let ends = |items: &[ReportItem]| items.iter().map(|item| (item.from, item.to)).collect::<Vec<_>>();
        assert_eq!(ends(&at("2026-11-20T12:00:01Z")), ends(&at("2026-11-20T12:00:59.9Z")));
    }

    #[test]
    fn an_empty_answer_is_believed_where_the_next_range_covers_it() {
        let range = |from: &str, to: &str| item(ALL, from, to, underway());
        assert!(is_covered_by_next(&range("2026-11-19T05:58:00Z", "2026-11-20T11:58:00Z")));
        assert!(!is_covered_by_next(&range("2026-10-16T11:58:00Z", "2026-11-15T11:58:00Z")));
    }
}
