//! The wire to the table, with delays and faults drawn from a seed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use renown_local::dynamo::{self, Dynamo};

/// The wire. Clones share the draws and the switch.
#[derive(Clone)]
pub struct FlakyTable {
    dynamo: Dynamo,
    shared: Arc<Mutex<Shared>>,
    hit: Arc<dyn Fn(&'static str) + Send + Sync>,
}

struct Shared {
    rng: fastrand::Rng,
    /// Of a thousand requests, how many go wrong.
    per_mille: u64,
    /// Answers of the index, to be served again later.
    stale: Vec<String>,
}

impl std::fmt::Debug for FlakyTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlakyTable").finish_non_exhaustive()
    }
}

/// What happens to a request.
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

impl FlakyTable {
    /// A wire on which so many of a thousand requests go wrong. `hit` is told of each rare thing.
    pub fn new(
        dynamo: Dynamo,
        seed: u64,
        per_mille: u64,
        hit: impl Fn(&'static str) + Send + Sync + 'static,
    ) -> Self {
        let shared = Shared { rng: fastrand::Rng::with_seed(seed), per_mille, stale: Vec::new() };
        Self { dynamo, shared: Arc::new(Mutex::new(shared)), hit: Arc::new(hit) }
    }

    /// From now on the table answers as it should.
    pub fn heal(&self) {
        self.shared.lock().expect("no holder panics").per_mille = 0;
    }

    /// A drawn time, at most so long.
    pub fn delay(&self, longest_ms: u64) -> Duration {
        Duration::from_millis(self.shared.lock().expect("no holder panics").rng.u64(0..=longest_ms))
    }

    /// The SDK client for the table.
    pub fn client(&self) -> aws_sdk_dynamodb::Client {
        let connector = SharedHttpConnector::new(ToTable(self.clone()));
        dynamo::client_over(http_client_fn(move |_, _| connector.clone()))
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
}

#[derive(Debug)]
struct ToTable(FlakyTable);

impl HttpConnector for ToTable {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let wire = self.0.clone();
        HttpConnectorFuture::new(async move {
            let (operation, body) = dynamo::parts(&request)?;
            tokio::time::sleep(wire.delay(20)).await;
            let fate = wire.fate(&operation, body);
            if let Fate::LostRequest = fate {
                return Err(ConnectorError::io("connection reset".into()));
            }
            if let Fate::Throttled = fate {
                let error =
                    r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"busy"}"#;
                return dynamo::response(400, error.to_owned());
            }
            let (status, mut answer) = wire.dynamo.call(&operation, body);
            if operation == "Query" && body.contains("\"due\"") {
                wire.shared.lock().expect("no holder panics").stale.push(answer.clone());
            }
            tokio::time::sleep(wire.delay(20)).await;
            match fate {
                Fate::LostReply => {
                    (wire.hit)("reply of the table lost");
                    return Err(ConnectorError::io("connection reset".into()));
                }
                Fate::StaleIndex(old) => {
                    (wire.hit)("stale page of the index");
                    answer = old;
                }
                Fate::Fine | Fate::LostRequest | Fate::Throttled => {}
            }
            let is_lost_race =
                answer.contains("ConditionalCheckFailed") || answer.contains("TransactionConflict");
            if status == 400 && is_lost_race {
                (wire.hit)("race for an item lost");
            }
            dynamo::response(status, answer)
        })
    }
}
