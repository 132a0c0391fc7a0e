//! What the simulated Amazon knows, kept over a restart and over a kill.
//!
//! The whole state is written now and then (`amazon.json`, beside and renamed); in between each
//! acceptance and the passing of time are appended to a journal (`amazon.journal`). After a
//! kill the state is the last whole one with the journal's acceptances added: an order that was
//! asked stays asked, and the clock never goes back. Notifications handed out since are handed
//! out again, which is what a queue does as well; reports asked for since are not known any
//! more, and are asked for again.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use renown_core::say::Text;
use renown_core::text;
use renown_simulator::Simulator;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::folder::{cannot_write, private, write_atomically};
use crate::refuse;
use crate::told::Told as _;

/// Reports are forgotten this long after they ended: long after they were read.
const REPORTS_KEPT: SignedDuration = SignedDuration::from_hours(48);
/// Ids given out after the last whole state are not known after a kill; none of them is given
/// out a second time if counting goes on this far beyond.
const IDS_SKIPPED: u64 = 1_000_000;

/// The file of the whole state.
const STATE: &str = "amazon.json";
/// The journal.
const JOURNAL: &str = "amazon.journal";

/// One line of the journal.
#[derive(Serialize, Deserialize)]
struct Line {
    at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
}

/// The memory of a simulator.
#[derive(Debug)]
pub struct Memory {
    state: PathBuf,
    journal: Mutex<File>,
}

impl Memory {
    /// Opens the memory in a folder and puts what is remembered into the simulator, clock
    /// included. Tells whether there was anything.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, written, or understood; each names the file.
    pub fn open(folder: &Path, simulator: &Simulator) -> anyhow::Result<(Self, bool)> {
        let (state, journal) = (folder.join(STATE), folder.join(JOURNAL));
        let lines = read_journal(&journal)?;
        let remembered = match std::fs::read(&state) {
            Ok(bytes) => {
                let saved = serde_json::from_slice(&bytes).told(|| unreadable(&state))?;
                restore(simulator, saved, &lines).told(|| unreadable(&state))?;
                true
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error).told(|| unreadable(&state)),
        };
        let file = private(OpenOptions::new().create(true).append(true)).open(&journal);
        let file = file.told(|| cannot_write(&journal))?;
        let memory = Self { state, journal: Mutex::new(file) };
        memory.save(simulator)?;
        Ok((memory, remembered))
    }

    /// Whether there is a memory in this folder.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(STATE).exists()
    }

    /// The last moment that a memory in this folder knows; `None` without one.
    ///
    /// # Errors
    ///
    /// If its journal cannot be read.
    pub fn last_moment(folder: &Path) -> anyhow::Result<Option<Timestamp>> {
        Ok(read_journal(&folder.join(JOURNAL))?.into_iter().map(|line| line.at).max())
    }

    /// Writes the whole state, and forgets what nobody asks for any more: calls, old reports.
    ///
    /// # Errors
    ///
    /// If it cannot be written; then the state before stands.
    pub fn save(&self, simulator: &Simulator) -> anyhow::Result<()> {
        let mut saved = simulator.save();
        prune(&mut saved);
        simulator.restore(&saved).told(|| cannot_write(&self.state))?;
        let bytes = serde_json::to_vec(&saved).told(|| cannot_write(&self.state))?;
        write_atomically(&self.state, &bytes).told(|| cannot_write(&self.state))?;
        // A kill between these two leaves a journal that says nothing new.
        let emptied = self.lock().set_len(0);
        let begun = emptied.and_then(|()| self.append(&Line { at: simulator.now(), accepted: None }));
        begun.told(|| cannot_write(&self.state.with_file_name(JOURNAL)))
    }

    /// Writes down that time has come to here.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn note_time(&self, now: Timestamp) -> anyhow::Result<()> {
        let noted = self.append(&Line { at: now, accepted: None });
        noted.told(|| cannot_write(&self.state.with_file_name(JOURNAL)))
    }

    /// Writes down that a solicitation was accepted, before anybody learns of it.
    pub(crate) fn note_accepted(&self, order: &str, at: Timestamp) -> io::Result<()> {
        self.append(&Line { at, accepted: Some(order.to_owned()) })
    }

    fn append(&self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        // One write: a kill leaves the whole line or none of it.
        self.lock().write_all(text.as_bytes())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, File> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unreadable(path: &Path) -> Text {
    let shown = path.display();
    text!(
        "{shown} cannot be read; it belongs to this demo alone: name another folder with --data to begin a new one",
        "{shown} 无法读取;它只属于这个演示:请用 --data 指定其他文件夹重新开始"
    )
}

fn read_journal(path: &Path) -> anyhow::Result<Vec<Line>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).told(|| unreadable(path)),
    };
    // What stands after the last line break was never finished.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole
        .lines()
        .enumerate()
        .map(|(n, line)| {
            serde_json::from_str(line)
                .told(|| {
                    let n = n + 1;
                    text!("line {n}", "第 {n} 行")
                })
                .told(|| unreadable(path))
        })
        .collect()
}

