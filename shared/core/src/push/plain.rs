//! Texts of others as they may stand in a chat: nothing in them is seen as markup, calls anybody or
//! leads anywhere.
//!
//! Few of the dialects say how their marks are escaped, so a character that means something is put
//! as its full-width look-alike (`[` as `［`), which no dialect reads. Chats also make links of bare
//! addresses; these are taken apart by a blank (`evil. example`), but for Amazon's own.

use crate::marketplace::MarketplaceId;

/// What means something in a dialect.
pub(super) struct Dialect {
    /// Characters (ASCII) that mean something wherever they stand.
    pub anywhere: &'static str,
    /// Those that do so before everything else in a line.
    pub at_head: &'static str,
    /// Those that do so but between two letters or digits, where an id has them: `TEA_CUP`.
    pub at_edges: &'static str,
    /// Whether `:smile:` is a picture.
    pub emoji: bool,
}

/// Markdown, of whichever flavour.
pub(super) const MARKDOWN: Dialect =
    Dialect { anywhere: "<>[]`*\\", at_head: "#-=+", at_edges: "_~|", emoji: false };

/// Between an ASCII character and its full-width look-alike. Source: Unicode, block "Halfwidth and
/// Fullwidth Forms".
const TO_WIDE: u32 = 0xFEE0;

/// What a domain's last label is at least long.
const LEAST_LABEL: usize = 2;

/// Of a host so many letters on each side of a dot are looked at: more than Amazon's have.
const LONGEST_HOST: usize = 24;

/// The letters of an entity (`&CounterClockwiseContourIntegral;`) are at most so many. Source: HTML,
/// "Named character references".
const LONGEST_ENTITY: usize = 32;

/// A text in one line, of what is seen alone.
pub(crate) fn line(text: &str) -> String {
    let seen: String = text.chars().filter_map(seen).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of what is seen alone, with its lines, empty ones left out.
pub(crate) fn lines(text: &str) -> String {
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']).map(line);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A character as it is shown. Controls and separators are blanks; what is not seen, turns the
/// direction of writing or is no character is nothing.
fn seen(c: char) -> Option<char> {
    let n = u32::from(c);
    match n {
        0xAD
        | 0x34F
        | 0x61C
        | 0x115F..=0x1160
        | 0x17B4..=0x17B5
        | 0x180B..=0x180F
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x206F
        | 0x3164
        | 0xFDD0..=0xFDEF
        | 0xFEFF
        | 0xFFA0
        | 0xFFF0..=0xFFFB
        | 0xE0000..=0xE0FFF => None,
        // The last two of each plane are no characters.
        _ if n & 0xFFFE == 0xFFFE => None,
        _ if c.is_control() || c.is_whitespace() => Some(' '),
        _ => Some(c),
    }
}

/// A text as it may stand in a dialect. What it is given is [`line()`] or [`lines()`].
pub(super) fn defused(text: &str, dialect: &Dialect) -> String {
    let text = unlinked(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let (mut before, mut at_head) = (None, true);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.clone().next();
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let means = dialect.anywhere.contains(c)
            || at_head && dialect.at_head.contains(c)
            || dialect.at_edges.contains(c) && !(inside(before) && inside(after))
            || c == '&' && is_entity(rest.as_str())
            || c == ':'
                && dialect.emoji
                && after.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '+' | '-' | '_'));
        out.push(if means { wide(c) } else { c });
        // Behind a mark at the head comes another one: `> # x`.
        at_head = c == '\n' || at_head && (c == ' ' || dialect.at_head.contains(c));
        before = Some(c);
    }
    out
}

/// The full-width look-alike of a character that has one.
fn wide(c: char) -> char {
    if c.is_ascii_graphic() { char::from_u32(u32::from(c) + TO_WIDE).unwrap_or(c) } else { c }
}

/// Whether what stands behind an `&` makes an entity of it: `lt;`, `#60;`.
fn is_entity(rest: &str) -> bool {
    let name = rest.chars().take(LONGEST_ENTITY + 1);
    let length = name.take_while(|c| c.is_ascii_alphanumeric() || *c == '#').count();
    // All of them are ASCII, so that their number is where the next one begins.
    length > 0 && rest[length..].starts_with(';')
}

/// A text in which no chat finds an address: not of the web, not of mail, not of a person.
pub(super) fn unlinked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match c {
            '@' => out.push(wide(c)),
            '/' if rest.starts_with('/') || text[..at].ends_with('/') => out.push(wide(c)),
            '.' if is_of_domain(&text[..at], rest) => out.push_str(". "),
            _ => out.push(c),
        }
    }
    out
}

/// Whether a dot between two texts is that of a domain other than Amazon's.
fn is_of_domain(before: &str, after: &str) -> bool {
    let is_label = |c: char| c.is_alphanumeric() || c == '-';
    let label = after.chars().take_while(|c| is_label(*c));
    if !before.ends_with(is_label)
        || !after.starts_with(char::is_alphabetic)
        || label.take(LEAST_LABEL).count() < LEAST_LABEL
    {
        return false;
    }
    let in_host = |c: &char| is_label(*c) || *c == '.';
    let mut head: Vec<char> = before.chars().rev().take_while(in_host).take(LONGEST_HOST).collect();
    head.reverse();
    let tail: String = after.chars().take_while(in_host).take(LONGEST_HOST).collect();
    let host = format!("{}.{}", head.iter().collect::<String>(), tail.trim_end_matches('.'));
    MarketplaceId::of_sales_channel(&host).is_none()
}

