//! What the word lists say on their own: what the models are measured against.

use super::cause::Cause;
use super::language::Language;
use super::sight::{Hit, Sight};
use super::tongue::of_script;
use super::understood::Understood;
use super::urgency::Urgency;

/// Reads a text with the word lists alone, in the language in which they find most.
pub fn keywords(text: &str) -> Understood {
    let languages: Vec<Language> = match of_script(text) {
        Some(language) => vec![language],
        None => Language::ALL[..9].to_vec(),
    };
    let sights = languages.iter().map(|language| (*language, Sight::new(text, *language)));
    let (language, sight) = sights
        .max_by_key(|(_, sight)| sight.hits().len())
        .unwrap_or_else(|| (Language::En, Sight::new(text, Language::En)));
    let leaning = |hit: &Hit| i32::from(hit.concept.leaning()) * if hit.is_denied { -1 } else { 1 };
    let negative = sight.hits().iter().map(leaning).sum::<i32>() < 0;
    let meant = || sight.hits().iter().filter(|hit| !hit.is_denied);
    let mut causes: Vec<Cause> = Vec::new();
    for cause in meant().filter_map(|hit| hit.concept.cause()) {
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    if causes.is_empty() && negative {
        causes.push(Cause::Other);
    }
    let urgency = meant().filter_map(|hit| hit.concept.urgency()).min().unwrap_or(Urgency::None);
    let score = if negative { 1.0 } else { 0.0 };
    Understood { language: Some(language), negative, score, causes, urgency, words: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_alone_say_something() {
        let said = keywords("It arrived broken and nobody answers. I want a refund.");
        assert!(said.negative && said.language == Some(Language::En));
        assert!(said.causes.contains(&Cause::RefundReturn), "{:?}", said.causes);
        assert!(!keywords("Great, works perfectly").negative);
    }
}
