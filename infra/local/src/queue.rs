//! A queue like SQS, in a file: at least once, in no promised order, with a dead-letter file.
//!
//! A message is in the file before anybody works on it and until it is done with, so that a
//! kill loses none. One that comes back too often goes to the dead-letter file with its body,
//! readable by its owner alone.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::{SignedDuration, Timestamp};
use renown_core::text;
use serde::{Deserialize, Serialize};

use crate::folder::{cannot_write, private, write_atomically};
use crate::told::Told as _;

/// Messages of one batch. Source: SQS's own limit.
const BATCH: usize = 10;
/// A message that is being worked on is hidden this long: six times a function's minute, as
/// AWS advises.
const HIDDEN_FOR: SignedDuration = SignedDuration::from_mins(6);
/// The file of the dead letters.
const DEAD_LETTERS: &str = "dead-letters.jsonl";
/// A message that came back this often goes to the dead letters.
const MAX_RECEIVES: u32 = 5;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Message {
    id: String,
    body: String,
    visible_at: Timestamp,
    receives: u32,
}

/// A message that nobody could take in, with its body.
#[derive(Debug, Clone)]
pub struct DeadLetter(Message);

impl DeadLetter {
    /// The message, to be handed to its function once more.
    pub fn as_event(&self) -> SqsEvent {
        let mut event = SqsEvent::default();
        event.records.push(record(&self.0));
        event
    }
}

/// The dead letters of a folder.
///
/// # Errors
///
/// If their file cannot be read or understood.
pub fn dead_letters(folder: &Path) -> anyhow::Result<Vec<DeadLetter>> {
    let file = folder.join(DEAD_LETTERS);
    let shown = file.display();
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).told(|| text!("cannot read {shown}", "无法读取 {shown}")),
    };
    let letter = |(n, line): (usize, &str)| {
        let n = n + 1;
        let message = serde_json::from_str(line).told(|| {
            text!(
                "{shown}, line {n} is no message of Renown's; move that line away",
                "{shown} 第 {n} 行不是 Renown 的消息;请移走该行"
            )
        })?;
        Ok(DeadLetter(message))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(letter).collect()
}

/// Writes the dead letters that are left.
///
/// # Errors
///
/// If their file cannot be written; then all of them stay.
pub fn keep_dead_letters(folder: &Path, letters: &[DeadLetter]) -> anyhow::Result<()> {
    let file = folder.join(DEAD_LETTERS);
    let mut lines = String::new();
    for letter in letters {
        lines += &serde_json::to_string(&letter.0).told(|| cannot_write(&file))?;
        lines.push('\n');
    }
    write_atomically(&file, lines.as_bytes()).told(|| cannot_write(&file))
}

/// Deletes every message that contains `word`, on its way or dead; tells how many there were.
/// Only for whoever holds the folder's lock.
///
/// # Errors
///
/// If a file cannot be read, understood or written.
pub fn forget(folder: &Path, word: &str) -> anyhow::Result<usize> {
    let is_other = |message: &Message| !message.body.contains(word);
    let mut n = 0;
    for file in files(folder)? {
        let queue = file.strip_prefix("queue-").and_then(|file| file.strip_suffix(".json"));
        let Some(name) = queue else { continue };
        let mut queue = Queue::open(folder, name)?;
        let before = queue.content.messages.len();
        queue.content.messages.retain(is_other);
        n += before - queue.content.messages.len();
        queue.is_dirty = before > queue.content.messages.len();
        queue.save()?;
    }
    let mut letters = dead_letters(folder)?;
    let before = letters.len();
    letters.retain(|letter| is_other(&letter.0));
    if letters.len() < before {
        keep_dead_letters(folder, &letters)?;
    }
    Ok(n + before - letters.len())
}

