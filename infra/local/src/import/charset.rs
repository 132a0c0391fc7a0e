//! Which charset a text file without a name for it is written in.
//!
//! Amazon names the charset of a download in a header that is gone once the file lies on a
//! desk, and a spreadsheet may have written it anew: a Chinese Excel writes GB18030 whatever the
//! marketplace. So the whole file is looked through before it is read: a byte-order mark counts
//! first, then UTF-8 if its bytes make sense as such, then GB18030 or Big5 if nearly all of them pair
//! up to common Chinese characters of it, then what is customary in the marketplace that its rows name,
//! and GB18030 where they name none.

use std::collections::BTreeMap;

use renown_core::marketplace::MarketplaceId;
use renown_core::reports::{Charset, TextDecoder};

/// Longest ending of a sales channel behind "amazon.": `com.au`, with some room.
const MAX_ENDING: usize = 8;

/// A file being looked through.
pub(super) struct Guess {
    utf16: Option<Charset>,
    n_bytes: u64,
    utf8: TextDecoder,
    /// Characters beyond ASCII, if it is UTF-8.
    n_utf8: u64,
    scratch: String,
    pairs: Pairs,
    traditional: TraditionalPairs,
    channels: BTreeMap<MarketplaceId, u64>,
}

impl Guess {
    pub(super) fn new() -> Self {
        Self {
            utf16: None,
            n_bytes: 0,
            utf8: TextDecoder::of(Charset::UTF_8),
            n_utf8: 0,
            scratch: String::new(),
            pairs: Pairs::default(),
            traditional: TraditionalPairs::default(),
            channels: BTreeMap::new(),
        }
    }

    /// Looks at the next bytes; the first ones should be some hundred.
    pub(super) fn push(&mut self, bytes: &[u8]) {
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
        for byte in bytes {
            self.pairs.push(*byte);
            self.traditional.push(*byte);
        }
        // A name that is cut in two by the end of the piece is missed or misread: one of many.
        for (idx, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'.') {
            if let Some(marketplace) = sales_channel(bytes, idx) {
                *self.channels.entry(marketplace).or_default() += 1;
            }
        }
    }

    /// The charset. To a file that is all ASCII it makes no difference.
    pub(super) fn finish(mut self) -> Charset {
        if let Some(charset) = self.utf16 {
            return charset;
        }
        self.scratch.clear();
        let decoded = self.utf8.finish(&mut self.scratch);
        self.n_utf8 += beyond_ascii(&self.scratch);
        self.pairs.end_run();
        // One damaged character among many does not make it another charset.
        let n_malformed = decoded.malformed.count;
        if n_malformed == 0 || n_malformed * 10 <= self.n_utf8.saturating_sub(n_malformed) {
            return Charset::UTF_8;
        }
        if self.traditional.are_chinese() && !self.pairs.are_chinese(Charset::WINDOWS_1252) {
            return Charset::BIG5;
        }
        let most = self.channels.iter().max_by_key(|(_, n)| **n).map(|(marketplace, _)| *marketplace);
        let Some(customary) = most.map(Charset::customary_in) else { return Charset::GB18030 };
        if self.pairs.are_chinese(customary) { Charset::GB18030 } else { customary }
    }
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

/// How the bytes beyond ASCII would pair up as GBK.
#[derive(Default)]
struct Pairs {
    lead: Option<u8>,
    /// Bytes of a character of four that are read: GB18030 writes letters with accents so, a
    /// digit behind each high byte.
    four: u8,
    /// Pairs in the part with the common characters (GB2312: both bytes high).
    common: u64,
    /// Other pairs, and bytes without a partner.
    other: u64,
    run: u64,
    longest_run: u64,
    /// A byte above 0xDF: half-width Japanese kana lie below.
    above_kana: bool,
}

impl Pairs {
    fn push(&mut self, byte: u8) {
        match (self.four, byte) {
            (0, b'0'..=b'9') if self.lead.is_some() => {
                self.lead = None;
                self.four = 2;
                return;
            }
            (2, 0x81..=0xfe) => {
                self.four = 3;
                return;
            }
            (3, b'0'..=b'9') => {
                self.four = 0;
                self.common += 1;
                return;
            }
            (0, _) => {}
            _ => {
                self.four = 0;
                self.other += 1;
            }
        }
        if byte.is_ascii() {
            // A common character has no ASCII byte; a letter with an accent has one behind it.
            self.end_run();
            return;
        }
        self.run += 1;
        self.above_kana |= byte > 0xdf;
        match self.lead.take() {
            None => self.lead = Some(byte),
            Some(0xa1..=0xa9 | 0xb0..=0xf7) if byte >= 0xa1 => self.common += 1,
            Some(_) => self.other += 1,
        }
    }

