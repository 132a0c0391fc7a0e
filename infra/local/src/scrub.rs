//! Takes names, ids, secrets and numbers out of a text, so that it can be given to others.
//!
//! What can be recognised is replaced by the beginning of its hash, so that two lines about one
//! order can still be seen to be about one order; what only looks like a secret or a person is
//! replaced by what it looks like.

use std::path::Path;

use renown_core::ids::OrderId;
use renown_io::ledger::Unread;
use serde_json::Value;

/// Characters of a hash that are shown: enough to tell a shop's orders apart.
const SHOWN: usize = 10;
/// A word with letters and digits of at least this length is taken for a secret.
const SECRET_CHARS: usize = 24;
/// A number of at least this length is taken for a telephone's, or for another one of a person.
const NUMBER_DIGITS: usize = 7;
/// Words that begin so are Amazon's tokens and ids of apps.
const TOKENS: [&str; 4] = ["Atzr", "Atza", "amzn1", "AKIA"];
/// Folders whose next part is a user's name.
const HOMES: [&str; 3] = ["/home/", "/Users/", "\\Users\\"];

/// Knows the words that must not be seen.
#[derive(Debug, Default)]
pub struct Scrubber {
    /// Each with what is shown instead, the longest first.
    known: Vec<(String, String)>,
}

impl Scrubber {
    /// From now on `word` is shown as its hash after `what`.
    pub fn hide(&mut self, word: &str, what: &str) {
        if !word.trim().is_empty() {
            self.known.push((word.to_owned(), hashed(what, word)));
            self.known.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
    }

    /// From now on this folder is shown as `[what]`.
    pub fn hide_path(&mut self, path: &Path, what: &str) {
        let path = path.display().to_string();
        // A short one, such as `.` or `/`, is in every other text.
        if path.len() > 3 {
            self.known.push((path, format!("[{what}]")));
            self.known.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        }
    }

    /// The text without what must not be seen.
    pub fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (word, instead) in &self.known {
            text = text.replace(word.as_str(), instead);
        }
        for home in HOMES {
            text = without_users(&text, home);
        }
        let mut scrubbed = String::with_capacity(text.len());
        for word in words(&text) {
            scrubbed.push_str(&seen(word));
        }
        scrubbed
    }

    /// The same, and what stands in double quotes, which is what somebody else wrote, is left out
    /// too.
    pub fn scrub_quotes(&self, text: &str) -> String {
        let (mut kept, mut rest) = (String::new(), text);
        while let Some((before, quoted)) = rest.split_once('"') {
            kept.push_str(before);
            kept.push_str("\"…\"");
            // A quote that is never closed reaches to the end.
            rest = quoted_end(quoted).map_or("", |end| &quoted[end + 1..]);
        }
        kept.push_str(rest);
        self.scrub(&kept)
    }

    /// A log line: the same for each text in it. One that is no JSON is as good as quoted.
    pub fn scrub_log(&self, line: &str) -> String {
        let Ok(mut line) = serde_json::from_str::<Value>(line) else { return "…".to_owned() };
        self.scrub_texts(&mut line);
        self.scrub(&line.to_string())
    }

