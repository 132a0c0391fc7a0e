//! The command line of `renown`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{OrderId, SellerId};
use renown_core::say::Lang;
use renown_io::app::App;
use renown_io::clock::Clock;
use renown_io::secrets::Secrets;
use renown_io::settings;
use renown_io::spapi::{Endpoints, SpApi};

use crate::folder::{Folder, Usage, create_private, private};
use crate::lines;
use crate::steer::{self, Wish};
use crate::stop::Stop;
use crate::views::Shop;
use crate::{explain, plan, up, world};

/// Asks every Amazon buyer for a review exactly once, at the right moment and within Amazon's
/// rules; this program runs the whole system on one machine.
#[derive(Debug, Parser)]
#[command(
    name = "renown",
    version,
    after_help = "Example:\n  renown                 a demo shop, from its beginning to its end in a minute\n  renown plan            where every order stands\n  renown explain ORDER   one order's story"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the shop: without more, a demo with a simulated Amazon whose time jumps.
    #[command(
        after_help = "Examples:\n  renown up --for 20d\n  renown up --seed 7 --data .renown/seven --verbose\n  renown up --amazon http://127.0.0.1:8480 --data .renown/sim --for 60s"
    )]
    Up(UpArgs),
    /// Show where every order stands, what the days ahead bring, and sums that add up.
    #[command(
        after_help = "Examples:\n  renown plan\n  renown plan --all --lang zh\n  renown plan --json | jq .totals"
    )]
    Plan {
        #[command(flatten)]
        common: Common,
        /// Every order, not only the open ones whose turn comes next.
        #[arg(long)]
        all: bool,
    },
    /// Tell one order's story: why it was, was not, or is not yet asked.
    #[command(after_help = "Example:\n  renown explain 302-1234567-1234567")]
    Explain {
        /// The order, as Amazon writes it.
        #[arg(value_name = "ORDER")]
        order: OrderId,
        #[command(flatten)]
        common: Common,
    },
    /// Let one seller, or everything, stand still. Takes effect within two seconds.
    #[command(after_help = "Examples:\n  renown pause\n  renown pause --seller A1MORNINGHOME")]
    Pause(SteerArgs),
    /// Let one seller, or everything, go on.
    #[command(after_help = "Example:\n  renown resume --seller A1MORNINGHOME")]
    Resume(SteerArgs),
    /// Let a seller listen (all is shown, nothing is sent) or go live.
    #[command(after_help = "Example:\n  renown mode listen --seller A1MORNINGHOME")]
    Mode {
        /// Which mode.
        mode: Mode,
        /// Amazon's id of the seller.
        #[arg(long, value_name = "SELLER")]
        seller: SellerId,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    /// Decide and show everything, send nothing.
    Listen,
    /// Ask buyers.
    Live,
}

#[derive(Debug, Args)]
struct Common {
    /// The data folder.
    #[arg(long, value_name = "DIR", default_value = ".renown/demo")]
    data: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Language of what is printed: en or zh [default: that of the environment]
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,
}

impl Common {
    fn lang(&self, locale: &str) -> Lang {
        self.lang.unwrap_or_else(|| Lang::of_locale(locale))
    }
}

#[derive(Debug, Args)]
struct UpArgs {
    #[command(flatten)]
    common: Common,
    /// How long: of the shop's time in a demo [default: until nothing is left to happen], of the machine's with --amazon [default: until stopped]
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    lasts: Option<SignedDuration>,
    /// What the demo is drawn from [default: 1, or that of the folder]
    #[arg(long, value_name = "N", conflicts_with = "amazon")]
    seed: Option<u64>,
    /// Print every order, not only what is out of the ordinary.
    #[arg(long)]
    verbose: bool,
    #[arg(
        long,
        value_name = "URL",
        help = "A simulator that runs on its own, in place of the demo's. Its sellers are those of DIR/sellers.json: a list of {\"seller\", \"alias\", \"app\", \"region\", \"marketplaces\", \"client_secret\", \"refresh_token\", \"live\"}; without it, those of the simulator's demo"
    )]
    amazon: Option<String>,
}

#[derive(Debug, Args)]
struct SteerArgs {
    /// Amazon's id of the seller; without it, everything.
    #[arg(long, value_name = "SELLER")]
    seller: Option<SellerId>,
    #[command(flatten)]
    common: Common,
}

