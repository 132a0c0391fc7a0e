//! A world with one application and two sellers, and a client that calls in the same process.

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use renown_simulator::{App, ConnectionReset, Order, Promise, Region, Seller, Simulator};
use serde_json::Value;

pub(crate) const US: &str = "ATVPDKIKX0DER";
pub(crate) const DE: &str = "A1PA6795UKMFR9";
pub(crate) const JP: &str = "A1VC38T7YXB528";
pub(crate) const SELLER: &str = "A1SELLER";
pub(crate) const OTHER_SELLER: &str = "A2SELLER";
pub(crate) const ORDER: &str = "111-1111111-1111111";
pub(crate) const AGENT: &str = "Test/1.0 (Language=Rust/1.94)";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub(crate) fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}

/// A reply, read completely.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    pub(crate) fn message(&self) -> String {
        self.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A simulator and the access token of [`SELLER`].
pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) token: String,
}

impl World {
    /// Starts on 1 March 2026 with a shipped order whose window runs from 6 March to 2 April
    /// (promise: 1 to 3 March).
    pub(crate) async fn new() -> Self {
        let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
        simulator.add_app(App::new("client", "secret"));
        simulator.add_app(App::new("other-client", "other-secret"));
        let seller = Seller::new(SELLER, Region::Na, &[US, DE, JP]).granting("Atzr|one", "client");
        simulator.add_seller(seller);
        simulator.add_seller(Seller::new(OTHER_SELLER, Region::Eu, &[DE]).granting("Atzr|two", "client"));
        let world = Self { simulator, token: String::new() };
        world.put(order());
        let token = world.token_of("Atzr|one").await;
        Self { token, ..world }
    }

    pub(crate) fn put(&self, order: Order) {
        self.simulator.put_order(order).expect("a valid order");
    }

    pub(crate) fn go_to(&self, time: &str) {
        self.simulator.set_clock(at(time));
    }

    /// A fresh access token for a refresh token.
    pub(crate) async fn token_of(&self, refresh_token: &str) -> String {
        let reply = self.ask_lwa(&[("refresh_token", refresh_token)]).await;
        reply.json()["access_token"].as_str().expect("an access token").to_owned()
    }

    /// A fresh token of the first application itself, for the operations that need no seller.
    pub(crate) async fn token_of_app(&self) -> String {
        let scope = "sellingpartnerapi::notifications";
        let reply = self.ask_lwa(&[("grant_type", "client_credentials"), ("scope", scope)]).await;
        reply.json()["access_token"].as_str().expect("an access token").to_owned()
    }

    /// The refresh grant of the first application, with some fields changed or added.
    pub(crate) async fn ask_lwa(&self, fields: &[(&str, &str)]) -> Reply {
        let mut form =
            vec![("grant_type", "refresh_token"), ("client_id", "client"), ("client_secret", "secret")];
        form.retain(|(name, _)| !fields.iter().any(|(given, _)| given == name));
        form.extend(fields);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post("/auth/o2/token").body(Bytes::from(body)).expect("a request");
        self.send(request).await.expect("no reset")
    }

    pub(crate) async fn send(&self, request: Request<Bytes>) -> Result<Reply, ConnectionReset> {
        let (parts, body) = self.simulator.call(request).await?.into_parts();
        Ok(Reply { status: parts.status, headers: parts.headers, body })
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> http::request::Builder {
        Self::request_with(&self.token, method, path)
    }

    /// A request with another token than the seller's.
    pub(crate) fn request_with(token: &str, method: &str, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header("x-amz-access-token", token)
            .header("user-agent", AGENT)
    }

    pub(crate) async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: &str,
    ) -> Result<Reply, ConnectionReset> {
        let request = self.request(method, path).body(Bytes::from(body.to_owned())).expect("a request");
        self.send(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.try_call("GET", path, "").await.expect("no reset")
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Reply {
        self.try_call("POST", path, body).await.expect("no reset")
    }

    /// Whether the action is offered for an order in the United States.
    pub(crate) async fn offered(&self, order: &str) -> bool {
        let reply = self.get(&actions_path(order)).await;
        assert_eq!(reply.status, 200, "{:?}", reply.body);
        !reply.json()["_links"]["actions"].as_array().expect("a list").is_empty()
    }

    pub(crate) async fn solicit(&self, order: &str) -> Reply {
        self.post(&solicit_path(order), "").await
    }
}

pub(crate) fn actions_path(order: &str) -> String {
    format!("/solicitations/v1/orders/{order}?marketplaceIds={US}")
}

pub(crate) fn solicit_path(order: &str) -> String {
    format!(
        "/solicitations/v1/orders/{order}/solicitations/productReviewAndSellerFeedback?marketplaceIds={US}"
    )
}

/// The order every world starts with.
pub(crate) fn order() -> Order {
    let mut order = Order::new(ORDER, SELLER, US, at("2026-02-25T10:00:00Z"));
    order.shipped_at = Some(at("2026-02-26T10:00:00Z"));
    order.delivered_at = Some(at("2026-03-02T10:00:00Z"));
    order.promise = Promise { earliest: at("2026-03-01T08:00:00Z"), latest: at("2026-03-03T22:00:00Z") };
    order
}

/// The same order under another id.
pub(crate) fn order_named(order_id: &str) -> Order {
    Order { order_id: order_id.to_owned(), ..order() }
}
