//! Several cards that had to wait, told as one.

use super::card::{Card, Mention, Severity};
use super::look;
use crate::say::Lang;
use crate::text;

/// The cards of one target as one: a line each, the most pressing first. One card is itself.
pub fn digest(cards: &[Card]) -> Card {
    if let [card] = cards {
        return card.clone();
    }
    let mut ordered: Vec<&Card> = cards.iter().collect();
    ordered.sort_by_key(|card| std::cmp::Reverse(card.severity));
    let lang = cards.first().map_or(Lang::En, |card| card.lang);
    let mut mentions: Vec<Mention> = Vec::new();
    for mention in ordered.iter().flat_map(|card| &card.mentions) {
        if mentions.iter().all(|known| known.id != mention.id) {
            mentions.push(mention.clone());
        }
    }
    let n = cards.len();
    Card {
        lang,
        severity: ordered.first().map_or(Severity::Info, |card| card.severity),
        title: text!("{n} notices", "{n} 条通知").in_lang(lang).to_owned(),
        facts: Vec::new(),
        lines: ordered.iter().map(|card| line(card)).collect(),
        quote: None,
        deadline: None,
        next_step: None,
        link: ordered.iter().find_map(|card| card.link.clone()),
        mentions,
    }
}

/// A card in one line: how much it presses, its title, its deadline.
fn line(card: &Card) -> String {
    card.deadline.iter().fold(look::headline(card), |head, deadline| format!("{head} · {deadline}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::examples::{calling, feedback};

    #[test]
    fn several_are_one_with_a_line_each_the_most_pressing_first() {
        let known = Card {
            severity: Severity::Info,
            title: "已请求 12 个订单".to_owned(),
            deadline: None,
            link: Some(("打开".to_owned(), "https://x.example".to_owned())),
            ..calling(Lang::Zh, "U2")
        };
        let digest = digest(&[known, feedback(Lang::Zh), feedback(Lang::Zh)]);
        assert_eq!((digest.severity, digest.title.as_str()), (Severity::Urgent, "3 条通知"));
        let urgent = "紧急:一星反馈:到货损坏 · 请于 2026-11-24 18:00 CST 之前处理。";
        assert_eq!(digest.lines, [urgent, urgent, "已请求 12 个订单"]);
        assert_eq!(digest.mentions.iter().map(|who| who.id.as_str()).collect::<Vec<_>>(), ["U0LINA", "U2"]);
        assert_eq!(digest.link, feedback(Lang::Zh).link);
        assert!(digest.facts.is_empty() && digest.quote.is_none());
    }

    #[test]
    fn one_is_itself_and_none_is_none() {
        let card = feedback(Lang::En);
        assert_eq!(digest(std::slice::from_ref(&card)), card);
        let none = digest(&[]);
        assert_eq!((none.title.as_str(), none.severity, none.lines.len()), ("0 notices", Severity::Info, 0));
    }
}
