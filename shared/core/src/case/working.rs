//! When a team works.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

/// Days that are looked at for the next working moment. A team that does not work for two months is
/// told all the same.
const DAYS: usize = 62;

/// Working hours of a day on the team's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The first hour, 0 to 23.
    pub from: i8,
    /// The hour at whose beginning they end, 1 to 24.
    pub to: i8,
}

/// The working hours of a week. A day without is free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    /// Monday.
    pub mon: Option<Hours>,
    /// Tuesday.
    pub tue: Option<Hours>,
    /// Wednesday.
    pub wed: Option<Hours>,
    /// Thursday.
    pub thu: Option<Hours>,
    /// Friday.
    pub fri: Option<Hours>,
    /// Saturday.
    pub sat: Option<Hours>,
    /// Sunday.
    pub sun: Option<Hours>,
}

impl Week {
    /// The hours of a day of the week.
    pub fn of(&self, day: Weekday) -> Option<Hours> {
        match day {
            Weekday::Monday => self.mon,
            Weekday::Tuesday => self.tue,
            Weekday::Wednesday => self.wed,
            Weekday::Thursday => self.thu,
            Weekday::Friday => self.fri,
            Weekday::Saturday => self.sat,
            Weekday::Sunday => self.sun,
        }
    }

    /// All seven, Monday first.
    pub fn days(&self) -> [(&'static str, Option<Hours>); 7] {
        [
            ("mon", self.mon),
            ("tue", self.tue),
            ("wed", self.wed),
            ("thu", self.thu),
            ("fri", self.fri),
            ("sat", self.sat),
            ("sun", self.sun),
        ]
    }
}

/// Working time: a week, the days that are free in spite of it, and whose clock that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Working<'a> {
    pub(super) week: &'a Week,
    pub(super) holidays: &'a BTreeSet<Date>,
    pub(super) zone: &'a TimeZone,
}

impl Working<'_> {
    /// The working time of a day, from and to.
    fn of_day(self, day: Date) -> Option<(Timestamp, Timestamp)> {
        if self.holidays.contains(&day) {
            return None;
        }
        let hours = self.week.of(day.weekday())?;
        let at = |hour: i8| -> Option<Zoned> {
            let midnight = if hour < 24 { day } else { day.tomorrow().ok()? };
            midnight.at(hour % 24, 0, 0, 0).to_zoned(self.zone.clone()).ok()
        };
        let (from, to) = (at(hours.from)?.timestamp(), at(hours.to)?.timestamp());
        (from < to).then_some((from, to))
    }

    /// A moment, or the first working moment after it.
    pub(super) fn from(self, at: Timestamp) -> Timestamp {
        let mut day = at.to_zoned(self.zone.clone()).date();
        for _ in 0..DAYS {
            if let Some((from, to)) = self.of_day(day)
                && at < to
            {
                return at.max(from);
            }
            let Ok(next) = day.checked_add(1.day()) else { break };
            day = next;
        }
        at
    }

    /// A moment, or the end of the working time before it.
    pub(super) fn until(self, at: Timestamp) -> Timestamp {
        let mut day = at.to_zoned(self.zone.clone()).date();
        for _ in 0..DAYS {
            if let Some((from, to)) = self.of_day(day)
                && from < at
            {
                return at.min(to);
            }
            let Ok(before) = day.checked_sub(1.day()) else { break };
            day = before;
        }
        at
    }

    /// How much working time lies between two moments.
    pub(super) fn between(self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let mut sum = SignedDuration::ZERO;
        let mut day = from.to_zoned(self.zone.clone()).date();
        let last = to.to_zoned(self.zone.clone()).date();
        while day <= last {
            if let Some((begin, end)) = self.of_day(day) {
                let (begin, end) = (begin.max(from), end.min(to));
                if begin < end {
                    sum += end.duration_since(begin);
                }
            }
            let Ok(next) = day.checked_add(1.day()) else { break };
            day = next;
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn week() -> Week {
        let day = Some(Hours { from: 9, to: 18 });
        Week { mon: day, tue: day, wed: day, thu: day, fri: day, ..Week::default() }
    }

    /// In Shanghai, nine to six is 01:00 to 10:00 UTC.
    fn check(found: impl Fn(&Working<'_>, Timestamp) -> Timestamp, cases: &[(&str, &str)]) {
        let (week, zone) = (week(), TimeZone::get("Asia/Shanghai").expect("known"));
        let holidays = BTreeSet::from(["2026-10-01".parse().expect("a day")]);
        let working = Working { week: &week, holidays: &holidays, zone: &zone };
        for (from, expect) in cases {
            assert_eq!(found(&working, at(from)), at(expect), "{from}");
        }
    }

    #[test]
    fn the_next_working_moment_skips_nights_week_ends_and_holidays() {
        check(
            |working, at| working.from(at),
            &[
                ("2026-11-20T05:00:00Z", "2026-11-20T05:00:00Z"),
                ("2026-11-20T00:59:00Z", "2026-11-20T01:00:00Z"),
                ("2026-11-20T10:00:00Z", "2026-11-23T01:00:00Z"),
                ("2026-11-21T12:00:00Z", "2026-11-23T01:00:00Z"),
                ("2026-10-01T03:00:00Z", "2026-10-02T01:00:00Z"),
            ],
        );
    }

    #[test]
    fn what_falls_into_a_free_time_is_to_be_done_before_it() {
        check(
            |working, at| working.until(at),
            &[
                ("2026-11-20T05:00:00Z", "2026-11-20T05:00:00Z"),
                ("2026-11-22T12:00:00Z", "2026-11-20T10:00:00Z"),
                ("2026-11-23T00:30:00Z", "2026-11-20T10:00:00Z"),
                ("2026-10-01T05:00:00Z", "2026-09-30T10:00:00Z"),
            ],
        );
    }

    #[test]
    fn only_working_time_is_counted() {
        let (week, zone) = (week(), TimeZone::get("Asia/Shanghai").expect("known"));
        let holidays = BTreeSet::new();
        let working = Working { week: &week, holidays: &holidays, zone: &zone };
        let hours = |from, to| working.between(at(from), at(to)).as_hours();
        assert_eq!(hours("2026-11-20T09:00:00Z", "2026-11-23T02:00:00Z"), 2);
        assert_eq!(hours("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"), 0);
        assert_eq!(hours("2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"), 45);
    }

    #[test]
    fn a_team_that_never_works_is_told_at_once() {
        let (week, zone, holidays) = (Week::default(), TimeZone::UTC, BTreeSet::new());
        let working = Working { week: &week, holidays: &holidays, zone: &zone };
        let now = at("2026-11-20T05:00:00Z");
        assert_eq!((working.from(now), working.until(now)), (now, now));
    }
}
