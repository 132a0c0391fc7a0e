//! `renown erase`: what is known of a seller, of an order or of a customer goes for good.

mod customer;

use clap::Args;
use renown_core::ids::OrderId;
use renown_core::say::Text;
use renown_core::text;
use renown_io::ledger::{Forgotten, ForgottenShop};
use renown_io::secrets::Scope;
use serde_json::json;

use crate::commands::ask::{change_each, having, refused};
use crate::desk::{Desk, Open};
use crate::place::Here;
use crate::queue;
use crate::refuse;
use crate::told::{Trouble, tell};
use crate::up::UNREAD_SOURCES;

/// Erase everything of a seller, all that is known of one order, or a customer of your own shops.
#[derive(Debug, Args)]
#[command(
    override_usage = "renown erase [OPTIONS] <ORDER>\n       renown erase [OPTIONS] --seller <SELLER>\n       renown erase [OPTIONS] --email <ADDRESS>",
    after_help = "Examples:\n  renown erase --seller A1MORNINGHOME\n  renown erase 302-1234567-1234567 --yes\n  renown erase --email ana@shop.example"
)]
pub struct EraseArgs {
    /// The order, as Amazon writes it. A mark stays, so that it is never asked again.
    #[arg(value_name = "ORDER", required_unless_present_any = ["seller", "email"], conflicts_with_all = ["seller", "email"])]
    order: Option<OrderId>,
    /// The seller, by id or alias: orders, rules, reports, products, secrets.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// A customer of your own shops: address, name, language, words of surveys. Nobody writes to them again.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "seller")]
    email: Option<String>,
    /// Without being asked again.
    #[arg(long)]
    yes: bool,
}

/// Runs `renown erase`.
///
/// # Errors
///
/// If the seller or order is not known or is being asked, nobody says yes, another process works
/// in the folder (for a seller), or something cannot be deleted. It may be run again.
pub async fn run(desk: &mut Desk<'_>, args: EraseArgs) -> anyhow::Result<()> {
    match (args.order, args.seller, args.email) {
        (Some(order), ..) => erase_order(desk, &order, args.yes).await,
        (None, Some(seller), _) => erase_seller(desk, &seller, args.yes).await,
        (None, None, Some(address)) => customer::run(desk, &address, args.yes).await,
        (None, None, None) => Ok(()), // clap wants one of them
    }
}

async fn erase_order(desk: &mut Desk<'_>, id: &OrderId, yes: bool) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let of = having(&open, id).await?;
    let sellers: Vec<_> = of.iter().map(renown_core::ids::SellerId::as_str).collect();
    let sellers = sellers.join(", ");
    let question = text!(
        "All that is known of {id} under {sellers} will be erased, and it will never be asked; if it was, the sum of asked orders is one less from then on. Go on?",
        "将抹除订单 {id}(卖家 {sellers})的全部内容,且永不再请求;若已请求过,“已请求”的合计会减少一个。继续?"
    );
    desk.confirm(&question, yes)?;
    let told = change_each(&open, id, async |stored, now| {
        let mut after = stored.order.clone();
        after.erase(now).map_err(|why| Trouble::new(refused(id, why)))?;
        Ok((after, ()))
    })
    .await?;
    for seller in &of {
        open.app.ledger.forget_case(seller, id).await?;
    }
    let unread = forget_unread(&open, id.as_str()).await?;
    let remains = remains(&open, id.as_str())?;
    let all = told.iter().all(|(_, done)| done.is_ok());
    desk.json(&json!({"order_id": id, "erased": all, "unread": unread, "remains": remains}))?;
    let lang = desk.style.lang;
    for (seller, done) in &told {
        match done {
            Ok(()) => desk.say(&text!(
                "{id} of {seller} is erased; a mark stays, so that it is never asked",
                "{seller} 的 {id} 已抹除;保留一个标记,以确保永不请求"
            ))?,
            Err(error) => {
                let said = tell(error, lang);
                desk.say(&text!("! {seller}: {said}", "! {seller}:{said}"))?;
            }
        }
    }
    say_remains(desk, &remains)
}

