//! Several buyers who complain of one thing.

use jiff::Timestamp;
use jiff::civil::Date;

use super::heard::hash;
use super::reading::Reading;
use super::signal::{Kind, Signal};
use super::subject::Subject;
use crate::text;

/// So many complaints of one thing about one product …
pub const TOPIC_NEGATIVES: usize = 3;
/// … within so many days are a topic.
pub const TOPIC_DAYS: i64 = 7;

/// Whether a signal counts towards a topic: a complaint about a product with a cause.
pub fn is_topic(signal: &Signal, reading: &Reading) -> bool {
    let is_a_buyers =
        matches!(signal.kind, Kind::Feedback | Kind::Return | Kind::Claim | Kind::Survey | Kind::Review);
    // A review that a person exported may be of any year: one without a day counts for none.
    let is_dated = signal.kind != Kind::Review || signal.day.is_some();
    is_a_buyers && is_dated && reading.negative && signal.asin.is_some() && !reading.causes.is_empty()
}

/// The signal of a topic, which one more complaint made or carries on. It names no order: what a buyer
/// said can be erased.
///
/// `n` complaints came in the last days, this one included. `None`: too few, or no topic.
pub fn topic_signal(signal: &Signal, reading: &Reading, n: usize, now: Timestamp) -> Option<Signal> {
    let (asin, cause) = (signal.asin.clone()?, reading.primary()?);
    if n < TOPIC_NEGATIVES || !is_topic(signal, reading) {
        return None;
    }
    let subject = Subject::Topic { asin, cause };
    let times = (signal.as_of, now);
    let mut topic = Signal::new(signal.seller.clone(), subject, Kind::Topic, &hash(&signal.id), times);
    topic.count = u32::try_from(n).ok();
    topic.marketplace = signal.marketplace;
    topic.asin.clone_from(&signal.asin);
    topic.sku.clone_from(&signal.sku);
    Some(topic.noting(text!(
        "{n} complaints of this kind within {TOPIC_DAYS} days",
        "{TOPIC_DAYS} 天内有 {n} 起同类投诉"
    )))
}

/// The most of these days in any span of [`TOPIC_DAYS`] days that has `day` in it.
pub fn most_within(days: &[Date], day: Date) -> usize {
    let since = |from: Date, to: Date| to.since(from).map_or(i64::MAX, |span| i64::from(span.get_days()));
    let begins = days.iter().filter(|from| (0..TOPIC_DAYS).contains(&since(**from, day)));
    begins
        .map(|from| days.iter().filter(|to| (0..TOPIC_DAYS).contains(&since(*from, **to))).count())
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_late_and_in_any_order_is_counted_in_the_fullest_week() {
        let date = |day: i8| Date::new(2026, 11, day).expect("a day");
        let most = |days: &[i8], day| {
            let days: Vec<Date> = days.iter().map(|day| date(*day)).collect();
            most_within(&days, date(day))
        };
        assert_eq!(most(&[1, 7, 8], 7), 2);
        assert_eq!(most(&[1, 4, 7], 4), 3);
        assert_eq!(most(&[4, 7, 10], 7), 3);
        assert_eq!(most(&[4, 7, 11], 4), 2);
        assert_eq!(most(&[7, 7, 7], 7), 3);
        assert_eq!(most(&[], 7), 0);
    }
}
