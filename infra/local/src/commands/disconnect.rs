//! `renown disconnect`: a seller is left alone.

use clap::Args;
use renown_core::say::Text;
use renown_core::text;
use renown_io::secrets::Scope;
use renown_io::spapi::{self, Caller, NotificationType, SpApi};
use serde_json::json;

use crate::commands::connect::step;
use crate::commands::import::NOT_CONNECTED;
use crate::desk::Desk;
use crate::steer;

/// Disconnect a seller: no more calls, subscriptions ended, secrets deleted; its orders stay.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  renown disconnect --seller A1MORNINGHOME")]
pub struct DisconnectArgs {
    /// The seller: its id or alias.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// Without being asked again.
    #[arg(long)]
    yes: bool,
}

/// Runs `renown disconnect`.
///
/// # Errors
///
/// If there is no such seller, nobody says yes, or something cannot be written. That Amazon does
/// not answer is told and no error: the secrets are deleted all the same.
pub async fn run(desk: &mut Desk<'_>, args: DisconnectArgs) -> anyhow::Result<()> {
    let open = desk.open_to_call().await?;
    let mut seller = open.seller(args.seller.as_deref()).await?;
    let alias = seller.alias.clone();
    if seller.app.as_str() == NOT_CONNECTED {
        desk.json(&json!({"seller_id": seller.id, "disconnected": false}))?;
        return desk.say(&text!(
            "{alias} was not connected: there is nothing to disconnect, and no secret of it is here. `renown erase --seller` forgets it and its orders.",
            "{alias} 并未连接:无需断开,此处也没有它的密钥。`renown erase --seller` 可抹除该卖家及其订单。"
        ));
    }
    desk.confirm(
        &text!(
            "{alias} will no longer be asked for or read. Disconnect?",
            "{alias} 将不再请求或读取。断开连接?"
        ),
        args.yes,
    )?;
    steer::listen(&open.app, &seller.id).await?;
    if let Ok(credentials) = open.app.secrets.seller(Scope::Listen, &seller.id).await {
        let caller = Caller { seller: seller.id.clone(), region: seller.region, credentials };
        for kind in NotificationType::ALL.into_iter().filter(|_| seller.notified_since.is_some()) {
            let name = kind.name();
            match unsubscribe(&open.app.spapi, &caller, kind).await {
                Ok(()) => step(desk, &text!("{name}: no longer subscribed", "{name}:已取消订阅"))?,
                Err(error) => {
                    let Text { en, zh } = renown_io::say::call(&error);
                    step(
                        desk,
                        &text!(
                            "! {name}: {en}; it ends with the authorisation",
                            "! {name}:{zh};授权撤销后随之结束"
                        ),
                    )?;
                }
            }
        }
    }
    open.app.secrets.remove(Scope::Live, &seller.id).await?;
    open.app.secrets.remove(Scope::Listen, &seller.id).await?;
    seller.app = NOT_CONNECTED.parse()?;
    seller.notified_since = None;
    seller.subscriptions.clear();
    open.app.ledger.put_seller(&seller).await?;
    let id = &seller.id;
    desk.json(&json!({"seller_id": id, "disconnected": true}))?;
    desk.say(&text!(
        "{alias} is disconnected and its secrets are deleted. Withdraw the authorisation in Seller Central as well (Manage Your Apps). Its orders stay here until they expire; copies made before (exports, backups) keep what they held.",
        "{alias} 已断开,密钥已删除。请同时在卖家平台撤销授权(管理您的应用)。其订单仍保留在此直至过期;此前的副本(导出、备份)仍含有当时的内容。"
    ))
}

async fn unsubscribe(spapi: &SpApi, caller: &Caller, kind: NotificationType) -> Result<(), spapi::Error> {
    let Some(subscription) = spapi.subscription(caller, kind).await? else { return Ok(()) };
    spapi.delete_subscription(&caller.app(), kind, &subscription.id).await
}
