//! `renown shop`: the shops of the sellers' own, whose customers may be written to.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renown_core::mail::reasons::Skip;
use renown_core::mail::state::State;
use renown_core::mail::{Kind, Mail, Shop};
use renown_core::say::Text;
use renown_core::text;
use renown_io::mail::new_hook_secret;
use renown_io::secrets::Secret;
use serde_json::{Value, json};

use crate::desk::{Desk, Open};
use crate::events::stopped;
use crate::place::Place;
use crate::refuse;
use crate::shops;
use crate::told::Trouble;

/// What a shop of Shopify is to tell of.
const TOPICS: &str = "orders/create, orders/updated, orders/fulfilled, orders/cancelled, fulfillments/update, customers/redact";

/// Add, show, change and remove shops of your own, whose customers can be written to. Nobody who
/// bought on Amazon is.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown shop add tea.toml\n  renown shop show tea > tea.toml\n  renown shop set tea tea.toml\n  renown shop list\n  renown shop secret tea --at-once\n  renown shop remove tea\n\nA file:\n  id = \"tea\"\n  name = \"Teehaus\"\n  from = \"reviews@mail.tea.example\"\n  postal_address = \"Teehaus GmbH, Lindenweg 5, 10115 Berlin, Germany\"\n  review_url = \"https://tea.example/review/{order}\"\n  locale = \"de\"\n  country = \"DE\"\n  [mails]\n  invite_after_days = 7"
)]
pub struct ShopArgs {
    #[command(subcommand)]
    command: ShopCommand,
}

#[derive(Debug, Subcommand)]
enum ShopCommand {
    /// Add a shop, which listens: orders are taken in, nothing is sent.
    #[command(
        after_help = "Examples:\n  renown shop add tea.toml\n  renown shop add tea.toml --shopify-secret - < secret.txt\n\nA file:\n  id = \"tea\"\n  name = \"Teehaus\"\n  from = \"reviews@mail.tea.example\"\n  postal_address = \"Teehaus GmbH, Lindenweg 5, 10115 Berlin, Germany\"\n  review_url = \"https://tea.example/review/{order}\"\n  locale = \"de\"\n  country = \"DE\"\n  [mails]\n  invite_after_days = 7"
    )]
    Add {
        /// The file, TOML.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The secret that Shopify signs with is asked for, or read from the input: write `-`. Without it one
        /// is made for webhooks of your own (Standard Webhooks), and shown once.
        #[arg(long, value_name = "-")]
        shopify_secret: Option<String>,
    },
    /// List the shops with their state.
    List,
    /// Print a shop as TOML, to be edited and set.
    Show {
        /// The shop.
        #[arg(value_name = "SHOP")]
        shop: String,
    },
    /// Change a shop. Mails that are planned are planned anew.
    Set {
        /// The shop.
        #[arg(value_name = "SHOP")]
        shop: String,
        /// The file, TOML.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Give a shop a new secret for its webhooks. The one before is believed until the next change.
    Secret {
        /// The shop.
        #[arg(value_name = "SHOP")]
        shop: String,
        /// The secret that Shopify signs with is asked for, or read from the input: write `-`. Without it one
        /// is made for webhooks of your own (Standard Webhooks), and shown once.
        #[arg(long, value_name = "-")]
        shopify_secret: Option<String>,
        /// The one before is believed no more: it has become known to others.
        #[arg(long)]
        at_once: bool,
    },
    /// Remove a shop with its orders, its customers and the secret of its webhooks.
    Remove {
        /// The shop.
        #[arg(value_name = "SHOP")]
        shop: String,
        /// Without being asked again.
        #[arg(long)]
        yes: bool,
    },
}

/// Runs `renown shop`.
///
/// # Errors
///
/// If there is no such shop or seller, a file holds mistakes, nobody says yes, or something
/// cannot be read or written.
pub async fn run(desk: &mut Desk<'_>, args: ShopArgs) -> anyhow::Result<()> {
    match args.command {
        ShopCommand::Add { file, shopify_secret } => add(desk, &file, shopify_secret.as_deref()).await,
        ShopCommand::List => list(desk).await,
        ShopCommand::Show { shop } => {
            let shop = desk.open().await?.shop(Some(&shop)).await?;
            desk.json(&object(&shop))?;
            desk.say(&shops::as_toml(&shop)?)
        }
        ShopCommand::Set { shop, file } => set(desk, &shop, &file).await,
        ShopCommand::Secret { shop, shopify_secret, at_once } => {
            change_secret(desk, &shop, shopify_secret.as_deref(), at_once).await
        }
        ShopCommand::Remove { shop, yes } => remove(desk, &shop, yes).await,
    }
}

