//! A text as words to compare: lower case, no accents, full width and look-alike letters made
//! plain, hidden characters gone. Every word knows its place in the text as it was written.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word is, as far as comparing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters of an alphabet.
    Word,
    /// Digits, with the separators inside them.
    Number,
    /// One character of Chinese or Japanese.
    Character,
    /// A sign that means something here: stars, currencies, per cent, a present.
    Sign,
    /// The end of a sentence.
    End,
}

/// One word.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// Folded.
    pub(crate) text: String,
    pub(crate) kind: Kind,
    /// Place of its first character in the text.
    pub(crate) start: usize,
    /// Place behind its last character.
    pub(crate) end: usize,
    /// It was put together from letters standing apart, so where its words begin is not known.
    pub(crate) is_spaced: bool,
    /// A comma, colon or bracket stands before it.
    pub(crate) is_after_comma: bool,
    /// This word and the next one as one word, where nothing but a mark stands between them
    /// ("e-mail", "re.view").
    pub(crate) joined: Option<String>,
}

/// Letters that must stand apart in a row to be taken for one word ("g i f t").
const SPACED_LETTERS: usize = 4;

/// A character as it is compared; nothing for those that are not seen.
pub(super) fn plain(c: char) -> &'static str {
    // The bulk of texts: spares the tables.
    if c.is_ascii() {
        return ascii(c.to_ascii_lowercase());
    }
    let n = u32::from(c);
    match n {
        // Soft hyphen, combining marks, zero width, directions, variation selectors.
        0xAD
        | 0x300..=0x36F
        | 0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0xFE00..=0xFE0F
        | 0xFEFF => return "",
        0xFF01..=0xFF5E => return ascii_of(n - 0xFEE0),
        0x24B6..=0x24E9 => return ascii_of(0x61 + (n - 0x24B6) % 26),
        // Mathematical letters and digits: bold, italic, script.
        0x1D400..=0x1D6A3 => return ascii_of(0x61 + (n - 0x1D400) % 26),
        0x1D7CE..=0x1D7FF => return ascii_of(0x30 + (n - 0x1D7CE) % 10),
        0x2460..=0x2468 => return ascii_of(0x31 + n - 0x2460),
        0xFF66..=0xFF9D => {
            let at = usize::try_from(n - 0xFF66).unwrap_or(0);
            return HALF_WIDTH.get(at).copied().unwrap_or("");
        }
        _ => {}
    }
    let lower = c.to_lowercase().next().unwrap_or(c);
    PLAIN.get(&lower).copied().unwrap_or("\u{0}")
}

/// [`LOOKALIKES`] by letter.
static PLAIN: LazyLock<HashMap<char, &str>> = LazyLock::new(|| {
    let letters = LOOKALIKES.iter().flat_map(|(from, to)| from.chars().map(|c| (c, *to)));
    letters.collect()
});

fn ascii_of(n: u32) -> &'static str {
    char::from_u32(n).map_or("", |c| ascii(c.to_ascii_lowercase()))
}

fn ascii(c: char) -> &'static str {
    const ALL: &str = "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f} !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\u{7f}";
    let at = c as usize;
    ALL.get(at..=at).unwrap_or("")
}

/// Katakana of half width, from U+FF66 on.
const HALF_WIDTH: [&str; 56] = [
    "ヲ", "ァ", "ィ", "ゥ", "ェ", "ォ", "ャ", "ュ", "ョ", "ッ", "ー", "ア", "イ", "ウ", "エ", "オ", "カ",
    "キ", "ク", "ケ", "コ", "サ", "シ", "ス", "セ", "ソ", "タ", "チ", "ツ", "テ", "ト", "ナ", "ニ", "ヌ",
    "ネ", "ノ", "ハ", "ヒ", "フ", "ヘ", "ホ", "マ", "ミ", "ム", "メ", "モ", "ヤ", "ユ", "ヨ", "ラ", "リ",
    "ル", "レ", "ロ", "ワ", "ン",
];

