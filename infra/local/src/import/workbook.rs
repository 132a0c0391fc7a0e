//! Workbooks that Excel writes (`.xlsx`). They are read whole: their rows lie compressed and
//! their texts apart from the rows.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, Range, Reader as _, Xlsx, XlsxError, open_workbook};

use super::error::ImportError;
use super::look::{Content, Report, Source, report};
use super::rows::Table;

/// Largest workbook, as it lies on the disk: some million rows of a report.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The first sheet that begins with a report's column names.
pub(super) fn content(source: &Source, path: &Path) -> Result<Content, ImportError> {
    let file = source.to_string();
    let mut workbook = open(source, path)?;
    let (sheets, mut nearest) = (workbook.sheet_names(), None);
    for name in &sheets {
        let range = workbook.worksheet_range(name).map_err(|error| broken(&file, &error))?;
        let Some(header) = range.rows().find(|row| !is_blank(row)) else { continue };
        let names: Vec<String> = header.iter().map(text_of).collect();
        match report(&file, &names) {
            Report::AllOrders => return Ok(Content::AllOrders(Table::Sheet(range))),
            Report::FbaShipments => return Ok(Content::FbaShipments(Table::Sheet(range))),
            Report::Nearly(error) => nearest = nearest.or(Some(error)),
            Report::None => {}
        }
    }
    Err(nearest.map_or(ImportError::NoSheet { file, sheets }, ImportError::Columns))
}

/// Every sheet.
pub(super) fn sheets(source: &Source, path: &Path) -> Result<Vec<Range<Data>>, ImportError> {
    let file = source.to_string();
    let mut workbook = open(source, path)?;
    let names = workbook.sheet_names();
    names.iter().map(|name| workbook.worksheet_range(name).map_err(|error| broken(&file, &error))).collect()
}

fn broken(file: &str, error: &XlsxError) -> ImportError {
    ImportError::BrokenWorkbook { file: file.to_owned(), problem: error.to_string() }
}

fn open(source: &Source, path: &Path) -> Result<Xlsx<BufReader<File>>, ImportError> {
    let file = source.to_string();
    let n_bytes = std::fs::metadata(path).map_err(|error| source.unreadable(error))?.len();
    if n_bytes > MAX_BYTES {
        return Err(ImportError::TooLarge { file, limit_mib: MAX_BYTES / 1024 / 1024 });
    }
    match open_workbook(path) {
        Ok(workbook) => Ok(workbook),
        // Only a name tells a damaged workbook from an archive of something else.
        Err(error @ (XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound | XlsxError::Zip(_))) => {
            let is_workbook = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
            Err(if is_workbook { broken(&file, &error) } else { ImportError::Zip { file } })
        }
        Err(XlsxError::Io(error)) => Err(source.unreadable(error)),
        Err(error) => Err(broken(&file, &error)),
    }
}

/// The rows of a sheet with their numbers, from 1; blank ones are left out.
pub(super) fn rows(range: &Range<Data>) -> impl Iterator<Item = (u64, Vec<String>)> + '_ {
    let first = range.start().map_or(0, |(row, _)| u64::from(row)) + 1;
    let numbered = (first..).zip(range.rows());
    numbered
        .filter(|(_, row)| !is_blank(row))
        .map(|(number, row)| (number, row.iter().map(text_of).collect()))
}

fn is_blank(row: &[Data]) -> bool {
    row.iter().all(|cell| text_of(cell).trim().is_empty())
}

/// A cell as the report has it. A date cell has no zone, so it is written without one and its
/// row is told as one whose time is not understood: guessing a zone could move an order's day.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        // Displayed without a fraction where it has none: a SKU of digits became a number.
        Data::Float(number) => number.to_string(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(date) if date.is_duration() => date.as_f64().to_string(),
        Data::DateTime(date) => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}
