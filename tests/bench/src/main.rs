//! `renown-bench`: measures speed, as ratios against something in the same run.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = renown_bench::cli::Cli::parse();
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    renown_bench::cli::run(&cli, &mut out, &mut err)
}
