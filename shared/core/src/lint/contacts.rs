//! Links, mail addresses, telephone numbers and images in a text, read letter by letter.

use super::fold;
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

/// Endings of names of sites. Of the 1,500 there are those that shops and private people use;
/// others are found with `http` or `www` before them.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "de", "fr", "es", "it", "jp", "cn", "co", "uk", "us", "ca", "at", "ch", "nl", "be",
    "se", "pl", "eu", "shop", "store", "io", "info", "biz", "app", "xyz", "top", "online", "site", "club",
    "vip", "cc", "me", "ly", "gl", "link", "page", "tv", "hk", "tw", "au", "mx", "br", "in", "tk", "ee",
    "gg", "gd", "support", "help", "rocks", "life", "world", "website",
];
/// Sites whose only purpose is to stand for another link.
const SHORTENERS: &[&str] = &[
    "bit.ly",
    "t.co",
    "goo.gl",
    "tinyurl.com",
    "ow.ly",
    "is.gd",
    "buff.ly",
    "rebrand.ly",
    "cutt.ly",
    "t.cn",
    "url.cn",
    "dwz.cn",
    "lnk.to",
    "linktr.ee",
    "shorturl.at",
    "rb.gy",
    "s.id",
    "t.ly",
    "tiny.cc",
    "v.gd",
    "x.gd",
    "suo.im",
    "lin.ee",
    "bl.ink",
    "qr.ae",
];
/// Carriers to whose tracking pages an order message may link. Amazon's guidelines allow links
/// that the order needs.
const CARRIERS: &[&str] = &[
    "dhl",
    "ups",
    "fedex",
    "usps",
    "dpd",
    "gls-group",
    "gls",
    "myhermes",
    "hermesworld",
    "royalmail",
    "laposte",
    "chronopost",
    "colissimo",
    "correos",
    "seur",
    "poste",
    "brt",
    "sda",
    "kuronekoyamato",
    "yamato",
    "sagawa-exp",
    "japanpost",
    "post",
    "sf-express",
    "17track",
    "4px",
    "yunexpress",
    "evri",
    "mondialrelay",
    "parcelforce",
    "deutschepost",
];
/// Words before a number that say it is a telephone's.
const PHONE_WORDS: &[&str] = &[
    "call",
    "phone",
    "tel",
    "telephone",
    "telefon",
    "telefono",
    "hotline",
    "mobile",
    "cell",
    "handy",
    "text",
    "sms",
    "ring",
    "dial",
    "appel",
    "appelez",
    "anruf",
    "rufen",
    "llame",
    "llamar",
    "llama",
    "chiama",
    "chiamare",
    "chiamaci",
    "fax",
    "whatsapp",
    "viber",
    "signal",
    "numero",
    "nummer",
    "电话",
    "手机",
    "致电",
    "拨打",
    "电话番号",
    "携带",
    "热线",
    "来电",
    "teléfono",
    "téléphone",
];
/// Messengers whose accounts are numbers or names, and the words that lead to one.
const ACCOUNT_WORDS: &[&str] = &[
    "whatsapp",
    "whats app",
    "wechat",
    "weixin",
    "telegram",
    "viber",
    "skype",
    "line id",
    "lineid",
    "微信",
    "微信号",
    "vx",
    "wx",
    "v信",
    "薇信",
    "威信",
    "加v",
    "加微",
    "qq",
    "扣扣",
    "企鹅",
    "line",
];
/// Parameters of links that say who clicked.
const TRACKING_PARAMETERS: &[&str] =
    &["utm_", "gclid=", "fbclid=", "mc_eid=", "?ref=", "&ref=", "?tag=", "&tag=", "trackid=", "clickid="];
