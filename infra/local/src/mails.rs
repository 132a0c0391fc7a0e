//! Mails to the customers of shops as a person sees them: where each stands, why, and the sums.

use std::collections::BTreeMap;

use jiff::Timestamp;
use renown_core::ids::{ShopId, ShopOrderId};
use renown_core::mail::reasons::Skip;
use renown_core::mail::{Kind, Mail, ShopOrder, State};
use renown_core::say::Text;
use renown_core::text;
use serde::Serialize;

use crate::style::Style;

/// The names of states, for whoever chooses one.
pub const STATES: [&str; 9] =
    ["planned", "held", "claimed", "sent", "presumed_sent", "unknown", "skipped", "expired", "refused"];

/// In sums: an open mail that will be skipped when its day comes, as things stand.
const WILL_BE_SKIPPED: &str = "will_be_skipped";

/// One mail of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The shop.
    pub shop_id: ShopId,
    /// The order, by the shop's id.
    pub order_id: ShopOrderId,
    /// The number its customer knows.
    pub number: String,
    /// What for.
    pub mail: Kind,
    /// How far.
    pub state: &'static str,
    /// When it is due, was sent, or was decided.
    pub at: Option<Timestamp>,
    /// Why, as a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why, in words.
    #[serde(skip)]
    pub why: Option<Text>,
    /// Why it will be skipped when its day comes, as things stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub will_skip: Option<&'static str>,
}

/// Every mail that was ever planned, by what became of it: planned = sent + skipped + expired +
/// refused + unclear + open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// All of them.
    pub planned: u64,
    /// SES took them, or is taken to have.
    pub sent: u64,
    /// Not sent, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Their time went by, by what they waited for.
    pub expired: BTreeMap<String, u64>,
    /// SES refused them.
    pub refused: u64,
    /// It is not known yet whether SES took them; never sent again.
    pub unclear: u64,
    /// Still to come, by state.
    pub open: BTreeMap<String, u64>,
}

impl Row {
    /// One mail.
    pub fn of(order: &ShopOrder, kind: Kind, mail: &Mail, will_skip: Option<Skip>) -> Self {
        let reason = match will_skip {
            Some(skip) => {
                let Text { en, zh } = skip.text();
                let why = text!("will be skipped as things stand: {en}", "按目前情况将被跳过:{zh}");
                Some((skip.name().to_owned(), why))
            }
            None => reason(&mail.state),
        };
        Self {
            shop_id: order.shop.clone(),
            order_id: order.id.clone(),
            number: order.facts.number.clone(),
            mail: kind,
            state: mail.state.name(),
            at: at(&mail.state),
            reason: reason.as_ref().map(|(word, _)| word.clone()),
            why: reason.map(|(_, text)| text),
            will_skip: will_skip.map(Skip::name),
        }
    }

    /// A line for a person.
    pub fn line(&self, style: &Style) -> Text {
        let at = self.at.map_or_else(|| "-".to_owned(), |at| style.short(at));
        let Self { shop_id, order_id, mail, .. } = self;
        let state = state_text(self.state);
        let (en, zh) = (state.en, state.zh);
        let (kind, kind_zh) = (mail.text().en, mail.text().zh);
        let (mut why, mut why_zh) = (String::new(), String::new());
        if let Some(text) = &self.why {
            why = format!(": {}", text.en);
            why_zh = format!(":{}", text.zh);
        }
        text!(
            "{at}  {shop_id} {order_id}  {mail} ({kind})  {en}{why}",
            "{at}  {shop_id} {order_id}  {mail}({kind_zh})  {zh}{why_zh}"
        )
    }
}

/// When it is due, was sent, or was decided.
fn at(state: &State) -> Option<Timestamp> {
    match state {
        State::Planned { due_at, .. } => Some(*due_at),
        State::Claimed { .. } => None,
        State::Sent { at, .. }
        | State::PresumedSent { at }
        | State::Skipped { at, .. }
        | State::Expired { at, .. }
        | State::Refused { at, .. } => Some(*at),
        State::Unknown { since } | State::Held { since, .. } => Some(*since),
    }
}

