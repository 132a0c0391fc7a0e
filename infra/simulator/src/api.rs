//! The operations of the SP-API, one file per API.

mod customer_feedback;
mod finances;
mod notifications;
mod orders;
mod orders_v0;
mod reports;
pub(crate) mod sandbox;
mod sellers;
mod solicitations;

use crate::http_reply::Reply;
use crate::model::{Order, Status};
use crate::operation::Operation;
use crate::pipeline::Ask;
use crate::state::State;

/// Answers an authorised call.
pub(crate) fn answer(state: &mut State, ask: &Ask<'_>) -> Reply {
    match ask.operation {
        Operation::GetSolicitationActionsForOrder => solicitations::actions(state, ask),
        Operation::CreateProductReviewAndSellerFeedbackSolicitation => solicitations::solicit(state, ask),
        Operation::GetOrder => orders::get(state, ask),
        Operation::SearchOrders => orders::search(state, ask),
        Operation::GetOrderV0 => orders_v0::get(state, ask),
        Operation::GetOrdersV0 => orders_v0::list(state, ask),
        Operation::GetMarketplaceParticipations => sellers::participations(state, ask),
        Operation::CreateReport => reports::create(state, ask),
        Operation::GetReport => reports::get(state, ask),
        Operation::GetReports => reports::list(state, ask),
        Operation::GetReportDocument => reports::document(state, ask),
        Operation::CancelReport => reports::cancel(state, ask),
        Operation::CreateDestination => notifications::create_destination(state, ask),
        Operation::GetDestinations => notifications::destinations(state, ask),
        Operation::DeleteDestination => notifications::delete_destination(state, ask),
        Operation::CreateSubscription => notifications::subscribe(state, ask),
        Operation::GetSubscription => notifications::subscription(state, ask),
        Operation::DeleteSubscriptionById => notifications::unsubscribe(state, ask),
        Operation::GetItemReviewTopics
        | Operation::GetItemBrowseNode
        | Operation::GetBrowseNodeReviewTopics
        | Operation::GetItemReviewTrends
        | Operation::GetBrowseNodeReviewTrends
        | Operation::GetBrowseNodeReturnTopics
        | Operation::GetBrowseNodeReturnTrends => customer_feedback::answer(state, ask),
        Operation::ListFinancialEventsByOrderId => finances::of_order(state, ask),
        Operation::LwaToken | Operation::DownloadDocument | Operation::Unknown => {
            Reply::not_found("Not an operation of the SP-API.")
        }
    }
}

/// The order in the path, if this seller may see it now.
fn own_order<'state>(state: &'state State, ask: &Ask<'_>) -> Result<&'state Order, Reply> {
    let order = state.data.orders.get(ask.subject).filter(|order| order.is_visible(ask.now));
    let Some(order) = order else {
        return Err(Reply::not_found(&format!("The requested order {} was not found.", ask.subject)));
    };
    if order.seller_id != ask.seller {
        return Err(Reply::denied());
    }
    Ok(order)
}

/// How many units of an order have not left.
fn units_unshipped(order: &Order, ask: &Ask<'_>) -> u32 {
    if order.status(ask.now) == Status::Cancelled { 0 } else { order.units() - order.units_shipped(ask.now) }
}
