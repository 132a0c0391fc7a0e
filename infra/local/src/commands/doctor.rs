//! `renown doctor`: is everything in order? A line for each thing, with its remedy.

use clap::Args;
use renown_core::say::Text;
use renown_core::text;
use serde::Serialize;
use serde_json::json;

use crate::desk::{Desk, Open};
use crate::folder::Kind;
use crate::place::Place;
use crate::told::Trouble;
use crate::up::UNREAD_SOURCES;
use crate::views::Shop;

mod deployed;
mod mails;
mod reports;
mod seller;
mod targets;

/// Check authorisations, secrets, roles, reports, the sweep, the clock, the mails of shops: a line each, with remedy.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown doctor\n  renown doctor --json | jq '.findings[] | select(.state != \"ok\")'\n\nExit code 1 if something is wrong."
)]
pub struct DoctorArgs {
    /// Call nobody: only what can be seen here.
    #[arg(long)]
    offline: bool,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    /// In order.
    Ok,
    /// Will need somebody soon, or could not be checked.
    Warn,
    /// Needs somebody now.
    Wrong,
}

/// What was found of one thing.
#[derive(Debug, Serialize)]
struct Finding {
    /// The thing, as a stable word.
    check: &'static str,
    /// Whose, where it is one seller's or one shop's.
    seller: Option<String>,
    state: State,
    text: Text,
}

/// Runs `renown doctor`.
///
/// # Errors
///
/// If there is no shop, or something is wrong with it.
pub async fn run(desk: &mut Desk<'_>, args: DoctorArgs) -> anyhow::Result<()> {
    let open = desk.open_to_call().await?;
    let shop = Shop::load(&open.app.ledger, open.now).await?;
    let mut findings = Vec::new();
    let is_real = match &open.place {
        Place::Folder(here) => matches!(here.folder.kind()?, Some(Kind::Shop { .. })),
        Place::Aws(_) => true,
    };
    let calls = is_real && !args.offline;
    for seller in &shop.sellers {
        seller::of_seller(&open, &shop, seller, calls, &mut findings).await?;
    }
    of_all(&open, &shop, &mut findings).await?;
    mails::of_shops(&open, &mut findings).await?;
    targets::of_targets(&open, &mut findings).await?;
    if let Some(aws) = open.place.aws() {
        deployed::of_stack(aws, &mut findings).await?;
    }
    for finding in &findings {
        let mark = match finding.state {
            State::Ok => "✓",
            State::Warn => "!",
            State::Wrong => "✗",
        };
        let whose = finding.seller.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        let Text { en, zh } = &finding.text;
        desk.say(&text!("{mark} {whose}{en}", "{mark} {whose}{zh}"))?;
    }
    let wrong = findings.iter().filter(|finding| finding.state == State::Wrong).count();
    desk.json(&json!({"wrong": wrong, "findings": findings}))?;
    if wrong > 0 {
        return Err(Trouble::answered(text!(
            "{wrong} things need somebody now",
            "有 {wrong} 项需要立即处理"
        ))
        .into());
    }
    Ok(())
}

/// The question behind whatever was not done in time.
fn does_it_run(place: &Place) -> Text {
    match place {
        Place::Folder(_) => text!(
            "is `renown up` running? Its renown.log says why if it is",
            "`renown up` 是否在运行?若在运行,renown.log 会说明原因"
        ),
        Place::Aws(_) => text!(
            "see the schedules below, and the functions' logs in CloudWatch (`sam logs`)",
            "请查看下方的定时计划,以及 CloudWatch 中的函数日志(`sam logs`)"
        ),
    }
}

async fn of_all(open: &Open, shop: &Shop, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    let mut add = |check, state, text| findings.push(Finding { check, seller: None, state, text });
    if shop.sellers.is_empty() {
        add(
            "sellers",
            State::Wrong,
            text!("no seller is connected: `renown connect`", "尚未连接卖家:`renown connect`"),
        );
    }
    for problem in &shop.unreadable {
        add("table", State::Wrong, problem.clone());
    }
    let mut unread = 0;
    for source in UNREAD_SOURCES {
        unread += open.app.ledger.unread(source).await?.len();
    }
    match unread {
        0 => add("unread", State::Ok, text!("all input was read", "所有输入均已读取")),
        n => add(
            "unread",
            State::Warn,
            text!(
                "{n} inputs could not be read: `renown unread list` shows them",
                "有 {n} 条输入无法读取:`renown unread list` 会列出"
            ),
        ),
    }
    if let Some(by) = open.app.spapi.clock_difference() {
        let seconds = by.as_secs();
        match open.app.spapi.check_clock() {
            Ok(()) => add(
                "clock",
                State::Ok,
                text!(
                    "this machine's clock is {seconds} s from Amazon's",
                    "本机时钟与亚马逊相差 {seconds} 秒"
                ),
            ),
            Err(error) => add("clock", State::Wrong, renown_io::say::call(&error)),
        }
    }
    Ok(())
}
