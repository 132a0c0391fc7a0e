//! One fact that speaks of an unhappy buyer or an endangered account.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::serde::timestamp::second::required as secs;
use serde::{Deserialize, Serialize};

use super::subject::Subject;
use crate::control;
use crate::ids::{Asin, SellerId, Sku};
use crate::marketplace::MarketplaceId;
use crate::say::Text;
use crate::text;

/// Longest words of a buyer that are kept, in characters. A seller feedback at Amazon has 400 at
/// most; a comment of a return seldom more.
const MAX_WORDS: usize = 600;

/// One fact. Told again it has the same id, and is known by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Made of the fact alone. Nothing personal.
    pub id: String,
    /// Whose.
    pub seller: SellerId,
    /// What it is about.
    pub subject: Subject,
    /// What it says.
    pub kind: Kind,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<MarketplaceId>,
    /// The product, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asin: Option<Asin>,
    /// The seller's name of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Sku>,
    /// Whether Amazon shipped what it is about; `None`: not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_amazon: Option<bool>,
    /// The day it happened, where its source says so beyond doubt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The day as its source wrote it, where that can be read in two ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_day: Option<String>,
    /// Its source is as of then.
    #[serde(with = "secs")]
    pub as_of: Timestamp,
    /// When it was heard of.
    #[serde(with = "secs")]
    pub seen_at: Timestamp,
    /// The buyer's own words, without ways to reach anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The stars that were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stars: Option<u8>,
    /// Amazon's reason of a return, as it wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many complaints it counts, where that is what it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// What is to be known beside that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// What a signal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A seller feedback of one to three stars.
    Feedback,
    /// A feedback that Amazon lists no more: the buyer or Amazon took it away.
    FeedbackGone,
    /// Something came back, or is to.
    Return,
    /// A claim on Amazon's guarantee (A-to-Z).
    Claim,
    /// A payment that the buyer disputed with a bank.
    Chargeback,
    /// A return that nobody decided on in time.
    OverdueReturn,
    /// An unhappy answer to a survey of a shop.
    Survey,
    /// A review of a product that the seller exported.
    Review,
    /// A metric that misses Amazon's target.
    Health,
    /// Amazon warns the account, or has closed it.
    AccountStatus,
    /// Several buyers complain of one thing.
    Topic,
    /// A parcel that could not be delivered.
    Undeliverable,
    /// An order that was not shipped in time.
    LateToShip,
    /// A parcel that does not move.
    Stuck,
    /// A brake that was pulled.
    Brake {
        /// Why.
        cause: control::Cause,
    },
    /// Amazon lets nobody in.
    Access,
}

impl Kind {
    /// Its name in files and for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feedback => "feedback",
            Self::FeedbackGone => "feedback_gone",
            Self::Return => "return",
            Self::Claim => "claim",
            Self::Chargeback => "chargeback",
            Self::OverdueReturn => "overdue_return",
            Self::Survey => "survey",
            Self::Review => "review",
            Self::Health => "health",
            Self::AccountStatus => "account_status",
            Self::Topic => "topic",
            Self::Undeliverable => "undeliverable",
            Self::LateToShip => "late_to_ship",
            Self::Stuck => "stuck",
            Self::Brake { .. } => "brake",
            Self::Access => "access",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Feedback => text!("seller feedback", "店铺反馈"),
            Self::FeedbackGone => text!("seller feedback removed", "店铺反馈已移除"),
            Self::Return => text!("return", "退货"),
            Self::Claim => text!("A-to-Z claim", "A-to-Z 索赔"),
            Self::Chargeback => text!("chargeback", "信用卡拒付"),
            Self::OverdueReturn => text!("return not decided in time", "退货请求逾期未处理"),
            Self::Survey => text!("survey", "问卷"),
            Self::Review => text!("product review", "商品评论"),
            Self::Health => text!("account health", "账户状况"),
            Self::AccountStatus => text!("account status", "账户状态"),
            Self::Topic => text!("several complaints of one thing", "同一问题多次投诉"),
            Self::Undeliverable => text!("parcel undeliverable", "包裹无法投递"),
            Self::LateToShip => text!("not shipped in time", "未按时发货"),
            Self::Stuck => text!("parcel stuck", "包裹停滞"),
            Self::Brake { .. } => text!("brake pulled", "已触发刹车"),
            Self::Access => text!("access denied", "授权失效"),
        }
    }
}

impl Signal {
    /// A fact with nothing beside it. `what` tells it from other facts of its kind and subject: the
    /// day and the hash of what was said, say.
    pub fn new(
        seller: SellerId,
        subject: Subject,
        kind: Kind,
        what: &str,
        (as_of, seen_at): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            id: format!("{}#{}#{what}", subject.id(), kind.name()),
            seller,
            subject,
            kind,
            marketplace: None,
            asin: None,
            sku: None,
            by_amazon: None,
            day: None,
            raw_day: None,
            as_of,
            seen_at,
            words: None,
            stars: None,
            reason: None,
            count: None,
            note: None,
        }
    }

    /// The same with a buyer's words: without ways to reach anybody, and not too long.
    #[must_use]
    pub fn saying(mut self, words: &str) -> Self {
        let plain = crate::lint::without_contacts(&crate::push::lines(words));
        let cut: String = plain.chars().take(MAX_WORDS).collect();
        self.words = (!cut.is_empty()).then_some(cut);
        self
    }

    /// The same with what is to be known beside it.
    #[must_use]
    pub fn noting(mut self, note: Text) -> Self {
        self.note = Some(note);
        self
    }
}
