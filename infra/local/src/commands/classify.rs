//! `renown classify`: what buyers' texts say.

use std::path::{Path, PathBuf};

use clap::Args;
use renown_core::say::Text;
use renown_core::text;
use renown_core::text::{Cause, Hints, Language, Understood, Urgency, cause_of_return};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::charset::text_of;
use crate::desk::Desk;
use crate::refuse;
use crate::told::Trouble;

/// Understand what buyers write: language, unhappy or not, why, and what cannot wait.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown classify feedback.txt\n  renown classify texts.jsonl --json\n  echo 'Arrived broken, nobody answers' | renown classify\n\nA line is a text, or an object {id, text, lang?, stars?, reason?}; reason is Amazon's of a return.\nThe file is UTF-8, UTF-16, GB18030, Big5, Shift_JIS or Windows-1252: which, is seen from its letters.\nA text without letters, or in a script of none of the eleven languages, has no lang.\nA line that could not be read is answered with what is wrong with it; the exit code is then 1.\nPlaces are counted in characters."
)]
pub struct ClassifyArgs {
    /// The texts, one a line: a file, or - for the standard input.
    #[arg(value_name = "FILE", default_value = "-", hide_default_value = true)]
    file: PathBuf,
}

/// What a line asks.
#[derive(Debug, Default)]
struct Line {
    id: Value,
    text: String,
    lang: Option<Language>,
    stars: Option<u8>,
    reason: Option<String>,
}

/// A line that was read, or what is wrong with it, with its id if it has one.
type Answer = Result<(Line, Understood), (Value, Text)>;

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
            "{n_bad} lines could not be read; the others are answered",
            "有 {n_bad} 行无法读取;其余各行均已回答"
        ))
        .into());
    }
    Ok(())
}

fn read(desk: &mut Desk<'_>, file: &Path) -> anyhow::Result<String> {
    let bytes = desk.read(file)?;
    let shown = file.display();
    let Some((text, _)) = text_of(&bytes) else {
        refuse!(
            "{shown} is no text: save what is in it as text, one a line, in UTF-8",
            "{shown} 不是文本:请将内容另存为 UTF-8 文本,每行一条"
        );
    };
    if is_spread(&text) {
        refuse!(
            "{shown} is JSON that is spread over several lines: write each object on one line, as `jq -c` does (`jq -c '.[]'` for a list)",
            "{shown} 是跨多行的 JSON:请每行写一个对象,例如用 `jq -c`(列表用 `jq -c '.[]'`)"
        );
    }
    Ok(text)
}

/// Whether a text is JSON whose objects go over several lines.
fn is_spread(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_whole = |text: &str| {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
        values.all(|value| value.is_ok())
    };
    first.trim_start().starts_with(['{', '[']) && !is_whole(first) && is_whole(text)
}

/// What a line says: an object, or else a text.
fn understood(said: &str) -> Answer {
    let line = match (said.trim_start().chars().next(), serde_json::from_str(said)) {
        (_, Ok(Value::Object(fields))) => {
            let id = fields.get("id").cloned().unwrap_or_default();
            asked(&fields).map_err(|wrong| (id.clone(), wrong)).map(|line| Line { id, ..line })?
        }
        (_, Ok(Value::String(text))) => Line { text, ..Line::default() },
        (Some('{'), Err(error)) => {
            let column = error.column();
            let wrong = text!(
                "it begins as an object and is no JSON from column {column} on: correct it there",
                "以对象开头,但从第 {column} 列起不是 JSON:请改正"
            );
            return Err((Value::Null, wrong));
        }
        (_, Ok(Value::Array(_))) => {
            let wrong = text!("it is a list: write an object a line", "这是列表:请每行写一个对象");
            return Err((Value::Null, wrong));
        }
        _ => Line { text: said.to_owned(), ..Line::default() },
    };
    let returned_for = line.reason.as_deref().and_then(cause_of_return);
    let hints = Hints { language: line.lang, stars: line.stars, returned_for };
    let understood = renown_words::model().understand(&line.text, hints);
    Ok((line, understood))
}

