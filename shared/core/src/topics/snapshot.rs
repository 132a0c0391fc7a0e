//! What a week's look at an ASIN holds: Amazon's answers about it and about its browse node, joined by
//! the names of their topics.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::serde::timestamp::second::required as secs;
use serde::{Deserialize, Serialize};

use super::answer::{
    Both, BrowseNode, Days, ItemTopic, ItemTopics, Measure, Month, NodeTopic, ReturnTopic, Subtopic, Trend,
    Variant,
};
use super::trend::slope_of;
use crate::ids::Asin;
use crate::marketplace::MarketplaceId;

/// Longest piece of a review that is kept, in characters; Amazon's own are a sentence.
const MAX_SNIPPET: usize = 200;
/// Subtopics that are kept: the most frequent say what is wrong. Ours.
const MAX_SUBTOPICS: usize = 3;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The product.
    pub asin: Asin,
    /// Where.
    pub marketplace: MarketplaceId,
    /// The day on which the round of looks began that this one is of.
    pub week: Date,
    /// When it was asked.
    pub at: Timestamp,
}

/// A look at an ASIN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The product.
    pub asin: Asin,
    /// Where.
    pub marketplace: MarketplaceId,
    /// The day on which the round of looks began that this one is of: there is one of each.
    pub week: Date,
    /// When Amazon was asked.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// The title of the product; empty where Amazon said nothing.
    #[serde(default)]
    pub title: String,
    /// The browse node it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<BrowseNode>,
    /// Of which days the reviews are.
    #[serde(default)]
    pub days: Days,
    /// What reviews name. Nothing: Amazon has too few of them.
    pub topics: Both<Topic>,
    /// What is named in returns of the browse node, the most frequent first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Returned>,
}

/// A topic of an ASIN, beside what its category says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    /// Its name, in English.
    pub name: String,
    /// In reviews of the ASIN.
    pub item: Measure,
    /// In those of the ASIN and its variants.
    #[serde(default, skip_serializing_if = "Measure::is_empty")]
    pub parent: Measure,
    /// In those of all products of the browse node.
    #[serde(default, skip_serializing_if = "Measure::is_empty")]
    pub all: Measure,
    /// In those of the top quarter of its products.
    #[serde(default, skip_serializing_if = "Measure::is_empty")]
    pub top: Measure,
    /// The last six months.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<Month>,
    /// The variant whose reviews name it most often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Variant>,
    /// A piece of a review, without ways to reach anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
    /// What exactly is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subtopics: Vec<Subtopic>,
}

/// What is named in returns of a browse node's products.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    /// Its name, in English.
    pub name: String,
    /// So many of a hundred returns with words name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// By how many points a month that moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<f64>,
}

/// What Amazon says of a browse node: asked once for all products in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The node.
    pub node: BrowseNode,
    /// The day on which the round of looks began.
    pub week: Date,
    /// What reviews name.
    pub topics: Both<NodeTopic>,
    /// The months of that.
    pub trends: Both<Trend>,
    /// What returns name.
    pub returns: Vec<Returned>,
}

impl Node {
    /// A node out of Amazon's answers: topics by mentions and by impact, trends, returns and theirs.
    pub fn of(
        node: BrowseNode,
        week: Date,
        topics: Vec<Both<NodeTopic>>,
        trends: Both<Trend>,
        returns: Vec<ReturnTopic>,
        return_trends: &[Trend],
    ) -> Self {
        let returned = |topic: ReturnTopic| {
            let trend = return_trends.iter().find(|trend| same(&trend.name, &topic.name));
            let slope = trend.and_then(|trend| slope_of(&trend.months, |month| month.all));
            Returned { name: topic.name, share: topic.share, slope }
        };
        let mut returns: Vec<Returned> = returns.into_iter().map(returned).collect();
        returns.sort_by(|a, b| b.share.unwrap_or(0.0).total_cmp(&a.share.unwrap_or(0.0)));
        Self { node, week, topics: union(topics, |topic| &topic.name), trends, returns }
    }
}

