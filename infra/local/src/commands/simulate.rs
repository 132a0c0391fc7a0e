//! `renown simulate`: what other rules would come to, beside those in force.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use renown_core::say::{self, Lang};
use renown_core::simulate::{Fate, fate};
use renown_core::text;
use serde_json::json;

use crate::commands::rules::read;
use crate::desk::{Desk, choose};
use crate::refuse;
use crate::style::{Style, padded};
use crate::views::Shop;

/// Orders whose fate differs that are shown to a person who did not ask for all.
const SHOWN: usize = 25;

/// Decide every stored order under other rules, and show what would differ. Changes nothing.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  renown rules show > new.toml    # edit it, then\n  renown simulate --rules new.toml"
)]
pub struct SimulateArgs {
    /// The other rules.
    #[arg(long, value_name = "FILE")]
    rules: PathBuf,
    /// The seller: its id or alias.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// Every order whose fate differs.
    #[arg(long)]
    all: bool,
}

/// Runs `renown simulate`.
///
/// # Errors
///
/// If there is no such seller, the file holds mistakes, or the table does not answer.
pub async fn run(desk: &mut Desk<'_>, args: SimulateArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let mut shop = Shop::load(&open.app.ledger, open.now).await?;
    let seller = choose(&shop.sellers, args.seller.as_deref())?.clone();
    let new = read(&args.rules)?;
    let mistakes = new.problems(&seller.marketplaces);
    if let Some(first) = mistakes.first() {
        let (shown, place) = (args.rules.display(), &first.place);
        let (en, zh) = (&first.problem.en, &first.problem.zh);
        refuse!("{shown}, {place}: {en}", "{shown},{place}:{zh}");
    }
    shop.keep(&seller.id);
    let now = shop.rules(&seller.id).clone();
    let mut totals: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let mut differ = Vec::new();
    for order in &shop.orders {
        let (before, after) = (fate(order, &now), fate(order, &new));
        totals.entry(before.code()).or_default().0 += 1;
        totals.entry(after.code()).or_default().1 += 1;
        if before != after {
            differ.push((order, before, after));
        }
    }
    let objects: Vec<_> = differ
        .iter()
        .map(|(order, before, after)| json!({"order_id": order.id, "now": before, "then": after}))
        .collect();
    let sums: BTreeMap<_, _> =
        totals.iter().map(|(code, (now, then))| (code, json!({"now": now, "then": then}))).collect();
    desk.json(
        &json!({"seller_id": seller.id, "orders": shop.orders.len(), "totals": sums, "differ": objects}),
    )?;
    let (version, n) = (seller.rules_version, shop.orders.len());
    desk.say(&text!(
        "{n} orders, decided from their facts by rules version {version} and by the new ones:",
        "{n} 个订单,按事实分别以第 {version} 版规则和新规则判断:"
    ))?;
    for (code, (now, then)) in &totals {
        let (en, zh) = (words(Lang::En, code), words(Lang::Zh, code));
        desk.say(&text!("  {now:>7} → {then:<7} {en}", "  {now:>7} → {then:<7} {zh}"))?;
    }
    let n = differ.len();
    desk.say(&text!("{n} orders differ", "{n} 个订单的结果不同"))?;
    let shown = if args.all { n } else { n.min(SHOWN) };
    for (order, before, after) in differ.iter().take(shown) {
        let line = format!(
            "  {}  {}  → {}",
            order.id,
            padded(&shown_fate(&desk.style, before), 30),
            shown_fate(&desk.style, after)
        );
        desk.say(&text!("{line}", "{line}"))?;
    }
    let hidden = n - shown;
    if hidden > 0 {
        desk.say(&text!("  … {hidden} more (--all)", "  … 另有 {hidden} 个(--all)"))?;
    }
    Ok(())
}

fn words(lang: Lang, code: &str) -> String {
    match (code, lang) {
        ("ask", Lang::En) => "to be asked".to_owned(),
        ("ask", Lang::Zh) => "将请求".to_owned(),
        _ => say::reason(lang, code).into_owned(),
    }
}

fn shown_fate(style: &Style, fate: &Fate) -> String {
    match fate {
        Fate::Ask { at } => style.moment(*at),
        other => words(style.lang, other.code()),
    }
}
