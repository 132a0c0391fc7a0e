//! What wakes the function.

use renown_core::event::Event;
use renown_core::ids::SellerId;
use serde::{Deserialize, Deserializer};

/// Why the function runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wake {
    /// The clock: everything that is due.
    Tick,
    /// An event of the bus: this signal at once, though the index may not show it yet, and everything that is
    /// due.
    Signal {
        /// Whose.
        seller: SellerId,
        /// Its id.
        id: String,
    },
}

impl From<Event> for Wake {
    fn from(event: Event) -> Self {
        match event {
            Event::SignalSeen { seller, signal, .. } => Self::Signal { seller, id: signal },
            Event::CaseOpened(_)
            | Event::CaseChanged(_)
            | Event::OrderAsked { .. }
            | Event::BrakePulled { .. } => Self::Tick,
        }
    }
}

impl<'de> Deserialize<'de> for Wake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The clock's input, and an event in whatever form a newer version gives it, mean: look.
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(Event::deserialize(value).map_or(Self::Tick, Self::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Wake {
        serde_json::from_str(json).expect("readable")
    }

    #[test]
    fn an_event_names_its_signal_and_all_else_is_a_tick() {
        let wake = read(
            r#"{"version":"0","source":"renown","detail-type":"signal.seen","time":"2026-11-22T10:00:00Z",
            "detail":{"seller":"A1SELLER","signal":"order-1#feedback#x","kind":"feedback"}}"#,
        );
        let seller = "A1SELLER".parse().expect("valid");
        assert_eq!(wake, Wake::Signal { seller, id: "order-1#feedback#x".to_owned() });
        for tick in [
            r#"{"source":"aws.scheduler","schedule":"x"}"#,
            r#"{"detail-type":"signal.seen","detail":{"seller":"bad id"}}"#,
            r#"{"detail-type":"another","detail":{}}"#,
            "{}",
        ] {
            assert_eq!(read(tick), Wake::Tick, "{tick}");
        }
    }
}
