//! `renown rules`: show, set and look back at a seller's rules.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use renown_core::ids::Asin;
use renown_core::rules::{Invalid, Rule, Rules};
use renown_core::say::Text;
use renown_core::seller::Seller;
use renown_core::text;
use renown_io::app::App;
use serde_json::json;

use crate::desk::Desk;
use crate::refuse;
use crate::settings::line_of;
use crate::told::{Told as _, Trouble};
use crate::toml_words;

/// ASINs of a rule that are listed by name.
const ASINS_SHOWN: usize = 20;

/// Show or set a seller's rules: day, hours, exclusions, share, test arms.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown rules show --seller A1MORNINGHOME > rules.toml\n  renown rules set rules.toml --seller A1MORNINGHOME\n  renown rules history"
)]
pub struct RulesArgs {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    /// Print the rules in force as TOML, to be edited and set.
    #[command(after_help = "Example:\n  renown rules show --seller A1MORNINGHOME > rules.toml")]
    Show {
        /// The seller: its id or alias.
        #[arg(long, value_name = "SELLER")]
        seller: Option<String>,
        /// An earlier version.
        #[arg(long, value_name = "N", allow_negative_numbers = true)]
        version: Option<u32>,
    },
    /// Check rules and put them in force under the next version.
    #[command(after_help = "Example:\n  renown rules set rules.toml --seller A1MORNINGHOME")]
    Set {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The seller: its id or alias.
        #[arg(long, value_name = "SELLER")]
        seller: Option<String>,
    },
    /// List every version there was.
    #[command(after_help = "Example:\n  renown rules history")]
    History {
        /// The seller: its id or alias.
        #[arg(long, value_name = "SELLER")]
        seller: Option<String>,
    },
}

/// Runs `renown rules`.
///
/// # Errors
///
/// If there is no such seller, the file holds mistakes, or the table does not answer.
pub async fn run(desk: &mut Desk<'_>, args: RulesArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    match args.command {
        RulesCommand::Show { seller, version } => {
            let seller = open.seller(seller.as_deref()).await?;
            let rules = match version {
                None => open.app.ledger.rules(&seller).await?,
                Some(0) => Rules::default(),
                Some(version) => {
                    let history = open.app.ledger.rules_history(&seller.id).await?;
                    let Some(rules) = history.into_iter().find(|rules| rules.version == version) else {
                        refuse!(
                            "there is no version {version} of these rules; `renown rules history` lists them",
                            "没有第 {version} 版规则;`renown rules history` 会列出所有版本"
                        );
                    };
                    rules
                }
            };
            desk.json(&json!(rules))?;
            desk.say(&as_toml(&rules)?)
        }
        RulesCommand::Set { file, seller } => {
            let seller = open.seller(seller.as_deref()).await?;
            let rules = read(&file)?;
            let seller = put(&open.app, &seller, &rules).await?;
            let (alias, version) = (&seller.alias, seller.rules_version);
            desk.json(&json!({"seller_id": seller.id, "version": version}))?;
            desk.say(&text!(
                "{alias}: version {version} is in force. Dates already set are looked at again when they fall due; `renown simulate --rules` shows beforehand what would change.",
                "{alias}:第 {version} 版规则已生效。已排定的日期到期时会按新规则重新判断;`renown simulate --rules` 可预先查看变化。"
            ))
        }
        RulesCommand::History { seller } => {
            let seller = open.seller(seller.as_deref()).await?;
            let history = open.app.ledger.rules_history(&seller.id).await?;
            desk.json(
                &json!({"seller_id": seller.id, "in_force": seller.rules_version, "versions": history}),
            )?;
            if history.is_empty() {
                return desk
                    .say(&text!("version 0: the defaults, never changed", "第 0 版:默认规则,从未更改"));
            }
            for rules in &history {
                let version = rules.version;
                let summary = summary(rules);
                let (en, zh) = (&summary.en, &summary.zh);
                let mark = if version == seller.rules_version { "*" } else { " " };
                desk.say(&text!("{mark} version {version}: {en}", "{mark} 第 {version} 版:{zh}"))?;
            }
            desk.say(&text!("* in force", "* 现行"))
        }
    }
}

/// A version in a line: the default, then each marketplace that has rules of its own.
fn summary(rules: &Rules) -> Text {
    let Text { mut en, mut zh } = of_rule(&rules.default);
    for (marketplace, rule) in &rules.marketplaces {
        let (country, of_it) = (marketplace.info().country, of_rule(rule));
        // Writing to a String cannot fail.
        let _ = write!(en, "; {country}: {}", of_it.en);
        let _ = write!(zh, ";{country}:{}", of_it.zh);
    }
    Text { en, zh }
}

