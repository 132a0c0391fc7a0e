//! Buyers' texts to learn from and to measure with: those written for the project, in
//! `texts/buyer`, and those of shops, in a folder that is not part of the repository.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use clap::ValueEnum;
use renown_core::text::{Cause, Language, Urgency};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// By which right a text may be learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Licence {
    /// Written for the project.
    #[serde(skip)]
    Own,
    /// Under an open licence.
    Open,
    /// Its repository states none.
    Unclear,
    /// For no commercial use.
    Nc,
}

/// From which texts weights are learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Licences {
    /// Written for the project, under an open licence, or under none that is stated, except where a
    /// site's terms forbid it.
    Shipped,
    /// Written for the project or under an open licence.
    Open,
}

/// Sources without a stated licence whose terms allow personal use alone.
const FORBIDDEN: [&str; 3] = ["bol_books", "showroom_trustpilot", "liora_trustpilot"];

/// A text and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Its name among shops' texts; empty of one that was written for the project.
    pub(crate) id: String,
    pub(crate) language: Language,
    pub(crate) text: String,
    pub(crate) source: String,
    pub(crate) licence: Licence,
    /// Whether the buyer is unhappy; nothing where the stars say neither.
    pub(crate) negative: Option<bool>,
    /// The causes, the primary first, where they were labelled.
    pub(crate) causes: Option<Vec<Cause>>,
    pub(crate) urgency: Option<Urgency>,
    /// Its place in its file, from 0 to 1: texts that tell of one thing stand together.
    pub(crate) place: f32,
}

impl Licences {
    /// Whether weights may be learnt from a text.
    pub(crate) fn allow(self, row: &Row) -> bool {
        match row.licence {
            Licence::Own | Licence::Open => true,
            Licence::Unclear => self == Self::Shipped && !FORBIDDEN.contains(&row.source.as_str()),
            Licence::Nc => false,
        }
    }
}

