//! Addresses that are not written to, and why.

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::required as secs;
use serde::{Deserialize, Serialize};

use crate::say::Text;
use crate::text;

/// An address that is not written to. It stands under the keyed hash of the address, so the list
/// shows nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// Why.
    pub reason: Reason,
    /// Since when.
    #[serde(with = "secs")]
    pub at: Timestamp,
    /// A few words: who added it, or what the receiving server said, without addresses.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// An address that was taken off the list although its owner had wished to be on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// What stood there.
    pub was: Suppression,
    /// Why it no longer does, in the words of whoever did it.
    pub because: String,
    /// When.
    #[serde(with = "secs")]
    pub at: Timestamp,
}

/// Why an address is not written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The receiving server said that there is no such mailbox.
    Bounced,
    /// Three mails within 30 days did not get through.
    KeepsBouncing,
    /// Its owner called a mail spam.
    Complained,
    /// Its owner unsubscribed.
    Unsubscribed,
    /// Its owner had everything about them erased.
    Erased,
    /// An operator added it.
    ByHand,
    /// It stands on the list that SES keeps for the account.
    OnSesList,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Bounced,
        Self::KeepsBouncing,
        Self::Complained,
        Self::Unsubscribed,
        Self::Erased,
        Self::ByHand,
        Self::OnSesList,
    ];

    /// Its name in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::KeepsBouncing => "keeps_bouncing",
            Self::Complained => "complained",
            Self::Unsubscribed => "unsubscribed",
            Self::Erased => "erased",
            Self::ByHand => "by_hand",
            Self::OnSesList => "on_ses_list",
        }
    }

    /// The reason of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// Whether the address's owner wanted it: such an entry is not taken back by an operator's
    /// wish alone.
    pub fn is_the_owners_wish(self) -> bool {
        matches!(self, Self::Complained | Self::Unsubscribed | Self::Erased)
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Bounced => text!("there is no such mailbox", "邮箱不存在"),
            Self::KeepsBouncing => {
                text!("three mails in 30 days did not get through", "30 天内三封邮件未能送达")
            }
            Self::Complained => text!("its owner called a mail spam", "收件人将邮件标为垃圾邮件"),
            Self::Unsubscribed => text!("its owner unsubscribed", "收件人已退订"),
            Self::Erased => text!("its owner had their data erased", "收件人要求删除其数据"),
            Self::ByHand => text!("added by hand", "手动添加"),
            Self::OnSesList => text!("it is on the suppression list of SES", "在 SES 的抑制名单中"),
        }
    }
}

/// For whom an address is suppressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// For everybody: the mailbox is not there, or its owner complained, which harms the account.
    Account,
    /// For the shops of one seller.
    Seller(crate::ids::SellerId),
}

impl Scope {
    /// What an operator reads.
    pub fn text(&self) -> Text {
        match self {
            Self::Account => text!("the account", "整个账户"),
            Self::Seller(seller) => text!("{seller}", "卖家 {seller}"),
        }
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // No seller's id has a blank in it.
            Self::Account => f.write_str("the account"),
            Self::Seller(seller) => seller.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_from_its_name_and_stored_under_it() {
        for reason in Reason::ALL {
            assert_eq!(Reason::of_name(reason.name()), Some(reason));
            assert_eq!(serde_json::to_value(reason).expect("a text"), reason.name());
        }
    }
}
