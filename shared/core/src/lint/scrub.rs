//! A text without ways to reach anybody.

use super::contacts::{self, What};
use super::fold::Folded;

/// The text with every mail address, telephone number, account and link replaced by what it was, in
/// brackets: what remains can be kept and shown to others.
pub fn without_contacts(text: &str) -> String {
    let mut found = contacts::find(text, &Folded::new(text));
    found.sort_by_key(|contact| contact.place);
    let chars: Vec<char> = text.chars().collect();
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    for contact in found {
        let (start, end) = contact.place;
        if start < at {
            continue;
        }
        plain.extend(&chars[at..start]);
        plain.push_str(match contact.what {
            What::Mail => "[mail]",
            What::Phone | What::Account => "[phone]",
            What::Link | What::Carrier | What::Tracked | What::Image => "[link]",
        });
        at = end;
    }
    plain.extend(&chars[at.min(chars.len())..]);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_buyer_says_stays_and_how_to_reach_them_goes() {
        for (text, expect) in [
            ("Broken. Write to jo.doe@teehaus-am-see.de today", "Broken. Write to [mail] today"),
            ("Kaputt! Rufen Sie +49 151 23456789 an", "Kaputt! Rufen Sie [phone] an"),
            ("see https://evil.example/x?y=1 now", "see [link] now"),
            ("Ordered 2, got 1. 5 cm too short.", "Ordered 2, got 1. 5 cm too short."),
            ("坏了,请加微信 wx_abc12345", "坏了,请加[phone]"),
            ("", ""),
        ] {
            assert_eq!(without_contacts(text), expect, "{text}");
        }
    }
}
