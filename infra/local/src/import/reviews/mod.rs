//! Reviews of products and voices of customers that a seller has exported by hand: Amazon gives
//! neither by its API.
//!
//! Columns are found by what Amazon's pages and sellers' tools call them. Who wrote a review is never
//! looked at. A row that cannot be used is told and kept with its reason, its neighbours are taken in.

mod columns;
mod country;
mod day;
mod row;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use renown_core::case::{Signal, Source, of_review};
use renown_core::ids::Asin;
use renown_core::ids::asin::asin;
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::AllOrdersRow;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_core::text::{Hints, Urgency};
use renown_io::app::App;
use renown_io::bus::raise;
use renown_io::ledger::Unread;
use serde::Serialize;

use super::rows::{Rows, Table, fields};
use super::shop::Bad;
use super::{MAX_TOLD, UNREAD_SOURCE, look};
use crate::refuse;
use columns::{Columns, Field, NoReviews, accepted};
use day::{Order, Orders};
use row::Review;

/// Reviews of so many stars or fewer are kept: they say what is wrong.
const MOST_STARS: u8 = 3;
/// Records among which the heading is looked for: in front of it a title may stand, or `sep=;`.
const MAX_HEADING: usize = 6;
/// Signals that are written at once.
const BATCH: usize = 100;

/// What became of a file.
#[derive(Debug, Default, Serialize)]
pub struct ReviewsImported {
    /// The file, as it was named.
    pub file: String,
    /// How its characters are written; `None` for a workbook.
    pub charset: Option<&'static str>,
    /// Characters that had no meaning in that charset. More than a few: the file was damaged.
    pub garbled: u64,
    /// The columns that were read, as the file calls them.
    pub columns: Vec<String>,
    /// Rows below the header.
    pub rows: u64,
    /// Critical reviews not known before.
    pub new: u64,
    /// Critical reviews that were known.
    pub known: u64,
    /// Reviews of four or five stars, or without stars and with content words: nothing is wrong there.
    pub content: u64,
    /// Reviews without stars whose words are in no language that is understood: they are left out.
    pub not_understood: u64,
    /// Critical reviews whose day cannot be read in one way alone. They count towards no topic of a week.
    pub undated: u64,
    /// Critical reviews of rows that name a marketplace which is not known: they count to none, or to the
    /// one that was named for the file.
    pub elsewhere: u64,
    /// Further sheets of a workbook that hold reviews: only the first such one is read.
    pub other_sheets: u64,
    /// Rows that could not be used.
    pub bad_rows: u64,
    /// The first [`MAX_TOLD`] of them.
    pub bad: Vec<Bad>,
}

impl ReviewsImported {
    /// Whether it has rows and nothing of it could be taken in.
    pub fn is_lost(&self) -> bool {
        self.rows > 0 && self.bad_rows >= self.rows
    }

    fn refuse(&mut self, line: u64, problem: Text) {
        self.bad_rows += 1;
        if self.bad.len() < MAX_TOLD {
            self.bad.push(Bad { line, problem });
        }
    }
}

/// Reads a file of reviews into a seller's signals. The same file again changes nothing.
///
/// # Errors
///
/// If it cannot be read, has no such columns, or the table fails.
pub async fn import_reviews(
    app: &App,
    seller: &Seller,
    marketplace: Option<MarketplaceId>,
    file: &Path,
    now: Timestamp,
) -> anyhow::Result<ReviewsImported> {
    let mut imported = ReviewsImported { file: file.display().to_string(), ..ReviewsImported::default() };
    let looked = look::any(file, marketplace)?;
    let Found { table, columns, heading } = reviews_of(&looked, &imported.file)?;
    let source = &looked.source;
    for other in
        looked.tables.iter().filter(|other| matches!(other, Table::Sheet(_)) && !std::ptr::eq(*other, table))
    {
        imported.other_sheets += u64::from(heading_of(other, source, &mut |_, _, _| ())?.is_some());
    }
    let mut rows = below(table, source, heading)?;
    let order = order_of_days(&mut rows, &columns)?;
    let mut rows = below(table, source, heading)?;
    imported.columns.clone_from(&columns.called);
    let mut reader = Reader { columns, order, now, alike: HashMap::new(), ids: HashSet::new() };
    let mut batch = Vec::new();
    while let Some((line, cells)) = rows.record()? {
        imported.rows += 1;
        if let Some((until, n_rows)) = reader.swallowed(table, line, &cells) {
            (imported.rows, imported.bad_rows) = (imported.rows + n_rows, imported.bad_rows + n_rows);
            imported.refuse(line, text!(
                "a quote opens here and is not closed before line {until}: all of that was left out; correct it and import the file again",
                "此处的引号直到第 {until} 行才闭合:其间各行均未接收;请改正后重新导入该文件"
            ));
            continue;
        }
        match reader.signal(&cells, (seller, marketplace)) {
            Ok(Said::Critical { signal, is_elsewhere }) => {
                imported.undated += u64::from(signal.day.is_none());
                imported.elsewhere += u64::from(is_elsewhere);
                batch.push(*signal);
            }
            Ok(Said::Content) => imported.content += 1,
            Ok(Said::NotUnderstood) => imported.not_understood += 1,
            Ok(Said::Again) => imported.known += 1,
            Err(problem) => imported.refuse(line, problem),
        }
        if batch.len() == BATCH {
            write(app, &mut batch, &mut imported).await?;
        }
    }
    write(app, &mut batch, &mut imported).await?;
    if !matches!(table, Table::Sheet(_)) {
        let decoded = rows.decoded();
        imported.garbled = decoded.map_or(0, |decoded| decoded.malformed.count);
        imported.charset = Some(source.charset().name());
    }
    keep(app, &imported, &looked, now).await?;
    Ok(imported)
}

