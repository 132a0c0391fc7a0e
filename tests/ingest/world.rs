//! A shop to ingest for: a simulated Amazon, an empty table, and the real handlers' clients.
//! Shared by the tests of `order-ingest` and `report-sync`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::SellerId;
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::order::Order;
use renown_core::seller::Seller;
use renown_io::app::App;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::ledger::{Ledger, ReportItem, ReportKind, ReportState};
use renown_io::secrets::{Credentials, Scope, Secret, Secrets};
use renown_io::spapi::{Endpoints, SpApi};
use renown_local::amazon;
use renown_local::dynamo::{Dynamo, TABLE};
use renown_simulator as sim;
use serde_json::{Value, json};

/// The seller of the sample events and of every world.
pub(crate) const SELLER: &str = "A1EXAMPLESELLER";
/// The subscription of the sample event about its account.
const ACCOUNT_SUBSCRIPTION: &str = "5b1a0000-0000-4000-8000-0000000000a2";

pub(crate) fn t(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

pub(crate) fn hours(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n)
}

/// Everything around the handlers.
pub(crate) struct World {
    pub(crate) dynamo: Dynamo,
    pub(crate) simulator: sim::Simulator,
    pub(crate) clock: Clock,
    pub(crate) app: App,
    pub(crate) country: &'static str,
    id: SellerId,
}

impl World {
    /// A world at a moment, with one seller that listens in one country.
    pub(crate) async fn at(start: &str, country: &'static str) -> Self {
        let simulator = sim::Simulator::new(t(start));
        let http = amazon::http_client(simulator.clone());
        Self::over(start, country, simulator, &http).await
    }

    /// As [`World::at`], with the connection to Amazon given.
    pub(crate) async fn over(
        start: &str,
        country: &'static str,
        simulator: sim::Simulator,
        http: &aws_smithy_runtime_api::client::http::SharedHttpClient,
    ) -> Self {
        LazyLock::force(&LOG);
        let clock = Clock::starting_at(t(start));
        let dynamo = Dynamo::in_memory().expect("memory");
        dynamo.create_table().await.expect("created");
        dynamo.note_writes();
        let app = app(&dynamo, http, &clock, "first");
        simulator.add_app(sim::App::new("client", "secret"));
        let marketplace = MarketplaceId::of_country(country).expect("known");
        let (region, simulated) = match country {
            "JP" => (Region::Fe, sim::Region::Fe),
            "US" => (Region::Na, sim::Region::Na),
            _ => (Region::Eu, sim::Region::Eu),
        };
        simulator.add_seller(
            sim::Seller::new(SELLER, simulated, &[marketplace.as_str()]).granting("Atzr|one", "client"),
        );
        let id: SellerId = SELLER.parse().expect("valid");
        let world = Self { dynamo, simulator, clock, app, country, id };
        let seller = Seller {
            id: world.seller(),
            alias: "example".to_owned(),
            app: "client".parse().expect("valid"),
            region,
            marketplaces: vec![marketplace],
            connected_at: t(start),
            notified_since: None,
            subscriptions: vec![ACCOUNT_SUBSCRIPTION.parse().expect("valid")],
            rules_version: 0,
            secret_since: None,
            authorised_at: None,
            store_names: std::collections::BTreeMap::new(),
        };
        world.app.ledger.put_seller(&seller).await.expect("written");
        world.app.secrets.store(Scope::Listen, &seller.id, &credentials()).await.expect("stored");
        world.read_signals_before(&seller).await;
        world
    }

    /// The tests here are about orders: reports of feedback, returns and health were read a moment
    /// ago and are not asked for again. tests/alerts is about them.
    async fn read_signals_before(&self, seller: &Seller) {
        let long = self.clock.now() + SignedDuration::from_hours(24 * 400);
        for kind in ReportKind::ALL.into_iter().filter(|kind| !kind.is_of_orders()) {
            let marketplaces = seller.marketplaces.clone();
            let range = (self.clock.now(), long);
            let mut item = ReportItem::wanted(seller.id.clone(), kind, marketplaces, range, false, long);
            item.state = ReportState::Done { report: "0".to_owned(), rows: 0, bad_rows: 0, at: long };
            assert!(self.app.ledger.save_report(&mut item).await.expect("written"));
        }
    }

