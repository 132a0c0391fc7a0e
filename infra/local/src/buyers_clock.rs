//! The clock on the wall of a marketplace's buyers: that of the zone in which most of them live.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use renown_core::marketplace::MarketplaceId;
use renown_core::say::Lang;

/// The city of each marketplace's first zone, in Chinese.
const CITIES: &[(&str, &str)] = &[
    ("America/New_York", "纽约"),
    ("America/Toronto", "多伦多"),
    ("America/Mexico_City", "墨西哥城"),
    ("America/Sao_Paulo", "圣保罗"),
    ("Europe/Dublin", "都柏林"),
    ("Europe/Madrid", "马德里"),
    ("Europe/London", "伦敦"),
    ("Europe/Paris", "巴黎"),
    ("Europe/Brussels", "布鲁塞尔"),
    ("Europe/Amsterdam", "阿姆斯特丹"),
    ("Europe/Berlin", "柏林"),
    ("Europe/Rome", "罗马"),
    ("Europe/Stockholm", "斯德哥尔摩"),
    ("Africa/Johannesburg", "约翰内斯堡"),
    ("Europe/Warsaw", "华沙"),
    ("Africa/Cairo", "开罗"),
    ("Europe/Istanbul", "伊斯坦布尔"),
    ("Asia/Riyadh", "利雅得"),
    ("Asia/Dubai", "迪拜"),
    ("Asia/Kolkata", "加尔各答"),
    ("Asia/Singapore", "新加坡"),
    ("Australia/Sydney", "悉尼"),
    ("Asia/Tokyo", "东京"),
];

/// A moment there: `14:23 Tokyo`, `14:23 东京`.
pub(crate) fn local(at: Timestamp, marketplace: MarketplaceId, lang: Lang) -> String {
    let zone = zone_name(marketplace);
    let city = match lang {
        Lang::En => zone.rsplit('/').next().unwrap_or(zone).replace('_', " "),
        Lang::Zh => CITIES.iter().find(|(name, _)| *name == zone).map_or(zone, |(_, city)| city).to_owned(),
    };
    format!("{} {city}", at.to_zoned(zone_of(marketplace)).strftime("%H:%M"))
}

/// A day there: `10-07`.
pub(crate) fn day(at: Timestamp, marketplace: MarketplaceId) -> String {
    at.to_zoned(zone_of(marketplace)).strftime("%m-%d").to_string()
}

fn zone_name(marketplace: MarketplaceId) -> &'static str {
    marketplace.info().zones.first().copied().unwrap_or("UTC")
}

fn zone_of(marketplace: MarketplaceId) -> TimeZone {
    TimeZone::get(zone_name(marketplace)).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use renown_core::marketplace::ALL;

    use super::*;

    #[test]
    fn the_clock_of_every_marketplace_is_told_by_a_city_in_both_languages() {
        for marketplace in ALL.iter().filter_map(|info| MarketplaceId::of_country(info.country)) {
            let told = local(Timestamp::UNIX_EPOCH, marketplace, Lang::En);
            assert!(told.is_ascii() && !told.contains('/'), "{told}");
            let told = local(Timestamp::UNIX_EPOCH, marketplace, Lang::Zh);
            assert!(!told[6..].is_ascii(), "{told}");
        }
    }
}
