//! Reviews of products and voices of customers that a seller has exported by hand: Amazon gives
//! neither by its API.
//!
//! Columns are found by what sellers' tools call them, in English, Chinese and German. Who wrote a
//! review is never looked at.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::strtime;
use renown_core::case::{Signal, Source, of_review};
use renown_core::ids::Asin;
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::{AllOrdersRow, Charset};
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::app::App;
use renown_io::bus::raise;
use serde::Serialize;

use super::rows::Table;
use super::shop::Bad;
use super::{MAX_TOLD, look};
use crate::refuse;

/// Reviews of so many stars or fewer are kept: they say what is wrong.
const MOST_STARS: u8 = 3;
/// Signals that are written at once.
const BATCH: usize = 100;

/// What columns are called, in small letters.
const ASIN: &[&str] = &["asin", "child asin", "子asin", "product asin", "商品asin", "variation asin"];
const STARS: &[&str] =
    &["rating", "stars", "star rating", "star", "评分", "星级", "评级", "bewertung", "sterne"];
const DATE: &[&str] =
    &["date", "review date", "reviewed on", "日期", "评论日期", "时间", "datum", "comment date"];
const TITLE: &[&str] = &["title", "review title", "headline", "标题", "评论标题", "titel"];
const TEXT: &[&str] = &[
    "review",
    "text",
    "content",
    "body",
    "review text",
    "review body",
    "comment",
    "comments",
    "customer comment",
    "customer comments",
    "内容",
    "评论",
    "评论内容",
    "买家评论",
    "买家反馈",
    "rezension",
    "kommentar",
];

/// How dates are written where that can be read in one way alone.
const DATES: [&str; 8] =
    ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y"];

/// What became of a file.
#[derive(Debug, Default, Serialize)]
pub struct ReviewsImported {
    /// The file, as it was named.
    pub file: String,
    /// Rows below the header.
    pub rows: u64,
    /// Reviews not known before.
    pub new: u64,
    /// Reviews that were known.
    pub known: u64,
    /// Reviews of four or five stars: nothing is wrong there.
    pub content: u64,
    /// Rows that could not be used.
    pub bad_rows: u64,
    /// The first [`MAX_TOLD`] of them.
    pub bad: Vec<Bad>,
}

/// Where a file has what.
struct Places {
    asin: usize,
    stars: Option<usize>,
    date: Option<usize>,
    title: Option<usize>,
    text: Option<usize>,
}

