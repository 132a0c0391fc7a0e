//! The buyers' daytime: the hours that are open in every zone of a country at once.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::marketplace::{ALL, MarketplaceId};
use crate::rules::Hours;

/// Seconds at the end of a day into which nobody is planned.
const LAST_HALF_HOUR: i64 = 1800;
/// Seconds at its beginning over which those are spread who are late.
const FIRST_HOUR: i64 = 3600;

/// A stretch of time, its end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First moment.
    pub from: Timestamp,
    /// First moment after it.
    pub to: Timestamp,
}

impl Span {
    /// Whether a moment lies in it.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// A drawn moment of the span, on a whole second. The last half hour is left out: whoever
    /// falls due there and is a little late would be too late for the day, and for each day
    /// after it in the same way.
    pub fn spread(&self, draw: u64) -> Timestamp {
        let seconds = self.to.as_second() - self.from.as_second();
        let seconds = seconds - LAST_HALF_HOUR.min(seconds / 4);
        self.draw(seconds, draw)
    }

    /// A drawn moment of the first hour: for whoever should have been asked before.
    pub fn early(&self, draw: u64) -> Timestamp {
        let seconds = self.to.as_second() - self.from.as_second();
        self.draw(seconds.min(FIRST_HOUR), draw)
    }

    fn draw(&self, seconds: i64, draw: u64) -> Timestamp {
        let Ok(length) = u64::try_from(seconds) else { return self.from };
        let offset = draw.checked_rem(length).and_then(|s| i64::try_from(s).ok()).unwrap_or(0);
        self.from.saturating_add(SignedDuration::from_secs(offset)).unwrap_or(self.from)
    }
}

/// The zones of each marketplace, in the order of [`ALL`]. Kept, because looking a zone up by its
/// name takes longer than all else in a decision.
static ZONES: LazyLock<Vec<Vec<TimeZone>>> = LazyLock::new(|| {
    ALL.iter().map(|marketplace| marketplace.zones.iter().map(|name| zone(name)).collect()).collect()
});

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("every zone of the table is in the bundled database: a test holds it")
}

fn zones(marketplace: MarketplaceId) -> &'static [TimeZone] {
    let place = ALL.iter().position(|known| std::ptr::eq(known, marketplace.info()));
    &ZONES[place.expect("a marketplace id is a place in the table")]
}

/// The day on the calendar where most of the marketplace's buyers live.
pub fn local_date(marketplace: MarketplaceId, at: Timestamp) -> Date {
    zones(marketplace)[0].to_datetime(at).date()
}

/// The open span of a calendar day: from when the last zone opens until the first one closes.
/// `None` when the zones are too far apart for the hours.
pub fn open_span(marketplace: MarketplaceId, hours: Hours, date: Date) -> Option<Span> {
    span_in(zones(marketplace), hours, date)
}

fn span_in(zones: &[TimeZone], hours: Hours, date: Date) -> Option<Span> {
    let at_hour = |zone: &TimeZone, hour: u8| {
        let (date, hour) =
            if hour == 24 { (date.tomorrow().ok()?, 0) } else { (date, i8::try_from(hour).ok()?) };
        zone.to_timestamp(date.at(hour, 0, 0, 0)).ok()
    };
    let mut span: Option<Span> = None;
    for zone in zones {
        let (from, to) = (at_hour(zone, hours.from)?, at_hour(zone, hours.to)?);
        span = Some(span.map_or(Span { from, to }, |s| Span { from: s.from.max(from), to: s.to.min(to) }));
    }
    span.filter(|s| s.from < s.to)
}

/// When it is open next in a marketplace's country: `at` itself if it is. `None`: its zones are
/// too far apart for the hours.
pub fn next_open(marketplace: MarketplaceId, hours: Hours, at: Timestamp) -> Option<Timestamp> {
    // The day before, whose span may reach over midnight, to the day after tomorrow: a day that
    // the clocks are set on is never closed altogether.
    let yesterday = local_date(marketplace, at).yesterday().ok()?;
    let days = std::iter::successors(Some(yesterday), |day| day.tomorrow().ok()).take(4);
    let spans = days.filter_map(|day| open_span(marketplace, hours, day));
    spans.filter(|span| at < span.to).map(|span| span.from.max(at)).min()
}

