//! Precision and recall of the linter over labelled texts, by language.
//!
//! `tests/lint/dev` was written beside the rules, `tests/lint/corpus` apart from them by another
//! hand. A text counts as found when something in it must not be sent.
//!
//! ```sh
//! cargo test -p renown-core --test lint_corpus -- --nocapture
//! ```

use std::fs;
use std::path::Path;

use jiff::civil::date;
use renown_core::lint::{Channel, Language, Options, lint};
use serde::Deserialize;

/// What precision and recall must reach in each language. Source: the product's target.
const TARGET: f64 = 0.95;

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
fn precision_and_recall_reach_the_target_in_every_language() {
    for set in ["dev", "corpus"] {
        for language in Language::ALL {
            let Tally { found, false_alarms, missed, wrong } = measure(set, language);
            let (precision, recall) = (found / (found + false_alarms), found / (found + missed));
            println!(
                "{set:<7} {language}  precision {precision:.3}  recall {recall:.3}  {}",
                wrong.join(", ")
            );
            assert!(precision >= TARGET && recall >= TARGET, "{set} {language}: {precision:.3}, {recall:.3}");
        }
    }
}
