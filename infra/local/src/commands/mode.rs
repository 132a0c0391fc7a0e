//! `renown mode`: let a seller or a shop listen, or go live, with what that will bring said before.

mod shop;

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use renown_core::ids::Asin;
use renown_core::order::{Order, State};
use renown_core::policy::capacity::{self, Planned};
use renown_core::policy::timing::{self, Context, Plan};
use renown_core::rules::Rules;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use serde_json::json;

use crate::commands::import::{NOT_CONNECTED, to_connect};
use crate::commands::rules::put;
use crate::desk::Desk;
use crate::refuse;
use crate::steer;
use crate::told::Trouble;
use crate::twins;
use crate::views::Shop;
use renown_core::ids::asin::FORM;

/// Let a seller, or a shop of your own, listen (all is shown, nothing is sent) or go live.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown mode listen --seller A1MORNINGHOME\n  renown mode live --seller A1MORNINGHOME --share 5\n  renown mode live --asins B0EXAMPLE1,B0EXAMPLE2 --yes\n  renown mode live --shop tea"
)]
pub struct ModeArgs {
    /// Which mode.
    mode: Mode,
    /// The seller: its id or alias; may be left out where there is one alone.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// A shop of your own, in place of a seller: its customers are written to.
    #[arg(long, value_name = "SHOP", conflicts_with_all = ["seller", "share", "asins"])]
    shop: Option<String>,
    /// Ask this share of the orders alone, in percent, drawn by a hash of the order id. Kept in
    /// the rules until it is set anew.
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true, value_parser = clap::value_parser!(u8).range(1..=100))]
    share: Option<u8>,
    /// Ask for orders of these ASINs alone; `all` asks for every ASIN again. Kept in the rules.
    #[arg(long, value_name = "ASIN,…", value_delimiter = ',', value_parser = asin)]
    asins: Option<Vec<String>>,
    /// Take over from a seller that is not connected and has the same orders: who was asked there
    /// or never is to be is carried over, and that seller is erased.
    #[arg(long)]
    take_over: bool,
    /// Go live without being asked again.
    #[arg(long)]
    yes: bool,
}

/// Which mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Decide and show everything, send nothing.
    Listen,
    /// Ask buyers.
    Live,
}

/// What going live brings.
#[derive(Debug, PartialEq, Eq)]
struct Prospect {
    /// Orders that will be asked.
    orders: usize,
    /// On the first and the last of these days.
    days: Option<(Date, Date)>,
    /// Orders left out by the share or the ASINs.
    left_out: usize,
}

/// Runs `renown mode`.
///
/// # Errors
///
/// If there is no such seller or shop, nobody says yes, or something cannot be written.
pub async fn run(desk: &mut Desk<'_>, args: ModeArgs) -> anyhow::Result<()> {
    if args.mode == Mode::Listen {
        refuse_what_is_for_live(&args)?;
    }
    let open = desk.open_to_call().await?;
    if let Some(named) = &args.shop {
        return shop::run(desk, &open, named, args.mode, args.yes).await;
    }
    let seller = open.seller(args.seller.as_deref()).await?;
    if args.mode == Mode::Listen {
        let done = steer::listen(&open.app, &seller.id).await?;
        desk.json(&json!({"seller_id": seller.id, "at": open.now, "done": desk.style.say(&done)}))?;
        return desk.say(&done);
    }
    if seller.app.as_str() == NOT_CONNECTED {
        let (alias, Text { en, zh }) = (&seller.alias, to_connect(&seller.id));
        refuse!(
            "{alias} is not connected, so nobody can be asked for it: {en}",
            "{alias} 尚未连接,无法发出请求:{zh}"
        );
    }
    if args.take_over && twins::take_over(desk, &open.app, &seller, args.yes, open.now).await? == 0 {
        let id = &seller.id;
        desk.say(&text!(
            "there is nothing to take over: no seller here that is not connected has orders of {id}",
            "没有可接管的内容:此处没有未连接的卖家拥有 {id} 的订单"
        ))?;
    }
    twins::refuse_twin(&open.app.ledger, &seller).await?;
    let now_in_force = open.app.ledger.rules(&seller).await?;
    let wanted = narrowed(&now_in_force, &args)?;
    let shop = Shop::load(&open.app.ledger, open.now).await?;
    let zone = if desk.style.json { &TimeZone::UTC } else { &desk.style.zone };
    let Prospect { orders, days, left_out } = prospect(&shop.orders, &seller, &wanted, open.now, zone);
    let alias = &seller.alias;
    let known = match orders {
        0 => text!("no order that is known so far will be asked", "目前已知的订单都不会被请求"),
        1 => text!("1 order that is known so far will be asked", "将请求目前已知的 1 个订单"),
        n => text!("{n} orders that are known so far will be asked", "将请求目前已知的 {n} 个订单"),
    };
    let (known_en, known_zh) = (known.en, known.zh);
    let over = match days {
        Some((first, last)) if first != last => text!(" between {first} and {last}", ",从 {first} 到 {last}"),
        Some((day, _)) => text!(" on {day}", ",在 {day}"),
        None => text!("", ""),
    };
    let (over_en, over_zh) = (over.en, over.zh);
    let rest = match left_out {
        0 => text!("", ""),
        n if orders == 0 => {
            text!("; {n} are outside the share or the ASINs", ";有 {n} 个不在份额或 ASIN 之内")
        }
        n => text!("; {n} more are outside the share or the ASINs", ";另有 {n} 个不在份额或 ASIN 之内"),
    };
    let (rest_en, rest_zh) = (rest.en, rest.zh);
    let new = if is_narrow(&wanted) {
        text!(
            "Of new orders, those within the share and the ASINs are asked when their day comes",
            "此后的新订单中,属于该份额和 ASIN 的到期时会请求"
        )
    } else {
        text!("Every new order is asked when its day comes", "此后每个新订单到期时都会请求")
    };
    let (new_en, new_zh) = (new.en, new.zh);
    let question = text!(
        "{alias}: {known_en}{over_en}{rest_en}. {new_en}. Go live?",
        "{alias}:{known_zh}{over_zh}{rest_zh}。{new_zh}。进入运行模式?"
    );
    // With a yes beforehand there is no question, but what it would say is said all the same.
    if args.yes {
        desk.say(&text!(
            "{alias}: {known_en}{over_en}{rest_en}. {new_en}.",
            "{alias}:{known_zh}{over_zh}{rest_zh}。{new_zh}。"
        ))?;
    }
    desk.confirm(&question, args.yes)?;
    if wanted != now_in_force {
        put(&open.app, &seller, &wanted).await?;
    }
    let done = steer::live(&open.app, &seller.id, open.now).await?;
    desk.json(&json!({"seller_id": seller.id, "at": open.now, "orders": orders, "left_out": left_out,
        "first_day": days.map(|days| days.0), "last_day": days.map(|days| days.1),
        "done": desk.style.say(&done)}))?;
    desk.say(&done)
}

