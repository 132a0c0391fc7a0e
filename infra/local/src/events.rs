//! What happened to an order between two looks at it, as sentences.

use jiff::Timestamp;
use renown_core::control::Stop;
use renown_core::delivery::{self, Estimate};
use renown_core::ids::{OrderId, SellerId, ShopId, ShopOrderId};
use renown_core::mail::Kind;
use renown_core::marketplace::MarketplaceId;
use renown_core::order::{Order, State, Step, TrailEntry};
use renown_core::policy::timing::Wait;
use renown_core::say::{self, Lang, Text, Word};
use serde::Serialize;

use crate::buyers_clock::{day, local};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What, as a stable word: a step of an order's story or what it ended as, `mail`, `web`, `amazon`,
    /// `stop`, `problem`.
    pub event: String,
    /// To whose order or to which seller, if to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<SellerId>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketplace_id: Option<MarketplaceId>,
    /// To which order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// To an order of which shop of the seller's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop_id: Option<ShopId>,
    /// To which order of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop_order_id: Option<ShopOrderId>,
    /// To which of its mails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<Kind>,
    /// A sentence.
    pub text: String,
    /// Out of the ordinary.
    pub notable: bool,
}

impl Event {
    /// Something that happened to no order in particular.
    pub fn of_shop(at: Timestamp, event: &str, seller: Option<SellerId>, text: impl Into<String>) -> Self {
        Self {
            at,
            event: event.to_owned(),
            seller_id: seller,
            marketplace_id: None,
            order_id: None,
            shop_id: None,
            shop_order_id: None,
            mail: None,
            text: text.into(),
            notable: true,
        }
    }
}

impl Event {
    /// What happened, in a word or two for a person.
    pub fn short(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.event,
            Lang::Zh => {
                CHINESE.iter().find(|(word, _)| *word == self.event).map_or(&self.event, |(_, zh)| zh)
            }
        }
    }
}

/// The stable words of events, in Chinese.
const CHINESE: &[(&str, &str)] = &[
    ("first_notified", "收到通知"),
    ("first_reported", "报告发现"),
    ("first_imported", "导入"),
    ("planned", "排定"),
    ("looked_up", "查询包裹"),
    ("parcel_underway", "包裹在途"),
    ("nothing_offered", "无请求入口"),
    ("claimed", "占用"),
    ("accepted", "已接受"),
    ("throttled", "限流"),
    ("not_sent", "未发出"),
    ("unclear", "结果不明"),
    ("claim_lost", "进程中断"),
    ("still_offered", "仍可请求"),
    ("gone", "入口消失"),
    ("amazon_refused", "亚马逊拒绝"),
    ("too_early", "过早"),
    ("held", "等待人工"),
    ("released", "已放行"),
    ("hastened", "提前"),
    ("ended", "结束"),
    ("reopened", "重新打开"),
    ("skipped", "跳过"),
    ("expired", "过期"),
    ("refused", "被拒"),
    ("presumed", "推定已请求"),
    ("mail", "邮件"),
    ("web", "网页"),
    ("amazon", "亚马逊"),
    ("stop", "停止"),
    ("problem", "问题"),
    ("case", "工单"),
];

/// What stands still and what to do about it, with the words that came with it.
pub fn stopped(stop: &Stop) -> Text {
    let said = |lang| {
        let cause = say::cause(lang, stop.cause);
        let note = stop.note_in(lang);
        if note.is_empty() { cause.to_owned() } else { format!("{cause} ({note})") }
    };
    Text { en: said(Lang::En), zh: said(Lang::Zh) }
}

/// What happened to an order since `before`.
pub fn since(before: Option<&Order>, after: &Order, lang: Lang) -> Vec<Event> {
    new_steps(before, after).iter().map(|entry| event(entry, after, lang)).collect()
}

fn new_steps<'a>(before: Option<&Order>, after: &'a Order) -> &'a [TrailEntry] {
    let entries = after.trail.entries();
    let Some(last) = before.and_then(|before| before.trail.entries().last()) else { return entries };
    // A long story loses entries from its middle, never its end: that is where to look on.
    let seen = entries.iter().rposition(|entry| entry.step == last.step && entry.at == last.at);
    match seen {
        Some(idx) if entries[idx].count > last.count => &entries[idx..],
        Some(idx) => &entries[idx + 1..],
        None => entries,
    }
}

fn event(entry: &TrailEntry, order: &Order, lang: Lang) -> Event {
    Event {
        at: entry.last.unwrap_or(entry.at),
        event: word_of_entry(entry, order),
        seller_id: Some(order.seller.clone()),
        marketplace_id: order.marketplace(),
        order_id: Some(order.id.clone()),
        shop_id: None,
        shop_order_id: None,
        mail: None,
        text: sentence(entry, order, lang),
        notable: is_notable(entry, order),
    }
}

/// The word for an entry: the step's own, or, where it says more, what the order came to.
fn word_of_entry(entry: &TrailEntry, order: &Order) -> String {
    let word = match (entry.step, &order.state) {
        (Step::Planned, _) if is_parcel_underway(entry) => "parcel_underway",
        (Step::Ended, State::Skipped { .. }) => "skipped",
        (Step::Ended, State::Expired { .. }) => "expired",
        (Step::Ended, State::Refused { .. }) => "refused",
        (Step::Ended, State::Asked { .. }) => "presumed",
        _ => return word_of(entry.step),
    };
    word.to_owned()
}

