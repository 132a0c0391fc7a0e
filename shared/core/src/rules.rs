//! A seller's rules: versioned data, checked when written.
//!
//! A rule may speak of SKUs, ASINs, channels, programs, days and hours. There is no rule about
//! buyers, and none about what they think.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::ids::{Asin, OrderId, Sku};
use crate::marketplace::MarketplaceId;
use crate::order::{FulfillmentChannel, Program};
use crate::policy::daytime;
use crate::say::Text;
use crate::text;

/// The hours of a day in which a buyer may be asked, on the clock of the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// First hour, 0–23.
    pub from: u8,
    /// Hour at which it ends, 1–24; not included.
    pub to: u8,
}

/// What is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exclusions {
    /// Orders with one of these SKUs.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub skus: BTreeSet<Sku>,
    /// Orders with one of these ASINs.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub asins: BTreeSet<Asin>,
    /// Orders of these channels.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub channels: BTreeSet<FulfillmentChannel>,
    /// Orders of these programs, as Amazon writes them (`PRIME`).
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub programs: BTreeSet<Program>,
}

/// One arm of a test of day or hour. Orders are drawn to arms by a hash of their id, never by
/// result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// Its name in reports.
    pub name: String,
    /// Its share of the draws, relative to the other arms.
    pub weight: u32,
    /// Days after delivery, instead of the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_day: Option<u8>,
    /// Hours, instead of the rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// The rules of one marketplace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Days after the best delivery estimate, 5–25.
    pub target_day: u8,
    /// Hours in every zone of the marketplace's country at once.
    pub hours: Hours,
    /// What is left out.
    #[serde(skip_serializing_if = "is_default")]
    pub exclude: Exclusions,
    /// Share of orders to ask, in percent, drawn by hash: 100, or less while trying out.
    pub share_percent: u8,
    /// Ask only for these ASINs while trying out; empty = for all.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub only_asins: BTreeSet<Asin>,
    /// Test arms; empty = no test.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arms: Vec<Arm>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            target_day: 6,
            hours: Hours { from: 9, to: 20 },
            exclude: Exclusions::default(),
            share_percent: 100,
            only_asins: BTreeSet::new(),
            arms: Vec::new(),
        }
    }
}

impl Rule {
    /// The arm an order is drawn to; `None` without a test.
    pub fn arm(&self, order: &OrderId) -> Option<&Arm> {
        let total: u64 = self.arms.iter().map(|arm| u64::from(arm.weight)).sum();
        let mut at = order.draw("arm").checked_rem(total)?;
        self.arms.iter().find(|arm| {
            let weight = u64::from(arm.weight);
            let hit = at < weight;
            at = at.saturating_sub(weight);
            hit
        })
    }

    /// Whether an order is within the share that is asked.
    pub fn in_share(&self, order: &OrderId) -> bool {
        order.draw("share") % 100 < u64::from(self.share_percent)
    }
}

/// All rules of a seller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Counts up with each change; 0 = never changed. Every decision names it.
    pub version: u32,
    /// For every marketplace without rules of its own.
    pub default: Rule,
    /// Rules that replace the default, by marketplace: its id, or its country in a file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "by_marketplace")]
    pub marketplaces: BTreeMap<MarketplaceId, Rule>,
}

/// Reads rules whose keys are ids of marketplaces or codes of their countries.
fn by_marketplace<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<MarketplaceId, Rule>, D::Error> {
    let named = BTreeMap::<String, Rule>::deserialize(from)?;
    let mut rules = BTreeMap::new();
    for (name, rule) in named {
        let known = name.parse().ok().or_else(|| MarketplaceId::of_country(&name));
        let Some(marketplace) = known else {
            return Err(D::Error::custom(format!("{name:?} {UNKNOWN_MARKETPLACE}")));
        };
        if rules.insert(marketplace, rule).is_some() {
            return Err(D::Error::custom(format!("duplicate key {name:?}")));
        }
    }
    Ok(rules)
}

/// What is said of a key that is no marketplace.
pub const UNKNOWN_MARKETPLACE: &str =
    "is no marketplace; write its country, such as [marketplaces.DE], or its id";

/// Something a rule may not say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Invalid {
    /// Where, as the keys are written in the file: `marketplaces.ATVPDKIKX0DER.hours`.
    pub place: String,
    /// What is wrong and what to write instead.
    pub problem: Text,
}

impl Rules {
    /// The rule of a marketplace.
    pub fn of(&self, marketplace: MarketplaceId) -> &Rule {
        self.marketplaces.get(&marketplace).unwrap_or(&self.default)
    }

    /// Everything that is wrong with them, for the marketplaces of the seller.
    pub fn problems(&self, marketplaces: &[MarketplaceId]) -> Vec<Invalid> {
        let mut problems = Vec::new();
        check(&mut problems, "default", &self.default);
        for (marketplace, rule) in &self.marketplaces {
            check(&mut problems, &format!("marketplaces.{marketplace}"), rule);
        }
        if !problems.is_empty() {
            return problems;
        }
        for marketplace in marketplaces {
            let rule = self.of(*marketplace);
            let hours = std::iter::once(rule.hours).chain(rule.arms.iter().filter_map(|arm| arm.hours));
            for hours in hours {
                if !daytime::ever_open(*marketplace, hours) {
                    let (from, to, country) = (hours.from, hours.to, marketplace.info().country);
                    problems.push(Invalid {
                        place: format!("marketplaces.{marketplace}.hours"),
                        problem: text!(
                            "{from}–{to} o'clock is never the time in all zones of {country} at once; write a longer span, such as 9–20",
                            "{country} 各时区没有同时处于 {from}–{to} 点的时刻;请写更长的时段,例如 9–20"
                        ),
                    });
                }
            }
        }
        problems
    }
}

