//! Amazon inside the process: the client's own HTTP port over the simulator, without sockets.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use renown_simulator::Simulator;

/// The base URL under which the simulator is called; no such host exists.
pub const BASE_URL: &str = "http://127.0.0.1";

/// An HTTP client whose every request the simulator answers.
pub fn http_client(simulator: Simulator) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Connector(simulator));
    http_client_fn(move |_, _| connector.clone())
}

struct Connector(Simulator);

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let simulator = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|e| ConnectorError::user(e.into()))?;
            let request = request.map(|body| body.bytes().map(Bytes::copy_from_slice).unwrap_or_default());
            let answer = simulator.call(request).await.map_err(|e| ConnectorError::io(e.into()))?;
            HttpResponse::try_from(answer.map(SdkBody::from)).map_err(|e| ConnectorError::other(e.into(), None))
        })
    }
}
