//! Cold starts: each bootstrap as Lambda starts it, against a Runtime API and an AWS behind TLS,
//! both on loopback; beside the same job in Python and in Node.
//!
//! CPU and bytes are what travels: they repeat on a busy machine. Seconds are told besides. In
//! some of the starts the process gets the share of a processor that Lambda gives 128 MB, from
//! its first question for an event on; until then Lambda gives more.

mod lambda;
mod process;
mod programs;
mod share;
pub(crate) mod tls;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use renown_io::clock::Clock;
use renown_local::dynamo::TABLE;
use renown_tests::World;
use tokio::time::Instant;

use crate::figures::{Figure, Report, Wanted};
use crate::meter::float;
use crate::shop::{Time, later, runtime};
use crate::store::Served;
use crate::{Bench, Size};
use lambda::{RuntimeApi, Said, Waiting};
use process::Process;
use programs::{Job, Program};
use share::Share;
use tls::Identity;

/// The seller whose order the sample event speaks of.
const SELLER: &str = "A1EXAMPLESELLER";
/// So often the event comes again after the first.
const AGAIN: u32 = 20;
/// How long a program may take to say its next word.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of a megabyte, as Lambda and its limits count.
const MB: f64 = 1e6;

/// How it is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Folder of the bootstraps; without one they are built.
    pub bootstraps: Option<PathBuf>,
    /// Starts of each program, with the whole processor and again with its share.
    pub runs: u32,
    /// In small sizes nothing is installed.
    pub size: Size,
}

impl Options {
    /// The usual ones.
    pub fn of(size: Size) -> Self {
        Self { bootstraps: None, runs: size.of(1, 10), size }
    }
}

/// Measures it.
///
/// # Errors
///
/// If a program does not start, or does not do its job.
pub fn run(options: &Options, scratch: &Path) -> anyhow::Result<Report> {
    let mut report = Report::new(Bench::Cold);
    let mut programs = programs::ours(options, scratch)?;
    for found in [programs::in_python(options.size, scratch)?, programs::in_node(options.size, scratch)?] {
        match found {
            Ok(program) => programs.push(program),
            Err(why) => report.note(why),
        }
    }
    let share = Share::new().map_err(|why| report.note(format!("no start at 128 MB: {why:#}"))).ok();
    let identity = Identity::new(scratch)?;
    runtime(Time::Real)?.block_on(async {
        let mut api = RuntimeApi::start().await?;
        for program in &programs {
            let mut found = Runs::default();
            for _ in 0..options.runs {
                found.add(&started(program, &mut api, &identity, None).await?);
                if let Some(share) = &share {
                    let start = started(program, &mut api, &identity, Some(share)).await?;
                    found.values.entry("first_event_128_mb_ms").or_default().push(ms(start.first_event));
                }
            }
            found.tell(program.name, program.bytes, &mut report);
        }
        anyhow::Ok(())
    })?;
    report.note(format!(
        "median of {} starts, the least in brackets; CPU is counted from the start of the process",
        options.runs
    ));
    Ok(report)
}

/// One life of a process, from its start to some events after the first.
struct Start {
    init: Duration,
    init_cpu: Duration,
    init_bytes: u64,
    first_event: Duration,
    first_cpu: Duration,
    again: Duration,
    peak_bytes: u64,
}

