//! `renown connect`: a seller from nothing to listening, step by step.

use clap::Args;
use renown_core::ids::{AppId, SellerId};
use renown_core::marketplace::Region;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::secrets::{Credentials, Scope, Secret};
use renown_io::spapi::{Caller, QueueArn};
use serde_json::json;

use crate::alias;
use crate::commands::import::NOT_CONNECTED;
use crate::desk::{Desk, Open};
use crate::folder::{Folder, Kind};
use crate::told::{Told as _, Trouble};
use crate::twins;
use crate::world;
use authorisation::{Sells, find_region, refuse_anothers_grant, secret};

pub(crate) mod authorisation;
mod back_fill;
pub(crate) mod roles;
mod subscriptions;

/// Connect a seller: app, authorisation, roles, marketplaces, secret, back-fill; it then listens.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown connect --seller A1MORNINGHOME --app amzn1.application-oa2-client.0a1b2c --alias 'Morning Home'\n  renown connect --seller A1MORNINGHOME --app amzn1.application-oa2-client.0a1b2c --code ABCDEF --redirect-uri https://example.com/back\n\nThe app's secret and the refresh token are asked for, or read from RENOWN_CLIENT_SECRET and\nRENOWN_REFRESH_TOKEN; they never stand on the command line."
)]
pub struct ConnectArgs {
    /// The merchant token: Seller Central, Settings, Account Info, Merchant Token.
    #[arg(long, value_name = "SELLER", value_parser = merchant_token)]
    seller: SellerId,
    /// The client id of the app: Seller Central, Develop Apps, View under LWA credentials.
    #[arg(long, value_name = "APP")]
    app: AppId,
    /// What to call the seller [default: its id]
    #[arg(long, value_name = "NAME", value_parser = alias::parse)]
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
    /// It is another account, although its store is called as that of a connected one.
    #[arg(long)]
    another_account: bool,
    /// Leave the back-fill of 35 days to `renown up`.
    #[arg(long)]
    no_wait: bool,
    /// Another address in Amazon's place, such as a simulator's.
    #[arg(long, value_name = "URL")]
    amazon: Option<String>,
}

/// Runs `renown connect`.
///
/// # Errors
///
/// With the step that failed and what to do; what was done before stays, and the same command
/// goes on.
pub async fn run(desk: &mut Desk<'_>, args: ConnectArgs) -> anyhow::Result<()> {
    if desk.aws.is_some() {
        refuse_what_the_stack_says(&args)?;
    } else {
        begin(desk, &args).await?;
    }
    let app_secret =
        secret(desk, "RENOWN_CLIENT_SECRET", &text!("secret of the app", "应用的密钥(client secret)"))?;
    let open = desk.open_to_call().await?;
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
    let sells = find_region(desk, spapi, &args, &credentials).await?;
    if !args.another_account {
        twins::refuse_same_store(&open.app.ledger, &args.seller, &sells.store_names).await?;
    }
    let region = sells.region;
    let caller = Caller { seller: args.seller.clone(), region, credentials };
    roles::check(desk, spapi, &caller, sells.marketplaces[0]).await?;
    spapi.check_clock().told(|| text!("this machine's clock is wrong", "本机时钟不准"))?;

    let mut seller = settings(&open, &args, sells).await?;
    open.app.secrets.store(Scope::Listen, &seller.id, &caller.credentials).await?;
    let is_live = open.app.ledger.control(open.now).await?.control().live_since(&seller.id).is_some();
    if is_live {
        twins::refuse_twin(&open.app.ledger, &seller).await?;
        open.app.secrets.store(Scope::Live, &seller.id, &caller.credentials).await?;
    }
    let queues = match open.place.aws() {
        Some(aws) => Some(subscriptions::of_stack(&aws.stack)?),
        None => args.queue.as_ref().map(subscriptions::all_to),
    };
    if let Some(queues) = &queues {
        subscriptions::subscribe(desk, spapi, &caller, queues, &mut seller, open.now).await?;
    }
    open.app.ledger.put_seller(&seller).await?;
    let (shown, alias) = (&open.place, &seller.alias);
    step(
        desk,
        &text!(
            "{alias} is connected; its secret lies encrypted in {shown}",
            "{alias} 已连接;密钥已加密存放在 {shown}"
        ),
    )?;
    if !args.no_wait {
        back_fill::wait(desk, &open, &seller).await?;
    }
    desk.json(&json!({"seller_id": seller.id, "alias": seller.alias, "region": region.to_string(),
        "marketplaces": seller.marketplaces, "live": is_live, "notified": seller.notified_since.is_some()}))?;
    let Text { en, zh } = open.place.worker();
    desk.say(&text!(
        "It listens: {en} keep it current, `renown plan` shows who would be asked when, `renown mode live` begins to ask.",
        "目前为监听模式:{zh} 保持数据更新,`renown plan` 显示将在何时请求谁,`renown mode live` 开始请求。"
    ))
}

