//! The linter: what must not stand in a text for a buyer, found when it is written and again
//! before it is sent.
//!
//! It needs no service and no regular expressions, so that it costs a function of 128 MB little:
//! a text is folded (`fold`), read with word lists of each language (`words/`, `lexicon`) as
//! concepts (`concept`), and rules ([`RULES`]) say which concepts must not meet in a sentence or in
//! two neighbouring ones. Addresses and links are read letter by letter (`contacts`). All languages
//! of a script are tried, so that an English promise in a German text is found.
//!
//! Words are endless, so beside the rules stand linear models that were learnt from texts written
//! for it ([`learnt`]): they find hints and new wordings in the text's own language, and name the
//! rule. What neither finds may still be against a policy.

mod concept;
mod contacts;
mod fold;
mod idea;
mod index;
mod judge;
mod language;
pub mod learnt;
mod lexicon;
mod pattern;
mod phrases;
mod private;
mod reading;
mod rule;
mod rules;
mod scrub;
mod whole;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

pub(crate) use concept::concepts;
pub(crate) use fold::{Kind as Sort, Token, tokens};
pub(crate) use idea::Idea;
pub(crate) use lexicon::Lexicon;
pub(crate) use reading::Reading;

pub use crate::language::{Language, UnknownLanguage};
pub use phrases::{Phrase, Purpose, phrases};
pub use rule::{Kind, Rule, Said, Severity};
pub use rules::{RULES, RULES_VERSION};
pub use scrub::without_contacts;

/// By which way a text goes to a buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// A message to a buyer on Amazon: Amazon's rules.
    Amazon,
    /// A mail to a customer of the seller's own shop who agreed to it.
    Shop,
}

/// A way to buyers that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no channel; write amazon or shop")]
pub struct UnknownChannel(String);

impl FromStr for Channel {
    type Err = UnknownChannel;
    fn from_str(text: &str) -> Result<Self, UnknownChannel> {
        match text.to_ascii_lowercase().as_str() {
            "amazon" => Ok(Self::Amazon),
            "shop" => Ok(Self::Shop),
            _ => Err(UnknownChannel(text.chars().take(20).collect())),
        }
    }
}

/// The country whose law counts, by its two letters (ISO 3166-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region([u8; 2]);

/// What is no country.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no region; write the two letters of a country, such as DE")]
pub struct UnknownRegion(String);

impl Region {
    /// Its two letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Region {
    type Err = UnknownRegion;
    fn from_str(text: &str) -> Result<Self, UnknownRegion> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(UnknownRegion(text.chars().take(20).collect())),
        }
    }
}

/// How much of a mail a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// A sentence, a paragraph, a phrase: what a whole mail must have is not asked for.
    Part,
    /// A whole advertising or survey mail, as it is sent.
    Whole,
    /// Not known: a text with a `Subject:` line or the frame of an HTML page counts as a whole
    /// mail, and what it lacks is a warning.
    Unknown,
}

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// A person, or a person has read it.
    Person,
    /// A machine, and nobody has read it.
    UnreadMachine,
}

/// What is known of a text beside its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Its language; found out if nobody says.
    pub language: Option<Language>,
    /// Where it goes.
    pub channel: Channel,
    /// Whose law counts; without it the rules of single countries are left out.
    pub region: Option<Region>,
    /// How much of a mail it is.
    pub extent: Extent,
    /// Who wrote it.
    pub author: Author,
    /// The day on which it is to be sent: rules that begin later do not count yet.
    pub on: Date,
}

impl Options {
    /// What is taken for granted of a text of which only the channel is known.
    pub fn new(channel: Channel, on: Date) -> Self {
        Self { language: None, channel, region: None, extent: Extent::Unknown, author: Author::Person, on }
    }
}

/// Something that a rule has to say about a place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static Rule,
    /// What it says here: milder than the rule where the text may be meant otherwise.
    pub severity: Severity,
    /// The first character: characters (Unicode scalar values) before it, not bytes.
    pub start: usize,
    /// The character behind the last one, counted likewise.
    pub end: usize,
    /// The place itself.
    pub text: String,
}

/// What there is to say about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The language it was taken for.
    pub language: Language,
    /// In the order of the text.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether it must not be sent.
    pub fn forbids(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Forbid)
    }
}