/// A shop as a program sees it.
fn object(shop: &Shop) -> Value {
    let mut object = json!(shop);
    object["since"] = json!(shop.since);
    object
}

async fn add(desk: &mut Desk<'_>, file: &Path, shopify_secret: Option<&str>) -> anyhow::Result<()> {
    check_word(shopify_secret)?;
    let open = desk.open_to_call().await?;
    let sellers = open.app.ledger.sellers().await?;
    let shop = shops::read(file, &sellers, open.now)?;
    let id = &shop.id;
    if open.app.ledger.shop(id).await?.is_some() {
        refuse!(
            "there is a shop {id} already: `renown shop set {id} FILE` changes it",
            "已有店铺 {id}:请用 `renown shop set {id} 文件` 修改"
        );
    }
    let (secret, is_made) = new_secret(desk, shopify_secret.is_some())?;
    let made = is_made.then(|| secret.expose());
    open.mail_keys().await?;
    open.app.secrets.store_hook(id, &secret).await?;
    open.app.ledger.put_shop(&shop).await?;
    let (shopify, generic) = shops::hooks(&open.place, &desk.settings, id);
    desk.json(
        &json!({"shop": object(&shop), "mode": "listen", "webhooks": {"shopify": shopify, "generic": generic},
        "webhook_secret": made}),
    )?;
    let (name, alias) = (&shop.name, shops::alias(&sellers, &shop.seller));
    desk.say(&text!(
        "{id}: {name} of {alias} is added and listens: orders are taken in and shown, nothing is sent",
        "{id}:已添加 {alias} 的 {name},处于监听模式:接收并显示订单,不发送任何邮件"
    ))?;
    match &made {
        None => desk.say(&text!(
            "Webhooks of Shopify ({TOPICS}; form JSON) go to\n  {shopify}",
            "Shopify 的 Webhook({TOPICS};格式 JSON)请发往\n  {shopify}"
        ))?,
        Some(secret) => desk.say(&text!(
            "Webhooks of your own, signed by Standard Webhooks, go to\n  {generic}\nTheir secret, which is shown this once: {secret}",
            "自有系统的 Webhook(按 Standard Webhooks 签名)请发往\n  {generic}\n其密钥仅显示这一次:{secret}"
        ))?,
    }
    if open.place.here().is_some() {
        desk.say(&text!(
            "That address is of this machine, and answers while `renown up` runs; whoever is elsewhere needs a tunnel or proxy before it. Without webhooks: `renown import FILE --shop {id} --mapping MAP.toml`.",
            "该地址仅限本机,在 `renown up` 运行时应答;外部系统需经隧道或反向代理访问。不用 Webhook 时:`renown import 文件 --shop {id} --mapping 映射.toml`。"
        ))?;
    }
    desk.say(&text!(
        "Then `renown mail list --shop {id}` shows what is planned, and `renown mode live --shop {id}` begins.",
        "之后可用 `renown mail list --shop {id}` 查看计划,用 `renown mode live --shop {id}` 开始发送。"
    ))
}

/// A secret is read, and never stands on a command line.
fn check_word(shopify_secret: Option<&str>) -> anyhow::Result<()> {
    if shopify_secret.is_none_or(|word| word == "-") {
        return Ok(());
    }
    Err(Trouble::usage(text!(
        "--shopify-secret takes `-` alone: the secret is asked for or read from the input, and never stands on a command line",
        "--shopify-secret 只能写 `-`:密钥会在运行时询问或从输入读取,不得出现在命令行中"
    ))
    .into())
}

/// Shopify's secret, which is asked for; or one that is made here. Tells which.
fn new_secret(desk: &mut Desk<'_>, is_shopifys: bool) -> anyhow::Result<(Secret, bool)> {
    let secret = if is_shopifys {
        let asked = text!(
            "Shopify's secret (Settings, Notifications, Webhooks)",
            "Shopify 密钥(设置 → 通知 → Webhook)"
        );
        Some(desk.ask_secret(&asked)?).filter(|typed| !typed.is_empty()).map(Secret::new)
    } else {
        new_hook_secret()
    };
    match secret {
        Some(secret) => Ok((secret, !is_shopifys)),
        None => refuse!("there is no secret: nothing was changed", "没有密钥:未作任何改动"),
    }
}

