//! A shop to test with: the real handlers over an embedded DynamoDB and the simulator, in one
//! process and in virtual time.

pub mod alerts;
pub mod crash;
pub mod flaky_table;
pub mod mail;
pub mod ses;

use std::sync::Mutex;
use std::time::Duration;

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use jiff::{SignedDuration, Timestamp};
use renown_core::control::{Control, Live};
use renown_core::event::Event;
use renown_core::ids::SellerId;
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::order::Order;
use renown_core::overview::{Totals, view};
use renown_core::rules::Rules;
use renown_core::seller::Seller;
use renown_io::app::App;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::ledger::Ledger;
use renown_io::secrets::{Credentials, Scope, Secret, Secrets};
use renown_io::spapi::{Endpoints, SpApi};
use renown_local::amazon;
use renown_local::dynamo::{Dynamo, TABLE};
use renown_simulator::{Call, Operation, Simulator};
use scheduled_solicit::Summary;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use alerts::WayOut;

/// The LWA client of every test shop.
pub const CLIENT_ID: &str = "amzn1.application-oa2-client.test";
/// Its secret, and the refresh token of every seller: no output may show them.
pub const CLIENT_SECRET: &str = "CANARY-client-secret";
/// See [`CLIENT_SECRET`].
pub const REFRESH_TOKEN: &str = "CANARY-refresh-token";

/// How long an invocation may take.
pub const INVOCATION: SignedDuration = SignedDuration::from_mins(15);

/// A shop with its Amazon.
pub struct World {
    /// Amazon.
    pub simulator: Simulator,
    /// The table.
    pub dynamo: Dynamo,
    /// Time, as the handlers see it.
    pub clock: Clock,
    /// The clients of the process that runs now.
    pub app: App,
    /// What operators are told through.
    pub way_out: WayOut,
    /// What the bus carries.
    pub bus: Mutex<UnboundedReceiver<Event>>,
    processes: u32,
}

impl World {
    /// A world without sellers. Time stands at `start` and runs with tokio's (paused) timer.
    pub async fn new(start: Timestamp) -> Self {
        let simulator = Simulator::new(start);
        simulator.add_app(renown_simulator::App::new(CLIENT_ID, CLIENT_SECRET));
        let dynamo = Dynamo::in_memory().expect("memory for a table");
        dynamo.create_table().await.expect("the table is created");
        let clock = Clock::starting_at(start);
        let (sender, bus) = unbounded_channel();
        let app = process(&simulator, &dynamo, &clock, 0, Bus::Channel(sender));
        let way_out = WayOut::new(&simulator, ses::Ses::new(clock.clone()));
        Self { simulator, dynamo, clock, app, way_out, bus: Mutex::new(bus), processes: 0 }
    }

    /// Adds a seller, at Amazon and in the table, in listen mode.
    pub async fn add_seller(&mut self, id: &str, countries: &[&str]) -> Seller {
        let marketplaces: Vec<MarketplaceId> =
            countries.iter().map(|c| MarketplaceId::of_country(c).expect("a known country")).collect();
        let region = marketplaces[0].info().region;
        let ids: Vec<&str> = marketplaces.iter().map(|m| m.as_str()).collect();
        let its_region = match region {
            Region::Na => renown_simulator::Region::Na,
            Region::Eu => renown_simulator::Region::Eu,
            Region::Fe => renown_simulator::Region::Fe,
        };
        let at_amazon = renown_simulator::Seller::new(id, its_region, &ids);
        self.simulator.add_seller(at_amazon.granting(format!("{REFRESH_TOKEN}-{id}"), CLIENT_ID));
        let seller = Seller {
            id: id.parse().expect("a valid id"),
            alias: format!("Shop {id}"),
            app: CLIENT_ID.parse().expect("valid"),
            region,
            marketplaces,
            connected_at: self.clock.now(),
            notified_since: Some(self.clock.now()),
            subscriptions: vec![format!("subscription-{id}").parse().expect("valid")],
            rules_version: 0,
            secret_since: None,
            authorised_at: None,
            store_names: std::collections::BTreeMap::new(),
        };
        self.app.ledger.put_seller(&seller).await.expect("written");
        self.store_secret(Scope::Listen, &seller.id).await;
        seller
    }

    /// Puts a seller's secret where one mode looks for it.
    pub async fn store_secret(&self, scope: Scope, seller: &SellerId) {
        self.app.secrets.store(scope, seller, &credentials(seller)).await.expect("memory");
    }

    /// Lets a seller go live: its secret is put where live mode looks for it.
    pub async fn go_live(&self, seller: &SellerId) {
        let since = self.clock.now();
        self.store_secret(Scope::Live, seller).await;
        self.change(|control| control.sellers.entry(seller.clone()).or_default().live = Some(Live { since }))
            .await;
    }

    /// Changes who may send.
    pub async fn change(&self, change: impl FnMut(&mut Control)) {
        self.app.ledger.change_control(change).await.expect("written");
    }

