//! `renown never ORDER`: take one order out, for one of the neutral reasons there are.

use clap::{Args, ValueEnum};
use renown_core::ids::OrderId;
use renown_core::order::Skipped;
use renown_core::say::{self, Lang};
use renown_core::text;
use serde_json::json;

use crate::commands::ask::{change_each, refused};
use crate::desk::Desk;
use crate::told::{Trouble, tell};

/// Never ask for one order. The reasons are a closed list: none of them is how the buyer feels.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  renown never 302-1234567-1234567 --reason own-order")]
pub struct NeverArgs {
    /// The order, as Amazon writes it.
    #[arg(value_name = "ORDER")]
    order: OrderId,
    /// Why.
    #[arg(long, value_name = "REASON")]
    reason: Reason,
}

/// Why an order is never to be asked.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Reason {
    /// Ordered by your own people, or for a test.
    OwnOrder,
    /// A court, an authority or Amazon demands no contact.
    Legal,
    /// The buyer asked not to be contacted at all.
    NoContact,
}

/// Runs `renown never`.
///
/// # Errors
///
/// If the order is not known or has ended, or the table does not answer.
pub async fn run(desk: &mut Desk<'_>, args: NeverArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let (id, why) = (
        args.order,
        match args.reason {
            Reason::OwnOrder => Skipped::NeverOwnOrder,
            Reason::Legal => Skipped::NeverLegal,
            Reason::NoContact => Skipped::NeverContact,
        },
    );
    let told = change_each(&open, &id, async |stored, now| {
        let mut after = stored.order.clone();
        after.never(why, now).map_err(|why| Trouble::new(refused(&id, why)))?;
        Ok((after, ()))
    })
    .await?;
    let (en, zh) = (say::skipped(Lang::En, why), say::skipped(Lang::Zh, why));
    let sellers: Vec<_> = told.iter().filter(|(_, done)| done.is_ok()).map(|(seller, _)| seller).collect();
    desk.json(&json!({"order_id": id, "reason": why.code(), "seller_ids": sellers}))?;
    let lang = desk.style.lang;
    for (seller, done) in &told {
        match done {
            Ok(()) if told.len() == 1 => desk.say(&text!("{id}: {en}", "{id}:{zh}"))?,
            Ok(()) => desk.say(&text!("{id} of {seller}: {en}", "{seller} 的 {id}:{zh}"))?,
            Err(error) => {
                let said = tell(error, lang);
                desk.say(&text!("! {seller}: {said}", "! {seller}:{said}"))?;
            }
        }
    }
    Ok(())
}
