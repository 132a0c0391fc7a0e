//! Messages of Amazon's that somebody kept: one document, an array, or one per line; bare, or
//! in what a queue wraps around them (a batch as Lambda gets it, the answer of `aws sqs
//! receive-message`, a line of a dead-letter file).
//!
//! They go to order-ingest as its queue brings them, ten at a time. What order-ingest would give
//! back to that queue to end among its dead letters is told here instead, with its place: the
//! body is in the seller's own file.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};

use aws_lambda_events::sqs::{SqsEvent, SqsMessage};
use renown_core::ids::SellerId;
use renown_core::notification::{self, Notification};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::error::ImportError;
use super::failed::{At, Failed, Why};
use super::look::Source;
use super::text_file::{Text, Utf8};
use super::{Desk, Imported, Kind, MAX_TOLD};

/// Messages of one batch: as many as SQS hands out at once.
const BATCH: usize = 10;
/// Longest message. SQS takes none above 1 MiB.
const MAX_MESSAGE: usize = 1024 * 1024;
/// Largest document that is no list of lines: it is held whole.
const MAX_DOCUMENT: usize = 64 * 1024 * 1024;
/// A part of a key that every notification has, in both of Amazon's casings.
const MARK: &str = "otificationType";

/// How messages stand in a file.
#[derive(Debug)]
pub(super) enum Messages {
    /// One on each line.
    Lines,
    /// One after the other, or the elements of arrays.
    Documents(Vec<String>),
}

/// The messages of a file that begins with `head`, as JSON does; `None` if there is no
/// notification in it.
pub(super) fn messages(source: &Source, head: &str) -> Result<Option<Messages>, ImportError> {
    let mut lines = head.lines().filter(|line| !line.trim().is_empty());
    // The first line may be the damaged one.
    let is_message = |line: &str| is_json(line) && serde_json::from_str::<Batch>(line.trim()).is_err();
    if !head.trim_start().starts_with('[') && lines.by_ref().take(2).any(is_message) {
        return Ok(head.contains(MARK).then_some(Messages::Lines));
    }
    let text = whole(source)?;
    if !text.contains(MARK) {
        return Ok(None);
    }
    let mut documents = Vec::new();
    for document in serde_json::Deserializer::from_str(&text).into_iter::<&RawValue>() {
        let document = document.map_err(|error| not_json(source, &error))?.get();
        if let Ok(batch) = serde_json::from_str::<Batch>(document) {
            documents.extend(batch.messages.into_iter().map(|message| message.body));
        } else if document.starts_with('[') {
            let elements: Vec<&RawValue> =
                serde_json::from_str(document).map_err(|error| not_json(source, &error))?;
            documents.extend(elements.into_iter().map(|element| element.get().to_owned()));
        } else {
            documents.push(document.to_owned());
        }
    }
    Ok(Some(Messages::Documents(documents)))
}

/// A batch of a queue.
#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "Records", alias = "Messages")]
    messages: Vec<Message>,
}

/// A message as a queue hands it out.
#[derive(Deserialize)]
struct Message {
    #[serde(alias = "Body")]
    body: String,
}

fn is_json(line: &str) -> bool {
    serde_json::from_str::<&RawValue>(line.trim()).is_ok()
}

fn whole(source: &Source) -> Result<String, ImportError> {
    let (mut text, mut all) = (Text::open(source)?, String::new());
    while let Some(piece) = text.next()? {
        all.push_str(&piece);
        if all.len() > MAX_DOCUMENT {
            let limit_mib = MAX_DOCUMENT as u64 / 1024 / 1024;
            return Err(ImportError::TooLarge { file: source.to_string(), limit_mib });
        }
    }
    Ok(all)
}

fn not_json(source: &Source, error: &serde_json::Error) -> ImportError {
    ImportError::NotJson { file: source.to_string(), line: error.line(), column: error.column() }
}

/// Imports messages.
pub(super) async fn import(desk: &mut Desk<'_>, messages: &Messages) -> Result<Imported, ImportError> {
    let mut imported = desk.nothing_yet(Kind::Notifications);
    let mut counted = Bodies::open(desk.source, messages)?;
    while counted.next()?.is_some() {
        imported.rows += 1;
    }
    imported.garbled = counted.garbled();
    imported.charset = Some(desk.source.charset().name());
    let sellers = desk.app.ledger.sellers().await.map_err(|error| desk.table(error))?;
    let connected = sellers.into_iter().map(|seller| seller.id).collect();
    desk.done(0, imported.rows);
    let mut bodies = Bodies::open(desk.source, messages)?;
    let (mut batch, mut seen) = (Vec::with_capacity(BATCH), 0);
    while let Some((at, body)) = bodies.next()? {
        seen += 1;
        match body.and_then(|body| usable(bare(body), &connected, &mut imported)) {
            Ok(body) => batch.push((at, body)),
            Err(why) => fail(desk, &mut imported, Failed { at, why }).await?,
        }
        if batch.len() == BATCH {
            take_in(desk, &mut imported, std::mem::take(&mut batch)).await?;
            desk.done(seen, imported.rows);
        }
    }
    take_in(desk, &mut imported, batch).await?;
    desk.done(seen, imported.rows);
    tracing::info!(
        messages = imported.rows,
        messages.failed = imported.unreadable,
        orders.new = imported.orders_new,
        orders.changed = imported.orders_changed,
        "messages imported"
    );
    Ok(imported)
}

