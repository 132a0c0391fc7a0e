//! The data folder: what lies in it, whose it is, and that one process at a time works in it.
//!
//! | file | what |
//! |---|---|
//! | `shop.json` | whether it is a demo (with its seed), a shop, or a shop behind a simulator |
//! | `table.sqlite` | the table |
//! | `amazon.json`, `amazon.journal` | what the demo's Amazon knows |
//! | `moment` | what time it is in a shop behind a simulator |
//! | `queue-….json` | messages on their way |
//! | `dead-letters.jsonl` | messages that could not be taken in, with their bodies |
//! | `secrets/` | the sellers' secrets, the keys of mail, the secrets of webhooks |
//! | `mail/` | mails to customers of shops, a file a mail |
//! | `sellers.json` | sellers to connect, written by the operator |
//! | `renown.log` | log lines |
//! | `lock` | held by the process that works here |

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use renown_core::text;
use serde::{Deserialize, Serialize};

use crate::memory::Memory;
use crate::refuse;
use crate::told::{Told as _, Trouble};

/// What kind of shop it is.
const KIND: &str = "shop.json";
/// The time of a shop behind a simulator.
const MOMENT: &str = "moment";

/// Another process works in the folder.
#[derive(Debug, thiserror::Error)]
#[error("one process at a time works in a folder")]
pub struct InUse;

impl InUse {
    /// Whether an error says so.
    pub fn is_in(error: &anyhow::Error) -> bool {
        error.chain().any(<dyn std::error::Error>::is::<Self>)
    }
}

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
    /// The operator's own sellers at Amazon.
    Shop {
        /// Another address in Amazon's place; `None`: Amazon itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amazon: Option<String>,
    },
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
    /// A folder to work in, for `wanted`. Nothing is written yet: see [`Folder::claim`].
    ///
    /// # Errors
    ///
    /// If it holds something else.
    pub fn to_work_in(path: &Path, wanted: &Kind) -> anyhow::Result<Self> {
        let folder = Self { path: path.to_owned() };
        let shown = path.display();
        match (folder.kind()?, wanted) {
            (None, _) if folder.holds_foreign_files()? => return Err(Trouble::usage(text!(
                "{shown} holds other files and no shop: name a new or empty folder with --data",
                "{shown} 中有其他文件而没有店铺:请用 --data 指定新的或空的文件夹"
            )).into()),
            (None, _) => {}
            (Some(there), wanted) if there == *wanted => {}
            (Some(Kind::Demo { seed }), Kind::Demo { .. }) => return Err(Trouble::usage(text!(
                "{shown} holds a demo with seed {seed}: leave --seed out to go on with it, or name another folder with --data",
                "{shown} 中是种子为 {seed} 的演示:去掉 --seed 可继续,或用 --data 指定其他文件夹"
            )).into()),
            (Some(_), _) => return Err(Trouble::usage(text!(
                "{shown} holds another kind of shop (see its shop.json); demo and other data never share a folder: name another one with --data",
                "{shown} 中是另一种店铺(见其 shop.json);演示数据与其他数据不会共用文件夹:请用 --data 指定其他文件夹"
            )).into()),
        }
        Ok(folder)
    }

    /// Takes the folder for this process, and makes it a folder of that kind if it is none yet.
    ///
    /// # Errors
    ///
    /// If another process has it, or it cannot be written.
    pub fn claim(&self, kind: &Kind) -> anyhow::Result<Lock> {
        create_private(&self.path)?;
        let lock = self.lock()?;
        if self.kind()?.is_none() {
            self.write_kind(kind)?;
        }
        Ok(lock)
    }

    /// Makes it a folder of another kind.
    ///
    /// # Errors
    ///
    /// If another process works in it, or it cannot be written.
    pub fn turn_into(&self, kind: &Kind) -> anyhow::Result<()> {
        let _lock = self.lock()?;
        self.write_kind(kind)
    }

    fn write_kind(&self, kind: &Kind) -> anyhow::Result<()> {
        let file = self.file(KIND);
        let json = serde_json::to_vec(kind).told(|| cannot_write(&file))?;
        write_atomically(&file, &json).told(|| cannot_write(&file))
    }

    /// Whether something lies in it that is not Renown's. Log lines may come before all else.
    fn holds_foreign_files(&self) -> anyhow::Result<bool> {
        let shown = self.path.display();
        let entries = match std::fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => {
                return Err(error).told(|| text!("cannot use the folder {shown}", "无法使用文件夹 {shown}"));
            }
        };
        let is_ours = |name: &std::ffi::OsStr| {
            let name = name.to_string_lossy();
            name.starts_with("shop.")
                || ["lock", "renown.log", "sellers.json", "table.sqlite", "amazon.journal", "secrets"]
                    .contains(&&*name)
        };
        Ok(entries.flatten().any(|entry| !is_ours(&entry.file_name())))
    }

    /// Opens a folder that is there already, to look into it or to steer it.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn existing(path: &Path) -> anyhow::Result<Self> {
        let folder = Self { path: path.to_owned() };
        if folder.kind()?.is_none() || !folder.table().exists() {
            let shown = path.display();
            refuse!(
                "there is no seller in {shown}: begin with `renown up --data {shown}` (a demo), `renown import` of Amazon's files or `renown connect`, or name another folder with --data; shops of your own are added to a seller",
                "{shown} 中没有卖家:可用 `renown up --data {shown}`(演示)、`renown import`(亚马逊的文件)或 `renown connect` 开始,或用 --data 指定其他文件夹;自有店铺须归入一个卖家"
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
        let file = self.file(KIND);
        let shown = file.display();
        match std::fs::read(&file) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).told(|| {
                text!(
                    "{shown} cannot be understood; put back the file that was there, or name another folder with --data",
                    "{shown} 无法识别;请恢复原来的文件,或用 --data 指定其他文件夹"
                )
            })?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).told(|| text!("cannot read {shown}", "无法读取 {shown}")),
        }
    }

    /// What time it was in the shop when it was last at work; `None` where it is the machine's.
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
            Some(Kind::Shop { .. }) | None => Ok(None),
        }
    }

    /// Writes down what time it is in a shop behind a simulator: it may live in another year
    /// than this machine.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn note_time(&self, now: jiff::Timestamp) -> anyhow::Result<()> {
        let file = self.file(MOMENT);
        write_atomically(&file, now.to_string().as_bytes()).told(|| cannot_write(&file))
    }

    /// Takes the folder for this process.
    ///
    /// # Errors
    ///
    /// [`InUse`] if another process has it.
    pub fn lock(&self) -> anyhow::Result<Lock> {
        let path = self.file("lock");
        let file =
            private(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(&path);
        let mut file = file.told(|| cannot_write(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut process = String::new();
                // On some systems a locked file cannot be read: then the number is not said.
                let _ = file.read_to_string(&mut process);
                let (shown, process) = (self.path.display(), process.trim());
                return Err(InUse).told(|| {
                    text!(
                        "{shown} is in use by another `renown` (process {process}): wait for it or stop it, or name another folder with --data",
                        "{shown} 正被另一个 renown(进程 {process})使用:请等待或停止它,或用 --data 指定其他文件夹"
                    )
                });
            }
            Err(TryLockError::Error(error)) => {
                let shown = path.display();
                return Err(error).told(|| text!("cannot lock {shown}", "无法锁定 {shown}"));
            }
        }
        let written = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        written.told(|| cannot_write(&path))?;
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

/// A new file that is its owner's alone.
///
/// # Errors
///
/// If there is one of that name, or it cannot be made.
pub(crate) fn new_file(path: &Path) -> anyhow::Result<File> {
    let shown = path.display();
    match private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Trouble::usage(text!(
            "{shown} is there already: name a new file, so that nothing is overwritten",
            "{shown} 已存在:请指定新文件,以免覆盖"
        ))
        .into()),
        opened => opened.told(|| cannot_write(path)),
    }
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
    let shown = path.display();
    builder.create(path).told(|| {
        text!(
            "cannot make the folder {shown}; name one that you may write, with --data",
            "无法创建文件夹 {shown};请用 --data 指定可写的文件夹"
        )
    })
}

