//! What operators are told of a case.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::link::order_link;
use super::record::{Case, Joined};
use super::signal::Kind;
use super::subject::Subject;
use super::team::Team;
use crate::notice::{Notice, Route};
use crate::order::Tracking;
use crate::prepared::{Situation, steps};
use crate::push::{Link, Severity};
use crate::say::Text;
use crate::text;
use crate::text::{Cause, Urgency};

/// Of a topic so many buyers are quoted.
const MAX_QUOTED: usize = 3;
/// … with so many characters each.
const MAX_QUOTE: usize = 200;

/// Something about a case that operators are to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Told {
    /// It was opened, or opened again.
    Opened,
    /// Another kind of signal came, or a worse one.
    Joined {
        /// Its id.
        signal: String,
    },
    /// Time runs out.
    Escalated {
        /// That share of it is gone.
        percent: u8,
    },
    /// It was given to somebody.
    Assigned,
}

/// What is known beside a case when operators are told of it.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// What operators call the seller.
    pub store: &'a str,
    /// The last parcel of the order it is about.
    pub tracking: Option<&'a Tracking>,
    /// Of a topic: the complaints that it is made of, the latest first.
    pub complaints: &'a [Joined],
}

/// What operators are told of a case.
pub fn notice(case: &Case, told: &Told, beside: Beside<'_>, team: &Team, now: Timestamp) -> Notice {
    let joined = match told {
        Told::Joined { signal } => case.signals.iter().find(|joined| joined.signal.id == *signal),
        Told::Opened | Told::Escalated { .. } | Told::Assigned => None,
    };
    let joined = joined.or_else(|| case.leading());
    let mut notice = Notice {
        id: id(case, told),
        severity: severity(case, told),
        title: title(case, told, joined),
        facts: facts(case, beside, joined),
        lines: lines(joined, beside.complaints),
        quote: joined.and_then(|joined| joined.signal.words.clone()),
        next_step: None,
        link: link(case),
        deadline: Some(case.deadline),
        call: call(case, told, team),
        route: Route {
            seller: Some(case.seller.clone()),
            marketplace: case.marketplace,
            department: Some(case.department),
            owner: case.owner.clone(),
        },
        at: now,
    };
    notice.next_step = joined.and_then(|joined| next_step(case, joined));
    notice
}

fn id(case: &Case, told: &Told) -> String {
    let (seller, id, opened) = (&case.seller, &case.id, case.opened_at.as_second());
    let what = match told {
        Told::Opened => "opened".to_owned(),
        Told::Joined { signal } => format!("joined#{signal}"),
        Told::Escalated { percent } => format!("gone#{percent}"),
        Told::Assigned => format!("assigned#{}", case.history.len()),
    };
    format!("case#{seller}#{id}#{opened}#{what}")
}

/// The end of the time is urgent whatever it was about.
fn severity(case: &Case, told: &Told) -> Severity {
    match told {
        Told::Escalated { percent: 100 } => Severity::Urgent,
        Told::Escalated { .. } => case.severity.max(Severity::Warning),
        Told::Opened | Told::Joined { .. } | Told::Assigned => case.severity,
    }
}

fn title(case: &Case, told: &Told, joined: Option<&Joined>) -> Text {
    let Text { en, zh } = what(case, joined);
    match told {
        Told::Opened => text!("{en}", "{zh}"),
        Told::Joined { .. } => text!("Again: {en}", "追加:{zh}"),
        Told::Escalated { percent: 100 } => text!("Time is up: {en}", "已到期:{zh}"),
        Told::Escalated { percent } => {
            text!("{percent} % of the time is gone: {en}", "时限已过 {percent}%:{zh}")
        }
        Told::Assigned => text!("For you: {en}", "已分配给您:{zh}"),
    }
}

/// Kind, stars, cause and subject in a line.
fn what(case: &Case, joined: Option<&Joined>) -> Text {
    let Text { en: subject, zh: subject_zh } = case.subject.text();
    let Some(joined) = joined else { return text!("{subject}", "{subject_zh}") };
    let kind = joined.signal.kind.text();
    let Text { en: mut about, zh: mut about_zh } = match joined.signal.stars {
        Some(stars) if joined.signal.kind == Kind::Review => {
            text!("{stars}-star product review", "{stars} 星商品评论")
        }
        Some(stars) if joined.signal.kind == Kind::Feedback => {
            text!("{stars}-star seller feedback", "{stars} 星店铺反馈")
        }
        _ => kind,
    };
    let is_of_a_topic = matches!(case.subject, Subject::Topic { .. });
    if let Some(cause) = joined.reading.primary().filter(|_| !is_of_a_topic) {
        let Text { en, zh } = cause.text();
        about = format!("{about}, {en}");
        about_zh = format!("{about_zh},{zh}");
    }
    text!("{about}: {subject}", "{about_zh}:{subject_zh}")
}

