//! From the bytes of a report file to text.
//!
//! Amazon writes report files in the charset that was customary in the marketplace and names
//! it in the download's `Content-Type` with Java's names (`Cp1252`, `MS932`). Where it names
//! none, and for files that went through a spreadsheet on the seller's desk, the first run of
//! non-ASCII bytes decides between UTF-8 and a fallback.
//!
//! Guarantee: the text depends on the bytes alone, never on how they were cut into pieces; a
//! byte-order mark beats every other hint; bytes that make no sense become U+FFFD and are
//! counted with the lines on which they stand.

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::marketplace::MarketplaceId;

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charset(&'static Encoding);

impl Charset {
    /// Unicode in one to four bytes.
    pub const UTF_8: Self = Self(&encoding_rs::UTF_8_INIT);
    /// Western Europe; a superset of ISO-8859-1.
    pub const WINDOWS_1252: Self = Self(&encoding_rs::WINDOWS_1252_INIT);
    /// Poland and its neighbours.
    pub const WINDOWS_1250: Self = Self(&encoding_rs::WINDOWS_1250_INIT);
    /// Japan; the superset that Windows writes (`MS932`).
    pub const SHIFT_JIS: Self = Self(&encoding_rs::SHIFT_JIS_INIT);
    /// Traditional Chinese, as Excel in Taiwan and Hong Kong saves a CSV file.
    pub const BIG5: Self = Self(&encoding_rs::BIG5_INIT);
    /// China; the superset of GBK. What a Chinese Excel writes as "text".
    pub const GB18030: Self = Self(&encoding_rs::GB18030_INIT);

    /// The charset that a name means: Java's names, which Amazon uses, and those of the web.
    /// `None` for a name that means nothing; the caller then reads as if none were given.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim();
        let folded: String =
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        // Java's own names. Those it shares with the web (UTF-8, Shift_JIS, windows-31j,
        // EUC-JP, Big5, GBK, GB18030, ISO-8859-x) are left to the table of encoding_rs.
        let web = match folded.as_str() {
            "cp1250" => "windows-1250",
            "cp1251" => "windows-1251",
            "cp1252" | "iso88591" => "windows-1252",
            "cp1253" => "windows-1253",
            "cp1254" | "iso88599" => "windows-1254",
            "cp1256" => "windows-1256",
            "cp1257" => "windows-1257",
            "ms874" => "windows-874",
            "ms932" | "cp932" | "cp943c" | "sjis" => "shift_jis",
            "ms936" | "cp936" => "gbk",
            "ms949" | "cp949" => "euc-kr",
            "ms950" | "cp950" => "big5",
            "iso885915" => "iso-8859-15",
            "eucjp" => "euc-jp",
            "utf16" | "unicodelittle" => "utf-16le",
            "unicodebig" => "utf-16be",
            _ => name,
        };
        // `for_label` maps a few dangerous names onto a charset that decodes nothing.
        Encoding::for_label(web.as_bytes()).filter(|found| *found != encoding_rs::REPLACEMENT).map(Self)
    }

    /// The charset that a `Content-Type` names: `text/plain; charset=Cp1252`.
    pub fn of_content_type(value: &str) -> Option<Self> {
        let parameter = value.split(';').skip(1).find_map(|parameter| {
            let (key, name) = parameter.split_once('=')?;
            key.trim().eq_ignore_ascii_case("charset").then_some(name)
        })?;
        Self::named(parameter.trim().trim_matches('"'))
    }

    /// What a file of this marketplace that is not UTF-8 was most likely written in. Source:
    /// sellers' reports of what they receive; Amazon documents none.
    pub fn customary_in(marketplace: MarketplaceId) -> Self {
        match marketplace.info().country {
            "JP" => Self::SHIFT_JIS,
            _ => Self::WINDOWS_1252,
        }
    }

    /// Its name on the web, for log lines.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

/// Byte sequences that had no meaning in the charset of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Malformed {
    /// How many there were.
    pub count: u64,
    /// The lines (from 1) of the first of them, at most [`Malformed::MAX_LINES`].
    pub lines: Vec<u64>,
}

