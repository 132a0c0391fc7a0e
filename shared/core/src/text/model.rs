//! What was learnt of buyers' texts, and what it says of one.

use super::bag::Bag;
use super::cause::Cause;
use super::concept::Concept;
use super::heads::{BadWeights, Heads};
use super::language::Language;
use super::sight::{self, N_BUCKETS_OF_CAUSES, N_BUCKETS_OF_MOOD, Sight};
use super::tongue;
use super::understood::{Hints, Span, Understood};
use super::urgency::Urgency;

const MAGIC: &[u8; 4] = b"RNB1";

/// The models of buyers' texts, read once: it lends its weights from the file.
#[derive(Debug, Clone)]
pub struct Model<'a> {
    languages: Heads<'a>,
    mood: Heads<'a>,
    causes: Heads<'a>,
}

/// The heads over the features of causes, in their order: whether a cause is stated, whether it is
/// the primary, and what is urgent.
pub fn questions() -> impl Iterator<Item = String> {
    let stated = Cause::ALL.into_iter().map(|cause| cause.name().to_owned());
    let primary = Cause::ALL.into_iter().map(|cause| format!("primary {}", cause.name()));
    let urgent = Urgency::ALL[..N_URGENT].iter().map(|urgency| format!("urgent {}", urgency.name()));
    stated.chain(primary).chain(urgent)
}

/// Kinds of urgency that are learnt.
const N_URGENT: usize = 4;

/// Characters of a text that are read: a bound on its time. A hundredth of reviews is longer.
const LONGEST: usize = 3000;

/// Words named where no list has one.
const N_WORDS: usize = 3;

/// The margin of a threat for which no list has words.
const UNNAMED: f32 = 0.5;

/// How far stars move the margin, from one star to five. A fiftieth of all stars contradicts its text.
const STARS: [f32; 5] = [4.0, 3.0, 0.5, -3.0, -4.0];

/// The file of models that were learnt, from the files of their weights.
pub fn model_file(languages: &[u8], mood: &[u8], causes: &[u8]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    for part in [languages, mood, causes] {
        file.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        file.extend(part);
    }
    file
}

