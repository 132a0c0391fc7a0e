//! What is started: our bootstraps, and the same job in Python and in Node.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;

use crate::python::{self, run};
use crate::{Size, cold};

const PYTHON: &str = include_str!("../../python/cold.py");
const PYTHON_REQUIREMENTS: &str = include_str!("../../python/cold-requirements.txt");
/// The files of the handler in Node.
const NODE: [(&str, &str); 5] = [
    ("package.json", include_str!("../../node/package.json")),
    ("package-lock.json", include_str!("../../node/package-lock.json")),
    (".npmrc", include_str!("../../node/.npmrc")),
    ("handler.mjs", include_str!("../../node/handler.mjs")),
    ("bootstrap.mjs", include_str!("../../node/bootstrap.mjs")),
];
/// A change of an order, as its queue hands it over.
const CHANGE: &str = include_str!("../../../../events/sqs/order-change-shipped.json");

/// News of a mail, as its queue hands it over.
const DELIVERY: &str = include_str!("../../../../events/ses/delivery.json");
/// Somebody follows a link of a mail.
const PAGE: &str = include_str!("../../../../events/web/unsubscribe-page.json");

/// Our functions, by the names of their packages.
const FUNCTIONS: [(&str, Job); 7] = [
    ("order-ingest", Job::Order),
    ("report-sync", Job::Tick),
    ("scheduled-solicit", Job::Tick),
    ("ses-send", Job::Tick),
    ("bounce-handler", Job::Delivery),
    ("web", Job::Page),
    ("negative-alert", Job::Tick),
];

/// What the first event asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// Take in one order, which is written.
    Order,
    /// Look after a table in which nobody is.
    Tick,
    /// Hear of a mail, with the keys of mail at hand.
    Delivery,
    /// Show a page, with the keys of mail at hand.
    Page,
}

impl Job {
    /// The event.
    pub(crate) fn event(self) -> &'static str {
        match self {
            Self::Order => CHANGE,
            Self::Tick => "{}",
            Self::Delivery => DELIVERY,
            Self::Page => PAGE,
        }
    }

    /// Whether an answer says that it is done.
    pub(crate) fn is_done(self, answer: &str) -> bool {
        match self {
            Self::Tick => true,
            Self::Order | Self::Delivery => answer.replace(' ', "") == r#"{"batchItemFailures":[]}"#,
            // The sample's link was made with nobody's keys, and the page says so.
            Self::Page => answer.contains(r#""statusCode":404"#) && answer.contains("<html"),
        }
    }
}

/// A program that speaks to the Runtime API.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) job: Job,
    /// Bytes of the file that goes to Lambda, where it is ours.
    pub(crate) bytes: Option<u64>,
    path: PathBuf,
    arguments: Vec<PathBuf>,
    folder: PathBuf,
}

impl Program {
    /// It, ready to be started, without a word of this process's environment but where programs
    /// are found.
    #[expect(clippy::disallowed_methods, reason = "PATH and HOME are passed on as they are")]
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).current_dir(&self.folder).env_clear();
        for name in ["PATH", "HOME"] {
            command.envs(std::env::var(name).map(|value| (name, value)));
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// Our bootstraps; they are built where no folder is named. In small sizes one is enough.
pub(crate) fn ours(options: &cold::Options, scratch: &Path) -> anyhow::Result<Vec<Program>> {
    let folder = match &options.bootstraps {
        Some(folder) => folder.clone(),
        None => build(scratch)?,
    };
    let mut found = Vec::new();
    for (name, job) in FUNCTIONS {
        let path = match folder.join(name).canonicalize() {
            Err(_) if options.size == Size::Quick => continue,
            path => path.with_context(|| format!("no {name} in {}", folder.display()))?,
        };
        let bytes = Some(std::fs::metadata(&path)?.len());
        found.push(Program { name, job, bytes, path, arguments: Vec::new(), folder: scratch.to_owned() });
    }
    anyhow::ensure!(!found.is_empty(), "no bootstrap in {}", folder.display());
    Ok(found)
}

/// Builds them as they go to Lambda; tells their folder.
#[expect(clippy::disallowed_methods, reason = "cargo says by CARGO which cargo runs us")]
fn build(scratch: &Path) -> anyhow::Result<PathBuf> {
    let target = scratch.parent().context("the scratch folder lies in cargo's")?;
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("..");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(cargo);
    command.current_dir(workspace).args(["build", "--locked", "--profile", "bootstrap", "--target-dir"]);
    command.arg(target).stdout(Stdio::null());
    for (name, _) in FUNCTIONS {
        command.args(["-p", name]);
    }
    let status = command.status().context("cargo cannot be started; name a folder with --bootstraps")?;
    anyhow::ensure!(status.success(), "the bootstraps do not build");
    Ok(target.join("bootstrap"))
}

/// The handler in Python under Lambda's own runtime interface client. The text says why not.
pub(crate) fn in_python(size: Size, scratch: &Path) -> anyhow::Result<Result<Program, String>> {
    let folder = scratch.join("cold-python");
    write(&folder, &[("ingest.py", python::SCRIPT), ("cold.py", PYTHON)])?;
    let path = python::environment(size, scratch, "cold-venv", PYTHON_REQUIREMENTS)?;
    let arguments = ["-m", "awslambdaric", "cold.handler"].map(PathBuf::from).to_vec();
    Ok(path.map(|path| Program { name: "Python", job: Job::Order, bytes: None, path, arguments, folder }))
}

/// The handler in Node, bundled. The text says why not.
pub(crate) fn in_node(size: Size, scratch: &Path) -> anyhow::Result<Result<Program, String>> {
    let (folder, installed) = (scratch.join("cold-node"), scratch.join("cold-node-installed.txt"));
    let wanted = NODE.iter().fold(String::new(), |all, (_, text)| all + text);
    let program = Program {
        name: "Node",
        job: Job::Order,
        bytes: None,
        path: PathBuf::from("node"),
        arguments: vec![PathBuf::from("bundle.js")],
        folder: folder.clone(),
    };
    if std::fs::read_to_string(&installed).is_ok_and(|there| there == wanted) {
        return Ok(Ok(program));
    }
    if size == Size::Quick {
        return Ok(Err("Node is left out: nothing is installed in small sizes".to_owned()));
    }
    write(&folder, &NODE)?;
    let npm = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    let bundler = folder.join("node_modules").join(".bin").join("esbuild");
    let bundle = ["bootstrap.mjs", "--bundle", "--minify", "--platform=node", "--outfile=bundle.js"];
    let made = run(Command::new("npm").args(npm).current_dir(&folder))
        .and_then(|_| run(Command::new(bundler).args(bundle).current_dir(&folder)));
    if let Err(error) = made {
        return Ok(Err(format!("Node is left out: its packages cannot be installed: {error:#}")));
    }
    std::fs::write(&installed, wanted)?;
    Ok(Ok(program))
}

fn write(folder: &Path, files: &[(&str, &str)]) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
