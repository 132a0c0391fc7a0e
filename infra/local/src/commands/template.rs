//! `renown template`: the texts of a shop's mails, from draft to approval.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use renown_core::lint::Severity;
use renown_core::mail::draft::{Draft, NotYet, Stage};
use renown_core::mail::template::{Mistake, built_in};
use renown_core::mail::{Kind, Language, Shop};
use renown_core::say::Text;
use renown_core::text;
use serde_json::{Value, json};

use crate::desk::{Desk, Open};
use crate::refuse;
use crate::told::{Told as _, Trouble};

/// Longest file that is taken for a template, in bytes: far more than a mail may have.
const MAX_FILE: u64 = 200 * 1024;

/// The texts of a shop's mails: write, review, approve. Until one of your own is approved, the built-in
/// text of the customer's language is used.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown template show review-invitation de > own.txt\n  renown template add own.txt review-invitation de\n  renown template review review-invitation/de/1 --by Wang\n  renown template approve review-invitation/de/1 --by Li\n  renown template approve review-invitation/de/2 --by Li --for-tests\n  renown template list"
)]
pub struct TemplateArgs {
    #[command(subcommand)]
    command: TemplateCommand,
    /// The shop; may be left out where there is one alone.
    #[arg(long, global = true, value_name = "SHOP")]
    shop: Option<String>,
}

#[derive(Debug, Subcommand)]
enum TemplateCommand {
    /// List every version, and which are in force.
    List,
    /// Print a text: the built-in one, or a version of your own.
    Show {
        /// Which mails: review-invitation, review-reminder, survey or service; or a whole name such as survey/de/2.
        #[arg(value_name = "NAME")]
        name: String,
        /// The language of a built-in text: de, en, es, fr, it, ja or zh.
        #[arg(value_name = "LANGUAGE")]
        language: Option<String>,
    },
    /// Write a new version: a draft, which nobody gets yet.
    Add {
        /// The file: `subject:`, `preheader:`, `---`, paragraphs.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Which mails: review-invitation, review-reminder, survey or service.
        #[arg(value_name = "KIND")]
        kind: String,
        /// Its language: de, en, es, fr, it, ja or zh.
        #[arg(value_name = "LANGUAGE")]
        language: String,
        /// A machine wrote or translated it.
        #[arg(long)]
        machine: bool,
        /// From this day on it is not used until a new version is approved, such as 2027-01-31: for texts that quote a policy.
        #[arg(long, value_name = "DAY")]
        expires: Option<Date>,
    },
    /// Say that you have read a draft and stand for it.
    Review {
        /// The version, such as review-invitation/de/1.
        #[arg(value_name = "NAME")]
        name: String,
        /// Who.
        #[arg(long, value_name = "WHO")]
        by: String,
    },
    /// Let a reviewed text out.
    Approve {
        /// The version, such as review-invitation/de/1.
        #[arg(value_name = "NAME")]
        name: String,
        /// Who.
        #[arg(long, value_name = "WHO")]
        by: String,
        /// Let it into tests alone (`renown experiment`); everybody else is written to as before.
        #[arg(long)]
        for_tests: bool,
    },
}

/// Runs `renown template`.
///
/// # Errors
///
/// If a name, a language or a file is none, a text may go no step further, or the table does not
/// answer.
pub async fn run(desk: &mut Desk<'_>, args: TemplateArgs) -> anyhow::Result<()> {
    if let TemplateCommand::Show { name, language: Some(code) } = &args.command {
        return show_built_in(desk, name, code);
    }
    let open = desk.open().await?;
    let shop = open.shop(args.shop.as_deref()).await?;
    match args.command {
        TemplateCommand::List => list(desk, &open, &shop).await,
        TemplateCommand::Show { name, .. } => {
            let draft = named(&open, &shop, &name).await?;
            desk.json(&json(&draft))?;
            if !desk.style.json {
                write!(desk.out, "{}", draft.source)?;
            }
            Ok(())
        }
        TemplateCommand::Add { file, kind, language, machine, expires } => {
            let draft = Draft {
                kind: kind_of(&kind)?.template().to_owned(),
                language: language_of(&language)?,
                version: 0,
                source: read(&file)?,
                stage: Stage::Draft,
                is_by_machine: machine,
                is_for_tests: false,
                expires,
                at: open.now,
            };
            add(desk, &open, &shop, draft).await
        }
        TemplateCommand::Review { name, by } => {
            let by = person(&by)?;
            let done = step(&open, &shop, &name, |draft| draft.review(&by, open.now)).await?;
            desk.json(&json(&done))?;
            desk.say(&text!("{name} is reviewed; it still wants an approval", "{name} 已复核,尚待批准"))
        }
        TemplateCommand::Approve { name, by, for_tests } => {
            let by = person(&by)?;
            let done = step(&open, &shop, &name, |draft| draft.approve(&by, for_tests, open.now)).await?;
            desk.json(&json(&done))?;
            desk.say(&if for_tests {
                text!(
                    "{name} is approved for tests: `renown experiment start` names it in an arm",
                    "{name} 已批准用于测试:可在 `renown experiment start` 的某一组中使用"
                )
            } else {
                text!(
                    "{name} is approved: mails from now on are written with it",
                    "{name} 已批准:此后的邮件使用该文本"
                )
            })
        }
    }
}

