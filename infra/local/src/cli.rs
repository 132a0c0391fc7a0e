//! The command line of `renown`.

mod chinese;
mod examples;
mod manual;
mod mistakes;

use std::ffi::OsString;
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use renown_core::lint::Language;
use renown_core::say::{Lang, UnknownLang};
use renown_core::text;

use crate::commands::{
    ask, cases, classify, connect, cost, disconnect, doctor, domain, erase, experiment, explain, export,
    health, held, import, lint, mail, mode, never, notify, pause, plan, restore, rules, shop, simulate,
    support_bundle, suppress, team, template, topics, unread, up,
};
use crate::desk::{Desk, Environment};
use crate::folder::Folder;
use crate::settings::{Settings, zone};
use crate::steer::Wish;
use crate::style::Style;
use crate::told::{self, Trouble};

/// The operator's own shop, where no folder is named.
const SHOP: &str = ".renown/shop";
/// The demo's folder.
const DEMO: &str = ".renown/demo";

/// Asks every Amazon buyer for a review exactly once, at the right moment and within Amazon's
/// rules; this program runs the whole system on one machine.
#[derive(Debug, Parser)]
#[command(
    name = "renown",
    version,
    disable_help_subcommand = true,
    after_help = "Examples:\n  renown                 a demo shop, from its beginning to its end in a minute\n  renown plan            where every order stands\n  renown explain ORDER   one order's story"
)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct Common {
    /// The data folder [default: that of renown.toml; .renown/shop if a shop was begun there, else .renown/demo]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// The AWS region in which Renown is deployed, for a shop there instead of in a folder
    /// [default: that of renown.toml]
    #[arg(long, value_name = "REGION", global = true, conflicts_with = "data")]
    aws: Option<String>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Language of what is printed: en or zh [default: that of renown.toml, else of the environment]
    // `renown lint` has its own of the name, the language of the text; one type fits both.
    #[arg(long, value_name = "LANG", global = true, value_parser = operators)]
    lang: Option<Language>,
    /// Time zone of what is printed, such as Asia/Shanghai [default: that of renown.toml, else the machine's]
    #[arg(long, value_name = "ZONE", global = true)]
    zone: Option<String>,
    /// Settings [default: renown.toml in the working directory, if there is one]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Up(up::UpArgs),
    Plan(plan::PlanArgs),
    Explain(explain::ExplainArgs),
    /// Let one seller, one shop's mails, or everything, stand still. Takes effect within two seconds.
    #[command(
        after_help = "Examples:\n  renown pause\n  renown pause --seller A1MORNINGHOME\n  renown pause --shop tea"
    )]
    Pause(pause::PauseArgs),
    /// Let one seller, one shop's mails, or everything, go on.
    #[command(
        after_help = "Examples:\n  renown resume --seller A1MORNINGHOME\n  renown resume --shop tea\n  renown resume --mails"
    )]
    Resume(pause::PauseArgs),
    Mode(mode::ModeArgs),
    Connect(connect::ConnectArgs),
    Disconnect(disconnect::DisconnectArgs),
    Doctor(doctor::DoctorArgs),
    Import(import::ImportArgs),
    Rules(rules::RulesArgs),
    Shop(shop::ShopArgs),
    Mail(mail::MailArgs),
    Domain(domain::DomainArgs),
    Suppress(suppress::SuppressArgs),
    Template(template::TemplateArgs),
    Experiment(experiment::ExperimentArgs),
    Notify(notify::NotifyArgs),
    Cases(cases::CasesArgs),
    Health(health::HealthArgs),
    Team(team::TeamArgs),
    Topics(topics::TopicsArgs),
    Simulate(simulate::SimulateArgs),
    Ask(ask::AskArgs),
    Never(never::NeverArgs),
    Held(held::HeldArgs),
    Unread(unread::UnreadArgs),
    Export(export::ExportArgs),
    Restore(restore::RestoreArgs),
    Erase(erase::EraseArgs),
    SupportBundle(support_bundle::SupportBundleArgs),
    Cost(cost::CostArgs),
    Lint(lint::LintArgs),
    Classify(classify::ClassifyArgs),
    Completions(manual::CompletionsArgs),
    Man(manual::ManArgs),
}

