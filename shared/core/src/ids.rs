//! Identifiers, each its own type so that a seller can never stand where an order belongs.
//!
//! An id is parsed once at the edge. Inside, it is printable; one that stands in a table key
//! has no `#`, the keys' separator, so that a key can be taken apart again.

pub mod asin;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} {text:?} {problem}")]
pub struct InvalidId {
    kind: &'static str,
    text: String,
    problem: IdProblem,
}

/// What is wrong with an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdProblem {
    /// There is nothing.
    Empty,
    /// It is longer than any id.
    TooLong,
    /// It has a control character in it.
    Control,
    /// It is no word that can stand in a table key.
    NoWord,
    /// It is not an order id as Amazon writes it.
    NoOrderId,
    /// It names a marketplace that this version does not know.
    UnknownMarketplace,
    /// It is not a shop's short name.
    NoShopId,
    /// It is not an order of a shop.
    NoShopOrder,
    /// It is no hash of an address.
    NoPerson,
}

impl IdProblem {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Empty,
        Self::TooLong,
        Self::Control,
        Self::NoWord,
        Self::NoOrderId,
        Self::UnknownMarketplace,
        Self::NoShopId,
        Self::NoShopOrder,
        Self::NoPerson,
    ];

    /// What a person reads, after the id.
    pub fn text(self) -> &'static str {
        match self {
            Self::Empty => "is empty",
            Self::TooLong => "is longer than 128 characters",
            Self::Control => "contains a control character",
            Self::NoWord => "contains a blank, a '#' or a non-ASCII character",
            Self::NoOrderId => "is not of the form 123-1234567-1234567",
            Self::NoShopId => "is not of lower-case letters, digits and '-', at most 32",
            Self::NoShopOrder => "is not of letters, digits, '-' and '_', at most 64",
            Self::NoPerson => "is not of 32 hexadecimal digits",
            Self::UnknownMarketplace => "is not known to this version; known ids stand in marketplace.rs",
        }
    }
}

impl fmt::Display for IdProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl InvalidId {
    pub(crate) fn new(kind: &'static str, text: &str, problem: IdProblem) -> Self {
        // Bounded: the text may be a whole file that landed in the wrong column.
        let text = text.chars().take(60).collect();
        Self { kind, text, problem }
    }

    /// What was taken for an id, cut short.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong with it.
    pub fn problem(&self) -> IdProblem {
        self.problem
    }
}

const MAX_CHARS: usize = 128;

fn check_plain(kind: &'static str, text: &str) -> Result<(), InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::new(kind, text, IdProblem::Empty));
    }
    if text.chars().count() > MAX_CHARS {
        return Err(InvalidId::new(kind, text, IdProblem::TooLong));
    }
    if text.chars().any(char::is_control) {
        return Err(InvalidId::new(kind, text, IdProblem::Control));
    }
    Ok(())
}

fn check_word(kind: &'static str, text: &str) -> Result<(), InvalidId> {
    check_plain(kind, text)?;
    if text.chars().any(|c| c.is_whitespace() || c == '#' || !c.is_ascii()) {
        return Err(InvalidId::new(kind, text, IdProblem::NoWord));
    }
    Ok(())
}

/// `123-1234567-1234567`; multi-channel orders begin with a letter (`S01-…`).
fn check_order_id(kind: &'static str, text: &str) -> Result<(), InvalidId> {
    let problem = || InvalidId::new(kind, text, IdProblem::NoOrderId);
    let parts: Vec<&str> = text.split('-').collect();
    let [head, middle, tail] = parts[..] else {
        return Err(problem());
    };
    let digits = |part: &str| part.len() == 7 && part.bytes().all(|b| b.is_ascii_digit());
    let head_ok = head.len() == 3 && head.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if head_ok && digits(middle) && digits(tail) { Ok(()) } else { Err(problem()) }
}

