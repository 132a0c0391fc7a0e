//! What the dialects have in common in looks: the one marker of severity, the words they add, and
//! names of facts that stand in a column.

use super::card::{Card, Severity};
use crate::say::{Lang, Text};
use crate::text;

/// The one marker of a message, where the dialect has no colour.
pub(super) fn marker(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "🔵",
        Severity::Warning => "🟠",
        Severity::Urgent => "🔴",
    }
}

/// Stands before the next step.
pub(super) fn next() -> Text {
    text!("Next", "下一步")
}

/// How much a card presses, as a word that begins a line.
pub(super) fn severity(card: &Card) -> String {
    let word = card.severity.text();
    let mut rest = word.in_lang(card.lang).chars();
    rest.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(rest).collect()
}

/// What a card is called where there is one line for it, like the list of chats.
pub(super) fn headline(card: &Card) -> String {
    let (severity, title) = (severity(card), &card.title);
    match card.severity {
        Severity::Info => title.clone(),
        Severity::Warning | Severity::Urgent => {
            text!("{severity}: {title}", "{severity}:{title}").in_lang(card.lang).to_owned()
        }
    }
}

/// What follows the names of the facts so that their values begin below each other: in Chinese,
/// whose characters are of one width. Elsewhere nothing.
pub(super) fn padding(card: &Card) -> Vec<String> {
    let widths: Vec<usize> = card.facts.iter().map(|(name, _)| width(name)).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let pad = |width: usize| {
        let missing = widest - width;
        "\u{3000}".repeat(missing / 2) + if missing % 2 == 1 { "\u{2002}" } else { "" }
    };
    let is_chinese = card.lang == Lang::Zh;
    widths.into_iter().map(|width| if is_chinese { pad(width) } else { String::new() }).collect()
}

/// The width of a text in halves of a Chinese character.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::examples::feedback;

    #[test]
    fn a_headline_says_how_much_it_presses() {
        let mut card = feedback(Lang::En);
        assert_eq!(headline(&card), "Urgent: 1-star feedback: damaged on arrival");
        card.severity = Severity::Info;
        assert_eq!(headline(&card), "1-star feedback: damaged on arrival");
        card = Card { severity: Severity::Warning, ..feedback(Lang::Zh) };
        assert_eq!(headline(&card), "待处理:一星反馈:到货损坏");
    }

    #[test]
    fn chinese_names_are_filled_up_to_the_widest() {
        let mut card = feedback(Lang::Zh);
        card.facts = ["店铺", "负责人", "SKU"].map(|name| (name.to_owned(), "x".to_owned())).to_vec();
        assert_eq!(padding(&card), ["\u{3000}", "", "\u{3000}\u{2002}"]);
        card.lang = Lang::En;
        assert_eq!(padding(&card), ["", "", ""]);
    }
}
