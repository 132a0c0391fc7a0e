//! Tests of two to four ways to write a mail: wording, subject, hour.
//!
//! An order's arm is drawn by a hash of the order and the test's name, so that nothing that is
//! known of a customer moves them into one (promise P2). How many mails each arm has is fixed
//! before the first; an arm that has them takes no more, and the orders that draw it afterwards
//! are written to as usual. What the arms came to is told in [`outcome`], and nothing is applied
//! by itself.

pub mod outcome;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::{optional as opt_secs, required as secs};
use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::kind::Kind;
use super::order::ShopOrder;
use super::shop::Shop;
use crate::ids::is_short_name;
use crate::language::Language;
use crate::rules::Hours;
use crate::say::Text;
use crate::text;
use outcome::Measure;

/// Most arms of a test.
const MAX_ARMS: usize = 4;
/// Mails of an arm below which no difference that a shop could hope for shows: at 100 an arm and
/// one in ten who follow the link, even twice as many is barely told from chance.
const LEAST_SAMPLE: u32 = 100;
/// Mails of an arm above which a shop would test for years.
const MOST_SAMPLE: u32 = 1_000_000;

/// What a person plans: the file that starts a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its name: letters a–z, digits and hyphens, at most 24.
    pub name: String,
    /// Which mails it is about.
    pub mail: Kind,
    /// Mails of each arm.
    pub sample: u32,
    /// What is counted as a success.
    #[serde(default)]
    pub measure: Measure,
    /// The ways; the first is what the others are compared with.
    pub arms: Vec<Arm>,
}

/// One way to write a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arm {
    /// Its name, as the test's.
    pub name: String,
    /// Its text in each language that is tested, by name: `review-invitation/de/2`, or
    /// `review-invitation/de/built-in` for what Renown brings along. Empty: the usual text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<String>,
    /// Hours of the recipient's day in which it leaves; `None`: the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}

/// A test that was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experiment {
    /// What was planned; never changed once it began.
    pub plan: Plan,
    /// When it began.
    #[serde(with = "secs")]
    pub since: Timestamp,
    /// When a person ended it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub ended: Option<Timestamp>,
    /// Mails of each arm that were claimed.
    pub claimed: Vec<u32>,
    /// When the last of them was.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "opt_secs")]
    pub last_claim: Option<Timestamp>,
}

impl Plan {
    /// What is wrong with it for a shop and its texts, each with its place and remedy; empty if
    /// it may begin.
    pub fn problems(&self, shop: &Shop, drafts: &[Draft]) -> Vec<Text> {
        let mut problems = Vec::new();
        let mut wants = |right: bool, problem: Text| {
            if !right {
                problems.push(problem);
            }
        };
        wants(
            is_short_name(&self.name),
            text!(
                "name: give letters a-z, digits and hyphens, at most 24",
                "name:请用小写字母、数字和连字符,最多 24 个字符"
            ),
        );
        wants(
            (LEAST_SAMPLE..=MOST_SAMPLE).contains(&self.sample),
            text!(
                "sample: give how many mails each arm has, {LEAST_SAMPLE} to {MOST_SAMPLE}; fewer show nothing",
                "sample:请填写每组的邮件数,{LEAST_SAMPLE} 至 {MOST_SAMPLE};再少看不出差别"
            ),
        );
        wants(
            (2..=MAX_ARMS).contains(&self.arms.len()),
            text!("arms: give 2 to {MAX_ARMS} of them", "arms:请给出 2 至 {MAX_ARMS} 组"),
        );
        let names: BTreeSet<_> = self.arms.iter().map(|arm| &arm.name).collect();
        wants(
            names.len() == self.arms.len() && self.arms.iter().all(|arm| is_short_name(&arm.name)),
            text!(
                "arms: give each a name of its own: letters a-z, digits and hyphens, at most 24",
                "arms:每组需有不同的名称:小写字母、数字和连字符,最多 24 个字符"
            ),
        );
        let first = self.arms.first().map(Arm::languages).unwrap_or_default();
        wants(
            self.arms.iter().all(|arm| arm.languages() == first),
            text!(
                "arms: name a text of each arm for the same languages; a customer of another language is not in the test",
                "arms:各组须为相同的语言指定文本;其他语言的客户不参与测试"
            ),
        );
        let differ: BTreeSet<_> =
            self.arms.iter().map(|arm| (&arm.texts, arm.hours.map(|hours| (hours.from, hours.to)))).collect();
        wants(
            differ.len() == self.arms.len(),
            text!("arms: two of them are the same", "arms:有两组完全相同"),
        );
        for arm in &self.arms {
            let (name, kind) = (&arm.name, self.mail.template());
            let Hours { from, to } = shop.mails.hours;
            wants(
                arm.hours.is_none_or(|hours| hours.from < hours.to && from <= hours.from && hours.to <= to),
                text!(
                    "arm {name}: its hours must lie within the shop's, {from} to {to}",
                    "组 {name}:时段须在店铺的 {from} 点至 {to} 点之内"
                ),
            );
            for text in &arm.texts {
                let is_known = text_of(text).is_some_and(|(of, _, version)| {
                    let is_approved = |draft: &Draft| draft.name() == *text && draft.is_approved();
                    of == kind && (version == BUILT_IN || drafts.iter().any(is_approved))
                });
                wants(
                    is_known,
                    text!(
                        "arm {name}: {text} is no approved text of {kind}; `renown template list` shows them",
                        "组 {name}:{text} 不是 {kind} 的已批准文本;请见 `renown template list`"
                    ),
                );
            }
        }
        problems
    }

