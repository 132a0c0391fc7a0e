//! Which charset a text without a name for it is written in.
//!
//! Amazon names the charset of a download in a header that is gone once the file lies on a
//! desk, and a spreadsheet may have written it anew: a Chinese Excel writes GB18030 whatever the
//! marketplace. So the whole file is looked through before it is read: a byte-order mark counts
//! first, then UTF-8 if its bytes make sense as such, then what chardetng finds in its letters, as far
//! as buyers and sellers on Amazon write in it, and else what is customary in the marketplace that its
//! rows name.

use std::collections::BTreeMap;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use renown_core::marketplace::MarketplaceId;
use renown_core::reports::{Charset, TextDecoder};

/// Longest ending of a sales channel behind "amazon.": `com.au`, with some room.
const MAX_ENDING: usize = 8;

/// Bytes beyond ASCII that are too few to tell languages apart by.
const FEW: u64 = 16;

/// A file being looked through.
pub(crate) struct Guess {
    utf16: Option<Charset>,
    n_bytes: u64,
    utf8: TextDecoder,
    /// Characters beyond ASCII, if it is UTF-8.
    n_utf8: u64,
    scratch: String,
    letters: EncodingDetector,
    channels: BTreeMap<MarketplaceId, u64>,
}

impl Guess {
    pub(crate) fn new() -> Self {
        Self {
            utf16: None,
            n_bytes: 0,
            utf8: TextDecoder::of(Charset::UTF_8),
            n_utf8: 0,
            scratch: String::new(),
            letters: EncodingDetector::new(Iso2022JpDetection::Deny),
            channels: BTreeMap::new(),
        }
    }

    /// Looks at the next bytes; the first ones should be some hundred.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if self.n_bytes == 0 {
            self.utf16 = utf16(bytes);
        }
        self.n_bytes += bytes.len() as u64;
        if self.utf16.is_some() {
            return;
        }
        self.scratch.clear();
        self.utf8.push(bytes, &mut self.scratch);
        self.n_utf8 += beyond_ascii(&self.scratch);
        self.letters.feed(bytes, false);
        // A name that is cut in two by the end of the piece is missed or misread: one of many.
        for (idx, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'.') {
            if let Some(marketplace) = sales_channel(bytes, idx) {
                *self.channels.entry(marketplace).or_default() += 1;
            }
        }
    }

    /// The charset. To a file that is all ASCII it makes no difference. `sold_in`: where its texts were
    /// written, if its rows do not say.
    pub(crate) fn finish(mut self, sold_in: Option<MarketplaceId>) -> Charset {
        if let Some(charset) = self.utf16 {
            return charset;
        }
        self.scratch.clear();
        let decoded = self.utf8.finish(&mut self.scratch);
        self.n_utf8 += beyond_ascii(&self.scratch);
        // One damaged character among many does not make it another charset.
        let n_malformed = decoded.malformed.count;
        if n_malformed == 0 || n_malformed * 10 <= self.n_utf8.saturating_sub(n_malformed) {
            return Charset::UTF_8;
        }
        self.letters.feed(&[], true);
        let most = self.channels.iter().max_by_key(|(_, n)| **n).map(|(marketplace, _)| *marketplace);
        let customary = most.or(sold_in).map(Charset::customary_in);
        let among = |country: Option<&[u8]>| self.letters.guess(country, Utf8Detection::Deny).name();
        match among(None) {
            "GBK" | "gb18030" => Charset::GB18030,
            "Big5" => Charset::BIG5,
            "Shift_JIS" => Charset::SHIFT_JIS,
            // Half-width kana alone look like a row of accents.
            "windows-1252" | "windows-1250" | "ISO-8859-2" if customary == Some(Charset::SHIFT_JIS) => {
                Charset::SHIFT_JIS
            }
            "windows-1250" => Charset::WINDOWS_1250,
            // Two Chinese characters look Korean, a row of kana Cyrillic.
            "EUC-KR" if n_malformed <= FEW && among(Some(b"cn")) == "GBK" => Charset::GB18030,
            "windows-1251" | "KOI8-U" | "IBM866"
                if among(Some(b"jp")) == "Shift_JIS" && customary.is_none() =>
            {
                Charset::SHIFT_JIS
            }
            other => customary.or_else(|| Charset::named(other)).unwrap_or(Charset::WINDOWS_1252),
        }
    }
}

/// A whole text, and the charset that it was read in. `None`: the bytes are none: a picture, an
/// archive, a workbook.
pub(crate) fn text_of(bytes: &[u8]) -> Option<(String, Charset)> {
    let mut guess = Guess::new();
    guess.push(bytes);
    let charset = guess.finish(None);
    let (mut text, mut decoder) = (String::new(), TextDecoder::of(charset));
    decoder.push(bytes, &mut text);
    let malformed = decoder.finish(&mut text).malformed.count;
    let n_other = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count() as u64;
    let n = text.chars().count() as u64;
    (n_other * 20 <= n && malformed * 5 <= n && !text.contains('\0')).then_some((text, charset))
}

fn beyond_ascii(text: &str) -> u64 {
    text.chars().filter(|c| !c.is_ascii()).count() as u64
}

