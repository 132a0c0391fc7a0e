//! `renown team`: who works on cases, when, and how fast.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renown_core::case::Team;
use renown_core::say::Text;
use renown_core::text;
use serde_json::json;

use crate::desk::Desk;
use crate::refuse;
use crate::settings::line_of;
use crate::told::{Told as _, Trouble};
use crate::toml_words;

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
        /// The file, TOML.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Every key, as comments.
const KEYS: &str = r#"# zone = "Asia/Shanghai"
# holidays = ["2026-10-01", "2026-10-02"]
# lead = "Chen"                         # called at 80 and 100 % of the time
# translate_to = "zh"                   # buyers' words by Amazon Translate, paid by the character
# news_days = 30                        # what is older opens no case
# [week]                                # without it: around the clock
# mon = { from = 9, to = 18 }
# tue = { from = 9, to = 18 }
# wed = { from = 9, to = 18 }
# thu = { from = 9, to = 18 }
# fri = { from = 9, to = 18 }
# [deadlines]                           # hours
# message = 24
# feedback = 48
# claim = 72
# returns = 72
# parcel = 24
# account = 24
# topic = 168
# [departments]                         # a cause that another department deals with
# missing_parts = "logistics"
# [[owners]]                            # the first who fits
# name = "Wang"
# departments = ["logistics"]           # service, logistics, quality, listing, account
# marketplaces = ["DE", "FR"]
# skus = ["MH-LAMP"]                    # SKUs that begin so
# asins = ["B0EXAMPLE1"]
# sellers = ["A1EXAMPLESELLER"]"#;

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
            let toml = toml.trim_end();
            desk.say(&text!(
                "{toml}\n\n# Every key there is, by example; take the # away to use one.\n{KEYS}",
                "{toml}\n\n# 全部键的示例;去掉 # 即可使用。\n{KEYS}"
            ))
        }
        TeamCommand::Set { file } => {
            let team = read(&file)?;
            if let Some(Text { en, zh }) = team.problem() {
                let shown = file.display();
                refuse!("{shown}: {en}; nothing was changed", "{shown}:{zh};未作改动");
            }
            open.app.ledger.put_team(&team).await?;
            desk.json(&json!(team))?;
            desk.say(&text!(
                "in force from the next signal on; open cases keep their deadlines",
                "自下一条信号起生效;未结工单的期限不变"
            ))
        }
    }
}

fn read(file: &Path) -> anyhow::Result<Team> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(&text, span.start));
        let Text { en, zh } = toml_words::words(error.message());
        Trouble::new(text!(
            "{shown}, line {line}: {en}; `renown team show` prints every key",
            "{shown} 第 {line} 行有误:{zh};`renown team show` 会打印所有键"
        ))
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_that_are_shown_are_every_key_and_can_be_set() {
        let toml: Vec<_> = KEYS.lines().map(|line| line.trim_start_matches("# ")).collect();
        let team: Team = toml::from_str(&toml.join("\n")).expect("readable");
        assert_eq!(team.problem(), None);
        let whole = serde_json::to_value(&team).expect("JSON");
        let keys = |value: &serde_json::Value| {
            value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        };
        let mut all = keys(&whole);
        for part in ["deadlines", "week"] {
            all.extend(keys(&whole[part]));
        }
        all.extend(keys(&whole["owners"][0]));
        for key in all.iter().filter(|key| !["sat", "sun"].contains(&key.as_str())) {
            assert!(KEYS.contains(key.as_str()), "{key} is not shown");
        }
    }
}