    pub(crate) fn seller(&self) -> SellerId {
        self.id.clone()
    }

    /// A simulated order of this seller.
    pub(crate) fn order(&self, n: u32, purchased_at: &str) -> sim::Order {
        let marketplace = MarketplaceId::of_country(self.country).expect("known");
        sim::Order::new(format!("302-1000000-{n:07}"), SELLER, marketplace.as_str(), t(purchased_at))
    }

    pub(crate) async fn stored(&self, order: &str) -> Option<Order> {
        let id = order.parse().expect("an order id");
        self.app.ledger.order(&self.seller(), &id).await.expect("readable").map(|stored| stored.order)
    }

    /// Every order of the seller, by id.
    pub(crate) async fn orders(&self) -> BTreeMap<String, Order> {
        let all = self.app.ledger.all_orders(&self.seller()).await.expect("listed");
        all.into_iter()
            .map(|one| one.expect("readable").order)
            .map(|order| (order.id.to_string(), order))
            .collect()
    }

    /// Every item that was ever written, as it lies in the table now, by its keys.
    pub(crate) fn items(&self, seen: &mut BTreeSet<(String, String)>) -> BTreeMap<(String, String), Value> {
        seen.extend(self.dynamo.take_writes().into_iter().map(|written| (written.pk, written.sk)));
        let read = |(pk, sk): &(String, String)| {
            let request = json!({"TableName": TABLE, "Key": {"pk": {"S": pk}, "sk": {"S": sk}}});
            let (status, answer) = self.dynamo.call("GetItem", &request.to_string());
            assert_eq!(status, 200, "{answer}");
            serde_json::from_str::<Value>(&answer).expect("JSON")["Item"].take()
        };
        seen.iter().map(|keys| (keys.clone(), read(keys))).collect()
    }

    /// Time passes; nothing happens meanwhile.
    pub(crate) async fn pass(&self, by: SignedDuration) {
        tokio::time::advance(by.try_into().expect("forwards")).await;
    }
}

/// The clients of one process.
pub(crate) fn app(
    dynamo: &Dynamo,
    http: &aws_smithy_runtime_api::client::http::SharedHttpClient,
    clock: &Clock,
    process: &str,
) -> App {
    let endpoints = Endpoints::at(amazon::BASE_URL).expect("this machine");
    App {
        ledger: Ledger::new(dynamo.client(), TABLE, process),
        spapi: SpApi::new(http, clock.clone(), endpoints),
        secrets: Secrets::in_memory(),
        bus: Bus::Nowhere,
        clock: clock.clone(),
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials {
        client_id: "client".parse().expect("valid"),
        client_secret: Secret::new("secret"),
        refresh_token: Secret::new("Atzr|one"),
    }
}

/// A sample event by name.
pub(crate) fn event(name: &str) -> SqsEvent {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/sqs").join(name);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

/// A batch of these bodies; the ids of the messages are their places.
pub(crate) fn batch<'a>(bodies: impl IntoIterator<Item = &'a str>) -> SqsEvent {
    let mut event = SqsEvent::default();
    event.records = bodies
        .into_iter()
        .enumerate()
        .map(|(place, body)| {
            let mut message = SqsMessage::default();
            message.message_id = Some(place.to_string());
            message.body = Some(body.to_owned());
            message
        })
        .collect();
    event
}

/// The ids of the messages that go back.
pub(crate) fn returned(response: &SqsBatchResponse) -> Vec<&str> {
    response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect()
}

/// Log lines of this process so far, all tests together.
pub(crate) fn log() -> Vec<Value> {
    let bytes = LOG.lock().expect("no holder panics").clone();
    let text = String::from_utf8(bytes).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

static LOG: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(|| {
    let log = Arc::<Mutex<Vec<u8>>>::default();
    let copy = Arc::clone(&log);
    renown_io::telemetry::init_to(move || Log(Arc::clone(&copy)));
    log
});

struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no holder panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
