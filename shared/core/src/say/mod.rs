//! What an operator reads, in English and in Chinese.
//!
//! Every closed set of the core (steps, reasons, sources, causes) has a sentence in both
//! languages: the tables match without a wildcard, so that a new variant without a sentence
//! does not compile. Stable words (`asked_elsewhere`) are for programs; these are for people.

mod en;
mod text;
mod words;
mod zh;

use std::borrow::Cow;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::control::Cause;
use crate::delivery::{Confidence, Source};
use crate::ids::IdProblem;
use crate::order::{Expired, FulfillmentChannel, Held, NotYet, OrderStatus, Parcels, Refused, Skipped, Step};
use crate::overview::Group;
use crate::policy::timing::Wait;
use crate::reports::{BadRow, FileError, Problem, Remedy};

pub use text::{Text, counted, with_moments};
pub use words::Word;

/// A language that operators read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

/// A language that there are no texts in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language Renown speaks; write en or zh")]
pub struct UnknownLang(String);

impl Lang {
    /// The language of a locale as environments name it (`zh_CN.UTF-8`); English for all that
    /// is not Chinese.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;
    fn from_str(text: &str) -> Result<Self, UnknownLang> {
        match text.to_ascii_lowercase().as_str() {
            "en" | "en-us" | "en_us" | "en-gb" | "en_gb" => Ok(Self::En),
            "zh" | "zh-cn" | "zh_cn" | "zh-hans" | "zh_hans" | "zh-hans-cn" => Ok(Self::Zh),
            _ => Err(UnknownLang(text.chars().take(20).collect())),
        }
    }
}

