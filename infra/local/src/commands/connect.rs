//! `renown connect` and `renown disconnect`: a seller from nothing to listening, step by step.

use std::time::Duration;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{AppId, SellerId};
use renown_core::marketplace::{MarketplaceId, Region};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::ledger::{ReportItem, ReportState};
use renown_io::secrets::{Credentials, Scope, Secret};
use renown_io::spapi::{self, Caller, NotificationType, QueueArn, SpApi};
use serde_json::json;

use crate::commands::import::NOT_CONNECTED;
use crate::desk::{Desk, Open};
use crate::folder::{Folder, Kind};
use crate::refuse;
use crate::steer;
use crate::told::{Told as _, Trouble};
use crate::world::{self, deadline};

pub(crate) mod roles;

/// How long the back-fill is waited for; `renown up` goes on with it.
const PATIENCE: Duration = Duration::from_mins(20);
/// How often it is looked after meanwhile.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// Connect a seller: app, authorisation, roles, marketplaces, secret, back-fill; it then listens.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown connect --seller A1MORNINGHOME --app amzn1.application-oa2-client.0a1b2c --alias 'Morning Home'\n  renown connect --seller A1MORNINGHOME --app amzn1.application-oa2-client.0a1b2c --code ABCDEF --redirect-uri https://example.com/back\n\nThe app's secret and the refresh token are asked for, or read from RENOWN_CLIENT_SECRET and\nRENOWN_REFRESH_TOKEN; they never stand on the command line."
)]
pub struct ConnectArgs {
    /// The merchant token: Seller Central, Settings, Account Info, Merchant Token.
    #[arg(long, value_name = "SELLER")]
    seller: SellerId,
    /// The client id of the app: Seller Central, Develop Apps, View under LWA credentials.
    #[arg(long, value_name = "APP")]
    app: AppId,
    /// What to call the seller [default: its id]
    #[arg(long, value_name = "NAME")]
    alias: Option<String>,
    /// The region of the authorisation: na, eu or fe [default: all are tried]
    #[arg(long, value_name = "REGION", value_parser = region)]
    region: Option<Region>,
    /// The code of an OAuth authorisation (`spapi_oauth_code`), instead of a refresh token.
    #[arg(long, value_name = "CODE", requires = "redirect_uri")]
    code: Option<String>,
    /// The redirect address that the code was asked for with.
    #[arg(long, value_name = "URI", requires = "code")]
    redirect_uri: Option<String>,
    /// A queue of your AWS account (its ARN) to which Amazon is to send notifications.
    #[arg(long, value_name = "ARN")]
    queue: Option<QueueArn>,
    /// Leave the back-fill of 35 days to `renown up`.
    #[arg(long)]
    no_wait: bool,
    /// Another address in Amazon's place, such as a simulator's.
    #[arg(long, value_name = "URL")]
    amazon: Option<String>,
}

/// Disconnect a seller: no more calls, subscriptions ended, secrets deleted; its orders stay.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  renown disconnect --seller A1MORNINGHOME")]
pub struct DisconnectArgs {
    /// The seller: its id or alias.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// Without being asked again.
    #[arg(long)]
    yes: bool,
}