/// The texts of a folder that were written for the project; it need not have all languages.
///
/// # Errors
///
/// If a file cannot be read, or a line is not written as it should be; the error names the line.
pub(crate) fn own(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    each_line(folder, |language, place, line| {
        let mut row = parse(line, language)?;
        row.place = place;
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}

/// Reads the files of a folder, one a language as far as there is one, line by line with each line's
/// place in its file. An error names the line.
fn each_line(
    folder: &Path,
    mut take: impl FnMut(Language, f32, &str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for language in Language::ALL {
        let path = folder.join(format!("{language}.txt"));
        if !path.exists() {
            continue;
        }
        let shown = path.display();
        let file = std::fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
        let n = file.lines().count();
        for (at, line) in file.lines().enumerate() {
            take(language, share(at, n), line).with_context(|| format!("{shown}, line {}", at + 1))?;
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "no file has 2^24 lines")]
fn share(at: usize, n: usize) -> f32 {
    at as f32 / n.max(1) as f32
}

/// A line `mood|causes|urgency|text`: the mood `neg`, `neu` or `pos`, the causes parted by commas,
/// the primary first, or `-`; `\n` for a line break.
fn parse(line: &str, language: Language) -> anyhow::Result<Row> {
    let fields: Vec<&str> = line.splitn(4, '|').collect();
    let [mood, causes, urgency, text] = fields[..] else { bail!("write mood|causes|urgency|text") };
    let negative = match mood {
        "neg" => true,
        "neu" | "pos" => false,
        other => bail!("{other:?} is no mood; write neg, neu or pos"),
    };
    Ok(Row {
        id: String::new(),
        language,
        text: text.replace("\\n", "\n"),
        source: "own".to_owned(),
        licence: Licence::Own,
        negative: Some(negative),
        causes: Some(named(causes)?),
        urgency: Some(urgency.parse()?),
        place: 0.0,
    })
}

/// A row of a shop's texts. `label`, `labels` and `urgency` stand in different files.
#[derive(Debug, Deserialize)]
struct Shared {
    #[serde(default)]
    id: String,
    lang: String,
    text: String,
    label: Option<String>,
    #[serde(default)]
    source: String,
    lic: Option<Licence>,
    labels: Option<Vec<Cause>>,
    urgency: Option<Urgency>,
}

/// A file of shops' texts.
///
/// # Errors
///
/// If it cannot be read, or a line is no row; the error names the line.
pub(crate) fn shared(folder: &Path, name: &str) -> anyhow::Result<Vec<Row>> {
    let rows: Vec<Shared> = json_lines(folder, name)?;
    let n = rows.len();
    let row = |(at, row): (usize, Shared)| {
        let negative = match (row.label.as_deref(), &row.labels) {
            (Some("negative"), _) | (None, Some(_)) => Some(true),
            (Some("positive"), _) => Some(false),
            _ => None,
        };
        Ok(Row {
            id: row.id,
            language: row.lang.parse()?,
            text: row.text,
            source: row.source,
            licence: row.lic.unwrap_or(Licence::Own),
            negative,
            causes: row.labels,
            urgency: row.urgency,
            place: share(at, n),
        })
    };
    rows.into_iter().enumerate().map(row).collect()
}

/// What somebody who read a shop's text says of it: the text itself is not in the repository.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Label {
    causes: Vec<Cause>,
    urgency: Urgency,
}

/// The labels of shops' texts by the texts' ids, of all languages.
///
/// # Errors
///
/// If a file cannot be read, or a line is not written as it should be; the error names the line.
pub(crate) fn labels(folder: &Path) -> anyhow::Result<BTreeMap<String, Label>> {
    let mut labels = BTreeMap::new();
    each_line(folder, |_, _, line| {
        let (id, label) = label(line)?;
        labels.insert(id, label);
        Ok(())
    })?;
    Ok(labels)
}

/// A line `id|causes|urgency`: the causes parted by commas, the primary first, or `-` of a buyer who
/// is content.
fn label(line: &str) -> anyhow::Result<(String, Label)> {
    let fields: Vec<&str> = line.split('|').collect();
    let [id, causes, urgency] = fields[..] else { bail!("write id|causes|urgency") };
    Ok((id.to_owned(), Label { causes: named(causes)?, urgency: urgency.parse()? }))
}

fn named(causes: &str) -> anyhow::Result<Vec<Cause>> {
    let names = causes.split(',').map(str::trim).filter(|name| *name != "-");
    Ok(names.map(str::parse).collect::<Result<_, _>>()?)
}

/// Gives the rows the labels that there are of them. Stars of an unhappy buyer who states nothing
/// bad are not believed.
pub(crate) fn give(labels: &BTreeMap<String, Label>, rows: &mut [Row]) {
    for row in rows {
        let Some(label) = labels.get(&row.id) else { continue };
        row.causes = Some(label.causes.clone());
        row.urgency = Some(label.urgency);
        if label.causes.is_empty() && row.negative == Some(true) {
            row.negative = None;
        }
    }
}

/// The objects of a file, one a line.
pub(crate) fn json_lines<T: DeserializeOwned>(folder: &Path, name: &str) -> anyhow::Result<Vec<T>> {
    let path = folder.join(name);
    let shown = path.display().to_string();
    let file = std::fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
    let read = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| anyhow!("{shown}, line {}: {error}", at + 1))
    };
    file.lines().enumerate().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_text_with_its_labels() {
        let row = parse("neg|late_delivery,other|legal|So late.\\nI sue", Language::En).expect("a text");
        assert_eq!((row.text.as_str(), row.negative), ("So late.\nI sue", Some(true)));
        assert_eq!(row.causes, Some(vec![Cause::LateDelivery, Cause::Other]));
        assert_eq!(row.urgency, Some(Urgency::Legal));
        let row = parse("neu|-|none|Does it fit?", Language::En).expect("a text");
        assert_eq!((row.negative, row.causes), (Some(false), Some(Vec::new())));
    }

    #[test]
    fn a_line_that_is_wrong_says_what() {
        for (line, what) in [
            ("neg|-|none", "mood|causes|urgency|text"),
            ("bad|-|none|t", "no mood"),
            ("neg|weather|none|t", "no cause"),
            ("neg|-|soon|t", "no urgency"),
        ] {
            assert!(parse(line, Language::En).expect_err(line).to_string().contains(what), "{line}");
        }
    }

    #[test]
    fn what_must_not_be_learnt_from_is_not() {
        let row = |licence, source: &str| Row {
            licence,
            source: source.to_owned(),
            ..parse("pos|-|none|t", Language::En).expect("a text")
        };
        for (licence, source, shipped, open) in [
            (Licence::Own, "own", true, true),
            (Licence::Open, "allegro", true, true),
            (Licence::Unclear, "alexa", true, false),
            (Licence::Unclear, "bol_books", false, false),
            (Licence::Nc, "olist", false, false),
        ] {
            let row = row(licence, source);
            assert_eq!(
                (Licences::Shipped.allow(&row), Licences::Open.allow(&row)),
                (shipped, open),
                "{source}"
            );
        }
    }
}
