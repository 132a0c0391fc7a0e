//! Where a review was written, as tools name it.

use renown_core::marketplace::MarketplaceId;

/// What a country is called in English, Chinese, Japanese and its own languages, beside its code.
const NAMES: [(&str, &[&str]); 23] = [
    (
        "US",
        &[
            "united states",
            "united states of america",
            "usa",
            "america",
            "vereinigte staaten",
            "estados unidos",
            "états-unis",
            "stati uniti",
            "美国",
            "美國",
            "アメリカ",
            "アメリカ合衆国",
            "北米",
        ],
    ),
    ("CA", &["canada", "加拿大", "カナダ"]),
    ("MX", &["mexico", "méxico", "墨西哥", "メキシコ"]),
    ("BR", &["brazil", "brasil", "巴西", "ブラジル"]),
    ("IE", &["ireland", "爱尔兰", "アイルランド"]),
    ("ES", &["spain", "españa", "spanien", "espagne", "spagna", "西班牙", "スペイン"]),
    (
        "GB",
        &[
            "united kingdom",
            "great britain",
            "england",
            "vereinigtes königreich",
            "reino unido",
            "royaume-uni",
            "regno unito",
            "英国",
            "英國",
            "イギリス",
        ],
    ),
    ("FR", &["france", "frankreich", "francia", "法国", "法國", "フランス"]),
    ("BE", &["belgium", "belgië", "belgique", "比利时", "ベルギー"]),
    (
        "NL",
        &[
            "netherlands",
            "the netherlands",
            "nederland",
            "holland",
            "niederlande",
            "pays-bas",
            "荷兰",
            "オランダ",
        ],
    ),
    ("DE", &["germany", "deutschland", "alemania", "allemagne", "germania", "德国", "德國", "ドイツ"]),
    ("IT", &["italy", "italia", "italien", "italie", "意大利", "イタリア"]),
    ("SE", &["sweden", "sverige", "schweden", "瑞典", "スウェーデン"]),
    ("ZA", &["south africa", "南非", "南アフリカ"]),
    ("PL", &["poland", "polska", "polen", "波兰", "ポーランド"]),
    ("EG", &["egypt", "مصر", "埃及", "エジプト"]),
    ("TR", &["turkey", "türkiye", "turkiye", "土耳其", "トルコ"]),
    ("SA", &["saudi arabia", "ksa", "السعودية", "沙特", "沙特阿拉伯", "サウジアラビア"]),
    ("AE", &["united arab emirates", "uae", "الإمارات", "阿联酋", "阿拉伯联合酋长国", "アラブ首長国連邦"]),
    ("IN", &["india", "印度", "インド"]),
    ("SG", &["singapore", "新加坡", "シンガポール"]),
    ("AU", &["australia", "澳大利亚", "澳洲", "オーストラリア"]),
    ("JP", &["japan", "日本"]),
];

/// `DE`, `Germany`, `德国站`, `U.S.`, `amazon.de` or `https://www.amazon.de/`; also Amazon's id.
pub(super) fn marketplace(written: &str) -> Option<MarketplaceId> {
    let lower = written.trim().to_lowercase();
    let name = lower.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let name = name.split(['/', '(']).next().unwrap_or(name).trim();
    let name = name.strip_suffix("站点").or_else(|| name.strip_suffix('站')).unwrap_or(name);
    let page = name.strip_prefix("amazon ").or_else(|| name.strip_prefix("亚马逊")).unwrap_or(name);
    let page = page.strip_suffix("亚马逊").unwrap_or(page).trim();
    // U.S., U.K.
    let plain = page.replace('.', "");
    let page = if plain.len() <= 3 { plain.as_str() } else { page };
    let named = || NAMES.iter().find(|(_, names)| names.contains(&page)).map(|(code, _)| *code);
    MarketplaceId::of_country(page)
        .or_else(|| MarketplaceId::of_sales_channel(name))
        .or_else(|| written.trim().parse().ok())
        .or_else(|| MarketplaceId::of_country(named()?))
}

#[cfg(test)]
mod tests {
    use renown_core::marketplace;

    use super::*;

    #[test]
    fn a_marketplace_is_named_by_its_country_or_its_page() {
        for (written, expect) in [
            ("DE", Some("DE")),
            ("uk", Some("GB")),
            ("Germany", Some("DE")),
            ("德国", Some("DE")),
            ("美国站", Some("US")),
            ("日本", Some("JP")),
            ("amazon.co.uk", Some("GB")),
            ("Amazon.de", Some("DE")),
            ("Amazon US", Some("US")),
            ("https://www.amazon.de/", Some("DE")),
            ("ATVPDKIKX0DER", Some("US")),
            ("U.S.", Some("US")),
            ("DE (Germany)", Some("DE")),
            ("亚马逊德国", Some("DE")),
            ("英国亚马逊", Some("GB")),
            ("http://www.amazon.fr/dp/B0TEAPOT01", Some("FR")),
            ("Frankreich", Some("FR")),
            ("Europe", None),
            ("?", None),
            ("", None),
        ] {
            assert_eq!(marketplace(written).map(|it| it.info().country), expect, "{written}");
        }
        for known in &marketplace::ALL {
            assert!(NAMES.iter().any(|(code, _)| *code == known.country), "{}", known.country);
        }
    }
}
