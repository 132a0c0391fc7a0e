//! Customer Feedback 2024-06-01: what reviews and returns name.
//!
//! What Amazon has too little of is `null`, and an answer with nothing in it a 204. As in Amazon's
//! examples, names in trends and returns end with a blank, and every month ends on its 30th, February
//! too.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::http_reply::Reply;
use crate::marketplace::Marketplace;
use crate::model::{Topic, Topics};
use crate::operation::Operation;
use crate::pipeline::Ask;
use crate::state::State;

/// Where Amazon offers it. Source: its page on the Customer Feedback API.
const COUNTRIES: [&str; 7] = ["US", "GB", "FR", "IT", "DE", "ES", "JP"];
/// Longest list of topics. Source: the model.
const MOST_TOPICS: usize = 10;
/// Longest lists within a topic. Source: the model.
const MOST_SNIPPETS: usize = 3;
const MOST_SUBTOPICS: usize = 5;
/// Months of a trend. Source: the model.
const MONTHS: i32 = 6;

/// Answers any of the seven operations.
pub(crate) fn answer(state: &State, ask: &Ask<'_>) -> Reply {
    let Some(marketplace) = ask.incoming.one("marketplaceId").and_then(Marketplace::by_id) else {
        return Reply::invalid("Invalid input.");
    };
    let lacks_role = state.data.sellers.get(ask.seller).is_none_or(|it| it.lacks_customer_feedback);
    if lacks_role || !COUNTRIES.contains(&marketplace.country) {
        return Reply::denied();
    }
    let sort = ask.incoming.one("sortBy");
    let is_sorted =
        matches!(ask.operation, Operation::GetItemReviewTopics | Operation::GetBrowseNodeReviewTopics);
    if is_sorted && !matches!(sort, Some("MENTIONS" | "STAR_RATING_IMPACT")) {
        return Reply::invalid("Invalid input.");
    }
    let facts = Facts { state, marketplace, now: ask.now, by_impact: sort == Some("STAR_RATING_IMPACT") };
    let body = match ask.operation {
        Operation::GetItemReviewTopics => facts.of_item(ask.subject, Facts::item_topics),
        Operation::GetItemBrowseNode => facts.item(ask.subject).map(|item| facts.browse_node(item)),
        Operation::GetItemReviewTrends => facts.of_item(ask.subject, Facts::item_trends),
        Operation::GetBrowseNodeReviewTopics => facts.of_node(ask.subject, Facts::node_topics),
        Operation::GetBrowseNodeReviewTrends => facts.of_node(ask.subject, Facts::node_trends),
        Operation::GetBrowseNodeReturnTopics => facts.of_node(ask.subject, |_, node| return_topics(node)),
        _ => facts.of_node(ask.subject, Facts::return_trends),
    };
    match body {
        Some(body) => Reply::json(200, &body),
        None => Reply::text(204, "application/json", String::new()),
    }
}

/// The records in force at a marketplace.
struct Facts<'a> {
    state: &'a State,
    marketplace: &'static Marketplace,
    now: Timestamp,
    by_impact: bool,
}

