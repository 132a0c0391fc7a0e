//! The simulator on a socket.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::error::ConnectionReset;
use crate::simulator::Simulator;

/// Accepts connections until the task is dropped. A reset closes the connection without a reply;
/// a client that hangs up early cancels its call where it stands.
pub async fn serve(listener: TcpListener, simulator: Simulator) -> Infallible {
    loop {
        // An error here is the client's (gone before it was accepted) or passes (no free file
        // descriptor): the next turn tries again.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let simulator = simulator.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(simulator.clone(), request));
            // The error is the reset that a fault asked for, or a client that went away.
            let _closed = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    simulator: Simulator,
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, ConnectionReset> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| ConnectionReset)?.to_bytes();
    let response = simulator.call(http::Request::from_parts(parts, body)).await?;
    Ok(response.map(Full::new))
}
