//! Templates that a seller writes: from draft to approval.
//!
//! A text reaches no customer before a person has reviewed it and a person has approved it, and
//! the linter has the last word at each step. A version is never changed: a correction is a new
//! draft. What quotes a policy can carry the day on which it must be looked at again.

use jiff::civil::Date;
use jiff::fmt::serde::timestamp::second::required as secs;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::experiment::is_built_in;
use super::reasons::Hold;
use super::template::{Mistake, Template};
use crate::language::Language;
use crate::lint::{self, Author, Channel, Extent, Finding, Severity};

/// One version of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Which mails it is for: `review-invitation`, `review-reminder`, `survey`, `service`.
    pub kind: String,
    /// Its language.
    pub language: Language,
    /// Counted from 1 by shop, kind and language.
    pub version: u32,
    /// The text, as [`Template::parse`] reads it.
    pub source: String,
    /// How far it is.
    pub stage: Stage,
    /// A machine wrote or translated it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_by_machine: bool,
    /// Approved for tests alone: nobody outside one is written to with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_for_tests: bool,
    /// From this day on it is not used until somebody approves it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// When it was written.
    #[serde(with = "secs")]
    pub at: Timestamp,
}

/// How far a draft is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Stage {
    /// Written.
    Draft,
    /// Read by a person who stands for it.
    Reviewed {
        /// Who.
        by: String,
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
    /// May be sent.
    Approved {
        /// Who read it.
        reviewed_by: String,
        /// Who approved it.
        by: String,
        /// When.
        #[serde(with = "secs")]
        at: Timestamp,
    },
}

/// A draft cannot be taken a step further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotYet {
    /// Nobody reviewed it.
    #[error("nobody has reviewed it yet")]
    NotReviewed,
    /// It has the stage already.
    #[error("it is {0} already")]
    Already(&'static str),
    /// It is no template.
    #[error(transparent)]
    Mistake(#[from] Mistake),
    /// The linter forbids it.
    #[error("the linter forbids it: {0}")]
    Forbidden(&'static str),
}

impl Draft {
    /// Its name in the table and on a mail: kind, language, version.
    pub fn name(&self) -> String {
        format!("{}/{}/{}", self.kind, self.language.code(), self.version)
    }

    /// What the linter says of it on a day.
    ///
    /// # Errors
    ///
    /// If it is no template.
    pub fn findings(&self, on: Date) -> Result<Vec<Finding>, Mistake> {
        let template = Template::parse(&self.source)?;
        let is_read = !matches!(self.stage, Stage::Draft) || !self.is_by_machine;
        Ok(findings(&template, self.language, is_read, on))
    }

    /// A person has read it.
    ///
    /// # Errors
    ///
    /// If it is no template, the linter forbids it, or it is reviewed already.
    pub fn review(&mut self, by: &str, now: Timestamp) -> Result<(), NotYet> {
        if !matches!(self.stage, Stage::Draft) {
            return Err(NotYet::Already("reviewed"));
        }
        // Read now: that a machine wrote it is no objection any more.
        self.stage = Stage::Reviewed { by: by.to_owned(), at: now };
        self.must_be_clean(now).inspect_err(|_| self.stage = Stage::Draft)
    }

    /// A person lets it out, or into tests alone; what was let into tests can be let out later.
    ///
    /// # Errors
    ///
    /// If nobody reviewed it, the linter forbids it, or it is approved already.
    pub fn approve(&mut self, by: &str, is_for_tests: bool, now: Timestamp) -> Result<(), NotYet> {
        let reviewed_by = match &self.stage {
            Stage::Draft => return Err(NotYet::NotReviewed),
            Stage::Reviewed { by, .. } => by.clone(),
            Stage::Approved { reviewed_by, .. } if self.is_for_tests && !is_for_tests => reviewed_by.clone(),
            Stage::Approved { .. } => return Err(NotYet::Already("approved")),
        };
        self.must_be_clean(now)?;
        self.is_for_tests = is_for_tests;
        self.stage = Stage::Approved { reviewed_by, by: by.to_owned(), at: now };
        Ok(())
    }

    fn must_be_clean(&self, now: Timestamp) -> Result<(), NotYet> {
        match self.findings(day(now))?.iter().find(|finding| finding.severity == Severity::Forbid) {
            Some(finding) => Err(NotYet::Forbidden(finding.rule.id)),
            None => Ok(()),
        }
    }

    /// Whether it may be sent.
    pub fn is_approved(&self) -> bool {
        matches!(self.stage, Stage::Approved { .. })
    }
}

/// The text that a mail is written with: the newest approved one, or `None` for what Renown
/// brings along.
///
/// # Errors
///
/// The newest approved one's day is over: nothing is sent until a person looked at it.
pub fn in_force<'a>(
    drafts: &'a [Draft],
    kind: &str,
    language: Language,
    now: Timestamp,
) -> Result<Option<&'a Draft>, Hold> {
    let of_it = drafts.iter().filter(|draft| draft.kind == kind && draft.language == language);
    let is_out = |draft: &&Draft| draft.is_approved() && !draft.is_for_tests;
    let newest = of_it.filter(is_out).max_by_key(|draft| draft.version);
    newest.map(|draft| in_time(draft, now)).transpose()
}

