//! The table: storage verbs in the domain's words.
//!
//! One DynamoDB table with one sparse index. Whoever changes an item writes it whole, on the
//! condition that nobody wrote since it was read; a lost race comes back with the item that
//! won. Every write carries an id of its own, so that one that was applied and then repeated
//! by the network recognises itself instead of taking itself for a rival.
//!
//! | item | pk | sk |
//! |---|---|---|
//! | who may send | `CONTROL` | `CONTROL` |
//! | seller | `SELLERS` | seller id |
//! | rules | `RULES#{seller}` | version |
//! | order | `ORDERS#{seller}#{shard}` | order id |
//! | slot lease | `LEASE` | slot |
//! | report request | `REPORTS#{seller}` | kind, end of range |
//! | probes of an hour | `PROBES` | hour |
//! | alarm that was raised | `ALARM` | hash |
//! | unreadable input | `UNREAD#{source}` | hash |
//! | product | `PRODUCTS#{seller}` | SKU |
//! | last events | `EVENTS` | seller id |
//! | shop of the seller's own | `SHOPS` | shop |
//! | order of a shop with its mails | `SHOPORDERS#{shop}#{shard}` | order id |
//! | its customer; what they were sent | `CONTACTS#{seller}` | keyed hash; the same with `#SENT` |
//! | suppressed address | `SUPPRESS#{seller}`, `SUPPRESS#` for the account | keyed hash |
//! | template a shop's operators wrote | `TEMPLATES#{shop}` | kind, language, version |
//! | test of ways to write its mails | `EXPERIMENTS#{shop}` | name |
//! | where operators read | `TARGETS` | name |
//! | how many messages they got lately | `PACE` | name |
//! | what they were told | `NOTICES` | id |
//! | fact that speaks of trouble | `SIGNALS#{seller}` | subject, kind, what it says |
//! | case that people work on | `CASES#{seller}` | subject |
//! | complaint about a product, counted | `TOPICS#{seller}` | product, cause, day, hash |
//! | the account's health of a day | `HEALTH#{seller}` | country, date |
//! | what reviews of a product name in a week; the round of looks | `ASINS#{seller}` | country, ASIN, day; `ROUND` |
//! | how many buyers of a week had bought it before | `ASINS#{seller}` | `REPEAT`, country, ASIN, last day |
//! | what its browse node says of the week | `ASINS#{seller}` | `NODE`, country, node |
//! | what is looked after from time to time | `ERRANDS#{seller}` | what |
//! | who works on cases | `TEAM` | `TEAM` |
//! | mails of a day | `MAILDAY#{seller}` | date; date and shop |
//! | address that was taken off that list against its owner's wish | `LIFTED#{seller}`, `LIFTED#` | keyed hash, time |
//! | which keys of mail all that was made with | `MAILKEYS` | `MAILKEYS` |

mod alarms;
mod asins;
mod cases;
mod claim;
mod contacts;
mod control;
mod due;
mod errands;
mod error;
mod events;
mod experiments;
mod forget;
mod grant;
mod health;
mod item;
mod leases;
mod mail_days;
mod notices;
mod orders;
mod probes;
mod products;
mod reports;
mod sellers;
mod shop_orders;
mod shops;
mod signals;
mod suppressions;
mod take_over;
mod templates;
mod unread;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::Client;

pub use asins::{Left, TopicRound};
pub use claim::{Claimed, Settled};
pub use contacts::KnownPerson;
pub use control::{ControlReading, Permit};
pub use errands::{Errand, ErrandKind};
pub use error::Error;
pub use events::LastEvents;
pub use forget::{Forgotten, ForgottenShop};
pub use grant::Grant;
pub use item::{ITEM_VERSION, schema};
pub use leases::{MAIL_SLOT, RECONCILE_SLOT, SLOTS, SlotLease, slot_of};
pub use mail_days::Span;
pub use notices::Told;
pub use orders::{Due, Recorded, Stored};
pub use probes::Probes;
pub use products::Product;
pub use reports::{ReportItem, ReportKind, ReportState};
pub use shop_orders::{Arm, Claim, ClaimedMail, MailPermit, StoredShopOrder};
pub use signals::{StoredSignal, TakenIn};
pub use unread::Unread;

/// The table, seen from one process.
#[derive(Debug, Clone)]
pub struct Ledger {
    client: Client,
    table: String,
    writer: Arc<Writer>,
    heard: Arc<events::Heard>,
}

#[derive(Debug)]
struct Writer {
    name: String,
    writes: AtomicU64,
}

impl Ledger {
    /// `writer` names this process and must differ from that of any other process, earlier
    /// ones included: claims and writes are told apart by it.
    pub fn new(client: Client, table: impl Into<String>, writer: &str) -> Self {
        // Every item carries it, so it is kept short: 48 bits of its hash.
        let mut name = Unread::hash_of(writer.as_bytes());
        name.truncate(12);
        let writer = Writer { name, writes: AtomicU64::new(0) };
        Self { client, table: table.into(), writer: Arc::new(writer), heard: Arc::default() }
    }

    /// An id that no other write has.
    fn write_id(&self) -> String {
        format!("{}.{}", self.writer.name, self.writer.writes.fetch_add(1, Ordering::Relaxed))
    }
}