impl Snapshot {
    /// A look out of Amazon's answers: topics by mentions and by impact, trends, and the node.
    pub fn of(
        asked: Asked,
        answers: Vec<ItemTopics>,
        trends: Option<&Both<Trend>>,
        node: Option<&Node>,
    ) -> Self {
        let Asked { asin, marketplace, week, at } = asked;
        let (title, days) =
            answers.first().map(|answer| (answer.title.clone(), answer.days)).unwrap_or_default();
        let all = union(answers.into_iter().map(|answer| answer.topics).collect(), |topic| &topic.name);
        let side = |topics: Vec<ItemTopic>,
                    of_trends: fn(&Both<Trend>) -> &Vec<Trend>,
                    of_node: fn(&Both<NodeTopic>) -> &Vec<NodeTopic>| {
            let join = |topic: ItemTopic| {
                let trend = |trends: Option<&Both<Trend>>| {
                    let found = trends
                        .and_then(|trends| of_trends(trends).iter().find(|it| same(&it.name, &topic.name)));
                    found.map(|trend| trend.months.clone()).unwrap_or_default()
                };
                let months = months(trend(trends), &trend(node.map(|node| &node.trends)));
                let of_node =
                    node.and_then(|node| of_node(&node.topics).iter().find(|it| same(&it.name, &topic.name)));
                Topic::of(topic, months, of_node)
            };
            topics.into_iter().map(join).collect()
        };
        let topics = Both {
            praise: side(all.praise, |trends| &trends.praise, |topics| &topics.praise),
            complaints: side(all.complaints, |trends| &trends.complaints, |topics| &topics.complaints),
        };
        Self {
            asin,
            marketplace,
            week,
            at,
            title,
            node: node.map(|node| node.node.clone()),
            days,
            topics,
            returns: node.map(|node| node.returns.clone()).unwrap_or_default(),
        }
    }

    /// Whether Amazon had nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.topics.praise.is_empty() && self.topics.complaints.is_empty()
    }

    /// The complaint that costs the rating most; where none is known to, the most frequent.
    pub fn worst(&self) -> Option<&Topic> {
        let complaints = self.topics.complaints.iter();
        complaints.min_by(|a, b| {
            let weight = |topic: &Topic| topic.item.impact.unwrap_or(0.0);
            let share = |topic: &Topic| topic.item.share.unwrap_or(0.0);
            weight(a).total_cmp(&weight(b)).then(share(b).total_cmp(&share(a)))
        })
    }

    /// What is named in returns of the browse node under the name of a topic, and in which place: 0
    /// is the most frequent.
    pub fn in_returns(&self, topic: &str) -> Option<(usize, &Returned)> {
        self.returns.iter().enumerate().find(|(_, returned)| same(&returned.name, topic))
    }

    /// A complaint by its name.
    pub fn complaint(&self, name: &str) -> Option<&Topic> {
        self.topics.complaints.iter().find(|topic| same(&topic.name, name))
    }
}

impl Topic {
    fn of(topic: ItemTopic, months: Vec<Month>, of_node: Option<&NodeTopic>) -> Self {
        let all = of_node.map(|node| node.all).unwrap_or_default();
        let snippet = topic.snippets.first().map(|text| crate::lint::without_contacts(text));
        let snippet = snippet.map(|text| text.chars().take(MAX_SNIPPET).collect::<String>());
        let mut subtopics = topic.subtopics;
        subtopics.truncate(MAX_SUBTOPICS);
        Self {
            name: topic.name,
            item: topic.item,
            parent: topic.parent,
            all: topic.node.or(all),
            top: of_node.map(|node| node.top).unwrap_or_default(),
            months,
            most: topic.most,
            snippet: snippet.filter(|text| !text.trim().is_empty()),
            subtopics,
        }
    }

    /// Stars by which it helps the ASIN more than it helps the top quarter of the category; below
    /// zero, costs it more. `None`: one of the two is not known.
    pub fn to_top(&self) -> Option<f64> {
        Some(self.item.impact? - self.top.impact?)
    }
}

