//! What Amazon's Customer Feedback API says, in plain types: names without blanks around them, days
//! for its moments, and `None` wherever it says nothing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::Asin;

/// Numbers of one topic at one place. Amazon leaves out what it has too few reviews for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// How many reviews name the topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentions: Option<u64>,
    /// So many of a hundred reviews name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// Stars that it adds to the rating, or takes from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<f64>,
}

impl Measure {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is known here, and for the rest what `other` says.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            mentions: self.mentions.or(other.mentions),
            share: self.share.or(other.share),
            impact: self.impact.or(other.impact),
        }
    }
}

/// What buyers praise, and what they complain of; Amazon's order is kept. A topic can be in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both<T> {
    /// Amazon's positive topics.
    pub praise: Vec<T>,
    /// Its negative topics.
    pub complaints: Vec<T>,
}

impl<T> Default for Both<T> {
    fn default() -> Self {
        Self { praise: Vec::new(), complaints: Vec::new() }
    }
}

/// The days of the reviews that something is told of, both included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// What reviews of an ASIN name.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemTopics {
    /// The title of the product.
    pub title: String,
    /// Of which days the reviews are.
    pub days: Days,
    /// The topics.
    pub topics: Both<ItemTopic>,
}

/// One topic of an ASIN.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemTopic {
    /// Its name, in English.
    pub name: String,
    /// In reviews of the ASIN.
    pub item: Measure,
    /// In those of the ASIN and its variants.
    pub parent: Measure,
    /// In those of all products of the browse node.
    pub node: Measure,
    /// The variant whose reviews name it most often.
    pub most: Option<Variant>,
    /// Pieces of reviews that name it.
    pub snippets: Vec<String>,
    /// What exactly is said, the most frequent first.
    pub subtopics: Vec<Subtopic>,
}

/// A variant of a product, and how often its reviews name something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// The variant.
    pub asin: Asin,
    /// How many of its reviews.
    pub mentions: u64,
}

/// What exactly is said within a topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subtopic {
    /// Its name, in English.
    pub name: String,
    /// How often.
    #[serde(flatten)]
    pub measure: Measure,
}

/// Where Amazon puts a product: a place in its tree of categories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowseNode {
    /// Amazon's id of it.
    pub id: String,
    /// What its pages call it.
    pub name: String,
}

/// What reviews of all products of a browse node name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NodeTopics {
    /// The topics.
    pub topics: Both<NodeTopic>,
}

/// One topic of a browse node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeTopic {
    /// Its name, in English.
    pub name: String,
    /// In reviews of all products.
    pub all: Measure,
    /// In those of the top quarter of the products.
    pub top: Measure,
}

/// The months of one topic, the earliest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// The topic.
    pub name: String,
    /// Its months, half a year in all.
    pub months: Vec<Month>,
}

/// One month of a topic: so many of a hundred reviews, or returns, name it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// The month's first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Of the ASIN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<f64>,
    /// Of the ASIN and its variants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<f64>,
    /// Of all products of the browse node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<f64>,
    /// Of the top quarter of its products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<f64>,
}

/// What buyers name when they send products of a browse node back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnTopic {
    /// Its name, in English.
    pub name: String,
    /// So many of a hundred returns with words name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
}
