//! Streets with the number of a house.

use super::is_ideograph;

/// What English calls a street, behind its name.
const ENGLISH: [&str; 26] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "boulevard",
    "blvd",
    "terrace",
    "crescent",
    "highway",
    "hwy",
    "parkway",
    "court",
    "ct",
    "way",
    "place",
    "square",
    "sq",
    "circle",
    "close",
    "grove",
    "gardens",
];
/// Those that mean something else as well: behind them the address ends, or a name goes on.
const AMBIGUOUS: [&str; 10] =
    ["court", "ct", "way", "place", "square", "sq", "circle", "close", "grove", "gardens"];
/// What stands in the street and is sold, or is no street though it is called so.
const SOLD: [&str; 12] =
    ["light", "lamp", "lantern", "sign", "wear", "style", "bike", "map", "art", "food", "hard", "flash"];
/// What is driven or stored on a "drive".
const DRIVES: [&str; 10] =
    ["hard", "flash", "usb", "pen", "thumb", "disk", "state", "external", "test", "gb"];
/// English words of no street's name.
const ENGLISH_SMALL: [&str; 8] = ["on", "the", "of", "in", "for", "and", "with", "from"];
/// Words before the number that say a house is meant, however it is written.
const LEADS: [&str; 4] = ["at", "to", "address", "live"];
/// Ends of German, Dutch and Swedish names of streets that stand for nothing else before a number.
const GERMAN: [&str; 13] = [
    "straße", "strasse", "str", "allee", "gasse", "weg", "platz", "straat", "laan", "gracht", "plein",
    "gatan", "vägen",
];
/// German words with such an end that are no street.
const NO_STREET: [&str; 10] = [
    "umweg",
    "rückweg",
    "hinweg",
    "heimweg",
    "lieferweg",
    "versandweg",
    "transportweg",
    "arbeitsplatz",
    "parkplatz",
    "stellplatz",
];
/// What French calls a street, between number and name.
const FRENCH: [&str; 7] = ["rue", "avenue", "boulevard", "chemin", "impasse", "allée", "quai"];
/// What Italian, Spanish, Portuguese and Polish call a street, before its name; the number comes last.
const SOUTHERN: [&str; 12] = [
    "via", "viale", "corso", "piazza", "calle", "avenida", "plaza", "paseo", "carrera", "rua", "travessa",
    "ul",
];
/// Small words within a name.
const SMALL: [&str; 14] =
    ["de", "la", "le", "les", "du", "des", "della", "del", "dei", "di", "las", "los", "el", "d"];
/// What a number counts or measures where it is no house's.
const UNITS: [&str; 21] = [
    "mm", "cm", "m", "km", "x", "kg", "g", "ml", "l", "tage", "tagen", "wochen", "stunden", "uhr", "mal",
    "stück", "euro", "eur", "jahre", "monate", "minuten",
];
/// What Chinese calls a street.
const CHINESE: [&str; 6] = ["大道", "路", "街", "巷", "弄", "胡同"];
/// Chinese parts of an address behind the house.
const CHINESE_PARTS: [char; 8] = ['号', '栋', '幢', '室', '楼', '层', '单', '座'];
/// What Japanese calls prefectures, towns and their parts.
const JAPANESE_PLACES: [char; 8] = ['都', '道', '府', '県', '市', '区', '町', '村'];
/// What Japanese calls blocks and houses behind their numbers.
const JAPANESE_BLOCKS: [char; 5] = ['丁', '目', '番', '地', '号'];
/// Characters of the name of a place in Japanese.
const MAX_JAPANESE: usize = 24;
/// Words of a street's name.
const MAX_WORDS: usize = 4;

/// A word with its place.
struct Word {
    text: String,
    lower: String,
    end: usize,
    /// A full stop or a comma behind it.
    mark: Option<char>,
}

impl Word {
    fn is_capital(&self) -> bool {
        self.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    }

    /// The number of a house: `12`, `12a`, `12-14`.
    fn is_house(&self) -> bool {
        let digits = self.text.chars().take_while(char::is_ascii_digit).count();
        let rest = &self.text[digits..];
        let is_letter = rest.len() == 1 && rest.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_range = rest
            .strip_prefix('-')
            .is_some_and(|to| (1..=4).contains(&to.len()) && to.bytes().all(|byte| byte.is_ascii_digit()));
        (1..=5).contains(&digits) && !self.text.starts_with('0') && (rest.is_empty() || is_letter || is_range)
    }
}