/// Makes a file its owner's alone, as far as the system can.
pub(crate) fn make_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // The folder around it is its owner's alone in any case.
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// The words for a file that cannot be written.
pub(crate) fn cannot_write(path: &Path) -> renown_core::say::Text {
    let shown = path.display();
    text!("cannot write {shown}", "无法写入 {shown}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::told::is_usage;

    #[test]
    fn two_processes_cannot_work_in_one_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let demo = Kind::Demo { seed: 1 };
        let folder = Folder::to_work_in(dir.path(), &demo).expect("new");
        let lock = folder.claim(&demo).expect("free");
        let error = folder.lock().expect_err("taken");
        assert!(InUse::is_in(&error));
        let error = error.to_string();
        assert!(error.contains(&std::process::id().to_string()) && error.contains("--data"), "{error}");
        drop(lock);
        folder.lock().expect("free again");
    }

    #[test]
    fn a_folder_stays_what_it_was_begun_as() {
        let dir = tempfile::tempdir().expect("a folder");
        let demo = Kind::Demo { seed: 7 };
        drop(Folder::to_work_in(dir.path(), &demo).expect("new").claim(&demo).expect("free"));
        Folder::to_work_in(dir.path(), &Kind::Demo { seed: 7 }).expect("the same");
        let error = Folder::to_work_in(dir.path(), &Kind::Demo { seed: 8 }).expect_err("another seed");
        assert!(is_usage(&error) && error.to_string().contains("seed 7"), "{error}");
        let error = Folder::to_work_in(dir.path(), &Kind::Remote).expect_err("no demo");
        assert!(is_usage(&error) && error.to_string().contains("never share"), "{error}");
    }

    #[test]
    fn a_folder_of_other_things_is_left_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("holiday.jpg"), "").expect("written");
        let error = Folder::to_work_in(dir.path(), &Kind::Remote).expect_err("foreign");
        assert!(is_usage(&error) && error.to_string().contains("empty folder"), "{error}");
        assert_eq!(std::fs::read_dir(dir.path()).expect("readable").count(), 1);
    }

    #[test]
    fn a_folder_without_a_shop_is_named_with_the_remedy() {
        let dir = tempfile::tempdir().expect("a folder");
        let error = Folder::existing(&dir.path().join("nowhere")).expect_err("none").to_string();
        assert!(error.contains("nowhere") && error.contains("renown up --data"), "{error}");
    }
}
