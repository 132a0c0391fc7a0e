//! What a file is, by what is in it. Its name says nothing: reports are saved as `.txt`, `.csv`,
//! `.tsv` or without an ending, and workbooks under the names of text files.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::{AllOrdersRow, Charset, FileError, Header, ShipmentRow};
use sha2::{Digest, Sha256};

use super::error::{ImportError, LooksLike};
use super::notifications::{self, Messages};
use super::rows::{Table, fields};
use super::text_file::Text;
use super::workbook;
use crate::charset::Guess;

/// Text at the head of a file by which its kind is known. A header has some hundred characters.
const HEAD_BYTES: usize = 256 * 1024;
/// Largest file, unpacked, if it comes as gzip: as for reports that Amazon sends.
const MAX_UNPACKED: u64 = 2 * 1024 * 1024 * 1024;
const MIB: u64 = 1024 * 1024;

/// A file on the seller's disk.
#[derive(Debug, Clone)]
pub(super) struct Source {
    path: PathBuf,
    is_gzip: bool,
    charset: Charset,
}

impl Source {
    /// Its name without folders.
    pub(super) fn short(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// How its text is written.
    pub(super) fn charset(&self) -> Charset {
        self.charset
    }

    /// Its bytes from the beginning, unpacked.
    pub(super) fn bytes(&self) -> Result<Box<dyn Read>, ImportError> {
        let file = File::open(&self.path).map_err(|error| self.unreadable(error))?;
        if !self.is_gzip {
            return Ok(Box::new(file));
        }
        let unpacked = MultiGzDecoder::new(io::BufReader::new(file));
        Ok(Box::new(Bounded { bytes: unpacked, left: MAX_UNPACKED }))
    }

    /// The error for bytes that could not be read.
    pub(super) fn unreadable(&self, source: io::Error) -> ImportError {
        let file = self.to_string();
        match source.kind() {
            io::ErrorKind::FileTooLarge => ImportError::TooLarge { file, limit_mib: MAX_UNPACKED / MIB },
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
                if self.is_gzip =>
            {
                ImportError::BrokenGzip { file }
            }
            _ => ImportError::Io { file, source },
        }
    }

    fn unknown(&self, looks_like: LooksLike) -> ImportError {
        ImportError::Unknown { file: self.to_string(), looks_like }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.display().fmt(f)
    }
}

/// Bytes up to a limit, and an error behind it.
struct Bounded<R> {
    bytes: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(into)?;
        self.left = self.left.checked_sub(n as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(n)
    }
}

/// A file, looked through.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) source: Source,
    /// SHA-256 of its bytes as they lie on the disk, or unpacked if it is gzip; hexadecimal.
    pub(super) hash: String,
    pub(super) content: Content,
}

/// What is in a file.
#[derive(Debug)]
pub(super) enum Content {
    AllOrders(Table),
    FbaShipments(Table),
    Notifications(Messages),
}

/// A file whose columns somebody else knows.
pub(super) struct Any {
    pub(super) source: Source,
    pub(super) hash: String,
    /// Its rows: the sheets of a workbook, or those of a text with each separator that is in use.
    pub(super) tables: Vec<Table>,
}

/// Looks at a file whose columns somebody else knows; `sold_in`: where its texts were written.
pub(super) fn any(path: &Path, sold_in: Option<MarketplaceId>) -> Result<Any, ImportError> {
    let (mut source, is_workbook) = begin(path)?;
    let (hash, charset) = through(&source, sold_in)?;
    let tables = if is_workbook {
        workbook::sheets(&source, &source.path)?.into_iter().map(Table::Sheet).collect()
    } else {
        source.charset = charset;
        [b',', b';', b'\t', b'|'].map(Table::Separated).into()
    };
    Ok(Any { source, hash, tables })
}

/// Looks a file through.
pub(super) fn at(path: &Path) -> Result<Looked, ImportError> {
    let (mut source, is_workbook) = begin(path)?;
    if is_workbook {
        let content = workbook::content(&source, &source.path)?;
        let (hash, _) = through(&source, None)?;
        return Ok(Looked { source, hash, content });
    }
    let (hash, charset) = through(&source, None)?;
    source.charset = charset;
    let content = text(&source)?;
    Ok(Looked { source, hash, content })
}

/// Whether it is a workbook, or else a text.
fn begin(path: &Path) -> Result<(Source, bool), ImportError> {
    let mut source = Source { path: path.to_owned(), is_gzip: false, charset: Charset::UTF_8 };
    let mut head = head_of(&source)?;
    source.is_gzip = head.starts_with(&[0x1f, 0x8b]);
    if source.is_gzip {
        head = head_of(&source)?;
    }
    match Magic::of(&head) {
        Some(_) if source.is_gzip => Err(ImportError::PackedTwice { file: source.to_string() }),
        Some(Magic::Zip) => Ok((source, true)),
        Some(Magic::OldWorkbook) => Err(ImportError::OldWorkbook { file: source.to_string() }),
        Some(Magic::Other(looks_like)) => Err(source.unknown(looks_like)),
        None => Ok((source, false)),
    }
}

