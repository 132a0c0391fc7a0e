//! The same simulator behind a socket.

use renown_simulator::{Fault, FaultKind, Simulator, load_demo, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::support::at;

/// Sends one request and reads until the server closes.
async fn exchange(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.unwrap();
    String::from_utf8(reply).unwrap()
}

fn token_request() -> String {
    let body = "grant_type=refresh_token&refresh_token=Atzr%7Cdemo-na&client_id=demo-client&client_secret=demo-secret";
    format!(
        "POST /auth/o2/token HTTP/1.1\r\nHost: sim\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn a_reset_closes_the_connection_without_a_byte_and_the_next_call_is_answered() {
    let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
    load_demo(&simulator);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(serve(listener, simulator.clone()));

    let token = renown_simulator::Operation::LwaToken;
    simulator.add_fault(Fault::new(FaultKind::ResetBefore).on(token).times(1));
    assert_eq!(exchange(address, &token_request()).await, "");
    let reply = exchange(address, &token_request()).await;
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
    assert!(reply.contains("access_token"));
    assert!(reply.contains("date: Sun, 01 Mar 2026"), "the header shows the simulator's clock: {reply}");
    server.abort();
}

#[tokio::test]
async fn the_demo_has_orders_in_several_states() {
    let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
    load_demo(&simulator);
    let orders = simulator.orders();
    let now = simulator.now();
    assert!(orders.iter().any(|order| order.window_opens() <= now && now <= order.window_closes()));
    assert!(orders.iter().any(|order| order.window_opens() > now));
    assert!(orders.iter().any(|order| order.cancelled_at.is_some()));
}

#[tokio::test]
async fn the_router_answers_like_the_socket_and_a_reset_breaks_its_body_off() {
    let simulator = Simulator::new(at("2026-03-01T00:00:00Z"));
    load_demo(&simulator);
    let ask = || {
        let request = http::Request::get("/sellers/v1/marketplaceParticipations")
            .body(axum::body::Body::empty())
            .unwrap();
        simulator.router().oneshot(request)
    };
    assert_eq!(ask().await.unwrap().status(), 403);
    let token = http::Request::post("/auth/o2/token").body(axum::body::Body::from(
        "grant_type=refresh_token&refresh_token=Atzr%7Cdemo-na&client_id=demo-client&client_secret=demo-secret",
    ));
    simulator.add_fault(Fault::new(FaultKind::ResetAfter).on(renown_simulator::Operation::LwaToken).times(1));
    let broken = simulator.router().oneshot(token.unwrap()).await.unwrap();
    assert!(axum::body::to_bytes(broken.into_body(), 1 << 20).await.is_err());
}
