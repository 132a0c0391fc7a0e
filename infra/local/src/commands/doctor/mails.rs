//! The mails of shops: may they leave, and do they?

use jiff::SignedDuration;
use renown_core::mail::{Shop, State as MailState};
use renown_core::say::{Lang, Text};
use renown_core::text;
use renown_io::secrets;

use super::{Finding, State, does_it_run};
use crate::commands::mail::outbox;
use crate::desk::Open;
use crate::events;
use crate::told::tell;

/// Due mails wait this long at most when they are sent: a backlog and the quota aside.
const LAG: SignedDuration = SignedDuration::from_mins(30);

/// Looks at every shop, and at SES where there is one.
///
/// # Errors
///
/// If the table does not answer.
pub(super) async fn of_shops(open: &Open, findings: &mut Vec<Finding>) -> anyhow::Result<()> {
    let mut shops = Vec::new();
    for shop in open.app.ledger.all_shops().await? {
        match shop {
            Ok(shop) => shops.push(shop),
            Err(error) => findings.push(Finding {
                check: "table",
                seller: None,
                state: State::Wrong,
                text: renown_io::say::table(&error),
            }),
        }
    }
    // Asked only where something was made with them: asking would make them.
    if open.app.ledger.mail_keys_mark().await?.is_some()
        && let Err(error) = open.mail_keys().await
    {
        let text = Text { en: tell(&error, Lang::En), zh: tell(&error, Lang::Zh) };
        findings.push(Finding { check: "mail_keys", seller: None, state: State::Wrong, text });
    }
    for shop in &shops {
        let name = shop.id.to_string();
        for (check, (state, text)) in of_shop(open, shop).await? {
            findings.push(Finding { check, seller: Some(name.clone()), state, text });
        }
    }
    if !shops.is_empty()
        && open.place.aws().is_some()
        && let Ok(outbox) = outbox(open)
    {
        let (state, text) = ses(outbox.quota().await);
        findings.push(Finding { check: "ses", seller: None, state, text });
    }
    Ok(())
}

type Found = (&'static str, (State, Text));

async fn of_shop(open: &Open, shop: &Shop) -> anyhow::Result<Vec<Found>> {
    let mut found = vec![("webhook_secret", webhook_secret(open, shop).await)];
    let reading = open.app.ledger.control(open.now).await?;
    let control = reading.control();
    let is_live = control.shop_live_since(&shop.id).is_some();
    if let Some(stop) = control.shop_stop(&shop.id) {
        let Text { en, zh } = events::stopped(stop);
        found.push(("mails", (State::Warn, text!("no mail leaves: {en}", "不发送邮件:{zh}"))));
    } else if is_live {
        found.push(("mails", lag(open, shop).await?));
    } else {
        found.push(("mails", (State::Ok, text!("listens; no mail is sent", "监听模式,不发送邮件"))));
    }
    let (mut held, mut unclear) = (0_u64, 0_u64);
    let each = open.app.ledger.each_shop_order(&shop.id, |order| {
        for mail in order.iter().flat_map(|order| order.mails.values()) {
            held += u64::from(matches!(mail.state, MailState::Held { .. }));
            unclear += u64::from(matches!(mail.state, MailState::Unknown { .. }));
        }
    });
    each.await?;
    let id = &shop.id;
    if held > 0 {
        found.push((
            "held_mails",
            (
                State::Warn,
                text!(
                    "{held} mails wait for a person: `renown mail list --shop {id} --state held` says why",
                    "有 {held} 封邮件等待人工处理:`renown mail list --shop {id} --state held` 说明原因"
                ),
            ),
        ));
    }
    if unclear > 0 {
        found.push((
            "unclear_mails",
            (
                State::Warn,
                text!(
                    "{unclear} mails are of unclear fate and are not sent again; do the events of SES arrive?",
                    "有 {unclear} 封邮件结果不明,不会重发;是否收得到 SES 事件?"
                ),
            ),
        ));
    }
    Ok(found)
}

async fn webhook_secret(open: &Open, shop: &Shop) -> (State, Text) {
    let id = &shop.id;
    match open.app.secrets.hooks(id).await {
        Ok(_) => (State::Ok, text!("the secret of its webhooks is there", "Webhook 密钥存在")),
        Err(secrets::Error::NotFound { .. }) => (
            State::Wrong,
            text!(
                "it has no secret for webhooks, so all of them are refused: `renown shop secret {id}`",
                "没有 Webhook 密钥,所有 Webhook 都会被拒绝:`renown shop secret {id}`"
            ),
        ),
        Err(error) => (State::Wrong, renown_io::say::secret(&error)),
    }
}

async fn lag(open: &Open, shop: &Shop) -> anyhow::Result<(State, Text)> {
    let first = open.app.ledger.due_mails(&shop.id, open.now, 1).await?.into_iter().next();
    let waits = first.map_or(SignedDuration::ZERO, |(since, _)| open.now.duration_since(since));
    let minutes = waits.as_mins();
    if waits <= LAG {
        return Ok((
            State::Ok,
            text!(
                "no due mail waits longer than it should ({minutes} minutes)",
                "没有到期邮件等待过久({minutes} 分钟)"
            ),
        ));
    }
    let Text { en, zh } = does_it_run(&open.place);
    Ok((
        State::Wrong,
        text!(
            "the longest due mail waits for {minutes} minutes; {en}",
            "最久的到期邮件已等待 {minutes} 分钟;{zh}"
        ),
    ))
}

/// What SES lets the account send.
fn ses(quota: Result<renown_io::mail::Quota, String>) -> (State, Text) {
    match quota {
        Err(why) => (
            State::Wrong,
            text!(
                "SES does not tell what may be sent ({why}); nothing is sent meanwhile",
                "SES 未返回可发送的额度({why});期间不发送"
            ),
        ),
        Ok(quota) if !quota.is_enabled => (
            State::Wrong,
            text!(
                "SES has paused sending for the account: look at the SES console (reputation), then let it review the account",
                "SES 已暂停该账户的发送:请查看 SES 控制台的信誉页面,并申请复核"
            ),
        ),
        Ok(renown_io::mail::Quota { per_second, left, .. }) => match left {
            Some(0) => (
                State::Warn,
                text!(
                    "the quota of SES for 24 hours is used up: mails wait; ask SES for a higher one",
                    "SES 的 24 小时额度已用完:邮件等待中;可向 SES 申请提高额度"
                ),
            ),
            Some(left) => (
                State::Ok,
                text!(
                    "SES sends: {per_second} mails a second, {left} left for these 24 hours",
                    "SES 可发送:每秒 {per_second} 封,24 小时内还可发 {left} 封"
                ),
            ),
            None => (
                State::Ok,
                text!("SES sends: {per_second} mails a second", "SES 可发送:每秒 {per_second} 封"),
            ),
        },
    }
}
