//! Floors under what is learnt of buyers' texts: of those written for the project always, of shops'
//! texts where they are.

use std::path::PathBuf;

use renown_core::text::{Cause, Hints, Model, Urgency};

use crate::buyer;
use crate::buyer::learn::{self, Text};
use crate::buyer::rows::{self, Row};
use crate::figures::{balanced, f1s, share};

/// The folder of shops' texts, named in `RENOWN_TEXTS`. Without it a test says that it was skipped,
/// or fails where `RENOWN_REQUIRE_TEXTS` is 1.
#[expect(clippy::disallowed_methods, reason = "tests have no configuration")]
fn shops() -> Option<PathBuf> {
    let folder = std::env::var_os("RENOWN_TEXTS").map(PathBuf::from);
    let required = std::env::var("RENOWN_REQUIRE_TEXTS").is_ok_and(|value| value == "1");
    assert!(
        folder.is_some() || !required,
        "RENOWN_REQUIRE_TEXTS=1, but RENOWN_TEXTS does not name the folder of shops' texts"
    );
    if folder.is_none() {
        crate::say("skipped: RENOWN_TEXTS does not name the folder of shops' texts");
    }
    folder
}

fn written() -> Vec<Row> {
    rows::own(&buyer::scenes()).expect("readable")
}

/// Scenes are told in several languages, each at about the same place of its file: what is judged
/// lies together, and at the same place in all.
#[test]
fn a_tenth_of_the_written_texts_is_judged_by_what_the_others_teach() {
    let (judged, others): (Vec<Text>, Vec<Text>) =
        written().into_iter().map(Text::from).partition(|text| (0.4..0.5).contains(&text.row.place));
    let others: Vec<&Text> = others.iter().collect();
    let file = learn::model(&others, &buyer::phrases().expect("readable"), [0; 32]);
    let model = Model::read(&file).expect("a model");
    let said: Vec<_> = judged
        .iter()
        .map(|text| {
            let hints = Hints { language: Some(text.row.language), ..Hints::default() };
            (&text.row, model.understand(&text.row.text, hints))
        })
        .collect();
    let [both, ..] = balanced(said.iter().map(|(row, said)| (row.negative == Some(true), said.negative)));
    let unhappy: Vec<(&[Cause], &[Cause])> = said
        .iter()
        .filter(|(row, _)| row.negative == Some(true))
        .map(|(row, said)| (row.causes.as_deref().unwrap_or_default(), &said.causes[..]))
        .collect();
    let (_, wide, narrow) = f1s(&unhappy);
    let urgent = |is: bool| {
        let rows = || said.iter().filter(move |(row, _)| (row.urgency != Some(Urgency::None)) == is);
        share(rows().filter(|(_, said)| said.urgency != Urgency::None).count(), rows().count())
    };
    let all = format!(
        "mood {both:.1}, causes {wide:.1} {narrow:.1}, urgent {:.1}, false {:.1}",
        urgent(true),
        urgent(false)
    );
    assert!(both > 58.0 && wide > 54.0 && narrow > 55.0, "{all}");
    assert!(urgent(true) > 55.0 && urgent(false) < 6.0, "{all}");
}

#[test]
fn shops_texts_that_were_not_learnt_from_are_told_apart() {
    let Some(folder) = shops() else { return };
    let dev = rows::shared(&folder, "sentiment-dev.jsonl").expect("readable");
    let model = renown_words::model();
    let said = dev
        .iter()
        .filter_map(|row| Some((row.negative?, model.understand(&row.text, Hints::default()).negative)));
    let [both, ..] = balanced(said);
    assert!(both > 86.0, "{both:.1}");
}
