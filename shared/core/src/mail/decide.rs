//! The last look before a mail leaves.
//!
//! What is final comes first, then what a person decides, then what passes: so that each mail
//! that did not leave names the reason that counts. Whether the shop is live and nothing stops it
//! is no part of this: that is a permission, read afresh for each claim.

use jiff::{SignedDuration, Timestamp};

use super::contact::{Contact, Memory, REMEMBERED};
use super::days::SentDay;
use super::kind::Kind;
use super::order::ShopOrder;
use super::reasons::{Hold, Skip, Wait};
use super::shop::{Basis, Shop};
use super::suppression::Reason;
use crate::marketplace::MarketplaceId;
use crate::policy::daytime;
use crate::rules::Hours;

/// Days of the cap per person.
const PERSON_CAP_DAYS: i64 = 30;
/// A mail that waits for another day is looked at again after this long.
const ANOTHER_DAY: SignedDuration = SignedDuration::from_hours(24);

/// What is known of a mail's order and of whom it is for.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The order.
    pub order: &'a ShopOrder,
    /// Which of its mails.
    pub kind: Kind,
    /// The shop.
    pub shop: &'a Shop,
    /// Since when the shop is live; `None`: it listens.
    pub live_since: Option<Timestamp>,
    /// Its customer; `None`: erased, or no longer kept.
    pub contact: Option<&'a Contact>,
    /// Why the address is suppressed, for the seller or for the account.
    pub suppressed: Option<Reason>,
    /// What the person was sent before.
    pub memory: &'a Memory,
    /// Now.
    pub now: Timestamp,
}

/// Everything a decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// The order and whom it is for.
    pub known: Known<'a>,
    /// What left the shop today.
    pub today: &'a SentDay,
    /// Orders of the shop in the seven days before.
    pub orders_in_7_days: u32,
    /// Hours of the recipient's day in which it may leave: the shop's, or those of its test.
    pub hours: Hours,
    /// The text, or why there is none; `None`: there is nobody to write to.
    pub text: Option<Result<&'a str, &'a Hold>>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may leave.
    Send,
    /// Not yet.
    Wait {
        /// Look again then.
        until: Timestamp,
        /// Why.
        why: Wait,
    },
    /// A person decides.
    Hold(Hold),
    /// Never.
    Skip(Skip),
}

/// Decides about a mail that is planned and due.
pub fn decide(before: &Before<'_>) -> Verdict {
    if let Some(why) = never(&before.known) {
        return Verdict::Skip(why);
    }
    let Known { order, shop, now, .. } = before.known;
    let rules = &shop.mails;
    let is_vip = rules.vip_from.is_some_and(|from| order.facts.total.is_some_and(|total| total >= from));
    if is_vip && !order.is_released {
        return Verdict::Hold(Hold::Vip);
    }
    let text = match before.text {
        Some(Ok(text)) => text,
        Some(Err(why)) => return Verdict::Hold(why.clone()),
        None => return Verdict::Skip(Skip::AddressGone),
    };
    let tomorrow = now.saturating_add(ANOTHER_DAY).unwrap_or(now);
    let wait = |why| Verdict::Wait { until: tomorrow, why };
    if draw(order, "pilot") >= rules.pilot_percent {
        return wait(Wait::Pilot);
    }
    if lately(&before.known) >= usize::from(rules.most_per_person) {
        return wait(Wait::PersonCap);
    }
    if before.today.is_beyond(before.orders_in_7_days) {
        return wait(Wait::DailyCap);
    }
    if before.today.of_text(text) >= rules.most_of_same_text {
        return wait(Wait::SameText);
    }
    match next_daytime(&before.known, before.hours) {
        Some(until) if until > now => Verdict::Wait { until, why: Wait::Daytime },
        _ => Verdict::Send,
    }
}

