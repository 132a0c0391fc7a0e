//! Input that could not be read or used: kept with its reason, never with its body.

use jiff::fmt::serde::timestamp::second::required as secs;
use jiff::{SignedDuration, Timestamp};
use renown_core::say::Lang;
use serde::{Deserialize, Serialize};

use super::item::{Extra, Freshness, Key, Put, read};
use super::{Error, Ledger};

/// Kept this long: as long as an order item, roughly, and longer than the queue keeps bodies.
const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Something that could not be read or used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// Where it came from: `order-ingest`, a report kind, or `import`.
    pub source: String,
    /// SHA-256 of the body, hexadecimal: the same input again is the same entry.
    pub hash: String,
    /// What names it there: a queue's message id, a report id or a file with its line.
    pub name: String,
    /// Where in it the problem lies.
    pub place: String,
    /// What is wrong, and what to do, in English.
    pub problem: String,
    /// The same in Chinese; empty in what an earlier version wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub problem_zh: String,
    /// When it was first seen.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// Its body went to the dead-letter queue, or would have; otherwise it was acknowledged.
    pub dead_letter: bool,
}

impl Unread {
    /// What is wrong, and what to do.
    pub fn problem_in(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh if !self.problem_zh.is_empty() => &self.problem_zh,
            Lang::En | Lang::Zh => &self.problem,
        }
    }

    /// The hash of a body.
    pub fn hash_of(body: &[u8]) -> String {
        use sha2::{Digest, Sha256};
        Sha256::digest(body).iter().fold(String::new(), |mut text, byte| {
            use std::fmt::Write;
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

fn pk(source: &str) -> String {
    format!("UNREAD#{source}")
}

impl Ledger {
    /// Keeps an entry; the same input again changes nothing.
    pub async fn keep_unread(&self, unread: &Unread) -> Result<(), Error> {
        let key = Key::new(pk(&unread.source), format!("{}#{}", unread.hash, unread.name));
        let expires_at = unread.at.saturating_add(KEPT).ok();
        match self.put(&key, unread, None, Extra { due: None, expires_at }).await? {
            Put::Done(_) | Put::Lost(_) => Ok(()),
        }
    }

    /// What is kept of one source.
    pub async fn unread(&self, source: &str) -> Result<Vec<Unread>, Error> {
        let items = self.partition("listing unread input", &pk(source), None, Freshness::Eventual).await?;
        let mut all: Vec<Unread> =
            items.iter().map(|item| Ok(read(item)?.body)).collect::<Result<_, Error>>()?;
        all.sort_by_key(|unread| unread.at);
        Ok(all)
    }
}
