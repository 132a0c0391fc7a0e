//! The bus: tells others that something happened, so that they need not wait for their clock.
//!
//! An event that is lost costs a minute and nothing else: whatever is to be done is due in the
//! table. So nobody waits for the bus for long, and its trouble is logged and forgotten.

use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use renown_core::case::{Kind, Signal, Subject};
use renown_core::control::Cause;
use renown_core::event::{Event, SOURCE};
use renown_core::ids::SellerId;
use renown_core::say::Text;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use crate::ledger::{self, Ledger};

/// Events of one call. Source: EventBridge API, `PutEvents`.
const AT_ONCE: usize = 10;
/// Longer than that nobody waits.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Where events go.
#[derive(Debug, Clone)]
pub enum Bus {
    /// A bus of `EventBridge`, by its name.
    EventBridge {
        /// The client, without retries.
        client: Client,
        /// The bus.
        name: String,
    },
    /// To whoever holds the other end: one machine.
    Channel(UnboundedSender<Event>),
    /// Nowhere: everything waits for its clock.
    Nowhere,
}

impl Bus {
    /// Tells of events, as far as it goes.
    pub async fn publish(&self, events: Vec<Event>) {
        match self {
            Self::EventBridge { client, name } => {
                for some in events.chunks(AT_ONCE) {
                    put(client, name, some).await;
                }
            }
            Self::Channel(sender) => {
                for event in events {
                    // Nobody listens any more: the clock does it.
                    let _ = sender.send(event);
                }
            }
            Self::Nowhere => {}
        }
    }
}

/// Writes signals down and tells of those that are new; gives these back.
///
/// # Errors
///
/// If the table does not answer. What was written by then is due.
pub async fn raise(ledger: &Ledger, bus: &Bus, signals: &[Signal]) -> Result<Vec<Signal>, ledger::Error> {
    let new = ledger.record_signals(signals).await?;
    bus.publish(new.iter().map(Event::seen).collect()).await;
    Ok(new)
}

/// Amazon lets nobody in for a seller: it stands still until a person resumes, and a case says why.
///
/// # Errors
///
/// If the table does not answer; the next call meets the same trouble.
pub async fn access_denied(
    ledger: &Ledger,
    bus: &Bus,
    seller: &SellerId,
    why: &Text,
    now: Timestamp,
) -> Result<(), ledger::Error> {
    ledger.stop_seller(seller, Cause::Access, why, now).await?;
    bus.publish(vec![Event::BrakePulled { seller: Some(seller.clone()), cause: Cause::Access, at: now }])
        .await;
    let day = now.to_zoned(TimeZone::UTC).date().to_string();
    let signal = Signal::new(seller.clone(), Subject::Access, Kind::Access, &day, (now, now));
    raise(ledger, bus, &[signal.noting(why.clone())]).await?;
    Ok(())
}

async fn put(client: &Client, bus: &str, events: &[Event]) {
    let entries = events.iter().filter_map(|event| {
        let Ok(Value::Object(parts)) = serde_json::to_value(event) else { return None };
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(bus)
            .source(SOURCE)
            .detail_type(parts["detail-type"].as_str()?)
            .detail(parts["detail"].to_string());
        Some(entry.build())
    });
    let put = client.put_events().set_entries(Some(entries.collect())).send();
    match tokio::time::timeout(TIMEOUT, put).await {
        Ok(Ok(answer)) if answer.failed_entry_count() == 0 => {}
        Ok(Ok(answer)) => {
            let code = answer.entries().iter().find_map(|entry| entry.error_code());
            tracing::warn!(
                failed = answer.failed_entry_count(),
                code,
                "events were not taken; what is due is done at the next tick"
            );
        }
        Ok(Err(error)) => {
            let error = aws_sdk_eventbridge::error::DisplayErrorContext(&error).to_string();
            tracing::warn!(error, "the bus did not take events; what is due is done at the next tick");
        }
        Err(_) => tracing::warn!("the bus did not answer in time; what is due is done at the next tick"),
    }
}