fn head_of(source: &Source) -> Result<Vec<u8>, ImportError> {
    let mut head = Vec::new();
    let read = source.bytes()?.take(4096).read_to_end(&mut head);
    read.map_err(|error| source.unreadable(error))?;
    if head.is_empty() { Err(ImportError::Empty { file: source.to_string() }) } else { Ok(head) }
}

/// Reads the whole file once: its hash and its charset.
fn through(source: &Source, sold_in: Option<MarketplaceId>) -> Result<(String, Charset), ImportError> {
    let (mut bytes, mut hash, mut guess) = (source.bytes()?, Sha256::new(), Guess::new());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match bytes.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                hash.update(&buffer[..n]);
                guess.push(&buffer[..n]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(source.unreadable(error)),
        }
    }
    let hex = hash.finalize().iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write;
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    Ok((hex, guess.finish(sold_in)))
}

/// Files that are no text, by their first bytes.
enum Magic {
    Zip,
    OldWorkbook,
    Other(LooksLike),
}

impl Magic {
    fn of(head: &[u8]) -> Option<Self> {
        const PICTURES: [&[u8]; 4] = [b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM"];
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Some(Self::Zip);
        }
        if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return Some(Self::OldWorkbook);
        }
        if head.starts_with(b"%PDF") {
            return Some(Self::Other(LooksLike::Pdf));
        }
        // "BM" alone could begin a text; behind it a bitmap has zero bytes.
        let has_zeros = head.contains(&0);
        if PICTURES.iter().any(|picture| head.starts_with(picture) && (picture.len() > 2 || has_zeros)) {
            return Some(Self::Other(LooksLike::Picture));
        }
        None
    }
}

/// What a text file holds.
fn text(source: &Source) -> Result<Content, ImportError> {
    let (mut text, mut head) = (Text::open(source)?, String::new());
    while head.len() < HEAD_BYTES
        && let Some(piece) = text.next()?
    {
        head.push_str(&piece);
    }
    if head.contains('\0') {
        return Err(source.unknown(LooksLike::Bytes));
    }
    let Some(first) = head.lines().find(|line| !line.trim().is_empty()) else {
        return Err(ImportError::Empty { file: source.to_string() });
    };
    let begin = first.trim_start();
    if !begin.starts_with(['{', '[']) {
        let mut nearest = None;
        for table in [Table::Tabs, Table::Separated(b','), Table::Separated(b';')] {
            let names = match &table {
                Table::Separated(separator) => fields(first, *separator),
                Table::Tabs | Table::Sheet(_) => first.split('\t').map(str::to_owned).collect(),
            };
            match report(&source.to_string(), &names) {
                Report::AllOrders => return Ok(Content::AllOrders(table)),
                Report::FbaShipments => return Ok(Content::FbaShipments(table)),
                Report::Nearly(error) => nearest = nearest.or(Some(error)),
                Report::None => {}
            }
        }
        if let Some(error) = nearest {
            return Err(ImportError::Columns(error));
        }
    }
    if begin.starts_with(['{', '[', '"'])
        && let Some(messages) = notifications::messages(source, &head)?
    {
        return Ok(Content::Notifications(messages));
    }
    Err(source.unknown(looks_like(begin)))
}

fn looks_like(begin: &str) -> LooksLike {
    let has_head = |word: &str| begin.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
    if has_head("<!doctype html") || has_head("<html") {
        LooksLike::WebPage
    } else if has_head("<?xml") {
        LooksLike::Xml
    } else if begin.starts_with(['{', '[']) {
        LooksLike::Json
    } else {
        LooksLike::Text
    }
}

/// Which report begins with a line of column names.
pub(super) enum Report {
    AllOrders,
    FbaShipments,
    /// One that lacks some columns or has one twice.
    Nearly(FileError),
    None,
}

/// Looks at column names.
pub(super) fn report(file: &str, names: &[String]) -> Report {
    let names = || names.iter().map(String::as_str);
    let nearly =
        match (Header::<AllOrdersRow>::find(file, names()), Header::<ShipmentRow>::find(file, names())) {
            (Ok(_), _) => return Report::AllOrders,
            (_, Ok(_)) => return Report::FbaShipments,
            (Err(orders), Err(shipments)) if n_missing(&shipments) < n_missing(&orders) => shipments,
            (Err(orders), Err(_)) => orders,
        };
    // Without the order's id it is any table.
    let has_order = names().any(|name| name.trim().trim_matches('"').eq_ignore_ascii_case("amazon-order-id"));
    if has_order && names().count() > 1 { Report::Nearly(nearly) } else { Report::None }
}

fn n_missing(error: &FileError) -> usize {
    match error {
        FileError::MissingColumns { missing, .. } => missing.len(),
        FileError::DuplicateColumn { .. } => 0,
        FileError::OtherColumns { .. } | FileError::Empty { .. } => usize::MAX,
    }
}