async fn erase_seller(desk: &mut Desk<'_>, named: &str, yes: bool) -> anyhow::Result<()> {
    let open = desk.open_to_call().await?;
    let seller = open.seller(Some(named)).await?;
    let (id, alias) = (&seller.id, &seller.alias);
    // Whoever works here would hear of the seller again at once. On AWS that takes a subscription,
    // which `renown disconnect` ends.
    let _lock = open.place.here().map(|here| here.folder.lock()).transpose()?;
    let question = text!(
        "Everything of {alias} ({id}) will be erased: orders, rules, reports, products and secrets, its own shops with their orders and customers, and with them which orders were asked or are never to be asked: connected again, they would be planned anew. This cannot be taken back. Go on?",
        "将抹除 {alias}({id})的全部内容:订单、规则、报告、商品和密钥,以及其自有店铺的订单和客户;已请求和“永不请求”的标记也会一并遗忘,再次连接时这些订单会重新安排。此操作无法撤销。继续?"
    );
    desk.confirm(&question, yes)?;
    let shops = open.app.ledger.shops().await?;
    let Some(forgotten) = open.app.ledger.forget_seller(id, open.now).await? else {
        refuse!(
            "an order of {id} is being asked at this moment, or a mail sent; it stands still now: run the same command again in a few minutes",
            "{id} 有订单正在请求中,或有邮件正在发送;该卖家现已停止:请几分钟后再次执行同一命令"
        );
    };
    let unread = forget_unread(&open, id.as_str()).await?;
    open.app.secrets.remove(Scope::Live, id).await?;
    open.app.secrets.remove(Scope::Listen, id).await?;
    for shop in shops.iter().filter(|shop| shop.seller == *id) {
        open.app.secrets.remove_hook(&shop.id).await?;
    }
    let messages = match open.place.here() {
        Some(here) => queue::forget(here.folder.path(), id.as_str())?,
        None => 0,
    };
    let mut remains = remains(&open, id.as_str())?;
    let Forgotten { orders, rules, reports, products, cases, shops, of_shops } = forgotten;
    let ForgottenShop { orders: shop_orders, contacts } = of_shops;
    if shops > 0 {
        remains.push(text!(
            "which addresses its shops may not write to, by keyed hash: those people's own wish",
            "其店铺不得联系的地址(带密钥的哈希):这是那些人自己的意愿"
        ));
    }
    desk.json(
        &json!({"seller_id": id, "erased": true, "orders": orders, "rules": rules, "reports": reports,
        "products": products, "cases": cases, "shops": shops, "shop_orders": shop_orders, "customers": contacts,
        "unread": unread, "messages": messages, "remains": remains}),
    )?;
    if shops > 0 {
        desk.say(&text!(
            "{shops} shops of its own, {shop_orders} orders and {contacts} customers of theirs",
            "{shops} 个自有店铺及其 {shop_orders} 个订单、{contacts} 个客户"
        ))?;
    }
    desk.say(&text!(
        "{id} is erased: {orders} orders, {rules} rules, {reports} reports, {products} products, {cases} cases, {unread} entries of unread input, {messages} messages, and its secrets",
        "{id} 已抹除:{orders} 个订单、{rules} 份规则、{reports} 份报告、{products} 个商品、{cases} 个工单、{unread} 条无法读取的输入、{messages} 条消息,以及其密钥"
    ))?;
    say_remains(desk, &remains)
}

async fn forget_unread(open: &Open, id: &str) -> anyhow::Result<u64> {
    let mut n = 0;
    for source in UNREAD_SOURCES {
        n += open.app.ledger.forget_unread(source, id).await?;
    }
    Ok(n)
}

/// Writes the table's file anew, and tells what is out of reach: files of the folder that name it, and what only the operator knows of.
fn remains(open: &Open, word: &str) -> anyhow::Result<Vec<Text>> {
    let mut remains = vec![text!(
        "copies that `renown export`, a spreadsheet or a backup of the disk has made: delete them there",
        "由 `renown export`、表格或磁盘备份生成的副本:请在相应位置删除"
    )];
    let Some(Here { folder, dynamo, .. }) = open.place.here() else {
        remains.push(text!(
            "on AWS: point-in-time recovery of the table (35 days), messages in queues and dead-letter queues (14 days at most), log lines with order ids (retention of the log groups)",
            "AWS 上:数据表的时间点恢复(35 天)、队列与死信队列中的消息(最多 14 天)、含订单号的日志(按日志组保留期)"
        ));
        return Ok(remains);
    };
    if let Err(error) = dynamo.tidy() {
        let shown = folder.table();
        let shown = shown.display();
        remains.push(text!(
            "deleted pages of {shown}, which is at work ({error}): run the same command again when it is stopped",
            "{shown} 正在使用中,其已删除的页面仍在({error}):停止后请再次执行同一命令"
        ));
    }
    for name in queue::files_naming(folder.path(), word)? {
        let shown = folder.file(&name);
        let shown = shown.display();
        remains.push(text!("{shown} names it", "{shown} 中仍提及"));
    }
    Ok(remains)
}

fn say_remains(desk: &mut Desk<'_>, remains: &[Text]) -> anyhow::Result<()> {
    desk.say(&text!("What remains:", "仍然保留的内容:"))?;
    for Text { en, zh } in remains {
        desk.say(&text!("  {en}", "  {zh}"))?;
    }
    Ok(())
}
