//! The embedded store behind a socket on loopback, for whoever is not in this process; with keys
//! of mail beside it, as Parameter Store would give them.

use std::net::SocketAddr;
use std::thread::JoinHandle;

use anyhow::Context as _;
use aws_sdk_dynamodb::Client;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt as _;
use renown_io::http;
use renown_local::dynamo::{Dynamo, client_over};
use serde_json::json;
use tokio::sync::oneshot;

use crate::cold::tls::{Identity, Listener};

/// A store that is served; until it is dropped.
#[derive(Debug)]
pub(crate) struct Served {
    url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    /// Serves a store, on a thread of its own and on a free port.
    pub(crate) fn start(dynamo: Dynamo) -> anyhow::Result<Self> {
        let (listener, address) = loopback()?;
        Self::serve(format!("http://{address}"), async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            // Without it each small answer may wait for the acknowledgement of the one before.
            let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
            let _ = axum::serve(listener, router(dynamo)).await;
        })
    }

    /// The same behind TLS, as AWS serves it.
    pub(crate) fn start_with_tls(dynamo: Dynamo, identity: &Identity) -> anyhow::Result<Self> {
        let (listener, address) = loopback()?;
        let acceptor = identity.acceptor();
        Self::serve(format!("https://localhost:{}", address.port()), async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            let _ = axum::serve(Listener::new(listener, acceptor), router(dynamo)).await;
        })
    }

    fn serve(url: String, serving: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let until_stopped = async move {
            tokio::select! {
                () = serving => {}
                _ = stopped => {}
            }
        };
        let thread = std::thread::spawn(move || runtime.block_on(until_stopped));
        Ok(Self { url, stop: Some(stop), thread: Some(thread) })
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The ordinary SDK client to it, over the socket.
    pub(crate) fn client(&self) -> Client {
        let usual = client_over(http::client_of_the_machine());
        Client::from_conf(usual.config().to_builder().endpoint_url(self.url()).build())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A server that panicked has been missed by its clients already.
            let _ = thread.join();
        }
    }
}

fn loopback() -> anyhow::Result<(std::net::TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").context("no free port on loopback")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn router(dynamo: Dynamo) -> Router {
    Router::new().fallback(answer).with_state(dynamo)
}

/// Keys of mail, as Parameter Store answers with them: for whoever needs any.
fn keys_of_mail() -> String {
    let key = "5a".repeat(32);
    let stored = json!({"identity": key, "contacts": key, "links": [{"id": "1", "key": key}]});
    json!({"Parameter": {"Name": "/renown/mail/keys", "Type": "SecureString", "Value": stored.to_string()}})
        .to_string()
}

async fn answer(State(dynamo): State<Dynamo>, headers: HeaderMap, body: String) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    if target == "AmazonSSM.GetParameter" {
        return ([(header::CONTENT_TYPE, "application/x-amz-json-1.1")], keys_of_mail()).into_response();
    }
    let (status, json) = dynamo.call(target.rsplit('.').next().unwrap_or_default(), &body);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], json).into_response()
}
