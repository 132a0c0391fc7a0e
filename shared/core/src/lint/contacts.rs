//! Links, mail addresses, telephone numbers and images in a text, read letter by letter.

mod lists;
mod number;

pub(super) use lists::ORDER_WORDS;
use lists::{ACCOUNT_WORDS, CARRIERS, ENDINGS, SHORTENERS, TRACKING_PARAMETERS};

use super::fold::Folded;
use super::judge::Place;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A link or the name of a site that is not Amazon's.
    Link,
    /// A link to the tracking page of a carrier.
    Carrier,
    /// A mail address.
    Mail,
    /// A telephone number.
    Phone,
    /// An account of a messenger that is named by its number or name.
    Account,
    /// A link that hides where it leads, or that says who clicks.
    Tracked,
    /// An image in the markup.
    Image,
}

/// Something found, with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contact {
    pub(super) what: What,
    pub(super) place: Place,
}

/// Everything of the kind in a text.
pub(super) fn find(text: &str, folded: &Folded) -> Vec<Contact> {
    let raw: Vec<char> = text.chars().collect();
    let reader = Reader { chars: &folded.chars, places: &folded.places, raw: &raw };
    let mut all = reader.images();
    let mails = reader.mails();
    let sites: Vec<Contact> = reader
        .sites()
        .into_iter()
        .filter(|site| !mails.iter().any(|mail| overlap(mail.place, site.place)))
        .collect();
    let taken: Vec<Place> = sites.iter().chain(&mails).map(|contact| contact.place).collect();
    all.extend(reader.numbers(&taken));
    all.extend(mails);
    all.extend(sites.into_iter().filter(|contact| !reader.is_amazons(contact.place)));
    all
}

fn overlap(a: Place, b: Place) -> bool {
    a.0 < b.1 && b.0 < a.1
}

struct Reader<'a> {
    chars: &'a [char],
    places: &'a [usize],
    raw: &'a [char],
}