/// Runs `renown connect`.
///
/// # Errors
///
/// With the step that failed and what to do; what was done before stays, and the same command
/// goes on.
pub async fn run(desk: &mut Desk<'_>, args: ConnectArgs) -> anyhow::Result<()> {
    let folder = begin(desk, &args).await?;
    let app_secret =
        secret(desk, "RENOWN_CLIENT_SECRET", &text!("secret of the app", "应用的密钥(client secret)"))?;
    let open = desk.open_to_call()?;
    let spapi = &open.app.spapi;

    let app = &args.app;
    spapi
        .verify_app(app, &app_secret)
        .await
        .told(|| text!("the app {app} was not accepted", "应用 {app} 未被接受"))?;
    step(desk, &text!("app {app}: id and secret are accepted", "应用 {app}:ID 与密钥有效"))?;

    let refresh_token = match (&args.code, &args.redirect_uri) {
        (Some(code), Some(uri)) => {
            let exchanged = spapi.exchange_code(app, &app_secret, &Secret::new(code.clone()), uri).await;
            exchanged.told(|| text!("the code was not accepted", "授权码未被接受"))?
        }
        _ => secret(desk, "RENOWN_REFRESH_TOKEN", &text!("refresh token (Atzr|…)", "refresh token(Atzr|…)"))?,
    };
    let credentials = Credentials { client_id: app.clone(), client_secret: app_secret, refresh_token };
    refuse_anothers_grant(&open, &args.seller, &credentials).await?;
    let (region, marketplaces) = find_region(desk, spapi, &args, &credentials).await?;
    let caller = Caller { seller: args.seller.clone(), region, credentials };
    roles::check(desk, spapi, &caller, marketplaces[0]).await?;
    spapi.check_clock().told(|| text!("this machine's clock is wrong", "本机时钟不准"))?;

    let mut seller = settings(&open, &args, region, marketplaces).await?;
    open.app.secrets.store(Scope::Listen, &seller.id, &caller.credentials).await?;
    let is_live = open.app.ledger.control(open.now).await?.control().live_since(&seller.id).is_some();
    if is_live {
        open.app.secrets.store(Scope::Live, &seller.id, &caller.credentials).await?;
    }
    if let Some(queue) = &args.queue {
        subscribe(desk, spapi, &caller, queue, &mut seller, open.now).await?;
    }
    open.app.ledger.put_seller(&seller).await?;
    let (shown, alias) = (folder.path().display(), &seller.alias);
    step(
        desk,
        &text!(
            "{alias} is connected; its secret lies encrypted in {shown}",
            "{alias} 已连接;密钥已加密存放在 {shown}"
        ),
    )?;
    if !args.no_wait {
        back_fill(desk, &open, &seller).await?;
    }
    desk.json(&json!({"seller_id": seller.id, "alias": seller.alias, "region": region.to_string(),
        "marketplaces": seller.marketplaces, "live": is_live, "notified": seller.notified_since.is_some()}))?;
    desk.say(&text!(
        "It listens: `renown up` keeps it current, `renown plan` shows who would be asked when, `renown mode live` begins to ask.",
        "目前为监听模式:`renown up` 保持数据更新,`renown plan` 显示将在何时请求谁,`renown mode live` 开始请求。"
    ))
}

/// Runs `renown disconnect`.
///
/// # Errors
///
/// If there is no such seller, nobody says yes, or something cannot be written. That Amazon does
/// not answer is told and no error: the secrets are deleted all the same.
pub async fn disconnect(desk: &mut Desk<'_>, args: DisconnectArgs) -> anyhow::Result<()> {
    let open = desk.open_to_call()?;
    let mut seller = open.seller(args.seller.as_deref()).await?;
    let alias = seller.alias.clone();
    desk.confirm(
        &text!(
            "{alias} will no longer be asked for or read. Disconnect?",
            "{alias} 将不再请求或读取。断开连接?"
        ),
        args.yes,
    )?;
    steer::listen(&open.app, &seller.id).await?;
    if let Ok(credentials) = open.app.secrets.seller(Scope::Listen, &seller.id).await {
        let caller = Caller { seller: seller.id.clone(), region: seller.region, credentials };
        for kind in NotificationType::ALL.into_iter().filter(|_| seller.notified_since.is_some()) {
            let name = kind.name();
            match unsubscribe(&open.app.spapi, &caller, kind).await {
                Ok(()) => step(desk, &text!("{name}: no longer subscribed", "{name}:已取消订阅"))?,
                Err(error) => {
                    let Text { en, zh } = renown_io::say::call(&error);
                    step(
                        desk,
                        &text!(
                            "! {name}: {en}; it ends with the authorisation",
                            "! {name}:{zh};授权撤销后随之结束"
                        ),
                    )?;
                }
            }
        }
    }
    open.app.secrets.remove(Scope::Live, &seller.id).await?;
    open.app.secrets.remove(Scope::Listen, &seller.id).await?;
    seller.app = NOT_CONNECTED.parse()?;
    seller.notified_since = None;
    seller.subscriptions.clear();
    open.app.ledger.put_seller(&seller).await?;
    let id = &seller.id;
    desk.json(&json!({"seller_id": id, "disconnected": true}))?;
    desk.say(&text!(
        "{alias} is disconnected and its secrets are deleted. Withdraw the authorisation in Seller Central as well (Manage Your Apps). Its orders stay here until they expire; copies made before (exports, backups) keep what they held.",
        "{alias} 已断开,密钥已删除。请同时在卖家平台撤销授权(管理您的应用)。其订单仍保留在此直至过期;此前的副本(导出、备份)仍含有当时的内容。"
    ))
}

