//! The steps of a shop at work.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use renown_core::control::Control;
use renown_core::ids::OrderId;
use renown_core::notification::{Notification, read};
use renown_core::order::Order;
use renown_core::say::{Lang, Text};
use renown_core::text;
use renown_io::ledger;
use renown_io::problem::Problem;
use tokio::time::Instant;

use crate::commands::import::NOT_CONNECTED;
use crate::demo::{self, Scene};
use crate::events::{self, Event};
use crate::folder::Folder;
use crate::lines::{Lines, glance};
use crate::queue::Queue;
use crate::stop::Stop;
use crate::told::{self, Told as _};
use crate::up::alerts::Alerts;
use crate::up::mails::Mails;
use crate::up::pace;
use crate::views::Shop;
use crate::world::{Amazon, World, deadline};

/// What is kept beyond its time is deleted this often. Ours; `DynamoDB` takes a day or two.
const TIDY_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// How long an invocation may take on the demo's time: as on AWS.
const LASTS: SignedDuration = SignedDuration::from_mins(15);
/// The same on the machine's time: short, so that a wish to stop is heard soon.
const LASTS_REMOTE: SignedDuration = SignedDuration::from_secs(60);

/// A shop at work.
pub(super) struct Course<'a> {
    pub(super) world: &'a World,
    folder: Folder,
    pub(super) orders: Queue,
    reports: Queue,
    pub(super) lines: Lines<'a>,
    pub(super) lang: Lang,
    seed: u64,
    pub(super) mails: Mails,
    pub(super) alerts: Alerts,
    /// Orders as they were last looked at.
    known: HashMap<OrderId, Order>,
    /// Who may send, as it was last looked at.
    control: Control,
    /// What Amazon does that is still to be told, the next one last.
    scenes: Vec<Scene>,
    pub(super) next_reports: Timestamp,
    /// When requests whose time is over are deleted next.
    next_tidy: Timestamp,
    /// The last tick had due orders before it and did nothing with them.
    pub(super) is_stuck: bool,
    /// When the last order changes for the last time, where that is known.
    last_change: Option<Timestamp>,
    problems: Vec<String>,
}

