//! A shop to measure with: time, table, sellers.

use std::path::Path;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::seller::Seller;
use renown_io::app::App;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::ledger::Ledger;
use renown_io::secrets::Secrets;
use renown_io::spapi::{Endpoints, SpApi};
use renown_local::dynamo::{Dynamo, TABLE, client_over};
use renown_local::{amazon, world};
use renown_simulator::Simulator;
use renown_tests::World;

use crate::meter::{Share, metered};

/// The marketplace of every order that is not there for variety: Germany.
pub(crate) const MARKETPLACE: &str = "A1PA6795UKMFR9";

/// A runtime on this thread alone.
pub(crate) fn runtime(time: Time) -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().start_paused(time == Time::Virtual);
    Ok(builder.build()?)
}

/// Whose time runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    /// The machine's.
    Real,
    /// It jumps whenever nothing is in flight.
    Virtual,
}

/// A moment `hours` after another.
pub(crate) fn later(at: Timestamp, hours: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(hours)).unwrap_or(at)
}

/// The number of an order as an order id; no two sellers share one.
pub(crate) fn order_id(seller: u32, n: u32) -> String {
    format!("302-{seller:07}-{n:07}")
}

/// A seller as it stands in the table.
pub(crate) fn seller(id: &str, connected_at: Timestamp) -> anyhow::Result<Seller> {
    Ok(Seller {
        id: id.parse()?,
        alias: format!("Shop {id}"),
        app: "app".parse()?,
        region: Region::Eu,
        marketplaces: vec![MarketplaceId::of_country("DE").context("Germany is known")?],
        connected_at,
        notified_since: None,
        subscriptions: Vec::new(),
        rules_version: 0,
        secret_since: None,
        authorised_at: None,
        store_names: std::collections::BTreeMap::new(),
    })
}

/// What the functions work with, over a table in a file.
pub(crate) async fn over_file(table: &Path, now: Timestamp) -> anyhow::Result<App> {
    let dynamo = Dynamo::in_file(table)?;
    dynamo.create_table().await?;
    // An import is simply done again; else the disk alone would be measured.
    dynamo.answer_before_the_disk()?;
    let clock = Clock::starting_at(now);
    let http = amazon::http_client(Simulator::new(now));
    Ok(App {
        ledger: world::ledger(&dynamo, now),
        spapi: SpApi::new(&http, clock.clone(), Endpoints::production()),
        secrets: Secrets::in_memory(),
        bus: Bus::Nowhere,
        clock,
    })
}

/// CPU of those who answer our calls.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    /// The embedded store.
    pub(crate) store: Share,
    /// The simulator in Amazon's place.
    pub(crate) amazon: Share,
}

/// Begins to tell the CPU of the store and of the simulator from ours.
pub(crate) fn meter(world: &mut World) -> anyhow::Result<Shares> {
    let shares = Shares::default();
    let client = world.dynamo.client();
    let engine = client.config().http_client().context("the client has an engine")?;
    world.app.ledger = Ledger::new(client_over(metered(engine, &shares.store)), TABLE, "bench");
    let simulator = metered(amazon::http_client(world.simulator.clone()), &shares.amazon);
    world.app.spapi = SpApi::new(&simulator, world.clock.clone(), Endpoints::at(amazon::BASE_URL)?);
    Ok(shares)
}
