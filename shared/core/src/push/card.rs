//! What a target shows, before it is put into the dialect of its channel.

use serde::{Deserialize, Serialize};

use crate::say::{Lang, Text};
use crate::text;

/// How much something presses; of two the later one presses more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To be known.
    #[default]
    Info,
    /// To be dealt with by its deadline.
    Warning,
    /// To be dealt with now, at night as well.
    Urgent,
}

impl Severity {
    /// All of them, the least pressing first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Urgent];

    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Urgent => "urgent",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Info => text!("for information", "通知"),
            Self::Warning => text!("to be dealt with", "待处理"),
            Self::Urgent => text!("urgent", "紧急"),
        }
    }
}

/// One notice as one target reads it: in its language, with times on its clock. Nothing in it is
/// escaped; whoever puts it into a dialect does that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The language it is written in, for the words that a dialect adds.
    pub lang: Lang,
    /// How much it presses.
    pub severity: Severity,
    /// In one line.
    pub title: String,
    /// What is known at a glance: name and value.
    pub facts: Vec<(String, String)>,
    /// What is to be known, a paragraph each.
    pub lines: Vec<String>,
    /// A buyer's own words, with contacts taken out.
    pub quote: Option<String>,
    /// Until when, as a sentence.
    pub deadline: Option<String>,
    /// What to do next.
    pub next_step: Option<String>,
    /// Where to do it: what it is called, and an https address.
    pub link: Option<(String, String)>,
    /// Who is called by name.
    pub mentions: Vec<Mention>,
}

impl Card {
    /// The card as a mail: a title, and the paragraphs below it.
    pub fn letter(&self) -> (String, Vec<String>) {
        let colon = match self.lang {
            Lang::En => ": ",
            Lang::Zh => ":",
        };
        let named = |(name, value): &(String, String)| format!("{name}{colon}{value}");
        let mut paragraphs: Vec<String> = self.facts.iter().map(named).collect();
        paragraphs.extend(self.quote.iter().map(|quote| format!("“{quote}”")));
        paragraphs.extend(self.lines.iter().cloned());
        paragraphs.extend(self.deadline.clone());
        if let Some(step) = &self.next_step {
            paragraphs.push(text!("Next: {step}", "下一步:{step}").in_lang(self.lang).to_owned());
        }
        paragraphs.extend(self.link.iter().map(named));
        (self.title.clone(), paragraphs)
    }
}

/// A link with what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it is called.
    pub label: Text,
    /// An https address.
    pub url: String,
}

/// Somebody whom a target calls by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What people call them.
    pub name: String,
    /// What the channel knows them by: a user id, or at `DingTalk` a mobile number.
    pub id: String,
}
