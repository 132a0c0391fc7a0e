//! What of an account health report cannot be read, and where.

use crate::say::Text;
use crate::text;

/// Why a report is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub enum HealthError {
    /// It is no JSON.
    NotJson {
        /// Line at which it stops being JSON, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// It is JSON of something else.
    NotTheReport,
}

impl HealthError {
    /// What is wrong and what to do.
    pub fn text(self) -> Text {
        match self {
            Self::NotJson { line, column } => text!(
                "the account health report is no JSON from line {line}, column {column} on; ask for it again",
                "账户状况报告从第 {line} 行第 {column} 列起不是 JSON;请重新请求该报告"
            ),
            Self::NotTheReport => text!(
                "the account health report has neither accountStatuses nor performanceMetrics; ask for GET_V2_SELLER_PERFORMANCE_REPORT again",
                "账户状况报告既没有 accountStatuses 也没有 performanceMetrics;请重新请求 GET_V2_SELLER_PERFORMANCE_REPORT"
            ),
        }
    }
}

/// A member that could not be read. All others were.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub struct Unread {
    /// Where it stands: `performanceMetrics[0].lateShipmentRate.rate`.
    pub place: String,
    /// What is wrong with it.
    pub problem: Unreadable,
}

/// What is wrong with a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// A number was expected.
    Number,
    /// A count was expected.
    Count,
    /// A word was expected.
    Word,
    /// A time was expected.
    Time,
    /// An object was expected.
    Object,
    /// A list was expected.
    List,
    /// It is not there, or names no marketplace that is known.
    Marketplace,
    /// It is neither a rate nor a policy, nor anything else that is known.
    Kind,
}

impl Unreadable {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Number,
        Self::Count,
        Self::Word,
        Self::Time,
        Self::Object,
        Self::List,
        Self::Marketplace,
        Self::Kind,
    ];
}

impl Unread {
    /// Where, what is wrong and what to do.
    pub fn text(&self) -> Text {
        let place = &self.place;
        let Text { en, zh } = match self.problem {
            Unreadable::Number => text!("is not a number", "不是数字"),
            Unreadable::Count => text!("is not a whole number", "不是整数"),
            Unreadable::Word => text!("is not a word", "不是文本"),
            Unreadable::Time => {
                text!("is not a time as 2026-10-05T00:00Z", "不是 2026-10-05T00:00Z 格式的时间")
            }
            Unreadable::Object => text!("is not an object", "不是对象"),
            Unreadable::List => text!("is not a list", "不是列表"),
            Unreadable::Marketplace => text!("is no marketplace that is known", "不是已知的站点"),
            Unreadable::Kind => text!("is nothing this version knows", "此版本不认识"),
        };
        text!(
            "account health report, {place}: {en}; all else is read; update Renown or report it",
            "账户状况报告,{place}:{zh};其余内容均已读取;请更新 Renown 或反馈给我们"
        )
    }
}
