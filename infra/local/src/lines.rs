//! What `renown up` prints: events and days as lines, totals at the end; for a person or, with
//! `--json`, one object a line for a program.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use jiff::civil::Date;
use renown_core::control::Control;
use renown_core::ids::SellerId;
use renown_core::order::{Order, State};
use renown_core::overview::{Group, Totals};
use renown_core::say::{self, Lang, Word};
use renown_core::seller::Seller;
use serde_json::json;

use crate::events::Event;
use crate::live::{Glance, Live};
use crate::style::{Style, padded};

/// Prints what happens.
pub struct Lines<'a> {
    out: &'a mut dyn Write,
    style: Style,
    verbose: bool,
    live: Option<Live>,
    aliases: BTreeMap<SellerId, String>,
    day: Option<Date>,
    counts: Day,
}

/// What a day brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Day {
    new: u64,
    asked: u64,
    skipped: u64,
    expired: u64,
    refused: u64,
}

impl<'a> Lines<'a> {
    /// Prints to `out`: every order if `verbose`, else only what is out of the ordinary; above a
    /// block that is redrawn if there is a `live` one.
    pub fn new(out: &'a mut dyn Write, style: Style, verbose: bool, live: Option<Live>) -> Self {
        Self { out, style, verbose, live, aliases: BTreeMap::new(), day: None, counts: Day::default() }
    }

    /// What the operator calls the sellers.
    pub fn call(&mut self, sellers: &[Seller]) {
        self.aliases = sellers.iter().map(|seller| (seller.id.clone(), seller.alias.clone())).collect();
    }

    /// What the operator calls a seller.
    pub fn alias(&self, seller: &SellerId) -> String {
        self.aliases.get(seller).cloned().unwrap_or_else(|| seller.to_string())
    }

    /// How it prints.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// Redraws the block at the bottom, if there is one.
    pub fn redraw(&mut self, glance: impl FnOnce() -> Glance) {
        if let Some(live) = &self.live {
            live.draw(&glance(), &self.style);
        }
    }

    /// Takes the block at the bottom away.
    pub fn still(&mut self) {
        self.live = None;
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        match &self.live {
            Some(live) => {
                live.above(text);
                Ok(())
            }
            None => writeln!(self.out, "{text}"),
        }
    }

    /// One line for a person only, such as a heading.
    ///
    /// # Errors
    ///
    /// If it cannot be printed.
    pub fn remark(&mut self, text: &str) -> io::Result<()> {
        if self.style.json { Ok(()) } else { self.line(text) }
    }

    /// Time has come to `now`, with `open` orders not ended: sums up the day that is over. Tells
    /// whether one is.
    ///
    /// # Errors
    ///
    /// If it cannot be printed.
    pub fn time(&mut self, now: Timestamp, open: impl FnOnce() -> usize) -> io::Result<bool> {
        let today = self.style.day(now);
        let Some(day) = self.day.replace(today).filter(|day| *day != today) else { return Ok(false) };
        let Day { new, asked, skipped, expired, refused } = std::mem::take(&mut self.counts);
        let open = open();
        if self.style.json {
            let line = json!({"event": "day", "day": day, "new": new, "asked": asked, "skipped": skipped,
                "expired": expired, "refused": refused, "open": open});
            self.line(&line.to_string())?;
            return Ok(true);
        }
        let lang = self.style.lang;
        let group = |group| say::group(lang, group);
        self.line(&format!(
            "{day} ── {} {new}, {} {asked}, {} {skipped}, {} {expired}, {} {refused}, {} {open}",
            say::word(lang, Word::New),
            group(Group::Asked),
            group(Group::Skipped),
            group(Group::Expired),
            group(Group::Refused),
            group(Group::Open),
        ))?;
        Ok(true)
    }

    /// Counts what an order's change brought to the day.
    pub fn count(&mut self, before: Option<&Order>, after: &Order) {
        self.counts.new += u64::from(before.is_none());
        if before.is_some_and(|before| before.state == after.state) {
            return;
        }
        match after.state {
            State::Asked { .. } => self.counts.asked += 1,
            State::Skipped { .. } => self.counts.skipped += 1,
            State::Expired { .. } => self.counts.expired += 1,
            State::Refused { .. } => self.counts.refused += 1,
            State::Seen { .. }
            | State::Planned { .. }
            | State::Claimed { .. }
            | State::Unknown { .. }
            | State::Held { .. } => {}
        }
    }

