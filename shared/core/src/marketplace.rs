//! The marketplaces: ids, regions, report names, languages and the time zones of their buyers.
//!
//! Ids and regions: Amazon's "Marketplace IDs" page. Time zones are ours (Amazon documents
//! none): every zone in which a sizeable part of a country's buyers lives, so that one
//! moment can be checked against the clock on each of their walls.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{IdProblem, InvalidId};

/// A region of the Selling Partner API: one host, one authorisation each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// North and South America.
    Na,
    /// Europe, Middle East, Africa and India.
    Eu,
    /// Far East and Australia.
    Fe,
}

impl Region {
    /// Production host of the Selling Partner API (Amazon's "SP-API Endpoints" page).
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::Na => "https://sellingpartnerapi-na.amazon.com",
            Self::Eu => "https://sellingpartnerapi-eu.amazon.com",
            Self::Fe => "https://sellingpartnerapi-fe.amazon.com",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Na => "na",
            Self::Eu => "eu",
            Self::Fe => "fe",
        })
    }
}

/// What is known of one marketplace.
#[derive(Debug, PartialEq, Eq)]
pub struct Marketplace {
    /// Amazon's id, `ATVPDKIKX0DER`.
    pub id: &'static str,
    /// ISO 3166 code of the country. Amazon's own pages write `UK` for `GB`.
    pub country: &'static str,
    /// Region whose host and authorisation serve it.
    pub region: Region,
    /// `sales-channel` in report files, lower case.
    pub sales_channel: &'static str,
    /// Zones of the country's buyers; the first is where most of them live.
    pub zones: &'static [&'static str],
}

const fn entry(
    id: &'static str,
    country: &'static str,
    region: Region,
    sales_channel: &'static str,
    zones: &'static [&'static str],
) -> Marketplace {
    Marketplace { id, country, region, sales_channel, zones }
}

/// Every marketplace, by region.
pub static ALL: [Marketplace; 23] = {
    use Region::{Eu, Fe, Na};
    [
        entry(
            "ATVPDKIKX0DER",
            "US",
            Na,
            "amazon.com",
            &[
                "America/New_York",
                "America/Chicago",
                "America/Denver",
                "America/Phoenix",
                "America/Los_Angeles",
                "America/Anchorage",
                "Pacific/Honolulu",
            ],
        ),
        entry(
            "A2EUQ1WTGCTBG2",
            "CA",
            Na,
            "amazon.ca",
            &[
                "America/Toronto",
                "America/Winnipeg",
                "America/Regina",
                "America/Edmonton",
                "America/Vancouver",
                "America/Halifax",
                "America/St_Johns",
            ],
        ),
        entry(
            "A1AM78C64UM0Y8",
            "MX",
            Na,
            "amazon.com.mx",
            &["America/Mexico_City", "America/Cancun", "America/Hermosillo", "America/Tijuana"],
        ),
        entry(
            "A2Q3Y263D00KWC",
            "BR",
            Na,
            "amazon.com.br",
            &["America/Sao_Paulo", "America/Manaus", "America/Rio_Branco"],
        ),
        entry("A28R8C7NBKEWEA", "IE", Eu, "amazon.ie", &["Europe/Dublin"]),
        entry("A1RKKUPIHCS9HS", "ES", Eu, "amazon.es", &["Europe/Madrid", "Atlantic/Canary"]),
        entry("A1F83G8C2ARO7P", "GB", Eu, "amazon.co.uk", &["Europe/London"]),
        entry("A13V1IB3VIYZZH", "FR", Eu, "amazon.fr", &["Europe/Paris"]),
        entry("AMEN7PMS3EDWL", "BE", Eu, "amazon.com.be", &["Europe/Brussels"]),
        entry("A1805IZSGTT6HS", "NL", Eu, "amazon.nl", &["Europe/Amsterdam"]),
        entry("A1PA6795UKMFR9", "DE", Eu, "amazon.de", &["Europe/Berlin"]),
        entry("APJ6JRA9NG5V4", "IT", Eu, "amazon.it", &["Europe/Rome"]),
        entry("A2NODRKZP88ZB9", "SE", Eu, "amazon.se", &["Europe/Stockholm"]),
        entry("AE08WJ6YKNBMC", "ZA", Eu, "amazon.co.za", &["Africa/Johannesburg"]),
        entry("A1C3SOZRARQ6R3", "PL", Eu, "amazon.pl", &["Europe/Warsaw"]),
        entry("ARBP9OOSHTCHU", "EG", Eu, "amazon.eg", &["Africa/Cairo"]),
        entry("A33AVAJ2PDY3EV", "TR", Eu, "amazon.com.tr", &["Europe/Istanbul"]),
        entry("A17E79C6D8DWNP", "SA", Eu, "amazon.sa", &["Asia/Riyadh"]),
        entry("A2VIGQ35RCS4UG", "AE", Eu, "amazon.ae", &["Asia/Dubai"]),
        entry("A21TJRUUN4KGV", "IN", Eu, "amazon.in", &["Asia/Kolkata"]),
        entry("A19VAU5U5O7RUS", "SG", Fe, "amazon.sg", &["Asia/Singapore"]),
        entry(
            "A39IBJ37TRP1C6",
            "AU",
            Fe,
            "amazon.com.au",
            &[
                "Australia/Sydney",
                "Australia/Brisbane",
                "Australia/Adelaide",
                "Australia/Darwin",
                "Australia/Perth",
            ],
        ),
        entry("A1VC38T7YXB528", "JP", Fe, "amazon.co.jp", &["Asia/Tokyo"]),
    ]
};

