//! The rows of a report, whatever the form of its file.

use calamine::{Data, Range};
use renown_core::reports::{BadRow, Decoded, Header, Reader, Row};

use super::error::ImportError;
use super::look::Source;
use super::text_file::{Text, Utf8};
use super::workbook;

/// Longest record of a CSV file; as long as 16 of the longest lines of a report. What is longer
/// is a quote that was never closed.
const MAX_RECORD: usize = 1024 * 1024;
/// Records that are handed out at once.
const CHUNK: usize = 500;

/// How the rows of a report stand in a file.
#[derive(Debug)]
pub(super) enum Table {
    /// Tab-separated, as Amazon writes it.
    Tabs,
    /// CSV with this separator.
    Separated(u8),
    /// A sheet of a workbook.
    Sheet(Range<Data>),
}

impl Table {
    /// The rows from the beginning.
    pub(super) fn rows<'a, R: Row>(&'a self, source: &'a Source) -> Result<Rows<'a, R>, ImportError> {
        let (file, line) = (source.to_string(), 1);
        let form = match self {
            Self::Tabs => {
                Form::Tabs { reader: Some(Reader::new(file.clone())), text: Box::new(Text::open(source)?) }
            }
            Self::Separated(separator) => {
                let reader = csv(*separator).from_reader(Utf8::open(source)?);
                Form::Separated(Box::new(reader))
            }
            Self::Sheet(range) => Form::Sheet(Box::new(workbook::rows(range))),
        };
        Ok(Rows { file, form, header: None, line })
    }
}

fn csv(separator: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(separator);
    builder
}

/// The fields of one line of a CSV file.
pub(super) fn fields(line: &str, separator: u8) -> Vec<String> {
    let mut record = csv::StringRecord::new();
    match csv(separator).from_reader(line.as_bytes()).read_record(&mut record) {
        Ok(_) => record.iter().map(str::to_owned).collect(),
        Err(_) => Vec::new(),
    }
}

/// Rows on their way.
pub(super) struct Rows<'a, R> {
    file: String,
    form: Form<'a, R>,
    header: Option<Header<R>>,
    /// Line behind the last record.
    line: u64,
}

enum Form<'a, R> {
    Tabs { reader: Option<Reader<R>>, text: Box<Text<'a>> },
    Separated(Box<csv::Reader<Utf8<'a>>>),
    Sheet(Box<dyn Iterator<Item = (u64, Vec<String>)> + 'a>),
}

impl<R: Row> Rows<'_, R> {
    /// Appends the next rows; `false` at the end.
    pub(super) fn next(&mut self, rows: &mut Vec<Result<R, BadRow>>) -> Result<bool, ImportError> {
        match &mut self.form {
            Form::Tabs { reader, text } => match (text.next()?, reader.take()) {
                (Some(piece), Some(mut open)) => {
                    open.push(&piece, rows).map_err(ImportError::Columns)?;
                    *reader = Some(open);
                    Ok(true)
                }
                (_, open) => {
                    open.map_or(Ok(()), |open| open.finish(rows)).map_err(ImportError::Columns)?;
                    Ok(false)
                }
            },
            Form::Separated(_) | Form::Sheet(_) => {
                for _ in 0..CHUNK {
                    let Some((line, cells)) = self.record()? else { return Ok(false) };
                    rows.extend(self.row(line, &cells)?);
                }
                Ok(true)
            }
        }
    }

    /// What came of a text's characters; `None` before its end and for a workbook.
    pub(super) fn decoded(&self) -> Option<&Decoded> {
        match &self.form {
            Form::Tabs { text, .. } => text.decoded(),
            Form::Separated(reader) => reader.get_ref().decoded(),
            Form::Sheet(_) => None,
        }
    }

    /// A row; `None` for the header.
    fn row(&mut self, line: u64, cells: &[String]) -> Result<Option<Result<R, BadRow>>, ImportError> {
        let cells = cells.iter().map(String::as_str);
        if let Some(header) = &self.header {
            return Ok(Some(header.row(line, cells.collect())));
        }
        self.header = Some(Header::find(&self.file, cells).map_err(ImportError::Columns)?);
        Ok(None)
    }

    /// The next record that is not blank, with the line on which it begins.
    pub(super) fn record(&mut self) -> Result<Option<(u64, Vec<String>)>, ImportError> {
        loop {
            let reader = match &mut self.form {
                Form::Separated(reader) => reader,
                Form::Sheet(records) => return Ok(records.next()),
                Form::Tabs { .. } => return Ok(None),
            };
            reader.get_mut().refill(MAX_RECORD);
            let mut record = csv::StringRecord::new();
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                Err(error) => return Err(failure(&self.file, self.line, reader.get_mut(), error)),
            }
            // Counted from its end: blank lines in front of a record belong to none.
            self.line = reader.position().line();
            // A quote that is open at the end of the file holds the last line's end as well.
            let is_open = reader.get_ref().decoded().is_some()
                && record.iter().next_back().is_some_and(|it| it.ends_with('\n'));
            let breaks = record.iter().flat_map(str::bytes).filter(|byte| *byte == b'\n').count() as u64;
            if record.iter().any(|field| !field.trim().is_empty()) {
                let begins = self.line.saturating_sub(breaks + u64::from(!is_open));
                return Ok(Some((begins, record.iter().map(str::to_owned).collect())));
            }
        }
    }
}

fn failure(file: &str, line: u64, utf8: &mut Utf8<'_>, error: csv::Error) -> ImportError {
    let file = file.to_owned();
    if utf8.is_spent() {
        return ImportError::OpenQuote { file, line };
    }
    utf8.take_failure().unwrap_or_else(|| ImportError::Io { file, source: std::io::Error::other(error) })
}
