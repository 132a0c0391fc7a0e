//! `renown pause` and `renown resume`.

use clap::Args;
use serde_json::json;

use crate::desk::Desk;
use crate::steer::{self, Wish};

/// One seller, one shop, the mails of all shops, or everything.
#[derive(Debug, Args)]
pub struct PauseArgs {
    /// One seller: its id or alias; without it, everything.
    #[arg(long, value_name = "SELLER", conflicts_with_all = ["shop", "mails"])]
    seller: Option<String>,
    /// The mails of one shop of your own.
    #[arg(long, value_name = "SHOP", conflicts_with = "mails")]
    shop: Option<String>,
    /// The mails of all shops: the brake of the whole account.
    #[arg(long)]
    mails: bool,
}

/// Runs `renown pause` or `renown resume`.
///
/// # Errors
///
/// If there is no shop, or no such seller or shop, or its table cannot be written.
pub async fn run(desk: &mut Desk<'_>, wish: Wish, args: PauseArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    if let Some(named) = &args.shop {
        let shop = open.shop(Some(named)).await?.id;
        let done = steer::fulfil_shop(&open.app, wish, &shop, open.now).await?;
        desk.json(&json!({"shop_id": shop, "at": open.now, "done": desk.style.say(&done)}))?;
        return desk.say(&done);
    }
    if args.mails {
        let done = steer::fulfil_mails(&open.app, wish, open.now).await?;
        desk.json(&json!({"mails": true, "at": open.now, "done": desk.style.say(&done)}))?;
        return desk.say(&done);
    }
    let seller = match &args.seller {
        Some(named) => Some(open.seller(Some(named)).await?.id),
        None => None,
    };
    let done = steer::fulfil(&open.app, wish, seller.as_ref(), open.now).await?;
    desk.json(&json!({"seller_id": seller, "at": open.now, "done": desk.style.say(&done)}))?;
    desk.say(&done)
}
