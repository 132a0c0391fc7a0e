//! A person's word on mails: held ones go, or one is not sent.

use renown_core::ids::ShopOrderId;
use renown_core::mail::State;
use renown_core::mail::reasons::Skip;
use renown_core::text;
use serde_json::json;

use super::{ReleaseArgs, SkipArgs};
use crate::desk::Desk;
use crate::mails::state_text;
use crate::refuse;
use crate::told::Trouble;

pub(super) async fn release(desk: &mut Desk<'_>, args: ReleaseArgs) -> anyhow::Result<()> {
    if args.orders.is_empty() && !args.all {
        return Err(Trouble::usage(text!(
            "name the orders, or release every held mail of the shop with --all; `renown mail list --state held` shows which are",
            "请写明订单,或用 --all 放行该店铺全部待处理的邮件;`renown mail list --state held` 会列出"
        ))
        .into());
    }
    let open = desk.open().await?;
    let shop = open.shop(args.shop.as_deref()).await?;
    let (id, mut orders) = (&shop.id, args.orders);
    if args.all {
        let each = open.app.ledger.each_shop_order(id, |order| {
            if let Ok(order) = order
                && order.mails.values().any(|mail| matches!(mail.state, State::Held { .. }))
            {
                orders.push(order.id);
            }
        });
        each.await?;
    }
    let n = orders.len();
    if n == 0 {
        desk.json(&json!({"shop_id": id, "released": [], "mails": 0}))?;
        return desk.say(&text!("{id}: no mail is held", "{id}:没有待人工处理的邮件"));
    }
    let question = text!(
        "The held mails of {n} orders of {id} will be sent when they are next looked at, if nothing else speaks against it. Go on?",
        "{id} 的 {n} 个订单中待处理的邮件将在下一次检查时发送(若无其他阻碍)。继续?"
    );
    desk.confirm(&question, args.yes)?;
    let mut mails = 0;
    for order in &orders {
        let change = open
            .app
            .ledger
            .change_shop_order(id, order, open.now, |order| Some(order.release(open.now)).filter(|n| *n > 0));
        match change.await? {
            Some(n) => mails += n,
            // With --all, somebody else may have been quicker.
            None if args.all => {}
            None => refuse!(
                "order {order} of {id} holds no mail; `renown mail list --shop {id} --state held` shows which do ({mails} were released)",
                "{id} 的订单 {order} 没有待处理的邮件;`renown mail list --shop {id} --state held` 会列出(已放行 {mails} 封)"
            ),
        }
    }
    desk.json(&json!({"shop_id": id, "released": orders, "mails": mails}))?;
    desk.say(&text!("{id}: {mails} mails released", "{id}:已放行 {mails} 封邮件"))
}

pub(super) async fn skip(desk: &mut Desk<'_>, args: &SkipArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let shop = open.shop(args.shop.as_deref()).await?;
    let (id, order, kind) = (&shop.id, &args.order, args.kind);
    let change = open.app.ledger.change_shop_order(id, order, open.now, |order| {
        order.skip(kind, Skip::ByHand, open.now).then_some(())
    });
    if change.await?.is_none() {
        let Some(stored) = open.app.ledger.shop_order(id, order).await? else {
            return Err(unknown(id.as_str(), order));
        };
        let Some(mail) = stored.order.mails.get(&kind) else {
            refuse!(
                "order {order} of {id} has no {kind} planned; `renown explain {order} --shop {id}` shows what it has",
                "{id} 的订单 {order} 没有计划 {kind};`renown explain {order} --shop {id}` 会显示其邮件"
            );
        };
        let state = state_text(mail.state.name());
        let (en, zh) = (state.en, state.zh);
        refuse!(
            "{kind} of order {order} of {id} is {en} and can be skipped no more",
            "{id} 的订单 {order} 的 {kind} 已处于“{zh}”状态,不能再跳过"
        );
    }
    desk.json(
        &json!({"shop_id": id, "order_id": order, "mail": kind, "state": "skipped", "reason": "by_hand"}),
    )?;
    desk.say(&text!("{id} {order}: {kind} will not be sent", "{id} {order}:{kind} 不会发送"))
}

/// There is no such order.
pub(crate) fn unknown(shop: &str, order: &ShopOrderId) -> anyhow::Error {
    Trouble::new(text!(
        "there is no order {order} of {shop} here: it is named by the shop's own id, which `renown mail list --shop {shop} --all` shows",
        "{shop} 中没有订单 {order}:请使用店铺自己的订单 ID,`renown mail list --shop {shop} --all` 会列出"
    ))
    .into()
}
