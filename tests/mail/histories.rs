//! Fault histories of mail: three weeks of two shops in which everything goes wrong that can, each
//! drawn from a seed. The table loses requests and replies, SES loses, throttles and refuses,
//! functions crash at any moment and run twice at once, webhooks and events come late, repeated
//! and in any order.
//!
//! ```text
//! RENOWN_MAIL_SEED=7 cargo test --workspace --test mail histories -- --nocapture   # one again
//! RENOWN_HISTORIES=300 cargo test --workspace --test mail histories                # a fifteenth of so many
//! ```

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use renown_core::mail::{Kind, MailRules, ShopOrder, State};
use renown_io::bus::Bus;
use renown_io::ledger::Ledger;
use renown_local::dynamo::TABLE;
use renown_tests::crash::CrashAfter;
use renown_tests::flaky_table::FlakyTable;
use renown_tests::mail::{MailWorld, order};
use renown_tests::ses::{Fault, bounce, complaint, event};
use renown_tests::{INVOCATION, sleep};
use serde_json::{Value, json};

use crate::start;

/// Histories of a full run.
const HISTORIES: u64 = 200;
/// Days of a history in which things go wrong, and until everything is told.
const TROUBLED_DAYS: i64 = 18;
/// Whatever is in flight when an address is suppressed may still leave: one call.
const IN_FLIGHT: SignedDuration = SignedDuration::from_secs(12);
const SHOPS: [&str; 2] = ["tea", "cups"];

#[expect(clippy::disallowed_methods, reason = "the switches of this test, described above")]
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

/// A history while it runs.
struct History {
    world: MailWorld,
    table: FlakyTable,
    rng: RefCell<fastrand::Rng>,
    processes: Cell<u32>,
    /// When an address was surely closed: the function had answered.
    closed: RefCell<BTreeMap<String, Timestamp>>,
    orders: Vec<(&'static str, String, Value)>,
    reached: RefCell<BTreeSet<&'static str>>,
}

impl History {
    async fn new(seed: u64) -> Self {
        let mut world = MailWorld::new(start()).await;
        let rules = MailRules { reminders: 1, survey: true, ..MailRules::default() };
        for shop in SHOPS {
            world.add_live_shop(shop, rules.clone()).await;
        }
        let mut rng = fastrand::Rng::with_seed(seed);
        let per_mille = [0, 10, 40, 120][rng.usize(0..4)];
        let table = FlakyTable::new(world.dynamo.clone(), seed ^ 1, per_mille, |_| {});
        let orders = (0..rng.usize(2..7))
            .map(|n| {
                // Few people, so that they meet each other's caps and suppressions.
                let (shop, email) = (SHOPS[rng.usize(0..2)], format!("c{}@x.example", rng.usize(0..3)));
                let arrived = start() + SignedDuration::from_hours(rng.i64(-12..72));
                (shop, format!("{n}"), order(&format!("{n}"), &email, arrived))
            })
            .collect();
        let wild = [0, 1, 3, 6][rng.usize(0..4)];
        let faults = [
            Fault::LostRequest,
            Fault::LostReply,
            Fault::Throttled,
            Fault::ServerError,
            Fault::ServerErrorAfter,
            Fault::Rejected,
        ];
        let faults: Vec<_> = (0..wild).map(|_| faults[rng.usize(0..faults.len())]).collect();
        world.ses.faults(&faults);
        world.app.ledger = Ledger::new(table.client(), TABLE, "first");
        Self {
            world,
            table,
            rng: RefCell::new(rng),
            processes: Cell::new(0),
            closed: RefCell::default(),
            orders,
            reached: RefCell::default(),
        }
    }

    fn draw(&self, percent: u64) -> bool {
        self.rng.borrow_mut().u64(0..100) < percent
    }

    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }

    fn is_troubled(&self) -> bool {
        self.now() < start() + SignedDuration::from_hours(24 * TROUBLED_DAYS)
    }

