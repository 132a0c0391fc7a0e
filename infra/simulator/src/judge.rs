//! The judge: what a client did that it must not, decided on arrival.
//!
//! Faults and refusals come afterwards and excuse nothing: a second solicitation is a repeat even
//! when a fault keeps it from being processed.

use jiff::Timestamp;

use crate::http_reply::Reply;
use crate::model::{Order, Status, ViolationKind};

/// Longest `User-Agent` that Amazon takes. Source: its page on the header.
const LONGEST_USER_AGENT: usize = 500;

/// A violation found, and the refusal that follows from it, if one does.
pub(crate) struct Finding {
    pub(crate) kind: ViolationKind,
    pub(crate) text: String,
    pub(crate) refusal: Option<Reply>,
}

/// Missing or too long is refused. Amazon's page demands the `Language` attribute too, but widely
/// used clients leave it out and are served: that one is only written down.
pub(crate) fn user_agent(header: Option<&str>) -> Option<Finding> {
    let (text, refused) = match header {
        None | Some("") => ("User-Agent is missing".to_owned(), true),
        Some(agent) if agent.len() > LONGEST_USER_AGENT => {
            (format!("User-Agent has {} characters, {LONGEST_USER_AGENT} are allowed", agent.len()), true)
        }
        Some(agent) if !agent.contains("Language=") => {
            (format!("User-Agent `{agent}` lacks the Language attribute"), false)
        }
        Some(_) => return None,
    };
    let refusal = refused.then(|| Reply::invalid("Missing or invalid User-Agent header."));
    Some(Finding { kind: ViolationKind::UserAgent, text, refusal })
}

/// A solicitation for this order, now.
pub(crate) fn solicitation(
    order: &Order,
    accepted: Option<&Vec<Timestamp>>,
    now: Timestamp,
) -> Option<Finding> {
    let id = &order.order_id;
    let found = |kind, text| Some(Finding { kind, text, refusal: None });
    if let Some(first) = accepted.and_then(|times| times.first()) {
        return found(
            ViolationKind::Repeat,
            format!("order {id} was solicited again at {now}; a solicitation had been accepted at {first}"),
        );
    }
    if order.status(now) != Status::Shipped {
        let status = order.status(now).pascal();
        return found(
            ViolationKind::Window,
            format!("order {id} was solicited at {now} while its status was {status}"),
        );
    }
    let (opens, closes) = (order.window_opens(), order.window_closes());
    if now < opens || closes < now {
        return found(
            ViolationKind::Window,
            format!("order {id} was solicited at {now}; its window is {opens} to {closes}"),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_needs_the_language_attribute_and_at_most_500_characters() {
        let kept = "Renown/0.1 (Language=Rust/1.94)";
        assert!(user_agent(Some(kept)).is_none());
        assert!(user_agent(None).unwrap().refusal.is_some());
        assert!(user_agent(Some("python-client/1")).unwrap().refusal.is_none());
        let padded = format!("{kept:<500}");
        assert!(user_agent(Some(&padded)).is_none());
        assert!(user_agent(Some(&format!("{padded} "))).unwrap().refusal.is_some());
    }
}
