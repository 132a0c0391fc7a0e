//! What is said of a command line that cannot be understood.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use renown_core::say::Lang;

/// The mistake with its remedy.
pub(super) fn said(error: &clap::Error, lang: Lang) -> String {
    match lang {
        Lang::En => error.render().to_string(),
        Lang::Zh => chinese(error),
    }
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
            let why =
                std::error::Error::source(error).map(|source| format!("({source})")).unwrap_or_default();
            format!("`{arg}` 的值 `{value}` 无效{why}")
        }
    };
    let valid = found(ContextKind::ValidValue);
    let valid = if valid.is_empty() { found(ContextKind::ValidSubcommand) } else { valid };
    let valid = if valid.is_empty() { String::new() } else { format!("\n  可用:{valid}") };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = near.into_iter().map(found).find(|text| !text.is_empty());
    let near = near.map(|near| format!("\n  相近:{near}")).unwrap_or_default();
    format!("错误:{what}{valid}{near}\n\n加 --help 查看用法。\n")
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::None => String::new(),
        ContextValue::Strings(all) => all.join("、"),
        ContextValue::StyledStrs(all) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"),
        other => other.to_string(),
    }
}