impl Facts<'_> {
    fn latest(&self, is_meant: impl Fn(&&Topics) -> bool) -> Option<&Topics> {
        let here = |one: &&Topics| one.marketplace_id == self.marketplace.id && one.since <= self.now;
        self.state.data.topics.iter().filter(here).filter(is_meant).max_by_key(|one| one.since)
    }

    fn item(&self, asin: &str) -> Option<&Topics> {
        self.latest(|one| one.asin.as_deref() == Some(asin))
    }

    fn node(&self, node: &str) -> Option<&Topics> {
        self.latest(|one| one.asin.is_none() && one.node == node)
    }

    /// The body of an answer about a product, headed by what it is about.
    fn of_item(&self, asin: &str, body: fn(&Self, &Topics) -> Option<Value>) -> Option<Value> {
        let item = self.item(asin)?;
        let mut shown = body(self, item)?;
        shown["asin"] = json!(asin);
        shown["itemName"] = json!(item.name);
        self.head(&mut shown);
        Some(shown)
    }

    fn of_node(&self, node: &str, body: fn(&Self, &Topics) -> Option<Value>) -> Option<Value> {
        let node = self.node(node)?;
        let mut shown = body(self, node)?;
        shown["browseNodeId"] = json!(node.node);
        shown["displayName"] = json!(node.name);
        self.head(&mut shown);
        Some(shown)
    }

    fn head(&self, shown: &mut Value) {
        shown["marketplaceId"] = json!(self.marketplace.id);
        shown["countryCode"] = json!(self.marketplace.country);
        let today = self.today();
        shown["dateRange"] = range(today.saturating_sub(MONTHS.months()), today);
    }

    fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    fn browse_node(&self, item: &Topics) -> Value {
        let name = self.node(&item.node).map_or(item.node.as_str(), |node| node.name.as_str());
        json!({"browseNodeId": item.node, "displayName": name})
    }

    fn item_topics(&self, item: &Topics) -> Option<Value> {
        let node = self.node(&item.node);
        let asin = item.asin.as_deref().unwrap_or_default();
        let praised = node.map_or(&[][..], |node| &node.praise);
        let complained = node.map_or(&[][..], |node| &node.complaints);
        let list = |topics: &[Topic], of_node: &[Topic]| {
            self.sorted(topics, |topic| {
                let same = of_node.iter().find(|other| other.name == topic.name);
                json!({
                    "topic": topic.name,
                    "asinMetrics": of_reviews(topic, 1),
                    "parentAsinMetrics": topic.mentions.map(|_| of_reviews(topic, 3)),
                    "browseNodeMetrics": same.map(|node| json!({
                        "occurrencePercentage": node.share.map(|share| json!({"allProducts": share})),
                        "starRatingImpact": node.impact.map(|impact| json!({"allProducts": impact})),
                    })),
                    "childAsinMetrics": topic.mentions.map(|mentions| json!({
                        "mostMentions": {"asin": asin, "numberOfMentions": mentions},
                        "leastMentions": null,
                    })),
                    "reviewSnippets": snippets(topic),
                    "subtopics": subtopics(topic, topic.mentions),
                })
            })
        };
        both(&list(&item.praise, praised), &list(&item.complaints, complained), "topics")
    }

    fn node_topics(&self, node: &Topics) -> Option<Value> {
        let list = |topics: &[Topic]| {
            self.sorted(topics, |topic| {
                json!({
                    "topic": topic.name,
                    "browseNodeMetrics": {
                        "occurrencePercentage": topic.share.map(|all| all_and_top(all, topic.top_share)),
                        "starRatingImpact": topic.impact.map(|all| all_and_top(all, topic.top_impact)),
                    },
                    "reviewSnippets": snippets(topic),
                    "subtopics": subtopics(topic, None),
                })
            })
        };
        both(&list(&node.praise), &list(&node.complaints), "topics")
    }

    /// A list in Amazon's order; `null` for one without topics.
    fn sorted(&self, topics: &[Topic], show: impl Fn(&Topic) -> Value) -> Value {
        let mut topics: Vec<&Topic> = topics.iter().collect();
        let weight = |topic: &Topic| {
            if self.by_impact {
                topic.impact.map_or(0.0, f64::abs)
            } else {
                topic.mentions.map_or_else(|| topic.share.unwrap_or(0.0), f64::from)
            }
        };
        topics.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        let shown: Vec<Value> = topics.into_iter().take(MOST_TOPICS).map(show).collect();
        if shown.is_empty() { Value::Null } else { json!(shown) }
    }

    fn item_trends(&self, item: &Topics) -> Option<Value> {
        let node = self.node(&item.node);
        let praised = node.map_or(&[][..], |node| &node.praise);
        let complained = node.map_or(&[][..], |node| &node.complaints);
        let list = |topics: &[Topic], of_node: &[Topic]| {
            self.trends(topics, |topic, month, share| {
                let same = of_node.iter().find(|other| other.name == topic.name);
                let of_node = same.and_then(|node| month_of(node, month));
                json!({
                    "asinMetrics": {"occurrencePercentage": share},
                    "parentAsinMetrics": {"occurrencePercentage": share},
                    "browseNodeMetrics": of_node.map(|share| json!({"occurrencePercentage": {"allProducts": share}})),
                })
            })
        };
        both(&list(&item.praise, praised), &list(&item.complaints, complained), "reviewTrends")
    }

    fn node_trends(&self, node: &Topics) -> Option<Value> {
        let list = |topics: &[Topic]| {
            self.trends(topics, |topic, _, share| {
                json!({"browseNodeMetrics": {"occurrencePercentage": all_and_top(share, topic.top_share)}})
            })
        };
        both(&list(&node.praise), &list(&node.complaints), "reviewTrends")
    }

    fn return_trends(&self, node: &Topics) -> Option<Value> {
        let trends = self.trends(
            &node.returns,
            |_, _, share| json!({"browseNodeMetrics": {"occurrencePercentage": {"allProducts": share}}}),
        );
        (!trends.is_null()).then(|| json!({"returnTrends": trends}))
    }

    /// Trends of topics: the last months that are over, the earliest first.
    fn trends(&self, topics: &[Topic], show: impl Fn(&Topic, usize, f64) -> Value) -> Value {
        let first = self.today().first_of_month().saturating_sub(MONTHS.months());
        let trend = |topic: &Topic| {
            let months = (0..MONTHS).zip(0_usize..).filter_map(|(ahead, month)| {
                let mut point = show(topic, month, month_of(topic, month)?);
                let begin = first.saturating_add(ahead.months());
                point["dateRange"] = json!({
                    "startDate": format!("{begin}T00:00:00.000Z"),
                    "endDate": format!("{}-30T00:00:00.000Z", begin.strftime("%Y-%m")),
                });
                Some(point)
            });
            json!({"topic": format!("{} ", topic.name), "trendMetrics": months.collect::<Vec<_>>()})
        };
        let shown: Vec<Value> = topics.iter().take(MOST_TOPICS).map(trend).collect();
        if shown.is_empty() { Value::Null } else { json!(shown) }
    }
}

