//! `renown doctor`: is everything in order? A line for each thing, with its remedy.

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::ledger::{ReportKind, ReportState};
use renown_io::secrets::Scope;
use renown_io::spapi::{Caller, NotificationType};
use serde::Serialize;
use serde_json::json;

use crate::commands::connect::roles::{self, Role};
use crate::commands::import::{NOT_CONNECTED, to_connect};
use crate::desk::{Desk, Open};
use crate::events;
use crate::folder::Kind;
use crate::place::Place;
use crate::told::Trouble;
use crate::up::UNREAD_SOURCES;
use crate::views::Shop;

mod deployed;
mod mails;

/// How long an app's secret is good. Source: Amazon's page on rotating LWA credentials.
const SECRET_DAYS: i64 = 180;
/// … and from when on it is time to rotate it.
const SECRET_WARN_DAYS: i64 = 150;
/// How long an authorisation is good. Source: Amazon's page on authorising applications.
const AUTHORISATION_DAYS: i64 = 365;
/// … and from when on it is time to renew it.
const AUTHORISATION_WARN_DAYS: i64 = 335;
/// A report may be this much older than its cadence: Amazon takes up to hours to make one.
const REPORT_SLACK: SignedDuration = SignedDuration::from_hours(6);
/// Due orders wait this long at most when the sweep works: a backlog aside.
const LAG: SignedDuration = SignedDuration::from_mins(15);

/// Of a shop with daily sales nothing should be silent for so long. Ours.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);

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
        of_seller(&open, &shop, seller, calls, &mut findings).await?;
    }
    of_all(&open, &shop, &mut findings).await?;
    mails::of_shops(&open, &mut findings).await?;
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

async fn of_seller(
    open: &Open,
    shop: &Shop,
    seller: &Seller,
    calls: bool,
    findings: &mut Vec<Finding>,
) -> anyhow::Result<()> {
    let mut add = |check, (state, text)| {
        findings.push(Finding { check, seller: Some(seller.alias.clone()), state, text });
    };
    if seller.app.as_str() == NOT_CONNECTED {
        let Text { en, zh } = to_connect(&seller.id);
        add(
            "authorisation",
            (
                State::Warn,
                text!(
                    "not connected; only imported files are known: to connect it, {en}",
                    "尚未连接,仅有导入的文件:如需连接,{zh}"
                ),
            ),
        );
        return Ok(());
    }
    let scope = if shop.control.live_since(&seller.id).is_some() { Scope::Live } else { Scope::Listen };
    match open.app.secrets.seller(scope, &seller.id).await {
        Err(error) => add("secret", (State::Wrong, renown_io::say::secret(&error))),
        Ok(_) if !calls => add("secret", (State::Ok, text!("its secret is there", "密钥存在"))),
        Ok(credentials) => {
            let caller = Caller { seller: seller.id.clone(), region: seller.region, credentials };
            for (check, found) in asked_of_amazon(open, seller, &caller).await {
                add(check, found);
            }
        }
    }
    add(
        "secret_age",
        age(
            seller.secret_since,
            open.now,
            SECRET_WARN_DAYS,
            SECRET_DAYS,
            &text!(
                "secret of the app; rotate it in the developer console and run `renown connect` again",
                "应用密钥;请在开发者后台轮换后重新执行 `renown connect`"
            ),
        ),
    );
    add(
        "authorisation_age",
        age(
            seller.authorised_at,
            open.now,
            AUTHORISATION_WARN_DAYS,
            AUTHORISATION_DAYS,
            &text!(
                "authorisation; renew it in Seller Central and run `renown connect` again",
                "授权;请在卖家平台续期后重新执行 `renown connect`"
            ),
        ),
    );
    let Text { en: worker, zh: worker_zh } = open.place.worker();
    let reports = open.app.ledger.reports(&seller.id).await?;
    let n = reports.iter().filter(|item| item.is_open()).count();
    if n > 0 {
        add(
            "reports_underway",
            (
                State::Ok,
                text!(
                    "{n} reports are being fetched; {worker} go on with them",
                    "正在获取 {n} 份报告;{worker_zh} 会继续"
                ),
            ),
        );
    }
    // While the first ones are on their way, how old the newest is says nothing.
    let is_filling = |kind| {
        reports
            .iter()
            .any(|item| item.kind == kind && item.back_fill && item.is_open() && !item.is_put_off(open.now))
    };
    for kind in ReportKind::ALL.into_iter().filter(|kind| !is_filling(*kind)) {
        let report = shop.reports.iter().find(|as_of| as_of.seller_id == seller.id && as_of.report == kind);
        let is_empty = reports.iter().any(|item| item.kind == kind && item.is_put_off(open.now));
        // In quiet days Amazon cancels report after report: there is nothing to tell.
        let is_quiet = reports.iter().any(|item| {
            item.kind == kind
                && item.is_put_off(open.now)
                && matches!(item.state, ReportState::Wanted { cancelled: 1.., .. })
        });
        if is_quiet || is_empty && report.is_none_or(|report| report.as_of.is_none()) {
            let Text { en: name, zh: name_zh } = renown_io::say::report(kind);
            add(
                "report_age",
                (
                    State::Ok,
                    text!(
                        "{name}: Amazon has had nothing new for it so far; it is asked again in some hours",
                        "{name_zh}:亚马逊目前没有新数据;数小时后会再次请求"
                    ),
                ),
            );
            continue;
        }
        add("report_age", report_age(report.and_then(|report| report.as_of), kind, open));
    }
    if seller.notified_since.is_some() {
        let last = open.app.ledger.last_events(&seller.id).await?;
        for kind in NotificationType::ALL {
            add("last_event", last_event(seller, kind, last.of(kind), open.now));
        }
    }
    add("sweep_lag", lag(open, shop, seller).await?);
    Ok(())
}

