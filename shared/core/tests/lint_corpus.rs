//! Precision and recall of the linter over labelled texts, by language.
//!
//! The rules were written, and the models taught, with the texts of `tests/lint/dev` at hand: what
//! is found there must stay found. Those of `tests/lint/corpus` were written by other hands and
//! neither looked at nor learnt from: they say what to expect of texts of tomorrow. A text counts
//! as found when something in it must not be sent.
//!
//! ```sh
//! cargo test -p renown-core --test lint_corpus -- --nocapture
//! ```

use std::fs;
use std::path::Path;

use jiff::civil::date;
use renown_core::lint::{Channel, Language, Options, lint};
use serde::Deserialize;

/// What precision and recall must reach in each language on texts that are known. Source: the
/// product's target.
const TARGET: f64 = 0.95;

/// What they must not fall below on texts that are not; the target is not reached there yet. With
/// 90 texts a language, five points up or down are chance.
const FLOOR: f64 = 0.75;

#[derive(Deserialize)]
struct Labelled {
    id: String,
    text: String,
    channel: String,
    forbid: bool,
}

#[derive(Default)]
struct Tally {
    found: f64,
    false_alarms: f64,
    missed: f64,
    /// What was judged otherwise than labelled.
    wrong: Vec<String>,
}

fn measure(set: &str, language: Language) -> Tally {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/lint/{set}/{language}.jsonl"));
    let mut tally = Tally::default();
    for line in fs::read_to_string(&path).expect("the corpus is there").lines() {
        let labelled: Labelled = serde_json::from_str(line).expect("a labelled text");
        let channel: Channel = labelled.channel.parse().expect("a channel");
        let is_found = lint(&labelled.text, &Options::new(channel, date(2026, 11, 22))).forbids();
        match (labelled.forbid, is_found) {
            (true, true) => tally.found += 1.0,
            (true, false) => tally.missed += 1.0,
            (false, true) => tally.false_alarms += 1.0,
            (false, false) => {}
        }
        if labelled.forbid != is_found {
            tally.wrong.push(format!("{} {}", labelled.id, if is_found { "false alarm" } else { "missed" }));
        }
    }
    tally
}

#[test]
fn known_texts_are_judged_rightly_and_unknown_ones_mostly_in_every_language() {
    for (set, least) in [("dev", TARGET), ("corpus", FLOOR)] {
        for language in Language::ALL {
            let Tally { found, false_alarms, missed, wrong } = measure(set, language);
            let (precision, recall) = (found / (found + false_alarms), found / (found + missed));
            println!(
                "{set:<7} {language}  precision {precision:.3}  recall {recall:.3}  {}",
                wrong.join(", ")
            );
            assert!(precision >= least && recall >= least, "{set} {language}: {precision:.3}, {recall:.3}");
        }
    }
}