/// Whether the marketplace is open at a moment.
pub fn is_open(marketplace: MarketplaceId, hours: Hours, at: Timestamp) -> bool {
    // The day of the main zone, and its neighbours: a span of 0–24 reaches over them.
    days_around(marketplace, at)
        .any(|date| open_span(marketplace, hours, date).is_some_and(|s| s.contains(at)))
}

fn days_around(marketplace: MarketplaceId, at: Timestamp) -> impl Iterator<Item = Date> {
    let today = local_date(marketplace, at);
    // The likeliest first.
    [Some(today), today.yesterday().ok(), today.tomorrow().ok()].into_iter().flatten()
}

/// Whether there is any open moment, in summer and in winter.
pub fn ever_open(marketplace: MarketplaceId, hours: Hours) -> bool {
    [jiff::civil::date(2026, 1, 15), jiff::civil::date(2026, 7, 15)]
        .into_iter()
        .all(|date| open_span(marketplace, hours, date).is_some())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const USUAL: Hours = Hours { from: 9, to: 20 };

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn marketplace(country: &str) -> MarketplaceId {
        MarketplaceId::of_country(country).expect("known")
    }

    #[test]
    fn germany_is_open_from_nine_to_twenty_on_both_sides_of_summer_time() {
        let de = marketplace("DE");
        for (at, expect) in [
            ("2026-10-24T06:59:59Z", false), // CEST, 08:59:59
            ("2026-10-24T07:00:00Z", true),
            ("2026-10-24T17:59:59Z", true),
            ("2026-10-24T18:00:00Z", false),
            ("2026-10-26T07:59:59Z", false), // CET
            ("2026-10-26T08:00:00Z", true),
            ("2026-10-26T18:59:59Z", true),
            ("2026-10-26T19:00:00Z", false),
        ] {
            assert_eq!(is_open(de, USUAL, t(at)), expect, "{at}");
        }
    }

    #[test]
    fn the_us_is_open_only_while_new_york_and_honolulu_both_are() {
        let span = open_span(marketplace("US"), USUAL, date(2026, 7, 15)).expect("open");
        assert_eq!((span.from, span.to), (t("2026-07-15T19:00:00Z"), t("2026-07-16T00:00:00Z")));
    }

    #[test]
    fn round_the_clock_is_open_at_midnight() {
        let hours = Hours { from: 0, to: 24 };
        for hour in 0..24 {
            let at = t("2026-11-21T00:00:00Z") + SignedDuration::from_hours(hour);
            assert!(is_open(marketplace("JP"), hours, at), "{at}");
        }
    }

    #[test]
    fn the_next_open_moment_is_now_by_day_and_the_morning_by_night() {
        let de = marketplace("DE");
        for (at, expect) in [
            ("2026-11-22T07:59:59Z", "2026-11-22T08:00:00Z"),
            ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z"),
            ("2026-11-22T19:00:00Z", "2026-11-23T08:00:00Z"),
            ("2026-10-24T20:00:00Z", "2026-10-25T08:00:00Z"), // the clocks are set back that night
        ] {
            assert_eq!(next_open(de, USUAL, t(at)), Some(t(expect)), "{at}");
        }
        assert_eq!(next_open(marketplace("US"), Hours { from: 9, to: 10 }, t("2026-11-22T12:00:00Z")), None);
    }

    #[test]
    fn a_spread_moment_lies_in_its_span() {
        let span = open_span(marketplace("JP"), USUAL, date(2026, 11, 21)).expect("open");
        for draw in [0, 1, u64::MAX, 123_456_789] {
            assert!(span.contains(span.spread(draw)));
        }
    }
}
