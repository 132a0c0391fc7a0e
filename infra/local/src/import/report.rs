//! A report: read through to count it and to learn how recent it is, then taken in.

use std::collections::BTreeMap;

use jiff::Timestamp;
use renown_core::ids::{OrderId, Sku};
use renown_core::order::{SeenIn, Sighting};
use renown_core::policy::timing::Context;
use renown_core::product::{self, Product};
use renown_core::reports::{AllOrdersRow, BadRow, Row as _, Speaks};
use renown_core::rules::Rules;
use renown_io::ledger::{self, Recorded};

use super::error::ImportError;
use super::failed::{At, Failed, Why};
use super::rows::Table;
use super::{Desk, Imported, Kind, MAX_TOLD};

/// Rows taken in at once: one read of the table.
const BATCH: usize = 100;
/// Rows of one order that are kept together beyond that, so that it counts once.
const MAX_BATCH: usize = 1_000;

/// Imports a report.
pub(super) async fn import<R: Speaks>(desk: &mut Desk<'_>, table: &Table) -> Result<Imported, ImportError> {
    let mut imported = desk.nothing_yet(kind_of::<R>());
    count::<R>(desk, table, &mut imported)?;
    let as_of = imported.as_of.unwrap_or(desk.now);
    let mut taking = Taking::open(desk, imported).await?;
    let mut rows = table.rows::<R>(taking.desk.source)?;
    let (mut chunk, mut goes_on) = (Vec::new(), true);
    while goes_on {
        goes_on = rows.next(&mut chunk)?;
        for row in chunk.drain(..) {
            taking.row(believed(row, taking.desk.now), as_of).await?;
        }
    }
    taking.finish().await
}

fn kind_of<R: Speaks>() -> Kind {
    if R::REPORT_TYPE == AllOrdersRow::REPORT_TYPE { Kind::AllOrders } else { Kind::FbaShipments }
}

/// A row, unless a person should look at it again.
fn believed<R: Speaks>(row: Result<R, BadRow>, now: Timestamp) -> Result<R, BadRow> {
    let row = row?;
    row.doubt(now).map_or(Ok(row), Err)
}

/// The first time through: what there is.
fn count<R: Speaks>(desk: &Desk<'_>, table: &Table, imported: &mut Imported) -> Result<(), ImportError> {
    let mut rows = table.rows::<R>(desk.source)?;
    let (mut chunk, mut goes_on) = (Vec::new(), true);
    while goes_on {
        goes_on = rows.next(&mut chunk)?;
        for row in chunk.drain(..) {
            imported.rows += 1;
            match believed(row, desk.now) {
                Ok(row) => {
                    imported.marketplaces.extend(row.marketplace());
                    imported.as_of = imported.as_of.max(Some(row.known_at()));
                    imported.bad_rows += u64::from(row.bad_cell().is_some());
                }
                Err(_) => imported.bad_rows += 1,
            }
        }
    }
    // A spreadsheet, or a shop in another time: nothing is known of what is still to come.
    imported.as_of = imported.as_of.map(|at| at.min(desk.now));
    if let Some(decoded) = rows.decoded() {
        imported.charset = Some(desk.source.charset().name());
        imported.garbled = decoded.malformed.count;
    }
    Ok(())
}

/// The second time through: what is taken in.
struct Taking<'d, 'a> {
    desk: &'d mut Desk<'a>,
    rules: Rules,
    live_since: Option<Timestamp>,
    imported: Imported,
    /// Rows so far.
    seen: u64,
    batch: Vec<Sighting>,
    products: BTreeMap<Sku, Product>,
}