async fn change_secret(
    desk: &mut Desk<'_>,
    named: &str,
    shopify_secret: Option<&str>,
    at_once: bool,
) -> anyhow::Result<()> {
    check_word(shopify_secret)?;
    let open = desk.open_to_call().await?;
    let id = open.shop(Some(named)).await?.id;
    let (secret, is_made) = new_secret(desk, shopify_secret.is_some())?;
    if at_once {
        open.app.secrets.store_hook(&id, &secret).await?;
    } else {
        open.app.secrets.add_hook(&id, &secret).await?;
    }
    let made = is_made.then(|| secret.expose());
    desk.json(
        &json!({"shop_id": id, "changed": true, "before_is_believed": !at_once, "webhook_secret": made}),
    )?;
    if let Some(secret) = made {
        desk.say(&text!(
            "The new secret of {id}, which is shown this once: {secret}",
            "{id} 的新密钥仅显示这一次:{secret}"
        ))?;
    }
    desk.say(&if at_once {
        text!(
            "{id}: what is signed with the secret before is refused from now on, give or take ten seconds",
            "{id}:十秒之内,用旧密钥签名的 Webhook 将一律被拒绝"
        )
    } else {
        text!(
            "{id}: the secret before is believed too, until the next change; where it has become known to others, run this with --at-once",
            "{id}:在下次更换之前,旧密钥仍然有效;如旧密钥已泄露,请加 --at-once 再执行"
        )
    })
}

async fn list(desk: &mut Desk<'_>) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let all = open.app.ledger.all_shops().await?;
    let reading = open.app.ledger.control(open.now).await?;
    let control = reading.control();
    let sellers = open.app.ledger.sellers().await?;
    let mut objects = Vec::new();
    let mut unreadable = Vec::new();
    for shop in &all {
        match shop {
            Ok(shop) => {
                let live = control.shop_live_since(&shop.id);
                let stop = control.shop_stop(&shop.id);
                let mode = if live.is_some() { "live" } else { "listen" };
                let (shopify, generic) = shops::hooks(&open.place, &desk.settings, &shop.id);
                let mut of = object(shop);
                of["mode"] = json!(mode);
                of["live_since"] = json!(live);
                of["stop"] = json!(stop.map(|stop| json!({"since": stop.since, "cause": stop.cause})));
                of["webhooks"] = json!({"shopify": shopify, "generic": generic});
                objects.push(of);
            }
            Err(error) => unreadable.push(renown_io::say::table(error)),
        }
    }
    let unreadable_words: Vec<_> = unreadable.iter().map(|text| desk.style.say(text)).collect();
    desk.json(&json!({"shops": objects, "unreadable": unreadable_words}))?;
    if all.is_empty() {
        return desk.say(&text!(
            "there is no shop of your own; `renown shop add FILE.toml` adds one",
            "没有自有店铺;可用 `renown shop add 文件.toml` 添加"
        ));
    }
    for shop in all.iter().flatten() {
        let Text { en, zh } = match (control.shop_live_since(&shop.id), control.shop_stop(&shop.id)) {
            (None, _) => text!("listens", "监听"),
            (Some(_), Some(stop)) => {
                let (why, since) = (stopped(stop), desk.style.moment(stop.since));
                let (en, zh) = (why.en, why.zh);
                text!("stands still since {since}: {en}", "自 {since} 起停止:{zh}")
            }
            (Some(since), None) => {
                let since = desk.style.moment(since);
                text!("live since {since}", "自 {since} 起运行")
            }
        };
        let (id, name, from, alias) =
            (&shop.id, &shop.name, &shop.from, shops::alias(&sellers, &shop.seller));
        desk.say(&text!("{id}  {name} <{from}>, {alias}: {en}", "{id}  {name} <{from}>,{alias}:{zh}"))?;
    }
    for Text { en, zh } in &unreadable {
        desk.say(&text!("! {en}", "! {zh}"))?;
    }
    Ok(())
}

