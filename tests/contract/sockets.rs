//! The client as production builds it, over real sockets, against the simulator.
//!
//! The simulator was written from Amazon's models without looking at the client, so it is a
//! second reading of the same contract; and only here do the real HTTP client's connection,
//! chunked bodies and reset show themselves.

use std::net::SocketAddr;

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::OrderId;
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::order::OrderStatus;
use renown_core::reports::{AllOrdersRow, Charset, Reader, Row as _};
use renown_io::clock::Clock;
use renown_io::http::client_of_the_machine;
use renown_io::secrets::{Credentials, Secret};
use renown_io::spapi::{
    Actions, Caller, Disputes, Endpoints, Error, NotificationType, QueueArn, ReportRequest, ReportStatus,
    SpApi, UnshippedOrders,
};
use renown_simulator::{App, Fault, FaultKind, Seller, Simulator, serve};
use tokio::net::TcpListener;

const ORDER: &str = "503-1234567-0000001";
const UNSHIPPED: &str = "503-1234567-7654321";
const APP: &str = "amzn1.application-oa2-client.contract";
const START: &str = "2026-10-05T12:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn japan() -> MarketplaceId {
    MarketplaceId::of_country("JP").expect("known")
}

/// A seller in Japan whose report files are gzip and MS932, with one order in its window and one
/// that is still to be shipped.
fn simulator() -> Simulator {
    let simulator = Simulator::new(at(START));
    simulator.add_app(App::new(APP, "contract-secret"));
    let seller = Seller::new("A2CONTRACT", renown_simulator::Region::Fe, &[japan().as_str()]);
    simulator.add_seller(Seller {
        gzip: true,
        charset: Some("MS932".to_owned()),
        ..seller.granting("contract-grant", APP)
    });
    let order = serde_json::json!({
        "order_id": ORDER, "seller_id": "A2CONTRACT", "marketplace_id": japan().as_str(), "channel": "amazon",
        "purchased_at": "2026-09-20T00:00:00Z", "shipped_at": "2026-09-21T00:00:00Z",
        "delivered_at": "2026-09-24T00:00:00Z",
        "promise": {"earliest": "2026-09-23T00:00:00Z", "latest": "2026-09-26T00:00:00Z"},
        "items": [{"sku": "スマホケース-黒", "asin": "B0TEST0001", "title": "スマホケース", "quantity": 1}],
    });
    let mut waiting = order.clone();
    waiting["order_id"] = serde_json::json!(UNSHIPPED);
    waiting["channel"] = serde_json::json!("merchant");
    waiting["shipped_at"] = serde_json::Value::Null;
    waiting["delivered_at"] = serde_json::Value::Null;
    for order in [order, waiting] {
        simulator.put_order(serde_json::from_value(order).expect("an order")).expect("accepted");
    }
    simulator
}

async fn start(simulator: &Simulator) -> (SpApi, Caller) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address: SocketAddr = listener.local_addr().expect("an address");
    tokio::spawn(serve(listener, simulator.clone()));
    let endpoints = Endpoints::at(&format!("http://{address}")).expect("this machine");
    let api = SpApi::new(&client_of_the_machine(), Clock::starting_at(at(START)), endpoints);
    let caller = Caller {
        seller: "A2CONTRACT".parse().expect("a seller id"),
        region: Region::Fe,
        credentials: Credentials {
            client_id: APP.parse().expect("an app id"),
            client_secret: Secret::new("contract-secret"),
            refresh_token: Secret::new("contract-grant"),
        },
    };
    (api, caller)
}

