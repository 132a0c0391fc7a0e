//! The operations that are called, and how often they may be.

use std::fmt;
use std::time::Duration;

/// An operation of the Selling Partner API; Amazon limits each on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Which solicitations an order is open for.
    SolicitationActions,
    /// Ask the buyer of an order for a review.
    CreateSolicitation,
    /// One order.
    GetOrder,
    /// Orders changed since a time.
    SearchOrders,
    /// Have a report made.
    CreateReport,
    /// How far a report is.
    GetReport,
    /// Where a finished report can be fetched.
    GetReportDocument,
    /// Where a seller sells.
    MarketplaceParticipations,
    /// Make a queue known to Amazon.
    CreateDestination,
    /// Which queues an app has made known.
    Destinations,
    /// Take a queue back.
    DeleteDestination,
    /// Have a seller's notifications of one type sent.
    CreateSubscription,
    /// Whether a seller's notifications of one type are sent, and where to.
    Subscription,
    /// Have notifications sent no more.
    DeleteSubscription,
    /// What reviews of an ASIN name.
    ItemReviewTopics,
    /// The browse node of an ASIN.
    ItemBrowseNode,
    /// What reviews of a browse node's products name.
    NodeReviewTopics,
    /// The months of what reviews of an ASIN name.
    ItemReviewTrends,
    /// The months of what reviews of a browse node's products name.
    NodeReviewTrends,
    /// What buyers name when they send products of a browse node back.
    NodeReturnTopics,
    /// The months of those.
    NodeReturnTrends,
    /// The entries of an order's money.
    OrderFinances,
}

