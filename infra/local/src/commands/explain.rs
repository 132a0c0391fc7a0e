//! `renown explain ORDER`: one order's story.

mod shop;

use std::fmt::Display;
use std::io::Write;

use clap::Args;
use jiff::Timestamp;
use renown_core::delivery;
use renown_core::ids::{InvalidId, OrderId, Sku};
use renown_core::order::{Order, Shipped};
use renown_core::say::{self, Lang, Text, Word};
use renown_core::text;
use serde_json::{Value, json};

use crate::buyers_clock::local;
use crate::desk::Desk;
use crate::events::{newest_estimate, sentence, word_of};
use crate::refuse;
use crate::style::Style;
use crate::told::Trouble;
use crate::views::Shop;

/// Tell one order's story: why it was, was not, or is not yet asked.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  renown explain 302-1234567-1234567\n  renown explain 1001 --shop tea")]
pub struct ExplainArgs {
    /// The order, as Amazon writes it, or by the id of a shop of your own.
    #[arg(value_name = "ORDER")]
    order: String,
    /// A shop of your own, whose order it is.
    #[arg(long, value_name = "SHOP")]
    shop: Option<String>,
}

/// Runs `renown explain`.
///
/// # Errors
///
/// If there is no shop, the order is not known, or nothing can be printed.
pub async fn run(desk: &mut Desk<'_>, args: ExplainArgs) -> anyhow::Result<()> {
    if let Some(named) = &args.shop {
        return shop::run(desk, named, &args.order).await;
    }
    let order: OrderId = args.order.parse().map_err(|error: InvalidId| {
        let word = error.text();
        Trouble::usage(text!(
            "{word:?} is no order of Amazon's, which look like 123-1234567-1234567; an order of a shop of your own is named with --shop SHOP",
            "{word:?} 不是亚马逊订单号(形如 123-1234567-1234567);自有店铺的订单请加 --shop 店铺"
        ))
    })?;
    let open = desk.open().await?;
    let shop = Shop::load_around(&open.app.ledger, open.now, &order).await?;
    print(&shop, &open.place, &order, &desk.style, desk.out)
}

/// Prints the story of an order, for a person or for a program.
///
/// # Errors
///
/// If the order is not known or cannot be read, or nothing can be printed.
pub fn print(
    shop: &Shop,
    place: &dyn Display,
    id: &OrderId,
    style: &Style,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    // The same account may be here under several ids.
    let orders: Vec<_> = shop.orders.iter().filter(|order| order.id == *id).collect();
    let [order, others @ ..] = &orders[..] else {
        let shown = place;
        // An item that cannot be read may well be this one.
        if let Some(Text { en, zh }) = shop.unreadable.iter().find(|text| text.en.contains(id.as_str())) {
            refuse!(
                "order {id} is in {shown}, but {en}; update `renown`, or put a copy of the table back",
                "{shown} 中有订单 {id},但{zh};请更新 renown,或恢复数据表的副本"
            );
        }
        let n = shop.unreadable.len();
        if n > 0 {
            refuse!(
                "no order {id} can be read in {shown}, where {n} items cannot be read at all (`renown plan` lists them); it may be among them",
                "{shown} 中读不到订单 {id},另有 {n} 个条目完全无法读取(`renown plan` 会列出);它可能在其中"
            );
        }
        refuse!(
            "no order {id} in {shown}: compare the id with Seller Central; an order that is new there comes with its notification or with the next report, within a day (`renown plan --all` lists every order)",
            "{shown} 中没有订单 {id}:请与卖家平台核对订单号;新订单会随通知或下一份报告在一天内到达(`renown plan --all` 列出全部订单)"
        );
    };
    if style.json {
        let mut told = object(shop, order, style.lang);
        if !others.is_empty() {
            told["elsewhere"] = others.iter().map(|order| object(shop, order, style.lang)).collect();
        }
        writeln!(out, "{told}")?;
        return Ok(());
    }
    for order in &orders {
        write!(out, "{}", text(shop, order, style))?;
    }
    Ok(())
}

fn object(shop: &Shop, order: &Order, lang: Lang) -> Value {
    let mut told = shop.object(order);
    told["facts"] = facts_object(order);
    told["rules_version"] = json!(order.rules_version);
    told["arm"] = json!(order.arm);
    told["window"] =
        match delivery::estimate(&order.facts).map(|estimate| delivery::window(&order.facts, &estimate)) {
            Some(window) => json!({"opens": window.opens, "closes": window.closes}),
            None => Value::Null,
        };
    let entries = order.trail.entries().iter().map(|entry| {
        json!({"step": word_of(entry.step), "at": entry.at, "last": entry.last, "count": entry.count,
            "detail": entry.detail, "text": sentence(entry, order, lang)})
    });
    told["trail"] = entries.collect();
    told
}