/// Looks a text through.
pub fn lint(text: &str, options: &Options) -> Report {
    judge::judge(text, options)
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn usual(channel: Channel) -> Options {
        Options::new(channel, date(2026, 11, 22))
    }

    fn rules(text: &str, options: &Options) -> Vec<&'static str> {
        lint(text, options).findings.iter().map(|finding| finding.rule.id).collect()
    }

    #[test]
    fn a_finding_names_its_place_in_characters() {
        let text = "Hallo 你好! Please leave a 5-star review.";
        let report = lint(text, &usual(Channel::Amazon));
        let finding = &report.findings[0];
        let extract: String = text.chars().skip(finding.start).take(finding.end - finding.start).collect();
        assert_eq!((finding.rule.id, &finding.text), ("positive-rating", &extract));
        assert!(extract.contains("5-star"), "{extract}");
    }

    #[test]
    fn a_promise_in_another_language_than_the_texts_is_found() {
        let text = "Vielen Dank für Ihre Bestellung. Leave a review and get a free gift card!";
        let report = lint(text, &usual(Channel::Shop));
        assert!(report.forbids());
        assert_eq!(report.findings[0].rule.id, "incentive");
    }

    #[test]
    fn writings_that_hide_a_promise_do_not_hide_it() {
        for text in [
            "Leave a REVIEW and get a GIFT CARD",
            "Leave a r3view and get a g1ft card",
            "Leave a ｒｅｖｉｅｗ and get a ｇｉｆｔ ｃａｒｄ",
            "Leave a re\u{200b}view and get a gi\u{200b}ft card",
            "Leave a r e v i e w and get a g.i.f.t card",
            "好评返现",
            "好 评 返 现",
            "好*评*返*现",
            "好評返現",
        ] {
            assert_eq!(rules(text, &usual(Channel::Shop)).first(), Some(&"incentive"), "{text}");
        }
    }

    #[test]
    fn ways_outside_amazon_are_for_amazon_alone() {
        let text = "Write to help@lampshop.com or see https://lampshop.com/help.";
        assert_eq!(rules(text, &usual(Channel::Amazon)), ["outside-mail", "outside-link"]);
        assert_eq!(rules(text, &usual(Channel::Shop)), [] as [&str; 0]);
    }

    #[test]
    fn advertising_is_forbidden_on_amazon_and_a_warning_in_a_shop_of_the_union() {
        let text = "Use code LAMP10 for 10% off your next order.";
        assert!(lint(text, &usual(Channel::Amazon)).forbids());
        assert_eq!(rules(text, &usual(Channel::Shop)), [] as [&str; 0]);
        let german = Options { region: "DE".parse().ok(), ..usual(Channel::Shop) };
        let report = lint(text, &german);
        assert_eq!(report.findings[0].rule.id, "promotion-consent");
        assert!(!report.forbids());
    }

    #[test]
    fn a_whole_mail_must_have_what_a_sentence_need_not() {
        let text = "Our new lamps are here.";
        let extent = |extent| Options { extent, ..usual(Channel::Shop) };
        assert_eq!(rules(text, &extent(Extent::Unknown)), [] as [&str; 0]);
        assert_eq!(rules(text, &extent(Extent::Part)), [] as [&str; 0]);
        assert_eq!(rules(text, &extent(Extent::Whole)), ["no-unsubscribe", "no-sender-address"]);
        let mail = format!("Subject: Lamps\n\n{text}");
        let report = lint(&mail, &extent(Extent::Unknown));
        assert!(!report.findings.is_empty() && !report.forbids());
        let complete = format!("{text} {{{{unsubscribe_url}}}} {{{{postal_address}}}}");
        assert_eq!(rules(&complete, &extent(Extent::Whole)), [] as [&str; 0]);
    }

    #[test]
    fn a_machines_text_waits_for_a_reader() {
        let options = Options { author: Author::UnreadMachine, ..usual(Channel::Amazon) };
        assert_eq!(rules("Your order has been shipped.", &options), ["unread-machine-text"]);
    }

    #[test]
    fn a_rule_does_not_count_before_its_day() {
        let options = Options::new(Channel::Amazon, date(2020, 12, 31));
        assert_eq!(rules("Leave a review and get a gift card.", &options), [] as [&str; 0]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_each_place_lies_in_it(text in "(\\PC|[a-z ]|review|gift card|好评|返现|5 ★|\\.|\n|@|www\\.|[0-9]){0,60}") {
            for channel in [Channel::Amazon, Channel::Shop] {
                let report = lint(&text, &usual(channel));
                for finding in report.findings {
                    prop_assert!(finding.start <= finding.end && finding.end <= text.chars().count());
                    let extract: String =
                        text.chars().skip(finding.start).take(finding.end - finding.start).collect();
                    prop_assert_eq!(extract, finding.text);
                }
            }
        }

        #[test]
        fn capitals_change_no_finding(text in "(review|gift card|please|leave|a|get|if|happy|5 stars|contact|us|before|[a-z]{1,6}|\\.|,| ){0,30}") {
            let upper = text.to_uppercase();
            prop_assert_eq!(rules(&text, &usual(Channel::Shop)), rules(&upper, &usual(Channel::Shop)));
        }
    }
}
