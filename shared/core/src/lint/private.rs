//! What says where a buyer lives, how they pay, or who they are in a network: read letter by letter.
//!
//! Only the obvious forms: what a buyer says of a product is worth more than a doubtful number. Orders,
//! parcels, products, prices, dates and sizes are none of it.

mod name;
mod numbers;
mod street;

use super::judge::Place;

/// Beginnings of links to an account of a messenger, as people write them.
const MESSENGERS: [&str; 7] = ["t.me/", "telegram.me/", "wa.me/", "line.me/", "m.me/", "lin.ee/", "line://"];
/// Letters of a name in a network, its sign not counted.
const HANDLE: std::ops::RangeInclusive<usize> = 3..=30;

/// Everything of the kind in a text, each place with what stands there instead.
pub(super) fn find(chars: &[char]) -> Vec<(Place, &'static str)> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let found = begins(chars, at).then(|| one(chars, at)).flatten();
        match found {
            Some((end, what)) => {
                all.push(((at, end), what));
                at = end;
            }
            None => at += 1,
        }
    }
    all
}

/// Whether a word may begin here: none goes on.
fn begins(chars: &[char], at: usize) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || (c.is_alphabetic() && !is_ideograph(c));
    let before = at.checked_sub(1).map(|before| chars[before]);
    before.is_none_or(|c| !is_part(c) && !"@_-/.".contains(c) || is_ideograph(chars[at]))
}

fn one(chars: &[char], at: usize) -> Option<(usize, &'static str)> {
    let rest = &chars[at..];
    let found = numbers::iban(rest)
        .map(|n| (n, "[account]"))
        .or_else(|| numbers::card(rest, &chars[..at]).map(|n| (n, "[card]")))
        .or_else(|| messenger(rest).map(|n| (n, "[link]")))
        .or_else(|| handle(rest).map(|n| (n, "[handle]")))
        .or_else(|| street::street(rest, &chars[..at]).map(|n| (n, "[address]")))
        .or_else(|| name::name(rest, &chars[..at]).map(|n| (n, "[name]")));
    found.map(|(n, what)| (at + n, what))
}

/// How long the link to a messenger is that begins here.
fn messenger(rest: &[char]) -> Option<usize> {
    let starts = |begin: &&&str| {
        rest.len() > begin.len() && begin.chars().zip(rest).all(|(a, b)| a == b.to_ascii_lowercase())
    };
    let begin = MESSENGERS.iter().find(starts)?.len();
    let is_path = |c: &&char| c.is_ascii_graphic() && !"\"'<>)],;!".contains(**c);
    let mut n = begin + rest[begin..].iter().take_while(is_path).count();
    while n > begin && rest[n - 1] == '.' {
        n -= 1;
    }
    (n > begin).then_some(n)
}

