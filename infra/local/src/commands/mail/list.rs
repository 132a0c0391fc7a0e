//! Every mail with where it stands and why, and the sums.

use std::collections::BTreeMap;

use renown_core::mail::State;
use renown_core::say::Text;
use renown_core::text;
use serde_json::json;

use super::ListArgs;
use crate::desk::Desk;
use crate::events::stopped;
use crate::mails::{Row, Sums};
use crate::outlook::Outlook;

/// Rows that a person is shown where nothing narrower was asked for.
const SHOWN: usize = 50;

pub(super) async fn run(desk: &mut Desk<'_>, args: &ListArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let shops = match &args.shop {
        Some(named) => vec![open.shop(Some(named)).await?],
        None => open.app.ledger.shops().await?,
    };
    let (mut rows, mut sums, mut unreadable) = (Vec::new(), BTreeMap::new(), Vec::new());
    let reading = open.app.ledger.control(open.now).await?;
    for shop in &shops {
        let outlook = Outlook::of(&open.app.ledger, &shop.seller, open.now).await?;
        let live_since = reading.control().shop_live_since(&shop.id);
        let mut of_shop = Sums::default();
        let each = open.app.ledger.each_shop_order(&shop.id, |order| match order {
            Ok(order) => {
                for (kind, mail) in &order.mails {
                    let will_skip = outlook.will_skip(shop, live_since, &order, (*kind, mail));
                    of_shop.count(mail, will_skip);
                    let is_meant = match &args.state {
                        Some(state) => mail.state.name() == state,
                        None if args.all => true,
                        None => matches!(
                            mail.state,
                            State::Planned { .. }
                                | State::Held { .. }
                                | State::Claimed { .. }
                                | State::Unknown { .. }
                        ),
                    };
                    if is_meant {
                        rows.push(Row::of(&order, *kind, mail, will_skip));
                    }
                }
            }
            Err(error) => unreadable.push(renown_io::say::table(&error)),
        });
        each.await?;
        sums.insert(shop.id.clone(), of_shop);
    }
    rows.sort_by(|a, b| {
        (a.at, &a.shop_id, &a.order_id, a.mail).cmp(&(b.at, &b.shop_id, &b.order_id, b.mail))
    });
    let unread: Vec<_> = unreadable.iter().map(|text| desk.style.say(text)).collect();
    desk.json(&json!({"at": open.now, "mails": rows, "sums": sums, "unreadable": unread}))?;
    if desk.style.json {
        return Ok(());
    }
    if shops.is_empty() {
        return desk.say(&text!(
            "there is no shop of your own; `renown shop add FILE.toml` adds one",
            "没有自有店铺;可用 `renown shop add 文件.toml` 添加"
        ));
    }
    let most = if args.all || args.state.is_some() { usize::MAX } else { SHOWN };
    for row in rows.iter().take(most) {
        let line = row.line(&desk.style);
        desk.say(&line)?;
    }
    let more = rows.len().saturating_sub(most);
    if more > 0 {
        desk.say(&text!("… {more} more; --all shows them", "… 另有 {more} 封;--all 会全部列出"))?;
    }
    for shop in &shops {
        let (id, control) = (&shop.id, reading.control());
        if let Some(stop) = control.shop_stop(id) {
            let Text { en, zh } = stopped(stop);
            desk.say(&text!("{id} stands still: {en}", "{id} 已停止:{zh}"))?;
        } else if control.shop_live_since(id).is_none() {
            desk.say(&text!("{id} listens: nothing is sent", "{id} 处于监听模式:不会发送"))?;
        }
    }
    for (shop, sums) in &sums {
        let (en, zh) = (sums.text().en, sums.text().zh);
        desk.say(&text!("{shop}: {en}", "{shop}:{zh}"))?;
    }
    for problem in &unreadable {
        let (en, zh) = (&problem.en, &problem.zh);
        desk.say(&text!("! {en}; it is in no sum", "! {zh};不计入合计"))?;
    }
    Ok(())
}