    /// Puts a new process in the place of the old one: nothing is left of it but the table and
    /// the secrets.
    pub fn restart(&mut self) {
        self.processes += 1;
        let bus = self.app.bus.clone();
        let mut app = process(&self.simulator, &self.dynamo, &self.clock, self.processes, bus);
        std::mem::swap(&mut app, &mut self.app);
        self.app.secrets = app.secrets;
    }

    /// Delivers what Amazon has notified so far, in batches of ten.
    pub async fn ingest(&self) {
        let bodies: Vec<String> = self.simulator.take_notifications().into_iter().map(|n| n.body).collect();
        self.deliver(&bodies).await;
    }

    /// Delivers messages to order-ingest; all must be taken.
    pub async fn deliver(&self, bodies: &[String]) {
        for batch in bodies.chunks(10) {
            let answer = order_ingest::handle(&self.app, event(batch)).await.expect("handled");
            assert!(answer.batch_item_failures.is_empty(), "{answer:?}");
        }
    }

    /// One tick of the asking.
    pub async fn tick(&self) -> Summary {
        scheduled_solicit::handle(&self.app, self.clock.now() + INVOCATION).await.expect("the table answers")
    }

    /// Lets time pass until `until`: notifications are delivered as they come, and whenever
    /// something falls due there is a tick.
    pub async fn run_until(&self, until: Timestamp) {
        loop {
            self.ingest().await;
            self.tick().await;
            let now = self.clock.now();
            if now >= until {
                return;
            }
            let mut next = until.min(now + SignedDuration::from_hours(6));
            if let Some(change) = self.simulator.next_change_after(now) {
                next = next.min(change + SignedDuration::from_secs(1));
            }
            for seller in self.app.ledger.sellers().await.expect("readable") {
                let far = until + SignedDuration::from_hours(24);
                let rows = self.app.ledger.due(&seller.id, far, 1).await.expect("readable");
                if let Some(row) = rows.first().filter(|row| row.due_at > now) {
                    next = next.min(row.due_at);
                }
            }
            sleep(next.duration_since(now).max(SignedDuration::from_secs(1))).await;
        }
    }

    /// Every order of a seller.
    pub async fn orders(&self, seller: &SellerId) -> Vec<Order> {
        let all = self.app.ledger.all_orders(seller).await.expect("readable");
        all.into_iter().map(|stored| stored.expect("readable").order).collect()
    }

    /// The sum over a seller's orders.
    pub async fn totals(&self, seller: &SellerId) -> Totals {
        let control = self.app.ledger.control(self.clock.now()).await.expect("readable");
        let mut totals = Totals::default();
        for order in self.orders(seller).await {
            totals.count(&view(&order, &Rules::default(), control.control(), self.clock.now()));
        }
        totals
    }

    /// The calls that ask.
    pub fn posts(&self) -> Vec<Call> {
        self.calls_of(Operation::CreateProductReviewAndSellerFeedbackSolicitation)
    }

    /// The calls of one operation.
    pub fn calls_of(&self, operation: Operation) -> Vec<Call> {
        self.simulator.calls().into_iter().filter(|call| call.operation == operation).collect()
    }
}

/// All items of some partitions, as the store answers with them: for whoever looks for what must
/// not be there.
pub fn dump<'a>(dynamo: &Dynamo, partitions: impl IntoIterator<Item = &'a str>) -> String {
    let query = |pk: &str| {
        let request = serde_json::json!({
            "TableName": TABLE,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": pk } },
        });
        dynamo.call("Query", &request.to_string()).1
    };
    partitions.into_iter().map(query).collect()
}

/// Lets virtual time pass.
pub async fn sleep(by: SignedDuration) {
    tokio::time::sleep(Duration::try_from(by).unwrap_or_default()).await;
}

/// A queue event with these bodies.
pub fn event(bodies: &[String]) -> SqsEvent {
    let mut event = SqsEvent::default();
    for (n, body) in bodies.iter().enumerate() {
        let mut message = SqsMessage::default();
        message.message_id = Some(format!("message-{n}"));
        message.body = Some(body.clone());
        event.records.push(message);
    }
    event
}

/// What a seller's secret holds.
pub fn credentials(seller: &SellerId) -> Credentials {
    Credentials {
        client_id: CLIENT_ID.parse().expect("valid"),
        client_secret: Secret::new(CLIENT_SECRET),
        refresh_token: Secret::new(format!("{REFRESH_TOKEN}-{seller}")),
    }
}

fn process(simulator: &Simulator, dynamo: &Dynamo, clock: &Clock, n: u32, bus: Bus) -> App {
    let endpoints = Endpoints::at(amazon::BASE_URL).expect("loopback");
    App {
        ledger: Ledger::new(dynamo.client(), TABLE, &format!("process-{n}")),
        spapi: SpApi::new(&amazon::http_client(simulator.clone()), clock.clone(), endpoints),
        secrets: Secrets::in_memory(),
        bus,
        clock: clock.clone(),
    }
}

/// A timestamp in a test.
///
/// # Panics
///
/// If the text is none.
pub fn t(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}
