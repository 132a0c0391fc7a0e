//! One history: the real handlers over an embedded DynamoDB and the simulator, in virtual time.
//!
//! Four actors run side by side: the queue (order-ingest), the clock of Amazon's reports
//! (report-sync), the clock of the asking (scheduled-solicit) and the operator. Any handler may
//! crash; what it had in memory is gone, and a new process takes over.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use jiff::{SignedDuration, Timestamp};
use renown_core::control::{Cause, Live, Stop};
use renown_core::ids::SellerId;
use renown_core::marketplace::Region;
use renown_core::seller::Seller;
use renown_io::app::App;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::ledger::Ledger;
use renown_io::secrets::{Credentials, Scope, Secret, Secrets};
use renown_io::spapi::{Endpoints, SpApi};
use renown_local::amazon::BASE_URL;
use renown_local::dynamo::{Dynamo, TABLE};
use renown_simulator::Simulator;

use crate::branches::Branches;
use crate::flaky::Wires;
use crate::plan::{MARKETPLACES, Mode, Plan, SELLER, hours};
use renown_tests::crash::CrashAfter;

/// A tick of the real schedule.
const MINUTE: Duration = Duration::from_mins(1);
/// How long an invocation may take.
const INVOCATION: SignedDuration = SignedDuration::from_mins(15);
/// Deliveries before a message goes to the dead-letter queue.
const MAX_RECEIVES: u32 = 5;

/// A history while it runs, and what is left of it for the judge.
pub(crate) struct History {
    pub(crate) plan: Plan,
    pub(crate) simulator: Simulator,
    pub(crate) wires: Wires,
    pub(crate) branches: Branches,
    pub(crate) seller: SellerId,
    /// Pauses as they were stored: from, to.
    pub(crate) pauses: RefCell<Vec<(Timestamp, Timestamp)>>,
    /// Messages that ended in the dead-letter queue.
    pub(crate) dead_letters: Cell<u32>,
    clock: Clock,
    rng: RefCell<fastrand::Rng>,
    /// Every message so far: some come again at the worst moment.
    messages: RefCell<Vec<String>>,
    processes: Cell<u32>,
    dynamo: Dynamo,
}

impl History {
    pub(crate) async fn run(seed: u64, branches: Branches) -> Self {
        let plan = Plan::draw(seed);
        let simulator = Simulator::new(plan.start);
        simulator.add_app(renown_simulator::App::new("client", "client-secret"));
        let seller = renown_simulator::Seller::new(SELLER, renown_simulator::Region::Eu, &MARKETPLACES);
        simulator.add_seller(seller.granting("refresh", "client"));
        for order in &plan.orders {
            simulator.put_order(order.clone()).expect("drawn orders are well-formed");
        }
        for fault in &plan.faults {
            simulator.add_fault(fault.clone());
        }
        let dynamo = Dynamo::in_memory().expect("memory for a table");
        dynamo.create_table().await.expect("the table is created");
        let wires =
            Wires::new(dynamo.clone(), simulator.clone(), seed ^ 1, plan.table_faults, branches.clone());
        let history = Self {
            clock: Clock::starting_at(plan.start),
            rng: RefCell::new(fastrand::Rng::with_seed(seed ^ 2)),
            simulator,
            wires,
            branches,
            seller: SELLER.parse().expect("valid"),
            pauses: RefCell::default(),
            dead_letters: Cell::new(0),
            messages: RefCell::default(),
            processes: Cell::new(0),
            dynamo,
            plan,
        };
        history.connect().await;
        tokio::select! {
            () = async { futures_util::join!(history.queue(), history.reports(), history.ticks(), history.operator(), history.clock_jumps()); } => {}
            () = history.settled() => {}
        }
        history
    }

    /// The table without faults: the operator's view, and the judge's.
    pub(crate) fn ledger(&self) -> Ledger {
        Ledger::new(self.dynamo.client(), TABLE, "operator")
    }

    /// True time: the simulator's.
    pub(crate) fn now(&self) -> Timestamp {
        self.simulator.now()
    }

    fn draw(&self, percent: u64) -> bool {
        self.rng.borrow_mut().u64(0..100) < percent
    }

