//! Where a topic is going: half a year of months, against the same months of its category.

use serde::Serialize;

use super::answer::Month;
use super::snapshot::Topic;
use crate::health::slope;

/// So many months are needed to draw a line: of three, one odd month makes most of it. Ours.
const LEAST_MONTHS: usize = 4;
/// A line that moves by less is level: a tenth of a point a month is half a point in half a year,
/// within what a handful of reviews makes. Ours.
const LEVEL: f64 = 0.1;

/// How fast a topic moves, in points of its share a month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Slopes {
    /// In reviews of the ASIN.
    pub item: f64,
    /// In those of all products of its browse node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<f64>,
}

/// Which way something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrow {
    /// Up.
    Up,
    /// Neither.
    Level,
    /// Down.
    Down,
}

impl Arrow {
    /// Which way a slope goes that is told of from `level` on.
    pub fn of(slope: f64, level: f64) -> Self {
        if slope >= level {
            Self::Up
        } else if slope <= -level {
            Self::Down
        } else {
            Self::Level
        }
    }

    /// As a sign.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Up => "↗",
            Self::Level => "→",
            Self::Down => "↘",
        }
    }
}

impl Slopes {
    /// Which way the ASIN's share goes.
    pub fn arrow(&self) -> Arrow {
        Arrow::of(self.item, LEVEL)
    }

    /// By how much a month the ASIN outruns its category; of a category that is not known, its own
    /// slope.
    pub fn beyond(&self) -> f64 {
        self.item - self.all.unwrap_or(0.0)
    }
}

impl Topic {
    /// How fast it moves; `None`: there are too few months.
    pub fn slopes(&self) -> Option<Slopes> {
        let item = slope_of(&self.months, |month| month.item)?;
        Some(Slopes { item, all: slope_of(&self.months, |month| month.all) })
    }
}

/// The slope of a line through the months that are known, in points a month.
pub(super) fn slope_of(months: &[Month], of: fn(&Month) -> Option<f64>) -> Option<f64> {
    let points: Vec<(f64, f64)> = months
        .iter()
        .filter_map(|month| {
            let from = month.from?;
            Some((f64::from(i32::from(from.year()) * 12 + i32::from(from.month())), of(month)?))
        })
        .collect();
    (points.len() >= LEAST_MONTHS).then(|| slope(&points))
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;

    fn months(shares: &[Option<f64>]) -> Vec<Month> {
        let month = |(n, share): (i8, &Option<f64>)| Month {
            from: Date::new(2026, n, 1).ok(),
            item: *share,
            ..Month::default()
        };
        (1..).zip(shares).map(month).collect()
    }

    #[test]
    fn a_line_is_drawn_through_the_months_that_are_known() {
        let check = |shares: &[Option<f64>], expect: Option<f64>| {
            let found = slope_of(&months(shares), |month| month.item);
            assert_eq!(found.map(|slope| (slope * 100.0).round() / 100.0), expect, "{shares:?}");
        };
        check(&[Some(4.0), Some(5.0), Some(6.0), Some(7.0), Some(8.0), Some(9.0)], Some(1.0));
        check(&[Some(4.0), None, Some(6.0), None, Some(8.0), Some(9.0)], Some(1.0));
        check(&[Some(3.0); 6], Some(0.0));
        check(&[Some(4.0), Some(5.0), Some(6.0), None, None, None], None);
        check(&[], None);
    }

    #[test]
    fn a_level_line_has_a_level_arrow() {
        for (slope, sign) in [(0.5, "↗"), (0.05, "→"), (-0.05, "→"), (-0.5, "↘")] {
            assert_eq!(Slopes { item: slope, all: None }.arrow().sign(), sign);
        }
        assert!((Slopes { item: 1.0, all: Some(0.25) }.beyond() - 0.75).abs() < 1e-9);
    }
}
