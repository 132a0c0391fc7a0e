//! A batch at work: what became of each message.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use renown_core::mail::ses::Unreadable;
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::batch::{self, Disposition, NoMessageId};
use renown_io::ledger::Unread;

use crate::hear::Heard;

/// Names this function among the sources of unread input.
const SOURCE: &str = "bounce-handler";

/// The messages of a batch, each known by its place. What nobody speaks of is done with.
pub(crate) struct Inbox<'a> {
    app: &'a MailApp,
    messages: &'a [SqsMessage],
    outcomes: Vec<Disposition>,
    heard: Heard,
    kept: u64,
}

impl<'a> Inbox<'a> {
    pub(crate) fn new(app: &'a MailApp, messages: &'a [SqsMessage]) -> Self {
        let outcomes = vec![Disposition::Done; messages.len()];
        Self { app, messages, outcomes, heard: Heard::default(), kept: 0 }
    }

    /// Lets a message go back to the queue.
    pub(crate) fn give_back(&mut self, at: usize) {
        self.outcomes[at] = Disposition::Return;
    }

    /// Adds what an event came to.
    pub(crate) fn add(&mut self, heard: &Heard) {
        self.heard.mails += heard.mails;
        self.heard.suppressed += heard.suppressed;
        self.heard.alerts += heard.alerts;
        self.heard.foreign += heard.foreign;
    }

    /// What cannot be read is kept and goes back, alike on each delivery; its body is the
    /// dead-letter queue's matter.
    pub(crate) async fn unreadable(&mut self, at: usize, why: Unreadable) {
        self.give_back(at);
        self.kept += 1;
        let message = &self.messages[at];
        let problem = why.problem;
        let problem = text!(
            "{problem}; the body goes to the dead-letter queue: update Renown or report the new form, then redrive that queue",
            "无法读取({problem});正文会进入死信队列:请更新 Renown 或反馈新的格式,然后重新投递该队列"
        );
        let unread = Unread {
            source: SOURCE.to_owned(),
            hash: Unread::hash_of(message.body.as_deref().unwrap_or_default().as_bytes()),
            name: message.message_id.clone().unwrap_or_default(),
            place: why.place,
            problem: problem.en,
            problem_zh: problem.zh,
            at: self.app.clock.now(),
            dead_letter: true,
        };
        if let Err(error) = self.app.ledger.keep_unread(&unread).await {
            tracing::warn!(message.id = %unread.name, error = %error, "entry is not kept; the message comes again");
        }
    }

    pub(crate) fn log(&self) {
        let returned = self.outcomes.iter().filter(|outcome| **outcome == Disposition::Return).count();
        tracing::info!(
            messages = self.messages.len(),
            mails = self.heard.mails,
            addresses.suppressed = self.heard.suppressed,
            alerts = self.heard.alerts,
            messages.foreign = self.heard.foreign,
            messages.kept = self.kept,
            messages.returned = returned,
            "events taken in"
        );
    }

    /// The answer to the batch.
    pub(crate) fn response(self) -> Result<SqsBatchResponse, NoMessageId> {
        let outcomes: Vec<_> = self.messages.iter().zip(self.outcomes).collect();
        batch::response(&outcomes)
    }
}