impl<'a> Course<'a> {
    pub(super) async fn begin(
        world: &'a World,
        folder: &Folder,
        seed: u64,
        web_port: u16,
        mut lines: Lines<'a>,
    ) -> anyhow::Result<Course<'a>> {
        let now = world.app.clock.now();
        let shop = Shop::load(&world.app.ledger, now).await?;
        let lang = lines.style().lang;
        lines.call(&shop.sellers);
        for (seller, stop) in shop.control.stops() {
            let text = events::stopped(stop);
            lines.event(&Event::of_shop(now, "stop", seller, text.in_lang(lang)))?;
        }
        for problem in &shop.unreadable {
            lines.event(&Event::of_shop(now, "problem", None, problem.in_lang(lang)))?;
        }
        let mails = Mails::begin(world, folder, web_port).await?;
        world.dynamo.note_writes();
        let is_demo = matches!(world.amazon, Amazon::Here { .. });
        let mut scenes = if is_demo { demo::scenes(demo::start()) } else { Vec::new() };
        scenes.retain(|scene| scene.at >= now);
        scenes.reverse();
        Ok(Self {
            world,
            folder: folder.clone(),
            orders: Queue::open(folder.path(), "orders")?,
            reports: Queue::open(folder.path(), "reports")?,
            lines,
            lang,
            seed,
            mails,
            alerts: Alerts::begin(world, folder),
            known: shop.orders.into_iter().map(|order| (order.id.clone(), order)).collect(),
            control: shop.control,
            scenes,
            next_reports: now,
            next_tidy: now,
            is_stuck: false,
            last_change: pace::last_change(&world.amazon),
            problems: Vec::new(),
        })
    }

    /// Goes on until `end`, until nothing is left to happen, or until somebody stops it.
    pub(super) async fn run(&mut self, end: Option<Timestamp>, stop: &Stop) -> anyhow::Result<()> {
        loop {
            let now = self.world.app.clock.now();
            self.tell_time(now)?;
            if stop.is_wished() || end.is_some_and(|end| now >= end) {
                return Ok(());
            }
            self.step().await?;
            if end.is_none() && self.is_over().await? {
                return Ok(());
            }
            let now = self.world.app.clock.now();
            let next = self.next_moment(now).await?.min(end.unwrap_or(Timestamp::MAX));
            let pause = std::time::Duration::try_from(next.duration_since(now)).unwrap_or_default();
            tokio::select! {
                () = tokio::time::sleep_until(Instant::now() + pause) => {}
                () = stop.wished() => {}
            }
        }
    }

    /// Writes down what is to be kept, and gives the printer back.
    pub(super) fn end(mut self) -> anyhow::Result<Lines<'a>> {
        self.orders.save()?;
        self.reports.save()?;
        if let Amazon::Here { simulator, memory } = &self.world.amazon {
            memory.save(simulator)?;
        }
        Ok(self.lines)
    }

    async fn step(&mut self) -> anyhow::Result<()> {
        self.take_mail().await?;
        self.ingest().await?;
        self.sync_reports().await?;
        self.solicit().await?;
        self.send_mails().await?;
        self.alert().await?;
        self.tell_changes().await?;
        let now = self.world.app.clock.now();
        match &self.world.amazon {
            Amazon::Here { memory, .. } => memory.note_time(now)?,
            Amazon::There(_) => self.folder.note_time(now)?,
            Amazon::Itself => {}
        }
        let problems = self.problems.len();
        let (known, control) = (&self.known, &self.control);
        let style = self.lines.style().clone();
        self.lines.redraw(|| glance(known.values(), control, problems, now, &style));
        Ok(())
    }

    /// Amazon's notifications into their queues.
    async fn take_mail(&mut self) -> anyhow::Result<()> {
        let taken = match &self.world.amazon {
            Amazon::Here { simulator, .. } => simulator.take_notifications(),
            Amazon::There(remote) => match remote.take_notifications().await {
                Ok(taken) => taken,
                Err(error) => {
                    self.problem(told::tell(&error, self.lang))?;
                    Vec::new()
                }
            },
            // Reports alone tell what happens: notifications want AWS.
            Amazon::Itself => Vec::new(),
        };
        for notification in taken {
            let (at, body) = (notification.at, notification.body);
            if matches!(read(&body), Ok(Notification::ReportFinished { .. })) {
                self.reports.send(body, at);
            } else if matches!(self.world.amazon, Amazon::Here { .. }) {
                for (at, body) in demo::deliveries(self.seed, &body, at) {
                    self.orders.send(body, at);
                }
            } else {
                self.orders.send(body, at);
            }
        }
        self.orders.save()?;
        self.reports.save()
    }

    async fn ingest(&mut self) -> anyhow::Result<()> {
        let app = &self.world.app;
        while let Some(batch) = self.orders.receive(app.clock.now()) {
            let answer = order_ingest::handle(app, batch.clone())
                .await
                .told(|| text!("a batch of notifications failed", "一批通知处理失败"))?;
            self.orders.settle(&batch, &answer)?;
        }
        self.orders.save()
    }

    async fn sync_reports(&mut self) -> anyhow::Result<()> {
        let app = &self.world.app;
        while let Some(batch) = self.reports.receive(app.clock.now()) {
            let until = deadline(app.clock.now(), self.lasts());
            let answer = report_sync::handle_queue(app, batch.clone(), until)
                .await
                .told(|| text!("a batch of report notifications failed", "一批报告通知处理失败"))?;
            self.reports.settle(&batch, &answer)?;
        }
        self.reports.save()?;
        let now = app.clock.now();
        if now < self.next_reports {
            return Ok(());
        }
        self.next_reports = pace::next_reports(&self.world.amazon, true, now);
        let summary = report_sync::handle_tick(app, deadline(now, self.lasts())).await;
        let Some(summary) = self.bear(summary)? else { return Ok(()) };
        let is_open = summary.asked_for + summary.polled + summary.topics > 0;
        self.next_reports = pace::next_reports(&self.world.amazon, is_open, now);
        self.forget_reports(now).await?;
        self.tell_problems(summary.problems).await
    }

    /// Deletes requests of reports whose time is over, once a day: what `DynamoDB` does on AWS.
    async fn forget_reports(&mut self, now: Timestamp) -> anyhow::Result<()> {
        if now < self.next_tidy {
            return Ok(());
        }
        self.next_tidy = now.saturating_add(TIDY_EVERY)?;
        let ledger = &self.world.app.ledger;
        let sellers = ledger.sellers().await;
        for seller in self.bear(sellers)?.unwrap_or_default() {
            let forgotten = ledger.forget_old_reports(&seller.id, now).await;
            self.bear(forgotten)?;
        }
        Ok(())
    }

    async fn solicit(&mut self) -> anyhow::Result<()> {
        let app = &self.world.app;
        let now = app.clock.now();
        let due = self.next_due().await;
        let Some(due) = self.bear(due)? else { return Ok(()) };
        let is_due = due.is_some_and(|due| due <= now);
        if !is_due {
            self.is_stuck = false;
            return Ok(());
        }
        let summary = scheduled_solicit::handle(app, deadline(now, self.lasts())).await;
        let Some(summary) = self.bear(summary)? else { return Ok(()) };
        let done = summary.asked + summary.moved + summary.ended + summary.nothing_offered;
        self.is_stuck = done + summary.unclear + summary.cleared_up + summary.held == 0;
        self.tell_problems(summary.problems).await
    }

    async fn tell_problems(&mut self, problems: Vec<Problem>) -> anyhow::Result<()> {
        if problems.is_empty() {
            return Ok(());
        }
        // A seller of imported files has no secret, and nothing is wrong about that.
        let sellers = self.world.app.ledger.sellers().await;
        let Some(sellers) = self.bear(sellers)? else { return Ok(()) };
        let is_connected = |problem: &Problem| {
            !sellers.iter().any(|known| known.id == problem.seller && known.app.as_str() == NOT_CONNECTED)
        };
        for Problem { seller, text } in problems.into_iter().filter(is_connected) {
            let (Text { en, zh }, seller) = (text, self.lines.alias(&seller));
            self.problem(text!("{seller}: {en}", "{seller}:{zh}").in_lang(self.lang).to_owned())?;
        }
        Ok(())
    }

    /// Trouble with the table. It ends a demo, whose time would run away; a shop tells of it and
    /// tries again, as the next tick does on AWS.
    pub(super) fn bear<T>(&mut self, result: Result<T, ledger::Error>) -> anyhow::Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(error) if matches!(self.world.amazon, Amazon::Here { .. }) => Err(error.into()),
            Err(error) => {
                self.problem(told::tell(&error.into(), self.lang))?;
                Ok(None)
            }
        }
    }

    pub(super) fn lasts(&self) -> SignedDuration {
        match self.world.amazon {
            Amazon::Here { .. } => LASTS,
            Amazon::There(_) | Amazon::Itself => LASTS_REMOTE,
        }
    }

    /// Tells what became of every order that was written.
    async fn tell_changes(&mut self) -> anyhow::Result<()> {
        let now = self.world.app.clock.now();
        let mut written = self.world.dynamo.take_writes();
        self.tell_control(now).await?;
        written.sort_by(|a, b| (&a.sk, &a.pk).cmp(&(&b.sk, &b.pk)));
        written.dedup();
        self.tell_mails(&written).await?;
        self.tell_cases(&written).await?;
        written.retain(|item| item.pk.starts_with("ORDERS#"));
        let mut happened = Vec::new();
        for item in written {
            let seller = item.pk.split('#').nth(1).unwrap_or_default().parse();
            let (Ok(seller), Ok(order)) = (seller, item.sk.parse()) else { continue };
            let stored = self.world.app.ledger.order(&seller, &order).await;
            let Some(Some(stored)) = self.bear(stored)? else { continue };
            let before = self.known.get(&order);
            self.lines.count(before, &stored.order);
            happened.extend(events::since(before, &stored.order, self.lang));
            self.known.insert(order, stored.order);
        }
        happened.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.order_id.cmp(&b.order_id)));
        for event in &happened {
            self.lines.event(event)?;
        }
        Ok(())
    }

    /// Tells what has come to stand still, whoever wrote it.
    async fn tell_control(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let reading = self.world.app.ledger.control(now).await;
        let Some(reading) = self.bear(reading)? else { return Ok(()) };
        let control = reading.control().clone();
        if control == self.control {
            return Ok(());
        }
        let (before, after) = (self.control.stops(), control.stops());
        for (seller, stop) in after.iter().filter(|stop| !before.contains(stop)) {
            let text = events::stopped(stop);
            self.lines.event(&Event::of_shop(now, "stop", seller.clone(), text.in_lang(self.lang)))?;
        }
        self.control = control;
        Ok(())
    }

    /// Sums up the day that is over, and tells what Amazon does.
    fn tell_time(&mut self, now: Timestamp) -> anyhow::Result<()> {
        let open = || self.known.values().filter(|order| !order.state.is_terminal()).count();
        let is_new_day = self.lines.time(now, open)?;
        if is_new_day {
            self.problems.clear();
            if let Amazon::Here { simulator, memory } = &self.world.amazon {
                memory.save(simulator)?;
            }
        }
        while let Some(scene) = self.scenes.pop_if(|scene| scene.at <= now) {
            let text = match self.lang {
                Lang::En => scene.en,
                Lang::Zh => scene.zh,
            };
            self.lines.event(&Event::of_shop(scene.at, "amazon", None, text))?;
        }
        Ok(())
    }

    /// Tells of a problem once a day.
    pub(super) fn problem(&mut self, text: String) -> anyhow::Result<()> {
        if !self.problems.contains(&text) {
            let now = self.world.app.clock.now();
            self.lines.event(&Event::of_shop(now, "problem", None, text.clone()))?;
            self.problems.push(text);
        }
        Ok(())
    }

    /// Whether nothing is left to happen: no order changes any more, no message is on its way,
    /// and no work is owed that will be done.
    async fn is_over(&self) -> anyhow::Result<bool> {
        let Some(last_change) = self.last_change else { return Ok(false) };
        // A day more, in which a report finds what no notification told.
        let told = last_change.saturating_add(SignedDuration::from_hours(25)).unwrap_or(last_change);
        let is_quiet = self.world.app.clock.now() > told && self.orders.next_visible().is_none();
        Ok(is_quiet && self.next_due().await?.is_none() && self.next_mail().await?.is_none())
    }

    /// The next moment at which the demo's Amazon is to be told about.
    pub(super) fn next_scene(&self) -> Option<Timestamp> {
        self.scenes.last().map(|scene| scene.at)
    }
}
