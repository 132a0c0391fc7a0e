//! Where Amazon tells what reviews name, and what it takes.

use crate::marketplace::MarketplaceId;
use crate::say::Text;
use crate::text;

/// The role of a seller's app by which Amazon tells it. Source: its page on the Customer Feedback API;
/// a vendor's is Brand Analytics.
pub const ROLE: &str = "Selling Partner Insights";

/// Countries whose marketplaces tell it. Source: the same page, which calls GB the UK.
const COUNTRIES: [&str; 7] = ["US", "GB", "FR", "IT", "DE", "ES", "JP"];

/// Whether a marketplace tells what reviews name.
pub fn offers(at: MarketplaceId) -> bool {
    COUNTRIES.contains(&at.info().country)
}

/// What an operator reads of a marketplace that does not.
pub fn not_offered(at: MarketplaceId) -> Text {
    let country = at.info().country;
    let all = COUNTRIES.join(", ");
    text!(
        "Amazon does not offer review topics in {country}; it does in {all}",
        "亚马逊在 {country} 站点不提供评论主题;提供的站点:{all}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marketplace::ALL;

    #[test]
    fn seven_marketplaces_offer_it_and_the_others_say_that_they_do_not() {
        let all = ALL.iter().filter_map(|it| it.id.parse::<MarketplaceId>().ok());
        let (yes, no): (Vec<_>, Vec<_>) = all.partition(|at| offers(*at));
        let countries: Vec<_> = yes.iter().map(|at| at.info().country).collect();
        assert_eq!(countries, ["US", "ES", "GB", "FR", "DE", "IT", "JP"]);
        for at in no {
            let Text { en, zh } = not_offered(at);
            assert!(en.contains(at.info().country) && zh.contains(at.info().country), "{en} {zh}");
        }
    }
}