/// A name that may stand in the address of a webhook, in a table key and in a tag of SES.
fn check_shop(kind: &'static str, text: &str) -> Result<(), InvalidId> {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_shop = !text.is_empty() && text.len() <= 32 && text.bytes().all(is_plain);
    if is_shop { Ok(()) } else { Err(InvalidId::new(kind, text, IdProblem::NoShopId)) }
}

/// What a tag of SES may hold (SES API, `MessageTag`).
fn check_shop_order(kind: &'static str, text: &str) -> Result<(), InvalidId> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let is_order = !text.is_empty() && text.len() <= 64 && text.bytes().all(is_plain);
    if is_order { Ok(()) } else { Err(InvalidId::new(kind, text, IdProblem::NoShopOrder)) }
}

fn check_person(kind: &'static str, text: &str) -> Result<(), InvalidId> {
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if text.len() == 32 && text.bytes().all(is_hex) {
        Ok(())
    } else {
        Err(InvalidId::new(kind, "", IdProblem::NoPerson))
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as Amazon writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                $check($kind, text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                $check($kind, &text)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// An LWA client: `amzn1.application-oa2-client.…`. A seller may have its own.
    AppId, "app id", check_word
);
id!(
    /// A selling partner (merchant token), `A2…`.
    SellerId, "seller id", check_word
);
id!(
    /// A shop of the seller's own, by the short name the operator gave it.
    ShopId, "shop", check_shop
);
id!(
    /// An order of a shop, by the shop's own id.
    ShopOrderId, "shop order", check_shop_order
);
id!(
    /// A customer of a seller's shops: the keyed hash of their mail address. Without the key it
    /// says nothing about them.
    Person, "person", check_person
);
id!(
    /// An Amazon order, `123-1234567-1234567`.
    OrderId, "order id", check_order_id
);
id!(
    /// A seller's own name of an item. Free text: blanks and any script are allowed.
    Sku, "SKU", check_plain
);
id!(
    /// Amazon's name of an item, `B0…`.
    Asin, "ASIN", check_word
);
id!(
    /// A notification subscription; `ACCOUNT_STATUS_CHANGED` names its seller only by it.
    SubscriptionId, "subscription id", check_word
);

impl OrderId {
    /// A number spread evenly over orders and the same on every machine and in every version:
    /// it draws test arms, shares, shards and the minute of the day.
    ///
    /// `purpose` keeps the draws independent of each other.
    pub fn draw(&self, purpose: &str) -> u64 {
        use sha2::{Digest, Sha256};
        let digest = Sha256::new()
            .chain_update(purpose.as_bytes())
            .chain_update([0])
            .chain_update(self.0.as_bytes())
            .finalize();
        let mut first = [0_u8; 8];
        first.copy_from_slice(&digest[..8]);
        u64::from_be_bytes(first)
    }
}

/// Whether a text can name what an operator sets up (a test, an arm, a target): letters a–z, digits
/// and hyphens, at most 24.
pub fn is_short_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=24).contains(&text.len()) && text.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_id_is_taken_only_in_amazons_form() {
        for good in ["123-1234567-1234567", "S01-1234567-7654321"] {
            assert_eq!(good.parse::<OrderId>().expect("valid").to_string(), good);
        }
        for bad in [
            "",
            "123",
            "123-1234567-123456",
            "123-1234567-12345678",
            "12a-1234567-1234567",
            "123-1234567-1234567 ",
        ] {
            assert!(bad.parse::<OrderId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_id_cannot_carry_the_key_separator() {
        assert!("A1#B".parse::<SellerId>().is_err());
        // A SKU stands in no key that is taken apart, and sellers do write '#' in theirs.
        assert!("蓝色 #2".parse::<Sku>().is_ok());
        assert!("blue\t2".parse::<Sku>().is_err());
    }

    #[test]
    fn draws_for_two_purposes_differ_and_never_change() {
        let order: OrderId = "123-1234567-1234567".parse().expect("valid");
        assert_ne!(order.draw("spread"), order.draw("arm"));
        assert_eq!(order.draw("spread"), order.clone().draw("spread"));
    }
}
