//! What the linter learns: which sentences break a policy, and of which kind.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use renown_core::lint::learnt::{self, N_FEATURES, Passage};
use renown_core::lint::{Channel, Kind as Wrong, Language, phrases};
use renown_core::mail::Kind;
use renown_core::mail::template::{Template, built_in};
use renown_core::text;
use sha2::{Digest as _, Sha256};

use crate::say;
use crate::svm::{self, Features, Learnt};
use crate::texts::{self, Labelled};

/// What a mistake costs. Tried: 0.3 and 3 judge no better.
const COST: f32 = 1.0;
/// Parts of the texts of which each is judged once by what was learnt from the others.
const PARTS: usize = 4;
/// Neighbouring lines that stay in one part: texts that were written as a pair stand together.
const TOGETHER: usize = 20;
/// How much of a marked place must lie in a passage for the passage to be against the policy, and
/// below which it is not; between them nothing is learnt from it.
const MOST: f32 = 0.8;
const LEAST: f32 = 0.05;

/// How often a text of Renown's own is learnt from.
const OWN_TIMES: usize = 3;

/// A text as it is learnt from.
struct Example {
    labelled: Labelled,
    part: usize,
    passages: Vec<Passage>,
}

/// Learns from the texts of `folder` and writes the weights to `out`; prints how texts are judged
/// that were not learnt from.
///
/// # Errors
///
/// If a text cannot be read or the weights cannot be written.
pub(crate) fn run(folder: &Path, out: &Path) -> anyhow::Result<()> {
    let examples = examples(folder)?;
    say(&format!("{} texts; judging each quarter by what the others teach", examples.len()));
    let mut scores = vec![0.0; examples.len()];
    for part in 0..PARTS {
        let models = deciding(&examples, |example| example.part != part);
        for (score, example) in scores.iter_mut().zip(&examples).filter(|(_, example)| example.part == part) {
            *score = example.score(&models);
        }
    }
    let judged = |example: &&Example| example.part < PARTS;
    let threshold = even(&examples, &scores);
    for language in Language::ALL {
        let rows = || {
            examples
                .iter()
                .zip(&scores)
                .filter(move |(row, _)| judged(row) && row.labelled.language == language)
        };
        say(&format!(
            "  {language}  {}",
            figures(rows().map(|(row, score)| (row.is_bad(), *score > threshold)))
        ));
    }
    let all = examples
        .iter()
        .zip(&scores)
        .filter(|(row, _)| judged(row))
        .map(|(row, score)| (row.is_bad(), *score > threshold));
    say(&format!("  all {}", figures(all)));
    let mut heads = Vec::new();
    let models = 0..learnt::models().count();
    for (at, (name, learnt)) in learnt::models().zip(learn(&examples, |_| true, models)).enumerate() {
        let bias = if at < 2 { learnt.bias - threshold } else { learnt.bias };
        heads.push((name.to_owned(), bias, learnt.weights));
    }
    let file = text::file(&heads, fingerprint(folder)?);
    std::fs::write(out, &file).with_context(|| format!("cannot write {}", out.display()))?;
    say(&format!("{} bytes written to {}", file.len(), out.display()));
    Ok(())
}

/// What names the texts of a folder.
///
/// # Errors
///
/// If one cannot be read.
pub(crate) fn fingerprint(folder: &Path) -> anyhow::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    for language in Language::ALL {
        let path = folder.join(format!("{language}.txt"));
        hash.update(std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?);
    }
    Ok(hash.finalize().into())
}

fn examples(folder: &Path) -> anyhow::Result<Vec<Example>> {
    let mut examples = Vec::new();
    for language in Language::ALL {
        for (at, labelled) in texts::read(folder, language)?.into_iter().enumerate() {
            let passages = learnt::passages(&labelled.text, language);
            examples.push(Example { labelled, part: at / TOGETHER % PARTS, passages });
        }
        examples.extend(own(language)?.into_iter().map(|text| Example::clean(text, language)));
    }
    Ok(examples)
}

