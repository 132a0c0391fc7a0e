//! Numbers of bank accounts and of cards, by their check digits.

use crate::lint::contacts::ORDER_WORDS;

/// Countries with an IBAN and how long it is. Source: SWIFT, IBAN Registry.
const IBANS: [(&str, usize); 44] = [
    ("AD", 24),
    ("AE", 23),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("BR", 29),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("EG", 29),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SA", 24),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TR", 26),
    ("UA", 29),
];
/// How a card's digits stand together.
const CARDS: [&[usize]; 8] =
    [&[16], &[4, 4, 4, 4], &[15], &[4, 6, 5], &[14], &[4, 6, 4], &[19], &[4, 4, 4, 4, 3]];
/// Characters before a number in which a word says what it is.
const NEAR: usize = 24;

/// How long the IBAN is that begins here.
pub(super) fn iban(rest: &[char]) -> Option<usize> {
    let country: String = rest.get(..2)?.iter().map(char::to_ascii_uppercase).collect();
    if !rest.get(2..4)?.iter().all(char::is_ascii_digit) {
        return None;
    }
    let (_, length) = IBANS.iter().find(|(code, _)| *code == country)?;
    let (mut said, mut n) = (String::with_capacity(*length), 0);
    while said.len() < *length {
        match rest.get(n)? {
            c if c.is_ascii_alphanumeric() => said.push(c.to_ascii_uppercase()),
            ' ' | '-' | '\u{a0}' if rest[n - 1].is_ascii_alphanumeric() => {}
            _ => return None,
        }
        n += 1;
    }
    let is_over = rest.get(n).is_none_or(|c| !c.is_ascii_alphanumeric());
    (is_over && remainder(&said) == Some(1)).then_some(n)
}

/// What an IBAN leaves when it is divided by 97 (ISO 7064); a good one leaves 1.
fn remainder(iban: &str) -> Option<u32> {
    let (head, tail) = iban.split_at_checked(4)?;
    tail.chars().chain(head.chars()).try_fold(0, |sum: u32, c| {
        let value = c.to_digit(36)?;
        let by = if value < 10 { 10 } else { 100 };
        Some((sum * by + value) % 97)
    })
}

/// How long the number of a card is that begins here. What stands before it may say that it is an
/// order's or a parcel's.
pub(super) fn card(rest: &[char], before: &[char]) -> Option<usize> {
    let is_inside = |at: usize| {
        let next = |by: usize| rest.get(at + by).is_some_and(char::is_ascii_digit);
        next(0) || at > 0 && matches!(rest[at], ' ' | '-') && rest[at - 1].is_ascii_digit() && next(1)
    };
    let n = (0..rest.len()).take_while(|at| is_inside(*at)).count();
    let said: String = rest[..n].iter().collect();
    let groups: Vec<usize> = said.split([' ', '-']).map(str::len).collect();
    let digits: Vec<u32> = said.chars().filter_map(|c| c.to_digit(10)).collect();
    let is_alone = rest.get(n).is_none_or(|c| !c.is_ascii_alphanumeric() && *c != '_');
    if !is_alone || !CARDS.contains(&groups.as_slice()) || !is_issued(&digits) || !is_luhn(&digits) {
        return None;
    }
    let near: String = before[before.len().saturating_sub(NEAR)..].iter().collect();
    let near = near.to_lowercase();
    (!ORDER_WORDS.iter().any(|word| near.contains(word))).then_some(n)
}

/// Whether a network gives out cards of that beginning and length. Source: ISO/IEC 7812, the networks'
/// own ranges.
fn is_issued(digits: &[u32]) -> bool {
    let begin = |n: usize| digits.iter().take(n).fold(0, |sum, digit| sum * 10 + digit);
    match digits.len() {
        14 => matches!(begin(2), 36 | 38 | 39) || (300..=305).contains(&begin(3)),
        15 => matches!(begin(2), 34 | 37),
        16 => {
            begin(1) == 4
                || matches!(begin(2), 51..=55 | 62 | 65)
                || (2221..=2720).contains(&begin(4))
                || (3528..=3589).contains(&begin(4))
                || begin(4) == 6011
                || (644..=649).contains(&begin(3))
        }
        19 => begin(2) == 62,
        _ => false,
    }
}

fn is_luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit < 5 { digit * 2 } else { digit * 2 - 9 };
    let of = |(at, digit): (usize, &u32)| if at % 2 == 1 { doubled(*digit) } else { *digit };
    digits.iter().rev().enumerate().map(of).sum::<u32>() % 10 == 0
}
