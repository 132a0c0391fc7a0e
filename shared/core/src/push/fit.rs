//! A card cut to the size that a channel takes.
//!
//! It is cut before it is escaped, so that no escape is ever cut. Title, deadline and link stay
//! whole; of the rest the longest parts are cut first, each to the same length. Where that is not
//! enough, the last facts and lines are left out.

use super::card::{Card, Mention};
use super::plain::{address, cut, line, lines};
use crate::text;

/// Bytes of a title. Ours: three times what a phone shows; with the bounds below what stays whole
/// fits into the smallest message, the 4,096 bytes of WeCom, even if each character is escaped.
const MAX_TITLE: usize = 240;
/// Bytes of a deadline.
const MAX_DEADLINE: usize = 150;
/// Bytes of an address. A longer one is left out.
const MAX_ADDRESS: usize = 1500;
/// Bytes of a name: of a fact, a link, a person.
const MAX_NAME: usize = 60;
/// Bytes of an id that is called.
const MAX_ID: usize = 64;
/// Who is called at most.
const MAX_MENTIONS: usize = 8;
/// Facts that are shown.
const MAX_FACTS: usize = 24;
/// Lines that are shown.
const MAX_LINES: usize = 200;
/// Bytes of any other part, before it is known how much fits: more than every channel takes.
const MAX_PART: usize = 30_000;
/// Bytes to which each part may be cut.
const MIN_PART: usize = 40;

/// A card put into a dialect so that it fits. `is_id` tells what can be an id at the channel;
/// others are not called.
pub(super) fn fitted<T>(
    card: &Card,
    is_id: impl Fn(&str) -> bool,
    render: impl Fn(&Card) -> T,
    fits: impl Fn(&T) -> bool,
) -> T {
    let card = bounded(card, is_id);
    let whole = render(&card);
    if fits(&whole) {
        return whole;
    }
    let tried = |part: usize, count: usize| Some(render(&shortened(&card, part, count))).filter(&fits);
    largest(MIN_PART, MAX_PART, |part| tried(part, MAX_LINES))
        .or_else(|| largest(0, MAX_LINES, |count| tried(MIN_PART, count)))
        .unwrap_or_else(|| render(&shortened(&card, MIN_PART, 0)))
}

/// What comes of the largest number for which something does; numbers above one for which nothing
/// does are not tried.
fn largest<T>(least: usize, most: usize, tried: impl Fn(usize) -> Option<T>) -> Option<T> {
    let mut best = tried(least)?;
    let (mut good, mut bad) = (least, most + 1);
    while bad - good > 1 {
        let middle = good.midpoint(bad);
        match tried(middle) {
            Some(found) => (best, good) = (found, middle),
            None => bad = middle,
        }
    }
    Some(best)
}

/// The card with what is seen alone, each part within its bound. A part of which nothing is left
/// is none.
fn bounded(card: &Card, is_id: impl Fn(&str) -> bool) -> Card {
    let named = |text: &str, most: usize| cut(&line(text), most);
    let part = |text: &String| Some(cut(&lines(text), MAX_PART)).filter(|text| !text.is_empty());
    let or = |text: String, other: &str| if text.is_empty() { other.to_owned() } else { text };
    let fact = |(name, value): &(String, String)| Some((named(name, MAX_NAME), part(value)?));
    let mut mentions: Vec<Mention> = Vec::new();
    for mention in &card.mentions {
        let id = mention.id.trim();
        // Calls everybody at most channels.
        let is_seen = line(id) == id;
        let is_one =
            is_seen && !id.eq_ignore_ascii_case("all") && !id.is_empty() && id.len() <= MAX_ID && is_id(id);
        if is_one && mentions.len() < MAX_MENTIONS && mentions.iter().all(|known| known.id != id) {
            mentions.push(Mention { name: or(named(&mention.name, MAX_NAME), id), id: id.to_owned() });
        }
    }
    let link = card.link.as_ref().and_then(|(label, url)| {
        let open = text!("Open", "打开");
        Some((or(named(label, MAX_NAME), open.in_lang(card.lang)), address(url, MAX_ADDRESS)?))
    });
    Card {
        lang: card.lang,
        severity: card.severity,
        title: or(named(&card.title, MAX_TITLE), card.severity.text().in_lang(card.lang)),
        facts: card.facts.iter().filter_map(fact).take(MAX_FACTS).collect(),
        lines: card.lines.iter().filter_map(part).take(MAX_LINES).collect(),
        quote: card.quote.as_ref().and_then(part),
        deadline: card
            .deadline
            .as_ref()
            .map(|text| named(text, MAX_DEADLINE))
            .filter(|text| !text.is_empty()),
        next_step: card.next_step.as_ref().and_then(part),
        link,
        mentions,
    }
}

