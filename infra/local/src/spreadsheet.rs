//! Orders as a table for Excel: CSV with a byte-order mark, on the operator's clock.

use std::io::Write;

use jiff::Timestamp;
use renown_core::order::Order;
use renown_core::overview::view;
use renown_core::say::{self, Text, Word};
use renown_core::text;
use renown_io::ledger::Ledger;

use crate::events::newest_estimate;
use crate::style::Style;

/// Without it Excel takes UTF-8 for the code page of the machine.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// How many rows were written, and how many orders could not be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// Rows.
    pub written: u64,
    /// Orders, or sellers with all their orders, that cannot be read; `renown plan` names them.
    pub unreadable: u64,
}

/// Writes every order of every seller, one a row. The orders are read page by page.
///
/// # Errors
///
/// If the table does not answer, or `out` does not take it.
pub async fn write(
    ledger: &Ledger,
    now: Timestamp,
    style: &Style,
    mut out: impl Write,
    mut tell: impl FnMut(u64),
) -> anyhow::Result<Rows> {
    out.write_all(BYTE_ORDER_MARK)?;
    // Excel ends its rows so.
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(headings(style))?;
    let (mut rows, mut broken) = (Rows::default(), None);
    let control = ledger.control(now).await?.control().clone();
    for seller in ledger.all_sellers().await? {
        let Ok(seller) = seller else {
            rows.unreadable += 1;
            continue;
        };
        // As `renown plan` does: without its rules the defaults judge.
        let rules = ledger.rules(&seller).await.unwrap_or_default();
        let products = ledger.products(&seller.id).await.unwrap_or_default();
        let name = |order: &Order| {
            let names = order.facts.skus.iter().filter_map(|sku| Some(products.get(sku)?.name.as_str()));
            names.collect::<Vec<_>>().join(" / ")
        };
        ledger
            .each_order(&seller.id, |order| {
                let Ok(stored) = order else {
                    rows.unreadable += 1;
                    return;
                };
                let view = view(&stored.order, &rules, &control, now);
                let row = row(&stored.order, &view, &seller.alias, &name(&stored.order), style);
                match csv.write_record(row.iter().map(|cell| harmless(cell))) {
                    Ok(()) => rows.written += 1,
                    Err(error) => broken = Some(error),
                }
                if rows.written % 1000 == 0 {
                    tell(rows.written);
                }
            })
            .await?;
        if let Some(error) = broken {
            return Err(error.into());
        }
    }
    csv.flush()?;
    Ok(rows)
}

/// The headings; moments name their clock.
fn headings(style: &Style) -> [String; 15] {
    let zone = style.zone_name();
    let heading = |text: Text| style.say(&text).to_owned();
    [
        heading(text!("order", "订单号")),
        heading(text!("shop", "店铺")),
        heading(text!("seller id", "卖家 ID")),
        heading(text!("marketplace", "站点")),
        heading(text!("state", "状态")),
        heading(text!("reason code", "原因代码")),
        heading(text!("reason", "原因")),
        heading(text!("date ({zone})", "日期({zone})")),
        heading(text!("not after ({zone})", "最晚({zone})")),
        heading(text!("delivery estimate ({zone})", "预计送达({zone})")),
        heading(text!("source of the estimate", "预计依据")),
        heading(text!("confidence", "可信度")),
        heading(text!("SKUs", "SKU")),
        heading(text!("item", "商品")),
        heading(text!("rules version", "规则版本")),
    ]
}

fn row(
    order: &Order,
    view: &renown_core::overview::OrderView,
    alias: &str,
    item: &str,
    style: &Style,
) -> [String; 15] {
    let lang = style.lang;
    let moment = |at: Option<Timestamp>| at.map_or_else(String::new, |at| style.cell(at));
    let estimate = newest_estimate(order);
    let texts: Vec<_> = view.reasons.iter().map(|code| say::reason(lang, code)).collect();
    let skus: Vec<_> = order.facts.skus.iter().map(renown_core::ids::Sku::as_str).collect();
    let between = match lang {
        say::Lang::En => "; ",
        say::Lang::Zh => ";",
    };
    let version = order.rules_version;
    [
        order.id.to_string(),
        alias.to_owned(),
        order.seller.to_string(),
        view.marketplace_id.map_or("", |marketplace| marketplace.info().country).to_owned(),
        say::group(lang, view.state).to_owned(),
        view.reasons.first().cloned().unwrap_or_default(),
        texts.join(between),
        moment(view.at),
        moment(view.not_after),
        moment(estimate.map(|estimate| estimate.at)),
        estimate.map_or("", |estimate| say::source(lang, estimate.source)).to_owned(),
        estimate.map_or("", |estimate| say::confidence(lang, estimate.confidence)).to_owned(),
        skus.join(" "),
        item.to_owned(),
        if version == 0 { style.word(Word::DefaultRules).to_owned() } else { version.to_string() },
    ]
}

/// A text that Excel shows and does not run: one that begins like a formula is led by an
/// apostrophe. Names of products come from files that others may have written.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_like_a_formula_is_no_formula() {
        assert_eq!(harmless("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("Oak lamp - large"), "Oak lamp - large");
    }
}