    /// The smallest share by which two arms must differ for the sample to show it four times out
    /// of five, if `share` of the first arm succeed; in points of a hundred. Source: the usual
    /// normal approximation for two proportions at 95 % and a power of 80 %.
    pub fn shows_from(&self, share: f64) -> f64 {
        const BOTH: f64 = 1.96 + 0.842;
        100.0 * BOTH * (2.0 * share * (1.0 - share) / f64::from(self.sample.max(1))).sqrt()
    }
}

/// How a text that Renown brings along is named.
const BUILT_IN: &str = "built-in";

impl Arm {
    fn languages(&self) -> BTreeSet<&'static str> {
        self.texts.iter().filter_map(|text| text_of(text)).map(|(_, language, _)| language.code()).collect()
    }

    /// The name of its text in a language; `None`: the usual one.
    pub fn text_in(&self, language: Language) -> Option<&str> {
        let is_it = |text: &&String| text_of(text).is_some_and(|(_, of, _)| of == language);
        self.texts.iter().find(is_it).map(String::as_str)
    }
}

/// Whether a name stands for a text that Renown brings along.
pub fn is_built_in(text: &str) -> bool {
    text.ends_with(&format!("/{BUILT_IN}"))
}

/// Kind, language and version of a text, by its name.
fn text_of(name: &str) -> Option<(&str, Language, &str)> {
    let mut parts = name.split('/');
    let (kind, code, version) = (parts.next()?, parts.next()?, parts.next()?);
    let language = Language::ALL.into_iter().find(|language| language.code() == code)?;
    parts.next().is_none().then_some((kind, language, version))
}

/// Which arm of which test a mail is in.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The test.
    pub experiment: &'a Experiment,
    /// Which arm, counted from 0.
    pub index: usize,
}

impl Place<'_> {
    /// Its arm.
    pub fn arm(&self) -> &Arm {
        &self.experiment.plan.arms[self.index]
    }

    /// What a mail is marked with: test and arm.
    pub fn label(&self) -> String {
        format!("{}/{}", self.experiment.plan.name, self.arm().name)
    }
}

impl Experiment {
    /// One that begins.
    pub fn begin(plan: Plan, now: Timestamp) -> Self {
        let claimed = vec![0; plan.arms.len()];
        Self { plan, since: now, ended: None, claimed, last_claim: None }
    }

    /// Whether each arm has the mails that were planned for it.
    pub fn is_full(&self) -> bool {
        self.claimed.iter().all(|n| *n >= self.plan.sample)
    }

    /// Whether mails are still drawn for it.
    pub fn is_running(&self) -> bool {
        self.ended.is_none() && !self.is_full()
    }

