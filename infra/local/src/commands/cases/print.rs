//! Cases as a person reads them.

use jiff::Timestamp;
use renown_core::case::{
    Act, Beside, Case, Department, Event, Figures, Joined, Kind, OPERATOR, State, Subject, Team, Told, notice,
};
use renown_core::order::Facts;
use renown_core::prepared::{Filled, Known, Metric, answer, evidence, skeleton};
use renown_core::push::Severity;
use renown_core::reports::account_health::MetricKind;
use renown_core::say::{Text, with_moments};
use renown_core::text;
use renown_core::text::Cause;
use serde_json::{Value, json};

use super::object::object;
use crate::desk::Desk;
use crate::style::padded;

/// Width of a column of ids.
const ID: usize = 30;

/// A line for each case.
pub(super) fn list(
    desk: &mut Desk<'_>,
    cases: &[(String, Case)],
    most: usize,
    now: Timestamp,
) -> anyhow::Result<()> {
    let objects: Vec<Value> = cases.iter().map(|(_, case)| object(case)).collect();
    desk.json(&json!({"cases": objects}))?;
    for (alias, case) in cases.iter().take(most) {
        let mark = match case.severity {
            Severity::Urgent => "!",
            Severity::Warning | Severity::Info => " ",
        };
        let id = padded(&case.id, ID);
        let Text { en, zh } = state(case);
        let Text { en: about, zh: about_zh } = about(case);
        let until = desk.style.short(case.deadline);
        let is_late = case.is_open() && case.deadline < now;
        let Text { en: due, zh: due_zh } = match (case.is_open(), is_late) {
            (false, _) => text!("", ""),
            (true, false) => text!("by {until}  ", "{until} 前  "),
            (true, true) => text!("LATE since {until}  ", "已逾期({until})  "),
        };
        desk.say(&text!(
            "{mark} {id} {due}{alias}  {about}  [{en}]",
            "{mark} {id} {due_zh}{alias}  {about_zh}  [{zh}]"
        ))?;
    }
    let more = cases.len().saturating_sub(most);
    if more > 0 {
        desk.say(&text!("… {more} more; --json lists them all", "… 另有 {more} 个;--json 会列出全部"))?;
    }
    Ok(())
}

/// Kind, causes and department of a case in a few words.
fn about(case: &Case) -> Text {
    let kind = case.leading().map_or_else(|| case.subject.text(), |joined| joined.signal.kind.text());
    let department = case.department.text();
    let cause = case.causes.first().map(|cause| cause.text());
    let (kind, kind_zh, en, zh) = (kind.en, kind.zh, department.en, department.zh);
    match cause {
        Some(cause) => {
            let (cause, cause_zh) = (cause.en, cause.zh);
            text!("{kind}, {cause} → {en}", "{kind_zh},{cause_zh} → {zh}")
        }
        None => text!("{kind} → {en}", "{kind_zh} → {zh}"),
    }
}

/// How far a case is, and who has it.
pub(super) fn state(case: &Case) -> Text {
    let owner = case.owner.as_deref().unwrap_or("—");
    match case.state {
        State::Open => text!("open, {owner}", "待受理,{owner}"),
        State::Acknowledged => text!("in hand, {owner}", "处理中,{owner}"),
        State::Resolved { outcome, .. } => {
            let Text { en, zh } = outcome.text();
            text!("resolved: {en}", "已结案:{zh}")
        }
    }
}

/// A case with what is shown beside it.
pub(super) struct Shown<'a> {
    /// What operators call the seller.
    pub(super) alias: &'a str,
    pub(super) case: &'a Case,
    /// Of its order.
    pub(super) facts: Option<&'a Facts>,
    /// Of a topic, the latest first.
    pub(super) complaints: &'a [Joined],
}

