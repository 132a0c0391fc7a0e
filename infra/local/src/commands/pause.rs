//! `renown pause` and `renown resume`.

use clap::Args;
use serde_json::json;

use crate::desk::Desk;
use crate::steer::{self, Wish};

/// One seller, or everything.
#[derive(Debug, Args)]
pub struct PauseArgs {
    /// One seller: its id or alias; without it, everything.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
}

/// Runs `renown pause` or `renown resume`.
///
/// # Errors
///
/// If there is no shop or no such seller, or its table cannot be written.
pub async fn run(desk: &mut Desk<'_>, wish: Wish, args: PauseArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let seller = match &args.seller {
        Some(named) => Some(open.seller(Some(named)).await?.id),
        None => None,
    };
    let done = steer::fulfil(&open.app, wish, seller.as_ref(), open.now).await?;
    desk.json(&json!({"seller_id": seller, "at": open.now, "done": desk.style.say(&done)}))?;
    desk.say(&done)
}
