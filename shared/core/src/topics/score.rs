//! A score of an ASIN against its category. Amazon has none: this one is Renown's own.
//!
//! Amazon says of each topic how many stars it adds to the ASIN's rating or takes from it, and the same
//! of the category. Whether the number of mentions is in that already it does not say, so nothing is
//! multiplied by it. score = 50 + 10 × (sum of the ASIN's stars − sum of the category's for the same
//! topics), kept within 0 and 100: 50 is a product like its category, ten points are a star.

use serde::Serialize;

use super::snapshot::{Snapshot, Topic};

/// A product like its category.
const NEUTRAL: f64 = 50.0;
/// What a star more than the category is worth: five stars of difference are the whole scale.
const POINTS_PER_STAR: f64 = 10.0;
/// Mentions, of all topics together, below which there is no score: one review more or less would be
/// over three in a hundred of them. Ours.
pub const LEAST_MENTIONS: u64 = 30;

/// How an ASIN does against its category, with what that is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// 0 to 100, 50 is a product like its category; `None`: reviews name too little.
    pub value: Option<u8>,
    /// Stars that all topics together add to the ASIN's rating, or take.
    pub item: f64,
    /// The same of the category, for the same topics.
    pub all: f64,
    /// Stars by which the ASIN is ahead of the category's top quarter, in the topics of which both are
    /// known; below zero, behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_top: Option<f64>,
    /// Mentions of all topics.
    pub mentions: u64,
    /// Topics it is made of.
    pub topics: usize,
    /// Those of which Amazon tells no stars, of the ASIN or the category: they count as 0.
    pub missing: usize,
}

/// The score of a look; `None`: there is nothing to make one of.
pub fn score(snapshot: &Snapshot) -> Option<Score> {
    let all: Vec<&Topic> = snapshot.topics.praise.iter().chain(&snapshot.topics.complaints).collect();
    if all.is_empty() {
        return None;
    }
    let sum = |of: fn(&Topic) -> Option<f64>| all.iter().filter_map(|topic| of(topic)).sum::<f64>();
    let (item, of_all) = (sum(|topic| topic.item.impact), sum(|topic| topic.all.impact));
    let ahead: Vec<f64> = all.iter().filter_map(|topic| topic.to_top()).collect();
    let mentions = all.iter().filter_map(|topic| topic.item.mentions).sum();
    let missing =
        all.iter().filter(|topic| topic.item.impact.is_none() || topic.all.impact.is_none()).count();
    let value = (NEUTRAL + POINTS_PER_STAR * (item - of_all)).clamp(0.0, 100.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100 by the line above")]
    let value = (mentions >= LEAST_MENTIONS).then_some(value as u8);
    Some(Score {
        value,
        item,
        all: of_all,
        to_top: (!ahead.is_empty()).then(|| ahead.iter().sum()),
        mentions,
        topics: all.len(),
        missing,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::snapshot::tests::{answer, asked, item};
    use super::super::{ItemTopic, Measure};
    use super::*;

    /// A topic: mentions, stars of the ASIN, stars of the category.
    type Row = (u64, Option<f64>, Option<f64>);

    fn topic((n, (mentions, impact, all)): (usize, &Row)) -> ItemTopic {
        let mut topic = item(&format!("T{n}"), *mentions, 5.0, 0.0);
        topic.item.impact = *impact;
        topic.node = Measure { impact: *all, ..Measure::default() };
        topic
    }

    fn scored(praise: &[Row], complaints: &[Row]) -> Option<Score> {
        let topics = |rows: &[Row]| rows.iter().enumerate().map(topic).collect();
        score(&Snapshot::of(
            asked("2026-07-01"),
            vec![answer(topics(praise), topics(complaints))],
            None,
            None,
        ))
    }

    #[test]
    fn fifty_is_a_product_like_its_category_and_ten_points_are_a_star() {
        let value =
            |praise: &[Row], complaints: &[Row]| scored(praise, complaints).and_then(|score| score.value);
        assert_eq!(value(&[(30, Some(0.5), Some(0.5))], &[]), Some(50));
        assert_eq!(value(&[(30, Some(1.5), Some(0.5))], &[]), Some(60));
        assert_eq!(value(&[(20, Some(1.0), Some(0.5))], &[(10, Some(-2.0), Some(-0.5))]), Some(40));
        assert_eq!(value(&[(30, Some(9.0), None)], &[]), Some(100));
        assert_eq!(value(&[], &[(30, Some(-9.0), None)]), Some(0));
    }

    #[test]
    fn few_mentions_have_no_score_and_what_is_not_told_is_counted() {
        assert_eq!(scored(&[], &[]), None);
        let few = scored(&[(29, Some(0.5), None)], &[]).expect("something");
        assert_eq!((few.value, few.mentions, few.missing), (None, 29, 1));
        let score = scored(&[(40, None, Some(0.5))], &[(1, None, None), (1, Some(-0.1), Some(-0.1))]);
        let score = score.expect("something");
        assert_eq!((score.value, score.topics, score.missing, score.to_top), (Some(45), 3, 2, None));
    }

    prop_compose! {
        fn row()(mentions in 0_u64..100, impact in prop::option::of(-5.0_f64..5.0), all in prop::option::of(-5.0_f64..5.0)) -> Row {
            (mentions, impact, all)
        }
    }

    proptest! {
        #[test]
        fn a_score_stays_on_its_scale_and_falls_with_a_worse_complaint(
            praise in prop::collection::vec(row(), 0..10),
            complaints in prop::collection::vec(row(), 1..10),
            worse in 0.0_f64..5.0,
        ) {
            let before = scored(&praise, &complaints).expect("a topic");
            let mut complaints = complaints;
            complaints[0].1 = Some(complaints[0].1.unwrap_or(0.0) - worse);
            let after = scored(&praise, &complaints).expect("a topic");
            prop_assert!(before.value.is_none_or(|value| value <= 100));
            prop_assert!(after.value <= before.value);
            prop_assert_eq!(before.value.is_some(), before.mentions >= LEAST_MENTIONS);
            prop_assert!(before.missing <= before.topics);
        }
    }
}
