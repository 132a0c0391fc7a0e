//! `renown import`: files a seller has by hand, with or without a connection to Amazon.

mod reviews;
mod shop;

use std::path::PathBuf;

use clap::Args;
use renown_core::ids::{AppId, SellerId};
use renown_core::marketplace::Region;
use renown_core::say::{self, Text};
use renown_core::seller::Seller;
use renown_core::text;
use serde_json::json;

use crate::alias;
use crate::commands::connect::is_merchant_token;
use crate::commands::plan::{self, Extent};
use crate::desk::{Desk, Open};
use crate::folder::{Folder, Kind};
use crate::import::{Bad, Imported, Kind as FileKind, Progress, import, look_for_reviews};
use crate::refuse;
use crate::told::{Told as _, Trouble, tell as tell_error};
use crate::views::Shop;
use crate::world;

/// Bad rows of a file that are shown to a person; `renown unread list` shows all that are kept.
const SHOWN: usize = 10;
/// A long import tells how far it has come after so many rows.
const TELL_EVERY: u64 = 50_000;
/// The seller of files that name none, in a folder without sellers.
const NAMELESS: &str = "MYSHOP";
/// Stands for the app of a seller that is not connected.
pub(crate) const NOT_CONNECTED: &str = "not-connected";

/// Read Amazon's report files, spreadsheets of them, or kept notifications; or orders of a shop of
/// your own. No connection needed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown import AllOrders.txt FBAShipments.txt\n  renown import orders.xlsx --seller A1MORNINGHOME --alias 'Morning Home'\n  renown import notifications.jsonl --json\n  renown import reviews.csv --reviews --marketplace DE\n  renown import orders.csv --shop tea --mapping map.toml\n\nA mapping:\n  time_zone = \"Europe/Berlin\"\n  consent_source = \"box at the checkout\"\n  [columns]\n  id = \"Name\"\n  email = \"Email\"\n  fulfilled_at = \"Fulfilled at\"\n  title = \"Lineitem name\"\n  consent = \"Accepts Marketing\"\nFields: id, email, number, placed_at, fulfilled_at, delivered_at, cancelled_at, refunded_at, updated_at,\nname, locale, country, sku, title, total, currency, consent. Beside them: date_format, time_zone,\ncurrency, consent = \"yes\" with consent_source."
)]
pub struct ImportArgs {
    /// The files: what each holds is seen from its content.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Whose orders they are: id or alias. A new seller's id (the merchant token of Account Info
    /// in Seller Central) makes a later `renown connect` go on with the same orders.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// What to call the seller.
    #[arg(long, value_name = "NAME", value_parser = alias::parse)]
    alias: Option<String>,
    /// A shop of your own, whose orders they are.
    #[arg(long, value_name = "SHOP", requires = "mapping", conflicts_with_all = ["seller", "alias"])]
    shop: Option<String>,
    /// The files hold reviews of products or voices of customers (ASIN, rating, date, text), not orders.
    #[arg(long, conflicts_with_all = ["shop", "mapping"])]
    reviews: bool,
    /// Where those were written, as a country such as DE.
    #[arg(long, value_name = "COUNTRY", requires = "reviews")]
    marketplace: Option<String>,
    /// Which column holds what, TOML.
    #[arg(long, value_name = "MAP", requires = "shop")]
    mapping: Option<PathBuf>,
}