    fn end_run(&mut self) {
        if self.lead.take().is_some() || std::mem::take(&mut self.four) > 0 {
            self.other += 1;
        }
        self.longest_run = self.longest_run.max(self.run);
        self.run = 0;
    }

    /// Nearly all are common Chinese characters, and two of them stand together: no European
    /// word has four letters with accents in a row. A file that would be nothing but half-width
    /// kana in Japan's charset is left to it.
    fn are_chinese(&self, customary: Charset) -> bool {
        let may_be_kana = customary == Charset::SHIFT_JIS && !self.above_kana;
        self.longest_run >= 4 && self.common >= self.other * 4 && !may_be_kana
    }
}

/// How the bytes would pair up as Big5. Half of its characters have a second byte that is ASCII,
/// which common characters of GBK never have.
#[derive(Default)]
struct TraditionalPairs {
    lead: Option<u8>,
    /// Frequent characters (the first plane of Big5) and its punctuation.
    common: u64,
    /// Those of them with an ASCII byte.
    with_ascii: u64,
    other: u64,
    run: u64,
    longest_run: u64,
}

impl TraditionalPairs {
    fn push(&mut self, byte: u8) {
        match self.lead.take() {
            None if byte.is_ascii() => self.run = 0,
            None => self.lead = Some(byte),
            Some(0xa1..=0xc6) if matches!(byte, 0x40..=0x7e | 0xa1..=0xfe) => {
                self.common += 1;
                self.with_ascii += u64::from(byte.is_ascii());
                self.run += 1;
                self.longest_run = self.longest_run.max(self.run);
            }
            Some(_) => {
                self.other += 1;
                self.run = 0;
            }
        }
    }

    /// Nearly all are frequent characters, some of them with an ASCII byte, and two stand
    /// together: no European word has two such letters in a row.
    fn are_chinese(&self) -> bool {
        self.longest_run >= 2 && self.common >= self.other * 4 && self.with_ascii * 25 >= self.common
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1252};

    use super::*;

    fn guess(bytes: &[u8], piece: usize) -> &'static str {
        let mut guess = Guess::new();
        for piece in bytes.chunks(piece) {
            guess.push(piece);
        }
        guess.finish().name()
    }

    #[test]
    fn the_charset_follows_from_the_bytes_and_the_marketplace() {
        for (channel, encoding, name) in [
            ("Amazon.de", UTF_8, "Köln-Größe 蓝色"),
            ("Amazon.co.jp", UTF_8, "急須"),
            ("Amazon.de", WINDOWS_1252, "Köln-Größe-€ für Öl"),
            ("Amazon.fr", WINDOWS_1252, "Théière brûlée"),
            ("Amazon.de", GB18030, "蓝色大号茶壶"),
            ("Amazon.com", GB18030, "紫砂壶-大"),
            ("Amazon.de", GB18030, "煎茶 Tee für Genießer 50g"),
            ("Amazon.co.jp", GB18030, "蓝色大号茶壶"),
            ("Amazon.co.jp", SHIFT_JIS, "急須-①-ﾃｽﾄ 大きい"),
            ("Amazon.co.jp", SHIFT_JIS, "ﾃｽﾄﾃ"),
            ("", GB18030, "蓝色"),
            ("Amazon.com", BIG5, "藍色大號茶壺,送禮自用兩相宜"),
            ("Amazon.co.jp", BIG5, "手工製作的陶瓷茶杯"),
            ("", BIG5, "廚房用品"),
            ("Amazon.com", BIG5, "日本煎茶禮盒裝綠茶茶葉50克"),
        ] {
            let text = format!("{name}\t{channel}\t{name}\n").repeat(20);
            let bytes = encoding.encode(&text).0;
            for piece in [7, 64 * 1024] {
                // Cut very small, no name of a marketplace is whole.
                if piece > 64 || encoding == UTF_8 {
                    assert_eq!(guess(&bytes, piece), encoding.name(), "{channel} {name} {piece}");
                }
            }
        }
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
