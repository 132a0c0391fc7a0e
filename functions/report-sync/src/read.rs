//! One file: from its pieces of text to orders or signals, with a checkpoint on the way.
//!
//! No more than one piece of text and one batch of rows is ever held. Rows before the
//! checkpoint are parsed and left: parsing is cheap beside the table, and it keeps the counts
//! true.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use renown_core::case::{Signal, Source, of_fba_return, of_feedback, of_gone, of_merchant_return};
use renown_core::ids::{OrderId, Sku};
use renown_core::order::{SeenIn, Sighting};
use renown_core::product::{self, Product};
use renown_core::reports::{
    AllOrdersRow, BadRow, Charset, FbaReturnRow, MerchantReturnRow, Reader, Row, SellerFeedbackRow,
    ShipmentRow, Speaks,
};
use renown_core::say::Text;
use renown_core::text;
use renown_io::ledger::{Error, ReportItem, ReportKind, ReportState, Unread};
use renown_io::say;
use renown_io::spapi::{self, DocumentId, Download};

use crate::seller::{Next, Shop, brake};
use crate::step::{fail, is_of_seller, put_off};
use crate::summary::Summary;
use crate::{health, plan, repeat, signals};

/// Rows taken in at once: one read of the table.
const BATCH: usize = 100;
/// Rows between checkpoints. A write for 500 rows costs next to nothing; reading 500 rows again
/// takes a second.
const CHECKPOINT: u64 = 500;
/// Bad rows of one file that are kept one by one; of the others only the number.
const MAX_BAD_ROWS: u64 = 1_000;
/// An order bought this shortly before the end of a range may still be underway as a
/// notification. Amazon promises no time; two hours are far beyond what is seen.
const NOTIFIED_WITHIN: SignedDuration = SignedDuration::from_hours(2);

/// How a file was left.
pub(crate) enum Left {
    /// Read to the end.
    Ended,
    /// Time ran out; a later invocation reads on.
    Unfinished,
    /// Somebody else reads it.
    Taken,
    /// The file is not what it should be; why.
    Bad(Text),
    /// The connection or Amazon failed.
    Broken(spapi::Error),
}

/// Keeps what could not be read of a report, by a name that no other has and the place within it.
pub(crate) async fn keep(
    shop: &Shop<'_>,
    kind: ReportKind,
    (name, place): (String, String),
    problem: Text,
    now: Timestamp,
) -> Result<(), Error> {
    let source = kind.word().to_owned();
    // What stood there is not kept, nor is its hash of use: the name is all there is of it.
    let hash = Unread::hash_of(name.as_bytes());
    let Text { en: problem, zh: problem_zh } = problem;
    let unread = Unread { source, hash, name, place, problem, problem_zh, at: now, dead_letter: false };
    shop.app.ledger.keep_unread(&unread).await
}

/// A file that is no table, in one piece.
pub(crate) async fn whole(mut download: Download, max_bytes: usize) -> Result<String, Left> {
    let mut file = String::new();
    loop {
        match download.next().await {
            Ok(Some(text)) => file.push_str(&text),
            Ok(None) => return Ok(file),
            Err(error) => return Err(Left::Broken(error)),
        }
        if file.len() > max_bytes {
            return Err(Left::Bad(text!(
                "the file is longer than {max_bytes} bytes",
                "文件超过 {max_bytes} 字节"
            )));
        }
    }
}