impl Places {
    /// Finds the columns; `None`: this is no such file.
    fn find(heading: &[String]) -> Option<Self> {
        let names: Vec<String> =
            heading.iter().map(|name| name.trim().trim_start_matches('\u{feff}').to_lowercase()).collect();
        let at = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        let places =
            Self { asin: at(ASIN)?, stars: at(STARS), date: at(DATE), title: at(TITLE), text: at(TEXT) };
        (places.stars.is_some() || places.text.is_some()).then_some(places)
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
    let looked = look::any(file)?;
    let guessed = looked.source.charset();
    let others = [Charset::WINDOWS_1252, Charset::GB18030].into_iter().filter(|other| *other != guessed);
    let charsets = [guessed].into_iter().chain(others.filter(|_| guessed != Charset::UTF_8));
    let tables: Vec<(Charset, Table)> = match looked.sheets {
        Some(sheets) => sheets.into_iter().map(|sheet| (guessed, Table::Sheet(sheet))).collect(),
        None => charsets
            .flat_map(|charset| [b',', b';', b'\t'].map(|separator| (charset, Table::Separated(separator))))
            .collect(),
    };
    for (charset, table) in &tables {
        let source = &looked.source.read_in(*charset);
        let mut rows = table.rows::<AllOrdersRow>(source)?;
        let Some((_, heading)) = rows.record()? else { continue };
        let Some(places) = Places::find(&heading) else { continue };
        let from = Source { seller: &seller.id, marketplace, as_of: now, seen_at: now };
        let mut batch = Vec::new();
        while let Some((line, cells)) = rows.record()? {
            imported.rows += 1;
            match row(&places, &cells, from) {
                Ok(Some(signal)) => batch.push(signal),
                Ok(None) => imported.content += 1,
                Err(problem) => {
                    imported.bad_rows += 1;
                    if imported.bad.len() < MAX_TOLD {
                        imported.bad.push(Bad { line, problem });
                    }
                }
            }
            if batch.len() == BATCH {
                write(app, &mut batch, &mut imported).await?;
            }
        }
        write(app, &mut batch, &mut imported).await?;
        return Ok(imported);
    }
    let shown = file.display();
    refuse!(
        "{shown} holds no reviews: its first line has to name a column asin, and one of rating or review",
        "{shown} 中没有评论:首行须有 ASIN 列,以及评分或评论列"
    )
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

/// A row; `None`: a content buyer's.
fn row(
    places: &Places,
    cells: &[String],
    source: Source<'_>,
) -> Result<Option<Signal>, renown_core::say::Text> {
    let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map_or("", |cell| cell.trim());
    let asin: Asin = cell(Some(places.asin)).parse().map_err(|_| text!("it names no ASIN", "没有 ASIN"))?;
    let stars = match cell(places.stars) {
        "" => None,
        written => match first_number(written) {
            Some(stars @ 1..=5) => Some(stars),
            _ => return Err(text!("its rating is none from 1 to 5", "评分不是 1 到 5")),
        },
    };
    let words = [cell(places.title), cell(places.text)].into_iter().filter(|text| !text.is_empty());
    let words = words.collect::<Vec<_>>().join(". ");
    if stars.is_none() && words.is_empty() {
        return Err(text!("it has neither a rating nor a text", "既没有评分也没有文字"));
    }
    if stars.is_some_and(|stars| stars > MOST_STARS) {
        return Ok(None);
    }
    let raw = cell(places.date);
    Ok(Some(of_review(&asin, stars, (raw, date(raw)), &words, source)))
}

/// The number that a rating begins with: `4`, `4.0 out of 5 stars`, `4 星`.
fn first_number(text: &str) -> Option<u8> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// A day, where it can be read in one way alone. `Reviewed in Germany on 3 November 2026` ends in one.
fn date(text: &str) -> Option<Date> {
    let text = text.rsplit(" on ").next().unwrap_or(text).trim();
    let day = text.split(['T', ' ']).next().filter(|day| day.len() == 10).unwrap_or(text);
    let read = |format: &str| {
        [text, day].into_iter().find_map(|text| strtime::parse(format, text).ok()?.to_date().ok())
    };
    DATES.iter().find_map(|format| read(format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_where_it_means_one_day_alone() {
        for (text, expect) in [
            ("2026-11-03", Some("2026-11-03")),
            ("2026-11-03T10:00:00Z", Some("2026-11-03")),
            ("2026/11/03", Some("2026-11-03")),
            ("2026年11月03日", Some("2026-11-03")),
            ("November 3, 2026", Some("2026-11-03")),
            ("Reviewed in the United Kingdom on 3 November 2026", Some("2026-11-03")),
            ("03/11/2026", None),
            ("", None),
            ("yesterday", None),
        ] {
            assert_eq!(date(text).map(|day| day.to_string()).as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn columns_are_found_by_what_tools_call_them_and_names_of_people_are_not_looked_at() {
        let find = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            Places::find(&names).map(|it| (it.asin, it.stars, it.text))
        };
        assert_eq!(find(&["Reviewer", "ASIN", "Rating", "Review Text"]), Some((1, Some(2), Some(3))));
        assert_eq!(find(&["\u{feff}子ASIN", "评分", "评论内容"]), Some((0, Some(1), Some(2))));
        assert_eq!(find(&["ASIN", "Price"]), None);
        assert_eq!(find(&["Rating", "Review"]), None);
    }
}