async fn add(desk: &mut Desk<'_>, open: &Open, shop: &Shop, draft: Draft) -> anyhow::Result<()> {
    let today = open.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let findings = draft.findings(today).map_err(|mistake| not_a_template(&mistake))?;
    let draft = open.app.ledger.add_template(&shop.id, &draft).await?;
    let name = draft.name();
    let mut answer = json(&draft);
    answer["findings"] = findings
        .iter()
        .map(|finding| json!({"rule": finding.rule.id, "severity": finding.severity.code(), "text": finding.text}))
        .collect();
    desk.json(&answer)?;
    desk.say(&text!(
        "{name} is written; `renown template review {name} --by WHO` is next",
        "已写入 {name};下一步:`renown template review {name} --by 姓名`"
    ))?;
    for finding in &findings {
        let (rule, found) = (finding.rule.id, &finding.text);
        desk.say(&match finding.severity {
            Severity::Forbid => text!(
                "  forbidden ({rule}): {found:?}; it cannot be approved like this, `renown lint` says why",
                "  禁止({rule}):{found:?};这样无法批准,原因见 `renown lint`"
            ),
            Severity::Warn => text!("  look at ({rule}): {found:?}", "  请注意({rule}):{found:?}"),
        })?;
    }
    Ok(())
}

async fn list(desk: &mut Desk<'_>, open: &Open, shop: &Shop) -> anyhow::Result<()> {
    let drafts = open.app.ledger.templates(&shop.id).await?;
    desk.json(&json!({"shop_id": shop.id, "templates": drafts.iter().map(json).collect::<Vec<_>>()}))?;
    if drafts.is_empty() {
        let shop = &shop.id;
        return desk.say(&text!(
            "{shop} has no texts of its own: the built-in ones are used",
            "{shop} 没有自己的文本:使用内置文本"
        ));
    }
    for draft in &drafts {
        let (name, Text { en, zh }) = (draft.name(), stage(draft));
        let until = draft.expires.map(|day| day.to_string()).unwrap_or_default();
        desk.say(&match until.as_str() {
            "" => text!("{name}  {en}", "{name}  {zh}"),
            until => text!("{name}  {en}, until {until}", "{name}  {zh},有效期至 {until}"),
        })?;
    }
    Ok(())
}

fn stage(draft: &Draft) -> Text {
    match &draft.stage {
        Stage::Approved { reviewed_by, by, .. } if draft.is_for_tests => text!(
            "approved for tests by {by}, reviewed by {reviewed_by}",
            "{by} 已批准用于测试,{reviewed_by} 已复核"
        ),
        Stage::Draft => text!("draft", "草稿"),
        Stage::Reviewed { by, .. } => text!("reviewed by {by}", "{by} 已复核"),
        Stage::Approved { reviewed_by, by, .. } => {
            text!("approved by {by}, reviewed by {reviewed_by}", "{by} 已批准,{reviewed_by} 已复核")
        }
    }
}

fn show_built_in(desk: &mut Desk<'_>, name: &str, code: &str) -> anyhow::Result<()> {
    let (kind, language) = (kind_of(name)?, language_of(code)?);
    let source = built_in(kind, language);
    desk.json(&json!({"kind": kind.template(), "language": language.code(), "source": source}))?;
    if !desk.style.json {
        write!(desk.out, "{source}")?;
    }
    Ok(())
}

