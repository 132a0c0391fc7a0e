//! Who may send, changed in the table. A running `renown up` heeds it with its next claim.

use jiff::Timestamp;
use renown_core::control::{Cause, Control, Live, Stop};
use renown_core::ids::{SellerId, ShopId};
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

/// Pauses or resumes the mails of one shop, and tells what is so now. A brake that is there keeps
/// its cause when it is paused; released, it is not pulled again by what was counted until then.
///
/// # Errors
///
/// If the table cannot be written.
pub async fn fulfil_shop(app: &App, wish: Wish, shop: &ShopId, now: Timestamp) -> anyhow::Result<Text> {
    app.ledger
        .change_control(|control| match wish {
            Wish::Pause => {
                let stop = &mut control.shops.entry(shop.clone()).or_default().stop;
                stop.get_or_insert_with(|| Stop::new(Cause::Person, now));
            }
            Wish::Resume => drop(control.resume_shop(shop, now)),
        })
        .await?;
    if wish == Wish::Pause {
        return Ok(text!(
            "{shop}: paused, no mail leaves; `renown resume --shop {shop}` goes on",
            "{shop}:已暂停,不会发送邮件;执行 `renown resume --shop {shop}` 可恢复"
        ));
    }
    let Text { en, zh } = shop_still_stopped(app.ledger.control(now).await?.control(), shop);
    Ok(text!("{shop}: resumed{en}", "{shop}:已恢复{zh}"))
}

/// Pauses or resumes the mails of all shops: the account's own brake. Tells what is so now.
///
/// # Errors
///
/// If the table cannot be written.
pub async fn fulfil_mails(app: &App, wish: Wish, now: Timestamp) -> anyhow::Result<Text> {
    app.ledger
        .change_control(|control| match wish {
            Wish::Pause => drop(control.mails.get_or_insert_with(|| Stop::new(Cause::Person, now)).clone()),
            Wish::Resume => drop(control.resume_mails(now)),
        })
        .await?;
    if wish == Wish::Pause {
        return Ok(text!(
            "mails of all shops: paused; `renown resume --mails` goes on",
            "所有店铺的邮件:已暂停;执行 `renown resume --mails` 可恢复"
        ));
    }
    let reading = app.ledger.control(now).await?;
    let control = reading.control();
    let names: Vec<_> =
        control.shops.iter().filter(|(_, part)| part.stop.is_some()).map(|(id, _)| id.as_str()).collect();
    let Text { en, zh } = match (&control.stop, names.is_empty()) {
        (Some(_), _) => all_paused(),
        (None, true) => text!("", ""),
        (None, false) => {
            let names = names.join(", ");
            text!(
                "; but {names} still stands still: `renown resume --shop` goes on",
                ";但 {names} 仍处于停止状态:`renown resume --shop` 可恢复"
            )
        }
    };
    Ok(text!("mails of all shops: resumed{en}", "所有店铺的邮件:已恢复{zh}"))
}

/// Lets a shop go live, and tells what is so now. One that is live already stays so since then.
///
/// # Errors
///
/// If the table cannot be written.
pub async fn shop_live(app: &App, shop: &ShopId, now: Timestamp) -> anyhow::Result<Text> {
    app.ledger
        .change_control(|control| {
            control.shops.entry(shop.clone()).or_default().live.get_or_insert(Live { since: now });
        })
        .await?;
    let Text { en, zh } = shop_still_stopped(app.ledger.control(now).await?.control(), shop);
    Ok(text!("{shop}: live; mails leave when they fall due{en}", "{shop}:已进入运行模式;邮件到期时发送{zh}"))
}

/// Lets a shop listen, and tells what is so now.
///
/// # Errors
///
/// If the table cannot be written.
pub async fn shop_listen(app: &App, shop: &ShopId) -> anyhow::Result<Text> {
    app.ledger.change_control(|control| control.shops.entry(shop.clone()).or_default().live = None).await?;
    Ok(text!(
        "{shop}: listens; orders are taken in and no mail leaves",
        "{shop}:监听模式;接收订单,不发送邮件"
    ))
}

/// What keeps a shop's mails from leaving, so that nobody believes that they do.
fn shop_still_stopped(control: &Control, shop: &ShopId) -> Text {
    if control.stop.is_some() {
        return all_paused();
    }
    if control.mails.is_some() {
        return text!(
            "; but the mails of all shops stand still: `renown resume --mails` goes on",
            ";但所有店铺的邮件仍处于停止状态:`renown resume --mails` 可恢复"
        );
    }
    if control.shop_stop(shop).is_some() {
        return text!(
            "; but it still stands still: `renown resume --shop {shop}` goes on",
            ";但仍处于停止状态:`renown resume --shop {shop}` 可恢复"
        );
    }
    text!("", "")
}

fn all_paused() -> Text {
    text!("; but everything is paused: `renown resume` goes on", ";但全部仍处于暂停:`renown resume` 可恢复")
}

/// What still stands still, so that nobody believes that it goes on.
fn still_stopped(control: &Control, seller: Option<&SellerId>) -> Text {
    if seller.is_some() && control.stop.is_some() {
        return all_paused();
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
