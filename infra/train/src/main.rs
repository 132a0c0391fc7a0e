//! Makes the weights that the linter and the reader of buyers' texts were taught:
//! `cargo run --release -p renown-train -- lint`, and `-- buyer --texts DIR`.

mod buyer;
mod figures;
#[cfg(test)]
mod floors;
mod lint;
mod svm;
mod texts;

use std::path::PathBuf;

use buyer::rows::Licences;
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
    /// What buyers' texts say: writes shared/words/src/buyer.bin.
    Buyer {
        /// The folder of shops' texts, which is not part of the repository.
        #[arg(long, value_name = "DIR")]
        texts: PathBuf,
        /// From which texts to learn.
        #[arg(long, value_enum, default_value = "shipped")]
        licences: Licences,
        /// The file to write, instead of the one in use.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// How well buyers' texts are understood, beside keywords and vaderSentiment.
    Figures {
        /// The folder of shops' texts, which is not part of the repository.
        #[arg(long, value_name = "DIR")]
        texts: PathBuf,
        /// From which texts to learn.
        #[arg(long, value_enum, default_value = "shipped")]
        licences: Licences,
    },
}

fn main() -> anyhow::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    match Cli::parse().command {
        Command::Lint => {
            lint::run(&root.join("texts/lint"), &root.join("../../shared/core/src/lint/learnt.bin"))
        }
        Command::Buyer { texts, licences, out } => {
            let out = out.unwrap_or_else(|| root.join("../../shared/words/src/buyer.bin"));
            buyer::run(&texts, licences, &out)
        }
        Command::Figures { texts, licences } => figures::run(&texts, licences),
    }
}

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a command's output")]
fn say(line: &str) {
    println!("{line}");
}