/// Why it never leaves, if anything keeps it, as far as is known: also of a mail that is not due
/// yet, so that nobody counts on it.
pub fn never(known: &Known<'_>) -> Option<Skip> {
    let Known { order, kind, shop, memory, .. } = *known;
    let person = match (&order.facts.person, known.contact) {
        (None, _) => return Some(Skip::NoAddress),
        (Some(_), None) => return Some(known.suppressed.map_or(Skip::AddressGone, Skip::Suppressed)),
        (Some(_), Some(contact)) => contact,
    };
    if let Some(reason) = known.suppressed {
        return Some(Skip::Suppressed(reason));
    }
    if order.arrived_at(&shop.mails).is_some_and(|arrived| is_before_live(known, arrived)) {
        return Some(Skip::BeforeLive);
    }
    match (&person.consent, shop.mails.basis) {
        (Some(consent), _) if !consent.given => return Some(Skip::ConsentRefused),
        // A service mail belongs to the sale; the rest needs a yes.
        (None, Basis::Consent) if kind != Kind::Service => return Some(Skip::NoConsent),
        _ => {}
    }
    // The order's own item, which would say so, was deleted with its shop.
    let is_this = |mail: &super::contact::Remembered| {
        (&mail.shop, &mail.order, mail.kind) == (&order.shop, &order.id, kind)
    };
    if memory.mails.iter().any(is_this) {
        return Some(Skip::SentBefore);
    }
    let oldest = known.now.saturating_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
    let was_asked = |sku: &str| {
        memory.mails.iter().any(|mail| {
            mail.kind.asks_for_review()
                && mail.at >= oldest
                && (&mail.shop, &mail.order) != (&order.shop, &order.id)
                && mail.skus.iter().any(|known| known == sku)
        })
    };
    let is_repeat = kind.asks_for_review()
        && !order.facts.lines.is_empty()
        && order.facts.lines.iter().all(|line| was_asked(&line.sku));
    is_repeat.then_some(Skip::ProductAskedBefore)
}

/// A mail that fell due before its shop went live is not made up for: it may have been sent by
/// whoever sent before, or by the shop that a restored copy was taken of.
fn is_before_live(known: &Known<'_>, arrived: Timestamp) -> bool {
    let wish =
        super::plan::wishes(known.order, &known.shop.mails).into_iter().find(|(kind, _)| *kind == known.kind);
    let due_at = match wish {
        Some((_, super::plan::Wish::At { due_at, .. })) => due_at,
        _ => arrived,
    };
    known.live_since.is_some_and(|live_since| due_at < live_since)
}

/// How many mails the person had within 30 days, other than this one.
fn lately(known: &Known<'_>) -> usize {
    let since = SignedDuration::from_hours(24 * PERSON_CAP_DAYS);
    let since = known.now.saturating_sub(since).unwrap_or(Timestamp::MIN);
    let is_this = |mail: &super::contact::Remembered| {
        (&mail.shop, &mail.order, mail.kind) == (&known.order.shop, &known.order.id, known.kind)
    };
    known.memory.mails.iter().filter(|mail| mail.at > since && !is_this(mail)).count()
}

/// When the recipient's daytime is next, in every zone of their country at once. A country whose
/// zones are too far apart for the hours, or of which they are not known, has the shop's day.
fn next_daytime(known: &Known<'_>, hours: Hours) -> Option<Timestamp> {
    let theirs = known.contact.and_then(|contact| contact.country.as_deref());
    let open_in = |country: &str| {
        let place = MarketplaceId::of_country(country)?;
        daytime::next_open(place, hours, known.now)
    };
    theirs.and_then(open_in).or_else(|| open_in(&known.shop.country))
}

/// A number from 0 to 99, drawn by the order and what for; the same whenever it is asked.
fn draw(order: &ShopOrder, purpose: &str) -> u8 {
    u8::try_from(order.draw(purpose) % 100).unwrap_or(0)
}

impl ShopOrder {
    /// A number drawn by hash from the order and what for.
    pub fn draw(&self, purpose: &str) -> u64 {
        use sha2::{Digest, Sha256};
        let hash = Sha256::digest(format!("{purpose}#{}#{}", self.shop, self.id));
        let first: [u8; 8] = hash[..8].try_into().expect("32 bytes have eight");
        u64::from_be_bytes(first)
    }
}