/// Looks whether a file holds reviews, and takes none in.
///
/// # Errors
///
/// If it cannot be read or holds none: what [`import_reviews`] would say.
pub fn look_for_reviews(file: &Path, marketplace: Option<MarketplaceId>) -> anyhow::Result<()> {
    let looked = look::any(file, marketplace)?;
    reviews_of(&looked, &file.display().to_string()).map(|_| ())
}

/// Where a file holds reviews.
struct Found<'a> {
    table: &'a Table,
    columns: Columns,
    /// Records up to its heading and with it: a spreadsheet's own line, titles.
    heading: usize,
}

/// The columns of a table's heading, and which record that is, from 1; `see`: what the others are not.
fn heading_of(
    table: &Table,
    source: &look::Source,
    see: &mut dyn FnMut(usize, NoReviews, Vec<String>),
) -> anyhow::Result<Option<(Columns, usize)>> {
    let mut rows = table.rows::<AllOrdersRow>(source)?;
    for nth in 1..=MAX_HEADING {
        let Some((_, names)) = rows.record()? else { break };
        match Columns::find(&names) {
            Ok(columns) => return Ok(Some((columns, nth))),
            Err(why) => see(nth, why, names),
        }
    }
    Ok(None)
}

/// The table of a file that holds reviews, and where it has what.
fn reviews_of<'a>(looked: &'a look::Any, shown: &str) -> anyhow::Result<Found<'a>> {
    let mut nearest: Option<(NoReviews, Vec<String>)> = None;
    for table in &looked.tables {
        let mut see = |nth: usize, why: NoReviews, names: Vec<String>| {
            let n = nearest.as_ref().map_or(0, |(_, names)| names.len());
            if names.len() > n || (nth == 1 && !matches!(why, NoReviews::Missing)) {
                nearest = Some((why, names));
            }
        };
        if let Some((columns, heading)) = heading_of(table, &looked.source, &mut see)? {
            return Ok(Found { table, columns, heading });
        }
    }
    let Some((why, heading)) = nearest else { refuse!("{shown} is empty", "{shown} 是空文件") };
    let there = heading.iter().map(|name| name.trim()).collect::<Vec<_>>().join(", ");
    let there: String = there.chars().filter(|c| !c.is_control()).take(300).collect();
    let Text { en, zh } = accepted();
    match why {
        NoReviews::Missing => refuse!(
            "{shown} holds no reviews: one of its first six lines has to name a column for the ASIN, and one for the stars or the words; it names: {there}. Names that are understood: {en}",
            "{shown} 中没有评论:前六行内须有一行列名,含 ASIN 列,以及星级或文字列;现有的列:{there}。可识别的列名:{zh}"
        ),
        NoReviews::Twice(name) => refuse!(
            "{shown} names the column {name:?} twice; take one of them out",
            "{shown} 中“{name}”列出现两次;请删去其中一列"
        ),
        NoReviews::Sums => refuse!(
            "{shown} holds sums of each product (NCX), and no review: in Voice of the Customer open a product and export the comments of its customers",
            "{shown} 只有各商品的汇总(NCX),没有评论:请在“买家之声”中打开商品,导出买家评论"
        ),
    }
}

