//! `renown health`: how the account does by Amazon's measures, where it is going, and what weighs on it.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use renown_core::case::Kind;
use renown_core::health::{Forecast, Snapshot, WINDOW_DAYS, forecast, leaving, percent, rate_text};
use renown_core::marketplace::MarketplaceId;
use renown_core::order::{FulfillmentChannel, OrderStatus};
use renown_core::reports::account_health::{AccountStatus, Metric, MetricKind, Verdict};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::ledger::StoredSignal;
use serde_json::{Value, json};

use crate::desk::{Desk, Open};

/// The longer view of the order defect rate, in days: twelve weeks, which sellers watch as well
/// (market.md C16).
const LONG_DAYS: i32 = 84;
/// Days on which defects leave the window that are shown.
const LEAVING_SHOWN: usize = 5;
/// A feedback of so many stars or fewer is a defect. Source: Amazon's order defect rate (one or two
/// stars).
const NEGATIVE_STARS: u8 = 2;

/// Show the account's health by Amazon's own report: rates, targets, where they go, what weighs on them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  renown health\n  renown health --seller A1MORNINGHOME --json")]
pub struct HealthArgs {
    /// One seller alone.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
}

/// An order that counts against the account, as far as it is known here.
struct Defect {
    day: Date,
    by_amazon: Option<bool>,
    order: String,
}

/// Runs `renown health`.
///
/// # Errors
///
/// If there is no such seller, or the table does not answer.
pub async fn run(desk: &mut Desk<'_>, args: HealthArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let sellers = match args.seller.as_deref() {
        Some(named) => vec![open.seller(Some(named)).await?],
        None => open.app.ledger.sellers().await?,
    };
    let mut objects = Vec::new();
    let mut nothing = true;
    for seller in &sellers {
        let signals = open.app.ledger.signals(&seller.id).await?;
        for marketplace in &seller.marketplaces {
            let history = open.app.ledger.health(&seller.id, *marketplace).await?;
            let Some(last) = history.last() else { continue };
            nothing = false;
            let defects = defects(&signals, *marketplace);
            let sold = sold(&open, seller, *marketplace).await?;
            let seen = Seen { history: &history, last, defects: &defects, sold: &sold, today: today(&open) };
            objects.push(object(seller, &seen));
            if !desk.style.json {
                say(desk, seller, &seen)?;
            }
        }
    }
    desk.json(&json!({"accounts": objects}))?;
    if nothing {
        desk.say(&text!(
            "no account health report was read yet: report-sync asks for one every six hours; `renown doctor` tells what keeps it",
            "尚未读取账户状况报告:report-sync 每六小时请求一次;`renown doctor` 会说明受阻原因"
        ))?;
    }
    Ok(())
}

/// What is shown of one marketplace.
struct Seen<'a> {
    history: &'a [Snapshot],
    last: &'a Snapshot,
    defects: &'a [Defect],
    /// Orders of the last twelve weeks, by whether Amazon shipped them.
    sold: &'a BTreeMap<bool, u64>,
    today: Date,
}

fn today(open: &Open) -> Date {
    open.now.to_zoned(TimeZone::UTC).date()
}

/// Orders with a defect, each once: by the first signal that says so.
fn defects(signals: &[StoredSignal], marketplace: MarketplaceId) -> Vec<Defect> {
    let mut by_order: BTreeMap<String, Defect> = BTreeMap::new();
    // What was taken away counts no more.
    let is_gone = |stored: &&StoredSignal| stored.signal.kind == Kind::FeedbackGone;
    let gone: BTreeSet<String> = signals.iter().filter(is_gone).map(|it| it.signal.subject.id()).collect();
    for stored in signals {
        let signal = &stored.signal;
        let is_defect = match signal.kind {
            Kind::Feedback if gone.contains(&signal.subject.id()) => false,
            Kind::Feedback => signal.stars.is_some_and(|stars| stars <= NEGATIVE_STARS),
            Kind::Claim | Kind::Chargeback => true,
            _ => false,
        };
        if !is_defect || signal.marketplace != Some(marketplace) {
            continue;
        }
        let day = signal.day.unwrap_or_else(|| signal.seen_at.to_zoned(TimeZone::UTC).date());
        let order = signal.subject.id().trim_start_matches("order-").to_owned();
        let defect = Defect { day, by_amazon: signal.by_amazon, order: order.clone() };
        by_order.entry(order).and_modify(|there| there.day = there.day.min(day)).or_insert(defect);
    }
    by_order.into_values().collect()
}

/// Orders that were bought in the last twelve weeks and not cancelled.
async fn sold(
    open: &Open,
    seller: &Seller,
    marketplace: MarketplaceId,
) -> anyhow::Result<BTreeMap<bool, u64>> {
    let since = today(open).saturating_sub(LONG_DAYS.days());
    let mut sold = BTreeMap::new();
    let each = open.app.ledger.each_order(&seller.id, |order| {
        let Ok(stored) = order else { return };
        let facts = &stored.order.facts;
        let bought = facts.purchased_at.map(|at| at.to_zoned(TimeZone::UTC).date());
        if facts.marketplace != Some(marketplace)
            || facts.status == Some(OrderStatus::Cancelled)
            || bought.is_none_or(|day| day < since)
        {
            return;
        }
        if let Some(channel) = facts.channel {
            *sold.entry(channel == FulfillmentChannel::Amazon).or_default() += 1;
        }
    });
    each.await?;
    Ok(sold)
}