async fn set(desk: &mut Desk<'_>, named: &str, file: &Path) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let before = open.shop(Some(named)).await?;
    let sellers = open.app.ledger.sellers().await?;
    let shop = shops::read(file, &sellers, before.since)?;
    let (shown, id, wanted) = (file.display(), &before.id, &shop.id);
    if shop.id != before.id {
        refuse!(
            "{shown} is of shop {wanted}, not of {id}; an id cannot be changed",
            "{shown} 是店铺 {wanted} 的文件,不是 {id} 的;ID 不能修改"
        );
    }
    if shop.seller != before.seller {
        refuse!(
            "{shown}: a shop stays with its seller, since its customers do; remove it and add it again to begin anew",
            "{shown}:店铺不能更换卖家,因为客户属于该卖家;如需重新开始,请先移除再添加"
        );
    }
    open.app.ledger.put_shop(&shop).await?;
    let (replanned, dropped) = replan(&open, &shop).await?;
    desk.json(&json!({"shop": object(&shop), "orders_planned_anew": replanned, "mails_dropped": dropped}))?;
    desk.say(&text!(
        "{id}: in force; {replanned} orders were planned anew, {dropped} planned mails of kinds that are no longer wanted will not be sent",
        "{id}:已生效;重新安排 {replanned} 个订单,{dropped} 封不再需要的计划邮件不会发送"
    ))
}

/// Plans the orders of a shop anew, where nothing has left yet. Tells how many changed, and how
/// many mails are no longer wanted.
async fn replan(open: &Open, shop: &Shop) -> anyhow::Result<(u64, u64)> {
    let rules = &shop.mails;
    let is_wanted = |kind: Kind| match kind {
        Kind::Invitation => true,
        Kind::Reminder(n) => n <= rules.reminders,
        Kind::Survey => rules.survey,
        Kind::Service => rules.service,
    };
    let drop_of = |mail: &Mail, kind: Kind| {
        !is_wanted(kind) && matches!(mail.state, State::Planned { .. } | State::Held { .. })
    };
    let mut ids = Vec::new();
    open.app
        .ledger
        .each_shop_order(&shop.id, |order| {
            let Ok(order) = order else { return };
            let mut after = order.clone();
            after.replan(rules, open.now);
            if after != order || order.mails.iter().any(|(kind, mail)| drop_of(mail, *kind)) {
                ids.push(order.id);
            }
        })
        .await?;
    let (mut changed, mut dropped) = (0, 0);
    for id in ids {
        let change = open.app.ledger.change_shop_order(&shop.id, &id, open.now, |order| {
            order.replan(rules, open.now);
            let kinds: Vec<Kind> = order
                .mails
                .iter()
                .filter(|(kind, mail)| drop_of(mail, **kind))
                .map(|(kind, _)| *kind)
                .collect();
            let n = kinds.into_iter().filter(|kind| order.skip(*kind, Skip::ByHand, open.now)).count();
            Some(n as u64)
        });
        if let Some(n) = change.await? {
            changed += 1;
            dropped += n;
        }
    }
    Ok((changed, dropped))
}

async fn remove(desk: &mut Desk<'_>, named: &str, yes: bool) -> anyhow::Result<()> {
    let open = desk.open_to_call().await?;
    let shop = open.shop(Some(named)).await?;
    let (id, name) = (&shop.id, &shop.name);
    let question = text!(
        "{id} ({name}) will be removed with its orders and mails, the secret of its webhooks and, if it is its seller's last shop, the customers. Go on?",
        "将移除 {id}({name})及其订单、邮件和 Webhook 密钥;若它是该卖家的最后一个店铺,客户也一并删除。继续?"
    );
    desk.confirm(&question, yes)?;
    let Some(forgotten) = open.app.ledger.forget_shop(&shop, open.now).await? else {
        refuse!(
            "a mail of {id} is being sent at this moment; the shop stands still now: run the same command again in some minutes",
            "{id} 有邮件正在发送;该店铺现已停止:请几分钟后再次执行同一命令"
        );
    };
    open.app.secrets.remove_hook(id).await?;
    if let Place::Folder(here) = &open.place {
        // Without it deleted pages stay in the file until the shop is next at work.
        let _ = here.dynamo.tidy();
    }
    let (orders, contacts) = (forgotten.orders, forgotten.contacts);
    desk.json(&json!({"shop_id": id, "removed": true, "orders": orders, "customers": contacts}))?;
    desk.say(&text!(
        "{id} is removed: {orders} orders and {contacts} customers. What stays names nobody: who was sent what within a year, and who may not be written to, by keyed hash",
        "{id} 已移除:{orders} 个订单、{contacts} 个客户。仍保留的内容不含任何人的名称:一年内向谁发送过什么,以及不得联系的地址,均以带密钥的哈希保存"
    ))
}
