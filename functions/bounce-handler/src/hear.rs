//! One event: who it is about, what follows.

use jiff::Timestamp;
use renown_core::ids::{Person, ShopId, ShopOrderId};
use renown_core::mail::ses::{Effect, Event, What};
use renown_core::mail::suppression::{Reason, Scope};
use renown_core::mail::{Kind, Shop, Suppression};
use renown_core::notice::Notice;
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::ledger::Error;
use renown_io::mail::Keys;

use crate::brake::judge;

/// Mails that did not get through within 30 days before their address is suppressed. Source:
/// platform.md 4.1.
const TRANSIENT_LIMIT: usize = 3;

/// What became of events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    /// Mails of which it was news.
    pub mails: u64,
    /// Addresses that were suppressed.
    pub suppressed: u64,
    /// Events that an operator must know of.
    pub alerts: u64,
    /// Events about mails that are not Renown's.
    pub foreign: u64,
}

/// Takes up one event.
///
/// # Errors
///
/// If the table did not take it: the message goes back. What was written before is written again
/// to no effect.
pub async fn hear(app: &MailApp, keys: &Keys, event: &Event) -> Result<Heard, Error> {
    let mut heard = Heard::default();
    let now = app.clock.now();
    let shop = shop_of(app, event).await?;
    // Suppressed first: if the rest is cut short, nothing more goes to the address meanwhile.
    for recipient in &event.recipients {
        let person = keys.person(&recipient.0);
        heard.suppressed += u64::from(suppress(app, shop.as_ref(), &person, event).await?);
    }
    match (&shop, mail_of(event)) {
        (Some(shop), Some((order, kind))) => {
            let news = app
                .ledger
                .hear_of_mail(shop, (&order, kind), event.what, &event.message, event.at, now)
                .await?;
            heard.mails += u64::from(news.is_some());
            if matches!(event.what, What::Bounced | What::Complained) {
                judge(app, shop).await?;
            }
        }
        _ if event.tags.notice.is_some() => {}
        _ => heard.foreign += 1,
    }
    if event.what == What::Delayed
        && let Some(shop) = &shop
    {
        app.ledger.tell(&delayed(shop, event, now)).await?;
    }
    if event.effect == Effect::Alert {
        heard.alerts += 1;
        app.ledger.tell(&not_sent(event, now)).await?;
        tracing::error!(
            mail.id = event.message,
            shop.id = event.tags.shop.as_deref().unwrap_or_default(),
            order.id = event.tags.order.as_deref().unwrap_or_default(),
            why = event.detail,
            "SES did not send a mail, or its content was refused: look at the text before more of it goes out"
        );
    }
    Ok(heard)
}

/// What operators are told of mails whose delivery takes long: once a day and shop.
fn delayed(shop: &Shop, event: &Event, now: Timestamp) -> Notice {
    let (id, why) = (&shop.id, &event.detail);
    Notice::daily(
        &format!("delay#{id}"),
        text!("{id}: the delivery of mails takes long", "{id}:邮件投递延迟"),
        now,
    )
    .line(text!("A receiving server said: {why}", "收件服务器的答复:{why}"))
    .next(text!(
        "nothing for now: SES tries again for 14 hours. If it is one provider alone, look at its postmaster page and `renown domain check`",
        "暂时无需处理:SES 会在 14 小时内重试。若仅涉及一家邮箱服务商,请查看其 postmaster 页面并运行 `renown domain check`"
    ))
}

/// What operators are told of mails that SES did not send: once a day and shop.
fn not_sent(event: &Event, now: Timestamp) -> Notice {
    let shop = event.tags.shop.as_deref().unwrap_or("-");
    let why = &event.detail;
    Notice::daily(
        &format!("not-sent#{shop}"),
        text!("{shop}: SES did not send a mail, or its content was refused", "{shop}:SES 未发送邮件,或其内容被拒绝"),
        now,
    )
    .line(text!("What was said: {why}", "答复:{why}"))
    .next(text!(
        "look at the text before more of it goes out: `renown mail list`, `renown template list`; `renown pause --shop {shop}` stops it",
        "在继续发送之前检查正文:`renown mail list`、`renown template list`;`renown pause --shop {shop}` 可停止发送"
    ))
}

async fn shop_of(app: &MailApp, event: &Event) -> Result<Option<Shop>, Error> {
    let Some(id) = event.tags.shop.as_ref().and_then(|id| id.parse::<ShopId>().ok()) else { return Ok(None) };
    app.ledger.shop(&id).await
}

fn mail_of(event: &Event) -> Option<(ShopOrderId, Kind)> {
    Some((event.tags.order.as_ref()?.parse().ok()?, event.tags.kind.as_ref()?.parse().ok()?))
}

/// Suppresses an address if the event says so. Tells whether it was news.
async fn suppress(app: &MailApp, shop: Option<&Shop>, person: &Person, event: &Event) -> Result<bool, Error> {
    let reason = match event.effect {
        Effect::None | Effect::Alert => return Ok(false),
        Effect::Suppress(reason) => reason,
        Effect::Count => {
            let Some(shop) = shop else { return Ok(false) };
            let now = app.clock.now();
            let n = app.ledger.bounced_for_now(&shop.seller, person, &event.message, event.at, now).await?;
            if n < TRANSIENT_LIMIT {
                return Ok(false);
            }
            Reason::KeepsBouncing
        }
    };
    // Who unsubscribed left this seller's shops; what else is told holds for the whole account.
    let scope = match (reason, shop) {
        (Reason::Unsubscribed, Some(shop)) => Scope::Seller(shop.seller.clone()),
        _ => Scope::Account,
    };
    let entry = Suppression { reason, at: event.at, note: event.detail.clone() };
    let is_new = app.ledger.suppress(&scope, person, &entry).await?;
    if is_new {
        tracing::info!(scope = %scope, why = reason.name(), "address suppressed");
    }
    Ok(is_new)
}
