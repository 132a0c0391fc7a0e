//! The block at the bottom of a terminal that shows where a shop stands, redrawn while lines
//! scroll above it.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use renown_core::overview::Group;
use renown_core::say::{self, Word};

use crate::style::Style;

/// Where a shop stands, in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    /// The moment.
    pub now: Timestamp,
    /// All orders.
    pub orders: usize,
    /// Those not ended.
    pub open: usize,
    /// Those that fall due before the operator's day ends.
    pub due_today: usize,
    /// Those asked since the operator's day began.
    pub asked_today: usize,
    /// Those asked.
    pub asked: usize,
    /// Those that wait for a person.
    pub held: usize,
    /// Problems told today.
    pub problems: usize,
    /// Everything, or at least one seller, stands still.
    pub stopped: bool,
}

/// How far a long command is, on the terminal beside its answer. It goes when it is dropped.
#[derive(Debug)]
pub struct Counter(ProgressBar);

impl Counter {
    /// One on the terminal, if somebody looks; else it shows nothing.
    pub fn new(is_looked_at: bool) -> Self {
        let target = if is_looked_at { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        // Should the template ever be refused, the usual one does.
        bar.set_style(
            ProgressStyle::with_template("… {pos}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        Self(bar)
    }

    /// So many so far.
    pub fn show(&self, n: u64) {
        self.0.set_position(n);
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// The block. It goes when it is dropped.
#[derive(Debug)]
pub struct Live(ProgressBar);

impl Live {
    /// A block on the terminal that the output goes to.
    pub fn on_terminal() -> Self {
        Self::at(ProgressDrawTarget::stdout())
    }

    fn at(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(None, target);
        // The template is a placeholder alone; should it ever be refused, the usual one does.
        bar.set_style(
            ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        Self(bar)
    }

    /// A line above the block.
    pub(crate) fn above(&self, line: &str) {
        self.0.println(line);
    }

    /// The block anew.
    pub(crate) fn draw(&self, glance: &Glance, style: &Style) {
        self.0.set_message(text(glance, style));
        self.0.tick();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn text(glance: &Glance, style: &Style) -> String {
    let word = |word| style.word(word);
    let group = |group| say::group(style.lang, group);
    let stopped = if glance.stopped { format!("  {}", word(Word::Stopped)) } else { String::new() };
    format!(
        "── {} ──{stopped}\n  {} {}   {} {}   {} {}   {} {} ({} {})   {} {}   {} {}",
        style.moment(glance.now),
        word(Word::Orders),
        glance.orders,
        group(Group::Open),
        glance.open,
        word(Word::DueToday),
        glance.due_today,
        group(Group::Asked),
        glance.asked,
        word(Word::Today),
        glance.asked_today,
        word(Word::Held),
        glance.held,
        word(Word::Problems),
        glance.problems,
    )
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use renown_core::say::Lang;

    use super::*;

    #[test]
    fn the_block_shows_what_an_operator_asks_first() {
        let now = "2026-10-07T05:23:00Z".parse().expect("a timestamp");
        let glance = Glance {
            now,
            orders: 400,
            open: 60,
            due_today: 7,
            asked_today: 3,
            asked: 310,
            held: 1,
            problems: 0,
            stopped: true,
        };
        let style = |lang| Style { lang, zone: TimeZone::UTC, json: false };
        insta::assert_snapshot!(text(&glance, &style(Lang::En)), @r"
        ── 2026-10-07 05:23 UTC ──  stopped
          orders 400   open 60   due today 7   asked 310 (today 3)   held 1   problems 0
        ");
        insta::assert_snapshot!(text(&glance, &style(Lang::Zh)), @r"
        ── 2026-10-07 05:23 UTC ──  已停止
          订单 400   进行中 60   今日到期 7   已请求 310 (今日 3)   暂缓 1   问题 0
        ");
    }
}