    fn is_healed(&self) -> bool {
        self.now() >= self.plan.heal
    }

    async fn sleep_until(&self, at: Timestamp) {
        let wait = Duration::try_from(at.duration_since(self.now())).unwrap_or_default();
        tokio::time::sleep(wait).await;
    }

    async fn connect(&self) {
        let seller = Seller {
            id: self.seller.clone(),
            alias: "晨光家居".to_owned(),
            app: "client".parse().expect("valid"),
            region: Region::Eu,
            marketplaces: MARKETPLACES.iter().map(|id| id.parse().expect("known")).collect(),
            connected_at: self.plan.start,
            notified_since: Some(self.plan.start),
            subscriptions: Vec::new(),
            rules_version: 0,
            secret_since: None,
            authorised_at: None,
            store_names: std::collections::BTreeMap::new(),
        };
        self.ledger().put_seller(&seller).await.expect("written");
        if self.plan.mode == Mode::Live {
            self.go_live().await;
        }
    }

    async fn go_live(&self) {
        let since = self.now();
        let change = |control: &mut renown_core::control::Control| {
            control.sellers.entry(self.seller.clone()).or_default().live = Some(Live { since });
        };
        self.ledger().change_control(change).await.expect("written");
    }

    /// A new process: nothing is left of the one before but the table.
    async fn process(&self) -> App {
        let n = self.processes.get();
        self.processes.set(n + 1);
        let secrets = Secrets::in_memory();
        let credentials = Credentials {
            client_id: "client".parse().expect("valid"),
            client_secret: Secret::new("client-secret"),
            refresh_token: Secret::new("refresh"),
        };
        for scope in [Scope::Live, Scope::Listen] {
            secrets.store(scope, &self.seller, &credentials).await.expect("memory");
        }
        let endpoints = Endpoints::at(BASE_URL).expect("loopback");
        App {
            ledger: Ledger::new(self.wires.table(), TABLE, &format!("{}-{n}", self.plan.seed)),
            spapi: SpApi::new(&self.wires.amazon(), self.clock.clone(), endpoints),
            secrets,
            bus: Bus::Nowhere,
            clock: self.clock.clone(),
        }
    }

    /// Runs a handler, which may crash. `None`: it did.
    async fn survive<T>(&self, handler: impl Future<Output = T>) -> Option<T> {
        if self.is_healed() || !self.draw(self.plan.crashes) {
            return Some(handler.await);
        }
        let polls = self.rng.borrow_mut().u32(1..120);
        let outcome = CrashAfter::new(handler, polls).await;
        if outcome.is_none() {
            self.branches.hit("handler crashed");
        }
        outcome
    }

    // --- the queue ---

    async fn queue(&self) {
        let mut app = self.process().await;
        let mut waiting: Vec<(Timestamp, u32, String)> = Vec::new();
        if self.plan.unreadable {
            waiting.push((
                self.plan.start + hours(50),
                0,
                "{\"NotificationType\":\"ORDER_CHANGE\",".to_owned(),
            ));
        }
        loop {
            let now = self.now();
            for notification in self.simulator.take_notifications() {
                self.enqueue(&mut waiting, now, &notification.body);
            }
            waiting.sort();
            let due = waiting.iter().take_while(|(at, ..)| *at <= now).count().min(10);
            let batch: Vec<_> = waiting.drain(..due).collect();
            if batch.is_empty() {
                let next = [self.simulator.next_change_after(now), waiting.first().map(|(at, ..)| *at)];
                let next = next.into_iter().flatten().min().unwrap_or(self.plan.end);
                self.sleep_until(next.max(now + SignedDuration::from_secs(1))).await;
                continue;
            }
            let event = event(&batch);
            let answer = self.survive(order_ingest::handle(&app, event)).await;
            let back: Vec<usize> = match answer {
                Some(Ok(response)) => response
                    .batch_item_failures
                    .iter()
                    .filter_map(|f| f.item_identifier.parse().ok())
                    .collect(),
                Some(Err(_)) => (0..batch.len()).collect(),
                None => {
                    app = self.process().await;
                    (0..batch.len()).collect()
                }
            };
            for (n, (_, receives, body)) in batch.into_iter().enumerate() {
                if !back.contains(&n) {
                } else if receives + 1 < MAX_RECEIVES || !self.is_healed() && !body.ends_with(',') {
                    waiting.push((self.now() + SignedDuration::from_mins(5), receives + 1, body));
                } else {
                    self.dead_letters.set(self.dead_letters.get() + 1);
                }
            }
        }
    }