macro_rules! said {
    ($($(#[$doc:meta])* $name:ident($of:ty);)+) => {
        $(
            $(#[$doc])*
            pub fn $name(lang: Lang, of: $of) -> &'static str {
                match lang {
                    Lang::En => en::$name(of),
                    Lang::Zh => zh::$name(of),
                }
            }
        )+
    };
}

said! {
    /// What happened to an order.
    step(Step);
    /// What its solicitation came to.
    group(Group);
    /// What is missing before a date can be set.
    not_yet(NotYet);
    /// Why it is not to be asked.
    skipped(Skipped);
    /// Why Amazon refused for good.
    refused(Refused);
    /// Why its window closed before it could be asked.
    expired(Expired);
    /// Why a person must look at it.
    held(Held);
    /// What stopped a seller or everything, and what to do.
    cause(Cause);
    /// What a delivery estimate rests on.
    source(Source);
    /// How far to trust it.
    confidence(Confidence);
    /// Where an order stands at Amazon.
    status(OrderStatus);
    /// Who ships it.
    channel(FulfillmentChannel);
    /// What its parcels' scans say.
    parcels(Parcels);
    /// Why a due order waits.
    wait(Wait);
    /// What to do about a row of a file that cannot be read.
    row_remedy(Remedy);
    /// What is wrong with an id.
    id_problem(IdProblem);
    /// A heading or a short word of the screens.
    word(Word);
}

/// What is wrong with a row of a file.
pub fn row_problem(lang: Lang, problem: &Problem) -> String {
    match lang {
        Lang::En => problem.to_string(),
        Lang::Zh => zh::row_problem(problem),
    }
}

/// A row that cannot be read: where, why, and what to do.
pub fn bad_row(lang: Lang, bad: &BadRow) -> String {
    match lang {
        Lang::En => bad.to_string(),
        Lang::Zh => zh::bad_row(bad),
    }
}

impl BadRow {
    /// What is wrong with the row and what to do, with its order but without its place.
    pub fn text(&self) -> Text {
        let said = |lang| {
            let (problem, remedy) = (row_problem(lang, &self.problem), row_remedy(lang, self.remedy));
            match (lang, &self.order_id) {
                (Lang::En, Some(order)) => format!("order {order}: {problem}; {remedy}"),
                (Lang::En, None) => format!("{problem}; {remedy}"),
                (Lang::Zh, Some(order)) => format!("订单 {order}:{problem};{remedy}"),
                (Lang::Zh, None) => format!("{problem};{remedy}"),
            }
        };
        Text { en: said(Lang::En), zh: said(Lang::Zh) }
    }
}

impl FileError {
    /// Why the file is not read at all, and what to do.
    pub fn text(&self) -> Text {
        Text { en: file_error(Lang::En, self), zh: file_error(Lang::Zh, self) }
    }
}

/// Why a file is not read at all, and what to do.
pub fn file_error(lang: Lang, error: &FileError) -> String {
    match lang {
        Lang::En => error.to_string(),
        Lang::Zh => zh::file_error(error),
    }
}

/// The sentence for a stable word among an order's reasons. A word that is not known, such as
/// one that a newer version wrote, is given as it is.
pub fn reason(lang: Lang, code: &str) -> Cow<'_, str> {
    if let Some(version) = code.strip_prefix("rules_") {
        return Cow::Owned(format!("{} {version}", word(lang, Word::RulesVersion)));
    }
    if let Some(arm) = code.strip_prefix("arm_") {
        return Cow::Owned(format!("{} {arm}", word(lang, Word::TestArm)));
    }
    let fixed = by_code(NotYet::ALL, NotYet::code, code).map(|why| not_yet(lang, why));
    let fixed = fixed.or_else(|| by_code(Skipped::ALL, Skipped::code, code).map(|why| skipped(lang, why)));
    let fixed = fixed.or_else(|| by_code(Refused::ALL, Refused::code, code).map(|why| refused(lang, why)));
    let fixed = fixed.or_else(|| by_code(Expired::ALL, Expired::code, code).map(|why| expired(lang, why)));
    let fixed = fixed.or_else(|| by_code(Held::ALL, Held::code, code).map(|why| held(lang, why)));
    let fixed = fixed.or_else(|| Word::of_reason(code).map(|reason| word(lang, reason)));
    Cow::Borrowed(fixed.unwrap_or(code))
}

/// The words beside a step, which are stored in English: the ones that Renown itself writes are
/// said in the language asked for, Amazon's own are left as Amazon wrote them.
pub fn detail(lang: Lang, stored: &str) -> &str {
    const WAITS: [Wait; 5] =
        [Wait::LaterDate, Wait::Night, Wait::ParcelUnderway, Wait::NotInShare, Wait::NothingOffered];
    if let Some(why) = WAITS.into_iter().find(|why| why.text() == stored) {
        return wait(lang, why);
    }
    match lang {
        Lang::En => stored,
        Lang::Zh => zh::detail(stored).unwrap_or(stored),
    }
}

fn by_code<T: Copy>(all: &[T], code_of: fn(T) -> &'static str, code: &str) -> Option<T> {
    all.iter().copied().find(|reason| code_of(*reason) == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn the_locale_names_the_language_and_anything_else_is_english() {
        for (locale, lang) in [
            ("zh_CN.UTF-8", Lang::Zh),
            ("zh", Lang::Zh),
            ("ZH_TW", Lang::Zh),
            ("en_US.UTF-8", Lang::En),
            ("de_DE", Lang::En),
            ("C", Lang::En),
            ("", Lang::En),
        ] {
            assert_eq!(Lang::of_locale(locale), lang, "{locale}");
        }
        for name in ["zh", "zh-CN", "zh_CN", "zh-Hans"] {
            assert_eq!(name.parse::<Lang>().expect("Chinese"), Lang::Zh, "{name}");
        }
        assert_eq!("en-US".parse::<Lang>().expect("English"), Lang::En);
        assert!("fr".parse::<Lang>().expect_err("no French").to_string().contains("en or zh"));
    }

    #[test]
    fn every_reason_has_a_sentence_of_its_own_in_both_languages() {
        let codes = NotYet::ALL
            .iter()
            .map(|why| why.code())
            .chain(Skipped::ALL.iter().map(|why| why.code()))
            .chain(Refused::ALL.iter().map(|why| why.code()))
            .chain(Expired::ALL.iter().map(|why| why.code()))
            .chain(Held::ALL.iter().map(|why| why.code()))
            .chain([
                "accepted",
                "presumed",
                "planned",
                "due",
                "paused",
                "being_asked",
                "no_reply_yet",
                "held",
                "would_have_asked",
                "nothing_offered_yet",
                "not_in_share",
            ]);
        for code in codes {
            let (english, chinese) = (reason(Lang::En, code), reason(Lang::Zh, code));
            assert_ne!(english, code, "no English sentence");
            assert!(!is_chinese(&english), "{english}");
            assert!(is_chinese(&chinese), "{code}: {chinese}");
        }
        assert_eq!(reason(Lang::En, "rules_3"), "rules version 3");
        assert_eq!(reason(Lang::Zh, "of_a_later_version"), "of_a_later_version");
    }

    #[test]
    fn a_bad_row_and_a_bad_file_are_told_in_both_languages() {
        let bad = |problem, remedy| BadRow { line: 7, column: Some("asin"), order_id: None, problem, remedy };
        for remedy in Remedy::ALL {
            assert_eq!(row_remedy(Lang::En, remedy), remedy.text());
            assert!(is_chinese(row_remedy(Lang::Zh, remedy)), "{remedy:?}");
        }
        for problem in [
            Problem::NotUnderstood { shown: "\"B0 X\"".to_owned() },
            Problem::Empty,
            Problem::EndsBefore,
            Problem::FieldCount { in_line: 32, in_header: 31 },
            Problem::CutOff,
            Problem::InFuture { at: jiff::Timestamp::UNIX_EPOCH },
            Problem::NoArrival { arrival: jiff::Timestamp::UNIX_EPOCH, shipped: jiff::Timestamp::UNIX_EPOCH },
            Problem::TooLong,
        ] {
            assert_eq!(row_problem(Lang::En, &problem), problem.to_string());
            let row = bad_row(Lang::Zh, &bad(problem, Remedy::Asin));
            assert!(is_chinese(&row) && row.contains('7') && row.contains("asin"), "{row}");
        }
        let (file, expected) = ("a.txt".to_owned(), "GET_X");
        for error in [
            FileError::MissingColumns { file: file.clone(), expected, missing: vec!["sku", "asin"] },
            FileError::DuplicateColumn { file: file.clone(), expected, column: "sku" },
            FileError::OtherColumns { file: file.clone(), expected, n_columns: 3, fewest: 5, most: 8 },
            FileError::Empty { file, expected },
        ] {
            let said = file_error(Lang::Zh, &error);
            assert!(is_chinese(&said) && said.contains("a.txt") && said.contains("GET_X"), "{said}");
        }
    }

    #[test]
    fn what_is_wrong_with_an_id_is_told_in_both_languages() {
        for problem in IdProblem::ALL {
            assert_eq!(id_problem(Lang::En, problem), problem.text());
            assert!(is_chinese(id_problem(Lang::Zh, problem)), "{problem:?}");
        }
    }

    #[test]
    fn what_renown_writes_beside_a_step_is_translated_and_amazons_words_are_not() {
        assert!(is_chinese(detail(Lang::Zh, Wait::ParcelUnderway.text())));
        assert!(is_chinese(detail(Lang::Zh, "not available")));
        assert_eq!(detail(Lang::Zh, "Something Amazon said."), "Something Amazon said.");
        assert_eq!(detail(Lang::En, "404"), "404");
    }
}
