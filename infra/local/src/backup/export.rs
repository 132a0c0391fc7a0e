//! Writes a copy: the table is read page by page, so that a million items need no memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::Timestamp;
use renown_core::text;
use renown_io::ledger::schema;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::file_of;
use super::manifest::{FORMAT, Listed, MANIFEST, Manifest};
use crate::dynamo::Page;
use crate::folder::{cannot_write, create_private, new_file};
use crate::told::{Told as _, Trouble};

/// A file of a copy on its way.
struct Growing {
    path: PathBuf,
    file: BufWriter<File>,
    hash: Sha256,
    listed: Listed,
}

/// Copies every item of a table into a new or empty folder. `page` reads the page after a key, or
/// the first one; `tell` is told how many items there
/// are so far, now and then.
///
/// Others may write meanwhile: each item is copied as it stood at one moment.
///
/// # Errors
///
/// If the folder holds something, cannot be written, or the table cannot be read. What was
/// written by then has no manifest, and is no copy.
pub async fn export(
    page: impl AsyncFn(Option<&Value>) -> anyhow::Result<Page>,
    folder: &Path,
    now: Timestamp,
    mut tell: impl FnMut(u64),
) -> anyhow::Result<Manifest> {
    empty(folder)?;
    create_private(folder)?;
    let mut files: BTreeMap<&'static str, Growing> = BTreeMap::new();
    let (mut after, mut items) = (None, 0);
    loop {
        let read = page(after.as_ref()).await.told(|| text!("the table cannot be read", "数据表无法读取"))?;
        for item in read.items {
            let name = file_of(item[schema::PK]["S"].as_str().unwrap_or_default());
            let file = match files.get_mut(name) {
                Some(file) => file,
                None => files.entry(name).or_insert(Growing::new(folder.join(name))?),
            };
            file.add(&item)?;
            items += 1;
        }
        tell(items);
        after = read.next;
        if after.is_none() {
            break;
        }
    }
    let mut listed = BTreeMap::new();
    for (name, file) in files {
        listed.insert(name.to_owned(), file.finish()?);
    }
    let renown = env!("CARGO_PKG_VERSION").to_owned();
    let manifest = Manifest { format: FORMAT, renown, at: now, items, files: listed };
    let path = folder.join(MANIFEST);
    let json = serde_json::to_string_pretty(&manifest).context("a manifest is JSON")? + "\n";
    let mut file = new_file(&path)?;
    let written = file.write_all(json.as_bytes()).and_then(|()| file.sync_all());
    written.told(|| cannot_write(&path))?;
    Ok(manifest)
}

/// Wants a folder that is not there yet, or holds nothing.
fn empty(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    let n = match std::fs::read_dir(folder) {
        Ok(entries) => entries.count(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
        Err(error) => {
            return Err(error).told(|| text!("cannot use the folder {shown}", "无法使用文件夹 {shown}"));
        }
    };
    if n > 0 {
        return Err(Trouble::usage(text!(
            "{shown} is not empty: name a new or empty folder, so that nothing is mixed or overwritten",
            "{shown} 不是空文件夹:请指定新的或空的文件夹,以免混杂或覆盖"
        ))
        .into());
    }
    Ok(())
}

impl Growing {
    fn new(path: PathBuf) -> anyhow::Result<Self> {
        let file = new_file(&path)?;
        Ok(Self { path, file: BufWriter::new(file), hash: Sha256::new(), listed: Listed::default() })
    }

    fn add(&mut self, item: &Value) -> anyhow::Result<()> {
        let mut line = json!({"Item": item}).to_string();
        line.push('\n');
        self.hash.update(line.as_bytes());
        self.listed.items += 1;
        self.listed.bytes += line.len() as u64;
        self.file.write_all(line.as_bytes()).told(|| cannot_write(&self.path))
    }

    fn finish(mut self) -> anyhow::Result<Listed> {
        let written = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        written.told(|| cannot_write(&self.path))?;
        self.listed.sha256 = super::check::hex(&self.hash.finalize());
        Ok(self.listed)
    }
}
