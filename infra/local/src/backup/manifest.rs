//! What a copy says of itself.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use renown_core::text;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refuse;
use crate::settings::line_of;
use crate::told::Told as _;

/// Its file.
pub const MANIFEST: &str = "manifest.json";

/// The form that this code writes and reads.
pub(super) const FORMAT: u64 = 1;

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the copy.
    pub format: u64,
    /// The version of Renown that made it.
    pub renown: String,
    /// When.
    pub at: Timestamp,
    /// Items in all files.
    pub items: u64,
    /// The files, by name.
    pub files: BTreeMap<String, Listed>,
}

/// One file of a copy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Items, one a line.
    pub items: u64,
    /// Size.
    pub bytes: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Reads that of a copy.
    ///
    /// # Errors
    ///
    /// If there is none, it cannot be understood, or it is of a form that this version does not
    /// read.
    pub fn read(copy: &Path) -> anyhow::Result<Self> {
        let path = copy.join(MANIFEST);
        let shown = path.display();
        let text = std::fs::read_to_string(&path).told(|| {
            text!(
                "cannot read {shown}; a copy that `renown export` finished has one",
                "无法读取 {shown};由 `renown export` 完成的副本中必有此文件"
            )
        })?;
        let damaged = |line: usize| {
            text!(
                "{shown}, line {line} is damaged; take another copy",
                "{shown} 第 {line} 行已损坏;请使用另一份副本"
            )
        };
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| (error.line(), error))
            .or_else(|(line, error)| Err(error).told(|| damaged(line)))?;
        let format = value["format"].as_u64();
        let at = text.find("\"format\"").map_or(1, |at| line_of(&text, at));
        if format != Some(FORMAT) {
            let found = &value["format"];
            refuse!(
                "{shown}, line {at}: format {found} is not known to this version, which reads format {FORMAT}; update `renown`",
                "{shown} 第 {at} 行:本版本不识别格式 {found}(可读取格式 {FORMAT});请更新 renown"
            );
        }
        let manifest: Self = serde_json::from_value(value).told(|| damaged(at))?;
        // Names become paths: those of a copy are plain words.
        let is_plain = |name: &str| {
            name.strip_suffix(".jsonl").is_some_and(|stem| stem.bytes().all(|b| b.is_ascii_lowercase()))
        };
        if let Some(name) = manifest.files.keys().find(|name| !is_plain(name)) {
            let line = text.find(name.as_str()).map_or(1, |at| line_of(&text, at));
            refuse!(
                "{shown}, line {line}: {name:?} is no file of a copy; take another copy",
                "{shown} 第 {line} 行:{name:?} 不是副本中的文件;请使用另一份副本"
            );
        }
        Ok(manifest)
    }
}
