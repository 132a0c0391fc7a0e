//! A customer of a shop: who may be written to, in what language, and what was sent.
//!
//! A contact stands apart from the orders, under the keyed hash of its address; the address
//! itself lies in it encrypted. What was sent to a person is remembered for a year, longer than
//! the address is kept, and names nobody.

use jiff::fmt::serde::timestamp::second::required as secs;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::ids::{Person, ShopId, ShopOrderId};

/// What was sent is remembered this long: the cap per product reaches back twelve months.
/// Source: market.md B (Yotpo's).
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A customer, as the table keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The keyed hash of the address.
    pub person: Person,
    /// Address and name, encrypted; hexadecimal.
    pub sealed: String,
    /// Their language and country as the shop knows it: `de-AT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// ISO 3166 code of where they live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// What they said about mails, last; `None`: nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// As of when all this is known. Older news changes nothing.
    #[serde(with = "secs")]
    pub as_of: Timestamp,
}

/// What a customer said about mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Yes or no.
    pub given: bool,
    /// Where it is recorded: `shopify`, `webhook`, or the file it was imported from.
    pub source: String,
    /// Since when.
    #[serde(with = "secs")]
    pub at: Timestamp,
}

/// Whom a mail goes to. Shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// The address.
    pub email: String,
    /// What they are called, if the shop says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl std::fmt::Debug for Addressee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<addressee>")
    }
}

/// Mails that went to one person, over all shops of a seller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The oldest first.
    pub mails: Vec<Remembered>,
    /// When mails to them did not get through for now, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transient: Vec<Transient>,
}

/// A mail that was sent, or may have been.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Claimed then.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// About an order of this shop.
    pub shop: ShopId,
    /// The order.
    pub order: ShopOrderId,
    /// What for.
    pub kind: Kind,
    /// What was bought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skus: Vec<String>,
}

/// A mail did not get through for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transient {
    /// When.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// SES's id of the mail: told twice, it counts once.
    pub message: String,
}

impl Memory {
    /// Takes up a mail that is about to leave. One that is remembered already is not taken twice.
    pub fn remember(&mut self, mail: Remembered) {
        let oldest = mail.at.saturating_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        self.mails.retain(|known| known.at >= oldest && !known.is_same(&mail));
        self.mails.push(mail);
    }

    /// Forgets a mail that did not leave after all.
    pub fn forget(&mut self, mail: &Remembered) {
        self.mails.retain(|known| !known.is_same(mail));
    }

    /// Takes up that a mail did not get through for now, and tells how many did not within any
    /// 30 days. Told twice, it counts once; told late, it counts where it belongs.
    pub fn bounced_for_now(&mut self, message: &str, at: Timestamp) -> usize {
        const WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);
        if !self.transient.iter().any(|known| known.message == message) {
            self.transient.push(Transient { at, message: message.to_owned() });
            self.transient.sort_by(|a, b| (a.at, &a.message).cmp(&(b.at, &b.message)));
        }
        let newest = self.transient.last().map_or(at, |last| last.at);
        self.transient.retain(|known| newest.duration_since(known.at) <= WITHIN * 2);
        let within = |first: &Transient| {
            self.transient
                .iter()
                .filter(|t| t.at >= first.at && t.at.duration_since(first.at) <= WITHIN)
                .count()
        };
        self.transient.iter().map(within).max().unwrap_or(0)
    }
}

impl Remembered {
    /// Whether both are the same mail.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.shop, &self.order, self.kind) == (&other.shop, &other.order, other.kind)
    }
}

impl Contact {
    /// Takes up newer news of the same person. Tells whether anything changed.
    ///
    /// A join but for news of the same second, of which the later in the alphabet stays: repeated
    /// and unordered deliveries end alike.
    pub fn merge(&mut self, news: &Self) -> bool {
        let before = self.clone();
        // What somebody said about mails counts by when they said it, whoever tells it when.
        let consent = match (self.consent.take(), news.consent.clone()) {
            // Within one second a no is stronger.
            (Some(a), Some(b)) => {
                Some(if (b.at, !b.given, &b.source) > (a.at, !a.given, &a.source) { b } else { a })
            }
            (a, b) => a.or(b),
        };
        let rank = |c: &Self| (c.as_of, c.locale.clone(), c.country.clone());
        if rank(news) > rank(self) {
            *self = Self {
                locale: news.locale.clone().or_else(|| self.locale.take()),
                country: news.country.clone().or_else(|| self.country.take()),
                ..news.clone()
            };
        }
        self.consent = consent;
        *self != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(day * 86_400).expect("a time")
    }

    fn mail(day: i64, order: &str) -> Remembered {
        Remembered {
            at: at(day),
            shop: "tea".parse().expect("a shop"),
            order: order.parse().expect("an order"),
            kind: Kind::Invitation,
            skus: Vec::new(),
        }
    }

    #[test]
    fn a_mail_is_remembered_once_for_a_year_and_forgotten_if_it_did_not_leave() {
        let mut memory = Memory::default();
        memory.remember(mail(1, "1001"));
        memory.remember(mail(2, "1001"));
        assert_eq!(memory.mails, [mail(2, "1001")]);
        memory.remember(mail(369, "1002"));
        assert_eq!(memory.mails, [mail(369, "1002")]);
        memory.forget(&mail(400, "1002"));
        assert_eq!(memory.mails, []);
    }

    #[test]
    fn three_within_thirty_days_count_whatever_their_order_and_however_often_they_are_told() {
        let mut memory = Memory::default();
        assert_eq!(memory.bounced_for_now("m3", at(30)), 1);
        assert_eq!(memory.bounced_for_now("m3", at(30)), 1);
        assert_eq!(memory.bounced_for_now("m1", at(1)), 1 + 1);
        assert_eq!(memory.bounced_for_now("m2", at(15)), 3);
        let mut apart = Memory::default();
        for (day, expect) in [(0, 1), (31, 1), (62, 1)] {
            assert_eq!(apart.bounced_for_now(&format!("m{day}"), at(day)), expect);
        }
    }

    #[test]
    fn the_last_word_about_mails_counts_in_whatever_order_it_is_told() {
        let contact = |as_of: i64, consent: Option<(bool, i64)>| Contact {
            person: "00112233445566778899aabbccddeeff".parse().expect("a person"),
            sealed: "00".to_owned(),
            locale: Some(format!("de-{as_of}")),
            country: None,
            consent: consent.map(|(given, day)| Consent { given, source: "webhook".to_owned(), at: at(day) }),
            as_of: at(as_of),
        };
        let news = [contact(1, Some((true, 1))), contact(3, Some((true, 1))), contact(2, Some((false, 2)))];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
            let mut known = news[order[0]].clone();
            for i in &order[1..] {
                known.merge(&news[*i]);
            }
            assert_eq!(known.consent.as_ref().map(|c| c.given), Some(false), "{order:?}");
            assert_eq!(known.locale.as_deref(), Some("de-3"), "{order:?}");
            assert!(!known.merge(&news[0]), "{order:?}");
        }
    }
}
