//! What buyers say they are called.

use super::is_ideograph;

/// What is written before one's own name.
const LEADS: [&str; 19] = [
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
];
/// The same in Chinese, where two to four characters follow.
const CHINESE_LEADS: [&str; 4] = ["我的名字是", "我的名字叫", "我名字叫", "我名叫"];
/// The same in Japanese, where the name goes on until something polite.
const JAPANESE_LEADS: [&str; 4] = ["私の名前は", "名前は", "氏名は", "わたしの名前は"];
/// What ends a name in Japanese.
const JAPANESE_ENDS: [&str; 4] = ["です", "と申", "といい", "と言い"];
/// Words of a name.
const MAX_WORDS: usize = 3;
/// Characters of a name in Japanese, a blank between its parts.
const MAX_JAPANESE: usize = 10;

/// How long the name is that begins here, by what stands before it.
pub(super) fn name(rest: &[char], before: &[char]) -> Option<usize> {
    let near: String = before[before.len().saturating_sub(20)..].iter().collect::<String>().to_lowercase();
    let near = near.trim_end_matches([' ', ':', '：', '\u{a0}']);
    if CHINESE_LEADS.iter().any(|lead| near.ends_with(lead)) {
        let n = rest.iter().take(5).take_while(|c| is_ideograph(**c)).count();
        return (2..=4).contains(&n).then_some(n);
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

/// Up to three words with capitals; of one that is written without, the word alone.
fn capitals(rest: &[char]) -> Option<usize> {
    let is_part = |c: &&char| c.is_alphabetic() || "-'’".contains(**c);
    let (mut end, mut at) = (None, 0);
    for n_words in 0..MAX_WORDS {
        let n = rest[at..].iter().take_while(is_part).count();
        let is_name = rest.get(at).is_some_and(|c| c.is_uppercase());
        if n == 0 || !(is_name || n_words == 0) {
            break;
        }
        end = Some(at + n);
        if rest.get(at + n) != Some(&' ') || !is_name {
            break;
        }
        at += n + 1;
    }
    end
}

fn japanese(rest: &[char]) -> Option<usize> {
    (2..=MAX_JAPANESE.min(rest.len())).find(|n| {
        let after: String = rest[*n..].iter().take(3).collect();
        JAPANESE_ENDS.iter().any(|end| after.starts_with(end))
    })
}