    async fn wait(&self, longest: Duration) {
        let ms = u64::try_from(longest.as_millis()).expect("short");
        let ms = self.rng.borrow_mut().u64(1..=ms);
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    fn hit(&self, name: &'static str) {
        self.reached.borrow_mut().insert(name);
    }

    /// A process of its own over the same table.
    fn process(&self) -> renown_io::app::MailApp {
        self.processes.set(self.processes.get() + 1);
        let name = format!("p{}", self.processes.get());
        renown_io::app::MailApp {
            ledger: Ledger::new(self.table.client(), TABLE, &name),
            secrets: self.world.app.secrets.clone(),
            bus: Bus::Nowhere,
            clock: self.world.clock.clone(),
        }
    }

    /// Ticks, each in a process that may crash or meet another one.
    async fn ticks(&self) {
        while self.is_troubled() {
            let one = || async {
                let app = self.process();
                let deadline = self.now() + INVOCATION;
                let polls = if self.draw(8) { self.rng.borrow_mut().u32(1..400) } else { u32::MAX };
                let tick = ses_send::handle(&app, &self.world.sender, deadline);
                if CrashAfter::new(tick, polls).await.is_none() {
                    self.hit("a sender crashed");
                }
            };
            if self.draw(10) {
                tokio::join!(one(), one());
                self.hit("two senders at once");
            } else {
                one().await;
            }
            self.wait(Duration::from_hours(1)).await;
        }
    }

    /// Webhooks: each order told a few times, at any time, in any state.
    async fn hooks(&self) {
        let mut told = Vec::new();
        for (shop, _, body) in &self.orders {
            let n_times = self.rng.borrow_mut().usize(1..4);
            for _ in 0..n_times {
                let mut body = body.clone();
                if self.draw(30) {
                    body["order"]["delivered_at"] = Value::Null;
                }
                told.push((*shop, body));
            }
            // Once whole, so that nothing is owed that nobody told of.
            told.push((*shop, body.clone()));
        }
        self.rng.borrow_mut().shuffle(&mut told);
        for (shop, body) in told {
            self.wait(Duration::from_hours(8)).await;
            // A shop sends again what was not taken in.
            while self.world.signed(shop, &body.to_string(), renown_tests::mail::HOOK_SECRET).await.status()
                != 200
            {
                self.wait(Duration::from_mins(5)).await;
            }
        }
    }

    /// Events of SES: some mails bounce, are called spam, or are told of late; some customers leave.
    async fn world_reacts(&self) {
        let mut seen = 0;
        while self.is_troubled() {
            self.wait(Duration::from_hours(6)).await;
            let taken = self.world.ses.taken();
            for mail in taken.iter().skip(seen) {
                let mut bodies = vec![event("Send", mail, "send", json!({}))];
                let fate = self.rng.borrow_mut().u8(0..10);
                let closes = match fate {
                    0 => {
                        bodies.push(bounce(mail, "Permanent", "NoEmail", "5.1.1", self.now()));
                        true
                    }
                    1 => {
                        bodies.push(complaint(mail, "abuse", self.now()));
                        true
                    }
                    2 => {
                        bodies.push(bounce(mail, "Transient", "MailboxFull", "4.2.2", self.now()));
                        false
                    }
                    _ => false,
                };
                if self.draw(20) {
                    bodies.clear();
                    self.hit("an event was lost");
                } else {
                    if self.draw(30) {
                        bodies.extend(bodies.clone());
                    }
                    self.rng.borrow_mut().shuffle(&mut bodies);
                    self.deliver(bodies).await;
                    if closes {
                        self.close(&mail.to);
                    }
                }
                if self.draw(8) {
                    let path = MailWorld::link(mail, "u");
                    while self.world.call("POST", &path, &[], b"").await.status() != 200 {
                        self.wait(Duration::from_mins(1)).await;
                    }
                    self.hit("a customer unsubscribed");
                    self.close(&mail.to);
                }
                if self.draw(4) {
                    let body = json!({"type": "forget", "email": mail.to}).to_string();
                    let secret = renown_tests::mail::HOOK_SECRET;
                    while self.world.signed("tea", &body, secret).await.status() != 200 {
                        self.wait(Duration::from_mins(1)).await;
                    }
                    self.hit("a customer was forgotten");
                    self.close(&mail.to);
                }
            }
            seen = taken.len();
        }
    }

    fn close(&self, address: &str) {
        let now = self.now();
        self.closed.borrow_mut().entry(address.to_owned()).or_insert(now);
    }

    /// As a queue delivers: again and again until it is taken.
    async fn deliver(&self, mut bodies: Vec<String>) {
        while !bodies.is_empty() {
            let app = self.process();
            let polls = if self.draw(10) { self.rng.borrow_mut().u32(1..100) } else { u32::MAX };
            let handled =
                CrashAfter::new(bounce_handler::handle(&app, renown_tests::event(&bodies)), polls).await;
            let Some(Ok(answer)) = handled else {
                self.hit("a handler of events crashed");
                self.wait(Duration::from_mins(2)).await;
                continue;
            };
            let back: BTreeSet<String> =
                answer.batch_item_failures.into_iter().map(|item| item.item_identifier).collect();
            let mut n = 0;
            bodies.retain(|_| {
                n += 1;
                back.contains(&format!("message-{}", n - 1))
            });
            self.wait(Duration::from_mins(2)).await;
        }
    }

    async fn run(&self) {
        Box::pin(async { tokio::join!(self.ticks(), self.hooks(), self.world_reacts()) }).await;
        // Healed: what is still owed leaves, what is unknown is given up to learn.
        self.table.heal();
        sleep(SignedDuration::from_hours(1)).await;
        for _ in 0..60 * 2 {
            let app = self.process();
            ses_send::handle(&app, &self.world.sender, self.now() + INVOCATION).await.expect("healed");
            sleep(SignedDuration::from_hours(12)).await;
        }
    }

    /// What is wrong with it.
    async fn judge(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let taken = self.world.ses.taken();
        let mut n_taken: BTreeMap<(String, String, String), u32> = BTreeMap::new();
        for mail in &taken {
            let name = |tag: &str| mail.tag(tag).to_owned();
            *n_taken.entry((name("renown-shop"), name("renown-order"), name("renown-kind"))).or_default() +=
                1;
            let closed = self.closed.borrow().get(&mail.to).copied();
            if closed.is_some_and(|closed| mail.at > closed + IN_FLIGHT) {
                wrong.push(format!("{} was written to at {}, closed since {closed:?}", mail.to, mail.at));
            }
            let by_night = !(7..19).contains(&(mail.at.to_string()[11..13].parse::<u8>().expect("an hour")));
            if by_night {
                wrong.push(format!("{} was written to by night, {}", mail.to, mail.at));
            }
        }
        for (mail, n) in n_taken.iter().filter(|(_, n)| **n > 1) {
            wrong.push(format!("{mail:?} left {n} times"));
        }
        for shop in SHOPS {
            let mut orders: Vec<ShopOrder> = Vec::new();
            let ledger = Ledger::new(self.world.dynamo.client(), TABLE, "judge");
            let shop_id = shop.parse().expect("a shop");
            ledger.each_shop_order(&shop_id, |o| orders.push(o.expect("readable"))).await.expect("listed");
            let told = self.orders.iter().filter(|(of, _, _)| *of == shop).count();
            if orders.len() != told {
                wrong.push(format!("{shop}: {} orders of {told}", orders.len()));
            }
            for order in orders {
                if !order.mails.contains_key(&Kind::Invitation) {
                    wrong.push(format!("{shop} {}: no invitation is explained", order.id));
                }
                for (kind, mail) in &order.mails {
                    let name = (shop.to_owned(), order.id.to_string(), kind.to_string());
                    let has_left = n_taken.contains_key(&name);
                    let is_known = mail.state.may_have_left();
                    if has_left && !is_known && !matches!(mail.state, State::Refused { .. }) {
                        wrong.push(format!("{name:?} left, and the table says {:?}", mail.state));
                    }
                    if matches!(mail.state, State::Sent { .. }) && !has_left {
                        wrong.push(format!("{name:?} never left, and the table says it did"));
                    }
                    if mail.state.due_at().is_some() {
                        wrong.push(format!("{name:?} is stuck: {:?}", mail.state));
                    }
                    match mail.state {
                        State::Sent { .. } => self.hit("sent"),
                        State::PresumedSent { .. } => self.hit("presumed sent"),
                        State::Skipped { .. } => self.hit("skipped"),
                        State::Refused { .. } => self.hit("refused"),
                        State::Expired { .. } => self.hit("expired"),
                        _ => {}
                    }
                }
            }
        }
        wrong
    }
}

/// Runs one history on a clock of its own.
fn run(seed: u64) -> (Vec<String>, BTreeSet<&'static str>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let history = History::new(seed).await;
        Box::pin(history.run()).await;
        let wrong = history.judge().await;
        (wrong, history.reached.take())
    })
}

