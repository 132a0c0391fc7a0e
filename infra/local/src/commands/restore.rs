//! `renown restore DIR`: a copy becomes a shop again, in which every seller listens.

use std::path::PathBuf;

use clap::Args;
use renown_core::text;
use serde_json::json;

use crate::backup;
use crate::desk::Desk;
use crate::place::Place;

/// Read a copy back into a new or empty data folder, or into a new stack on AWS. Every seller and
/// shop listens, and secrets have to be connected again.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown restore ~/copies/2026-10-07 --data .renown/again\n  renown restore ~/copies/2026-10-07 --aws eu-central-1"
)]
pub struct RestoreArgs {
    /// The folder that `renown export` wrote.
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Runs `renown restore`.
///
/// # Errors
///
/// If the copy is damaged or of a version that is not known: then nothing was written. Or if the
/// data folder or the stack holds something, or cannot be written.
pub async fn run(desk: &mut Desk<'_>, args: RestoreArgs) -> anyhow::Result<()> {
    let copy = backup::check(&args.dir).await?;
    let counter = desk.counter();
    let tell = |items| counter.show(items);
    if desk.aws.is_none() {
        backup::restore(&copy, &desk.data, tell).await?;
    }
    let open = desk.open().await?;
    if let Place::Aws(aws) = &open.place {
        backup::restore_to_stack(&copy, aws, &open.app.ledger, tell).await?;
    }
    drop(counter);
    let sellers = open.app.ledger.sellers().await?;
    let shops = open.app.ledger.shops().await?;
    let shop_ids: Vec<_> = shops.iter().map(|shop| shop.id.as_str()).collect();
    let n_of = |file: &str| copy.manifest.files.get(file).map_or(0, |listed| listed.items);
    let (items, orders, n_sellers) = (copy.manifest.items, n_of("orders.jsonl"), sellers.len());
    let ids: Vec<_> = sellers.iter().map(|seller| seller.id.as_str()).collect();
    desk.json(
        &json!({"data": open.place.to_string(), "from": copy.manifest.at, "items": items, "orders": orders,
        "sellers": ids, "shops": shop_ids, "listening": true, "secrets": 0}),
    )?;
    let (at, shown) = (desk.style.moment(copy.manifest.at), &open.place);
    desk.say(&text!(
        "{items} items of {at} restored to {shown}, among them {orders} orders of {n_sellers} sellers",
        "已将 {at} 的 {items} 个条目恢复到 {shown},其中有 {n_sellers} 个卖家的 {orders} 个订单"
    ))?;
    for seller in &sellers {
        let (id, alias) = (&seller.id, &seller.alias);
        desk.say(&text!(
            "  {alias} {id}: listens, nothing is sent; a pause is still a pause",
            "  {alias} {id}:监听模式,不会发送;原有的暂停仍然有效"
        ))?;
    }
    for shop in &shops {
        let (id, name) = (&shop.id, &shop.name);
        desk.say(&text!(
            "  shop {id} ({name}): listens, no mail leaves",
            "  店铺 {id}({name}):监听模式,不会发送邮件"
        ))?;
    }
    desk.say(&text!(
        "! Before a seller goes live here, stop the shop that was copied for good: two that do not know of each other would both ask for what was open then.",
        "! 卖家在此进入运行模式之前,请先永久停止被复制的那个店铺:互不知情的两份会各自请求当时未完成的订单。"
    ))?;
    desk.say(&text!(
        "No secret was in the copy: connect each seller again with `renown connect`, then `renown mode live --seller SELLER`.",
        "副本中不含密钥:请用 `renown connect` 重新连接每个卖家,然后执行 `renown mode live --seller 卖家`。"
    ))?;
    if shops.is_empty() {
        return Ok(());
    }
    let keys = match &open.place {
        Place::Folder(here) => here.folder.file("secrets/renown/mail/keys.json").display().to_string(),
        Place::Aws(_) => "/renown/mail/keys (SSM)".to_owned(),
    };
    desk.say(&text!(
        "The keys of mail were not in it either: customers and suppressed addresses are known by them alone. Bring them from where the copy was made to {keys}; with others no shop goes live. Then give each shop the secret of its webhooks anew.",
        "邮件密钥同样不在副本中:客户和抑制名单只能凭它识别。请从制作副本的地方取回并放到 {keys};使用其他密钥时店铺无法进入运行模式。之后请为每个店铺重新设置 Webhook 密钥。"
    ))
}
