//! Who may send, changed in the table. A running `renown up` heeds it with its next claim.

use jiff::Timestamp;
use renown_core::control::{Cause, Control, Stop};
use renown_core::ids::SellerId;
use renown_core::say::Text;
use renown_core::text;
use renown_io::app::App;

use crate::world;

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Stand still.
    Pause,
    /// Go on.
    Resume,
}

/// Pauses or resumes one seller or, without one, everything; tells what is so now.
///
/// # Errors
///
/// If the table cannot be written.
pub async fn fulfil(
    app: &App,
    wish: Wish,
    seller: Option<&SellerId>,
    now: Timestamp,
) -> anyhow::Result<Text> {
    let stop = (wish == Wish::Pause).then(|| Stop::new(Cause::Person, now));
    app.ledger
        .change_control(|control| match seller {
            Some(seller) => control.sellers.entry(seller.clone()).or_default().stop.clone_from(&stop),
            None => control.stop.clone_from(&stop),
        })
        .await?;
    let Text { en, zh } = match wish {
        Wish::Pause => {
            let named = seller.map_or_else(String::new, |seller| format!(" --seller {seller}"));
            text!("paused; `renown resume{named}` goes on", "已暂停;执行 `renown resume{named}` 可恢复")
        }
        Wish::Resume => {
            let Text { en, zh } = still_stopped(app.ledger.control(now).await?.control(), seller);
            text!("resumed{en}", "已恢复{zh}")
        }
    };
    Ok(match seller {
        Some(seller) => text!("{seller}: {en}", "{seller}:{zh}"),
        None => text!("everything: {en}", "全部:{zh}"),
    })
}

/// Lets a seller go live, and tells what is so now.
///
/// # Errors
///
/// If its secret or the table cannot be read or written.
pub async fn live(app: &App, seller: &SellerId, now: Timestamp) -> anyhow::Result<Text> {
    world::go_live(app, seller, now).await?;
    let Text { en, zh } = still_stopped(app.ledger.control(now).await?.control(), Some(seller));
    Ok(text!(
        "{seller}: live; due orders are asked from now on{en}",
        "{seller}:已进入运行模式;到期订单从现在起会被请求{zh}"
    ))
}

/// Lets a seller listen, and tells what is so now.
///
/// # Errors
///
/// If its secret or the table cannot be written.
pub async fn listen(app: &App, seller: &SellerId) -> anyhow::Result<Text> {
    world::listen(app, seller).await?;
    Ok(text!(
        "{seller}: listens; everything is shown and nothing is sent",
        "{seller}:监听模式;一切可见,不会发送"
    ))
}

/// What still stands still, so that nobody believes that it goes on.
fn still_stopped(control: &Control, seller: Option<&SellerId>) -> Text {
    if seller.is_some() && control.stop.is_some() {
        return text!(
            "; but everything is paused: `renown resume` goes on",
            ";但全部仍处于暂停:`renown resume` 可恢复"
        );
    }
    let stopped = control.sellers.iter().filter(|(_, of_seller)| of_seller.stop.is_some());
    let stopped = stopped.filter(|(id, _)| seller.is_none_or(|seller| seller == *id));
    let names: Vec<_> = stopped.map(|(id, _)| id.as_str()).collect();
    if names.is_empty() {
        return Text { en: String::new(), zh: String::new() };
    }
    let names = names.join(", ");
    text!(
        "; but {names} still stands still: `renown resume --seller` goes on",
        ";但 {names} 仍处于停止状态:`renown resume --seller` 可恢复"
    )
}
