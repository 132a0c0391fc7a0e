//! The digest of a day: what left, what stands still, which cases wait.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use renown_core::case::{Figures, figures};
use renown_core::control::Control;
use renown_core::mail::Shop;
use renown_core::notice::{Notice, Target};
use renown_core::push::Severity;
use renown_core::say::counted;
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::ledger::Error;

/// Writes down the digest of a day for one target, unless it is there.
///
/// # Errors
///
/// If the table does not answer.
pub(crate) async fn write(app: &MailApp, target: &Target, day: Date) -> Result<(), Error> {
    let id = format!("digest#{}#{day}", target.name);
    if app.ledger.was_told(&id).await? {
        return Ok(());
    }
    let now = app.clock.now();
    let mut notice = Notice::new(id, text!("digest of {day} (UTC)", "{day}(UTC)摘要"), now);
    notice.severity = Severity::Info;
    notice = of_cases(app, target, notice).await?;
    let shops = app.ledger.shops().await?;
    let reading = app.ledger.control(now).await?;
    for shop in &shops {
        notice = of_shop(app, reading.control(), shop, day, notice).await?;
    }
    app.ledger.tell_these(&notice, [target.name.clone()]).await
}

/// A line for each seller that the target wants to hear of.
async fn of_cases(app: &MailApp, target: &Target, mut notice: Notice) -> Result<Notice, Error> {
    let (team, now) = (app.ledger.team().await?, app.clock.now());
    for seller in app.ledger.sellers().await? {
        if !target.wants.sellers.is_empty() && !target.wants.sellers.contains(&seller.id) {
            continue;
        }
        let cases = app.ledger.cases(&seller.id).await?;
        let Figures { open, overdue, .. } = figures(&cases, &team, now);
        let name = if seller.alias.is_empty() { seller.id.as_str() } else { &seller.alias };
        let cases = counted(open, "case", "cases");
        notice = notice.line(text!(
            "{name}: {cases} open, {overdue} of them past their deadline",
            "{name}:未结工单 {open} 个,其中 {overdue} 个已逾期"
        ));
    }
    Ok(notice)
}

async fn of_shop(
    app: &MailApp,
    control: &Control,
    shop: &Shop,
    day: Date,
    notice: Notice,
) -> Result<Notice, Error> {
    let mailed = app.ledger.mails_of_day(&shop.seller, &shop.id, day).await?;
    let (name, sent, orders) = (&shop.name, mailed.sent, mailed.orders);
    let (bounced, complained) = (mailed.bounced, mailed.complained);
    let (new, mails) = (counted(orders, "new order", "new orders"), counted(sent, "mail", "mails"));
    let notice = notice.line(text!(
        "{name}: {new}, {mails} sent; of all shops of its seller {bounced} bounced and {complained} were called spam",
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
