//! How old what Amazon's reports tell is.

use jiff::{SignedDuration, Timestamp};
use renown_core::say::Text;
use renown_core::text;
use renown_io::ledger::{ReportItem, ReportKind, ReportState};

use super::{State, does_it_run};
use crate::place::Place;

/// A report may be this much older than its cadence: Amazon takes up to hours to make one.
const SLACK: SignedDuration = SignedDuration::from_hours(6);

/// What there is to say of one kind of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// Amazon had nothing new; it is asked again in some hours.
    NothingNew,
    /// None was read yet.
    Unread,
    /// As it should be; in hours.
    Fresh(i64),
    /// A newer one should have been read; in hours.
    Stale(i64),
}

impl Age {
    /// Of a seller's reports of one kind, which were asked for as `items` say and read up to
    /// `as_of`. `None`: the first ones are on their way, so that an age says nothing.
    pub(super) fn of(items: &[&ReportItem], as_of: Option<Timestamp>, now: Timestamp) -> Option<Self> {
        if items.iter().any(|item| item.back_fill && item.is_open() && !item.is_put_off(now)) {
            return None;
        }
        let is_put_off = items.iter().any(|item| item.is_put_off(now));
        // In quiet days Amazon cancels report after report: there is nothing to tell.
        let is_quiet = items.iter().any(|item| {
            item.is_put_off(now) && matches!(item.state, ReportState::Wanted { cancelled: 1.., .. })
        });
        Some(match as_of.map(|as_of| now.duration_since(as_of)) {
            _ if is_quiet => Self::NothingNew,
            None if is_put_off => Self::NothingNew,
            None => Self::Unread,
            Some(old) if old > report_sync::CADENCE.saturating_add(SLACK) => Self::Stale(old.as_hours()),
            Some(old) => Self::Fresh(old.as_hours()),
        })
    }

    /// What an operator reads.
    pub(super) fn found(self, kind: ReportKind, place: &Place) -> (State, Text) {
        let Text { en: name, zh: name_zh } = renown_io::say::report(kind);
        match self {
            Self::NothingNew => (
                State::Ok,
                text!(
                    "{name}: Amazon has had nothing new for it so far; it is asked again in some hours",
                    "{name_zh}:亚马逊目前没有新数据;数小时后会再次请求"
                ),
            ),
            Self::Unread => {
                let Text { en: worker, zh: worker_zh } = place.worker();
                (
                    State::Warn,
                    text!(
                        "{name}: none was read yet; {worker} ask for it",
                        "{name_zh}:尚未读取过;{worker_zh} 会请求"
                    ),
                )
            }
            Self::Fresh(hours) => (State::Ok, text!("{name}: {hours} hours old", "{name_zh}:{hours} 小时前")),
            Self::Stale(hours) => {
                let Text { en, zh } = does_it_run(place);
                (State::Wrong, text!("{name}: {hours} hours old; {en}", "{name_zh}:已有 {hours} 小时;{zh}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + hour * 3600).expect("a time")
    }

    /// A request at hour 100 that is made again at an hour, after so many cancellations.
    fn wanted(back_fill: bool, again_at: i64, cancelled: u32) -> ReportItem {
        let seller = "A1SELLER".parse().expect("a seller");
        let range = (at(0), at(100));
        let mut item =
            ReportItem::wanted(seller, ReportKind::AllOrders, Vec::new(), range, back_fill, at(100));
        item.state = ReportState::Wanted { not_before: at(again_at), attempts: 1, cancelled };
        item
    }

    #[test]
    fn an_old_report_is_a_fault_unless_amazon_has_nothing_to_tell_or_the_first_are_on_their_way() {
        let late = report_sync::CADENCE.as_hours() + SLACK.as_hours();
        for (items, as_of, expect) in [
            (vec![], None, Some(Age::Unread)),
            (vec![], Some(99), Some(Age::Fresh(1))),
            (vec![], Some(100 - late), Some(Age::Fresh(late))),
            (vec![], Some(99 - late), Some(Age::Stale(late + 1))),
            // Quiet days: cancelled, and asked for again in some hours.
            (vec![wanted(false, 104, 1)], Some(99 - late), Some(Age::NothingNew)),
            (vec![wanted(false, 104, 0)], Some(99 - late), Some(Age::Stale(late + 1))),
            (vec![wanted(false, 104, 0)], None, Some(Age::NothingNew)),
            (vec![wanted(false, 100, 1)], Some(99 - late), Some(Age::Stale(late + 1))),
            // The first ones.
            (vec![wanted(true, 100, 0)], None, None),
            (vec![wanted(true, 104, 1)], None, Some(Age::NothingNew)),
        ] {
            let found = Age::of(&items.iter().collect::<Vec<_>>(), as_of.map(at), at(100));
            assert_eq!(found, expect, "{items:?} {as_of:?}");
        }
    }
}