/// Fetches a document and takes it in, from the item's checkpoint on.
pub(crate) async fn read(
    shop: &Shop<'_>,
    item: ReportItem,
    report: String,
    document: &DocumentId,
    summary: &mut Summary,
) -> Result<Next, Error> {
    let charset =
        item.marketplaces.first().map_or(Charset::UTF_8, |marketplace| Charset::customary_in(*marketplace));
    let opened = match shop.spapi.document(&shop.caller, document).await {
        Ok(document) => shop.spapi.download(&document, charset).await,
        Err(error) => Err(error),
    };
    let download = match opened {
        Ok(download) => download,
        Err(error) if is_of_seller(&error) => return brake(shop, &error, summary).await,
        Err(error) => return put_off(shop, item, &error).await,
    };
    let mut file = File::new(shop, item, report);
    let left = match file.item.kind {
        ReportKind::AllOrders => file.take_in(download, File::order::<AllOrdersRow>).await,
        ReportKind::FbaShipments => file.take_in(download, File::order::<ShipmentRow>).await,
        ReportKind::SellerFeedback => file.take_in(download, File::feedback).await,
        ReportKind::FbaReturns => file.take_in(download, File::fba_return).await,
        ReportKind::MerchantReturns => file.take_in(download, File::merchant_return).await,
        ReportKind::AccountHealth => health::read(shop, &file.item, download).await,
        ReportKind::RepeatPurchase => repeat::read(shop, &file.item, download).await,
    };
    summary.add(std::mem::take(&mut file.counts));
    match left? {
        Left::Ended => file.done(summary).await,
        Left::Unfinished | Left::Taken => Ok(Next::GoOn),
        Left::Bad(why) => fail(shop, file.item, why, summary).await,
        Left::Broken(error) => put_off(shop, file.item, &error).await,
    }
}

/// A file being read.
struct File<'a> {
    shop: &'a Shop<'a>,
    item: ReportItem,
    report: String,
    /// Rows taken in for good, here or before.
    checkpoint: u64,
    /// Rows seen, those before the checkpoint included.
    seen: u64,
    /// Bad ones among them.
    bad: u64,
    batch: Vec<Sighting>,
    signals: Vec<Signal>,
    /// Orders of all rows of feedback, those before the checkpoint included.
    listed: BTreeSet<OrderId>,
    /// Names of products, of all rows seen: those before the checkpoint are parsed anyway, so
    /// one write at the end takes in the whole file.
    products: BTreeMap<Sku, Product>,
    counts: Summary,
}

impl<'a> File<'a> {
    fn new(shop: &'a Shop<'a>, item: ReportItem, report: String) -> Self {
        let checkpoint = if let ReportState::Reading { lines, .. } = item.state { lines } else { 0 };
        let (batch, counts) = (Vec::with_capacity(BATCH), Summary::default());
        let (signals, listed, products) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        Self { shop, item, report, checkpoint, seen: 0, bad: 0, batch, signals, listed, products, counts }
    }

    /// A row of a report of orders. Tells of a cell in it that is not understood.
    fn order<R: Speaks>(&mut self, row: R, is_new: bool) -> Option<BadRow> {
        product::note(&mut self.products, &row);
        let bad = row.bad_cell();
        if is_new {
            let (order, facts) = row.facts(self.item.to);
            self.batch.push(Sighting { order, seen_in: self.seen_in(), facts });
        }
        bad
    }

    #[expect(clippy::needless_pass_by_value, reason = "rows are handed over, like those of orders")]
    fn feedback(&mut self, row: SellerFeedbackRow, is_new: bool) -> Option<BadRow> {
        self.listed.insert(row.order_id.clone());
        self.hear(is_new, |source| of_feedback(&row, source));
        None
    }

    #[expect(clippy::needless_pass_by_value, reason = "rows are handed over, like those of orders")]
    fn fba_return(&mut self, row: FbaReturnRow, is_new: bool) -> Option<BadRow> {
        self.hear(is_new, |source| [of_fba_return(&row, source)]);
        None
    }

    #[expect(clippy::needless_pass_by_value, reason = "rows are handed over, like those of orders")]
    fn merchant_return(&mut self, row: MerchantReturnRow, is_new: bool) -> Option<BadRow> {
        self.hear(is_new, |source| of_merchant_return(&row, source));
        None
    }

    /// Takes in the signals of a row that was not taken in before.
    fn hear<S: IntoIterator<Item = Signal>>(&mut self, is_new: bool, signals: impl FnOnce(Source<'_>) -> S) {
        if !is_new {
            return;
        }
        let source = self.source();
        self.signals.extend(signals(source));
        self.counts.rows += 1;
    }

    fn source(&self) -> Source<'a> {
        let marketplace = match self.item.marketplaces.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let seen_at = self.shop.app.clock.now();
        Source { seller: &self.shop.seller.id, marketplace, as_of: self.item.to, seen_at }
    }

