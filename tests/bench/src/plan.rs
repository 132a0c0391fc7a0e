//! `renown plan` over a million orders, beside a bare walk over the same table.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use renown_core::control::Live;
use renown_core::say::Lang;
use renown_local::commands::plan::{Extent, print};
use renown_local::style::Style;
use renown_local::views::Shop;

use crate::figures::Report;
use crate::import::{NOW, filled, rows};
use crate::meter::{Meter, Used, float, peak_memory_mib, per, ratio};
use crate::shop::{Time, over_file, runtime};
use crate::{Bench, Size};

/// Days ahead, as the command itself foretells them.
const DAYS: u16 = 30;

/// Measures it.
///
/// # Errors
///
/// If the sums do not add up to the orders of the table.
pub fn run(size: Size, scratch: &Path) -> anyhow::Result<Report> {
    let filled = filled(rows(size), scratch)?;
    let file = filled.table.display().to_string();
    let now: Timestamp = NOW.parse()?;
    let found = runtime(Time::Real)?.block_on(async {
        let app = over_file(&filled.table, now).await?;
        // A live seller: its days ahead are foretold too.
        let sellers = app.ledger.sellers().await?;
        app.ledger
            .change_control(|control| {
                for seller in &sellers {
                    control.sellers.entry(seller.id.clone()).or_default().live = Some(Live { since: now });
                }
            })
            .await?;
        anyhow::Ok(measured(&app.ledger, now).await)
    })??;
    anyhow::ensure!(
        found.walked == filled.orders && found.shown == filled.orders && found.unreadable == 0,
        "{} and {} of {} orders, {} unreadable: delete {file}",
        found.walked,
        found.shown,
        filled.orders,
        found.unreadable
    );

    let mut report = Report::new(Bench::Plan);
    let seconds = |used: Used| used.wall.as_secs_f64();
    let cpu = found.loading.cpu + found.printing.cpu;
    report.figure(
        "seconds",
        "plan, from table to text",
        seconds(found.loading) + seconds(found.printing),
        "s",
    );
    report.figure("loading_seconds", "  of it reading and sorting", seconds(found.loading), "s");
    report.figure("printing_seconds", "  of it sums, days ahead, rows", seconds(found.printing), "s");
    report.figure("json_seconds", "the same for a program, all orders", seconds(found.json), "s");
    report.figure("walk_seconds", "bare walk", seconds(found.walking), "s");
    report.ratio("to_walk", "CPU of the plan beside the walk", ratio(cpu, found.walking.cpu));
    if let Some((walk, plan)) = found.walk_mib.zip(found.plan_mib) {
        report.figure("walk_memory_mib", "memory at peak, walk", walk, "MiB");
        report.figure("memory_mib", "memory at peak, plan", plan, "MiB");
        let bytes = per((plan - walk) * 1024.0 * 1024.0, float(filled.orders));
        report.figure("bytes_per_order", "memory an order", bytes, "B");
    }
    report.figure("orders", "orders", float(filled.orders), "");
    Ok(report)
}

struct Found {
    walked: u64,
    walking: Used,
    walk_mib: Option<f64>,
    shown: u64,
    unreadable: usize,
    loading: Used,
    printing: Used,
    plan_mib: Option<f64>,
    json: Used,
}

async fn measured(ledger: &renown_io::ledger::Ledger, now: Timestamp) -> anyhow::Result<Found> {
    let meter = Meter::start();
    let mut walked = 0;
    for seller in ledger.sellers().await? {
        ledger.each_order(&seller.id, |order| walked += u64::from(order.is_ok())).await?;
    }
    let (walking, walk_mib) = (meter.used(), peak_memory_mib());

    let meter = Meter::start();
    let shop = Shop::load(ledger, now).await?;
    let loading = meter.used();
    let extent = Extent { all: false, days: DAYS };
    let style = |json| Style { lang: Lang::En, zone: TimeZone::UTC, json };
    let meter = Meter::start();
    print(&shop, extent, &style(false), &mut std::io::sink())?;
    let (printing, plan_mib) = (meter.used(), peak_memory_mib());
    let meter = Meter::start();
    print(&shop, extent, &style(true), &mut std::io::sink())?;
    let json = meter.used();
    let (shown, unreadable) = (shop.totals().orders, shop.unreadable.len());
    Ok(Found { walked, walking, walk_mib, shown, unreadable, loading, printing, plan_mib, json })
}
