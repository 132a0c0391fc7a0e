//! What the messages of a batch say, gathered by what is done with them. Pure.

use std::collections::BTreeMap;

use aws_lambda_events::sqs::SqsMessage;
use jiff::Timestamp;
use renown_core::ids::{SellerId, SubscriptionId};
use renown_core::notification::{self, Notification, Unreadable};
use renown_core::order::{SeenIn, Sighting};

/// The messages of a batch, each by its place in the batch.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    /// Changes of orders, by seller.
    pub(crate) changes: BTreeMap<SellerId, Vec<Change>>,
    /// Changes of accounts.
    pub(crate) warnings: Vec<(usize, Warning)>,
    /// Finished reports: another queue's matter, and looked for by a sweep anyway.
    pub(crate) reports: usize,
    /// Changes of one item; the message about the whole order comes as well.
    pub(crate) items: usize,
    /// Types without use.
    pub(crate) useless: Vec<(usize, String)>,
    /// What cannot be read.
    pub(crate) unreadable: Vec<(usize, Unreadable)>,
}

/// An order changed.
#[derive(Debug)]
pub(crate) struct Change {
    /// The place of its message in the batch.
    pub(crate) place: usize,
    /// When it changed.
    pub(crate) at: Timestamp,
    /// What is now known of it.
    pub(crate) sighting: Sighting,
}

/// The standing of an account changed.
#[derive(Debug)]
pub(crate) struct Warning {
    /// Names the seller.
    pub(crate) subscription: SubscriptionId,
    /// Amazon's word for the standing.
    pub(crate) status: String,
    /// When it changed.
    pub(crate) at: Timestamp,
}

/// Reads every message.
pub(crate) fn sort(messages: &[SqsMessage]) -> Sorted {
    let mut sorted = Sorted::default();
    for (at, message) in messages.iter().enumerate() {
        match notification::read(message.body.as_deref().unwrap_or_default()) {
            Ok(Notification::OrderChange { seller, order, at: changed, facts }) => {
                let sighting = Sighting { order, seen_in: SeenIn::Notification, facts: *facts };
                sorted.changes.entry(seller).or_default().push(Change { place: at, at: changed, sighting });
            }
            Ok(Notification::AccountStatus { subscription, current, at: changed }) => {
                sorted.warnings.push((at, Warning { subscription, status: current, at: changed }));
            }
            Ok(Notification::OrderItemChange) => sorted.items += 1,
            Ok(Notification::ReportFinished { report, .. }) => {
                tracing::debug!(report.id = %report, "finished report; report-sync looks for it on its own");
                sorted.reports += 1;
            }
            Ok(Notification::Other { kind }) => sorted.useless.push((at, kind)),
            Err(unreadable) => sorted.unreadable.push((at, unreadable)),
        }
    }
    sorted
}
