//! Orders of a shop of the seller's own, from a file whose columns a mapping names.
//!
//! The rows of one order may stand anywhere in the file: they are gathered first, so that an
//! order of five lines is told once. A row that cannot be used is told by its line, without
//! anything that stands in it, and takes no other down.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use renown_core::ids::ShopOrderId;
use renown_core::mail::contact::Consent;
use renown_core::mail::news::{Customer, OrderNews, amount, country, email, locale, name, plain};
use renown_core::mail::{Facts, Line, Shop};
use renown_core::reports::AllOrdersRow;
use renown_core::say::Text;
use renown_core::text;
use renown_io::app::App;
use renown_io::ledger::Unread;
use renown_io::mail::{Keys, take_in};
use serde::{Deserialize, Serialize};

use super::MAX_TOLD;
use super::look;
use crate::refuse;
use crate::settings::{ZoneName, line_of};
use crate::told::{Told as _, Trouble};
use crate::toml_words;

/// Under this name unreadable rows are kept.
pub const SHOP_IMPORT: &str = "shop-import";
/// Lines of an order that are kept, as of a webhook.
const MAX_LINES: usize = 20;
/// What says yes and no in a column about mails.
const YES: [&str; 11] = ["yes", "y", "true", "1", "subscribed", "ja", "oui", "si", "sí", "はい", "是"];
const NO: [&str; 9] = ["no", "n", "false", "0", "unsubscribed", "nein", "non", "いいえ", "否"];

/// Which column holds what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    columns: Columns,
    /// How dates are written, as `strftime` has it; without it ISO 8601 and what shops usually
    /// write.
    date_format: Option<String>,
    /// Of dates that tell no zone; UTC if absent.
    time_zone: Option<ZoneName>,
    /// Of all totals, where no column tells it.
    currency: Option<String>,
    /// `yes`: every customer of the file has said yes to mails.
    consent: Option<String>,
    /// Where that is recorded.
    consent_source: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    id: String,
    email: String,
    number: Option<String>,
    placed_at: Option<String>,
    fulfilled_at: Option<String>,
    delivered_at: Option<String>,
    cancelled_at: Option<String>,
    refunded_at: Option<String>,
    updated_at: Option<String>,
    name: Option<String>,
    locale: Option<String>,
    country: Option<String>,
    sku: Option<String>,
    title: Option<String>,
    total: Option<String>,
    currency: Option<String>,
    consent: Option<String>,
}

impl ShopImported {
    /// Whether it has rows and nothing of it could be taken in.
    pub fn is_lost(&self) -> bool {
        self.rows > 0 && self.orders_new + self.orders_changed + self.orders_unchanged == 0
    }
}