impl Reader<'_> {
    fn place(&self, from: usize, to: usize) -> Place {
        let start = self.places.get(from).copied().unwrap_or(0);
        let end = to.checked_sub(1).and_then(|last| self.places.get(last)).map_or(start, |last| last + 1);
        (start, end)
    }

    fn text(&self, from: usize, to: usize) -> String {
        self.chars.get(from..to).unwrap_or_default().iter().collect()
    }

    fn folded_at(&self, place: Place) -> String {
        let inside = self.places.iter().zip(self.chars).filter(|(at, _)| place.0 <= **at && **at < place.1);
        inside.map(|(_, c)| *c).collect()
    }

    fn starts(&self, at: usize, word: &str) -> bool {
        let mut chars = self.chars[at..].iter();
        word.chars().all(|c| chars.next() == Some(&c))
    }

    fn images(&self) -> Vec<Contact> {
        let at = (0..self.chars.len()).filter(|at| {
            self.starts(*at, "<img")
                || self.starts(*at, "![") && self.text(*at, self.chars.len()).contains("](")
        });
        let tag = |at: usize| {
            let close = |c: &char| *c == '>' || *c == ')';
            let n = self.chars[at..].iter().position(close).map_or(self.chars.len() - at, |n| n + 1);
            Contact { what: What::Image, place: self.place(at, at + n) }
        };
        at.map(tag).collect()
    }

    /// Mail addresses, also those that hide behind "(at)" and "dot".
    fn mails(&self) -> Vec<Contact> {
        let mut all = Vec::new();
        for at in 0..self.chars.len() {
            let Some((before, after)) = self.at_sign(at) else { continue };
            let is_name = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
            let n_name = self.chars[..before].iter().rev().take_while(|c| is_name(**c)).count();
            // Behind an '@' every ending is one; elsewhere a word may just follow a full stop.
            let is_sure = self.chars[before] == '@' && n_name > 0;
            let Some(end) = self.domain(after, is_sure) else { continue };
            let host = self.text(after, end);
            // "Bought at amazon.de" is no address; "help at lampshop dot com" is.
            let is_word =
                self.chars[before] != '@' && self.text(before, after).trim().chars().all(char::is_alphabetic);
            let is_hidden = host.contains(' ');
            if n_name == 0 || host.starts_with("marketplace.amazon.") || (is_word && !is_hidden) {
                continue;
            }
            all.push(Contact { what: What::Mail, place: self.place(before - n_name, end) });
        }
        all
    }

    /// Where a sign begins and ends that stands for '@'.
    fn at_sign(&self, at: usize) -> Option<(usize, usize)> {
        if self.chars[at] == '@' {
            return Some((at, at + 1));
        }
        [
            "(at)",
            "[at]",
            "{at}",
            "<at>",
            " (at) ",
            " [at] ",
            " at ",
            "#",
            "艾特",
            "(a)",
            "[a]",
            "(arroba)",
            " arroba ",
            " chiocciola ",
        ]
        .iter()
        .find(|sign| self.starts(at, sign))
        .map(|sign| (at, at + sign.chars().count()))
    }

    /// The end of a name of a site that begins here, also with "dot" or "(.)" in it.
    fn domain(&self, from: usize, is_any_ending: bool) -> Option<usize> {
        const DOTS: [&str; 9] =
            [" dot ", "(dot)", "[dot]", " (dot) ", " [dot] ", "(.)", " punkt ", "(punkt)", " punto "];
        let is_label = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let mut at = from;
        let mut good = None;
        loop {
            let n = self.chars[at..].iter().take_while(|c| is_label(c)).count();
            let label = self.text(at, at + n);
            if n == 0 {
                return good;
            }
            // "Punto de" is Spanish for a point of something.
            let is_point = label == "de" && self.text(from, at).ends_with(" punto ");
            let is_ending = |label: &str| {
                ENDINGS.contains(&label)
                    || is_any_ending && label.len() >= 2 && label.chars().all(|c| c.is_ascii_alphabetic())
            };
            if at > from && !is_point && is_ending(&label) {
                good = Some(at + n);
            }
            at += n;
            if self.chars.get(at) == Some(&'.') || self.chars.get(at) == Some(&'。') {
                at += 1;
            } else if let Some(dot) = DOTS.iter().find(|dot| self.starts(at, dot)) {
                at += dot.chars().count();
            } else {
                return good;
            }
        }
    }

    /// Names of sites, alone and in links.
    fn sites(&self) -> Vec<Contact> {
        let mut all: Vec<Contact> = Vec::new();
        let mut at = 0;
        while at < self.chars.len() {
            let begins_word = at == 0 || !is_word(self.chars[at - 1]);
            let scheme = ["https://", "http://", "hxxp://", "hxxps://", "ftp://", "//"]
                .into_iter()
                .find(|s| self.starts(at, s) && (*s != "//" || self.starts(at + 2, "www.")));
            let (from, is_sure) = match scheme {
                Some(scheme) => (at + scheme.len(), true),
                None => (at, begins_word && self.starts(at, "www.")),
            };
            let named = if begins_word || is_sure { self.domain(from, false) } else { None };
            let named = named.filter(|end| is_sure || self.is_a_name(from, *end));
            let end = match (named, is_sure) {
                (Some(end), _) => end,
                (None, true) => from,
                (None, false) => {
                    at += 1;
                    continue;
                }
            };
            let path = self.chars[end..]
                .iter()
                .take_while(|c| !c.is_whitespace() && !"\"'<>)]}。,".contains(**c) && c.is_ascii())
                .count();
            let has_path = is_sure || self.chars.get(end).is_some_and(|c| "/?:#".contains(*c));
            let end = if has_path { end + path } else { end };
            if end == at {
                at += 1;
                continue;
            }
            let place = self.place(at, end);
            let (host, whole) =
                (named.map_or_else(String::new, |named| self.text(from, named)), self.text(at, end));
            let what = kind_of(host.strip_prefix("www.").unwrap_or(&host), &whole);
            all.extend(what.iter().map(|what| Contact { what: *what, place }));
            at = end;
        }
        all
    }

    /// Whether letters with a dot among them are the name of a site and not two sentences without
    /// a blank: names are not written with a capital after the dot.
    fn is_a_name(&self, from: usize, end: usize) -> bool {
        let boundary = self.chars.get(end).is_none_or(|c| !is_word(*c) && *c != '@');
        let place = self.place(from, end);
        let raw: String = self.raw[place.0..place.1].iter().collect();
        let last = raw.rsplit('.').next().unwrap_or_default();
        let first = raw.split('.').next().unwrap_or_default();
        let is_capital = last.chars().next().is_some_and(char::is_uppercase);
        let all_capital = raw.chars().all(|c| !c.is_lowercase());
        boundary
            && first.chars().count() >= 2
            && first.chars().any(char::is_alphabetic)
            && (!is_capital || all_capital)
    }

    fn is_amazons(&self, place: Place) -> bool {
        let text = self.folded_at(place);
        let rest = text.split("://").last().unwrap_or_default();
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let labels: Vec<&str> = host.split('.').collect();
        let is_name = |label: &str| label == "amazon";
        let Some(at) = labels.iter().position(|label| is_name(label)) else { return false };
        // amazon.de, www.amazon.co.uk; not amazon.reviews.example.com.
        let endings = &labels[at + 1..];
        !endings.is_empty() && endings.len() <= 2 && endings.iter().all(|label| label.len() <= 3)
    }

    /// Telephone numbers and accounts of messengers.
    fn numbers(&self, taken: &[Place]) -> Vec<Contact> {
        let mut all = Vec::new();
        let mut at = 0;
        while at < self.chars.len() {
            let c = self.chars[at];
            let is_start = c.is_ascii_digit()
                || (c == '+' && self.chars.get(at + 1).is_some_and(|c| c.is_ascii_digit() || *c == '('))
                || (c == '(' && self.chars.get(at + 1).is_some_and(|c| c.is_ascii_digit() || *c == '+'));
            let before = at.checked_sub(1).map(|at| self.chars[at]);
            if !is_start || before.is_some_and(|c| c.is_ascii_alphanumeric() || "$€£¥#_-/".contains(c)) {
                at += 1;
                continue;
            }
            let mut n_digits = 0;
            let mut n = self.chars[at..]
                .iter()
                .take_while(|c| {
                    n_digits += usize::from(c.is_ascii_digit());
                    // Behind a whole number a stroke parts it from the next one.
                    c.is_ascii_digit() || "+-() .".contains(**c) || (**c == '/' && n_digits < 7)
                })
                .count();
            while n > 0 && !self.chars[at + n - 1].is_ascii_digit() {
                n -= 1;
            }
            let (end, said) = (at + n, self.text(at, at + n));
            let place = self.place(at, end.max(at + 1));
            if n > 0 && !taken.iter().any(|other| overlap(*other, place)) {
                let before = self.text(at.saturating_sub(24), at);
                let follows = self.chars.get(end).copied();
                if let Some(what) = number::number_of(&said, &before, follows) {
                    all.push(Contact { what, place });
                }
            }
            at = end.max(at + 1);
        }
        all.extend(self.accounts());
        all
    }

    /// Accounts of messengers that are names, behind a colon or with digits in them.
    fn accounts(&self) -> Vec<Contact> {
        let mut all = Vec::new();
        for at in 0..self.chars.len() {
            for word in ACCOUNT_WORDS {
                if !self.starts(at, word) || at > 0 && is_word(self.chars[at - 1]) && is_word(self.chars[at])
                {
                    continue;
                }
                let after = at + word.chars().count();
                let skip = self.chars[after..].iter().take_while(|c| ": 号id=-".contains(**c)).count();
                let has_colon = self.chars[after..after + skip].iter().any(|c| ":号=".contains(*c));
                let n = self.chars[after + skip..]
                    .iter()
                    .take_while(|c| c.is_ascii_alphanumeric() || "_-@".contains(**c))
                    .count();
                let name = self.text(after + skip, after + skip + n);
                let is_number = name.chars().filter(char::is_ascii_digit).count() >= 2;
                if n >= 4 && (has_colon || is_number) {
                    all.push(Contact { what: What::Account, place: self.place(at, after + skip + n) });
                }
            }
        }
        all
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// What a link is.
fn kind_of(host: &str, whole: &str) -> Vec<What> {
    let is_short = SHORTENERS.contains(&host) || matches!(host, "amzn.to" | "a.co");
    let has_parameters = TRACKING_PARAMETERS.iter().any(|name| whole.contains(name));
    let is_carrier = whole.starts_with("https://") && host.split('.').any(|label| CARRIERS.contains(&label));
    let mut all = Vec::new();
    if is_short || has_parameters {
        all.push(What::Tracked);
    }
    all.push(if is_carrier { What::Carrier } else { What::Link });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<What> {
        find(text, &Folded::new(text)).into_iter().map(|contact| contact.what).collect()
    }

    #[test]
    fn ways_outside_are_found_however_they_are_written() {
        for (text, expect) in [
            ("see https://lamps.example/help", What::Link),
            ("see www.lampshop.example", What::Link),
            ("see lampshop.com.", What::Link),
            ("ＬＡＭＰＳＨＯＰ．ＣＯＭ", What::Link),
            ("see bit.ly/3xYz", What::Tracked),
            ("https://shop.com/?utm_source=a", What::Tracked),
            ("write to help@lampshop.com", What::Mail),
            ("help (at) lampshop dot com", What::Mail),
            ("help[at]lampshop.de", What::Mail),
            ("call 555-123-4567", What::Phone),
            ("+49 30 1234567", What::Phone),
            ("Tel. 030 / 123 45 67", What::Phone),
            ("电话:13812345678", What::Phone),
            ("加微信 lamp_8866", What::Account),
            ("WhatsApp +1 555 123 4567", What::Account),
            ("<img src=\"https://x.example/p.gif\">", What::Image),
        ] {
            assert!(kinds(text).contains(&expect), "{text}: {:?}", kinds(text));
        }
    }

    #[test]
    fn orders_dates_sums_and_amazons_own_pages_are_none() {
        for text in [
            "Order 302-1234567-1234567",
            "delivered on 2026-11-22, or 22.11.2026",
            "It costs 1,299.00 EUR.",
            "https://www.amazon.de/review/create-review?asin=B0LAMP0001",
            "amazon.co.uk",
            "It broke.It was new",
            "Tracking number 1234567890123456",
            "tracking no. 00340434292135100186",
            "订单号 123-1234567-1234567",
            "2024-2026",
            "5 x 10 x 20 cm",
        ] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }
}