fn facts(case: &Case, beside: Beside<'_>, joined: Option<&Joined>) -> Vec<(Text, Text)> {
    let store = beside.store;
    let mut facts = vec![(text!("Store", "店铺"), text!("{store}", "{store}"))];
    if let Some(marketplace) = case.marketplace {
        let country = marketplace.info().country;
        facts.push((text!("Marketplace", "站点"), text!("{country}", "{country}")));
    }
    if let Subject::Order { order } = &case.subject {
        facts.push((text!("Order", "订单"), text!("{order}", "{order}")));
    }
    if let Some(Tracking { carrier, number }) = beside.tracking {
        let carrier = carrier.as_deref().unwrap_or_default();
        let parcel = format!("{carrier} {number}");
        let parcel = parcel.trim_start();
        facts.push((text!("Parcel", "运单"), text!("{parcel}", "{parcel}")));
    }
    let asin = case.asin.as_ref().map_or("", |asin| asin.as_str());
    let sku = case.sku.as_ref().map_or("", |sku| sku.as_str());
    let product: Vec<&str> = [asin, sku].into_iter().filter(|name| !name.is_empty()).collect();
    if !product.is_empty() {
        let product = product.join(" / ");
        facts.push((text!("Product", "商品"), text!("{product}", "{product}")));
    }
    if !case.causes.is_empty() {
        let in_lang = |of: fn(Text) -> String, comma: &str| {
            case.causes.iter().map(|cause| of(cause.text())).collect::<Vec<_>>().join(comma)
        };
        let (en, zh) = (in_lang(|text| text.en, ", "), in_lang(|text| text.zh, "、"));
        facts.push((text!("Cause", "原因"), text!("{en}", "{zh}")));
    }
    if case.urgency != Urgency::None {
        facts.push((text!("Urgent", "紧急"), case.urgency.text()));
    }
    facts.push((text!("Department", "部门"), case.department.text()));
    if let Some(owner) = &case.owner {
        facts.push((text!("Owner", "负责人"), text!("{owner}", "{owner}")));
    }
    if let Some(joined) = joined {
        let day = joined.signal.day.map(|day| day.to_string()).or_else(|| joined.signal.raw_day.clone());
        if let Some(day) = day {
            facts.push((text!("Date", "日期"), text!("{day}", "{day}")));
        }
    }
    facts
}

fn lines(joined: Option<&Joined>, complaints: &[Joined]) -> Vec<Text> {
    let Some(joined) = joined else { return Vec::new() };
    let mut lines: Vec<Text> = joined.signal.note.iter().cloned().collect();
    if let Some(reason) = &joined.signal.reason {
        lines.push(text!("Amazon's reason: {reason}", "亚马逊退货原因:{reason}"));
    }
    if let Some(words) = &joined.reading.translation {
        lines.push(text!("Translated by machine: “{words}”", "机器翻译:“{words}”"));
    }
    lines.extend(joined.reading.removable.clone());
    lines.extend(complaints.iter().filter_map(quoted).take(MAX_QUOTED));
    lines
}

/// A buyer's sentence among others, with its translation where there is one.
fn quoted(complaint: &Joined) -> Option<Text> {
    let cut = |words: &str| match words.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words.to_owned(),
    };
    let words = cut(complaint.signal.words.as_deref()?);
    let day = complaint.signal.day.map_or_else(String::new, |day| format!("{day} "));
    Some(match complaint.reading.translation.as_deref().map(cut) {
        Some(said) => {
            text!("{day}“{words}” (translated by machine: “{said}”)", "{day}“{words}”(机器翻译:“{said}”)")
        }
        None => text!("{day}“{words}”", "{day}“{words}”"),
    })
}

