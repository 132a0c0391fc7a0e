//! The life of a report, its columns, its charset and its address.

use bytes::Bytes;
use renown_simulator::{Channel, Fault, FaultKind, Item, Order, Seller, Settings};
use serde_json::{Value, json};

use crate::support::{DE, JP, ORDER, Reply, SELLER, US, World, at, order, seconds};

const ALL_ORDERS: &str = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
const SHIPMENTS: &str = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL";
const REPORTS: &str = "/reports/2021-06-30/reports";

pub(crate) async fn ask(world: &World, report_type: &str, marketplace: &str, start: &str) -> Reply {
    let body = json!({"reportType": report_type, "marketplaceIds": [marketplace], "dataStartTime": start});
    world.post(REPORTS, &body.to_string()).await
}

/// Asks for a report and waits until it has ended.
pub(crate) async fn ended(world: &World, report_type: &str, marketplace: &str, start: &str) -> Value {
    let reply = ask(world, report_type, marketplace, start).await;
    assert_eq!(reply.status, 202, "{:?}", reply.body);
    world.simulator.step_clock(seconds(90));
    let id = reply.json()["reportId"].as_str().unwrap().to_owned();
    world.get(&format!("{REPORTS}/{id}")).await.json()
}

pub(crate) async fn document(world: &World, report: &Value, query: &str) -> Value {
    let id = report["reportDocumentId"].as_str().expect("a document");
    world.get(&format!("/reports/2021-06-30/documents/{id}{query}")).await.json()
}

/// Downloads without a token, as from a presigned address.
pub(crate) async fn download(world: &World, document: &Value) -> Reply {
    let request = http::Request::get(document["url"].as_str().unwrap()).body(Bytes::new()).unwrap();
    world.send(request).await.unwrap()
}

pub(crate) fn put_seller(world: &World, change: impl FnOnce(&mut Seller)) {
    let mut seller = world.simulator.sellers().into_iter().find(|seller| seller.seller_id == SELLER).unwrap();
    change(&mut seller);
    world.simulator.add_seller(seller);
}

