//! `renown export`: a copy of everything, or the orders for a spreadsheet.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use renown_core::text;
use serde_json::{Value, json};

use crate::backup;
use crate::desk::Desk;
use crate::folder::{cannot_write, new_file};
use crate::place::Place;
use crate::spreadsheet;
use crate::told::Told as _;

/// Write a complete copy that `renown restore` reads back, or the orders as CSV for Excel.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[command(
    after_help = "Examples:\n  renown export ~/copies/2026-10-07\n  renown export --csv orders.csv --lang zh"
)]
pub struct ExportArgs {
    /// A new or empty folder for the copy. It holds no secrets.
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Write the orders alone, as CSV for Excel, into a new file.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// Runs `renown export`.
///
/// # Errors
///
/// If there is no shop, its table cannot be read, or a file cannot be written.
pub async fn run(desk: &mut Desk<'_>, args: ExportArgs) -> anyhow::Result<()> {
    match (args.dir, args.csv) {
        (Some(dir), _) => copy(desk, &dir).await,
        (None, Some(file)) => csv(desk, &file).await,
        (None, None) => Ok(()), // clap wants one of them
    }
}

async fn copy(desk: &mut Desk<'_>, dir: &Path) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let counter = desk.counter();
    let page = async |after: Option<&Value>| match &open.place {
        Place::Folder(here) => Ok(here.dynamo.scan(after)?),
        Place::Aws(aws) => aws.scan(after).await,
    };
    let manifest = backup::export(page, dir, open.now, |items| counter.show(items)).await?;
    drop(counter);
    let shown = dir.display();
    let (n, n_files) = (manifest.items, manifest.files.len());
    desk.json(&json!({"folder": dir, "manifest": manifest}))?;
    desk.say(&text!(
        "{n} items in {n_files} files in {shown}; the secrets are not among them. `renown restore {shown} --data DIR` reads them back",
        "已将 {n} 个条目写入 {shown} 的 {n_files} 个文件;其中不含密钥。`renown restore {shown} --data 文件夹` 可恢复"
    ))
}

async fn csv(desk: &mut Desk<'_>, path: &Path) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let shown = path.display();
    let file = new_file(path)?;
    let counter = desk.counter();
    let mut out = BufWriter::new(file);
    let told = |rows| counter.show(rows);
    let rows = spreadsheet::write(&open.app.ledger, open.now, &desk.style, &mut out, told).await;
    let rows = rows.and_then(|rows| Ok(out.flush().map(|()| rows)?)).told(|| cannot_write(path))?;
    drop(counter);
    let (n, unreadable) = (rows.written, rows.unreadable);
    desk.json(&json!({"file": path, "orders": n, "unreadable": unreadable}))?;
    desk.say(&text!("{n} orders in {shown}", "已将 {n} 个订单写入 {shown}"))?;
    if unreadable > 0 {
        desk.say(&text!(
            "! {unreadable} items cannot be read and are not in it; `renown plan` names them",
            "! 有 {unreadable} 个条目无法读取,未写入;`renown plan` 会列出"
        ))?;
    }
    Ok(())
}
