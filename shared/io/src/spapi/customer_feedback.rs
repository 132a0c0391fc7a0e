//! Customer Feedback 2024-06-01: what reviews of a product, and of its browse node, praise and
//! complain of, and what buyers name when they send things back.
//!
//! Amazon gives sums alone: no single review, no rating. It answers 204 where it has too little;
//! then there is `None`. Its names carry blanks at their ends and its dates days that no month has:
//! both are put right here. A 403 means that the app lacks one role ([`Operation::roles`]).

use http::StatusCode;
use jiff::civil::Date;
use renown_core::ids::Asin;
use renown_core::marketplace::MarketplaceId;
use renown_core::topics::{
    Both, BrowseNode, Days, ItemTopic, ItemTopics, Measure, Month, NodeTopic, NodeTopics, ReturnTopic,
    Subtopic, Trend, Variant,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::errors::Error;
use super::operation::Operation;
use super::request::{Request, Target};
use super::{Caller, SpApi};

/// Which topics come: at most ten of praise and ten of complaint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// Those that most reviews name.
    Mentions,
    /// Those that move the rating most.
    Impact,
}

impl SortBy {
    /// Both: one may bring what the other leaves out.
    pub const ALL: [Self; 2] = [Self::Mentions, Self::Impact];

    fn as_str(self) -> &'static str {
        match self {
            Self::Mentions => "MENTIONS",
            Self::Impact => "STAR_RATING_IMPACT",
        }
    }
}

impl SpApi {
    /// What reviews of an ASIN name. It must be a child: one that can be bought.
    pub async fn item_review_topics(
        &self,
        caller: &Caller,
        asin: &Asin,
        at: MarketplaceId,
        sort: SortBy,
    ) -> Result<Option<ItemTopics>, Error> {
        let target = item(asin, "/reviews/topics", at).query("sortBy", sort.as_str());
        let reply: Option<WireItemTopics> = self.told(caller, Operation::ItemReviewTopics, target).await?;
        Ok(reply.map(Into::into))
    }

    /// The browse node of an ASIN.
    pub async fn item_browse_node(
        &self,
        caller: &Caller,
        asin: &Asin,
        at: MarketplaceId,
    ) -> Result<Option<BrowseNode>, Error> {
        let target = item(asin, "/browseNode", at);
        let reply: Option<WireNode> = self.told(caller, Operation::ItemBrowseNode, target).await?;
        Ok(reply.and_then(WireNode::read))
    }

    /// What reviews of all products of a browse node name, and those of its top quarter.
    pub async fn node_review_topics(
        &self,
        caller: &Caller,
        node: &str,
        at: MarketplaceId,
        sort: SortBy,
    ) -> Result<Option<NodeTopics>, Error> {
        let target = of_node(node, "/reviews/topics", at).query("sortBy", sort.as_str());
        let reply: Option<WireNodeTopics> = self.told(caller, Operation::NodeReviewTopics, target).await?;
        Ok(reply.map(|reply| NodeTopics { topics: reply.topics.read(WireNodeTopic::read) }))
    }

    /// The last six months of what reviews of an ASIN name.
    pub async fn item_review_trends(
        &self,
        caller: &Caller,
        asin: &Asin,
        at: MarketplaceId,
    ) -> Result<Option<Both<Trend>>, Error> {
        let target = item(asin, "/reviews/trends", at);
        let reply: Option<WireTrends> = self.told(caller, Operation::ItemReviewTrends, target).await?;
        Ok(reply.map(|reply| reply.review_trends.read(WireTrend::read)))
    }

    /// The last six months of what reviews of a browse node's products name.
    pub async fn node_review_trends(
        &self,
        caller: &Caller,
        node: &str,
        at: MarketplaceId,
    ) -> Result<Option<Both<Trend>>, Error> {
        let target = of_node(node, "/reviews/trends", at);
        let reply: Option<WireTrends> = self.told(caller, Operation::NodeReviewTrends, target).await?;
        Ok(reply.map(|reply| reply.review_trends.read(WireTrend::read)))
    }

    /// What buyers name when they send products of a browse node back. There is none of an ASIN.
    pub async fn node_return_topics(
        &self,
        caller: &Caller,
        node: &str,
        at: MarketplaceId,
    ) -> Result<Option<Vec<ReturnTopic>>, Error> {
        let target = of_node(node, "/returns/topics", at);
        let reply: Option<WireReturnTopics> = self.told(caller, Operation::NodeReturnTopics, target).await?;
        let read = |topic: WireReturnTopic| {
            let share = topic.browse_node_metrics.measure(Place::all).share;
            Some(ReturnTopic { name: name(&topic.topic)?, share })
        };
        Ok(reply.map(|reply| reply.topics.into_iter().filter_map(read).collect()))
    }