/// A text unless its day is over.
fn in_time(draft: &Draft, now: Timestamp) -> Result<&Draft, Hold> {
    let is_over = draft.expires.is_some_and(|expires| expires <= day(now));
    if is_over { Err(Hold::TemplateExpired) } else { Ok(draft) }
}

/// The text of an arm of a test, by its name, or `None` for what Renown brings along.
///
/// # Errors
///
/// Its day is over, or it is gone: nothing is sent until a person looked at it.
pub fn in_test<'a>(drafts: &'a [Draft], name: &str, now: Timestamp) -> Result<Option<&'a Draft>, Hold> {
    if is_built_in(name) {
        return Ok(None);
    }
    let draft = drafts.iter().find(|draft| draft.name() == name && draft.is_approved());
    draft.map_or(Err(Hold::TemplateExpired), |draft| in_time(draft, now)).map(Some)
}

/// What keeps a text from being sent to a shop's customer on a day, if anything does: the rule.
pub fn forbidden(template: &Template, language: Language, now: Timestamp) -> Option<&'static str> {
    let findings = findings(template, language, true, day(now));
    findings.iter().find(|finding| finding.severity == Severity::Forbid).map(|finding| finding.rule.id)
}

fn findings(template: &Template, language: Language, is_read: bool, on: Date) -> Vec<Finding> {
    let mut options = lint::Options::new(Channel::Shop, on);
    options.language = Some(language);
    // Footer, sender and way out are added to every mail, whatever the template says.
    options.extent = Extent::Part;
    options.author = if is_read { Author::Person } else { Author::UnreadMachine };
    lint::lint(&template.wording(), &options).findings
}

fn day(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Kind;
    use crate::mail::template::built_in;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().expect("a time")
    }

    fn draft(text: &str) -> Draft {
        Draft {
            kind: "review-invitation".to_owned(),
            language: Language::En,
            version: 1,
            source: format!("subject: Your order\npreheader: x\n---\n{text}"),
            stage: Stage::Draft,
            is_by_machine: false,
            is_for_tests: false,
            expires: None,
            at: NOW,
        }
    }

    #[test]
    fn a_text_is_reviewed_then_approved_and_no_step_is_left_out() {
        let mut text = draft("We value your honest opinion.");
        assert_eq!(text.approve("Li", false, now()), Err(NotYet::NotReviewed));
        text.review("Wang", now()).expect("clean");
        assert_eq!(text.review("Wang", now()), Err(NotYet::Already("reviewed")));
        text.approve("Li", false, now()).expect("reviewed");
        assert!(
            matches!(&text.stage, Stage::Approved { reviewed_by, by, .. } if reviewed_by == "Wang" && by == "Li")
        );
        assert_eq!(text.approve("Li", false, now()), Err(NotYet::Already("approved")));
    }

    #[test]
    fn what_the_linter_forbids_goes_no_step_further() {
        let mut text = draft("Leave us a 5-star review and get a 10 EUR gift card.");
        assert!(matches!(text.review("Wang", now()), Err(NotYet::Forbidden(_))));
        assert_eq!(text.stage, Stage::Draft);
    }

    #[test]
    fn the_newest_approved_text_counts_until_its_day() {
        let mut old = draft("We value your honest opinion.");
        old.review("Wang", now()).and_then(|()| old.approve("Li", false, now())).expect("clean");
        let newer = Draft { version: 2, ..draft("We value your opinion.") };
        let drafts = [old.clone(), newer];
        let in_force = |drafts: &[Draft], now| {
            in_force(drafts, "review-invitation", Language::En, now).map(|d| d.map(|d| d.version))
        };
        assert_eq!(in_force(&drafts, now()), Ok(Some(1)), "a draft is not used");
        assert_eq!(in_force(&[], now()), Ok(None));
        let mut for_tests = Draft { version: 3, ..draft("We value your opinion.") };
        for_tests.review("Wang", now()).and_then(|()| for_tests.approve("Li", true, now())).expect("clean");
        let known = [old.clone(), for_tests.clone()];
        assert_eq!(in_force(&known, now()), Ok(Some(1)), "a text for tests is used in tests alone");
        let tested = in_test(&known, "review-invitation/en/3", now()).map(|d| d.map(|d| d.version));
        assert_eq!(tested, Ok(Some(3)));
        assert_eq!(in_test(&known, "review-invitation/en/built-in", now()), Ok(None));
        for_tests.approve("Li", false, now()).expect("let out after the test");
        assert_eq!(in_force(&[old.clone(), for_tests], now()), Ok(Some(3)));
        let expiring = Draft { expires: Some(jiff::civil::date(2026, 11, 23)), ..old };
        assert_eq!(in_force(std::slice::from_ref(&expiring), now()), Ok(Some(1)));
        let next_day = "2026-11-23T00:00:00Z".parse().expect("a time");
        assert_eq!(in_force(&[expiring], next_day), Err(Hold::TemplateExpired));
    }

    #[test]
    fn the_linter_forbids_no_built_in_text() {
        for language in Language::ALL {
            for kind in [Kind::Invitation, Kind::Reminder(1), Kind::Survey, Kind::Service] {
                let template = Template::parse(built_in(kind, language)).expect("it parses");
                assert_eq!(forbidden(&template, language, now()), None, "{kind} {language:?}");
            }
        }
    }
}
