//! Solicitations v1: whether a buyer may be asked, and asking.
//!
//! Asking needs three things, none of which can be made up: a [`Grant`] from the ledger, a
//! [`PostSlot`] from the pacing, and a clock that agrees with Amazon's. It is never repeated
//! by itself: there is no idempotency key, so an unknown outcome is resolved by asking
//! [`SpApi::actions`], never by asking the buyer again (promise P1).

use std::time::Duration;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{OrderId, SellerId};
use renown_core::marketplace::MarketplaceId;
use serde::Deserialize;

use super::caller::{Account, Party};
use super::errors::Error;
use super::operation::Operation;
use super::request::{Request, Target};
use super::{Caller, POST_TIMEOUT, SpApi};
use crate::ledger::Grant;

/// Amazon's name of the one solicitation there is: product review and seller feedback in one.
const ACTION: &str = "productReviewAndSellerFeedback";

/// How far the clocks may differ before asking is refused. A window or a lease judged by a
/// clock that is further off could be judged wrongly; the design's two minutes.
const MAX_SKEW: SignedDuration = SignedDuration::from_mins(2);

/// What Amazon offers for an order at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actions {
    /// The buyer may be asked now. `false` comes without a reason and is not final.
    pub offered: bool,
}

/// The right to make one asking call now, as far as pace is concerned. Taking one costs the
/// seller a second; letting it go unused is harmless.
#[derive(Debug)]
pub struct PostSlot {
    seller: SellerId,
}

impl SpApi {
    /// Which solicitations Amazon offers for an order.
    pub async fn actions(
        &self,
        caller: &Caller,
        order: &OrderId,
        marketplace: MarketplaceId,
    ) -> Result<Actions, Error> {
        let operation = Operation::SolicitationActions;
        let answer = self.read(caller, &Request::get(operation, target(order, "", marketplace))).await?;
        let reply: ActionsReply = answer.parse(operation)?;
        let offered =
            reply.links.is_some_and(|links| links.actions.iter().any(|action| action.name == ACTION));
        Ok(Actions { offered })
    }

    /// [`Error::ClockSkew`] if, by Amazon's newest answer, this machine's clock is wrong. `Ok`
    /// also before the first answer.
    pub fn check_clock(&self) -> Result<(), Error> {
        match self.clock_difference() {
            Some(by) if by.abs() > MAX_SKEW => Err(Error::ClockSkew { by }),
            _ => Ok(()),
        }
    }

    /// Waits at most `wait_at_most` until the seller may be asked for. To be taken before an
    /// order is claimed, so that no claim waits for its pace.
    pub async fn post_slot(&self, seller: &SellerId, wait_at_most: Duration) -> Result<PostSlot, Error> {
        self.shared
            .pacing
            .acquire(
                &Account::Seller(seller.clone()),
                Operation::CreateSolicitation,
                self.time_for(wait_at_most),
            )
            .await?;
        Ok(PostSlot { seller: seller.clone() })
    }

    /// Asks the buyer of the granted order for a review. `Ok` means that Amazon has taken it.
    ///
    /// After [`Error::Unclear`] nobody knows: probe, never call again. [`Error::NotSent`],
    /// [`Error::Throttled`], [`Error::Denied`], [`Error::ClockSkew`], the two about the grant
    /// and the app: proven not asked. [`Error::Forbidden`]: not asked; its text says why.
    pub async fn create(&self, caller: &Caller, grant: Grant, slot: PostSlot) -> Result<(), Error> {
        let claimed = Claimed {
            seller: grant.seller(),
            order: grant.order(),
            marketplace: grant.marketplace(),
            lease_until: grant.lease_until(),
        };
        self.ask(caller, &claimed, slot).await
    }

    /// [`SpApi::create`] behind the grant, which only the ledger can make.
    async fn ask(&self, caller: &Caller, claimed: &Claimed<'_>, slot: PostSlot) -> Result<(), Error> {
        let operation = Operation::CreateSolicitation;
        if caller.seller != *claimed.seller || caller.seller != slot.seller {
            let message = format!(
                "caller {}, claim {} and slot {} must be of one seller",
                caller.seller, claimed.seller, slot.seller
            );
            return Err(Error::Invalid { operation, message });
        }
        self.check_clock()?;
        // The claim is this process's until its lease ends: nothing may be under way after.
        let lease = claimed.lease_until.duration_since(self.shared.clock.now());
        let Ok(lease) = Duration::try_from(lease) else {
            return Err(Error::NotSent { operation, why: "the lease of its claim has ended".to_owned() });
        };
        let rest = format!("/solicitations/{ACTION}");
        let request = Request::post(operation, target(claimed.order, &rest, claimed.marketplace), None);
        let limit = self.time_for(POST_TIMEOUT).min(lease);
        let answer = self.send(Party::Seller(caller), &request, limit).await?;
        // The status is the whole answer; what the body holds, and whether it came, says nothing.
        if answer.status == StatusCode::CREATED {
            return Ok(());
        }
        let why = format!("status {} where 201 would say that the buyer is asked", answer.status.as_u16());
        Err(Error::Unclear { operation, why })
    }
}