/// A marketplace Renown knows. Parsing an unknown id fails, so inside there is always a
/// region to call and a clock to read.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MarketplaceId(&'static Marketplace);

impl MarketplaceId {
    /// What is known of it.
    pub fn info(self) -> &'static Marketplace {
        self.0
    }

    /// Amazon's id.
    pub fn as_str(self) -> &'static str {
        self.0.id
    }

    /// The marketplace of a report's `sales-channel` (`Amazon.de`), compared without case.
    /// `None` for `Non-Amazon` and for names that are not known.
    pub fn of_sales_channel(name: &str) -> Option<Self> {
        ALL.iter().find(|m| m.sales_channel.eq_ignore_ascii_case(name.trim())).map(MarketplaceId)
    }

    /// The marketplace of an ISO country code; `UK` counts as `GB`, as on Amazon's pages.
    pub fn of_country(code: &str) -> Option<Self> {
        let code = if code.eq_ignore_ascii_case("UK") { "GB" } else { code };
        ALL.iter().find(|m| m.country.eq_ignore_ascii_case(code)).map(MarketplaceId)
    }
}

impl FromStr for MarketplaceId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        ALL.iter()
            .find(|m| m.id == text)
            .map(MarketplaceId)
            .ok_or_else(|| InvalidId::new("marketplace id", text, IdProblem::UnknownMarketplace))
    }
}

impl TryFrom<String> for MarketplaceId {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<MarketplaceId> for String {
    fn from(id: MarketplaceId) -> Self {
        id.as_str().to_owned()
    }
}

impl PartialOrd for MarketplaceId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MarketplaceId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl std::hash::Hash for MarketplaceId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for MarketplaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.0.id, self.0.country)
    }
}

impl fmt::Display for MarketplaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_in_the_bundled_database() {
        for marketplace in &ALL {
            for zone in marketplace.zones {
                assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{} {zone}", marketplace.country);
            }
        }
    }

    #[test]
    fn ids_and_sales_channels_are_unique() {
        let mut ids: Vec<_> = ALL.iter().map(|m| m.id).collect();
        let mut channels: Vec<_> = ALL.iter().map(|m| m.sales_channel).collect();
        ids.sort_unstable();
        ids.dedup();
        channels.sort_unstable();
        channels.dedup();
        assert_eq!((ids.len(), channels.len()), (ALL.len(), ALL.len()));
    }

    #[test]
    fn a_sales_channel_names_its_marketplace_in_any_case() {
        let find = |name| MarketplaceId::of_sales_channel(name).map(|m| m.info().country);
        assert_eq!(find("Amazon.de"), Some("DE"));
        assert_eq!(find("AMAZON.CO.JP "), Some("JP"));
        assert_eq!(find("Non-Amazon"), None);
    }
}
