//! Looking on while another process works in the folder: the same lines, from the table.

use std::collections::HashMap;
use std::io::Write;
use std::time::Duration;

use renown_core::ids::OrderId;
use renown_core::order::Order;
use renown_core::text;

use super::{Options, Outcome, findings};
use crate::desk::Open;
use crate::events;
use crate::lines::{Lines, glance};
use crate::live::Live;
use crate::stop::Stop;
use crate::views::Shop;

/// How often the table is read.
const EVERY: Duration = Duration::from_secs(10);

/// Prints what another process does in the shop, until `lasts` is over or somebody stops it.
/// It writes nothing and calls nobody.
///
/// # Errors
///
/// If the table does not answer, or nothing can be printed.
pub async fn watch(
    open: &Open,
    options: &Options,
    process: &str,
    stop: &Stop,
    out: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let live = (options.live && !options.style.json).then(Live::on_terminal);
    let mut lines = Lines::new(out, options.style.clone(), options.verbose, live);
    let folder = &open.place.only_here()?.folder;
    let shown = folder.path().display();
    let greeting = text!(
        "Process {process} works in {shown}; this one looks on and changes nothing. `renown pause`, `plan` and the other commands reach it. Ctrl-C ends the looking on alone.\n",
        "进程 {process} 正在 {shown} 中工作;本进程只是旁观,不作任何改动。`renown pause`、`plan` 等命令都对它有效。Ctrl-C 只结束旁观。\n"
    );
    let greeting = options.style.say(&greeting).to_owned();
    lines.remark(&greeting)?;
    let end = options.lasts.and_then(|lasts| Duration::try_from(lasts).ok());
    let end = end.map(|lasts| tokio::time::Instant::now() + lasts);
    let mut known: Option<HashMap<OrderId, Order>> = None;
    loop {
        let now = folder.shop_time()?.unwrap_or_else(|| open.app.clock.now());
        let shop = Shop::load(&open.app.ledger, now).await?;
        lines.call(&shop.sellers);
        if let Some(known) = &known {
            let mut happened: Vec<_> = shop
                .orders
                .iter()
                .flat_map(|order| events::since(known.get(&order.id), order, options.style.lang))
                .collect();
            happened.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.order_id.cmp(&b.order_id)));
            for event in &happened {
                lines.event(event)?;
            }
        }
        lines.redraw(|| glance(shop.orders.iter(), &shop.control, 0, now, &options.style));
        let is_over = end.is_some_and(|end| tokio::time::Instant::now() >= end);
        if is_over || stop.is_wished() {
            let findings = findings(&shop, &open.app.ledger, None).await?;
            let totals = shop.totals();
            lines.end(now, &totals, findings)?;
            return Ok(Outcome {
                totals,
                findings,
                accepted: std::collections::BTreeMap::new(),
                ended_at: now,
            });
        }
        known = Some(shop.orders.into_iter().map(|order| (order.id.clone(), order)).collect());
        let pause =
            end.map_or(EVERY, |end| EVERY.min(end.saturating_duration_since(tokio::time::Instant::now())));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.wished() => {}
        }
    }
}
