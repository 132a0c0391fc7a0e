//! What a month costs on AWS, by the table in `prices.toml`.

use renown_core::say::Text;
use serde::{Deserialize, Serialize};

/// What a line's cost is rounded up to: parts of one unit of the currency. Lines are rounded
/// before they are added, so that what is shown adds up.
const PARTS: f64 = 10_000.0;

/// Prices of one day in one region, and what Renown uses.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// The day.
    pub as_of: String,
    /// The region.
    pub region: String,
    /// What is used.
    #[serde(rename = "line")]
    pub lines: Vec<Price>,
}

/// One thing that is used. Its members are explained in `prices.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The stable word for it.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// What is counted.
    pub unit: Text,
    /// Units that an order uses.
    pub per_order: f64,
    /// Units that a mail to a customer of a shop uses, with its share of the shop's order.
    #[serde(default)]
    pub per_mail: f64,
    /// Units that a month uses without any order or mail.
    pub per_month: f64,
    /// US dollars for `per` units.
    pub usd: f64,
    /// Units that `usd` buys.
    pub per: f64,
    /// Units of a month that are free for ever.
    pub free: f64,
    /// Where the number of units comes from.
    pub basis: Text,
    /// Where the price comes from.
    pub source: Text,
}

/// A sum in ten-thousandths of a currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(u64);

/// One line of a bill.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// What for.
    pub price: &'a Price,
    /// How many units.
    pub units: f64,
    /// By the list.
    pub cost: Money,
    /// What of it the free tier takes away.
    pub free: Money,
}

/// A month.
#[derive(Debug, Clone, PartialEq)]
pub struct Bill<'a> {
    /// Line by line.
    pub lines: Vec<Line<'a>>,
    /// Their sum by the list.
    pub total: Money,
    /// What of it the free tier takes away.
    pub free: Money,
}

impl Prices {
    /// Those that this version knows.
    ///
    /// # Panics
    ///
    /// Never: the table is a part of the program, and a test reads it.
    pub fn known() -> Self {
        toml::from_str(include_str!("prices.toml")).expect("prices.toml is readable: a test holds it")
    }

    /// What a month of that many orders on Amazon and mails to customers of shops costs, in a
    /// currency of which a US dollar buys `per_usd`.
    pub fn bill(&self, orders: u64, mails: u64, per_usd: f64) -> Bill<'_> {
        let lines: Vec<Line<'_>> =
            self.lines.iter().map(|price| price.line(orders, mails, per_usd)).collect();
        let sum = |of: fn(&Line<'_>) -> Money| Money(lines.iter().map(|line| of(line).0).sum());
        Bill { total: sum(|line| line.cost), free: sum(|line| line.free), lines }
    }
}

impl Price {
    #[expect(clippy::cast_precision_loss, reason = "orders and mails of a month are far below 2^52")]
    fn line(&self, orders: u64, mails: u64, per_usd: f64) -> Line<'_> {
        let units = self.per_order * orders as f64 + self.per_mail * mails as f64 + self.per_month;
        let cost = |units: f64| Money::of(units * self.usd / self.per * per_usd);
        let (list, left) = (cost(units), cost((units - self.free).max(0.0)));
        Line { price: self, units, cost: list, free: Money(list.0 - left.0) }
    }
}

impl Money {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a bill is never negative, and one beyond 2^64 parts saturates"
    )]
    fn of(amount: f64) -> Self {
        // A hair less before rounding up: a sum such as 0.1 + 0.2 is no part more.
        Self((amount * PARTS - 1e-6).ceil() as u64)
    }

    /// What is left when `other` is taken away.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

/// `27.4125`.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{}.{:04}", self.0 / 10_000, self.0 % 10_000);
        f.pad(&text)
    }
}

/// A number, as JSON has no decimals of its own.
impl Serialize for Money {
    #[expect(clippy::cast_precision_loss, reason = "a bill has far fewer than 2^52 parts")]
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / PARTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_readable_dated_and_every_line_has_a_source() {
        let prices = Prices::known();
        assert!(prices.as_of.parse::<jiff::civil::Date>().is_ok(), "{}", prices.as_of);
        assert_eq!(prices.region, "us-east-1");
        for price in &prices.lines {
            assert!(
                !price.source.en.is_empty()
                    && !price.source.zh.is_empty()
                    && price.per > 0.0
                    && price.usd >= 0.0,
                "{}",
                price.id
            );
        }
    }

    #[test]
    fn the_lines_add_up_and_a_million_orders_cost_a_few_dollars() {
        let prices = Prices::known();
        for orders in [0, 1, 999, 50_000, 1_000_000] {
            for rate in [1.0, 7.1, 0.91] {
                let bill = prices.bill(orders, orders / 3, rate);
                assert_eq!(bill.total.0, bill.lines.iter().map(|line| line.cost.0).sum::<u64>());
                assert!(bill.lines.iter().all(|line| line.free <= line.cost));
            }
        }
        let bill = prices.bill(1_000_000, 0, 1.0);
        assert!(Money::of(3.0) < bill.total && bill.total < Money::of(15.0), "{}", bill.total);
        let writes = bill.lines.iter().find(|line| line.price.id == "dynamodb_writes").expect("there");
        // 6 M + 172 800 units at $0.625 a million.
        assert_eq!(writes.cost.to_string(), "3.8580");
    }

    #[test]
    fn a_line_within_the_free_tier_costs_nothing_after_it() {
        let prices = Prices::known();
        let bill = prices.bill(1_000, 0, 1.0);
        let scheduler = bill.lines.iter().find(|line| line.price.id == "scheduler").expect("there");
        assert_eq!((scheduler.cost.to_string(), scheduler.free), ("0.1383".to_owned(), scheduler.cost));
    }

    #[test]
    fn a_mail_costs_what_ses_takes_and_a_little_more() {
        let prices = Prices::known();
        let cost = |bill: &Bill<'_>, id: &str| {
            bill.lines.iter().find(|line| line.price.id == id).expect("there").cost
        };
        let (without, with) = (prices.bill(1_000, 0, 1.0), prices.bill(1_000, 100_000, 1.0));
        assert_eq!(cost(&with, "ses"), Money::of(16.0));
        for id in ["ses", "sns", "http_api"] {
            assert_eq!(cost(&without, id), Money::default(), "{id}: paid without a mail");
        }
        let more = with.total.without(without.total);
        assert!(Money::of(16.0) < more && more < Money::of(22.0), "{more}");
    }
}
