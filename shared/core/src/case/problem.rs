//! What can never come true in a team's settings.

use jiff::tz::TimeZone;

use super::team::{Owner, Team};
use super::working::Week;
use crate::ids::asin::{FORM, FORM_ZH, asin};
use crate::marketplace::MarketplaceId;
use crate::say::Text;
use crate::text;

/// Longest name of a person, in characters.
const MAX_NAME: usize = 40;
/// Longest deadline, in hours: four weeks.
const MAX_HOURS: u16 = 28 * 24;

/// What is wrong with what a person is called; `None`: nothing.
pub fn problem_of_name(name: &str) -> Option<Text> {
    let n = name.chars().count();
    let is_wrong = name.trim().is_empty() || n > MAX_NAME || name.chars().any(char::is_control);
    is_wrong.then(|| {
        text!("{name:?} is no name; 1 to {MAX_NAME} characters", "{name:?} 不能作姓名;1 到 {MAX_NAME} 个字符")
    })
}

impl Team {
    /// What is wrong with the settings, and what to do; `None`: nothing.
    pub fn problem(&self) -> Option<Text> {
        if TimeZone::get(&self.zone).is_err() {
            let zone = &self.zone;
            return Some(text!(
                "zone: {zone:?} is no time zone; write one like Asia/Shanghai",
                "zone:{zone:?} 不是时区;请写如 Asia/Shanghai"
            ));
        }
        if self.week.as_ref().is_some_and(|week| *week == Week::default()) {
            return Some(text!(
                "week: it names no day, so nobody would ever work; write days such as mon = {{ from = 9, to = 18 }}, or leave [week] out for around the clock",
                "week:没有任何一天,等于从不上班;请写出各天,例如 mon = {{ from = 9, to = 18 }},或去掉 [week] 表示全天候"
            ));
        }
        for (day, hours) in self.week.iter().flat_map(Week::days) {
            let Some(hours) = hours else { continue };
            if !(0..24).contains(&hours.from) || !(1..=24).contains(&hours.to) || hours.from >= hours.to {
                let (from, to) = (hours.from, hours.to);
                return Some(text!(
                    "week.{day}: {from} to {to} are no hours of a day; from is 0 to 23, to is later and 24 at most",
                    "week.{day}:{from} 至 {to} 不是有效的时段;from 为 0 到 23,to 须更晚且不超过 24"
                ));
            }
        }
        let d = &self.deadlines;
        let all = [
            ("message", d.message),
            ("feedback", d.feedback),
            ("claim", d.claim),
            ("returns", d.returns),
            ("parcel", d.parcel),
            ("account", d.account),
            ("topic", d.topic),
        ];
        if let Some((name, hours)) = all.into_iter().find(|(_, hours)| !(1..=MAX_HOURS).contains(hours)) {
            return Some(text!(
                "deadlines.{name}: {hours} is no deadline; 1 to {MAX_HOURS} hours",
                "deadlines.{name}:{hours} 不是有效期限;可为 1 到 {MAX_HOURS} 小时"
            ));
        }
        let names = self.owners.iter().map(|owner| &owner.name).chain(&self.lead);
        for name in names {
            if let Some(Text { en, zh }) = problem_of_name(name) {
                return Some(text!("owners: {en}", "owners:{zh}"));
            }
        }
        (1..).zip(&self.owners).find_map(|(n, owner)| of_owner(n, owner))
    }
}

fn of_owner(n: usize, owner: &Owner) -> Option<Text> {
    let name = &owner.name;
    for written in &owner.asins {
        let known = asin(written);
        if known.is_none() {
            return Some(text!(
                "owners, no. {n} ({name}): asins: {written:?} is no ASIN: {FORM}",
                "owners 第 {n} 项({name}):asins:{written:?} 不是 ASIN:{FORM_ZH}"
            ));
        }
        if let Some(known) = known.filter(|known| known.as_str() != written) {
            return Some(text!(
                "owners, no. {n} ({name}): asins: {written:?} would fit nothing; write {known}",
                "owners 第 {n} 项({name}):asins:{written:?} 不会匹配任何商品;请写成 {known}"
            ));
        }
    }
    for written in &owner.marketplaces {
        let Some(known) = MarketplaceId::of_country(written) else {
            return Some(text!(
                "owners, no. {n} ({name}): marketplaces: {written:?} is no country with a marketplace; write one like DE",
                "owners 第 {n} 项({name}):marketplaces:{written:?} 没有亚马逊站点;请写如 DE"
            ));
        };
        let country = known.info().country;
        if country != written {
            return Some(text!(
                "owners, no. {n} ({name}): marketplaces: {written:?} would fit nothing; write {country}",
                "owners 第 {n} 项({name}):marketplaces:{written:?} 不会匹配任何站点;请写成 {country}"
            ));
        }
    }
    let sku = owner.skus.iter().find(|sku| sku.trim() != *sku || sku.is_empty())?;
    Some(text!(
        "owners, no. {n} ({name}): skus: {sku:?} is empty or has blanks around it; write how the SKUs begin, such as MH-LAMP",
        "owners 第 {n} 项({name}):skus:{sku:?} 为空或首尾有空格;请写 SKU 的开头,例如 MH-LAMP"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_to_forty_characters_that_can_be_printed() {
        for good in ["Wang", "李", &"x".repeat(MAX_NAME)] {
            assert_eq!(problem_of_name(good), None, "{good}");
        }
        for wrong in ["", "  ", "a\u{1b}[2Jb", "a\nb", &"x".repeat(MAX_NAME + 1)] {
            assert!(problem_of_name(wrong).is_some(), "{wrong:?}");
            let team = Team { lead: Some(wrong.to_owned()), ..Team::default() };
            assert!(team.problem().is_some_and(|why| why.en.starts_with("owners: ")), "{wrong:?}");
        }
    }

    #[test]
    fn what_can_never_come_true_is_told_with_its_place_and_the_remedy() {
        let owner = |more: &str| format!("{{\"owners\": [{{\"name\": \"Wang\", {more}}}]}}");
        for (json, says) in [
            (r#"{"week": {}}"#.to_owned(), ["week", "around the clock"]),
            (r#"{"week": {"mon": {"from": 18, "to": 9}}}"#.to_owned(), ["week.mon", "to is later"]),
            (r#"{"week": {"mon": {"from": 9, "to": 25}}}"#.to_owned(), ["week.mon", "24 at most"]),
            (owner(r#""asins": ["xyz"]"#), ["no. 1 (Wang)", "B0EXAMPLE1"]),
            (owner(r#""asins": ["b0example1"]"#), ["asins", "write B0EXAMPLE1"]),
            (owner(r#""marketplaces": ["UK"]"#), ["marketplaces", "write GB"]),
            (owner(r#""marketplaces": ["ZZ"]"#), ["ZZ", "like DE"]),
            (owner(r#""skus": [""]"#), ["skus", "MH-LAMP"]),
        ] {
            let team: Team = serde_json::from_str(&json).expect(&json);
            let Text { en, zh } = team.problem().expect(&json);
            let is_said = |part: &&str| en.contains(*part);
            assert!(says.iter().all(is_said), "{en}");
            assert!(zh.chars().any(|c| c >= '\u{4e00}'), "{zh}");
        }
        let good = owner(r#""asins": ["B0EXAMPLE1"], "marketplaces": ["DE"], "skus": ["MH"]"#);
        let team: Team = serde_json::from_str(&good).expect("readable");
        assert_eq!(team.problem(), None);
    }
}