/// Runs `renown import`.
///
/// # Errors
///
/// If a file cannot be read at all, nothing of one can be taken in, or the table fails. The files beside it stay read, and a
/// program is told what became of each.
pub async fn run(desk: &mut Desk<'_>, args: ImportArgs) -> anyhow::Result<()> {
    if let (Some(shop), Some(mapping)) = (&args.shop, &args.mapping) {
        return Box::pin(shop::run(desk, &args.files, shop, mapping)).await;
    }
    if args.reviews {
        return Box::pin(reviews::run(desk, &args)).await;
    }
    begin(desk).await?;
    let open = desk.open().await?;
    if let Some(here) = open.place.here() {
        let hurried = here.dynamo.answer_before_the_disk();
        hurried.told(|| text!("the table cannot be written", "无法写入数据表"))?;
    }
    let mut seller = whose(desk, &open, &args).await?;
    // For a program: what became of each file, in the order in which they were named.
    let mut files = Vec::new();
    let (mut read, mut n_failed) = (Vec::new(), 0_u64);
    for file in &args.files {
        let shown = file.display().to_string();
        let (is_person, style, out) = (!desk.style.json, desk.style.clone(), &mut *desk.out);
        let mut told = 0;
        let mut progress = |progress: Progress| {
            let Progress { rows_done, rows_total } = progress;
            if is_person && rows_done >= told + TELL_EVERY {
                told = rows_done;
                let line = text!(
                    "{shown}: {rows_done} of {rows_total} rows",
                    "{shown}:{rows_done} / {rows_total} 行"
                );
                // How far it is, is no reason to fail.
                let _ = writeln!(out, "{}", style.say(&line));
            }
        };
        let imported = match import(&open.app, &seller, file, open.now, &mut progress).await {
            Ok(imported) => imported,
            Err(_) if args.files.len() == 1 && look_for_reviews(file, None).is_ok() => refuse!(
                "{shown} holds reviews of products: import it with `renown import {shown} --reviews`",
                "{shown} 中是商品评论:请用 `renown import {shown} --reviews` 导入"
            ),
            // The files beside it are read all the same.
            Err(error) if args.files.len() > 1 => {
                let said = tell_error(&error, desk.style.lang);
                desk.say(&text!("✗ {said}", "✗ {said}"))?;
                files.push(json!({"file": file, "error": said}));
                n_failed += 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        seller = sells_in(&open, seller, &imported).await?;
        tell(desk, &imported)?;
        files.push(json!(imported));
        read.push(imported);
    }
    let n_lost = read.iter().filter(|imported| imported.is_lost()).count() as u64;
    let n = n_failed;
    let shop = Shop::load(&open.app.ledger, open.now).await?;
    let totals = shop.totals();
    desk.json(&json!({"seller_id": seller.id, "files": files, "totals": totals}))?;
    if desk.style.json {
        return match (n, n_lost) {
            (0, 0) => Ok(()),
            (0, lost) => Err(nothing_taken_in(lost).into()),
            _ => Err(unread(n).into()),
        };
    }
    if read.is_empty() {
        return Err(unread(n).into());
    }
    writeln!(desk.out)?;
    plan::print(&shop, Extent { all: false, days: 14 }, &desk.style, desk.out)?;
    let kinds = |kind| read.iter().any(|imported: &Imported| imported.kind == kind);
    if kinds(FileKind::AllOrders) && !kinds(FileKind::FbaShipments) {
        desk.say(&text!(
            "\nImport the Amazon Fulfilled Shipments report as well: until then the dates of orders that Amazon ships are guesses from the last update of each order.",
            "\n请同时导入“亚马逊配送货件”报告:在此之前,亚马逊配送订单的日期只是根据各订单最后更新时间的推测。"
        ))?;
    }
    if kinds(FileKind::FbaShipments) && !kinds(FileKind::AllOrders) {
        desk.say(&text!(
            "\nImport the All Orders report as well: this file tells of parcels, and not whether an order is shipped to its end or cancelled. Until then its orders count as shipped in part.",
            "\n请同时导入“全部订单”报告:本文件只记录货件,不说明订单是否已全部发货或已取消;在此之前,其中的订单按部分发货处理。"
        ))?;
    }
    if n > 0 {
        return Err(unread(n).into());
    }
    if n_lost > 0 {
        return Err(nothing_taken_in(n_lost).into());
    }
    let has_secret = seller.app.as_str() != NOT_CONNECTED;
    if has_secret {
        return Ok(());
    }
    let Text { en: connect, zh: connect_zh } = to_connect(&seller.id);
    desk.say(&text!(
        "\nNothing is sent: this seller is not connected. `renown plan --all` shows every order, `renown explain ORDER` one order's story. When you are ready, {connect}.",
        "\n不会发送任何请求:该卖家尚未连接。`renown plan --all` 显示全部订单,`renown explain 订单号` 显示一个订单的经过。准备好后,{connect_zh}。"
    ))
}

/// How a seller that is not connected is connected: "run `…`". Under an id that is no merchant token
/// nobody can be; then the orders are taken over by who is.
pub(crate) fn to_connect(seller: &SellerId) -> Text {
    if is_merchant_token(seller.as_str()) {
        return text!("run `renown connect --seller {seller}`", "请执行 `renown connect --seller {seller}`");
    }
    text!(
        "run `renown connect --seller YOUR_MERCHANT_TOKEN`, then `renown mode live --seller YOUR_MERCHANT_TOKEN --take-over` (the token stands in Seller Central under Settings, Account Info; {seller} is none)",
        "请执行 `renown connect --seller 卖家记号`,再执行 `renown mode live --seller 卖家记号 --take-over`(卖家记号见卖家平台“设置”“账户信息”;{seller} 不是卖家记号)"
    )
}

/// Some files could not be read at all.
fn unread(files: u64) -> Trouble {
    Trouble::answered(text!(
        "{files} files could not be read; they are named above",
        "有 {files} 个文件无法读取,见上文"
    ))
}

/// Of some files every row or message was of no use.
fn nothing_taken_in(files: u64) -> Trouble {
    Trouble::answered(text!(
        "nothing of {files} files could be taken in; the reasons stand above, and in `renown unread list`",
        "有 {files} 个文件没有任何内容可以接收;原因见上文,以及 `renown unread list`"
    ))
}

/// Makes the folder of an own shop, if there is none.
async fn begin(desk: &Desk<'_>) -> anyhow::Result<()> {
    if desk.aws.is_none() && Folder::kind_in(&desk.data)?.is_none() {
        let kind = Kind::Shop { amazon: None };
        let folder = Folder::to_work_in(&desk.data, &kind)?;
        let _lock = folder.claim(&kind)?;
        world::open_table(&folder.table())?.create_table().await?;
    }
    Ok(())
}

async fn whose(desk: &mut Desk<'_>, open: &Open, args: &ImportArgs) -> anyhow::Result<Seller> {
    let sellers = open.app.ledger.sellers().await?;
    let named = args.seller.as_deref();
    let is_new =
        |id: &SellerId| !sellers.iter().any(|seller| seller.id == *id || seller.alias == id.as_str());
    let new: Option<SellerId> = match named {
        Some(text) => {
            text.parse().ok().filter(is_new).filter(|_| sellers.iter().all(|seller| seller.alias != text))
        }
        None if sellers.is_empty() => NAMELESS.parse().ok(),
        None => None,
    };
    let Some(id) = new else { return renamed(open, open.seller(named).await?, &sellers, args).await };
    let nameless = text!("My shop", "我的店铺");
    let usual = if named.is_none() { desk.style.say(&nameless) } else { id.as_str() };
    let alias = args.alias.clone().unwrap_or_else(|| usual.to_owned());
    alias::refuse_taken(&sellers, &id, &alias)?;
    let seller = not_connected(id, alias, open.now)?;
    open.app.ledger.put_seller(&seller).await?;
    if !sellers.is_empty() {
        let (id, known) =
            (&seller.id, sellers.iter().map(|seller| seller.alias.as_str()).collect::<Vec<_>>());
        let known = known.join(", ");
        desk.say(&text!(
            "! {id} was not there before and is another seller from now on, beside {known}: if it was mistyped, `renown erase --seller {id}` takes it away again",
            "! 此前没有卖家 {id},现已作为新卖家加入(已有:{known});如系误输,可用 `renown erase --seller {id}` 移除"
        ))?;
    }
    Ok(seller)
}

/// A seller that is there, by the name that was given now.
async fn renamed(
    open: &Open,
    mut seller: Seller,
    sellers: &[Seller],
    args: &ImportArgs,
) -> anyhow::Result<Seller> {
    if let Some(name) = args.alias.as_ref().filter(|name| **name != seller.alias) {
        alias::refuse_taken(sellers, &seller.id, name)?;
        seller.alias.clone_from(name);
        open.app.ledger.put_seller(&seller).await?;
    }
    Ok(seller)
}

fn not_connected(id: SellerId, alias: String, now: jiff::Timestamp) -> anyhow::Result<Seller> {
    let app: AppId = NOT_CONNECTED.parse()?;
    Ok(Seller {
        id,
        alias,
        app,
        // Until a file tells where it sells.
        region: Region::Na,
        marketplaces: Vec::new(),
        connected_at: now,
        notified_since: None,
        subscriptions: Vec::new(),
        rules_version: 0,
        secret_since: None,
        authorised_at: None,
        store_names: std::collections::BTreeMap::new(),
    })
}

/// Adds the marketplaces that a file has shown.
async fn sells_in(open: &Open, mut seller: Seller, imported: &Imported) -> anyhow::Result<Seller> {
    let new: Vec<_> =
        imported.marketplaces.iter().filter(|id| !seller.marketplaces.contains(id)).copied().collect();
    if new.is_empty() || seller.app.as_str() != NOT_CONNECTED {
        return Ok(seller);
    }
    if seller.marketplaces.is_empty() {
        seller.region = new[0].info().region;
    }
    seller.marketplaces.extend(new);
    open.app.ledger.put_seller(&seller).await?;
    Ok(seller)
}

fn tell(desk: &mut Desk<'_>, imported: &Imported) -> anyhow::Result<()> {
    let Imported { file, rows, orders_new, orders_changed, orders_unchanged, bad_rows, garbled, .. } =
        imported;
    let unreadable = imported.unreadable;
    let kind = match imported.kind {
        FileKind::AllOrders => text!("all orders", "全部订单报告"),
        FileKind::FbaShipments => text!("FBA shipments", "FBA 发货报告"),
        FileKind::Notifications => text!("notifications", "通知"),
    };
    let (kind_en, kind_zh) = (kind.en, kind.zh);
    let charset = imported.charset.map_or_else(|| "xlsx".to_owned(), ToOwned::to_owned);
    let as_of = imported.as_of.map(|at| desk.style.moment(at));
    let as_of_en = as_of.as_ref().map(|at| format!(", as of {at}")).unwrap_or_default();
    let as_of_zh = as_of.map(|at| format!(",数据截至 {at}")).unwrap_or_default();
    let Text { en: many, zh: many_zh } = match imported.kind {
        FileKind::Notifications => text!("{rows} messages", "{rows} 条消息"),
        FileKind::AllOrders | FileKind::FbaShipments => text!("{rows} rows", "{rows} 行"),
    };
    let Text { en: bad, zh: bad_zh } = match (imported.kind, unreadable) {
        (FileKind::Notifications, n) => text!("{n} not taken in", "未接收 {n} 条"),
        (_, 0) => text!("{bad_rows} bad rows", "有误 {bad_rows} 行"),
        (_, n) => {
            text!("{bad_rows} bad rows, {n} orders not taken in", "有误 {bad_rows} 行,未接收订单 {n} 个")
        }
    };
    desk.say(&text!(
        "{file}: {kind_en} ({charset}){as_of_en}: {many}; {orders_new} orders new, {orders_changed} changed, {orders_unchanged} unchanged; {bad}",
        "{file}:{kind_zh}({charset}){as_of_zh}:{many_zh};新订单 {orders_new} 个,变化 {orders_changed} 个,不变 {orders_unchanged} 个;{bad_zh}"
    ))?;
    tell_garbled(desk, *garbled, &charset)?;
    let lang = desk.style.lang;
    let bad = imported.bad.iter().map(|bad| say::bad_row(lang, bad));
    let failed = imported.failed.iter().map(|failed| failed.in_lang(lang));
    let all: Vec<String> = bad.chain(failed).collect();
    for line in all.iter().take(SHOWN) {
        desk.say(&text!("  ! {line}", "  ! {line}"))?;
    }
    tell_more(desk, all.len().saturating_sub(SHOWN) as u64)
}

/// Tells of characters that are lost.
fn tell_garbled(desk: &mut Desk<'_>, garbled: u64, charset: &str) -> anyhow::Result<()> {
    if garbled == 0 {
        return Ok(());
    }
    desk.say(&text!(
        "  ! {garbled} characters had no meaning in {charset}; the file may have been damaged",
        "  ! 有 {garbled} 个字符在 {charset} 中没有意义;文件可能已损坏"
    ))
}

/// Tells the first of `all` rows that could not be used.
fn tell_bad(desk: &mut Desk<'_>, bad: &[Bad], all: u64) -> anyhow::Result<()> {
    for bad in bad.iter().take(SHOWN) {
        let (line, Text { en, zh }) = (bad.line, &bad.problem);
        desk.say(&text!("  ! line {line}: {en}", "  ! 第 {line} 行:{zh}"))?;
    }
    tell_more(desk, all.saturating_sub(SHOWN as u64))
}

fn tell_more(desk: &mut Desk<'_>, more: u64) -> anyhow::Result<()> {
    if more == 0 {
        return Ok(());
    }
    desk.say(&text!(
        "  … {more} more; `renown unread list` shows them",
        "  … 另有 {more} 条;`renown unread list` 会列出"
    ))
}