/// The body alone.
fn bare(text: String) -> String {
    serde_json::from_str::<Message>(&text).map_or(text, |message| message.body)
}

/// A message that order-ingest will take, or why it would not.
fn usable(body: String, connected: &BTreeSet<SellerId>, imported: &mut Imported) -> Result<String, Why> {
    match notification::read(&body) {
        Ok(Notification::OrderChange { seller, .. }) if !connected.contains(&seller) => {
            Err(Why::NotConnected { seller })
        }
        Ok(Notification::OrderChange { facts, .. }) => {
            imported.marketplaces.extend(facts.marketplace);
            Ok(body)
        }
        Ok(
            Notification::OrderItemChange
            | Notification::AccountStatus { .. }
            | Notification::ReportFinished { .. },
        ) => Ok(body),
        Ok(Notification::Other { kind }) => Err(Why::NoUse { kind }),
        Err(error) => Err(Why::Unreadable { place: error.place, problem: error.problem }),
    }
}

/// Hands a batch to order-ingest.
async fn take_in(
    desk: &mut Desk<'_>,
    imported: &mut Imported,
    batch: Vec<(At, String)>,
) -> Result<(), ImportError> {
    if batch.is_empty() {
        return Ok(());
    }
    let mut event = SqsEvent::default();
    for (at, body) in &batch {
        let mut message = SqsMessage::default();
        message.message_id = Some(format!("{} {at}", desk.source.short()));
        message.body = Some(body.clone());
        event.records.push(message);
    }
    let taken = order_ingest::take_in(desk.app, &event).await.expect("every message has an id: set above");
    imported.orders_new += taken.recorded.new;
    imported.orders_changed += taken.recorded.changed;
    imported.orders_unchanged += taken.recorded.unchanged;
    let returned: BTreeSet<String> =
        taken.response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
    for ((at, _), message) in batch.into_iter().zip(event.records) {
        if message.message_id.is_some_and(|id| returned.contains(&id)) {
            fail(desk, imported, Failed { at, why: Why::NotTaken }).await?;
        }
    }
    Ok(())
}

async fn fail(desk: &mut Desk<'_>, imported: &mut Imported, failed: Failed) -> Result<(), ImportError> {
    desk.keep(&failed.at.to_string(), failed.why.place(), failed.why.text()).await?;
    imported.unreadable += 1;
    if imported.failed.len() < MAX_TOLD {
        imported.failed.push(failed);
    }
    Ok(())
}

/// A message's body as it stands in the file, or why it cannot be one.
type Body = Result<String, Why>;

/// The bodies of a file's messages, from the beginning.
enum Bodies<'a> {
    Lines { lines: Box<BufReader<Utf8<'a>>>, number: u64 },
    Documents(std::iter::Zip<std::ops::RangeFrom<u64>, std::slice::Iter<'a, String>>),
}

impl<'a> Bodies<'a> {
    fn open(source: &'a Source, messages: &'a Messages) -> Result<Self, ImportError> {
        Ok(match messages {
            Messages::Lines => {
                Self::Lines { lines: Box::new(BufReader::new(Utf8::open(source)?)), number: 0 }
            }
            Messages::Documents(documents) => Self::Documents((1..).zip(documents)),
        })
    }

    /// The next body; blank lines are counted and skipped.
    fn next(&mut self) -> Result<Option<(At, Body)>, ImportError> {
        let (lines, number) = match self {
            Self::Documents(documents) => {
                return Ok(documents.next().map(|(n, body)| (At::Message(n), Ok(body.clone()))));
            }
            Self::Lines { lines, number } => (lines, number),
        };
        loop {
            let mut line = Vec::new();
            read_line(lines, &mut line)?;
            if line.is_empty() {
                return Ok(None);
            }
            *number += 1;
            if line.len() > MAX_MESSAGE {
                return Ok(Some((At::Line(*number), Err(Why::TooLong { limit_kib: MAX_MESSAGE / 1024 }))));
            }
            // Decoded before, so nothing is lost here.
            let text = String::from_utf8_lossy(&line);
            if !text.trim().is_empty() {
                return Ok(Some((At::Line(*number), Ok(text.trim().to_owned()))));
            }
        }
    }

    fn garbled(&self) -> u64 {
        match self {
            Self::Lines { lines, .. } => {
                lines.get_ref().decoded().map_or(0, |decoded| decoded.malformed.count)
            }
            Self::Documents(_) => 0,
        }
    }
}

/// Reads a line, or the head of one that is too long; the rest of that is gone.
fn read_line(lines: &mut BufReader<Utf8<'_>>, line: &mut Vec<u8>) -> Result<(), ImportError> {
    let limit = MAX_MESSAGE as u64 + 1;
    let mut read = lines.by_ref().take(limit).read_until(b'\n', line);
    if line.len() > MAX_MESSAGE && line.last() != Some(&b'\n') {
        read = read.and_then(|_| lines.skip_until(b'\n'));
    }
    // An error of the reader is the file's: nothing else fails in memory.
    read.map(|_| ()).or_else(|_| lines.get_mut().take_failure().map_or(Ok(()), Err))
}
