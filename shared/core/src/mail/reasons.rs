//! Why a mail is not sent, not yet, or not without a person: closed lists, so that each reason
//! can be counted and read in both languages.

use serde::{Deserialize, Serialize};

use super::suppression::Reason;
use crate::say::Text;
use crate::text;

/// Why a mail is not sent, for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skip {
    /// The order was cancelled before it was shipped.
    Cancelled,
    /// It was due before the shop went live, or before the copy it was restored from.
    BeforeLive,
    /// The order names no address that mail can go to.
    NoAddress,
    /// The customer's address was erased, or its time was over.
    AddressGone,
    /// The address is suppressed.
    Suppressed(Reason),
    /// Nothing shows that the customer said yes to mails.
    NoConsent,
    /// The customer said no.
    ConsentRefused,
    /// This very mail went to the person already: their shop was removed and added again since.
    SentBefore,
    /// The same person was asked about the same product within twelve months.
    ProductAskedBefore,
    /// The invitation was followed: no reminder, no survey.
    Followed,
    /// The mail it would remind of was not delivered.
    NothingToRemindOf,
    /// The survey was answered already.
    Answered,
    /// An operator decided so.
    ByHand,
}

/// What a mail waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// It is night, or too early, where the recipient lives.
    Daytime,
    /// The person had as many mails as they may have within 30 days.
    PersonCap,
    /// As many orders as may were written to with this text today.
    SameText,
    /// More mails today than the shop's orders explain.
    DailyCap,
    /// The shop tries out on a share of its orders, and this one was not drawn.
    Pilot,
    /// SES sends no more today, or does not answer.
    Ses,
}

/// Why a person decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// An order of high value: a person looks first.
    Vip,
    /// The approved template's day is over.
    TemplateExpired,
    /// The text cannot be made: a variable has no value, or it is too long.
    Unwritable(String),
    /// The linter forbids the text; with its rule.
    Forbidden(String),
}

impl Skip {
    /// Its name in JSON and counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::BeforeLive => "before_live",
            Self::NoAddress => "no_address",
            Self::AddressGone => "address_gone",
            Self::Suppressed(_) => "suppressed",
            Self::NoConsent => "no_consent",
            Self::ConsentRefused => "consent_refused",
            Self::SentBefore => "sent_before",
            Self::ProductAskedBefore => "product_asked_before",
            Self::Followed => "followed",
            Self::NothingToRemindOf => "nothing_to_remind_of",
            Self::Answered => "answered",
            Self::ByHand => "by_hand",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Cancelled => text!("the order was cancelled", "订单已取消"),
            Self::BeforeLive => text!("it was due before the shop went live", "其时间早于店铺上线"),
            Self::NoAddress => text!("the order names no usable address", "订单没有可用的邮箱地址"),
            Self::AddressGone => {
                text!(
                    "the customer's address was erased or is no longer kept",
                    "客户的邮箱地址已删除或不再保存"
                )
            }
            Self::Suppressed(reason) => {
                let Text { en, zh } = reason.text();
                text!("the address is suppressed: {en}", "该地址已被抑制:{zh}")
            }
            Self::NoConsent => {
                text!("nothing shows that the customer said yes to mails", "没有记录表明客户同意接收邮件")
            }
            Self::ConsentRefused => text!("the customer said no to mails", "客户拒绝接收邮件"),
            Self::SentBefore => text!(
                "the same person was sent this mail about this order before the shop was removed and added again",
                "该店铺移除并重新添加之前,已向该客户发送过此订单的这封邮件"
            ),
            Self::ProductAskedBefore => text!(
                "the same person was asked about the same product within twelve months",
                "十二个月内已就同一商品询问过同一客户"
            ),
            Self::Followed => text!("the invitation was followed", "客户已打开评价邀请中的链接"),
            Self::NothingToRemindOf => {
                text!("the mail before it did not get through", "之前的邮件未送达")
            }
            Self::Answered => text!("the survey was answered", "调查已答复"),
            Self::ByHand => text!("an operator decided so", "由操作员决定"),
        }
    }
}

impl Wait {
    /// Its name in JSON and counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Daytime => "daytime",
            Self::PersonCap => "person_cap",
            Self::SameText => "same_text",
            Self::DailyCap => "daily_cap",
            Self::Pilot => "pilot",
            Self::Ses => "ses",
        }
    }

    /// What an operator reads.
    pub fn text(self) -> Text {
        match self {
            Self::Daytime => text!("it waits for the recipient's daytime", "等待收件人当地的白天"),
            Self::PersonCap => {
                text!(
                    "the person had as many mails as they may have in 30 days",
                    "该客户 30 天内的邮件数已达上限"
                )
            }
            Self::SameText => text!(
                "as many orders as may were written to with this text today",
                "今天使用同一文本的订单数已达上限"
            ),
            Self::DailyCap => {
                text!("more mails today than the shop's orders explain", "今天的邮件数超出订单量所对应的上限")
            }
            Self::Pilot => text!("it was not drawn for the trial share", "未被抽入试发范围"),
            Self::Ses => text!("SES takes no more mails for now", "SES 暂不接收更多邮件"),
        }
    }
}

impl Hold {
    /// Its name in JSON and counts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Vip => "vip",
            Self::TemplateExpired => "template_expired",
            Self::Unwritable(_) => "unwritable",
            Self::Forbidden(_) => "forbidden",
        }
    }

    /// What an operator reads, with what to do.
    pub fn text(&self) -> Text {
        match self {
            Self::Vip => text!(
                "an order of high value: look at it, then release or skip the mail",
                "高价值订单:请先查看,再放行或跳过该邮件"
            ),
            Self::TemplateExpired => text!(
                "the approved template's day is over: review it and approve it again",
                "已批准的模板已过期:请复核并重新批准"
            ),
            Self::Unwritable(why) => text!(
                "the text cannot be made ({why}): mend the template, then release the mail",
                "无法生成正文({why}):请修正模板,再放行该邮件"
            ),
            Self::Forbidden(rule) => text!(
                "the policy linter forbids the text ({rule}): see `renown lint`, mend the template, then release the mail",
                "合规检查禁止该文本({rule}):请用 `renown lint` 查看,修正模板后再放行"
            ),
        }
    }
}
