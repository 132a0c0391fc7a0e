//! A batch at work: what became of each message, and what was kept of it.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use jiff::Timestamp;
use renown_core::ids::SellerId;
use renown_core::notification::Unreadable;
use renown_core::say::Text;
use renown_core::text;
use renown_io::app::App;
use renown_io::batch::{self, Disposition, NoMessageId};
use renown_io::ledger::{Recorded, Unread};
use renown_io::spapi::NotificationType;

/// Names this function among the sources of unread input.
const SOURCE: &str = "order-ingest";

/// The messages of a batch, each known by its place. What nobody speaks of is done with.
pub(crate) struct Inbox<'a> {
    pub(crate) app: &'a App,
    pub(crate) now: Timestamp,
    /// What became of the orders.
    pub(crate) recorded: Recorded,
    /// Messages kept as unread input.
    pub(crate) kept: u64,
    messages: &'a [SqsMessage],
    outcomes: Vec<Disposition>,
}

impl<'a> Inbox<'a> {
    pub(crate) fn new(app: &'a App, messages: &'a [SqsMessage]) -> Self {
        let outcomes = vec![Disposition::Done; messages.len()];
        Self { app, now: app.clock.now(), recorded: Recorded::default(), kept: 0, messages, outcomes }
    }

    /// Lets a message go back to the queue.
    pub(crate) fn give_back(&mut self, at: usize) {
        self.outcomes[at] = Disposition::Return;
    }

    /// What cannot be read is kept and goes back, alike on each delivery; its body is the
    /// dead-letter queue's matter.
    pub(crate) async fn unreadable(&mut self, at: usize, why: Unreadable) {
        let Unreadable { place, problem: Text { en, zh } } = why;
        let problem = text!(
            "{en}; the body goes to the dead-letter queue: update Renown or report the new form, then redrive that queue",
            "无法读取({zh});正文会进入死信队列:请更新 Renown 或反馈新的格式,然后重新投递该队列"
        );
        self.keep_and_give_back(at, place, problem).await;
    }

    /// A type without use is kept and acknowledged.
    pub(crate) async fn useless(&mut self, at: usize, kind: &str) {
        let problem = text!(
            "Renown has no use for {kind:?}; end its subscription, or point it at another queue",
            "Renown 用不到 {kind:?};请取消其订阅,或改用其他队列"
        );
        self.keep(at, "notificationType".to_owned(), problem).await;
    }

    /// Keeps what goes back to the queue. If the table does not take the entry, the next
    /// delivery writes it.
    pub(crate) async fn keep_and_give_back(&mut self, at: usize, place: String, problem: Text) {
        self.give_back(at);
        let unread = Unread { dead_letter: true, ..self.entry(at, place, problem) };
        self.write(&unread).await;
    }

    /// Keeps what can be read but not used, and acknowledges it. It goes back only if the entry
    /// could not be written.
    pub(crate) async fn keep(&mut self, at: usize, place: String, problem: Text) {
        let unread = self.entry(at, place, problem);
        if !self.write(&unread).await {
            self.give_back(at);
        }
    }

    fn entry(&self, at: usize, place: String, problem: Text) -> Unread {
        let message = &self.messages[at];
        Unread {
            source: SOURCE.to_owned(),
            hash: Unread::hash_of(message.body.as_deref().unwrap_or_default().as_bytes()),
            name: message.message_id.clone().unwrap_or_default(),
            place,
            problem: problem.en,
            problem_zh: problem.zh,
            at: self.now,
            dead_letter: false,
        }
    }

    async fn write(&mut self, unread: &Unread) -> bool {
        self.kept += 1;
        let written = self.app.ledger.keep_unread(unread).await;
        if let Err(error) = &written {
            tracing::warn!(message.id = %unread.name, error = %error, "entry is not kept; the message comes again");
        }
        written.is_ok()
    }

    /// Notes when the newest event of a type happened. No message waits for it: it is a note for
    /// the operator, and the next event brings it.
    pub(crate) async fn note_event(&self, seller: &SellerId, event: NotificationType, at: Timestamp) {
        if let Err(error) = self.app.ledger.note_event(seller, event, at, self.now).await {
            tracing::warn!(seller.id = %seller, event.kind = event.name(), error = %error, "time of the last event is not noted");
        }
    }

    /// How many messages go back.
    pub(crate) fn returned(&self) -> usize {
        self.outcomes.iter().filter(|outcome| **outcome == Disposition::Return).count()
    }

    /// The answer to the batch.
    pub(crate) fn response(self) -> Result<SqsBatchResponse, NoMessageId> {
        let outcomes: Vec<_> = self.messages.iter().zip(self.outcomes).collect();
        batch::response(&outcomes)
    }
}
