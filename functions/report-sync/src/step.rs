//! One request: asked for, polled, read, ended.
//!
//! Every step is written on the condition that nobody else wrote meanwhile; whoever loses
//! leaves the request to the other.

use jiff::{SignedDuration, Timestamp};
use renown_core::say::Text;
use renown_core::text;
use renown_io::ledger::{Error, ReportItem, ReportState};
use renown_io::say;
use renown_io::spapi::{self, ReportId, ReportRequest, ReportStatus};

use crate::seller::{Next, Shop, brake, lacks_role};
use crate::summary::Summary;
use crate::{plan, read, reason};

/// Attempts at a report before it is given up.
const ATTEMPTS: u32 = 5;
/// Pause after the first failed attempt; it doubles with each. Five attempts take four hours.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_mins(15);
/// A process that died while it asked is taken for gone after this.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// Amazon also cancels what is asked for too soon again. Source of the span: Amazon's "Report
/// type values" page asks for four hours between daily FBA reports, the longest it names.
const AFTER_CANCELLED: SignedDuration = SignedDuration::from_hours(4);
/// A report that is not made in this time is asked for again. Amazon names no limit; hours are
/// seen on its bad days.
const STUCK_AFTER: SignedDuration = SignedDuration::from_hours(12);

/// Carries one open request as far as it goes now.
pub(crate) async fn carry(
    shop: &Shop<'_>,
    mut item: ReportItem,
    summary: &mut Summary,
) -> Result<Next, Error> {
    match item.state.clone() {
        ReportState::Wanted { not_before, attempts, cancelled } => {
            let now = shop.app.clock.now();
            if now < not_before {
                return Ok(Next::GoOn);
            }
            // Counted and put off before the call: whoever else comes leaves it alone, and a
            // process that dies now has still used up an attempt.
            let attempts = attempts + 1;
            item.state = ReportState::Wanted { not_before: later(now, CLAIM), attempts, cancelled };
            if !shop.app.ledger.save_report(&mut item).await? {
                return Ok(Next::GoOn);
            }
            ask(shop, item, attempts, cancelled, summary).await
        }
        ReportState::Requested { report, at, attempts, cancelled } => {
            poll(shop, item, Asked { report, at, attempts, cancelled }, summary).await
        }
        ReportState::Reading { report, lines, attempts, lease_until } => {
            let now = shop.app.clock.now();
            if now < lease_until {
                return Ok(Next::GoOn);
            }
            if attempts >= ATTEMPTS {
                let why = text!(
                    "its file could not be read further than row {lines} in {attempts} attempts",
                    "尝试 {attempts} 次后,其文件仍只能读到第 {lines} 行"
                );
                return fail(shop, item, why, summary).await;
            }
            let lease_until = shop.times.lease_until;
            item.state =
                ReportState::Reading { report: report.clone(), lines, attempts: attempts + 1, lease_until };
            if !shop.app.ledger.save_report(&mut item).await? {
                return Ok(Next::GoOn);
            }
            resume(shop, item, report, summary).await
        }
        ReportState::Done { .. }
        | ReportState::Empty { .. }
        | ReportState::Denied { .. }
        | ReportState::Failed { .. } => Ok(Next::GoOn),
    }
}

/// A report that Amazon works on.
struct Asked {
    report: String,
    at: Timestamp,
    attempts: u32,
    cancelled: u32,
}

async fn ask(
    shop: &Shop<'_>,
    mut item: ReportItem,
    attempts: u32,
    cancelled: u32,
    summary: &mut Summary,
) -> Result<Next, Error> {
    let request = ReportRequest {
        report_type: item.kind.report_type(),
        marketplaces: item.marketplaces.clone(),
        from: item.from,
        to: item.to,
        options: item.kind.is_of_brands().then_some(("reportPeriod", "WEEK")),
    };
    let created = shop.spapi.create_report(&shop.caller, &request).await;
    let now = shop.app.clock.now();
    match created {
        Ok(report) => {
            summary.asked_for += 1;
            item.state =
                ReportState::Requested { report: report.as_str().to_owned(), at: now, attempts, cancelled };
            shop.app.ledger.save_report(&mut item).await?;
            Ok(Next::GoOn)
        }
        Err(spapi::Error::Throttled { retry_in, .. }) => {
            let wait = SignedDuration::try_from(retry_in).unwrap_or(AFTER_FAILURE);
            // Not processed, so no attempt.
            let attempts = attempts - 1;
            item.state = ReportState::Wanted { not_before: later(now, wait), attempts, cancelled };
            shop.app.ledger.save_report(&mut item).await?;
            Ok(Next::GoOn)
        }
        // Roles are given report by report: without one of signals, orders go on.
        Err(spapi::Error::Denied { .. } | spapi::Error::Forbidden { .. }) if !item.kind.is_of_orders() => {
            denied(shop, item, summary).await
        }
        Err(error) if is_of_seller(&error) => brake(shop, &error, summary).await,
        // The same again would be as wrong.
        Err(error @ (spapi::Error::Invalid { .. } | spapi::Error::Conflict { .. })) => {
            fail(shop, item, say::call(&error), summary).await
        }
        Err(error) => again(shop, item, attempts, cancelled, say::call(&error), summary).await,
    }
}

