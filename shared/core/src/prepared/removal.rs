//! Whether Amazon would remove a seller's feedback: its published grounds, and what in a feedback
//! speaks for each. Amazon decides; this says where a request is worth the time.
//!
//! Source of the grounds and of the 90 days: Seller Central's help "Remove buyer feedback".

mod concept;
mod ground;

use jiff::civil::Date;

use crate::lint::{self, Channel, Options, Reading};
use crate::text::{Cause, Understood};
use concept::{Concept, lexicon};

pub use ground::{Ground, REMOVAL_DAYS, Reason, Sureness};

/// The grounds that a feedback gives, the likely ones first; mostly none.
pub fn precheck(text: &str, understood: &Understood, is_fulfilled_by_amazon: bool) -> Vec<Ground> {
    let said = Said::new(text, understood);
    let mut grounds: Vec<Ground> = [
        of_words(Reason::Abusive, said.of(Concept::Obscene), said.of(Concept::Insult)),
        of_words(Reason::Personal, said.found(&ADDRESSES), said.of(Concept::Personal)),
        of_words(Reason::Promotional, said.found(&LINKS), said.of(Concept::Promotional)),
        said.product_review(),
        said.fulfilled_by_amazon().filter(|_| is_fulfilled_by_amazon),
    ]
    .into_iter()
    .flatten()
    .collect();
    grounds.sort_by_key(|ground| (ground.sure, ground.reason));
    grounds
}

/// The linter's rules of mail addresses, numbers and accounts.
const ADDRESSES: [&str; 3] = ["outside-mail", "outside-phone", "outside-account"];
/// Its rules of links.
const LINKS: [&str; 2] = ["outside-link", "tracked-link"];

/// A feedback as it was read.
struct Said<'a> {
    text: &'a str,
    causes: &'a [Cause],
    words: Vec<(Concept, String)>,
    contacts: Vec<lint::Finding>,
}

impl<'a> Said<'a> {
    fn new(text: &'a str, understood: &'a Understood) -> Self {
        let tokens = lint::tokens(text);
        let reading =
            Reading::new(&tokens, lexicon(understood.language.unwrap_or(crate::text::Language::En)));
        let mut words: Vec<(Concept, String)> = Vec::new();
        for concept in Concept::ALL {
            for (from, to) in reading.meant(*concept) {
                let (start, end) = (tokens[*from].start, tokens[*to - 1].end);
                let word = (*concept, text.chars().skip(start).take(end - start).collect());
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        // A link is one on whichever day the feedback was given.
        let contacts = lint::lint(text, &Options::new(Channel::Amazon, Date::MAX)).findings;
        Self { text, causes: &understood.causes, words, contacts }
    }

    fn of(&self, concept: Concept) -> Vec<String> {
        self.words.iter().filter(|(other, _)| *other == concept).map(|(_, word)| word.clone()).collect()
    }

    fn found(&self, rules: &[&str]) -> Vec<String> {
        let of_rules = self.contacts.iter().filter(|finding| rules.contains(&finding.rule.id));
        of_rules.map(|finding| finding.text.clone()).collect()
    }

    /// Every cause is the product's, and no word speaks of anything else.
    fn product_review(&self) -> Option<Ground> {
        let mut sure = self.least_sure(of_product)?;
        if !self.of(Concept::Service).is_empty() {
            sure = Sureness::Possible;
        }
        Some(Ground::new(Reason::ProductReview, sure, Vec::new(), self.causes.to_vec()))
    }

    /// Every cause is the matter of whoever stores and sends.
    fn fulfilled_by_amazon(&self) -> Option<Ground> {
        let sure = self.least_sure(of_fulfilment)?;
        Some(Ground::new(Reason::FulfilledByAmazon, sure, Vec::new(), self.causes.to_vec()))
    }

    /// The least that all causes say; `None` where one says nothing, or there is none.
    fn least_sure(&self, of: fn(Cause) -> Option<Sureness>) -> Option<Sureness> {
        if self.text.trim().is_empty() {
            return None;
        }
        let each: Option<Vec<Sureness>> = self.causes.iter().map(|cause| of(*cause)).collect();
        each?.into_iter().max()
    }
}

/// A ground of words, of which some make it likely and others possible.
fn of_words(reason: Reason, mut likely: Vec<String>, possible: Vec<String>) -> Option<Ground> {
    let sure = if likely.is_empty() { Sureness::Possible } else { Sureness::Likely };
    likely.extend(possible);
    (!likely.is_empty()).then(|| Ground::new(reason, sure, likely, Vec::new()))
}

/// Whether a cause is the product's own. What was packed or described wrongly, and what was asked
/// for it, may be laid at the seller's door.
fn of_product(cause: Cause) -> Option<Sureness> {
    match cause {
        Cause::DefectiveQuality | Cause::SizeFit | Cause::Safety => Some(Sureness::Likely),
        Cause::NotAsDescribed | Cause::MissingParts | Cause::PriceValue => Some(Sureness::Possible),
        Cause::LateDelivery
        | Cause::NotReceived
        | Cause::DamagedInTransit
        | Cause::CustomerService
        | Cause::RefundReturn
        | Cause::Counterfeit
        | Cause::OrderCancelled
        | Cause::Other => None,
    }
}

/// Whether a cause is a matter of delivery, or of the service that goes with it.
fn of_fulfilment(cause: Cause) -> Option<Sureness> {
    match cause {
        Cause::LateDelivery | Cause::NotReceived | Cause::DamagedInTransit => Some(Sureness::Likely),
        Cause::CustomerService | Cause::RefundReturn | Cause::OrderCancelled => Some(Sureness::Possible),
        Cause::DefectiveQuality
        | Cause::NotAsDescribed
        | Cause::SizeFit
        | Cause::MissingParts
        | Cause::PriceValue
        | Cause::Safety
        | Cause::Counterfeit
        | Cause::Other => None,
    }
}

#[cfg(test)]
mod tests;
