//! Amazon inside the process: the client's own HTTP port over the simulator, without sockets.
//!
//! With a [`Memory`] beside it nothing that the simulator accepted is forgotten when the
//! process is killed: an acceptance is written down before anybody can learn of it.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use renown_simulator::{ConnectionReset, Simulator};

use crate::memory::Memory;

/// The base URL under which the simulator is called; no such host exists.
pub const BASE_URL: &str = "http://127.0.0.1";

/// An HTTP client whose every request the simulator answers.
pub fn http_client(simulator: Simulator) -> SharedHttpClient {
    client(Connector { simulator, memory: None })
}

/// The same, and what the simulator accepts is written down at once.
pub fn http_client_with_memory(simulator: Simulator, memory: Arc<Memory>) -> SharedHttpClient {
    client(Connector { simulator, memory: Some(memory) })
}

fn client(connector: Connector) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(connector);
    http_client_fn(move |_, _| connector.clone())
}

#[derive(Clone)]
struct Connector {
    simulator: Simulator,
    memory: Option<Arc<Memory>>,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|e| ConnectorError::user(e.into()))?;
            let request = request.map(|body| body.bytes().map(Bytes::copy_from_slice).unwrap_or_default());
            let answer = connector.answer(request).await?.map_err(|e| ConnectorError::io(e.into()))?;
            HttpResponse::try_from(answer.map(SdkBody::from))
                .map_err(|e| ConnectorError::other(e.into(), None))
        })
    }
}

impl Connector {
    async fn answer(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<Result<http::Response<Bytes>, ConnectionReset>, ConnectorError> {
        let Some((memory, order)) = self.memory.as_ref().zip(order_to_be_solicited(&request)) else {
            return Ok(self.simulator.call(request).await);
        };
        let accepted = || self.simulator.accepted().get(&order).and_then(|times| times.last().copied());
        let before = accepted();
        let mut failed = None;
        let mut noted = false;
        // Looked at after each step of the call, not after its end: the client may give up on a
        // call that was accepted and whose answer is slow, and then the end never comes.
        let mut call = pin!(self.simulator.call(request));
        let answer = poll_fn(|context| {
            let polled = call.as_mut().poll(context);
            if let Some(at) = accepted().filter(|at| !noted && before != Some(*at)) {
                noted = true;
                failed = memory.note_accepted(&order, at).err();
            }
            polled
        })
        .await;
        match failed {
            Some(error) => Err(ConnectorError::io(error.into())),
            None => Ok(answer),
        }
    }
}

/// The order that a request asks Amazon to solicit, if that is what it does.
fn order_to_be_solicited(request: &http::Request<Bytes>) -> Option<String> {
    let path = request.uri().path().strip_prefix("/solicitations/v1/orders/")?;
    let (order, action) = path.split_once('/')?;
    (request.method() == http::Method::POST && action.starts_with("solicitations/")).then(|| order.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use renown_simulator::{App, Fault, FaultKind, Operation, Order, Region, Seller};

    use super::*;

    const ORDER: &str = "302-0000001-0000001";

    fn simulator() -> Simulator {
        let start: Timestamp = "2026-10-15T10:00:00Z".parse().expect("a timestamp");
        let simulator = Simulator::new(start);
        simulator.add_app(App::new("app", "secret"));
        simulator.add_seller(Seller::new("S1", Region::Eu, &["A1PA6795UKMFR9"]).granting("grant", "app"));
        let bought = "2026-10-01T00:00:00Z".parse().expect("a timestamp");
        simulator.put_order(Order::new(ORDER, "S1", "A1PA6795UKMFR9", bought)).expect("a good order");
        simulator
    }

    async fn token(simulator: &Simulator) -> String {
        let body = "grant_type=refresh_token&client_id=app&client_secret=secret&refresh_token=grant";
        let request = http::Request::post(format!("{BASE_URL}/auth/o2/token")).body(Bytes::from(body));
        let answer = simulator.call(request.expect("a request")).await.expect("answered");
        let answer: serde_json::Value = serde_json::from_slice(answer.body()).expect("JSON");
        answer["access_token"].as_str().expect("a token").to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn an_acceptance_is_written_down_although_the_client_gave_up_on_the_answer() {
        let folder = tempfile::tempdir().expect("a folder");
        let simulator = simulator();
        let post = Operation::CreateProductReviewAndSellerFeedbackSolicitation;
        simulator.add_fault(Fault::new(FaultKind::StallAfter { seconds: 600 }).on(post));
        let (memory, _) = Memory::open(folder.path(), &simulator).expect("opened");
        let connector = Connector { simulator: simulator.clone(), memory: Some(Arc::new(memory)) };
        let path = format!("/solicitations/v1/orders/{ORDER}/solicitations/productReviewAndSellerFeedback");
        let request = http::Request::post(format!("{BASE_URL}{path}?marketplaceIds=A1PA6795UKMFR9"))
            .header("x-amz-access-token", token(&simulator).await)
            .header("user-agent", "Test/1 (Language=Rust)")
            .header("host", "sellingpartnerapi-eu.amazon.com")
            .body(Bytes::new());
        let answer = connector.answer(request.expect("a request"));
        assert!(tokio::time::timeout(Duration::from_secs(20), answer).await.is_err(), "no answer in time");

        let again = Simulator::new(simulator.now());
        Memory::open(folder.path(), &again).expect("opened again");
        assert!(again.accepted().contains_key(ORDER));
    }
}
