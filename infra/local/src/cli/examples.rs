//! Each command's help has an example: a command below another has those of its parent that are
//! its own.

use clap::Command;

/// The command line with its examples where they belong.
pub(super) fn spread(command: Command) -> Command {
    below(command, "renown", "")
}

fn below(command: Command, path: &str, inherited: &str) -> Command {
    let own = command.get_after_help().map(ToString::to_string);
    let is_leaf = !command.has_subcommands();
    let examples = own.clone().unwrap_or_else(|| inherited.to_owned());
    let command = if own.is_none() && is_leaf { with_its_own(command, path, inherited) } else { command };
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        let path = format!("{path} {name}");
        command.mut_subcommand(name, |sub| below(sub, &path, &examples))
    })
}

fn with_its_own(command: Command, path: &str, inherited: &str) -> Command {
    let is_its =
        |line: &&str| line.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let lines: Vec<&str> = inherited.lines().map(str::trim).filter(is_its).collect();
    match lines.len() {
        0 => command,
        1 => command.after_help(format!("Example:\n  {}", lines[0])),
        _ => command.after_help(format!("Examples:\n  {}", lines.join("\n  "))),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn without(command: &Command, path: &str, found: &mut Vec<String>) {
        let has = command.get_after_help().is_some_and(|help| help.to_string().contains("Example"));
        if !command.has_subcommands() && !has {
            found.push(path.to_owned());
        }
        for sub in command.get_subcommands() {
            without(sub, &format!("{path} {}", sub.get_name()), found);
        }
    }

    #[test]
    fn every_command_has_an_example_in_its_help() {
        let mut found = Vec::new();
        without(&spread(crate::cli::Cli::command()), "renown", &mut found);
        assert_eq!(found, [""; 0]);
    }
}