#[test]
fn nobody_gets_a_mail_twice_nor_after_they_left_and_each_mail_is_explained() {
    let one = number("RENOWN_MAIL_SEED");
    let n_histories = number("RENOWN_HISTORIES").map_or(HISTORIES, |n| (n / 15).max(20));
    let seeds = one.map_or(1..=n_histories, |seed| seed..=seed);
    let next = AtomicU64::new(*seeds.start());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let results: Vec<(Vec<String>, BTreeSet<&'static str>)> = std::thread::scope(|scope| {
        let work = || {
            let (mut failures, mut reached) = (Vec::new(), BTreeSet::new());
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if !seeds.contains(&seed) || failures.len() > 5 {
                    return (failures, reached);
                }
                let (wrong, hits) = run(seed);
                reached.extend(hits);
                if !wrong.is_empty() {
                    failures.push(format!("RENOWN_MAIL_SEED={seed}\n  {}", wrong.join("\n  ")));
                }
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker ends")).collect()
    });
    let failures: Vec<_> = results.iter().flat_map(|(failures, _)| failures.clone()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let reached: BTreeSet<_> = results.into_iter().flat_map(|(_, reached)| reached).collect();
    let rare = [
        "a sender crashed",
        "two senders at once",
        "an event was lost",
        "a customer unsubscribed",
        "a customer was forgotten",
        "a handler of events crashed",
        "sent",
        "presumed sent",
        "skipped",
        "refused",
    ];
    let missing: Vec<_> = rare.into_iter().filter(|name| !reached.contains(name)).collect();
    assert!(one.is_some() || n_histories < 100 || missing.is_empty(), "never reached: {missing:?}");
}
