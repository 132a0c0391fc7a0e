//! The command line as a person or a script runs it.

use std::path::Path;
use std::process::ExitCode;

use jiff::tz::TimeZone;
use renown_local::desk::Environment;
use serde_json::Value;

/// What a command came to.
pub(crate) struct Ran {
    pub(crate) code: ExitCode,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `renown` in a folder. Its runtime is a second one, so it has a thread of its own.
pub(crate) fn renown(dir: &Path, args: &[&str]) -> Ran {
    typed(dir, args, None)
}

/// The same, with somebody who types an answer.
pub(crate) fn typed(dir: &Path, args: &[&str], answer: Option<&str>) -> Ran {
    std::thread::scope(|scope| scope.spawn(|| run(dir, args, answer)).join().expect("it ends"))
}

fn run(dir: &Path, args: &[&str], answer: Option<&str>) -> Ran {
    let environment = Environment {
        locale: "C".to_owned(),
        zone: TimeZone::UTC,
        dir: dir.to_owned(),
        config_dir: Some(dir.join("config")),
        is_typed: answer.is_some(),
        is_looked_at: false,
        var: |_| None,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = std::iter::once("renown").chain(args.iter().copied()).map(Into::into);
    let mut input = answer.unwrap_or_default().as_bytes();
    let code = renown_local::cli::run(args, &environment, &mut input, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { code, out: text(out), err: text(err) }
}

impl Ran {
    /// The one object that a program gets.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, ExitCode::SUCCESS, "{}", self.err);
        serde_json::from_str(&self.out).expect("one object")
    }

    /// Fails with a code, and says this.
    pub(crate) fn fails(&self, code: u8, says: &[&str]) {
        assert_eq!(self.code, ExitCode::from(code), "{}{}", self.out, self.err);
        assert!(says.iter().all(|part| self.err.contains(part)), "{}", self.err);
    }
}

/// A path as an argument.
pub(crate) fn arg(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}