fn link(case: &Case) -> Option<Link> {
    let (Subject::Order { order }, Some(marketplace)) = (&case.subject, case.marketplace) else {
        return None;
    };
    let label = text!("Open the order in Seller Central", "在卖家平台打开订单");
    Some(Link { label, url: order_link(marketplace, order) })
}

/// Who is called by name: the owner, and when time runs out the lead as well.
fn call(case: &Case, told: &Told, team: &Team) -> Vec<String> {
    let mut call: Vec<String> = case.owner.iter().cloned().collect();
    if matches!(told, Told::Escalated { percent } if *percent >= 80) {
        call.extend(team.lead.iter().filter(|lead| Some(*lead) != case.owner.as_ref()).cloned());
    }
    call
}

/// What to do next, in one paragraph.
fn next_step(case: &Case, joined: &Joined) -> Option<Text> {
    let situation = match joined.signal.kind {
        Kind::Feedback => Situation::Feedback,
        Kind::Return | Kind::OverdueReturn => Situation::Return,
        Kind::Claim => Situation::Claim,
        Kind::Survey => Situation::Survey,
        kind => return of_kind(kind),
    };
    let cause = case.causes.first().copied().unwrap_or(Cause::Other);
    let numbered = |of: fn(&Text) -> &str| {
        let steps = steps(cause, situation);
        let lines = steps.iter().zip(1..).map(|(step, n)| format!("{n}) {}", of(step)));
        lines.collect::<Vec<_>>().join(" ")
    };
    let (en, zh) = (numbered(|text| &text.en), numbered(|text| &text.zh));
    Some(text!("{en}", "{zh}"))
}

/// What to do next where no buyer is to be answered.
fn of_kind(kind: Kind) -> Option<Text> {
    Some(match kind {
        Kind::Health => text!(
            "look at Account Health in Seller Central for the orders behind it; `renown health` shows its course and when they leave the window",
            "在卖家平台“账户状况”中查看相关订单;`renown health` 显示走势以及这些订单何时移出统计窗口"
        ),
        Kind::AccountStatus => text!(
            "open Account Health in Seller Central today and answer Amazon there; nobody is asked for a review until `renown resume`",
            "今天就在卖家平台打开“账户状况”并在那里答复亚马逊;在 `renown resume` 之前不会请求任何评论"
        ),
        Kind::Review => text!(
            "look at the last lot and the listing today, and stop the offer until the danger is ruled out; a review is not answered, and nobody may be asked to change it",
            "今天就检查最近一批货和商品页,在排除危险之前先停售;不必回复评论,也不得要求买家修改"
        ),
        Kind::Topic => text!(
            "compare the complaints, look at the last lot and the listing, and decide whether to stop the offer until it is mended",
            "对照这些投诉,检查最近一批货和商品页,决定是否先停售直至改善"
        ),
        Kind::Chargeback => text!(
            "open the order in Seller Central and answer the chargeback there with proof of shipping and delivery; what Amazon is not told in time is lost",
            "在卖家平台打开该订单,提交发货与妥投凭证答复拒付;逾期未答复视为放弃"
        ),
        Kind::Undeliverable => text!(
            "look up the parcel at the carrier, and send again or refund before the buyer asks",
            "向承运商查询包裹;在买家询问之前重新发货或退款"
        ),
        Kind::LateToShip => text!(
            "ship it today or cancel it before the buyer does; each late order counts in the late shipment rate",
            "今天发货,或在买家取消之前主动取消;每个延迟订单都会计入迟发率"
        ),
        Kind::Stuck => text!(
            "ask the carrier where the parcel is; tell the buyer the day of the next step by Buyer-Seller Messaging",
            "向承运商查询包裹去向;通过买家与卖家消息告知买家下一步的日期"
        ),
        Kind::Brake { .. } => text!(
            "look at where the addresses come from, take the bad ones out (`renown suppress import`), then `renown resume --shop SHOP`",
            "检查这些地址的来源,剔除无效地址(`renown suppress import`),然后执行 `renown resume --shop 店铺`"
        ),
        Kind::Access => text!(
            "mend it in the Solution Provider Portal or with `renown connect`; `renown doctor` tells what is missing",
            "在解决方案提供商门户处理,或用 `renown connect` 重新授权;`renown doctor` 会说明缺少什么"
        ),
        Kind::Feedback
        | Kind::FeedbackGone
        | Kind::Return
        | Kind::OverdueReturn
        | Kind::Claim
        | Kind::Survey => return None,
    })
}