    /// The arm that a mail of an order is in, if it is in the test at all. A mail that was counted
    /// before stays in its arm, full or not.
    pub fn place(&self, order: &ShopOrder, kind: Kind, language: Language) -> Option<Place<'_>> {
        let arms = &self.plan.arms;
        let is_tested = arms.first()?.texts.is_empty() || arms.first()?.text_in(language).is_some();
        if self.ended.is_some() || kind != self.plan.mail || !is_tested {
            return None;
        }
        let n = u64::try_from(arms.len()).ok()?;
        let index = usize::try_from(order.draw(&format!("test#{}", self.plan.name)) % n).ok()?;
        let place = Place { experiment: self, index };
        let is_counted = order.mails.get(&kind).is_some_and(|mail| mail.arm == place.label());
        (is_counted || self.claimed.get(index).is_some_and(|n| *n < self.plan.sample)).then_some(place)
    }

    /// Counts a mail of an arm that is about to leave. `false`: the test is over or the arm full.
    pub fn count(&mut self, index: usize, now: Timestamp) -> bool {
        let sample = self.plan.sample;
        match self.claimed.get_mut(index) {
            Some(n) if *n < sample && self.ended.is_none() => {
                *n += 1;
                self.last_claim = Some(now);
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mail::state::Mail;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn shop() -> Shop {
        serde_json::from_value(json!({
            "id": "tea", "seller": "A1TEA", "name": "Teehaus", "from": "reviews@mail.tea.example",
            "postal_address": "Lindenweg 5, 10115 Berlin, Germany",
            "review_url": "https://tea.example/review/{order}",
            "locale": "de", "country": "DE", "since": 0
        }))
        .expect("a shop")
    }

    fn plan(arms: &serde_json::Value) -> Plan {
        let plan = json!({"name": "short", "mail": "invitation", "sample": 100, "arms": arms});
        serde_json::from_value(plan).expect("a plan")
    }

    fn by_hours() -> Plan {
        plan(&json!([{"name": "usual"}, {"name": "evening", "hours": {"from": 18, "to": 20}}]))
    }

    fn order(n: u32) -> ShopOrder {
        ShopOrder::new("tea".parse().expect("valid"), n.to_string().parse().expect("valid"), NOW)
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_told_with_its_place() {
        assert_eq!(by_hours().problems(&shop(), &[]), []);
        let (built_in, third) = ("review-invitation/de/built-in", "review-invitation/de/3");
        for (arms, expect) in [
            (json!([{"name": "a"}]), "2 to 4"),
            (json!([{"name": "a"}, {"name": "b"}]), "the same"),
            (json!([{"name": "a"}, {"name": "a", "hours": {"from": 9, "to": 10}}]), "a name of its own"),
            (json!([{"name": "a"}, {"name": "b", "hours": {"from": 8, "to": 10}}]), "9 to 20"),
            (
                json!([{"name": "a", "texts": [built_in]}, {"name": "b", "texts": [third]}]),
                "no approved text",
            ),
            (json!([{"name": "a", "texts": [built_in]}, {"name": "b"}]), "the same languages"),
        ] {
            let told: Vec<_> = plan(&arms).problems(&shop(), &[]).into_iter().map(|text| text.en).collect();
            assert!(told.iter().any(|text| text.contains(expect)), "{arms}: {told:?}");
        }
        let few = Plan { sample: 99, ..by_hours() };
        assert!(few.problems(&shop(), &[])[0].en.contains("sample"));
    }

    #[test]
    fn arms_are_drawn_evenly_and_the_same_whenever_they_are_asked_for() {
        let test = Experiment::begin(by_hours(), NOW);
        let place = |n| {
            test.place(&order(n), Kind::Invitation, Language::De).map(|place| place.index).expect("in it")
        };
        let second = (0..2000).filter(|n| place(*n) == 1).count();
        assert!((900..1100).contains(&second), "{second}");
        assert_eq!(place(7), place(7));
        assert!(test.place(&order(7), Kind::Survey, Language::De).is_none());
    }

    #[test]
    fn a_full_arm_takes_no_more_and_keeps_what_it_has() {
        let mut test = Experiment::begin(by_hours(), NOW);
        let mut of_second = (0..).map(order).filter(|order| {
            let test = Experiment::begin(by_hours(), NOW);
            test.place(order, Kind::Invitation, Language::De).is_some_and(|place| place.index == 1)
        });
        for _ in 0..100 {
            assert!(test.count(1, NOW));
        }
        assert!(!test.count(1, NOW) && !test.is_full(), "the other arm is empty");
        let mut late = of_second.next().expect("one in two");
        assert!(test.place(&late, Kind::Invitation, Language::De).is_none());
        let arm = "short/evening".to_owned();
        late.mails.insert(Kind::Invitation, Mail { arm, ..Mail::planned(NOW, NOW) });
        assert!(test.place(&late, Kind::Invitation, Language::De).is_some(), "it was counted before");
        test.ended = Some(NOW);
        assert!(test.place(&late, Kind::Invitation, Language::De).is_none());
        assert!(!test.count(0, NOW));
    }

    #[test]
    fn only_languages_that_every_arm_has_a_text_in_are_tested() {
        let texts = json!([
            {"name": "a", "texts": ["review-invitation/de/built-in"]},
            {"name": "b", "texts": ["review-invitation/de/2"]}
        ]);
        let test = Experiment::begin(plan(&texts), NOW);
        assert!(test.place(&order(1), Kind::Invitation, Language::De).is_some());
        assert!(test.place(&order(1), Kind::Invitation, Language::Fr).is_none());
        assert_eq!(test.plan.arms[1].text_in(Language::De), Some("review-invitation/de/2"));
    }

    #[test]
    fn the_smallest_difference_that_shows_falls_with_the_root_of_the_sample() {
        let of = |sample| Plan { sample, ..by_hours() }.shows_from(0.1);
        assert!((of(400) - 5.94).abs() < 0.01, "{}", of(400));
        assert!((of(100) / of(400) - 2.0).abs() < 1e-9);
    }
}