/// The fields of an object; others are let be, since a row of data may have more.
fn asked(fields: &serde_json::Map<String, Value>) -> Result<Line, Text> {
    let field = |name: &str| fields.get(name).filter(|value| !value.is_null());
    let string = |name: &str| match field(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(text!("its {name} is no text between quotes", "{name} 不是带引号的文本")),
    };
    let Some(text) = string("text")? else {
        return Err(text!(
            "it has no text: write one as \"text\": \"…\"",
            "没有 text:请写成 \"text\": \"…\""
        ));
    };
    let lang = string("lang")?.map(|code| {
        let codes = Language::ALL.map(Language::code).join(", ");
        code.parse().map_err(|_| {
            text!(
                "its lang {code:?} is not understood: write one of {codes}, or leave it out",
                "lang 为 {code:?},无法识别:请写 {codes} 之一,或省略"
            )
        })
    });
    let stars = field("stars").map(|stars| {
        let number = stars.as_f64().or_else(|| stars.as_str()?.trim().parse().ok());
        number.and_then(whole_stars).ok_or_else(|| {
            text!(
                "its stars are {stars}: write a number from 1 to 5, or leave them out",
                "stars 为 {stars}:请写 1 到 5,或省略"
            )
        })
    });
    let reason = string("reason")?;
    Ok(Line { id: Value::Null, text, lang: lang.transpose()?, stars: stars.transpose()?, reason })
}

/// Stars from 1 to 5; some shops give halves.
fn whole_stars(stars: f64) -> Option<u8> {
    [1, 2, 3, 4, 5].into_iter().find(|whole| (stars - f64::from(*whole)).abs() <= 0.5)
}

/// What is said of a reason that is none of Amazon's.
fn unknown_reason(line: &Line) -> Option<Text> {
    let reason = line.reason.as_deref().filter(|reason| cause_of_return(reason).is_none())?;
    Some(text!(
        "its reason {reason:?} is none of Amazon's that is known: the words decided",
        "退货原因 {reason:?} 不是已知的亚马逊原因代码:按文字判断"
    ))
}

/// What a program is told of a line.
fn object(desk: &Desk<'_>, number: usize, answer: &Answer) -> Value {
    let (line, said) = match answer {
        Ok(answer) => answer,
        Err((id, error)) => return json!({"id": id, "line": number, "error": desk.style.say(error)}),
    };
    let characters: Vec<char> = line.text.chars().collect();
    let words = said.words.iter().map(|span| {
        let word: String = characters.get(span.start..span.end).unwrap_or_default().iter().collect();
        json!({"start": span.start, "end": span.end, "text": word})
    });
    let labels: Vec<&str> = said.causes.iter().map(|cause| cause.name()).collect();
    let mut object = json!({
        "id": line.id,
        "line": number,
        "lang": said.language.map(Language::code),
        "negative": said.negative,
        "score": (f64::from(said.score) * 1000.0).round() / 1000.0,
        "primary": said.primary().map(Cause::name),
        "labels": labels,
        "urgency": said.urgency.name(),
        "words": words.collect::<Vec<_>>(),
    });
    if let Some(note) = unknown_reason(line) {
        object["note"] = json!(desk.style.say(&note));
    }
    object
}

/// What a person is told of a line.
fn say(desk: &mut Desk<'_>, number: usize, answer: &Answer) -> anyhow::Result<()> {
    let (line, said) = match answer {
        Ok(answer) => answer,
        Err((_, Text { en, zh })) => return desk.say(&text!("{number}  ! {en}", "{number}  ! {zh}")),
    };
    let characters: Vec<char> = line.text.chars().collect();
    let word = |span: &renown_core::text::Span| -> String {
        characters.get(span.start..span.end).unwrap_or_default().iter().collect()
    };
    let words = said.words.iter().map(word).collect::<Vec<_>>().join(" … ");
    let (mood_en, mood_zh) = match said.negative {
        true => ("unhappy", "不满"),
        false if said.language.is_none() && said.words.is_empty() => ("not understood", "无法判断"),
        false => ("content", "满意"),
    };
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
    let language = said.language.map_or("--", Language::code);
    let quoted = if words.is_empty() { String::new() } else { format!("  \"{words}\"") };
    desk.say(&text!(
        "{number}  {language}  {mood_en}{en}{urgent_en}{quoted}",
        "{number}  {language}  {mood_zh}{zh}{urgent_zh}{quoted}"
    ))?;
    match unknown_reason(line) {
        Some(Text { en, zh }) => desk.say(&text!("   ! {en}", "   ! {zh}")),
        None => Ok(()),
    }
}
