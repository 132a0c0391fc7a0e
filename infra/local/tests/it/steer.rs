//! Pauses and modes, as they reach a shop at work.

use renown_core::ids::SellerId;
use renown_io::app::App;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::secrets::{Scope, Secrets};
use renown_io::spapi::{Endpoints, SpApi};
use renown_local::desk::choose;
use renown_local::folder::Folder;
use renown_local::steer::{Wish, fulfil, listen, live};
use renown_local::world::{ledger, open_table};

use crate::support::{NO_VIOLATION, days, demo, t};

fn app(data: &std::path::Path) -> App {
    let folder = Folder::existing(data).expect("there");
    let clock = Clock::starting_at(t("2026-10-02T00:00:00Z"));
    let simulator = renown_simulator::Simulator::new(clock.now());
    let http = renown_local::amazon::http_client(simulator);
    App {
        ledger: ledger(&open_table(&folder.table()).expect("opened"), clock.now()),
        spapi: SpApi::new(&http, clock.clone(), Endpoints::production()),
        secrets: Secrets::in_folder(folder.file("secrets")),
        bus: Bus::Nowhere,
        clock,
    }
}

async fn wish(data: &std::path::Path, wish: Wish) {
    let app = app(data);
    fulfil(&app, wish, None, app.clock.now()).await.expect("written");
}

async fn mode(data: &std::path::Path, mode: &str, seller: &str) {
    let app = app(data);
    let seller: SellerId = seller.parse().expect("valid");
    let done = match mode {
        "live" => live(&app, &seller, app.clock.now()).await,
        _ => listen(&app, &seller).await,
    };
    assert!(done.expect("written").en.contains(mode));
}

#[tokio::test(start_paused = true)]
async fn a_paused_shop_asks_nobody_and_goes_on_when_it_is_resumed() {
    let dir = tempfile::tempdir().expect("a folder");
    let (before, _) = demo(dir.path(), days(1)).await;
    wish(dir.path(), Wish::Pause).await;
    let (paused, _) = demo(dir.path(), days(2)).await;
    assert_eq!(paused.accepted.len(), before.accepted.len());
    assert!(paused.totals.open.contains_key("paused"), "{:?}", paused.totals.open);
    wish(dir.path(), Wish::Resume).await;
    let (resumed, _) = demo(dir.path(), days(1)).await;
    assert!(resumed.accepted.len() > paused.accepted.len());
    assert_eq!(resumed.findings.judged, NO_VIOLATION);
}

#[tokio::test(start_paused = true)]
async fn a_listening_seller_shows_whom_it_would_have_asked_and_its_secret_is_out_of_reach() {
    let dir = tempfile::tempdir().expect("a folder");
    let (before, _) = demo(dir.path(), days(1)).await;
    let sellers = renown_local::demo::sellers();
    for seller in &sellers {
        mode(dir.path(), "listen", seller.id.as_str()).await;
        let error = app(dir.path()).secrets.seller(Scope::Live, &seller.id).await.expect_err("out of reach");
        assert!(error.to_string().contains("go live"), "{error}");
    }
    let (listening, _) = demo(dir.path(), days(3)).await;
    assert_eq!(listening.accepted.len(), before.accepted.len());
    assert!(listening.totals.open.contains_key("would_have_asked"), "{:?}", listening.totals.open);
    mode(dir.path(), "live", sellers[0].id.as_str()).await;
    let (live, _) = demo(dir.path(), days(3)).await;
    assert!(live.accepted.len() > listening.accepted.len());
    assert_eq!(live.findings.judged, NO_VIOLATION);
}

#[tokio::test(start_paused = true)]
async fn a_seller_is_found_by_id_or_alias_and_one_that_is_not_connected_is_named_beside_those_that_are() {
    let dir = tempfile::tempdir().expect("a folder");
    demo(dir.path(), days(0)).await;
    let sellers = app(dir.path()).ledger.sellers().await.expect("listed");
    let found = |named| choose(&sellers, named).map(|seller| seller.id.to_string());
    assert_eq!(found(Some("A2KUMOTEA")).expect("by id"), "A2KUMOTEA");
    assert_eq!(found(Some("雲茶 Kumo Tea")).expect("by alias"), "A2KUMOTEA");
    let error = found(Some("A9NOBODY")).expect_err("unknown").to_string();
    assert!(error.contains("A9NOBODY") && error.contains("A1MORNINGHOME"), "{error}");
    let mut sellers = sellers.clone();
    sellers[0].alias = "A2KUMOTEA".to_owned();
    let is = |named| choose(&sellers, Some(named)).map(|seller| seller.id.to_string());
    assert_eq!(is("A2KUMOTEA").expect("an id before a name"), "A2KUMOTEA");
    sellers[0].alias = sellers[1].alias.clone();
    let error = choose(&sellers, Some("雲茶 Kumo Tea")).expect_err("two of them").to_string();
    assert!(error.contains("A1MORNINGHOME") && error.contains("A2KUMOTEA"), "{error}");
    sellers.truncate(2);
    let found = |named| choose(&sellers, named).map(|seller| seller.id.to_string());
    let error = found(None).expect_err("two of them").to_string();
    assert!(error.contains("--seller") && error.contains("A1MORNINGHOME"), "{error}");
}