impl<'a> Model<'a> {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it is none, is cut, or was made for other features.
    pub fn read(file: &'a [u8]) -> Result<Self, BadWeights> {
        let mut rest = file.strip_prefix(MAGIC).ok_or(BadWeights)?;
        let mut part = || {
            let (length, after) = rest.split_first_chunk::<4>().ok_or(BadWeights)?;
            let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| BadWeights)?;
            let (part, after) = after.split_at_checked(length).ok_or(BadWeights)?;
            rest = after;
            Heads::read(part)
        };
        let model = Self { languages: part()?, mood: part()?, causes: part()? };
        let names = model.causes.heads().iter().map(|head| head.name.clone());
        if model.languages.heads().len() != Language::ALL.len()
            || model.mood.heads().len() != 1
            || !names.eq(questions())
        {
            return Err(BadWeights);
        }
        Ok(model)
    }

    /// What names the texts it was learnt from.
    pub fn learnt_from(&self) -> [u8; 32] {
        self.mood.learnt_from()
    }

    /// The language of a text; `None`: it has no letters, or those of a script that none of them uses.
    pub fn language(&self, text: &str) -> Option<Language> {
        tongue::language(text, &self.languages)
    }

    /// What a buyer's text says.
    pub fn understand(&self, text: &str, hints: Hints) -> Understood {
        let text = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end]);
        let is_read = tongue::is_read(text);
        let language = hints.language.or_else(|| self.language(text));
        let sight = Sight::new(text, language.unwrap_or(Language::En));
        // Letters that nobody has learnt say nothing, and no more do figures.
        let n_grams = if is_read { sight.n_grams() } else { Vec::new() };
        let ideas = sight.ideas();
        let mood = self.mood.answers(&sight::joined(n_grams.clone(), ideas.clone(), N_BUCKETS_OF_MOOD));
        let said = self.causes.answers(&sight::joined(n_grams, ideas, N_BUCKETS_OF_CAUSES));
        let of_stars = hints.stars.and_then(|stars| STARS.get(usize::from(stars).checked_sub(1)?));
        let says_something = is_read || !sight.hits().is_empty();
        let of_text = mood.first().copied().filter(|_| says_something).unwrap_or_default();
        let margin = of_text + of_stars.unwrap_or(&0.0);
        let negative = margin > 0.0 || hints.returned_for.is_some();
        let urgency = urgency(&said, &sight);
        let mut causes = causes(&said, urgency);
        if let Some(cause) = hints.returned_for {
            causes.retain(|other| *other != cause);
            causes.insert(0, cause);
        }
        if causes.is_empty() && negative {
            causes.extend(if is_read { likeliest(&said) } else { Some(Cause::Other) });
        }
        let words = if says_something { self.words(&sight, negative, &causes, urgency) } else { Vec::new() };
        let margin = if negative { margin.max(0.0) } else { margin };
        Understood { language, negative, score: 1.0 / (1.0 + (-margin).exp()), causes, urgency, words }
    }

    /// The words that decided: those of the lists for what was said, else the weightiest.
    fn words(&self, sight: &Sight, negative: bool, causes: &[Cause], urgency: Urgency) -> Vec<Span> {
        let place = |(from, to): (usize, usize)| Span {
            start: sight.tokens()[from].start,
            end: sight.tokens()[to - 1].end,
        };
        let is_why = |concept: Concept| {
            let of_cause = concept.cause().is_some_and(|cause| causes.contains(&cause));
            let of_urgency = concept.urgency().is_some_and(|other| other == urgency);
            of_cause || of_urgency || (!negative && concept.leaning() > 0)
        };
        let why = |hits: &dyn Fn(Concept) -> bool| -> Vec<(usize, usize)> {
            let there = sight.hits().iter().filter(|hit| !hit.is_denied && hits(hit.concept));
            there.map(|hit| hit.words).collect()
        };
        let mut found = why(&is_why);
        if found.is_empty() && negative {
            found = why(&|concept| concept.leaning() < 0);
        }
        if found.is_empty() {
            found = self.weightiest(sight, negative);
        }
        merged(found).into_iter().map(place).collect()
    }

    /// The words that, each alone, speak most for what was decided.
    fn weightiest(&self, sight: &Sight, negative: bool) -> Vec<(usize, usize)> {
        let bias = self.mood.heads().first().map_or(0.0, |head| head.bias);
        let alone = |at: usize| {
            let mut bag = Bag::of_size(N_BUCKETS_OF_MOOD);
            sight::put(&mut bag, &sight.tokens()[at]);
            let says = self.mood.answers(&bag.weights()).first().map_or(0.0, |answer| answer - bias);
            if negative { says } else { -says }
        };
        let mut all: Vec<(f32, usize)> = (0..sight.tokens().len()).map(|at| (alone(at), at)).collect();
        all.retain(|(says, _)| *says > 0.0);
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.into_iter().take(N_WORDS).map(|(_, at)| (at, at + 1)).collect()
    }
}

/// The most urgent kind that is said. A threat for which no list has words must be the surer: that
/// somebody paid with a card is none.
fn urgency(said: &[f32], sight: &Sight) -> Urgency {
    let urgent = said.iter().skip(2 * Cause::ALL.len());
    let is_named = |urgency: Urgency| {
        let mut meant = sight.hits().iter().filter(|hit| !hit.is_denied);
        urgency == Urgency::Safety || meant.any(|hit| hit.concept.urgency() == Some(urgency))
    };
    let is_said = |urgency: Urgency, answer: f32| answer > if is_named(urgency) { 0.0 } else { UNNAMED };
    let found = Urgency::ALL.into_iter().zip(urgent).find(|(urgency, answer)| is_said(*urgency, **answer));
    found.map_or(Urgency::None, |(urgency, _)| urgency)
}