/// The files of a folder that contain `word`; its table and its secrets are not looked into.
///
/// # Errors
///
/// If one cannot be read.
pub fn files_naming(folder: &Path, word: &str) -> anyhow::Result<Vec<String>> {
    let mut naming = Vec::new();
    for name in files(folder)?.into_iter().filter(|name| !name.starts_with("table.sqlite")) {
        let path = folder.join(&name);
        let shown = path.display();
        let cannot_read = || text!("cannot read {shown}", "无法读取 {shown}");
        let mut reader = BufReader::new(File::open(&path).told(cannot_read)?);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).told(cannot_read)? > 0 {
            if line.windows(word.len()).any(|part| part == word.as_bytes()) {
                naming.push(name);
                break;
            }
            line.clear();
        }
    }
    Ok(naming)
}

/// The names of the files of a folder, in order.
fn files(folder: &Path) -> anyhow::Result<Vec<String>> {
    let shown = folder.display();
    let entries = std::fs::read_dir(folder).told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
    let entries = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

fn record(message: &Message) -> SqsMessage {
    let mut record = SqsMessage::default();
    record.message_id = Some(message.id.clone());
    record.body = Some(message.body.clone());
    record
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Content {
    last_id: u64,
    messages: Vec<Message>,
}

/// The queue.
#[derive(Debug)]
pub struct Queue {
    file: PathBuf,
    dead_letters: PathBuf,
    content: Content,
    is_dirty: bool,
}

impl Queue {
    /// The queue of that name in a folder, with what was in it.
    ///
    /// # Errors
    ///
    /// If its file cannot be read or understood.
    pub fn open(folder: &Path, name: &str) -> anyhow::Result<Self> {
        let file = folder.join(format!("queue-{name}.json"));
        let shown = file.display();
        let content = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).told(|| {
                text!(
                    "{shown} cannot be understood; move it away: reports make up for what it held",
                    "{shown} 无法识别;请将其移走:报告会补上其中的内容"
                )
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Content::default(),
            Err(error) => return Err(error).told(|| text!("cannot read {shown}", "无法读取 {shown}")),
        };
        Ok(Self { file, dead_letters: folder.join(DEAD_LETTERS), content, is_dirty: false })
    }

    /// Puts a message in that can be received from `at` on.
    pub fn send(&mut self, body: String, at: Timestamp) {
        self.content.last_id += 1;
        let id = format!("message-{}", self.content.last_id);
        self.content.messages.push(Message { id, body, visible_at: at, receives: 0 });
        self.is_dirty = true;
    }

    /// Hands out a batch, the longest visible first, and hides it from other receivers;
    /// `None` when nothing is visible.
    pub fn receive(&mut self, now: Timestamp) -> Option<SqsEvent> {
        let visible = self.content.messages.iter_mut().filter(|message| message.visible_at <= now);
        let mut batch: Vec<&mut Message> = visible.collect();
        batch.sort_by_key(|message| message.visible_at);
        batch.truncate(BATCH);
        if batch.is_empty() {
            return None;
        }
        let mut event = SqsEvent::default();
        for message in batch {
            message.visible_at = now.saturating_add(HIDDEN_FOR).unwrap_or(Timestamp::MAX);
            message.receives += 1;
            event.records.push(record(message));
        }
        self.is_dirty = true;
        Some(event)
    }

    /// Takes the answer to a batch: what is done is deleted, what failed shows up again later,
    /// and after some tries lands in the dead letters.
    ///
    /// # Errors
    ///
    /// If a dead letter cannot be written; then it stays in the queue.
    pub fn settle(&mut self, batch: &SqsEvent, answer: &SqsBatchResponse) -> anyhow::Result<()> {
        self.is_dirty = true;
        for id in batch.records.iter().filter_map(|record| record.message_id.as_deref()) {
            let has_failed = answer.batch_item_failures.iter().any(|failure| failure.item_identifier == id);
            let Some(idx) = self.content.messages.iter().position(|message| message.id == id) else {
                continue;
            };
            if has_failed && self.content.messages[idx].receives < MAX_RECEIVES {
                continue;
            }
            if has_failed {
                self.bury(&self.content.messages[idx])?;
            }
            self.content.messages.remove(idx);
        }
        Ok(())
    }

    fn bury(&self, message: &Message) -> anyhow::Result<()> {
        let mut line = serde_json::to_string(message).told(|| cannot_write(&self.dead_letters))?;
        line.push('\n');
        let file = private(OpenOptions::new().create(true).append(true)).open(&self.dead_letters);
        let written = file.and_then(|mut file| file.write_all(line.as_bytes()));
        written.told(|| cannot_write(&self.dead_letters))
    }

    /// When the next message can be received.
    pub fn next_visible(&self) -> Option<Timestamp> {
        self.content.messages.iter().map(|message| message.visible_at).min()
    }

    /// Writes the queue to its file, if it changed.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&mut self) -> anyhow::Result<()> {
        if std::mem::take(&mut self.is_dirty) {
            let bytes = serde_json::to_vec(&self.content).told(|| cannot_write(&self.file))?;
            write_atomically(&self.file, &bytes).told(|| cannot_write(&self.file))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::sqs::BatchItemFailure;

    use super::*;

    fn t(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn failing(event: &SqsEvent) -> SqsBatchResponse {
        let mut answer = SqsBatchResponse::default();
        for record in &event.records {
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = record.message_id.clone().expect("an id");
            answer.batch_item_failures.push(failure);
        }
        answer
    }

    #[test]
    fn a_message_survives_a_kill_and_is_hidden_while_it_is_worked_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = t("2026-10-10T10:00:00Z");
        let mut queue = Queue::open(folder.path(), "test").expect("new");
        queue.send("one".to_owned(), now);
        queue.save().expect("saved");
        assert!(queue.receive(now).is_some());
        assert!(queue.receive(now).is_none());

        let mut again = Queue::open(folder.path(), "test").expect("there");
        let batch = again.receive(now).expect("still there");
        assert_eq!(batch.records[0].body.as_deref(), Some("one"));
        again.settle(&batch, &SqsBatchResponse::default()).expect("done");
        assert_eq!(again.next_visible(), None);
    }

    #[test]
    fn what_fails_five_times_goes_to_the_dead_letters_with_its_body_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut now = t("2026-10-10T10:00:00Z");
        let mut queue = Queue::open(folder.path(), "test").expect("new");
        queue.send("nonsense".to_owned(), now);
        for _ in 0..MAX_RECEIVES {
            let batch = queue.receive(now).expect("visible again");
            queue.settle(&batch, &failing(&batch)).expect("settled");
            now += HIDDEN_FOR;
        }
        assert!(queue.receive(now).is_none());
        let file = folder.path().join("dead-letters.jsonl");
        assert!(std::fs::read_to_string(&file).expect("there").contains("nonsense"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_batch_has_at_most_ten_messages_and_the_longest_visible_go_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = t("2026-10-10T10:00:00Z");
        let mut queue = Queue::open(folder.path(), "test").expect("new");
        for n in 0..12 {
            queue.send(n.to_string(), now - SignedDuration::from_mins(n));
        }
        let batch = queue.receive(now).expect("visible");
        assert_eq!(batch.records.len(), 10);
        assert_eq!(batch.records[0].body.as_deref(), Some("11"));
    }

    #[test]
    fn what_names_a_seller_is_forgotten_on_its_way_and_dead_and_the_rest_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = t("2026-10-10T10:00:00Z");
        let mut queue = Queue::open(folder.path(), "test").expect("new");
        for body in ["of A1GONE", "of A2STAYS"] {
            queue.send(body.to_owned(), now);
        }
        queue.save().expect("saved");
        for message in &queue.content.messages {
            queue.bury(message).expect("buried");
        }
        assert_eq!(files_naming(folder.path(), "A1GONE").expect("read").len(), 2);
        assert_eq!(forget(folder.path(), "A1GONE").expect("forgotten"), 2);
        assert_eq!(files_naming(folder.path(), "A1GONE").expect("read"), Vec::<String>::new());
        assert_eq!(files_naming(folder.path(), "A2STAYS").expect("read").len(), 2);
        assert_eq!(forget(folder.path(), "A1GONE").expect("nothing left"), 0);
    }
}