    /// Feedback that the file should list and does not, once a day: all that was heard of is listed for it.
    async fn look_for_gone(&mut self) -> Result<(), Error> {
        let since_midnight = i64::from(self.item.to.to_zoned(TimeZone::UTC).hour());
        let is_first_of_day = since_midnight < plan::cadence(self.item.kind).as_hours();
        if self.item.kind != ReportKind::SellerFeedback || self.bad > 0 || !is_first_of_day {
            return Ok(());
        }
        let known = self.shop.app.ledger.signals(&self.shop.seller.id).await?;
        let known = known.iter().map(|stored| &stored.signal);
        let gone = of_gone(known, &self.listed, (self.item.from, self.item.to), self.source());
        self.counts.signals += signals::record(self.shop, gone).await?;
        Ok(())
    }

    async fn take_in<R: Row>(
        &mut self,
        mut download: Download,
        take: fn(&mut Self, R, bool) -> Option<BadRow>,
    ) -> Result<Left, Error> {
        let mut reader = Reader::<R>::new(format!("report {}", self.report));
        let mut rows = Vec::new();
        loop {
            let text = match download.next().await {
                Ok(Some(text)) => text,
                Ok(None) => break,
                Err(error) => {
                    // What came before the break is good, even if the file breaks there every time.
                    self.flush().await?;
                    return Ok(Left::Broken(error));
                }
            };
            if let Err(error) = reader.push(&text, &mut rows) {
                return Ok(Left::Bad(error.text()));
            }
            if let Some(left) = self.rows(&mut rows, take).await? {
                return Ok(left);
            }
        }
        if let Some(malformed) = download.decoded().map(|decoded| &decoded.malformed).filter(|m| m.count > 0)
        {
            tracing::warn!(report.id = %self.report, characters = malformed.count, lines = ?malformed.lines, "characters of the file cannot be read");
        }
        if let Err(error) = reader.finish(&mut rows) {
            return Ok(Left::Bad(error.text()));
        }
        if let Some(left) = self.rows(&mut rows, take).await? {
            return Ok(left);
        }
        self.flush().await?;
        self.shop.app.ledger.record_products(&self.shop.seller.id, &self.products).await?;
        Ok(Left::Ended)
    }

    async fn rows<R: Row>(
        &mut self,
        rows: &mut Vec<Result<R, BadRow>>,
        take: fn(&mut Self, R, bool) -> Option<BadRow>,
    ) -> Result<Option<Left>, Error> {
        for row in rows.drain(..) {
            self.seen += 1;
            let is_new = self.seen > self.checkpoint;
            let bad = match row {
                Ok(row) => take(self, row, is_new),
                Err(bad) => Some(bad),
            };
            if let Some(bad) = bad {
                self.bad_row(&bad, is_new).await?;
            }
            if self.batch.len() >= BATCH || self.signals.len() >= BATCH {
                self.flush().await?;
            }
            if is_new && self.seen >= self.checkpoint + CHECKPOINT {
                self.flush().await?;
                let left = self.save_checkpoint().await?;
                if left.is_some() {
                    return Ok(left);
                }
            }
        }
        Ok(None)
    }

    fn seen_in(&self) -> SeenIn {
        if self.item.back_fill { SeenIn::Import } else { SeenIn::Report }
    }

    /// Writes how far it has come; with little time left it stops there.
    async fn save_checkpoint(&mut self) -> Result<Option<Left>, Error> {
        let has_time = self.shop.has_time();
        let now = self.shop.app.clock.now();
        let lease_until = if has_time { self.shop.times.lease_until } else { now };
        self.checkpoint = self.seen;
        self.item.state =
            ReportState::Reading { report: self.report.clone(), lines: self.seen, attempts: 0, lease_until };
        if !self.shop.app.ledger.save_report(&mut self.item).await? {
            return Ok(Some(Left::Taken));
        }
        Ok((!has_time).then_some(Left::Unfinished))
    }

