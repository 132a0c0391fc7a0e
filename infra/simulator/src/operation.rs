//! Every operation the simulator offers, how a request is recognised, and its usage plan.

use http::Method;
use serde::{Deserialize, Serialize};

/// An operation, in JSON by Amazon's operation id (the two of Orders v0 with a suffix).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// `POST /auth/o2/token` of Login with Amazon.
    LwaToken,
    /// Which solicitations an order allows.
    GetSolicitationActionsForOrder,
    /// Request a Review.
    CreateProductReviewAndSellerFeedbackSolicitation,
    /// Orders 2026-01-01, one order.
    GetOrder,
    /// Orders 2026-01-01, a list.
    SearchOrders,
    /// Orders v0, one order.
    GetOrderV0,
    /// Orders v0, a list.
    GetOrdersV0,
    /// The seller's marketplaces.
    GetMarketplaceParticipations,
    /// Ask for a report.
    CreateReport,
    /// One report's state.
    GetReport,
    /// A list of reports.
    GetReports,
    /// Where a report's document lies.
    GetReportDocument,
    /// Take a report back.
    CancelReport,
    /// Make a queue known.
    CreateDestination,
    /// The queues an application has made known.
    GetDestinations,
    /// Take a queue back.
    DeleteDestination,
    /// Have notifications of one type sent.
    CreateSubscription,
    /// The seller's subscription to one type.
    GetSubscription,
    /// Have notifications sent no more.
    DeleteSubscriptionById,
    /// What reviews of a product name.
    GetItemReviewTopics,
    /// The browse node of a product.
    GetItemBrowseNode,
    /// What reviews of a browse node's products name.
    GetBrowseNodeReviewTopics,
    /// The months of what reviews of a product name.
    GetItemReviewTrends,
    /// The months of what reviews of a browse node's products name.
    GetBrowseNodeReviewTrends,
    /// What is named in returns of a browse node's products.
    GetBrowseNodeReturnTopics,
    /// The months of those.
    GetBrowseNodeReturnTrends,
    /// The entries of an order's money.
    ListFinancialEventsByOrderId,
    /// The document itself, at its presigned address.
    DownloadDocument,
    /// Anything else.
    Unknown,
}

/// A usage plan: calls per second and the size of the bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limit {
    pub(crate) rate: f64,
    pub(crate) burst: f64,
}

/// The static sandbox's own plan. Source: Amazon's sandbox page.
pub(crate) const SANDBOX_LIMIT: Limit = Limit { rate: 5.0, burst: 15.0 };

