//! Solicitations v1: which action an order offers, and taking it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::own_order;
use crate::http_reply::{NOT_AVAILABLE, OUTSIDE_WINDOW, Reply};
use crate::model::{FaultKind, Order, OutageAnswer, Status};
use crate::pipeline::Ask;
use crate::state::State;

/// The only action there is.
const ACTION: &str = "productReviewAndSellerFeedback";

/// What each call needs first: exactly one marketplace in the query, and an order of the seller's
/// placed there.
fn order_asked_about<'state>(state: &'state State, ask: &Ask<'_>) -> Result<&'state Order, Reply> {
    let marketplaces = ask.incoming.list("marketplaceIds");
    let [marketplace] = marketplaces.as_slice() else {
        return Err(Reply::invalid("Missing or invalid request parameters: [marketplaceIds]"));
    };
    let order = own_order(state, ask)?;
    if order.marketplace_id != *marketplace {
        return Err(Reply::invalid(&format!(
            "Order {} was not placed in marketplace {marketplace}.",
            order.order_id
        )));
    }
    Ok(order)
}

/// Why the order can't be asked now, in Amazon's words.
fn refusal(order: &Order, now: Timestamp) -> Option<&'static str> {
    let asked_elsewhere = order.asked_elsewhere_at.is_some_and(|at| at <= now);
    if asked_elsewhere
        || order.ineligible
        || order.non_amazon
        || order.replacement_of.is_some()
        || order.status(now) != Status::Shipped
    {
        Some(NOT_AVAILABLE)
    } else if now < order.window_opens() || order.window_closes() < now {
        Some(OUTSIDE_WINDOW)
    } else {
        None
    }
}

/// `getSolicitationActionsForOrder`
pub(crate) fn actions(state: &State, ask: &Ask<'_>) -> Reply {
    let order = match order_asked_about(state, ask) {
        Ok(order) => order,
        Err(reply) => return as_hal(reply),
    };
    let asked = state.data.accepted.contains_key(&order.order_id);
    let offered = match ask.fault {
        Some(FaultKind::NothingOffered | FaultKind::Outage { answer: OutageAnswer::Empty }) => false,
        Some(FaultKind::StillOfferedFor { .. }) => refusal(order, ask.now).is_none(),
        _ => !asked && refusal(order, ask.now).is_none(),
    };
    let path = format!("/solicitations/v1/orders/{}", order.order_id);
    let query = format!("marketplaceIds={}", order.marketplace_id);
    let own_address = json!({"href": format!("{path}?{query}")});
    let (links, embedded) = if offered {
        let action = format!("{path}/solicitations/{ACTION}");
        let embedded = json!({
            "_links": {
                "self": {"href": format!("{action}?{query}"), "name": ACTION},
                "schema": {"href": format!("{action}/schema"), "name": ACTION},
            },
            "payload": {"name": ACTION},
            "errors": [],
        });
        (json!([{"href": format!("{action}?{query}"), "name": ACTION}]), json!([embedded]))
    } else {
        (json!([]), json!([]))
    };
    let body: Value = json!({
        "_links": {"self": own_address, "actions": links},
        "_embedded": {"actions": embedded},
        "errors": [],
    });
    Reply::hal(200, &body)
}

/// `createProductReviewAndSellerFeedbackSolicitation`
pub(crate) fn solicit(state: &mut State, ask: &Ask<'_>) -> Reply {
    let order = match order_asked_about(state, ask) {
        Ok(order) => order,
        Err(reply) => return as_hal(reply),
    };
    let refused = if state.data.accepted.contains_key(&order.order_id) {
        Some(NOT_AVAILABLE)
    } else {
        refusal(order, ask.now)
    };
    if let Some(message) = refused {
        return as_hal(Reply::error(403, "Unauthorized", message));
    }
    state.data.accepted.entry(ask.subject.to_owned()).or_default().push(ask.now);
    Reply::hal(201, &json!({}))
}

/// Errors of this API come in its own media type too.
fn as_hal(reply: Reply) -> Reply {
    Reply { content_type: "application/hal+json".to_owned(), ..reply }
}
