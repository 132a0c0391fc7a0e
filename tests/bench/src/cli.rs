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
use crate::{Bench, Size, measure};

/// Measures how fast Renown is, each figure beside something measured in the same run.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "renown-bench",
    after_help = "Examples:\n  cargo run --release -p renown-bench\n  cargo run --release -p renown-bench -- policy ask\n  cargo run --release -p renown-bench -- plan --json | jq '.reports[0].figures'\n\nFigures are told and never judged by the exit code: it speaks of whether the work was done.\nFiles (some 2 GB in full size) are left in target/bench for the next run; delete them at will."
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
    match answer(cli, err).and_then(|answer| print(cli, &answer, out)) {
        Ok(()) => ExitCode::SUCCESS,
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
            vec![measure(*one, size, &scratch()?)?]
        }
        several => {
            let mut reports = Vec::new();
            for bench in several {
                let name = bench.to_possible_value().context("every bench has a name")?;
                writeln!(err, "{} …", name.get_name())?;
                reports.extend(in_own_process(name.get_name(), cli.quick)?);
            }
            reports
        }
    };
    Ok(Answer { machine: Machine::this(), quick: cli.quick, reports })
}

fn in_own_process(bench: &str, quick: bool) -> anyhow::Result<Vec<Report>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([bench, "--json"]).args(quick.then_some("--quick")).stderr(Stdio::inherit());
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
