//! `renown up`: the shop at work. The same handlers as on AWS, woken by what wakes them there.
//!
//! One step: notifications into their queues → batches to their functions → a tick of the
//! reports, if it is time → a tick of the requests → tell what changed → sleep until something
//! can happen again. Everything that is owed stands in the table or in a queue's file, so that
//! a kill between any two steps costs time and nothing else.

mod course;
mod pace;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use renown_core::order::SeenIn;
use renown_core::overview::Totals;
use renown_core::say::Lang;
use renown_simulator::{Violation, ViolationKind};

use crate::demo;
use crate::events::Event;
use crate::folder::{Folder, Kind};
use crate::lines::{Findings, Judged, Lines, Style, utc};
use crate::stop::Stop;
use crate::views::Shop;
use crate::world::{Amazon, World};
use course::Course;

/// Under these names unreadable input is kept.
const UNREAD_SOURCES: [&str; 5] =
    ["order-ingest", "report-sync", "all_orders", "fba_shipments", crate::import::UNREAD_SOURCE];

/// What `renown up` is to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder.
    pub data: PathBuf,
    /// The demo's seed; `None`: that of the folder, or the usual one.
    pub seed: Option<u64>,
    /// How long: by the shop's time, or by the machine's behind an address. `None`: until
    /// nothing is left to happen, or somebody stops it.
    pub lasts: Option<SignedDuration>,
    /// A simulator that runs on its own; `None`: one in this process.
    pub amazon: Option<String>,
    /// How to print.
    pub style: Style,
}

/// What it came to.
#[derive(Debug)]
pub struct Outcome {
    /// The sums, over all that the folder holds.
    pub totals: Totals,
    /// What is to be said beside the sums.
    pub findings: Findings,
    /// Order → moments at which Amazon accepted a request for it.
    pub accepted: BTreeMap<String, Vec<Timestamp>>,
    /// When it ended, by the shop's time.
    pub ended_at: Timestamp,
}

/// Runs the shop until it is over, and prints what happens to `out`.
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
    let begin = world.app.clock.now();
    let mut lines = Lines::new(out, options.style);
    greet(&mut lines, &folder, options, begin)?;
    let end = options.lasts.map(|lasts| begin.saturating_add(lasts).unwrap_or(Timestamp::MAX));
    let mut course = Course::begin(&world, &folder, seed, lines, options.style.lang).await?;
    course.run(end, stop).await?;
    let lines = course.end()?;
    finish(&world, lines).await
}

fn folder(options: &Options) -> anyhow::Result<(Folder, u64)> {
    if options.amazon.is_some() {
        return Ok((Folder::to_work_in(&options.data, &Kind::Remote)?, 0));
    }
    let there = Folder::kind_in(&options.data)?;
    let seed = match (options.seed, there) {
        (Some(seed), _) | (None, Some(Kind::Demo { seed })) => seed,
        (None, Some(Kind::Remote) | None) => demo::SEED,
    };
    Ok((Folder::to_work_in(&options.data, &Kind::Demo { seed })?, seed))
}

fn greet(lines: &mut Lines<'_>, folder: &Folder, options: &Options, begin: Timestamp) -> std::io::Result<()> {
    let shown = folder.path().display();
    let (what, ends) = match (&options.amazon, options.style.lang) {
        (None, Lang::En) => (
            "A demo: two shops on five marketplaces, a simulated Amazon, time that jumps.",
            "Lines show what is out of the ordinary (--verbose: every order); times are UTC. Ctrl-C stops it; the same command goes on.",
        ),
        (None, Lang::Zh) => (
            "演示:两家店铺、五个站点、模拟的亚马逊,时间会跳跃前进。",
            "只显示不寻常的事件(--verbose 显示每个订单);时间为 UTC。Ctrl-C 停止,再次运行则继续。",
        ),
        (Some(_), Lang::En) => (
            "A shop behind a simulator that runs on its own.",
            "Lines show what is out of the ordinary (--verbose: every order); times are UTC. Ctrl-C stops it; the same command goes on.",
        ),
        (Some(_), Lang::Zh) => (
            "店铺连接到独立运行的模拟器。",
            "只显示不寻常的事件(--verbose 显示每个订单);时间为 UTC。Ctrl-C 停止,再次运行则继续。",
        ),
    };
    lines.remark(&format!("{what}\n{ends}\n{shown}, {}\n", utc(begin)))
}

async fn finish(world: &World, mut lines: Lines<'_>) -> anyhow::Result<Outcome> {
    let now = world.app.clock.now();
    let shop = Shop::load(&world.app.ledger, now).await?;
    let (judged, accepted) = match judgement(&world.amazon).await {
        Ok((violations, accepted)) => (Some(judged(&violations)), accepted),
        Err(error) => {
            lines.event(&Event::of_shop(now, "problem", None, format!("{error:#}")))?;
            (None, BTreeMap::new())
        }
    };
    let mut unread = 0;
    for source in UNREAD_SOURCES {
        unread += world.app.ledger.unread(source).await?.len();
    }
    let found_by_report = shop.orders.iter().filter(|order| order.seen_in == SeenIn::Report).count();
    let findings = Findings { judged, found_by_report, unread };
    let totals = shop.totals();
    lines.end(now, &totals, findings)?;
    Ok(Outcome { totals, findings, accepted, ended_at: now })
}

type Accepted = BTreeMap<String, Vec<Timestamp>>;

async fn judgement(amazon: &Amazon) -> anyhow::Result<(Vec<Violation>, Accepted)> {
    match amazon {
        Amazon::Here { simulator, .. } => Ok((simulator.violations(), simulator.accepted())),
        Amazon::There(remote) => Ok((remote.violations().await?, remote.accepted().await?)),
    }
}

fn judged(violations: &[Violation]) -> Judged {
    let repeats = violations.iter().filter(|violation| violation.kind == ViolationKind::Repeat);
    Judged { violations: violations.len(), asked_twice: repeats.count() }
}