/// Letters with accents, letters of other alphabets that look like Latin ones, and kinds of
/// marks. Traditional Chinese characters of these texts' matters become simplified ones; the
/// word lists pass through the same table, so that it may be small.
const LOOKALIKES: &[(&str, &str)] = &[
    ("àáâãäåāăąаα", "a"),
    ("çćčс", "c"),
    ("ďđ", "d"),
    ("èéêëēėęěеёε", "e"),
    ("ğģ", "g"),
    ("һ", "h"),
    ("ìíîïīįıіι", "i"),
    ("ј", "j"),
    ("к", "k"),
    ("łľļ", "l"),
    ("м", "m"),
    ("ñńňņ", "n"),
    ("òóôõöøōőоο", "o"),
    ("рρ", "p"),
    ("řŕ", "r"),
    ("śšşșѕ", "s"),
    ("ťţțт", "t"),
    ("ùúûüūůűųυ", "u"),
    ("ν", "v"),
    ("хχ", "x"),
    ("ýÿу", "y"),
    ("źżž", "z"),
    ("ß", "ss"),
    ("æ", "ae"),
    ("œ", "oe"),
    ("’‘`´ʼ", "'"),
    ("“”„«»「」『』《》〈〉", "\""),
    ("–—‑‒―−", "-"),
    ("\u{a0}\u{2002}\u{2003}\u{2009}\u{202f}\u{3000}", " "),
    ("⭐🌟✩✪✭✮✯☆⍟", "★"),
    ("￥", "¥"),
    ("、､", ","),
    ("。｡", "。"),
    ("評", "评"),
    ("價価", "价"),
    ("論", "论"),
    ("贈", "赠"),
    ("優", "优"),
    ("給", "给"),
    ("禮", "礼"),
    ("紅", "红"),
    ("現", "现"),
    ("條", "条"),
    ("聯", "联"),
    ("繫", "系"),
    ("電", "电"),
    ("話", "话"),
    ("網", "网"),
    ("鏈", "链"),
    ("會", "会"),
    ("員", "员"),
    ("請", "请"),
    ("滿", "满"),
    ("後", "后"),
    ("還", "还"),
    ("錢", "钱"),
    ("費", "费"),
    ("獎", "奖"),
    ("勵", "励"),
    ("買", "买"),
    ("賣", "卖"),
    ("刪", "删"),
    ("掃", "扫"),
    ("碼", "码"),
    ("圖図", "图"),
    ("為", "为"),
    ("個", "个"),
    ("讓", "让"),
    ("這", "这"),
    ("幫", "帮"),
    ("說説", "说"),
    ("寫", "写"),
    ("發発", "发"),
    ("過", "过"),
    ("關", "关"),
    ("註", "注"),
    ("購", "购"),
    ("產産", "产"),
    ("問", "问"),
    ("題", "题"),
    ("處処", "处"),
    ("們", "们"),
    ("領", "领"),
    ("訂", "订"),
    ("單単", "单"),
    ("號", "号"),
    ("無", "无"),
    ("實実", "实"),
    ("體", "体"),
    ("驗験", "验"),
    ("誠", "诚"),
    ("見", "见"),
    ("對対", "对"),
    ("點", "点"),
    ("擊", "击"),
    ("從", "从"),
    ("來", "来"),
    ("時", "时"),
    ("間", "间"),
    ("應応", "应"),
    ("該", "该"),
    ("開", "开"),
    ("專専", "专"),
    ("補", "补"),
    ("償", "偿"),
    ("換", "换"),
    ("質", "质"),
    ("親", "亲"),
    ("謝", "谢"),
    ("調", "调"),
    ("員", "员"),
    ("積", "积"),
    ("報", "报"),
    ("樣様", "样"),
    ("長", "长"),
    ("戶戸", "户"),
    ("東", "东"),
    ("機", "机"),
    ("與", "与"),
    ("於", "于"),
    ("變変", "变"),
    ("壞", "坏"),
    ("貨", "货"),
    ("險険", "险"),
    ("動", "动"),
    ("選", "选"),
    ("項", "项"),
    ("額", "额"),
    ("團団", "团"),
];

/// Marks that part clauses.
const COMMAS: &str = ",;:()[]{}，；：（）【】/\"";
/// Signs that are words here.
const SIGNS: &str = "★$€£¥%👍👎🎁💰🧧💸♥❤😀🙂😊😍😕🙁☹😞😡😟";
/// What a '.' after it does not end a sentence.
const SHORT: &[&str] = &[
    "nr", "no", "ca", "bzw", "dr", "mr", "mrs", "ms", "st", "str", "tel", "vs", "etc", "inkl", "zzgl",
    "evtl", "sr", "sra", "num", "art", "sig", "gent",
];
/// What English hangs onto a word with an apostrophe.
const ENGLISH_ENDS: &[&str] = &["t", "re", "s", "ll", "d", "ve", "m"];

/// The characters of a text as they are compared, each with its place in the text.
#[derive(Debug)]
pub(super) struct Folded {
    pub(super) chars: Vec<char>,
    pub(super) places: Vec<usize>,
}

