//! A copy of the table in files that people and programs can read, and the way back.
//!
//! | file | what |
//! |---|---|
//! | `manifest.json` | the form of the copy, when it was made, and every other file with its items, bytes and SHA-256 |
//! | `orders.jsonl`, `control.jsonl`, … | the items of one kind, one a line, each as `{"Item": …}` in DynamoDB's JSON |
//!
//! The lines are those of DynamoDB's own export, which its import from S3 takes. Secrets are
//! not in the table, and so in no copy: of customers of shops there is what only the keys of mail
//! open, which lie with the secrets. The manifest is written last: a copy that broke off has
//! none and is refused.

mod check;
mod export;
mod manifest;
mod restore;

pub use check::{Checked, check};
pub use export::export;
pub use manifest::{Listed, MANIFEST, Manifest};
pub use restore::{restore, restore_to_stack};

/// The file of an item, by its partition key. The keys are listed in `renown_io::ledger`.
fn file_of(pk: &str) -> &'static str {
    match pk.split('#').next().unwrap_or_default() {
        "CONTROL" => "control.jsonl",
        "SELLERS" => "sellers.jsonl",
        "RULES" => "rules.jsonl",
        "ORDERS" => "orders.jsonl",
        "LEASE" => "leases.jsonl",
        "REPORTS" => "reports.jsonl",
        "PROBES" => "probes.jsonl",
        "ALARM" => "alarms.jsonl",
        "UNREAD" => "unread.jsonl",
        "PRODUCTS" => "products.jsonl",
        "EVENTS" => "events.jsonl",
        "SHOPS" => "shops.jsonl",
        "SHOPORDERS" => "shoporders.jsonl",
        "CONTACTS" => "contacts.jsonl",
        "SUPPRESS" => "suppressions.jsonl",
        "LIFTED" => "lifted.jsonl",
        "MAILDAY" => "maildays.jsonl",
        "TARGETS" => "targets.jsonl",
        "SIGNALS" => "signals.jsonl",
        "CASES" => "cases.jsonl",
        "TOPICS" => "topics.jsonl",
        "HEALTH" => "health.jsonl",
        "ASINS" => "asins.jsonl",
        "TEAM" => "team.jsonl",
        "PACE" => "pace.jsonl",
        "NOTICES" => "notices.jsonl",
        "MAILKEYS" => "mailkeys.jsonl",
        "EXPERIMENTS" => "experiments.jsonl",
        "TEMPLATES" => "templates.jsonl",
        // An item that a newer Renown wrote.
        _ => "other.jsonl",
    }
}
