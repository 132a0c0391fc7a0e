//! `renown`: the whole system on one machine, and the operator's commands.

use std::process::ExitCode;

#[expect(clippy::disallowed_methods, reason = "the environment's language, read at start")]
fn main() -> ExitCode {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|locale| !locale.is_empty()));
    let locale = locale.unwrap_or_default();
    let (mut out, mut err) = (std::io::stdout().lock(), std::io::stderr().lock());
    renown_local::cli::run(std::env::args_os(), &locale, &mut out, &mut err)
}
