//! Files: charsets, rows that cannot be read, files that are none, buyers' data.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_types::body::SdkBody;
use renown_io::ledger::{ReportKind, ReportState};
use renown_local::amazon;
use renown_simulator as sim;

use crate::world::{SELLER, World, hours, log, t};

const START: &str = "2026-11-20T12:00:00Z";

#[tokio::test(start_paused = true)]
async fn every_charset_that_amazon_uses_is_read() {
    for (country, charset, gzip, sku) in [
        ("US", "UTF-8", false, "Thé-蓝色"),
        ("DE", "UTF-8-BOM", true, "Köln-蓝色"),
        ("DE", "Cp1252", false, "Köln-Größe-€"),
        ("DE", "Cp1252", true, "Köln-Größe-€"),
        ("JP", "MS932", false, "急須-①-ﾃｽﾄ"),
        ("JP", "MS932", true, "急須-①-ﾃｽﾄ"),
        ("US", "GB18030", true, "紫砂壶-大"),
        ("JP", "none", false, "急須"),
        ("DE", "none", true, "Köln"),
    ] {
        let world = World::at(START, country).await;
        let [mut seller] = <[sim::Seller; 1]>::try_from(world.simulator.sellers()).expect("one seller");
        seller.charset = Some(charset.to_owned());
        seller.gzip = gzip;
        world.simulator.add_seller(seller);
        let mut order = world.order(1, "2026-11-17T10:00:00Z");
        order.channel = sim::Channel::Amazon;
        order.items = vec![sim::Item::new(sku, "B000000001")];
        world.simulator.put_order(order).expect("valid");
        let summary = world.run(hours(1)).await;
        assert_eq!(
            (summary.read, summary.bad_rows, summary.problems.len()),
            (2, 0, 0),
            "{charset}: {summary:?}"
        );
        let order = world.stored("302-1000000-0000001").await.expect("there");
        let skus: Vec<_> = order.facts.skus.iter().map(renown_core::ids::Sku::as_str).collect();
        assert_eq!(skus, [sku], "{country} {charset}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_row_that_cannot_be_read_is_kept_with_its_place_and_the_others_go_on() {
    let world = World::at(START, "DE").await;
    for n in 1..=3 {
        let mut order = world.order(n, "2026-11-17T10:00:00Z");
        if n == 2 {
            order.items = vec![sim::Item::new("TEA", "B0 BROKEN")];
        }
        world.simulator.put_order(order).expect("valid");
    }
    let summary = world.run(hours(1)).await;
    assert_eq!((summary.read, summary.rows, summary.bad_rows), (1, 2, 1));
    assert_eq!(world.orders().await.len(), 2);
    let kept = world.app.ledger.unread("all_orders").await.expect("listed");
    let [entry] = &kept[..] else { panic!("{kept:?}") };
    assert!(entry.name.ends_with(" line 3"), "{}", entry.name);
    assert_eq!((entry.place.as_str(), entry.dead_letter), ("asin", false));
    assert!(
        entry.problem.contains("302-1000000-0000002") && entry.problem.contains("an ASIN is"),
        "{}",
        entry.problem
    );
    let ReportState::Done { rows, bad_rows, .. } = world.newest().await else { panic!("done") };
    assert_eq!((rows, bad_rows), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn names_of_products_come_with_the_reports_and_are_written_once() {
    let world = World::at(START, "DE").await;
    for n in 1..=3 {
        let mut order = world.order(n, "2026-11-17T10:00:00Z");
        order.channel = sim::Channel::Amazon;
        let mut item = sim::Item::new(if n == 3 { "CUP" } else { "TEA" }, format!("B00000000{n}"));
        item.title = Some(format!("Grüner Tee, {}", "lose ".repeat(40)));
        order.items = vec![item];
        world.simulator.put_order(order).expect("valid");
    }
    let summary = world.run(hours(1)).await;
    assert_eq!((summary.read, summary.problems.len()), (2, 0), "{summary:?}");
    let products = world.app.ledger.products(&world.seller()).await.expect("listed");
    let skus: Vec<_> = products.keys().map(renown_core::ids::Sku::as_str).collect();
    assert_eq!(skus, ["CUP", "TEA"]);
    for product in products.values() {
        assert!(product.name.starts_with("Grüner Tee, lose lose") && product.name.chars().count() <= 80);
    }
    // The ASIN is the all-orders report's; the shipments report, which names none, erases none.
    assert!(products.values().all(|product| product.asin.is_some()), "{products:?}");
    world.dynamo.count_units();
    world.app.ledger.record_products(&world.seller(), &products).await.expect("recorded");
    let units = world.dynamo.units().expect("counted");
    assert!(units.write.abs() < 0.1 && units.shared_write.abs() < 0.1, "{units:?}");
}

#[tokio::test(start_paused = true)]
async fn of_a_file_full_of_bad_rows_a_thousand_are_kept_and_the_rest_is_counted() {
    let world = World::at(START, "DE").await;
    let mut order = world.order(1, "2026-11-17T10:00:00Z");
    order.items = (0..1_203).map(|_| sim::Item::new("TEA", "B0 BROKEN")).collect();
    order.items.push(sim::Item::new("TEA", "B000000001"));
    world.simulator.put_order(order).expect("valid");
    let summary = world.run(hours(1)).await;
    assert_eq!((summary.read, summary.rows, summary.bad_rows), (1, 1, 1_203));
    let kept = world.app.ledger.unread("all_orders").await.expect("listed");
    assert_eq!(kept.len(), 1_001);
    let more: Vec<_> = kept.iter().filter(|entry| entry.place == "file").collect();
    assert!(more.len() == 1 && more[0].problem.starts_with("203 more rows"), "{more:?}");
    assert!(world.stored("302-1000000-0000001").await.is_some(), "the good row was taken in");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_is_none_is_given_up_with_its_reason_and_the_other_kind_is_read() {
    let simulator = sim::Simulator::new(t(START));
    let http = replacing_files(&simulator, |file| {
        file.starts_with("amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date")
            .then_some("<html>\n<body>\n")
    });
    let world = World::over(START, "DE", simulator, &http).await;
    let mut order = world.order(1, "2026-11-17T10:00:00Z");
    order.channel = sim::Channel::Amazon;
    world.simulator.put_order(order).expect("valid");
    let summary = world.run(hours(1)).await;
    assert_eq!(summary.read, 1);
    let ReportState::Failed { why, .. } = world.newest().await else { panic!("failed") };
    assert!(why.contains("amazon-order-id") && why.contains("download that report again"), "{why}");
    assert!(summary.problems.iter().any(|problem| problem.text.en.contains(&why)), "{:?}", summary.problems);
    assert!(world.stored("302-1000000-0000001").await.is_some(), "the shipments were read");
}

#[tokio::test(start_paused = true)]
async fn nothing_of_a_buyer_is_stored_or_logged() {
    let simulator = sim::Simulator::new(t(START));
    let saw_canary = Arc::new(AtomicBool::new(false));
    let saw = Arc::clone(&saw_canary);
    let http = replacing_files(&simulator, move |file| {
        saw.fetch_or(file.contains("CANARY"), Ordering::Relaxed);
        None
    });
    let world = World::over(START, "DE", simulator, &http).await;
    for n in 1..=4 {
        let mut order = world.order(n, "2026-11-17T10:00:00Z");
        order.channel = if n % 2 == 0 { sim::Channel::Amazon } else { sim::Channel::Merchant };
        if n == 3 {
            order.items = vec![sim::Item::new("TEA", "B0 BROKEN")];
        }
        world.simulator.put_order(order).expect("valid");
    }
    let summary = world.run(hours(1)).await;
    assert_eq!((summary.read, summary.bad_rows), (2, 1));
    assert!(saw_canary.load(Ordering::Relaxed), "there is something to keep out");
    let items = world.items(&mut BTreeSet::new());
    assert!(items.len() > 8, "{}", items.len());
    for (keys, item) in items {
        assert!(!item.to_string().contains("CANARY"), "{keys:?}: {item}");
    }
    let log = log();
    assert!(log.iter().any(|line| line["message"] == "report read" && line["seller.id"] == SELLER));
    for line in log {
        assert!(!line.to_string().contains("CANARY"), "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_download_that_breaks_off_is_read_again() {
    let world = World::at(START, "DE").await;
    world.simulator.put_order(world.order(1, "2026-11-17T10:00:00Z")).expect("valid");
    let fault = sim::Fault::new(sim::FaultKind::ResetBefore).on(sim::Operation::DownloadDocument).times(2);
    world.simulator.add_fault(fault);
    let summary = world.run(hours(1)).await;
    assert_eq!((summary.read, summary.new, summary.problems.len()), (1, 1, 0), "{summary:?}");
}

#[tokio::test(start_paused = true)]
async fn a_document_that_can_never_be_read_is_given_up_after_five_attempts() {
    let world = World::at(START, "DE").await;
    world.simulator.put_order(world.order(1, "2026-11-17T10:00:00Z")).expect("valid");
    world
        .simulator
        .add_fault(sim::Fault::new(sim::FaultKind::ResetBefore).on(sim::Operation::DownloadDocument));
    let summary = world.run(hours(1)).await;
    let failed = world.requests(ReportKind::AllOrders).await.pop().expect("there");
    assert!(matches!(failed.state, ReportState::Failed { .. }), "{failed:?}");
    assert_eq!(summary.problems.len(), 1);
    let downloads = world
        .simulator
        .calls()
        .iter()
        .filter(|call| call.operation == sim::Operation::DownloadDocument)
        .count();
    assert_eq!(downloads, 5);
}

/// An HTTP client to the simulator that lets `replace` see each document, and change it.
fn replacing_files(
    simulator: &sim::Simulator,
    replace: impl Fn(&str) -> Option<&'static str> + Send + Sync + 'static,
) -> SharedHttpClient {
    let settings = HttpConnectorSettings::default();
    let components = RuntimeComponentsBuilder::for_tests().build().expect("nothing is required");
    let inner = amazon::http_client(simulator.clone()).http_connector(&settings, &components);
    let connector = SharedHttpConnector::new(Replacing { inner, replace: Arc::new(replace) });
    http_client_fn(move |_, _| connector.clone())
}

/// Sees a document, and gives another one in its place.
type Replace = dyn Fn(&str) -> Option<&'static str> + Send + Sync;

struct Replacing {
    inner: SharedHttpConnector,
    replace: Arc<Replace>,
}

impl std::fmt::Debug for Replacing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replacing").finish_non_exhaustive()
    }
}

impl HttpConnector for Replacing {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_file = request.uri().contains("/documents/amzn1") && request.uri().contains("expires=");
        let (answer, replace) = (self.inner.call(request), Arc::clone(&self.replace));
        HttpConnectorFuture::new(async move {
            let mut answer: HttpResponse = answer.await?;
            if is_file {
                let text =
                    answer.body().bytes().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
                if let Some(other) = replace(&text) {
                    *answer.body_mut() = SdkBody::from(other);
                }
            }
            Ok(answer)
        })
    }
}
