//! News of a shop, into the table: the customer apart from the order, and nothing of them in it.

use jiff::{SignedDuration, Timestamp};
use renown_core::mail::news::{Customer, Email, OrderNews};
use renown_core::mail::suppression::{Reason, Scope};
use renown_core::mail::{Addressee, Contact, Shop, ShopOrder, Suppression};

use super::Keys;
use crate::ledger::{Error, Ledger, Recorded};

/// Takes in what was told of an order. Safe to repeat and to reorder.
///
/// # Errors
///
/// If the table did not take it: the shop sends it again, or the operator imports it again.
pub async fn take_in(
    ledger: &Ledger,
    keys: &Keys,
    shop: &Shop,
    news: OrderNews,
    now: Timestamp,
) -> Result<Recorded, Error> {
    let mut facts = news.facts;
    if let Some(customer) = &news.customer {
        let person = keys.person(&customer.email.0);
        // Somebody who had everything erased is not taken up again.
        let entry = ledger.suppression(&shop.seller, &person).await?;
        let is_erased = entry.is_some_and(|entry| entry.reason == Reason::Erased);
        if !is_erased && let Some(contact) = contact(keys, customer) {
            let keep = SignedDuration::from_hours(24 * i64::from(shop.mails.keep_contacts_days));
            ledger.record_contact(&shop.seller, &contact, keep, now).await?;
        }
        facts.person = Some(person);
    }
    ledger.record_shop_order(shop, &news.id, &facts, now).await
}

fn contact(keys: &Keys, customer: &Customer) -> Option<Contact> {
    let person = keys.person(&customer.email.0);
    let name = customer.name.as_ref().map(|name| name.0.clone());
    let addressee = Addressee { email: customer.email.0.clone(), name };
    Some(Contact {
        sealed: keys.seal(&person, &addressee)?,
        person,
        locale: customer.locale.clone(),
        country: customer.country.clone(),
        consent: customer.consent.clone(),
        as_of: customer.as_of,
    })
}

/// Forgets a customer of a seller's shops: deletes what names them and what they wrote, and writes down that nobody
/// writes to them again. Tells whether they were known.
///
/// # Errors
///
/// If the table did not take it; run again it does the rest.
pub async fn forget(
    ledger: &Ledger,
    keys: &Keys,
    shop: &Shop,
    email: &Email,
    now: Timestamp,
) -> Result<bool, Error> {
    let person = keys.person(&email.0);
    // Suppressed first: if the rest is cut short, nothing more goes out meanwhile.
    let entry = Suppression { reason: Reason::Erased, at: now, note: String::new() };
    ledger.suppress(&Scope::Seller(shop.seller.clone()), &person, &entry).await?;
    // What they wrote may name them, in whichever of the seller's shops they wrote it.
    for theirs in ledger.shops().await?.iter().filter(|theirs| theirs.seller == shop.seller) {
        let mut wrote = Vec::new();
        let has_words = |order: &ShopOrder| {
            order.survey.as_ref().is_some_and(|answered| !answered.sealed_comment.is_empty())
        };
        let each = ledger.each_shop_order(&theirs.id, |order| {
            // What cannot be read tells of nobody: its words are encrypted.
            let order = order.ok().filter(|order| order.facts.person.as_ref() == Some(&person));
            wrote.extend(order.filter(has_words).map(|order| order.id));
        });
        each.await?;
        for order in wrote {
            let change = ledger.change_shop_order(&theirs.id, &order, now, |order| {
                order.survey.as_mut().map(|answered| answered.sealed_comment.clear())
            });
            change.await?;
        }
    }
    ledger.forget_contact(&shop.seller, &person).await
}
