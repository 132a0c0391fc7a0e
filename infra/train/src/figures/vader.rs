//! vaderSentiment beside the models, for English, which alone it knows. It runs in a Python of its
//! own, which is made on first use; where that cannot be, a line says so.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use renown_core::text::Language;

use super::balanced;
use crate::buyer::rows::Row;
use crate::say;

/// The release that is compared with.
const REQUIREMENT: &str = "vaderSentiment==3.3.2";

/// Reads a JSON text a line, and says whether it is negative.
const SCRIPT: &str = "\
import json, sys
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
analyzer = SentimentIntensityAnalyzer()
for line in sys.stdin:
    print(int(analyzer.polarity_scores(json.loads(line))['compound'] < 0.05))
";

/// Prints how it judges.
///
/// # Errors
///
/// If it runs and answers otherwise than thought.
pub(super) fn compare(dev: &[Row]) -> anyhow::Result<()> {
    let rows: Vec<(&str, bool)> = dev
        .iter()
        .filter(|row| row.language == Language::En)
        .filter_map(|row| Some((row.text.as_str(), row.negative?)))
        .collect();
    let python = match environment() {
        Ok(python) => python,
        Err(error) => {
            say(&format!("\nvaderSentiment is left out: {error:#}"));
            return Ok(());
        }
    };
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("python does not start")?;
    let mut input = child.stdin.take().context("python takes no input")?;
    let lines: Vec<String> =
        rows.iter().map(|(text, _)| serde_json::to_string(text)).collect::<Result<_, _>>()?;
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| writeln!(input, "{line}")));
    let said = String::from_utf8(child.wait_with_output()?.stdout)?;
    if writer.join().is_err() || said.lines().count() != rows.len() {
        bail!("vaderSentiment did not answer every text");
    }
    let answers = said.lines().map(|line| line == "1");
    let [both, found, left] = balanced(rows.iter().map(|(_, is)| *is).zip(answers));
    say(&format!("\nnegative or not, vaderSentiment\n  en  {both:5.1}  ({found:3.0} {left:3.0})"));
    Ok(())
}

/// A Python with the package, in the system's folder for temporary files.
fn environment() -> anyhow::Result<PathBuf> {
    let folder = std::env::temp_dir().join("renown-train-vader");
    let python = folder.join("bin").join("python");
    let is_there = |python: &PathBuf| {
        Command::new(python)
            .args(["-c", "import vaderSentiment"])
            .output()
            .is_ok_and(|out| out.status.success())
    };
    if is_there(&python) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        REQUIREMENT,
    ]))?;
    Ok(python)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let out = command.output().context("there is no python3 on this machine")?;
    if !out.status.success() {
        bail!("{}", String::from_utf8_lossy(&out.stderr).lines().last().unwrap_or("it failed"));
    }
    Ok(())
}
