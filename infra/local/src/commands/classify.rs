//! `renown classify`: what buyers' texts say.

use std::path::{Path, PathBuf};

use clap::Args;
use renown_core::say::Text;
use renown_core::text;
use renown_core::text::{Cause, Hints, Understood, UnknownLanguage, Urgency, cause_of_return};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::told::Trouble;

/// Understand what buyers write: language, unhappy or not, why, and what cannot wait.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown classify feedback.txt\n  renown classify texts.jsonl --json\n  echo 'Arrived broken, nobody answers' | renown classify\n\nA line is a text, or an object {id, text, lang?, stars?, reason?}; reason is Amazon's of a return.\nA line that could not be read is answered with what is wrong with it; the exit code is then 1.\nPlaces are counted in characters."
)]
pub struct ClassifyArgs {
    /// The texts, one a line: a file, or - for the standard input.
    #[arg(value_name = "FILE", default_value = "-", hide_default_value = true)]
    file: PathBuf,
}

/// An object of a line.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: String,
    lang: Option<String>,
    stars: Option<f64>,
    reason: Option<String>,
}

/// A line that was read, or what is wrong with it.
type Answer = Result<(Value, String, Understood), (Value, Text)>;

/// Runs `renown classify`.
///
/// # Errors
///
/// If the file cannot be read, or a line of it.
pub fn run(desk: &mut Desk<'_>, args: &ClassifyArgs) -> anyhow::Result<()> {
    let texts = read(desk, &args.file)?;
    let mut n_bad = 0;
    for (number, said) in (1..).zip(texts.lines()).filter(|(_, said)| !said.trim().is_empty()) {
        let answer = understood(said);
        n_bad += usize::from(answer.is_err());
        if desk.style.json {
            let object = object(desk, number, &answer);
            writeln!(desk.out, "{object}")?;
        } else {
            say(desk, number, &answer)?;
        }
    }
    if n_bad > 0 {
        return Err(Trouble::answered(text!(
            "{n_bad} lines are no object {{id, text, lang?, stars?, reason?}}; the others are answered",
            "有 {n_bad} 行不是 {{id, text, lang?, stars?, reason?}} 对象;其余各行均已回答"
        ))
        .into());
    }
    Ok(())
}

fn read(desk: &mut Desk<'_>, file: &Path) -> anyhow::Result<String> {
    let bytes = desk.read(file)?;
    // One text in another charset must not keep the others from being answered.
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

/// What a line says: an object, or else a text.
fn understood(said: &str) -> Answer {
    let line = if said.trim_start().starts_with('{') {
        serde_json::from_str(said).map_err(|error| {
            let id = serde_json::from_str::<Value>(said).ok().and_then(|value| value.get("id").cloned());
            let column = error.column();
            let why =
                text!("it is no object with a text: {error}", "不是含有 text 的对象(第 {column} 列附近)");
            (id.unwrap_or(Value::Null), why)
        })?
    } else {
        Line { id: Value::Null, text: said.to_owned(), lang: None, stars: None, reason: None }
    };
    let wrong = |error: Text| (line.id.clone(), error);
    let lang = line.lang.as_deref().map(str::parse).transpose();
    let hints = Hints {
        language: lang.map_err(|error: UnknownLanguage| wrong(unknown(&error, &line)))?,
        stars: line.stars.map(stars).transpose().map_err(wrong)?,
        returned_for: line.reason.as_deref().and_then(cause_of_return),
    };
    let understood = renown_words::model().understand(&line.text, hints);
    Ok((line.id, line.text, understood))
}

/// What is said of a language that is not read.
fn unknown(error: &UnknownLanguage, line: &Line) -> Text {
    let code = line.lang.as_deref().unwrap_or_default();
    text!("{error}", "lang 为 {code:?},不是可读的语言")
}

/// Stars from 1 to 5; some shops give halves.
fn stars(stars: f64) -> Result<u8, Text> {
    [1, 2, 3, 4, 5]
        .into_iter()
        .find(|whole| (stars - f64::from(*whole)).abs() <= 0.5)
        .ok_or_else(|| text!("{stars} is no number of stars from 1 to 5", "stars 为 {stars},应为 1 到 5"))
}

/// What a program is told of a line.
fn object(desk: &Desk<'_>, number: usize, answer: &Answer) -> Value {
    let (id, text, said) = match answer {
        Ok(answer) => answer,
        Err((id, error)) => return json!({"id": id, "line": number, "error": desk.style.say(error)}),
    };
    let characters: Vec<char> = text.chars().collect();
    let words = said.words.iter().map(|span| {
        let word: String = characters.get(span.start..span.end).unwrap_or_default().iter().collect();
        json!({"start": span.start, "end": span.end, "text": word})
    });
    let labels: Vec<&str> = said.causes.iter().map(|cause| cause.name()).collect();
    json!({
        "id": id,
        "lang": said.language.code(),
        "negative": said.negative,
        "score": (f64::from(said.score) * 1000.0).round() / 1000.0,
        "primary": said.primary().map(Cause::name),
        "labels": labels,
        "urgency": said.urgency.name(),
        "words": words.collect::<Vec<_>>(),
    })
}

/// What a person is told of a line.
fn say(desk: &mut Desk<'_>, number: usize, answer: &Answer) -> anyhow::Result<()> {
    let (_, text, said) = match answer {
        Ok(answer) => answer,
        Err((_, Text { en, zh })) => return desk.say(&text!("{number}  ! {en}", "{number}  ! {zh}")),
    };
    let characters: Vec<char> = text.chars().collect();
    let word = |span: &renown_core::text::Span| -> String {
        characters.get(span.start..span.end).unwrap_or_default().iter().collect()
    };
    let words = said.words.iter().map(word).collect::<Vec<_>>().join(" … ");
    let (mood_en, mood_zh) = if said.negative { ("unhappy", "不满") } else { ("content", "满意") };
    let causes: Vec<_> = said.causes.iter().map(|cause| cause.text()).collect();
    let all = |of: &dyn Fn(&Text) -> String, comma: &str| {
        let all: Vec<String> = causes.iter().map(of).collect();
        if all.is_empty() { String::new() } else { format!("  {}", all.join(comma)) }
    };
    let (en, zh) = (all(&|text| text.en.clone(), ", "), all(&|text| text.zh.clone(), "、"));
    let urgency = said.urgency.text();
    let urgent =
        |text: &str| if said.urgency == Urgency::None { String::new() } else { format!("  ! {text}") };
    let (urgent_en, urgent_zh) = (urgent(&urgency.en), urgent(&urgency.zh));
    let language = said.language;
    let quoted = if words.is_empty() { String::new() } else { format!("  \"{words}\"") };
    desk.say(&text!(
        "{number}  {language}  {mood_en}{en}{urgent_en}{quoted}",
        "{number}  {language}  {mood_zh}{zh}{urgent_zh}{quoted}"
    ))
}
