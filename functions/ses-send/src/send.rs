//! One mail after the other: look, decide, claim, hand over, settle.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use renown_core::ids::{Person, ShopOrderId};
use renown_core::mail::decide::{Before, Known, Verdict, decide};
use renown_core::mail::reasons::Hold;
use renown_core::mail::{Addressee, Answer, Contact, Kind, Memory, Shop};
use renown_core::rules::Hours;
use renown_io::app::MailApp;
use renown_io::ledger::{Arm, Claim, ControlReading, Error, MailPermit, StoredShopOrder};
use renown_io::mail::{Keys, Message, Sender};

use crate::pace::Pace;
use crate::summary::{self, Summary};
use crate::texts::{Judged, Texts};
use crate::write::{Reader, Writer, Written};

/// SES throttled: this long no mail goes.
const REST: Duration = Duration::from_secs(5);
/// Longest that a call to SES takes: the claim must still hold when it ends.
const CALL_TAKES: SignedDuration = SignedDuration::from_secs(12);

/// A tick at work.
pub(crate) struct Tick<'a> {
    pub(crate) app: &'a MailApp,
    pub(crate) sender: &'a Sender,
    pub(crate) keys: Keys,
    pub(crate) judged: Judged,
    pub(crate) control: ControlReading,
    pub(crate) pace: Pace,
    /// No mail is begun later.
    pub(crate) until: Timestamp,
    /// Until when claims of this tick hold.
    pub(crate) lease_until: Timestamp,
    pub(crate) summary: &'a mut Summary,
}

/// What became of a round through a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Round {
    /// There is more.
    More,
    /// Nothing is due any more, or nothing may leave.
    Done,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    StopShop,
}