/// Runs a command line. Answers go to `out`, an error to `err`; what the operator types comes
/// from `input`.
///
/// Exit codes: 0 done, 1 failed, 2 wrongly used.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    environment: &Environment,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let lang = lang_before_all(&args, environment);
    let parsed =
        command(lang).try_get_matches_from(&args).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help that was asked for is no error. If nothing can be printed, the code tells.
            let is_program = args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--json");
            let _ = if error.use_stderr() {
                let said = mistakes::said(&error, lang);
                if is_program {
                    let _ = writeln!(
                        out,
                        "{}",
                        serde_json::json!({"error": said.trim(), "exit_code": error.exit_code()})
                    );
                }
                write!(err, "{said}")
            } else {
                write!(out, "{}", mistakes::help(&error, lang))
            };
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let is_program = cli.common.json;
    match execute(cli, environment, input, out) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our lines has gone, as `head` does: nothing is wrong.
        Err(error) if told::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let (said, code) = (told::tell(&error, lang), if told::is_usage(&error) { 2 } else { 1 });
            // A program gets its one object whatever happens.
            if is_program && !told::is_answered(&error) {
                let _ = writeln!(out, "{}", serde_json::json!({"error": said, "exit_code": code}));
            }
            let _ = writeln!(err, "renown: {said}");
            ExitCode::from(code)
        }
    }
}

/// The command line's description in a language.
fn command(lang: Lang) -> clap::Command {
    let command = examples::spread(Cli::command());
    match lang {
        Lang::En => command,
        Lang::Zh => chinese::translated(command),
    }
}

/// The language, before the command line can be read: mistakes in it are to be told too.
fn lang_before_all(args: &[OsString], environment: &Environment) -> Lang {
    let words: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
    let after = |name: &str| {
        let joined = format!("{name}=");
        let apart = words.iter().position(|word| word == name).and_then(|at| words.get(at + 1));
        words.iter().find_map(|word| word.strip_prefix(&joined)).or(apart.map(|word| &**word))
    };
    // Beside a text to lint, `--lang` is the language of the text.
    let has = |name: &str| words.iter().any(|word| word == name);
    // Beside other commands `--in` is the language of somebody else.
    let answer_in = after("--in").filter(|_| has("lint"));
    let named = answer_in.or_else(|| after("--lang").filter(|_| !has("lint") || has("--help")));
    if let Some(lang) = named.and_then(|word| word.parse().ok()) {
        return lang;
    }
    let config = after("--config").map(std::path::Path::new);
    let settings = Settings::read(config, &environment.dir).unwrap_or_default();
    settings.lang.map_or_else(|| Lang::of_locale(&environment.locale), |name| name.0)
}

/// A language that operators read.
fn operators(word: &str) -> Result<Language, UnknownLang> {
    word.parse::<Lang>().map(|lang| match lang {
        Lang::En => Language::En,
        Lang::Zh => Language::Zh,
    })
}

