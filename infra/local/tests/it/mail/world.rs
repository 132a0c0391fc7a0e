//! A folder with a seller and a shop of its own.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use renown_core::control::Live;
use renown_core::ids::ShopId;
use renown_core::marketplace::Region;
use renown_core::seller::Seller;
use renown_io::clock::Clock;
use renown_io::ledger::Ledger;
use renown_local::dynamo::Dynamo;
use renown_local::folder::{Folder, Kind};
use renown_local::world::{ledger, open_table};
use serde_json::Value;

use crate::keep::terminal::{Ran, arg, renown};

/// A customer's address, which no output may show.
pub(super) const ANA: &str = "ana.canary@post.example";
/// Her name, likewise.
pub(super) const NAME: &str = "Kanarienvogel";

pub(super) const TEA: &str = r#"
id = "tea"
name = "Teehaus"
from = "reviews@mail.tea.example"
postal_address = "Teehaus GmbH, Lindenweg 5, 10115 Berlin, Germany"
review_url = "https://tea.example/review/{order}"
locale = "de"
country = "DE"

[mails]
invite_after_days = 7
hours = { from = 0, to = 24 }
"#;

pub(super) const MAP: &str = r#"
consent_source = "box at the checkout"
[columns]
id = "Order"
email = "Mail"
name = "Customer"
delivered_at = "Arrived"
sku = "SKU"
title = "Item"
consent = "Marketing"
"#;

/// The folder.
pub(super) struct World {
    dir: tempfile::TempDir,
}

impl World {
    /// One with a seller and no shop.
    pub(super) async fn empty() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let world = Self { dir };
        let kind = Kind::Shop { amazon: None };
        let folder = Folder::to_work_in(&world.data(), &kind).expect("new");
        drop(folder.claim(&kind).expect("free"));
        world.dynamo().create_table().await.expect("created");
        let seller = Seller {
            id: "A1TEA".parse().expect("valid"),
            alias: "Tea House".to_owned(),
            app: "not-connected".parse().expect("valid"),
            region: Region::Eu,
            marketplaces: Vec::new(),
            connected_at: Timestamp::UNIX_EPOCH,
            notified_since: None,
            store_names: std::collections::BTreeMap::default(),
            subscriptions: Vec::new(),
            rules_version: 0,
            secret_since: None,
            authorised_at: None,
        };
        world.ledger().put_seller(&seller).await.expect("written");
        world
    }

    /// One with a shop, `tea`.
    pub(super) async fn with_tea() -> Self {
        let world = Self::empty().await;
        let file = world.file("tea.toml", TEA);
        world.json(&["shop", "add", arg(&file)]);
        world
    }

    /// One with a shop that has Ana's order 1001, whose invitation falls due `by` days from now, and
    /// two more: 1002 without consent, 1003 without an address.
    pub(super) async fn with_orders(by: i64) -> Self {
        let world = Self::with_tea().await;
        let arrived = day(by - 7);
        let orders = format!(
            "Order,Mail,Customer,Arrived,SKU,Item,Marketing\n\
             #1001,{ANA},{NAME},{arrived},T-1,Sencha,yes\n\
             1001,,,,T-2,Genmaicha,\n\
             1002,bob@post.example,Bob,{arrived},T-1,Sencha,\n\
             1003,,,{arrived},T-1,Sencha,yes\n"
        );
        let told = world.import(&orders);
        assert_eq!((&told["orders_new"], &told["bad_rows"]), (&3.into(), &0.into()), "{told}");
        world
    }

    /// Imports orders of the shop; tells what became of the file.
    pub(super) fn import(&self, orders: &str) -> Value {
        let (file, map) = (self.file("orders.csv", orders), self.file("map.toml", MAP));
        let args = ["import", arg(&file), "--shop", "tea", "--mapping", arg(&map)];
        self.json(&args)["files"][0].clone()
    }

    /// The shop is live since some days ago.
    pub(super) async fn live_since(&self, days_ago: i64) {
        let tea: ShopId = "tea".parse().expect("valid");
        let change = self.ledger();
        let change = change.change_control(|control| {
            control.shops.entry(tea.clone()).or_default().live = Some(Live { since: day(-days_ago) });
        });
        change.await.expect("written");
    }

    pub(super) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(super) fn dynamo(&self) -> Dynamo {
        open_table(&self.data().join("table.sqlite")).expect("opened")
    }

    pub(super) fn ledger(&self) -> Ledger {
        ledger(&self.dynamo(), Clock::system().now())
    }

    /// Writes a file beside the folder.
    pub(super) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).expect("written");
        path
    }

    /// Runs `renown` over the folder.
    pub(super) fn run(&self, args: &[&str]) -> Ran {
        let data = self.data();
        renown(self.dir.path(), &[args, &["--data", arg(&data)]].concat())
    }

    /// The same, for its one object.
    pub(super) fn json(&self, args: &[&str]) -> Value {
        self.run(&[args, &["--json"]].concat()).json()
    }
}

/// A moment some days from now.
pub(super) fn day(by: i64) -> Timestamp {
    let at = Clock::system().now() + SignedDuration::from_hours(24 * by);
    Timestamp::from_second(at.as_second()).expect("whole seconds")
}
