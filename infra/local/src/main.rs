//! `renown`: the whole system on one machine, and the operator's commands.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::tz::TimeZone;
use renown_local::desk::Environment;

#[expect(clippy::disallowed_methods, reason = "the one reader of what is around the process")]
fn main() -> ExitCode {
    let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(var);
    let config_dir = var("XDG_CONFIG_HOME")
        .or_else(|| var("APPDATA"))
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(var("HOME")?).join(".config")));
    let environment = Environment {
        locale: locale.unwrap_or_default(),
        zone: TimeZone::system(),
        dir: std::env::current_dir().unwrap_or_default(),
        config_dir,
        is_typed: std::io::stdin().is_terminal(),
        is_looked_at: std::io::stdout().is_terminal(),
        var: |name| std::env::var(name).ok(),
    };
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    renown_local::cli::run(
        std::env::args_os(),
        &environment,
        &mut std::io::stdin().lock(),
        &mut out,
        &mut err,
    )
}
