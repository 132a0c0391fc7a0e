//! What a shop tells of an order and its customer, in whatever form it came.

use jiff::Timestamp;

use super::contact::Consent;
use super::order::Facts;
use crate::ids::ShopOrderId;
use crate::say::Text;

/// What a shop told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Something about an order.
    Order(Box<OrderNews>),
    /// A customer is to be forgotten, everywhere.
    Forget {
        /// Their address.
        email: Email,
    },
    /// A customer, or the platform for them, asks what is stored. A person answers that.
    DataRequest,
    /// Nothing that Renown has use for, with its name.
    Useless(String),
}

/// Something about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderNews {
    /// The order.
    pub id: ShopOrderId,
    /// What was told; its person is filled in by whoever has the key.
    pub facts: Facts,
    /// Who bought; `None`: not told, or without an address.
    pub customer: Option<Customer>,
}

/// Who bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Where mail goes.
    pub email: Email,
    /// What they are called.
    pub name: Option<Name>,
    /// Their language: `de-AT`.
    pub locale: Option<String>,
    /// ISO 3166 code of where they live.
    pub country: Option<String>,
    /// What they said about mails.
    pub consent: Option<Consent>,
    /// As of when this was told.
    pub as_of: Timestamp,
}

/// A mail address. Shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(pub String);

impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<address>")
    }
}

/// A person's name. Shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(pub String);

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<name>")
    }
}

/// What was told cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where in it.
    pub place: String,
    /// What is wrong, without any of its content.
    pub problem: Text,
}

/// Longest name, in characters: what is longer is none.
const MAX_NAME: usize = 80;
/// Longest title or number that is kept, in characters.
const MAX_CHARS: usize = 200;

/// A text of the shop as it is kept: one line of bounded length.
pub fn plain(text: &str) -> String {
    let words: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A person's name as it may stand in a mail; `None` where it leads somewhere: whoever orders under
/// such a name wants the shop to send that for them.
pub fn name(text: &str) -> Option<Name> {
    let text = plain(text);
    let leads = |word: &str| {
        let after = word.trim_end_matches('.').rsplit_once('.').map(|(_, after)| after);
        let is_domain = after
            .is_some_and(|after| after.chars().count() >= 2 && after.chars().all(|c| c.is_ascii_lowercase()));
        is_domain || word.contains(['@', '/', '<', '>']) || word.to_lowercase().starts_with("www.")
    };
    let is_long = text.chars().count() > MAX_NAME;
    (!text.is_empty() && !is_long && !text.split_whitespace().any(leads)).then_some(Name(text))
}

/// An address that mail can go to; `None` for anything else.
pub fn email(text: &str) -> Option<Email> {
    let text = text.trim();
    super::shop::is_address(text).then(|| Email(text.to_owned()))
}

/// A language with its region (`de-AT`), as kept beside a contact and not encrypted: so nothing else
/// is taken for one. Source: BCP 47 (RFC 5646 4.4.1: 35 characters suffice).
pub fn locale(text: &str) -> Option<String> {
    let text = text.trim();
    let is_tag =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let language = text.split(['-', '_']).next().unwrap_or_default();
    let is_language = (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic());
    (is_language && text.len() <= 35 && text.split(['-', '_']).all(is_tag)).then(|| text.to_owned())
}

/// A country's two letters.
pub fn country(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    (text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())).then_some(text)
}

/// An amount of money in the smallest unit of its currency: `12.34` is 1234, and 1234 for a
/// currency without smaller coins. Source: ISO 4217 (the currencies without, that shops use).
pub fn amount(text: &str, currency: &str) -> Option<i64> {
    let decimals = if matches!(currency, "JPY" | "KRW" | "VND" | "CLP" | "ISK") { 0 } else { 2 };
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let part: String = part.chars().chain(std::iter::repeat('0')).take(decimals).collect();
    format!("{whole}{part}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_the_smallest_unit_of_their_currency() {
        for (text, currency, expect) in [
            ("12.34", "EUR", Some(1234)),
            ("12.3", "USD", Some(1230)),
            ("12", "GBP", Some(1200)),
            ("1200.00", "JPY", Some(1200)),
            ("12.345", "EUR", Some(1234)),
            ("-1", "EUR", None),
            ("1,200.00", "EUR", None),
            ("", "EUR", None),
        ] {
            assert_eq!(amount(text, currency), expect, "{text} {currency}");
        }
    }

    #[test]
    fn a_locale_is_a_tag_of_a_language_and_never_an_address_or_a_name() {
        for tag in ["de", "de-AT", "zh-Hans-CN", "en_GB", " fr "] {
            assert_eq!(locale(tag).as_deref(), Some(tag.trim()));
        }
        for other in ["", "ana@x.example", "Ana Muster", "Muster", "de--AT", "de-AT-", "Kanarienvogel"] {
            assert_eq!(locale(other), None, "{other}");
        }
    }

    #[test]
    fn what_names_a_customer_shows_nothing_of_them() {
        let shown = format!("{:?} {:?}", email("ana@x.example"), Name("Ana".to_owned()));
        assert!(!shown.to_lowercase().contains("ana"), "{shown}");
    }

    #[test]
    fn a_name_that_leads_somewhere_is_none() {
        for (text, expect) in [
            ("Ana Muster", Some("Ana Muster")),
            ("Dr. J. R. Müller-Lüdenscheidt", Some("Dr. J. R. Müller-Lüdenscheidt")),
            ("M.Sc. 山田 太郎", Some("M.Sc. 山田 太郎")),
            ("Ana\tMuster\r\n", Some("Ana Muster")),
            ("", None),
            ("Dan http://evil.example", None),
            ("evil.example wins", None),
            ("www.Evil", None),
            ("dan@evil.example", None),
        ] {
            assert_eq!(name(text).map(|name| name.0).as_deref(), expect, "{text}");
        }
        assert_eq!(name(&"x".repeat(81)), None);
    }
}
