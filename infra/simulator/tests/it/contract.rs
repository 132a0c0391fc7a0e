//! The contract with Amazon's published models: shapes, sandbox cases, usage plans, notifications.
//!
//! The models are not part of this repository. `RENOWN_SP_API_MODELS` names a folder that holds
//! them (a checkout of Amazon's `selling-partner-api-models`, with `models/` and `schemas/`).
//! Without it these tests say that they were skipped; with `RENOWN_REQUIRE_MODELS=1` they fail.

mod answers;
mod health;
mod messages;
mod models;
mod sandbox;
mod topics;

use renown_simulator::Operation;
use serde_json::json;

use models::Models;

/// The operations that a model describes: file of the model, Amazon's operation id, ours.
const OPERATIONS: [(&str, &str, Operation); 25] = {
    const SOLICITATIONS: &str = "solicitations-api-model/solicitations.json";
    const ORDERS: &str = "orders-api-model/orders_2026-01-01.json";
    const ORDERS_V0: &str = "orders-api-model/ordersV0.json";
    const REPORTS: &str = "reports-api-model/reports_2021-06-30.json";
    const NOTIFICATIONS: &str = "notifications-api-model/notifications.json";
    const SELLERS: &str = "sellers-api-model/sellers.json";
    const FEEDBACK: &str = "customer-feedback-api-model/customerFeedback_2024-06-01.json";
    [
        (SOLICITATIONS, "getSolicitationActionsForOrder", Operation::GetSolicitationActionsForOrder),
        (
            SOLICITATIONS,
            "createProductReviewAndSellerFeedbackSolicitation",
            Operation::CreateProductReviewAndSellerFeedbackSolicitation,
        ),
        (ORDERS, "getOrder", Operation::GetOrder),
        (ORDERS, "searchOrders", Operation::SearchOrders),
        (ORDERS_V0, "getOrder", Operation::GetOrderV0),
        (ORDERS_V0, "getOrders", Operation::GetOrdersV0),
        (SELLERS, "getMarketplaceParticipations", Operation::GetMarketplaceParticipations),
        (REPORTS, "createReport", Operation::CreateReport),
        (REPORTS, "getReport", Operation::GetReport),
        (REPORTS, "getReports", Operation::GetReports),
        (REPORTS, "getReportDocument", Operation::GetReportDocument),
        (REPORTS, "cancelReport", Operation::CancelReport),
        (NOTIFICATIONS, "createDestination", Operation::CreateDestination),
        (NOTIFICATIONS, "getDestinations", Operation::GetDestinations),
        (NOTIFICATIONS, "deleteDestination", Operation::DeleteDestination),
        (NOTIFICATIONS, "createSubscription", Operation::CreateSubscription),
        (NOTIFICATIONS, "getSubscription", Operation::GetSubscription),
        (NOTIFICATIONS, "deleteSubscriptionById", Operation::DeleteSubscriptionById),
        (FEEDBACK, "getItemReviewTopics", Operation::GetItemReviewTopics),
        (FEEDBACK, "getItemBrowseNode", Operation::GetItemBrowseNode),
        (FEEDBACK, "getItemReviewTrends", Operation::GetItemReviewTrends),
        (FEEDBACK, "getBrowseNodeReviewTopics", Operation::GetBrowseNodeReviewTopics),
        (FEEDBACK, "getBrowseNodeReviewTrends", Operation::GetBrowseNodeReviewTrends),
        (FEEDBACK, "getBrowseNodeReturnTopics", Operation::GetBrowseNodeReturnTopics),
        (FEEDBACK, "getBrowseNodeReturnTrends", Operation::GetBrowseNodeReturnTrends),
    ]
};

#[test]
fn usage_plans_are_those_of_the_models() {
    let Some(models) = Models::given() else { return };
    // Amazon publishes none of Customer Feedback.
    for (file, operation_id, operation) in
        OPERATIONS.into_iter().filter(|(file, ..)| !file.contains("customerFeedback"))
    {
        let described = models.operation(file, operation_id).usage_plan();
        assert_eq!(operation.usage_plan(), Some(described), "{operation_id}");
    }
}

#[test]
fn operation_names_are_amazons() {
    let Some(models) = Models::given() else { return };
    for (file, operation_id, operation) in OPERATIONS {
        models.operation(file, operation_id);
        let name = json!(operation);
        let without_suffix = name.as_str().map(|name| name.trim_end_matches("V0"));
        assert_eq!(without_suffix, Some(operation_id));
    }
}
