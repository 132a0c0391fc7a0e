//! Signals, cases and notices, beside the rest of the course: at once when the bus tells of a signal,
//! else when something is due.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use negative_alert::Wake;
use renown_core::case::{Beside, Case, State, Told, notice};
use renown_core::ids::SellerId;
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::ledger::Error;
use renown_io::mail::Outbox;
use renown_io::push::Post;
use renown_io::translate::Translator;

use super::course::Course;
use super::pace::next_multiple;
use crate::commands::mail::OUTBOX;
use crate::dynamo::Written;
use crate::events::Event;
use crate::folder::Folder;
use crate::world::{World, deadline};

/// The clock that wakes the function on AWS.
const TICK: SignedDuration = SignedDuration::from_mins(1);

/// What the course knows of alerts.
pub(super) struct Alerts {
    app: MailApp,
    outbox: Outbox,
    /// Cases as they were last looked at: since when they are open, and how far they are.
    known: HashMap<(SellerId, String), (Timestamp, State, u8)>,
    next: Timestamp,
    /// When this process began: what was opened before was told by another.
    since: Timestamp,
}

impl Alerts {
    pub(super) fn begin(world: &World, folder: &Folder) -> Self {
        let outbox = Outbox::Folder(folder.file(OUTBOX));
        let now = world.app.clock.now();
        Self { app: world.app.mail(), outbox, known: HashMap::new(), next: now, since: now }
    }
}

impl Course<'_> {
    /// Looks after signals, cases and notices, if the bus told of a signal or something is due.
    pub(super) async fn alert(&mut self) -> anyhow::Result<()> {
        let now = self.world.app.clock.now();
        let mut wakes = self.taken_events();
        if now >= self.alerts.next || !wakes.is_empty() {
            wakes.push(Wake::Tick);
        }
        for wake in wakes {
            let until = deadline(now, self.lasts());
            let (outbox, chats) = (&self.alerts.outbox, &self.world.chats);
            // Amazon Translate is called where AWS is.
            let post = Post { outbox, chats, translator: &Translator::Nobody };
            let summary = negative_alert::handle(&self.alerts.app, post, wake, until).await;
            self.bear(summary)?;
        }
        self.alerts.next = next_multiple(now, TICK);
        // What it told of itself is for others.
        self.taken_events();
        Ok(())
    }

    /// What the bus carried since the last look.
    fn taken_events(&self) -> Vec<Wake> {
        let mut events = self.world.events.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut wakes = Vec::new();
        while let Ok(event) = events.try_recv() {
            match Wake::from(event) {
                Wake::Tick => {}
                wake @ Wake::Signal { .. } => wakes.push(wake),
            }
        }
        wakes
    }

    /// When a signal, case or notice is due next.
    pub(super) async fn next_alert(&self) -> Result<Option<Timestamp>, Error> {
        self.world.app.ledger.next_alert().await
    }

    /// When the function would look next.
    pub(super) fn next_alert_tick(&self) -> Timestamp {
        self.alerts.next
    }

    /// Tells of the cases among what was written.
    pub(super) async fn tell_cases(&mut self, written: &[Written]) -> anyhow::Result<()> {
        for item in written {
            let Some(seller) = item.pk.strip_prefix("CASES#").and_then(|id| id.parse::<SellerId>().ok())
            else {
                continue;
            };
            let case = self.world.app.ledger.case(&seller, &item.sk).await;
            let Some(Some(case)) = self.bear(case)? else { continue };
            let shown = (case.opened_at, case.state, case.escalated);
            let before = self.alerts.known.insert((seller, item.sk.clone()), shown);
            let told = match before {
                Some(before) if before == shown => continue,
                // The chat is told at half and at eighty per cent; here the end will do.
                Some((opened, _, escalated))
                    if opened == case.opened_at && escalated < 100 && case.escalated == 100 =>
                {
                    Told::Escalated { percent: 100 }
                }
                Some((opened, ..)) if opened == case.opened_at => continue,
                // A case knows whole seconds alone.
                None if case.opened_at.as_second() < self.alerts.since.as_second() => continue,
                _ => Told::Opened,
            };
            self.tell_case(&case, &told).await?;
        }
        Ok(())
    }

    async fn tell_case(&mut self, case: &Case, told: &Told) -> anyhow::Result<()> {
        let now = self.world.app.clock.now();
        let team = self.world.app.ledger.team().await;
        let Some(team) = self.bear(team)? else { return Ok(()) };
        let beside = Beside { store: case.seller.as_str(), tracking: None, complaints: &[] };
        let title = notice(case, told, beside, &team, now).title;
        let (department, title) = (case.department.text(), title);
        let (en, zh, to, to_zh) = (title.en, title.zh, department.en, department.zh);
        let text = text!("{en} → {to}", "{zh} → {to_zh}");
        let mut event = Event::of_shop(now, "case", Some(case.seller.clone()), text.in_lang(self.lang));
        event.marketplace_id = case.marketplace;
        Ok(self.lines.event(&event)?)
    }
}
