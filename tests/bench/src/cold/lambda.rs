//! Lambda, as a function sees it: the Runtime API on loopback, without TLS as there.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// What a function says.
#[derive(Debug)]
pub(crate) enum Said {
    /// It is ready for an event, and waits for it.
    Next(Waiting),
    /// It has answered its event, then.
    Answered(Instant, String),
    /// It could not start, or could not handle its event.
    Failed(String),
}

/// A function that waits for its event.
#[derive(Debug)]
pub(crate) struct Waiting(oneshot::Sender<Response<Body>>);

impl Waiting {
    /// Gives it the event; the moment at which it went out.
    pub(crate) fn give(self, event: &str, deadline_ms: i64) -> anyhow::Result<Instant> {
        let response = Response::builder()
            .header("content-type", "application/json")
            .header("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
            .header("lambda-runtime-deadline-ms", deadline_ms)
            .header(
                "lambda-runtime-invoked-function-arn",
                "arn:aws:lambda:eu-west-1:123456789012:function:cold",
            )
            .header("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0")
            .body(Body::from(event.to_owned()))?;
        let at = Instant::now();
        self.0.send(response).ok().context("the function has gone")?;
        Ok(at)
    }
}

/// The Runtime API for one function at a time; until it is dropped with its runtime.
#[derive(Debug)]
pub(crate) struct RuntimeApi {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    said: mpsc::UnboundedReceiver<Said>,
}

type Ear = State<mpsc::UnboundedSender<Said>>;

impl RuntimeApi {
    /// Serves it on a free port, as a task of this runtime.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let listener =
            tokio::net::TcpListener::bind("127.0.0.1:0").await.context("no free port on loopback")?;
        let address = listener.local_addr()?;
        let (ear, said) = mpsc::unbounded_channel();
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(answered))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .route("/2018-06-01/runtime/init/error", post(failed))
            .with_state(ear);
        let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, said })
    }

    /// What the function says next.
    pub(crate) async fn hear(&mut self) -> anyhow::Result<Said> {
        self.said.recv().await.context("the Runtime API has ended")
    }

    /// Forgets what a function said that has ended.
    pub(crate) fn forget(&mut self) {
        while self.said.try_recv().is_ok() {}
    }
}

async fn next(State(ear): Ear) -> Response<Body> {
    let (give, given) = oneshot::channel();
    let _ = ear.send(Said::Next(Waiting(give)));
    // Nobody gives anything any more: the measurement is over, and so is the function.
    given.await.unwrap_or_else(|_| StatusCode::GONE.into_response())
}

async fn answered(State(ear): Ear, Path(_id): Path<String>, body: String) -> StatusCode {
    let _ = ear.send(Said::Answered(Instant::now(), body));
    StatusCode::ACCEPTED
}

async fn failed(State(ear): Ear, body: String) -> StatusCode {
    let _ = ear.send(Said::Failed(body));
    StatusCode::ACCEPTED
}
