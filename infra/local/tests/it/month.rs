//! A month of an own shop without AWS: from reports alone, on a laptop that is closed at night,
//! loses its network, and is killed now and then. Amazon is the simulator, with its bad days.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use renown_core::control::Live;
use renown_core::order::{Expired, State};
use renown_core::seller::Seller;
use renown_io::clock::Clock;
use renown_io::secrets::{Scope, Secrets};
use renown_io::spapi::{Endpoints, SpApi};
use renown_local::amazon::{BASE_URL, http_client};
use renown_local::demo;
use renown_local::folder::{Folder, Kind};
use renown_local::stop::Stop;
use renown_local::up::{Options, Outcome, run_shop};
use renown_local::world::{self, Calls};
use renown_simulator::{Fault, FaultKind, Simulator};

use crate::support::{days, options, shop};

const HOUR: u64 = 3_600;

fn kind() -> Kind {
    Kind::Shop { amazon: Some(BASE_URL.to_owned()) }
}

fn calls(simulator: &Simulator, data: &Path) -> Calls {
    let clock = Clock::starting_at(simulator.now());
    let endpoints = Endpoints::at(BASE_URL).expect("a loopback address");
    let spapi = SpApi::new(&http_client(simulator.clone()), clock.clone(), endpoints);
    Calls { spapi, secrets: Secrets::in_folder(data.join("secrets")), clock }
}

/// The two sellers of the demo, connected without notifications and live.
async fn connected(simulator: &Simulator, data: &Path) {
    let folder = Folder::to_work_in(data, &kind()).expect("new");
    let _lock = folder.claim(&kind()).expect("free");
    let dynamo = world::open_table(&folder.table()).expect("opened");
    dynamo.create_table().await.expect("created");
    let now = simulator.now();
    let ledger = world::ledger(&dynamo, now);
    let Calls { secrets, .. } = calls(simulator, data);
    for seller in demo::sellers() {
        let settings = Seller {
            id: seller.id.clone(),
            alias: seller.alias.to_owned(),
            app: demo::app_id(),
            region: seller.region,
            marketplaces: seller.marketplaces.clone(),
            connected_at: now,
            notified_since: None,
            subscriptions: Vec::new(),
            rules_version: 0,
            secret_since: None,
            authorised_at: None,
            store_names: std::collections::BTreeMap::new(),
        };
        ledger.put_seller(&settings).await.expect("written");
        for scope in [Scope::Listen, Scope::Live] {
            secrets.store(scope, &seller.id, &seller.credentials()).await.expect("stored");
        }
        let live = Live { since: now };
        let change = ledger.change_control(|control| {
            control.sellers.entry(seller.id.clone()).or_default().live = Some(live);
        });
        change.await.expect("written");
    }
}

async fn life(simulator: &Simulator, options: &Options) -> Outcome {
    let mut out = Vec::new();
    let calls = calls(simulator, &options.data);
    Box::pin(run_shop(options, calls, &Stop::default(), &mut out)).await.expect("the shop runs")
}

/// The process is killed after a while.
async fn short_life(simulator: &Simulator, options: &Options, hours: u64) {
    let lived = tokio::time::timeout(Duration::from_secs(hours * HOUR), life(simulator, options)).await;
    assert!(lived.is_err(), "killed");
}

/// The machine sleeps: its timers stand still, the world goes on.
fn sleep(simulator: &Simulator, hours: i64) {
    simulator.step_clock(SignedDuration::from_hours(hours));
}

#[tokio::test(start_paused = true)]
async fn a_month_from_reports_alone_with_restarts_sleep_and_network_loss_asks_everybody_once_and_explains_the_rest()
 {
    let dir = tempfile::tempdir().expect("a folder");
    let simulator = Simulator::new(demo::start());
    demo::load(&simulator, 1);
    connected(&simulator, dir.path()).await;
    let long = options(dir.path(), days(60));
    // The network is lost for a whole day, and for six hours.
    let at = |day: i64| -> Timestamp { demo::start() + SignedDuration::from_hours(24 * day) };
    for (day, hours) in [(5, 24), (16, 6)] {
        let (from, to) = (at(day), at(day) + SignedDuration::from_hours(hours));
        simulator.add_fault(Fault::new(FaultKind::ResetBefore).between(from, to));
    }
    for day in 0..12 {
        // Killed in the evening, closed over night, and once for a long weekend.
        short_life(&simulator, &long, 14 + day % 3).await;
        tokio::time::sleep(Duration::from_secs(HOUR)).await;
        sleep(&simulator, if day == 8 { 57 } else { 9 });
    }
    // From then on it runs through.
    let outcome = life(&simulator, &options(dir.path(), days(34))).await;

    assert_eq!(simulator.violations(), [], "nothing outside the rules, nothing asked again");
    let accepted = simulator.accepted();
    assert!(accepted.values().all(|times| times.len() == 1), "nothing asked twice");
    let shop = shop(dir.path(), outcome.ended_at).await;
    assert!(outcome.totals.add_up());
    assert_eq!(shop.orders.len(), demo::ORDERS, "reports told of every order");
    assert!(outcome.totals.asked > 250, "{:?}", outcome.totals);
    for order in &shop.orders {
        match &order.state {
            State::Asked { .. } => assert!(accepted.contains_key(order.id.as_str()), "{}", order.id),
            // Whoever was not asked is explained by what Amazon or the parcel did, never by us.
            State::Expired { why, .. } => assert!(
                matches!(why, Expired::NothingOffered | Expired::NotDelivered | Expired::SeenTooLate),
                "{}: {why:?}",
                order.id
            ),
            // Its turn is still to come.
            State::Planned { due_at, .. } => assert!(*due_at > outcome.ended_at, "{} is overdue", order.id),
            State::Skipped { .. } | State::Refused { .. } | State::Seen { .. } => {}
            other => panic!("{} is left at {other:?}", order.id),
        }
    }
}