/// How long the street with its house is that begins here.
pub(super) fn street(rest: &[char], before: &[char]) -> Option<usize> {
    if *rest.first()? == '〒' {
        return Some(postcode(rest));
    }
    if is_ideograph(*rest.first()?) {
        return chinese(rest).or_else(|| japanese(rest));
    }
    let words = words(rest);
    let first = words.first()?;
    if first.is_house() {
        return english(&words, before).or_else(|| french(&words));
    }
    post_box(&words).or_else(|| german(&words)).or_else(|| southern(&words))
}

/// `PO Box 1234`, `Postfach 1234`.
fn post_box(words: &[Word]) -> Option<usize> {
    let at = match words {
        [po, of_box, ..] if po.lower == "po" && of_box.lower == "box" => 2,
        [box_of, ..] if matches!(box_of.lower.as_str(), "postfach" | "postbus") => 1,
        _ => return None,
    };
    words.get(at).filter(|number| number.is_house()).map(|number| number.end)
}

/// The first words of a text, until something else than a blank, a full stop or a comma parts them.
fn words(rest: &[char]) -> Vec<Word> {
    let is_part = |c: char| (c.is_alphanumeric() && !is_ideograph(c)) || "-'’ß".contains(c);
    let (mut words, mut at) = (Vec::new(), 0);
    while words.len() < MAX_WORDS + 4 {
        let n = rest[at..].iter().take_while(|c| is_part(**c)).count();
        if n == 0 {
            break;
        }
        let text: String = rest[at..at + n].iter().collect();
        at += n;
        let mark = rest.get(at).copied().filter(|c| matches!(c, '.' | ','));
        words.push(Word { lower: text.to_lowercase(), text, end: at, mark });
        at += usize::from(mark.is_some());
        at += rest[at..].iter().take_while(|c| matches!(c, ' ' | '\u{a0}')).count();
    }
    words
}

/// `12 Main Street`: capitals, or a word before it that says where.
fn english(words: &[Word], before: &[char]) -> Option<usize> {
    let at =
        words.iter().take(MAX_WORDS + 1).skip(2).position(|word| ENGLISH.contains(&word.lower.as_str()))? + 2;
    let name = &words[1..at];
    let before: String = before.iter().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
    let before = before.to_lowercase();
    let lead = before.trim_end_matches([' ', ':']).rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let is_name = |word: &Word| word.is_capital() && !ENGLISH_SMALL.contains(&word.lower.as_str());
    let is_named = name.iter().all(is_name) || (name.len() == 1 && LEADS.contains(&lead));
    // "W." is short for something; after a longer word a sentence ends.
    let is_short = |word: &Word| word.mark == Some('.') && word.text.chars().count() <= 2;
    let is_whole = words[0].mark.is_none() && name.iter().all(|word| word.mark.is_none() || is_short(word));
    let is_sold = |word: &Word| SOLD.iter().any(|sold| word.lower.starts_with(sold));
    let is_ware = words[at].mark.is_none() && words.get(at + 1).is_some_and(is_sold);
    let is_drive =
        words[at].lower == "drive" && name.iter().any(|word| DRIVES.contains(&word.lower.as_str()));
    let is_over = words[at].mark.is_some() || words.get(at + 1).is_none_or(Word::is_capital);
    let is_doubtful = AMBIGUOUS.contains(&words[at].lower.as_str()) && !is_over;
    (is_named && is_whole && !is_ware && !is_drive && !is_doubtful).then(|| words[at].end)
}

/// `12 rue de la Paix`, `45 bis, avenue Victor Hugo`.
fn french(words: &[Word]) -> Option<usize> {
    let skip = usize::from(words.get(1).is_some_and(|word| matches!(word.lower.as_str(), "bis" | "ter")));
    let name = words.get(1 + skip..).filter(|rest| {
        rest.first().is_some_and(|word| FRENCH.contains(&word.lower.as_str()) && word.mark.is_none())
    })?;
    named(&name[1..]).map(|last| name[1 + last].end)
}

/// `Via Garibaldi 24`, `Calle Mayor, 5`.
fn southern(words: &[Word]) -> Option<usize> {
    let first = words.first()?;
    let is_polish = first.lower == "ul" && first.mark == Some('.');
    let is_named = first.is_capital() && first.mark.is_none();
    if !SOUTHERN.contains(&first.lower.as_str()) || !(is_polish || is_named) {
        return None;
    }
    let last = named(&words[1..])?;
    house(words, last + 2)
}

/// The last word of a name that begins here: capitals, with small words among them.
fn named(words: &[Word]) -> Option<usize> {
    let mut last = None;
    for (at, word) in words.iter().enumerate().take(MAX_WORDS) {
        let is_name = word.is_capital() && !word.text.starts_with(|c: char| c.is_ascii_digit())
            || word.lower.starts_with("d'")
            || word.lower.starts_with("d’")
            || word.lower.starts_with("l'");
        if is_name {
            last = Some(at);
        } else if !SMALL.contains(&word.lower.as_str()) {
            break;
        }
        if word.mark.is_some() {
            break;
        }
    }
    last
}