/// The long view of an order defect rate: defects known here of orders known here.
fn long_view(kind: &MetricKind, seen: &Seen<'_>) -> Option<(usize, u64)> {
    let by_amazon = of_channel(kind)?;
    let since = seen.today.saturating_sub(LONG_DAYS.days());
    let n = seen.defects.iter().filter(|it| it.by_amazon == Some(by_amazon) && it.day >= since).count();
    let sold = *seen.sold.get(&by_amazon)?;
    (sold > 0).then_some((n, sold))
}

/// Whose orders a rate of defects is about: whether Amazon ships them.
fn of_channel(kind: &MetricKind) -> Option<bool> {
    match kind {
        MetricKind::OrderDefectsByAmazon => Some(true),
        MetricKind::OrderDefectsByMerchant => Some(false),
        _ => None,
    }
}

/// When defects of a kind leave Amazon's window.
fn leaves(kind: &MetricKind, seen: &Seen<'_>) -> BTreeMap<Date, usize> {
    let Some(by_amazon) = of_channel(kind) else { return BTreeMap::new() };
    let of_kind = seen.defects.iter().filter(|it| it.by_amazon == Some(by_amazon));
    let days: Vec<Date> = of_kind.map(|defect| defect.day).collect();
    leaving(&days, WINDOW_DAYS, seen.today)
}

fn object(seller: &Seller, seen: &Seen<'_>) -> Value {
    let metrics: Vec<Value> = seen
        .last
        .account
        .metrics
        .iter()
        .map(|metric| {
            let long = long_view(&metric.kind, seen)
                .map(|(defects, orders)| json!({"days": LONG_DAYS, "defects": defects, "orders": orders}));
            let orders: Vec<&str> = seen
                .defects
                .iter()
                .filter(|it| of_channel(&metric.kind).is_some() && it.by_amazon == of_channel(&metric.kind))
                .map(|it| it.order.as_str())
                .collect();
            json!({"metric": metric, "forecast": forecast(seen.history, &metric.kind), "long_view": long,
                "leaving": leaves(&metric.kind, seen), "defects": orders})
        })
        .collect();
    json!({"seller_id": seller.id, "marketplace_id": seen.last.account.marketplace, "as_of": seen.last.at,
        "status": seen.last.account.status, "rating": seen.last.account.rating, "metrics": metrics,
        "warnings": seen.last.account.warnings, "violations": seen.last.account.violations,
        "days_kept": seen.history.len()})
}

fn say(desk: &mut Desk<'_>, seller: &Seller, seen: &Seen<'_>) -> anyhow::Result<()> {
    let (alias, country) = (&seller.alias, seen.last.account.marketplace.info().country);
    let as_of = desk.style.moment(seen.last.at);
    let status = seen.last.account.status.as_ref().map_or_else(|| text!("—", "—"), AccountStatus::text);
    let (en, zh) = (status.en, status.zh);
    desk.say(&text!("{alias} {country}: {en} (as of {as_of})", "{alias} {country}:{zh}(数据截至 {as_of})"))?;
    for metric in &seen.last.account.metrics {
        of_metric(desk, metric, seen)?;
    }
    for warning in seen.last.account.warnings.iter().filter(|warning| warning.status == Verdict::Bad) {
        let Text { en, zh } = warning.kind.text();
        desk.say(&text!("! Amazon warns: {en}", "! 亚马逊警告:{zh}"))?;
    }
    for violation in &seen.last.account.violations {
        let count = violation.count.unwrap_or(0);
        if count > 0 {
            let Text { en, zh } = violation.kind.text();
            desk.say(&text!("! {en}: {count}", "! {zh}:{count} 起"))?;
        }
    }
    Ok(())
}

fn of_metric(desk: &mut Desk<'_>, metric: &Metric, seen: &Seen<'_>) -> anyhow::Result<()> {
    let mark = if metric.status == Verdict::Bad { "!" } else { " " };
    let Text { en, zh } = rate_text(metric);
    let course = match forecast(seen.history, &metric.kind) {
        Forecast::Unknown => text!("", ""),
        Forecast::Missed => text!("; missed", ";不达标"),
        Forecast::Keeps => text!("; steady", ";走势平稳"),
        Forecast::Misses { in_days } => {
            text!("; misses it in {in_days} days", ";按走势 {in_days} 天后不达标")
        }
    };
    let (course, course_zh) = (course.en, course.zh);
    desk.say(&text!("{mark} {en}{course}", "{mark} {zh}{course_zh}"))?;
    if let Some((defects, orders)) = long_view(&metric.kind, seen) {
        // Counts of a shop, far below 2^52.
        #[expect(clippy::cast_precision_loss, reason = "counts of orders")]
        let rate = percent(defects as f64 / orders as f64);
        desk.say(&text!(
            "    12 weeks, as known here: {rate} ({defects} of {orders} orders)",
            "    近 12 周(按此处已知):{rate}({orders} 单中 {defects} 单)"
        ))?;
    }
    let leaves = leaves(&metric.kind, seen);
    let dates: Vec<String> =
        leaves.iter().take(LEAVING_SHOWN).map(|(day, n)| format!("{n} × {day}")).collect();
    if !dates.is_empty() {
        let dates = dates.join(", ");
        desk.say(&text!(
            "    defects leave the {WINDOW_DAYS} days: {dates}",
            "    移出 {WINDOW_DAYS} 天窗口:{dates}"
        ))?;
    }
    Ok(())
}
