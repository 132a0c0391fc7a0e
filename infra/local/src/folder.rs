//! The data folder: what lies in it, whose it is, and that one process at a time works in it.
//!
//! | file | what |
//! |---|---|
//! | `shop.json` | whether it is a demo (with its seed) or a shop behind an address |
//! | `table.sqlite` | the table |
//! | `amazon.json`, `amazon.journal` | what the demo's Amazon knows |
//! | `moment` | what time it is in a shop behind an address |
//! | `queue-….json` | messages on their way |
//! | `dead-letters.jsonl` | messages that could not be taken in, with their bodies |
//! | `secrets/` | the sellers' secrets |
//! | `sellers.json` | sellers to connect, written by the operator |
//! | `renown.log` | log lines |
//! | `lock` | held by the process that works here |

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};

use crate::memory::Memory;

/// The time of a shop behind an address.
const MOMENT: &str = "moment";

/// A wish that cannot be fulfilled because it was put wrongly.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// What kind of shop a folder holds. Demo and other data never share a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// A demo, made from a seed.
    Demo {
        /// The seed.
        seed: u64,
    },
    /// Sellers behind the address of a simulator that runs on its own.
    Remote,
}

/// A data folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

/// Proof that this process alone works in the folder; given back when dropped, or when the
/// process ends however it ends.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing gives the lock back too, but some kernels close a file only later.
        let _ = self.file.unlock();
    }
}

impl Folder {
    /// Opens a folder to work in, for `wanted`. It is created if need be.
    ///
    /// # Errors
    ///
    /// [`Usage`] if it holds something else.
    pub fn to_work_in(path: &Path, wanted: &Kind) -> anyhow::Result<Self> {
        let folder = Self { path: path.to_owned() };
        create_private(path)?;
        match (folder.kind()?, wanted) {
            (None, _) => {
                let json = serde_json::to_vec(wanted).context("a kind is no JSON")?;
                write_atomically(&folder.file("shop.json"), &json)
                    .with_context(|| format!("cannot write into {}", path.display()))?;
            }
            (Some(there), wanted) if there == *wanted => {}
            (Some(Kind::Demo { seed }), Kind::Demo { .. }) => bail!(Usage(format!(
                "{} holds a demo with seed {seed}: leave --seed out to go on with it, or name another folder with --data",
                path.display()
            ))),
            (Some(_), _) => bail!(Usage(format!(
                "{} holds another kind of shop (see its shop.json); demo and other data never share a folder: name another one with --data",
                path.display()
            ))),
        }
        Ok(folder)
    }

    /// Opens a folder that is there already, to look into it or to steer it.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn existing(path: &Path) -> anyhow::Result<Self> {
        let folder = Self { path: path.to_owned() };
        if folder.kind()?.is_none() || !folder.table().exists() {
            bail!(
                "there is no shop in {}: begin one with `renown up --data {0}`, or name its folder with --data",
                path.display()
            );
        }
        Ok(folder)
    }

    /// What the folder at `path` holds, if anything.
    ///
    /// # Errors
    ///
    /// As [`Folder::kind`].
    pub fn kind_in(path: &Path) -> anyhow::Result<Option<Kind>> {
        Self { path: path.to_owned() }.kind()
    }

    /// What it holds, if anything.
    ///
    /// # Errors
    ///
    /// If its `shop.json` cannot be read.
    pub fn kind(&self) -> anyhow::Result<Option<Kind>> {
        let file = self.file("shop.json");
        match std::fs::read(&file) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).with_context(|| {
                format!("{} cannot be understood; name another folder with --data", file.display())
            })?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
        }
    }

    /// What time it was in the shop when it was last at work.
    ///
    /// # Errors
    ///
    /// If a demo's time cannot be read.
    pub fn shop_time(&self) -> anyhow::Result<Option<jiff::Timestamp>> {
        match self.kind()? {
            Some(Kind::Demo { .. }) => Memory::last_moment(&self.path),
            Some(Kind::Remote) => {
                let text = std::fs::read_to_string(self.file(MOMENT)).unwrap_or_default();
                Ok(text.trim().parse().ok())
            }
            None => Ok(None),
        }
    }

    /// Writes down what time it is in a shop behind an address: a simulator may live in
    /// another year than this machine.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn note_time(&self, now: jiff::Timestamp) -> anyhow::Result<()> {
        let file = self.file(MOMENT);
        write_atomically(&file, now.to_string().as_bytes())
            .with_context(|| format!("cannot write {}", file.display()))
    }

    /// Takes the folder for this process.
    ///
    /// # Errors
    ///
    /// If another process has it.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        let path = self.file("lock");
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = file.with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                // On some systems a locked file cannot be read: then the number is not said.
                let _ = file.read_to_string(&mut process);
                bail!(
                    "{} is in use by another `renown up` (process {}): stop that one, or name another folder with --data",
                    self.path.display(),
                    process.trim()
                );
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        written.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Lock { file })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The table's file.
    pub fn table(&self) -> PathBuf {
        self.file("table.sqlite")
    }

    /// A file of the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Writes a file beside and renames it, so that a kill leaves the old content or the new.
///
/// # Errors
///
/// If it cannot be written.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    private(OpenOptions::new().write(true).create(true).truncate(true)).open(&beside)?.write_all(bytes)?;
    std::fs::rename(beside, path)
}

/// Files made with these options are their owner's alone.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes a folder that is its owner's alone, if it is not there.
pub(crate) fn create_private(path: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).with_context(|| {
        format!("cannot make the folder {}: name one that you may write, with --data", path.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_processes_cannot_work_in_one_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::to_work_in(dir.path(), &Kind::Demo { seed: 1 }).expect("new");
        let lock = folder.lock().expect("free");
        let error = folder.lock().expect_err("taken").to_string();
        assert!(error.contains(&std::process::id().to_string()) && error.contains("--data"), "{error}");
        drop(lock);
        folder.lock().expect("free again");
    }

    #[test]
    fn a_folder_stays_what_it_was_begun_as() {
        let dir = tempfile::tempdir().expect("a folder");
        Folder::to_work_in(dir.path(), &Kind::Demo { seed: 7 }).expect("new");
        Folder::to_work_in(dir.path(), &Kind::Demo { seed: 7 }).expect("the same");
        let error = Folder::to_work_in(dir.path(), &Kind::Demo { seed: 8 }).expect_err("another seed");
        assert!(error.is::<Usage>() && error.to_string().contains("seed 7"), "{error}");
        let error = Folder::to_work_in(dir.path(), &Kind::Remote).expect_err("no demo");
        assert!(error.is::<Usage>() && error.to_string().contains("never share"), "{error}");
    }

    #[test]
    fn a_folder_without_a_shop_is_named_with_the_remedy() {
        let dir = tempfile::tempdir().expect("a folder");
        let error = Folder::existing(&dir.path().join("nowhere")).expect_err("none").to_string();
        assert!(error.contains("nowhere") && error.contains("renown up --data"), "{error}");
    }
}