fn restore(simulator: &Simulator, mut saved: Value, journal: &[Line]) -> anyhow::Result<()> {
    // Indexing below is only good on an object.
    if !saved.get("data").is_some_and(Value::is_object) {
        refuse!("it holds no state of a simulator", "其中没有模拟器的状态");
    }
    let mut accepted: BTreeMap<String, Vec<Timestamp>> =
        serde_json::from_value(saved["data"]["accepted"].take())?;
    for line in journal {
        if let Some(order) = &line.accepted {
            accepted.entry(order.clone()).or_insert_with(|| vec![line.at]);
        }
    }
    saved["data"]["accepted"] = json!(accepted);
    // One line is the beginning of a journal that says nothing.
    if journal.len() > 1 {
        let last = saved["data"]["last_id"].as_u64().unwrap_or(0);
        saved["data"]["last_id"] = json!(last + IDS_SKIPPED);
    }
    simulator.restore(&saved)?;
    if let Some(latest) = journal.iter().map(|line| line.at).max().filter(|at| *at > simulator.now()) {
        simulator.set_clock(latest);
    }
    Ok(())
}

fn prune(saved: &mut Value) {
    let now: Option<Timestamp> = saved["now"].as_str().and_then(|now| now.parse().ok());
    let data = &mut saved["data"];
    data["calls"] = json!([]);
    let (Some(now), Some(reports)) = (now, data["reports"].as_object_mut()) else { return };
    reports.retain(|_, report| {
        let ended: Option<Timestamp> = report["ends_at"].as_str().and_then(|at| at.parse().ok());
        ended.is_none_or(|ended| now.duration_since(ended) < REPORTS_KEPT)
    });
}

#[cfg(test)]
mod tests {
    use renown_simulator::{App, Order, Region, Seller};

    use super::*;

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn simulator() -> Simulator {
        let simulator = Simulator::new(t("2026-10-10T10:00:00Z"));
        simulator.add_app(App::new("app", "secret"));
        simulator.add_seller(Seller::new("S1", Region::Eu, &["A1PA6795UKMFR9"]).granting("grant", "app"));
        simulator
            .put_order(Order::new("302-0000001-0000001", "S1", "A1PA6795UKMFR9", t("2026-10-01T00:00:00Z")))
            .expect("a good order");
        simulator
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_accepted_and_how_late_it_is_survive_a_kill() {
        let folder = tempfile::tempdir().expect("a folder");
        let (memory, remembered) = Memory::open(folder.path(), &simulator()).expect("opened");
        assert!(!remembered);
        memory.note_accepted("302-0000001-0000001", t("2026-10-10T11:00:00Z")).expect("noted");
        memory.note_time(t("2026-10-10T12:00:00Z")).expect("noted");
        // The kill comes in the middle of a line.
        memory.lock().write_all(b"{\"at\":\"2026-10-").expect("written");
        drop(memory);

        let again = Simulator::new(t("2026-10-01T00:00:00Z"));
        let (_memory, remembered) = Memory::open(folder.path(), &again).expect("opened again");
        assert!(remembered);
        assert_eq!(again.now(), t("2026-10-10T12:00:00Z"));
        assert_eq!(again.accepted()["302-0000001-0000001"], [t("2026-10-10T11:00:00Z")]);
        assert_eq!(again.orders().len(), 1);
        assert_eq!(Memory::last_moment(folder.path()).expect("readable"), Some(t("2026-10-10T12:00:00Z")));
    }

    #[test]
    fn a_broken_journal_is_named_with_its_line_and_a_remedy() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(JOURNAL), "{\"at\":\"2026-10-10T12:00:00Z\"}\nnonsense\n")
            .expect("written");
        let error = format!("{:#}", Memory::last_moment(folder.path()).expect_err("broken"));
        assert!(
            error.contains("amazon.journal") && error.contains("line 2") && error.contains("--data"),
            "{error}"
        );
    }
}
