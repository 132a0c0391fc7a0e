//! What is learnt of buyers' texts.

pub(crate) mod learn;
pub(crate) mod rows;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use renown_core::text::{Language, of_script};
use sha2::{Digest as _, Sha256};

use self::learn::Text;
use self::rows::{Licences, Row};
use crate::say;

/// The texts that weights may be learnt from, beside those written for the project. What is measured
/// on (`sentiment-dev.jsonl`) is never among them.
pub(crate) const LEARNT_FROM: [&str; 2] = ["sentiment-train.jsonl", "causes-dev.jsonl"];

/// Texts that were written for the project: scenes, each told in several languages, hard to read on
/// purpose.
pub(crate) fn scenes() -> PathBuf {
    texts().join("buyer")
}

/// Others: what most buyers write, plainly.
fn plain() -> PathBuf {
    texts().join("plain")
}

/// All texts that were written for the project.
///
/// # Errors
///
/// If a file cannot be read.
pub(crate) fn own() -> anyhow::Result<Vec<Row>> {
    Ok([rows::own(&scenes())?, rows::own(&plain())?].concat())
}

/// What is known of shops' texts beyond what their files say.
fn labels() -> PathBuf {
    texts().join("labels")
}

fn texts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("texts")
}

/// Shops' texts that may be learnt from, with what was labelled of them.
///
/// # Errors
///
/// If a file cannot be read.
pub(crate) fn shops(shared: &Path, name: &str, licences: Licences) -> anyhow::Result<Vec<Text>> {
    let mut rows = rows::shared(shared, name)?;
    rows::give(&rows::labels(&labels())?, &mut rows);
    rows.retain(|row| licences.allow(row));
    Ok(rows.into_iter().map(Text::from).collect())
}

/// Learns from the texts of the project and of a folder, and writes the weights to `out`.
///
/// # Errors
///
/// If a text cannot be read or the weights cannot be written.
pub(crate) fn run(shared: &Path, licences: Licences, out: &Path) -> anyhow::Result<()> {
    let mut texts: Vec<Text> = own()?.into_iter().map(Text::from).collect();
    say(&format!("{:6} texts written for the project", texts.len()));
    for name in LEARNT_FROM {
        let allowed = shops(shared, name, licences)?;
        let n_labelled = allowed.iter().filter(|text| text.row.causes.is_some()).count();
        say(&format!("{:6} texts of {name}, {n_labelled} of them with causes", allowed.len()));
        texts.extend(allowed);
    }
    let texts: Vec<&Text> = texts.iter().collect();
    let file = learn::model(&texts, &phrases()?, fingerprint()?);
    std::fs::write(out, &file).with_context(|| format!("cannot write {}", out.display()))?;
    say(&format!("{} bytes written to {}", file.len(), out.display()));
    Ok(())
}

fn lists() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/core/src/text/words")
}

/// The phrases of the word lists of languages whose script is not theirs alone.
///
/// # Errors
///
/// If a list cannot be read.
pub(crate) fn phrases() -> anyhow::Result<Vec<(Language, String)>> {
    let mut phrases = Vec::new();
    for language in Language::ALL {
        let path = lists().join(format!("{language}.txt"));
        let list =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let lines = list.lines().filter(|line| !line.starts_with(['/', '[', '!']));
        // Parts of patterns are words as well.
        let words = lines.flat_map(|line| line.split([',', '|', '*', '~'])).map(str::trim);
        let is_word = |word: &&str| word.chars().count() > 3 && of_script(word).is_none();
        phrases.extend(words.filter(is_word).map(|word| (language, word.to_owned())));
    }
    Ok(phrases)
}

/// What names the texts that were written for the project, the labels and the word lists. The texts of shops are
/// not in the repository, so that no test could hold them and the weights together.
///
/// # Errors
///
/// If one cannot be read.
pub(crate) fn fingerprint() -> anyhow::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    for folder in [scenes(), plain(), lists(), labels()] {
        for language in Language::ALL {
            let path = folder.join(format!("{language}.txt"));
            // No text of some languages was labelled.
            if path.exists() {
                let file = std::fs::read(&path);
                hash.update(file.with_context(|| format!("cannot read {}", path.display()))?);
            }
        }
    }
    Ok(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_in_use_were_learnt_from_these_texts_and_word_lists() {
        assert_eq!(
            renown_words::model().learnt_from(),
            fingerprint().expect("readable"),
            "they have changed: run `cargo run --release -p renown-train -- buyer --texts DIR`"
        );
    }
}