async fn poll(
    shop: &Shop<'_>,
    mut item: ReportItem,
    asked: Asked,
    summary: &mut Summary,
) -> Result<Next, Error> {
    let Asked { report, at, attempts, cancelled } = asked;
    let status = shop.spapi.report(&shop.caller, &ReportId::new(report.clone())).await;
    summary.polled += 1;
    let now = shop.app.clock.now();
    let is_stuck = now.duration_since(at) > STUCK_AFTER;
    match status {
        Ok(ReportStatus::Done(document)) => {
            let lease_until = shop.times.lease_until;
            item.state = ReportState::Reading { report: report.clone(), lines: 0, attempts: 1, lease_until };
            if !shop.app.ledger.save_report(&mut item).await? {
                return Ok(Next::GoOn);
            }
            read::read(shop, item, report, &document, summary).await
        }
        Ok(ReportStatus::Cancelled) => was_cancelled(shop, item, attempts, cancelled + 1).await,
        Ok(ReportStatus::Fatal(document)) => {
            let said = match document {
                Some(document) => reason::read(shop, &document).await,
                None => None,
            };
            let Text { en, zh } = match said {
                Some(said) => text!("; Amazon says {said:?}", ";亚马逊的说明:{said:?}"),
                None => text!("", ""),
            };
            let why = text!(
                "Amazon could not make report {report} (FATAL){en}",
                "亚马逊未能生成报告 {report}(FATAL){zh}"
            );
            again(shop, item, attempts, cancelled, why, summary).await
        }
        Err(spapi::Error::NotFound { .. }) => {
            let why = text!("Amazon no longer knows report {report}", "亚马逊已没有报告 {report} 的记录");
            again(shop, item, attempts, cancelled, why, summary).await
        }
        Err(error) if is_of_seller(&error) => brake(shop, &error, summary).await,
        Ok(ReportStatus::Underway) if is_stuck => {
            let hours = STUCK_AFTER.as_hours();
            let why = text!(
                "Amazon did not finish report {report} in {hours} hours",
                "亚马逊在 {hours} 小时内没有完成报告 {report}"
            );
            again(shop, item, attempts, cancelled, why, summary).await
        }
        Err(error) if is_stuck => again(shop, item, attempts, cancelled, say::call(&error), summary).await,
        Ok(ReportStatus::Underway) => Ok(Next::GoOn),
        Err(error) => {
            tracing::warn!(report.id = %report, error = %error, "report is looked up again at the next tick");
            Ok(Next::GoOn)
        }
    }
}

/// Goes on with a file that was begun.
async fn resume(
    shop: &Shop<'_>,
    item: ReportItem,
    report: String,
    summary: &mut Summary,
) -> Result<Next, Error> {
    let status = shop.spapi.report(&shop.caller, &ReportId::new(report.clone())).await;
    summary.polled += 1;
    match status {
        Ok(ReportStatus::Done(document)) => read::read(shop, item, report, &document, summary).await,
        Err(error) if is_of_seller(&error) => brake(shop, &error, summary).await,
        Ok(ReportStatus::Underway | ReportStatus::Cancelled | ReportStatus::Fatal(_))
        | Err(spapi::Error::NotFound { .. }) => {
            // It was done before. Read again from the beginning, under another id.
            let why = text!("Amazon no longer has report {report}", "亚马逊已不再保存报告 {report}");
            again(shop, item, 1, 0, why, summary).await
        }
        Err(error) => put_off(shop, item, &error).await,
    }
}

/// Amazon cancelled it: nothing in the range, or asked for too soon again.
async fn was_cancelled(
    shop: &Shop<'_>,
    mut item: ReportItem,
    attempts: u32,
    cancelled: u32,
) -> Result<Next, Error> {
    let now = shop.app.clock.now();
    // Where the next range covers this one anyway, or Amazon says it a second time after its
    // longest spacing, it is believed.
    let is_believed = (attempts == 1 && plan::is_covered_by_next(&item)) || cancelled > 1;
    item.state = if is_believed {
        ReportState::Empty { at: now }
    } else {
        ReportState::Wanted { not_before: later(now, AFTER_CANCELLED), attempts, cancelled }
    };
    shop.app.ledger.save_report(&mut item).await?;
    Ok(Next::GoOn)
}

