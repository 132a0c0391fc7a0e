//! The rules, as data.
//!
//! Wordings of sources are our own summaries; the pages of Amazon's are behind a login and
//! change without notice, so that each rule says when it was last known to be in force.

use jiff::civil::{Date, date};

use super::Channel;
use super::concept::Concept::{
    Ask, BadReview, Before, Benefit, Change, ChangeIt, Conditional, Divert, Exchange, Favour, Hush, IfHappy,
    IfUnhappy, Incentive, Machine, Neutral, Offer, Outside, Positive, Praise, Promotion, Proof, Public,
    Review, Reviewing, Reward, Speak, TellUs, Tracking, Written,
};
use super::contacts::What;
use super::rule::{Kind, LooksFor, Meeting, Rule, Said, Severity};
use super::whole::Lack;

/// The version of rules and word lists together, to be stored beside what was linted. Counted up
/// with each change of either.
pub const RULES_VERSION: u32 = 1;

const BOTH: &[Channel] = &[Channel::Amazon, Channel::Shop];
const AMAZON: &[Channel] = &[Channel::Amazon];
const SHOP: &[Channel] = &[Channel::Shop];
const ANYWHERE: &[&str] = &[];
/// The member states of the European Union, as of 2026.
const EUROPEAN_UNION: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The day on which the pages of Amazon's were last known to say so; they bear no dates.
const AMAZONS_PAGES: Date = date(2021, 1, 1);

const REVIEW_POLICIES: &str = "Amazon Seller Central, \"Customer product reviews policies\"; \"Selling policies and seller code of conduct\"";
const GUIDELINES: &str = "Amazon Seller Central, \"Communication guidelines\"";

const fn here(here: &'static [super::concept::Concept]) -> Meeting {
    Meeting { here, beside: &[], unless: &[] }
}

const fn here_unless_neutral(here: &'static [super::concept::Concept]) -> Meeting {
    Meeting { here, beside: &[], unless: &[Neutral] }
}

const fn beside(
    here: &'static [super::concept::Concept],
    beside: &'static [super::concept::Concept],
) -> Meeting {
    Meeting { here, beside, unless: &[] }
}

