//! What of a readable file could not be taken in: a message, or an order.

use std::fmt;

use renown_core::ids::{OrderId, SellerId};
use renown_core::say::{Lang, Text};
use serde::{Serialize, Serializer};

/// A message or an order that was not taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// Which.
    pub at: At,
    /// Why, and what to do.
    pub why: Why,
}

/// Where something stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// Line, from 1: in a file with one message per line.
    Line(u64),
    /// Number of the message, from 1: in any other file.
    Message(u64),
    /// An order, whichever its rows.
    Order(OrderId),
}

/// Why something was not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The message cannot be read.
    Unreadable {
        /// Where in the message.
        place: String,
        /// What is wrong there.
        problem: Text,
    },
    /// The message is longer than any of Amazon's.
    TooLong {
        /// Longest that is read, in KiB.
        limit_kib: usize,
    },
    /// Its type is of no use.
    NoUse {
        /// The type.
        kind: String,
    },
    /// Its seller is not connected.
    NotConnected {
        /// The seller.
        seller: SellerId,
    },
    /// The table did not take it.
    NotTaken,
    /// A newer Renown wrote the order, so it was left as it is.
    NewerVersion,
}

impl Failed {
    /// What an operator reads.
    pub fn in_lang(&self, lang: Lang) -> String {
        match lang {
            Lang::En => format!("{}: {}", self.at.english(), self.why.english()),
            Lang::Zh => format!("{}:{}", self.at.chinese(), self.why.chinese()),
        }
    }
}

impl At {
    fn english(&self) -> String {
        match self {
            Self::Line(line) => format!("line {line}"),
            Self::Message(n) => format!("message {n}"),
            Self::Order(order) => format!("order {order}"),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Line(line) => format!("第 {line} 行"),
            Self::Message(n) => format!("第 {n} 条消息"),
            Self::Order(order) => format!("订单 {order}"),
        }
    }
}

impl Why {
    /// Where in a message, for the ledger.
    pub(super) fn place(&self) -> &str {
        match self {
            Self::Unreadable { place, .. } => place,
            Self::TooLong { .. } => "message",
            Self::NoUse { .. } => "notificationType",
            Self::NotConnected { .. } => "SellerId",
            Self::NotTaken | Self::NewerVersion => "order",
        }
    }

    /// In both languages, for the ledger.
    pub(super) fn text(&self) -> Text {
        Text { en: self.english(), zh: self.chinese() }
    }

    fn english(&self) -> String {
        match self {
            Self::Unreadable { place, problem: Text { en, .. } } => {
                format!("{place}: {en}; update Renown or report the new form, then import the file again")
            }
            Self::TooLong { limit_kib } => {
                format!("it is longer than {limit_kib} KiB; put one message on a line")
            }
            Self::NoUse { kind } => format!("Renown has no use for {kind:?}; leave such messages out"),
            Self::NotConnected { seller } => {
                format!("seller {seller} is not connected; connect it, then import the file again")
            }
            Self::NotTaken => "the ledger did not take it; import the file again".to_owned(),
            Self::NewerVersion => {
                "a newer Renown wrote it, so it was left as it is; update Renown, then import the file again"
                    .to_owned()
            }
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Unreadable { place, problem: Text { zh, .. } } => {
                format!("无法读取({place}:{zh});请更新 Renown 或反馈新的格式,然后再次导入该文件")
            }
            Self::TooLong { limit_kib } => format!("超过 {limit_kib} KiB;请每行只放一条消息"),
            Self::NoUse { kind } => format!("Renown 用不到 {kind:?};请去掉这类消息"),
            Self::NotConnected { seller } => {
                format!("卖家 {seller} 尚未连接;请先连接,再导入该文件")
            }
            Self::NotTaken => "没有写入账本;请再次导入该文件".to_owned(),
            Self::NewerVersion => {
                "由更新版本的 Renown 写入,因此保持原样;请更新 Renown,然后再次导入该文件".to_owned()
            }
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Why {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_is_told_in_both_languages() {
        use renown_core::text;
        let whys = [
            Why::Unreadable {
                place: "message body".to_owned(), problem: text!("is not JSON", "不是 JSON")
            },
            Why::TooLong { limit_kib: 1024 },
            Why::NoUse { kind: "FEED_PROCESSING_FINISHED".to_owned() },
            Why::NotConnected { seller: "A1".parse().expect("valid") },
            Why::NotTaken,
            Why::NewerVersion,
        ];
        let order = At::Order("302-1111111-1111111".parse().expect("valid"));
        for (why, at) in whys.into_iter().zip([At::Line(3), At::Message(3), order].iter().cycle()) {
            let failed = Failed { at: at.clone(), why };
            let (english, chinese) = (failed.in_lang(Lang::En), failed.in_lang(Lang::Zh));
            assert_eq!(english, format!("{}: {}", failed.at, failed.why));
            assert!(chinese.contains("导入") || chinese.contains("请"), "{chinese}");
        }
    }
}
