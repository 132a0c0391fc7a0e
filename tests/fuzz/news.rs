//! What every reader of orders promises of what it took.

use std::time::Duration;

use jiff::Timestamp;
use renown_core::mail::news::{News, OrderNews};
use renown_core::mail::shop::is_address;

use crate::run::{Verdict, ensure};

/// Longest text that is kept, in characters; that of the readers themselves.
const MAX_CHARS: usize = 200;
/// Lines that are kept.
const MAX_LINES: usize = 20;

/// The moment at which everything is read.
pub(crate) fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH + Duration::from_secs(1_794_507_691)
}

/// One line of bounded length.
fn is_plain(text: &str) -> bool {
    text.chars().count() <= MAX_CHARS && !text.chars().any(char::is_control)
}

/// Judges what was taken.
pub(crate) fn well_formed(news: &News) -> Verdict {
    match news {
        News::Order(news) => order(news),
        News::Forget { email } => ensure(is_address(&email.0), || "no address is to be forgotten".to_owned()),
        News::DataRequest => Ok(()),
        News::Useless(what) => {
            ensure(what.chars().count() <= MAX_CHARS, || "a long topic is kept".to_owned())
        }
    }
}

/// Judges an order.
pub(crate) fn order(news: &OrderNews) -> Verdict {
    let OrderNews { id, facts, customer } = news;
    ensure(id.as_str().parse().as_ref() == Ok(id), || format!("{id} is no id"))?;
    ensure(is_plain(&facts.number), || format!("the number is {:?}", facts.number))?;
    ensure(facts.lines.len() <= MAX_LINES, || format!("{} lines", facts.lines.len()))?;
    for line in &facts.lines {
        ensure(is_plain(&line.sku) && is_plain(&line.title), || format!("{line:?}"))?;
    }
    ensure(facts.total.is_none_or(|total| total >= 0), || format!("a total of {:?}", facts.total))?;
    let Some(customer) = customer else { return Ok(()) };
    ensure(is_address(&customer.email.0), || "mail cannot go to the address".to_owned())?;
    ensure(customer.name.as_ref().is_none_or(|name| is_plain(&name.0)), || {
        "a name of many lines".to_owned()
    })?;
    ensure(customer.locale.as_deref().is_none_or(is_plain), || format!("{:?}", customer.locale))?;
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    ensure(customer.country.as_deref().is_none_or(is_code), || format!("{:?}", customer.country))?;
    let source = customer.consent.as_ref().map(|consent| consent.source.as_str());
    ensure(source.is_none_or(is_plain), || format!("{source:?}"))?;
    let shown = format!("{customer:?}").to_lowercase();
    ensure(!shown.contains("canary"), || "a customer is shown".to_owned())
}
