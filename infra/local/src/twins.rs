//! One Amazon account here under two ids: every order would be there twice (promise P1).
//!
//! Amazon never tells a merchant token, so what `--seller` says is believed. What can be compared
//! is: the names of the store, and the orders themselves.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use renown_core::ids::{OrderId, SellerId};
use renown_core::marketplace::MarketplaceId;
use renown_core::order::Order;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::app::App;
use renown_io::ledger::{Error, Ledger};
use renown_io::secrets::Scope;

use crate::commands::import::NOT_CONNECTED;
use crate::desk::Desk;
use crate::refuse;

/// Orders that are looked up under the other sellers: the newest, which two connections of one
/// account share. One `BatchGetItem` for each other seller.
const LOOKED_UP: usize = 100;

/// Refuses a seller whose store has the name of another connected seller's in the same
/// marketplace.
///
/// # Errors
///
/// If it has, or the table does not answer.
pub(crate) async fn refuse_same_store(
    ledger: &Ledger,
    id: &SellerId,
    store_names: &BTreeMap<MarketplaceId, String>,
) -> anyhow::Result<()> {
    let others = ledger.sellers().await?;
    for other in others.iter().filter(|other| other.id != *id && is_connected(other)) {
        let same = |(at, name): &(&MarketplaceId, &String)| other.store_names.get(at) == Some(name);
        let Some((at, name)) = store_names.iter().find(same) else { continue };
        let (alias, other, country) = (&other.alias, &other.id, at.info().country);
        refuse!(
            "the store {name:?} in {country} is that of {alias} ({other}), which is connected already: compare both merchant tokens with Account Info in Seller Central; if {other} is the wrong one, `renown disconnect --seller {other}` first; if it really is another account, add --another-account",
            "{country} 的店铺 {name:?} 属于已连接的 {alias}({other}):请与卖家平台“账户信息”核对两个卖家记号;若 {other} 有误,请先执行 `renown disconnect --seller {other}`;若确实是另一个账户,请加 --another-account"
        );
    }
    Ok(())
}

/// Refuses to let a seller go live whose newest orders are known under another one too.
///
/// # Errors
///
/// If they are, with the way on; or if the table does not answer.
pub(crate) async fn refuse_twin(ledger: &Ledger, seller: &Seller) -> anyhow::Result<()> {
    let Some(Twin { seller: other, orders }) = find(ledger, seller).await? else { return Ok(()) };
    let (id, alias, other_id) = (&seller.id, &other.alias, &other.id);
    if is_connected(&other) {
        refuse!(
            "the same Amazon account is here twice: {orders} of the newest orders of {id} are known under {alias} ({other_id}) too; compare both merchant tokens with Account Info in Seller Central, `renown disconnect --seller` the wrong one and run this again",
            "同一亚马逊账户在此出现了两次:{id} 的最新订单中有 {orders} 个也属于 {alias}({other_id});请与卖家平台“账户信息”核对两个卖家记号,用 `renown disconnect --seller` 断开有误的一个,再重新执行"
        );
    }
    refuse!(
        "{orders} of the newest orders of {id} are known under {alias} ({other_id}) too, which is not connected: `renown mode live --seller {id} --take-over` carries over who was asked there or never is to be, and erases {other_id}",
        "{id} 的最新订单中有 {orders} 个也属于未连接的 {alias}({other_id}):`renown mode live --seller {id} --take-over` 会带过来那里已请求和永不请求的标记,并抹除 {other_id}"
    );
}

/// Lets a seller take over from every other that has its orders and is not connected; tells from how
/// many.
///
/// # Errors
///
/// If nobody says yes, an order is being asked there, or the table does not answer. It may be run
/// again.
pub(crate) async fn take_over(
    desk: &mut Desk<'_>,
    app: &App,
    seller: &Seller,
    yes: bool,
    now: Timestamp,
) -> anyhow::Result<usize> {
    let mut sellers = 0;
    while let Some(Twin { seller: other, .. }) =
        find(&app.ledger, seller).await?.filter(|twin| !is_connected(&twin.seller))
    {
        let (id, other, alias) = (&seller.id, &other.id, &other.alias);
        desk.confirm(
            &text!(
                "{id} takes over from {alias} ({other}), which is erased, its rules included. Go on?",
                "{id} 将接管 {alias}({other});后者连同其规则会被抹除。继续?"
            ),
            yes,
        )?;
        let n = app.ledger.take_over(other, id, now).await?;
        if app.ledger.forget_seller(other, now).await?.is_none() {
            refuse!(
                "an order of {other} is being asked at this moment; run the same command again in a few minutes",
                "{other} 有订单正在请求中;请几分钟后再次执行同一命令"
            );
        }
        app.secrets.remove(Scope::Live, other).await?;
        app.secrets.remove(Scope::Listen, other).await?;
        desk.say(&text!(
            "{id} has taken over from {other}: {n} orders were asked there or never are to be",
            "{id} 已接管 {other}:其中 {n} 个订单已请求或永不请求"
        ))?;
        sellers += 1;
    }
    Ok(sellers)
}

/// A seller under whose id orders of another are known too.
struct Twin {
    seller: Seller,
    /// How many of those that were looked up.
    orders: usize,
}

async fn find(ledger: &Ledger, seller: &Seller) -> Result<Option<Twin>, Error> {
    let mut newest: BTreeSet<(Timestamp, OrderId)> = BTreeSet::new();
    ledger
        .each_order(&seller.id, |stored| {
            let Ok(stored) = stored else { return };
            newest.insert((begun(&stored.order), stored.order.id));
            if newest.len() > LOOKED_UP {
                newest.pop_first();
            }
        })
        .await?;
    let ids: Vec<OrderId> = newest.into_iter().map(|(_, id)| id).collect();
    let shares = |other: &Seller| {
        other.id != seller.id
            && (other.marketplaces.is_empty()
                || other.marketplaces.iter().any(|at| seller.marketplaces.contains(at)))
    };
    for other in ledger.sellers().await?.into_iter().filter(shares) {
        let orders = ledger.copies(std::slice::from_ref(&other.id), &ids).await?.len();
        if orders > 0 {
            return Ok(Some(Twin { seller: other, orders }));
        }
    }
    Ok(None)
}

/// When an order was placed, or first heard of.
fn begun(order: &Order) -> Timestamp {
    let heard = || order.trail.entries().first().map(|entry| entry.at);
    order.facts.purchased_at.or_else(heard).unwrap_or(Timestamp::MIN)
}

fn is_connected(seller: &Seller) -> bool {
    seller.app.as_str() != NOT_CONNECTED
}
