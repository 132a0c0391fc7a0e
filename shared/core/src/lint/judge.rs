//! Rules applied to a text.

use std::ops::Range;

use super::concept::Concept;
use super::fold::{Folded, Kind, Token};
use super::lexicon::Lexicon;
use super::pattern::Span;
use super::reading::{Reading, sentences};
use super::rule::{LooksFor, Meeting, Rule, Severity};
use super::{Author, Channel, Finding, Options, RULES, Report, contacts, language, learnt, whole};
use crate::language::Language;

/// A place in a text, in characters.
pub(super) type Place = (usize, usize);

/// Applies every rule that counts.
pub(super) fn judge(text: &str, options: &Options) -> Report {
    let folded = Folded::new(text);
    let tokens = folded.tokens();
    let language = options.language.unwrap_or_else(|| language::of_tokens(text, &tokens));
    let readings: Vec<Reading<'_>> =
        read_as(language, &tokens).map(|language| Reading::new(&tokens, Lexicon::of(language))).collect();
    let sentences = sentences(&tokens);
    let contacts = contacts::find(text, &folded);
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.counts(options.channel, options.region, options.on)) {
        let mut severity = rule.severity;
        let places: Vec<Place> = match &rule.looks_for {
            LooksFor::Words(meetings) => {
                let spans = readings.iter().flat_map(|reading| {
                    meetings.iter().flat_map(|meeting| meets(meeting, reading, &sentences))
                });
                spans.map(|span| place(&tokens, span)).collect()
            }
            LooksFor::Contact(what) => {
                contacts.iter().filter(|contact| contact.what == *what).map(|contact| contact.place).collect()
            }
            LooksFor::Lack(lack) => {
                let Some(certainty) = whole::certainty(text, options.extent) else { continue };
                severity = severity.min(certainty);
                if lack.is_in(text, &readings) { Vec::new() } else { vec![(0, 0)] }
            }
            LooksFor::UnreadMachine if options.author == Author::UnreadMachine => {
                vec![(0, text.chars().count())]
            }
            LooksFor::UnreadMachine => Vec::new(),
        };
        findings.extend(apart(places).into_iter().map(|place| finding(rule, severity, text, place)));
    }
    let is_amazon = options.channel == Channel::Amazon;
    for suspect in learnt::suspects(&tokens, &readings[0], &sentences, is_amazon) {
        let Some(rule) = RULES.iter().find(|rule| rule.id == suspect.rule) else { continue };
        let (start, end) = place(&tokens, suspect.words);
        let is_known =
            |known: &Finding| known.rule.kind == rule.kind && known.start < end && start < known.end;
        if rule.counts(options.channel, options.region, options.on) && !findings.iter().any(is_known) {
            findings.push(finding(rule, rule.severity, text, (start, end)));
        }
    }
    findings.sort_by_key(|finding: &Finding| (finding.start, finding.end));
    Report { language, findings }
}

/// The languages whose words are looked for: that of the text first, then the others of its
/// script, and English in any.
fn read_as(language: Language, tokens: &[Token]) -> impl Iterator<Item = Language> {
    let has = |kind| tokens.iter().any(|token| token.kind == kind);
    let (latin, characters) = (has(Kind::Word), has(Kind::Character));
    let others = Language::ALL.into_iter().filter(move |other| match other {
        Language::Ja | Language::Zh => characters,
        Language::En | Language::De | Language::Fr | Language::Es | Language::It => latin,
    });
    std::iter::once(language).chain(others.filter(move |other| *other != language))
}

/// Where concepts meet that must not.
fn meets(meeting: &Meeting, reading: &Reading<'_>, sentences: &[Range<usize>]) -> Vec<Span> {
    let all = |concepts: &[Concept], sentence: &Range<usize>| {
        let spans: Option<Vec<Span>> =
            concepts.iter().map(|concept| reading.within(*concept, sentence)).collect();
        spans
    };
    let mut found = Vec::new();
    for (at, sentence) in sentences.iter().enumerate() {
        let Some(mut spans) = all(meeting.here, sentence) else { continue };
        if meeting.unless.iter().any(|concept| reading.within(*concept, sentence).is_some()) {
            continue;
        }
        if !meeting.beside.is_empty() {
            let neighbours = [at.checked_sub(1), at.checked_add(1)].into_iter().flatten();
            let mut neighbours = neighbours.filter_map(|at| sentences.get(at));
            let Some(beside) = neighbours.find_map(|sentence| all(meeting.beside, sentence)) else {
                continue;
            };
            spans.extend(beside);
        }
        let (start, end) = (spans.iter().map(|span| span.0).min(), spans.iter().map(|span| span.1).max());
        found.extend(start.zip(end).map(|(start, end)| (start, whole_word(reading, end))));
    }
    found
}

/// Words of what stands for a concept at most that a finding is not cut through.
const WHOLE: usize = 6;

/// The end of a finding behind what it would be cut through.
fn whole_word(reading: &Reading<'_>, end: usize) -> usize {
    let names = [Concept::Review, Concept::Benefit, Concept::Reward, Concept::Favour, Concept::Proof];
    let spans = names.iter().flat_map(|concept| reading.meant(*concept));
    let cut = spans.filter(|span| span.0 < end && end < span.1 && span.1 - span.0 <= WHOLE);
    cut.map(|span| span.1).max().unwrap_or(end)
}

/// The place of words in the text.
fn place(tokens: &[Token], (from, to): Span) -> Place {
    let words = tokens.get(from..to).unwrap_or_default();
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return (0, 0) };
    (first.start, last.end)
}

/// Places of one rule that overlap are one place.
fn apart(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_unstable();
    let mut all: Vec<Place> = Vec::new();
    for place in places {
        match all.last_mut() {
            Some(last) if place.0 < last.1 || place == *last => last.1 = last.1.max(place.1),
            _ => all.push(place),
        }
    }
    all
}

fn finding(rule: &'static Rule, severity: Severity, text: &str, (start, end): Place) -> Finding {
    let extract = text.chars().skip(start).take(end - start).collect();
    Finding { rule, severity, start, end, text: extract }
}