    fn scrub_texts(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.scrub_quotes(text),
            Value::Array(list) => list.iter_mut().for_each(|value| self.scrub_texts(value)),
            Value::Object(members) => {
                for (name, value) in members {
                    // Ids of shops and of their orders have no form to be known by.
                    match (name.as_str(), value) {
                        ("order.id", Value::String(id)) => *id = hashed("order", id),
                        ("shop.id", Value::String(id)) => *id = hashed("shop", id),
                        (_, value) => self.scrub_texts(value),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Where quoted words end: at a quote that no backslash stands before.
fn quoted_end(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at)
    })
}

/// A word as its hash: the same word is always the same.
pub fn hashed(what: &str, word: &str) -> String {
    let hash = Unread::hash_of(word.as_bytes());
    // Letters alone, so that no number in it is taken for one of a person.
    let letter = |c: char| c.to_digit(16).and_then(|n| char::from_digit(n + 10, 36)).unwrap_or(c);
    let letters: String = hash.chars().take(SHOWN).map(letter).collect();
    format!("{what}:{letters}")
}

/// The user's name after `home` left out.
fn without_users(text: &str, home: &str) -> String {
    let mut parts = text.split(home);
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // JSON writes a backslash twice.
        let part = part.trim_start_matches(['/', '\\']);
        let rest = part.find(['/', '\\', '"', ' ', ':']).map_or("", |end| &part[end..]);
        without = without + home + "[user]" + rest;
    }
    without
}

/// The text in words and what is between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.@|+/=%".contains(c);
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find(|c| is_word(c) != is_word(first)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// What is shown of a word.
fn seen(word: &str) -> String {
    if let Some(order) = order_in(word) {
        return seen(&word[..order.0]) + &hashed("order", &word[order.0..order.1]) + &seen(&word[order.1..]);
    }
    if word.contains('@') && word.contains('.') {
        return "[mail]".to_owned();
    }
    let is_mixed = word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic());
    // A date and a path are long too, and made of short parts.
    let longest = word.split(['-', '.', '/', '_']).map(str::len).max().unwrap_or(0);
    if TOKENS.iter().any(|token| word.contains(token)) || is_mixed && longest >= SECRET_CHARS {
        return "[secret]".to_owned();
    }
    without_numbers(word)
}

/// Where an order id stands in a word: 3-7-7 digits.
fn order_in(word: &str) -> Option<(usize, usize)> {
    const CHARS: usize = 19;
    let bytes = word.as_bytes();
    (0..bytes.len().saturating_sub(CHARS - 1)).find_map(|at| {
        let part = word.get(at..at + CHARS)?;
        part.parse::<OrderId>().is_ok().then_some((at, at + CHARS))
    })
}

/// Long numbers left out.
fn without_numbers(word: &str) -> String {
    let (mut without, mut digits) = (String::new(), String::new());
    let flush = |without: &mut String, digits: &mut String| {
        without.push_str(if digits.len() >= NUMBER_DIGITS { "[number]" } else { digits });
        digits.clear();
    };
    for c in word.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            flush(&mut without, &mut digits);
            without.push(c);
        }
    }
    flush(&mut without, &mut digits);
    without
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_name_somebody_or_open_something_is_not_seen() {
        let mut scrubber = Scrubber::default();
        scrubber.hide("晨光家居 Morning Home", "shop");
        scrubber.hide("A1MORNINGHOME", "seller");
        scrubber.hide_path(Path::new("/data/of/li"), "data");
        for (text, gone) in [
            ("order 302-1234567-1234567 asked", "1234567"),
            ("x_302-1234567-1234567.json", "1234567"),
            ("ORDERS#A1MORNINGHOME#3", "MORNING"),
            ("shop 晨光家居 Morning Home is live", "晨光"),
            ("token Atzr|IwEBIabc", "IwEB"),
            ("app amzn1.application-oa2-client.abc", "client"),
            ("key 0123456789abcdef0123456789abcdef", "abcdef"),
            ("mail li.wei@example.com!", "example"),
            ("call +86 13812345678", "12345678"),
            ("cannot read /home/liwei/shop/table.sqlite", "liwei"),
            ("cannot read C:\\Users\\liwei\\shop", "liwei"),
            ("in /data/of/li/renown.log", "/data/of"),
        ] {
            let scrubbed = scrubber.scrub(text);
            assert!(!scrubbed.contains(gone), "{text}: {scrubbed}");
        }
    }

    #[test]
    fn what_helps_is_seen_and_one_order_is_one_hash() {
        let scrubber = Scrubber::default();
        for text in [
            "{\"level\":\"WARN\",\"message\":\"a tick was slow\",\"target\":\"scheduled_solicit::tick\"}",
            "2026-10-07T05:23:00Z 429 after 3 attempts; GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
            "无法写入数据表",
        ] {
            assert_eq!(scrubber.scrub(text), text);
        }
        let one = scrubber.scrub("302-1234567-1234567");
        assert_eq!(scrubber.scrub("of 302-1234567-1234567"), format!("of {one}"));
        assert_ne!(scrubber.scrub("302-1234567-1234568"), one);
    }

    #[test]
    fn quoted_words_of_others_are_left_out() {
        let scrubber = Scrubber::default();
        let text = "invalid type: string \"Li Wei\", expected u32 at line 3 column 5";
        assert_eq!(
            scrubber.scrub_quotes(text),
            "invalid type: string \"…\", expected u32 at line 3 column 5"
        );
        let nested = r#"amazon refused it: "the buyer \"Li Wei\" of \\" (403)"#;
        assert_eq!(scrubber.scrub_quotes(nested), r#"amazon refused it: "…" (403)"#);
        assert_eq!(scrubber.scrub_quotes("never closed: \"Li Wei"), "never closed: \"…\"");
    }

    #[test]
    fn of_a_log_line_the_words_of_others_are_left_out_and_its_form_stays() {
        let scrubber = Scrubber::default();
        let line = r#"{"level":"WARN","error":"amazon refused it: \"for Li Wei\"","http.status":403}"#;
        let scrubbed = scrubber.scrub_log(line);
        let scrubbed: Value = serde_json::from_str(&scrubbed).expect("JSON");
        assert_eq!(scrubbed["error"], "amazon refused it: \"…\"");
        assert_eq!((&scrubbed["level"], &scrubbed["http.status"]), (&"WARN".into(), &403.into()));
        assert_eq!(scrubber.scrub_log("half a line about Li Wei"), "…");
        let mail = scrubber.scrub_log(r#"{"message":"mail","shop.id":"tea","order.id":"liwei1"}"#);
        assert!(!mail.contains("tea\"") && !mail.contains("liwei1"), "{mail}");
    }
}
