//! Notifications of finished reports. Each only says where to look now.

use std::collections::{BTreeMap, BTreeSet};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use jiff::Timestamp;
use renown_core::ids::SellerId;
use renown_core::notification::{self, Notification, Unreadable};
use renown_core::say::Text;
use renown_core::text;
use renown_io::app::App;
use renown_io::batch::{self, Disposition, NoMessageId};
use renown_io::ledger::Unread;

use crate::ReportIds;

/// Names this function among the sources of unread input.
pub(crate) const SOURCE: &str = "report-sync";

/// What a batch of messages says.
#[derive(Debug)]
pub(crate) struct Nudges {
    /// Reports to look at.
    pub(crate) reports: ReportIds,
    /// Their sellers, where the messages name them, with the newest time they tell.
    pub(crate) sellers: BTreeMap<SellerId, Option<Timestamp>>,
    /// A message names no seller: all are looked through.
    pub(crate) of_anyone: bool,
    places: Vec<Place>,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Goes back if looking failed.
    Nudge,
    Settled(Disposition),
}

/// Reads a batch; keeps what cannot be read or used.
pub(crate) async fn read(app: &App, messages: &[SqsMessage], now: Timestamp) -> Nudges {
    let mut nudges =
        Nudges { reports: BTreeSet::new(), sellers: BTreeMap::new(), of_anyone: false, places: Vec::new() };
    for message in messages {
        let place = match notification::read(message.body.as_deref().unwrap_or_default()) {
            Ok(Notification::ReportFinished { seller, report, at, .. }) => {
                nudges.of_anyone |= seller.is_none();
                if let Some(seller) = seller {
                    let newest = nudges.sellers.entry(seller).or_default();
                    *newest = at.max(*newest);
                }
                nudges.reports.insert(report);
                Place::Nudge
            }
            Ok(
                Notification::OrderChange { .. }
                | Notification::OrderItemChange
                | Notification::AccountStatus { .. }
                | Notification::Other { .. },
            ) => {
                // Back to the queue and in the end to its dead letters, from where it can be
                // moved to the right one: it may be an order.
                let problem = text!(
                    "this queue is for REPORT_PROCESSING_FINISHED alone; point the subscription at the queue of order-ingest and move the dead letters there",
                    "此队列只用于 REPORT_PROCESSING_FINISHED;请将该订阅指向 order-ingest 的队列,并把死信移到那里"
                );
                keep(app, message, "notificationType".to_owned(), problem, now).await;
                Place::Settled(Disposition::Return)
            }
            Err(error) => {
                let Unreadable { place, problem: Text { en, zh } } = error;
                let problem = text!(
                    "{en}; nothing is lost, finished reports are looked for on their own; update Renown or report the new form",
                    "无法读取({zh});没有任何遗漏,完成的报告会另行查找;请更新 Renown 或反馈新的格式"
                );
                keep(app, message, place, problem, now).await;
                Place::Settled(Disposition::Return)
            }
        };
        nudges.places.push(place);
    }
    nudges
}

async fn keep(app: &App, message: &SqsMessage, place: String, problem: Text, now: Timestamp) {
    let unread = Unread {
        source: SOURCE.to_owned(),
        hash: Unread::hash_of(message.body.as_deref().unwrap_or_default().as_bytes()),
        name: message.message_id.clone().unwrap_or_default(),
        place,
        problem: problem.en,
        problem_zh: problem.zh,
        at: now,
        dead_letter: true,
    };
    if let Err(error) = app.ledger.keep_unread(&unread).await {
        tracing::warn!(message.id = %unread.name, error = %error, "entry is not kept; the message comes again");
    }
}

impl Nudges {
    /// The answer to the batch.
    pub(crate) fn response(
        &self,
        messages: &[SqsMessage],
        has_looked: bool,
    ) -> Result<SqsBatchResponse, NoMessageId> {
        let outcomes: Vec<_> = messages
            .iter()
            .zip(&self.places)
            .map(|(message, place)| match place {
                Place::Settled(disposition) => (message, *disposition),
                Place::Nudge if has_looked => (message, Disposition::Done),
                Place::Nudge => (message, Disposition::Return),
            })
            .collect();
        batch::response(&outcomes)
    }
}
