//! The back-fill: the reports of the last 35 days, as far as Amazon is quick enough.

use std::time::Duration;

use jiff::SignedDuration;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::ledger::{ReportItem, ReportState};

use super::step;
use crate::desk::{Desk, Open};
use crate::world::deadline;

/// How long the back-fill is waited for; whoever works the shop goes on with it.
const PATIENCE: Duration = Duration::from_mins(20);
/// How often it is looked after meanwhile.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Fetches the last 35 days, as far as Amazon is quick enough.
pub(super) async fn wait(desk: &mut Desk<'_>, open: &Open, seller: &Seller) -> anyhow::Result<()> {
    let Text { en: worker, zh: worker_zh } = open.place.worker();
    desk.say(&text!(
        "  the last 35 days are fetched; Amazon takes some minutes (Ctrl-C is safe: {worker} go on)",
        "  正在获取最近 35 天的数据,亚马逊需要几分钟(可按 Ctrl-C,{worker_zh} 会继续)"
    ))?;
    let end = tokio::time::Instant::now() + PATIENCE;
    let mut told = 0;
    loop {
        let now = open.app.clock.now();
        let summary =
            report_sync::handle_tick(&open.app, deadline(now, SignedDuration::from_mins(5))).await?;
        for problem in &summary.problems {
            let Text { en, zh } = &problem.text;
            desk.say(&text!("! {en}", "! {zh}"))?;
        }
        let items = open.app.ledger.reports(&seller.id).await?;
        let rows: u64 = items.iter().map(rows).sum();
        let later_ones = items.iter().filter(|item| item.is_put_off(now)).count();
        let open_ones = items.iter().filter(|item| item.is_open()).count() - later_ones;
        if rows > told {
            told = rows;
            desk.say(&text!("  {rows} rows so far", "  目前 {rows} 行"))?;
        }
        if open_ones == 0 {
            if later_ones > 0 {
                desk.say(&text!(
                    "  Amazon has nothing for {later_ones} reports (no such orders, or asked for just before); {worker} ask again in some hours",
                    "  亚马逊对 {later_ones} 份报告没有数据(没有此类订单,或刚刚请求过);{worker_zh} 会在数小时后再次请求"
                ))?;
            }
            let orders = open.app.ledger.all_orders(&seller.id).await?.len();
            return step(desk, &text!("{orders} orders are known", "已知 {orders} 个订单"));
        }
        if tokio::time::Instant::now() >= end {
            return desk.say(&text!(
                "  Amazon still works on {open_ones} reports; {worker} go on",
                "  亚马逊仍在制作 {open_ones} 份报告;{worker_zh} 会继续"
            ));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn rows(item: &ReportItem) -> u64 {
    match &item.state {
        ReportState::Done { rows, .. } => *rows,
        ReportState::Reading { lines, .. } => *lines,
        _ => 0,
    }
}