/// A case whole.
pub(super) fn show(
    desk: &mut Desk<'_>,
    shown: &Shown<'_>,
    team: &Team,
    now: Timestamp,
) -> anyhow::Result<()> {
    let Shown { alias, case, facts, complaints } = *shown;
    let mut whole = object(case);
    if let Subject::Topic { .. } = case.subject {
        whole["complaints"] = object(complaints);
    }
    desk.json(&whole)?;
    let lang = desk.style.lang;
    let beside = Beside { store: alias, tracking: facts.and_then(Facts::parcel), complaints: &[] };
    let told = notice(case, &Told::Opened, beside, team, now);
    let Text { en, zh } = state(case);
    let Text { en: title, zh: title_zh } = &told.title;
    desk.say(&text!("{title}  [{en}]", "{title_zh}  [{zh}]"))?;
    for (name, value) in &told.facts {
        let (name, value) = (padded(name.in_lang(lang), 14), value.in_lang(lang));
        desk.say(&text!("  {name}{value}", "  {name}{value}"))?;
    }
    let deadline = desk.style.moment(case.deadline);
    let (name, name_zh) = (padded("Deadline", 14), padded("截止", 14));
    desk.say(&text!("  {name}{deadline}", "  {name_zh}{deadline}"))?;
    for joined in &case.signals {
        let as_of = desk.style.short(joined.signal.as_of);
        let Text { en, zh } = joined.signal.kind.text();
        desk.say(&text!("- {en} (data as of {as_of})", "- {zh}(数据截至 {as_of})"))?;
        if let Some(words) = &joined.signal.words {
            desk.say(&text!("    “{words}”", "    “{words}”"))?;
        }
        if let Some(words) = &joined.reading.translation {
            desk.say(&text!("    translated by machine: “{words}”", "    机器翻译:“{words}”"))?;
        }
        if let Some(note) = &joined.signal.note {
            let note = with_moments(note.in_lang(lang), |at| desk.style.moment(at));
            desk.say(&text!("    {note}", "    {note}"))?;
        }
    }
    said(desk, complaints)?;
    if let Some(Text { en, zh }) = &told.next_step {
        desk.say(&text!("Next: {en}", "下一步:{zh}"))?;
    }
    if let Some(link) = &told.link {
        let (Text { en, zh }, url) = (&link.label, &link.url);
        desk.say(&text!("{en}: {url}", "{zh}:{url}"))?;
    }
    prepared(desk, case, facts)?;
    desk.say(&text!("History:", "经过:"))?;
    for entry in &case.history {
        let at = desk.style.short(entry.at);
        let Text { en, zh } = event(&entry.event);
        desk.say(&text!("  {at}  {en}", "  {at}  {zh}"))?;
    }
    Ok(())
}

/// What buyers complain of who made a topic.
fn said(desk: &mut Desk<'_>, complaints: &[Joined]) -> anyhow::Result<()> {
    if complaints.is_empty() {
        return Ok(());
    }
    desk.say(&text!("What buyers say, the latest first:", "买家的投诉(最新在前):"))?;
    for Joined { signal, reading } in complaints {
        let day = signal.day.unwrap_or_else(|| desk.style.day(signal.seen_at));
        let (Text { en: kind, zh: kind_zh }, Text { en: about, zh: about_zh }) =
            (signal.kind.text(), signal.subject.text());
        let Text { en, zh } = match (&signal.words, &signal.reason) {
            (Some(words), _) => text!(": “{words}”", ":“{words}”"),
            (None, Some(reason)) => text!(", Amazon's reason: {reason}", ",亚马逊退货原因:{reason}"),
            (None, None) => text!("", ""),
        };
        desk.say(&text!("- {day}  {kind}, {about}{en}", "- {day}  {kind_zh},{about_zh}{zh}"))?;
        if let Some(words) = &reading.translation {
            desk.say(&text!("    translated by machine: “{words}”", "    机器翻译:“{words}”"))?;
        }
    }
    Ok(())
}

/// What is ready to be used: evidence for a claim, a frame for an appeal, an answer to the buyer.
fn prepared(desk: &mut Desk<'_>, case: &Case, facts: Option<&Facts>) -> anyhow::Result<()> {
    let has = |kind: Kind| case.signals.iter().any(|joined| joined.signal.kind == kind);
    let cause = case.causes.first().copied().unwrap_or(Cause::Other);
    if let Subject::Order { order } = &case.subject {
        let order = order.as_str();
        let parcel = facts.and_then(Facts::parcel);
        let tracking = parcel.map(|parcel| parcel.number.as_str());
        let carrier = parcel.and_then(|parcel| parcel.carrier.as_deref());
        if has(Kind::Claim) {
            let shown = |at: Timestamp| desk.style.moment(at);
            let shipped_at = facts.and_then(|facts| facts.shipped).map(|shipped| shown(shipped.at()));
            let delivered_at = facts.and_then(|facts| facts.delivered.as_ref()).map(|by| shown(by.at));
            let (shipped_at, delivered_at) = (shipped_at.as_deref(), delivered_at.as_deref());
            let known = Known { order, shipped_at, tracking, carrier, delivered_at };
            for Text { en, zh } in evidence(cause, &known) {
                desk.say(&text!("  {en}", "  {zh}"))?;
            }
        }
        let language = case.leading().and_then(|joined| joined.reading.language);
        if let (Some(language), true) = (language, case.is_open()) {
            let filled = Filled { order, tracking, carrier };
            let answer = answer(cause, language, &filled);
            desk.say(&text!(
                "An answer in the buyer's language, to be read and changed before it is sent:\n{answer}",
                "用买家语言写好的答复,发送前请阅读并修改:\n{answer}"
            ))?;
        }
    }
    if let Some(metric) = case.leading().and_then(|joined| measure(&case.subject, joined.signal.kind)) {
        let Text { en, zh } = skeleton(metric);
        desk.say(&text!("A frame for what Amazon is to be told:\n{en}", "给亚马逊的行动计划框架:\n{zh}"))?;
    }
    Ok(())
}

