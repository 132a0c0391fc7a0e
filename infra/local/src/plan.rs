//! `renown plan`: where every order stands, what the days ahead bring, and sums that add up.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use renown_core::ids::SellerId;
use renown_core::order::State;
use renown_core::overview::{Group, OrderView};
use renown_core::policy::capacity::{self, Forecast, Planned};
use renown_core::say::{self, Lang, Word};
use serde_json::json;

use crate::lines::{table, utc};
use crate::views::Shop;

/// Rows and days shown to a person who did not ask for all.
const SHOWN: usize = 25;

/// How to show the plan.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// In which language.
    pub lang: Lang,
    /// For a program: one object with `totals` and `orders`.
    pub json: bool,
    /// Every order, not only the next open ones.
    pub all: bool,
}

/// Prints the plan.
///
/// # Errors
///
/// If it cannot be printed.
pub fn print(shop: &Shop, style: Style, out: &mut dyn Write) -> anyhow::Result<()> {
    if style.json {
        let orders: Vec<_> = shop.orders.iter().map(|order| shop.object(order)).collect();
        let mut plan = json!({"totals": shop.totals(), "orders": orders, "reports": shop.reports});
        if !shop.unreadable.is_empty() {
            plan["unreadable"] = json!(shop.unreadable);
        }
        writeln!(out, "{plan}")?;
        return Ok(());
    }
    write!(out, "{}", text(shop, style))?;
    Ok(())
}

fn text(shop: &Shop, style: Style) -> String {
    let lang = style.lang;
    let mut text = format!("{}, {}\n\n", utc(shop.now), shops(shop, lang));
    text.push_str(&table(&shop.totals(), lang));
    text.push('\n');
    for report in &shop.reports {
        let as_of = report.as_of.map_or_else(|| "–".to_owned(), utc);
        push(
            &mut text,
            format_args!(
                "  {}  {}  {} {as_of}  ({} {} h)\n",
                shop.alias(&report.seller_id),
                report.report,
                say::word(lang, Word::AsOf),
                say::word(lang, Word::Every),
                report.every_hours,
            ),
        );
    }
    for problem in &shop.unreadable {
        push(&mut text, format_args!("! {problem}\n"));
    }
    days_ahead(&mut text, shop, style);
    rows(&mut text, shop, style);
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
    let shops =
        shop.sellers.iter().map(|seller| format!("{} {} ({})", seller.alias, seller.id, mode(&seller.id)));
    shops.collect::<Vec<_>>().join(", ")
}

/// The forecast of each seller: those that are live, since nothing of the others is asked.
fn forecasts(shop: &Shop) -> BTreeMap<SellerId, Forecast> {
    let live = shop.sellers.iter().filter(|seller| shop.control.live_since(&seller.id).is_some());
    let forecast = |seller: &SellerId| {
        let of_seller = shop.orders.iter().filter(|order| order.seller == *seller);
        let planned = of_seller.filter_map(|order| {
            let State::Planned { due_at, not_after, .. } = order.state else { return None };
            Some(Planned { id: order.id.clone(), marketplace: order.marketplace()?, due_at, not_after })
        });
        capacity::forecast(planned.collect(), shop.rules(seller), shop.now)
    };
    live.map(|seller| (seller.id.clone(), forecast(&seller.id))).collect()
}

fn days_ahead(text: &mut String, shop: &Shop, style: Style) {
    let lang = style.lang;
    let forecasts = forecasts(shop);
    let mut days: Vec<(Date, &SellerId, &capacity::Day)> = forecasts
        .iter()
        .flat_map(|(seller, forecast)| forecast.days.iter().map(move |(date, day)| (*date, seller, day)))
        .filter(|(_, _, day)| day.due > 0 || day.asked > 0)
        .collect();
    days.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    if days.is_empty() {
        return;
    }
    push(text, format_args!("\n{} (UTC)\n", say::word(lang, Word::DaysAhead)));
    for (date, seller, day) in days.iter().take(shown(days.len(), style)) {
        push(
            text,
            format_args!(
                "  {date}  {} {:>5}  {} {:>5}  {} {:>6}  {}\n",
                say::word(lang, Word::Due),
                day.due,
                say::word(lang, Word::WillAsk),
                day.asked,
                say::word(lang, Word::Capacity),
                day.capacity,
                shop.alias(seller),
            ),
        );
    }
    more(text, days.len(), style);
    for (seller, forecast) in forecasts.iter().filter(|(_, forecast)| !forecast.will_not_fit.is_empty()) {
        let n = forecast.will_not_fit.len();
        push(text, format_args!("  ! {}: {} {n}\n", shop.alias(seller), say::word(lang, Word::WillNotFit)));
    }
}

fn shown(n_all: usize, style: Style) -> usize {
    if style.all { n_all } else { n_all.min(SHOWN) }
}

fn more(text: &mut String, n_all: usize, style: Style) {
    let hidden = n_all - shown(n_all, style);
    if hidden > 0 {
        push(text, format_args!("  … {hidden} {} (--all)\n", say::word(style.lang, Word::More)));
    }
}

/// Orders: all of them, or the open ones whose turn comes next.
fn rows(text: &mut String, shop: &Shop, style: Style) {
    let lang = style.lang;
    let mut views = shop.views();
    views.retain(|view| style.all || view.state == Group::Open);
    // What waits for something has no date and goes last.
    views.sort_by_key(|view| (view.at.unwrap_or(Timestamp::MAX), view.order_id.clone()));
    push(text, format_args!("\n{}\n", say::word(lang, Word::Orders)));
    for view in views.iter().take(shown(views.len(), style)) {
        row(text, shop, view, lang);
    }
    more(text, views.len(), style);
}

fn row(text: &mut String, shop: &Shop, view: &OrderView, lang: Lang) {
    let moment = |at: Timestamp| at.strftime("%m-%d %H:%M").to_string();
    let why: Vec<_> = view.reasons.iter().map(|code| say::reason(lang, code)).collect();
    push(
        text,
        format_args!(
            "  {:<19}  {:<2}  {}  {:<11}  {:<13}  {}  {}\n",
            view.order_id.as_str(),
            view.marketplace_id.map_or("", |marketplace| marketplace.info().country),
            padded(say::group(lang, view.state), 8),
            view.at.map_or(String::new(), moment),
            view.not_after.map_or(String::new(), |at| format!("≤ {}", moment(at))),
            why.join("; "),
            shop.alias(&view.seller_id),
        ),
    );
}

/// A text with blanks up to a width on the screen, where a Chinese character takes two.
fn padded(text: &str, width: usize) -> String {
    let taken: usize = text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(taken)))
}
