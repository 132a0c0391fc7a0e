//! A shop of the seller's own, and how its customers are written to.

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::second::required as secs;
use serde::{Deserialize, Serialize};

use super::kind::MAX_REMINDERS;
use crate::ids::{SellerId, ShopId};
use crate::marketplace::MarketplaceId;
use crate::rules::Hours;
use crate::say::Text;
use crate::text;

/// A shop. Whether it may send stands in [`crate::control::Control`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    /// Short name in addresses and tables.
    pub id: ShopId,
    /// Whose it is. Shops of one seller share caps, suppressions and brake.
    pub seller: SellerId,
    /// What customers know it by.
    pub name: String,
    /// The address mails come from; its domain is verified with SES.
    pub from: String,
    /// Where answers go; `from` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The sender's postal address, one line. Every mail shows it (CAN-SPAM, 16 CFR 316; German
    /// and Japanese law ask for the like).
    pub postal_address: String,
    /// Where help is, shown in service mails; `reply_to` or `from` if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_email: Option<String>,
    /// The shop's own review page; `{order}` and `{sku}` stand for the order's number and its
    /// first product.
    pub review_url: String,
    /// Language of customers of whom none is known: `de`, `pt-BR`.
    pub locale: String,
    /// ISO 3166 code of the country where customers live of whom none is known.
    pub country: String,
    /// How and when its customers are written to.
    #[serde(default)]
    pub mails: MailRules,
    /// When it was added. Orders placed long before are not written about.
    #[serde(with = "secs")]
    pub since: Timestamp,
}

/// What makes it lawful to write to a customer about a review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The customer has said yes to mails. The safe choice everywhere.
    #[default]
    Consent,
    /// Whoever bought may be written to, until they object: lawful in some countries only.
    Customer,
}

/// How and when the customers of a shop are written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailRules {
    /// Days from delivery to the invitation, 1–60.
    pub invite_after_days: u8,
    /// Days from dispatch to delivery where nobody tells of the delivery, 0–60.
    pub transit_days: u8,
    /// Reminders after an invitation that was not followed, 0–2.
    pub reminders: u8,
    /// Days between the invitation and each reminder, 3–30.
    pub remind_after_days: u8,
    /// Asks whoever did not follow the invitation how satisfied they are.
    pub survey: bool,
    /// Days from delivery to the survey, 1–60. Source: market.md S0, day 10.
    pub survey_after_days: u8,
    /// Sends a service mail.
    pub service: bool,
    /// Days from delivery to the service mail, 0–30.
    pub service_after_days: u8,
    /// A mail that could not leave this many days after it was due is not sent any more, 1–60.
    pub give_up_after_days: u8,
    /// Hours of the recipient's day in which mails may leave.
    pub hours: Hours,
    /// What makes it lawful to ask for a review.
    pub basis: Basis,
    /// Most mails to one person within 30 days over all shops of the seller, 1–20. Source:
    /// market.md B, five.
    pub most_per_person: u8,
    /// Most orders a day that are written to with the same text. Source: market.md S4, fifty.
    pub most_of_same_text: u32,
    /// Orders from this total on (in the smallest unit of their currency) wait for a person.
    /// `None`: no order does.
    pub vip_from: Option<i64>,
    /// Percent of orders written to while a shop tries out, 1–100; drawn by hash.
    pub pilot_percent: u8,
    /// Days that the address of a customer is kept after the last order, 30–540.
    pub keep_contacts_days: u16,
}

impl Default for MailRules {
    fn default() -> Self {
        Self {
            invite_after_days: 7,
            transit_days: 5,
            reminders: 1,
            remind_after_days: 7,
            survey: false,
            survey_after_days: 10,
            service: false,
            service_after_days: 2,
            give_up_after_days: 14,
            hours: Hours { from: 9, to: 20 },
            basis: Basis::Consent,
            most_per_person: 5,
            most_of_same_text: 50,
            vip_from: None,
            pilot_percent: 100,
            keep_contacts_days: 90,
        }
    }
}

impl Shop {
    /// What is wrong with it, each with its place and remedy; empty if it may be used.
    pub fn problems(&self) -> Vec<Text> {
        let mut problems = Vec::new();
        let mut wants = |right: bool, problem: Text| {
            if !right {
                problems.push(problem);
            }
        };
        let is_line = |text: &str| !text.trim().is_empty() && !text.chars().any(char::is_control);
        wants(
            is_line(&self.name) && self.name.chars().count() <= 60,
            text!("name: give the shop's name, at most 60 characters", "name:请填写店铺名称,最多 60 个字符"),
        );
        for (place, address) in [
            ("from", Some(&self.from)),
            ("reply_to", self.reply_to.as_ref()),
            ("support_email", self.support_email.as_ref()),
        ] {
            wants(
                address.is_none_or(|address| is_address(address)),
                text!(
                    "{place}: give one mail address, like reviews@mail.shop.example",
                    "{place}:请填写一个邮箱地址,例如 reviews@mail.shop.example"
                ),
            );
        }
        wants(
            is_line(&self.postal_address) && self.postal_address.chars().count() >= 10,
            text!(
                "postal_address: give the sender's full postal address in one line; the law asks for it in every mail",
                "postal_address:请用一行填写发件人的完整通信地址;法律要求每封邮件都必须注明"
            ),
        );
        wants(
            self.review_url.starts_with("https://")
                && is_line(&self.review_url)
                && !self.review_url.contains(char::is_whitespace),
            text!(
                "review_url: give the address of the shop's review page, beginning with https://",
                "review_url:请填写店铺评价页的网址,以 https:// 开头"
            ),
        );
        wants(
            MarketplaceId::of_country(&self.country).is_some(),
            text!(
                "country: give the two letters of a country with an Amazon marketplace, like DE; the hours of its day are known",
                "country:请填写设有亚马逊站点的国家的两位代码,例如 DE;系统知道其当地时间"
            ),
        );
        wants(
            crate::language::Language::of_locale(&self.locale).is_some(),
            text!(
                "locale: give a language that there are templates for: en, de, fr, es, it, ja or zh",
                "locale:请填写已有模板的语言:en、de、fr、es、it、ja 或 zh"
            ),
        );
        problems.extend(self.mails.problems());
        problems
    }

