//! What a person reads of a text with marks in it, in plain words.
//!
//! Near enough to look for an order or a name in it; no chat is redrawn here.

/// Tags that stand for themselves: what is between them is read, they are not.
const TAGS: [&str; 6] = ["font", "at", "br", "b", "i", "text_tag"];

/// Markdown as the chats know it: headings, quotes, bold, code, links, a few tags. With
/// `backslash`, one in front of a mark makes it a letter; without, both are read, as they are in
/// a chat that does not know it.
pub(super) fn markdown(text: &str, backslash: bool) -> String {
    let lines: Vec<String> = text.lines().map(|line| marked(heading(line), backslash)).collect();
    lines.join("\n")
}

/// A line without the marks it begins with.
fn heading(line: &str) -> &str {
    line.trim_start().trim_start_matches(['#', '>']).trim_start()
}

fn marked(line: &str, backslash: bool) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let read = match letter {
            '\\' if backslash => after
                .chars()
                .next()
                .filter(char::is_ascii_punctuation)
                .map(|mark| (mark.to_string(), &after[mark.len_utf8()..])),
            '*' | '~' => after.strip_prefix(letter).map(|after| (String::new(), after)),
            '`' => Some((String::new(), after)),
            '[' => link(after).map(|(label, after)| (marked(label, backslash), after)),
            '<' => tag(after),
            '&' => entity(after),
            _ => None,
        };
        if let Some((words, after)) = read {
            plain.push_str(&words);
            rest = after;
        } else {
            plain.push(letter);
            rest = after;
        }
    }
    plain
}

/// `label](address)`: what it is called, and what follows.
fn link(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.split_once("](")?;
    let (_, rest) = rest.split_once(')')?;
    Some((label, rest))
}

/// `@somebody>` or the rest of a known tag.
fn tag(text: &str) -> Option<(String, &str)> {
    let (inside, rest) = text.split_once('>')?;
    if inside.starts_with('@') {
        return Some((inside.to_owned(), rest));
    }
    let name = inside.trim_start_matches('/').split([' ', '/', '=']).next().unwrap_or_default();
    TAGS.contains(&name).then(|| (String::new(), rest))
}

/// `amp;` and the like: the letter, and what follows.
fn entity(text: &str) -> Option<(String, &str)> {
    let (name, rest) = text.split_once(';')?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => ' ',
        _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
    };
    Some((letter.to_string(), rest))
}

/// Slack's own marks: `<address|label>`, `<@somebody>`, `<!here>`, `*bold*`, and three entities.
/// Source: docs.slack.dev, "Formatting message text".
pub(super) fn mrkdwn(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        let read = match letter {
            '*' | '`' => Some((String::new(), after)),
            '<' => after.split_once('>').map(|(inside, after)| (angled(inside), after)),
            '&' => entity(after),
            _ => None,
        };
        if let Some((words, after)) = read {
            plain.push_str(&words);
            rest = after;
        } else {
            plain.push(letter);
            rest = after;
        }
    }
    plain
}

fn angled(inside: &str) -> String {
    match inside.split_once('|') {
        Some((_, label)) => label.to_owned(),
        None => match inside.strip_prefix('!') {
            Some(group) => format!("@{group}"),
            None => inside.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_markdown_are_not_read_and_what_they_mark_is() {
        let cases = [
            ("## Order **302-1000003-7654318**", "Order 302-1000003-7654318"),
            ("> quoted <font color=\"warning\">late</font>", "quoted late"),
            ("[open \\[it\\]](https://example.com/a) now", "open [it] now"),
            ("call <@zhang> or <at id=all></at>", "call @zhang or "),
            ("5 * 3 < 16 & more", "5 * 3 < 16 & more"),
            ("a &lt;b&gt; &#42;c&#42; &amp;", "a <b> *c* &"),
            ("`SKU_1` ~~old~~", "SKU_1 old"),
            ("\\*not bold\\*", "*not bold*"),
            ("[no link] (here)", "[no link] (here)"),
            ("第一行\n**第二行**", "第一行\n第二行"),
        ];
        for (given, read) in cases {
            assert_eq!(markdown(given, true), read);
        }
    }

    #[test]
    fn a_backslash_is_read_where_the_chat_does_not_know_it() {
        assert_eq!(markdown("302\\-1000003", false), "302\\-1000003");
        assert_eq!(markdown("302\\-1000003", true), "302-1000003");
    }

    #[test]
    fn marks_of_slack_are_not_read_and_what_they_mark_is() {
        let cases = [
            ("*Order* <https://example.com|302-1000003-7654318>", "Order 302-1000003-7654318"),
            ("<@U1> <!here> <https://example.com>", "@U1 @here https://example.com"),
            ("a &lt;b&gt; &amp; c", "a <b> & c"),
            ("5 < 6", "5 < 6"),
        ];
        for (given, read) in cases {
            assert_eq!(mrkdwn(given), read);
        }
    }
}