/// The rows of a table below its heading. Which report's rows these would be is of no matter: they are
/// read as records.
fn below<'a>(
    table: &'a Table,
    source: &'a look::Source,
    heading: usize,
) -> anyhow::Result<Rows<'a, AllOrdersRow>> {
    let mut rows = table.rows(source)?;
    for _ in 0..heading {
        rows.record()?;
    }
    Ok(rows)
}

fn order_of_days(rows: &mut Rows<'_, AllOrdersRow>, columns: &Columns) -> anyhow::Result<Option<Order>> {
    let mut orders = Orders::default();
    while let Some((_, cells)) = rows.record()? {
        orders.see(columns.cell(Field::Day, &cells));
    }
    Ok(orders.found())
}

/// What a row says.
enum Said {
    Critical {
        signal: Box<Signal>,
        /// It was written in a marketplace that is not known.
        is_elsewhere: bool,
    },
    /// Nothing is wrong there.
    Content,
    /// Nobody knows.
    NotUnderstood,
    /// A review that stood there before, by its id.
    Again,
}

/// What is known of a file while its rows are read.
struct Reader {
    columns: Columns,
    order: Option<Order>,
    now: Timestamp,
    /// How many without words were alike so far.
    alike: HashMap<(Asin, Option<u8>, String), u32>,
    /// Amazon's names of those that were read.
    ids: HashSet<String>,
}

impl Reader {
    /// What a row says.
    fn signal(
        &mut self,
        cells: &[String],
        (seller, marketplace): (&Seller, Option<MarketplaceId>),
    ) -> Result<Said, Text> {
        let today = self.now.to_zoned(TimeZone::UTC).date();
        let review = row::read(&self.columns, cells, self.order, today)?;
        let understood = renown_words::model().understand(&review.words, Hints::default());
        // A danger is one at any stars.
        let is_critical = understood.urgency != Urgency::None
            || review.stars.map_or(understood.negative, |stars| stars <= MOST_STARS);
        if !is_critical {
            let is_known = review.stars.is_some() || understood.language.is_some();
            return Ok(if is_known { Said::Content } else { Said::NotUnderstood });
        }
        if review.id.is_some_and(|id| !self.ids.insert(id.to_owned())) {
            return Ok(Said::Again);
        }
        let Review { asin, stars, raw_day, day, words, body, is_elsewhere, .. } = review;
        let when = day.map_or_else(|| raw_day.to_owned(), |day| day.to_string());
        let nth = self.alike.entry((asin.clone(), stars, when)).or_default();
        *nth += u32::from(words.is_empty());
        let marketplace = review.marketplace.or(marketplace);
        let source = Source { seller: &seller.id, marketplace, as_of: self.now, seen_at: self.now };
        let signal = Box::new(of_review(&asin, stars, (raw_day, day), (&words, body), *nth, source));
        Ok(Said::Critical { signal, is_elsewhere })
    }

    /// The last of the lines that a quote without an end has swallowed, and how many rows of their own are
    /// among them.
    fn swallowed(&self, table: &Table, line: u64, cells: &[String]) -> Option<(u64, u64)> {
        let Table::Separated(separator) = table else { return None };
        let is_row = |text: &&str| {
            let cells = fields(text, *separator);
            cells.len() == self.columns.n && asin(self.columns.cell(Field::Asin, &cells)).is_some()
        };
        let further = || cells.iter().flat_map(|cell| cell.lines().skip(1));
        let n_rows = further().filter(is_row).count() as u64;
        (n_rows > 0).then(|| (line + further().count() as u64, n_rows))
    }
}

async fn write(app: &App, batch: &mut Vec<Signal>, imported: &mut ReviewsImported) -> anyhow::Result<()> {
    let mut signals = std::mem::take(batch);
    let all = signals.len() as u64;
    app.ledger.drop_known_signals(&mut signals).await?;
    let new = raise(&app.ledger, &app.bus, &signals).await?.len() as u64;
    imported.new += new;
    imported.known += all - new;
    Ok(())
}

/// Keeps what could not be used, by the file's hash.
async fn keep(
    app: &App,
    imported: &ReviewsImported,
    looked: &look::Any,
    now: Timestamp,
) -> anyhow::Result<()> {
    for Bad { line, problem } in &imported.bad {
        let unread = Unread {
            source: UNREAD_SOURCE.to_owned(),
            hash: looked.hash.clone(),
            name: format!("{} line {line}", looked.source.short()),
            place: "review".to_owned(),
            problem: problem.en.clone(),
            problem_zh: problem.zh.clone(),
            at: now,
            dead_letter: false,
        };
        app.ledger.keep_unread(&unread).await?;
    }
    Ok(())
}
