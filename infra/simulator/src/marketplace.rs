//! Facts about Amazon's marketplaces. Source: Amazon's page of marketplace ids and the shape of
//! the Sellers API; languages and currencies are common knowledge.

use crate::model::Region;

/// One marketplace.
#[derive(Debug)]
pub(crate) struct Marketplace {
    pub(crate) id: &'static str,
    pub(crate) country: &'static str,
    pub(crate) region: Region,
    pub(crate) language: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) domain: &'static str,
    /// A product name in the marketplace's language, with letters beyond ASCII.
    pub(crate) title: &'static str,
}

const fn at(
    id: &'static str,
    country: &'static str,
    region: Region,
    language: &'static str,
    currency: &'static str,
    domain: &'static str,
    title: &'static str,
) -> Marketplace {
    Marketplace { id, country, region, language, currency, domain, title }
}

#[rustfmt::skip]
const ALL: [Marketplace; 23] = [
    at("A2EUQ1WTGCTBG2", "CA", Region::Na, "en_CA", "CAD", "amazon.ca", "Théière en verre, 1 L – glass teapot"),
    at("ATVPDKIKX0DER", "US", Region::Na, "en_US", "USD", "amazon.com", "Café jalapeño tumbler – 20 oz™"),
    at("A1AM78C64UM0Y8", "MX", Region::Na, "es_MX", "MXN", "amazon.com.mx", "Lámpara de mesa pequeña, diseño clásico"),
    at("A2Q3Y263D00KWC", "BR", Region::Na, "pt_BR", "BRL", "amazon.com.br", "Jogo de facas de aço inoxidável, 6 peças"),
    at("A28R8C7NBKEWEA", "IE", Region::Eu, "en_IE", "EUR", "amazon.ie", "Sínead’s wool throw – 130 × 170 cm"),
    at("A1RKKUPIHCS9HS", "ES", Region::Eu, "es_ES", "EUR", "amazon.es", "Cojín de algodón para niños, 45 × 45"),
    at("A1F83G8C2ARO7P", "GB", Region::Eu, "en_GB", "GBP", "amazon.co.uk", "Crème brûlée dishes, set of 4 – £ value"),
    at("A13V1IB3VIYZZH", "FR", Region::Eu, "fr_FR", "EUR", "amazon.fr", "Théière à infuser – 1 L, cœur en inox"),
    at("AMEN7PMS3EDWL", "BE", Region::Eu, "fr_BE", "EUR", "amazon.com.be", "Gaufrier électrique, revêtement antiadhésif"),
    at("A1805IZSGTT6HS", "NL", Region::Eu, "nl_NL", "EUR", "amazon.nl", "Geïsoleerde fles, één liter"),
    at("A1PA6795UKMFR9", "DE", Region::Eu, "de_DE", "EUR", "amazon.de", "Küchenmesser für Gemüse, Größe M – 15 cm"),
    at("APJ6JRA9NG5V4", "IT", Region::Eu, "it_IT", "EUR", "amazon.it", "Caffettiera più grande, qualità italiana"),
    at("A2NODRKZP88ZB9", "SE", Region::Eu, "sv_SE", "SEK", "amazon.se", "Smörkniv i björk, två stycken"),
    at("AE08WJ6YKNBMC", "ZA", Region::Eu, "en_ZA", "ZAR", "amazon.co.za", "Kombuis-skêr – café edition"),
    at("A1C3SOZRARQ6R3", "PL", Region::Eu, "pl_PL", "PLN", "amazon.pl", "Łyżka drewniana ręcznie robiona"),
    at("ARBP9OOSHTCHU", "EG", Region::Eu, "ar_EG", "EGP", "amazon.eg", "إبريق شاي زجاجي"),
    at("A33AVAJ2PDY3EV", "TR", Region::Eu, "tr_TR", "TRY", "amazon.com.tr", "Çay bardağı, altılı takım, ışıltılı"),
    at("A17E79C6D8DWNP", "SA", Region::Eu, "ar_SA", "SAR", "amazon.sa", "مصباح مكتب صغير"),
    at("A2VIGQ35RCS4UG", "AE", Region::Eu, "ar_AE", "AED", "amazon.ae", "قارورة ماء معزولة"),
    at("A21TJRUUN4KGV", "IN", Region::Eu, "en_IN", "INR", "amazon.in", "Chai cups – प्याला, set of 6"),
    at("A19VAU5U5O7RUS", "SG", Region::Fe, "en_SG", "SGD", "amazon.sg", "Kopi cups – 咖啡杯, set of 2"),
    at("A39IBJ37TRP1C6", "AU", Region::Fe, "en_AU", "AUD", "amazon.com.au", "Café-style crêpe pan – 24 cm"),
    at("A1VC38T7YXB528", "JP", Region::Fe, "ja_JP", "JPY", "amazon.co.jp", "急須 ガラス製 ティーポット①"),
];

impl Marketplace {
    pub(crate) fn by_id(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|marketplace| marketplace.id == id)
    }

    /// `Amazon.de`: the channel name in reports and in the Orders API.
    pub(crate) fn name(&self) -> String {
        format!("A{}", &self.domain[1..])
    }

    /// An amount in the currency's own notation.
    pub(crate) fn amount(&self, minor: u64) -> String {
        if self.currency == "JPY" { minor.to_string() } else { format!("{}.{:02}", minor / 100, minor % 100) }
    }

    /// Charset of flat files, in Amazon's spelling. As observed by several clients.
    pub(crate) fn charset(&self) -> &'static str {
        match (self.country, self.region) {
            ("JP", _) => "MS932",
            (_, Region::Eu) => "Cp1252",
            (_, Region::Na | Region::Fe) => "UTF-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_product_name_has_letters_beyond_ascii() {
        for marketplace in &ALL {
            assert!(!marketplace.title.is_ascii(), "{}", marketplace.country);
        }
    }

    #[test]
    fn yen_have_no_decimals() {
        assert_eq!(Marketplace::by_id("A1VC38T7YXB528").unwrap().amount(5980), "5980");
        assert_eq!(Marketplace::by_id("A1PA6795UKMFR9").unwrap().amount(5980), "59.80");
    }
}
