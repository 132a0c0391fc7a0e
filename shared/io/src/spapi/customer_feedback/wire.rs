//! The answers of Customer Feedback as Amazon writes them, and what they say.

use jiff::civil::Date;
use renown_core::topics::{
    Both, BrowseNode, Days, ItemTopic, ItemTopics, Measure, Month, NodeTopic, ReturnTopic, Subtopic, Trend,
    Variant,
};
use serde::{Deserialize, Deserializer};

/// A name without the blanks at its ends; nothing is known of what has none.
fn name(text: &str) -> Option<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

/// The day of a moment as Amazon writes it. Where the month has no such day, its last one: Amazon's
/// own examples end months on 30 February.
pub(super) fn day(text: &str) -> Option<Date> {
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
pub(super) struct WireDays {
    #[serde(deserialize_with = "or_default")]
    start_date: String,
    #[serde(deserialize_with = "or_default")]
    end_date: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default, bound = "T: Deserialize<'de>")]
pub(super) struct WireBoth<T> {
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
    pub(super) fn read<U>(self, read: fn(T) -> Option<U>) -> Both<U> {
        let all = |topics: Vec<T>| topics.into_iter().filter_map(read).collect();
        Both { praise: all(self.positive_topics), complaints: all(self.negative_topics) }
    }
}

/// Numbers of an ASIN.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireMeasure {
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
pub(super) struct WireNodeMeasure {
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
pub(super) struct Place {
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
pub(super) struct WireItemTopics {
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
pub(super) struct WireItemTopic {
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
    pub(super) fn read(self) -> Option<ItemTopic> {
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
pub(super) struct WireSubtopic {
    #[serde(deserialize_with = "or_default")]
    subtopic: String,
    #[serde(deserialize_with = "or_default")]
    metrics: WireMeasure,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireVariants {
    most_mentions: Option<WireVariant>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireVariant {
    #[serde(deserialize_with = "or_default")]
    asin: String,
    number_of_mentions: Option<f64>,
}

impl WireVariant {
    pub(super) fn read(self) -> Option<Variant> {
        Some(Variant {
            asin: self.asin.trim().parse().ok()?,
            mentions: self.number_of_mentions.and_then(count)?,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireNode {
    browse_node_id: String,
    #[serde(default, deserialize_with = "or_default")]
    display_name: String,
}

impl WireNode {
    pub(super) fn read(self) -> Option<BrowseNode> {
        Some(BrowseNode {
            id: name(&self.browse_node_id)?,
            name: name(&self.display_name).unwrap_or_default(),
        })
    }
}

#[derive(Deserialize)]
pub(super) struct WireNodeTopics {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) topics: WireBoth<WireNodeTopic>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireNodeTopic {
    #[serde(deserialize_with = "or_default")]
    topic: String,
    #[serde(deserialize_with = "or_default")]
    browse_node_metrics: WireNodeMeasure,
}

impl WireNodeTopic {
    pub(super) fn read(self) -> Option<NodeTopic> {
        let (all, top) =
            (self.browse_node_metrics.measure(Place::all), self.browse_node_metrics.measure(Place::top));
        Some(NodeTopic { name: name(&self.topic)?, all, top })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireTrends {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) review_trends: WireBoth<WireTrend>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireTrend {
    #[serde(deserialize_with = "or_default")]
    topic: String,
    #[serde(deserialize_with = "or_default")]
    trend_metrics: Vec<WireMonth>,
}

impl WireTrend {
    pub(super) fn read(self) -> Option<Trend> {
        let mut months: Vec<Month> = self.trend_metrics.into_iter().map(WireMonth::read).collect();
        months.sort_by_key(|month| month.from);
        // Amazon's own examples have the last month twice.
        months.dedup_by(|later, month| month.from.is_some() && later.from == month.from);
        Some(Trend { name: name(&self.topic)?, months })
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireMonth {
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
    pub(super) fn read(self) -> Month {
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
pub(super) struct WireReturnTopics {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) topics: Vec<WireReturnTopic>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct WireReturnTopic {
    #[serde(deserialize_with = "or_default")]
    topic: String,
    #[serde(deserialize_with = "or_default")]
    browse_node_metrics: WireNodeMeasure,
}

impl WireReturnTopic {
    pub(super) fn read(self) -> Option<ReturnTopic> {
        let share = self.browse_node_metrics.measure(Place::all).share;
        Some(ReturnTopic { name: name(&self.topic)?, share })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireReturnTrends {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) return_trends: Vec<WireTrend>,
}