impl Malformed {
    /// How many lines are remembered.
    pub const MAX_LINES: usize = 10;

    fn note(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < Self::MAX_LINES && self.lines.last() != Some(&line) {
            self.lines.push(line);
        }
    }
}

/// What came out of a whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The charset it was read in; `None` if it was all ASCII and none was named.
    pub charset: Option<Charset>,
    /// What could not be read.
    pub malformed: Malformed,
}

/// Length of the run of non-ASCII bytes after which the charset is decided, unless the run
/// ends before: some twenty Chinese characters. One character would not do, since many pairs
/// of GBK bytes are a valid UTF-8 sequence by accident.
const RUN_BYTES: usize = 64;

#[derive(Debug)]
enum State {
    /// Only ASCII so far, which every charset in use writes alike.
    Undecided {
        fallback: Charset,
        at_start: bool,
    },
    /// The first run of non-ASCII bytes, not complete yet.
    Run {
        fallback: Charset,
        at_start: bool,
        bytes: Vec<u8>,
    },
    Decided {
        decoder: Box<Decoder>,
    },
}

/// Turns the bytes of a file, piece by piece, into text.
#[derive(Debug)]
pub struct TextDecoder {
    state: State,
    line: u64,
    malformed: Malformed,
}

impl TextDecoder {
    /// For a file whose charset is named.
    pub fn of(charset: Charset) -> Self {
        Self::in_state(decided(charset, true))
    }

    /// For a file without a name: UTF-8, or `fallback` if its first non-ASCII bytes are no
    /// UTF-8.
    pub fn guessing(fallback: Charset) -> Self {
        Self::in_state(State::Undecided { fallback, at_start: true })
    }

    /// For a download: what its `Content-Type` names, else as [`TextDecoder::guessing`].
    pub fn for_content_type(content_type: Option<&str>, fallback: Charset) -> Self {
        content_type.and_then(Charset::of_content_type).map_or_else(|| Self::guessing(fallback), Self::of)
    }

    fn in_state(state: State) -> Self {
        Self { state, line: 1, malformed: Malformed::default() }
    }

    /// Decodes one piece and appends its text to `text`. Bytes of a character whose rest is
    /// still to come are kept.
    pub fn push(&mut self, mut bytes: &[u8], text: &mut String) {
        while !bytes.is_empty() {
            bytes = match &mut self.state {
                State::Undecided { fallback, at_start } => {
                    let ascii_len = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(bytes.len());
                    let (ascii, rest) = bytes.split_at(ascii_len);
                    let at_start = *at_start && ascii.is_empty();
                    self.state = if rest.is_empty() {
                        State::Undecided { fallback: *fallback, at_start }
                    } else {
                        State::Run { fallback: *fallback, at_start, bytes: Vec::with_capacity(RUN_BYTES) }
                    };
                    self.append(ascii, text);
                    rest
                }
                State::Run { bytes: run, .. } => {
                    let room = RUN_BYTES - run.len();
                    let taken = bytes.iter().take(room).position(u8::is_ascii);
                    let (more, rest) = bytes.split_at(taken.unwrap_or(room.min(bytes.len())));
                    run.extend_from_slice(more);
                    if taken.is_some() || run.len() == RUN_BYTES {
                        let end = if taken.is_some() { RunEnd::Closed } else { RunEnd::Cut };
                        self.decide(end, text);
                    }
                    rest
                }
                State::Decided { .. } => {
                    self.decode(bytes, false, text);
                    &[]
                }
            };
        }
    }

    /// Ends the file: what is left of an unfinished character counts as malformed.
    pub fn finish(mut self, text: &mut String) -> Decoded {
        if matches!(self.state, State::Run { .. }) {
            self.decide(RunEnd::Closed, text);
        }
        if matches!(self.state, State::Decided { .. }) {
            self.decode(&[], true, text);
        }
        let charset = match &self.state {
            // The decoder's own answer: a byte-order mark may have changed it.
            State::Decided { decoder } => Some(Charset(decoder.encoding())),
            State::Undecided { .. } | State::Run { .. } => None,
        };
        Decoded { charset, malformed: self.malformed }
    }

