//! The story of an order of a shop: what is known of it, and of each mail why it was or was not
//! sent.

use jiff::Timestamp;
use renown_core::ids::ShopOrderId;
use renown_core::mail::ShopOrder;
use renown_core::say::Text;
use renown_core::text;
use serde_json::json;

use crate::commands::mail::unknown;
use crate::desk::Desk;
use crate::mails::{Row, heard, state_text};
use crate::outlook::Outlook;

pub(super) async fn run(desk: &mut Desk<'_>, named: &str, id: &str) -> anyhow::Result<()> {
    let id: ShopOrderId = id.parse()?;
    let open = desk.open().await?;
    let shop = open.shop(Some(named)).await?;
    let Some(stored) = open.app.ledger.shop_order(&shop.id, &id).await? else {
        return Err(unknown(shop.id.as_str(), &id));
    };
    let order = stored.order;
    let outlook = Outlook::of_order(&open.app.ledger, &shop.seller, &order, open.now).await?;
    let (contact, suppressed) = (outlook.contact(&order), outlook.suppressed(&order));
    let reading = open.app.ledger.control(open.now).await?;
    let live_since = reading.control().shop_live_since(&shop.id);
    let mails: Vec<_> = order
        .mails
        .iter()
        .map(|(kind, mail)| {
            let will_skip = outlook.will_skip(&shop, live_since, &order, (*kind, mail));
            let mut object = json!(Row::of(&order, *kind, mail, will_skip));
            let told = heard(mail);
            object["heard"] = told.iter().map(|(at, text)| json!({"at": at, "what": text.en})).collect();
            object["template"] = json!(mail.template);
            object
        })
        .collect();
    let consent = contact.and_then(|contact| contact.consent.clone());
    desk.json(&json!({"shop_id": shop.id, "order_id": id, "number": order.facts.number,
        "placed_at": order.facts.placed_at, "fulfilled_at": order.facts.fulfilled_at,
        "delivered_at": order.facts.delivered_at, "cancelled_at": order.facts.cancelled_at,
        "refunded_at": order.facts.refunded_at, "customer_known": contact.is_some(),
        "consent": consent.as_ref().map(|consent| json!({"given": consent.given, "source": consent.source, "at": consent.at})),
        "suppressed": suppressed.map(|entry| json!({"reason": entry.reason, "since": entry.at})),
        "score": order.survey.as_ref().map(|answered| answered.score),
        "live_since": live_since, "mails": mails}))?;
    if desk.style.json {
        return Ok(());
    }
    let (shop_id, number) = (&shop.id, &order.facts.number);
    desk.say(&text!("order {id} ({number}) of {shop_id}", "{shop_id} 的订单 {id}({number})"))?;
    facts(desk, &order)?;
    match (&order.facts.person, contact.is_some(), consent) {
        (None, _, _) => {
            desk.say(&text!("  customer: names no usable address", "  客户:没有可用的邮箱地址"))?;
        }
        (Some(_), false, _) => {
            desk.say(&text!("  customer: erased, or no longer kept", "  客户:已删除或不再保存"))?;
        }
        (Some(_), true, None) => {
            desk.say(&text!(
                "  customer: known; nothing shows a yes to mails",
                "  客户:已知;没有同意接收邮件的记录"
            ))?;
        }
        (Some(_), true, Some(consent)) => {
            let (at, source) = (desk.style.moment(consent.at), &consent.source);
            desk.say(&if consent.given {
                text!("  customer: said yes to mails ({source}, {at})", "  客户:同意接收邮件({source},{at})")
            } else {
                text!("  customer: said no to mails ({source}, {at})", "  客户:拒绝接收邮件({source},{at})")
            })?;
        }
    }
    if let Some(entry) = suppressed {
        let Text { en, zh } = entry.reason.text();
        let at = desk.style.moment(entry.at);
        desk.say(&text!("  suppressed: {en} ({at})", "  已抑制:{zh}({at})"))?;
    }
    if let Some(answered) = &order.survey {
        let (score, at) = (answered.score, desk.style.moment(answered.at));
        desk.say(&text!("  survey: {score} of 10 ({at})", "  调查:{score} 分,满分 10({at})"))?;
    }
    if live_since.is_none() {
        desk.say(&text!("  the shop listens: nothing is sent", "  店铺处于监听模式:不会发送"))?;
    }
    if order.mails.is_empty() {
        return desk.say(&text!(
            "  no mail is planned: it is not known to be on its way yet",
            "  尚无计划的邮件:还没有发货记录"
        ));
    }
    for (kind, mail) in &order.mails {
        let will_skip = outlook.will_skip(&shop, live_since, &order, (*kind, mail));
        let row = Row::of(&order, *kind, mail, will_skip);
        let state = state_text(row.state);
        let at = row.at.map(|at| desk.style.moment(at)).unwrap_or_default();
        let (en, zh) = (state.en, state.zh);
        let (why, why_zh) =
            row.why.map(|Text { en, zh }| (format!(": {en}"), format!(":{zh}"))).unwrap_or_default();
        let name = kind.text();
        let (name, name_zh) = (name.en, name.zh);
        desk.say(&text!("  {name}: {en}, {at}{why}", "  {name_zh}:{zh},{at}{why_zh}"))?;
        for (at, what) in heard(mail) {
            let (at, en, zh) = (desk.style.moment(at), what.en, what.zh);
            desk.say(&text!("    {at}  {en}", "    {at}  {zh}"))?;
        }
    }
    Ok(())
}

/// What is known of the order.
fn facts(desk: &mut Desk<'_>, order: &ShopOrder) -> anyhow::Result<()> {
    let facts = &order.facts;
    let dates: [(Option<Timestamp>, Text); 5] = [
        (facts.placed_at, text!("placed", "下单")),
        (facts.fulfilled_at, text!("dispatched", "发货")),
        (facts.delivered_at, text!("delivered", "送达")),
        (facts.cancelled_at, text!("cancelled", "取消")),
        (facts.refunded_at, text!("refunded (moves no mail)", "退款(不影响邮件)")),
    ];
    for (at, what) in dates {
        if let Some(at) = at {
            let (at, en, zh) = (desk.style.moment(at), what.en, what.zh);
            desk.say(&text!("  {en}: {at}", "  {zh}:{at}"))?;
        }
    }
    for line in &facts.lines {
        let title = &line.title;
        // A file may have told one of both.
        let sku = if line.sku == *title { String::new() } else { format!("{} ", line.sku) };
        desk.say(&text!("  item: {sku}{title}", "  商品:{sku}{title}"))?;
    }
    Ok(())
}
