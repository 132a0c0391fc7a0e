//! `renown ask ORDER`: sooner than the rules say, never sooner than Amazon allows.

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{OrderId, SellerId};
use renown_core::order::NotWanted;
use renown_core::policy::timing::Context;
use renown_core::say::{self, Lang, Text};
use renown_core::text;
use renown_io::ledger::Stored;
use serde_json::json;

use crate::desk::{Desk, Open};
use crate::refuse;
use crate::told::Trouble;

/// Ask for one order as soon as its window and the buyers' daytime allow.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  renown ask 302-1234567-1234567")]
pub struct AskArgs {
    /// The order, as Amazon writes it.
    #[arg(value_name = "ORDER")]
    order: OrderId,
    /// Whose order, where several sellers have it: id or alias.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// Without being asked again, also if it was delivered less than five days before.
    #[arg(long)]
    yes: bool,
}

/// A buyer who is asked sooner after delivery may not have used the thing. Amazon's own window
/// goes by its promise, which a late parcel outlasts.
const SOON_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);

/// Runs `renown ask`.
///
/// # Errors
///
/// If the order is not known, several sellers have it and none is named, it must not be asked,
/// nobody says yes, or the table does not answer.
pub async fn run(desk: &mut Desk<'_>, args: AskArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let id = args.order;
    let seller = whose(&open, &id, args.seller.as_deref()).await?;
    let hasten = async |stored: &Stored, now| {
        let seller = open.seller(Some(stored.order.seller.as_str())).await?;
        let rules = open.app.ledger.rules(&seller).await?;
        let live_since = open.app.ledger.control(now).await?.control().live_since(&seller.id);
        let mut after = stored.order.clone();
        let wish = after.hasten(Context { rules: &rules, live_since, soon: true }, now);
        let due_at = wish.map_err(|why| Trouble::new(refused(&id, why)))?;
        Ok((after, (due_at, live_since.is_some())))
    };
    let (after, (due_at, _)) = hasten(&find(&open, &seller, &id).await?, open.now).await?;
    let after_delivery = after.estimate.map(|estimate| due_at.duration_since(estimate.at));
    if let Some(after_delivery) = after_delivery.filter(|after| *after < SOON_AFTER) {
        let days = after_delivery.as_hours().max(0) / 24;
        let question = text!(
            "{id} would be asked {days} days after its delivery, by the best estimate there is. Go on?",
            "按现有最佳估计,{id} 将在送达后 {days} 天被请求。继续?"
        );
        desk.confirm(&question, args.yes)?;
    }
    let (due_at, is_live) = change(&open, &seller, &id, hasten).await?;
    let at = desk.style.moment(due_at);
    let live = if is_live {
        text!("", "")
    } else {
        text!(
            "; its shop only listens, so nothing is sent until it is live",
            ";该店铺处于监听模式,进入运行模式之前不会发送"
        )
    };
    let (en, zh) = (live.en, live.zh);
    desk.json(&json!({"order_id": id, "due_at": due_at, "live": is_live}))?;
    desk.say(&text!("{id} is due at {at}{en}", "{id} 将于 {at} 到期{zh}"))
}

/// Changes one order in the table: `wish` says what it becomes. If somebody else writes it at
/// the same moment, the wish is put to what is there then.
///
/// # Errors
///
/// If there is no such order, the wish refuses, or the table does not answer.
pub(crate) async fn change<T>(
    open: &Open,
    seller: &SellerId,
    id: &OrderId,
    wish: impl AsyncFn(&Stored, Timestamp) -> anyhow::Result<(renown_core::order::Order, T)>,
) -> anyhow::Result<T> {
    for _ in 0..3 {
        let stored = find(open, seller, id).await?;
        let (after, told) = wish(&stored, open.now).await?;
        if open.app.ledger.update_order(&stored, after, open.now).await? {
            return Ok(told);
        }
    }
    refuse!(
        "{id} is being changed by others at this moment; try again",
        "{id} 此刻正被其他进程修改;请再试一次"
    );
}