/// How long the name in a network is that begins here: `@tea.friend`.
fn handle(rest: &[char]) -> Option<usize> {
    let is_name = |c: &&char| c.is_ascii_alphanumeric() || "_.-".contains(**c);
    let mut n = rest.strip_prefix(&['@'])?.iter().take_while(is_name).count();
    while n > 0 && matches!(rest[n], '.' | '-') {
        n -= 1;
    }
    let name: String = rest[1..=n].iter().collect::<String>().to_lowercase();
    let is_one = HANDLE.contains(&n)
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !name.starts_with("amazon");
    is_one.then_some(n + 1)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whats(text: &str) -> Vec<&'static str> {
        let chars: Vec<char> = text.chars().collect();
        find(&chars).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn accounts_cards_names_and_homes_are_found() {
        for (text, expect) in [
            ("refund to DE89 3704 0044 0532 0130 00 please", "[account]"),
            ("IBAN: GB82WEST12345698765432.", "[account]"),
            ("iban nl91abna0417164300", "[account]"),
            ("请退到 FR14 2004 1010 0505 0001 3M02 606", "[account]"),
            ("my card 4111 1111 1111 1111", "[card]"),
            ("Karte 5500-0000-0000-0004 belastet", "[card]"),
            ("amex 378282246310005", "[card]"),
            ("amex 3782 822463 10005!", "[card]"),
            ("银联 6222021234567890128", "[card]"),
            ("write me @tea_friend99", "[handle]"),
            ("insta:@jo.doe.", "[handle]"),
            ("LINE(@maruichi-parts)", "[handle]"),
            ("请联系@teafriend谢谢", "[handle]"),
            ("t.me/jodoe", "[link]"),
            ("auf T.me/jodoe.", "[link]"),
            ("wa.me/4915123456789", "[link]"),
            ("line.me/ti/p/abc", "[link]"),
            ("I live at 12 Main Street, Springfield", "[address]"),
            ("send it to 1600 Pennsylvania Ave NW", "[address]"),
            ("12b Old Mill Rd.", "[address]"),
            ("at 12 main street", "[address]"),
            ("221 W 42nd St, New York", "[address]"),
            ("Hauptstraße 12", "[address]"),
            ("wohne in der Berliner Straße 12a, 10115 Berlin", "[address]"),
            ("Lange Str. 5", "[address]"),
            ("Goethestr.7", "[address]"),
            ("hauptstrasse 12-14", "[address]"),
            ("Lindenallee 3", "[address]"),
            ("Birkenweg 8", "[address]"),
            ("12 rue de la Paix", "[address]"),
            ("45 bis, avenue Victor Hugo, Paris", "[address]"),
            ("Via Garibaldi 24, Milano", "[address]"),
            ("Calle Mayor, 5", "[address]"),
            ("寄到中山路128号3栋502室", "[address]"),
            ("人民大道12号", "[address]"),
            ("東京都渋谷区神南1-2-3 に送ってください", "[address]"),
            ("住所は大阪府大阪市北区梅田三丁目1番3号です", "[address]"),
            ("〒150-0041", "[address]"),
            ("my name is Peter van Dyk and I wait", "[name]"),
            ("Hi, my name is peter, please call", "[name]"),
            ("Mein Name ist Anna-Lena Müller.", "[name]"),
            ("Je m'appelle Zoé Dupont", "[name]"),
            ("私の名前は田中太郎です", "[name]"),
            ("我的名字是王小明，请回复", "[name]"),
        ] {
            assert_eq!(whats(text), [expect], "{text}");
        }
    }

    #[test]
    fn orders_parcels_products_prices_days_and_sizes_are_none() {
        for text in [
            "Order 123-1234567-1234567 and 302-7654321-0000001",
            "订单号 123-1234567-1234567",
            "B0LAMP0001, X000ABCDEF, 3161484100",
            "tracking 1Z999AA10123456784",
            "Sendung 00340434292135100186",
            "JJD000390007882823456, JD014600006281230701",
            "LX123456789DE, RR123456785CN",
            "tracking number 4111111111111111",
            "4006381333931",
            "1234567890123456",
            "1,299.00 EUR, $12.99, 45,00 €",
            "2026-11-22, 22.11.2026, 11/22/2026 at 12:30",
            "30 x 40 x 50 cm, 12 mm, 1.5 kg",
            "3 pcs @ 5 EUR",
            "bought @amazon",
            "2 days on the road",
            "2 Days On The Road. 3 Broken. Road trip",
            "3 Nike Court shoes",
            "I bought 2 Solar Street Lights",
            "a 16 GB Flash Drive and 2 USB Drive",
            "1 way street, 4 lane road",
            "5 Star Service",
            "Dichtungsring 12 mm",
            "auf dem Weg 2 Tage",
            "Postweg 3 Wochen",
            "Rückweg 3",
            "Straße 2 mal gesperrt",
            "on the street 12 hours",
            "Via DHL 3 Tage",
            "via email 2 times",
            "Avenue of 3 trees",
            "1 rue",
            "走了2号线路3号线",
            "4 Avenue",
            "DE89 is a plate",
            "une autre demain par courrier suivi, sans frais",
            "Non chiediamo mai recensioni",
            "model AT61 1904 3002 3457 3202",
            "市販品より1-2cm小さい",
            "区別がつかない。2-3日",
            "都合により1-2日遅れ",
            "3-5日で届く",
            "it has my name in Gold Letters",
            "名前はいいけど品質が悪い",
        ] {
            assert_eq!(whats(text), [] as [&str; 0], "{text}");
        }
    }
}
