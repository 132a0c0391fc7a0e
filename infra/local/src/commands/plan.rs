//! `renown plan`: where every order stands, what the days ahead bring, and sums that add up.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use renown_core::ids::SellerId;
use renown_core::order::{Order, State};
use renown_core::overview::{Group, OrderView, Totals};
use renown_core::policy::capacity::{self, Forecast, Planned};
use renown_core::policy::timing;
use renown_core::say::{self, Lang, Text, Word};
use renown_core::text;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::commands::import::NOT_CONNECTED;
use crate::desk::{Desk, choose};
use crate::lines::table;
use crate::style::{Style, padded};
use crate::views::{AsOf, Shop};

/// Rows and days shown to a person who did not ask for all.
const SHOWN: usize = 25;

/// Characters of an item's name that a row has room for.
const NAME_SHOWN: usize = 20;
/// Days ahead that are foretold where nobody says how many: the window of most orders.
const DAYS: u16 = 30;

/// Where every order stands, what the days ahead bring, and sums that add up.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown plan\n  renown plan --seller 'Morning Home' --days 7\n  renown plan --at 2026-12-24T12:00:00Z --all\n  renown plan --json | jq .totals"
)]
pub struct PlanArgs {
    /// Every order, not only the open ones whose turn comes next.
    #[arg(long)]
    all: bool,
    /// One seller: its id or alias.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
    /// As of another moment, such as 2026-12-24T12:00:00Z: what has expired by then.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Timestamp>,
    /// How many days ahead to foretell.
    #[arg(long, value_name = "N", default_value_t = DAYS, allow_negative_numbers = true)]
    days: u16,
}

/// How much of the plan to show.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Every order, not only the next open ones.
    pub all: bool,
    /// How many days ahead.
    pub days: u16,
}

/// Runs `renown plan`.
///
/// # Errors
///
/// If there is no shop, its table does not answer, or nothing can be printed.
pub async fn run(desk: &mut Desk<'_>, args: PlanArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let mut shop = Shop::load(&open.app.ledger, args.at.unwrap_or(open.now)).await?;
    if let Some(named) = &args.seller {
        let seller = choose(&shop.sellers, Some(named))?.id.clone();
        shop.keep(&seller);
    }
    print(&shop, Extent { all: args.all, days: args.days }, &desk.style, desk.out)
}

/// Prints the plan.
///
/// # Errors
///
/// If it cannot be printed.
pub fn print(shop: &Shop, extent: Extent, style: &Style, out: &mut dyn Write) -> anyhow::Result<()> {
    if style.json {
        let plan = Object {
            days: days_object(shop, extent),
            orders: Orders(shop),
            reports: &shop.reports,
            totals: shop.totals(),
            unreadable: &shop.unreadable,
        };
        let mut out = BufWriter::new(out);
        serde_json::to_writer(&mut out, &plan).map_err(io::Error::from)?;
        writeln!(out)?;
        out.flush()?;
        return Ok(());
    }
    write!(out, "{}", text(shop, extent, style))?;
    Ok(())
}

/// The plan as a program sees it.
#[derive(Serialize)]
struct Object<'a> {
    days: Value,
    orders: Orders<'a>,
    reports: &'a [AsOf],
    totals: Totals,
    #[serde(skip_serializing_if = "<[Text]>::is_empty")]
    unreadable: &'a [Text],
}

/// Written one by one, so that a million orders are not held a second time.
struct Orders<'a>(&'a Shop);

impl Serialize for Orders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.orders.iter().map(|order| self.0.object(order)))
    }
}

fn text(shop: &Shop, extent: Extent, style: &Style) -> String {
    let lang = style.lang;
    let mut text = format!("{}, {}\n\n", style.moment(shop.now), shops(shop, lang));
    text.push_str(&table(&shop.totals(), lang));
    text.push('\n');
    // Nobody asks Amazon for reports of a seller that is not connected.
    let is_asked_for = |report: &&AsOf| {
        let seller = shop.sellers.iter().find(|seller| seller.id == report.seller_id);
        report.as_of.is_some() || seller.is_none_or(|seller| seller.app.as_str() != NOT_CONNECTED)
    };
    for report in shop.reports.iter().filter(is_asked_for) {
        let as_of = report.as_of.map_or_else(|| "–".to_owned(), |at| style.moment(at));
        push(
            &mut text,
            format_args!(
                "  {}  {}  {} {as_of}  ({} {} {})\n",
                shop.alias(&report.seller_id),
                style.say(&renown_io::say::report(report.report)),
                say::word(lang, Word::AsOf),
                say::word(lang, Word::Every),
                report.every_hours,
                say::word(lang, Word::Hours),
            ),
        );
    }
    for problem in &shop.unreadable {
        push(&mut text, format_args!("! {}\n", style.say(problem)));
    }
    days_ahead(&mut text, shop, extent, style);
    rows(&mut text, shop, extent, style);
    text
}

