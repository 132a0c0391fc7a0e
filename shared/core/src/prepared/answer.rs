//! Prepared messages to buyers: one for each cause and language, to be read by an operator and sent.
//!
//! They lie in `answers/`, a file for each language. `[cause_name]` on a line of its own begins an
//! answer, the text stands below it. `{{ order }}` is always known; `{{ tracking }}` and
//! `{{ carrier }}` are or are not.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use minijinja::{Environment, UndefinedBehavior};

use crate::text::{Cause, Language, UnknownCause};

/// What is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled<'a> {
    /// The order's number as its buyer knows it.
    pub order: &'a str,
    /// The parcel's tracking number.
    pub tracking: Option<&'a str>,
    /// Who carries the parcel; said beside a tracking number only.
    pub carrier: Option<&'a str>,
}

/// The answers of one language, by cause.
type Answers = BTreeMap<Cause, &'static str>;

/// What is wrong with a file of answers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum BadFile {
    /// Text stands above the first name.
    #[error("line {0}: text before the first name of a cause")]
    NoCause(usize),
    /// A name is none.
    #[error("line {line}: {unknown}")]
    Unknown { line: usize, unknown: UnknownCause },
    /// A cause has two answers.
    #[error("line {0}: an answer to this cause stands above already")]
    Twice(usize),
    /// A cause has none.
    #[error("no answer to {0}")]
    Missing(Cause),
}

/// A message to a buyer about what they are unhappy with, in their language.
pub fn answer(cause: Cause, language: Language, filled: &Filled<'_>) -> String {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let known = |value: Option<&str>| value.map(one_line).filter(|value| !value.is_empty());
    let values = BTreeMap::from([
        ("order", Some(one_line(filled.order))),
        ("tracking", known(filled.tracking)),
        ("carrier", known(filled.carrier)),
    ]);
    let text = answers(language).get(&cause).expect("a file without a cause is not read");
    environment.render_str(text, values).expect("a test renders each, with and without every value")
}

/// A value without breaks, so that it makes no paragraph of its own.
fn one_line(value: &str) -> String {
    let words = value.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The answers of a language, read once.
fn answers(language: Language) -> &'static Answers {
    macro_rules! read {
        ($file:literal) => {{
            static ANSWERS: LazyLock<Answers> =
                LazyLock::new(|| parse(include_str!($file)).expect("the file is sound: a test reads each"));
            &ANSWERS
        }};
    }
    match language {
        Language::En => read!("answers/en.txt"),
        Language::De => read!("answers/de.txt"),
        Language::Fr => read!("answers/fr.txt"),
        Language::Es => read!("answers/es.txt"),
        Language::It => read!("answers/it.txt"),
        Language::Pt => read!("answers/pt.txt"),
        Language::Nl => read!("answers/nl.txt"),
        Language::Sv => read!("answers/sv.txt"),
        Language::Pl => read!("answers/pl.txt"),
        Language::Ja => read!("answers/ja.txt"),
        Language::Zh => read!("answers/zh.txt"),
    }
}

