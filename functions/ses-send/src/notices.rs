//! Mails to operators: alerts that others wrote down, and the digest of a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use renown_core::control::Control;
use renown_core::mail::Shop;
use renown_core::notice::{Channel, Notice, Outcome, Target};
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::ledger::Error;
use renown_io::mail::{Message, Sender};

use crate::summary::Summary;

/// Notices that are looked at in a tick.
const AT_ONCE: usize = 20;

/// Sends what operators are to be told. Trouble with one notice is logged and leaves it due.
///
/// # Errors
///
/// The table does not answer.
pub(crate) async fn send(
    app: &MailApp,
    sender: &Sender,
    control: &Control,
    summary: &mut Summary,
) -> Result<(), Error> {
    let now = app.clock.now();
    let targets = app.ledger.targets().await?;
    for target in &targets {
        if let Some(day) = target.digest_due(now) {
            digest(app, control, target, day).await?;
        }
    }
    for id in app.ledger.due_notices(now, AT_ONCE).await? {
        let Some((notice, names)) = app.ledger.begin_notice(&id, now).await? else { continue };
        for name in names {
            let outcome = match targets.iter().find(|target| target.name == name) {
                Some(target) => hand_over(sender, &notice, target, now).await,
                None => Outcome::Refused(text!("the target was taken away", "该通知对象已移除")),
            };
            match &outcome {
                Outcome::Accepted(_) => summary.notices += 1,
                Outcome::Unclear => {
                    tracing::warn!(
                        notice.id = id,
                        notice.target = name,
                        "a notice is tried again in some minutes"
                    );
                }
                Outcome::Refused(why) => {
                    tracing::error!(
                        notice.id = id,
                        notice.target = name,
                        why = %why,
                        "an operator does not get a notice: `renown notify list` shows it"
                    );
                }
            }
            app.ledger.end_notice(&id, &name, outcome, app.clock.now()).await?;
        }
    }
    Ok(())
}

async fn hand_over(sender: &Sender, notice: &Notice, target: &Target, now: Timestamp) -> Outcome {
    let Channel::Mail { to, from } = &target.channel;
    match Message::to_operator(from, to, &notice.letter(target), now) {
        Ok(mail) => sender.outbox.send_notice(&format!("{}-{}", notice.id, target.name), &mail).await,
        Err(why) => Outcome::Refused(text!("{why}", "邮件无法生成({why})")),
    }
}

/// Writes down the digest of a day for one target, unless it is there.
async fn digest(app: &MailApp, control: &Control, target: &Target, day: Date) -> Result<(), Error> {
    let id = format!("digest#{}#{day}", target.name);
    if app.ledger.was_told(&id).await? {
        return Ok(());
    }
    let shops = app.ledger.shops().await?;
    let mut notice = Notice {
        id,
        title: text!("digest of {day} (UTC)", "{day}(UTC)摘要"),
        lines: Vec::new(),
        next_step: None,
        deadline: None,
        at: app.clock.now(),
    };
    for shop in &shops {
        notice = of_shop(app, control, shop, day, notice).await?;
    }
    if shops.is_empty() {
        notice = notice.line(text!("There is no shop of your own.", "没有自有店铺。"));
    }
    app.ledger.tell_these(&notice, [target.name.clone()]).await
}

async fn of_shop(
    app: &MailApp,
    control: &Control,
    shop: &Shop,
    day: Date,
    notice: Notice,
) -> Result<Notice, Error> {
    let counted = app.ledger.mails_of_day(&shop.seller, &shop.id, day).await?;
    let (name, sent, orders) = (&shop.name, counted.sent, counted.orders);
    let (bounced, complained) = (counted.bounced, counted.complained);
    let notice = notice.line(text!(
        "{name}: {orders} new orders, {sent} mails sent; of all shops of its seller {bounced} bounced and {complained} were called spam",
        "{name}:新订单 {orders} 个,发送邮件 {sent} 封;该卖家所有店铺共退信 {bounced} 封,被标为垃圾邮件 {complained} 封"
    ));
    let Some(stop) = control.shop_stop(&shop.id) else { return Ok(notice) };
    let (id, since) =
        (&shop.id, stop.since.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string());
    Ok(notice.line(text!(
        "{name} stands still since {since}: `renown resume --shop {id}` lets it go on.",
        "{name} 自 {since} 起停止:`renown resume --shop {id}` 恢复。"
    )))
}