impl<'d, 'a> Taking<'d, 'a> {
    async fn open(desk: &'d mut Desk<'a>, imported: Imported) -> Result<Self, ImportError> {
        let ledger = &desk.app.ledger;
        let rules = ledger.rules(desk.seller).await.map_err(|error| desk.table(error))?;
        let control = ledger.control(desk.now).await.map_err(|error| desk.table(error))?;
        let live_since = control.control().live_since(&desk.seller.id);
        desk.done(0, imported.rows);
        let (batch, products) = (Vec::with_capacity(BATCH), BTreeMap::new());
        Ok(Self { desk, rules, live_since, imported, seen: 0, batch, products })
    }

    async fn row<R: Speaks>(&mut self, row: Result<R, BadRow>, as_of: Timestamp) -> Result<(), ImportError> {
        let row = match row {
            Ok(row) => row,
            Err(bad) => {
                self.seen += 1;
                return self.bad_row(bad).await;
            }
        };
        let goes_on = self.batch.last().is_some_and(|last| last.order == *row.order());
        if self.batch.len() >= MAX_BATCH || (self.batch.len() >= BATCH && !goes_on) {
            self.flush().await?;
        }
        self.seen += 1;
        if let Some(bad) = row.bad_cell() {
            self.bad_row(bad).await?;
        }
        product::note(&mut self.products, &row);
        let (order, facts) = row.facts(as_of);
        self.batch.push(Sighting { order, seen_in: SeenIn::Import, facts });
        Ok(())
    }

    async fn bad_row(&mut self, bad: BadRow) -> Result<(), ImportError> {
        if self.imported.bad.len() == MAX_TOLD {
            return Ok(());
        }
        self.desk.keep(&format!("line {}", bad.line), bad.column.unwrap_or("line"), bad.text()).await?;
        self.imported.bad.push(bad);
        Ok(())
    }

    /// Takes in the rows gathered so far.
    async fn flush(&mut self) -> Result<(), ImportError> {
        let sightings = std::mem::take(&mut self.batch);
        let context = Context { rules: &self.rules, live_since: self.live_since, soon: false };
        let (ledger, seller, now) = (&self.desk.app.ledger, &self.desk.seller.id, self.desk.now);
        let recorded = ledger.record_orders(seller, sightings, context, now).await;
        let (recorded, failed) = recorded.map_err(|error| self.desk.table(error))?;
        for (order, error) in failed {
            self.refused(order, error).await?;
        }
        let Recorded { new, new_orders: _, changed, unchanged } = recorded;
        self.imported.orders_new += new;
        self.imported.orders_changed += changed;
        self.imported.orders_unchanged += unchanged;
        self.desk.done(self.seen, self.imported.rows);
        Ok(())
    }

    /// The table did not take an order.
    async fn refused(&mut self, order: OrderId, error: ledger::Error) -> Result<(), ImportError> {
        match error {
            // Left as it is, and reported: a newer Renown wrote it.
            ledger::Error::Unreadable { ref key, .. } => {
                let failed = Failed { at: At::Order(order), why: Why::NewerVersion };
                self.desk.keep(&failed.at.to_string(), key, failed.why.text()).await?;
                self.imported.unreadable += 1;
                if self.imported.failed.len() < MAX_TOLD {
                    self.imported.failed.push(failed);
                }
                Ok(())
            }
            ledger::Error::Table { .. } | ledger::Error::Contended { .. } => Err(self.desk.table(error)),
        }
    }

    async fn finish(mut self) -> Result<Imported, ImportError> {
        self.flush().await?;
        let more = self.imported.bad_rows.saturating_sub(MAX_TOLD as u64);
        if more > 0 {
            self.desk.keep_further(more).await?;
        }
        let products = self.desk.app.ledger.record_products(&self.desk.seller.id, &self.products).await;
        products.map_err(|error| self.desk.table(error))?;
        tracing::info!(
            seller.id = %self.desk.seller.id,
            file.kind = ?self.imported.kind,
            rows = self.imported.rows,
            rows.bad = self.imported.bad_rows,
            orders.new = self.imported.orders_new,
            orders.changed = self.imported.orders_changed,
            "file imported"
        );
        Ok(self.imported)
    }
}
