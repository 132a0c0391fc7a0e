//! The texts that the linter learns from: `channel|kinds|text` a line, the channel `a` (Amazon) or
//! `s` (shop), a letter a kind or `-`, what breaks a policy between ⟦ and ⟧, `\n` for a line break.

use std::path::Path;

use anyhow::{Context as _, bail};
use renown_core::lint::{Channel, Kind, Language};

/// A text and what is wrong with it.
#[derive(Debug, Clone)]
pub(crate) struct Labelled {
    pub(crate) language: Language,
    pub(crate) channel: Channel,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) text: String,
    /// Places in characters that break a policy.
    pub(crate) places: Vec<(usize, usize)>,
}

/// Reads the file of a language.
///
/// # Errors
///
/// If it is not there, or a line is not written as it should be; the error names the line.
pub(crate) fn read(folder: &Path, language: Language) -> anyhow::Result<Vec<Labelled>> {
    let path = folder.join(format!("{language}.txt"));
    let shown = path.display().to_string();
    let file = std::fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
    file.lines()
        .enumerate()
        .map(|(at, line)| parse(line, language).with_context(|| format!("{shown}, line {}", at + 1)))
        .collect()
}

fn parse(line: &str, language: Language) -> anyhow::Result<Labelled> {
    let fields: Vec<&str> = line.splitn(3, '|').collect();
    let [channel, kinds, marked] = fields[..] else { bail!("write channel|kinds|text") };
    let channel = match channel {
        "a" => Channel::Amazon,
        "s" => Channel::Shop,
        other => bail!("{other:?} is no channel; write a or s"),
    };
    let letters = kinds.chars().filter(|letter| *letter != '-');
    let kinds = letters.map(kind).collect::<anyhow::Result<Vec<Kind>>>()?;
    let (mut text, mut places, mut from) = (String::new(), Vec::new(), None);
    let mut n = 0;
    for c in marked.replace("\\n", "\n").chars() {
        match (c, from) {
            ('⟦', None) => from = Some(n),
            ('⟧', Some(start)) => {
                places.push((start, n));
                from = None;
            }
            ('⟦' | '⟧', _) => bail!("⟦ and ⟧ do not match"),
            (c, _) => {
                text.push(c);
                n += 1;
            }
        }
    }
    if from.is_some() || kinds.is_empty() != places.is_empty() {
        bail!("a text with kinds has ⟦…⟧, and no other");
    }
    Ok(Labelled { language, channel, kinds, text, places })
}

fn kind(letter: char) -> anyhow::Result<Kind> {
    Ok(match letter {
        'i' => Kind::Incentive,
        'p' => Kind::Positive,
        'c' => Kind::Conditional,
        'd' => Kind::Divert,
        'h' => Kind::Change,
        'k' => Kind::Contact,
        'm' => Kind::Promotion,
        't' => Kind::Tracking,
        other => bail!("{other:?} is no kind"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_text_with_its_places() {
        let labelled = parse("a|i|Hello.\\n⟦Write a review, get €5.⟧ Bye", Language::En).expect("a text");
        assert_eq!(labelled.text, "Hello.\nWrite a review, get €5. Bye");
        assert_eq!((labelled.places, labelled.kinds), (vec![(7, 30)], vec![Kind::Incentive]));
    }

    #[test]
    fn a_line_that_is_wrong_says_what() {
        for (line, what) in [
            ("a|i", "channel|kinds|text"),
            ("x|i|t", "no channel"),
            ("a|z|⟦t⟧", "no kind"),
            ("a|i|⟦t", "⟦…⟧"),
            ("a|i|t", "⟦…⟧"),
            ("a|-|⟦t⟧", "⟦…⟧"),
            ("a|i|t⟧", "match"),
        ] {
            assert!(parse(line, Language::En).expect_err(line).to_string().contains(what), "{line}");
        }
    }
}