    /// One event.
    ///
    /// # Errors
    ///
    /// If it cannot be printed.
    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        if self.style.json {
            let line = serde_json::to_string(event).map_err(io::Error::other)?;
            return self.line(&line);
        }
        let lang = self.style.lang;
        if !event.notable && !self.verbose {
            return Ok(());
        }
        let subject = match (&event.order_id, &event.shop_id, &event.seller_id) {
            (Some(order), ..) => order.to_string(),
            (None, Some(shop), _) => event
                .shop_order_id
                .as_ref()
                .map_or_else(|| shop.to_string(), |order| format!("{shop} {order}")),
            (None, None, Some(seller)) => self.alias(seller),
            (None, None, None) => "-".to_owned(),
        };
        self.line(&format!(
            "{}  {:<2}  {} {subject:<19}  {}",
            self.style.short(event.at),
            event.marketplace_id.map_or("", |marketplace| marketplace.info().country),
            padded(event.short(lang), 15),
            event.text,
        ))
    }

    /// The totals at the end.
    ///
    /// # Errors
    ///
    /// If they cannot be printed.
    pub fn end(&mut self, now: Timestamp, totals: &Totals, findings: Findings) -> io::Result<()> {
        let Findings { judged, found_by_report, unread, unreadable, open_cases, cases } = findings;
        self.still();
        if self.style.json {
            let line = json!({"event": "totals", "at": now, "totals": totals,
                "violations": judged.map(|judged| judged.violations),
                "asked_twice": judged.map(|judged| judged.asked_twice),
                "found_by_report": found_by_report, "unread": unread, "unreadable": unreadable,
                "cases": cases, "open_cases": open_cases});
            return writeln!(self.out, "{line}");
        }
        let lang = self.style.lang;
        writeln!(self.out, "\n{} {}", say::word(lang, Word::Total), self.style.moment(now))?;
        write!(self.out, "{}", table(totals, lang))?;
        if let Some(judged) = judged {
            writeln!(self.out, "\n  {:>6}  {}", judged.violations, say::word(lang, Word::Violations))?;
            writeln!(self.out, "  {:>6}  {}", judged.asked_twice, say::word(lang, Word::AskedTwice))?;
        }
        writeln!(self.out, "  {found_by_report:>6}  {}", say::word(lang, Word::Gaps))?;
        writeln!(self.out, "  {unread:>6}  {}", say::word(lang, Word::Unread))?;
        if cases > 0 {
            writeln!(self.out, "  {open_cases:>6}  {}", say::word(lang, Word::OpenCases))?;
        }
        if unreadable > 0 {
            writeln!(self.out, "  {unreadable:>6}  {}", say::word(lang, Word::Unreadable))?;
        }
        Ok(())
    }
}

/// What is to be said beside the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Findings {
    /// What the simulator judged; `None` if it does not answer.
    pub judged: Option<Judged>,
    /// Orders first heard of in a report although a notification should have come.
    pub found_by_report: usize,
    /// Inputs that could not be read.
    pub unread: usize,
    /// Items of the table that cannot be read. They are in no sum.
    pub unreadable: usize,
    /// Cases of unhappy buyers and of the account.
    pub cases: usize,
    /// … that nobody has ended yet.
    pub open_cases: usize,
}

/// What the simulator judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// Everything a client must not do.
    pub violations: usize,
    /// Requests that were sent after one for the same order had been accepted.
    pub asked_twice: usize,
}

/// Where a shop stands at `now`.
pub fn glance<'a>(
    orders: impl Iterator<Item = &'a Order>,
    control: &Control,
    problems: usize,
    now: Timestamp,
    style: &Style,
) -> Glance {
    let today = style.day(now);
    let stopped = !control.stops().is_empty();
    let mut glance = Glance {
        now,
        orders: 0,
        open: 0,
        due_today: 0,
        asked_today: 0,
        asked: 0,
        held: 0,
        problems,
        stopped,
    };
    for order in orders {
        glance.orders += 1;
        glance.open += usize::from(!order.state.is_terminal());
        match order.state {
            State::Asked { at, .. } => {
                glance.asked += 1;
                glance.asked_today += usize::from(style.day(at) == today);
            }
            State::Held { .. } => glance.held += 1,
            _ => {
                let due = order.state.due_at();
                glance.due_today += usize::from(due.is_some_and(|due| style.day(due) <= today));
            }
        }
    }
    glance
}

/// Totals as a table whose parts add up to its first line.
pub fn table(totals: &Totals, lang: Lang) -> String {
    let sum = |map: &BTreeMap<String, u64>| map.values().sum::<u64>();
    let mut lines = vec![format!("  {:>6}  {}", totals.orders, say::word(lang, Word::Orders))];
    let presumed = match totals.presumed {
        0 => String::new(),
        n => format!(" ({n} {})", say::word(lang, Word::Presumed)),
    };
    lines.push(format!("= {:>6}  {}{presumed}", totals.asked, say::group(lang, Group::Asked)));
    for (group, reasons) in [
        (Group::Skipped, &totals.skipped),
        (Group::Expired, &totals.expired),
        (Group::Refused, &totals.refused),
        (Group::Open, &totals.open),
    ] {
        lines.push(format!("+ {:>6}  {}", sum(reasons), say::group(lang, group)));
        let reasons = reasons.iter().map(|(code, n)| match lang {
            Lang::En => format!("            {n:>5}  {code}: {}", say::reason(lang, code)),
            Lang::Zh => format!("            {n:>5}  {}", say::reason(lang, code)),
        });
        lines.extend(reasons);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_shows_every_part_of_the_sum_with_its_reasons() {
        let map =
            |entries: &[(&str, u64)]| entries.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect();
        let totals = Totals {
            orders: 10,
            asked: 4,
            presumed: 1,
            skipped: map(&[("cancelled", 2), ("replacement", 1)]),
            expired: map(&[("not_delivered", 1)]),
            refused: BTreeMap::new(),
            open: map(&[("planned", 2)]),
        };
        assert!(totals.add_up());
        insta::assert_snapshot!(table(&totals, Lang::En), @r"
              10  orders
        =      4  asked (1 presumed)
        +      3  skipped
                        2  cancelled: the order was cancelled
                        1  replacement: it replaces an earlier order
        +      1  expired
                        1  not_delivered: its parcel was not delivered within the window
        +      0  refused
        +      2  open
                        2  planned: a date is set
        ");
        assert!(table(&totals, Lang::Zh).contains("订单已取消"));
    }
}