fn execute(
    cli: Cli,
    environment: &Environment,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let Cli { common, command } = cli;
    let settings = Settings::read(common.config.as_deref(), &environment.dir)?;
    let named = match &command {
        Some(Command::Lint(args)) => args.answer_in(),
        _ => common.lang.and_then(|language| language.code().parse().ok()),
    };
    let lang = named.or(settings.lang.map(|name| name.0));
    let style = Style {
        lang: lang.unwrap_or_else(|| Lang::of_locale(&environment.locale)),
        zone: match &common.zone {
            Some(name) => zone(name).ok_or_else(|| {
                Trouble::usage(text!(
                    "{name:?} is no time zone: write a name such as Asia/Shanghai or UTC",
                    "{name:?} 不是时区:请写成 Asia/Shanghai 或 UTC 这样的名称"
                ))
            })?,
            None => settings.time_zone.clone().map_or_else(|| environment.zone.clone(), |zone| zone.0),
        },
        json: common.json,
    };
    // A place on the command line stands before the other one in the file.
    let aws = common.aws.or_else(|| settings.aws.clone().filter(|_| common.data.is_none()));
    let data = common.data.or_else(|| settings.data.clone()).unwrap_or_else(|| {
        let is_shop = match &command {
            None => false,
            Some(Command::Connect(_) | Command::Import(_) | Command::Restore(_)) => true,
            Some(_) => matches!(Folder::kind_in(&environment.dir.join(SHOP)), Ok(Some(_))),
        };
        PathBuf::from(if is_shop { SHOP } else { DEMO })
    });
    // No arguments at all: the main job.
    let command = command.unwrap_or_else(|| Command::Up(up::UpArgs::default()));
    let is_demo = matches!(&command, Command::Up(args) if args.is_demo(&data));
    let mut desk = Desk { style, settings, environment, data, aws, out, input };
    let desk = &mut desk;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(is_demo).build()?;
    runtime.block_on(async {
        match command {
            Command::Up(args) => Box::pin(up::run(desk, args)).await,
            Command::Plan(args) => plan::run(desk, args).await,
            Command::Explain(args) => explain::run(desk, args).await,
            Command::Pause(args) => pause::run(desk, Wish::Pause, args).await,
            Command::Resume(args) => pause::run(desk, Wish::Resume, args).await,
            Command::Mode(args) => mode::run(desk, args).await,
            Command::Connect(args) => Box::pin(connect::run(desk, args)).await,
            Command::Disconnect(args) => disconnect::run(desk, args).await,
            Command::Doctor(args) => doctor::run(desk, args).await,
            Command::Import(args) => import::run(desk, args).await,
            Command::Rules(args) => rules::run(desk, args).await,
            Command::Shop(args) => shop::run(desk, args).await,
            Command::Mail(args) => Box::pin(mail::run(desk, args)).await,
            Command::Domain(args) => Box::pin(domain::run(desk, args)).await,
            Command::Suppress(args) => suppress::run(desk, args).await,
            Command::Template(args) => template::run(desk, args).await,
            Command::Experiment(args) => experiment::run(desk, args).await,
            Command::Notify(args) => notify::run(desk, args).await,
            Command::Cases(args) => cases::run(desk, args).await,
            Command::Health(args) => health::run(desk, args).await,
            Command::Team(args) => team::run(desk, args).await,
            Command::Topics(args) => topics::run(desk, args).await,
            Command::Simulate(args) => simulate::run(desk, args).await,
            Command::Ask(args) => ask::run(desk, args).await,
            Command::Never(args) => never::run(desk, args).await,
            Command::Held(args) => held::run(desk, args).await,
            Command::Unread(args) => unread::run(desk, args).await,
            Command::Export(args) => export::run(desk, args).await,
            Command::Restore(args) => restore::run(desk, args).await,
            Command::Erase(args) => Box::pin(erase::run(desk, args)).await,
            Command::SupportBundle(args) => support_bundle::run(desk, args).await,
            Command::Cost(args) => cost::run(desk, &args),
            Command::Lint(args) => lint::run(desk, &args),
            Command::Classify(args) => classify::run(desk, &args),
            Command::Completions(args) => manual::completions(desk, &args),
            Command::Man(args) => manual::man(desk, &args),
        }
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn run_in(dir: &std::path::Path, args: &[&str]) -> (ExitCode, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = std::iter::once("renown").chain(args.iter().copied()).map(Into::into);
        let environment = Environment {
            locale: "C".to_owned(),
            zone: TimeZone::UTC,
            dir: dir.to_owned(),
            config_dir: Some(dir.join("config")),
            is_typed: false,
            is_looked_at: false,
            var: |_| None,
        };
        let code = run(args, &environment, &mut std::io::empty(), &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (code, text(out), text(err))
    }

    fn run_with(args: &[&str]) -> (ExitCode, String, String) {
        run_in(tempfile::tempdir().expect("a folder").path(), args)
    }

    /// Every command, with the words that lead to it.
    fn commands(command: &clap::Command, path: &[String]) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let path = [path, &[sub.get_name().to_owned()]].concat();
            all.extend(commands(sub, &path));
            all.push(path);
        }
        all
    }

    #[test]
    fn the_commands_fit_together_and_each_shows_an_example() {
        Cli::command().debug_assert();
        for path in commands(&Cli::command(), &[]).iter().filter(|path| path.len() == 1) {
            let (code, out, _) = run_with(&[&path[0], "--help"]);
            assert_eq!(code, ExitCode::SUCCESS);
            assert!(out.contains("Example") && out.contains("renown"), "{out}");
        }
    }

    #[test]
    fn every_command_and_option_has_its_help_in_chinese() {
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let mut asked = vec![vec![]];
        asked.extend(commands(&Cli::command(), &[]));
        for path in asked {
            let mut words: Vec<&str> = path.iter().map(String::as_str).collect();
            words.extend(["--help", "--lang", "zh"]);
            let (_, out, _) = run_with(&words);
            // Whatever stands in a column of explanations is Chinese.
            for line in out.lines().filter(|line| line.starts_with("      ") || line.starts_with("  -")) {
                let explained = line.trim().rsplit_once("  ").map_or(line.trim(), |(_, text)| text);
                let is_name = explained.starts_with('-')
                    || explained.starts_with('<')
                    || explained.starts_with("renown ");
                assert!(is_name || is_chinese(explained), "{words:?}: {line}");
            }
            assert!(!out.contains("Print help") && !out.contains("Usage:"), "{words:?}: {out}");
            // Below the examples, too.
            let last = out.rsplit("\n\n").next().unwrap_or_default();
            assert!(is_chinese(last), "{words:?}: {last}");
        }
    }

    #[test]
    fn wrong_usage_names_the_thing_and_the_remedy_and_ends_with_2() {
        for (args, says, says_zh) in [
            (&["explain", "12"][..], "123-1234567-1234567", "123-1234567-1234567"),
            (&["up", "--for", "20x"], "20d or 90m", "20x"),
            (&["up", "--for", "-1d"], "20d or 90m", "-1d"),
            (&["up", "--for", ""], "20d or 90m", "--for"),
            (&["plan", "--days", "-1"], "'-1' for '--days", "不小于 0"),
            (&["cost", "--orders", "-5"], "'-5' for '--orders", "不小于 0"),
            (&["cost", "--orders", "5", "--currency", "CNY", "--per-usd", "-7"], "above 0", "须大于 0"),
            (&["mode", "live", "--share", "-1"], "'-1' for '--share", "1 到 100"),
            (&["mode", "live", "--asins", "x"], "B0EXAMPLE1", "B0EXAMPLE1"),
            (&["erase"], "--seller", "--seller"),
            (&["up", "--seed", "x"], "whole number such as 7", "--seed"),
            (&["plan", "--lang", "fr"], "en or zh", "en"),
            (&["plan", "--zone", "Shanghai"], "Asia/Shanghai", "Asia/Shanghai"),
            (&["mode", "loud", "--seller", "A1"], "listen", "listen"),
            (&["never", "302-1234567-1234567", "--reason", "angry"], "own-order", "own-order"),
            (&["never", "302-1234567-1234567"], "--reason", "--reason"),
            (&["up", "--amazon", ""], "http://127.0.0.1:PORT", "http://127.0.0.1:"),
            (&["sing"], "sing", "sing"),
        ] {
            let (code, _, err) = run_with(args);
            assert_eq!(code, ExitCode::from(2), "{args:?}: {err}");
            assert!(err.contains(says), "{args:?}: {err}");
            let (_, out, _) = run_with(&[&["--json"], args].concat());
            let told: serde_json::Value = serde_json::from_str(&out).expect("one value");
            assert_eq!(told["exit_code"], 2, "{args:?}: {out}");
            if args.contains(&"--lang") {
                continue;
            }
            let (_, _, err) = run_with(&[args, &["--lang", "zh"]].concat());
            assert!(err.contains(says_zh) && err.chars().any(|c| c >= '\u{4e00}'), "{args:?}: {err}");
        }
    }

    #[test]
    fn a_mistake_is_told_in_chinese_with_the_words_of_its_own_command() {
        let chat = ["notify", "chat", "ops", "--by", "nokind", "--lang", "zh"];
        let (_, _, err) = run_with(&chat);
        assert!(err.contains("wecom、dingtalk") && !err.contains("invitation"), "{err}");
        let test = ["mail", "test", "tea", "nokind", "--to", "a@tea.example", "--lang", "zh"];
        let (_, _, err) = run_with(&test);
        assert!(err.contains("invitation"), "{err}");
        // What a target reads is not what the operator does.
        let (_, _, err) = run_with(&["notify", "chat", "x", "--by", "slack", "--in", "en", "--lang", "zh"]);
        assert!(err.chars().any(|c| c >= '\u{4e00}'), "{err}");
    }

    #[test]
    fn a_folder_without_a_shop_fails_with_1_and_says_how_to_begin() {
        for args in [&["plan"][..], &["explain", "302-1234567-1234567"], &["pause"], &["resume"]] {
            let args: Vec<&str> = args.iter().copied().chain(["--data", "/nowhere/at/all"]).collect();
            let (code, out, err) = run_with(&args);
            assert_eq!((code, out.as_str()), (ExitCode::from(1), ""), "{err}");
            assert!(err.contains("/nowhere/at/all") && err.contains("renown up"), "{err}");
        }
    }

    #[test]
    fn the_settings_of_a_folder_choose_the_language_of_mistakes_too() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("renown.toml"), "lang = \"zh\"\n").expect("written");
        let (_, _, err) = run_in(dir.path(), &["sing"]);
        assert!(err.contains("命令"), "{err}");
        std::fs::write(dir.path().join("renown.toml"), "lang = \"zh\"\ncolour = 1\n").expect("written");
        let (code, _, err) = run_in(dir.path(), &["plan"]);
        assert!(code == ExitCode::from(2) && err.contains("line 2"), "{err}");
    }
}