/// What is known, under the names that the code and the documents use.
fn facts_object(order: &Order) -> Value {
    let facts = &order.facts;
    let promise = facts.promise.as_ref().map(|promise| {
        json!({"earliest": promise.value.earliest, "latest": promise.value.latest, "told_at": promise.at})
    });
    let delivered = facts.delivered.as_ref().map(|seen| json!({"by": seen.value, "seen_at": seen.at}));
    let parcels = facts.parcels.as_ref().map(|look| json!({"state": look.value, "looked_at": look.at}));
    json!({
        "purchased_at": facts.purchased_at,
        "channel": facts.channel,
        "status": facts.status,
        "promise": promise,
        "shipped_at": facts.shipped.map(Shipped::at),
        "estimated_arrival": facts.estimated_arrival,
        "delivered": delivered,
        "parcels": parcels,
        "skus": facts.skus,
        "asins": facts.asins,
        "programs": facts.programs,
        "replacement": facts.replacement,
        "non_amazon": facts.non_amazon,
        "seen_in": order.seen_in,
    })
}

fn text(shop: &Shop, order: &Order, style: &Style) -> String {
    let (lang, utc) = (style.lang, |at| style.moment(at));
    let mut lines = Vec::new();
    let mut say = |word, what: String| lines.push(format!("  {}: {what}", say::word(lang, word)));
    let view = shop.view(order);
    let state = say::group(lang, view.state);
    let moment = |at: Timestamp| match order.marketplace() {
        Some(marketplace) => format!("{} ({})", utc(at), local(at, marketplace, lang)),
        None => utc(at),
    };
    say(Word::State, view.at.map_or(state.to_owned(), |at| format!("{state}, {}", moment(at))));
    let reasons: Vec<_> = view.reasons.iter().map(|code| say::reason(lang, code)).collect();
    say(Word::Why, reasons.join("; "));
    match newest_estimate(order) {
        Some(estimate) => {
            let (source, trust) =
                (say::source(lang, estimate.source), say::confidence(lang, estimate.confidence));
            let trust = format!("{} {trust}", say::word(lang, Word::Confidence));
            say(Word::Delivery, format!("{}, {source} ({trust})", moment(estimate.at)));
            let window = delivery::window(&order.facts, &estimate);
            say(Word::Window, format!("{} – {}", utc(window.opens), utc(window.closes)));
        }
        None => say(Word::Delivery, say::word(lang, Word::Unknown).to_owned()),
    }
    let facts = facts(shop, order, style);
    say(Word::Facts, facts.join(", "));
    let version = order.rules_version;
    let rules = match version {
        0 => format!("0 ({})", say::word(lang, Word::DefaultRules)),
        version => version.to_string(),
    };
    say(Word::RulesVersion, rules);
    if let Some(arm) = &order.arm {
        say(Word::TestArm, arm.clone());
    }
    let story = order.trail.entries().iter().map(|entry| {
        let said = sentence(entry, order, lang);
        match entry.last {
            None => format!("    {}  {said}", utc(entry.at)),
            Some(last) => {
                let (times, until) = (say::word(lang, Word::Times), say::word(lang, Word::LastOn));
                format!("    {}  {said} ({} {times}, {until} {})", utc(entry.at), entry.count, utc(last))
            }
        }
    });
    let head = format!(
        "{} {}  {}  {}",
        say::word(lang, Word::Order),
        order.id,
        shop.alias(&order.seller),
        order.marketplace().map_or("", |marketplace| marketplace.info().sales_channel),
    );
    let story: Vec<_> = story.collect();
    format!("{head}\n{}\n  {}:\n{}\n", lines.join("\n"), say::word(lang, Word::Story), story.join("\n"))
}

/// What is known of it, in a few words each.
fn facts(shop: &Shop, order: &Order, style: &Style) -> Vec<String> {
    let (lang, utc) = (style.lang, |at| style.moment(at));
    let facts = &order.facts;
    let mut told = Vec::new();
    let mut at = |word, at: Option<Timestamp>| {
        told.extend(at.map(|at| format!("{} {}", say::word(lang, word), utc(at))));
    };
    at(Word::Bought, facts.purchased_at);
    at(Word::Shipped, facts.shipped.map(Shipped::at));
    at(Word::ExpectedArrival, facts.estimated_arrival);
    at(Word::Delivered, facts.delivered.as_ref().map(|delivered| delivered.at));
    if let Some(promise) = &facts.promise {
        let (from, to) = (utc(promise.value.earliest), utc(promise.value.latest));
        told.push(format!("{} {from} – {to}", say::word(lang, Word::Promised)));
    }
    told.extend(facts.status.map(|status| say::status(lang, status).to_owned()));
    told.extend(facts.channel.map(|channel| say::channel(lang, channel).to_owned()));
    told.extend(facts.parcels.as_ref().map(|look| say::parcels(lang, look.value).to_owned()));
    if !facts.skus.is_empty() {
        let named = |sku: &Sku| match shop.item_name(&order.seller, sku) {
            Some(name) => format!("{sku} ({name})"),
            None => sku.to_string(),
        };
        let items: Vec<_> = facts.skus.iter().map(named).collect();
        told.push(format!("{} {}", say::word(lang, Word::Items), items.join(" ")));
    }
    if !facts.programs.is_empty() {
        let programs: Vec<_> = facts.programs.iter().cloned().collect();
        told.push(format!("{} {}", say::word(lang, Word::Programs), programs.join(" ")));
    }
    told
}
