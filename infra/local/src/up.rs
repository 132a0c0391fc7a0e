//! `renown up`: the shop at work. The same handlers as on AWS, woken by what wakes them there.
//!
//! One step: notifications into their queues → batches to their functions → a tick of the
//! reports, if it is time → a tick of the requests → a tick of the mails → signals, cases and notices → tell what changed →
//! sleep until something can happen again. Everything that is owed stands in the table or in a queue's file, so that
//! a kill between any two steps costs time and nothing else.

mod alerts;
mod course;
mod mails;
mod pace;
mod watch;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use renown_core::order::SeenIn;
use renown_core::overview::Totals;
use renown_core::say::Text;
use renown_core::text;
use renown_io::ledger::Ledger;
use renown_simulator::{Violation, ViolationKind};

use crate::commands::import::NOT_CONNECTED;
use crate::demo;
use crate::events::Event;
use crate::folder::{Folder, Kind};
use crate::lines::{Findings, Judged, Lines};
use crate::live::Live;
use crate::stop::Stop;
use crate::style::Style;
use crate::told;
use crate::views::Shop;
use crate::world::{Amazon, Calls, World};
use course::Course;

pub use watch::watch;

/// Under these names unreadable input is kept.
pub const UNREAD_SOURCES: [&str; 13] = [
    "order-ingest",
    "report-sync",
    "all_orders",
    "fba_shipments",
    "seller_feedback",
    "fba_returns",
    "merchant_returns",
    "account_health",
    "import",
    "bounce-handler",
    "shopify",
    "webhook",
    "shop-import",
];

/// What `renown up` is to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The demo's seed; `None`: that of the folder, or the usual one.
    pub seed: Option<u64>,
    /// How long: by the demo's time, or by the machine's. `None`: until nothing is left to
    /// happen, or somebody stops it.
    pub lasts: Option<SignedDuration>,
    /// A simulator that runs on its own; `None`: one in this process.
    pub amazon: Option<String>,
    /// The port at which the pages that mails lead to are served, where there are shops.
    pub web_port: u16,
    /// How to print.
    pub style: Style,
    /// Every order, not only what is out of the ordinary.
    pub verbose: bool,
    /// A block that shows where the shop stands, redrawn at the bottom of the terminal.
    pub live: bool,
}

/// What it came to.
#[derive(Debug)]
pub struct Outcome {
    /// The sums, over all that the folder holds.
    pub totals: Totals,
    /// What is to be said beside the sums.
    pub findings: Findings,
    /// Order → moments at which Amazon accepted a request for it, where the simulator tells.
    pub accepted: BTreeMap<String, Vec<Timestamp>>,
    /// When it ended, by the shop's time.
    pub ended_at: Timestamp,
}

/// Runs the demo, or a shop behind a simulator, until it is over, and prints what happens to
/// `out`.
///
/// A demo needs a runtime whose time is paused: then time jumps whenever nothing is in flight,
/// and no lease or time-out is ever stretched.
///
/// # Errors
///
/// If the folder is in use or unreadable, the table does not answer, or nothing can be printed.
/// What was done stays done; the next run goes on from there.
pub async fn run(options: &Options, stop: &Stop, out: &mut dyn Write) -> anyhow::Result<Outcome> {
    let (folder, seed) = folder(options)?;
    let world = match &options.amazon {
        None => World::demo(&folder, seed).await?,
        Some(url) => World::remote(&folder, url).await?,
    };
    go(options, &folder, seed, &world, stop, out).await
}

/// Runs the operator's own shop until it is stopped, and prints what happens to `out`.
///
/// # Errors
///
/// If the folder is in use or unreadable, or nothing can be printed. Trouble with the table or
/// with Amazon is told, and tried again.
pub async fn run_shop(
    options: &Options,
    calls: Calls,
    stop: &Stop,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let folder = Folder::existing(&options.data)?;
    let world = World::shop(&folder, calls).await?;
    go(options, &folder, 0, &world, stop, out).await
}

async fn go(
    options: &Options,
    folder: &Folder,
    seed: u64,
    world: &World,
    stop: &Stop,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let begin = world.app.clock.now();
    let live = (options.live && !options.style.json).then(Live::on_terminal);
    let mut lines = Lines::new(out, options.style.clone(), options.verbose, live);
    greet(&mut lines, folder, world, begin).await?;
    let end = options.lasts.map(|lasts| begin.saturating_add(lasts).unwrap_or(Timestamp::MAX));
    let mut course = Course::begin(world, folder, seed, options.web_port, lines).await?;
    Box::pin(course.run(end, stop)).await?;
    let lines = course.end()?;
    finish(world, lines).await
}

fn folder(options: &Options) -> anyhow::Result<(Folder, u64)> {
    if options.amazon.is_some() {
        return Ok((Folder::to_work_in(&options.data, &Kind::Remote)?, 0));
    }
    let there = Folder::kind_in(&options.data)?;
    let seed = match (options.seed, there) {
        (Some(seed), _) | (None, Some(Kind::Demo { seed })) => seed,
        (None, Some(Kind::Remote | Kind::Shop { .. }) | None) => demo::SEED,
    };
    Ok((Folder::to_work_in(&options.data, &Kind::Demo { seed })?, seed))
}