/// Reads a file: every cause once, and nothing else.
fn parse(file: &'static str) -> Result<Answers, BadFile> {
    let mut answers = Answers::new();
    let mut rest = file;
    let mut line = 1;
    while !rest.trim().is_empty() {
        let (head, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let name = head.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        let cause: Cause = name
            .ok_or(BadFile::NoCause(line))?
            .parse()
            .map_err(|unknown| BadFile::Unknown { line, unknown })?;
        let end = below.find("\n[").map_or(below.len(), |at| at + 1);
        let (text, after) = below.split_at(end);
        if text.trim().is_empty() {
            return Err(BadFile::Missing(cause));
        }
        if answers.insert(cause, text.trim()).is_some() {
            return Err(BadFile::Twice(line));
        }
        line += 1 + text.matches('\n').count();
        rest = after;
    }
    let missing = Cause::ALL.into_iter().find(|cause| !answers.contains_key(cause));
    missing.map_or(Ok(answers), |cause| Err(BadFile::Missing(cause)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::lint::{self, Channel, Options, lint};

    const ORDER: &str = "302-1234567-1234567";
    const WITHOUT: Filled<'_> = Filled { order: ORDER, tracking: None, carrier: None };
    const WITH: Filled<'_> =
        Filled { order: ORDER, tracking: Some("00340434292135100186"), carrier: Some("DHL") };

    fn all() -> impl Iterator<Item = (Language, Cause)> {
        Language::ALL.into_iter().flat_map(|language| Cause::ALL.map(|cause| (language, cause)))
    }

    #[test]
    fn every_file_has_every_cause_once_and_nothing_else() {
        for language in Language::ALL {
            assert_eq!(answers(language).len(), Cause::ALL.len(), "{language}");
        }
        for (file, part) in [
            ("Hello\n[other]\nx", "line 1: text before"),
            ("[other]\nx\n\n[weather]\ny\n", "line 4: \"weather\""),
            ("[other]\nx\n[other]\ny", "line 3: an answer"),
            ("[other]\nx\n", "no answer to late_delivery"),
            ("[other]\n\n[safety]\nx", "no answer to other"),
            ("", "no answer to late_delivery"),
        ] {
            let error = parse(file).expect_err(file).to_string();
            assert!(error.starts_with(part), "{file:?}: {error}");
        }
    }

    #[test]
    fn the_linter_finds_nothing_in_any_answer() {
        let mut found = Vec::new();
        for (language, cause) in all() {
            for filled in [WITHOUT, WITH] {
                let text = answer(cause, language, &filled);
                let its_own = lint::Language::of_locale(language.code());
                let options =
                    Options { language: its_own, ..Options::new(Channel::Amazon, date(2026, 11, 22)) };
                let findings = lint(&text, &options).findings;
                found.extend(
                    findings.iter().map(|f| format!("{language} {cause}: {}: {}", f.rule.id, f.text)),
                );
            }
        }
        assert_eq!(found, [] as [String; 0]);
    }

    #[test]
    fn the_order_is_always_named_and_what_is_missing_leaves_no_gap() {
        for (language, cause) in all() {
            let is_about_delivery = matches!(cause, Cause::LateDelivery | Cause::NotReceived);
            for (tracking, carrier) in
                [(None, None), (Some("JJD0001"), None), (None, Some("DHL")), (Some("JJD0001"), Some("DHL"))]
            {
                let text = answer(cause, language, &Filled { order: ORDER, tracking, carrier });
                assert!(text.contains(ORDER), "{language} {cause}: {text}");
                assert_eq!(text.contains("JJD0001"), is_about_delivery && tracking.is_some(), "{text}");
                let named = is_about_delivery && tracking.is_some() && carrier.is_some();
                assert_eq!(text.contains("DHL"), named, "{text}");
                for gap in ["{{", "{%", "none", "  ", "()", "（）", " ,", " .", "\n\n\n"] {
                    assert!(!text.contains(gap), "{language} {cause} {gap:?}: {text}");
                }
            }
            let blank = Filled { order: ORDER, tracking: Some(" "), carrier: Some("") };
            assert_eq!(answer(cause, language, &blank), answer(cause, language, &WITHOUT));
        }
    }

    #[test]
    fn an_answer_has_three_to_seven_sentences_a_greeting_and_a_paragraph_or_two() {
        for (language, cause) in all() {
            for filled in [WITHOUT, WITH] {
                let text = answer(cause, language, &filled);
                let paragraphs: Vec<&str> = text.split("\n\n").collect();
                let n = paragraphs[1..].iter().map(|paragraph| n_sentences(paragraph)).sum::<usize>();
                assert!((3..=7).contains(&n), "{language} {cause}: {n} in {text}");
                assert!((3..=4).contains(&paragraphs.len()), "{language} {cause}: {text}");
            }
        }
    }

    fn n_sentences(text: &str) -> usize {
        let ends =
            |(c, next): &(char, char)| "。！？".contains(*c) || (".!?".contains(*c) && next.is_whitespace());
        text.chars().zip(text.chars().skip(1).chain([' '])).filter(ends).count()
    }

    #[test]
    fn no_answer_speaks_of_reviews_or_of_what_amazon_does() {
        let words = [
            "review",
            "feedback",
            "rating",
            "stars",
            "bewert",
            "rezension",
            "sterne",
            "avis",
            "évaluation",
            "étoile",
            "reseñ",
            "valoraci",
            "opini",
            "recension",
            "valutazion",
            "cinque stelle",
            "avalia",
            "estrela",
            "beoordel",
            "sterren",
            "omdöme",
            "betyg",
            "ocen",
            "opinia",
            "gwiazd",
            "レビュー",
            "評価",
            "评价",
            "评论",
            "星",
            "amazon",
            "アマゾン",
            "亚马逊",
            "a-to-z",
        ];
        for (language, cause) in all() {
            let text = answer(cause, language, &WITH).to_lowercase();
            assert_eq!(words.iter().find(|word| text.contains(**word)), None, "{language} {cause}: {text}");
        }
    }

    #[test]
    fn what_a_value_holds_makes_no_paragraph_and_is_no_template() {
        let filled = Filled { order: "1\n\n2", tracking: Some("{{ order }}"), carrier: Some("D\r\nHL") };
        let text = answer(Cause::NotReceived, Language::En, &filled);
        assert!(text.contains("your order 1 2 has") && text.contains("{{ order }} (D HL)"), "{text}");
    }

    #[test]
    fn answers_read_like_this() {
        let cases = [
            (Language::En, Cause::NotReceived, WITH),
            (Language::De, Cause::LateDelivery, WITHOUT),
            (Language::Fr, Cause::DamagedInTransit, WITH),
            (Language::Es, Cause::SizeFit, WITH),
            (Language::It, Cause::Safety, WITH),
            (Language::Ja, Cause::NotReceived, WITH),
            (Language::Zh, Cause::MissingParts, WITH),
        ];
        let read = cases.map(|(language, cause, filled)| {
            format!("{language}, {cause}\n\n{}", answer(cause, language, &filled))
        });
        insta::assert_snapshot!(read.join("\n\n----\n\n"));
    }
}