/// What a grant is for.
struct Claimed<'a> {
    seller: &'a SellerId,
    order: &'a OrderId,
    marketplace: MarketplaceId,
    lease_until: Timestamp,
}

fn target(order: &OrderId, rest: &str, marketplace: MarketplaceId) -> Target {
    Target::path("/solicitations/v1/orders")
        .segment(order.as_str())
        .then(rest)
        // In the query even of the POST; as form data Amazon does not see it.
        .query("marketplaceIds", marketplace.as_str())
}

// Wire structs (HAL).
#[derive(Deserialize)]
struct ActionsReply {
    #[serde(rename = "_links")]
    links: Option<Links>,
}

#[derive(Deserialize)]
struct Links {
    #[serde(default)]
    actions: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spapi::fake::{Fake, Reply, caller, refused_token};
    use tokio::time::Instant;

    const OFFERED: &str = r#"{"_links":{"self":{"href":"x"},"actions":[{"href":"x","name":"productReviewAndSellerFeedback"}]},"_embedded":{"actions":[]},"errors":[]}"#;

    fn order() -> OrderId {
        "123-1234567-1234567".parse().expect("an order id")
    }

    fn germany() -> MarketplaceId {
        MarketplaceId::of_country("DE").expect("known")
    }

    async fn post(fake: &Fake, api: &SpApi, lease: SignedDuration) -> Result<(), Error> {
        let caller = caller();
        let slot = api.post_slot(&caller.seller, Duration::from_secs(5)).await?;
        let lease_until = fake.clock().now() + lease;
        let claimed =
            Claimed { seller: &caller.seller, order: &order(), marketplace: germany(), lease_until };
        api.ask(&caller, &claimed, slot).await
    }

