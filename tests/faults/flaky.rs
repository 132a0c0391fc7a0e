//! The wires to the table and to Amazon.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use renown_local::dynamo::Dynamo;
use renown_simulator::Simulator;
use renown_tests::flaky_table::FlakyTable;

use crate::branches::Branches;

/// The wires of one history. Clones share the draws and the switch.
#[derive(Clone)]
pub(crate) struct Wires {
    simulator: Simulator,
    table: FlakyTable,
}

impl std::fmt::Debug for Wires {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wires").finish_non_exhaustive()
    }
}

impl Wires {
    pub(crate) fn new(
        dynamo: Dynamo,
        simulator: Simulator,
        seed: u64,
        per_mille: u64,
        branches: Branches,
    ) -> Self {
        let table = FlakyTable::new(dynamo, seed, per_mille, move |name| branches.hit(name));
        Self { simulator, table }
    }

    /// From now on the table answers as it should.
    pub(crate) fn heal(&self) {
        self.table.heal();
    }

    /// The SDK client for the table.
    pub(crate) fn table(&self) -> aws_sdk_dynamodb::Client {
        self.table.client()
    }

    /// The HTTP client for Amazon.
    pub(crate) fn amazon(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(ToAmazon(self.clone()));
        http_client_fn(move |_, _| connector.clone())
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
            tokio::time::sleep(wires.table.delay(300)).await;
            let answer = wires.simulator.call(request).await.map_err(|e| ConnectorError::io(e.into()))?;
            tokio::time::sleep(wires.table.delay(300)).await;
            HttpResponse::try_from(answer.map(SdkBody::from))
                .map_err(|e| ConnectorError::other(e.into(), None))
        })
    }
}
