//! Custom MAIL FROM: the name to which bounces go, by which SPF speaks for the domain.
//!
//! Source: the SES developer guide, "Using a custom MAIL FROM domain".

use renown_core::text;

use super::answers::{Kind, Look};
use super::finding::{Check, Finding, State};
use super::name::Domain;
use super::spf;

/// What stands for a region nobody has named.
const REGION: &str = "REGION";

/// Judges who takes in what is sent to the name; `region` is that of SES, if it is known.
pub(super) fn judge(name: &Domain, region: Option<&str>, look: &mut Look<'_>) -> Finding {
    let exchanges = match look.up(name, Kind::Mx) {
        Ok(exchanges) => exchanges,
        Err(why) => return Finding::unclear(Check::MailFrom, name, Kind::Mx, why),
    };
    let right = exchange(region);
    let new = |state, code, text| Finding::new(Check::MailFrom, state, code, name, text).found(&exchanges);
    let wrong = |code, text| new(State::Wrong, code, text).publish(name, Kind::Mx, right.clone());
    match exchanges.as_slice() {
        [] => {
            let text = match region {
                Some(_) => text!("no MX: SES does not use the name", "没有 MX:SES 不会使用该名称"),
                None => text!(
                    "no MX: SES does not use the name. {REGION} is the AWS region in which SES sends",
                    "没有 MX:SES 不会使用该名称。{REGION} 为 SES 发信所在的 AWS 区域"
                ),
            };
            wrong("mail_from_missing", text)
        }
        [one] => match (region_of(one), region) {
            (Some(there), Some(here)) if there != here => {
                let text = text!(
                    "its MX is that of SES in {there}, and mails go out in {here}",
                    "MX 指向 {there} 的 SES,而邮件从 {here} 发出"
                );
                wrong("mail_from_other_region", text)
            }
            (Some(there), _) => {
                let text = text!(
                    "MX {one}: bounces come back under your domain (SES in {there})",
                    "MX {one}:退信回到您的域名下(SES 位于 {there})"
                );
                new(State::Ok, "mail_from_ok", text)
            }
            (None, _) => {
                let text = text!(
                    "MX {one} is not SES's. The name must be there for SES alone: take another one, or this MX out",
                    "MX {one} 不属于 SES。该名称须专供 SES 使用:请换一个名称,或删除此 MX"
                );
                wrong("mail_from_not_amazons", text)
            }
        },
        several => {
            let n = several.len();
            let text = text!(
                "{n} MX records: SES wants exactly one, and uses its own name instead",
                "有 {n} 条 MX 记录:SES 要求恰好一条,否则改用自己的名称"
            );
            wrong("mail_from_several", text)
        }
    }
}

/// Tells what a custom MAIL FROM is good for, where none is named.
pub(super) fn none_named(domain: &Domain, region: Option<&str>) -> Finding {
    let text = text!(
        "not named: unless one is set up, bounces go to Amazon's own name and SPF does not speak for {domain}. Set it up with `aws sesv2 put-email-identity-mail-from-attributes --email-identity {domain} --mail-from-domain bounce.{domain}` and name it here with --mail-from",
        "未指定:若未设置,退信会发往亚马逊自己的域名,SPF 不为 {domain} 作证。请用 `aws sesv2 put-email-identity-mail-from-attributes --email-identity {domain} --mail-from-domain bounce.{domain}` 设置,并在此用 --mail-from 指定"
    );
    let finding = Finding::new(Check::MailFrom, State::Warn, "mail_from_not_named", domain, text);
    match domain.below("bounce") {
        Some(name) => {
            finding.publish(&name, Kind::Mx, exchange(region)).publish(&name, Kind::Txt, spf::RECORD)
        }
        None => finding,
    }
}

fn exchange(region: Option<&str>) -> String {
    format!("10 feedback-smtp.{}.amazonses.com", region.unwrap_or(REGION))
}

/// The region in an MX of SES.
fn region_of(exchange: &str) -> Option<&str> {
    let (_, host) = exchange.split_once(' ')?;
    host.strip_prefix("feedback-smtp.")?.strip_suffix(".amazonses.com")
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn exactly_one_exchange_of_ses_in_the_region_is_right() {
        let amazons = "b.shop.example MX 10 feedback-smtp.eu-central-1.amazonses.com";
        for (lines, region, code) in [
            (amazons, None, "mail_from_ok"),
            (amazons, Some("eu-central-1"), "mail_from_ok"),
            (amazons, Some("us-east-1"), "mail_from_other_region"),
            ("b.shop.example MX -", None, "mail_from_missing"),
            ("b.shop.example MX 10 mx.shop.example", None, "mail_from_not_amazons"),
            (&format!("{amazons}\nb.shop.example MX 20 mx.shop.example"), None, "mail_from_several"),
            ("b.shop.example MX NOREPLY", None, "unknown"),
        ] {
            let answers = file::read(lines).expect("readable");
            let name = "b.shop.example".parse().expect("valid");
            let finding = judge(&name, region, &mut Look::into_answers(&answers));
            assert_eq!(finding.code, code, "{lines}");
            if finding.state == State::Wrong {
                let region = region.unwrap_or(REGION);
                assert_eq!(finding.publish[0].value, format!("10 feedback-smtp.{region}.amazonses.com"));
            }
        }
    }
}