/// The seller that has an order, or the one of several that is named.
async fn whose(open: &Open, id: &OrderId, named: Option<&str>) -> anyhow::Result<SellerId> {
    if named.is_some() {
        return Ok(open.seller(named).await?.id);
    }
    let mut all = having(open, id).await?;
    if all.len() > 1 {
        let all: Vec<_> = all.iter().map(SellerId::as_str).collect();
        let all = all.join(", ");
        return Err(Trouble::usage(text!(
            "{id} is known under {all}: name one of them with --seller",
            "{id} 同时属于 {all}:请用 --seller 指定其中一个"
        ))
        .into());
    }
    Ok(all.remove(0))
}

/// Every seller that has an order, at least one: the same account may be here twice.
///
/// # Errors
///
/// If none has it, or the table does not answer.
pub(crate) async fn having(open: &Open, id: &OrderId) -> anyhow::Result<Vec<SellerId>> {
    let sellers: Vec<_> = open.app.ledger.sellers().await?.into_iter().map(|seller| seller.id).collect();
    let mut having = Vec::new();
    for copy in open.app.ledger.copies(&sellers, std::slice::from_ref(id)).await? {
        having.push(copy?.order.seller);
    }
    having.sort();
    if having.is_empty() {
        return Err(Trouble::new(unknown(open, id)).into());
    }
    Ok(having)
}

/// Fulfils a wish for an order under every seller that has it. Tells of each what became of it.
///
/// # Errors
///
/// If no seller has it, every one refuses, or the table does not answer.
pub(crate) async fn change_each(
    open: &Open,
    id: &OrderId,
    wish: impl AsyncFn(&Stored, Timestamp) -> anyhow::Result<(renown_core::order::Order, ())>,
) -> anyhow::Result<Vec<(SellerId, anyhow::Result<()>)>> {
    let mut told = Vec::new();
    for seller in having(open, id).await? {
        let changed = change(open, &seller, id, &wish).await;
        told.push((seller, changed));
    }
    if told.iter().all(|(_, changed)| changed.is_err())
        && let Some((_, Err(error))) = told.pop()
    {
        return Err(error);
    }
    Ok(told)
}

async fn find(open: &Open, seller: &SellerId, id: &OrderId) -> anyhow::Result<Stored> {
    match open.app.ledger.order(seller, id).await? {
        Some(stored) => Ok(stored),
        None => Err(Trouble::new(unknown(open, id)).into()),
    }
}

fn unknown(open: &Open, id: &OrderId) -> Text {
    let shown = &open.place;
    text!(
        "no order {id} in {shown}: compare the id with Seller Central; a new order comes with the next report",
        "{shown} 中没有订单 {id}:请与卖家平台核对订单号;新订单会随下一份报告到达"
    )
}

/// Why a wish for one order cannot be fulfilled, and what to do.
pub(crate) fn refused(id: &OrderId, why: NotWanted) -> Text {
    match why {
        NotWanted::Ended => text!(
            "{id} has ended: `renown explain {id}` says how",
            "{id} 已结束:`renown explain {id}` 会说明经过"
        ),
        NotWanted::Underway => text!(
            "{id} is being asked at this moment, or Amazon is being asked what became of it; look again in an hour",
            "{id} 正在请求中,或正在向亚马逊查询结果;请一小时后再看"
        ),
        NotWanted::Held => text!(
            "{id} is held: `renown held release {id}` lets it go first",
            "{id} 处于暂缓状态:请先执行 `renown held release {id}`"
        ),
        NotWanted::NotYet(missing) => {
            let (en, zh) = (say::not_yet(Lang::En, missing), say::not_yet(Lang::Zh, missing));
            text!("{id} cannot be asked yet: {en}", "{id} 还不能请求:{zh}")
        }
        NotWanted::Skipped(why) => {
            let (en, zh) = (say::skipped(Lang::En, why), say::skipped(Lang::Zh, why));
            text!("{id} must not be asked: {en}", "{id} 不得请求:{zh}")
        }
        NotWanted::TooLate => {
            text!("{id} can no longer be asked: its window is over", "{id} 已不能请求:窗口已关闭")
        }
    }
}