/// How often one seller's operation is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limit {
    /// Time in which one more call becomes free.
    pub(super) interval: Duration,
    /// Calls that may be made at once after a quiet time. Below Amazon's burst, so that a
    /// process that takes over from another cannot exceed it.
    pub(super) capacity: u32,
    /// Calls that are free when a process starts; the process before may have used the rest.
    pub(super) at_start: u32,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 22] = [
        Self::SolicitationActions,
        Self::CreateSolicitation,
        Self::GetOrder,
        Self::SearchOrders,
        Self::CreateReport,
        Self::GetReport,
        Self::GetReportDocument,
        Self::MarketplaceParticipations,
        Self::CreateDestination,
        Self::Destinations,
        Self::DeleteDestination,
        Self::CreateSubscription,
        Self::Subscription,
        Self::DeleteSubscription,
        Self::ItemReviewTopics,
        Self::ItemBrowseNode,
        Self::NodeReviewTopics,
        Self::ItemReviewTrends,
        Self::NodeReviewTrends,
        Self::NodeReturnTopics,
        Self::NodeReturnTrends,
        Self::OrderFinances,
    ];

    /// Amazon's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SolicitationActions => "getSolicitationActionsForOrder",
            Self::CreateSolicitation => "createProductReviewAndSellerFeedbackSolicitation",
            Self::GetOrder => "getOrder",
            Self::SearchOrders => "searchOrders",
            Self::CreateReport => "createReport",
            Self::GetReport => "getReport",
            Self::GetReportDocument => "getReportDocument",
            Self::MarketplaceParticipations => "getMarketplaceParticipations",
            Self::CreateDestination => "createDestination",
            Self::Destinations => "getDestinations",
            Self::DeleteDestination => "deleteDestination",
            Self::CreateSubscription => "createSubscription",
            Self::Subscription => "getSubscription",
            Self::DeleteSubscription => "deleteSubscriptionById",
            Self::ItemReviewTopics => "getItemReviewTopics",
            Self::ItemBrowseNode => "getItemBrowseNode",
            Self::NodeReviewTopics => "getBrowseNodeReviewTopics",
            Self::ItemReviewTrends => "getItemReviewTrends",
            Self::NodeReviewTrends => "getBrowseNodeReviewTrends",
            Self::NodeReturnTopics => "getBrowseNodeReturnTopics",
            Self::NodeReturnTrends => "getBrowseNodeReturnTrends",
            Self::OrderFinances => "listFinancialEventsByOrderId",
        }
    }

    /// Amazon's usage plan of the operation: calls per second in the long run. Source: the
    /// table in each operation's description in Amazon's models. That of Customer Feedback has none:
    /// once a second and never two at once, ours.
    pub fn rate_per_second(self) -> f64 {
        match self {
            Self::SolicitationActions
            | Self::CreateSolicitation
            | Self::CreateDestination
            | Self::Destinations
            | Self::DeleteDestination
            | Self::CreateSubscription
            | Self::Subscription
            | Self::DeleteSubscription
            | Self::ItemReviewTopics
            | Self::ItemBrowseNode
            | Self::NodeReviewTopics
            | Self::ItemReviewTrends
            | Self::NodeReviewTrends
            | Self::NodeReturnTopics
            | Self::NodeReturnTrends => 1.0,
            Self::GetOrder | Self::OrderFinances => 0.5,
            Self::SearchOrders => 0.0056,
            Self::CreateReport | Self::GetReportDocument => 0.0167,
            Self::GetReport => 2.0,
            Self::MarketplaceParticipations => 0.016,
        }
    }

    /// Amazon's usage plan of the operation: calls at once. Source: as for the rate.
    pub fn burst(self) -> u32 {
        match self {
            Self::SolicitationActions
            | Self::CreateSolicitation
            | Self::CreateDestination
            | Self::Destinations
            | Self::DeleteDestination
            | Self::CreateSubscription
            | Self::Subscription
            | Self::DeleteSubscription => 5,
            Self::GetOrder | Self::OrderFinances => 30,
            Self::SearchOrders => 20,
            Self::CreateReport
            | Self::GetReportDocument
            | Self::GetReport
            | Self::MarketplaceParticipations => 15,
            Self::ItemReviewTopics
            | Self::ItemBrowseNode
            | Self::NodeReviewTopics
            | Self::ItemReviewTrends
            | Self::NodeReviewTrends
            | Self::NodeReturnTopics
            | Self::NodeReturnTrends => 1,
        }
    }

    /// The roles of an app by which Amazon allows it, as its portal calls them. Source: the page of
    /// each API; that of Customer Feedback names one for sellers and one for vendors.
    pub fn roles(self) -> &'static str {
        match self {
            Self::ItemReviewTopics
            | Self::ItemBrowseNode
            | Self::NodeReviewTopics
            | Self::ItemReviewTrends
            | Self::NodeReviewTrends
            | Self::NodeReturnTopics
            | Self::NodeReturnTrends => "Selling Partner Insights; of a vendor Brand Analytics",
            Self::OrderFinances => "Finance and Accounting",
            _ => "Buyer Solicitation, Inventory and Order Tracking",
        }
    }

    /// What we allow ourselves.
    pub(super) fn limit(self) -> Limit {
        let (capacity, at_start) = match self {
            Self::SolicitationActions
            | Self::CreateSolicitation
            | Self::CreateDestination
            | Self::Destinations
            | Self::DeleteDestination
            | Self::CreateSubscription
            | Self::Subscription
            | Self::DeleteSubscription => (3, 1),
            Self::GetOrder | Self::GetReport | Self::OrderFinances => (10, 1),
            // One call a minute, or in three: a process that starts with a single one could
            // not even ask for the orders and the shipments in one go.
            Self::CreateReport | Self::GetReportDocument => (5, 2),
            Self::SearchOrders => (5, 1),
            // Connecting a seller tries the three regions in turn.
            Self::MarketplaceParticipations => (5, 3),
            // Nothing is known of a burst: a process that starts waits its second first.
            Self::ItemReviewTopics
            | Self::ItemBrowseNode
            | Self::NodeReviewTopics
            | Self::ItemReviewTrends
            | Self::NodeReviewTrends
            | Self::NodeReturnTopics
            | Self::NodeReturnTrends => (1, 0),
        };
        Limit { interval: Duration::from_secs_f64(1.0 / self.rate_per_second()), capacity, at_start }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_takes_over_twice_stays_within_amazons_burst() {
        for operation in Operation::ALL {
            let limit = operation.limit();
            assert!(limit.capacity + 2 * limit.at_start <= operation.burst(), "{operation}");
        }
    }
}