impl Folded {
    /// Folds a text.
    pub(super) fn new(text: &str) -> Self {
        let mut folded =
            Self { chars: Vec::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
        for (at, c) in text.chars().enumerate() {
            match plain(c) {
                "\u{0}" => match (voiced(c), folded.chars.last_mut()) {
                    (Some(by), Some(kana)) if is_character(*kana) => {
                        *kana = char::from_u32(u32::from(*kana) + by).unwrap_or(*kana);
                    }
                    _ => folded.push(c.to_lowercase().next().unwrap_or(c), at),
                },
                said => said.chars().for_each(|c| folded.push(c, at)),
            }
        }
        folded
    }

    fn push(&mut self, c: char, at: usize) {
        self.chars.push(c);
        self.places.push(at);
    }

    /// Its words.
    pub(super) fn tokens(&self) -> Vec<Token> {
        let mut reader = Reader { folded: self, at: 0, tokens: Vec::new(), is_after_comma: false };
        while reader.step() {}
        join(spaced(reader.tokens), self)
    }
}

/// The words of a text.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    Folded::new(text).tokens()
}

/// How far the voiced kana stands behind the plain one, if this is a mark that voices it.
fn voiced(c: char) -> Option<u32> {
    match c {
        'ﾞ' | '\u{3099}' => Some(1),
        'ﾟ' | '\u{309a}' => Some(2),
        _ => None,
    }
}

/// Whether a character is a word of its own.
pub(super) fn is_character(c: char) -> bool {
    matches!(u32::from(c), 0x3005..=0x3007 | 0x3041..=0x30FA | 0x30FC..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

struct Reader<'a> {
    folded: &'a Folded,
    at: usize,
    tokens: Vec<Token>,
    is_after_comma: bool,
}

impl Reader<'_> {
    /// Reads what stands next. `false` at the end of the text.
    fn step(&mut self) -> bool {
        let Some(c) = self.peek(0) else { return false };
        if is_character(c) {
            self.push(Kind::Character, self.at, self.at + 1);
            self.at += 1;
        } else if c.is_alphabetic() {
            self.word();
        } else if c.is_numeric() {
            self.number();
        } else if c == '/' && self.tokens.last().is_some_and(|last| last.kind == Kind::Number) {
            self.push(Kind::Sign, self.at, self.at + 1);
            self.at += 1;
        } else if SIGNS.contains(c) {
            let n = if c == '★' { self.count(|c| c == '★' || c == ' ') } else { 1 };
            let stars = self.folded.chars[self.at..self.at + n].iter().filter(|other| **other == c).count();
            self.push(Kind::Sign, self.at, self.at + n);
            if let Some(token) = self.tokens.last_mut() {
                token.text = c.to_string().repeat(stars);
            }
            self.at += n;
        } else {
            self.mark(c);
        }
        true
    }

    fn peek(&self, by: usize) -> Option<char> {
        self.folded.chars.get(self.at + by).copied()
    }

    fn count(&self, is_part: impl Fn(char) -> bool) -> usize {
        self.folded.chars[self.at..].iter().take_while(|c| is_part(**c)).count()
    }

    fn push(&mut self, kind: Kind, from: usize, to: usize) {
        let places = &self.folded.places[from..to];
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return };
        self.tokens.push(Token {
            text: self.folded.chars[from..to].iter().collect(),
            kind,
            start: *first,
            end: last + 1,
            is_spaced: false,
            is_after_comma: std::mem::take(&mut self.is_after_comma),
            joined: None,
        });
    }

    /// Letters; digits and signs between two letters stand for the letters they look like.
    fn word(&mut self) {
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            let next = self.peek(1);
            let is_inside =
                !text.is_empty() && next.is_some_and(|next| next.is_alphabetic() && !is_character(next));
            if c.is_alphabetic() && !is_character(c) {
                text.push(c);
            } else if let (true, Some(letter)) = (is_inside, looks_like(c)) {
                text.push(letter);
            } else if c == '\'' && is_inside {
                let rest = self.folded.chars[self.at + 1..].iter().copied();
                let end: String = rest.take_while(|c| c.is_alphabetic()).take(4).collect();
                if !ENGLISH_ENDS.contains(&end.as_str()) {
                    break;
                }
            } else {
                break;
            }
            self.at += 1;
        }
        let end = self.at;
        self.push(Kind::Word, start, end);
        if let Some(token) = self.tokens.last_mut() {
            token.text = text;
        }
    }

    fn number(&mut self) {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            let is_inside = matches!(c, '.' | ',') && self.peek(1).is_some_and(char::is_numeric);
            if !c.is_numeric() && !is_inside {
                break;
            }
            self.at += 1;
        }
        self.push(Kind::Number, start, self.at);
    }

    /// What is neither letter nor digit: the end of a sentence, a comma, or nothing.
    fn mark(&mut self, c: char) {
        let next = self.peek(1);
        let ends = match c {
            '!' | '?' | '。' | '…' => true,
            '\n' => {
                self.count(char::is_whitespace) > 1
                    && self.folded.chars[self.at..]
                        .iter()
                        .take_while(|c| c.is_whitespace())
                        .filter(|c| **c == '\n')
                        .count()
                        > 1
            }
            '.' => {
                let is_short = self.tokens.last().is_some_and(|last| {
                    last.kind == Kind::Word
                        && (last.text.chars().count() == 1 || SHORT.contains(&last.text.as_str()))
                });
                !is_short && next.is_none_or(|next| !next.is_alphanumeric() || is_character(next))
            }
            _ => false,
        };
        if ends {
            if self.tokens.last().is_some_and(|last| last.kind != Kind::End) {
                self.push(Kind::End, self.at, self.at + 1);
            }
        } else if COMMAS.contains(c) || (c == '-' && next == Some(' ')) {
            self.is_after_comma = true;
        }
        self.at += 1;
    }
}

