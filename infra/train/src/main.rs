//! Makes the weights that the linter was taught: `cargo run --release -p renown-train -- lint`.

mod lint;
mod svm;
mod texts;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Learn weights from labelled texts and write them beside the code that uses them.
#[derive(Debug, Parser)]
#[command(name = "renown-train", after_help = "Example:\n  cargo run --release -p renown-train -- lint")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Which sentences break a policy: prints precision and recall of texts that were not learnt
    /// from, and writes shared/core/src/lint/learnt.bin.
    Lint,
}

fn main() -> anyhow::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    match Cli::parse().command {
        Command::Lint => {
            lint::run(&root.join("texts/lint"), &root.join("../../shared/core/src/lint/learnt.bin"))
        }
    }
}