/// Every rule.
pub const RULES: &[Rule] = &[
    Rule {
        id: "incentive",
        kind: Kind::Incentive,
        severity: Severity::Forbid,
        channels: BOTH,
        regions: ANYWHERE,
        source: "Amazon Seller Central, \"Customer product reviews policies\"; FTC 16 CFR Part 465 (fake reviews and testimonials, in force 2024-10-21); Directive 2005/29/EC, Annex I 23b and 23c; 电子商务法 art. 17; 反不正当竞争法 (false or misleading publicity); 景品表示法, notice on stealth marketing of 2023-10-01",
        since: AMAZONS_PAGES,
        why: Said {
            en: "something is promised for a review; reviews must not be rewarded, whatever they say",
            zh: "以好处换取评论;无论评论内容如何,都不得给予奖励",
        },
        fix: Said {
            en: "ask without promising anything: \"Please share your honest experience with the product.\"",
            zh: "只请求,不承诺任何好处:“欢迎分享您对商品的真实体验。”",
        },
        looks_for: LooksFor::Words(&[
            here(&[Incentive]),
            here(&[Reward, Reviewing]),
            here(&[Reward, Review, Offer]),
            here(&[Reward, Review, Exchange]),
            here(&[Benefit, Review, Exchange]),
            here(&[Benefit, Reviewing, Offer]),
            here(&[Proof, Review]),
            here(&[Reward, Speak, Public]),
            here(&[Benefit, Speak, Public, Exchange]),
            beside(&[Reviewing], &[Reward, Offer]),
            beside(&[Reviewing], &[Reward, Exchange]),
            beside(&[Reviewing], &[Benefit, Exchange]),
            beside(&[Proof], &[Reviewing]),
        ]),
    },
    Rule {
        id: "positive-rating",
        kind: Kind::Positive,
        severity: Severity::Forbid,
        channels: BOTH,
        regions: ANYWHERE,
        source: REVIEW_POLICIES,
        since: AMAZONS_PAGES,
        why: Said {
            en: "a good review is asked for; a request must leave open what the review says",
            zh: "请求好评;请求评论时不得引导评价内容",
        },
        fix: Said {
            en: "ask for any review: \"Your honest review, good or bad, helps other customers.\"",
            zh: "请求任何评价:“无论好坏,您的真实评价都能帮助其他顾客。”",
        },
        looks_for: LooksFor::Words(&[
            here(&[Positive]),
            here_unless_neutral(&[Favour, Ask]),
            here_unless_neutral(&[Praise, Speak]),
        ]),
    },
    Rule {
        id: "conditional-request",
        kind: Kind::Conditional,
        severity: Severity::Forbid,
        channels: BOTH,
        regions: ANYWHERE,
        source: "Amazon Seller Central, \"Customer product reviews policies\" (reviews from those alone who had a good experience); FTC 16 CFR Part 465; Directive 2005/29/EC, Annex I 23c",
        since: AMAZONS_PAGES,
        why: Said {
            en: "only buyers who are content are asked for a review; all must be asked alike",
            zh: "只请满意的买家评论;必须一视同仁",
        },
        fix: Said {
            en: "ask without a condition: \"Please tell other customers what you think of the product.\"",
            zh: "不设条件:“欢迎告诉其他顾客您对商品的看法。”",
        },
        looks_for: LooksFor::Words(&[
            here(&[Conditional]),
            here_unless_neutral(&[IfHappy, Reviewing]),
            here_unless_neutral(&[IfHappy, Speak, Public]),
            beside(&[Reviewing], &[IfHappy]),
            beside(&[Speak, Public], &[IfHappy]),
        ]),
    },
    Rule {
        id: "divert-unhappy",
        kind: Kind::Divert,
        severity: Severity::Forbid,
        channels: BOTH,
        regions: ANYWHERE,
        source: "Amazon Seller Central, \"Customer product reviews policies\" (diverting negative reviews); FTC 16 CFR Part 465 (suppressing reviews)",
        since: AMAZONS_PAGES,
        why: Said {
            en: "buyers who are not content are led away from reviewing; help must not stand in for a review",
            zh: "引导不满意的买家不去评论;售后帮助不得用来代替评论",
        },
        fix: Said {
            en: "offer help in a message of its own, without a word of reviews: \"If anything is wrong with your order, reply to this message and we will help.\"",
            zh: "单独提供帮助,不提评论:“订单如有任何问题,请回复此消息,我们会协助处理。”",
        },
        looks_for: LooksFor::Words(&[
            here(&[Divert]),
            here(&[TellUs, Before, Review]),
            here_unless_neutral(&[TellUs, BadReview]),
            here_unless_neutral(&[Before, BadReview]),
            beside(&[TellUs, IfUnhappy], &[IfHappy, Review]),
            here(&[TellUs, IfUnhappy, IfHappy, Public]),
            here(&[Hush, IfUnhappy]),
            here(&[Hush, TellUs]),
            beside(&[Hush], &[IfUnhappy]),
            beside(&[TellUs, IfUnhappy], &[IfHappy, Public]),
            beside(&[TellUs, IfUnhappy, Before], &[Review]),
            beside(&[TellUs, Before], &[BadReview]),
        ]),
    },
    Rule {
        id: "change-review",
        kind: Kind::Change,
        severity: Severity::Forbid,
        channels: BOTH,
        regions: ANYWHERE,
        source: "Amazon Seller Central, \"Customer product reviews policies\" (asking to change or remove a review, also after the matter is settled); \"Communication guidelines\"; FTC 16 CFR Part 465",
        since: AMAZONS_PAGES,
        why: Said {
            en: "a buyer is asked to change or remove a review, or led to it",
            zh: "要求或引导买家修改或删除评论",
        },
        fix: Said {
            en: "settle the matter and leave the review out: \"We are sorry. Reply to this message and we will put it right.\"",
            zh: "只解决问题,不提评论:“非常抱歉。请回复此消息,我们会妥善处理。”",
        },
        looks_for: LooksFor::Words(&[
            here(&[Change]),
            here(&[ChangeIt, Written]),
            beside(&[ChangeIt], &[Written]),
            beside(&[ChangeIt], &[BadReview]),
        ]),
    },
    Rule {
        id: "outside-link",
        kind: Kind::Contact,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said { en: "a link leads outside Amazon", zh: "含有亚马逊以外的链接" },
        fix: Said {
            en: "leave the link out; a link to a page of Amazon's over https may stay",
            zh: "删去链接;亚马逊自己的 https 页面可以保留",
        },
        looks_for: LooksFor::Contact(What::Link),
    },
    Rule {
        id: "carrier-link",
        kind: Kind::Contact,
        severity: Severity::Warn,
        channels: AMAZON,
        regions: ANYWHERE,
        source: "Amazon Seller Central, \"Communication guidelines\" (secure links that the order needs)",
        since: AMAZONS_PAGES,
        why: Said {
            en: "a link to a carrier may stand only where the order cannot be completed without it",
            zh: "承运商链接仅在完成订单所必需时才可使用",
        },
        fix: Said {
            en: "give the carrier's name and the tracking number instead",
            zh: "改为写明承运商和运单号",
        },
        looks_for: LooksFor::Contact(What::Carrier),
    },
    Rule {
        id: "outside-mail",
        kind: Kind::Contact,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said { en: "a mail address leads outside Amazon's messages", zh: "含有站外邮箱地址" },
        fix: Said { en: "\"Please reply to this message.\"", zh: "“请直接回复此消息。”" },
        looks_for: LooksFor::Contact(What::Mail),
    },
    Rule {
        id: "outside-phone",
        kind: Kind::Contact,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said {
            en: "a telephone number leads outside Amazon's messages",
            zh: "含有电话号码,引导站外联系",
        },
        fix: Said { en: "\"Please reply to this message.\"", zh: "“请直接回复此消息。”" },
        looks_for: LooksFor::Contact(What::Phone),
    },
    Rule {
        id: "outside-account",
        kind: Kind::Contact,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said {
            en: "an account of a messenger leads outside Amazon's messages",
            zh: "含有微信、WhatsApp 等站外账号",
        },
        fix: Said { en: "\"Please reply to this message.\"", zh: "“请直接回复此消息。”" },
        looks_for: LooksFor::Contact(What::Account),
    },
    Rule {
        id: "outside-contact",
        kind: Kind::Contact,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said {
            en: "the buyer is led to a way of contact outside Amazon, or asked for one",
            zh: "引导买家使用站外联系方式,或索要其联系方式",
        },
        fix: Said { en: "\"Please reply to this message.\"", zh: "“请直接回复此消息。”" },
        looks_for: LooksFor::Words(&[here(&[Outside])]),
    },
    Rule {
        id: "promotion",
        kind: Kind::Promotion,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said {
            en: "a message to an Amazon buyer advertises: other goods, coupons, a shop, a newsletter",
            zh: "向亚马逊买家推销:其他商品、优惠券、店铺或订阅",
        },
        fix: Said {
            en: "write of this order only; advertise to shop customers who agreed to it",
            zh: "只谈本订单;促销只能发给已同意的自有店铺顾客",
        },
        looks_for: LooksFor::Words(&[here(&[Promotion])]),
    },
    Rule {
        id: "promotion-consent",
        kind: Kind::Promotion,
        severity: Severity::Warn,
        channels: SHOP,
        regions: EUROPEAN_UNION,
        source: "Directive 2002/58/EC art. 13 (in Germany § 7 UWG): advertising by mail takes consent, and an order mail that advertises counts",
        since: date(2003, 10, 31),
        why: Said {
            en: "the mail advertises; in this country that takes the customer's consent, also in a mail about an order",
            zh: "邮件含促销内容;该国要求事先取得顾客同意,订单邮件也不例外",
        },
        fix: Said {
            en: "send it to those only whose consent is on record; keep order mails free of it",
            zh: "只发给有同意记录的顾客;订单类邮件中不要夹带促销",
        },
        looks_for: LooksFor::Words(&[here(&[Promotion])]),
    },
    Rule {
        id: "tracked-link",
        kind: Kind::Tracking,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said {
            en: "a link hides where it leads, or says who clicks", zh: "短链接或带跟踪参数的链接"
        },
        fix: Said { en: "leave the link out", zh: "删去链接" },
        looks_for: LooksFor::Contact(What::Tracked),
    },
    Rule {
        id: "tracking-image",
        kind: Kind::Tracking,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said {
            en: "an image that is loaded tells who opened the message",
            zh: "加载的图片会泄露谁打开了消息",
        },
        fix: Said { en: "leave the image out", zh: "删去图片" },
        looks_for: LooksFor::Contact(What::Image),
    },
    Rule {
        id: "tracking",
        kind: Kind::Tracking,
        severity: Severity::Forbid,
        channels: AMAZON,
        regions: ANYWHERE,
        source: GUIDELINES,
        since: AMAZONS_PAGES,
        why: Said { en: "the reader is to be watched", zh: "含有跟踪读者的手段" },
        fix: Said { en: "leave it out", zh: "删去" },
        looks_for: LooksFor::Words(&[here(&[Tracking])]),
    },
    Rule {
        id: "tracking-consent",
        kind: Kind::Tracking,
        severity: Severity::Warn,
        channels: SHOP,
        regions: EUROPEAN_UNION,
        source: "Directive 2002/58/EC art. 5(3): reading from a device takes consent",
        since: date(2011, 5, 25),
        why: Said {
            en: "an image that is loaded may tell who opened the mail; in this country that takes consent",
            zh: "加载的图片可能泄露谁打开了邮件;该国要求事先同意",
        },
        fix: Said {
            en: "attach the image to the mail, or leave it out", zh: "将图片内嵌于邮件,或删去"
        },
        looks_for: LooksFor::Contact(What::Image),
    },
    Rule {
        id: "no-unsubscribe",
        kind: Kind::Mail,
        severity: Severity::Forbid,
        channels: SHOP,
        regions: ANYWHERE,
        source: "CAN-SPAM, 15 U.S.C. 7704 and 16 CFR Part 316; Directive 2002/58/EC art. 13; 特定電子メール法; RFC 8058 (one-click unsubscribe)",
        since: date(2004, 1, 1),
        why: Said { en: "the mail offers no way to receive no more", zh: "邮件没有退订方式" },
        fix: Said {
            en: "add a line with {{unsubscribe_url}}: \"You can unsubscribe at any time.\"",
            zh: "加入带 {{unsubscribe_url}} 的一行:“您可以随时退订。”",
        },
        looks_for: LooksFor::Lack(Lack::Unsubscribe),
    },
    Rule {
        id: "no-sender-address",
        kind: Kind::Mail,
        severity: Severity::Forbid,
        channels: SHOP,
        regions: ANYWHERE,
        source: "CAN-SPAM, 15 U.S.C. 7704 (valid physical postal address); Directive 2000/31/EC art. 5; 特定電子メール法 (sender's name and address)",
        since: date(2004, 1, 1),
        why: Said {
            en: "the mail does not say where its sender lives", zh: "邮件没有发件人的通讯地址"
        },
        fix: Said { en: "add {{postal_address}} to the foot", zh: "在页脚加入 {{postal_address}}" },
        looks_for: LooksFor::Lack(Lack::Address),
    },
    Rule {
        id: "no-ad-mark",
        kind: Kind::Mail,
        severity: Severity::Warn,
        channels: SHOP,
        regions: &["CN"],
        source: "互联网电子邮件服务管理办法 (2006): advertising mails bear \"广告\" or \"AD\" in their subject",
        since: date(2006, 3, 30),
        why: Said {
            en: "a mail that advertises must say so in its subject",
            zh: "商业广告邮件须在标题中注明“广告”或“AD”",
        },
        fix: Said { en: "begin the subject with \"(AD)\"", zh: "在主题前加“(广告)”" },
        looks_for: LooksFor::Lack(Lack::AdMark),
    },
    Rule {
        id: "machine-remains",
        kind: Kind::Machine,
        severity: Severity::Forbid,
        channels: BOTH,
        regions: ANYWHERE,
        source: "our own rule: nothing that a machine wrote goes to a buyer unread",
        since: AMAZONS_PAGES,
        why: Said {
            en: "a machine's words were left in the text", zh: "文本中残留了机器生成的字句"
        },
        fix: Said {
            en: "have a person who knows the language read it and take them out",
            zh: "请懂该语言的人通读并删去",
        },
        looks_for: LooksFor::Words(&[here(&[Machine])]),
    },
    Rule {
        id: "unread-machine-text",
        kind: Kind::Machine,
        severity: Severity::Forbid,
        channels: BOTH,
        regions: ANYWHERE,
        source: "our own rule: nothing that a machine wrote goes to a buyer unread",
        since: AMAZONS_PAGES,
        why: Said {
            en: "a machine wrote this text, and nobody has read it",
            zh: "机器撰写的文本尚未经人审阅",
        },
        fix: Said {
            en: "have a person who knows the language read and release it",
            zh: "请懂该语言的人审阅后再放行",
        },
        looks_for: LooksFor::UnreadMachine,
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_both_languages() {
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(names.len(), RULES.len());
        let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for rule in RULES {
            for said in [rule.why, rule.fix] {
                assert!(is_chinese(said.zh) && !is_chinese(said.en), "{}", rule.id);
            }
            assert!(!rule.source.is_empty() && !rule.channels.is_empty(), "{}", rule.id);
        }
    }
}