    fn decide(&mut self, end: RunEnd, text: &mut String) {
        let State::Run { fallback, at_start, bytes } = &mut self.state else {
            return;
        };
        let run = std::mem::take(bytes);
        let charset = if is_utf8(&run, end) { Charset::UTF_8 } else { *fallback };
        self.state = decided(charset, *at_start);
        self.decode(&run, false, text);
    }

    fn append(&mut self, ascii: &[u8], text: &mut String) {
        let from = text.len();
        text.extend(ascii.iter().map(|b| char::from(*b)));
        self.count_lines(&text[from..]);
    }

    fn decode(&mut self, mut bytes: &[u8], last: bool, text: &mut String) {
        loop {
            let State::Decided { decoder } = &mut self.state else {
                return;
            };
            // `None` only where usize overflows; the loop then goes in smaller steps.
            let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(1024);
            text.reserve(room.max(4));
            let from = text.len();
            let (result, read) = decoder.decode_to_string_without_replacement(bytes, text, last);
            self.count_lines(&text[from..]);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    text.push('\u{FFFD}');
                    self.malformed.note(self.line);
                }
            }
        }
    }

    fn count_lines(&mut self, text: &str) {
        let breaks = text.bytes().filter(|b| *b == b'\n').count();
        self.line += u64::try_from(breaks).unwrap_or(u64::MAX);
    }
}

/// How a run of non-ASCII bytes came to its end.
#[derive(Clone, Copy)]
enum RunEnd {
    /// By an ASCII byte or the end of the file.
    Closed,
    /// By [`RUN_BYTES`], perhaps in the middle of a character.
    Cut,
}

fn is_utf8(run: &[u8], end: RunEnd) -> bool {
    match (std::str::from_utf8(run), end) {
        (Ok(_), _) => true,
        (Err(error), RunEnd::Cut) => error.error_len().is_none(),
        (Err(_), RunEnd::Closed) => false,
    }
}

