//! How the models of buyers' texts are learnt.

use renown_core::text::{
    self, Cause, Language, N_BUCKETS_OF_CAUSES, N_BUCKETS_OF_LETTERS, N_BUCKETS_OF_MOOD, N_IDEAS, Sight,
    Urgency, letters, of_script, questions,
};

use super::rows::Row;
use crate::svm::{self, Example, Learnt};

type Weights = Vec<(u32, f32)>;

/// A text with its features.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) row: Row,
    pub(crate) mood: Weights,
    pub(crate) causes: Weights,
}

impl From<Row> for Text {
    fn from(row: Row) -> Self {
        let sight = Sight::new(&row.text, row.language);
        let causes = if row.causes.is_some() { sight.of_causes() } else { Vec::new() };
        Self { mood: sight.of_mood(), causes, row }
    }
}

/// Parts of the texts of which each is judged once by what was learnt from the others.
pub(crate) const PARTS: usize = 5;

/// What a mistake costs in each kind of model. Tried between a twentieth and three times of them.
const COST_OF_LANGUAGE: f32 = 10.0;
const COST_OF_MOOD: f32 = 0.3;
const COST_OF_CAUSES: f32 = 0.07;

/// How much more a text of a shop counts than one that was written, where causes are learnt: there
/// are few of them, and they are what is to be judged.
const REAL: f32 = 4.0;
/// How much ideas weigh where causes are learnt, beside what they weigh in the features.
const IDEA: f32 = 0.5;

/// What is added to the mood's margin: an unhappy buyer who is missed costs more than a content one
/// who is read.
const SHIFT_OF_MOOD: f32 = 0.3;
/// What is added to the margins of causes and urgency: what is rare is said too seldom by them.
const SHIFT_OF_CAUSES: f32 = 0.15;
/// What the mood's margin is multiplied with to be a logit: a margin of one is nearly sure.
const SLOPE: f32 = 3.0;

/// The largest number of letters of a clause that the language is learnt from beside its text, and of
/// how many of a text: the first ones.
const CLAUSE: usize = 60;
const CLAUSES: usize = 4;

/// Learns the languages: one head each. Beside texts and their clauses from the phrases of the word
/// lists: a short text may be one of them and nothing else.
fn languages(texts: &[&Text], phrases: &[(Language, String)]) -> Vec<Learnt> {
    let mut rows: Vec<(Weights, Language)> =
        phrases.iter().map(|(language, phrase)| (letters(phrase), *language)).collect();
    for text in texts.iter().filter(|text| of_script(&text.row.text).is_none()) {
        let all = &text.row.text;
        rows.push((letters(all), text.row.language));
        let clauses = all.split([',', '.', '!', '?', ';', '\n', ':']).map(str::trim);
        for clause in clauses.filter(|clause| clause.chars().count() > 3).take(CLAUSES) {
            let clause: String = clause.chars().take(CLAUSE).collect();
            rows.push((letters(&clause), text.row.language));
        }
    }
    Language::ALL
        .map(|language| {
            let rows: Vec<_> =
                rows.iter().map(|(features, other)| (&features[..], *other == language)).collect();
            svm::learn(&rows, N_BUCKETS_OF_LETTERS, COST_OF_LANGUAGE)
        })
        .to_vec()
}

/// Texts of a language and mood that count one each; fewer count more, by the root.
const MANY: f32 = 2000.0;

/// Learns whether a buyer is unhappy. Source: Wang and Manning, "Baselines and Bigrams", ACL 2012.
pub(crate) fn mood(texts: &[&Text]) -> Learnt {
    let texts: Vec<(&Text, bool)> =
        texts.iter().filter_map(|text| text.row.negative.map(|negative| (*text, negative))).collect();
    let count = |language: Language, negative: bool| {
        texts.iter().filter(|(text, other)| text.row.language == language && *other == negative).count()
    };
    let counts = Language::ALL.map(|language| [count(language, false), count(language, true)]);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^24 examples")]
    let weight = |text: &Text, negative: bool| {
        let n = counts[text.row.language as usize][usize::from(negative)] as f32;
        (MANY / n).sqrt()
    };
    let n_features = N_BUCKETS_OF_MOOD + N_IDEAS;
    let weighed: Vec<(&Weights, bool, f32)> =
        texts.iter().map(|(text, negative)| (&text.mood, *negative, weight(text, *negative))).collect();
    let scale = log_ratios(&weighed, n_features as usize);
    let scaled: Vec<Weights> = texts
        .iter()
        .map(|(text, _)| text.mood.iter().map(|(f, x)| (*f, x * scale[*f as usize])).collect())
        .collect();
    let examples: Vec<Example<'_>> = scaled
        .iter()
        .zip(&weighed)
        .map(|(features, (_, yes, weight))| Example { features, yes: *yes, weight: *weight })
        .collect();
    let mut learnt = svm::learn_weighed(&examples, n_features, COST_OF_MOOD);
    for (weight, scale) in learnt.weights.iter_mut().zip(&scale) {
        *weight *= scale * SLOPE;
    }
    learnt.bias = (learnt.bias + SHIFT_OF_MOOD) * SLOPE;
    learnt
}

