//! The text of a mail: which template, rendered for whom.

use jiff::Timestamp;
use renown_core::mail::draft::Draft;
use renown_core::mail::reasons::Hold;
use renown_core::mail::state::State;
use renown_core::mail::template::{Rendered, Template, Values};
use renown_core::mail::{Addressee, Contact, Kind, Language, Shop, ShopOrder};
use renown_core::rules::Hours;
use renown_io::mail::{Keys, Purpose};

use crate::texts::{Judged, Texts};

/// A mail's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What goes out.
    pub rendered: Rendered,
    /// Where its recipient unsubscribes.
    pub unsubscribe_url: String,
    /// The template's name: kind, language, version.
    pub template: String,
    /// Hash of the template's text, under which repeats of one text are counted.
    pub hash: String,
    /// The test that the mail is in.
    pub tested: Option<Tested>,
}

/// The test that a mail is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// The test's name.
    pub test: String,
    /// Its arm, counted from 0.
    pub index: usize,
    /// What the mail is marked with.
    pub label: String,
    /// The arm's hours, if it has its own.
    pub hours: Option<Hours>,
}

/// What mails of a shop are written with.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// For links.
    pub keys: &'a Keys,
    /// Where the public pages are.
    pub public_url: &'a str,
    /// The shop.
    pub shop: &'a Shop,
    /// Its texts.
    pub texts: &'a Texts,
    /// What the linter said before.
    pub judged: &'a Judged,
}

/// Whom a mail goes to, as far as its text needs it.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// What the table knows of them.
    pub contact: &'a Contact,
    /// Their address and name.
    pub to: &'a Addressee,
}

impl Writer<'_> {
    /// Writes a mail: with the text of its arm if it is in a test, else with the newest approved text
    /// of the shop, or with what Renown brings along. The linter has the last word.
    ///
    /// # Errors
    ///
    /// Why it cannot be written; a person mends that.
    pub fn write(
        &self,
        order: &ShopOrder,
        kind: Kind,
        reader: Reader<'_>,
        now: Timestamp,
    ) -> Result<Written, Hold> {
        let Self { keys, public_url, shop, texts, judged } = *self;
        let Reader { contact, to } = reader;
        let language = Language::for_customer(contact.locale.as_deref(), &shop.locale);
        let chosen = texts.choose(order, kind, language, now)?;
        let hash = hash(chosen.source);
        let unwritable = |why: String| Hold::Unwritable(why);
        let template = Template::parse(chosen.source).map_err(|mistake| unwritable(mistake.to_string()))?;
        if let Some(rule) = judged.forbidden(&template, &hash, language, now) {
            return Err(Hold::Forbidden(rule.to_owned()));
        }
        let no_numbers = || unwritable("the system gives no random numbers".to_owned());
        let link = |purpose, page: &str| {
            let content = format!("{}|{}|{}|{kind}|{}", shop.id, contact.person, order.id, now.as_second());
            Some(format!("{public_url}/{page}/{}", keys.token(purpose, &content)?))
        };
        let unsubscribe_url = link(Purpose::Unsubscribe, "u").ok_or_else(no_numbers)?;
        let survey_url = match kind {
            Kind::Survey => link(Purpose::Survey, "s").ok_or_else(no_numbers)?,
            Kind::Invitation | Kind::Reminder(_) | Kind::Service => String::new(),
        };
        let sku = order.facts.lines.first().map_or("", |line| line.sku.as_str());
        let review_url =
            if kind.asks_for_review() { shop.review_page(&order.facts.number, sku) } else { String::new() };
        let support = shop.support_email.as_ref().or(shop.reply_to.as_ref()).unwrap_or(&shop.from);
        let values = Values {
            customer_name: to.name.clone(),
            shop_name: shop.name.clone(),
            order_number: order.facts.number.clone(),
            product_name: order.product().to_owned(),
            review_url,
            survey_url,
            support_email: support.clone(),
            postal_address: shop.postal_address.clone(),
            unsubscribe_url: unsubscribe_url.clone(),
            is_last: is_last(shop, order, kind),
            has_consent: contact.consent.as_ref().is_some_and(|consent| consent.given),
        };
        let rendered =
            template.render(language, &values).map_err(|mistake| unwritable(mistake.to_string()))?;
        Ok(Written {
            rendered,
            unsubscribe_url,
            template: chosen
                .draft
                .map_or_else(|| format!("{}/{}/built-in", kind.template(), language.code()), Draft::name),
            hash,
            tested: chosen.place.map(|place| Tested {
                test: place.experiment.plan.name.clone(),
                index: place.index,
                label: place.label(),
                hours: place.arm().hours,
            }),
        })
    }
}

/// Whether nothing more is to come about the order.
fn is_last(shop: &Shop, order: &ShopOrder, kind: Kind) -> bool {
    let is_open = |state: &State| matches!(state, State::Planned { .. } | State::Held { .. });
    let others = order.mails.iter().filter(|(other, _)| **other != kind);
    let more_reminders = match kind {
        Kind::Invitation => shop.mails.reminders > 0,
        Kind::Reminder(n) => n < shop.mails.reminders,
        Kind::Survey | Kind::Service => false,
    };
    !more_reminders && !others.into_iter().any(|(_, mail)| is_open(&mail.state))
}

fn hash(text: &str) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;
    Sha256::digest(text.as_bytes())[..8].iter().fold(String::new(), |mut hash, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}