#[tokio::test]
async fn every_reading_operation_works_over_real_sockets() {
    let simulator = simulator();
    let (api, caller) = start(&simulator).await;
    let order: OrderId = ORDER.parse().expect("an order id");

    let found = api.marketplace_participations(&caller).await.expect("answered");
    assert_eq!(found.known.iter().map(|one| one.marketplace).collect::<Vec<_>>(), [japan()]);
    assert_eq!(api.actions(&caller, &order, japan()).await, Ok(Actions { offered: true }));
    let details = api.get_order(&caller, &order).await.expect("answered");
    assert_eq!((details.status, details.marketplace), (Some(OrderStatus::Shipped), Some(japan())));
    let search = UnshippedOrders { marketplaces: vec![japan()], created_after: at("2026-09-01T00:00:00Z") };
    let page = api.unshipped_orders(&caller, &search, None).await.expect("answered");
    let waiting: Vec<_> = page.orders.iter().map(|order| (order.order_id.as_str(), order.ship_by)).collect();
    assert_eq!(waiting, [(UNSHIPPED, "2026-09-22T00:00:00Z".parse().ok())]);
    assert_eq!((page.unreadable.len(), page.next), (0, None));
    assert_eq!(api.disputes(&caller, &order).await, Ok(Disputes::default()));

    let request = ReportRequest {
        report_type: AllOrdersRow::REPORT_TYPE,
        marketplaces: vec![japan()],
        from: at("2026-09-10T00:00:00Z"),
        to: at("2026-10-05T00:00:00Z"),
        options: None,
    };
    let report = api.create_report(&caller, &request).await.expect("answered");
    simulator.step_clock(SignedDuration::from_mins(10));
    let Ok(ReportStatus::Done(id)) = api.report(&caller, &report).await else { panic!("not done") };
    let document = api.document(&caller, &id).await.expect("answered");
    let mut download = api.download(&document, Charset::WINDOWS_1252).await.expect("begun");
    let (mut reader, mut rows) = (Reader::<AllOrdersRow>::new("report"), Vec::new());
    while let Some(text) = download.next().await.expect("whole") {
        reader.push(&text, &mut rows).expect("an orders file");
    }
    reader.finish(&mut rows).expect("an orders file");
    assert_eq!(download.decoded().and_then(|decoded| decoded.charset), Some(Charset::SHIFT_JIS));
    let skus: Vec<_> =
        rows.iter().flatten().filter_map(|row| row.sku.as_ref()).map(ToString::to_string).collect();
    assert_eq!(skus, ["スマホケース-黒", "スマホケース-黒"]);

    assert_eq!(simulator.violations(), [], "no rate, window, user agent or buyer data was violated");
    assert!(api.clock_difference().is_some_and(|by| by.as_secs() >= 590), "Amazon's clock was stepped");
}

#[tokio::test]
async fn connecting_a_seller_twice_is_the_same_as_once_and_so_is_disconnecting() {
    let simulator = simulator();
    let (api, caller) = start(&simulator).await;
    let (app, kind) = (caller.app(), NotificationType::OrderChange);
    let queue: QueueArn = "arn:aws:sqs:us-west-2:123456789012:renown-orders".parse().expect("an ARN");

    let destination = api.create_destination(&app, "renown", &queue).await.expect("made");
    assert_eq!(api.create_destination(&app, "renown", &queue).await, Ok(destination.clone()));
    let version = kind.usual_payload_version();
    let made = api.create_subscription(&caller, kind, &destination.id, &version).await.expect("made");
    assert_eq!((&made.destination, &made.payload_version), (&destination.id, &version));
    assert_eq!(api.create_subscription(&caller, kind, &destination.id, &version).await, Ok(made.clone()));

    let in_use = api.delete_destination(&app, &destination.id).await;
    assert!(matches!(in_use, Err(Error::Forbidden { .. })), "{in_use:?}");
    for _ in 0..2 {
        assert_eq!(api.delete_subscription(&app, kind, &made.id).await, Ok(()));
    }
    assert_eq!(api.subscription(&caller, kind).await, Ok(None));
    assert_eq!(api.delete_destination(&app, &destination.id).await, Ok(()));
    assert_eq!(api.destinations(&app).await, Ok(vec![]));
    assert_eq!(simulator.violations(), [], "no rate was exceeded, the app's own included");
}

#[tokio::test]
async fn a_connection_that_is_reset_after_the_request_is_unclear_and_the_next_call_works() {
    let simulator = simulator();
    let (api, caller) = start(&simulator).await;
    simulator.add_fault(Fault::new(FaultKind::ResetAfter).on(renown_simulator::Operation::GetOrder).times(1));
    let order: OrderId = ORDER.parse().expect("an order id");
    let error = api.get_order(&caller, &order).await.expect_err("reset");
    assert!(matches!(error, Error::Unclear { .. }), "{error:?}");
    assert!(api.marketplace_participations(&caller).await.is_ok(), "over a new connection");
}