fn check(problems: &mut Vec<Invalid>, place: &str, rule: &Rule) {
    let mut say = |key: &str, problem: Text| {
        problems.push(Invalid { place: format!("{place}.{key}"), problem });
    };
    let day = |day: u8| {
        (!(5..=25).contains(&day)).then(|| {
            text!(
                "day {day} is outside 5–25; Amazon takes requests from day 5, and the last days are kept for trying again",
                "第 {day} 天不在 5–25 之内;亚马逊从第 5 天起接受请求,最后几天留作重试"
            )
        })
    };
    let span = |hours: Hours| {
        (hours.from >= hours.to || hours.to > 24).then(|| {
            let Hours { from, to } = hours;
            text!(
                "{from}–{to} is not a span of hours; write from 0–23 and a later to, 1–24",
                "{from}–{to} 不是有效时段;from 为 0–23,to 更晚,为 1–24"
            )
        })
    };
    if let Some(problem) = day(rule.target_day) {
        say("target_day", problem);
    }
    if let Some(problem) = span(rule.hours) {
        say("hours", problem);
    }
    if !(1..=100).contains(&rule.share_percent) {
        let share = rule.share_percent;
        say(
            "share_percent",
            text!(
                "{share} is outside 1–100; to ask nobody, let the seller listen (`renown mode listen`)",
                "{share} 不在 1–100 之内;若不请求任何人,请让卖家监听(`renown mode listen`)"
            ),
        );
    }
    let mut names = BTreeSet::new();
    for arm in &rule.arms {
        let key = format!("arms.{}", arm.name);
        if arm.weight == 0 {
            say(
                &key,
                text!(
                    "weight 0 would never be drawn; leave the arm out or give it a weight",
                    "权重 0 永远不会被抽中;请删去该组或给它权重"
                ),
            );
        }
        if !names.insert(&arm.name) {
            say(&key, text!("two arms have this name; give each its own", "有两个组同名;请各取其名"));
        }
        if let Some(problem) = arm.target_day.and_then(day) {
            say(&key, problem);
        }
        if let Some(problem) = arm.hours.and_then(span) {
            say(&key, problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn us() -> MarketplaceId {
        "ATVPDKIKX0DER".parse().expect("known")
    }

    fn places(rules: &Rules) -> Vec<String> {
        rules.problems(&[us()]).into_iter().map(|p| p.place).collect()
    }

    #[test]
    fn the_defaults_are_valid() {
        let all: Vec<MarketplaceId> =
            crate::marketplace::ALL.iter().map(|m| m.id.parse().expect("known")).collect();
        assert_eq!(Rules::default().problems(&all), vec![]);
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let mut rules = Rules::default();
        rules.default.target_day = 4;
        rules.default.hours = Hours { from: 20, to: 9 };
        rules.marketplaces.insert(us(), Rule { share_percent: 101, ..Rule::default() });
        assert_eq!(
            places(&rules),
            ["default.target_day", "default.hours", "marketplaces.ATVPDKIKX0DER.share_percent"]
        );
    }

    #[test]
    fn a_marketplace_is_named_by_its_id_or_its_country() {
        let read = |name: &str| {
            serde_json::from_str::<Rules>(&format!(r#"{{"marketplaces":{{"{name}":{{"target_day":9}}}}}}"#))
        };
        for name in ["ATVPDKIKX0DER", "US", "us"] {
            assert_eq!(read(name).expect("known").of(us()).target_day, 9, "{name}");
        }
        let error = read("Germany").expect_err("no country").to_string();
        assert!(error.contains("[marketplaces.DE]"), "{error}");
        let twice = r#"{"marketplaces":{"ATVPDKIKX0DER":{},"US":{}}}"#;
        assert!(serde_json::from_str::<Rules>(twice).is_err());
    }

    #[test]
    fn a_share_of_nobody_is_refused() {
        let mut rules = Rules::default();
        rules.default.share_percent = 0;
        assert_eq!(places(&rules), ["default.share_percent"]);
    }

    #[test]
    fn hours_that_no_moment_fits_in_all_zones_of_the_us_are_refused() {
        let mut rules = Rules::default();
        rules.default.hours = Hours { from: 9, to: 13 };
        assert_eq!(places(&rules), ["marketplaces.ATVPDKIKX0DER.hours"]);
        rules.default.hours = Hours { from: 9, to: 20 };
        assert!(places(&rules).is_empty());
    }

    #[test]
    fn arms_are_drawn_by_weight_and_never_change() {
        let arm = |name: &str, weight| Arm { name: name.to_owned(), weight, target_day: None, hours: None };
        let rule = Rule { arms: vec![arm("a", 1), arm("b", 3)], ..Rule::default() };
        let orders: Vec<OrderId> =
            (0..4000).map(|i| format!("111-{i:07}-0000000").parse().expect("valid")).collect();
        let in_b = orders.iter().filter(|o| rule.arm(o).is_some_and(|a| a.name == "b")).count();
        assert!((2850..3150).contains(&in_b), "{in_b}");
        assert!(Rule::default().arm(&orders[0]).is_none());
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let error = serde_json::from_str::<Rules>(r#"{"default":{"min_stars":4}}"#).expect_err("refused");
        assert!(error.to_string().contains("min_stars"), "{error}");
    }
}
