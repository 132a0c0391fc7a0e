//! Customer Feedback 2024-06-01: what reviews of a product, and of its browse node, praise and
//! complain of, and what buyers name when they send things back.
//!
//! Amazon gives sums alone: no single review, no rating. It answers 204 where it has too little;
//! then there is `None`. Its names carry blanks at their ends and its dates days that no month has:
//! both are put right here. A 403 means that the app lacks one role ([`Operation::roles`]).

mod wire;

use http::StatusCode;
use renown_core::ids::Asin;
use renown_core::marketplace::MarketplaceId;
use renown_core::topics::{Both, BrowseNode, ItemTopics, NodeTopics, ReturnTopic, Trend};
use serde::de::DeserializeOwned;

use super::errors::Error;
use super::operation::Operation;
use super::request::{Request, Target};
use super::{Caller, SpApi};
use wire::{
    WireItemTopics, WireNode, WireNodeTopic, WireNodeTopics, WireReturnTopic, WireReturnTopics,
    WireReturnTrends, WireTrend, WireTrends,
};

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
        Ok(reply.map(|reply| reply.topics.into_iter().filter_map(WireReturnTopic::read).collect()))
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

#[cfg(test)]
mod tests;
