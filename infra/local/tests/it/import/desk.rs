//! A shop with an empty table, and a folder of files.

use std::io::Write as _;
use std::path::PathBuf;

use encoding_rs::Encoding;
use jiff::Timestamp;
use renown_core::ids::SellerId;
use renown_core::order::Order;
use renown_core::say::Lang;
use renown_core::seller::Seller;
use renown_io::app::App;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::ledger::Unread;
use renown_io::secrets::Secrets;
use renown_io::spapi::{Endpoints, SpApi};
use renown_local::dynamo::Dynamo;
use renown_local::import::{ImportError, Imported, Progress, ReviewsImported, import, import_reviews};
use renown_local::world::ledger;

use crate::support::t;

/// Now, in every test.
pub(super) const NOW: &str = "2026-10-06T12:00:00Z";

/// Columns of an All-Orders report, some that are looked at and some that are not.
pub(super) const ORDERS: &str = "amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tproduct-name\tsku\tasin\tquantity\tship-city";

/// A row of it; the buyer's city is a canary.
pub(super) fn order(n: u32, channel: &str, sku: &str, name: &str) -> String {
    format!(
        "302-1000000-{n:07}\t2026-10-01T07:00:00+00:00\t2026-10-05T08:00:{:02}+00:00\tShipped\tAmazon\t{channel}\t{name}\t{sku}\tB000000001\t1\tCANARY",
        n % 60
    )
}

/// Lines of a file as Amazon ends them.
pub(super) fn lines(lines: &[String]) -> String {
    lines.iter().fold(String::new(), |file, line| file + line + "\r\n")
}

pub(super) fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, has_unmappable) = encoding.encode(text);
    assert!(!has_unmappable, "{text} is not writable in {}", encoding.name());
    bytes.into_owned()
}

/// A seller at its desk.
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) dynamo: Dynamo,
    pub(super) seller: Seller,
    folder: tempfile::TempDir,
}

impl Desk {
    pub(super) async fn new() -> Self {
        let clock = Clock::starting_at(t(NOW));
        let dynamo = Dynamo::in_memory().expect("memory");
        dynamo.create_table().await.expect("created");
        let http = renown_local::amazon::http_client(renown_simulator::Simulator::new(clock.now()));
        let folder = tempfile::tempdir().expect("a folder");
        let app = App {
            ledger: ledger(&dynamo, clock.now()),
            spapi: SpApi::new(&http, clock.clone(), Endpoints::production()),
            secrets: Secrets::in_folder(folder.path().join("secrets")),
            bus: Bus::Nowhere,
            clock,
        };
        let seller = Seller {
            id: "A1EXAMPLESELLER".parse().expect("valid"),
            alias: "Morning Home".to_owned(),
            app: "app".parse().expect("valid"),
            region: renown_core::marketplace::Region::Eu,
            marketplaces: vec!["A1PA6795UKMFR9".parse().expect("known")],
            connected_at: t("2026-10-01T00:00:00Z"),
            notified_since: None,
            subscriptions: Vec::new(),
            rules_version: 0,
            secret_since: None,
            authorised_at: None,
            store_names: std::collections::BTreeMap::new(),
        };
        app.ledger.put_seller(&seller).await.expect("written");
        Self { app, dynamo, seller, folder }
    }

    /// Puts a file on the desk.
    pub(super) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::File::create(&path).and_then(|mut file| file.write_all(bytes.as_ref())).expect("written");
        path
    }

    pub(super) async fn try_import(&self, name: &str, bytes: impl AsRef<[u8]>) -> anyhow::Result<Imported> {
        let path = self.file(name, bytes);
        import(&self.app, &self.seller, &path, t(NOW), &mut |_| {}).await
    }

    pub(super) async fn import(&self, name: &str, bytes: impl AsRef<[u8]>) -> Imported {
        self.try_import(name, bytes).await.expect("imported")
    }

    /// Imports a file of reviews in Germany.
    pub(super) async fn import_reviews(&self, name: &str, bytes: &[u8]) -> anyhow::Result<ReviewsImported> {
        let path = self.file(name, bytes);
        let germany = self.seller.marketplaces.first().copied();
        import_reviews(&self.app, &self.seller, germany, &path, t(NOW)).await
    }

    /// Imports, and notes how it went on.
    pub(super) async fn watch(&self, name: &str, bytes: impl AsRef<[u8]>) -> (Imported, Vec<Progress>) {
        let (path, mut seen) = (self.file(name, bytes), Vec::new());
        let mut note = |progress| seen.push(progress);
        let imported = import(&self.app, &self.seller, &path, t(NOW), &mut note).await.expect("imported");
        (imported, seen)
    }

    /// Why a file is refused, in both languages.
    pub(super) async fn refused(&self, name: &str, bytes: impl AsRef<[u8]>) -> (ImportError, String) {
        let error = self.try_import(name, bytes).await.expect_err("refused");
        let error: ImportError = error.downcast().expect("an import's error");
        let chinese = error.in_lang(Lang::Zh);
        assert!(chinese.contains(name) && error.to_string().contains(name), "{error}; {chinese}");
        (error, chinese)
    }

    pub(super) async fn orders(&self) -> Vec<Order> {
        let all = self.app.ledger.all_orders(&self.seller.id).await.expect("listed");
        let mut all: Vec<_> = all.into_iter().map(|stored| stored.expect("readable").order).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }

    /// SKUs of all orders, and the names of products.
    pub(super) async fn named(&self) -> (Vec<String>, Vec<String>) {
        let skus = self.orders().await.into_iter().flat_map(|order| order.facts.skus);
        let mut skus: Vec<_> = skus.map(|sku| sku.to_string()).collect();
        skus.sort();
        let products = self.app.ledger.products(&self.seller.id).await.expect("listed");
        (skus, products.into_values().map(|product| product.name).collect())
    }

    pub(super) async fn unread(&self) -> Vec<Unread> {
        let mut all = self.app.ledger.unread("import").await.expect("listed");
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    pub(super) fn seller_id(&self) -> &SellerId {
        &self.seller.id
    }
}

pub(super) fn now() -> Timestamp {
    t(NOW)
}