/// Why it stands where it does: a stable word, and a sentence.
pub fn reason(state: &State) -> Option<(String, Text)> {
    match state {
        State::Planned { why, .. } => why.map(|why| (why.name().to_owned(), why.text())),
        State::Held { why, .. } => Some((why.name().to_owned(), why.text())),
        State::Skipped { why, .. } => Some((why.name().to_owned(), why.text())),
        State::Expired { why: Some(why), .. } => {
            let Text { en, zh } = why.text();
            Some((why.name().to_owned(), text!("its time went by while {en}", "等待期间已过期:{zh}")))
        }
        State::Expired { why: None, .. } => {
            Some(("nobody_decided".to_owned(), text!("nobody decided in time", "未在期限内处理")))
        }
        State::Refused { why, .. } => {
            Some(("refused".to_owned(), text!("SES said {why:?}", "SES 的答复:{why:?}")))
        }
        State::Unknown { .. } => Some((
            "unclear".to_owned(),
            text!(
                "SES gave no answer; an event may still tell, and it is never sent again",
                "SES 没有应答;之后的事件可能说明结果,绝不重发"
            ),
        )),
        State::PresumedSent { .. } => Some((
            "presumed".to_owned(),
            text!("nothing told of it; taken for sent, never sent again", "没有任何消息;视为已发送,绝不重发"),
        )),
        State::Claimed { .. } | State::Sent { .. } => None,
    }
}

/// The words for a state's name.
pub fn state_text(name: &str) -> Text {
    match name {
        "planned" => text!("planned", "已计划"),
        "held" => text!("held", "待人工处理"),
        "claimed" => text!("being sent", "发送中"),
        "sent" => text!("sent", "已发送"),
        "presumed_sent" => text!("presumed sent", "视为已发送"),
        "unknown" => text!("unclear", "结果不明"),
        "skipped" => text!("skipped", "跳过"),
        "expired" => text!("expired", "过期"),
        "refused" => text!("refused", "被拒绝"),
        other => text!("{other}", "{other}"),
    }
}

impl Sums {
    /// Counts a mail; one that will be skipped as things stand is open, and not called planned.
    pub fn count(&mut self, mail: &Mail, will_skip: Option<Skip>) {
        let word = || reason(&mail.state).map_or_else(String::new, |(word, _)| word);
        self.planned += 1;
        match &mail.state {
            State::Sent { .. } | State::PresumedSent { .. } => self.sent += 1,
            State::Skipped { .. } => *self.skipped.entry(word()).or_default() += 1,
            State::Expired { .. } => *self.expired.entry(word()).or_default() += 1,
            State::Refused { .. } => self.refused += 1,
            State::Unknown { .. } => self.unclear += 1,
            State::Planned { .. } | State::Held { .. } | State::Claimed { .. } => {
                let name = if will_skip.is_some() { WILL_BE_SKIPPED } else { mail.state.name() };
                *self.open.entry(name.to_owned()).or_default() += 1;
            }
        }
    }

    /// Whether the parts are the whole.
    pub fn add_up(&self) -> bool {
        let of = |map: &BTreeMap<String, u64>| map.values().sum::<u64>();
        let parts =
            self.sent + of(&self.skipped) + of(&self.expired) + self.refused + self.unclear + of(&self.open);
        self.planned == parts
    }

    /// The sums as lines whose parts add up to the first.
    pub fn text(&self) -> Text {
        let of = |map: &BTreeMap<String, u64>| map.values().sum::<u64>();
        let parts = |map: &BTreeMap<String, u64>| {
            if map.is_empty() {
                return String::new();
            }
            let parts: Vec<_> = map.iter().map(|(word, n)| format!("{word} {n}")).collect();
            format!(" ({})", parts.join(", "))
        };
        let parts_zh = |map: &BTreeMap<String, u64>| {
            if map.is_empty() {
                return String::new();
            }
            let parts: Vec<_> = map.iter().map(|(word, n)| format!("{} {n}", in_chinese(word))).collect();
            format!("({})", parts.join("、"))
        };
        let Self { planned, sent, refused, unclear, .. } = self;
        let (skipped, expired, open) = (of(&self.skipped), of(&self.expired), of(&self.open));
        let (why_skipped, why_expired, why_open) =
            (parts(&self.skipped), parts(&self.expired), parts(&self.open));
        let (why_skipped_zh, why_expired_zh, why_open_zh) =
            (parts_zh(&self.skipped), parts_zh(&self.expired), parts_zh(&self.open));
        text!(
            "{planned} planned = {sent} sent + {skipped} skipped{why_skipped} + {expired} expired{why_expired} + {refused} refused + {unclear} unclear + {open} open{why_open}",
            "计划 {planned} = 已发送 {sent} + 跳过 {skipped}{why_skipped_zh} + 过期 {expired}{why_expired_zh} + 被拒绝 {refused} + 不明 {unclear} + 待发 {open}{why_open_zh}"
        )
    }
}

