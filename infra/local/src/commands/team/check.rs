//! What can never come true in a team's settings.

use renown_core::case::{Owner, Team, Week};
use renown_core::marketplace::MarketplaceId;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;

use crate::asin::{FORM, FORM_ZH, asin};

/// What is wrong with the settings, and what to do; `None`: nothing.
pub(super) fn problem(team: &Team) -> Option<Text> {
    if team.week.as_ref().is_some_and(|week| *week == Week::default()) {
        return Some(text!(
            "week: it names no day, so nobody would ever work; write days such as mon = {{ from = 9, to = 18 }}, or leave [week] out for around the clock",
            "week:没有任何一天,等于从不上班;请写出各天,例如 mon = {{ from = 9, to = 18 }},或去掉 [week] 表示全天候"
        ));
    }
    team.problem().or_else(|| (1..).zip(&team.owners).find_map(|(n, owner)| of_owner(n, owner)))
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
        let country = MarketplaceId::of_country(written)?.info().country;
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

/// What fits nothing as things stand: it may tomorrow, when somebody is connected.
pub(super) fn unmet(team: &Team, sellers: &[Seller]) -> Vec<Text> {
    let mut all = Vec::new();
    for (n, owner) in (1..).zip(&team.owners) {
        let name = &owner.name;
        let is_theirs = |seller: &&Seller| owner.sellers.is_empty() || owner.sellers.contains(&seller.id);
        let unknown = owner.sellers.iter().filter(|id| sellers.iter().all(|seller| seller.id != **id));
        all.extend(unknown.map(|id| {
            text!(
                "! owners, no. {n} ({name}): sellers: {id} is not connected, so it fits nothing until `renown connect`; see that it is spelt right",
                "! owners 第 {n} 项({name}):sellers:{id} 尚未连接,在 `renown connect` 之前不会匹配;请检查拼写"
            )
        }));
        let theirs: Vec<_> =
            sellers.iter().filter(is_theirs).flat_map(|seller| &seller.marketplaces).collect();
        let is_sold_in = |country: &str| theirs.iter().any(|at| at.info().country == country);
        let nowhere = owner.marketplaces.iter().filter(|at| !theirs.is_empty() && !is_sold_in(at));
        all.extend(nowhere.map(|country| {
            text!(
                "! owners, no. {n} ({name}): marketplaces: no connected seller of theirs sells in {country}, so it fits nothing there",
                "! owners 第 {n} 项({name}):marketplaces:其已连接的卖家都不在 {country} 站点销售,因此不会匹配"
            )
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_never_come_true_is_told_with_its_place_and_the_remedy() {
        for (toml, says) in [
            ("[week]", ["week", "around the clock"]),
            ("[week]\nmon = { from = 18, to = 9 }", ["week.mon", "to is later"]),
            ("[week]\nmon = { from = 9, to = 25 }", ["week.mon", "24 at most"]),
            ("[[owners]]\nname = \"Wang\"\nasins = [\"xyz\"]", ["no. 1 (Wang)", "B0EXAMPLE1"]),
            ("[[owners]]\nname = \"Wang\"\nasins = [\"b0example1\"]", ["asins", "write B0EXAMPLE1"]),
            ("[[owners]]\nname = \"Wang\"\nmarketplaces = [\"UK\"]", ["marketplaces", "write GB"]),
            ("[[owners]]\nname = \"Wang\"\nmarketplaces = [\"ZZ\"]", ["ZZ", "like DE"]),
            ("[[owners]]\nname = \"Wang\"\nskus = [\"\"]", ["skus", "MH-LAMP"]),
        ] {
            let team: Team = toml::from_str(toml).expect(toml);
            let Text { en, zh } = problem(&team).expect(toml);
            let is_said = |part: &&str| en.contains(*part);
            assert!(says.iter().all(is_said), "{en}");
            assert!(zh.chars().any(|c| c >= '\u{4e00}'), "{zh}");
        }
        let good =
            "[[owners]]\nname = \"Wang\"\nasins = [\"B0EXAMPLE1\"]\nmarketplaces = [\"DE\"]\nskus = [\"MH\"]";
        assert_eq!(problem(&toml::from_str(good).expect("readable")), None);
    }
}