fn of_rule(rule: &Rule) -> Text {
    let (day, from, to, share) = (rule.target_day, rule.hours.from, rule.hours.to, rule.share_percent);
    let arms = rule.arms.len();
    let asins: Vec<_> = rule.only_asins.iter().map(Asin::as_str).collect();
    let asins = match asins.len() {
        0 => text!("every ASIN", "全部 ASIN"),
        n => {
            let (shown, rest) = (asins[..n.min(ASINS_SHOWN)].join(" "), n.saturating_sub(ASINS_SHOWN));
            match rest {
                0 => text!("only ASINs {shown}", "仅 ASIN {shown}"),
                n => text!("only ASINs {shown} and {n} more", "仅 ASIN {shown} 等,另有 {n} 个"),
            }
        }
    };
    let Text { en, zh } = asins;
    text!(
        "day {day}, {from}–{to} h, share {share} %, {en}, {arms} test arms",
        "第 {day} 天,{from}–{to} 点,份额 {share}%,{zh},{arms} 个测试组"
    )
}

/// Rules as an operator edits them.
fn as_toml(rules: &Rules) -> anyhow::Result<Text> {
    let toml = toml::to_string_pretty(rules).told(|| text!("rules are no TOML", "规则无法写成 TOML"))?;
    let toml = toml.trim_end();
    Ok(text!(
        "# Days after delivery (5-25), hours on the buyers' clocks, exclusions, share, test arms.\n# `version` is counted by Renown and ignored when set.\n{toml}\n\n# Every key there is, by example; take the # away to use one.\n{KEYS}",
        "# 送达后的天数(5-25)、买家当地时段、排除项、份额、测试组。\n# version 由 Renown 计数,设置时忽略。\n{toml}\n\n# 全部键的示例;去掉 # 即可使用。\n{KEYS}"
    ))
}

/// Every key, as comments.
const KEYS: &str = r#"# [default]
# target_day = 6                      # 5-25
# share_percent = 100                 # 1-100
# only_asins = ["B0EXAMPLE1"]
# [default.hours]
# from = 9                            # 0-23
# to = 20                             # 1-24
# [default.exclude]
# skus = ["MH-LAMP-OAK"]
# asins = ["B0EXAMPLE1"]
# channels = ["merchant"]             # amazon, merchant
# programs = ["PRIME"]
# [[default.arms]]
# name = "later"
# weight = 1
# target_day = 8
# hours = { from = 12, to = 20 }
# [marketplaces.DE]
# target_day = 7"#;

/// The span of a key whose value is of another kind, where the reader of TOML names the kind alone.
fn span_of(text: &str, line: usize) -> Text {
    let line = text.lines().nth(line - 1).unwrap_or_default().trim_start();
    let spans = [("target_day", "5-25"), ("share_percent", "1-100"), ("from", "0-23"), ("to", "1-24")];
    match spans.into_iter().find(|(key, _)| line.split(['=', ' ']).next() == Some(key)) {
        Some((key, span)) => text!(" ({key}: {span})", "({key}:{span})"),
        None => text!("", ""),
    }
}

/// Reads rules from a file.
///
/// # Errors
///
/// If it cannot be read or does not fit: with the line of the mistake.
pub fn read(file: &std::path::Path) -> anyhow::Result<Rules> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        refuse!(
            "{shown} names no rule; `renown rules show --version 0` prints the defaults",
            "{shown} 中没有任何规则;`renown rules show --version 0` 会打印默认规则"
        );
    }
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(&text, span.start));
        let Text { en, zh } = toml_words::words(error.message());
        let span = span_of(&text, line);
        let (span, span_zh) = (span.en, span.zh);
        Trouble::new(text!(
            "{shown}, line {line}: {en}{span}; `renown rules show` prints rules that fit",
            "{shown} 第 {line} 行有误:{zh}{span_zh};`renown rules show` 会打印格式正确的规则"
        ))
        .into()
    })
}

/// Puts rules in force.
///
/// # Errors
///
/// Every mistake in them, or that of the table.
pub(crate) async fn put(app: &App, seller: &Seller, rules: &Rules) -> anyhow::Result<Seller> {
    app.ledger.put_rules(seller, rules).await?.map_err(|mistakes| Trouble::new(mistaken(&mistakes)).into())
}

fn mistaken(mistakes: &[Invalid]) -> Text {
    let said = |lang| {
        let lines = mistakes
            .iter()
            .map(|mistake| format!("\n  {}: {}", mistake.place, mistake.problem.in_lang(lang)));
        lines.collect::<String>()
    };
    let (en, zh) = (said(renown_core::say::Lang::En), said(renown_core::say::Lang::Zh));
    text!("these rules cannot be set; nothing was changed:{en}", "规则有误,未作改动:{zh}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_that_are_shown_are_every_key_and_can_be_set() {
        let toml: Vec<_> = KEYS.lines().map(|line| line.trim_start_matches("# ")).collect();
        let rules: Rules = toml::from_str(&toml.join("\n")).expect("readable");
        let all = serde_json::to_value(&rules).expect("JSON").to_string();
        for key in ["only_asins", "hours", "skus", "asins", "channels", "programs", "weight", "target_day"] {
            assert!(all.contains(key), "{key}: {all}");
        }
        assert_eq!(rules.marketplaces.len(), 1);
        assert!(rules.problems(&[]).is_empty());
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_told_with_what_the_key_takes() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("rules.toml");
        std::fs::write(&file, "[default]\ntarget_day = \"six\"\n").expect("written");
        let error = read(&file).expect_err("a text").to_string();
        assert!(error.contains("line 2") && error.contains("5-25"), "{error}");
    }
}
