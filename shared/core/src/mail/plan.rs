//! What mails an order is owed, and when.
//!
//! Facts of the order alone decide: neither a refund nor an answer nor a complaint moves an
//! invitation (promise P2). A reminder and a survey go to the silent, which says nothing of how
//! they feel.

use jiff::{SignedDuration, Timestamp};

use super::kind::Kind;
use super::order::ShopOrder;
use super::reasons::Skip;
use super::shop::MailRules;
use super::state::State;

/// A mail that did not leave for a passing reason is tried again after this long.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// What is owed of one kind of mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// To be sent.
    At {
        /// From then on.
        due_at: Timestamp,
        /// Not later.
        not_after: Timestamp,
    },
    /// Not to be sent.
    Not(Skip),
}

/// When a mail that did not leave for a passing reason is tried again.
pub fn again(now: Timestamp) -> Timestamp {
    now.saturating_add(AGAIN_AFTER).unwrap_or(now)
}

/// What mails an order is owed by its facts. What is not named is not owed (yet).
pub fn wishes(order: &ShopOrder, rules: &MailRules) -> Vec<(Kind, Wish)> {
    let all = kinds(rules);
    if order.facts.cancelled_at.is_some() && order.facts.fulfilled_at.is_none() {
        return all.map(|kind| (kind, Wish::Not(Skip::Cancelled))).collect();
    }
    let Some(arrived) = order.arrived_at(rules) else { return Vec::new() };
    all.filter_map(|kind| Some((kind, wish(order, rules, kind, arrived)?))).collect()
}

/// The kinds of mail that the rules ask for.
fn kinds(rules: &MailRules) -> impl Iterator<Item = Kind> {
    let reminders = (1..=rules.reminders).map(Kind::Reminder);
    let survey = rules.survey.then_some(Kind::Survey);
    let service = rules.service.then_some(Kind::Service);
    [Kind::Invitation].into_iter().chain(reminders).chain(survey).chain(service)
}

fn wish(order: &ShopOrder, rules: &MailRules, kind: Kind, arrived: Timestamp) -> Option<Wish> {
    let after = |from: Timestamp, days: u8| {
        let day = |n: i64| from.saturating_add(SignedDuration::from_hours(24 * n)).unwrap_or(Timestamp::MAX);
        let (due, last) = (i64::from(days), i64::from(days) + i64::from(rules.give_up_after_days));
        Wish::At { due_at: day(due), not_after: day(last) }
    };
    Some(match kind {
        Kind::Invitation => after(arrived, rules.invite_after_days),
        Kind::Service => after(arrived, rules.service_after_days),
        Kind::Reminder(n) => {
            if order.has_followed() {
                return Some(Wish::Not(Skip::Followed));
            }
            let before = if n == 1 { Kind::Invitation } else { Kind::Reminder(n - 1) };
            let mail = order.mails.get(&before)?;
            let heard = &mail.heard;
            if heard.bounced.is_some() || heard.rejected.is_some() || heard.complained.is_some() {
                return Some(Wish::Not(Skip::NothingToRemindOf));
            }
            let State::Sent { at, .. } = mail.state else { return None };
            after(at, rules.remind_after_days)
        }
        Kind::Survey if order.survey.is_some() => Wish::Not(Skip::Answered),
        Kind::Survey if order.has_followed() => Wish::Not(Skip::Followed),
        Kind::Survey => after(arrived, rules.survey_after_days),
    })
}

impl ShopOrder {
    /// Whether a person followed the link of an invitation or a reminder.
    pub fn has_followed(&self) -> bool {
        self.mails.iter().any(|(kind, mail)| kind.asks_for_review() && mail.heard.clicked.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::order::{Answer, Facts};
    use crate::mail::ses::What;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_second(n * 86_400).expect("a time")
    }

    fn order(facts: &Facts, rules: &MailRules) -> ShopOrder {
        let (shop, id) = ("tea".parse().expect("a shop"), "1001".parse().expect("an order"));
        let mut order = ShopOrder::new(shop, id, day(0));
        order.observe(facts, rules, day(0));
        order
    }

    fn rules() -> MailRules {
        MailRules { reminders: 1, survey: true, service: true, ..MailRules::default() }
    }

    fn planned(order: &ShopOrder) -> Vec<(String, i64)> {
        let at = |mail: &crate::mail::Mail| match mail.state {
            State::Planned { due_at, .. } => Some(due_at.as_second() / 86_400),
            _ => None,
        };
        order.mails.iter().filter_map(|(kind, mail)| Some((kind.to_string(), at(mail)?))).collect()
    }

    #[test]
    fn an_order_that_arrived_is_owed_service_invitation_and_survey_and_reminders_follow_what_was_sent() {
        let mut order = order(&Facts { delivered_at: Some(day(10)), ..Facts::default() }, &rules());
        let owed = |order: &ShopOrder| {
            planned(order).into_iter().map(|(k, d)| format!("{k}@{d}")).collect::<Vec<_>>()
        };
        assert_eq!(owed(&order), ["invitation@17", "survey@20", "service@12"]);
        assert!(order.claim(Kind::Invitation, "c1", day(18), day(17)));
        assert!(order.settle(Kind::Invitation, "c1", &Answer::Accepted("m1".to_owned()), &rules(), day(17)));
        assert_eq!(owed(&order), ["reminder-1@24", "survey@20", "service@12"]);
        assert!(order.hear(Kind::Invitation, What::Clicked, "m1", day(18), &rules(), day(18)));
        assert_eq!(owed(&order), ["service@12"]);
    }

    #[test]
    fn a_cancelled_order_is_owed_nothing_but_one_that_was_shipped_before_is() {
        let shipped = Facts { fulfilled_at: Some(day(2)), ..Facts::default() };
        let mut order = order(&shipped, &rules());
        order.observe(&Facts { cancelled_at: Some(day(3)), ..Facts::default() }, &rules(), day(3));
        assert_eq!(planned(&order).len(), 3);
        let cancelled = Facts { cancelled_at: Some(day(1)), delivered_at: Some(day(1)), ..Facts::default() };
        assert_eq!(planned(&self::order(&cancelled, &rules())), []);
    }

    #[test]
    fn how_a_customer_feels_moves_no_invitation() {
        let facts = Facts { delivered_at: Some(day(10)), ..Facts::default() };
        let calm = order(&facts, &rules());
        let mut angry = order(&Facts { refunded_at: Some(day(11)), ..facts }, &rules());
        angry.survey =
            Some(crate::mail::order::Answered { score: 0, sealed_comment: String::new(), at: day(11) });
        angry.replan(&rules(), day(11));
        assert_eq!(angry.mails.get(&Kind::Invitation), calm.mails.get(&Kind::Invitation));
    }
}