impl Tick<'_> {
    /// Whether another mail may be begun.
    pub(crate) fn has_time(&self) -> bool {
        self.app.clock.now() < self.until && self.pace.has_quota()
    }

    /// Looks at the mails of a shop that are due.
    pub(crate) async fn round(&mut self, shop: &Shop, most: usize) -> Result<Round, Error> {
        let due = self.app.ledger.due_mails(&shop.id, self.app.clock.now(), most).await?;
        if due.is_empty() {
            return Ok(Round::Done);
        }
        let texts = Texts::of(&self.app.ledger, &shop.id).await?;
        let (n_due, mut n_done) = (due.len(), 0);
        for (_, order) in due {
            if !self.has_time() {
                return Ok(Round::Done);
            }
            match self.order(shop, &texts, &order).await {
                Ok(Next::GoOn) => n_done += 1,
                Ok(Next::StopShop) => return Ok(Round::Done),
                Err(error) => {
                    // Whatever was claimed is never sent again; the rest waits for a later tick.
                    tracing::warn!(shop.id = %shop.id, order.id = %order, error = %error, "order is left to a later tick");
                }
            }
        }
        let is_full = n_due == most;
        Ok(if is_full && n_done > 0 { Round::More } else { Round::Done })
    }

    async fn order(&mut self, shop: &Shop, texts: &Texts, id: &ShopOrderId) -> Result<Next, Error> {
        let Some(mut stored) = self.app.ledger.shop_order(&shop.id, id).await? else { return Ok(Next::GoOn) };
        for kind in stored.order.due(self.app.clock.now()) {
            let now = self.app.clock.now();
            let mut aged = stored.order.clone();
            if aged.age(kind, now) {
                match self.app.ledger.update_shop_order(&stored, aged, now).await? {
                    Some(next) => stored = next,
                    None => return Ok(Next::GoOn),
                }
                continue;
            }
            let Some((next, stored_next)) = self.mail((shop, texts), &stored, kind).await? else {
                return Ok(Next::GoOn);
            };
            if next == Next::StopShop {
                return Ok(next);
            }
            stored = stored_next;
        }
        Ok(Next::GoOn)
    }

    /// One mail. `None`: somebody else wrote the order meanwhile, so the next look decides.
    async fn mail(
        &mut self,
        (shop, texts): (&Shop, &Texts),
        stored: &StoredShopOrder,
        kind: Kind,
    ) -> Result<Option<(Next, StoredShopOrder)>, Error> {
        let app = self.app;
        let Some(live_since) = self.control.control().shop_live_since(&shop.id) else {
            return Ok(Some((Next::StopShop, stored.clone())));
        };
        let look = self.look((shop, texts), stored, kind).await?;
        let now = app.clock.now();
        let written = look.written.as_ref().map(Result::as_ref);
        let before = Before {
            known: Known {
                order: &stored.order,
                kind,
                shop,
                live_since: Some(live_since),
                contact: look.contact.as_ref(),
                suppressed: look.suppressed,
                memory: &look.memory,
                now,
            },
            today: &look.today,
            orders_in_7_days: look.orders_in_7_days,
            hours: look.hours().unwrap_or(shop.mails.hours),
            text: written.map(|written| written.map(|written| written.hash.as_str())),
        };
        let mut order = stored.order.clone();
        match decide(&before) {
            Verdict::Send => {}
            Verdict::Wait { until, why } => {
                self.summary.waiting += 1;
                order.wait(kind, until, why);
                return self.put_off(stored, order, now).await;
            }
            Verdict::Hold(why) => {
                self.summary.held += 1;
                tracing::info!(shop.id = %shop.id, order.id = %order.id, mail = %kind, why = why.name(), "held");
                order.hold(kind, why, now);
                return self.put_off(stored, order, now).await;
            }
            Verdict::Skip(why) => {
                self.summary.skipped += 1;
                tracing::info!(shop.id = %shop.id, order.id = %order.id, mail = %kind, why = why.name(), "skipped");
                order.skip(kind, why, now);
                return self.put_off(stored, order, now).await;
            }
        }
        let (Some(person), Some(to), Some(Ok(written))) = (&order.facts.person, &look.to, written) else {
            // A decision to send rests on all three.
            return Ok(Some((Next::GoOn, stored.clone())));
        };
        let mail = match Message::to_customer(shop, to, &written.rendered, &written.unsubscribe_url, now) {
            Ok(mail) => mail,
            Err(why) => {
                self.summary.held += 1;
                let mut order = stored.order.clone();
                order.hold(kind, Hold::Unwritable(why.to_string()), now);
                return self.put_off(stored, order, now).await;
            }
        };
        self.hand_over(shop, stored, kind, person, &look.memory, written, &mail).await
    }

    #[expect(clippy::too_many_arguments, reason = "everything that was looked at goes into the claim")]
    async fn hand_over(
        &mut self,
        shop: &Shop,
        stored: &StoredShopOrder,
        kind: Kind,
        person: &Person,
        memory: &Memory,
        written: &Written,
        mail: &Message,
    ) -> Result<Option<(Next, StoredShopOrder)>, Error> {
        let app = self.app;
        self.pace.turn().await;
        let Some(permit) = self.permit(shop).await? else {
            return Ok(Some((Next::StopShop, stored.clone())));
        };
        let claim = Claim {
            shop,
            kind,
            person,
            memory,
            text: &written.hash,
            template: written.template.clone(),
            arm: written.tested.as_ref().map(|tested| Arm {
                test: &tested.test,
                index: tested.index,
                label: &tested.label,
            }),
            lease_until: self.lease_until,
        };
        let Some((grant, claimed)) = app.ledger.claim_mail(stored, claim, permit, &app.clock).await? else {
            return Ok(None);
        };
        let ends = app.clock.now().saturating_add(CALL_TAKES).unwrap_or(Timestamp::MAX);
        let answer = if ends > grant.lease_until() {
            Answer::NotSent(renown_core::mail::reasons::Wait::Ses)
        } else {
            self.sender.outbox.send(grant, mail).await
        };
        let next = self.took(shop, &answer);
        let order = app.ledger.settle_mail(claimed, kind, shop, person, &answer, app.clock.now()).await?;
        let state = order.mails.get(&kind).map_or("gone", |mail| mail.state.name());
        tracing::info!(shop.id = %shop.id, order.id = %order.id, mail = %kind, state, "mail");
        if next == Next::StopShop {
            return Ok(Some((next, stored.clone())));
        }
        Ok(app.ledger.shop_order(&shop.id, &order.id).await?.map(|stored| (Next::GoOn, stored)))
    }

    fn took(&mut self, shop: &Shop, answer: &Answer) -> Next {
        match answer {
            Answer::Accepted(_) => {
                self.pace.went();
                self.summary.sent += 1;
            }
            Answer::Unclear => {
                self.pace.went();
                self.summary.unclear += 1;
            }
            Answer::NotSent(_) => {
                self.pace.rest(REST);
                self.summary.waiting += 1;
                return Next::StopShop;
            }
            Answer::Refused(why) => {
                self.summary.refused += 1;
                self.summary.problem(Some(&shop.id), summary::refused(why));
            }
        }
        Next::GoOn
    }

    async fn put_off(
        &self,
        before: &StoredShopOrder,
        after: renown_core::mail::ShopOrder,
        now: Timestamp,
    ) -> Result<Option<(Next, StoredShopOrder)>, Error> {
        let stored = self.app.ledger.update_shop_order(before, after, now).await?;
        Ok(stored.map(|stored| (Next::GoOn, stored)))
    }

    /// The permission to claim one mail, by a reading that is less than a second old.
    async fn permit(&mut self, shop: &Shop) -> Result<Option<MailPermit>, Error> {
        let now = self.app.clock.now();
        if !self.control.is_fresh(now) {
            self.control = self.app.ledger.control(now).await?;
        }
        Ok(self.control.mail_permit(&shop.id, self.app.clock.now()))
    }

    async fn look(
        &self,
        (shop, texts): (&Shop, &Texts),
        stored: &StoredShopOrder,
        kind: Kind,
    ) -> Result<Look, Error> {
        let (app, order) = (self.app, &stored.order);
        let now = app.clock.now();
        let days = app.ledger.mail_days(&shop.seller, now).await?;
        let mut look = Look {
            contact: None,
            to: None,
            suppressed: None,
            memory: Memory::default(),
            written: None,
            today: days.today(&shop.id),
            orders_in_7_days: days.orders(&shop.id),
        };
        let Some(person) = &order.facts.person else { return Ok(look) };
        look.suppressed = app.ledger.suppression(&shop.seller, person).await?.map(|entry| entry.reason);
        look.memory = app.ledger.memory(&shop.seller, person).await?;
        if let Some(contact) = app.ledger.contact(&shop.seller, person).await? {
            // Keys that do not open it are those of another installation: nothing can be sent.
            look.to = self.keys.open(&contact);
            let (public_url, judged) = (self.sender.public_url.as_str(), &self.judged);
            let writer = Writer { keys: &self.keys, public_url, shop, texts, judged };
            look.written = look
                .to
                .as_ref()
                .map(|to| Reader { contact: &contact, to })
                .map(|reader| writer.write(order, kind, reader, now));
            look.contact = look.to.is_some().then_some(contact);
        }
        Ok(look)
    }
}

impl Look {
    /// The hours of the test that the mail is in.
    fn hours(&self) -> Option<Hours> {
        self.written.as_ref()?.as_ref().ok()?.tested.as_ref()?.hours
    }
}

/// Everything that a decision rests on.
struct Look {
    contact: Option<Contact>,
    to: Option<Addressee>,
    suppressed: Option<renown_core::mail::suppression::Reason>,
    memory: Memory,
    written: Option<Result<Written, Hold>>,
    today: renown_core::mail::days::SentDay,
    orders_in_7_days: u32,
}
