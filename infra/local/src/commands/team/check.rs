//! What fits nothing in a team's settings, as things stand.

use renown_core::case::Team;
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;

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
