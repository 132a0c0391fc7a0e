//! Finances v0: what an order's money tells of its buyer. Claims on Amazon's guarantee and
//! chargebacks have no interface of their own.
//!
//! Of each entry the day alone is read; amounts never are. An entry appears up to two days after the
//! fact (Amazon's page on the API). One order has few entries, so that one page holds them all.

use jiff::Timestamp;
use renown_core::ids::OrderId;
use serde::Deserialize;

use super::errors::Error;
use super::operation::Operation;
use super::request::{Request, Target};
use super::{Caller, SpApi};

/// What a buyer got, or tried to get, past the seller. Each by the moment Amazon posted it; `None` where
/// it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disputes {
    /// Claims on Amazon's guarantee (A-to-Z).
    pub claims: Vec<Option<Timestamp>>,
    /// Payments that were disputed with a bank.
    pub chargebacks: Vec<Option<Timestamp>>,
}

impl SpApi {
    /// The claims and chargebacks of an order. A 403 means that the app lacks a role
    /// ([`Operation::roles`]).
    pub async fn disputes(&self, caller: &Caller, order: &OrderId) -> Result<Disputes, Error> {
        let operation = Operation::OrderFinances;
        let target = Target::path("/finances/v0/orders").segment(order.as_str()).then("/financialEvents");
        let reply: Reply = self.read(caller, &Request::get(operation, target)).await?.parse(operation)?;
        let events = reply.payload.and_then(|payload| payload.financial_events).unwrap_or_default();
        let posted = |events: Option<Vec<Event>>| {
            let at = |event: Event| event.posted_date.and_then(|at| at.parse().ok());
            events.unwrap_or_default().into_iter().map(at).collect()
        };
        Ok(Disputes {
            claims: posted(events.guarantee_claim_event_list),
            chargebacks: posted(events.chargeback_event_list),
        })
    }
}

// Wire structs: Amazon's JSON, as far as it is read.
#[derive(Deserialize)]
struct Reply {
    payload: Option<Payload>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Payload {
    financial_events: Option<Events>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct Events {
    guarantee_claim_event_list: Option<Vec<Event>>,
    chargeback_event_list: Option<Vec<Event>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    posted_date: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::spapi::fake::{Fake, Reply, caller};

    async fn read(body: Value) -> Result<Disputes, Error> {
        let body = body.to_string();
        let fake = Fake::with_tokens(move |_| Reply::json(200, &body));
        fake.api().disputes(&caller(), &"202-1234567-8901234".parse().expect("an order id")).await
    }

    #[tokio::test(start_paused = true)]
    async fn claims_and_chargebacks_are_read_and_money_is_not() {
        let posted = json!([{
            "AmazonOrderId": "202-1234567-8901234",
            "PostedDate": "2026-11-05T13:56:00.363Z",
            "ShipmentItemAdjustmentList": [{"SellerSKU": "x"}],
        }]);
        let events =
            json!({"GuaranteeClaimEventList": posted, "ChargebackEventList": [{}], "RefundEventList": [{}]});
        let found = read(json!({"payload": {"FinancialEvents": events}})).await.expect("readable");
        let at = "2026-11-05T13:56:00.363Z".parse().ok();
        assert_eq!(found, Disputes { claims: vec![at], chargebacks: vec![None] });
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_without_entries_has_no_disputes() {
        for body in [
            json!({}),
            json!({"payload": {}}),
            json!({"payload": {"FinancialEvents": {"ChargebackEventList": null}}}),
        ] {
            assert_eq!(read(body).await.expect("readable"), Disputes::default());
        }
    }
}
