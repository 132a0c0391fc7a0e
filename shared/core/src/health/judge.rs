//! What is to be told of a report: against the one before, so that the same trouble is told once.

use jiff::Timestamp;

use super::{Forecast, Snapshot, forecast};
use crate::case::{Kind, Signal, Subject};
use crate::ids::SellerId;
use crate::reports::account_health::{AccountStatus, Condition, Metric, MetricKind, Verdict, Violation};
use crate::say::Text;
use crate::text;

/// A rate that will miss its target within so many days is told of.
const WARNS_AHEAD: i32 = 14;

/// The signals of a report. `history` holds what was kept before, of the same marketplace.
pub fn signals(seller: &SellerId, now: &Snapshot, history: &[Snapshot], seen_at: Timestamp) -> Vec<Signal> {
    let before = history.iter().filter(|snapshot| snapshot.at < now.at).max_by_key(|snapshot| snapshot.at);
    let marketplace = now.account.marketplace;
    let (country, day) = (marketplace.info().country, now.day());
    let signal = |subject: Subject, kind: Kind, about: &str, note: Text| {
        let what = format!("{country}#{day}#{about}");
        let mut signal = Signal::new(seller.clone(), subject, kind, &what, (now.at, seen_at)).noting(note);
        signal.marketplace = Some(marketplace);
        signal
    };
    let mut signals = Vec::new();
    let status = |snapshot: &Snapshot| snapshot.account.status.clone();
    if let Some(standing) = status(now).filter(|status| *status != AccountStatus::Normal)
        && before.and_then(status).as_ref() != Some(&standing)
    {
        let Text { en, zh } = standing.text();
        let country = marketplace.info().country;
        let note =
            text!("Amazon says of the account in {country}: {en}", "亚马逊对 {country} 站点账户的判定:{zh}");
        signals.push(signal(Subject::Account, Kind::AccountStatus, standing.name(), note));
    }
    let warned = |snapshot: &Snapshot| {
        let in_force = snapshot.account.warnings.iter().filter(|warning| warning.status == Verdict::Bad);
        in_force.map(|warning| warning.kind.clone()).collect::<Vec<_>>()
    };
    let known = before.map(warned).unwrap_or_default();
    for kind in warned(now).into_iter().filter(|kind| !known.contains(kind)) {
        let Text { en, zh } = kind.text();
        let note = text!("Amazon warns in {country}: {en}", "亚马逊在 {country} 站点警告:{zh}");
        signals.push(signal(Subject::Account, Kind::AccountStatus, kind.name(), note));
    }
    for metric in &now.account.metrics {
        let was = before.and_then(|before| before.metric(&metric.kind));
        let is_bad = |metric: &Metric| metric.status == Verdict::Bad;
        let subject = || Subject::Health { marketplace, metric: metric.kind.name().to_owned() };
        if is_bad(metric) && !was.is_some_and(is_bad) {
            signals.push(signal(subject(), Kind::Health, "missed", missed(metric)));
        } else if let Some(in_days) = soon(history, now, &metric.kind) {
            let earlier: Vec<Snapshot> =
                history.iter().filter(|snapshot| snapshot.at < now.at).cloned().collect();
            let was_known = before.is_some_and(|before| soon(&earlier, before, &metric.kind).is_some());
            if !was_known {
                let Text { en, zh } = rate_text(metric);
                let note = text!(
                    "{en}; as the last weeks went it misses that in {in_days} days",
                    "{zh};按近几周的走势,{in_days} 天后将不达标"
                );
                signals.push(signal(subject(), Kind::Health, "soon", note));
            }
        }
    }
    for violation in &now.account.violations {
        let of_kind = |violations: &[Violation]| {
            violations.iter().find(|other| other.kind == violation.kind).and_then(|other| other.count)
        };
        let was = before.and_then(|before| of_kind(&before.account.violations)).unwrap_or(0);
        let count = violation.count.unwrap_or(0);
        // Amazon's opinion of counts is none where nothing was broken.
        if count > was && violation.status != Verdict::Good {
            let Text { en, zh } = violation.kind.text();
            let subject = Subject::Health { marketplace, metric: violation.kind.name().to_owned() };
            let note = text!("{en}: {count}, before {was}", "{zh}:{count} 起,此前 {was} 起");
            signals.push(signal(subject, Kind::Health, "violations", note));
        }
    }
    signals
}

/// In how many days a rate will miss its target, if that is soon.
fn soon(history: &[Snapshot], now: &Snapshot, kind: &MetricKind) -> Option<i32> {
    let mut all: Vec<Snapshot> = history.iter().filter(|snapshot| snapshot.at < now.at).cloned().collect();
    all.push(now.clone());
    match forecast(&all, kind) {
        Forecast::Misses { in_days } if in_days <= WARNS_AHEAD => Some(in_days),
        _ => None,
    }
}

fn missed(metric: &Metric) -> Text {
    let Text { en, zh } = rate_text(metric);
    text!("{en}; Amazon calls that bad", "{zh};亚马逊判定为不达标")
}

/// A rate with its target: `order defect rate: 1.4 %, to be below 1 %`.
pub fn rate_text(metric: &Metric) -> Text {
    let Text { en: name, zh: name_zh } = metric.kind.text();
    let rate = metric.rate.map_or_else(|| "—".to_owned(), percent);
    let Some(target) = &metric.target else { return text!("{name}: {rate}", "{name_zh}:{rate}") };
    let value = percent(target.value);
    match target.condition {
        Condition::LessThan => {
            text!("{name}: {rate}, to be below {value}", "{name_zh}:{rate},须低于 {value}")
        }
        Condition::GreaterThan => {
            text!("{name}: {rate}, to be above {value}", "{name_zh}:{rate},须高于 {value}")
        }
        Condition::Equals | Condition::Other(_) => {
            text!("{name}: {rate}, target {value}", "{name_zh}:{rate},目标 {value}")
        }
    }
}

/// A fraction as people read it: 0.009 is `0.9 %`.
pub fn percent(fraction: f64) -> String {
    let text = format!("{:.2}", fraction * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} %")
}

/// Why a seller is to stand still, by what a report says of its account; `None`: it is not.
pub fn brake(account: &Snapshot) -> Option<Text> {
    let country = account.account.marketplace.info().country;
    let warned = account.account.warnings.iter().find(|warning| warning.status == Verdict::Bad);
    match (&account.account.status, warned) {
        (Some(standing @ (AccountStatus::AtRisk | AccountStatus::Deactivated)), _) => {
            let word = standing.name();
            Some(text!(
                "Amazon says the account is {word} ({country})",
                "亚马逊称该账户的状态为 {word}({country})"
            ))
        }
        (_, Some(warning)) => {
            let Text { en, zh } = warning.kind.text();
            Some(text!("Amazon warns in {country}: {en}", "亚马逊在 {country} 站点警告:{zh}"))
        }
        _ => None,
    }
}