    /// The months of those.
    pub async fn node_return_trends(
        &self,
        caller: &Caller,
        node: &str,
        at: MarketplaceId,
    ) -> Result<Option<Vec<Trend>>, Error> {
        let target = of_node(node, "/returns/trends", at);
        let reply: Option<WireReturnTrends> = self.told(caller, Operation::NodeReturnTrends, target).await?;
        Ok(reply.map(|reply| reply.return_trends.into_iter().filter_map(WireTrend::read).collect()))
    }

    /// `None`: Amazon has nothing to tell (204).
    async fn told<T: DeserializeOwned>(
        &self,
        caller: &Caller,
        operation: Operation,
        target: Target,
    ) -> Result<Option<T>, Error> {
        let answer = self.read(caller, &Request::get(operation, target)).await?;
        if answer.status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        answer.parse(operation).map(Some)
    }
}

const BASE: &str = "/customerFeedback/2024-06-01";

fn item(asin: &Asin, rest: &str, at: MarketplaceId) -> Target {
    let target = Target::path(BASE).then("/items").segment(asin.as_str()).then(rest);
    // Of one marketplace: the parameter's name has no plural here.
    target.query("marketplaceId", at.as_str())
}

fn of_node(node: &str, rest: &str, at: MarketplaceId) -> Target {
    let target = Target::path(BASE).then("/browseNodes").segment(node).then(rest);
    target.query("marketplaceId", at.as_str())
}

/// A name without the blanks at its ends; nothing is known of what has none.
fn name(text: &str) -> Option<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

/// The day of a moment as Amazon writes it. Where the month has no such day, its last one: Amazon's
/// own examples end months on 30 February.
fn day(text: &str) -> Option<Date> {
    let mut parts = text.get(..10)?.split('-');
    let (year, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let day: i8 = parts.next()?.parse().ok()?;
    let first = Date::new(year, month, 1).ok()?;
    Date::new(year, month, day.clamp(1, first.days_in_month())).ok()
}

/// Mentions come as whole numbers; where one does not, it is rounded.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of reviews, not negative by the line above"
)]
fn count(number: f64) -> Option<u64> {
    (number.is_finite() && number >= 0.0).then(|| number.round() as u64)
}

// Wire structs. Any member may be null or missing.

/// `null` as what a missing member is.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(input: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(input)?.unwrap_or_default())
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireDays {
    #[serde(deserialize_with = "or_default")]
    start_date: String,
    #[serde(deserialize_with = "or_default")]
    end_date: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default, bound = "T: Deserialize<'de>")]
struct WireBoth<T> {
    #[serde(deserialize_with = "or_default")]
    positive_topics: Vec<T>,
    #[serde(deserialize_with = "or_default")]
    negative_topics: Vec<T>,
}

impl<T> Default for WireBoth<T> {
    fn default() -> Self {
        Self { positive_topics: Vec::new(), negative_topics: Vec::new() }
    }
}

impl<T> WireBoth<T> {
    fn read<U>(self, read: fn(T) -> Option<U>) -> Both<U> {
        let all = |topics: Vec<T>| topics.into_iter().filter_map(read).collect();
        Both { praise: all(self.positive_topics), complaints: all(self.negative_topics) }
    }
}

/// Numbers of an ASIN.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireMeasure {
    number_of_mentions: Option<f64>,
    occurrence_percentage: Option<f64>,
    star_rating_impact: Option<f64>,
}

impl WireMeasure {
    fn measure(&self) -> Measure {
        Measure {
            mentions: self.number_of_mentions.and_then(count),
            share: self.occurrence_percentage,
            impact: self.star_rating_impact,
        }
    }
}

/// Numbers of a browse node: of all its products, and of the top quarter.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireNodeMeasure {
    #[serde(deserialize_with = "or_default")]
    occurrence_percentage: Place,
    #[serde(deserialize_with = "or_default")]
    star_rating_impact: Place,
}

