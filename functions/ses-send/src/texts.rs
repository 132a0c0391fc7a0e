//! What the mails of a shop are written with: its own texts, the tests they are in, and what the
//! linter said of them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use renown_core::ids::ShopId;
use renown_core::mail::draft::{self, Draft};
use renown_core::mail::experiment::{Experiment, Place};
use renown_core::mail::reasons::Hold;
use renown_core::mail::template::{Template, built_in};
use renown_core::mail::{Kind, Language, ShopOrder};
use renown_io::ledger::{Error, Ledger};

/// The texts of one shop.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    drafts: Vec<Draft>,
    experiments: Vec<Experiment>,
}

/// What one mail is written with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen<'a> {
    /// The template's text.
    pub(crate) source: &'a str,
    /// The version; `None`: what Renown brings along.
    pub(crate) draft: Option<&'a Draft>,
    /// The arm of a test that the mail is in.
    pub(crate) place: Option<Place<'a>>,
}

impl Texts {
    /// Reads those of a shop.
    ///
    /// # Errors
    ///
    /// The table does not answer.
    pub async fn of(ledger: &Ledger, shop: &ShopId) -> Result<Self, Error> {
        let drafts = ledger.templates(shop).await?;
        let mut experiments = ledger.experiments(shop).await?;
        experiments.retain(|test| test.ended.is_none());
        Ok(Self { drafts, experiments })
    }

    /// The text of a mail: that of its arm if it is in a test, else the newest that was let out.
    pub(crate) fn choose(
        &self,
        order: &ShopOrder,
        kind: Kind,
        language: Language,
        now: Timestamp,
    ) -> Result<Chosen<'_>, Hold> {
        let place = self.experiments.iter().find_map(|test| test.place(order, kind, language));
        let draft = match place.as_ref().and_then(|place| place.arm().text_in(language)) {
            Some(name) => draft::in_test(&self.drafts, name, now)?,
            None => draft::in_force(&self.drafts, kind.template(), language, now)?,
        };
        let source = draft.map_or_else(|| built_in(kind, language), |draft| &draft.source);
        Ok(Chosen { source, draft, place })
    }
}

/// What the linter said of texts, so that it reads each once a tick and not once a mail.
#[derive(Debug, Default)]
pub struct Judged(Mutex<BTreeMap<String, Option<&'static str>>>);

impl Judged {
    /// The rule that forbids a template, if one does. `hash` stands for its text.
    pub(crate) fn forbidden(
        &self,
        template: &Template,
        hash: &str,
        language: Language,
        now: Timestamp,
    ) -> Option<&'static str> {
        // Rules have days on which they begin.
        let key = format!("{hash}#{}#{}", language.code(), now.to_zoned(TimeZone::UTC).date());
        let mut judged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *judged.entry(key).or_insert_with(|| draft::forbidden(template, language, now))
    }
}