/// The card with no part longer than `part` bytes but those that stay whole, and no more than
/// `count` facts and lines; a last line "…" says that there were more.
fn shortened(card: &Card, part: usize, count: usize) -> Card {
    let mut card = card.clone();
    let has_more = card.facts.len() > count || card.lines.len() > count;
    card.facts.truncate(count);
    card.lines.truncate(count);
    let values = card.facts.iter_mut().map(|(_, value)| value);
    for text in values.chain(&mut card.lines).chain(&mut card.quote).chain(&mut card.next_step) {
        *text = cut(text, part);
    }
    if has_more {
        card.lines.push("…".to_owned());
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::push::examples::feedback;
    use crate::say::Lang;

    fn size(card: &Card) -> usize {
        let facts: usize = card.facts.iter().map(|(name, value)| name.len() + value.len()).sum();
        let lines: usize = card.lines.iter().map(String::len).sum();
        let others = [&card.quote, &card.deadline, &card.next_step].into_iter().flatten().map(String::len);
        card.title.len() + facts + lines + others.sum::<usize>()
    }

    fn fit(card: &Card, most: usize) -> Card {
        fitted(card, |_| true, Card::clone, |card| size(card) <= most)
    }

    #[test]
    fn the_longest_part_is_cut_and_what_must_stay_whole_does() {
        let mut card = feedback(Lang::En);
        card.quote = Some("Ganz schlecht. ".repeat(400));
        let cut = fit(&card, 1200);
        assert!(size(&cut) <= 1200 && size(&cut) > 1190, "{}", size(&cut));
        assert!(cut.quote.as_ref().is_some_and(|quote| quote.ends_with('…')));
        let others =
            |card: &Card| (card.title.clone(), card.facts.clone(), card.lines.clone(), card.deadline.clone());
        assert_eq!(others(&cut), others(&card));
        assert_eq!(cut.link, card.link);
    }

    #[test]
    fn lines_that_do_not_fit_are_left_out_and_it_is_told() {
        let mut card = feedback(Lang::Zh);
        card.lines = (0..150).map(|n| format!("第 {n} 条通知:亚马逊德国站的一星反馈")).collect();
        let cut = fit(&card, 2000);
        assert!(cut.lines.len() > 10 && cut.lines.len() < 60, "{}", cut.lines.len());
        assert_eq!(cut.lines.last().map(String::as_str), Some("…"));
        assert_eq!((cut.title, cut.deadline, cut.link), (card.title, card.deadline, card.link));
    }

    #[test]
    fn nobody_is_called_twice_and_nobody_is_everybody() {
        let mut card = feedback(Lang::En);
        let mention = |id: &str| Mention { name: String::new(), id: id.to_owned() };
        card.mentions = ["ana", "all", "ALL", "", " ana ", "x y", "bob"].map(mention).to_vec();
        let called = fitted(&card, |id| !id.contains(' '), Card::clone, |_| true).mentions;
        let called: Vec<_> =
            called.iter().map(|mention| (mention.name.as_str(), mention.id.as_str())).collect();
        assert_eq!(called, [("ana", "ana"), ("bob", "bob")]);
    }

    #[test]
    fn a_card_of_nothing_still_has_a_title() {
        let mut card = feedback(Lang::Zh);
        (card.title, card.quote, card.lines) =
            ("\u{202E} ".to_owned(), Some("\n".to_owned()), vec![String::new()]);
        card.link = Some((String::new(), "https://x.example".to_owned()));
        let card = fit(&card, 10_000);
        assert_eq!((card.title.as_str(), card.quote, card.lines.len()), ("紧急", None, 0));
        assert_eq!(card.link, Some(("打开".to_owned(), "https://x.example".to_owned())));
    }
}
