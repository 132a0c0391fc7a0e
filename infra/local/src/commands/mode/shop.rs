//! A shop listens or goes live: which mails that brings.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use renown_core::mail::plan::{Wish, wishes};
use renown_core::mail::{Shop, ShopOrder, State};
use renown_core::text;
use serde_json::json;

use super::Mode;
use crate::desk::{Desk, Open};
use crate::events::stopped;
use crate::refuse;
use crate::steer;

/// What going live brings.
#[derive(Debug, Default, PartialEq, Eq)]
struct Prospect {
    /// Mails that are planned.
    mails: u64,
    /// The days on which they fall due.
    days: BTreeSet<Date>,
    /// Mails that fell due before, and are not made up for.
    past: u64,
}

pub(super) async fn run(
    desk: &mut Desk<'_>,
    open: &Open,
    named: &str,
    mode: Mode,
    yes: bool,
) -> anyhow::Result<()> {
    let shop = open.shop(Some(named)).await?;
    let id = &shop.id;
    if mode == Mode::Listen {
        let done = steer::shop_listen(&open.app, id).await?;
        desk.json(&json!({"shop_id": id, "at": open.now, "done": desk.style.say(&done)}))?;
        return desk.say(&done);
    }
    open.mail_keys().await?;
    let reading = open.app.ledger.control(open.now).await?;
    let control = reading.control();
    // Shops of one seller share the brake: a new one is no way around it.
    for other in open.app.ledger.shops().await? {
        let stop = control.shops.get(&other.id).and_then(|part| part.stop.as_ref());
        if other.id != *id
            && other.seller == shop.seller
            && let Some(stop) = stop.filter(|stop| stop.cause.is_brake_of_mails())
        {
            let (braked, why) = (&other.id, stopped(stop));
            let (en, zh) = (why.en, why.zh);
            refuse!(
                "{braked}, a shop of the same seller, is stopped: {en}; `renown resume --shop {braked}` first",
                "同一卖家的店铺 {braked} 已被停止:{zh};请先执行 `renown resume --shop {braked}`"
            );
        }
    }
    let since = control.shop_live_since(id).unwrap_or(open.now);
    let zone = if desk.style.json { TimeZone::UTC } else { desk.style.zone.clone() };
    let (mut prospect, mut unreadable) = (Prospect::default(), 0_u64);
    let each = open.app.ledger.each_shop_order(id, |order| match order {
        Ok(order) => prospect.add(&order, &shop, since, open.now, &zone),
        Err(_) => unreadable += 1,
    });
    each.await?;
    let Prospect { mails, days, past } = prospect;
    let over = match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => {
            text!(" due between {first} and {last}", ",到期日从 {first} 到 {last}")
        }
        (Some(day), _) => text!(" due on {day}", ",到期日为 {day}"),
        (None, _) => text!("", ""),
    };
    let (over_en, over_zh) = (over.en, over.zh);
    let gone = match past {
        0 => text!("", ""),
        n => text!("; {n} fell due before now and are not made up for", ";另有 {n} 封在此之前到期,不会补发"),
    };
    let (gone_en, gone_zh) = (gone.en, gone.zh);
    let name = &shop.name;
    let question = text!(
        "{id} ({name}): {mails} mails are planned{over_en}{gone_en}. Before each leaves, consent, suppressions, caps and the recipient's daytime are looked at once more (`renown mail list --shop {id}`). Orders that come in are written about when their day comes. Go live?",
        "{id}({name}):已计划 {mails} 封邮件{over_zh}{gone_zh}。每封发送前会再次检查同意、抑制名单、上限和收件人当地时间(`renown mail list --shop {id}`)。此后的新订单到期时也会发送。进入运行模式?"
    );
    desk.confirm(&question, yes)?;
    let done = steer::shop_live(&open.app, id, open.now).await?;
    desk.json(&json!({"shop_id": id, "at": open.now, "live_since": since, "mails": mails, "first_day": days.first(),
        "last_day": days.last(), "not_made_up_for": past, "unreadable": unreadable, "done": desk.style.say(&done)}))?;
    desk.say(&done)
}

impl Prospect {
    fn add(&mut self, order: &ShopOrder, shop: &Shop, since: Timestamp, now: Timestamp, zone: &TimeZone) {
        for (kind, wish) in wishes(order, &shop.mails) {
            let Some(State::Planned { due_at, .. }) = order.mails.get(&kind).map(|mail| &mail.state) else {
                continue;
            };
            let Wish::At { due_at: wanted, not_after } = wish else { continue };
            if wanted < since || not_after < now {
                self.past += 1;
            } else {
                self.mails += 1;
                self.days.insert(zone.to_datetime((*due_at).max(now)).date());
            }
        }
    }
}
