//! `renown notify`: where operators are told of what cannot wait, and of each day.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use renown_core::ids::is_short_name;
use renown_core::mail::shop::is_address;
use renown_core::notice::{Channel, Delivery, Notice, Outcome, Target};
use renown_core::say::Text;
use renown_core::text;
use renown_io::ledger::Told;
use renown_io::mail::Message;
use serde_json::json;

use crate::commands::mail::outbox;
use crate::desk::{Desk, Open};
use crate::refuse;
use crate::settings::zone;
use crate::told::Trouble;

/// Notices that a person is shown.
const SHOWN: usize = 20;

/// Say where operators are told: of what cannot wait at once, of each day in a digest.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown notify mail ops --to ops@team.example --from alerts@mail.tea.example --in zh --at-zone Asia/Shanghai --digest 9\n  renown notify test ops\n  renown notify list\n  renown notify remove ops"
)]
pub struct NotifyArgs {
    #[command(subcommand)]
    command: NotifyCommand,
}

#[derive(Debug, Subcommand)]
enum NotifyCommand {
    /// Tell an operator by mail; a target of that name is changed.
    Mail {
        /// What it is called: letters a-z, digits and hyphens.
        #[arg(value_name = "NAME")]
        name: String,
        /// The operator's address.
        #[arg(long, value_name = "ADDRESS")]
        to: String,
        /// The sender's address, of a domain that is verified with SES.
        #[arg(long, value_name = "ADDRESS")]
        from: String,
        /// The language it reads: en or zh [default: that of this command].
        #[arg(long = "in", value_name = "LANG")]
        reads: Option<String>,
        /// The clock it reads, such as Asia/Shanghai [default: that of this command].
        #[arg(long, value_name = "ZONE")]
        at_zone: Option<String>,
        /// The hour of its day at which the digest goes out, 0 to 23; without it there is none.
        #[arg(long, value_name = "HOUR", value_parser = clap::value_parser!(u8).range(0..=23))]
        digest: Option<u8>,
        /// The digest alone, and no alerts.
        #[arg(long, requires = "digest")]
        digest_only: bool,
    },
    /// List the targets, and what was told in the last weeks.
    List,
    /// Send a notice to try it out.
    Test {
        /// The target.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Take a target away.
    Remove {
        /// The target.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Runs `renown notify`.
///
/// # Errors
///
/// If something is no address, zone or name, there is no such target, or the table or SES does not
/// take it.
pub async fn run(desk: &mut Desk<'_>, args: NotifyArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    match args.command {
        NotifyCommand::Mail { name, to, from, reads, at_zone, digest, digest_only } => {
            for (option, address) in [("--to", &to), ("--from", &from)] {
                if !is_address(address) {
                    return Err(Trouble::usage(text!(
                        "{option} wants one mail address, like ops@team.example",
                        "{option} 须为一个邮箱地址,例如 ops@team.example"
                    ))
                    .into());
                }
            }
            let lang = match reads {
                None => desk.style.lang,
                Some(word) => word
                    .parse()
                    .map_err(|_| Trouble::usage(text!("--in wants en or zh", "--in 须为 en 或 zh")))?,
            };
            let zone = match &at_zone {
                None => desk.style.zone_name().to_owned(),
                Some(name) => {
                    if zone(name).is_none() {
                        return Err(Trouble::usage(text!(
                            "--at-zone: {name:?} is no time zone; write one like Asia/Shanghai",
                            "--at-zone:{name:?} 不是时区;请写如 Asia/Shanghai"
                        ))
                        .into());
                    }
                    name.clone()
                }
            };
            let channel = Channel::Mail { to, from };
            let target = Target {
                name: known_name(&name)?,
                channel,
                lang,
                zone,
                alerts: !digest_only,
                digest_at: digest,
            };
            open.app.ledger.put_target(&target).await?;
            desk.json(&json!({"target": target}))?;
            desk.say(&text!(
                "{name} is told from now on; `renown notify test {name}` tries it out",
                "{name} 已生效;`renown notify test {name}` 可试发一条"
            ))
        }
        NotifyCommand::List => list(desk, &open).await,
        NotifyCommand::Test { name } => {
            let target = named(&open, &name).await?;
            let outcome = try_out(&open, &target).await?;
            let message = match outcome {
                Outcome::Accepted(message) => message,
                Outcome::Refused(Text { en, zh }) => {
                    refuse!("{name} cannot be told: {en}", "无法通知 {name}:{zh}")
                }
                Outcome::Unclear => refuse!(
                    "{name}: no clear answer came; see the log, then try again",
                    "{name}:没有明确的应答;请查看日志后重试"
                ),
            };
            desk.json(&json!({"target": name, "sent": message}))?;
            desk.say(&text!("a test notice went to {name} ({message})", "测试通知已发往 {name}({message})"))
        }
        NotifyCommand::Remove { name } => {
            if !open.app.ledger.remove_target(&name).await? {
                return Err(unknown(&open, &name).await?.into());
            }
            desk.json(&json!({"target": name, "removed": true}))?;
            desk.say(&text!("{name} is told nothing any more", "{name} 不再接收通知"))
        }
    }
}

fn known_name(name: &str) -> anyhow::Result<String> {
    if is_short_name(name) {
        return Ok(name.to_owned());
    }
    Err(Trouble::usage(text!(
        "{name:?} is no name of a target: letters a-z, digits and hyphens, at most 24",
        "{name:?} 不能作名称:请用小写字母、数字和连字符,最多 24 个字符"
    ))
    .into())
}

async fn named(open: &Open, name: &str) -> anyhow::Result<Target> {
    match open.app.ledger.targets().await?.into_iter().find(|target| target.name == name) {
        Some(target) => Ok(target),
        None => Err(unknown(open, name).await?.into()),
    }
}

async fn unknown(open: &Open, name: &str) -> anyhow::Result<Trouble> {
    let known: Vec<_> = open.app.ledger.targets().await?.into_iter().map(|target| target.name).collect();
    let known = known.join(", ");
    Ok(Trouble::new(if known.is_empty() {
        text!(
            "there is no target {name}: `renown notify mail` adds one",
            "没有名为 {name} 的通知对象:可用 `renown notify mail` 添加"
        )
    } else {
        text!("there is no target {name}; there are {known}", "没有名为 {name} 的通知对象;现有:{known}")
    }))
}

async fn try_out(open: &Open, target: &Target) -> anyhow::Result<Outcome> {
    let notice = Notice::daily("test", text!("a test", "测试"), open.now)
        .line(text!("This is how an alert arrives.", "告警会以这种方式送达。"))
        .next(text!("nothing", "无"));
    let Channel::Mail { to, from } = &target.channel;
    let mail = match Message::to_operator(from, to, &notice.letter(target), open.now) {
        Ok(mail) => mail,
        Err(why) => return Ok(Outcome::Refused(text!("{why}", "邮件无法生成({why})"))),
    };
    Ok(outbox(open)?.send_notice(&format!("test-{}", target.name), &mail).await)
}

async fn list(desk: &mut Desk<'_>, open: &Open) -> anyhow::Result<()> {
    let targets = open.app.ledger.targets().await?;
    let told = open.app.ledger.notices().await?;
    desk.json(&json!({"targets": targets, "notices": told}))?;
    if targets.is_empty() {
        desk.say(&text!(
            "nobody is told: `renown notify mail` says whom",
            "尚未设置通知对象:用 `renown notify mail` 添加"
        ))?;
    }
    for target in &targets {
        let Target { name, channel: Channel::Mail { to, .. }, zone, .. } = target;
        let what = match (target.alerts, target.digest_at) {
            (true, None) => text!("alerts", "告警"),
            (true, Some(hour)) => text!("alerts, digest at {hour}:00", "告警,每日 {hour}:00 摘要"),
            (false, Some(hour)) => text!("digest at {hour}:00", "每日 {hour}:00 摘要"),
            (false, None) => text!("nothing", "无"),
        };
        let (en, zh) = (what.en, what.zh);
        desk.say(&text!("{name}: {to}, {en} ({zone})", "{name}:{to},{zh}({zone})"))?;
    }
    for Told { notice, deliveries } in told.iter().take(SHOWN) {
        let at = desk.style.short(notice.at);
        let (title, title_zh) = (&notice.title.en, &notice.title.zh);
        let how: Vec<_> = deliveries.iter().map(|(name, delivery)| went(name, delivery, desk)).collect();
        let en = how.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join(", ");
        let zh = how.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>().join("、");
        desk.say(&text!("{at}  {title}  {en}", "{at}  {title_zh}  {zh}"))?;
    }
    let more = told.len().saturating_sub(SHOWN);
    if more > 0 {
        desk.say(&text!("… {more} older; --json has them all", "… 另有 {more} 条较早的;--json 会列出全部"))?;
    }
    Ok(())
}

fn went(name: &str, delivery: &Delivery, desk: &Desk<'_>) -> Text {
    let short = |at: Timestamp| desk.style.short(at);
    match delivery {
        Delivery::Due { at, .. } => {
            let at = short(*at);
            text!("{name}: due {at}", "{name}:将于 {at} 发送")
        }
        Delivery::Sent { at, .. } => {
            let at = short(*at);
            text!("{name}: sent {at}", "{name}:已于 {at} 发送")
        }
        Delivery::Failed { why: Text { en, zh }, .. } => {
            text!("{name}: failed ({en})", "{name}:失败({zh})")
        }
    }
}