fn return_topics(node: &Topics) -> Option<Value> {
    let show = |topic: &Topic| {
        let share = topic.share.map(|share| json!({"allProducts": share}));
        json!({"topic": format!("{} ", topic.name), "browseNodeMetrics": {"occurrencePercentage": share}})
    };
    let topics: Vec<Value> = node.returns.iter().take(MOST_TOPICS).map(show).collect();
    (!topics.is_empty()).then(|| json!({"topics": topics}))
}

/// The share of a topic in a month, counted from the earliest.
fn month_of(topic: &Topic, month: usize) -> Option<f64> {
    if topic.months.is_empty() { topic.share } else { topic.months.get(month).copied() }
}

fn of_reviews(topic: &Topic, times: u32) -> Value {
    json!({
        "numberOfMentions": topic.mentions.map(|mentions| mentions * times),
        "occurrencePercentage": topic.share,
        "starRatingImpact": topic.impact,
    })
}

fn all_and_top(all: f64, top: Option<f64>) -> Value {
    json!({"allProducts": all, "topTwentyFivePercentProducts": top.unwrap_or(all)})
}

fn snippets(topic: &Topic) -> Value {
    let snippets = &topic.snippets[..topic.snippets.len().min(MOST_SNIPPETS)];
    if snippets.is_empty() { Value::Null } else { json!(snippets) }
}

/// Subtopics, each with its part of the mentions, where they are counted.
fn subtopics(topic: &Topic, mentions: Option<u32>) -> Value {
    let names = &topic.subtopics[..topic.subtopics.len().min(MOST_SUBTOPICS)];
    let shown: Vec<Value> = (2_u32..)
        .zip(names)
        .map(|(part, name)| {
            let mut metrics = json!({"occurrencePercentage": 100.0 / f64::from(part)});
            if let Some(mentions) = mentions {
                metrics["numberOfMentions"] = json!(mentions / part);
            }
            json!({"subtopic": name, "metrics": metrics, "reviewSnippets": null})
        })
        .collect();
    if shown.is_empty() { Value::Null } else { json!(shown) }
}

/// `None`: neither list holds anything.
fn both(praise: &Value, complaints: &Value, member: &str) -> Option<Value> {
    let is_empty = praise.is_null() && complaints.is_null();
    (!is_empty).then(|| json!({member: {"positiveTopics": praise, "negativeTopics": complaints}}))
}

fn range(from: Date, to: Date) -> Value {
    json!({"startDate": format!("{from}T08:35:43.717Z"), "endDate": format!("{to}T08:35:43.717Z")})
}
