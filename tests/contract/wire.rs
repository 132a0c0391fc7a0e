//! An HTTP client in the process: keeps what was sent and answers as it is told.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use renown_core::marketplace::Region;
use renown_io::clock::Clock;
use renown_io::secrets::{Credentials, Secret};
use renown_io::spapi::{Caller, Endpoints, SpApi};

/// A request as it was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Decoded, in order.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
}

/// Amazon, as far as these tests go.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    status: u16,
    body: String,
    sent: Arc<Mutex<Vec<Sent>>>,
    grant_types: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    /// Logins succeed; everything else is answered so.
    pub(crate) fn answering(status: u16, body: &serde_json::Value) -> Self {
        Self { status, body: body.to_string(), sent: Arc::default(), grant_types: Arc::default() }
    }

    pub(crate) fn clock() -> Clock {
        Clock::starting_at("2026-10-05T12:00:00Z".parse::<Timestamp>().expect("a time"))
    }

    pub(crate) fn api(&self) -> SpApi {
        let connector = SharedHttpConnector::new(self.clone());
        let http = http_client_fn(move |_, _| connector.clone());
        SpApi::new(&http, Self::clock(), Endpoints::at("http://127.0.0.1:8480").expect("this machine"))
    }

    /// With what the client has logged in: `refresh_token`, `client_credentials`.
    pub(crate) fn grant_types(&self) -> Vec<String> {
        self.grant_types.lock().expect("no panic").clone()
    }

    /// What was sent to the Selling Partner API.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().expect("no panic").clone()
    }
}

/// A seller in Europe.
pub(crate) fn caller() -> Caller {
    Caller {
        seller: "A2CONTRACT".parse().expect("a seller id"),
        region: Region::Eu,
        credentials: Credentials {
            client_id: "amzn1.application-oa2-client.contract".parse().expect("an app id"),
            client_secret: Secret::new("not a secret"),
            refresh_token: Secret::new("not a token"),
        },
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let uri: http::Uri = request.uri().parse().expect("a URL");
        let body =
            String::from_utf8(request.body().bytes().expect("a body in memory").to_vec()).expect("text");
        if uri.path() == "/auth/o2/token" {
            let form = form_urlencoded::parse(body.as_bytes());
            let grant_type = form.into_owned().find(|(key, _)| key == "grant_type").expect("a grant type");
            self.grant_types.lock().expect("no panic").push(grant_type.1);
            return answer(
                200,
                r#"{"access_token":"contract-token","token_type":"bearer","expires_in":3600}"#,
            );
        }
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        self.sent.lock().expect("no panic").push(Sent {
            method: request.method().to_owned(),
            path: uri.path().to_owned(),
            query,
            content_type: request.headers().get("content-type").map(str::to_owned),
            body,
        });
        answer(self.status, &self.body)
    }
}

fn answer(status: u16, body: &str) -> HttpConnectorFuture {
    let response = http::Response::builder().status(status).body(SdkBody::from(body)).expect("a response");
    HttpConnectorFuture::ready(Ok(response.try_into().expect("a response")))
}
