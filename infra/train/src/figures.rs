//! How well buyers' texts are understood: texts of shops that were not learnt from, beside what the
//! word lists say on their own and what vaderSentiment does.

mod vader;

use std::path::Path;
use std::time::{Duration, Instant};

use renown_core::text::{Cause, Hints, Language, Model, Understood, Urgency, keywords};
use serde::Deserialize;

use crate::buyer::learn::{self, PARTS, Text};
use crate::buyer::rows::{self, Licences, Row};
use crate::buyer::{self, LEARNT_FROM};
use crate::say;

/// What a reader of texts says of one, with nothing known beside it.
type Reader<'a> = dyn Fn(&str) -> Understood + 'a;

/// A text and the language it is in.
#[derive(Debug, Deserialize)]
struct Spoken {
    lang: String,
    text: String,
    kind: String,
}

/// Learns, judges and prints.
///
/// # Errors
///
/// If a file cannot be read.
pub(crate) fn run(shared: &Path, licences: Licences) -> anyhow::Result<()> {
    let written: Vec<Text> = buyer::own()?.into_iter().map(Text::from).collect();
    let reviews = buyer::shops(shared, LEARNT_FROM[0], licences)?;
    let labelled: Vec<Text> = rows::shared(shared, LEARNT_FROM[1])?.into_iter().map(Text::from).collect();
    let phrases = buyer::phrases()?;
    let allowed = |text: &&Text| licences.allow(&text.row);

    let all: Vec<&Text> = written.iter().chain(&reviews).chain(labelled.iter().filter(allowed)).collect();
    let file = learn::model(&all, &phrases, [0; 32]);
    let model = Model::read(&file)?;
    let reader = |text: &str| model.understand(text, Hints::default());
    say(&format!("{} texts learnt from, {} bytes of weights", all.len(), file.len()));

    // Texts with causes are judged by models that have not seen them.
    let mut parts = Vec::new();
    for part in 0..PARTS {
        let others = labelled.iter().enumerate().filter(|(at, _)| at % PARTS != part).map(|(_, text)| text);
        let rest: Vec<&Text> = written.iter().chain(&reviews).chain(others.filter(allowed)).collect();
        parts.push(learn::model(&rest, &phrases, [0; 32]));
    }
    let judged: Vec<(&Row, Understood)> = labelled
        .iter()
        .enumerate()
        .map(|(at, text)| {
            Ok((&text.row, Model::read(&parts[at % PARTS])?.understand(&text.row.text, Hints::default())))
        })
        .collect::<anyhow::Result<_>>()?;

    let dev = rows::shared(shared, "sentiment-dev.jsonl")?;
    mood("models", &dev, &reader);
    mood("keywords", &dev, &keywords);
    vader::compare(&dev)?;
    recall(&judged);
    causes("models", &judged);
    let by_words: Vec<(&Row, Understood)> =
        labelled.iter().map(|text| (&text.row, keywords(&text.row.text))).collect();
    causes("keywords", &by_words);
    let authored = rows::shared(shared, "urgency-authored-dev.jsonl")?;
    for (name, reader) in [("models", &reader as &Reader<'_>), ("keywords", &keywords)] {
        let said: Vec<(&Row, Understood)> = authored.iter().map(|row| (row, reader(&row.text))).collect();
        urgency(&format!("{name}, written"), &said);
    }
    urgency("models, real", &judged);
    urgency("keywords, real", &by_words);
    languages(&rows::json_lines(shared, "langid-dev.jsonl")?, &model);
    time(&dev, &reader);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 texts")]
pub(crate) fn share(part: usize, of: usize) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}

/// Balanced accuracy of texts with stars, those with three left out.
pub(crate) fn balanced(said: impl Iterator<Item = (bool, bool)>) -> [f64; 3] {
    let mut n = [[0; 2]; 2];
    for (is, says) in said {
        n[usize::from(is)][usize::from(says)] += 1;
    }
    let [found, left] = [share(n[1][1], n[1][0] + n[1][1]), share(n[0][0], n[0][0] + n[0][1])];
    [f64::midpoint(found, left), found, left]
}

fn mood(name: &str, dev: &[Row], reader: &Reader<'_>) {
    say(&format!("\nnegative or not, {name}: balanced accuracy (negatives found, positives left)"));
    let mut sum = 0.0;
    for language in Language::ALL {
        let rows = dev.iter().filter(|row| row.language == language);
        let said = rows.filter_map(|row| Some((row.negative?, reader(&row.text).negative)));
        let [both, found, left] = balanced(said);
        say(&format!("  {language}  {both:5.1}  ({found:3.0} {left:3.0})"));
        sum += both;
    }
    say(&format!("  mean {:.1}", sum / 11.0));
}

fn recall(judged: &[(&Row, Understood)]) {
    say("\nrecall of negatives that were checked by hand");
    let of = |is_in: &dyn Fn(&Row) -> bool| {
        let rows = || judged.iter().filter(|(row, _)| is_in(row));
        share(rows().filter(|(_, said)| said.negative).count(), rows().count())
    };
    for language in Language::ALL {
        if judged.iter().any(|(row, _)| row.language == language) {
            say(&format!("  {language}  {:5.1}", of(&|row| row.language == language)));
        }
    }
    say(&format!("  all {:5.1}", of(&|_| true)));
}

/// F1 of what was found, found wrongly, and missed.
fn f1([found, wrong, missed]: [usize; 3]) -> f64 {
    share(2 * found, 2 * found + wrong + missed)
}

/// Macro and micro F1 of answers that may be several.
pub(crate) fn f1s(said: &[(&[Cause], &[Cause])]) -> ([f64; 14], f64, f64) {
    let mut counts = [[0; 3]; 14];
    for (truth, says) in said {
        for cause in Cause::ALL {
            let count = &mut counts[cause as usize];
            match (truth.contains(&cause), says.contains(&cause)) {
                (true, true) => count[0] += 1,
                (false, true) => count[1] += 1,
                (true, false) => count[2] += 1,
                (false, false) => {}
            }
        }
    }
    let each = counts.map(f1);
    let all = counts.iter().fold([0; 3], |all, one| [all[0] + one[0], all[1] + one[1], all[2] + one[2]]);
    (each, each.iter().sum::<f64>() / 14.0, f1(all))
}

fn causes(name: &str, judged: &[(&Row, Understood)]) {
    let truth = |row: &'_ Row| row.causes.clone().unwrap_or_default();
    let truths: Vec<Vec<Cause>> = judged.iter().map(|(row, _)| truth(row)).collect();
    say(&format!("\ncauses, {name}: labels macro/micro F1, primary accuracy/macro F1"));
    let line = |head: &str, is_in: &dyn Fn(&Row) -> bool| {
        let rows = || judged.iter().zip(&truths).filter(|((row, _), _)| is_in(row));
        let labels: Vec<_> = rows().map(|((_, said), truth)| (&truth[..], &said.causes[..])).collect();
        let first = |causes: &'_ [Cause]| causes.len().min(1);
        let primaries: Vec<(&[Cause], &[Cause])> =
            labels.iter().map(|(truth, says)| (&truth[..first(truth)], &says[..first(says)])).collect();
        let right = primaries.iter().filter(|(truth, says)| truth == says).count();
        let ((each, wide, narrow), (firsts, primary, _)) = (f1s(&labels), f1s(&primaries));
        let exact = share(right, primaries.len());
        say(&format!("  {head:<3} {wide:5.1} {narrow:5.1}   {exact:5.1} {primary:5.1}"));
        (each, firsts)
    };
    for language in Language::ALL {
        if judged.iter().any(|(row, _)| row.language == language) {
            line(language.code(), &|row| row.language == language);
        }
    }
    let (each, firsts) = line("all", &|_| true);
    for cause in Cause::ALL {
        let n = truths.iter().filter(|truth| truth.first() == Some(&cause)).count();
        let (label, primary) = (each[cause as usize], firsts[cause as usize]);
        say(&format!("      {:<20} {label:5.1}         {primary:5.1}  (primary of {n})", cause.name()));
    }
}

fn urgency(name: &str, judged: &[(&Row, Understood)]) {
    let is = |row: &Row| row.urgency != Some(Urgency::None);
    let says = |said: &Understood| said.urgency != Urgency::None;
    let n = judged.iter().filter(|(row, _)| is(row)).count();
    let found = judged.iter().filter(|(row, said)| is(row) && says(said)).count();
    let kind = judged.iter().filter(|(row, said)| is(row) && row.urgency == Some(said.urgency)).count();
    let wrong = judged.iter().filter(|(row, said)| !is(row) && says(said)).count();
    say(&format!(
        "urgency, {name}: found {:.1} % of {n}, of the right kind {:.1} %; false alarms {:.1} % of {}",
        share(found, n),
        share(kind, n),
        share(wrong, judged.len() - n),
        judged.len() - n
    ));
}

fn languages(spoken: &[Spoken], model: &Model<'_>) {
    say("\nlanguage: right of full texts and of short ones");
    let of = |code: Option<&str>, kind: &str| {
        let rows =
            || spoken.iter().filter(|row| row.kind == kind && code.is_none_or(|code| row.lang == code));
        share(
            rows()
                .filter(|row| model.language(&row.text).is_some_and(|language| language.code() == row.lang))
                .count(),
            rows().count(),
        )
    };
    for language in Language::ALL {
        let code = Some(language.code());
        say(&format!("  {language}  {:5.1} {:5.1}", of(code, "full"), of(code, "short")));
    }
    say(&format!("  all {:5.1} {:5.1}", of(None, "full"), of(None, "short")));
}

#[expect(clippy::disallowed_methods, reason = "no runtime is there whose time could stand still")]
fn time(dev: &[Row], reader: &Reader<'_>) {
    let mut times: Vec<Duration> = dev
        .iter()
        .map(|row| {
            let start = Instant::now();
            std::hint::black_box(reader(&row.text));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |per_cent: usize| times[(times.len() * per_cent / 100).min(times.len() - 1)].as_micros();
    say(&format!("\ntime a text: median {} µs, 99 % within {} µs", at(50), at(99)));
}