/// Writing to a `String` cannot fail.
fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}

fn shops(shop: &Shop, lang: Lang) -> String {
    let mode = |seller: &SellerId| {
        if shop.control.live_since(seller).is_none() {
            say::word(lang, Word::Listening)
        } else if shop.control.seller_stop(seller).is_some() {
            say::word(lang, Word::Stopped)
        } else {
            say::word(lang, Word::Live)
        }
    };
    if shop.sellers.is_empty() {
        return say::word(lang, Word::NoSeller).to_owned();
    }
    let shops =
        shop.sellers.iter().map(|seller| format!("{} {} ({})", seller.alias, seller.id, mode(&seller.id)));
    shops.collect::<Vec<_>>().join(", ")
}

/// The forecast of each seller; of one that listens, what it would be if it were live.
fn forecasts(shop: &Shop, zone: &TimeZone) -> BTreeMap<SellerId, Forecast> {
    let forecast = |seller: &SellerId| {
        let of_seller = shop.orders.iter().filter(|order| order.seller == *seller);
        let planned = of_seller.filter_map(|order| {
            let State::Planned { due_at, not_after, empty, .. } = order.state else { return None };
            // What Amazon has not offered so far is looked at daily; that is no request.
            if empty > 0 || !goes_first(shop, order) {
                return None;
            }
            Some(Planned { id: order.id.clone(), marketplace: order.marketplace()?, due_at, not_after })
        });
        capacity::forecast(planned.collect(), shop.rules(seller), shop.now, zone)
    };
    shop.sellers.iter().map(|seller| (seller.id.clone(), forecast(&seller.id))).collect()
}

fn goes_first(shop: &Shop, order: &Order) -> bool {
    let rule = timing::rule(&order.facts, shop.rules(&order.seller));
    timing::goes_first(&order.id, &order.facts, rule)
}

/// Orders with a date that are in no forecast: those that Amazon has offered no request for so
/// far, and those that the rules leave out for now.
fn not_counted(shop: &Shop) -> (usize, usize) {
    let (mut nothing_offered, mut left_out) = (0, 0);
    for order in &shop.orders {
        match order.state {
            State::Planned { .. } if !goes_first(shop, order) => left_out += 1,
            State::Planned { empty, .. } if empty > 0 => nothing_offered += 1,
            _ => {}
        }
    }
    (nothing_offered, left_out)
}

/// The days ahead of all sellers, by date.
fn days<'a>(
    shop: &Shop,
    forecasts: &'a BTreeMap<SellerId, Forecast>,
    extent: Extent,
    zone: &TimeZone,
) -> Vec<(Date, &'a SellerId, &'a capacity::Day)> {
    let today = zone.to_datetime(shop.now).date();
    let last = today.saturating_add(i32::from(extent.days).saturating_sub(1).days());
    let mut days: Vec<_> = forecasts
        .iter()
        .flat_map(|(seller, forecast)| forecast.days.iter().map(move |(date, day)| (*date, seller, day)))
        .filter(|(date, _, day)| *date <= last && (day.due > 0 || day.asked > 0))
        .collect();
    days.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    days
}

/// For a program the days are those of UTC, as all its moments are.
fn days_object(shop: &Shop, extent: Extent) -> Value {
    let forecasts = forecasts(shop, &TimeZone::UTC);
    let days = days(shop, &forecasts, extent, &TimeZone::UTC);
    let days = days.iter().map(|(date, seller, day)| {
        json!({"date": date, "seller_id": seller, "due": day.due, "asked": day.asked, "capacity": day.capacity})
    });
    let days: Vec<_> = days.collect();
    let misfits: Vec<_> = forecasts.values().flat_map(|forecast| &forecast.will_not_fit).collect();
    let (nothing_offered, left_out) = not_counted(shop);
    json!({"ahead": days, "will_not_fit": misfits, "nothing_offered_yet": nothing_offered, "not_in_share": left_out})
}

