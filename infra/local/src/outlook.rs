//! What will become of mails that are planned, as things stand: one that nothing can make leave is
//! shown as such before its day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use renown_core::ids::{Person, SellerId};
use renown_core::mail::decide::{Known, never};
use renown_core::mail::reasons::Skip;
use renown_core::mail::suppression::Scope;
use renown_core::mail::{Contact, Kind, Mail, Memory, Shop, ShopOrder, State, Suppression};
use renown_io::ledger::{Error, KnownPerson, Ledger};

/// Everybody whom the shops of one seller know, read at once.
#[derive(Debug)]
pub struct Outlook {
    people: BTreeMap<Person, KnownPerson>,
    suppressed: BTreeMap<Person, Suppression>,
    now: Timestamp,
}

impl Outlook {
    /// Reads whom a seller's shops know and who is not written to.
    ///
    /// # Errors
    ///
    /// The table does not answer.
    pub async fn of(ledger: &Ledger, seller: &SellerId, now: Timestamp) -> Result<Self, Error> {
        let people = ledger.people(seller).await?;
        let mut suppressed = BTreeMap::new();
        // The seller's own list comes last: its reason is the one that is told.
        for scope in [Scope::Account, Scope::Seller(seller.clone())] {
            for (person, entry) in ledger.suppressions(&scope).await?.into_iter().flatten() {
                suppressed.insert(person, entry);
            }
        }
        Ok(Self { people, suppressed, now })
    }

    /// Reads the same of the one customer of an order.
    ///
    /// # Errors
    ///
    /// The table does not answer.
    pub async fn of_order(
        ledger: &Ledger,
        seller: &SellerId,
        order: &ShopOrder,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let mut outlook = Self { people: BTreeMap::new(), suppressed: BTreeMap::new(), now };
        if let Some(person) = &order.facts.person {
            let contact = ledger.contact(seller, person).await?;
            let memory = ledger.memory(seller, person).await?;
            outlook.people.insert(person.clone(), KnownPerson { contact, memory });
            if let Some(entry) = ledger.suppression(seller, person).await? {
                outlook.suppressed.insert(person.clone(), entry);
            }
        }
        Ok(outlook)
    }

    /// The customer of an order, if they are known and kept.
    pub fn contact(&self, order: &ShopOrder) -> Option<&Contact> {
        self.people.get(order.facts.person.as_ref()?)?.contact.as_ref()
    }

    /// Why the customer of an order is not written to.
    pub fn suppressed(&self, order: &ShopOrder) -> Option<&Suppression> {
        self.suppressed.get(order.facts.person.as_ref()?)
    }

    /// Why a planned mail will be skipped when its day comes, if nothing changes until then.
    pub fn will_skip(
        &self,
        shop: &Shop,
        live_since: Option<Timestamp>,
        order: &ShopOrder,
        (kind, mail): (Kind, &Mail),
    ) -> Option<Skip> {
        match mail.state {
            // One whose time is over expires, whatever else there is to say of it.
            State::Planned { not_after, .. } | State::Held { not_after, .. } if self.now <= not_after => {}
            _ => return None,
        }
        let known = order.facts.person.as_ref().and_then(|person| self.people.get(person));
        never(&Known {
            order,
            kind,
            shop,
            live_since,
            contact: known.and_then(|known| known.contact.as_ref()),
            suppressed: self.suppressed(order).map(|entry| entry.reason),
            memory: known.map_or(&Memory::default(), |known| &known.memory),
            now: self.now,
        })
    }
}
