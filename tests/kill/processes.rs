//! The two programs as processes, each ended by its id.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// The folder of the built programs; builds them once. A test run over the whole workspace has
/// built them already (they have integration tests of their own) and says so with
/// `RENOWN_PROGRAMS_BUILT`.
#[expect(clippy::disallowed_methods, reason = "the switch described above")]
fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        if std::env::var("RENOWN_PROGRAMS_BUILT").is_err() {
            let built = Command::new(env!("CARGO"))
                .args(["build", "--quiet", "-p", "renown-local", "-p", "renown-simulator"])
                .status()
                .expect("cargo runs");
            assert!(built.success(), "the programs are built");
        }
        let this = std::env::current_exe().expect("this test has a path");
        this.ancestors().nth(2).expect("target/debug/deps/test").to_owned()
    })
}

/// A running simulator.
pub(crate) struct Simulator {
    child: Child,
    address: String,
}

impl Simulator {
    pub(crate) fn start(at: &str) -> Self {
        let mut child = Command::new(programs().join("renown-simulator"))
            .args(["--start", at, "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the simulator starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on ").map(ToOwned::to_owned))
            .expect("the simulator says where it listens");
        let address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { child, address }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        http::call(&self.address, "GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        http::call(&self.address, "POST", path, Some(body))
    }

    pub(crate) fn delete(&self, path: &str) {
        http::call(&self.address, "DELETE", path, None);
    }

    /// Looks every few milliseconds until it is so.
    #[expect(clippy::disallowed_methods, reason = "waits for another process, in real time")]
    pub(crate) fn wait_until(&self, is_so: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !is_so(self) {
            assert!(start.elapsed() < PATIENCE, "it did not come to that: {:#}", self.get("calls"));
            std::thread::sleep(Duration::from_millis(3));
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone after this.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `renown` over one folder and one simulator.
pub(crate) struct Renown<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) simulator: &'a Simulator,
}

/// A running `renown up`.
pub(crate) struct Running(Child);

impl Renown<'_> {
    /// Starts `renown up` for a time.
    pub(crate) fn start(&self, lasts: &str) -> Running {
        let url = format!("http://{}", self.simulator.address);
        let child = Command::new(programs().join("renown"))
            .args(["up", "--amazon", &url, "--for", lasts, "--json", "--data"])
            .arg(self.folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("renown starts");
        Running(child)
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, lasts: &str) {
        let mut running = self.start(lasts);
        let status = running.0.wait().expect("it ends");
        assert!(status.success(), "renown up --for {lasts}: {status}");
    }

    /// What `renown plan --json` prints.
    pub(crate) fn plan(&self) -> Value {
        let output = Command::new(programs().join("renown"))
            .args(["plan", "--json", "--data"])
            .arg(self.folder)
            .output()
            .expect("renown runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

impl Running {
    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.0.kill().expect("it still runs");
        self.0.wait().expect("it is gone");
    }
}

/// Writes a file that only its owner may read.
pub(crate) fn write_secret(path: &Path, text: &str) {
    use std::io::Write;
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.expect("opened").write_all(text.as_bytes()).expect("written");
}
