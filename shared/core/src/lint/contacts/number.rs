//! Telephone numbers, told from the other numbers of an order.

use super::What;
use super::lists::{ACCOUNT_WORDS, ORDER_WORDS, PHONE_WORDS};

/// Digits of a telephone number that is written without a sign of being one; a parcel's has more.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// What a number is, by its form and by the words before it.
pub(super) fn number_of(said: &str, before: &str, follows: Option<char>) -> Option<What> {
    let digits: String = said.chars().filter(char::is_ascii_digit).collect();
    let groups: Vec<usize> =
        said.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|n| *n > 0).collect();
    if !PHONE_DIGITS.contains(&digits.len())
        || follows.is_some_and(|c| c.is_ascii_alphanumeric() || c == '%' || c == '_')
    {
        return None;
    }
    // An order of Amazon's, a date, a sum.
    if groups == [3, 7, 7] || is_date(&groups, said) || said.contains(". ") {
        return None;
    }
    let has_word = |words: &[&str]| {
        let near = before.trim_end_matches([' ', ':', '.', '(', '+', '-']);
        words.iter().any(|word| {
            let at = near.rfind(word);
            at.is_some_and(|at| {
                let tail = near[at + word.len()..].chars().count();
                let head = near[..at].chars().next_back();
                tail <= 12
                    && !head.is_some_and(|c| c.is_ascii_alphabetic() && word.is_ascii())
                    && !near[at + word.len()..]
                        .starts_with(|c: char| c.is_ascii_alphabetic() && word.is_ascii())
            })
        })
    };
    // Whichever stands nearer says what it is: "my order: please call 0170 1234567".
    let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    let called = last(PHONE_WORDS).max(last(ACCOUNT_WORDS));
    let is_order = last(ORDER_WORDS).is_some_and(|order| called.is_none_or(|called| called < order));
    let is_plainly_a_phones = said.starts_with('+') || said.starts_with("(+") || groups == [3, 3, 4];
    if is_order && !is_plainly_a_phones {
        return None;
    }
    if has_word(ACCOUNT_WORDS) {
        return Some(What::Account);
    }
    if has_word(PHONE_WORDS) {
        return Some(What::Phone);
    }
    let is_international =
        said.starts_with('+') || said.starts_with("(+") || said.starts_with("00") && digits.len() >= 10;
    let is_bracketed = said.starts_with('(') && groups.len() >= 3;
    let is_american = groups == [3, 3, 4] || groups == [1, 3, 3, 4];
    let is_toll_free = groups.len() >= 3
        && matches!(groups[..], [3 | 4, 2..=3, 3..=4])
        && (digits.starts_with('0') || digits.starts_with("80"));
    let is_chinese = digits.len() == 11 && digits.starts_with('1') && matches!(groups[..], [3, 4, 4]);
    let is_chinese_plain = digits.len() == 11
        && groups.len() == 1
        && digits.starts_with('1')
        && matches!(digits.as_bytes().get(1), Some(b'3'..=b'9'));
    // Mobile numbers of Germany; France, Britain and the Netherlands; Japan.
    let is_mobile = groups.len() == 1
        && match digits.len() {
            10 => ["06", "07"].iter().any(|begin| digits.starts_with(begin)),
            11 => ["015", "016", "017", "07", "080", "090"].iter().any(|begin| digits.starts_with(begin)),
            _ => false,
        };
    let is_local = digits.starts_with('0') && groups.len() >= 2 && digits.len() >= 9;
    (is_international
        || is_bracketed
        || is_american
        || is_toll_free
        || is_chinese
        || is_chinese_plain
        || is_mobile
        || is_local)
        .then_some(What::Phone)
}

/// Whether groups of digits are a day or a stretch of years.
fn is_date(groups: &[usize], said: &str) -> bool {
    matches!(groups, [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4] | [4, 4]) && !said.starts_with(['+', '0', '('])
        || matches!(groups, [2, 2, 2 | 4] | [4, 2, 2, ..])
}