async fn started(
    program: &Program,
    api: &mut RuntimeApi,
    identity: &Identity,
    share: Option<&Share>,
) -> anyhow::Result<Start> {
    let name = program.name;
    let world = world(program.job).await?;
    let aws = Served::start_with_tls(world.dynamo.clone(), identity)?;
    let mut command = program.command();
    environment(&mut command, program.bytes.is_some(), api, &aws, identity);

    let begun = Instant::now();
    let process = Process::start(&mut command)?;
    let waiting = ready(name, api).await?;
    let init = begun.elapsed();
    let (init_cpu, init_bytes) = (process.cpu_at_rest().await?, process.memory()?.now);
    if let Some(share) = share {
        share.take_in(process.id())?;
    }
    world.dynamo.note_writes();
    let first_event = answered(program, api, waiting).await?;
    let written = world.dynamo.take_writes().len();
    let is_done = program.job != Job::Order || written > 0;
    anyhow::ensure!(is_done, "{name} answered its event and wrote no order");
    let mut waiting = ready(name, api).await?;
    let first_cpu = process.cpu_at_rest().await?;

    let mut again = Vec::new();
    if share.is_none() {
        for _ in 0..AGAIN {
            again.push(answered(program, api, waiting).await?);
            waiting = ready(name, api).await?;
        }
    }
    let peak_bytes = process.memory()?.peak;
    drop(process);
    drop(waiting);
    api.forget();
    let again = median(again).unwrap_or_default();
    Ok(Start { init, init_cpu, init_bytes, first_event, first_cpu, again, peak_bytes })
}

/// A table with the seller of the event, or with nobody.
async fn world(job: Job) -> anyhow::Result<World> {
    let now: Timestamp = "2026-10-05T08:00:00Z".parse()?;
    let mut world = World::new(later(now, -24)).await;
    if job == Job::Order {
        let seller = world.add_seller(SELLER, &["DE"]).await;
        world.go_live(&seller.id).await;
    }
    Ok(world)
}

/// What Lambda tells a function, and where its AWS is.
fn environment(command: &mut Command, ours: bool, api: &RuntimeApi, aws: &Served, identity: &Identity) {
    let memory = share::MEMORY_MB.to_string();
    command
        .envs([
            ("AWS_LAMBDA_FUNCTION_NAME", "cold"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &memory),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/cold"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/10/05/[$LATEST]cold"),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "AKIACOLD"),
            ("AWS_SECRET_ACCESS_KEY", "cold"),
            ("AWS_SESSION_TOKEN", "cold"),
            ("_HANDLER", "cold.handler"),
            ("RENOWN_TABLE", TABLE),
            ("AWS_ENDPOINT_URL", aws.url()),
            ("RENOWN_CONFIGURATION_SET", "cold"),
            ("RENOWN_OPERATORS_CONFIGURATION_SET", "cold"),
            ("RENOWN_PUBLIC_URL", "https://cold.example"),
        ])
        .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
        // Nobody is in the table of those who would call Amazon; if they did, it would fail here.
        .env("RENOWN_SPAPI_URL", format!("http://{}", api.address))
        // Ours and Node carry the roots of the world in themselves; Python reads them at start.
        .env("AWS_CA_BUNDLE", if ours { &identity.own } else { &identity.with_system })
        .env("NODE_EXTRA_CA_CERTS", &identity.own);
}

async fn ready(name: &str, api: &mut RuntimeApi) -> anyhow::Result<Waiting> {
    match heard(name, api).await? {
        Said::Next(waiting) => Ok(waiting),
        Said::Answered(..) => anyhow::bail!("{name} answered what nobody asked"),
        Said::Failed(why) => anyhow::bail!("{name}: {why}"),
    }
}

/// Gives the event; how long the answer took.
async fn answered(program: &Program, api: &mut RuntimeApi, waiting: Waiting) -> anyhow::Result<Duration> {
    let deadline = later(Clock::system().now(), 1).as_millisecond();
    let given = waiting.give(program.job.event(), deadline)?;
    match heard(program.name, api).await? {
        Said::Answered(at, answer) => {
            anyhow::ensure!(program.job.is_done(&answer), "{} did not do its job: {answer}", program.name);
            Ok(at - given)
        }
        Said::Next(_) => anyhow::bail!("{} gave no answer", program.name),
        Said::Failed(why) => anyhow::bail!("{}: {why}", program.name),
    }
}

async fn heard(name: &str, api: &mut RuntimeApi) -> anyhow::Result<Said> {
    tokio::time::timeout(PATIENCE, api.hear())
        .await
        .with_context(|| format!("{name} says nothing for {} s", PATIENCE.as_secs()))?
}

