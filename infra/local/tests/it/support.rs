//! Runs of the demo, and a tiny shop.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use renown_core::control::{Control, Live};
use renown_core::order::{
    Answer, Dated, Facts, FulfillmentChannel, OrderStatus, Promise, SeenIn, Shipped, Sighting,
};
use renown_core::policy::timing::Context;
use renown_core::rules::Rules;
use renown_core::say::Lang;
use renown_core::seller::Seller;
use renown_io::clock::Clock;
use renown_io::ledger::{Claimed, Ledger};
use renown_local::desk::{Desk, Environment};
use renown_local::dynamo::Dynamo;
use renown_local::folder::{Folder, Kind};
use renown_local::lines::Judged;
use renown_local::settings::Settings;
use renown_local::stop::Stop;
use renown_local::style::Style;
use renown_local::up::{Options, Outcome, run};
use renown_local::views::Shop;
use renown_local::world::{ledger, open_table};

/// What the simulator is to judge in every run.
pub(crate) const NO_VIOLATION: Option<Judged> = Some(Judged { violations: 0, asked_twice: 0 });

pub(crate) fn t(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

pub(crate) fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}

pub(crate) fn style(lang: Lang, json: bool) -> Style {
    Style { lang, zone: TimeZone::UTC, json }
}

/// A process in which nobody types, whose key lies in its own folder.
pub(crate) fn environment(dir: &Path) -> Environment {
    Environment {
        locale: "C".to_owned(),
        zone: TimeZone::UTC,
        dir: dir.to_owned(),
        config_dir: Some(dir.join("config")),
        is_typed: false,
        is_looked_at: false,
        var: |_| None,
    }
}

/// A desk over a data folder.
pub(crate) fn desk<'a>(environment: &'a Environment, data: &Path, out: &'a mut Vec<u8>) -> Desk<'a> {
    let (style, settings) = (style(Lang::En, false), Settings::default());
    // Nothing is typed, so every reader of the input gets its end.
    let input = Box::leak(Box::new(std::io::empty()));
    Desk { style, settings, environment, data: data.to_owned(), aws: None, out, input }
}

pub(crate) fn options(data: &Path, lasts: SignedDuration) -> Options {
    let style = style(Lang::En, true);
    let (verbose, live, web_port) = (true, false, 0);
    let (data, lasts) = (data.to_owned(), Some(lasts));
    Options { data, seed: None, lasts, amazon: None, web_port, style, verbose, live }
}

/// A run of the demo and what it printed.
pub(crate) async fn demo(data: &Path, lasts: SignedDuration) -> (Outcome, String) {
    let mut out = Vec::new();
    let (options, stop) = (options(data, lasts), Stop::default());
    let outcome = Box::pin(run(&options, &stop, &mut out)).await.expect("the demo runs");
    (outcome, String::from_utf8(out).expect("UTF-8"))
}

/// What the table of a demo holds at `now`.
pub(crate) async fn shop(data: &Path, now: Timestamp) -> Shop {
    let folder = Folder::existing(data).expect("there");
    let dynamo = open_table(&folder.table()).expect("opened");
    Shop::load(&ledger(&dynamo, now), now).await.expect("readable")
}

/// Orders whose buyer was asked, by the table.
pub(crate) fn asked(shop: &Shop) -> BTreeSet<String> {
    use renown_core::order::State;
    let asked = shop.orders.iter().filter(|order| matches!(order.state, State::Asked { .. }));
    asked.map(|order| order.id.to_string()).collect()
}

/// A shop of one seller with four orders, on 16 October: one asked, one planned, one cancelled,
/// one on its way.
pub(crate) async fn tiny() -> (Shop, Folder, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = Folder::to_work_in(dir.path(), &Kind::Remote).expect("new");
    drop(folder.claim(&Kind::Remote).expect("free"));
    let dynamo = Dynamo::in_memory().expect("memory");
    dynamo.create_table().await.expect("created");
    let ledger = ledger(&dynamo, t("2026-10-01T00:00:00Z"));
    connect(&ledger).await;
    let rules = Rules::default();
    let context = Context { rules: &rules, live_since: Some(t("2026-10-01T00:00:00Z")), soon: false };
    let seller = "S1".parse().expect("valid");
    let sightings = vec![
        sighting("302-1111111-1111111", OrderStatus::Shipped, "2026-10-08T00:00:00Z"),
        sighting("302-2222222-2222222", OrderStatus::Shipped, "2026-10-12T00:00:00Z"),
        sighting("302-3333333-3333333", OrderStatus::Cancelled, "2026-10-12T00:00:00Z"),
        sighting("302-4444444-4444444", OrderStatus::Unshipped, "2026-10-12T00:00:00Z"),
    ];
    let seen_at = t("2026-10-05T08:00:00Z");
    let (_, failed) = ledger.record_orders(&seller, sightings, context, seen_at).await.expect("recorded");
    assert!(failed.is_empty());
    ask(&ledger, "302-1111111-1111111", context).await;
    (Shop::load(&ledger, t("2026-10-16T12:00:00Z")).await.expect("readable"), folder, dir)
}

async fn connect(ledger: &Ledger) {
    let connected_at = t("2026-10-01T00:00:00Z");
    let seller = Seller {
        id: "S1".parse().expect("valid"),
        alias: "晨光家居 Morning Home".to_owned(),
        app: "app".parse().expect("valid"),
        region: renown_core::marketplace::Region::Eu,
        marketplaces: vec!["A1PA6795UKMFR9".parse().expect("known")],
        connected_at,
        notified_since: Some(connected_at),
        subscriptions: Vec::new(),
        rules_version: 0,
        secret_since: None,
        authorised_at: None,
        store_names: std::collections::BTreeMap::new(),
    };
    ledger.put_seller(&seller).await.expect("written");
    let go_live = |control: &mut Control| {
        control.sellers.entry(seller.id.clone()).or_default().live = Some(Live { since: connected_at });
    };
    ledger.change_control(go_live).await.expect("written");
}

fn sighting(order: &str, status: OrderStatus, arrives: &str) -> Sighting {
    let at = t("2026-10-05T08:00:00Z");
    let promise = Promise { earliest: t(arrives), latest: t(arrives) + days(1) };
    let facts = Facts {
        marketplace: Some("A1PA6795UKMFR9".parse().expect("known")),
        purchased_at: Some(t("2026-10-04T10:00:00Z")),
        channel: Some(FulfillmentChannel::Merchant),
        status: Some(status),
        promise: Some(Dated { at, value: promise }),
        shipped: (status == OrderStatus::Shipped).then_some(Shipped::Seen(at)),
        skus: std::iter::once("MH-LAMP-OAK".parse().expect("valid")).collect(),
        ..Facts::default()
    };
    Sighting { order: order.parse().expect("valid"), seen_in: SeenIn::Notification, facts }
}

async fn ask(ledger: &Ledger, order: &str, context: Context<'_>) {
    let seller = "S1".parse().expect("valid");
    let clock = Clock::starting_at(t("2026-10-15T11:23:00Z"));
    let stored = ledger.order(&seller, &order.parse().expect("valid")).await.expect("read").expect("there");
    let marketplace = stored.order.marketplace().expect("known");
    let permit = ledger.control(clock.now()).await.expect("read").permit(&seller, marketplace, clock.now());
    let claimed =
        ledger.claim(&stored, permit.expect("live"), &[], clock.now() + days(1), context, &clock).await;
    let Ok(Claimed::Granted { stored, .. }) = claimed else { panic!("granted") };
    ledger.settle(*stored, &Answer::Accepted, context, clock.now()).await.expect("settled");
}