/// What Renown itself says to buyers must stay clean: the library of wordings and the texts of the
/// mails, each sentence as often as [`OWN_TIMES`].
fn own(language: Language) -> anyhow::Result<Vec<String>> {
    let mut texts: Vec<String> = phrases(language).iter().map(|phrase| phrase.text.to_owned()).collect();
    for kind in [Kind::Invitation, Kind::Reminder(1), Kind::Survey, Kind::Service] {
        let template = Template::parse(built_in(kind, language)).map_err(|mistake| anyhow!("{mistake}"))?;
        texts.push(template.wording());
    }
    Ok(std::iter::repeat_n(texts, OWN_TIMES).flatten().collect())
}

fn deciding(examples: &[Example], is_in: impl Fn(&Example) -> bool) -> Vec<Learnt> {
    learn(examples, is_in, 0..2)
}

/// Learns some of the models from some of the texts.
fn learn(
    examples: &[Example],
    is_in: impl Fn(&Example) -> bool,
    models: std::ops::Range<usize>,
) -> Vec<Learnt> {
    let mut rows: Vec<(&Features, &[Wrong])> = Vec::new();
    for example in examples.iter().filter(|example| is_in(example)) {
        for passage in &example.passages {
            let share = example.share(passage.place);
            if share >= MOST {
                rows.push((&passage.features, &example.labelled.kinds));
            } else if share <= LEAST {
                rows.push((&passage.features, &[]));
            }
        }
    }
    let is_of = |model: usize, kinds: &[Wrong]| kinds.iter().any(|kind| learnt::says_yes(model, *kind));
    models
        .map(|model| {
            let rows: Vec<_> =
                rows.iter().map(|(features, kinds)| (*features, is_of(model, kinds))).collect();
            svm::learn(&rows, N_FEATURES, COST)
        })
        .collect()
}

impl Example {
    /// A text of Renown's own: in no part, so that it is learnt from always and judged never.
    fn clean(text: String, language: Language) -> Self {
        let passages = learnt::passages(&text, language);
        let labelled =
            Labelled { language, channel: Channel::Amazon, kinds: Vec::new(), text, places: Vec::new() };
        Self { labelled, part: PARTS, passages }
    }

    fn is_bad(&self) -> bool {
        !self.labelled.kinds.is_empty()
    }

    /// How much of a marked place lies in a passage, at most.
    #[expect(clippy::cast_precision_loss, reason = "places of a text are small")]
    fn share(&self, (from, to): (usize, usize)) -> f32 {
        let within = |(start, end): &(usize, usize)| {
            let both = to.min(*end).saturating_sub(from.max(*start));
            both as f32 / (end - start).max(1) as f32
        };
        self.labelled.places.iter().map(within).fold(0.0, f32::max)
    }

    /// What the worst passage comes to.
    fn score(&self, deciding: &[Learnt]) -> f32 {
        let is_amazon = self.labelled.channel == Channel::Amazon;
        let counts = |model: &usize| *model == 0 || is_amazon;
        let scores = self
            .passages
            .iter()
            .flat_map(|passage| (0..2).filter(counts).map(|model| deciding[model].says(&passage.features)));
        scores.fold(f32::MIN, f32::max)
    }
}

/// The threshold at which as many texts are missed as are found without being bad.
fn even(examples: &[Example], scores: &[f32]) -> f32 {
    let judged = examples.iter().zip(scores).filter(|(example, _)| example.part < PARTS);
    let mut sorted: Vec<f32> = judged.map(|(_, score)| *score).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let n_bad = examples.iter().filter(|example| example.is_bad()).count();
    sorted.get(n_bad).copied().unwrap_or(0.0)
}

fn figures(judged: impl Iterator<Item = (bool, bool)>) -> String {
    let (mut found, mut wrong, mut missed) = (0, 0, 0);
    for judged in judged {
        match judged {
            (true, true) => found += 1,
            (false, true) => wrong += 1,
            (true, false) => missed += 1,
            (false, false) => {}
        }
    }
    let share = |of: i32| f64::from(found) / f64::from((found + of).max(1));
    format!("precision {:.3}  recall {:.3}", share(wrong), share(missed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_in_use_were_learnt_from_these_texts() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("texts/lint");
        assert_eq!(
            learnt::learnt_from(),
            fingerprint(&folder).expect("readable"),
            "the texts have changed: run `cargo run --release -p renown-train -- lint`"
        );
    }
}