fn step(desk: &mut Desk<'_>, text: &Text) -> anyhow::Result<()> {
    let Text { en, zh } = text;
    desk.say(&text!("✓ {en}", "✓ {zh}"))
}

/// A secret from the environment or from whoever types; never from the command line.
fn secret(desk: &mut Desk<'_>, variable: &str, what: &Text) -> anyhow::Result<Secret> {
    let found = (desk.environment.var)(variable).filter(|value| !value.trim().is_empty());
    let value = match found {
        Some(value) => value,
        None => desk.ask_secret(what)?,
    };
    if value.trim().is_empty() {
        let Text { en, zh } = what;
        return Err(Trouble::usage(text!(
            "the {en} is missing: type it when asked, or set {variable}",
            "缺少{zh}:请在提示时输入,或设置环境变量 {variable}"
        ))
        .into());
    }
    Ok(Secret::new(value.trim()))
}

/// The folder, with the address that its sellers are called at.
async fn begin(desk: &mut Desk<'_>, args: &ConnectArgs) -> anyhow::Result<Folder> {
    world::endpoints(args.amazon.as_deref())?;
    let wanted = Kind::Shop { amazon: args.amazon.clone() };
    let there = Folder::kind_in(&desk.data)?;
    let is_same = match &there {
        // A folder that files were imported into becomes one that is connected.
        Some(Kind::Shop { amazon }) => args.amazon.is_none() || *amazon == args.amazon,
        _ => false,
    };
    if is_same {
        return Folder::existing(&desk.data);
    }
    if matches!(there, Some(Kind::Shop { .. })) {
        // Imported or restored: nobody is called for it yet, so it may be called elsewhere.
        let secrets = Folder::existing(&desk.data)?.file(world::SECRETS);
        if !has_files(&secrets) {
            let folder = Folder::existing(&desk.data)?;
            folder.turn_into(&wanted)?;
            return Ok(folder);
        }
    }
    let folder = Folder::to_work_in(&desk.data, &wanted)?;
    let _lock = folder.claim(&wanted)?;
    world::open_table(&folder.table())?.create_table().await?;
    Ok(folder)
}

/// One authorisation is one seller's: under two ids every order would be asked for twice.
async fn refuse_anothers_grant(open: &Open, id: &SellerId, credentials: &Credentials) -> anyhow::Result<()> {
    for other in open.app.ledger.sellers().await?.into_iter().filter(|seller| seller.id != *id) {
        let known = open.app.secrets.seller(Scope::Listen, &other.id).await;
        if known.is_ok_and(|known| known.refresh_token == credentials.refresh_token) {
            let (alias, other) = (&other.alias, &other.id);
            refuse!(
                "this authorisation is that of {alias} ({other}), which is connected already: compare the merchant token {id} with Account Info in Seller Central",
                "该授权属于已连接的 {alias}({other}):请与卖家平台“账户信息”核对卖家记号 {id}"
            );
        }
    }
    Ok(())
}

