//! What left on one day, for the caps and the brake.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::ShopId;

/// Mails a day beyond five times the shop's usual orders. Source: market.md A6 (`FeedbackFive` and
/// eDesk on Amazon's own limit: 5 × the 7-day average and 600).
const BEYOND_USUAL: u64 = 600;
/// … and how many times those.
const TIMES_USUAL: u64 = 5;
/// Texts of one day that are told apart; what comes beyond is counted together.
const MAX_TEXTS: usize = 64;

/// One day of one seller, in UTC: what came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Day {
    /// Mails to addresses that do not exist.
    #[serde(skip_serializing_if = "is_zero")]
    pub bounced: u32,
    /// Mails that were called spam.
    #[serde(skip_serializing_if = "is_zero")]
    pub complained: u32,
    /// Orders first heard of, by shop.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub orders: BTreeMap<ShopId, u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// One day of one shop, in UTC: what left. Written by whoever sends, and by nobody else.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentDay {
    /// Mails that were claimed.
    pub mails: u32,
    /// The same by text: hash of the template's text.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, u32>,
}

impl SentDay {
    /// Counts a mail that is about to leave.
    pub fn count(&mut self, text: &str) {
        self.mails = self.mails.saturating_add(1);
        let name =
            if self.texts.contains_key(text) || self.texts.len() < MAX_TEXTS { text } else { "others" };
        let n = self.texts.entry(name.to_owned()).or_default();
        *n = n.saturating_add(1);
    }

    /// How many went with a text.
    pub fn of_text(&self, text: &str) -> u32 {
        let is_full = self.texts.len() >= MAX_TEXTS;
        let others = || self.texts.get("others").filter(|_| is_full);
        self.texts.get(text).or_else(others).copied().unwrap_or(0)
    }

    /// Whether one mail more is beyond what the orders of the last seven days explain.
    pub fn is_beyond(&self, orders_in_7_days: u32) -> bool {
        // Compared by sevens: no fraction is lost.
        u64::from(self.mails) * 7 >= TIMES_USUAL * u64::from(orders_in_7_days) + BEYOND_USUAL * 7
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_five_times_the_usual_orders_and_six_hundred() {
        for (mails, orders_in_7_days, expect) in [
            (599, 0, false),
            (600, 0, true),
            (1099, 700, false),
            (1100, 700, true),
            (600, 1, false),
            (601, 1, true),
        ] {
            let day = SentDay { mails, ..SentDay::default() };
            assert_eq!(day.is_beyond(orders_in_7_days), expect, "{mails} {orders_in_7_days}");
        }
    }

    #[test]
    fn texts_are_counted_apart_and_beyond_a_bound_together() {
        let mut day = SentDay::default();
        for i in 0..100 {
            day.count(&format!("t{i}"));
        }
        day.count("t1");
        assert_eq!((day.of_text("t1"), day.of_text("t99"), day.mails), (2, 36, 101));
    }
}
