//! One seller: authorisation, secrets, roles, reports, notifications, the sweep.

use jiff::{SignedDuration, Timestamp};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::ledger::{ReportKind, ReportState};
use renown_io::say;
use renown_io::secrets::Scope;
use renown_io::spapi::{Caller, NotificationType};

use super::reports::Age;
use super::{Finding, State, does_it_run};
use crate::commands::connect::roles::{self, Role};
use crate::commands::import::{NOT_CONNECTED, to_connect};
use crate::desk::Open;
use crate::events;
use crate::views::Shop;

/// How long an app's secret is good. Source: Amazon's page on rotating LWA credentials.
const SECRET_DAYS: i64 = 180;
/// … and from when on it is time to rotate it.
const SECRET_WARN_DAYS: i64 = 150;
/// How long an authorisation is good. Source: Amazon's page on authorising applications.
const AUTHORISATION_DAYS: i64 = 365;
/// … and from when on it is time to renew it.
const AUTHORISATION_WARN_DAYS: i64 = 335;
/// Due orders wait this long at most when the sweep works: a backlog aside.
const LAG: SignedDuration = SignedDuration::from_mins(15);

/// Of a shop with daily sales nothing should be silent for so long. Ours.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);

/// Looks at a seller; `calls`: Amazon may be asked.
///
/// # Errors
///
/// If the table does not answer.
pub(super) async fn of_seller(
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
    for kind in ReportKind::OF_ORDERS {
        let read = shop.reports.iter().find(|as_of| as_of.seller_id == seller.id && as_of.report == kind);
        let as_of = read.and_then(|report| report.as_of);
        let of_kind: Vec<_> = reports.iter().filter(|item| item.kind == kind).collect();
        if let Some(age) = Age::of(&of_kind, as_of, open.now) {
            add("report_age", age.found(kind, &open.place));
        }
    }
    for kind in ReportKind::ALL.into_iter().filter(|kind| !kind.is_of_brands()) {
        let newest = reports.iter().filter(|item| item.kind == kind).max_by_key(|item| item.to);
        if let Some(ReportState::Denied { .. }) = newest.map(|item| &item.state) {
            let (Text { en, zh }, role) = (say::report(kind), kind.role());
            let text = text!(
                "{en}: the app lacks the role {role:?}; add it in the Solution Provider Portal and authorise again; all else goes on",
                "{zh}:应用缺少角色 {role:?};请在解决方案提供商门户添加该角色并重新授权;其余照常"
            );
            add("report_role", (State::Warn, text));
        }
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

/// What is said of a role.
fn of_role(name: &str, role: Role, missing: (State, Text)) -> (State, Text) {
    match role {
        Role::Granted => (State::Ok, text!("role {name}: granted", "角色 {name}:已授予")),
        Role::Missing => missing,
        Role::Unclear(Text { en, zh }) => {
            (State::Warn, text!("role {name}: could not be checked ({en})", "角色 {name}:无法检查({zh})"))
        }
    }
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
            let missing = text!(
                "role {name}: missing; request it in the developer console, then authorise again",
                "角色 {name}:缺失;请在开发者后台申请后重新授权"
            );
            found.push(("role", of_role(name, role, (State::Wrong, missing))));
        }
        for (name, for_what, role) in roles::useful(spapi, caller, *marketplace).await {
            let Text { en, zh } = for_what;
            let missing = text!(
                "role {name}: missing; {en} are not known without it, all else works",
                "角色 {name}:缺失;没有它就无法获知{zh},其余照常"
            );
            found.push(("useful_role", of_role(name, role, (State::Warn, missing))));
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
