//! Notifications v1: having Amazon send what happens into a queue.
//!
//! Two steps: the app makes its queue known as a destination, once in each region; then each
//! seller's notifications are subscribed to, type by type. What is there already counts as
//! made: Amazon refuses to make it twice (409), and the client answers with what is there. So
//! an unknown outcome is resolved by calling again.

use renown_core::ids::SubscriptionId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::Error;
use super::opaque_id::opaque_id;
use super::operation::Operation;
use super::queue_arn::QueueArn;
use super::request::{Request, Target};
use super::{AppCaller, Caller, SpApi};

const DESTINATIONS: &str = "/notifications/v1/destinations";
const SUBSCRIPTIONS: &str = "/notifications/v1/subscriptions";

opaque_id!(
    /// A queue that an app has made known in one region.
    DestinationId
);
opaque_id!(
    /// The version of a notification's payload, as in `1.0` or `2021-01-01`.
    PayloadVersion
);

/// Where notifications can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Its id, by which a subscription names it.
    pub id: DestinationId,
    /// The name the app gave it.
    pub name: String,
    /// The queue; `None` for an event bus.
    pub queue: Option<QueueArn>,
}

/// That a seller's notifications of one type are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id, which every notification carries.
    pub id: SubscriptionId,
    /// Where they are sent.
    pub destination: DestinationId,
    /// The payload that is sent.
    pub payload_version: PayloadVersion,
}

/// The types that Renown has a use for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotificationType {
    /// An order changed.
    OrderChange,
    /// An account's standing changed.
    AccountStatusChanged,
    /// A report is done, cancelled or failed.
    ReportProcessingFinished,
}

impl NotificationType {
    /// Every type.
    pub const ALL: [Self; 3] =
        [Self::OrderChange, Self::AccountStatusChanged, Self::ReportProcessingFinished];

    /// Amazon's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::OrderChange => "ORDER_CHANGE",
            Self::AccountStatusChanged => "ACCOUNT_STATUS_CHANGED",
            Self::ReportProcessingFinished => "REPORT_PROCESSING_FINISHED",
        }
    }

    /// The payload that is subscribed to unless one knows better. Source: Amazon's page
    /// "Notification type values"; of reports its samples, where its example names 2020-09-04.
    pub fn usual_payload_version(self) -> PayloadVersion {
        PayloadVersion::new(match self {
            Self::OrderChange | Self::ReportProcessingFinished => "1.0",
            Self::AccountStatusChanged => "2021-01-01",
        })
    }

    /// What is to be left out. Amazon takes no subscription to orders without a filter ("eventFilter
    /// must not be empty"), and refuses one by marketplace; changes other than of the status
    /// (buyers who would like to cancel, tips) say nothing about whether a buyer may be asked.
    fn processing_directive(self) -> Option<Value> {
        match self {
            Self::OrderChange => Some(json!({
                "eventFilter": {"eventFilterType": self.name(), "orderChangeTypes": ["OrderStatusChange"]},
            })),
            Self::AccountStatusChanged | Self::ReportProcessingFinished => None,
        }
    }
}

impl SpApi {
    /// Makes a queue known to Amazon in the caller's region, or finds it if it is. The queue's
    /// policy must let Amazon's account 437568002678 send messages and read attributes. `name` is
    /// for people, at most 256 characters, and not changed on a destination that is there.
    ///
    /// [`Error::Conflict`]: something else stands in the way; Amazon's text names it.
    /// [`Error::Invalid`], [`Error::Forbidden`]: Amazon's text says what is wrong with the queue.
    /// [`Error::AppDenied`], [`Error::AppRejected`]: the app must be put in order. All others:
    /// call again.
    pub async fn create_destination(
        &self,
        app: &AppCaller,
        name: &str,
        queue: &QueueArn,
    ) -> Result<Destination, Error> {
        let operation = Operation::CreateDestination;
        let body = json!({"name": name, "resourceSpecification": {"sqs": {"arn": queue.as_str()}}});
        let request = Request::post(operation, Target::path(DESTINATIONS), Some(body.to_string()));
        let conflict = match self.read(app, &request).await {
            Ok(answer) => return Ok(answer.parse::<Reply<WireDestination>>(operation)?.payload.into()),
            Err(conflict @ Error::Conflict { .. }) => conflict,
            Err(error) => return Err(error),
        };
        let there = self.destinations(app).await?;
        there.into_iter().find(|one| one.queue.as_ref() == Some(queue)).ok_or(conflict)
    }