/// Tells that a step is done.
pub(super) fn step(desk: &mut Desk<'_>, text: &Text) -> anyhow::Result<()> {
    let Text { en, zh } = text;
    desk.say(&text!("✓ {en}", "✓ {zh}"))
}

/// On AWS the stack names its own queues, and what stands in Amazon's place.
fn refuse_what_the_stack_says(args: &ConnectArgs) -> anyhow::Result<()> {
    if args.queue.is_some() || args.amazon.is_some() {
        return Err(Trouble::usage(text!(
            "on AWS the stack has its own queues and its parameter AmazonUrl: leave --queue and --amazon out",
            "在 AWS 上,队列与 AmazonUrl 参数由部署的系统决定:请去掉 --queue 和 --amazon"
        ))
        .into());
    }
    Ok(())
}

/// The folder, with the address that its sellers are called at.
async fn begin(desk: &mut Desk<'_>, args: &ConnectArgs) -> anyhow::Result<()> {
    world::endpoints(args.amazon.as_deref())?;
    let wanted = Kind::Shop { amazon: args.amazon.clone() };
    let there = Folder::kind_in(&desk.data)?;
    let is_same = match &there {
        // A folder that files were imported into becomes one that is connected.
        Some(Kind::Shop { amazon }) => args.amazon.is_none() || *amazon == args.amazon,
        _ => false,
    };
    if is_same {
        return Folder::existing(&desk.data).map(drop);
    }
    if matches!(there, Some(Kind::Shop { .. })) {
        // Imported or restored: nobody is called for it yet, so it may be called elsewhere.
        let secrets = Folder::existing(&desk.data)?.file(world::SECRETS);
        if !has_files(&secrets) {
            let folder = Folder::existing(&desk.data)?;
            return folder.turn_into(&wanted);
        }
    }
    let folder = Folder::to_work_in(&desk.data, &wanted)?;
    let _lock = folder.claim(&wanted)?;
    world::open_table(&folder.table())?.create_table().await
}

/// The seller's settings: those that are there, with what was found now.
async fn settings(open: &Open, args: &ConnectArgs, sells: Sells) -> anyhow::Result<Seller> {
    let Sells { region, marketplaces, store_names } = sells;
    let sellers = open.app.ledger.sellers().await?;
    alias::refuse_taken(&sellers, &args.seller, args.alias.as_deref().unwrap_or(args.seller.as_str()))?;
    let before = sellers.into_iter().find(|seller| seller.id == args.seller);
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
        store_names: std::collections::BTreeMap::new(),
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
    seller.store_names = store_names;
    seller.secret_since = Some(open.now);
    seller.authorised_at = Some(open.now);
    Ok(seller)
}

/// Whether a folder holds a file, however deep.
fn has_files(folder: &std::path::Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() { has_files(&path) } else { true }
    })
}

/// A merchant token as Amazon makes them. Files may be imported under a shorter name.
fn merchant_token(text: &str) -> Result<SellerId, String> {
    let wrong = || {
        format!(
            "`{text}` is no merchant token: it has 10 to 20 capital letters and digits; copy it from Seller Central, Settings, Account Info, Merchant Token"
        )
    };
    if is_merchant_token(text) { text.parse().map_err(|_| wrong()) } else { Err(wrong()) }
}

/// Whether an id has the form of Amazon's merchant tokens.
pub(crate) fn is_merchant_token(id: &str) -> bool {
    (10..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
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