#[tokio::test(start_paused = true)]
async fn a_report_waits_is_made_and_ends_with_a_document() {
    let world = World::new().await;
    let id = ask(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await.json()["reportId"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut statuses = Vec::new();
    for step in [0, 29, 1, 59, 1] {
        world.simulator.step_clock(seconds(step));
        statuses.push(world.get(&format!("{REPORTS}/{id}")).await.json()["processingStatus"].clone());
    }
    assert_eq!(statuses, ["IN_QUEUE", "IN_QUEUE", "IN_PROGRESS", "IN_PROGRESS", "DONE"]);
}

#[tokio::test(start_paused = true)]
async fn the_delay_is_a_setting() {
    let world = World::new().await;
    world.simulator.set_settings(Settings { report_delay_seconds: 0, ..Settings::default() });
    let id = ask(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await.json()["reportId"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(world.get(&format!("{REPORTS}/{id}")).await.json()["processingStatus"], "DONE");
}

#[tokio::test(start_paused = true)]
async fn no_rows_and_asking_again_within_a_minute_end_as_cancelled() {
    let world = World::new().await;
    let empty = ended(&world, ALL_ORDERS, JP, "2026-02-01T00:00:00Z").await;
    assert_eq!(empty["processingStatus"], "CANCELLED");
    assert!(empty.get("reportDocumentId").is_none());
    ask(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await;
    world.simulator.step_clock(seconds(59));
    assert_eq!(ended(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await["processingStatus"], "CANCELLED");
    assert_eq!(ended(&world, ALL_ORDERS, US, "2026-02-02T00:00:00Z").await["processingStatus"], "DONE");
    world.simulator.step_clock(seconds(61));
    assert_eq!(ended(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await["processingStatus"], "DONE");
}

#[tokio::test(start_paused = true)]
async fn a_report_can_be_doomed_to_fatal() {
    let world = World::new().await;
    world.simulator.add_fault(Fault::new(FaultKind::ReportFatal { document: None }).times(1));
    assert_eq!(ended(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await["processingStatus"], "FATAL");
}

#[tokio::test(start_paused = true)]
async fn a_fatal_report_may_have_a_document_that_says_why() {
    let world = World::new().await;
    let reason = r#"{"errorDetails":"The range is too long."}"#;
    let kind = FaultKind::ReportFatal { document: Some(reason.to_owned()) };
    world.simulator.add_fault(Fault::new(kind).times(1));
    let report = ended(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await;
    assert_eq!(report["processingStatus"], "FATAL");
    let document = document(&world, &report, "").await;
    assert_eq!(download(&world, &document).await.body, reason);
    let without = ended(&world, ALL_ORDERS, US, "2026-02-02T00:00:00Z").await;
    assert_eq!(without["processingStatus"], "DONE");
}

/// Rows of a file as (column → cell).
pub(crate) fn rows(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap().split('\t').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), columns.len(), "{line}");
            columns.iter().zip(cells).map(|(column, cell)| ((*column).to_owned(), cell.to_owned())).collect()
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn all_orders_shows_the_state_at_the_end_of_processing() {
    let world = World::new().await;
    let mut order = order();
    // Cancelled while the report is being made.
    order.cancelled_at = Some(at("2026-03-01T00:01:00Z"));
    order.items.push(Item::new("SKU-2", "B000000002"));
    world.put(order);
    let mut untouched = Order::new("222-2222222-2222222", SELLER, US, at("2026-01-01T00:00:00Z"));
    untouched.delivered_at = None;
    world.put(untouched);
    let mut shipped = crate::support::order_named("333-3333333-3333333");
    shipped.channel = Channel::Amazon;
    world.put(shipped);
    let report = ended(&world, ALL_ORDERS, US, "2026-02-20T00:00:00Z").await;
    let file = download(&world, &document(&world, &report, "").await).await;
    let text = String::from_utf8(file.body.to_vec()).unwrap();
    let rows = rows(&text);
    // The cancelled one was updated after the end of the range, so that only the other is there.
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["amazon-order-id"], "333-3333333-3333333");
    assert_eq!(
        (rows[0]["order-status"].as_str(), rows[0]["fulfillment-channel"].as_str()),
        ("Shipped", "Amazon")
    );
    assert_eq!(rows[0]["purchase-date"], "2026-02-25T10:00:00+00:00");
    assert_eq!(rows[0]["ship-postal-code"], "CANARY-POSTCODE");
    assert_eq!(rows[0]["sales-channel"], "Amazon.com");
}

#[tokio::test(start_paused = true)]
async fn shipments_show_each_line_with_its_true_arrival() {
    let world = World::new().await;
    let mut order = order();
    order.channel = Channel::Amazon;
    let mut second = Item::new("SKU-2", "B000000002");
    second.estimated_arrival = Some(at("2026-03-07T00:00:00Z"));
    order.items.push(second);
    world.put(order);
    world.put(crate::support::order_named("222-2222222-2222222"));
    let mut multi_channel = crate::support::order_named("333-3333333-3333333");
    multi_channel.channel = Channel::Amazon;
    multi_channel.non_amazon = true;
    world.put(multi_channel);
    let report = ended(&world, SHIPMENTS, US, "2026-02-20T00:00:00Z").await;
    let file = download(&world, &document(&world, &report, "").await).await;
    let rows = rows(std::str::from_utf8(&file.body).unwrap());
    let arrivals: Vec<_> = rows.iter().map(|row| row["estimated-arrival-date"].as_str()).collect();
    assert_eq!(
        arrivals,
        ["2026-03-03T22:00:00+00:00", "2026-03-07T00:00:00+00:00", "2026-03-03T22:00:00+00:00"]
    );
    let channels: Vec<_> = rows.iter().map(|row| row["sales-channel"].as_str()).collect();
    assert_eq!(channels, ["Amazon.com", "Amazon.com", "Non-Amazon"]);
}

#[tokio::test(start_paused = true)]
async fn charsets_follow_the_marketplace_or_the_sellers_setting() {
    let cases: [(&str, Option<&str>, &str, &[u8]); 7] = [
        (US, None, "text/plain; charset=UTF-8", "é".as_bytes()),
        (DE, None, "text/plain; charset=Cp1252", b"\xE9"),
        (JP, None, "text/plain; charset=MS932", b"\x8B\x7D"),
        (US, Some("GB18030"), "text/plain; charset=GB18030", b"\xA8\xA6"),
        (DE, Some("UTF-8-BOM"), "text/plain; charset=UTF-8", b"\xEF\xBB\xBFamazon"),
        (DE, Some("none"), "text/plain", "é".as_bytes()),
        (US, Some("iso-8859-1"), "text/plain; charset=iso-8859-1", b"\xE9"),
    ];
    for (marketplace, charset, content_type, bytes) in cases {
        let world = World::new().await;
        put_seller(&world, |seller| seller.charset = charset.map(str::to_owned));
        let mut order = order();
        order.marketplace_id = marketplace.to_owned();
        order.items[0].title = Some(if marketplace == JP { "急須" } else { "é" }.to_owned());
        world.put(order);
        let report = ended(&world, ALL_ORDERS, marketplace, "2026-02-01T00:00:00Z").await;
        let file = download(&world, &document(&world, &report, "").await).await;
        assert_eq!(file.header("content-type"), Some(content_type), "{marketplace} {charset:?}");
        assert!(file.body.windows(bytes.len()).any(|window| window == bytes), "{marketplace} {charset:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn gzip_is_told_and_may_be_left_to_the_transport() {
    let world = World::new().await;
    put_seller(&world, |seller| seller.gzip = true);
    let report = ended(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await;
    let plain = document(&world, &report, "").await;
    assert_eq!(plain["compressionAlgorithm"], "GZIP");
    let file = download(&world, &plain).await;
    assert_eq!((file.header("content-encoding"), &file.body[..2]), (None, &b"\x1F\x8B"[..]));
    let encoded = document(&world, &report, "?enableContentEncodingUrlHeader=true").await;
    assert_eq!(download(&world, &encoded).await.header("content-encoding"), Some("gzip"));
}

#[tokio::test(start_paused = true)]
async fn the_address_dies_after_five_minutes_and_names_the_host_that_was_asked() {
    let world = World::new().await;
    let report = ended(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await;
    let path = format!("/reports/2021-06-30/documents/{}", report["reportDocumentId"].as_str().unwrap());
    let request =
        world.request("GET", &path).header("host", "sim.test:99").header("x-forwarded-proto", "https");
    let found = world.send(request.body(Bytes::new()).unwrap()).await.unwrap().json();
    assert!(found["url"].as_str().unwrap().starts_with("https://sim.test:99/documents/"), "{found}");
    assert_eq!(download(&world, &found).await.status, 200);
    world.simulator.step_clock(seconds(302));
    assert_eq!(download(&world, &found).await.status, 403);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_report_is_told() {
    let world = World::new().await;
    world.simulator.take_notifications();
    let id = ask(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await.json()["reportId"].clone();
    assert!(world.simulator.take_notifications().is_empty());
    let now = world.simulator.now();
    let ends = world.simulator.next_change_after(now + seconds(31)).unwrap();
    assert!(ends <= now + seconds(90));
    world.simulator.set_clock(ends);
    let messages = world.simulator.take_notifications();
    assert_eq!(messages.len(), 1);
    let body: Value = serde_json::from_str(&messages[0].body).unwrap();
    assert_eq!(body["payload"]["reportProcessingFinishedNotification"]["reportId"], id);
    assert_eq!(body["payload"]["reportProcessingFinishedNotification"]["processingStatus"], "DONE");
}

#[tokio::test(start_paused = true)]
async fn only_a_report_in_the_queue_can_be_cancelled() {
    let world = World::new().await;
    let id = ask(&world, ALL_ORDERS, US, "2026-02-01T00:00:00Z").await.json()["reportId"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("{REPORTS}/{id}");
    assert_eq!(world.try_call("DELETE", &path, "").await.unwrap().status, 200);
    assert_eq!(world.get(&path).await.json()["processingStatus"], "CANCELLED");
    assert_eq!(world.try_call("DELETE", &path, "").await.unwrap().status, 400);
}

#[tokio::test(start_paused = true)]
async fn reports_are_listed_by_type_newest_first_in_pages() {
    let world = World::new().await;
    for day in 1..=12 {
        ask(&world, ALL_ORDERS, US, &format!("2026-02-{day:02}T00:00:00Z")).await;
        world.simulator.step_clock(seconds(60));
    }
    let first = world.get(&format!("{REPORTS}?reportTypes={ALL_ORDERS}")).await.json();
    assert_eq!(first["reports"].as_array().unwrap().len(), 10);
    let token = first["nextToken"].as_str().unwrap();
    let encoded: String = form_urlencoded::byte_serialize(token.as_bytes()).collect();
    let second = world.get(&format!("{REPORTS}?nextToken={encoded}")).await.json();
    assert_eq!(second["reports"].as_array().unwrap().len(), 2);
    assert!(second.get("nextToken").is_none());
    let done = world
        .get(&format!("{REPORTS}?reportTypes={ALL_ORDERS}&processingStatuses=IN_QUEUE,IN_PROGRESS"))
        .await
        .json();
    assert_eq!(done["reports"].as_array().unwrap().len(), 1);
    assert_eq!(world.get(&format!("{REPORTS}?reportTypes={SHIPMENTS}")).await.json()["reports"], json!([]));
    assert_eq!(world.get(REPORTS).await.status, 400);
}

#[tokio::test(start_paused = true)]
async fn requests_that_make_no_sense_are_refused() {
    let world = World::new().await;
    for body in [
        json!({"marketplaceIds": [US]}),
        json!({"reportType": "BAD", "marketplaceIds": [US]}),
        json!({"reportType": ALL_ORDERS, "marketplaceIds": []}),
        json!({"reportType": ALL_ORDERS, "marketplaceIds": [US], "dataStartTime": "2026-04-01T00:00:00Z"}),
        json!({"reportType": SHIPMENTS, "marketplaceIds": [US], "dataStartTime": "2026-01-01T00:00:00Z"}),
    ] {
        assert_eq!(world.post(REPORTS, &body.to_string()).await.status, 400, "{body}");
    }
    let elsewhere = json!({"reportType": ALL_ORDERS, "marketplaceIds": ["A1F83G8C2ARO7P"]});
    assert_eq!(world.post(REPORTS, &elsewhere.to_string()).await.status, 403);
    assert!(world.simulator.reports().is_empty());
    assert!(world.simulator.orders().iter().any(|order| order.order_id == ORDER));
}