/// The causes that are stated, the primary first.
fn causes(said: &[f32], urgency: Urgency) -> Vec<Cause> {
    let (stated, primary) = said.split_at(Cause::ALL.len());
    let is_stated = |cause: &Cause| {
        stated[*cause as usize] > 0.0 || (*cause == Cause::Safety && urgency == Urgency::Safety)
    };
    let mut causes: Vec<Cause> = Cause::ALL.into_iter().filter(is_stated).collect();
    causes.retain(|cause| *cause != Cause::Other);
    causes.sort_by(|a, b| primary[*b as usize].total_cmp(&primary[*a as usize]));
    causes
}

/// The likeliest primary cause, where none is stated for sure.
fn likeliest(said: &[f32]) -> Option<Cause> {
    let primary = said.iter().skip(Cause::ALL.len());
    let all = Cause::ALL.into_iter().zip(primary);
    all.max_by(|a, b| a.1.total_cmp(b.1)).map(|(cause, _)| cause)
}

/// Spans in order, those that touch or overlap as one.
fn merged(mut spans: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    spans.sort_unstable();
    let mut all: Vec<(usize, usize)> = Vec::new();
    for span in spans {
        match all.last_mut() {
            Some(last) if span.0 <= last.1 => last.1 = last.1.max(span.1),
            _ => all.push(span),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{N_BUCKETS_OF_LETTERS, N_IDEAS, file};

    fn weights(names: impl Iterator<Item = String>, n: u32) -> Vec<u8> {
        let heads: Vec<_> = names.map(|name| (name, -1.0, vec![0.0; n as usize])).collect();
        file(&heads, [7; 32])
    }

    fn empty_model() -> Vec<u8> {
        let languages = Language::ALL.iter().map(|language| language.code().to_owned());
        model_file(
            &weights(languages, N_BUCKETS_OF_LETTERS),
            &weights(["unhappy".to_owned()].into_iter(), N_BUCKETS_OF_MOOD + N_IDEAS),
            &weights(questions(), N_BUCKETS_OF_CAUSES + N_IDEAS),
        )
    }

    #[test]
    fn a_model_is_read_and_a_cut_one_refused() {
        let file = empty_model();
        assert_eq!(Model::read(&file).expect("a model").learnt_from(), [7; 32]);
        for cut in [0, 3, 4, 7, 100, file.len() - 1] {
            assert!(Model::read(&file[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn stars_decide_where_a_text_says_nothing() {
        let file = empty_model();
        let model = Model::read(&file).expect("a model");
        let read = |stars| model.understand("Hello", Hints { stars, ..Hints::default() });
        assert!(!read(None).negative && !read(Some(5)).negative);
        let bad = read(Some(1));
        assert!(bad.negative && bad.causes.len() == 1, "an unhappy buyer has one cause at least");
        assert_eq!(bad.urgency, Urgency::None);
    }

    #[test]
    fn what_is_in_no_language_says_nothing_and_what_is_known_beside_it_decides() {
        let file = empty_model();
        let model = Model::read(&file).expect("a model");
        for text in ["Сломалось сразу", "5/5", "..."] {
            let read = |stars| model.understand(text, Hints { stars, ..Hints::default() });
            let said = read(None);
            assert!(said.language.is_none() && !said.negative && said.causes.is_empty(), "{text}");
            assert!(said.words.is_empty(), "{text}");
            assert!((said.score - 0.5).abs() < 1e-6, "{text}");
            assert_eq!((read(Some(1)).negative, read(Some(1)).causes), (true, vec![Cause::Other]), "{text}");
        }
    }

    #[test]
    fn the_reason_of_a_return_decides() {
        let file = empty_model();
        let model = Model::read(&file).expect("a model");
        let hints = Hints { returned_for: Some(Cause::SizeFit), ..Hints::default() };
        let said = model.understand("", hints);
        assert!(said.negative && said.score >= 0.5);
        assert_eq!(said.primary(), Some(Cause::SizeFit));
    }

    #[test]
    fn stars_that_are_none_are_no_hint() {
        let file = empty_model();
        let model = Model::read(&file).expect("a model");
        for stars in [Some(0), Some(6), None] {
            assert!(!model.understand("", Hints { stars, ..Hints::default() }).negative, "{stars:?}");
        }
    }
}