/// A word of the sums, in Chinese: why mails were skipped or expired, or the state of open ones.
fn in_chinese(word: &str) -> &str {
    match word {
        "cancelled" => "订单已取消",
        "before_live" => "早于店铺上线",
        "no_address" => "无邮箱地址",
        "address_gone" => "地址已不再保存",
        "suppressed" => "地址被抑制",
        "no_consent" => "无同意记录",
        "consent_refused" => "拒绝接收",
        "sent_before" => "此前已发送",
        "product_asked_before" => "同一商品已询问过",
        "followed" => "已打开邀请链接",
        "nothing_to_remind_of" => "前一封未送达",
        "answered" => "调查已答复",
        "by_hand" => "人工决定",
        "daytime" => "等待当地白天",
        "person_cap" => "客户邮件数达上限",
        "same_text" => "同一文本达上限",
        "daily_cap" => "每日邮件数达上限",
        "pilot" => "未抽入试发",
        "ses" => "SES 暂不接收",
        "nobody_decided" => "未在期限内处理",
        "planned" => "已计划",
        "held" => "待人工处理",
        "claimed" => "发送中",
        WILL_BE_SKIPPED => "将被跳过",
        other => other,
    }
}

/// What SES told of a mail, in the order in which it was told.
pub fn heard(mail: &Mail) -> Vec<(Timestamp, Text)> {
    let heard = &mail.heard;
    let mut told: Vec<(Timestamp, Text)> = [
        (heard.delivered, text!("delivered", "已送达")),
        (heard.opened, text!("opened", "已打开")),
        (heard.clicked, text!("its link was followed", "链接已打开")),
        (heard.delayed, text!("its delivery takes long", "投递延迟")),
        (heard.bounced_for_now, text!("did not get through for now", "暂时未能送达")),
        (heard.bounced, text!("did not get through, for good", "无法送达")),
        (heard.complained, text!("was called spam", "被标为垃圾邮件")),
        (heard.rejected, text!("SES did not send it", "SES 未发送")),
        (heard.unsubscribed, text!("its recipient unsubscribed", "收件人已退订")),
    ]
    .into_iter()
    .filter_map(|(at, text)| Some((at?, text)))
    .collect();
    told.sort_by_key(|(at, _)| *at);
    told
}

#[cfg(test)]
mod tests {
    use renown_core::mail::reasons::{Hold, Wait};

    use super::*;

    #[test]
    fn whatever_becomes_of_mails_the_parts_are_the_whole_and_each_state_has_its_words() {
        let at = Timestamp::UNIX_EPOCH;
        let states = [
            State::Planned { due_at: at, not_after: at, why: Some(Wait::Daytime) },
            State::Claimed { id: String::new(), lease_until: at, not_after: at },
            State::Sent { at, message: String::new() },
            State::Unknown { since: at },
            State::PresumedSent { at },
            State::Held { why: Hold::Vip, since: at, not_after: at },
            State::Skipped { why: Skip::NoConsent, at },
            State::Expired { why: None, at },
            State::Expired { why: Some(Wait::Ses), at },
            State::Refused { why: "no".to_owned(), at },
        ];
        let mut sums = Sums::default();
        for state in states {
            assert!(STATES.contains(&state.name()));
            let words = state_text(state.name());
            assert_ne!(words.en, words.zh);
            sums.count(&Mail::in_state(state), None);
        }
        sums.count(&Mail::planned(at, at), Some(Skip::NoConsent));
        assert!(sums.add_up(), "{sums:?}");
        assert_eq!(
            sums.text().en,
            "11 planned = 2 sent + 1 skipped (no_consent 1) + 2 expired (nobody_decided 1, ses 1) + 1 refused + 1 unclear + 4 open (claimed 1, held 1, planned 1, will_be_skipped 1)"
        );
        assert_eq!(
            sums.text().zh,
            "计划 11 = 已发送 2 + 跳过 1(无同意记录 1) + 过期 2(未在期限内处理 1、SES 暂不接收 1) + 被拒绝 1 + 不明 1 + 待发 4(发送中 1、待人工处理 1、已计划 1、将被跳过 1)"
        );
    }

    #[test]
    fn every_reason_of_the_sums_has_a_chinese_word() {
        let suppressed = Skip::Suppressed(renown_core::mail::suppression::Reason::ByHand);
        let skips = [
            Skip::Cancelled,
            Skip::BeforeLive,
            Skip::NoAddress,
            Skip::AddressGone,
            suppressed,
            Skip::NoConsent,
            Skip::ConsentRefused,
            Skip::SentBefore,
            Skip::ProductAskedBefore,
            Skip::Followed,
            Skip::NothingToRemindOf,
            Skip::Answered,
            Skip::ByHand,
        ];
        let waits = [Wait::Daytime, Wait::PersonCap, Wait::SameText, Wait::DailyCap, Wait::Pilot, Wait::Ses];
        let words = skips.map(Skip::name).into_iter().chain(waits.map(Wait::name));
        for word in words.chain(["nobody_decided", "planned", "held", "claimed", WILL_BE_SKIPPED]) {
            assert_ne!(in_chinese(word), word);
        }
    }
}
