//! Batches of notifications taken in: by order-ingest in the process, by order-ingest over a
//! socket, and by a handler in Python over the same socket.

use std::path::Path;

use anyhow::Context as _;
use aws_lambda_events::sqs::SqsEvent;
use jiff::{SignedDuration, Timestamp};
use renown_io::ledger::Ledger;
use renown_local::dynamo::TABLE;
use renown_simulator::{Channel, Order, Simulator};
use renown_tests::World;

use crate::figures::Report;
use crate::meter::{Meter, Used, float, per};
use crate::python::Python;
use crate::shop::{MARKETPLACE, Time, later, order_id, runtime};
use crate::store::Served;
use crate::{Bench, Size};

/// Messages of one batch (the most that SQS hands to a function without a waiting window).
const BATCH: usize = 10;
const SELLER: &str = "A1INGEST";

/// What taking everything in came to.
struct Taken {
    used: Used,
    orders: usize,
}

/// Measures it.
///
/// # Errors
///
/// If a message is not taken in, or the ways do not come to the same orders.
pub fn run(size: Size, scratch: &Path) -> anyhow::Result<Report> {
    let n_orders: u32 = size.of(20, 2_000);
    let python = Python::find(size, scratch)?;
    runtime(Time::Real)?.block_on(measured(n_orders, python, scratch))
}

async fn measured(n_orders: u32, python: Result<Python, String>, scratch: &Path) -> anyhow::Result<Report> {
    let start: Timestamp = "2026-10-01T00:00:00Z".parse()?;
    let now = later(start, 24 * 7);
    let bodies = bodies(n_orders, start, now)?;
    let lines: Vec<String> = bodies
        .chunks(BATCH)
        .map(|bodies| serde_json::to_string(&renown_tests::event(bodies)))
        .collect::<Result<_, _>>()?;
    let n = float(bodies.len());

    let inside = by_rust(&lines, now, Way::Inside).await?;
    let socket = by_rust(&lines, now, Way::Socket).await?;
    let expected = usize::try_from(n_orders)?;
    anyhow::ensure!(
        inside.orders == expected && socket.orders == expected,
        "{} and {} orders of {expected}",
        inside.orders,
        socket.orders
    );

    let mut report = Report::new(Bench::Ingest);
    let rate = |used: Used| per(n, used.wall.as_secs_f64());
    let cpu = |used: Used| per(used.cpu.as_secs_f64() * 1e6, n);
    report.figure("inside_per_second", "messages a second, store in the process", rate(inside.used), "/s");
    report.figure("socket_per_second", "messages a second, store behind a socket", rate(socket.used), "/s");
    report.figure("inside_cpu", "CPU a message, store in the process (and in it)", cpu(inside.used), "µs");
    report.figure("socket_cpu", "CPU a message, store behind a socket", cpu(socket.used), "µs");
    match python {
        Ok(python) => {
            let world = world(now).await?;
            let served = Served::start(world.dynamo.clone())?;
            let file = scratch.join("events.jsonl");
            let text = lines.iter().fold(String::new(), |text, line| text + line + "\n");
            std::fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
            let told = python.ingest(served.url(), TABLE, &file)?;
            anyhow::ensure!(
                told.messages == u64::try_from(bodies.len())? && told.writes >= u64::from(n_orders),
                "Python did something else: {told:?}"
            );
            let name = "messages a second, Python, same socket";
            report.figure("python_per_second", name, per(n, told.wall), "/s");
            report.figure("python_cpu", "CPU a message, Python", per(told.cpu * 1e6, n), "µs");
            let wall = per(told.wall, socket.used.wall.as_secs_f64());
            report.ratio("python_to_socket", "Python's time beside ours, same socket", wall);
            let cpu = per(told.cpu, socket.used.cpu.as_secs_f64());
            report.ratio("python_to_socket_cpu", "Python's CPU beside ours, same socket", cpu);
            report.figure("python_writes", "items written by Python", float(told.writes), "");
        }
        Err(why) => report.note(why),
    }
    report.figure("messages", "messages in batches of ten", n, "");
    report.figure("orders", "orders they speak of", float(n_orders), "");
    Ok(report)
}

/// Everything Amazon notifies of these orders, as they pass from Pending to Shipped.
fn bodies(n_orders: u32, start: Timestamp, until: Timestamp) -> anyhow::Result<Vec<String>> {
    let simulator = Simulator::new(start);
    simulator.add_seller(renown_simulator::Seller::new(SELLER, renown_simulator::Region::Eu, &[MARKETPLACE]));
    for n in 0..n_orders {
        // A minute apart, so that batches mix orders in different states.
        let purchased_at = start.saturating_add(SignedDuration::from_mins(i64::from(n % 2_880)))?;
        let mut order = Order::new(order_id(0, n), SELLER, MARKETPLACE, purchased_at);
        order.channel = if n % 2 == 0 { Channel::Merchant } else { Channel::Amazon };
        simulator.put_order(order)?;
    }
    simulator.set_clock(until);
    Ok(simulator.take_notifications().into_iter().map(|notification| notification.body).collect())
}

/// How the store is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Inside,
    Socket,
}

async fn world(now: Timestamp) -> anyhow::Result<World> {
    let mut world = World::new(now).await;
    let seller = world.add_seller(SELLER, &["DE"]).await;
    world.go_live(&seller.id).await;
    Ok(world)
}

async fn by_rust(lines: &[String], now: Timestamp, way: Way) -> anyhow::Result<Taken> {
    let mut world = world(now).await?;
    let served = match way {
        Way::Inside => None,
        Way::Socket => Some(Served::start(world.dynamo.clone())?),
    };
    if let Some(served) = &served {
        world.app.ledger = Ledger::new(served.client(), TABLE, "socket");
        // The first call makes the connection, as in a warm function.
        world.app.ledger.control(now).await?;
    }
    let meter = Meter::start();
    for line in lines {
        let event: SqsEvent = serde_json::from_str(line)?;
        let answer = order_ingest::handle(&world.app, event).await?;
        anyhow::ensure!(answer.batch_item_failures.is_empty(), "{answer:?}");
    }
    let used = meter.used();
    let orders = world.orders(&SELLER.parse()?).await.len();
    Ok(Taken { used, orders })
}
