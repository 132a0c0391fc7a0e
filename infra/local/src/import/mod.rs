//! Files that a seller has by hand, read into the ledger: a report downloaded from Seller
//! Central, the same saved from a spreadsheet, or messages kept from a queue.
//!
//! file → what it is, by its content alone → read through once to count and to learn
//! how recent it is → read through again to record. Text of any length takes constant memory.
//!
//! Nothing is lost (promise P4): a row that cannot be read is told with its line, its reason and
//! its remedy, and its neighbours are taken in. Safe to repeat (P7): facts merge as a join and
//! what could not be read is named by the file's hash, so the same file again changes nothing.
//! Only columns on the reports' whitelist are looked at (P6), whatever the form of the file.

mod error;
mod failed;
mod look;
mod notifications;
mod report;
mod reviews;
mod rows;
mod shop;
mod text_file;
mod workbook;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::{AllOrdersRow, BadRow, ShipmentRow};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::app::App;
use renown_io::ledger::{self, Unread};
use serde::Serialize;

pub use error::{ImportError, LooksLike};
pub use failed::{At, Failed, Why};
pub use reviews::{ReviewsImported, import_reviews, look_for_reviews};
pub use shop::{Bad, Mapping, SHOP_IMPORT, ShopImported, import as import_shop, read as read_shop};

use look::{Content, Looked};

/// The source of what an import could not read, in the ledger.
pub const UNREAD_SOURCE: &str = "import";

/// Rows, messages or orders of one file that are told and kept one by one; of the others only
/// the number. As for files that Amazon makes on request.
pub const MAX_TOLD: usize = 1_000;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The report of all orders, by last update or by order date.
    AllOrders,
    /// The report of what Amazon's warehouses shipped.
    FbaShipments,
    /// Amazon's notifications.
    Notifications,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The file, as it was named.
    pub file: String,
    /// What it holds.
    pub kind: Kind,
    /// How its characters are written; `None` for a workbook.
    pub charset: Option<&'static str>,
    /// Characters that had no meaning in that charset. More than a few: the file was damaged.
    pub garbled: u64,
    /// Rows below the header, bad ones included; or messages.
    pub rows: u64,
    /// Orders not heard of before.
    pub orders_new: u64,
    /// Orders of which something new was said. An order whose rows stand far apart counts more
    /// than once.
    pub orders_changed: u64,
    /// Orders of which nothing new was said.
    pub orders_unchanged: u64,
    /// Rows that could not be read, or of which one cell is not believed.
    pub bad_rows: u64,
    /// The first [`MAX_TOLD`] of them; see [`renown_core::say::bad_row`].
    pub bad: Vec<BadRow>,
    /// Where its orders were placed.
    pub marketplaces: BTreeSet<MarketplaceId>,
    /// How recent a report is: the latest moment that it knows of, and never later than now.
    /// `None` for messages and for a report without a readable row.
    pub as_of: Option<Timestamp>,
    /// Messages that were of no use or could not be read, and orders that could not be written.
    pub unreadable: u64,
    /// The first [`MAX_TOLD`] of them.
    pub failed: Vec<Failed>,
}

impl Imported {
    /// Whether it has rows or messages and nothing of it could be taken in.
    pub fn is_lost(&self) -> bool {
        let orders = self.orders_new + self.orders_changed + self.orders_unchanged;
        match self.kind {
            Kind::AllOrders | Kind::FbaShipments => self.rows > 0 && orders == 0,
            // A message need not be about an order.
            Kind::Notifications => self.rows > 0 && self.unreadable >= self.rows,
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Rows or messages that are taken in.
    pub rows_done: u64,
    /// All there are.
    pub rows_total: u64,
}

/// Reads a file into the ledger, for one seller. `progress` is told how far it has come at the
/// beginning, after each batch, and at the end.
///
/// Messages name their seller themselves and are taken in for that one.
///
/// # Errors
///
/// [`ImportError`] if the file is none that can be read, or the table fails: what was taken in by
/// then stays, and importing the file again goes on.
pub async fn import(
    app: &App,
    seller: &Seller,
    file: &Path,
    now: Timestamp,
    progress: &mut dyn FnMut(Progress),
) -> anyhow::Result<Imported> {
    let Looked { source, hash, content } = look::at(file)?;
    let mut desk = Desk { app, seller, now, source: &source, hash, kept: 0, progress };
    let imported = match &content {
        Content::AllOrders(table) => Box::pin(report::import::<AllOrdersRow>(&mut desk, table)).await,
        Content::FbaShipments(table) => Box::pin(report::import::<ShipmentRow>(&mut desk, table)).await,
        Content::Notifications(messages) => Box::pin(notifications::import(&mut desk, messages)).await,
    };
    Ok(imported?)
}

/// What every step of an import needs.
struct Desk<'a> {
    app: &'a App,
    seller: &'a Seller,
    now: Timestamp,
    source: &'a look::Source,
    /// SHA-256 of the file, hexadecimal.
    hash: String,
    /// Entries of unread input so far.
    kept: usize,
    progress: &'a mut dyn FnMut(Progress),
}

impl Desk<'_> {
    fn nothing_yet(&self, kind: Kind) -> Imported {
        Imported {
            file: self.source.to_string(),
            kind,
            charset: None,
            garbled: 0,
            rows: 0,
            orders_new: 0,
            orders_changed: 0,
            orders_unchanged: 0,
            bad_rows: 0,
            bad: Vec::new(),
            marketplaces: BTreeSet::new(),
            as_of: None,
            unreadable: 0,
            failed: Vec::new(),
        }
    }

    /// Tells how far it has come.
    fn done(&mut self, rows_done: u64, rows_total: u64) {
        (self.progress)(Progress { rows_done, rows_total });
    }

    /// Keeps what could not be read, up to [`MAX_TOLD`]; its body is in the seller's own file.
    async fn keep(&mut self, at: &str, place: &str, problem: Text) -> Result<(), ImportError> {
        if self.kept == MAX_TOLD {
            return Ok(());
        }
        self.kept += 1;
        self.write(at, place, problem).await
    }

    /// Keeps the number of bad rows beyond the first [`MAX_TOLD`].
    async fn keep_further(&self, more: u64) -> Result<(), ImportError> {
        let problem = text!(
            "{more} more rows could not be read; look at the first {MAX_TOLD} of this file",
            "另有 {more} 行无法读取;请查看该文件的前 {MAX_TOLD} 条"
        );
        self.write("further lines", "file", problem).await
    }

    async fn write(&self, at: &str, place: &str, problem: Text) -> Result<(), ImportError> {
        let unread = Unread {
            source: UNREAD_SOURCE.to_owned(),
            hash: self.hash.clone(),
            name: format!("{} {at}", self.source.short()),
            place: place.to_owned(),
            problem: problem.en,
            problem_zh: problem.zh,
            at: self.now,
            dead_letter: false,
        };
        self.app.ledger.keep_unread(&unread).await.map_err(|error| self.table(error))
    }

    fn table(&self, source: ledger::Error) -> ImportError {
        ImportError::Table { file: self.source.to_string(), source }
    }
}