/// How much more a feature is met in one kind of texts than in the other, as naive Bayes has it;
/// ideas keep their weight.
fn log_ratios(texts: &[(&Weights, bool, f32)], n_features: usize) -> Vec<f32> {
    let mut met = [vec![1.0f32; n_features], vec![1.0f32; n_features]];
    for (features, yes, weight) in texts {
        for (feature, _) in *features {
            met[usize::from(*yes)][*feature as usize] += weight;
        }
    }
    let total = |of: &[f32]| of[..N_BUCKETS_OF_MOOD as usize].iter().sum::<f32>();
    let (no, yes) = (total(&met[0]), total(&met[1]));
    (0..n_features)
        .map(|feature| {
            if feature >= N_BUCKETS_OF_MOOD as usize {
                return 1.0;
            }
            ((met[1][feature] / yes) / (met[0][feature] / no)).ln()
        })
        .collect()
}

/// Learns causes, primaries and urgency: a head each, in the order of [`questions`].
pub(crate) fn causes(texts: &[&Text]) -> Vec<Learnt> {
    let texts: Vec<(&Text, &[Cause])> =
        texts.iter().filter_map(|text| Some((*text, text.row.causes.as_deref()?))).collect();
    let scaled: Vec<Weights> = texts
        .iter()
        .map(|(text, _)| {
            text.causes
                .iter()
                .map(|(f, x)| (*f, if *f >= N_BUCKETS_OF_CAUSES { IDEA * x } else { *x }))
                .collect()
        })
        .collect();
    let of_primary = Cause::ALL.len()..2 * Cause::ALL.len();
    (0..questions().count())
        .map(|question| {
            let rows: Vec<(&Text, &Weights, bool)> = texts
                .iter()
                .zip(&scaled)
                .filter(|((text, causes), _)| {
                    // The primary is asked for only where there is one.
                    !of_primary.contains(&question) || (!causes.is_empty() && text.row.negative == Some(true))
                })
                .map(|((text, causes), features)| (*text, features, answer(question, text, causes)))
                .collect();
            let n_yes = rows.iter().filter(|(_, _, yes)| *yes).count().max(1);
            #[expect(clippy::cast_precision_loss, reason = "far below 2^24 examples")]
            let rarity = ((rows.len() - n_yes) as f32 / n_yes as f32).sqrt();
            let examples: Vec<Example<'_>> = rows
                .iter()
                .map(|(text, features, yes)| Example {
                    features,
                    yes: *yes,
                    weight: if *yes { rarity } else { 1.0 }
                        * if text.row.source == "own" { 1.0 } else { REAL },
                })
                .collect();
            let mut learnt = svm::learn_weighed(&examples, N_BUCKETS_OF_CAUSES + N_IDEAS, COST_OF_CAUSES);
            for weight in &mut learnt.weights[N_BUCKETS_OF_CAUSES as usize..] {
                *weight *= IDEA;
            }
            if !of_primary.contains(&question) {
                learnt.bias += SHIFT_OF_CAUSES;
            }
            learnt
        })
        .collect()
}

/// What is to be said to a question of a text.
fn answer(question: usize, text: &Text, causes: &[Cause]) -> bool {
    let n = Cause::ALL.len();
    if let Some(cause) = Cause::ALL.get(question) {
        return causes.contains(cause);
    }
    if let Some(cause) = question.checked_sub(n).and_then(|at| Cause::ALL.get(at)) {
        return causes.first() == Some(cause);
    }
    text.row.urgency == question.checked_sub(2 * n).and_then(|at| Urgency::ALL.get(at)).copied()
}

/// The file of the models that some texts, and the phrases of the word lists, teach.
pub(crate) fn model(texts: &[&Text], phrases: &[(Language, String)], learnt_from: [u8; 32]) -> Vec<u8> {
    let file = |names: Vec<String>, learnt: Vec<Learnt>| {
        let heads: Vec<_> =
            names.into_iter().zip(learnt).map(|(name, head)| (name, head.bias, head.weights)).collect();
        text::file(&heads, learnt_from)
    };
    let languages = Language::ALL.map(|language| language.code().to_owned()).to_vec();
    text::model_file(
        &file(languages, self::languages(texts, phrases)),
        &file(vec!["unhappy".to_owned()], vec![mood(texts)]),
        &file(questions().collect(), causes(texts)),
    )
}