/// Runs a command line. `locale` is the environment's; lines go to `out`, an error to `err`.
///
/// Exit codes: 0 done, 1 failed, 2 wrongly used.
pub fn run(
    args: impl IntoIterator<Item = std::ffi::OsString>,
    locale: &str,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let text = error.render();
            // Help that was asked for is no error. If nothing can be printed, the code tells.
            let _ = if error.use_stderr() { write!(err, "{text}") } else { write!(out, "{text}") };
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match execute(cli, locale, out) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our lines has gone, as `head` does: nothing is wrong.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(err, "renown: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn execute(cli: Cli, locale: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let command = match cli.command {
        Some(command) => command,
        // No arguments at all: the main job.
        None => Cli::try_parse_from(["renown", "up"])?.command.context("`up` is a command")?,
    };
    let is_demo = matches!(&command, Command::Up(args) if args.amazon.is_none());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(is_demo).build()?;
    runtime.block_on(async {
        match command {
            Command::Up(args) => run_up(args, locale, out).await,
            Command::Plan { common, all } => {
                let (shop, _) = look(&common.data).await?;
                plan::print(&shop, plan::Style { lang: common.lang(locale), json: common.json, all }, out)
            }
            Command::Explain { order, common } => {
                let (shop, folder) = look(&common.data).await?;
                explain::print(&shop, &folder, &order, common.lang(locale), common.json, out)
            }
            Command::Pause(args) => steer(&args.common, Wish::Pause, args.seller.as_ref(), out).await,
            Command::Resume(args) => steer(&args.common, Wish::Resume, args.seller.as_ref(), out).await,
            Command::Mode { mode, seller, common } => {
                let wish = match mode {
                    Mode::Live => Wish::Live,
                    Mode::Listen => Wish::Listen,
                };
                steer(&common, wish, Some(&seller), out).await
            }
        }
    })
}

async fn run_up(args: UpArgs, locale: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let style =
        lines::Style { lang: args.common.lang(locale), json: args.common.json, verbose: args.verbose };
    let UpArgs { common, lasts, seed, amazon, .. } = args;
    let options = up::Options { data: common.data, seed, lasts, amazon, style };
    let stop = Stop::default();
    stop.on_signals();
    log_to(&options.data);
    up::run(&options, &stop, out).await?;
    Ok(())
}

/// Log lines go into the folder. Without them the shop works as well.
fn log_to(data: &Path) {
    let file = create_private(data).map(|()| {
        private(std::fs::OpenOptions::new().create(true).append(true)).open(data.join("renown.log"))
    });
    if let Ok(Ok(file)) = file {
        renown_io::telemetry::init_to(std::sync::Mutex::new(file));
    }
}

/// Opens a folder that may be worked in at the same time, and reads it.
async fn look(data: &Path) -> anyhow::Result<(Shop, Folder)> {
    let (app, folder, now) = open(data)?;
    Ok((Shop::load(&app.ledger, now).await?, folder))
}

async fn steer(
    common: &Common,
    wish: Wish,
    seller: Option<&SellerId>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let (app, _, now) = open(&common.data)?;
    steer::fulfil(&app, wish, seller, now, common.json, out).await
}

fn open(data: &Path) -> anyhow::Result<(App, Folder, Timestamp)> {
    let folder = Folder::existing(data)?;
    let clock = Clock::system();
    let now = folder.shop_time()?.unwrap_or_else(|| clock.now());
    let dynamo = world::open_table(&folder.table())?;
    let ledger = world::ledger(&dynamo, clock.now());
    // Nothing is called: only the table and the secrets are used.
    let spapi = SpApi::new(&settings::http_client(), clock.clone(), Endpoints::production());
    let secrets = Secrets::in_folder(folder.file("secrets"));
    Ok((App { ledger, spapi, secrets, clock }, folder, now))
}

/// `20d`, `12h`, `90m`, `60s`.
fn duration(text: &str) -> Result<SignedDuration, String> {
    let wrong =
        || format!("`{text}` is not a duration: write a whole number and d, h, m or s, such as 20d or 90m");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        "s" => 1,
        _ => return Err(wrong()),
    };
    let number: u32 = number.parse().map_err(|_| wrong())?;
    Ok(SignedDuration::from_secs(i64::from(number) * seconds))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn run_with(args: &[&str]) -> (ExitCode, String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let args = std::iter::once("renown").chain(args.iter().copied()).map(Into::into);
        let code = run(args, "C", &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (code, text(out), text(err))
    }

    #[test]
    fn the_commands_fit_together_and_each_shows_an_example() {
        Cli::command().debug_assert();
        for command in ["up", "plan", "explain", "pause", "resume", "mode"] {
            let (code, out, _) = run_with(&[command, "--help"]);
            assert_eq!(code, ExitCode::SUCCESS);
            assert!(out.contains("Example") && out.contains("renown"), "{out}");
        }
    }

    #[test]
    fn wrong_usage_names_the_thing_and_the_remedy_and_ends_with_2() {
        for (args, says) in [
            (&["explain", "12"][..], "123-1234567-1234567"),
            (&["up", "--for", "20x"], "20d or 90m"),
            (&["up", "--for", "d"], "20d or 90m"),
            (&["up", "--for", ""], "20d or 90m"),
            (&["plan", "--lang", "fr"], "en or zh"),
            (&["mode", "loud", "--seller", "A1"], "listen"),
            (&["mode", "live"], "--seller"),
            (&["sing"], "sing"),
        ] {
            let (code, _, err) = run_with(args);
            assert_eq!(code, ExitCode::from(2), "{args:?}: {err}");
            assert!(err.contains(says), "{args:?}: {err}");
        }
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
    fn durations_are_whole_numbers_with_a_unit() {
        assert_eq!(duration("20d"), Ok(SignedDuration::from_hours(480)));
        assert_eq!(duration("90m"), Ok(SignedDuration::from_mins(90)));
        for wrong in ["20", "-3d", "1.5h", "é", "20D", "d20"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
