//! `renown lint`: what must not stand in a text for a buyer.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use renown_core::lint::{
    self, Author, Channel, Extent, Finding, Language, Options, Region, Report, Severity,
};
use renown_core::say::Lang;
use renown_core::text;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::told::Trouble;

/// Check a text for buyers against Amazon's policies and the law: place, rule, why, what to
/// write instead.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(
    after_help = "Examples:\n  renown lint mail.txt\n  renown lint - --lang de --channel shop --region DE\n  renown lint texts.jsonl --jsonl\n  renown lint --phrases --lang fr\n\nThe exit code is 1 when something must not be sent, and 0 when there is nothing, or only warnings.\nWith --jsonl it is also 1 when a line could not be read. Places are counted in characters."
)]
pub struct LintArgs {
    /// The text: a file, or - for the standard input.
    #[arg(value_name = "FILE", required_unless_present = "phrases")]
    file: Option<PathBuf>,
    /// Language of the text: en, de, fr, es, it, ja or zh [default: found out]
    #[arg(long, value_name = "LANG")]
    lang: Option<Language>,
    /// Language of the answer: en or zh [default: that of renown.toml, else of the environment]
    #[arg(long = "in", value_name = "LANG")]
    answer_in: Option<Lang>,
    /// Where the text goes: amazon (messages to buyers) or shop (customers of your own shop)
    #[arg(long, value_name = "CHANNEL", default_value = "amazon", hide_default_value = true)]
    channel: Channel,
    /// The country whose law counts, such as DE [default: none]
    #[arg(long, value_name = "CC", value_parser = country)]
    region: Option<Region>,
    /// The text is a whole mail: what the law asks of one must be in it.
    #[arg(long)]
    whole: bool,
    /// A machine wrote the text, and nobody has read it.
    #[arg(long)]
    machine: bool,
    /// The file has an object {id, text, lang?, channel?} a line; each is answered with a line.
    #[arg(long)]
    jsonl: bool,
    /// Print neutral wordings instead.
    #[arg(long, conflicts_with_all = ["file", "jsonl"])]
    phrases: bool,
}

/// A line of `--jsonl`.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: String,
    lang: Option<String>,
    channel: Option<String>,
}

impl LintArgs {
    /// The language of the answer, if it is named: `--lang` is that of the text here.
    pub fn answer_in(&self) -> Option<Lang> {
        self.answer_in
    }

    fn options(&self, on: Date) -> Options {
        Options {
            language: self.lang,
            region: self.region,
            extent: if self.whole { Extent::Whole } else { Extent::Unknown },
            author: if self.machine { Author::UnreadMachine } else { Author::Person },
            ..Options::new(self.channel, on)
        }
    }
}

/// Every country there is. Source: ISO 3166-1 alpha-2.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// A country whose law may count.
fn country(text: &str) -> Result<Region, String> {
    let region: Region = text.parse().map_err(|error: lint::UnknownRegion| error.to_string())?;
    if COUNTRIES.split(' ').any(|country| country == region.code()) {
        return Ok(region);
    }
    let hint = if region.code() == "UK" { "; the United Kingdom is GB" } else { "" };
    Err(format!(
        "`{text}` is no country: write its two letters after ISO 3166-1, such as DE, FR, GB or US{hint}"
    ))
}

/// Runs `renown lint`.
///
/// # Errors
///
/// If the file cannot be read, something must not be sent, or a line is no object of a text.
pub fn run(desk: &mut Desk<'_>, args: &LintArgs) -> anyhow::Result<()> {
    let on = renown_io::clock::Clock::system().now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let options = args.options(on);
    let Some(file) = &args.file else { return phrases(desk, args.lang) };
    let text = read(desk, file)?;
    if args.jsonl {
        return lines(desk, &text, &options);
    }
    let report = lint::lint(&text, &options);
    desk.json(&answer(&report, desk.style.lang))?;
    say(desk, &text, &report)?;
    if report.forbids() { Err(forbidden().into()) } else { Ok(()) }
}