fn is_parcel_underway(entry: &TrailEntry) -> bool {
    entry.detail.as_deref() == Some(Wait::ParcelUnderway.text())
}

/// The stable word of a step, as it is stored.
pub fn word_of(step: Step) -> String {
    match serde_json::to_value(step) {
        Ok(serde_json::Value::String(word)) => word,
        _ => format!("{step:?}"),
    }
}

/// One entry of a story, as a sentence.
pub fn sentence(entry: &TrailEntry, order: &Order, lang: Lang) -> String {
    let said = say::step(lang, entry.step);
    match (entry.step, entry.detail.as_deref()) {
        (Step::Accepted, _) => match (newest_estimate(order), order.marketplace()) {
            (Some(estimate), Some(marketplace)) => format!(
                "{said} ({}; {} {}, {})",
                local(entry.at, marketplace, lang),
                say::word(lang, Word::Delivery),
                day(estimate.at, marketplace),
                say::source(lang, estimate.source),
            ),
            _ => said.to_owned(),
        },
        (Step::Ended, _) => end(order, lang).unwrap_or(said).to_owned(),
        (Step::Planned, Some(detail)) => say::detail(lang, detail).to_owned(),
        (Step::Unclear | Step::NotSent, Some(detail)) if say::detail(lang, detail) == detail => {
            format!("{said}{}{}", colon(lang), renown_io::say::transport(detail).in_lang(lang))
        }
        (_, Some(detail)) => format!("{said}{}{}", colon(lang), say::detail(lang, detail)),
        (_, None) => said.to_owned(),
    }
}

fn colon(lang: Lang) -> &'static str {
    match lang {
        Lang::En => ": ",
        Lang::Zh => ":",
    }
}

/// The estimate by all that is known by now; what came in after the date was set may be better
/// than what stood behind it.
pub fn newest_estimate(order: &Order) -> Option<Estimate> {
    delivery::estimate(&order.facts).or(order.estimate)
}

/// Why an order ended, if it did.
fn end(order: &Order, lang: Lang) -> Option<&'static str> {
    match &order.state {
        State::Skipped { why, .. } => Some(say::skipped(lang, *why)),
        State::Expired { why, .. } => Some(say::expired(lang, *why)),
        State::Refused { why, .. } => Some(say::refused(lang, *why)),
        State::Asked { presumed: true, .. } => Some(say::word(lang, Word::ReasonPresumed)),
        State::Asked { .. }
        | State::Seen { .. }
        | State::Planned { .. }
        | State::Claimed { .. }
        | State::Unknown { .. }
        | State::Held { .. } => None,
    }
}

fn is_notable(entry: &TrailEntry, order: &Order) -> bool {
    match entry.step {
        Step::FirstReported
        | Step::Throttled
        | Step::NotSent
        | Step::Unclear
        | Step::ClaimLost
        | Step::StillOffered
        | Step::Gone
        | Step::AmazonRefused
        | Step::TooEarly
        | Step::Held
        | Step::Released
        | Step::Hastened
        | Step::Reopened => true,
        Step::Ended => order.state.is_terminal(),
        Step::Planned => is_parcel_underway(entry),
        Step::FirstNotified
        | Step::FirstImported
        | Step::LookedUp
        | Step::NothingOffered
        | Step::Claimed
        | Step::Accepted => false,
    }
}

#[cfg(test)]
mod tests {
    use renown_core::order::SeenIn;

    use super::*;

    fn t(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).expect("in range")
    }

    fn order() -> Order {
        let mut order = Order::new(
            "S1".parse().expect("valid"),
            "302-1234567-1234567".parse().expect("valid"),
            SeenIn::Notification,
            t(0),
        );
        order.trail.add(Step::Planned, t(1));
        order
    }

    fn words(before: Option<&Order>, after: &Order) -> Vec<String> {
        since(before, after, Lang::En).into_iter().map(|event| event.event).collect()
    }

    #[test]
    fn every_step_has_its_chinese_word() {
        for step in [
            Step::FirstNotified,
            Step::FirstReported,
            Step::FirstImported,
            Step::Planned,
            Step::LookedUp,
            Step::NothingOffered,
            Step::Claimed,
            Step::Accepted,
            Step::Throttled,
            Step::NotSent,
            Step::Unclear,
            Step::ClaimLost,
            Step::StillOffered,
            Step::Gone,
            Step::AmazonRefused,
            Step::TooEarly,
            Step::Held,
            Step::Released,
            Step::Hastened,
            Step::Ended,
            Step::Reopened,
        ] {
            assert!(CHINESE.iter().any(|(word, _)| *word == word_of(step)), "{step:?}");
        }
    }

    #[test]
    fn only_what_is_new_is_told_and_a_repeated_step_is_told_again() {
        let first = order();
        assert_eq!(words(None, &first), ["first_notified", "planned"]);
        assert_eq!(words(Some(&first), &first), [""; 0]);
        let mut later = first.clone();
        later.trail.add(Step::Planned, t(2));
        later.trail.add(Step::Throttled, t(3));
        assert_eq!(words(Some(&first), &later), ["planned", "throttled"]);
    }

    #[test]
    fn a_story_that_lost_its_middle_is_not_told_twice() {
        let mut before = order();
        for minute in 0..14 {
            before.trail.add(if minute % 2 == 0 { Step::Throttled } else { Step::Planned }, t(10 + minute));
        }
        let mut after = before.clone();
        after.trail.add(Step::Accepted, t(60));
        assert_eq!(words(Some(&before), &after), ["accepted"]);
    }
}
