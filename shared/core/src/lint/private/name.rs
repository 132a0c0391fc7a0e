//! What buyers say they are called.

use super::is_ideograph;

/// What is written before one's own name.
const LEADS: [&str; 23] = [
    "my name is",
    "my name's",
    "mein name ist",
    "ich heiße",
    "ich heisse",
    "je m'appelle",
    "je m’appelle",
    "mon nom est",
    "me llamo",
    "mi nombre es",
    "mi chiamo",
    "il mio nome è",
    "meu nome é",
    "o meu nome é",
    "mijn naam is",
    "ik heet",
    "mitt namn är",
    "jag heter",
    "nazywam się",
    "mam na imię",
    "me chamo",
    "chamo-me",
    "mein name lautet",
];
/// Within a name, without a capital.
const SMALL: [&str; 13] =
    ["de", "la", "le", "du", "van", "von", "der", "den", "di", "da", "do", "dos", "del"];
/// In front of a name.
const TITLES: [&str; 6] = ["dr", "mr", "mrs", "ms", "prof", "frau"];
/// Behind a name that is written without capitals.
const NO_NAME: [&str; 14] =
    ["and", "i", "but", "from", "please", "the", "my", "und", "ich", "et", "je", "y", "e", "en"];
/// The same in Chinese, where two to four characters follow.
const CHINESE_LEADS: [&str; 4] = ["我的名字是", "我的名字叫", "我名字叫", "我名叫"];
/// The same in Japanese, where the name goes on until something polite.
const JAPANESE_LEADS: [&str; 4] = ["私の名前は", "名前は", "氏名は", "わたしの名前は"];
/// What ends a name in Japanese.
const JAPANESE_ENDS: [&str; 4] = ["です", "と申", "といい", "と言い"];
/// The same, said of others as well: the name has to end there.
const CHINESE_WEAK: &str = "我叫";
/// Words of a name.
const MAX_WORDS: usize = 6;
/// Characters of a name in Japanese, a blank between its parts.
const MAX_JAPANESE: usize = 10;

/// How long the name is that begins here, by what stands before it.
pub(super) fn name(rest: &[char], before: &[char]) -> Option<usize> {
    let near: String = before[before.len().saturating_sub(20)..].iter().collect::<String>().to_lowercase();
    let near = near.trim_end_matches([' ', ':', '：', '\u{a0}', '\n']);
    if CHINESE_LEADS.iter().any(|lead| near.ends_with(lead)) {
        let n = rest.iter().take(5).take_while(|c| is_ideograph(**c)).count();
        return (2..=4).contains(&n).then_some(n);
    }
    if near.ends_with(CHINESE_WEAK) {
        let n = rest.iter().take(5).take_while(|c| is_ideograph(**c)).count();
        return ((2..=3).contains(&n) && rest.first() != Some(&'了')).then_some(n);
    }
    if JAPANESE_LEADS.iter().any(|lead| near.ends_with(lead)) {
        return japanese(rest);
    }
    let is_led = LEADS.iter().any(|lead| {
        let head = near.strip_suffix(lead);
        head.is_some_and(|head| !head.ends_with(char::is_alphanumeric))
    });
    is_led.then(|| capitals(rest)).flatten()
}

/// Words with capitals, small ones and titles among them; without capitals two at most.
fn capitals(rest: &[char]) -> Option<usize> {
    let is_part = |c: &&char| c.is_alphabetic() || "-'’".contains(**c);
    let (mut end, mut at, mut n_lower) = (None, 0, 0);
    for _ in 0..MAX_WORDS {
        let n = rest[at..].iter().take_while(is_part).count();
        let word: String = rest[at..at + n].iter().collect::<String>().to_lowercase();
        let is_capital = rest.get(at).is_some_and(|c| c.is_uppercase());
        let is_small = SMALL.contains(&word.as_str());
        let is_lower =
            !is_capital && !is_small && (end.is_none() || n_lower == 1) && !NO_NAME.contains(&word.as_str());
        if n == 0 || !(is_capital || is_small || is_lower) {
            break;
        }
        n_lower += usize::from(is_lower);
        if !is_small {
            end = Some(at + n);
        }
        at += n;
        // "Dr. Peter", "J. Westwood": short for something.
        let is_short = n == 1 || TITLES.contains(&word.as_str());
        at += usize::from(is_short && rest.get(at) == Some(&'.'));
        if rest.get(at) != Some(&' ') {
            break;
        }
        at += 1;
    }
    end
}

fn japanese(rest: &[char]) -> Option<usize> {
    (2..=MAX_JAPANESE.min(rest.len())).find(|n| {
        let after: String = rest[*n..].iter().take(3).collect();
        JAPANESE_ENDS.iter().any(|end| after.starts_with(end))
    })
}
