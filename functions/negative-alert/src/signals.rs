//! Signals, read and taken into their cases.

use std::collections::BTreeSet;

use jiff::Timestamp;
use renown_core::case::{Reading, Signal, Team, topic_signal};
use renown_core::event::Event;
use renown_core::ids::SellerId;
use renown_core::text::Language;
use renown_io::app::MailApp;
use renown_io::ledger::{Error, TakenIn};
use renown_io::translate::Translator;

use crate::summary::Summary;
use crate::wake::Wake;

/// Signals of one look at the index.
const AT_ONCE: usize = 50;

/// Reads the signal that woke us, then all that are due, until there are none or time is up.
///
/// # Errors
///
/// The table does not answer.
pub(crate) async fn read(
    app: &MailApp,
    team: &Team,
    translator: &Translator,
    wake: &Wake,
    deadline: Timestamp,
    summary: &mut Summary,
) -> Result<(), Error> {
    if let Wake::Signal { seller, id } = wake {
        one(app, team, translator, (seller, id), summary).await?;
    }
    // The index follows the table with a delay, and what could not be read stays in it: each is met
    // once a wake.
    let mut met = BTreeSet::new();
    while app.clock.now() < deadline {
        let mut due = app.ledger.due_signals(app.clock.now(), met.len() + AT_ONCE).await?;
        due.retain(|row| !met.contains(row));
        if due.is_empty() {
            break;
        }
        for (seller, id) in &due {
            if let Err(error) = one(app, team, translator, (seller, id), summary).await {
                tracing::warn!(seller.id = %seller, signal.id = id, error = %error, "a signal is left to the next tick");
            }
        }
        met.extend(due);
    }
    Ok(())
}

/// One signal. What was taken in before is left as it is.
async fn one(
    app: &MailApp,
    team: &Team,
    translator: &Translator,
    (seller, id): (&SellerId, &str),
    summary: &mut Summary,
) -> Result<(), Error> {
    let translation = match team.translate_to {
        Some(to) => translated(app, translator, (seller, id), to).await?,
        None => None,
    };
    let now = app.clock.now();
    let understand = |signal: &Signal| Reading {
        translation: translation.clone(),
        ..Reading::of(signal, renown_words::model())
    };
    let Some(TakenIn { signal, reading, case, of_topic }) =
        app.ledger.take_in(seller, id, team, now, understand).await?
    else {
        return Ok(());
    };
    summary.signals += 1;
    let waited = u64::try_from(now.duration_since(signal.seen_at).as_secs()).unwrap_or(0);
    summary.lag_seconds = summary.lag_seconds.max(waited);
    if let Some(case) = case {
        let is_new = case.is_just_opened();
        summary.opened += u64::from(is_new);
        let event = (&case).into();
        app.bus
            .publish(vec![if is_new { Event::CaseOpened(event) } else { Event::CaseChanged(event) }])
            .await;
    }
    if let Some(topic) = topic_signal(&signal, &reading, of_topic, now) {
        app.ledger.record_signals(&[topic]).await?;
    }
    Ok(())
}

/// A buyer's words in the language of the team, where they are in another and nobody has read them yet.
async fn translated(
    app: &MailApp,
    translator: &Translator,
    (seller, id): (&SellerId, &str),
    to: Language,
) -> Result<Option<String>, Error> {
    let Some(stored) = app.ledger.signal(seller, id).await? else { return Ok(None) };
    let Some(words) = stored.signal.words.filter(|_| stored.read_at.is_none()) else { return Ok(None) };
    let Some(from) = renown_words::model().language(&words) else { return Ok(None) };
    Ok(translator.translate(&words, from, to).await)
}
