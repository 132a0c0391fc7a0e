//! What is to be told of a look at an ASIN: a complaint that grows, against the look before or against
//! its category. The same look twice tells the same, under the same id.

use jiff::Timestamp;
use jiff::civil::Date;

use super::cause::cause_of;
use super::snapshot::{Snapshot, Topic};
use crate::case::{Kind, Signal, Subject};
use crate::ids::SellerId;
use crate::text;

/// A share that grew by so many points from one week to the next is told of. It counts half a year of
/// reviews, of which a week is a twenty-sixth: two points more say that half of that week's buyers
/// named it. Ours.
const RISES_BY: f64 = 2.0;
/// A share that outruns its category by so many points a month is told of: three points in half a
/// year, which is more than one bad batch does. Ours.
const OUTRUNS_BY: f64 = 0.5;
/// A topic that fewer reviews name is not told of: one review would move it as far. Ours.
const LEAST_MENTIONS: u64 = 5;
/// An earlier look counts as the week before if it is not older: one that was missed is bridged.
const WEEK_BEFORE_DAYS: i32 = 15;

/// How far a complaint's share grew since the week before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// The day of the look before.
    pub since: Date,
    /// The share then.
    pub was: f64,
    /// The share now.
    pub is: f64,
}

/// The growth of a complaint's share since the last look, if that was a week ago; `None` where either
/// is not known.
pub fn rise(now: &Snapshot, before: Option<&Snapshot>, complaint: &Topic) -> Option<Rise> {
    let before = before?;
    let days = now.week.since(before.week).map_or(i32::MAX, |span| span.get_days());
    if days > WEEK_BEFORE_DAYS {
        return None;
    }
    Some(Rise {
        since: before.week,
        was: before.complaint(&complaint.name)?.item.share?,
        is: complaint.item.share?,
    })
}

/// The signals of a look. `history` holds what was kept of the ASIN in the same marketplace.
pub fn signals(seller: &SellerId, now: &Snapshot, history: &[Snapshot], seen_at: Timestamp) -> Vec<Signal> {
    let before = history.iter().filter(|earlier| earlier.week < now.week).max_by_key(|earlier| earlier.week);
    let country = now.marketplace.info().country;
    let named = |topic: &&Topic| topic.item.mentions.is_some_and(|mentions| mentions >= LEAST_MENTIONS);
    let mut signals = Vec::new();
    for topic in now.topics.complaints.iter().filter(named) {
        let mut said = Vec::new();
        if let Some(Rise { since, was, is }) =
            rise(now, before, topic).filter(|rise| rise.is - rise.was >= RISES_BY)
        {
            let (was, is) = (number(was), number(is));
            said.push(text!(
                "{is} % of the reviews name it, {was} % on {since}",
                "{is}% 的评论提到,{since} 时为 {was}%"
            ));
        }
        let was_known = before.and_then(|before| before.complaint(&topic.name)).is_some_and(outruns);
        if let (true, false, Some(slopes)) = (outruns(topic), was_known, topic.slopes()) {
            let (item, all) = (number(slopes.item), number(slopes.all.unwrap_or(0.0)));
            said.push(text!(
                "its share grows by {item} points a month, in the category by {all}",
                "占比每月上升 {item} 个百分点,同类目为 {all}"
            ));
        }
        if said.is_empty() {
            continue;
        }
        if let Some((0, returned)) = now.in_returns(&topic.name) {
            let share = returned.share.map_or_else(|| "—".to_owned(), number);
            said.push(text!(
                "it also leads the returns of the category ({share} %)",
                "也是同类目退货中最常提到的({share}%)"
            ));
        }
        let name = &topic.name;
        let en = said.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join("; ");
        let zh = said.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>().join(";");
        let note = text!(
            "Amazon's review topics, {country}: “{name}”: {en}",
            "亚马逊评论主题,{country}:“{name}”:{zh}"
        );
        let subject = Subject::Topic { asin: now.asin.clone(), cause: cause_of(name) };
        let what = format!("{country}#{}#{}", now.week, plain(name));
        let mut signal = Signal::new(seller.clone(), subject, Kind::Topic, &what, (now.at, seen_at));
        signal.marketplace = Some(now.marketplace);
        signal.asin = Some(now.asin.clone());
        signals.push(signal.noting(note));
    }
    signals
}

/// Whether a complaint grows, and faster than in its category.
fn outruns(topic: &Topic) -> bool {
    topic.slopes().is_some_and(|slopes| slopes.item > 0.0 && slopes.beyond() >= OUTRUNS_BY)
}

