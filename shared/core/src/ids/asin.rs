//! ASINs as operators write them.

use super::Asin;

/// How an ASIN is written, in English.
pub const FORM: &str =
    "it has 10 letters and digits and begins with B0, such as B0EXAMPLE1, or is a book's ISBN of 10 digits";
/// The same in Chinese.
pub const FORM_ZH: &str = "10 位字母与数字,以 B0 开头(如 B0EXAMPLE1),或图书的 10 位 ISBN";

/// An ASIN as Amazon makes them, in capitals; `None`: it is none.
pub fn asin(text: &str) -> Option<Asin> {
    let asin = text.trim().to_ascii_uppercase();
    let is_word = asin.len() == 10 && asin.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // Of an ISBN the last one is a check digit, which may be ten.
    let is_isbn = asin.as_bytes().split_last().is_some_and(|(last, rest)| {
        rest.iter().all(u8::is_ascii_digit) && (last.is_ascii_digit() || *last == b'X')
    });
    if is_word && (asin.starts_with("B0") || is_isbn) { asin.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asin_is_told_from_any_other_word() {
        for good in ["B0EXAMPLE1", " b0example1 ", "3161484100", "316148410X"] {
            assert!(asin(good).is_some(), "{good}");
        }
        for bad in ["xyz", "", "B0EXAMPLE", "A0EXAMPLE1", "B0EXAMPL-1", "X161484100"] {
            assert_eq!(asin(bad), None, "{bad}");
        }
    }
}