async fn greet(
    lines: &mut Lines<'_>,
    folder: &Folder,
    world: &World,
    begin: Timestamp,
) -> anyhow::Result<()> {
    let shown = folder.path().display();
    let what = match &world.amazon {
        Amazon::Here { .. } => text!(
            "A demo: two shops on five marketplaces, a simulated Amazon, time that jumps.",
            "演示:两家店铺、五个站点、模拟的亚马逊,时间会跳跃前进。"
        ),
        Amazon::There(_) => {
            text!("A shop behind a simulator that runs on its own.", "店铺连接到独立运行的模拟器。")
        }
        Amazon::Itself => of_own_shop(&world.app.ledger, begin).await?,
    };
    let zone = lines.style().zone_name();
    let how = text!(
        "Lines show what is out of the ordinary (--verbose: every order); times are {zone}. Ctrl-C stops it; the same command goes on.",
        "只显示不寻常的事件(--verbose 显示每个订单);时间为 {zone}。Ctrl-C 停止,再次运行则继续。"
    );
    let style = lines.style().clone();
    let (what, how, begin) = (style.say(&what), style.say(&how), style.moment(begin));
    Ok(lines.remark(&format!("{what}\n{how}\n{shown}, {begin}\n"))?)
}

/// What a run of the operator's own shop does: that depends on who is connected, and on who is live.
async fn of_own_shop(ledger: &Ledger, now: Timestamp) -> anyhow::Result<Text> {
    let mut sellers = ledger.sellers().await?;
    sellers.retain(|seller| seller.app.as_str() != NOT_CONNECTED);
    if sellers.is_empty() {
        return Ok(text!(
            "Your shop. No seller is connected to Amazon, so no buyer is asked and no report is fetched; `renown connect` connects one.",
            "您的店铺。没有卖家连接到亚马逊,因此不会请求任何买家,也不会获取报告;可用 `renown connect` 连接。"
        ));
    }
    let reading = ledger.control(now).await?;
    if sellers.iter().all(|seller| reading.control().live_since(&seller.id).is_none()) {
        return Ok(text!(
            "Your shop, by Amazon's reports; it listens, so no buyer is asked: `renown mode live` begins to ask.",
            "您的店铺:数据来自亚马逊报告;处于监听模式,不会请求任何买家:`renown mode live` 开始请求。"
        ));
    }
    Ok(text!(
        "Your shop, by Amazon's reports; orders are asked from this machine while it runs.",
        "您的店铺:数据来自亚马逊报告;程序运行期间由本机发出请求。"
    ))
}

async fn finish(world: &World, mut lines: Lines<'_>) -> anyhow::Result<Outcome> {
    let now = world.app.clock.now();
    let shop = Shop::load(&world.app.ledger, now).await?;
    let (judged, accepted) = match judgement(&world.amazon).await {
        Ok(Some((violations, accepted))) => (Some(judged(&violations)), accepted),
        Ok(None) => (None, BTreeMap::new()),
        Err(error) => {
            let text = told::tell(&error, lines.style().lang);
            lines.event(&Event::of_shop(now, "problem", None, text))?;
            (None, BTreeMap::new())
        }
    };
    let findings = findings(&shop, &world.app.ledger, judged).await?;
    let totals = shop.totals();
    lines.end(now, &totals, findings)?;
    Ok(Outcome { totals, findings, accepted, ended_at: now })
}

async fn findings(shop: &Shop, ledger: &Ledger, judged: Option<Judged>) -> anyhow::Result<Findings> {
    let mut unread = 0;
    for source in UNREAD_SOURCES {
        unread += ledger.unread(source).await?.len();
    }
    let is_gap = |order: &&renown_core::order::Order| {
        let seller = shop.sellers.iter().find(|seller| seller.id == order.seller);
        order.seen_in == SeenIn::Report && seller.is_some_and(|seller| seller.notified_since.is_some())
    };
    let found_by_report = shop.orders.iter().filter(is_gap).count();
    let (mut cases, mut open_cases) = (0, 0);
    for seller in &shop.sellers {
        let theirs = ledger.cases(&seller.id).await?;
        cases += theirs.len();
        open_cases += theirs.iter().filter(|case| case.is_open()).count();
    }
    let unreadable = shop.unreadable.len();
    Ok(Findings { judged, found_by_report, unread, unreadable, cases, open_cases })
}

type Accepted = BTreeMap<String, Vec<Timestamp>>;

/// What the simulator says of it; `None` from Amazon.
async fn judgement(amazon: &Amazon) -> anyhow::Result<Option<(Vec<Violation>, Accepted)>> {
    match amazon {
        Amazon::Here { simulator, .. } => Ok(Some((simulator.violations(), simulator.accepted()))),
        Amazon::There(remote) => Ok(Some((remote.violations().await?, remote.accepted().await?))),
        Amazon::Itself => Ok(None),
    }
}

fn judged(violations: &[Violation]) -> Judged {
    let repeats = violations.iter().filter(|violation| violation.kind == ViolationKind::Repeat);
    Judged { violations: violations.len(), asked_twice: repeats.count() }
}
