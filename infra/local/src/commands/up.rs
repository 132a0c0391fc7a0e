//! `renown up`: run the shop.

use std::path::Path;

use clap::Args;
use jiff::SignedDuration;

use crate::desk::Desk;
use crate::folder::{Folder, InUse, Kind, create_private, private};
use crate::refuse;
use crate::stop::Stop;
use crate::up::{self, Options};

/// Run the shop: without more, a demo with a simulated Amazon whose time jumps.
#[derive(Debug, Args, Default)]
#[command(
    after_help = "Examples:\n  renown up --for 20d\n  renown up --seed 7 --data .renown/seven --verbose\n  renown up --amazon http://127.0.0.1:8480 --data .renown/sim --for 60s"
)]
pub struct UpArgs {
    /// How long: of the demo's time, or of the machine's [default: until nothing is left to happen, or until stopped]
    #[arg(long = "for", value_name = "DURATION", value_parser = duration, allow_hyphen_values = true)]
    lasts: Option<SignedDuration>,
    /// What the demo is drawn from, a whole number [default: 1, or that of the folder]
    #[arg(long, value_name = "N", conflicts_with = "amazon", allow_negative_numbers = true, value_parser = seed)]
    seed: Option<u64>,
    /// Print every order, not only what is out of the ordinary.
    #[arg(long)]
    verbose: bool,
    /// Lines alone, also on a terminal.
    #[arg(long)]
    plain: bool,
    #[arg(
        long,
        value_name = "URL",
        help = "A simulator that runs on its own, in place of the demo's. Its sellers are those of DIR/sellers.json: a list of {\"seller\", \"alias\", \"app\", \"region\", \"marketplaces\", \"client_secret\", \"refresh_token\", \"live\"}; without it, those of the simulator's demo"
    )]
    amazon: Option<String>,
}

impl UpArgs {
    /// Whether it is a demo, whose time is not the machine's.
    pub(crate) fn is_demo(&self, data: &Path) -> bool {
        let is_shop = matches!(Folder::kind_in(data), Ok(Some(Kind::Shop { .. })));
        self.amazon.is_none() && !is_shop
    }
}

/// Runs `renown up`.
///
/// # Errors
///
/// If the folder cannot be worked in, or nothing can be printed.
pub async fn run(desk: &mut Desk<'_>, args: UpArgs) -> anyhow::Result<()> {
    if let Some(region) = &desk.aws {
        refuse!(
            "the shop in {region} runs on AWS, with nothing to be started here: `renown plan` shows where it stands, `renown doctor` whether it is well; leave --aws out for a shop on this machine",
            "{region} 的店铺在 AWS 上自行运行,无需在本机启动:`renown plan` 显示进度,`renown doctor` 检查状况;本机店铺请去掉 --aws"
        );
    }
    let is_demo = args.is_demo(&desk.data);
    let UpArgs { lasts, seed, verbose, plain, amazon } = args;
    let stop = Stop::default();
    stop.on_signals();
    let live = desk.environment.is_looked_at && !plain && !desk.style.json;
    let (style, web_port) = (desk.style.clone(), desk.settings.web_port());
    let options = Options { data: desk.data.clone(), seed, lasts, amazon, web_port, style, verbose, live };
    let is_shop = !is_demo && options.amazon.is_none();
    let outcome = if is_shop {
        if options.seed.is_some() {
            let shown = desk.data.display();
            refuse!(
                "{shown} holds a shop of your own, which is drawn from no seed: leave --seed out, or name another folder with --data",
                "{shown} 中是您自己的店铺,不由种子生成:请去掉 --seed,或用 --data 指定其他文件夹"
            );
        }
        let folder = Folder::existing(&desk.data)?;
        let calls = desk.calls(&folder)?;
        log_to(&desk.data);
        up::run_shop(&options, calls, &stop, desk.out).await
    } else {
        let work = async {
            // Where nothing is written otherwise, neither are log lines.
            if Folder::kind_in(&desk.data)?.is_some() {
                log_to(&desk.data);
            }
            up::run(&options, &stop, desk.out).await
        };
        tokio::select! {
            outcome = work => outcome,
            // A stop that nobody heeds within a while, such as one during a call that hangs.
            () = too_late(&stop, is_demo) => refuse!(
                "stopped in the middle of a call; the same command goes on",
                "在一次调用中途停止;再次运行同一命令可继续"
            ),
        }
    };
    match outcome {
        Err(error) if InUse::is_in(&error) => {
            let open = desk.open().await?;
            let lock = open.place.only_here()?.folder.file("lock");
            let process = std::fs::read_to_string(lock).unwrap_or_default();
            up::watch(&open, &options, process.trim(), &stop, desk.out).await.map(drop)
        }
        outcome => outcome.map(drop),
    }
}

/// Some seconds after a wish to stop, on the machine's time.
async fn too_late(stop: &Stop, is_demo: bool) {
    if is_demo {
        // A demo's time jumps; it heeds a stop with its next step.
        return std::future::pending().await;
    }
    stop.wished().await;
    tokio::time::sleep(std::time::Duration::from_secs(20)).await;
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

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is no seed: write a whole number such as 7"))
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
    use super::*;

    #[test]
    fn durations_are_whole_numbers_with_a_unit() {
        assert_eq!(duration("20d"), Ok(SignedDuration::from_hours(480)));
        assert_eq!(duration("90m"), Ok(SignedDuration::from_mins(90)));
        for wrong in ["20", "-3d", "1.5h", "é", "20D", "d20"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
