//! A ground for the removal of a feedback, and what an operator is told of it.

use crate::say::Text;
use crate::text;
use crate::text::Cause;

/// Days from the feedback within which its removal can be asked for.
pub const REMOVAL_DAYS: u8 = 90;

/// Why Amazon removes a feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Obscene or abusive language.
    Abusive,
    /// Who or where somebody is: names, addresses, numbers.
    Personal,
    /// Advertising, or a link to another site.
    Promotional,
    /// The whole comment is about the product.
    ProductReview,
    /// The whole comment is about the delivery or the service of an order that Amazon fulfilled.
    FulfilledByAmazon,
}

/// How sure it is that a ground is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sureness {
    /// It looks so.
    Likely,
    /// A person should read it once more.
    Possible,
}

/// A ground for removal, and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Which one.
    pub reason: Reason,
    /// How sure it is.
    pub sure: Sureness,
    /// The words that speak for it, as they stand in the feedback; none where its causes do.
    pub words: Vec<String>,
    /// The causes that speak for it; none where its words do.
    pub causes: Vec<Cause>,
    /// What to do in Seller Central, and until when.
    pub to_do: Text,
}

impl Ground {
    pub(super) fn new(reason: Reason, sure: Sureness, words: Vec<String>, causes: Vec<Cause>) -> Self {
        Self { reason, sure, words, causes, to_do: to_do(reason) }
    }
}

impl Reason {
    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Abusive => text!("obscene or abusive language", "淫秽或辱骂性语言"),
            Self::Personal => text!("personal information", "个人信息"),
            Self::Promotional => text!("promotional content", "推广内容"),
            Self::ProductReview => text!("the whole comment is a product review", "全部内容是商品评论"),
            Self::FulfilledByAmazon => text!(
                "the whole comment is about an order that Amazon fulfilled",
                "全部内容涉及由亚马逊配送的订单"
            ),
        }
    }
}

impl Sureness {
    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Likely => text!("likely", "很可能"),
            Self::Possible => text!("possible", "有可能"),
        }
    }
}

/// What to do in Seller Central.
fn to_do(reason: Reason) -> Text {
    let Text { en, zh } = reason.text();
    let ask = text!(
        "In Seller Central open Feedback Manager, choose \"Request removal\" beside this feedback and give as the ground: {en}. This works for {REMOVAL_DAYS} days from the day of the feedback.",
        "在卖家平台打开“反馈管理器”,在该反馈旁选择“请求移除”,理由为:{zh}。须在反馈之日起 {REMOVAL_DAYS} 天内提出。",
    );
    if reason != Reason::FulfilledByAmazon {
        return ask;
    }
    let (en, zh) = (ask.en, ask.zh);
    text!(
        "{en} Amazon strikes it through and takes it upon itself; it then no longer counts.",
        "{zh}亚马逊会将其划去并承担责任,此后不再计入评分。",
    )
}