/// Wants it again later, or gives it up.
async fn again(
    shop: &Shop<'_>,
    mut item: ReportItem,
    attempts: u32,
    cancelled: u32,
    why: Text,
    summary: &mut Summary,
) -> Result<Next, Error> {
    if attempts >= ATTEMPTS {
        return fail(shop, item, why, summary).await;
    }
    let pause = AFTER_FAILURE * (1 << attempts.saturating_sub(1).min(5));
    let not_before = later(shop.app.clock.now(), pause);
    tracing::warn!(seller.id = %item.seller, report.kind = item.kind.word(), report.to = %item.to, why = why.en, not_before = %not_before, "report is asked for again later");
    item.state = ReportState::Wanted { not_before, attempts, cancelled };
    shop.app.ledger.save_report(&mut item).await?;
    Ok(Next::GoOn)
}

/// Gives it up, and says so.
pub(crate) async fn fail(
    shop: &Shop<'_>,
    mut item: ReportItem,
    why: Text,
    summary: &mut Summary,
) -> Result<Next, Error> {
    let (kind, from, to) = (item.kind.word(), item.from, item.to);
    let hours = plan::cadence(item.kind).as_hours();
    let Text { en, zh } = why;
    let text = text!(
        "report {kind} of {from} to {to} was given up: {en}; its range is asked for again within {hours} hours",
        "报告 {kind}({from} 至 {to})已放弃:{zh};{hours} 小时内会再次请求这一时段",
    );
    item.state = ReportState::Failed { why: en, at: shop.app.clock.now() };
    if shop.app.ledger.save_report(&mut item).await? {
        summary.problem(&shop.seller.id, text);
    }
    Ok(Next::GoOn)
}

/// The app may not have it: said once, and asked again a day later.
async fn denied(shop: &Shop<'_>, mut item: ReportItem, summary: &mut Summary) -> Result<Next, Error> {
    let now = shop.app.clock.now();
    let (kind, role) = (item.kind, item.kind.role());
    item.state = ReportState::Denied { at: now };
    if !shop.app.ledger.save_report(&mut item).await? {
        return Ok(Next::GoOn);
    }
    // Most sellers have no registered brand; `renown doctor` tells of it.
    if kind.is_of_brands() {
        return Ok(Next::GoOn);
    }
    let Text { en, zh } = say::report(kind);
    let text = text!(
        "Amazon gives out no {en}: the app lacks the role {role:?}; add it to the app in the Solution Provider Portal and authorise again, it is asked for again within a day",
        "亚马逊不提供{zh}:应用缺少角色 {role:?};请在解决方案提供商门户中为应用添加该角色并重新授权,一天内会再次请求"
    );
    lacks_role(shop, kind.word(), text, summary).await?;
    Ok(Next::GoOn)
}

/// Leaves a file that was begun to the next tick, free for whoever comes.
pub(crate) async fn put_off(
    shop: &Shop<'_>,
    mut item: ReportItem,
    error: &spapi::Error,
) -> Result<Next, Error> {
    tracing::warn!(seller.id = %item.seller, report.kind = item.kind.word(), error = %error, "file is read on later");
    let now = shop.app.clock.now();
    if let ReportState::Reading { lease_until, attempts, .. } = &mut item.state {
        *lease_until = now;
        if let spapi::Error::Throttled { retry_in, .. } = error {
            // The turn had not come: no attempt, and no use in coming before.
            *attempts = attempts.saturating_sub(1);
            *lease_until = later(now, SignedDuration::try_from(*retry_in).unwrap_or(CLAIM));
        }
    }
    shop.app.ledger.save_report(&mut item).await?;
    Ok(Next::GoOn)
}

/// Whether no call of the seller will go through.
pub(crate) fn is_of_seller(error: &spapi::Error) -> bool {
    match error {
        spapi::Error::Denied { .. }
        | spapi::Error::AppDenied { .. }
        | spapi::Error::GrantRevoked { .. }
        | spapi::Error::AppRejected { .. } => true,
        spapi::Error::Throttled { .. }
        | spapi::Error::Forbidden { .. }
        | spapi::Error::Conflict { .. }
        | spapi::Error::NotFound { .. }
        | spapi::Error::Invalid { .. }
        | spapi::Error::NotSent { .. }
        | spapi::Error::Unclear { .. }
        | spapi::Error::ClockSkew { .. } => false,
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}
