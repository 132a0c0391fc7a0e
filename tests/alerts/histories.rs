//! Fault histories of alerts: two days of unhappy buyers in which everything goes wrong that can, each
//! drawn from a seed. The table loses requests and replies and its index lags, events of the bus are
//! lost, repeated and late, functions crash at any moment and run twice at once, the target breaks,
//! stalls and throttles. In the end no signal is lost and none counts twice: each unhappy order has
//! its one case, and each notice reached the target.
//!
//! ```text
//! RENOWN_ALERT_SEED=7 cargo test --workspace --test alerts histories -- --nocapture   # one again
//! RENOWN_HISTORIES=300 cargo test --workspace --test alerts histories                 # a tenth of so many
//! ```

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use negative_alert::Wake;
use renown_core::case::Case;
use renown_core::notice::{Channel, Delivery};
use renown_io::app::{App, MailApp};
use renown_io::ledger::Ledger;
use renown_io::spapi::{Endpoints, SpApi};
use renown_local::amazon;
use renown_local::dynamo::TABLE;
use renown_simulator::{ChatFault, ChatFaultKind, ChatKind, Order, Return};
use renown_tests::alerts::target;
use renown_tests::crash::CrashAfter;
use renown_tests::flaky_table::FlakyTable;
use renown_tests::{INVOCATION, World, sleep};

use crate::shop::{hours, order, seller, start, with_feedback};

/// Histories of a full run.
const HISTORIES: u64 = 100;
/// Hours of a history in which things go wrong, and until everything is told.
const TROUBLED: i64 = 30;
const QUIET: i64 = 42;
const KEY: &str = "automation";
const SECRET: &str = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnktMjQh";
const WORDS: [&str; 5] = [
    "Kam zerbrochen an",
    "Nie angekommen, ich will mein Geld zurück",
    "Schlechte Qualität, nach einem Tag defekt",
    "Falscher Artikel geliefert",
    "Kundenservice antwortet nicht",
];

#[expect(clippy::disallowed_methods, reason = "the switches of this test, described above")]
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

struct History {
    world: World,
    table: FlakyTable,
    rng: RefCell<fastrand::Rng>,
    processes: Cell<u32>,
    /// Orders that are to have a case.
    unhappy: BTreeSet<String>,
    crashes: Cell<u32>,
}

