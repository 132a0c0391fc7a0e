//! Shell completions and the man page, made from the command line's own description.

use clap::Args;
use clap_complete::Shell;
use renown_core::text;

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
pub(super) fn completions(desk: &mut Desk<'_>, args: &CompletionsArgs) {
    clap_complete::generate(args.shell, &mut command(desk.style.lang), "renown", &mut desk.out);
}

/// Runs `renown man`: the page of the program, then that of each command.
pub(super) fn man(desk: &mut Desk<'_>, _: &ManArgs) -> anyhow::Result<()> {
    let command = command(desk.style.lang);
    let print = |command: clap::Command, title: String, desk: &mut Desk<'_>| {
        let page = clap_mangen::Man::new(command).title(title);
        page.render(&mut desk.out).told(|| text!("cannot print", "无法输出"))
    };
    print(command.clone(), "renown".to_owned(), desk)?;
    for sub in command.get_subcommands() {
        print(sub.clone(), format!("renown-{}", sub.get_name()), desk)?;
    }
    Ok(())
}