/// A byte-order mark is one only in front of the whole file.
fn decided(charset: Charset, at_start: bool) -> State {
    let decoder =
        if at_start { charset.0.new_decoder() } else { charset.0.new_decoder_without_bom_handling() };
    State::Decided { decoder: Box::new(decoder) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(mut decoder: TextDecoder, pieces: &[&[u8]]) -> (String, Malformed) {
        let mut text = String::new();
        for piece in pieces {
            decoder.push(piece, &mut text);
        }
        let malformed = decoder.finish(&mut text).malformed;
        (text, malformed)
    }

    fn guess(bytes: &[u8], fallback: Charset) -> String {
        read(TextDecoder::guessing(fallback), &[bytes]).0
    }

    #[test]
    fn javas_names_and_the_webs_names_are_known() {
        let name = |text| Charset::named(text).map(Charset::name);
        for (amazon, expected) in [
            ("Cp1252", "windows-1252"),
            ("MS932", "Shift_JIS"),
            ("windows-31j", "Shift_JIS"),
            ("Shift_JIS", "Shift_JIS"),
            ("UTF-8", "UTF-8"),
            ("utf8", "UTF-8"),
            ("UTF8", "UTF-8"),
            ("iso-8859-1", "windows-1252"),
            ("ISO8859_1", "windows-1252"),
            ("GB18030", "gb18030"),
            ("MS936", "GBK"),
            ("EUC_JP", "EUC-JP"),
            ("Cp1254", "windows-1254"),
        ] {
            assert_eq!(name(amazon), Some(expected), "{amazon}");
        }
        assert_eq!(name("Klingon"), None);
        assert_eq!(name("iso-2022-kr"), None);
    }

    #[test]
    fn a_content_type_names_its_charset_with_or_without_quotes() {
        let name = |value| Charset::of_content_type(value).map(Charset::name);
        assert_eq!(name("text/plain;charset=Cp1252"), Some("windows-1252"));
        assert_eq!(name("text/plain; Charset=\"MS932\"; x=y"), Some("Shift_JIS"));
        assert_eq!(name("text/plain"), None);
        assert_eq!(name("text/plain; charset=Klingon"), None);
    }

    #[test]
    fn without_a_name_the_first_run_of_non_ascii_bytes_decides() {
        assert_eq!(guess("a\tKöln\tü".as_bytes(), Charset::WINDOWS_1252), "a\tKöln\tü");
        assert_eq!(guess(b"a\tK\xF6ln\t\xFC", Charset::WINDOWS_1252), "a\tKöln\tü");
        let japanese = encoding_rs::SHIFT_JIS.encode("商品名\tスマホケース").0;
        assert_eq!(guess(&japanese, Charset::SHIFT_JIS), "商品名\tスマホケース");
        // The first character alone (C4 A3) would pass as UTF-8.
        let chinese = encoding_rs::GB18030.encode("sku\t模具").0;
        assert_eq!(guess(&chinese, Charset::GB18030), "sku\t模具");
    }

    #[test]
    fn a_long_run_cut_inside_a_character_is_still_utf8() {
        let text = format!("x{}", "好".repeat(100));
        assert_eq!(guess(text.as_bytes(), Charset::GB18030), text);
    }

    #[test]
    fn a_byte_order_mark_beats_the_name_and_disappears() {
        let utf8 = b"\xEF\xBB\xBFid\t\xC3\xBC";
        assert_eq!(guess(utf8, Charset::WINDOWS_1252), "id\tü");
        assert_eq!(read(TextDecoder::of(Charset::WINDOWS_1252), &[utf8]).0, "id\tü");
        let utf16: Vec<u8> =
            std::iter::once(0xFEFF).chain("id\tü".encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(guess(&utf16, Charset::WINDOWS_1252), "id\tü");
        let one_by_one: Vec<&[u8]> = utf16.chunks(1).collect();
        let mut decoder = TextDecoder::guessing(Charset::GB18030);
        let mut text = String::new();
        for piece in one_by_one {
            decoder.push(piece, &mut text);
        }
        let decoded = decoder.finish(&mut text);
        assert_eq!(decoded.charset.map(Charset::name), Some("UTF-16LE"));
        assert_eq!(text, "id\tü");
    }

    #[test]
    fn malformed_bytes_are_counted_with_their_lines() {
        let (text, malformed) = read(TextDecoder::of(Charset::UTF_8), &[b"a\nb\xFF\xFE\n", b"c\n\xE5\xA5"]);
        assert_eq!(text, "a\nb\u{FFFD}\u{FFFD}\nc\n\u{FFFD}");
        assert_eq!(malformed, Malformed { count: 3, lines: vec![2, 4] });
    }

    proptest! {
        #[test]
        fn the_text_does_not_depend_on_how_the_bytes_are_cut(
            text in "[a-z\t\n\u{e4}\u{df}\u{597d}\u{8bc4}\u{1f600}]{0,120}",
            noise in proptest::collection::vec(any::<u8>(), 0..6),
            noise_at in 0.0_f64..1.0,
            encoding in prop::sample::select(vec![Charset::UTF_8, Charset::GB18030, Charset::SHIFT_JIS, Charset::WINDOWS_1252]),
            sizes in proptest::collection::vec(1_usize..9, 1..40),
            named in any::<bool>(),
        ) {
            let mut bytes = encoding.0.encode(&text).0.into_owned();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short list")]
            let at = (bytes.len() as f64 * noise_at) as usize;
            bytes.splice(at..at, noise);
            let new = || if named { TextDecoder::of(encoding) } else { TextDecoder::guessing(encoding) };
            let mut pieces = Vec::new();
            let mut rest = bytes.as_slice();
            for size in sizes.iter().cycle() {
                if rest.is_empty() { break; }
                let (piece, tail) = rest.split_at((*size).min(rest.len()));
                pieces.push(piece);
                rest = tail;
            }
            prop_assert_eq!(read(new(), &pieces), read(new(), &[&bytes]));
        }
    }
}
