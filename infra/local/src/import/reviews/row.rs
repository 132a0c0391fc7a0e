//! A row of a file of reviews: what it says, or what is wrong with it.

use jiff::civil::Date;
use renown_core::ids::Asin;
use renown_core::ids::asin::{FORM, FORM_ZH, asin};
use renown_core::marketplace::MarketplaceId;
use renown_core::say::Text;
use renown_core::text;

use super::columns::{Columns, Field};
use super::country::marketplace;
use super::day::{self, Order};

/// Written where a review has no stars.
const NO_STARS: [&str; 5] = ["", "-", "—", "n/a", "N/A"];

/// A review.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Review<'a> {
    pub(super) asin: Asin,
    pub(super) stars: Option<u8>,
    /// Its day as it stands there.
    pub(super) raw_day: &'a str,
    pub(super) day: Option<Date>,
    /// Title and text.
    pub(super) words: String,
    /// The text alone, or the title where there is no other.
    pub(super) body: &'a str,
    /// Where it was written, if the row says so.
    pub(super) marketplace: Option<MarketplaceId>,
    /// The row says where, but no marketplace is called so.
    pub(super) is_elsewhere: bool,
    /// Amazon's name of it, where its tool has kept that.
    pub(super) id: Option<&'a str>,
}

/// Reads a row of a file that writes its days in an order.
pub(super) fn read<'a>(
    columns: &Columns,
    cells: &'a [String],
    order: Option<Order>,
    today: Date,
) -> Result<Review<'a>, Text> {
    let cell = |field| columns.cell(field, cells);
    let n_cells = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    let n = columns.n;
    if n_cells > n {
        return Err(text!(
            "it has {n_cells} cells, the first line {n}: put a text with a separator in it between quotes",
            "该行有 {n_cells} 格,首行只有 {n} 格:含分隔符的文字须加引号"
        ));
    }
    let Some(asin) = asin(of_link(cell(Field::Asin))) else {
        return Err(text!("it names no ASIN: {FORM}", "没有有效的 ASIN:{FORM_ZH}"));
    };
    let stars = stars(cell(Field::Stars))?;
    let body = Some(cell(Field::Words)).filter(|text| !text.is_empty()).unwrap_or(cell(Field::Title));
    let words = [cell(Field::Title), cell(Field::Words)].into_iter().filter(|text| !text.is_empty());
    let words = words.collect::<Vec<_>>().join(". ");
    if stars.is_none() && words.is_empty() {
        return Err(text!(
            "it has neither stars nor words: add one, or leave it out",
            "既没有星级也没有文字:请补上或删去该行"
        ));
    }
    let raw_day = cell(Field::Day);
    let day = day::read(raw_day, order);
    // A day may have begun elsewhere.
    if day.is_some_and(|day| today.tomorrow().is_ok_and(|tomorrow| day > tomorrow)) {
        return Err(text!(
            "its day is still to come: correct it and import the file again",
            "日期在将来:请改正后重新导入该文件"
        ));
    }
    // Amazon's begin so; what a tool writes where it has none is no name of one review.
    let id = Some(cell(Field::ReviewId)).filter(|id| id.starts_with('R') && id.len() >= 10);
    let written = cell(Field::Marketplace);
    let marketplace = marketplace(written);
    let is_elsewhere = marketplace.is_none() && !written.is_empty();
    Ok(Review { asin, stars, raw_day, day, words, body, marketplace, is_elsewhere, id })
}

/// Stars: `4`, `4.0 out of 5 stars`, `4,0 von 5 Sternen`, `5つ星のうち4.0`, `★★★★☆`, `４`, `四星`.
fn stars(written: &str) -> Result<Option<u8>, Text> {
    let written: String = written.chars().map(ascii_figure).collect();
    let written = written.as_str();
    if NO_STARS.contains(&written) {
        return Ok(None);
    }
    let none = || {
        text!("its stars are none from 1 to 5: write a number, or nothing", "星级不是 1 到 5:请写数字或留空")
    };
    let signs = written.chars().filter(|c| matches!(c, '★' | '⭐')).count();
    if signs > 0 {
        return u8::try_from(signs).ok().filter(|signs| *signs <= 5).map(Some).ok_or_else(none);
    }
    let written = written.strip_prefix("5つ星のうち").unwrap_or(written).trim_start();
    let figures = written.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    let mut figures =
        figures.map(|figure| figure.trim_matches(['.', ','])).filter(|figure| !figure.is_empty());
    let figure = figures.next().unwrap_or_default().replace(',', ".");
    // "5 out of 10" is another scale.
    if figures.next().is_some_and(|of| of != "5") {
        return Err(none());
    }
    let (whole, part) = figure.split_once('.').unwrap_or((&figure, ""));
    if part.bytes().any(|digit| digit != b'0') {
        return Err(text!(
            "{figure} stars are the mean of many reviews: import the list of the reviews themselves",
            "{figure} 星是多条评论的平均值:请导入评论明细"
        ));
    }
    whole.parse().ok().filter(|stars| (1..=5).contains(stars)).map(Some).ok_or_else(none)
}

/// The ASIN of a link to a product's page; anything else as it is.
fn of_link(written: &str) -> &str {
    let behind = ["/dp/", "/product/", "/product-reviews/"].iter().find_map(|part| written.split_once(part));
    behind.map_or(written, |(_, rest)| rest.split(['/', '?']).next().unwrap_or(rest))
}

/// A figure as ASCII has it, of full width or in Chinese.
fn ascii_figure(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '．' => '.',
        '一' => '1',
        '二' | '两' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_its_product() {
        for written in
            ["https://www.amazon.de/dp/B0TEAPOT01?th=1", "https://www.amazon.de/Pot/dp/B0TEAPOT01/ref=x"]
        {
            assert_eq!(of_link(written), "B0TEAPOT01");
        }
        assert_eq!(of_link("B0TEAPOT01"), "B0TEAPOT01");
    }

    #[test]
    fn stars_are_read_as_pages_and_tools_write_them() {
        for (written, expect) in [
            ("4", Some(4)),
            ("4.0 out of 5 stars", Some(4)),
            ("1,0 von 5 Sternen", Some(1)),
            ("5つ星のうち2.0", Some(2)),
            ("3 星", Some(3)),
            ("★★☆☆☆", Some(2)),
            ("２", Some(2)),
            ("5つ星のうち１.０", Some(1)),
            ("一星", Some(1)),
            ("五星好评", Some(5)),
            ("", None),
            ("N/A", None),
            ("⭐⭐", Some(2)),
            ("Rated 1 out of 5", Some(1)),
            ("1/5", Some(1)),
        ] {
            assert_eq!(stars(written), Ok(expect), "{written}");
        }
        for wrong in ["0", "6", "nine", "★★★★★★", "10/10", "5 out of 10"] {
            assert!(stars(wrong).is_err_and(|text| text.en.contains("1 to 5")), "{wrong}");
        }
        for mean in ["3.9", "3,9 von 5"] {
            assert!(stars(mean).is_err_and(|text| text.en.contains("mean")), "{mean}");
        }
    }
}