/// The region that the authorisation is for, and where the seller sells in it.
async fn find_region(
    desk: &mut Desk<'_>,
    spapi: &SpApi,
    args: &ConnectArgs,
    credentials: &Credentials,
) -> anyhow::Result<(Region, Vec<MarketplaceId>)> {
    let regions = args.region.map_or_else(|| vec![Region::Na, Region::Eu, Region::Fe], |region| vec![region]);
    let mut last = None;
    for region in regions {
        let caller = Caller { seller: args.seller.clone(), region, credentials: credentials.clone() };
        match spapi.marketplace_participations(&caller).await {
            Ok(found) => {
                let sells = found.known.iter().filter(|at| at.participating);
                let marketplaces: Vec<_> = sells.map(|at| at.marketplace).collect();
                if marketplaces.is_empty() {
                    refuse!(
                        "the authorisation is good in region {region}, but the seller sells in no marketplace there; register for one in Seller Central first",
                        "授权在区域 {region} 有效,但该卖家在那里没有任何销售站点;请先在卖家平台开通"
                    );
                }
                // Behind one address for all regions, as a simulator's, the marketplaces tell.
                let sells_in = marketplaces[0].info().region;
                if args.region.is_some_and(|wanted| wanted != sells_in) {
                    refuse!(
                        "the authorisation is for region {sells_in}, not {region}: leave --region out",
                        "该授权属于区域 {sells_in},而不是 {region}:请去掉 --region"
                    );
                }
                let region = sells_in;
                let countries: Vec<_> = marketplaces.iter().map(|id| id.info().country).collect();
                let countries = countries.join(", ");
                step(
                    desk,
                    &text!("region {region}: sells in {countries}", "区域 {region}:销售站点 {countries}"),
                )?;
                let suspended = found.known.iter().filter(|at| at.suspended_listings);
                for at in suspended {
                    let country = at.marketplace.info().country;
                    desk.say(&text!(
                        "! {country}: Amazon has suspended listings there; see Account Health",
                        "! {country}:亚马逊已暂停那里的商品;请查看账户状况"
                    ))?;
                }
                return Ok((region, marketplaces));
            }
            Err(error @ (spapi::Error::Denied { .. } | spapi::Error::GrantRevoked { .. })) => {
                last = Some(error);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let error = last.map_or_else(|| anyhow::anyhow!("no region was tried"), anyhow::Error::from);
    Err(error).told(|| {
        text!(
            "Amazon accepts the authorisation in no region that was tried",
            "在已尝试的区域中,亚马逊均不接受该授权"
        )
    })
}

/// The seller's settings: those that are there, with what was found now.
async fn settings(
    open: &Open,
    args: &ConnectArgs,
    region: Region,
    marketplaces: Vec<MarketplaceId>,
) -> anyhow::Result<Seller> {
    let before = open.app.ledger.seller(&args.seller).await?;
    let is_new = before.as_ref().is_none_or(|seller| seller.app.as_str() == NOT_CONNECTED);
    let mut seller = before.unwrap_or_else(|| Seller {
        id: args.seller.clone(),
        alias: args.seller.to_string(),
        app: args.app.clone(),
        region,
        marketplaces: Vec::new(),
        connected_at: open.now,
        notified_since: None,
        subscriptions: Vec::new(),
        rules_version: 0,
        secret_since: None,
        authorised_at: None,
    });
    if is_new {
        seller.connected_at = open.now;
    }
    if let Some(alias) = &args.alias {
        seller.alias.clone_from(alias);
    }
    seller.app = args.app.clone();
    seller.region = region;
    seller.marketplaces = marketplaces;
    seller.secret_since = Some(open.now);
    seller.authorised_at = Some(open.now);
    Ok(seller)
}

/// Has Amazon send notifications to a queue. What is there already is taken as it is.
async fn subscribe(
    desk: &mut Desk<'_>,
    spapi: &SpApi,
    caller: &Caller,
    queue: &QueueArn,
    seller: &mut Seller,
    now: Timestamp,
) -> anyhow::Result<()> {
    let destination = spapi.create_destination(&caller.app(), "renown", queue).await.told(|| {
        text!(
            "Amazon cannot use the queue {queue}: its policy must let Amazon's account 437568002678 send to it",
            "亚马逊无法使用队列 {queue}:其策略须允许亚马逊账户 437568002678 向它发送"
        )
    })?;
    step(desk, &text!("queue {queue} is known to Amazon", "队列 {queue} 已登记到亚马逊"))?;
    seller.subscriptions.clear();
    for kind in NotificationType::ALL {
        let (name, version) = (kind.name(), kind.usual_payload_version());
        let subscription = spapi
            .create_subscription(caller, kind, &destination.id, &version)
            .await
            .told(|| text!("{name} could not be subscribed to", "无法订阅 {name}"))?;
        if subscription.destination != destination.id {
            refuse!(
                "{name} goes to another queue already; end that subscription (`renown disconnect` where it was made) and run this again",
                "{name} 已订阅到另一个队列;请先取消该订阅(在原处执行 `renown disconnect`)后重试"
            );
        }
        seller.subscriptions.push(subscription.id);
        step(desk, &text!("{name}: subscribed", "{name}:已订阅"))?;
    }
    seller.notified_since.get_or_insert(now);
    Ok(())
}

async fn unsubscribe(spapi: &SpApi, caller: &Caller, kind: NotificationType) -> Result<(), spapi::Error> {
    let Some(subscription) = spapi.subscription(caller, kind).await? else { return Ok(()) };
    spapi.delete_subscription(&caller.app(), kind, &subscription.id).await
}

/// Fetches the last 35 days, as far as Amazon is quick enough.
async fn back_fill(desk: &mut Desk<'_>, open: &Open, seller: &Seller) -> anyhow::Result<()> {
    desk.say(&text!(
        "  the last 35 days are fetched; Amazon takes some minutes (Ctrl-C is safe: `renown up` goes on)",
        "  正在获取最近 35 天的数据,亚马逊需要几分钟(可按 Ctrl-C,`renown up` 会继续)"
    ))?;
    let end = tokio::time::Instant::now() + PATIENCE;
    let mut told = 0;
    loop {
        let now = open.app.clock.now();
        let summary =
            report_sync::handle_tick(&open.app, deadline(now, SignedDuration::from_mins(5))).await?;
        for problem in &summary.problems {
            let Text { en, zh } = &problem.text;
            desk.say(&text!("! {en}", "! {zh}"))?;
        }
        let items = open.app.ledger.reports(&seller.id).await?;
        let rows: u64 = items.iter().map(rows).sum();
        let open_ones = items.iter().filter(|item| item.is_open()).count();
        if rows > told {
            told = rows;
            desk.say(&text!("  {rows} rows so far", "  目前 {rows} 行"))?;
        }
        if open_ones == 0 {
            let orders = open.app.ledger.all_orders(&seller.id).await?.len();
            return step(desk, &text!("{orders} orders are known", "已知 {orders} 个订单"));
        }
        if tokio::time::Instant::now() >= end {
            return desk.say(&text!(
                "  Amazon still works on {open_ones} reports; `renown up` goes on",
                "  亚马逊仍在制作 {open_ones} 份报告;`renown up` 会继续"
            ));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Whether a folder holds a file, however deep.
fn has_files(folder: &std::path::Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() { has_files(&path) } else { true }
    })
}

fn rows(item: &ReportItem) -> u64 {
    match &item.state {
        ReportState::Done { rows, .. } => *rows,
        ReportState::Reading { lines, .. } => *lines,
        _ => 0,
    }
}

fn region(text: &str) -> Result<Region, String> {
    match text.to_ascii_lowercase().as_str() {
        "na" => Ok(Region::Na),
        "eu" => Ok(Region::Eu),
        "fe" => Ok(Region::Fe),
        _ => Err(format!(
            "`{text}` is not a region: write na (Americas), eu (Europe, India, Middle East) or fe (Japan, Australia, Singapore)"
        )),
    }
}
