//! Addresses that are not written to, by their keyed hash.

use renown_core::ids::{Person, SellerId};
use renown_core::mail::Suppression;
use renown_core::mail::suppression::{Lifted, Scope};

use super::error::ATTEMPTS;
use super::item::{Extra, Freshness, Key, Put, read, schema};
use super::{Error, Ledger};

fn pk(scope: &Scope) -> String {
    match scope {
        Scope::Account => "SUPPRESS#".to_owned(),
        Scope::Seller(seller) => format!("SUPPRESS#{seller}"),
    }
}

fn lifted_pk(scope: &Scope) -> String {
    match scope {
        Scope::Account => "LIFTED#".to_owned(),
        Scope::Seller(seller) => format!("LIFTED#{seller}"),
    }
}

impl Ledger {
    /// The entry of one list.
    pub async fn suppressed_in(&self, scope: &Scope, person: &Person) -> Result<Option<Suppression>, Error> {
        let key = Key::new(pk(scope), person.as_str());
        Ok(self.get::<Suppression>(&key, Freshness::Latest).await?.map(|versioned| versioned.body))
    }

    /// Writes down why an address is taken off the list against the wish of its owner; before it
    /// is, so that no such thing happens without its reason.
    pub async fn note_lifted(&self, scope: &Scope, person: &Person, lifted: &Lifted) -> Result<(), Error> {
        let key = Key::new(lifted_pk(scope), format!("{person}#{}", lifted.at));
        match self.put(&key, lifted, None, Extra::default()).await? {
            // That it is there already is the same note, written twice.
            Put::Done(_) | Put::Lost(_) => Ok(()),
        }
    }

    /// Who was taken off a list against their wish, and why.
    pub async fn lifted(&self, scope: &Scope) -> Result<Vec<(Person, Lifted)>, Error> {
        let items = self
            .partition("listing lifted suppressions", &lifted_pk(scope), None, Freshness::Eventual)
            .await?;
        let mut all = Vec::new();
        for item in &items {
            let sk = item.get(schema::SK).and_then(|sk| sk.as_s().ok()).map_or("", String::as_str);
            let person = sk.split('#').next().unwrap_or_default().parse();
            match (person, read::<Lifted>(item)) {
                (Ok(person), Ok(lifted)) => all.push((person, lifted.body)),
                (_, read) => {
                    let error = read.err().map(|error| error.to_string()).unwrap_or_default();
                    tracing::error!(error, "a note about a suppression is left out");
                }
            }
        }
        Ok(all)
    }

    /// Why a person is not written to by the shops of a seller, if they are not. Every write that
    /// was answered before is seen.
    pub async fn suppression(
        &self,
        seller: &SellerId,
        person: &Person,
    ) -> Result<Option<Suppression>, Error> {
        // What the person wanted of this seller is told before what holds for everybody.
        for scope in [Scope::Seller(seller.clone()), Scope::Account] {
            let key = Key::new(pk(&scope), person.as_str());
            if let Some(found) = self.get::<Suppression>(&key, Freshness::Latest).await? {
                return Ok(Some(found.body));
            }
        }
        Ok(None)
    }

    /// Suppresses an address. Who stands there already stays with the first reason and time, but
    /// for a reason that is the owner's own wish: that one replaces any other. Tells whether it
    /// changed anything.
    pub async fn suppress(
        &self,
        scope: &Scope,
        person: &Person,
        suppression: &Suppression,
    ) -> Result<bool, Error> {
        let key = Key::new(pk(scope), person.as_str());
        let mut expected = None;
        for _ in 0..ATTEMPTS {
            let there = match self.put(&key, suppression, expected, Extra::default()).await? {
                Put::Done(_) => return Ok(true),
                Put::Lost(there) => there,
            };
            let Some(there) = there else {
                expected = None;
                continue;
            };
            let is_stronger =
                suppression.reason.is_the_owners_wish() && !there.body.reason.is_the_owners_wish();
            if !is_stronger {
                return Ok(false);
            }
            expected = Some(there.revision);
        }
        Err(Error::Contended { key: key.to_string(), attempts: ATTEMPTS })
    }

    /// Takes an address off the list. Tells what stood there.
    pub async fn unsuppress(&self, scope: &Scope, person: &Person) -> Result<Option<Suppression>, Error> {
        let key = Key::new(pk(scope), person.as_str());
        let there = self.get::<Suppression>(&key, Freshness::Latest).await?.map(|versioned| versioned.body);
        if there.is_some() {
            self.delete("taking an address off the list", &key).await?;
        }
        Ok(there)
    }

    /// The whole list. An entry that cannot be read is given as its error beside the others.
    pub async fn suppressions(
        &self,
        scope: &Scope,
    ) -> Result<Vec<Result<(Person, Suppression), Error>>, Error> {
        let pk = pk(scope);
        let items = self.partition("listing suppressed addresses", &pk, None, Freshness::Eventual).await?;
        let entry = |item| {
            let entry = read::<Suppression>(item).map_err(|error| error.within(&pk))?;
            let person = item.get(schema::SK).and_then(|sk| sk.as_s().ok()).and_then(|sk| sk.parse().ok());
            let person = person.ok_or_else(|| Error::Unreadable {
                key: pk.clone(),
                problem: "its sort key is no hash of an address".to_owned(),
            })?;
            Ok((person, entry.body))
        };
        Ok(items.iter().map(entry).collect())
    }
}
