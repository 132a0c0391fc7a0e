//! What an operator is told when something goes wrong: the thing, the place and the remedy, in
//! the language asked for.
//!
//! Errors travel as [`anyhow::Error`]. Each link of the chain that is for people is a
//! [`Trouble`], which has both languages; links of other crates (the table, Amazon's client, the
//! operating system) are put into words by [`tell`] when the chain is shown.

mod system;

pub(crate) use system::words as of_system;

use std::error::Error;
use std::fmt;

use renown_core::say::{Lang, Text};
use renown_core::text;

/// Returns a [`Trouble`] with the text of two format strings, English first.
#[macro_export]
macro_rules! refuse {
    ($en:literal, $zh:literal $(,)?) => {
        return Err($crate::told::Trouble::new(renown_core::text!($en, $zh)).into())
    };
}

/// Something that went wrong, in words for an operator.
#[derive(Debug)]
pub struct Trouble {
    text: Text,
    is_usage: bool,
    /// A program has been given its object already.
    is_answered: bool,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Trouble {
    /// Something went wrong (exit code 1).
    pub fn new(text: Text) -> Self {
        Self { text, is_usage: false, is_answered: false, cause: None }
    }

    /// A wish that cannot be fulfilled because it was put wrongly (exit code 2).
    pub fn usage(text: Text) -> Self {
        Self { text, is_usage: true, is_answered: false, cause: None }
    }

    /// The same, because of an error that is told behind it.
    pub fn usage_for(text: Text, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::usage(text) }
    }

    /// Something went wrong with a part of what was wanted (exit code 1), and the answer that was
    /// printed says so: a program is given no second object.
    pub fn answered(text: Text) -> Self {
        Self { is_answered: true, ..Self::new(text) }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl Error for Trouble {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

/// Puts words for an operator before an error.
pub trait Told<T> {
    /// The same result, whose error is led by `text`.
    ///
    /// # Errors
    ///
    /// That of the result, with the text.
    fn told(self, text: impl FnOnce() -> Text) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> Told<T> for Result<T, E> {
    fn told(self, text: impl FnOnce() -> Text) -> anyhow::Result<T> {
        self.map_err(|error| {
            let cause = error.into().reallocate_into_boxed_dyn_error_without_backtrace();
            Trouble { cause: Some(cause), ..Trouble::new(text()) }.into()
        })
    }
}

/// Whether the error says that the program was wrongly used.
pub fn is_usage(error: &anyhow::Error) -> bool {
    error.chain().any(|link| link.downcast_ref::<Trouble>().is_some_and(|trouble| trouble.is_usage))
}

/// Whether a program was given its object before the error.
pub fn is_answered(error: &anyhow::Error) -> bool {
    error.chain().any(|link| link.downcast_ref::<Trouble>().is_some_and(|trouble| trouble.is_answered))
}

/// Whether whoever read our lines has gone, as `head` does.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = |link: &(dyn Error + 'static)| link.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
    error.chain().any(|link| kind(link) == Some(std::io::ErrorKind::BrokenPipe))
}

/// The whole chain in one language, from the outside in.
pub fn tell(error: &anyhow::Error, lang: Lang) -> String {
    let mut said: Vec<String> = Vec::new();
    for link in error.chain() {
        let (text, is_last) = words(link, lang);
        // Some errors repeat their cause.
        if said.last().is_none_or(|last| !last.contains(&text)) {
            said.push(text);
        }
        if is_last {
            break;
        }
    }
    let between = match lang {
        Lang::En => ": ",
        Lang::Zh => ":",
    };
    said.join(between)
}

/// One link in words, and whether what lies below it says nothing more to a person.
fn words(link: &(dyn Error + 'static), lang: Lang) -> (String, bool) {
    if let Some(trouble) = link.downcast_ref::<Trouble>() {
        return (trouble.text.in_lang(lang).to_owned(), false);
    }
    if let Some(error) = link.downcast_ref::<crate::import::ImportError>() {
        return (error.in_lang(lang), false);
    }
    if let Some(error) = link.downcast_ref::<std::io::Error>() {
        return (system::words(error, lang), true);
    }
    if let Some(error) = link.downcast_ref::<serde_json::Error>() {
        return (json_words(error).in_lang(lang).to_owned(), true);
    }
    if let Some(text) = renown_io::say::error(link) {
        return (text.in_lang(lang).to_owned(), true);
    }
    (link.to_string(), false)
}

/// Where a JSON text goes wrong. Its reader speaks English alone.
fn json_words(error: &serde_json::Error) -> Text {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Data => {
            text!("{error}", "第 {line} 行第 {column} 列的内容不符合要求(原文:\"{error}\")")
        }
        _ => text!("at line {line}, column {column} it is no JSON", "第 {line} 行第 {column} 列起不是 JSON"),
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn a_chain_is_told_in_the_language_asked_for_down_to_the_systems_own_reason() {
        let file = "orders.txt";
        let error = Err::<(), _>(std::io::Error::from(std::io::ErrorKind::PermissionDenied))
            .told(|| text!("cannot read {file}", "无法读取 {file}"))
            .expect_err("denied");
        let (en, zh) = (tell(&error, Lang::En), tell(&error, Lang::Zh));
        assert!(en.starts_with("cannot read orders.txt: ") && en.contains("owner"), "{en}");
        assert!(zh.starts_with("无法读取 orders.txt:") && zh.contains("所有者"), "{zh}");
        assert!(!is_usage(&error));
        assert!(is_usage(&Trouble::usage(text!("so not", "不可")).into()));
    }

    #[test]
    fn a_broken_json_file_is_told_by_line_and_column_in_both_languages() {
        let error = serde_json::from_str::<serde_json::Value>("{\n").expect_err("broken");
        let error = anyhow::Error::from(error);
        assert_eq!(tell(&error, Lang::En), "at line 2, column 0 it is no JSON");
        assert_eq!(tell(&error, Lang::Zh), "第 2 行第 0 列起不是 JSON");
    }

    #[test]
    fn a_reader_that_has_gone_is_found_below_any_words() {
        let error = Err::<(), _>(std::io::Error::from(std::io::ErrorKind::BrokenPipe))
            .told(|| text!("cannot print", "无法输出"))
            .expect_err("broken");
        assert!(is_broken_pipe(&error));
    }
}