/// What only Amazon can tell.
async fn asked_of_amazon(
    open: &Open,
    seller: &Seller,
    caller: &Caller,
) -> Vec<(&'static str, (State, Text))> {
    let spapi = &open.app.spapi;
    let mut found = Vec::new();
    match spapi.marketplace_participations(caller).await {
        Ok(_) => found.push((
            "authorisation",
            (State::Ok, text!("Amazon accepts app and authorisation", "亚马逊接受应用与授权")),
        )),
        Err(error) => {
            found.push(("authorisation", (State::Wrong, renown_io::say::call(&error))));
            return found;
        }
    }
    if let Some(marketplace) = seller.marketplaces.first() {
        for (name, role) in roles::all(spapi, caller, *marketplace).await {
            found.push((
                "role",
                match role {
                    Role::Granted => (State::Ok, text!("role {name}: granted", "角色 {name}:已授予")),
                    Role::Missing => (
                        State::Wrong,
                        text!(
                            "role {name}: missing; request it in the developer console, then authorise again",
                            "角色 {name}:缺失;请在开发者后台申请后重新授权"
                        ),
                    ),
                    Role::Unclear(Text { en, zh }) => (
                        State::Warn,
                        text!("role {name}: could not be checked ({en})", "角色 {name}:无法检查({zh})"),
                    ),
                },
            ));
        }
    }
    if seller.notified_since.is_none() {
        found.push((
            "subscriptions",
            (
                State::Ok,
                text!(
                    "works from reports alone (no queue was named when it was connected)",
                    "仅依靠报告工作(连接时未指定队列)"
                ),
            ),
        ));
        return found;
    }
    for kind in NotificationType::ALL {
        let name = kind.name();
        found.push((
            "subscriptions",
            match spapi.subscription(caller, kind).await {
                Ok(Some(subscription)) if seller.subscriptions.contains(&subscription.id) => {
                    (State::Ok, text!("{name}: subscribed", "{name}:已订阅"))
                }
                Ok(_) => (
                    State::Wrong,
                    text!(
                        "{name}: no longer subscribed here; run `renown connect` again as it was run before",
                        "{name}:订阅已失效;请按原来的方式重新执行 `renown connect`"
                    ),
                ),
                Err(error) => (State::Warn, renown_io::say::call(&error)),
            },
        ));
    }
    found
}