    /// Amazon's delivery: lost, repeated, late, out of order, encoded twice.
    fn enqueue(&self, waiting: &mut Vec<(Timestamp, u32, String)>, now: Timestamp, body: &str) {
        self.messages.borrow_mut().push(body.to_owned());
        if !self.is_healed() && self.draw(self.plan.lost) {
            return;
        }
        let copies = if self.draw(30) { 2 } else { 1 };
        for _ in 0..copies {
            let late = if self.draw(25) { self.rng.borrow_mut().i64(0..2 * 86_400) } else { 1 };
            let body =
                if self.draw(15) { serde_json::to_string(body).expect("a string") } else { body.to_owned() };
            waiting.push((now + SignedDuration::from_secs(late), 0, body));
        }
    }

    // --- the reports ---

    async fn reports(&self) {
        // Without lost notifications they would tell nothing new; most histories do without.
        if self.plan.lost == 0 {
            return std::future::pending().await;
        }
        let mut app = self.process().await;
        loop {
            for _ in 0..4 {
                let deadline = self.clock.now() + INVOCATION;
                if self.survive(report_sync::handle_tick(&app, deadline)).await.is_none() {
                    app = self.process().await;
                }
                tokio::time::sleep(3 * MINUTE).await;
            }
            if self.now() > self.plan.heal + hours(72) {
                return std::future::pending().await;
            }
            self.sleep_until(self.now() + hours(28)).await;
        }
    }

    // --- the asking ---

    async fn ticks(&self) {
        let mut app = self.process().await;
        let mut fruitless = 0;
        loop {
            let deadline = self.clock.now() + INVOCATION;
            let before = self.next_due();
            let summary = if self.draw(self.plan.twins) {
                self.branches.hit("two processes at once");
                let twin = self.process().await;
                let (one, other) = futures_util::future::join(
                    Box::pin(self.survive(scheduled_solicit::handle(&app, deadline))),
                    Box::pin(self.survive(scheduled_solicit::handle(&twin, deadline))),
                )
                .await;
                one.or(other)
            } else {
                let tick = Box::pin(self.survive(scheduled_solicit::handle(&app, deadline)));
                futures_util::join!(tick, Box::pin(self.news_meanwhile())).0
            };
            match summary {
                None => app = self.process().await,
                Some(Ok(summary)) if summary.problems.iter().any(|p| p.text.en.contains("clock")) => {
                    self.branches.hit("wrong clock refused");
                }
                Some(_) => {}
            }
            fruitless = if self.next_due() == before { fruitless + 1 } else { 0 };
            // The real schedule ticks each minute. Here ticks that would find nothing due, or
            // nothing but what the last ones could not do, are mostly left out.
            let pause = MINUTE * (1 << fruitless.min(7));
            tokio::time::sleep(pause).await;
            while self.next_due().is_none_or(|due| due > self.now()) {
                let next = self.next_due().unwrap_or(self.plan.end).min(self.now() + hours(4));
                self.sleep_until(next.max(self.now() + SignedDuration::from_secs(1))).await;
            }
        }
    }

    /// Something new of an order comes in while it is being asked for: both sides write it.
    async fn news_meanwhile(&self) {
        if !self.draw(25) || self.messages.borrow().is_empty() {
            return;
        }
        self.branches.hit("news of an order while it is worked");
        let body = {
            let (mut rng, messages) = (self.rng.borrow_mut(), self.messages.borrow());
            let body = &messages[rng.usize(0..messages.len())];
            body.replace("SKU-1", &format!("SKU-{}", rng.u32(0..1_000_000)))
        };
        let app = self.process().await;
        for _ in 0..3 {
            let wait_ms = self.rng.borrow_mut().u64(0..1500);
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            // What fails here is news of no importance; its order is known.
            let news = body.replace("SKU-", &format!("SKU-{wait_ms}"));
            let _ = order_ingest::handle(&app, event(&[(self.now(), 0, news)])).await;
        }
    }