fn days_ahead(text: &mut String, shop: &Shop, extent: Extent, style: &Style) {
    let forecasts = forecasts(shop, &style.zone);
    let days = days(shop, &forecasts, extent, &style.zone);
    let (nothing_offered, left_out) = not_counted(shop);
    if days.is_empty() && nothing_offered + left_out == 0 {
        return;
    }
    push(text, format_args!("\n{} ({})\n", style.word(Word::DaysAhead), style.zone_name()));
    if nothing_offered > 0 {
        let more = text!(
            "  + {nothing_offered:>5}  that Amazon has offered no request for so far: looked at daily",
            "  + {nothing_offered:>5}  亚马逊至今未提供请求入口:每天查看一次"
        );
        push(text, format_args!("{}\n", style.say(&more)));
    }
    if left_out > 0 {
        let more = text!(
            "  + {left_out:>5}  outside the share or the ASINs that go first: not asked until the rules say so",
            "  + {left_out:>5}  不在先行的份额或 ASIN 之内:规则放开之前不请求"
        );
        push(text, format_args!("{}\n", style.say(&more)));
    }
    for (date, seller, day) in &days {
        push(
            text,
            format_args!(
                "  {date}  {} {:>5}  {} {:>5}  {} {:>6}  {}\n",
                style.word(Word::Due),
                day.due,
                style.word(Word::WillAsk),
                day.asked,
                style.word(Word::Capacity),
                day.capacity,
                match shop.control.live_since(seller) {
                    Some(_) => shop.alias(seller).to_owned(),
                    None => format!("{} ({})", shop.alias(seller), style.word(Word::Listening)),
                },
            ),
        );
    }
    for (seller, forecast) in forecasts.iter().filter(|(_, forecast)| !forecast.will_not_fit.is_empty()) {
        let n = forecast.will_not_fit.len();
        let first: Vec<_> =
            forecast.will_not_fit.iter().take(3).map(renown_core::ids::OrderId::as_str).collect();
        push(
            text,
            format_args!(
                "  ! {}: {} {n} ({}{})\n",
                shop.alias(seller),
                style.word(Word::WillNotFit),
                first.join(", "),
                if n > first.len() { ", …" } else { "" },
            ),
        );
    }
}

fn shown(n_all: usize, extent: Extent) -> usize {
    if extent.all { n_all } else { n_all.min(SHOWN) }
}

fn more(text: &mut String, n_all: usize, extent: Extent, style: &Style) {
    let hidden = n_all - shown(n_all, extent);
    if hidden > 0 {
        push(text, format_args!("  … {hidden} {} (--all)\n", style.word(Word::More)));
    }
}

/// Orders: all of them, or the open ones whose turn comes next.
fn rows(text: &mut String, shop: &Shop, extent: Extent, style: &Style) {
    let listed = |order| {
        let view = shop.view(order);
        let is_shown = extent.all || view.state == Group::Open;
        // What waits for something has no date and goes last.
        is_shown.then(|| (view.at.unwrap_or(Timestamp::MAX), order))
    };
    let mut orders: Vec<(Timestamp, &Order)> = shop.orders.iter().filter_map(listed).collect();
    // Stable: orders of one moment stay in the order of their ids.
    orders.sort_by_key(|(at, _)| *at);
    push(text, format_args!("\n{} ({})\n", style.word(Word::Orders), style.zone_name()));
    for (_, order) in orders.iter().take(shown(orders.len(), extent)) {
        row(text, shop, &shop.view(order), style);
    }
    more(text, orders.len(), extent, style);
}

fn row(text: &mut String, shop: &Shop, view: &OrderView, style: &Style) {
    let lang = style.lang;
    let moment = |at: Timestamp| {
        let is_this_year = style.day(at).year() == style.day(shop.now).year();
        if is_this_year { style.short(at) } else { style.day(at).to_string() }
    };
    let why: Vec<_> = view.reasons.iter().map(|code| say::reason(lang, code)).collect();
    push(
        text,
        format_args!(
            "  {:<19}  {:<2}  {}  {:<11}  {:<13}  {}  {}{}\n",
            view.order_id.as_str(),
            view.marketplace_id.map_or("", |marketplace| marketplace.info().country),
            padded(say::group(lang, view.state), 8),
            view.at.map_or(String::new(), moment),
            view.not_after.map_or(String::new(), |at| format!("≤ {}", moment(at))),
            why.join("; "),
            shop.alias(&view.seller_id),
            items(shop, view),
        ),
    );
}

/// The items of an order, by the seller's names for them: `  LAMP (Oak lamp) +1`.
fn items(shop: &Shop, view: &OrderView) -> String {
    let Ok(at) = shop.orders.binary_search_by(|order| order.id.cmp(&view.order_id)) else {
        return String::new();
    };
    let order = &shop.orders[at];
    let Some(sku) = order.facts.skus.first() else { return String::new() };
    let name = shop.item_name(&order.seller, sku).map(|name| {
        let head: String = name.chars().take(NAME_SHOWN).collect();
        if head.len() < name.len() { format!(" ({head}…)") } else { format!(" ({head})") }
    });
    let more = order.facts.skus.len() - 1;
    let more = if more > 0 { format!(" +{more}") } else { String::new() };
    format!("  {sku}{}{more}", name.unwrap_or_default())
}

/// A moment as people write it for a program: RFC 3339.
fn moment(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("`{text}` is not a moment: write it as 2026-12-24T12:00:00Z"))
}