    /// Every destination of the app in the caller's region. Errors are those of any reading call.
    pub async fn destinations(&self, app: &AppCaller) -> Result<Vec<Destination>, Error> {
        let operation = Operation::Destinations;
        let request = Request::get(operation, Target::path(DESTINATIONS));
        let reply: Reply<Vec<WireDestination>> = self.read(app, &request).await?.parse(operation)?;
        Ok(reply.payload.into_iter().map(Destination::from).collect())
    }

    /// Takes a destination back; one that is not there (any more) is no error.
    ///
    /// [`Error::Forbidden`]: a subscription still names it. After [`Error::Unclear`]: call again.
    pub async fn delete_destination(
        &self,
        app: &AppCaller,
        destination: &DestinationId,
    ) -> Result<(), Error> {
        let target = Target::path(DESTINATIONS).segment(destination.as_str());
        self.delete(app, Request::delete(Operation::DeleteDestination, target)).await
    }

    /// Has a seller's notifications of one type sent, or finds the subscription if there is one:
    /// compare its destination, which may be another. Of order changes only those of the status
    /// are sent.
    ///
    /// [`Error::Denied`]: the app lacks the role for this type. [`Error::Invalid`]: its text tells;
    /// as a rule the destination is unknown in the caller's region. [`Error::Conflict`]: there was
    /// one and is no more. That, and all others: call again.
    pub async fn create_subscription(
        &self,
        caller: &Caller,
        kind: NotificationType,
        destination: &DestinationId,
        payload_version: &PayloadVersion,
    ) -> Result<Subscription, Error> {
        let operation = Operation::CreateSubscription;
        let mut body =
            json!({"payloadVersion": payload_version.as_str(), "destinationId": destination.as_str()});
        if let Some(directive) = kind.processing_directive() {
            body["processingDirective"] = directive;
        }
        let target = Target::path(SUBSCRIPTIONS).segment(kind.name());
        let request = Request::post(operation, target, Some(body.to_string()));
        let conflict = match self.read(caller, &request).await {
            Ok(answer) => return Ok(answer.parse::<Reply<WireSubscription>>(operation)?.payload.into()),
            Err(conflict @ Error::Conflict { .. }) => conflict,
            Err(error) => return Err(error),
        };
        self.subscription(caller, kind).await?.ok_or(conflict)
    }