    /// When the next order falls due; read past the SDK, for speed.
    fn next_due(&self) -> Option<Timestamp> {
        let request = serde_json::json!({
            "TableName": TABLE, "IndexName": "due", "Limit": 1,
            "KeyConditionExpression": "due_pk = :pk",
            "ExpressionAttributeValues": { ":pk": { "S": format!("SOLICIT#{SELLER}") } },
        });
        let (_, answer) = self.dynamo.call("Query", &request.to_string());
        let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
        let row = answer["Items"][0]["due_sk"]["S"].as_str()?;
        Some(row.split('#').next()?.parse().expect("a timestamp"))
    }

    // --- the operator ---

    async fn operator(&self) {
        match self.plan.mode {
            Mode::LiveFrom(at) => {
                self.branches.hit("went live later");
                futures_util::join!(
                    async {
                        self.sleep_until(at).await;
                        self.go_live().await;
                    },
                    self.pause_and_resume()
                );
            }
            Mode::Live => self.pause_and_resume().await,
            Mode::Listen => self.branches.hit("only listened"),
        }
        self.sleep_until(self.plan.heal).await;
        self.resume_what_was_braked().await;
        std::future::pending::<()>().await;
    }

    /// A brake for access is let go by a person, who has looked why.
    async fn resume_what_was_braked(&self) {
        let braked = |control: &mut renown_core::control::Control| {
            control.sellers.get_mut(&self.seller).and_then(|seller| seller.stop.take()).is_some()
        };
        if self.ledger().change_control(braked).await.expect("written") {
            self.branches.hit("access denied and resumed by hand");
        }
    }

    async fn pause_and_resume(&self) {
        let mut pauses = self.plan.pauses.clone();
        pauses.sort();
        for (from, to) in pauses {
            if from < self.now() {
                continue;
            }
            self.sleep_until(from).await;
            let since = self.now();
            let stop = Stop::new(Cause::Person, since);
            let set = |stop: Option<Stop>| {
                move |control: &mut renown_core::control::Control| {
                    control.sellers.entry(SELLER.parse().expect("valid")).or_default().stop.clone_from(&stop);
                }
            };
            self.ledger().change_control(set(Some(stop))).await.expect("written");
            self.branches.hit("pause was stored");
            let stored = self.now();
            self.sleep_until(to).await;
            self.pauses.borrow_mut().push((stored, self.now()));
            self.ledger().change_control(set(None)).await.expect("written");
        }
    }

    async fn clock_jumps(&self) {
        let mut jumps = self.plan.jumps.clone();
        jumps.sort();
        for (at, by, lasts) in jumps {
            self.sleep_until(at).await;
            self.branches.hit("clock jumped");
            self.clock.jump(by);
            tokio::time::sleep(Duration::try_from(lasts).unwrap_or_default()).await;
            self.clock.jump(-by);
        }
        self.sleep_until(self.plan.heal).await;
        self.wires.heal();
        std::future::pending::<()>().await;
    }

    /// Ends when the plan does, or when nothing more can happen.
    async fn settled(&self) {
        self.sleep_until(self.plan.heal + hours(24)).await;
        while self.now() < self.plan.end {
            let quiet = self.next_due().is_none() && self.simulator.next_change_after(self.now()).is_none();
            if quiet && self.plan.lost == 0 {
                return;
            }
            tokio::time::sleep(3600 * Duration::from_secs(12)).await;
        }
    }
}

fn event(batch: &[(Timestamp, u32, String)]) -> SqsEvent {
    let mut event = SqsEvent::default();
    for (n, (_, receives, body)) in batch.iter().enumerate() {
        let mut message = SqsMessage::default();
        message.message_id = Some(n.to_string());
        message.body = Some(body.clone());
        message.attributes.insert("ApproximateReceiveCount".to_owned(), (receives + 1).to_string());
        event.records.push(message);
    }
    event
}