/// At most so many bytes of a text, the last of them "…"; never a part of a character.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut end = most.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", text[..end].trim_end())
}

/// An address as every dialect takes it: https, of characters that mean nothing in markup.
/// `None`: it is none, or it is longer than `most`; a cut one would lead elsewhere.
pub(super) fn address(url: &str, most: usize) -> Option<String> {
    let url = url.trim();
    let behind = url.strip_prefix("https://")?;
    if !behind.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b":/?#=&%.,;+-_~@!$".contains(&byte) {
            out.push(char::from(byte));
        } else if byte.is_ascii_control() {
            return None;
        } else {
            let digit = |n: u8| char::from_digit(u32::from(n), 16).map_or('0', |c| c.to_ascii_uppercase());
            out.extend(['%', digit(byte >> 4), digit(byte & 0xF)]);
        }
    }
    (out.len() <= most).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITH_EMOJI: Dialect = Dialect { emoji: true, ..MARKDOWN };

    #[test]
    fn what_is_not_seen_goes_and_lines_stay_lines() {
        let cases = [
            ("a\u{202E}b\u{200B}c\u{2066}d\u{FEFF}", "abcd"),
            ("Bestell\u{AD}nummer", "Bestellnummer"),
            ("a\0b\u{1b}[31mc", "a b [31mc"),
            ("tag\u{E0041}\u{FFFF}\u{1FFFE}", "tag"),
            ("  one  two\r\n\r\n\tthree\u{2028}four ", "one two\nthree\nfour"),
            ("好的\n茶", "好的\n茶"),
        ];
        for (text, expected) in cases {
            assert_eq!(lines(text), expected);
            assert_eq!(line(text), expected.replace('\n', " "));
        }
    }

    #[test]
    fn markup_is_put_as_its_look_alike_and_ids_stay_as_they_are() {
        let cases = [
            ("[x](http://evil)", "［x］(http:／／evil)"),
            ("<@all> <!channel> <at id=all></at>", "＜＠all＞ ＜!channel＞ ＜at id=all＞＜/at＞"),
            ("@everyone", "＠everyone"),
            ("# big\n## bigger\n- one\n===", "＃ big\n＃＃ bigger\n－ one\n＝＝＝"),
            ("> # big", "＞ # big"),
            ("- # big", "－ ＃ big"),
            ("order #7 – 2-3 days = long", "order #7 – 2-3 days = long"),
            ("*bold* _it_ ~~no~~ `code`", "＊bold＊ ＿it＿ ～～no～～ ｀code｀"),
            ("TEA_CUP_01 303-1234567-1234567", "TEA_CUP_01 303-1234567-1234567"),
            ("A&B &lt;at&gt; &#60;x &; AT&T;", "A&B ＆lt;at＆gt; ＆#60;x &; AT＆T;"),
            ("a :tada: 08:30 http:x", "a ：tada: 08:30 http：x"),
            ("\\*", "＼＊"),
        ];
        for (text, expected) in cases {
            assert_eq!(defused(text, &WITH_EMOJI), expected, "{text}");
        }
    }

    #[test]
    fn a_bare_address_is_no_address_any_more_but_for_amazons() {
        let cases = [
            ("see http://evil.example/x", "see http:／／evil. example/x"),
            ("www.evil.com.", "www. evil. com."),
            ("ana@shop.example", "ana＠shop. example"),
            ("bought on Amazon.de.", "bought on Amazon.de."),
            ("amazon.co.uk, Amazon.com.mx", "amazon.co.uk, Amazon.com.mx"),
            ("amazon.de.evil.com evil-amazon.de", "amazon. de. evil. com evil-amazon. de"),
            ("z.B. 3.5 U.S.A. 1.2.2026 v2.0", "z.B. 3.5 U.S.A. 1.2.2026 v2.0"),
            ("kaputt.Nie wieder", "kaputt. Nie wieder"),
            ("好.example", "好. example"),
            ("and/or ///", "and/or ／／／"),
        ];
        for (text, expected) in cases {
            assert_eq!(unlinked(text), expected, "{text}");
        }
    }

    #[test]
    fn a_cut_falls_between_characters() {
        let cases = [
            ("abc", 3, "abc"),
            ("abcdef", 5, "ab…"),
            ("茶茶茶", 8, "茶…"),
            ("茶茶", 2, "…"),
            ("a bcd", 5, "a bcd"),
        ];
        for (text, most, expected) in cases {
            assert_eq!(cut(text, most), expected, "{text} to {most}");
        }
    }

    #[test]
    fn an_address_is_https_and_closes_no_bracket() {
        let cases = [
            ("https://sellercentral.amazon.de/x?a=1&b=2", Some("https://sellercentral.amazon.de/x?a=1&b=2")),
            (
                "https://x.example/a)b(c|d<e>\"f 茶",
                Some("https://x.example/a%29b%28c%7Cd%3Ce%3E%22f%20%E8%8C%B6"),
            ),
            ("http://x.example", None),
            ("javascript:alert(1)", None),
            ("https://", None),
            ("https:///x", None),
            ("https://x.example/a\nb", None),
            ("https://x.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", None),
        ];
        for (url, expected) in cases {
            assert_eq!(address(url, 70).as_deref(), expected, "{url}");
        }
    }
}
