//! The wire to the table and to Amazon, with delays and faults drawn from the history's seed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use renown_local::dynamo::{self, Dynamo};
use renown_simulator::Simulator;

use crate::branches::Branches;

/// The wires of one history. Clones share the draws and the switch.
#[derive(Clone)]
pub(crate) struct Wires {
    pub(crate) dynamo: Dynamo,
    pub(crate) simulator: Simulator,
    shared: Arc<Mutex<Shared>>,
    branches: Branches,
}

struct Shared {
    rng: fastrand::Rng,
    /// Of a thousand requests to the table, how many go wrong.
    per_mille: u64,
    /// Answers of the index, to be served again later.
    stale: Vec<String>,
}

impl std::fmt::Debug for Wires {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wires").finish_non_exhaustive()
    }
}

/// What happens to a request to the table.
enum Fate {
    Fine,
    /// The connection breaks before the table sees it.
    LostRequest,
    /// The table does it, and the reply is lost.
    LostReply,
    /// The table is busy.
    Throttled,
    /// The index answers as it did some time ago.
    StaleIndex(String),
}

impl Wires {
    pub(crate) fn new(
        dynamo: Dynamo,
        simulator: Simulator,
        seed: u64,
        per_mille: u64,
        branches: Branches,
    ) -> Self {
        let shared = Shared { rng: fastrand::Rng::with_seed(seed), per_mille, stale: Vec::new() };
        Self { dynamo, simulator, shared: Arc::new(Mutex::new(shared)), branches }
    }

    /// From now on the table answers as it should.
    pub(crate) fn heal(&self) {
        self.shared.lock().expect("no holder panics").per_mille = 0;
    }

    fn fate(&self, operation: &str, body: &str) -> Fate {
        let mut shared = self.shared.lock().expect("no holder panics");
        let of_index = operation == "Query" && body.contains("\"due\"");
        if shared.per_mille == 0 || shared.rng.u64(0..1000) >= shared.per_mille {
            return Fate::Fine;
        }
        match shared.rng.u8(0..4) {
            0 => Fate::LostRequest,
            1 => Fate::LostReply,
            2 if of_index && !shared.stale.is_empty() => {
                let n_pages = shared.stale.len();
                let which = shared.rng.usize(0..n_pages);
                Fate::StaleIndex(shared.stale[which].clone())
            }
            _ => Fate::Throttled,
        }
    }

    fn delay(&self, longest_ms: u64) -> Duration {
        Duration::from_millis(self.shared.lock().expect("no holder panics").rng.u64(0..=longest_ms))
    }

    /// The SDK client for the table.
    pub(crate) fn table(&self) -> aws_sdk_dynamodb::Client {
        let connector = SharedHttpConnector::new(ToTable(self.clone()));
        dynamo::client_over(http_client_fn(move |_, _| connector.clone()))
    }

    /// The HTTP client for Amazon.
    pub(crate) fn amazon(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(ToAmazon(self.clone()));
        http_client_fn(move |_, _| connector.clone())
    }
}

#[derive(Debug)]
struct ToTable(Wires);

impl HttpConnector for ToTable {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let wires = self.0.clone();
        HttpConnectorFuture::new(async move {
            let (operation, body) = dynamo::parts(&request)?;
            tokio::time::sleep(wires.delay(20)).await;
            let fate = wires.fate(&operation, body);
            if let Fate::LostRequest = fate {
                return Err(ConnectorError::io("connection reset".into()));
            }
            if let Fate::Throttled = fate {
                let error =
                    r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"busy"}"#;
                return dynamo::response(400, error.to_owned());
            }
            let (status, mut answer) = wires.dynamo.call(&operation, body);
            if operation == "Query" && body.contains("\"due\"") {
                wires.shared.lock().expect("no holder panics").stale.push(answer.clone());
            }
            tokio::time::sleep(wires.delay(20)).await;
            match fate {
                Fate::LostReply => {
                    wires.branches.hit("reply of the table lost");
                    return Err(ConnectorError::io("connection reset".into()));
                }
                Fate::StaleIndex(old) => {
                    wires.branches.hit("stale page of the index");
                    answer = old;
                }
                Fate::Fine | Fate::LostRequest | Fate::Throttled => {}
            }
            if status == 400 && answer.contains("ConditionalCheckFailed") {
                wires.branches.hit("race for an item lost");
            }
            dynamo::response(status, answer)
        })
    }
}

#[derive(Debug)]
struct ToAmazon(Wires);

impl HttpConnector for ToAmazon {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let wires = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|e| ConnectorError::user(e.into()))?;
            let request = request.map(|body| body.bytes().map(Bytes::copy_from_slice).unwrap_or_default());
            tokio::time::sleep(wires.delay(300)).await;
            let answer = wires.simulator.call(request).await.map_err(|e| ConnectorError::io(e.into()))?;
            tokio::time::sleep(wires.delay(300)).await;
            HttpResponse::try_from(answer.map(SdkBody::from))
                .map_err(|e| ConnectorError::other(e.into(), None))
        })
    }
}