/// What the starts of one program came to, by the names of the figures.
#[derive(Default)]
struct Runs {
    values: BTreeMap<&'static str, Vec<f64>>,
}

/// A figure: its name, what a person reads, its unit, what it should be where it is ours, and
/// whether it repeats well enough to be judged.
type Line = (&'static str, &'static str, &'static str, Option<f64>, bool);

/// Limits: the project's own. The size is an aim; what each function may have is bounded where they
/// are built for Lambda (tests/deploy/run.sh). The others are from a measured floor of 6 and 7 ms of CPU and 4 MB.
const LINES: [Line; 9] = [
    ("bytes_mb", "size of the file", "MB", Some(4.5), false),
    ("init_cpu_ms", "CPU to the first question", "ms", Some(12.0), true),
    ("first_cpu_ms", "CPU to the end of the first event", "ms", Some(15.0), true),
    ("init_mb", "memory at the first question", "MB", Some(10.0), true),
    ("peak_mb", "memory at peak", "MB", Some(16.0), true),
    ("first_event_128_mb_ms", "first event with the CPU of 128 MB", "ms", Some(5.0), false),
    ("first_event_ms", "first event, whole core", "ms", None, false),
    ("again_ms", "the same event again", "ms", None, false),
    ("init_ms", "start to first question", "ms", None, false),
];

impl Runs {
    fn add(&mut self, start: &Start) {
        for (name, value) in [
            ("init_cpu_ms", ms(start.init_cpu)),
            ("first_cpu_ms", ms(start.first_cpu)),
            ("init_mb", float(start.init_bytes) / MB),
            ("peak_mb", float(start.peak_bytes) / MB),
            ("first_event_ms", ms(start.first_event)),
            ("again_ms", ms(start.again)),
            ("init_ms", ms(start.init)),
        ] {
            self.values.entry(name).or_default().push(value);
        }
    }

    /// Puts the figures of one program into the report. `bytes` of its file are known for ours,
    /// and for ours alone the limits hold.
    fn tell(mut self, name_of: &str, bytes: Option<u64>, report: &mut Report) {
        if let Some(bytes) = bytes {
            self.values.insert("bytes_mb", vec![float(bytes) / MB]);
        }
        for (name, what, unit, limit, gated) in LINES {
            let Some(values) = self.values.remove(name) else { continue };
            let least = values.iter().copied().reduce(f64::min).filter(|_| values.len() > 1);
            let Some(value) = median(values) else { continue };
            report.push(Figure {
                name: name.to_owned(),
                what: what.to_owned(),
                value,
                unit: unit.to_owned(),
                of: Some(name_of.to_owned()),
                least,
                wanted: limit.filter(|_| bytes.is_some()).map(Wanted::AtMost),
                gated,
            });
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The middle one; of an even number the lower of the two.
fn median<T: PartialOrd>(mut values: Vec<T>) -> Option<T> {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    let middle = values.len().checked_sub(1)? / 2;
    Some(values.swap_remove(middle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_one_of_the_values() {
        for (values, middle) in
            [(vec![], None), (vec![3], Some(3)), (vec![3, 1], Some(1)), (vec![5, 1, 3], Some(3))]
        {
            assert_eq!(median(values), middle);
        }
    }

    #[test]
    fn limits_hold_for_ours_alone() {
        let mut report = Report::new(Bench::Cold);
        for (name, bytes) in [("ours", Some(4_000_000)), ("theirs", None)] {
            let values = BTreeMap::from([("init_cpu_ms", vec![14.0, 13.0, 15.0])]);
            Runs { values }.tell(name, bytes, &mut report);
        }
        let exceeded: Vec<_> =
            report.exceeded().map(|figure| (figure.of.as_deref(), figure.value, figure.least)).collect();
        assert_eq!(exceeded, [(Some("ours"), 14.0, Some(13.0))]);
        assert_eq!(report.figures.len(), 3);
    }
}