/// A number with two places at most: `8.5`, `12`, `-0.25`.
pub fn number(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A name as part of an id.
fn plain(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::snapshot::tests::{answer, asked, item};
    use super::super::{Both, Month, Trend};
    use super::*;
    use crate::text::Cause;

    const SEEN: &str = "2026-07-08T07:00:00Z";

    fn seen() -> Timestamp {
        SEEN.parse().expect("a time")
    }

    fn seller() -> SellerId {
        "S1".parse().expect("valid")
    }

    /// A look with one complaint: its mentions and share, and how far it and the category move a month.
    fn look(week: &str, mentions: u64, share: f64, slopes: Option<(f64, f64)>) -> Snapshot {
        let month = |n: i8| {
            let (item, all) = slopes.expect("asked for with slopes alone");
            let at = |slope: f64| Some(5.0 + slope * f64::from(n));
            Month { from: Date::new(2026, n, 1).ok(), item: at(item), all: at(all), ..Month::default() }
        };
        let months = if slopes.is_some() { (1..=6).map(month).collect() } else { Vec::new() };
        let trends =
            Both { praise: Vec::new(), complaints: vec![Trend { name: "Weak fragile".to_owned(), months }] };
        let complaints = vec![item("Weak fragile", mentions, share, -0.2)];
        Snapshot::of(asked(week), vec![answer(Vec::new(), complaints)], Some(&trends), None)
    }

    #[test]
    fn a_complaint_is_told_of_when_it_grows_and_once() {
        let check = |now: &Snapshot, history: &[Snapshot], expect: &[&str]| {
            let found = signals(&seller(), now, history, seen());
            let notes: Vec<String> =
                found.into_iter().filter_map(|signal| signal.note).map(|note| note.en).collect();
            assert_eq!(notes.len(), expect.len(), "{notes:?}");
            for (note, part) in notes.iter().zip(expect) {
                assert!(note.contains(part), "{note}");
            }
        };
        let before = &[look("2026-07-01", 12, 8.0, None)];
        // Against the week before.
        check(
            &look("2026-07-08", 14, 10.0, None),
            before,
            &["10 % of the reviews name it, 8 % on 2026-07-01"],
        );
        check(&look("2026-07-08", 14, 9.9, None), before, &[]);
        check(&look("2026-07-08", 4, 12.0, None), before, &[]);
        check(&look("2026-07-08", 14, 12.0, None), &[], &[]);
        // A week that was missed is bridged, a month is not.
        check(&look("2026-07-15", 14, 10.0, None), before, &["8 % on 2026-07-01"]);
        check(&look("2026-07-29", 14, 10.0, None), before, &[]);
        // Against the category.
        let outruns = |week| look(week, 12, 8.0, Some((0.75, 0.25)));
        check(&outruns("2026-07-08"), &[], &["grows by 0.75 points a month, in the category by 0.25"]);
        check(&outruns("2026-07-08"), &[outruns("2026-07-01")], &[]);
        check(&look("2026-07-08", 12, 8.0, Some((0.75, 0.5))), &[], &[]);
        check(&look("2026-07-08", 12, 8.0, Some((-0.1, -0.9))), &[], &[]);
        // Both are one signal.
        let both = look("2026-07-08", 12, 12.0, Some((1.0, 0.0)));
        check(&both, &[look("2026-07-01", 9, 8.0, None)], &["8 % on 2026-07-01; its share grows"]);
    }

    #[test]
    fn a_signal_says_where_and_of_what() {
        let found = signals(
            &seller(),
            &look("2026-07-08", 14, 10.0, None),
            &[look("2026-07-01", 12, 8.0, None)],
            seen(),
        );
        let [signal] = &found[..] else { panic!("{found:?}") };
        assert_eq!(signal.id, "topic-B000000001-defective_quality#topic#DE#2026-07-08#weak-fragile");
        let asin = "B000000001".parse().expect("an ASIN");
        assert_eq!(signal.subject, Subject::Topic { asin, cause: Cause::DefectiveQuality });
        assert_eq!(
            (signal.kind, signal.marketplace, signal.words.as_ref()),
            (Kind::Topic, Some(asked("2026-07-08").marketplace), None)
        );
        let note = signal.note.as_ref().expect("a note");
        assert_eq!(note.zh, "亚马逊评论主题,DE:“Weak fragile”:10% 的评论提到,2026-07-01 时为 8%");
    }

    #[test]
    fn numbers_are_short() {
        for (value, text) in
            [(8.5, "8.5"), (12.0, "12"), (-0.254, "-0.25"), (-0.001, "0"), (0.0, "0"), (100.0, "100")]
        {
            assert_eq!(number(value), text);
        }
    }

    proptest! {
        #[test]
        fn the_same_look_again_tells_nothing_new(mentions in 0_u64..40, was in 0.0_f64..30.0, is in 0.0_f64..30.0, slope in -2.0_f64..2.0) {
            let before = look("2026-07-01", mentions, was, Some((slope / 2.0, 0.0)));
            let now = look("2026-07-08", mentions, is, Some((slope, 0.0)));
            let ids = |history: &[Snapshot]| {
                signals(&seller(), &now, history, seen()).into_iter().map(|signal| signal.id).collect::<Vec<_>>()
            };
            // What is kept by then, a second run finds among its history.
            prop_assert_eq!(ids(std::slice::from_ref(&before)), ids(&[before.clone(), now.clone()]));
            prop_assert!(ids(&[before]).len() <= 1);
        }
    }
}