    /// Where a customer reviews an order.
    pub fn review_page(&self, order: &str, sku: &str) -> String {
        let plain = |text: &str| {
            text.bytes().fold(String::new(), |mut url, byte| {
                use std::fmt::Write as _;
                match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                        url.push(char::from(byte));
                    }
                    // Writing to a String cannot fail.
                    _ => drop(write!(url, "%{byte:02X}")),
                }
                url
            })
        };
        self.review_url.replace("{order}", &plain(order)).replace("{sku}", &plain(sku))
    }
}

impl MailRules {
    /// What is wrong with them, each with its place and remedy.
    pub fn problems(&self) -> Vec<Text> {
        let ranges: [(&str, u32, u32, u32); 10] = [
            ("invite_after_days", self.invite_after_days.into(), 1, 60),
            ("transit_days", self.transit_days.into(), 0, 60),
            ("reminders", self.reminders.into(), 0, MAX_REMINDERS.into()),
            ("remind_after_days", self.remind_after_days.into(), 3, 30),
            ("survey_after_days", self.survey_after_days.into(), 1, 60),
            ("service_after_days", self.service_after_days.into(), 0, 30),
            ("give_up_after_days", self.give_up_after_days.into(), 1, 60),
            ("most_per_person", self.most_per_person.into(), 1, 20),
            ("pilot_percent", self.pilot_percent.into(), 1, 100),
            ("keep_contacts_days", self.keep_contacts_days.into(), 30, 540),
        ];
        let mut problems: Vec<Text> = ranges
            .into_iter()
            .filter(|(_, value, from, to)| value < from || value > to)
            .map(|(place, value, from, to)| {
                text!(
                    "mails.{place} is {value}: give a number from {from} to {to}",
                    "mails.{place} 为 {value}:请填写 {from} 到 {to} 之间的数"
                )
            })
            .collect();
        let Hours { from, to } = self.hours;
        if from >= to || to > 24 {
            problems.push(text!(
                "mails.hours are {from} to {to}: give a first hour before the last, within 0 to 24",
                "mails.hours 为 {from} 到 {to}:开始时间须早于结束时间,且在 0 到 24 之间"
            ));
        }
        problems
    }
}

/// Whether a text is one mail address that can stand in a header: no display name, no list.
/// Source: RFC 5321 4.5.3.1 (lengths); quoted local parts are not taken, no shop has one.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let is_domain = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    !local.is_empty()
        && local.len() <= 64
        && local.chars().all(is_local)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.len() <= 253
        && domain.contains('.')
        && domain.split('.').all(is_domain)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn shop() -> Shop {
        Shop {
            id: "tea".parse().expect("a shop"),
            seller: "A1SELLER".parse().expect("a seller"),
            name: "Teehaus".to_owned(),
            from: "reviews@mail.tea.example".to_owned(),
            reply_to: None,
            postal_address: "Teehaus GmbH, Lindenweg 5, 10115 Berlin, Germany".to_owned(),
            support_email: None,
            review_url: "https://tea.example/review/{order}?sku={sku}".to_owned(),
            locale: "de".to_owned(),
            country: "DE".to_owned(),
            mails: MailRules::default(),
            since: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_shop_that_is_right_has_no_problems_and_each_mistake_is_named_by_its_place() {
        assert_eq!(shop().problems(), []);
        let mut wrong = shop();
        wrong.from = "Tea <reviews@tea.example>".to_owned();
        wrong.postal_address = "Berlin".to_owned();
        wrong.review_url = "http://tea.example".to_owned();
        wrong.country = "XX".to_owned();
        wrong.locale = "tlh".to_owned();
        wrong.mails.reminders = 3;
        wrong.mails.hours = Hours { from: 20, to: 9 };
        let problems = wrong.problems().into_iter().map(|text| text.en).collect::<Vec<_>>().join("\n");
        for place in
            ["from", "postal_address", "review_url", "country", "locale", "mails.reminders", "mails.hours"]
        {
            assert!(problems.contains(place), "{place} in {problems}");
        }
        assert_eq!(wrong.problems().len(), 7);
    }

    #[test]
    fn what_could_break_out_of_a_header_or_name_two_people_is_no_address() {
        for right in ["a@b.example", "first.last+tag@sub.shop.co.jp", "o'neil@x.ie"] {
            assert!(is_address(right), "{right}");
        }
        for wrong in [
            "",
            "a",
            "a@b",
            "@b.example",
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example,c@d.example",
            "a b@c.example",
            "a@-b.example",
            "a..b@c.example",
            "<a@b.example>",
            "a@b..example",
        ] {
            assert!(!is_address(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn the_review_page_takes_number_and_sku_without_breaking_its_address() {
        assert_eq!(
            shop().review_page("#10 01", "T/1&x"),
            "https://tea.example/review/%2310%2001?sku=T%2F1%26x"
        );
    }
}
