//! The handler in Python: its environment, made on first use, and a run of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use serde::Deserialize;

use crate::Size;

/// The handler.
pub(crate) const SCRIPT: &str = include_str!("../python/ingest.py");
const REQUIREMENTS: &str = include_str!("../python/requirements.txt");

/// What the script says.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Told {
    /// Messages taken in.
    pub(crate) messages: u64,
    /// Items written.
    pub(crate) writes: u64,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// Seconds of the processor.
    pub(crate) cpu: f64,
}

/// A Python with everything the script needs.
#[derive(Debug)]
pub(crate) struct Python {
    program: PathBuf,
    script: PathBuf,
}

/// A Python with these packages and no others, in the folder `name` of `scratch`. It is made if
/// need be, in full size only; that needs the package index. The text says why there is none.
pub(crate) fn environment(
    size: Size,
    scratch: &Path,
    name: &str,
    requirements: &str,
) -> anyhow::Result<Result<PathBuf, String>> {
    let (venv, installed) = (scratch.join(name), scratch.join(format!("{name}-installed.txt")));
    let program = venv.join("bin").join("python");
    if std::fs::read_to_string(&installed).is_ok_and(|there| there == requirements) {
        return Ok(Ok(program));
    }
    if size == Size::Quick {
        return Ok(Err("Python is left out: nothing is installed in small sizes".to_owned()));
    }
    if Command::new("python3").arg("--version").output().is_err() {
        return Ok(Err("Python is left out: there is no python3 on this machine".to_owned()));
    }
    let wanted = scratch.join(format!("{name}-requirements.txt"));
    std::fs::write(&wanted, requirements)?;
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv)).and_then(|_| {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        run(Command::new(&program).args(pip).arg(&wanted))
    });
    if let Err(error) = made {
        return Ok(Err(format!("Python is left out: its packages cannot be installed: {error:#}")));
    }
    std::fs::write(&installed, requirements)?;
    Ok(Ok(program))
}

impl Python {
    /// The one in `scratch`, as [`environment`] finds it.
    pub(crate) fn find(size: Size, scratch: &Path) -> anyhow::Result<Result<Self, String>> {
        let script = scratch.join("ingest.py");
        std::fs::write(&script, SCRIPT).with_context(|| format!("cannot write {}", script.display()))?;
        let program = environment(size, scratch, "venv", REQUIREMENTS)?;
        Ok(program.map(|program| Self { program, script }))
    }

    /// Takes in a file of events.
    pub(crate) fn ingest(&self, url: &str, table: &str, events: &Path) -> anyhow::Result<Told> {
        let mut command = Command::new(&self.program);
        let told = run(command.arg(&self.script).args([url, table]).arg(events))?;
        serde_json::from_slice(&told).context("the script answers otherwise than thought")
    }
}

/// Runs a command to its end; what it printed. The error is the last line of its complaint.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().lines().last().unwrap_or_default();
    anyhow::ensure!(output.status.success(), "{command:?}: {said}");
    Ok(output.stdout)
}