fn age(since: Option<Timestamp>, now: Timestamp, warn: i64, end: i64, what: &Text) -> (State, Text) {
    let Text { en, zh } = what;
    let Some(since) = since else {
        return (State::Warn, text!("age not known: {en}", "使用时间未知:{zh}"));
    };
    let days = now.duration_since(since).as_hours() / 24;
    let state = match days {
        days if days >= end => State::Wrong,
        days if days >= warn => State::Warn,
        _ => State::Ok,
    };
    let (short_en, short_zh) = (en.split(';').next().unwrap_or(en), zh.split(';').next().unwrap_or(zh));
    match state {
        State::Ok => (state, text!("{days} of {end} days: {short_en}", "已用 {days} / {end} 天:{short_zh}")),
        _ => (state, text!("{days} of {end} days: {en}", "已用 {days} / {end} 天:{zh}")),
    }
}

fn report_age(as_of: Option<Timestamp>, kind: ReportKind, open: &Open) -> (State, Text) {
    let Text { en: name, zh: name_zh } = renown_io::say::report(kind);
    let (Text { en: worker, zh: worker_zh }, Text { en: does_it, zh: does_it_zh }) =
        (open.place.worker(), does_it_run(&open.place));
    let Some(as_of) = as_of else {
        return (
            State::Warn,
            text!(
                "{name}: none was read yet; {worker} ask for it",
                "{name_zh}:尚未读取过;{worker_zh} 会请求"
            ),
        );
    };
    let old = open.now.duration_since(as_of);
    let hours = old.as_hours();
    if old > report_sync::CADENCE.saturating_add(REPORT_SLACK) {
        return (
            State::Wrong,
            text!("{name}: {hours} hours old; {does_it}", "{name_zh}:已有 {hours} 小时;{does_it_zh}"),
        );
    }
    (State::Ok, text!("{name}: {hours} hours old", "{name_zh}:{hours} 小时前"))
}

/// How long Amazon has been silent. An account's standing changes rarely, orders and reports daily.
fn last_event(
    seller: &Seller,
    kind: NotificationType,
    at: Option<Timestamp>,
    now: Timestamp,
) -> (State, Text) {
    let name = kind.name();
    let hours_since = |at: Timestamp| now.duration_since(at).as_hours().max(0);
    // Before it was subscribed to nothing could come.
    let subscribed = seller.notified_since.map_or(0, hours_since);
    let hours = at.map_or(subscribed, hours_since);
    let is_silent =
        hours.min(subscribed) >= SILENCE.as_hours() && kind != NotificationType::AccountStatusChanged;
    match (at, is_silent) {
        (_, true) => (
            State::Warn,
            text!(
                "{name}: nothing for {hours} hours; reports bring the same later. Are the subscription and the queue's policy in order (see above and below)?",
                "{name}:已 {hours} 小时没有通知;报告稍后会带来相同数据。请核对订阅与队列策略(见上下文)"
            ),
        ),
        (Some(_), false) => (
            State::Ok,
            text!("{name}: the last one came {hours} hours ago", "{name}:最近一条在 {hours} 小时前"),
        ),
        (None, false) => (
            State::Ok,
            text!("{name}: none yet, subscribed for {hours} hours", "{name}:尚无通知,已订阅 {hours} 小时"),
        ),
    }
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

async fn lag(open: &Open, shop: &Shop, seller: &Seller) -> anyhow::Result<(State, Text)> {
    if let Some(stop) = shop.control.seller_stop(&seller.id) {
        let Text { en, zh } = events::stopped(stop);
        return Ok((State::Warn, text!("stands still: {en}", "已停止:{zh}")));
    }
    if shop.control.live_since(&seller.id).is_none() {
        return Ok((State::Ok, text!("listens; nothing is sent", "监听模式,不会发送")));
    }
    let first = open.app.ledger.due(&seller.id, open.now, 1).await?.into_iter().next();
    let waits = first.map_or(SignedDuration::ZERO, |due| open.now.duration_since(due.due_at));
    let minutes = waits.as_mins();
    if waits > LAG {
        let Text { en: does_it, zh: does_it_zh } = does_it_run(&open.place);
        return Ok((
            State::Wrong,
            text!(
                "the longest due order waits for {minutes} minutes; {does_it}",
                "最久的到期订单已等待 {minutes} 分钟;{does_it_zh}"
            ),
        ));
    }
    Ok((
        State::Ok,
        text!("due orders are worked ({minutes} minutes behind)", "到期订单正常处理(落后 {minutes} 分钟)"),
    ))
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
