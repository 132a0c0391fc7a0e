//! The address of a chat, and what its requests are signed with.

use renown_core::notice::{Channel, Target};
use renown_core::say::Text;
use renown_core::text;
use renown_io::mail::new_hook_secret;
use renown_io::push::{Hook, check};
use renown_io::secrets::{Error, Secret};

use crate::commands::connect::authorisation::secret;
use crate::desk::{Desk, Open};
use crate::refuse;
use crate::told::Trouble;

/// What an operator reads of a channel.
pub(super) fn channel_text(channel: &Channel) -> Text {
    let name = match channel {
        Channel::Mail { .. } => return text!("mail", "邮件"),
        Channel::Wecom => return text!("WeCom", "企业微信"),
        Channel::Dingtalk => return text!("DingTalk", "钉钉"),
        Channel::Feishu => return text!("Feishu/Lark", "飞书/Lark"),
        Channel::Slack => "Slack",
        Channel::Teams => "Teams",
        Channel::Webhook => "webhook",
    };
    text!("{name}", "{name}")
}

/// A target keeps its kind: what was set for one is wrong for the other.
///
/// # Errors
///
/// If there is a target of that name that is told in another way, or the table does not answer.
pub(super) async fn refuse_another_kind(open: &Open, name: &str, channel: &Channel) -> anyhow::Result<()> {
    let targets = open.app.ledger.targets().await?;
    let Some(Target { channel: before, .. }) = targets.into_iter().find(|target| target.name == name) else {
        return Ok(());
    };
    if std::mem::discriminant(&before) == std::mem::discriminant(channel) {
        return Ok(());
    }
    let (Text { en: was, zh: was_zh }, Text { en, zh }) = (channel_text(&before), channel_text(channel));
    refuse!(
        "{name} is told by {was} and not by {en}; nothing was changed: take another name, or `renown notify remove {name}` first",
        "{name} 目前通过{was_zh}通知,而不是{zh};未作改动:请换一个名称,或先运行 `renown notify remove {name}`"
    );
}

/// How a chat is called from now on.
pub(super) struct Called {
    /// Its address and what its requests are signed with.
    pub(super) hook: Hook,
    /// The secret, where it was made just now.
    pub(super) made: Option<Secret>,
    /// What else is to be known of the secret.
    pub(super) note: Option<Text>,
}

/// Asks how a chat is called. What a webhook is signed with stays, unless another is given.
///
/// # Errors
///
/// If the address cannot work, or something is not given.
pub(super) async fn called(
    desk: &mut Desk<'_>,
    open: &Open,
    target: &Target,
    is_signed: bool,
) -> anyhow::Result<Called> {
    let Target { name, channel, .. } = target;
    let url = secret(desk, "RENOWN_NOTIFY_URL", &text!("address", "地址"))?;
    if let Err(Text { en, zh }) = check(channel, url.expose()) {
        return Err(Trouble::usage(text!("{name} cannot be told: {en}", "无法通知 {name}:{zh}")).into());
    }
    if is_signed {
        let given = secret(desk, "RENOWN_NOTIFY_SECRET", &text!("secret it signs with", "签名密钥"))?;
        return Ok(Called { hook: Hook { url, secret: Some(given) }, made: None, note: None });
    }
    let before = match open.app.secrets.hook_of_target(name).await {
        Ok(hook) => hook.secret,
        Err(Error::NotFound { .. } | Error::Unreadable { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    if *channel != Channel::Webhook {
        let note = before.map(|_| {
            text!(
                "! Requests to it are no longer signed, as they were before: if its robot checks signatures, say it again with --signed",
                "! 发往它的请求不再签名(此前有签名):如机器人启用了加签,请加 --signed 重新设置"
            )
        });
        return Ok(Called { hook: Hook { url, secret: None }, made: None, note });
    }
    if before.is_some() {
        let note = Some(text!(
            "Requests to it are signed with the same secret as before; --signed takes another",
            "发往它的请求仍使用原来的签名密钥;--signed 可改用另一个"
        ));
        return Ok(Called { hook: Hook { url, secret: before }, made: None, note });
    }
    let made = new_hook_secret();
    Ok(Called { hook: Hook { url, secret: made.clone() }, made, note: None })
}
