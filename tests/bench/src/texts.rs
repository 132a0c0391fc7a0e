//! How many buyers' texts one core understands in a second: those written for the project, of eleven
//! languages.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use renown_core::text::{Hints, keywords};
use sha2::{Digest as _, Sha256};

use crate::figures::{Report, Wanted};
use crate::meter::{Meter, float, per, ratio};
use crate::{Bench, Size};

/// Folders of texts, from this crate.
const FOLDERS: [&str; 2] = ["../../infra/train/texts/buyer", "../../infra/train/texts/plain"];
/// In small sizes one text in so many.
const ONE_IN: usize = 40;
/// CPU of 99 texts in a hundred at most, in milliseconds: what a reader of texts should not exceed.
const WANTED_MS: f64 = 1.0;

/// Measures it.
///
/// # Errors
///
/// If the texts are not there.
pub fn run(size: Size) -> anyhow::Result<Report> {
    let mut texts = texts()?;
    if size == Size::Quick {
        texts = texts.into_iter().step_by(ONE_IN).collect();
    }
    let model = renown_words::model();
    // The word lists are read at first use.
    for text in &texts {
        black_box(model.understand(text, Hints::default()));
    }

    let mut times: Vec<Duration> = Vec::with_capacity(texts.len());
    let mut unhappy = 0u64;
    let meter = Meter::start();
    for text in &texts {
        let one = Meter::start();
        unhappy += u64::from(black_box(model.understand(black_box(text), Hints::default())).negative);
        times.push(one.used().cpu);
    }
    let understanding = meter.used();

    let meter = Meter::start();
    for text in &texts {
        black_box(keywords(black_box(text)));
    }
    let looking = meter.used();

    let meter = Meter::start();
    for text in &texts {
        black_box(Sha256::digest(black_box(text.as_bytes())));
    }
    let hashing = meter.used();

    times.sort_unstable();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    };
    let n = u64::try_from(texts.len()).unwrap_or(u64::MAX);
    let mut report = Report::new(Bench::Texts);
    let rate = per(float(n), understanding.cpu.as_secs_f64());
    report.figure("texts_per_second", "texts understood a second on one core", rate, "/s");
    report.figure("median_ms", "CPU of half of the texts at most", at(50), "ms");
    let what = "CPU of 99 in a hundred at most";
    report.wanted("p99_ms", what, at(99), "ms", Wanted::AtMost(WANTED_MS));
    report.ratio("to_keywords", "a text beside its word lists alone", ratio(understanding.cpu, looking.cpu));
    report.ratio("to_hashing", "a text beside SHA-256 of it", ratio(understanding.cpu, hashing.cpu));
    report.figure("texts", "texts", float(n), "");
    report.figure("unhappy", "  of them unhappy", float(unhappy), "");
    Ok(report)
}

/// The texts without their labels.
fn texts() -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for folder in FOLDERS.map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
        let mut files: Vec<_> = std::fs::read_dir(&folder)
            .and_then(Iterator::collect::<Result<_, _>>)
            .with_context(|| format!("cannot list {}", folder.display()))?;
        files.sort_by_key(std::fs::DirEntry::path);
        for file in files {
            let text = std::fs::read_to_string(file.path())
                .with_context(|| format!("cannot read {}", file.path().display()))?;
            let text_of = |line: &str| line.splitn(4, '|').nth(3).map(|text| text.replace("\\n", "\n"));
            texts.extend(text.lines().filter_map(text_of));
        }
    }
    anyhow::ensure!(!texts.is_empty(), "there are no texts");
    Ok(texts)
}