    /// The seller's subscription to notifications of one type; of several, the one to the newest
    /// payload. `None` if there is none. Errors are those of any reading call.
    pub async fn subscription(
        &self,
        caller: &Caller,
        kind: NotificationType,
    ) -> Result<Option<Subscription>, Error> {
        let operation = Operation::Subscription;
        let target = Target::path(SUBSCRIPTIONS).segment(kind.name());
        match self.read(caller, &Request::get(operation, target)).await {
            Ok(answer) => Ok(Some(answer.parse::<Reply<WireSubscription>>(operation)?.payload.into())),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Has notifications sent no more; a subscription that is not there (any more) is no error.
    /// Needs no grant of the seller, so that it works after the seller has withdrawn it.
    ///
    /// [`Error::AppDenied`]: Amazon refuses some types to an app without their role. After
    /// [`Error::Unclear`]: call again.
    pub async fn delete_subscription(
        &self,
        app: &AppCaller,
        kind: NotificationType,
        subscription: &SubscriptionId,
    ) -> Result<(), Error> {
        let target = Target::path(SUBSCRIPTIONS).segment(kind.name()).segment(subscription.as_str());
        self.delete(app, Request::delete(Operation::DeleteSubscription, target)).await
    }

    async fn delete(&self, app: &AppCaller, request: Request) -> Result<(), Error> {
        // The status is the whole answer.
        match self.read(app, &request).await {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

// Wire structs. Amazon writes `null` for kinds of resource that a destination is not.
#[derive(Deserialize)]
struct Reply<T> {
    payload: T,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDestination {
    destination_id: String,
    name: String,
    resource: WireResource,
}

#[derive(Deserialize)]
struct WireResource {
    sqs: Option<WireQueue>,
}

#[derive(Deserialize)]
struct WireQueue {
    arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSubscription {
    subscription_id: SubscriptionId,
    payload_version: String,
    destination_id: String,
}

impl From<WireDestination> for Destination {
    fn from(wire: WireDestination) -> Self {
        Self {
            id: DestinationId::new(wire.destination_id),
            name: wire.name,
            queue: wire.resource.sqs.and_then(|queue| queue.arn.parse().ok()),
        }
    }
}

impl From<WireSubscription> for Subscription {
    fn from(wire: WireSubscription) -> Self {
        Self {
            id: wire.subscription_id,
            destination: DestinationId::new(wire.destination_id),
            payload_version: PayloadVersion::new(wire.payload_version),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spapi::fake::{Fake, Reply, caller, refused_token};

    const ARN: &str = "arn:aws:sqs:eu-west-1:123456789012:orders";

    fn arn() -> QueueArn {
        ARN.parse().expect("an ARN")
    }

    /// A destination as Amazon writes it, `null`s included.
    fn destination(id: &str, arn: &str) -> Value {
        json!({
            "destinationId": id,
            "name": "renown",
            "resource": {"sqs": {"arn": arn}, "eventBridge": null, "privateSqs": null},
        })
    }

    fn subscription(destination: &str) -> Value {
        json!({"payload": {"subscriptionId": "sub-1", "payloadVersion": "1.0", "destinationId": destination}})
    }

    fn refusal(status: u16, code: &str, details: &str) -> Reply {
        let body = json!({"errors": [{"code": code, "message": "No.", "details": details}]});
        Reply::json(status, &body.to_string())
    }

    fn body(text: &str) -> Value {
        serde_json::from_str(text).expect("JSON")
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_is_made_known_without_any_sellers_grant() {
        let reply = json!({"payload": destination("d-1", ARN)}).to_string();
        let fake = Fake::with_tokens(move |_| Reply::json(200, &reply));
        let made = fake.api().create_destination(&caller().app(), "renown", &arn()).await;
        let expected =
            Destination { id: DestinationId::new("d-1"), name: "renown".to_owned(), queue: Some(arn()) };
        assert_eq!(made, Ok(expected));
        let seen = &fake.calls()[0];
        assert_eq!(
            (seen.method.as_str(), seen.target.as_str(), seen.header("content-type")),
            ("POST", "/notifications/v1/destinations", "application/json")
        );
        assert_eq!(
            body(&seen.body),
            json!({"name": "renown", "resourceSpecification": {"sqs": {"arn": ARN}}})
        );
        let login = &fake.logins()[0];
        assert_eq!(
            (
                login.form("grant_type").as_str(),
                login.form("scope").as_str(),
                login.form("refresh_token").as_str()
            ),
            ("client_credentials", "sellingpartnerapi::notifications", "")
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_queue_that_is_known_is_found_by_its_arn() {
        let there = [
            destination("d-0", "arn:aws:sqs:eu-west-1:123456789012:other"),
            json!({"destinationId": "d-e", "name": "bus", "resource": {"eventBridge": {"name": "b", "region": "r", "accountId": "a"}}}),
            destination("d-1", ARN),
        ];
        let list = json!({"payload": there}).to_string();
        let fake = Fake::with_tokens(move |seen| match seen.method.as_str() {
            "POST" => refusal(409, "Conflict", "already exists"),
            _ => Reply::json(200, &list),
        });
        let found = fake.api().create_destination(&caller().app(), "renown", &arn()).await.expect("found");
        assert_eq!(found.id, DestinationId::new("d-1"));
        assert_eq!(fake.n_logins(), 1, "one token of the app serves both calls");
    }

    #[tokio::test(start_paused = true)]
    async fn a_conflict_that_nothing_explains_is_told_in_amazons_words() {
        let fake = Fake::with_tokens(|seen| match (seen.method.as_str(), seen.target.as_str()) {
            ("POST", _) => refusal(409, "Conflict", "a destination with arn X"),
            (_, DESTINATIONS) => Reply::json(200, r#"{"payload":[]}"#),
            _ => refusal(404, "NotFound", ""),
        });
        let api = fake.api();
        let error = api.create_destination(&caller().app(), "renown", &arn()).await.expect_err("in the way");
        assert!(matches!(&error, Error::Conflict { message, .. } if message.contains("arn X")), "{error:?}");
        let kind = NotificationType::OrderChange;
        let version = kind.usual_payload_version();
        let error = api.create_subscription(&caller(), kind, &DestinationId::new("d-1"), &version).await;
        assert!(matches!(error, Err(Error::Conflict { .. })), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn order_changes_are_subscribed_to_by_status_and_the_others_as_a_whole() {
        for (kind, version, directive) in [
            (
                NotificationType::OrderChange,
                "1.0",
                json!({"eventFilter": {"eventFilterType": "ORDER_CHANGE", "orderChangeTypes": ["OrderStatusChange"]}}),
            ),
            (NotificationType::AccountStatusChanged, "2021-01-01", Value::Null),
            (NotificationType::ReportProcessingFinished, "1.0", Value::Null),
        ] {
            let reply = subscription("d-1").to_string();
            let fake = Fake::with_tokens(move |_| Reply::json(200, &reply));
            let destination = DestinationId::new("d-1");
            let made = fake
                .api()
                .create_subscription(&caller(), kind, &destination, &kind.usual_payload_version())
                .await
                .expect("made");
            assert_eq!((made.id.as_str(), &made.destination), ("sub-1", &destination));
            let seen = &fake.calls()[0];
            assert_eq!(seen.target, format!("/notifications/v1/subscriptions/{}", kind.name()));
            let sent = body(&seen.body);
            assert_eq!((&sent["payloadVersion"], &sent["destinationId"]), (&json!(version), &json!("d-1")));
            assert_eq!(sent["processingDirective"], directive);
            assert_eq!(fake.logins()[0].form("grant_type"), "refresh_token");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_subscription_that_is_there_is_answered_with_wherever_it_goes() {
        let reply = subscription("old queue").to_string();
        let fake = Fake::with_tokens(move |seen| match seen.method.as_str() {
            "POST" => refusal(409, "StateConflict", ""),
            _ => Reply::json(200, &reply),
        });
        let kind = NotificationType::ReportProcessingFinished;
        let found = fake
            .api()
            .create_subscription(&caller(), kind, &DestinationId::new("d-1"), &kind.usual_payload_version())
            .await
            .expect("found");
        assert_eq!(found.destination, DestinationId::new("old queue"));
    }

    #[tokio::test(start_paused = true)]
    async fn no_subscription_is_none_and_a_refusal_is_not() {
        let kind = NotificationType::OrderChange;
        let fake = Fake::with_tokens(|_| refusal(404, "NotFound", ""));
        assert_eq!(fake.api().subscription(&caller(), kind).await, Ok(None));
        let fake = Fake::with_tokens(|_| refusal(403, "Unauthorized", "no role"));
        let error = fake.api().subscription(&caller(), kind).await;
        assert!(matches!(error, Err(Error::Forbidden { .. })), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn taking_away_what_is_gone_succeeds_and_what_is_in_use_does_not() {
        let (app, kind) = (caller().app(), NotificationType::OrderChange);
        let id: SubscriptionId = "a/b".parse().expect("an id");
        for status in [200, 404] {
            let fake = Fake::with_tokens(move |_| Reply::json(status, "{}"));
            let api = fake.api();
            assert_eq!(api.delete_subscription(&app, kind, &id).await, Ok(()));
            assert_eq!(api.delete_destination(&app, &DestinationId::new("d/1")).await, Ok(()));
            let seen: Vec<_> =
                fake.calls().into_iter().map(|seen| (seen.method, seen.target, seen.body)).collect();
            let expected = [
                "/notifications/v1/subscriptions/ORDER_CHANGE/a%2Fb",
                "/notifications/v1/destinations/d%2F1",
            ];
            assert_eq!(seen, expected.map(|target| ("DELETE".to_owned(), target.to_owned(), String::new())));
        }
        let fake = Fake::with_tokens(|_| refusal(403, "Unauthorized", "Destination has subscriptions"));
        let error = fake.api().delete_destination(&app, &DestinationId::new("d-1")).await;
        assert!(
            matches!(&error, Err(Error::Forbidden { message, .. }) if message.contains("has subscriptions")),
            "{error:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn an_app_and_its_seller_have_a_token_each_and_a_denial_names_who_is_denied() {
        let fake = Fake::with_tokens(|_| refused_token());
        let (api, caller) = (fake.api(), caller());
        let of_app = api.destinations(&caller.app()).await.expect_err("denied");
        assert!(
            matches!(&of_app, Error::AppDenied { app, .. } if *app == caller.credentials.client_id),
            "{of_app:?}"
        );
        let of_seller = api.subscription(&caller, NotificationType::OrderChange).await.expect_err("denied");
        assert!(
            matches!(&of_seller, Error::Denied { seller, .. } if *seller == caller.seller),
            "{of_seller:?}"
        );
        let grants: Vec<_> = fake.logins().iter().map(|login| login.form("grant_type")).collect();
        assert_eq!(grants, ["client_credentials", "client_credentials", "refresh_token", "refresh_token"]);
    }
}
