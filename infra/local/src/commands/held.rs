//! `renown held`: orders that Amazon answered in a way that is not understood.

use clap::{Args, Subcommand};
use renown_core::ids::OrderId;
use renown_core::order::{Order, State, Step};
use renown_core::policy::timing::Context;
use renown_core::say;
use renown_core::text;
use serde_json::json;

use crate::commands::ask::{change, having};
use crate::desk::Desk;
use crate::refuse;
use crate::told::Trouble;
use crate::views::Shop;

/// List orders that wait for a person, and let them go on.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown held list\n  renown held release 302-1234567-1234567 --yes\n  renown held release --all --yes"
)]
pub struct HeldArgs {
    #[command(subcommand)]
    command: HeldCommand,
}

#[derive(Debug, Subcommand)]
enum HeldCommand {
    /// List them, with what Amazon said.
    #[command(after_help = "Example:\n  renown held list")]
    List,
    /// Plan them anew; Amazon is asked what it offers before anything is sent.
    #[command(after_help = "Example:\n  renown held release 302-1234567-1234567 --yes")]
    Release {
        /// The orders.
        #[arg(value_name = "ORDER")]
        orders: Vec<OrderId>,
        /// Every held order.
        #[arg(long, conflicts_with = "orders")]
        all: bool,
        /// Without being asked again.
        #[arg(long)]
        yes: bool,
    },
}

/// Runs `renown held`.
///
/// # Errors
///
/// If no order is named or one is not held, nobody says yes, or the table does not answer.
pub async fn run(desk: &mut Desk<'_>, args: HeldArgs) -> anyhow::Result<()> {
    if let HeldCommand::Release { orders, all: false, .. } = &args.command
        && orders.is_empty()
    {
        return Err(Trouble::usage(text!(
            "name the orders, or release every held one with --all; `renown held list` shows which are",
            "请写明订单号,或用 --all 放行全部暂缓的订单;`renown held list` 会列出"
        ))
        .into());
    }
    let open = desk.open().await?;
    let shop = Shop::load(&open.app.ledger, open.now).await?;
    let held: Vec<&Order> =
        shop.orders.iter().filter(|order| matches!(order.state, State::Held { .. })).collect();
    let (ids, yes) = match args.command {
        HeldCommand::List => return list(desk, &shop, &held),
        HeldCommand::Release { all: true, yes, .. } => {
            (held.iter().map(|order| order.id.clone()).collect(), yes)
        }
        HeldCommand::Release { orders, yes, .. } => (orders, yes),
    };
    let n = ids.len();
    if n == 0 {
        return list(desk, &shop, &held);
    }
    desk.confirm(
        &text!("{n} held orders will be planned anew. Go on?", "将重新安排 {n} 个暂缓的订单。继续?"),
        yes,
    )?;
    for id in &ids {
        // Of several sellers that have it, the one under which it is held.
        let seller = match held.iter().find(|order| order.id == *id) {
            Some(order) => order.seller.clone(),
            None => having(&open, id).await?.remove(0),
        };
        change(&open, &seller, id, async |stored, now| {
            let seller = open.seller(Some(stored.order.seller.as_str())).await?;
            let rules = open.app.ledger.rules(&seller).await?;
            let live_since = open.app.ledger.control(now).await?.control().live_since(&seller.id);
            let mut after = stored.order.clone();
            if !after.release(Context { rules: &rules, live_since, soon: false }, now) {
                refuse!(
                    "{id} is not held; `renown held list` shows which are",
                    "{id} 并未暂缓;`renown held list` 会列出暂缓的订单"
                );
            }
            Ok((after, ()))
        })
        .await?;
    }
    desk.json(&json!({"released": ids}))?;
    desk.say(&text!("{n} released", "已放行 {n} 个"))
}

fn list(desk: &mut Desk<'_>, shop: &Shop, held: &[&Order]) -> anyhow::Result<()> {
    let said = |order: &Order| {
        let entries = order.trail.entries();
        entries.iter().rev().find(|entry| entry.step == Step::Held).and_then(|entry| entry.detail.clone())
    };
    let objects: Vec<_> = held
        .iter()
        .map(|order| {
            let mut object = shop.object(order);
            object["amazon_said"] = json!(said(order));
            object
        })
        .collect();
    desk.json(&json!({"held": objects}))?;
    if held.is_empty() {
        return desk.say(&text!("no order is held", "没有暂缓的订单"));
    }
    for order in held {
        let State::Held { why, since, .. } = order.state else { continue };
        let (id, alias, since) = (&order.id, shop.alias(&order.seller), desk.style.moment(since));
        let why = say::held(desk.style.lang, why);
        let words = said(order).unwrap_or_default();
        desk.say(&text!("{id}  {since}  {alias}  {why}: {words}", "{id}  {since}  {alias}  {why}:{words}"))?;
    }
    desk.say(&text!(
        "Look at one in Seller Central: if its Request a Review button works there, release them.",
        "请在卖家平台查看其中一个:若那里的“请求评论”按钮可用,即可放行。"
    ))
}