/// What trouble of the account is about, as Amazon names it.
fn measure(subject: &Subject, kind: Kind) -> Option<Metric> {
    let Subject::Health { metric, .. } = subject else {
        return (kind == Kind::AccountStatus).then_some(Metric::PolicyViolation);
    };
    Some(match MetricKind::from_amazon(metric) {
        MetricKind::OrderDefectsByMerchant | MetricKind::OrderDefectsByAmazon => Metric::OrderDefectRate,
        MetricKind::LateShipments => Metric::LateShipment,
        MetricKind::Cancellations => Metric::Cancellation,
        MetricKind::ValidTracking => Metric::ValidTracking,
        MetricKind::OnTimeDelivery | MetricKind::UnitOnTimeDelivery => Metric::OnTimeDelivery,
        MetricKind::Other(_) if metric.ends_with("Complaints") => Metric::ProductComplaints,
        MetricKind::InvoiceDefects | MetricKind::Other(_) => Metric::PolicyViolation,
    })
}

fn event(event: &Event) -> Text {
    match event {
        Event::Opened { by } => {
            let Text { en, zh } = by.text();
            text!("opened by: {en}", "开单:{zh}")
        }
        Event::Joined { by } => {
            let Text { en, zh } = by.text();
            text!("joined by: {en}", "并入:{zh}")
        }
        Event::Counted { from, to } => {
            text!("{from} → {to} complaints", "{from} → {to} 起投诉")
        }
        Event::Escalated { percent } => {
            text!("{percent} % of the time is gone", "时限已过 {percent}%")
        }
        Event::Settled => text!("put right: the order says so", "已解决:订单状态已更新"),
        Event::Person { by, act } => {
            let Text { en, zh } = of_act(act);
            let by_zh = if by == OPERATOR { "操作员" } else { by };
            text!("{by}: {en}", "{by_zh}:{zh}")
        }
    }
}

fn of_act(act: &Act) -> Text {
    match act {
        Act::Acknowledge => text!("takes it on", "受理"),
        Act::Assign { owner, department } => {
            let Text { en, zh } = match (owner, department.map(Department::text)) {
                (Some(owner), Some(Text { en, zh })) => text!("{owner}, {en}", "{owner}({zh})"),
                (Some(owner), None) => text!("{owner}", "{owner}"),
                (None, Some(department)) => department,
                (None, None) => text!("nobody", "无人"),
            };
            text!("gives it to {en}", "分配给 {zh}")
        }
        Act::Resolve { outcome, note } => {
            let Text { en, zh } = outcome.text();
            let note = note.trim();
            if note.is_empty() {
                return text!("ends it: {en}", "结案:{zh}");
            }
            text!("ends it: {en} ({note})", "结案:{zh}({note})")
        }
        Act::Reopen => text!("opens it again", "重新打开"),
    }
}

/// How a team does.
pub(super) fn figures(desk: &mut Desk<'_>, figures: &Figures) -> anyhow::Result<()> {
    let Figures { open, overdue, resolved, responded, recovered, recoverable, .. } = figures;
    desk.say(&text!(
        "{open} open, {overdue} of them late; {resolved} resolved",
        "未结 {open} 个,其中逾期 {overdue} 个;已结案 {resolved} 个"
    ))?;
    if let (Some(median), Some(p90)) = (figures.median_minutes, figures.p90_minutes) {
        let (median, p90) = (hours(median), hours(p90));
        desk.say(&text!(
            "first response in working time: half within {median} h, nine in ten within {p90} h (of {responded})",
            "首次响应(工作时间):半数在 {median} 小时内,九成在 {p90} 小时内(共 {responded} 个)"
        ))?;
    }
    if *recoverable > 0 {
        let share = recovered * 100 / recoverable;
        desk.say(&text!(
            "put right: {recovered} of {recoverable} ({share} %)",
            "已挽回:{recovered}/{recoverable}({share}%)"
        ))?;
    }
    Ok(())
}

/// Minutes as hours with one place.
fn hours(minutes: i64) -> String {
    format!("{}.{}", minutes / 60, minutes % 60 / 6)
}