/// The letter that a digit or sign stands for within a word.
fn looks_like(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        // Hidden: any letter, see `pattern`.
        '*' => '*',
        _ => return None,
    })
}

/// Puts letters that stand apart together.
fn spaced(tokens: Vec<Token>) -> Vec<Token> {
    let is_letter = |token: &Token| token.kind == Kind::Word && token.text.chars().nth(1).is_none();
    let mut all: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut rest = tokens.into_iter().peekable();
    let mut run: Vec<Token> = Vec::new();
    while let Some(token) = rest.next() {
        let is_part = is_letter(&token);
        if is_part {
            run.push(token);
            if rest.peek().is_some_and(is_letter) {
                continue;
            }
            if run.len() < SPACED_LETTERS {
                all.append(&mut run);
            } else if let (Some(last), Some(first)) = (run.last().map(|last| last.end), run.first()) {
                let text = run.iter().map(|token| token.text.as_str()).collect();
                all.push(Token { text, end: last, is_spaced: true, ..first.clone() });
                run.clear();
            }
        } else {
            all.push(token);
        }
    }
    all
}

/// Tells each word what it is together with the next one, where only a mark stands between them.
fn join(mut tokens: Vec<Token>, folded: &Folded) -> Vec<Token> {
    for at in 1..tokens.len() {
        let (before, after) = (&tokens[at - 1], &tokens[at]);
        let are_words = before.kind == Kind::Word && after.kind == Kind::Word;
        if !are_words || after.start > before.end + 1 {
            continue;
        }
        let first = folded.places.partition_point(|place| *place < before.end);
        let between =
            folded.places.get(first).filter(|place| **place == before.end).map(|_| folded.chars[first]);
        if after.start == before.end || between.is_some_and(|c| "-._*|·~^+".contains(c)) {
            tokens[at - 1].joined = Some(format!("{}{}", before.text, after.text));
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn writings_of_one_word_are_one_word() {
        for (text, expect) in [
            ("ＲＥＶＩＥＷ", "review"),
            ("re\u{200b}view", "review"),
            ("r3v1ew", "review"),
            ("rеviеw", "review"), // Cyrillic е
            ("𝗿𝗲𝘃𝗶𝗲𝘄", "review"),
            ("r e v i e w", "review"),
            ("R.E.V.I.E.W", "review"),
            ("Größe", "grosse"),
            ("don’t", "dont"),
        ] {
            assert_eq!(words(text).first().map(String::as_str), Some(expect), "{text}");
        }
        assert_eq!(words("l'avis 5stars ⭐⭐⭐⭐⭐"), ["l", "avis", "5", "stars", "★★★★★"]);
        assert_eq!(words("好 评·返现"), ["好", "评", "返", "现"]);
        assert_eq!(words("ﾚﾋﾞｭｰ"), words("レビュー"));
        assert_eq!(tokens("e-mail")[0].joined.as_deref(), Some("email"));
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        let ends = |text: &str| tokens(text).iter().filter(|token| token.kind == Kind::End).count();
        for (text, expect) in [
            ("Rated 4.8 on amazon.de, e.g. by you", 0),
            ("One. Two! Three?", 3),
            ("Wrapped\nline", 0),
            ("Paragraph\n\nparagraph", 1),
            ("第一句。第二句!", 2),
            ("Why?!", 1),
        ] {
            assert_eq!(ends(text), expect, "{text}");
        }
    }
}
