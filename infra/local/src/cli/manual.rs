//! Shell completions and the man page, made from the command line's own description.

use clap::Args;
use clap_complete::Shell;
use renown_core::text;
use serde_json::json;

use crate::cli::command;
use crate::desk::Desk;
use crate::told::Told as _;

/// Print completions for a shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown completions bash > ~/.local/share/bash-completion/completions/renown\n  renown completions zsh > ~/.zfunc/_renown"
)]
pub(super) struct CompletionsArgs {
    /// Which shell.
    shell: Shell,
}

/// Print the manual page.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  renown man > ~/.local/share/man/man1/renown.1")]
pub(super) struct ManArgs {}

/// Runs `renown completions`.
///
/// # Errors
///
/// If they cannot be printed.
pub(super) fn completions(desk: &mut Desk<'_>, args: &CompletionsArgs) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(desk.style.lang), "renown", &mut script);
    print(desk, &script)
}

/// The text as it is, or for a program as the member `text` of its object.
fn print(desk: &mut Desk<'_>, text: &[u8]) -> anyhow::Result<()> {
    desk.json(&json!({"text": String::from_utf8_lossy(text)}))?;
    if !desk.style.json {
        desk.out.write_all(text)?;
    }
    Ok(())
}

/// Runs `renown man`: the page of the program, then that of each command.
pub(super) fn man(desk: &mut Desk<'_>, _: &ManArgs) -> anyhow::Result<()> {
    let command = command(desk.style.lang);
    let mut pages = Vec::new();
    let mut render = |command: clap::Command, title: String| {
        let page = clap_mangen::Man::new(command).title(title);
        page.render(&mut pages).told(|| text!("cannot print", "无法输出"))
    };
    render(command.clone(), "renown".to_owned())?;
    for sub in command.get_subcommands() {
        render(sub.clone(), format!("renown-{}", sub.get_name()))?;
    }
    print(desk, &pages)
}