impl WireNodeMeasure {
    fn measure(&self, of: fn(&Place) -> Option<f64>) -> Measure {
        Measure {
            mentions: None,
            share: of(&self.occurrence_percentage),
            impact: of(&self.star_rating_impact),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Place {
    all_products: Option<f64>,
    top_twenty_five_percent_products: Option<f64>,
}

impl Place {
    fn all(&self) -> Option<f64> {
        self.all_products
    }

    fn top(&self) -> Option<f64> {
        self.top_twenty_five_percent_products
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireItemTopics {
    #[serde(default, deserialize_with = "or_default")]
    item_name: String,
    #[serde(default, deserialize_with = "or_default")]
    date_range: WireDays,
    #[serde(default, deserialize_with = "or_default")]
    topics: WireBoth<WireItemTopic>,
}

impl From<WireItemTopics> for ItemTopics {
    fn from(reply: WireItemTopics) -> Self {
        Self {
            title: name(&reply.item_name).unwrap_or_default(),
            days: Days { from: day(&reply.date_range.start_date), to: day(&reply.date_range.end_date) },
            topics: reply.topics.read(WireItemTopic::read),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireItemTopic {
    #[serde(deserialize_with = "or_default")]
    topic: String,
    #[serde(deserialize_with = "or_default")]
    asin_metrics: WireMeasure,
    #[serde(deserialize_with = "or_default")]
    parent_asin_metrics: WireMeasure,
    #[serde(deserialize_with = "or_default")]
    browse_node_metrics: WireNodeMeasure,
    #[serde(deserialize_with = "or_default")]
    child_asin_metrics: WireVariants,
    #[serde(deserialize_with = "or_default")]
    review_snippets: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    subtopics: Vec<WireSubtopic>,
}

impl WireItemTopic {
    fn read(self) -> Option<ItemTopic> {
        let subtopic =
            |it: WireSubtopic| Some(Subtopic { name: name(&it.subtopic)?, measure: it.metrics.measure() });
        Some(ItemTopic {
            name: name(&self.topic)?,
            item: self.asin_metrics.measure(),
            parent: self.parent_asin_metrics.measure(),
            node: self.browse_node_metrics.measure(Place::all),
            most: self.child_asin_metrics.most_mentions.and_then(WireVariant::read),
            snippets: self.review_snippets.iter().filter_map(|text| name(text)).collect(),
            subtopics: self.subtopics.into_iter().filter_map(subtopic).collect(),
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct WireSubtopic {
    #[serde(deserialize_with = "or_default")]
    subtopic: String,
    #[serde(deserialize_with = "or_default")]
    metrics: WireMeasure,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireVariants {
    most_mentions: Option<WireVariant>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireVariant {
    #[serde(deserialize_with = "or_default")]
    asin: String,
    number_of_mentions: Option<f64>,
}

impl WireVariant {
    fn read(self) -> Option<Variant> {
        Some(Variant {
            asin: self.asin.trim().parse().ok()?,
            mentions: self.number_of_mentions.and_then(count)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireNode {
    browse_node_id: String,
    #[serde(default, deserialize_with = "or_default")]
    display_name: String,
}

impl WireNode {
    fn read(self) -> Option<BrowseNode> {
        Some(BrowseNode {
            id: name(&self.browse_node_id)?,
            name: name(&self.display_name).unwrap_or_default(),
        })
    }
}

#[derive(Deserialize)]
struct WireNodeTopics {
    #[serde(default, deserialize_with = "or_default")]
    topics: WireBoth<WireNodeTopic>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireNodeTopic {
    #[serde(deserialize_with = "or_default")]
    topic: String,
    #[serde(deserialize_with = "or_default")]
    browse_node_metrics: WireNodeMeasure,
}

impl WireNodeTopic {
    fn read(self) -> Option<NodeTopic> {
        let (all, top) =
            (self.browse_node_metrics.measure(Place::all), self.browse_node_metrics.measure(Place::top));
        Some(NodeTopic { name: name(&self.topic)?, all, top })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireTrends {
    #[serde(default, deserialize_with = "or_default")]
    review_trends: WireBoth<WireTrend>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireTrend {
    #[serde(deserialize_with = "or_default")]
    topic: String,
    #[serde(deserialize_with = "or_default")]
    trend_metrics: Vec<WireMonth>,
}

impl WireTrend {
    fn read(self) -> Option<Trend> {
        let mut months: Vec<Month> = self.trend_metrics.into_iter().map(WireMonth::read).collect();
        months.sort_by_key(|month| month.from);
        // Amazon's own examples have the last month twice.
        months.dedup_by(|later, month| month.from.is_some() && later.from == month.from);
        Some(Trend { name: name(&self.topic)?, months })
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireMonth {
    #[serde(deserialize_with = "or_default")]
    date_range: WireDays,
    #[serde(deserialize_with = "or_default")]
    asin_metrics: WireMeasure,
    #[serde(deserialize_with = "or_default")]
    parent_asin_metrics: WireMeasure,
    #[serde(deserialize_with = "or_default")]
    browse_node_metrics: WireNodeMeasure,
}

impl WireMonth {
    fn read(self) -> Month {
        Month {
            from: day(&self.date_range.start_date),
            item: self.asin_metrics.occurrence_percentage,
            parent: self.parent_asin_metrics.occurrence_percentage,
            all: self.browse_node_metrics.occurrence_percentage.all(),
            top: self.browse_node_metrics.occurrence_percentage.top(),
        }
    }
}

#[derive(Deserialize)]
struct WireReturnTopics {
    #[serde(default, deserialize_with = "or_default")]
    topics: Vec<WireReturnTopic>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireReturnTopic {
    #[serde(deserialize_with = "or_default")]
    topic: String,
    #[serde(deserialize_with = "or_default")]
    browse_node_metrics: WireNodeMeasure,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireReturnTrends {
    #[serde(default, deserialize_with = "or_default")]
    return_trends: Vec<WireTrend>,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;
    use tokio::time::Instant;

    use super::*;
    use crate::spapi::fake::{Fake, Reply, caller, refused_token};

    fn asin() -> Asin {
        "B000000001".parse().expect("an ASIN")
    }

    fn germany() -> MarketplaceId {
        MarketplaceId::of_country("DE").expect("known")
    }

    fn answering(status: u16, body: &serde_json::Value) -> Fake {
        let body = body.to_string();
        Fake::with_tokens(move |_| Reply::json(status, &body))
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_available_is_nothing_and_no_error() {
        let fake = Fake::with_tokens(|_| Reply::json(204, ""));
        let (api, caller, asin, at) = (fake.api(), caller(), asin(), germany());
        let topics = api.item_review_topics(&caller, &asin, at, SortBy::Mentions).await;
        assert_eq!(topics, Ok(None));
        assert_eq!(api.item_browse_node(&caller, &asin, at).await, Ok(None));
        assert_eq!(api.item_review_trends(&caller, &asin, at).await, Ok(None));
        assert_eq!(api.node_review_topics(&caller, "1", at, SortBy::Impact).await, Ok(None));
        assert_eq!(api.node_review_trends(&caller, "1", at).await, Ok(None));
        assert_eq!(api.node_return_topics(&caller, "1", at).await, Ok(None));
        assert_eq!(api.node_return_trends(&caller, "1", at).await, Ok(None));
        let targets: Vec<String> = fake.calls().into_iter().map(|seen| seen.target).collect();
        let base = "/customerFeedback/2024-06-01";
        let of = |path: &str, rest: &str| format!("{base}{path}?marketplaceId=A1PA6795UKMFR9{rest}");
        assert_eq!(
            targets,
            [
                of("/items/B000000001/reviews/topics", "&sortBy=MENTIONS"),
                of("/items/B000000001/browseNode", ""),
                of("/items/B000000001/reviews/trends", ""),
                of("/browseNodes/1/reviews/topics", "&sortBy=STAR_RATING_IMPACT"),
                of("/browseNodes/1/reviews/trends", ""),
                of("/browseNodes/1/returns/topics", ""),
                of("/browseNodes/1/returns/trends", ""),
            ]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_is_null_or_missing_is_unknown_and_its_neighbours_are_read() {
        let body = json!({
            "itemName": " Oak lamp ",
            "dateRange": {"startDate": "2026-02-01T00:00:00.000Z", "endDate": "2026-02-30T00:00:00.000Z"},
            "topics": {
                "positiveTopics": null,
                "negativeTopics": [
                    {"topic": "Weak  fragile ", "asinMetrics": {"numberOfMentions": 12, "occurrencePercentage": 8.5, "starRatingImpact": null},
                     "parentAsinMetrics": null, "browseNodeMetrics": {"occurrencePercentage": null, "starRatingImpact": {"allProducts": -0.1}},
                     "childAsinMetrics": {"mostMentions": {"asin": "B000000002", "numberOfMentions": 9}, "leastMentions": null},
                     "reviewSnippets": ["broke ", ""], "subtopics": [{"subtopic": "breaks ", "metrics": {"numberOfMentions": 3}}, {"subtopic": ""}]},
                    {"topic": " ", "asinMetrics": {"numberOfMentions": 1}},
                    {"topic": "Noise", "asinMetrics": null},
                ],
            },
        });
        let fake = answering(200, &body);
        let found = fake.api().item_review_topics(&caller(), &asin(), germany(), SortBy::Mentions).await;
        let found = found.expect("answered").expect("something");
        assert_eq!((found.title.as_str(), found.days.to), ("Oak lamp", Date::new(2026, 2, 28).ok()));
        assert_eq!(found.topics.praise, []);
        let [weak, noise] = &found.topics.complaints[..] else { panic!("{:?}", found.topics.complaints) };
        assert_eq!((weak.name.as_str(), noise.name.as_str()), ("Weak fragile", "Noise"));
        assert_eq!(weak.item, Measure { mentions: Some(12), share: Some(8.5), impact: None });
        assert_eq!(weak.node, Measure { impact: Some(-0.1), ..Measure::default() });
        assert!(weak.parent.is_empty() && noise.item.is_empty());
        assert_eq!(weak.most.as_ref().map(|most| most.mentions), Some(9));
        assert_eq!((&weak.snippets[..], weak.subtopics.len()), (&["broke".to_owned()][..], 1));
    }

    #[tokio::test(start_paused = true)]
    async fn months_come_in_their_order_and_each_once() {
        let month = |from: &str, share: f64| {
            json!({"dateRange": {"startDate": from, "endDate": "2026-02-30T00:00:00.000Z"},
                   "asinMetrics": {"occurrencePercentage": share},
                   "browseNodeMetrics": {"occurrencePercentage": {"allProducts": 2.0, "topTwentyFivePercentProducts": 1.0}}})
        };
        let months = [
            month("2026-03-01T00:00:00Z", 3.0),
            month("2026-02-01T00:00:00Z", 2.0),
            month("2026-03-01T00:00:00Z", 3.0),
        ];
        let body = json!({"reviewTrends": {"negativeTopics": [{"topic": "Noise ", "trendMetrics": months}]}});
        let fake = answering(200, &body);
        let found = fake.api().item_review_trends(&caller(), &asin(), germany()).await;
        let found = found.expect("answered").expect("something");
        let shares: Vec<_> = found.complaints[0].months.iter().map(|month| month.item).collect();
        assert_eq!(shares, [Some(2.0), Some(3.0)]);
        assert_eq!(found.complaints[0].months[0].top, Some(1.0));
    }

    #[test]
    fn a_day_that_no_month_has_is_its_last_one() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), expect, "{text}");
        };
        check("2024-02-30T00:00:00.000Z", Some("2024-02-29"));
        check("2026-02-31", Some("2026-02-28"));
        check("2026-04-31T00:00:00Z", Some("2026-04-30"));
        check("2026-13-01T00:00:00Z", None);
        check("2026-04-00T00:00:00Z", Some("2026-04-01"));
        check("", None);
        check("März 2026 früh", None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_missing_role_is_named() {
        let fake = Fake::with_tokens(|_| refused_token());
        let error = fake.api().item_browse_node(&caller(), &asin(), germany()).await.expect_err("denied");
        let text = crate::say::call(&error);
        for said in [&text.en, &text.zh] {
            assert!(said.contains("Selling Partner Insights") && said.contains("Brand Analytics"), "{said}");
        }
        let order = "123-1234567-1234567".parse().expect("an id");
        let other = fake.api().actions(&caller(), &order, germany()).await.expect_err("denied").to_string();
        assert!(other.contains("Buyer Solicitation") && !other.contains("Insights"), "{other}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_operation_is_called_once_a_second_at_most_and_rests_after_a_429() {
        let fake = answering(200, &json!({"browseNodeId": "1", "displayName": "Lamps"}));
        let (api, caller, start) = (fake.api(), caller(), Instant::now());
        for _ in 0..3 {
            api.item_browse_node(&caller, &asin(), germany()).await.expect("answered");
        }
        assert_eq!(start.elapsed(), Duration::from_secs(3));
        let busy = answering(429, &json!({}));
        let api = busy.api();
        let error = api.item_browse_node(&caller, &asin(), germany()).await.expect_err("too many");
        let Error::Throttled { retry_in, .. } = error else { panic!("{error}") };
        assert!(retry_in >= Duration::from_secs(1));
    }
}