/// The topics of a look that an earlier one did not have.
pub fn new_since<'a>(now: &'a Snapshot, before: &Snapshot) -> Both<&'a Topic> {
    let new = |now: &'a [Topic], before: &[Topic]| {
        now.iter().filter(|topic| !before.iter().any(|other| same(&other.name, &topic.name))).collect()
    };
    Both {
        praise: new(&now.topics.praise, &before.topics.praise),
        complaints: new(&now.topics.complaints, &before.topics.complaints),
    }
}

/// Amazon writes one name in different answers with blanks more or less.
fn same(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

/// Several answers as one: what an earlier one has, a later one does not bring again.
fn union<T>(answers: Vec<Both<T>>, name: fn(&T) -> &String) -> Both<T> {
    let mut all = Both::default();
    let add = |to: &mut Vec<T>, from: Vec<T>| {
        for topic in from {
            if !to.iter().any(|other| same(name(other), name(&topic))) {
                to.push(topic);
            }
        }
    };
    for answer in answers {
        add(&mut all.praise, answer.praise);
        add(&mut all.complaints, answer.complaints);
    }
    all
}

/// The months of an ASIN with what the node's own answer adds to them.
fn months(mut of_item: Vec<Month>, of_node: &[Month]) -> Vec<Month> {
    for month in &mut of_item {
        let same = of_node.iter().find(|other| other.from.is_some() && other.from == month.from);
        if let Some(other) = same {
            month.all = month.all.or(other.all);
            month.top = month.top.or(other.top);
        }
    }
    of_item
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in crate::topics) fn asked(week: &str) -> Asked {
        Asked {
            asin: "B000000001".parse().expect("an ASIN"),
            marketplace: MarketplaceId::of_country("DE").expect("known"),
            week: week.parse().expect("a day"),
            at: format!("{week}T06:00:00Z").parse().expect("a time"),
        }
    }

    pub(in crate::topics) fn item(name: &str, mentions: u64, share: f64, impact: f64) -> ItemTopic {
        ItemTopic {
            name: name.to_owned(),
            item: Measure { mentions: Some(mentions), share: Some(share), impact: Some(impact) },
            parent: Measure::default(),
            node: Measure::default(),
            most: None,
            snippets: Vec::new(),
            subtopics: Vec::new(),
        }
    }

    pub(in crate::topics) fn answer(praise: Vec<ItemTopic>, complaints: Vec<ItemTopic>) -> ItemTopics {
        ItemTopics {
            title: "Oak lamp".to_owned(),
            days: Days::default(),
            topics: Both { praise, complaints },
        }
    }

    fn names(topics: &[Topic]) -> Vec<&str> {
        topics.iter().map(|topic| topic.name.as_str()).collect()
    }

    fn trend(name: &str, item: Option<f64>, all: Option<f64>) -> Trend {
        let month = |n: i8| Month { from: Date::new(2026, n, 1).ok(), item, all, ..Month::default() };
        Trend { name: name.to_owned(), months: (1..=6).map(month).collect() }
    }

    #[test]
    fn what_amazon_says_in_five_answers_is_one_topic() {
        let measure =
            |share: f64, impact: f64| Measure { mentions: None, share: Some(share), impact: Some(impact) };
        let lamps =
            NodeTopic { name: "weak Fragile ".to_owned(), all: measure(5.0, -0.1), top: measure(3.0, -0.05) };
        let node = Node::of(
            BrowseNode { id: "100".to_owned(), name: "Lamps".to_owned() },
            Date::new(2026, 7, 1).expect("a day"),
            vec![
                Both { praise: Vec::new(), complaints: vec![lamps.clone()] },
                Both { praise: Vec::new(), complaints: vec![lamps] },
            ],
            Both { praise: Vec::new(), complaints: vec![trend("Weak fragile", None, Some(4.0))] },
            vec![
                ReturnTopic { name: "Noise".to_owned(), share: Some(3.0) },
                ReturnTopic { name: "Weak fragile".to_owned(), share: Some(27.5) },
            ],
            &[trend("Weak fragile", None, Some(27.0))],
        );
        assert_eq!(node.topics.complaints.len(), 1);
        let mut weak = item("Weak fragile", 12, 8.5, -0.2);
        weak.snippets = vec!["broke, write me at jo.doe@teehaus-am-see.de".to_owned(), "another".to_owned()];
        let by_mentions = answer(vec![item("Strong", 20, 15.0, 0.4)], vec![weak.clone()]);
        let by_impact = answer(Vec::new(), vec![item("Noise", 3, 2.0, -0.6), weak]);
        let trends = Both { praise: Vec::new(), complaints: vec![trend("Weak fragile ", Some(8.0), None)] };
        let snapshot =
            Snapshot::of(asked("2026-07-01"), vec![by_mentions, by_impact], Some(&trends), Some(&node));
        assert_eq!(names(&snapshot.topics.complaints), ["Weak fragile", "Noise"]);
        let weak = &snapshot.topics.complaints[0];
        assert_eq!((weak.all, weak.top), (measure(5.0, -0.1), measure(3.0, -0.05)));
        assert_eq!((weak.months.len(), weak.months[0].item, weak.months[0].all), (6, Some(8.0), Some(4.0)));
        assert!(
            weak.snippet.as_ref().is_some_and(|text| text.starts_with("broke") && !text.contains('@')),
            "{weak:?}"
        );
        assert_eq!(weak.to_top().map(|stars| (stars * 100.0).round()), Some(-15.0));
        assert_eq!(snapshot.worst().map(|topic| topic.name.as_str()), Some("Noise"));
        let (place, returned) = snapshot.in_returns("weak fragile").expect("named");
        assert_eq!((place, returned.share, returned.slope), (0, Some(27.5), Some(0.0)));
        assert!(snapshot.complaint("NOISE").is_some_and(|noise| noise.top.is_empty()));
    }

    #[test]
    fn without_an_answer_there_is_an_empty_look() {
        let snapshot = Snapshot::of(asked("2026-07-01"), Vec::new(), None, None);
        assert!(snapshot.is_empty() && snapshot.worst().is_none() && snapshot.title.is_empty());
    }

    #[test]
    fn what_an_earlier_look_did_not_have_is_new() {
        let look = |complaints: &[&str]| {
            let complaints = complaints.iter().map(|name| item(name, 9, 5.0, -0.1)).collect();
            Snapshot::of(asked("2026-07-01"), vec![answer(Vec::new(), complaints)], None, None)
        };
        let (before, now) = (look(&["Noise", "Size"]), look(&["noise ", "Odour"]));
        let new = |now, before| {
            new_since(now, before).complaints.iter().map(|topic| topic.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            (new(&now, &before), new(&before, &now)),
            (vec!["Odour".to_owned()], vec!["Size".to_owned()])
        );
    }

    #[test]
    fn a_look_is_read_again_as_it_was_written() {
        let answers = vec![answer(vec![item("Strong", 20, 15.0, 0.4)], vec![item("Noise", 3, 2.25, -0.5)])];
        let snapshot = Snapshot::of(asked("2026-07-01"), answers, None, None);
        let json = serde_json::to_string(&snapshot).expect("JSON");
        assert_eq!(serde_json::from_str::<Snapshot>(&json).expect("readable"), snapshot);
    }

    proptest! {
        #[test]
        fn however_answers_overlap_each_topic_is_there_once(a in prop::collection::vec(0_u8..12, 0..10), b in prop::collection::vec(0_u8..12, 0..10)) {
            let answers = [a, b].map(|ids| {
                let topics = ids.iter().map(|id| item(&format!("T{id}{}", if id % 2 == 0 { " " } else { "" }), 1, 1.0, 0.0));
                answer(Vec::new(), topics.collect())
            });
            let snapshot = Snapshot::of(asked("2026-07-01"), answers.to_vec(), None, None);
            let mut seen: Vec<String> = snapshot.topics.complaints.iter().map(|topic| topic.name.trim().to_lowercase()).collect();
            let n_topics = seen.len();
            seen.sort_unstable();
            seen.dedup();
            prop_assert_eq!(seen.len(), n_topics);
        }
    }
}
