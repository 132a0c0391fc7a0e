//! What is learnt of buyers' texts.

pub(crate) mod learn;
pub(crate) mod rows;

use std::path::Path;

use anyhow::Context as _;
use renown_core::text::Language;
use sha2::{Digest as _, Sha256};

use self::learn::Text;
use self::rows::Licences;
use crate::say;

/// The texts that weights may be learnt from, beside those written for the project. What is measured
/// on (`sentiment-dev.jsonl`) is never among them.
pub(crate) const LEARNT_FROM: [&str; 2] = ["sentiment-train.jsonl", "causes-dev.jsonl"];

/// Learns from the texts of two folders and writes the weights to `out`.
///
/// # Errors
///
/// If a text cannot be read or the weights cannot be written.
pub(crate) fn run(own: &Path, shared: &Path, licences: Licences, out: &Path) -> anyhow::Result<()> {
    let mut texts: Vec<Text> = rows::own(own)?.into_iter().map(Text::from).collect();
    say(&format!("{:6} texts written for the project", texts.len()));
    for name in LEARNT_FROM {
        let rows = rows::shared(shared, name)?;
        let n = rows.len();
        let allowed: Vec<Text> = rows.into_iter().filter(|row| licences.allow(row)).map(Text::from).collect();
        say(&format!("{:6} of {n} texts of {name}", allowed.len()));
        texts.extend(allowed);
    }
    let texts: Vec<&Text> = texts.iter().collect();
    let file = learn::model(&texts, fingerprint(own)?);
    std::fs::write(out, &file).with_context(|| format!("cannot write {}", out.display()))?;
    say(&format!("{} bytes written to {}", file.len(), out.display()));
    Ok(())
}

/// What names the texts that were written for the project and the word lists. The texts of shops are
/// not in the repository, so that no test could hold them and the weights together.
///
/// # Errors
///
/// If one cannot be read.
pub(crate) fn fingerprint(own: &Path) -> anyhow::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let lists = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/core/src/text/words");
    for (folder, language) in [own, &lists].iter().flat_map(|f| Language::ALL.map(|language| (f, language))) {
        let path = folder.join(format!("{language}.txt"));
        hash.update(std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
    }
    Ok(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_in_use_were_learnt_from_these_texts_and_word_lists() {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts/buyer");
        assert_eq!(
            renown_words::model().learnt_from(),
            fingerprint(&own).expect("readable"),
            "they have changed: run `cargo run --release -p renown-train -- buyer --texts DIR`"
        );
    }
}