/// `Hauptstraße 12`, `Berliner Straße 12`, `Lange Str. 5`, `Birkenweg 8`.
fn german(words: &[Word]) -> Option<usize> {
    let first = words.first()?;
    let (street, at) = match words.get(1) {
        Some(second)
            if first.is_capital() && matches!(second.lower.as_str(), "straße" | "strasse" | "str") =>
        {
            (second, 1)
        }
        _ => (first, 0),
    };
    let end = GERMAN.iter().find(|end| street.lower.ends_with(*end))?;
    let head = street.lower.strip_suffix(end)?.trim_end_matches('-');
    let is_sure = end.starts_with("str");
    let is_compound = head.chars().count() >= 3 && !NO_STREET.contains(&street.lower.as_str());
    let is_named = (at == 1 || is_compound) && (is_sure || street.is_capital());
    if !is_named || street.mark == Some(',') || (street.mark == Some('.') && *end != "str") {
        return None;
    }
    house(words, at + 1)
}

/// The end of a house's number at that word: nothing is counted or measured by it.
fn house(words: &[Word], at: usize) -> Option<usize> {
    let number = words.get(at).filter(|word| word.is_house())?;
    let next = words.get(at + 1).filter(|_| number.mark.is_none());
    let is_measured = next.is_some_and(|next| UNITS.contains(&next.lower.as_str()));
    (!is_measured).then_some(number.end)
}

/// `中山路128号3栋502室`, with up to four characters before what calls it a street.
fn chinese(rest: &[char]) -> Option<usize> {
    let head = rest.iter().take(MAX_WORDS + 2).take_while(|c| is_ideograph(**c)).count();
    let name: String = rest[..head].iter().collect();
    let kind = CHINESE.iter().find(|kind| name.ends_with(*kind))?;
    if name.chars().count() < kind.chars().count() + 2 {
        return None;
    }
    let (mut at, mut parts) = (head, 0);
    loop {
        let digits = rest[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let part = rest.get(at + digits).filter(|c| CHINESE_PARTS.contains(c));
        if !(1..=5).contains(&digits) || part.is_none() || rest.get(at + digits + 1) == Some(&'线') {
            break;
        }
        at += digits + 1;
        // 单元, 号楼
        at += usize::from(rest.get(at).is_some_and(|c| matches!(c, '元' | '楼')));
        parts += 1;
    }
    (parts > 0).then_some(at)
}

/// `〒150-0041`, or the sign alone.
fn postcode(rest: &[char]) -> usize {
    1 + rest[1..].iter().take(9).take_while(|c| c.is_numeric() || matches!(c, '-' | '－' | '−' | ' ')).count()
}

/// `東京都渋谷区神南1-2-3`, `梅田三丁目1番3号`, with a prefecture or a town in front.
fn japanese(rest: &[char]) -> Option<usize> {
    let head = rest
        .iter()
        .take(MAX_JAPANESE)
        .take_while(|c| is_japanese(**c) && !JAPANESE_BLOCKS.contains(*c))
        .count();
    let places = rest[..head].iter().skip(1).filter(|c| JAPANESE_PLACES.contains(c)).count();
    if places == 0 {
        return None;
    }
    let (mut end, mut at, mut parts) = (head, head, 0);
    // 三丁目: the figure is among the ideographs.
    let is_counted = rest[..head].last().is_some_and(|c| "一二三四五六七八九十".contains(*c));
    loop {
        let digits = rest[at..].iter().take(4).take_while(|c| c.is_numeric() && !is_ideograph(**c)).count();
        let is_first = parts == 0 && is_counted;
        if digits == 0 && !is_first {
            break;
        }
        at += digits;
        let blocks = rest[at..].iter().take_while(|c| JAPANESE_BLOCKS.contains(c)).count();
        let dash = rest.get(at + blocks).is_some_and(|c| matches!(c, '-' | '－' | '−' | 'ー'));
        if is_first && blocks == 0 {
            break;
        }
        parts += 1;
        at += blocks;
        end = at;
        if blocks == 0 && !dash {
            break;
        }
        at += usize::from(dash);
    }
    let is_measured = rest
        .get(end)
        .is_some_and(|c| c.is_alphabetic() && ("日週年月時分個枚本回円度倍".contains(*c) || c.is_ascii()));
    (parts >= 2 && !is_measured).then_some(end)
}

fn is_japanese(c: char) -> bool {
    is_ideograph(c) || matches!(c, 'ヶ' | 'ケ' | 'ノ' | '々')
}
