//! Where a rate is going, and when what weighs on it leaves its window.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::Snapshot;
use crate::reports::account_health::{Condition, MetricKind};

/// Days that Amazon's order defect rate is taken over. Source: the reporting range of its account
/// health report.
pub const WINDOW_DAYS: i32 = 60;
/// Days of history that a course is drawn from.
const LOOKS_BACK: i32 = 28;
/// So many days with a report are needed, and so many days from the first to the last.
const LEAST_POINTS: usize = 4;
const LEAST_DAYS: i32 = 7;
/// Nobody knows more than this ahead.
const MOST_DAYS: f64 = 90.0;

/// Where a rate is going.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Forecast {
    /// There is too little history.
    Unknown,
    /// It misses its target now.
    Missed,
    /// It keeps its target for three months, as things go.
    Keeps,
    /// It will miss its target in so many days, as things go.
    Misses {
        /// Days from the last report.
        in_days: i32,
    },
}

/// Where a rate is going: a straight line through the last four weeks.
pub fn forecast(history: &[Snapshot], kind: &MetricKind) -> Forecast {
    let Some(last) = history.iter().max_by_key(|snapshot| snapshot.at) else { return Forecast::Unknown };
    let Some(metric) = last.metric(kind) else { return Forecast::Unknown };
    let (Some(rate), Some(target)) = (metric.rate, &metric.target) else { return Forecast::Unknown };
    match target.is_met(rate) {
        None => return Forecast::Unknown,
        Some(false) => return Forecast::Missed,
        Some(true) => {}
    }
    let days = |date: Date| last.day().since(date).map_or(i32::MAX, |span| span.get_days());
    let points: Vec<(f64, f64)> = history
        .iter()
        .filter(|snapshot| (0..=LOOKS_BACK).contains(&days(snapshot.day())))
        .filter_map(|snapshot| Some((-f64::from(days(snapshot.day())), snapshot.metric(kind)?.rate?)))
        .collect();
    let longest = points.iter().map(|(day, _)| -day).fold(0.0, f64::max);
    if points.len() < LEAST_POINTS || longest < f64::from(LEAST_DAYS) {
        return Forecast::Unknown;
    }
    let slope = slope(&points);
    let (left, towards) = match target.condition {
        Condition::LessThan => (target.value - rate, slope),
        Condition::GreaterThan => (rate - target.value, -slope),
        Condition::Equals | Condition::Other(_) => return Forecast::Unknown,
    };
    if towards <= 0.0 || left / towards > MOST_DAYS {
        return Forecast::Keeps;
    }
    // At most ninety, and more than nothing.
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the line above")]
    Forecast::Misses { in_days: (left / towards).ceil() as i32 }
}

/// The slope of a line through points by least squares.
pub(crate) fn slope(points: &[(f64, f64)]) -> f64 {
    // Far fewer than 2^52 points.
    #[expect(clippy::cast_precision_loss, reason = "a count of days")]
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let across: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let along: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    if along == 0.0 { 0.0 } else { across / along }
}

/// When defects leave the window: for each day to come, how many.
pub fn leaving(defects: &[Date], window_days: i32, today: Date) -> BTreeMap<Date, usize> {
    let mut leaving = BTreeMap::new();
    for day in defects {
        let leaves = day.saturating_add(i64::from(window_days).days());
        if *day <= today && leaves > today {
            *leaving.entry(leaves).or_default() += 1;
        }
    }
    leaving
}