/// A seller that listens asks nobody: there is nothing to be shared out or taken over.
fn refuse_what_is_for_live(args: &ModeArgs) -> anyhow::Result<()> {
    let given = [
        ("--share", args.share.is_some()),
        ("--asins", args.asins.is_some()),
        ("--take-over", args.take_over),
    ];
    if let Some((option, _)) = given.into_iter().find(|(_, is_given)| *is_given) {
        return Err(Trouble::usage(text!(
            "{option} goes with `renown mode live` alone: whoever listens asks nobody; leave it out",
            "{option} 只用于 `renown mode live`:监听模式不会请求任何人;请去掉它"
        ))
        .into());
    }
    Ok(())
}

/// An ASIN as Amazon makes them, or `all`.
fn asin(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("all") {
        return Ok("all".to_owned());
    }
    match renown_core::ids::asin::asin(text) {
        Some(asin) => Ok(asin.to_string()),
        None => Err(format!("`{text}` is no ASIN: {FORM}; all means every ASIN")),
    }
}

/// The rules with the share and the ASINs that are to go first.
fn narrowed(rules: &Rules, args: &ModeArgs) -> anyhow::Result<Rules> {
    let mut rules = rules.clone();
    let asins = match &args.asins {
        None => None,
        Some(words) if words.iter().any(|word| word == "all") => Some(BTreeSet::new()),
        Some(words) => Some(words.iter().map(|word| word.parse()).collect::<Result<BTreeSet<Asin>, _>>()?),
    };
    for rule in std::iter::once(&mut rules.default).chain(rules.marketplaces.values_mut()) {
        rule.share_percent = args.share.unwrap_or(rule.share_percent);
        rule.only_asins.clone_from(asins.as_ref().unwrap_or(&rule.only_asins.clone()));
    }
    Ok(rules)
}

/// Whether some orders are left out by a share or by ASINs.
fn is_narrow(rules: &Rules) -> bool {
    let mut all = std::iter::once(&rules.default).chain(rules.marketplaces.values());
    all.any(|rule| rule.share_percent < 100 || !rule.only_asins.is_empty())
}

/// What going live brings, by the days of `zone`.
fn prospect(orders: &[Order], seller: &Seller, rules: &Rules, now: Timestamp, zone: &TimeZone) -> Prospect {
    let context = Context { rules, live_since: Some(now), soon: false };
    let (mut planned, mut left_out) = (Vec::new(), 0);
    for order in orders.iter().filter(|order| order.seller == seller.id) {
        // What Amazon has not offered so far is looked at daily; that is no request.
        let State::Planned { empty: 0, .. } = order.state else { continue };
        let Plan::Ask(slot) = timing::plan(&order.id, &order.facts, context) else { continue };
        let Some(marketplace) = order.marketplace().filter(|_| slot.not_after >= now) else { continue };
        let rule = rules.of(marketplace);
        if !timing::goes_first(&order.id, &order.facts, rule) {
            left_out += 1;
            continue;
        }
        let due_at = slot.target.max(now);
        planned.push(Planned { id: order.id.clone(), marketplace, due_at, not_after: slot.not_after });
    }
    let orders = planned.len();
    let forecast = capacity::forecast(planned, rules, now, zone);
    let mut days = forecast.days.into_iter().filter(|(_, day)| day.asked > 0).map(|(date, _)| date);
    let first = days.next();
    let last = days.next_back().or(first);
    Prospect { orders, days: first.zip(last), left_out }
}
