//! How many honest texts of buyers the word lists of removal take for an offence, an address or an
//! advertisement.
//!
//! The lists were mended with these texts at hand, which stand for what buyers write in eleven
//! languages: false friends that come back are seen here.

use std::fs;
use std::path::Path;

use renown_core::prepared::precheck;
use renown_core::text::{Cause, Language, Understood, Urgency};

/// Texts at most in which something is found, of some five thousand. Two of them do offend or link.
const MOST: usize = 3;

#[test]
fn honest_texts_of_buyers_hardly_ever_give_a_ground_by_their_words() {
    let mut found = Vec::new();
    let mut n = 0;
    for language in Language::ALL {
        let path = format!("../../infra/train/texts/buyer/{language}.txt");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        for line in fs::read_to_string(&path).expect("the texts are there").lines() {
            let Some(text) = line.splitn(4, '|').nth(3) else { continue };
            let understood = Understood {
                language: Some(language),
                negative: true,
                score: 1.0,
                causes: vec![Cause::Other],
                urgency: Urgency::None,
                words: Vec::new(),
            };
            let grounds = precheck(text, &understood, true);
            found.extend(grounds.iter().map(|ground| format!("{language} {:?}: {text}", ground.words)));
            n += 1;
        }
    }
    assert!(n > 4000, "{n} texts");
    assert!(found.len() <= MOST, "{found:#?}");
}
