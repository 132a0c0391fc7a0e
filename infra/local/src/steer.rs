//! `renown pause`, `resume` and `mode`: who may send, changed in the table. A running
//! `renown up` heeds it with its next claim.

use std::io::Write;

use anyhow::bail;
use jiff::Timestamp;
use renown_core::control::{Cause, Control, Stop};
use renown_core::ids::SellerId;
use renown_io::app::App;
use serde_json::json;

use crate::world;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Stand still.
    Pause,
    /// Go on.
    Resume,
    /// Ask buyers.
    Live,
    /// Decide and show, and send nothing.
    Listen,
}

/// Fulfils a wish for one seller or, without one, for everything.
///
/// # Errors
///
/// If the seller is not known, or the table cannot be written.
pub async fn fulfil(
    app: &App,
    wish: Wish,
    seller: Option<&SellerId>,
    now: Timestamp,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let sellers = app.ledger.sellers().await?;
    if let Some(wanted) = seller
        && !sellers.iter().any(|known| known.id == *wanted)
    {
        let known: Vec<_> = sellers.iter().map(|known| format!("{} ({})", known.id, known.alias)).collect();
        bail!("no seller {wanted} is connected; connected are {}", known.join(", "));
    }
    match (wish, seller) {
        (Wish::Pause | Wish::Resume, _) => {
            let stop =
                (wish == Wish::Pause).then(|| Stop { since: now, cause: Cause::Person, note: String::new() });
            app.ledger
                .change_control(|control| match seller {
                    Some(seller) => control.sellers.entry(seller.clone()).or_default().stop.clone_from(&stop),
                    None => control.stop.clone_from(&stop),
                })
                .await?;
        }
        (Wish::Live, Some(seller)) => world::go_live(app, seller, now).await?,
        (Wish::Listen, Some(seller)) => world::listen(app, seller).await?,
        (Wish::Live | Wish::Listen, None) => bail!("a mode is set for one seller: name it with --seller"),
    }
    let control = app.ledger.control(now).await?;
    let control = control.control();
    let name = seller.map_or_else(String::new, |seller| format!(" --seller {seller}"));
    let done = match wish {
        Wish::Pause => format!("paused; `renown resume{name}` on this folder goes on"),
        Wish::Resume => format!("resumed{}", still_stopped(control, seller)),
        Wish::Live => format!("live: due orders are asked from now on{}", still_stopped(control, seller)),
        Wish::Listen => "listens: everything is shown and nothing is sent".to_owned(),
    };
    let whose = seller.map_or("everything", SellerId::as_str);
    if json {
        writeln!(out, "{}", json!({"seller_id": seller, "at": now, "done": done}))?;
    } else {
        writeln!(out, "{whose}: {done}")?;
    }
    Ok(())
}

/// What still stands still, so that nobody believes that it goes on.
fn still_stopped(control: &Control, seller: Option<&SellerId>) -> String {
    if seller.is_some() && control.stop.is_some() {
        return "; but everything is paused: `renown resume` goes on".to_owned();
    }
    let stopped = control.sellers.iter().filter(|(_, of_seller)| of_seller.stop.is_some());
    let stopped = stopped.filter(|(id, _)| seller.is_none_or(|seller| seller == *id));
    let names: Vec<_> = stopped.map(|(id, _)| id.as_str()).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("; but {} still stands still: `renown resume --seller` goes on", names.join(", "))
}
