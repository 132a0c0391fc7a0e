//! A name in DNS, as it is asked for.

use std::fmt;
use std::str::FromStr;

/// Longest name, in characters with its dots. Source: RFC 1035 2.3.4.
const MAX_NAME: usize = 253;
/// Longest part between two dots. Source: the same.
const MAX_LABEL: usize = 63;

/// A name of at least two parts, in lower case, without a dot at its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(String);

/// The text is no name in DNS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no name of a domain, such as mail.shop.example (other scripts as xn--…)")]
pub struct NotADomain;

impl FromStr for Domain {
    type Err = NotADomain;

    fn from_str(text: &str) -> Result<Self, NotADomain> {
        let text = text.trim();
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        // Names of keys and policies begin with an underscore.
        let is_of_a_name = |c: u8| c.is_ascii_alphanumeric() || c == b'-' || c == b'_';
        let is_label =
            |label: &str| (1..=MAX_LABEL).contains(&label.len()) && label.bytes().all(is_of_a_name);
        let is_name = name.len() <= MAX_NAME && name.contains('.') && name.split('.').all(is_label);
        if is_name { Ok(Self(name)) } else { Err(NotADomain) }
    }
}

impl Domain {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name below this one, if it is not too long.
    pub fn below(&self, labels: &str) -> Option<Self> {
        format!("{labels}.{self}").parse().ok()
    }

    /// The name without its first part, if two are left.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_once('.').and_then(|(_, rest)| rest.parse().ok())
    }

    /// Whether the name lies below another.
    pub fn is_below(&self, other: &Self) -> bool {
        self.0.strip_suffix(other.as_str()).is_some_and(|rest| rest.ends_with('.'))
    }

    /// Whether two names are of one organisation: they share their last two parts. Where a registry
    /// gives names below two parts (`co.uk`), strangers count as one; the list of such registries
    /// would weigh more than what it saves here.
    pub fn is_akin_to(&self, other: &Self) -> bool {
        let organisation = |name: &'_ Self| {
            let mut labels = name.0.rsplit('.');
            (labels.next().map(ToOwned::to_owned), labels.next().map(ToOwned::to_owned))
        };
        organisation(self) == organisation(other)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Domain {
        text.parse().expect("a name")
    }

    #[test]
    fn a_name_is_in_lower_case_and_without_its_last_dot() {
        assert_eq!(name(" Mail.Shop.Example. ").as_str(), "mail.shop.example");
        assert_eq!(name("_dmarc.shop.example").as_str(), "_dmarc.shop.example");
    }

    #[test]
    fn what_cannot_stand_in_dns_is_no_name() {
        let long = format!("{}.example", "a".repeat(64));
        for text in ["", "shop", "shop..example", ".shop.example", "a b.example", "茶.example", &long] {
            assert_eq!(text.parse::<Domain>(), Err(NotADomain), "{text}");
        }
    }

    #[test]
    fn a_name_lies_below_its_parent_alone() {
        let (mail, shop) = (name("mail.shop.example"), name("shop.example"));
        assert_eq!(mail.parent(), Some(shop.clone()));
        assert_eq!(shop.parent(), None);
        assert!(mail.is_below(&shop) && !shop.is_below(&mail) && !shop.is_below(&shop));
        assert!(!name("myshop.example").is_below(&shop));
        assert!(mail.is_akin_to(&name("dmarc.shop.example")) && !mail.is_akin_to(&name("other.example")));
    }
}