    async fn post_once(reply: Reply) -> (Result<(), Error>, Fake) {
        let fake = Fake::with_tokens(move |_| reply.clone());
        let result = post(&fake, &fake.api(), SignedDuration::from_mins(2)).await;
        (result, fake)
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_is_offered_only_if_the_action_is_in_the_links() {
        for (body, offered) in [
            (OFFERED, true),
            (r#"{"_links":{"self":{"href":"x"},"actions":[]}}"#, false),
            (r#"{"_links":{"self":{"href":"x"},"actions":[{"href":"x","name":"somethingNew"}]}}"#, false),
            (r#"{"_embedded":{"actions":[{"payload":{"name":"productReviewAndSellerFeedback"}}]}}"#, false),
            ("{}", false),
        ] {
            let fake = Fake::with_tokens(move |_| Reply::json(200, body));
            let actions = fake.api().actions(&caller(), &order(), germany()).await;
            assert_eq!(actions, Ok(Actions { offered }), "{body}");
            let seen = &fake.calls()[0];
            assert_eq!(
                seen.target,
                "/solicitations/v1/orders/123-1234567-1234567?marketplaceIds=A1PA6795UKMFR9"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_probe_whose_answer_breaks_off_says_nothing() {
        for reply in [
            Reply::json(200, &OFFERED[..60]),
            Reply::json(200, OFFERED).cut(),
            Reply::json(200, "<html>Sorry</html>"),
            Reply::json(500, "{}"),
            Reply::Reset,
            Reply::Stall,
        ] {
            let fake = Fake::with_tokens(move |_| reply.clone());
            let actions = fake.api().actions(&caller(), &order(), germany()).await;
            assert!(matches!(actions, Err(Error::Unclear { .. })), "{actions:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_buyer_is_asked_with_an_empty_body_and_the_marketplace_in_the_query() {
        let (result, fake) = post_once(Reply::json(201, "{}")).await;
        assert_eq!(result, Ok(()));
        let [seen] = &fake.calls()[..] else { panic!("{:?}", fake.calls()) };
        assert_eq!((seen.method.as_str(), seen.body.as_str()), ("POST", ""));
        assert_eq!(
            seen.target,
            "/solicitations/v1/orders/123-1234567-1234567/solicitations/productReviewAndSellerFeedback?marketplaceIds=A1PA6795UKMFR9"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_201_is_a_success_whatever_becomes_of_its_body() {
        for reply in [Reply::json(201, ""), Reply::json(201, "<html>"), Reply::json(201, "{\"err").cut()] {
            let (result, _) = post_once(reply).await;
            assert_eq!(result, Ok(()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_unknown_outcome_is_never_called_again() {
        for reply in [
            Reply::Reset,
            Reply::Stall,
            Reply::json(500, "{}"),
            Reply::json(503, "<html>"),
            Reply::json(200, "{}"),
            Reply::json(202, "{}"),
            Reply::json(302, ""),
            Reply::json(403, r#"{"errors":[{"message":"Access to req"#).cut(),
        ] {
            let (result, fake) = post_once(reply.clone()).await;
            assert!(matches!(result, Err(Error::Unclear { .. })), "{reply:?} {result:?}");
            assert_eq!(fake.calls().len(), 1, "{reply:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_handed_over_with_its_text() {
        let text = "You can’t use this feature to request a review outside the 5-30 day range after the order delivery date.";
        let body = serde_json::json!({"errors": [{"code": "Unauthorized", "message": text, "details": ""}]})
            .to_string();
        let (result, fake) = post_once(Reply::json(403, &body)).await;
        let operation = Operation::CreateSolicitation;
        assert_eq!(result, Err(Error::Forbidden { operation, message: text.to_owned() }));
        assert_eq!((fake.calls().len(), fake.n_logins()), (1, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn no_connection_proves_that_nobody_was_asked() {
        let (result, _) = post_once(Reply::Refuse).await;
        assert!(matches!(result, Err(Error::NotSent { .. })), "{result:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_post_refused_for_its_token_is_sent_again_at_the_sellers_pace() {
        let fake = Fake::with_tokens(|seen| match seen.header("x-amz-access-token") {
            "token-1" => refused_token(),
            _ => Reply::json(201, "{}"),
        });
        let start = Instant::now();
        assert_eq!(post(&fake, &fake.api(), SignedDuration::from_mins(2)).await, Ok(()));
        assert_eq!((fake.calls().len(), start.elapsed()), (2, Duration::from_secs(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn too_many_requests_freeze_this_operation_of_this_seller_alone() {
        let fake = Fake::with_tokens(|seen| match seen.method.as_str() {
            "POST" => Reply::json(429, r#"{"errors":[{"code":"QuotaExceeded","message":"slow down"}]}"#),
            _ => Reply::json(200, OFFERED),
        });
        let api = fake.api();
        let Err(Error::Throttled { retry_in, .. }) = post(&fake, &api, SignedDuration::from_mins(2)).await
        else {
            panic!("a 429")
        };
        let seller = caller().seller;
        let early = retry_in.saturating_sub(Duration::from_millis(2));
        assert!(matches!(api.post_slot(&seller, early).await, Err(Error::Throttled { .. })));
        assert!(api.post_slot(&seller, retry_in).await.is_ok());
        assert!(api.actions(&caller(), &order(), germany()).await.is_ok());
        assert!(api.post_slot(&"A2OTHER".parse().expect("a seller id"), Duration::ZERO).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_asked_while_the_clocks_are_more_than_two_minutes_apart() {
        // The fake's clock shows 12:00:00.
        for (date, asked) in [
            ("Mon, 05 Oct 2026 12:02:00 GMT", true),
            ("Mon, 05 Oct 2026 11:58:00 GMT", true),
            ("Mon, 05 Oct 2026 12:02:01 GMT", false),
            ("Mon, 05 Oct 2026 11:57:59 GMT", false),
        ] {
            let fake = Fake::with_tokens(move |seen| match seen.method.as_str() {
                "POST" => Reply::json(201, "{}"),
                _ => Reply::json(200, OFFERED).with("date", date),
            });
            let api = fake.api();
            api.actions(&caller(), &order(), germany()).await.expect("probed");
            let result = post(&fake, &api, SignedDuration::from_mins(2)).await;
            assert_eq!(result.is_ok(), asked, "{date}: {result:?}");
            if !asked {
                assert!(
                    matches!(result, Err(Error::ClockSkew { by }) if by.abs() == SignedDuration::from_secs(121))
                );
                assert_eq!(fake.calls().len(), 1, "only the probe");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_call_outlasts_its_lease_its_deadline_or_its_time_out() {
        let fake =
            Fake::with_tokens(
                |seen| if seen.method == "POST" { Reply::Stall } else { Reply::json(200, OFFERED) },
            );
        let span = |lease_s: i64, deadline_s: u64| {
            let fake = fake.clone();
            async move {
                let api = fake.api().until(Instant::now() + Duration::from_secs(deadline_s));
                let start = Instant::now();
                let result = post(&fake, &api, SignedDuration::from_secs(lease_s)).await;
                assert!(matches!(result, Err(Error::Unclear { .. })), "{result:?}");
                start.elapsed()
            }
        };
        assert_eq!(span(600, 600).await, POST_TIMEOUT);
        assert_eq!(span(7, 600).await, Duration::from_secs(7));
        assert_eq!(span(600, 3).await, Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_lease_or_for_another_seller_nothing_is_sent() {
        let fake = Fake::with_tokens(|_| Reply::json(201, "{}"));
        let api = fake.api();
        for lease in [SignedDuration::ZERO, SignedDuration::from_secs(-1)] {
            let result = post(&fake, &api, lease).await;
            assert!(matches!(result, Err(Error::NotSent { .. })), "{result:?}");
        }
        let slot =
            api.post_slot(&"A2OTHER".parse().expect("a seller id"), Duration::ZERO).await.expect("free");
        let caller = caller();
        let lease_until = fake.clock().now() + SignedDuration::from_mins(1);
        let claimed =
            Claimed { seller: &caller.seller, order: &order(), marketplace: germany(), lease_until };
        assert!(matches!(api.ask(&caller, &claimed, slot).await, Err(Error::Invalid { .. })));
        assert!(fake.calls().is_empty());
    }
}