fn read(desk: &mut Desk<'_>, file: &Path) -> anyhow::Result<String> {
    let shown = file.display();
    let text = String::from_utf8(desk.read(file)?).map_err(|_| {
        Trouble::new(text!(
            "{shown} is not UTF-8: save it as UTF-8",
            "{shown} 不是 UTF-8 文本:请另存为 UTF-8"
        ))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(ToOwned::to_owned).unwrap_or(text))
}

fn forbidden() -> Trouble {
    Trouble::answered(text!("this must not be sent", "此文本不得发送"))
}

/// What a program is told of a text.
fn answer(report: &Report, lang: Lang) -> Value {
    let findings = report.findings.iter().map(|finding| {
        let rule = finding.rule;
        json!({"rule": rule.id, "severity": finding.severity.code(), "start": finding.start, "end": finding.end,
            "text": finding.text, "why": rule.why.in_lang(lang), "fix": rule.fix.in_lang(lang),
            "source": rule.source})
    });
    json!({"lang": report.language.code(), "findings": findings.collect::<Vec<_>>()})
}

/// What a person is told.
fn say(desk: &mut Desk<'_>, text: &str, report: &Report) -> anyhow::Result<()> {
    let language = report.language;
    if report.findings.is_empty() {
        return desk.say(&text!("{language}: nothing found", "{language}:未发现问题"));
    }
    for finding in &report.findings {
        let (line, column) = place(text, finding);
        let (id, source) = (finding.rule.id, finding.rule.source);
        let (severity_en, severity_zh) = match finding.severity {
            Severity::Forbid => ("forbidden", "禁止"),
            Severity::Warn => ("warning", "警告"),
        };
        let found = finding.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (why, fix) = (finding.rule.why, finding.rule.fix);
        let (why_en, fix_en, why_zh, fix_zh) = (why.en, fix.en, why.zh, fix.zh);
        desk.say(&text!(
            "{line}:{column}  {severity_en}  {id}  \"{found}\"\n  why:    {why_en}\n  fix:    {fix_en}\n  source: {source}",
            "{line}:{column}  {severity_zh}  {id}  “{found}”\n  原因:{why_zh}\n  改为:{fix_zh}\n  依据:{source}"
        ))?;
    }
    Ok(())
}

/// Line and column of a finding, both from 1, in characters.
fn place(text: &str, finding: &Finding) -> (usize, usize) {
    let before: Vec<char> = text.chars().take(finding.start).collect();
    let line = before.iter().filter(|c| **c == '\n').count() + 1;
    let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
    (line, column)
}

/// Answers each line with a line. One that is no object of a text is answered with its number
/// and what is wrong; the others are answered all the same.
fn lines(desk: &mut Desk<'_>, text: &str, options: &Options) -> anyhow::Result<()> {
    let (mut forbids, mut n_bad) = (false, 0);
    for (number, said) in (1..).zip(text.lines()).filter(|(_, said)| !said.trim().is_empty()) {
        let answered = match judged(said, options) {
            Ok((id, report)) => {
                forbids |= report.forbids();
                let mut answered = answer(&report, desk.style.lang);
                answered["id"] = id;
                answered
            }
            Err((id, error)) => {
                n_bad += 1;
                json!({"id": id, "line": number, "error": error})
            }
        };
        writeln!(desk.out, "{answered}")?;
    }
    if n_bad > 0 {
        return Err(Trouble::answered(text!(
            "{n_bad} lines are no object {{id, text, lang?, channel?}}; the others are answered",
            "有 {n_bad} 行不是 {{id, text, lang?, channel?}} 对象;其余各行均已检查"
        ))
        .into());
    }
    if forbids {
        Err(Trouble::answered(text!("some of these must not be sent", "其中有文本不得发送")).into())
    } else {
        Ok(())
    }
}

/// A line's id with its report, or with what is wrong.
fn judged(said: &str, options: &Options) -> Result<(Value, Report), (Value, String)> {
    let line: Line = serde_json::from_str(said).map_err(|error| {
        let id = serde_json::from_str::<Value>(said).ok().and_then(|value| value.get("id").cloned());
        (id.unwrap_or(Value::Null), error.to_string())
    })?;
    let wrong = |error: String| (line.id.clone(), error);
    let mut options = *options;
    if let Some(lang) = &line.lang {
        options.language =
            Some(lang.parse().map_err(|error: lint::UnknownLanguage| wrong(error.to_string()))?);
    }
    if let Some(channel) = &line.channel {
        options.channel = channel.parse().map_err(|error: lint::UnknownChannel| wrong(error.to_string()))?;
    }
    Ok((line.id.clone(), lint::lint(&line.text, &options)))
}

/// Prints neutral wordings, of one language or of all.
fn phrases(desk: &mut Desk<'_>, language: Option<Language>) -> anyhow::Result<()> {
    let languages =
        Language::ALL.into_iter().filter(|other| language.is_none_or(|language| language == *other));
    let all: Vec<_> =
        languages.flat_map(|of| lint::phrases(of).iter().map(move |phrase| (of, phrase))).collect();
    let said = all.iter().map(
        |(of, phrase)| json!({"lang": of.code(), "purpose": phrase.purpose.code(), "text": phrase.text}),
    );
    desk.json(&json!({"phrases": said.collect::<Vec<_>>()}))?;
    for (of, phrase) in all {
        let (purpose, words) = (phrase.purpose.code(), phrase.text);
        desk.say(&text!("{of}  {purpose:<19} {words}", "{of}  {purpose:<19} {words}"))?;
    }
    Ok(())
}
