//! What reviews name: of a product, or of all products of a browse node.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::RejectedTopics;
use crate::marketplace::Marketplace;

/// What reviews of a product name from a moment on, until the next such record; without `asin`, what
/// those of all products of the browse node name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topics {
    /// Where.
    pub marketplace_id: String,
    /// The browse node, or the one that the product lies in.
    pub node: String,
    /// The product.
    #[serde(default)]
    pub asin: Option<String>,
    /// From when on.
    pub since: Timestamp,
    /// The title of the product, or what the node is called.
    #[serde(default)]
    pub name: String,
    /// What is praised.
    #[serde(default)]
    pub praise: Vec<Topic>,
    /// What is complained of.
    #[serde(default)]
    pub complaints: Vec<Topic>,
    /// What is named in returns; of a node alone.
    #[serde(default)]
    pub returns: Vec<Topic>,
}

/// One topic.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Topic {
    /// What it is called. Trends and returns are answered with a blank behind it, as Amazon's examples are.
    pub name: String,
    /// How many reviews name it; of a product alone.
    pub mentions: Option<u32>,
    /// So many of a hundred do; absent: too few.
    pub share: Option<f64>,
    /// Stars that it adds or takes; absent: it does not move the rating.
    pub impact: Option<f64>,
    /// The share among the top quarter of a node's products; absent: as among all.
    pub top_share: Option<f64>,
    /// The stars there; absent: as of all.
    pub top_impact: Option<f64>,
    /// The share in each of the last six months, the earliest first; absent: the share throughout.
    pub months: Vec<f64>,
    /// Pieces of reviews.
    pub snippets: Vec<String>,
    /// What exactly is said.
    pub subtopics: Vec<String>,
}

impl Topic {
    /// A topic with its numbers.
    pub fn new(name: impl Into<String>, mentions: u32, share: f64, impact: f64) -> Self {
        let (mentions, share, impact) = (Some(mentions), Some(share), Some(impact));
        Self { name: name.into(), mentions, share, impact, ..Self::default() }
    }
}

impl Topics {
    /// A product of which reviews name nothing yet.
    pub fn of_product(
        marketplace_id: impl Into<String>,
        node: impl Into<String>,
        asin: impl Into<String>,
        since: Timestamp,
    ) -> Self {
        Self { asin: Some(asin.into()), ..Self::of_node(marketplace_id, node, since) }
    }

    /// A browse node of which reviews name nothing yet.
    pub fn of_node(marketplace_id: impl Into<String>, node: impl Into<String>, since: Timestamp) -> Self {
        Self {
            marketplace_id: marketplace_id.into(),
            node: node.into(),
            asin: None,
            since,
            name: String::new(),
            praise: Vec::new(),
            complaints: Vec::new(),
            returns: Vec::new(),
        }
    }

    /// Whether both speak of the same thing from the same moment on.
    pub(crate) fn is_of_the_same(&self, other: &Self) -> bool {
        let subject = |it: &Self| it.asin.is_none().then(|| it.node.clone());
        (&self.marketplace_id, &self.asin, subject(self), self.since)
            == (&other.marketplace_id, &other.asin, subject(other), other.since)
    }

    /// What keeps it from being true.
    pub(crate) fn check(&self) -> Result<(), RejectedTopics> {
        let reject = |field, reason: String, remedy: &str| {
            Err(RejectedTopics { field, reason, remedy: remedy.to_owned() })
        };
        if Marketplace::by_id(&self.marketplace_id).is_none() {
            let reason = format!("there is no marketplace `{}`", self.marketplace_id);
            return reject("marketplace_id", reason, "take an id from Amazon's list");
        }
        if self.node.is_empty() {
            return reject("node", "it is empty".to_owned(), "give the browse node an id, such as \"100\"");
        }
        if self.asin.is_some() && !self.returns.is_empty() {
            let reason = "Amazon tells of no returns of a product".to_owned();
            return reject("returns", reason, "give them to a record of the node, without `asin`");
        }
        let all = self.praise.iter().chain(&self.complaints).chain(&self.returns);
        for topic in all {
            if topic.name.trim().is_empty() {
                return reject("name", "a topic has no name".to_owned(), "give it one");
            }
            let shares = topic.months.iter().chain(&topic.share).chain(&topic.top_share);
            if let Some(share) = shares.into_iter().find(|share| !(0.0..=100.0).contains(*share)) {
                let reason = format!("{share} is no share of a hundred reviews");
                return reject("share", reason, "give a number from 0 to 100");
            }
            if topic.months.len() > 6 {
                let reason = format!("`{}` has {} months", topic.name, topic.months.len());
                return reject("months", reason, "give six at most");
            }
        }
        Ok(())
    }
}
