//! `renown team`: who works on cases, when, and how fast.

mod check;
mod keys;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renown_core::case::Team;
use renown_core::say::Text;
use renown_core::text;
use serde_json::json;

use crate::desk::Desk;
use crate::place::Place;
use crate::refuse;
use crate::settings::line_of;
use crate::told::{Told as _, Trouble};
use crate::toml_words;
use check::unmet;
use keys::keys;

/// Say who works on cases, when, and how fast.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  renown team show > team.toml\n  renown team set team.toml")]
pub struct TeamArgs {
    #[command(subcommand)]
    command: TeamCommand,
}

#[derive(Debug, Subcommand)]
enum TeamCommand {
    /// Print the settings in force, and every key there is.
    Show,
    /// Put a file in force. Open cases keep their deadlines.
    Set {
        /// The file, TOML, or - for the standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Runs `renown team`.
///
/// # Errors
///
/// If the file holds mistakes, or the table does not answer.
pub async fn run(desk: &mut Desk<'_>, args: TeamArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    match args.command {
        TeamCommand::Show => {
            let team = open.app.ledger.team().await?;
            desk.json(&json!(team))?;
            let toml =
                toml::to_string_pretty(&team).told(|| text!("settings are no TOML", "设置无法写成 TOML"))?;
            let (toml, Text { en, zh }) = (toml.trim_end(), keys());
            desk.say(&text!(
                "{toml}\n\n# Every key there is, by example; take the # away to use one.\n{en}",
                "{toml}\n\n# 全部键的示例;去掉 # 即可使用。\n{zh}"
            ))
        }
        TeamCommand::Set { file } => {
            let team = read(desk, &file)?;
            if let Some(Text { en, zh }) = team.problem() {
                let shown = file.display();
                refuse!("{shown}: {en}; nothing was changed", "{shown}:{zh};未作改动");
            }
            open.app.ledger.put_team(&team).await?;
            desk.json(&json!(team))?;
            desk.say(&text!(
                "in force from the next signal on; open cases keep their deadlines",
                "自下一条信号起生效;未结工单的期限不变"
            ))?;
            for unmet in unmet(&team, &open.app.ledger.sellers().await?) {
                desk.say(&unmet)?;
            }
            if team.translate_to.is_some() && matches!(open.place, Place::Folder(_)) {
                desk.say(&text!(
                    "! translate_to takes effect only where Renown runs on AWS: on this machine buyers' words stand as they are",
                    "! translate_to 仅在 Renown 部署于 AWS 时有效:在本机上买家原文不会翻译"
                ))?;
            }
            Ok(())
        }
    }
}

/// The settings in a file, or from the standard input.
fn read(desk: &mut Desk<'_>, file: &Path) -> anyhow::Result<Team> {
    let shown = file.display();
    let text = String::from_utf8(desk.read(file)?)
        .told(|| text!("{shown} is not in UTF-8: save it so", "{shown} 不是 UTF-8 编码:请以 UTF-8 保存"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        refuse!(
            "{shown} names no setting; nothing was changed. `renown team show` prints what is in force; to go back to the defaults, write one of them, such as news_days = 30",
            "{shown} 中没有任何设置;未作改动。`renown team show` 会打印现行设置;如需恢复默认,请写出任一默认值,例如 news_days = 30"
        );
    }
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        let Text { en, zh } = toml_words::words(error.message());
        Trouble::new(text!(
            "{shown}, line {line}: {en}; `renown team show` prints every key",
            "{shown} 第 {line} 行有误:{zh};`renown team show` 会打印所有键"
        ))
        .into()
    })
}