impl History {
    async fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut world = World::new(start()).await;
        world.add_seller(crate::shop::SELLER, &["DE"]).await;
        let mut unhappy = BTreeSet::new();
        for n in 0..rng.u32(3..12) {
            let mut order = if rng.bool() {
                with_feedback(n, rng.u8(1..=3), WORDS[rng.usize(..WORDS.len())], rng.i64(-20..20))
            } else {
                order(n)
            };
            if rng.u8(0..3) == 0 {
                let at = start() - hours(rng.i64(-20..20));
                order.returned = Some(Return::new(at, ["DEFECTIVE", "UNWANTED_ITEM"][rng.usize(0..2)]));
            }
            if is_unhappy(&order) {
                unhappy.insert(format!("order-{}", order.order_id));
            }
            world.simulator.put_order(order).expect("an order");
        }
        world.add_chat(ChatKind::Webhook, KEY, Some(SECRET), target("own", Channel::Webhook)).await;
        let kinds = [
            ChatFaultKind::Error500,
            ChatFaultKind::Throttle,
            ChatFaultKind::ResetBefore,
            ChatFaultKind::ResetAfter,
            ChatFaultKind::StallBefore,
            ChatFaultKind::StallAfter,
        ];
        for _ in 0..rng.usize(0..4) {
            let fault = ChatFault::new(kinds[rng.usize(..kinds.len())]).of(ChatKind::Webhook, KEY);
            world.simulator.add_chat_fault(fault.times(rng.u32(1..4)));
        }
        let per_mille = [0, 10, 40, 120][rng.usize(0..4)];
        let table = FlakyTable::new(world.dynamo.clone(), seed ^ 1, per_mille, |_| {});
        let (rng, processes, crashes) = (RefCell::new(rng), Cell::new(0), Cell::new(0));
        Self { world, table, rng, processes, unhappy, crashes }
    }

    fn draw(&self, percent: u64) -> bool {
        self.rng.borrow_mut().u64(0..100) < percent
    }

    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    fn is_troubled(&self) -> bool {
        self.now() < start() + hours(TROUBLED)
    }

    /// A process of its own over the same table.
    fn process(&self) -> App {
        self.processes.set(self.processes.get() + 1);
        let endpoints = Endpoints::at(amazon::BASE_URL).expect("this machine");
        let http = amazon::http_client(self.world.simulator.clone());
        App {
            ledger: Ledger::new(self.table.client(), TABLE, &format!("p{}", self.processes.get())),
            spapi: SpApi::new(&http, self.world.clock.clone(), endpoints),
            secrets: self.world.app.secrets.clone(),
            bus: self.world.app.bus.clone(),
            clock: self.world.clock.clone(),
        }
    }

    /// Runs a handler, which may crash.
    async fn survive<T>(&self, handler: impl Future<Output = T>) -> Option<T> {
        let polls =
            if self.is_troubled() && self.draw(12) { self.rng.borrow_mut().u32(1..150) } else { u32::MAX };
        let outcome = CrashAfter::new(handler, polls).await;
        self.crashes.set(self.crashes.get() + u32::from(outcome.is_none()));
        outcome
    }

    async fn alert(&self, wake: Wake) {
        let app: MailApp = self.process().mail();
        let deadline = self.now() + INVOCATION;
        // Trouble at the beginning is told by its error; the next tick comes anyway.
        let _ = self.survive(negative_alert::handle(&app, self.world.way_out.post(), wake, deadline)).await;
    }

    /// The bus: some events are lost, some come twice.
    async fn events(&self) {
        while let Some(event) = self.world.event() {
            let wake @ Wake::Signal { .. } = Wake::from(event) else { continue };
            if self.is_troubled() && self.draw(30) {
                continue;
            }
            if self.draw(20) {
                let both = (Box::pin(self.alert(wake.clone())), Box::pin(self.alert(wake)));
                futures_util::join!(both.0, both.1);
            } else {
                Box::pin(self.alert(wake)).await;
            }
        }
    }

    async fn run(&self) {
        let mut n = 0_u32;
        while self.now() < start() + hours(TROUBLED + QUIET) {
            if !self.is_troubled() {
                self.table.heal();
                self.world.simulator.clear_chat_faults();
            }
            let app = self.process();
            let deadline = self.now() + INVOCATION;
            let _ = Box::pin(self.survive(report_sync::handle_tick(&app, deadline))).await;
            self.events().await;
            for _ in 0..2 {
                if self.is_troubled() && self.draw(15) {
                    let both = (Box::pin(self.alert(Wake::Tick)), Box::pin(self.alert(Wake::Tick)));
                    futures_util::join!(both.0, both.1);
                } else {
                    Box::pin(self.alert(Wake::Tick)).await;
                }
                sleep(SignedDuration::from_mins(if self.is_troubled() { 3 } else { 10 })).await;
            }
            n += 1;
            assert!(n < 5_000, "it does not end");
        }
    }

    async fn judge(&self, seed: u64) {
        let ledger = &self.world.app.ledger;
        let cases: Vec<Case> = ledger.cases(&seller()).await.expect("listed");
        let of_orders: BTreeMap<&str, &Case> = cases
            .iter()
            .filter(|case| case.id.starts_with("order-"))
            .map(|case| (case.id.as_str(), case))
            .collect();
        let found: BTreeSet<String> = of_orders.keys().map(|id| (*id).to_owned()).collect();
        assert_eq!(found, self.unhappy, "seed {seed}: each unhappy order has its case");
        for case in &cases {
            let ids: BTreeSet<_> = case.signals.iter().map(|joined| &joined.signal.id).collect();
            assert_eq!(ids.len(), case.signals.len(), "seed {seed}: {} counts one twice", case.id);
            assert!(
                case.untold.is_empty(),
                "seed {seed}: {} has something to tell: {:?}",
                case.id,
                case.untold
            );
            let opened = case
                .history
                .iter()
                .filter(|entry| matches!(entry.event, renown_core::case::Event::Opened { .. }));
            assert_eq!(opened.count(), 1, "seed {seed}: {} was opened more than once", case.id);
        }
        let signals = ledger.signals(&seller()).await.expect("listed");
        assert!(signals.iter().all(|signal| signal.read_at.is_some()), "seed {seed}: a signal waits");
        let told = ledger.notices().await.expect("listed");
        for told in &told {
            let delivery = &told.deliveries["own"];
            assert!(
                matches!(delivery, Delivery::Sent { .. }),
                "seed {seed}: {}: {delivery:?}",
                told.notice.id
            );
        }
        for case in &cases {
            let of_case = format!("case#{}#{}#", case.seller, case.id);
            let opened = told
                .iter()
                .filter(|it| it.notice.id.starts_with(&of_case) && it.notice.id.ends_with("#opened"));
            assert_eq!(opened.count(), 1, "seed {seed}: {} is told once", case.id);
        }
        // A message that came twice, because no answer to it was heard, says so by its id.
        let messages = self.world.simulator.chat_messages(ChatKind::Webhook, KEY);
        let fresh = messages.iter().filter(|message| !message.repeat).count();
        assert!(fresh <= told.len(), "seed {seed}: {fresh} messages of {} notices", told.len());
        let refused = self.world.simulator.chat_refusals(ChatKind::Webhook, KEY);
        let ours = refused.iter().filter(|it| matches!(it.status, Some(400 | 401)));
        assert_eq!(ours.count(), 0, "seed {seed}: {refused:#?}");
    }
}

/// Whether an order is to have a case: the buyer gave few stars, or what came back was broken.
fn is_unhappy(order: &Order) -> bool {
    order.feedback.is_some() || order.returned.as_ref().is_some_and(|it| it.reason == "DEFECTIVE")
}

#[test]
fn no_signal_is_lost_or_counts_twice_whatever_goes_wrong() {
    let seeds = match (number("RENOWN_ALERT_SEED"), number("RENOWN_HISTORIES")) {
        (Some(seed), _) => seed..seed + 1,
        (None, Some(of_orders)) => 0..(of_orders / 10).clamp(1, HISTORIES),
        (None, None) => 0..HISTORIES,
    };
    let (mut cases, mut crashes, mut processes) = (0, 0, 0);
    let n = seeds.end - seeds.start;
    for seed in seeds {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            let history = History::new(seed).await;
            history.run().await;
            history.judge(seed).await;
            cases += history.unhappy.len();
            crashes += history.crashes.get();
            processes += history.processes.get();
        });
    }
    println!("{n} histories: {cases} cases of orders, {processes} processes, {crashes} crashes");
}