impl Mapping {
    /// Reads a mapping from its file.
    ///
    /// # Errors
    ///
    /// If it cannot be read or does not fit: with the line of the mistake.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let shown = file.display();
        let toml = std::fs::read_to_string(file).told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
        let mapping: Self = toml::from_str(&toml).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(&toml, span.start));
            let Text { en, zh } = toml_words::words(error.message());
            Trouble::new(text!(
                "{shown}, line {line}: {en}; `renown import --help` shows a whole mapping",
                "{shown} 第 {line} 行有误:{zh};`renown import --help` 有完整示例"
            ))
        })?;
        if mapping.consent.as_deref().is_some_and(|word| word != "yes") {
            refuse!(
                "{shown}: consent is \"yes\" (every customer of the file has said so) or left out",
                "{shown}:consent 只能写 \"yes\"(文件中的每位客户均已同意),否则请省略"
            );
        }
        if mapping.consent.is_some() && mapping.columns.consent.is_some() {
            refuse!(
                "{shown}: consent stands in a column or is \"yes\" for all; leave one of them out",
                "{shown}:consent 请二选一:使用某一列,或对全部写 \"yes\""
            );
        }
        let has_source = mapping.consent_source.as_deref().is_some_and(|source| !source.trim().is_empty());
        if (mapping.consent.is_some() || mapping.columns.consent.is_some()) && !has_source {
            refuse!(
                "{shown}: say with consent_source where the yes is recorded, such as \"checkout box, shop export of 3 November\"; it is shown to whoever asks",
                "{shown}:请用 consent_source 说明同意记录的来源,例如“结账页勾选框,11 月 3 日导出”;有人询问时会显示"
            );
        }
        Ok(mapping)
    }

    fn zone(&self) -> TimeZone {
        self.time_zone.as_ref().map_or(TimeZone::UTC, |zone| zone.0.clone())
    }

    /// A moment as the file writes it. A day without an hour is its noon.
    fn moment(&self, text: &str) -> Option<Timestamp> {
        let zoned = |at: DateTime| at.to_zoned(self.zone()).ok().map(|at| at.timestamp());
        let by_format = |format: &str| {
            let broken = strtime::parse(format, text).ok()?;
            if broken.offset().is_some() {
                return broken.to_timestamp().ok();
            }
            if broken.hour().is_none() {
                return zoned(broken.to_date().ok()?.at(12, 0, 0, 0));
            }
            zoned(broken.to_datetime().ok()?)
        };
        if let Some(format) = &self.date_format {
            return by_format(format);
        }
        let usual =
            ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"];
        text.parse().ok().or_else(|| usual.into_iter().find_map(by_format))
    }
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ShopImported {
    /// The file, as it was named.
    pub file: String,
    /// Rows below the heading.
    pub rows: u64,
    /// Orders not heard of before.
    pub orders_new: u64,
    /// Orders of which something new was said.
    pub orders_changed: u64,
    /// Orders of which nothing new was said.
    pub orders_unchanged: u64,
    /// Orders without an address that mail can go to: they are kept, and nobody is written to.
    pub without_address: u64,
    /// Rows that could not be used.
    pub bad_rows: u64,
    /// The first of them.
    pub bad: Vec<Bad>,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bad {
    /// Its line, or its row of a sheet.
    pub line: u64,
    /// What is wrong, without anything that stands in it.
    pub problem: Text,
}

/// Reads a file into a shop.
///
/// # Errors
///
/// If the file cannot be read, lacks a column of the mapping, or the table fails: what was taken
/// in by then stays, and importing the file again goes on.
pub async fn import(
    app: &App,
    keys: &Keys,
    shop: &Shop,
    file: &Path,
    mapping: &Mapping,
    now: Timestamp,
) -> anyhow::Result<ShopImported> {
    let mut imported = ShopImported { file: file.display().to_string(), ..ShopImported::default() };
    let (hash, orders) = gather(file, mapping, now, &mut imported)?;
    for news in orders {
        imported.without_address += u64::from(news.customer.is_none());
        let recorded = take_in(&app.ledger, keys, shop, news, now).await?;
        imported.orders_new += recorded.new;
        imported.orders_changed += recorded.changed;
        imported.orders_unchanged += recorded.unchanged;
    }
    let short = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for Bad { line, problem } in &imported.bad {
        let unread = Unread {
            source: SHOP_IMPORT.to_owned(),
            hash: hash.clone(),
            name: format!("{short} line {line}"),
            place: shop.id.to_string(),
            problem: problem.en.clone(),
            problem_zh: problem.zh.clone(),
            at: now,
            dead_letter: false,
        };
        app.ledger.keep_unread(&unread).await?;
    }
    Ok(imported)
}

/// Reads a file without taking anything in: what would be taken in, and what became of its rows.
///
/// # Errors
///
/// As [`import`], but for the table.
pub fn read(
    file: &Path,
    mapping: &Mapping,
    now: Timestamp,
) -> anyhow::Result<(ShopImported, Vec<OrderNews>)> {
    let mut imported = ShopImported { file: file.display().to_string(), ..ShopImported::default() };
    let (_, orders) = gather(file, mapping, now, &mut imported)?;
    Ok((imported, orders))
}

/// Whether two rows of one order name different people.
fn is_anothers(first: &OrderNews, other: &OrderNews) -> bool {
    let address = |news: &OrderNews| news.customer.as_ref().map(|customer| customer.email.0.to_lowercase());
    address(first).zip(address(other)).is_some_and(|(first, other)| first != other)
}

/// The orders of a file, each once, in the order of their first rows.
fn gather(
    file: &Path,
    mapping: &Mapping,
    now: Timestamp,
    imported: &mut ShopImported,
) -> anyhow::Result<(String, Vec<OrderNews>)> {
    let looked = look::any(file, None)?;
    let mut tried = Vec::new();
    for table in &looked.tables {
        // Which report's rows these would be is of no matter: they are read as records.
        let mut rows = table.rows::<AllOrdersRow>(&looked.source)?;
        let Some((_, heading)) = rows.record()? else { continue };
        let places = match Places::find(&mapping.columns, &heading) {
            Ok(places) => places,
            Err(missing) => {
                tried.push((missing, heading));
                continue;
            }
        };
        let mut orders: Vec<OrderNews> = Vec::new();
        let mut known: HashMap<ShopOrderId, usize> = HashMap::new();
        while let Some((line, cells)) = rows.record()? {
            imported.rows += 1;
            let read = row(mapping, &places, &cells, &imported.file, now);
            let read = read.and_then(|news| match known.get(&news.id) {
                Some(at) if is_anothers(&orders[*at], &news) => Err(text!(
                    "an earlier row has the same order with another address: one of both is wrong, and the first stays",
                    "前面的行中同一订单的邮箱地址不同:其中一处有误,以先出现的为准"
                )),
                at => Ok((at.copied(), news)),
            });
            match read {
                Ok((Some(at), news)) => join(&mut orders[at], news),
                Ok((None, news)) => {
                    known.insert(news.id.clone(), orders.len());
                    orders.push(news);
                }
                Err(problem) => {
                    imported.bad_rows += 1;
                    if imported.bad.len() < MAX_TOLD {
                        imported.bad.push(Bad { line, problem });
                    }
                }
            }
        }
        return Ok((looked.hash, orders));
    }
    let shown = file.display();
    let fewest = tried.into_iter().min_by_key(|(missing, heading)| (missing.len(), heading.len() < 2));
    let Some((missing, heading)) = fewest else {
        refuse!("{shown} is empty", "{shown} 是空文件");
    };
    let (n, missing, there) = (missing.len(), missing.join(", "), heading.join(", "));
    refuse!(
        "{shown} has not {n} of the columns that the mapping names: {missing}; its first row has: {there}",
        "{shown} 中缺少映射所列的 {n} 列:{missing};其首行为:{there}"
    )
}

/// Where each field stands in a row.
struct Places(HashMap<&'static str, (usize, String)>);

impl Places {
    /// Finds the columns; else those that are not there.
    fn find(columns: &Columns, heading: &[String]) -> Result<Self, Vec<String>> {
        let plain = |name: &str| name.trim_start_matches('\u{feff}').trim().to_lowercase();
        let fields = [
            ("id", Some(&columns.id)),
            ("email", Some(&columns.email)),
            ("number", columns.number.as_ref()),
            ("placed_at", columns.placed_at.as_ref()),
            ("fulfilled_at", columns.fulfilled_at.as_ref()),
            ("delivered_at", columns.delivered_at.as_ref()),
            ("cancelled_at", columns.cancelled_at.as_ref()),
            ("refunded_at", columns.refunded_at.as_ref()),
            ("updated_at", columns.updated_at.as_ref()),
            ("name", columns.name.as_ref()),
            ("locale", columns.locale.as_ref()),
            ("country", columns.country.as_ref()),
            ("sku", columns.sku.as_ref()),
            ("title", columns.title.as_ref()),
            ("total", columns.total.as_ref()),
            ("currency", columns.currency.as_ref()),
            ("consent", columns.consent.as_ref()),
        ];
        let (mut places, mut missing) = (HashMap::new(), Vec::new());
        for (field, column) in fields {
            let Some(column) = column else { continue };
            match heading.iter().position(|name| plain(name) == plain(column)) {
                Some(at) => drop(places.insert(field, (at, column.clone()))),
                None => missing.push(format!("{column:?} ({field})")),
            }
        }
        if missing.is_empty() { Ok(Self(places)) } else { Err(missing) }
    }

    /// What a row holds in a field; `None`: nothing.
    fn cell<'a>(&self, field: &str, cells: &'a [String]) -> Option<&'a str> {
        let (at, _) = self.0.get(field)?;
        cells.get(*at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// A field with its column, for messages.
    fn name(&self, field: &str) -> String {
        self.0.get(field).map_or_else(|| field.to_owned(), |(_, column)| format!("{field} ({column:?})"))
    }
}

/// One row; else what is wrong with it.
fn row(
    mapping: &Mapping,
    places: &Places,
    cells: &[String],
    file: &str,
    now: Timestamp,
) -> Result<OrderNews, Text> {
    let cell = |field: &str| places.cell(field, cells);
    let id_place = places.name("id");
    let Some(id) = cell("id") else {
        return Err(text!("{id_place} is empty", "{id_place} 为空"));
    };
    // Shops show their numbers so.
    let id: ShopOrderId = id.strip_prefix('#').unwrap_or(id).parse().map_err(|_| {
        text!(
            "{id_place} is not of letters, digits, '-' and '_', at most 64",
            "{id_place} 只能由字母、数字、“-”和“_”组成,且不超过 64 个"
        )
    })?;
    let moment = |field: &str| {
        match cell(field) {
        None => Ok(None),
        Some(text) => mapping.moment(text).map(Some).ok_or_else(|| {
            let place = places.name(field);
            match mapping.date_format.as_deref() {
                Some(form) => text!(
                    "{place} is no date of the form {form:?}: set date_format in the mapping to what the file writes, such as date_format = \"%d.%m.%Y\" for 05.11.2026",
                    "{place} 不是 {form:?} 格式的日期:请在映射中把 date_format 改为文件所用的格式,例如 05.11.2026 写作 date_format = \"%d.%m.%Y\""
                ),
                None => text!(
                    "{place} is no date such as 2026-11-05T08:00:00Z: say with date_format in the mapping how the file writes its dates, such as date_format = \"%d.%m.%Y\" for 05.11.2026",
                    "{place} 不是 2026-11-05T08:00:00Z 这样的日期:请在映射中用 date_format 说明文件的日期格式,例如 05.11.2026 写作 date_format = \"%d.%m.%Y\""
                ),
            }
        }),
    }
    };
    let mut facts = Facts {
        number: plain(cell("number").unwrap_or(id.as_str())),
        placed_at: moment("placed_at")?,
        fulfilled_at: moment("fulfilled_at")?,
        delivered_at: moment("delivered_at")?,
        cancelled_at: moment("cancelled_at")?,
        refunded_at: moment("refunded_at")?,
        ..Facts::default()
    };
    // The newest moment that the row knows of: imported again, it says nothing new.
    let newest =
        [facts.placed_at, facts.fulfilled_at, facts.delivered_at, facts.cancelled_at, facts.refunded_at];
    let updated = moment("updated_at")?;
    facts.as_of = updated.into_iter().chain(newest.into_iter().flatten()).max().map(|at| at.min(now));
    if cell("sku").is_some() || cell("title").is_some() {
        let title = cell("title").or(cell("sku")).unwrap_or_default();
        facts.lines.push(Line { sku: plain(cell("sku").unwrap_or(title)), title: plain(title) });
    }
    if let Some(total) = cell("total") {
        let currency = cell("currency").or(mapping.currency.as_deref()).unwrap_or_default();
        facts.total = Some(amount(total, currency).ok_or_else(|| {
            let place = places.name("total");
            text!("{place} is no amount such as 25.50", "{place} 不是 25.50 这样的金额")
        })?);
    }
    let customer = customer(mapping, places, cells, &facts, file, now)?;
    Ok(OrderNews { id, facts, customer })
}

fn customer(
    mapping: &Mapping,
    places: &Places,
    cells: &[String],
    facts: &Facts,
    file: &str,
    now: Timestamp,
) -> Result<Option<Customer>, Text> {
    let cell = |field: &str| places.cell(field, cells);
    let Some(address) = cell("email") else { return Ok(None) };
    let Some(address) = email(address) else {
        let place = places.name("email");
        return Err(text!("{place} is no address that mail can go to", "{place} 不是可用的邮箱地址"));
    };
    let as_of = facts.as_of.unwrap_or(now);
    let word = cell("consent").map(str::to_lowercase);
    let given = match word.as_deref() {
        None => mapping.consent.is_some().then_some(true),
        Some(word) if YES.contains(&word) => Some(true),
        Some(word) if NO.contains(&word) => Some(false),
        Some(_) => {
            let place = places.name("consent");
            return Err(text!(
                "{place} is neither a yes nor a no: write yes, no, or nothing where it is not known",
                "{place} 既非“是”也非“否”:请写 yes、no,未知时留空"
            ));
        }
    };
    let source = mapping.consent_source.clone().unwrap_or_else(|| file.to_owned());
    Ok(Some(Customer {
        email: address,
        name: cell("name").and_then(name),
        locale: cell("locale").and_then(locale),
        country: cell("country").and_then(country),
        // What was said counts by when it was said: a no that came after the order stays a no.
        consent: given.map(|given| Consent {
            given,
            source: plain(&source),
            at: facts.placed_at.unwrap_or(as_of),
        }),
        as_of,
    }))
}

/// A further row of an order that is there.
fn join(order: &mut OrderNews, row: OrderNews) {
    let mut lines = std::mem::take(&mut order.facts.lines);
    for line in &row.facts.lines {
        if !lines.contains(line) && lines.len() < MAX_LINES {
            lines.push(line.clone());
        }
    }
    order.facts.merge(&row.facts);
    order.facts.lines = lines;
    order.customer = order.customer.take().or(row.customer);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(text: &str) -> Mapping {
        toml::from_str(text).expect("a mapping")
    }

    #[test]
    fn dates_are_read_as_the_mapping_says_and_a_day_is_its_noon() {
        let columns = "[columns]\nid = \"i\"\nemail = \"e\"\n";
        for (head, text, expect) in [
            ("", "2026-11-05T08:00:00+01:00", Some("2026-11-05T07:00:00Z")),
            ("", "2026-11-05 08:00:00 +0100", Some("2026-11-05T07:00:00Z")),
            ("time_zone = \"Europe/Berlin\"\n", "2026-11-05 08:00:00", Some("2026-11-05T07:00:00Z")),
            ("time_zone = \"Asia/Shanghai\"\n", "2026-11-05", Some("2026-11-05T04:00:00Z")),
            ("date_format = \"%d.%m.%Y\"\n", "05.11.2026", Some("2026-11-05T12:00:00Z")),
            ("date_format = \"%d.%m.%Y %H:%M\"\n", "05.11.2026 08:30", Some("2026-11-05T08:30:00Z")),
            ("date_format = \"%d.%m.%Y\"\n", "2026-11-05", None),
            ("", "5 Nov", None),
        ] {
            let moment = mapping(&format!("{head}{columns}")).moment(text).map(|at| at.to_string());
            assert_eq!(moment.as_deref(), expect, "{head}{text}");
        }
    }
}
