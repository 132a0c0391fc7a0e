//! Stops a seller, or the account, whose mails bounce or are called spam too often.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use renown_core::case::{Kind, Signal, Subject};
use renown_core::event::Event;
use renown_core::ids::SellerId;
use renown_core::mail::Shop;
use renown_core::mail::brake::{Counts, Of, pull};
use renown_core::notice::Notice;
use renown_core::push::Severity;
use renown_core::say::Text;
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::bus::raise;
use renown_io::ledger::Error;

/// Looks at the last seven days of a shop's seller and of the account, and pulls the brake where
/// they are bad. Pulled again it stays as it is. Where a person released it meanwhile, only the
/// days after that one count: the same old counts would pull it again with the next bounce.
///
/// # Errors
///
/// If the table does not answer; the next event judges again.
pub async fn judge(app: &MailApp, shop: &Shop) -> Result<(), Error> {
    let now = app.clock.now();
    let shops = app.ledger.shops().await?;
    let reading = app.ledger.control(now).await?;
    let control = reading.control();
    let theirs: Vec<_> =
        shops.iter().filter(|other| other.seller == shop.seller).map(|other| other.id.clone()).collect();
    let of_seller = app.ledger.mail_counts(&shop.seller, control.released(&theirs), now).await?;
    if let Some((cause, note)) = pull(Of::Seller, of_seller) {
        let seller = &shop.seller;
        tracing::error!(seller.id = %shop.seller, why = note.en, "the brake is pulled: no mail leaves the seller's shops until a person resumes");
        app.ledger.stop_shops(&theirs, cause, &note, now).await?;
        app.bus.publish(vec![Event::BrakePulled { seller: Some(seller.clone()), cause, at: now }]).await;
        let day = now.to_zoned(TimeZone::UTC).date().to_string();
        let kind = Kind::Brake { cause };
        let signal = Signal::new(seller.clone(), Subject::Mails, kind, &day, (now, now)).noting(note);
        raise(&app.ledger, &app.bus, &[signal]).await?;
    }
    let sellers: BTreeSet<&SellerId> = shops.iter().map(|shop| &shop.seller).collect();
    let mut all = Counts::default();
    for seller in sellers {
        all = all.and(app.ledger.mail_counts(seller, control.mails_released, now).await?);
    }
    if let Some((cause, note)) = pull(Of::Account, all) {
        tracing::error!(why = note.en, "the brake is pulled: no mail leaves any shop until a person resumes");
        app.ledger.stop_mails(cause, &note, now).await?;
        app.bus.publish(vec![Event::BrakePulled { seller: None, cause, at: now }]).await;
        app.ledger.tell(&pulled(note, now)).await?;
    }
    Ok(())
}

/// What operators are told of a brake of all shops: it is no seller's case alone.
fn pulled(why: Text, now: Timestamp) -> Notice {
    let title = text!("mails of every shop stand still", "所有店铺的邮件已停止");
    let mut notice = Notice::daily("brake#account", title, now)
        .line(why)
        .line(text!(
            "No mail leaves until a person resumes: so many bounces or complaints cost the account its right to send.",
            "在人工恢复之前不会发送任何邮件:退信或投诉过多会使账户失去发送权限。"
        ))
        .next(text!(
            "look at where the addresses come from, take the bad ones out (`renown suppress import`), then `renown resume --mails`",
            "检查这些地址的来源,剔除无效地址(`renown suppress import`),然后执行 `renown resume --mails`"
        ));
    notice.severity = Severity::Urgent;
    notice
}
