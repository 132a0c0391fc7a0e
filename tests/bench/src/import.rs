//! A report of a million rows read into a table in a file, beside merely parsing it, and beside
//! a file of a tenth of the length: memory must not grow with it.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use renown_core::reports::{AllOrdersRow, Charset, Reader, TextDecoder};
use renown_local::import::import;

use crate::figures::{Report, Wanted};
use crate::meter::{Meter, Used, float, peak_memory_mib, per, ratio};
use crate::shop::{Time, over_file, runtime, seller};
use crate::{Bench, Size, file};

/// The moment of all files.
pub(crate) const NOW: &str = "2026-10-15T12:00:00Z";
const SELLER: &str = "A1IMPORT";
/// What memory at peak may be, beside that of a file of a tenth of the length.
const WANTED_GROWTH: f64 = 1.25;
/// Bytes that are read at once where the file is only parsed.
const PIECE: usize = 64 * 1024;

/// Rows of the file.
pub(crate) fn rows(size: Size) -> u32 {
    size.of(2_000, 1_000_000)
}

/// A table that a file was read into.
pub(crate) struct Filled {
    /// The table.
    pub(crate) table: PathBuf,
    /// The orders in it.
    pub(crate) orders: u64,
}

/// Measures it, and leaves the table for [`crate::plan`].
///
/// # Errors
///
/// If a row is not taken in.
pub fn run(size: Size, scratch: &Path) -> anyhow::Result<Report> {
    let n_rows = rows(size);
    let (small, _) = fill(n_rows / 10, scratch)?;
    std::fs::remove_file(&small.table)?;
    let small_mib = peak_memory_mib();
    let (filled, used) = fill(n_rows, scratch)?;
    let large_mib = peak_memory_mib();
    let (parsed, parsing) = parse(&report_file(n_rows, scratch))?;
    anyhow::ensure!(parsed == u64::from(n_rows), "{parsed} of {n_rows} rows were parsed");

    let mut report = Report::new(Bench::Import);
    let rate = |used: Used| per(f64::from(n_rows), used.wall.as_secs_f64());
    report.figure("rows_per_second", "rows a second, into a table in a file", rate(used), "/s");
    report.figure("parsed_per_second", "rows a second, parsed alone", rate(parsing), "/s");
    report.ratio("to_parsing", "CPU beside parsing alone", ratio(used.cpu, parsing.cpu));
    if let Some((small, large)) = small_mib.zip(large_mib) {
        report.figure("memory_mib", "memory at peak", large, "MiB");
        let what = "memory beside a tenth of the rows";
        report.wanted("memory_growth", what, per(large, small), "×", Wanted::AtMost(WANTED_GROWTH));
    }
    report.figure("rows", "rows", f64::from(n_rows), "");
    report.figure("orders", "orders", float(filled.orders), "");
    Ok(report)
}

/// The table that a file of so many rows was read into; read now, if no run before left it.
pub(crate) fn filled(n_rows: u32, scratch: &Path) -> anyhow::Result<Filled> {
    let (table, done) = (table_file(n_rows, scratch), done_file(n_rows, scratch));
    match std::fs::read_to_string(&done).ok().and_then(|orders| orders.parse().ok()) {
        Some(orders) if table.exists() => Ok(Filled { table, orders }),
        _ => Ok(fill(n_rows, scratch)?.0),
    }
}

fn report_file(n_rows: u32, scratch: &Path) -> PathBuf {
    scratch.join(format!("orders-{n_rows}.txt"))
}

fn table_file(n_rows: u32, scratch: &Path) -> PathBuf {
    scratch.join(format!("table-{n_rows}.sqlite"))
}

/// Says that the table is whole, and how many orders are in it.
fn done_file(n_rows: u32, scratch: &Path) -> PathBuf {
    scratch.join(format!("table-{n_rows}.done"))
}

/// Reads a file of so many rows into a new table.
fn fill(n_rows: u32, scratch: &Path) -> anyhow::Result<(Filled, Used)> {
    let now: Timestamp = NOW.parse()?;
    let (report, table) = (report_file(n_rows, scratch), table_file(n_rows, scratch));
    for old in ["sqlite", "sqlite-wal", "sqlite-shm", "done"] {
        let old = table.with_extension(old);
        if old.exists() {
            std::fs::remove_file(&old).with_context(|| format!("cannot remove {}", old.display()))?;
        }
    }
    let orders = file::write(&report, n_rows, now)?;
    let used = runtime(Time::Real)?.block_on(async {
        let app = over_file(&table, now).await?;
        let seller = seller(SELLER, now)?;
        app.ledger.put_seller(&seller).await?;
        let meter = Meter::start();
        let imported = Box::pin(import(&app, &seller, &report, now, &mut |_| {})).await?;
        let used = meter.used();
        anyhow::ensure!(
            imported.rows == u64::from(n_rows) && imported.orders_new == orders && imported.bad_rows == 0,
            "{} of {orders} orders, {} bad rows",
            imported.orders_new,
            imported.bad_rows
        );
        anyhow::Ok(used)
    })?;
    std::fs::write(done_file(n_rows, scratch), orders.to_string())?;
    Ok((Filled { table, orders }, used))
}

/// Only parses the file. Tells how many rows could be read.
fn parse(path: &Path) -> anyhow::Result<(u64, Used)> {
    let meter = Meter::start();
    let mut file = std::fs::File::open(path)?;
    let (mut decoder, mut reader) = (TextDecoder::of(Charset::UTF_8), Reader::<AllOrdersRow>::new("orders"));
    let (mut piece, mut rows, mut n) = (vec![0; PIECE], Vec::new(), 0);
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            break;
        }
        let mut text = String::new();
        decoder.push(&piece[..read], &mut text);
        reader.push(&text, &mut rows)?;
        n += rows.drain(..).flatten().count();
    }
    reader.finish(&mut rows)?;
    n += rows.drain(..).flatten().count();
    Ok((u64::try_from(n)?, meter.used()))
}