    /// Takes in the rows gathered so far.
    async fn flush(&mut self) -> Result<(), Error> {
        let signals = std::mem::take(&mut self.signals);
        if !signals.is_empty() {
            self.counts.signals += signals::record(self.shop, signals).await?;
        }
        let sightings = std::mem::take(&mut self.batch);
        if sightings.is_empty() {
            return Ok(());
        }
        let rows = sightings.len() as u64;
        let unnotified = self.unnotified(&sightings);
        let (ledger, now) = (&self.shop.app.ledger, self.shop.app.clock.now());
        let seller = &self.shop.seller.id;
        let (recorded, failed) = ledger.record_orders(seller, sightings, self.shop.context(), now).await?;
        for (order, error) in failed {
            match error {
                // Left as it is, and reported: a newer Renown wrote it.
                Error::Unreadable { ref key, .. } => {
                    let Text { en, zh } = say::table(&error);
                    let problem = text!(
                        "{en}; update this function to the version that wrote it",
                        "{zh};请将此函数更新到写入它的版本"
                    );
                    self.keep(format!("{} {order}", self.report), key.clone(), problem, now).await?;
                }
                Error::Table { .. } | Error::Contended { .. } => return Err(error),
            }
        }
        self.counts.rows += rows;
        self.counts.new += recorded.new;
        self.counts.changed += recorded.changed;
        self.counts.gaps +=
            recorded.new_orders.iter().filter(|order| unnotified.contains(*order)).count() as u64;
        Ok(())
    }

    /// Orders that a notification should have told of before this report.
    fn unnotified(&self, sightings: &[Sighting]) -> HashSet<OrderId> {
        let is_measured = self.item.kind == ReportKind::AllOrders && !self.item.back_fill;
        let Some(since) = self.shop.seller.notified_since.filter(|_| is_measured) else {
            return HashSet::new();
        };
        let until = self.item.to.saturating_sub(NOTIFIED_WITHIN).unwrap_or(Timestamp::MIN);
        let bought = |sighting: &Sighting| sighting.facts.purchased_at;
        let within = |at: Timestamp| since < at && at < until;
        sightings.iter().filter(|s| bought(s).is_some_and(within)).map(|s| s.order.clone()).collect()
    }

    async fn bad_row(&mut self, bad: &BadRow, is_new: bool) -> Result<(), Error> {
        self.bad += 1;
        if !is_new {
            return Ok(());
        }
        self.counts.bad_rows += 1;
        if self.bad > MAX_BAD_ROWS {
            return Ok(());
        }
        let place = bad.column.unwrap_or("line").to_owned();
        let problem = bad.text();
        let now = self.shop.app.clock.now();
        self.keep(format!("{} line {}", self.report, bad.line), place, problem, now).await
    }

    async fn keep(&self, name: String, place: String, problem: Text, now: Timestamp) -> Result<(), Error> {
        keep(self.shop, self.item.kind, (name, place), problem, now).await
    }

    async fn done(mut self, summary: &mut Summary) -> Result<Next, Error> {
        self.look_for_gone().await?;
        summary.add(std::mem::take(&mut self.counts));
        let now = self.shop.app.clock.now();
        if self.bad > MAX_BAD_ROWS {
            let more = self.bad - MAX_BAD_ROWS;
            let problem = text!(
                "{more} more rows could not be read; look at the first {MAX_BAD_ROWS} of this file",
                "另有 {more} 行无法读取;请查看该文件的前 {MAX_BAD_ROWS} 条"
            );
            self.keep(format!("{} further lines", self.report), "file".to_owned(), problem, now).await?;
        }
        let (report, rows) = (self.report, self.seen - self.bad);
        self.item.state = ReportState::Done { report: report.clone(), rows, bad_rows: self.bad, at: now };
        if self.shop.app.ledger.save_report(&mut self.item).await? {
            summary.read += 1;
            tracing::info!(
                report.id = %report,
                seller.id = %self.item.seller,
                report.kind = self.item.kind.word(),
                report.to = %self.item.to,
                rows,
                rows.bad = self.bad,
                "report read"
            );
        }
        Ok(Next::GoOn)
    }
}
