//! The command: which benches, in what size, for whom.
//!
//! Each bench runs in a process of its own, so that the memory it held at its peak is its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::Context as _;
use clap::{Parser, ValueEnum as _};
use serde::{Deserialize, Serialize};

use crate::figures::{Report, table};
use crate::meter::Machine;
use crate::{Bench, Size, cold, measure};

/// Measures how fast Renown is, each figure beside something measured in the same run.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "renown-bench",
    after_help = "Examples:\n  cargo run --release -p renown-bench\n  cargo run --release -p renown-bench -- policy ask\n  cargo run --release -p renown-bench -- plan --json | jq '.reports[0].figures'\n  cargo run --release -p renown-bench -- cold --gate\n\nFigures are told and not judged by the exit code, unless --gate is given: it speaks of whether the work was done.\nFiles (some 2 GB in full size) are left in target/bench for the next run; delete them at will."
)]
pub struct Cli {
    /// Which; all of them where none is named
    pub benches: Vec<Bench>,
    /// Small sizes: to see that everything works, not to measure
    #[arg(long)]
    pub quick: bool,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// Fail if a limit on CPU or bytes is exceeded (cold)
    #[arg(long)]
    pub gate: bool,
    /// Folder of built bootstraps (cold); without it they are built
    #[arg(long, value_name = "DIR")]
    pub bootstraps: Option<PathBuf>,
    /// Starts of each program (cold)
    #[arg(long, value_name = "N")]
    pub runs: Option<u32>,
}

/// What `--json` prints.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    machine: Machine,
    quick: bool,
    reports: Vec<Report>,
}

/// Runs the command.
pub fn run(cli: &Cli, out: &mut dyn Write, err: &mut dyn Write) -> ExitCode {
    let told = answer(cli, err).and_then(|answer| {
        print(cli, &answer, out)?;
        Ok(answer.reports.iter().all(|report| report.exceeded().next().is_none()))
    });
    match told {
        Ok(within_limits) if within_limits || !cli.gate => ExitCode::SUCCESS,
        Ok(_) => {
            let _ = writeln!(err, "renown-bench: a limit is exceeded");
            ExitCode::FAILURE
        }
        Err(error) => {
            let _ = writeln!(err, "renown-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn answer(cli: &Cli, err: &mut dyn Write) -> anyhow::Result<Answer> {
    let benches = if cli.benches.is_empty() { Bench::value_variants() } else { &cli.benches };
    let reports = match benches {
        [one] => {
            let size = if cli.quick { Size::Quick } else { Size::Full };
            let scratch = scratch()?;
            vec![match one {
                Bench::Cold => cold::run(&cold_options(cli, size), &scratch)?,
                one => measure(*one, size, &scratch)?,
            }]
        }
        several => {
            let mut reports = Vec::new();
            for bench in several {
                let name = bench.to_possible_value().context("every bench has a name")?;
                writeln!(err, "{} …", name.get_name())?;
                reports.extend(in_own_process(name.get_name(), cli)?);
            }
            reports
        }
    };
    Ok(Answer { machine: Machine::this(), quick: cli.quick, reports })
}

fn cold_options(cli: &Cli, size: Size) -> cold::Options {
    let usual = cold::Options::of(size);
    cold::Options {
        bootstraps: cli.bootstraps.clone().or(usual.bootstraps),
        runs: cli.runs.unwrap_or(usual.runs),
        size,
    }
}

fn in_own_process(bench: &str, cli: &Cli) -> anyhow::Result<Vec<Report>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([bench, "--json"]).args(cli.quick.then_some("--quick")).stderr(Stdio::inherit());
    if let Some(folder) = &cli.bootstraps {
        command.arg("--bootstraps").arg(folder);
    }
    if let Some(runs) = cli.runs {
        command.args(["--runs", &runs.to_string()]);
    }
    let output = command.output()?;
    anyhow::ensure!(output.status.success(), "{bench} did not come to its end");
    let answer: Answer = serde_json::from_slice(&output.stdout)?;
    Ok(answer.reports)
}

fn print(cli: &Cli, answer: &Answer, out: &mut dyn Write) -> anyhow::Result<()> {
    if cli.json {
        writeln!(out, "{}", serde_json::to_string(answer)?)?;
    } else {
        write!(out, "{}", table(&answer.machine, answer.quick, &answer.reports))?;
    }
    Ok(())
}

/// Where files are kept between runs: `bench` beside cargo's folders of profiles.
fn scratch() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).context("the program lies in no folder")?;
    let scratch = target.join("bench");
    std::fs::create_dir_all(&scratch).with_context(|| format!("cannot make {}", scratch.display()))?;
    Ok(scratch)
}