/// UTF-16, by its mark or, without one, by the zero bytes that half of a table's bytes then are.
fn utf16(head: &[u8]) -> Option<Charset> {
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let half = head.len() / 2;
    let name = match head {
        [0xff, 0xfe, ..] => "utf-16le",
        [0xfe, 0xff, ..] => "utf-16be",
        _ if half > 8 && zeros(1) * 10 > half * 8 => "utf-16le",
        _ if half > 8 && zeros(0) * 10 > half * 8 => "utf-16be",
        _ => return None,
    };
    Charset::named(name)
}

/// The marketplace whose sales channel has its first dot at `dot`.
fn sales_channel(bytes: &[u8], dot: usize) -> Option<MarketplaceId> {
    let from = dot.checked_sub(6)?;
    let ending = &bytes[dot + 1..];
    let n_ending = ending
        .iter()
        .take(MAX_ENDING)
        .take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'.')
        .count();
    let name = std::str::from_utf8(&bytes[from..=dot + n_ending]).ok()?;
    name.get(..6).filter(|head| head.eq_ignore_ascii_case("amazon"))?;
    MarketplaceId::of_sales_channel(name)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{
        BIG5, EUC_JP, EUC_KR, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    };

    use super::*;

    fn guess(bytes: &[u8], piece: usize) -> &'static str {
        let mut guess = Guess::new();
        for piece in bytes.chunks(piece) {
            guess.push(piece);
        }
        guess.finish(None).name()
    }

    #[test]
    fn the_charset_follows_from_the_bytes_and_the_marketplace() {
        for (channel, encoding, name) in [
            ("Amazon.de", UTF_8, "Köln-Größe 蓝色"),
            ("Amazon.co.jp", UTF_8, "急須"),
            ("Amazon.de", WINDOWS_1252, "Köln-Größe-€ für Öl"),
            ("Amazon.fr", WINDOWS_1252, "Théière brûlée"),
            ("", WINDOWS_1252, "Leider kam die Kanne völlig zerbrochen an"),
            ("", WINDOWS_1252, "La qualité est très décevante"),
            ("", WINDOWS_1252, "No llegó, pésimo"),
            ("", WINDOWS_1250, "Przesyłka dotarła zniszczona, nie działa"),
            ("Amazon.de", GB18030, "蓝色大号茶壶"),
            ("Amazon.com", GB18030, "紫砂壶-大"),
            ("Amazon.de", GB18030, "煎茶 Tee für Genießer 50g"),
            ("Amazon.co.jp", GB18030, "蓝色大号茶壶"),
            ("", GB18030, "蓝色"),
            ("", GB18030, "很差"),
            ("", GB18030, "收到的时候壶嘴断了"),
            ("", EUC_KR, "배송이 너무 늦어요. 환불해 주세요"),
            ("", EUC_JP, "壊れて届きました。返金してください"),
            ("", WINDOWS_1251, "Сломалось сразу, верните деньги"),
            ("Amazon.co.jp", SHIFT_JIS, "急須-①-ﾃｽﾄ 大きい"),
            ("Amazon.co.jp", SHIFT_JIS, "ﾃｽﾄﾃ"),
            ("", SHIFT_JIS, "壊れて届きました。返金してください"),
            ("", SHIFT_JIS, "最悪"),
            ("Amazon.com", BIG5, "藍色大號茶壺,送禮自用兩相宜"),
            ("Amazon.co.jp", BIG5, "手工製作的陶瓷茶杯"),
            ("", BIG5, "廚房用品"),
            ("Amazon.com", BIG5, "日本煎茶禮盒裝綠茶茶葉50克"),
        ] {
            // So few letters are Chinese where they stand once.
            for times in if name == "很差" { vec![1] } else { vec![1, 20] } {
                let text = format!("{name}\t{channel}\t{name}\n").repeat(times);
                let bytes = encoding.encode(&text).0;
                for piece in [7, 64 * 1024] {
                    // Cut very small, no name of a marketplace is whole.
                    if piece > 64 || channel.is_empty() {
                        assert_eq!(guess(&bytes, piece), encoding.name(), "{channel} {name} {piece}");
                    }
                }
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_none() {
        let read = |bytes: &[u8]| text_of(bytes).map(|(text, charset)| (text, charset.name()));
        assert_eq!(read("Größe".as_bytes()), Some(("Größe".to_owned(), "UTF-8")));
        assert_eq!(read(&WINDOWS_1252.encode("Größe völlig falsch").0).map(|it| it.1), Some("windows-1252"));
        assert_eq!(read(b""), Some((String::new(), "UTF-8")));
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"), None);
        let noise: Vec<u8> = (0..1000_u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes())
            .map(|byte| byte | 1)
            .collect();
        assert_eq!(read(&noise), None);
    }

    #[test]
    fn one_damaged_character_does_not_make_it_another_charset() {
        let mut bytes = "Amazon.de\tKöln\n".repeat(30).into_bytes();
        bytes[11] = 0xff;
        assert_eq!(guess(&bytes, 4096), "UTF-8");
    }

    #[test]
    fn utf_16_is_known_with_and_without_its_mark() {
        let text = "amazon-order-id\tsku 蓝\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(guess(&little, 4096), "UTF-16LE");
        assert_eq!(guess(&big, 4096), "UTF-16BE");
        assert_eq!(guess(&[&[0xff, 0xfe], &little[..]].concat(), 4096), "UTF-16LE");
    }
}