impl Operation {
    /// Recognises a request; the second part is the id in the path.
    pub(crate) fn of<'path>(method: &Method, path: &'path str) -> (Self, Option<&'path str>) {
        let get = method == Method::GET;
        let post = method == Method::POST;
        if path == "/auth/o2/token" {
            return (if post { Self::LwaToken } else { Self::Unknown }, None);
        }
        if let Some(rest) = path.strip_prefix("/solicitations/v1/orders/") {
            return match rest.split_once('/') {
                None if get => (Self::GetSolicitationActionsForOrder, Some(rest)),
                Some((order, "solicitations/productReviewAndSellerFeedback")) if post => {
                    (Self::CreateProductReviewAndSellerFeedbackSolicitation, Some(order))
                }
                _ => (Self::Unknown, None),
            };
        }
        if let Some(rest) = path.strip_prefix("/reports/2021-06-30/reports") {
            return match rest.strip_prefix('/') {
                None if rest.is_empty() && get => (Self::GetReports, None),
                None if rest.is_empty() && post => (Self::CreateReport, None),
                Some(report) if get => (Self::GetReport, Some(report)),
                Some(report) if method == Method::DELETE => (Self::CancelReport, Some(report)),
                _ => (Self::Unknown, None),
            };
        }
        if let Some(rest) = path.strip_prefix("/notifications/v1/") {
            return Self::of_notifications(method, rest);
        }
        if !get {
            return (Self::Unknown, None);
        }
        if let Some(rest) = path.strip_prefix("/finances/v0/orders/") {
            return match rest.split_once('/') {
                Some((order, "financialEvents")) => (Self::ListFinancialEventsByOrderId, Some(order)),
                _ => (Self::Unknown, None),
            };
        }
        if let Some(rest) = path.strip_prefix("/customerFeedback/2024-06-01/") {
            return Self::of_customer_feedback(rest);
        }
        match path {
            "/orders/2026-01-01/orders" => return (Self::SearchOrders, None),
            "/orders/v0/orders" => return (Self::GetOrdersV0, None),
            "/sellers/v1/marketplaceParticipations" => return (Self::GetMarketplaceParticipations, None),
            _ => {}
        }
        let by_prefix = [
            ("/orders/2026-01-01/orders/", Self::GetOrder),
            ("/orders/v0/orders/", Self::GetOrderV0),
            ("/reports/2021-06-30/documents/", Self::GetReportDocument),
            ("/documents/", Self::DownloadDocument),
        ];
        for (prefix, operation) in by_prefix {
            if let Some(id) = path.strip_prefix(prefix)
                && !id.is_empty()
                && !id.contains('/')
            {
                return (operation, Some(id));
            }
        }
        (Self::Unknown, None)
    }

    /// A request below `/notifications/v1/`. Deleting a subscription has two ids: `TYPE/id`.
    fn of_notifications<'path>(method: &Method, rest: &'path str) -> (Self, Option<&'path str>) {
        let parts: Vec<&str> = rest.split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            ("POST", ["destinations"]) => (Self::CreateDestination, None),
            ("GET", ["destinations"]) => (Self::GetDestinations, None),
            ("DELETE", ["destinations", id]) => (Self::DeleteDestination, Some(id)),
            ("POST", ["subscriptions", kind]) => (Self::CreateSubscription, Some(kind)),
            ("GET", ["subscriptions", kind]) => (Self::GetSubscription, Some(kind)),
            ("DELETE", ["subscriptions", _, _]) => {
                (Self::DeleteSubscriptionById, rest.strip_prefix("subscriptions/"))
            }
            _ => (Self::Unknown, None),
        }
    }

    /// A reading request below `/customerFeedback/2024-06-01/`.
    fn of_customer_feedback(rest: &str) -> (Self, Option<&str>) {
        let Some((of, rest)) = rest.split_once('/') else { return (Self::Unknown, None) };
        let Some((id, what)) = rest.split_once('/') else { return (Self::Unknown, None) };
        let operation = match (of, what) {
            ("items", "reviews/topics") => Self::GetItemReviewTopics,
            ("items", "browseNode") => Self::GetItemBrowseNode,
            ("items", "reviews/trends") => Self::GetItemReviewTrends,
            ("browseNodes", "reviews/topics") => Self::GetBrowseNodeReviewTopics,
            ("browseNodes", "reviews/trends") => Self::GetBrowseNodeReviewTrends,
            ("browseNodes", "returns/topics") => Self::GetBrowseNodeReturnTopics,
            ("browseNodes", "returns/trends") => Self::GetBrowseNodeReturnTrends,
            _ => return (Self::Unknown, None),
        };
        (operation, Some(id))
    }

    /// Whether it takes a token of the application alone, and of no seller. Source: the
    /// descriptions in Amazon's notifications model.
    pub(crate) fn is_grantless(self) -> bool {
        matches!(
            self,
            Self::CreateDestination
                | Self::GetDestinations
                | Self::DeleteDestination
                | Self::DeleteSubscriptionById
        )
    }

    /// Whether it is an operation of the SP-API, behind an access token.
    pub(crate) fn is_sp_api(self) -> bool {
        !matches!(self, Self::LwaToken | Self::DownloadDocument | Self::Unknown)
    }

    /// Whether its path carries an order id.
    pub(crate) fn is_about_an_order(self) -> bool {
        matches!(
            self,
            Self::GetSolicitationActionsForOrder
                | Self::CreateProductReviewAndSellerFeedbackSolicitation
                | Self::GetOrder
                | Self::GetOrderV0
                | Self::ListFinancialEventsByOrderId
        )
    }

    /// The default usage plan. Source: the tables in the descriptions of Amazon's models, where there
    /// is one; the contract test compares them.
    pub(crate) fn limit(self) -> Option<Limit> {
        let (rate, burst) = match self {
            Self::GetSolicitationActionsForOrder
            | Self::CreateProductReviewAndSellerFeedbackSolicitation
            | Self::CreateDestination
            | Self::GetDestinations
            | Self::DeleteDestination
            | Self::CreateSubscription
            | Self::GetSubscription
            | Self::DeleteSubscriptionById => (1.0, 5.0),
            Self::GetOrder | Self::GetOrderV0 | Self::ListFinancialEventsByOrderId => (0.5, 30.0),
            Self::SearchOrders => (0.0056, 20.0),
            Self::GetOrdersV0 => (0.0167, 20.0),
            Self::GetMarketplaceParticipations => (0.016, 15.0),
            Self::CreateReport | Self::GetReportDocument => (0.0167, 15.0),
            Self::GetReport => (2.0, 15.0),
            Self::GetReports | Self::CancelReport => (0.0222, 10.0),
            // Amazon publishes none. Once a second, ours, and one more for what a network delays.
            Self::GetItemReviewTopics
            | Self::GetItemBrowseNode
            | Self::GetBrowseNodeReviewTopics
            | Self::GetItemReviewTrends
            | Self::GetBrowseNodeReviewTrends
            | Self::GetBrowseNodeReturnTopics
            | Self::GetBrowseNodeReturnTrends => (1.0, 2.0),
            Self::LwaToken | Self::DownloadDocument | Self::Unknown => return None,
        };
        Some(Limit { rate, burst })
    }

    /// Calls per second and bucket size of the operation's default usage plan; `None` where Amazon
    /// publishes none.
    pub fn usage_plan(self) -> Option<(f64, f64)> {
        self.limit().map(|limit| (limit.rate, limit.burst))
    }
}
