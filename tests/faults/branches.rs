//! Which rare branches the histories reached: a fault test that never meets the fault proves
//! nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Counts by name, shared by all histories.
#[derive(Clone, Default)]
pub(crate) struct Branches(Arc<Mutex<BTreeMap<&'static str, u64>>>);

/// What at least one of many histories must have reached.
pub(crate) const RARE: &[&str] = &[
    "reply of the table lost",
    "stale page of the index",
    "race for an item lost",
    "handler crashed",
    "claim lost with its process",
    "call of unknown outcome",
    "presumed asked",
    "still offered after an unknown call",
    "gone after an unknown call",
    "throttled",
    "not sent",
    "nothing offered",
    "held for an unknown text",
    "refused by Amazon",
    "Amazon says too early",
    "looked up",
    "parcel underway",
    "expired",
    "skipped",
    "pause was stored",
    "access denied and resumed by hand",
    "clock jumped",
    "wrong clock refused",
    "two processes at once",
    "news of an order while it is worked",
    "went live later",
    "only listened",
    "notification lost and repaired by a report",
    "unreadable message kept",
];

impl Branches {
    pub(crate) fn hit(&self, name: &'static str) {
        debug_assert!(RARE.contains(&name), "{name} is not in the list");
        *self.0.lock().expect("no holder panics").entry(name).or_default() += 1;
    }

    /// Those that were never reached.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let hits = self.0.lock().expect("no holder panics");
        RARE.iter().copied().filter(|name| !hits.contains_key(name)).collect()
    }

    pub(crate) fn report(&self) -> String {
        let hits = self.0.lock().expect("no holder panics");
        let line = |name: &&str| format!("{:>9}  {name}", hits.get(name).unwrap_or(&0));
        RARE.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
