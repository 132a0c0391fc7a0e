//! Whether a copy is what was written: every file and every line, before anything is restored.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use dynoxide::AttributeValue;
use renown_core::text;
use renown_io::ledger::{ITEM_VERSION, schema};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::file_of;
use super::manifest::{Listed, Manifest};
use crate::refuse;
use crate::told::Told as _;

/// A copy in which everything is as its manifest says.
#[derive(Debug)]
pub struct Checked {
    /// What it says of itself.
    pub manifest: Manifest,
    pub(super) folder: PathBuf,
}

/// A line of a file.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "Item")]
    item: Value,
}

/// Checks a whole copy; nothing is written.
///
/// # Errors
///
/// If a file is missing or damaged, or an item is of a version that is not known: with the file
/// and, where it can be told, the line.
pub async fn check(folder: &Path) -> anyhow::Result<Checked> {
    let manifest = Manifest::read(folder)?;
    let checked = Checked { manifest, folder: folder.to_owned() };
    let mut items = 0;
    for (name, listed) in &checked.manifest.files {
        let found = checked.each_item_of(name, &mut async |_| Ok(())).await?;
        let shown = folder.join(name);
        let shown = shown.display();
        let (n, wanted) = (found.items, listed.items);
        if n != wanted {
            refuse!(
                "{shown} ends at line {n}, where the manifest counts {wanted} lines: it was cut or added to; take another copy",
                "{shown} 只到第 {n} 行,而清单记载 {wanted} 行:文件被截断或增补;请使用另一份副本"
            );
        }
        if found != *listed {
            refuse!(
                "{shown}, lines 1 to {n}: each can be read, but one was changed since it was written (its SHA-256 is not that of the manifest); take another copy",
                "{shown} 第 1 至 {n} 行:虽可读取,但其中有内容在写入后被改动(SHA-256 与清单不符);请使用另一份副本"
            );
        }
        items += n;
    }
    let wanted = checked.manifest.items;
    if items != wanted {
        let shown = folder.display();
        refuse!(
            "the manifest of {shown} counts {wanted} items and lists files with {items}: a file is missing; take another copy",
            "{shown} 的清单记载 {wanted} 个条目,而所列文件共有 {items} 个:缺少文件;请使用另一份副本"
        );
    }
    Ok(checked)
}

impl Checked {
    /// Hands every item to `take`, line by line, file by file; that of the sellers comes last,
    /// since nothing is done for a seller that is not there.
    ///
    /// # Errors
    ///
    /// As [`check`], and those of `take`.
    pub(super) async fn each_item(
        &self,
        mut take: impl AsyncFnMut(Value) -> anyhow::Result<()>,
    ) -> anyhow::Result<BTreeMap<String, Listed>> {
        let mut names: Vec<_> = self.manifest.files.keys().collect();
        names.sort_by_key(|name| *name == file_of("SELLERS"));
        let mut read = BTreeMap::new();
        for name in names {
            read.insert(name.clone(), self.each_item_of(name, &mut take).await?);
        }
        Ok(read)
    }

    async fn each_item_of(
        &self,
        name: &str,
        take: &mut impl AsyncFnMut(Value) -> anyhow::Result<()>,
    ) -> anyhow::Result<Listed> {
        let path = self.folder.join(name);
        let shown = path.display();
        let cannot_read = || text!("cannot read {shown}", "无法读取 {shown}");
        let mut reader = BufReader::new(File::open(&path).told(cannot_read)?);
        let (mut hash, mut listed, mut line) = (Sha256::new(), Listed::default(), Vec::new());
        while reader.read_until(b'\n', &mut line).told(cannot_read)? > 0 {
            hash.update(&line);
            listed.items += 1;
            listed.bytes += line.len() as u64;
            let n = listed.items;
            let item = item_of(&line, name).told(|| {
                text!(
                    "{shown}, line {n} cannot be taken; nothing was restored; take another copy, or update `renown`",
                    "{shown} 第 {n} 行无法采用;未恢复任何内容;请使用另一份副本,或更新 renown"
                )
            })?;
            take(item).await?;
            line.clear();
        }
        listed.sha256 = hex(&hash.finalize());
        Ok(listed)
    }
}

/// The item of a line, if it is one of this version.
fn item_of(line: &[u8], file: &str) -> anyhow::Result<Value> {
    let Line { item } = serde_json::from_slice(line)?;
    let attributes: HashMap<String, AttributeValue> = serde_json::from_value(item.clone())?;
    let text = |name: &str| match attributes.get(name) {
        Some(AttributeValue::S(text)) => Some(text.as_str()),
        _ => None,
    };
    let (Some(pk), Some(_)) = (text(schema::PK), text(schema::SK)) else {
        refuse!("its item has no key", "其条目没有键");
    };
    if file_of(pk) != file {
        let wanted = file_of(pk);
        refuse!("its item belongs to {wanted}", "其条目应在 {wanted} 中");
    }
    match attributes.get("v") {
        None => {}
        Some(AttributeValue::N(version)) if *version == ITEM_VERSION.to_string() => {}
        Some(_) => {
            let version = &item["v"]["N"];
            refuse!(
                "its item is of version {version}, which a newer Renown wrote",
                "其条目版本为 {version},由更新版本的 Renown 写入"
            );
        }
    }
    Ok(item)
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
