//! Which language a buyer's text is in: by its script, else by rows of up to four letters.

use super::bag::Bag;
use super::heads::Heads;
use super::language::Language;

/// Buckets for rows of letters.
pub const N_BUCKETS_OF_LETTERS: u32 = 1 << 13;

/// The language of a script that only one of them has.
pub fn of_script(text: &str) -> Option<Language> {
    let is_kana = |c: char| matches!(u32::from(c), 0x3041..=0x30FA | 0x30FC..=0x30FF | 0xFF66..=0xFF9F);
    let is_han = |c: char| matches!(u32::from(c), 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF);
    let (mut n_kana, mut n_han, mut n_words) = (0, 0, 0);
    let mut is_in_word = false;
    for c in text.chars() {
        n_kana += usize::from(is_kana(c));
        n_han += usize::from(is_han(c));
        let is_other = c.is_alphanumeric() && !is_kana(c) && !is_han(c);
        n_words += usize::from(is_other && c.is_alphabetic() && !is_in_word);
        is_in_word = is_other;
    }
    // A model's name in Latin letters makes no sentence English; one foreign sign makes none Chinese.
    if n_kana + n_han == 0 || n_kana + n_han < n_words {
        return None;
    }
    Some(if n_kana * 20 >= n_han { Language::Ja } else { Language::Zh })
}

/// Whether a text has letters, and most of them are of a script that one of the languages is written in.
pub(crate) fn is_read(text: &str) -> bool {
    let is_latin = |c: char| matches!(u32::from(c), 0x00..=0x24F | 0x1E00..=0x1EFF | 0xFF21..=0xFF5A);
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    of_script(text).is_some() || letters().filter(|c| is_latin(*c)).count() * 2 > letters().count()
}

/// The rows of letters of a text, for [`N_BUCKETS_OF_LETTERS`].
pub fn letters(text: &str) -> Vec<(u32, f32)> {
    let mut bag = Bag::of_size(N_BUCKETS_OF_LETTERS);
    let mut last = ' ';
    bag.character(" ");
    for c in text.chars().flat_map(char::to_lowercase) {
        let c = if c.is_alphabetic() || c == '\'' { c } else { ' ' };
        if c != ' ' || last != ' ' {
            bag.character(c.encode_utf8(&mut [0; 4]));
        }
        last = c;
    }
    bag.character(" ");
    bag.weights()
}

/// The language of a text: that of its script, else what the heads, one a language, say loudest.
/// `None`: it has no letters, or those of another script.
pub(crate) fn language(text: &str, heads: &Heads<'_>) -> Option<Language> {
    if !is_read(text) {
        return None;
    }
    of_script(text).or_else(|| {
        let answers = heads.answers(&letters(text));
        let likeliest = Language::ALL.into_iter().zip(answers).max_by(|a, b| a.1.total_cmp(&b.1));
        likeliest.map(|(language, _)| language)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_of_its_own_tells_the_language() {
        for (text, expect) in [
            ("壊れていました", Some(Language::Ja)),
            ("质量太差了", Some(Language::Zh)),
            ("USB线坏了", Some(Language::Zh)),
            ("iphone6sが", Some(Language::Ja)),
            ("Apple iPhone 15 Pro Max ケース", None),
            ("Bought a 小米 phone", None),
            ("The 字 on it is wrong", None),
            ("Kaputt", None),
            ("", None),
        ] {
            assert_eq!(of_script(text), expect, "{text}");
        }
    }

    #[test]
    fn signs_and_other_scripts_are_in_no_language() {
        for (text, expect) in [
            ("Kaputt", true),
            ("Nie działa", true),
            ("壊れた 😡", true),
            ("ＯＫ", true),
            ("The иконка is wrong", true),
            ("Сломалось сразу", false),
            ("배송이 늦어요", false),
            ("ممتاز", false),
            ("ใช้ไม่ได้ ok", false),
            ("👎👎", false),
            ("5/5", false),
            ("...", false),
            ("", false),
        ] {
            assert_eq!(is_read(text), expect, "{text}");
        }
    }
}
