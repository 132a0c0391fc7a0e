//! What is said of a command line that cannot be understood.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use renown_core::case::{Department, Outcome};
use renown_core::say::Lang;

/// The mistake with its remedy.
pub(super) fn said(error: &clap::Error, lang: Lang) -> String {
    match lang {
        Lang::En => error.render().to_string(),
        Lang::Zh => chinese(error),
    }
}

/// The help that was asked for.
pub(super) fn help(error: &clap::Error, lang: Lang) -> String {
    let page = error.render().to_string();
    match lang {
        Lang::En => page,
        Lang::Zh => placeholders(&page),
    }
}

/// The words that clap puts into a usage line.
fn placeholders(usage: &str) -> String {
    let words = [("[OPTIONS]", "[选项]"), ("[COMMAND]", "[命令]"), ("<COMMAND>", "<命令>")];
    words.into_iter().fold(usage.to_owned(), |usage, (en, zh)| usage.replace(en, zh))
}

fn chinese(error: &clap::Error) -> String {
    let found = |kind| error.get(kind).map(words).unwrap_or_default();
    let (arg, value) = (found(ContextKind::InvalidArg), found(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("没有 `{}` 这个命令", found(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("没有 `{arg}` 这个选项或参数"),
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数:{arg}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "缺少子命令".to_owned()
        }
        ErrorKind::ArgumentConflict => {
            format!("`{arg}` 不能与 {} 同时使用", found(ContextKind::PriorArg))
        }
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("`{arg}` 的值数量不对")
        }
        ErrorKind::TooManyValues => format!("`{arg}` 的值过多:{value}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{arg}` 缺少值"),
        _ => {
            // Where the values are listed, the list says it.
            let form = Some(&arg).filter(|_| found(ContextKind::ValidValue).is_empty());
            let form =
                form.and_then(|arg| form_of(arg)).map(|form| format!(",应写成:{form}")).unwrap_or_default();
            format!("`{arg}` 的值 `{value}` 无效{form}")
        }
    };
    let valid = found(ContextKind::ValidValue);
    let valid = if valid.is_empty() { found(ContextKind::ValidSubcommand) } else { valid };
    let valid = if valid.is_empty() { String::new() } else { format!("\n  可用:{valid}") };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = near.into_iter().map(found).find(|text| !text.is_empty());
    let near = near.map(|near| format!("\n  相近:{near}")).unwrap_or_default();
    // Of two ways to say what is meant, a missing argument is but one.
    let usage = match error.kind() {
        ErrorKind::MissingRequiredArgument => found(ContextKind::Usage),
        _ => String::new(),
    };
    let usage = usage
        .strip_prefix("Usage:")
        .map(|usage| format!("\n\n用法:{}", placeholders(usage)))
        .unwrap_or_default();
    format!("错误:{what}{valid}{near}{usage}\n\n加 --help 查看用法。\n")
}

/// How the value of an argument is written.
fn form_of(arg: &str) -> Option<String> {
    if arg.contains("--outcome") {
        return Some(Outcome::ALL.map(Outcome::name).join("、"));
    }
    if arg.contains("--department") {
        return Some(Department::ALL.map(Department::name).join("、"));
    }
    let forms = [
        ("--for", "整数加 d、h、m 或 s,例如 20d、90m"),
        ("--seed", "整数,例如 7"),
        ("--at", "2026-12-24T12:00:00Z"),
        ("--days", "不小于 0 的整数"),
        ("--orders", "不小于 0 的整数"),
        ("--share", "1 到 100 的整数"),
        ("--asins", "10 位字母与数字,以 B0 开头(如 B0EXAMPLE1),或图书的 10 位 ISBN;all 表示全部"),
        ("--version", "整数"),
        ("--per-usd", "大于 0 的数,例如 7.1"),
        ("<CC>", "ISO 3166-1 的两位国家代码,例如 DE、FR、GB(英国)、US"),
        ("--region", "na、eu 或 fe"),
        ("--lang", "en 或 zh"),
        ("--queue", "arn:aws:sqs:区域:账户:队列名(标准队列)"),
        ("--seller", "卖家记号(Merchant Token),10–20 位大写字母与数字"),
        ("--alias", "不为空、不超过 60 个字符且无换行的名称"),
        ("--app", "amzn1.application-oa2-client.…"),
        ("KIND", "invitation、reminder-1、reminder-2、survey 或 service"),
        ("--mail-from", "bounce.mail.shop.example"),
        ("--server", "IP 地址,例如 1.1.1.1"),
        ("DOMAIN", "mail.shop.example(其他文字写成 xn--…)"),
        ("ORDER", "123-1234567-1234567"),
    ];
    forms.into_iter().find(|(name, _)| arg.contains(name)).map(|(_, form)| (*form).to_owned())
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::None => String::new(),
        ContextValue::Strings(all) => all.join("、"),
        ContextValue::StyledStrs(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}
