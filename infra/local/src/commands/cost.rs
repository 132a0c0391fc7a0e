//! `renown cost`: what a month of orders costs on AWS.

use clap::Args;
use renown_core::say::Text;
use renown_core::text;
use serde_json::json;

use crate::cost::{Line, Prices};
use crate::desk::Desk;
use crate::settings::Settings;
use crate::style::padded;
use crate::told::Trouble;

/// The currency of the price list.
const USD: &str = "USD";
/// Columns of the names on the screen.
const NAME_WIDTH: usize = 28;

/// What a month of so many orders and mails costs on AWS: line by line, the sum, and the free tier
/// apart.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown cost --orders 50000\n  renown cost --orders 50000 --mails 10000\n  renown cost --orders 1000000 --currency CNY --per-usd 7.1"
)]
pub struct CostArgs {
    /// Orders of the month.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = orders)]
    orders: u64,
    /// Mails of the month to customers of shops of your own.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=1_000_000_000))]
    mails: u64,
    /// The currency to answer in, such as CNY [default: that of renown.toml, else USD]
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// What one US dollar costs in it, such as 7.1 [default: that of renown.toml]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true)]
    per_usd: Option<f64>,
}

/// Orders of a month as people write them: `50000`, `1_000_000`, `1,000,000`, `1e6`.
fn orders(text: &str) -> Result<u64, String> {
    let plain: String = text.chars().filter(|c| !['_', ','].contains(c)).collect();
    let (digits, zeros) = plain.split_once(['e', 'E']).unwrap_or((&plain, "0"));
    let number = digits.parse::<u64>().ok().zip(zeros.parse::<u32>().ok());
    let orders = number.and_then(|(digits, zeros)| digits.checked_mul(10_u64.checked_pow(zeros)?));
    orders
        .filter(|orders| *orders <= 1_000_000_000)
        .ok_or_else(|| "write a whole number of at most 1000000000, such as 50000 or 1e6".to_owned())
}

/// Runs `renown cost`.
///
/// # Errors
///
/// If the currency is none, or nobody says what a US dollar costs in it.
pub fn run(desk: &mut Desk<'_>, args: &CostArgs) -> anyhow::Result<()> {
    let (currency, rate) = currency(args, &desk.settings)?;
    let prices = Prices::known();
    let bill = prices.bill(args.orders, args.mails, rate);
    let after = bill.total.without(bill.free);
    let lines = bill.lines.iter().map(|line| {
        json!({"id": line.price.id, "units": line.units, "unit": line.price.unit.en, "usd": line.price.usd,
            "per": line.price.per, "cost": line.cost, "free": line.free, "basis": line.price.basis,
            "source": line.price.source.en})
    });
    desk.json(&json!({"orders": args.orders, "mails": args.mails, "currency": currency, "per_usd": rate, "as_of": prices.as_of,
        "region": prices.region, "lines": lines.collect::<Vec<_>>(), "total": bill.total, "free": bill.free,
        "after_free": after}))?;
    let (n, as_of, region) = (args.orders, &prices.as_of, &prices.region);
    let mails = match args.mails {
        0 => text!("", ""),
        mails => text!(" and {mails} mails", "、{mails} 封邮件"),
    };
    let (mails_en, mails_zh) = (mails.en, mails.zh);
    let exchange = if currency == USD {
        text!("", "")
    } else {
        text!(", 1 USD = {rate} {currency}", ",1 USD = {rate} {currency}")
    };
    let (exchange_en, exchange_zh) = (exchange.en, exchange.zh);
    desk.say(&text!(
        "A month of {n} orders{mails_en} on AWS in {currency}; list prices of {as_of}, region {region}{exchange_en}",
        "AWS 上一个月 {n} 个订单{mails_zh}的费用({currency});{as_of} 价目表,区域 {region}{exchange_zh}"
    ))?;
    for line in &bill.lines {
        desk.say(&said(line))?;
    }
    for (sign, name, sum) in [
        ('=', text!("total", "合计"), bill.total),
        ('-', text!("free tier, if yours alone", "免费额度(若未被他用)"), bill.free),
        ('=', text!("after the free tier", "扣除免费额度后"), after),
    ] {
        let (en, zh) = (padded(&name.en, NAME_WIDTH), padded(&name.zh, NAME_WIDTH));
        desk.say(&text!("{sign} {en}{sum:>14}", "{sign} {zh}{sum:>14}"))?;
    }
    Ok(())
}

/// A line for a person: name, cost, units at their price, where both come from.
fn said(line: &Line<'_>) -> Text {
    let price = line.price;
    let in_lang = |name: &str, unit: &str, basis: &str, source: &str| {
        let (cost, units, usd) = (line.cost, figure(line.units), price.usd);
        let per = if price.per > 1.0 { format!("/ {} ", figure(price.per)) } else { "/ ".to_owned() };
        format!(
            "  {}{cost:>14}   {units} {unit} × {usd} USD {per}{unit}   {basis}   [{source}]",
            padded(name, NAME_WIDTH)
        )
    };
    Text {
        en: in_lang(&price.name.en, &price.unit.en, &price.basis.en, &price.source.en),
        zh: in_lang(&price.name.zh, &price.unit.zh, &price.basis.zh, &price.source.zh),
    }
}

/// Parts are shown below a hundred alone, with three digits.
fn figure(number: f64) -> String {
    if number >= 100.0 { format!("{number:.0}") } else { format!("{}", (number * 1000.0).round() / 1000.0) }
}

/// The currency, and what a US dollar costs in it.
fn currency(args: &CostArgs, settings: &Settings) -> anyhow::Result<(String, f64)> {
    let usage = |text| Err(Trouble::usage(text).into());
    let currency = args.currency.clone().or_else(|| settings.currency.clone());
    let currency = currency.unwrap_or_else(|| USD.to_owned()).to_uppercase();
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return usage(text!(
            "{currency:?} is no currency: write its three letters, such as CNY",
            "{currency:?} 不是货币代码:请写三个字母,例如 CNY"
        ));
    }
    let is_of_settings = settings.currency.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&currency));
    let rate = match args.per_usd {
        Some(rate) if currency == USD && (rate - 1.0).abs() > f64::EPSILON => {
            return usage(text!(
                "--per-usd {rate} goes with another currency: name it with --currency, such as CNY",
                "--per-usd {rate} 需要搭配其他货币:请用 --currency 指定,例如 CNY"
            ));
        }
        Some(rate) => Some(rate),
        None if currency == USD => Some(1.0),
        None => settings.per_usd.filter(|_| is_of_settings),
    };
    match rate {
        Some(rate) if rate.is_finite() && rate > 0.0 => Ok((currency, rate)),
        Some(rate) => usage(text!(
            "{rate} is no rate: write what one US dollar costs in {currency}, a number above 0 such as 7.1",
            "{rate} 不是汇率:请写一美元兑换多少 {currency},须大于 0,例如 7.1"
        )),
        None => usage(text!(
            "say what one US dollar costs in {currency} with --per-usd, or set currency and per_usd in renown.toml",
            "请用 --per-usd 说明一美元兑换多少 {currency},或在 renown.toml 中设置 currency 和 per_usd"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_taken_as_people_write_them() {
        for text in ["1000000", "1_000_000", "1,000,000", "1e6"] {
            assert_eq!(orders(text), Ok(1_000_000), "{text}");
        }
        for wrong in ["-5", "", "1.5", "1e12", "many", "e6"] {
            assert!(orders(wrong).is_err(), "{wrong}");
        }
    }
}