/// Digits of a telephone number that is written without a sign of being one; a parcel's has more.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Everything of the kind in a text.
pub(super) fn find(text: &str) -> Vec<Contact> {
    let (chars, places) = fold::folded_text(text);
    let raw: Vec<char> = text.chars().collect();
    let reader = Reader { chars: &chars, places: &places, raw: &raw };
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
            let Some(end) = self.domain(after) else { continue };
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
    fn domain(&self, from: usize) -> Option<usize> {
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
            if at > from && ENDINGS.contains(&label.as_str()) {
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
            let named = if begins_word || is_sure { self.domain(from) } else { None };
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
            let mut n =
                self.chars[at..].iter().take_while(|c| c.is_ascii_digit() || "+-() ./".contains(**c)).count();
            while n > 0 && !self.chars[at + n - 1].is_ascii_digit() {
                n -= 1;
            }
            let (end, said) = (at + n, self.text(at, at + n));
            let place = self.place(at, end.max(at + 1));
            if n > 0 && !taken.iter().any(|other| overlap(*other, place)) {
                let before = self.text(at.saturating_sub(24), at);
                let follows = self.chars.get(end).copied();
                if let Some(what) = number_of(&said, &before, follows) {
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

/// What a number is, by its form and by the words before it.
fn number_of(said: &str, before: &str, follows: Option<char>) -> Option<What> {
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let groups: Vec<usize> =
        said.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|n| *n > 0).collect();
    if !PHONE_DIGITS.contains(&digits.len())
        || follows.is_some_and(|c| c.is_ascii_alphanumeric() || c == '%' || c == '_')
    {
        return None;
    }
    // An order of Amazon's, a date, a sum.
    if groups == [3, 7, 7] || is_date(&groups, said) || said.contains(". ") {
        return None;
    }
    let has_word = |words: &[&str]| {
        let near = before.trim_end_matches([' ', ':', '.', '(', '+', '-']);
        words.iter().any(|word| {
            let at = near.rfind(word);
            at.is_some_and(|at| {
                let tail = near[at + word.len()..].chars().count();
                let head = near[..at].chars().next_back();
                tail <= 12
                    && !head.is_some_and(|c| c.is_ascii_alphabetic() && word.is_ascii())
                    && !near[at + word.len()..]
                        .starts_with(|c: char| c.is_ascii_alphabetic() && word.is_ascii())
            })
        })
    };
    let is_order = [
        "order",
        "tracking",
        "sku",
        "invoice",
        "bestell",
        "sendung",
        "rechnung",
        "commande",
        "suivi",
        "pedido",
        "seguimiento",
        "ordine",
        "spedizione",
        "tracciamento",
        "订单",
        "单号",
        "注文番号",
        "追跡",
        "伝票",
        "お问い合わせ番号",
        "asin",
        "ean",
        "iban",
        "model",
        "serial",
    ]
    .iter()
    .any(|word| before.contains(word));
    if is_order {
        return None;
    }
    if has_word(ACCOUNT_WORDS) {
        return Some(What::Account);
    }
    if has_word(PHONE_WORDS) {
        return Some(What::Phone);
    }
    let is_international =
        said.starts_with('+') || said.starts_with("(+") || said.starts_with("00") && digits.len() >= 10;
    let is_bracketed = said.starts_with('(') && groups.len() >= 3;
    let is_american = groups == [3, 3, 4] || groups == [1, 3, 3, 4];
    let is_toll_free = groups.len() >= 3
        && matches!(groups[..], [3 | 4, 2..=3, 3..=4])
        && (digits.starts_with('0') || digits.starts_with("80"));
    let is_chinese = digits.len() == 11 && digits.starts_with('1') && matches!(groups[..], [3, 4, 4]);
    let is_chinese_plain = digits.len() == 11
        && groups.len() == 1
        && digits.starts_with('1')
        && matches!(digits.as_bytes().get(1), Some(b'3'..=b'9'));
    let is_local = digits.starts_with('0') && groups.len() >= 2 && digits.len() >= 9;
    (is_international
        || is_bracketed
        || is_american
        || is_toll_free
        || is_chinese
        || is_chinese_plain
        || is_local)
        .then_some(What::Phone)
}

/// Whether groups of digits are a day or a stretch of years.
fn is_date(groups: &[usize], said: &str) -> bool {
    matches!(groups, [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4] | [4, 4]) && !said.starts_with(['+', '0', '('])
        || matches!(groups, [2, 2, 2 | 4] | [4, 2, 2, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<What> {
        find(text).into_iter().map(|contact| contact.what).collect()
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
