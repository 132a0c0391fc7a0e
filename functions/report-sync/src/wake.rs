//! What wakes the function, told apart by the form of the event.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use serde::{Deserialize, Deserializer, Serialize};

use crate::summary::Summary;

/// Why the function runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// The clock: everything is looked after.
    Tick,
    /// Notifications of finished reports.
    Queue(SqsEvent),
}

/// The answer to either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// What a tick came to.
    Tick(Summary),
    /// Which messages go back.
    Queue(SqsBatchResponse),
}

impl<'de> Deserialize<'de> for Wake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Whatever has records is a batch, and a batch that does not fit is an error: taken for
        // a tick, its messages would be acknowledged unread.
        #[derive(Deserialize)]
        struct Event {
            #[serde(rename = "Records")]
            records: Option<Vec<SqsMessage>>,
        }
        Ok(match Event::deserialize(deserializer)?.records {
            None => Self::Tick,
            Some(records) => {
                let mut event = SqsEvent::default();
                event.records = records;
                Self::Queue(event)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_and_a_queue_are_told_apart() {
        let schedule =
            r#"{"version":"0","source":"aws.scheduler","detail-type":"Scheduled Event","detail":{}}"#;
        assert_eq!(serde_json::from_str::<Wake>(schedule).expect("readable"), Wake::Tick);
        assert_eq!(serde_json::from_str::<Wake>("{}").expect("readable"), Wake::Tick);
        let Wake::Queue(event) =
            serde_json::from_str(r#"{"Records":[{"messageId":"m","body":"x"}]}"#).expect("readable")
        else {
            panic!("a batch")
        };
        assert_eq!(event.records[0].message_id.as_deref(), Some("m"));
        assert!(serde_json::from_str::<Wake>(r#"{"Records":[7]}"#).is_err());
    }
}