async fn step(
    open: &Open,
    shop: &Shop,
    name: &str,
    change: impl FnMut(&mut Draft) -> Result<(), NotYet>,
) -> anyhow::Result<Draft> {
    let draft = named(open, shop, name).await?;
    match open.app.ledger.change_template(&shop.id, &draft, change).await? {
        Some(Ok(draft)) => Ok(draft),
        Some(Err(why)) => Err(not_yet(name, &why).into()),
        None => refuse!("{name} is gone", "{name} 已不存在"),
    }
}

fn not_yet(name: &str, why: &NotYet) -> Trouble {
    Trouble::new(match why {
        NotYet::NotReviewed => text!(
            "{name} was not reviewed yet: `renown template review {name} --by WHO` comes first",
            "{name} 尚未复核:请先运行 `renown template review {name} --by 姓名`"
        ),
        NotYet::Already(_) => text!(
            "{name}: {why}; a correction is a new version, `renown template add`",
            "{name} 已处于该阶段;如需修改,请用 `renown template add` 写入新版本"
        ),
        NotYet::Mistake(mistake) => return not_a_template(mistake),
        NotYet::Forbidden(rule) => text!(
            "{name} breaks the rule {rule}: `renown template show {name} | renown lint - --channel shop` shows where and what to write instead",
            "{name} 违反规则 {rule}:用 `renown template show {name} | renown lint - --channel shop` 查看位置和改法"
        ),
    })
}

fn not_a_template(mistake: &Mistake) -> Trouble {
    let Text { en, zh } = mistake.text();
    Trouble::new(text!(
        "it is no template: {en}; `renown template show review-invitation en` prints one that is",
        "不是模板({zh});`renown template show review-invitation zh` 会打印一个正确的模板"
    ))
}

async fn named(open: &Open, shop: &Shop, name: &str) -> anyhow::Result<Draft> {
    let drafts = open.app.ledger.templates(&shop.id).await?;
    let known: Vec<_> = drafts.iter().map(Draft::name).collect();
    let Some(draft) = drafts.into_iter().find(|draft| draft.name() == name) else {
        let (shop, known) = (&shop.id, known.join(", "));
        refuse!("{shop} has no text {name}; it has: {known}", "{shop} 没有文本 {name};现有:{known}");
    };
    Ok(draft)
}

fn kind_of(name: &str) -> anyhow::Result<Kind> {
    let kinds = [Kind::Invitation, Kind::Reminder(1), Kind::Survey, Kind::Service];
    let Some(kind) = kinds.into_iter().find(|kind| kind.template() == name) else {
        return Err(Trouble::usage(text!(
            "{name:?} is no kind of text: write review-invitation, review-reminder, survey or service",
            "{name:?} 不是文本种类:请写 review-invitation、review-reminder、survey 或 service"
        ))
        .into());
    };
    Ok(kind)
}

fn language_of(code: &str) -> anyhow::Result<Language> {
    let Some(language) = Language::of_locale(code) else {
        return Err(Trouble::usage(text!(
            "{code:?} is no language of the texts: write de, en, es, fr, it, ja or zh",
            "{code:?} 不是文本的语言:请写 de、en、es、fr、it、ja 或 zh"
        ))
        .into());
    };
    Ok(language)
}

fn person(by: &str) -> anyhow::Result<String> {
    let by = by.trim();
    if by.is_empty() || by.chars().any(char::is_control) || by.chars().count() > 60 {
        return Err(Trouble::usage(text!(
            "--by wants a person's name, at most 60 characters",
            "--by 须为人名,最多 60 个字符"
        ))
        .into());
    }
    Ok(by.to_owned())
}

fn read(file: &std::path::Path) -> anyhow::Result<String> {
    let shown = file.display();
    let told = || text!("cannot read {shown}", "无法读取 {shown}");
    let size = std::fs::metadata(file).told(told)?.len();
    if size > MAX_FILE {
        refuse!("{shown} has {size} bytes: no mail is so long", "{shown} 有 {size} 字节:邮件没有这么长");
    }
    std::fs::read_to_string(file).told(told)
}

fn json(draft: &Draft) -> Value {
    json!({"name": draft.name(), "stage": draft.stage, "by_machine": draft.is_by_machine, "for_tests": draft.is_for_tests,
        "expires": draft.expires, "at": draft.at, "source": draft.source})
}
