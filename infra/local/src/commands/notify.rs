//! `renown notify`: where operators are told of what cannot wait, and of each day.

mod chat;
mod list;
mod reads;

use clap::{Args, Subcommand};
use renown_core::ids::is_short_name;
use renown_core::mail::shop::is_address;
use renown_core::notice::{Channel, Notice, Outcome, Target};
use renown_core::push::Severity;
use renown_core::say::Text;
use renown_core::text;
use renown_io::mail::Message;
use renown_io::push::{Chats, check};
use renown_io::secrets::Secret;
use serde_json::json;

use crate::commands::mail::operators_outbox;
use crate::desk::{Desk, Open};
use crate::folder::Kind;
use crate::place::Place;
use crate::refuse;
use crate::told::Trouble;
use crate::world;
use chat::{Called, called, refuse_another_kind};
use reads::ReadsArgs;

/// Say where operators are told: of what cannot wait at once, of each day in a digest.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown notify mail ops --to ops@team.example --from alerts@mail.tea.example --in zh --at-zone Asia/Shanghai --digest 9\n  renown notify chat logistics --by wecom --department logistics --person Wang=wangwei --in zh\n  renown notify chat urgent --by slack --at-least urgent\n  renown notify test ops\n  renown notify list\n  renown notify remove ops"
)]
pub struct NotifyArgs {
    #[command(subcommand)]
    command: NotifyCommand,
}

#[derive(Debug, Subcommand)]
enum NotifyCommand {
    /// Tell an operator by mail; a target of that name that is told so is changed.
    #[command(
        after_help = "Example:\n  renown notify mail ops --to ops@team.example --from alerts@mail.tea.example --digest 9"
    )]
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
        #[command(flatten)]
        reads: ReadsArgs,
    },
    #[expect(clippy::doc_markdown, reason = "the help is printed as it stands")]
    /// Tell a chat, or a program of your own; a target of that name and kind is changed. Its address is a secret: it
    /// is asked for, or taken from RENOWN_NOTIFY_URL.
    #[command(
        after_help = "Examples:\n  renown notify chat ops --by wecom --in zh --at-zone Asia/Shanghai\n  renown notify chat ops --by dingtalk --signed --person Wang=13800000000\n  renown notify chat own --by webhook < address.txt"
    )]
    Chat {
        /// What it is called: letters a-z, digits and hyphens.
        #[arg(value_name = "NAME")]
        name: String,
        /// Which: wecom, dingtalk, feishu (and Lark), slack, teams, webhook (Standard Webhooks).
        #[arg(long, value_name = "KIND")]
        by: Chat,
        #[expect(clippy::doc_markdown, reason = "the help is printed as it stands")]
        /// Its robot checks signatures (DingTalk, Feishu): the secret is asked for, or taken from RENOWN_NOTIFY_SECRET.
        #[arg(long)]
        signed: bool,
        #[command(flatten)]
        reads: ReadsArgs,
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

/// A chat, or a program of the seller's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Chat {
    #[value(help = "group robot of WeCom")]
    Wecom,
    #[value(help = "custom robot of DingTalk")]
    Dingtalk,
    #[value(help = "custom bot of Feishu or Lark")]
    Feishu,
    #[value(help = "incoming webhook of Slack")]
    Slack,
    #[value(help = "workflow of Microsoft Teams")]
    Teams,
    #[value(help = "signed request to a program of your own")]
    Webhook,
}

impl Chat {
    fn channel(self) -> Channel {
        match self {
            Self::Wecom => Channel::Wecom,
            Self::Dingtalk => Channel::Dingtalk,
            Self::Feishu => Channel::Feishu,
            Self::Slack => Channel::Slack,
            Self::Teams => Channel::Teams,
            Self::Webhook => Channel::Webhook,
        }
    }
}

/// Runs `renown notify`.
///
/// # Errors
///
/// If something is no address, zone or name, there is no such target, or the table, SES or a chat
/// does not take it.
pub async fn run(desk: &mut Desk<'_>, args: NotifyArgs) -> anyhow::Result<()> {
    // Addresses lie with the secrets, sealed as `renown up` reads them.
    let open = desk.open_to_call().await?;
    match args.command {
        NotifyCommand::Mail { name, to, from, reads } => {
            for (option, address) in [("--to", &to), ("--from", &from)] {
                if !is_address(address) {
                    return Err(Trouble::usage(text!(
                        "{option} wants one mail address, like ops@team.example",
                        "{option} 须为一个邮箱地址,例如 ops@team.example"
                    ))
                    .into());
                }
            }
            let (name, channel) = (known_name(&name)?, Channel::Mail { to, from });
            refuse_another_kind(&open, &name, &channel).await?;
            let target = reads.target(desk, &open, name, channel).await?;
            put(desk, &open, &target, None).await
        }
        NotifyCommand::Chat { name, by, signed, reads } => {
            refuse_a_demo(&open)?;
            let (name, channel) = (known_name(&name)?, by.channel());
            refuse_another_kind(&open, &name, &channel).await?;
            let target = reads.target(desk, &open, name, channel).await?;
            let Called { hook, made, note } = called(desk, &open, &target, signed).await?;
            open.app.secrets.store_hook_of_target(&target.name, &hook).await?;
            put(desk, &open, &target, made.as_ref().map(Secret::expose)).await?;
            note.map_or(Ok(()), |note| desk.say(&note))
        }
        NotifyCommand::List => list::list(desk, &open).await,
        NotifyCommand::Test { name } => {
            let target = named(&open, &name).await?;
            let outcome = try_out(&open, &target).await?;
            let message = match outcome {
                Outcome::Accepted(message) => message,
                Outcome::Refused(Text { en, zh }) | Outcome::Gone(Text { en, zh }) => {
                    refuse!("{name} cannot be told: {en}", "无法通知 {name}:{zh}")
                }
                Outcome::Later(until) => {
                    let until = desk.style.moment(until);
                    refuse!(
                        "{name} takes nothing before {until}: it got too many messages; then try again",
                        "{name} 在 {until} 之前不接收消息:此前消息过多;请稍后再试"
                    )
                }
                Outcome::Unclear => return Err(unclear(&open, &target).await.into()),
            };
            desk.json(&json!({"target": name, "sent": message}))?;
            let message = if message.is_empty() { String::new() } else { format!(" ({message})") };
            desk.say(&text!("a test notice went to {name}{message}", "测试通知已发往 {name}{message}"))
        }
        NotifyCommand::Remove { name } => {
            let name = known_name(&name)?;
            if !open.app.ledger.remove_target(&name).await? {
                return Err(unknown(&open, &name).await?.into());
            }
            open.app.secrets.remove_hook_of_target(&name).await?;
            desk.json(&json!({"target": name, "removed": true}))?;
            desk.say(&text!("{name} is told nothing any more", "{name} 不再接收通知"))
        }
    }
}

/// Puts a target in force. `made`: what it signs with, which is shown this once.
async fn put(desk: &mut Desk<'_>, open: &Open, target: &Target, made: Option<&str>) -> anyhow::Result<()> {
    open.app.ledger.put_target(target).await?;
    let name = &target.name;
    desk.json(&json!({"target": target, "secret": made}))?;
    desk.say(&text!(
        "{name} is told from now on; `renown notify test {name}` tries it out",
        "{name} 已生效;`renown notify test {name}` 可试发一条"
    ))?;
    let Some(secret) = made else { return Ok(()) };
    desk.say(&text!(
        "Requests to it are signed by Standard Webhooks with this secret, which is shown this once: {secret}",
        "发往它的请求按 Standard Webhooks 签名,密钥仅显示这一次:{secret}"
    ))
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
            "there is no target {name}: `renown notify mail` or `renown notify chat` adds one",
            "没有名为 {name} 的通知对象:可用 `renown notify mail` 或 `renown notify chat` 添加"
        )
    } else {
        text!("there is no target {name}; there are {known}", "没有名为 {name} 的通知对象;现有:{known}")
    }))
}

/// Sends a card that says it is a test, and looks like a case.
async fn try_out(open: &Open, target: &Target) -> anyhow::Result<Outcome> {
    let mut notice = Notice::daily("test", text!("a test", "测试"), open.now)
        .line(text!("This is how an alert arrives.", "告警会以这种方式送达。"))
        .next(text!("nothing", "无"));
    notice.severity = Severity::Info;
    let name = &target.name;
    notice.facts = vec![(text!("Target", "通知对象"), text!("{name}", "{name}"))];
    notice.call = target.people.keys().cloned().collect();
    let card = notice.card(target);
    let Channel::Mail { to, from } = &target.channel else {
        let hook = open.app.secrets.hook_of_target(&target.name).await?;
        return Ok(chats(open)?.send(&target.channel, &hook, &card, &notice.id, open.now).await);
    };
    let mail = match Message::to_operator(from, to, &card.letter(), open.now) {
        Ok(mail) => mail,
        Err(why) => return Ok(Outcome::Refused(text!("{why}", "邮件无法生成({why})"))),
    };
    Ok(operators_outbox(open)?.send_notice(&format!("test-{}", target.name), &mail).await)
}

/// Why it is not known whether a test arrived, as far as that can be found out.
async fn unclear(open: &Open, target: &Target) -> Trouble {
    let name = &target.name;
    let host = match open.app.secrets.hook_of_target(name).await {
        Ok(hook) => {
            check(&target.channel, hook.url.expose()).ok().and_then(|uri| uri.host().map(String::from))
        }
        Err(_) => None,
    };
    let Some(host) = host else {
        return Trouble::new(text!(
            "{name}: no clear answer came; see the log, then try again",
            "{name}:没有明确的应答;请查看日志后重试"
        ));
    };
    // Its address is a secret, its host is none.
    Trouble::new(match tokio::net::lookup_host((host.as_str(), 443)).await {
        Err(_) => text!(
            "{name} cannot be told: the host {host} of its address is not found; see that it is spelt right and that this machine is online, and set it anew with `renown notify chat {name}`",
            "无法通知 {name}:找不到其地址中的主机 {host};请检查拼写及本机网络,并用 `renown notify chat {name}` 重新设置"
        ),
        Ok(_) => text!(
            "{name}: {host} gave no clear answer; see that it can be reached from this machine, then try again",
            "{name}:{host} 没有明确的应答;请确认本机可以访问它,然后重试"
        ),
    })
}

/// A demo calls nobody, and so keeps nobody's address.
fn refuse_a_demo(open: &Open) -> anyhow::Result<()> {
    let Place::Folder(here) = &open.place else { return Ok(()) };
    if matches!(here.folder.kind()?, Some(Kind::Demo { .. })) {
        refuse!(
            "the chats of a demo live in the demo alone: `renown up` shows what they get; in a shop's folder `renown notify chat` takes the address of yours",
            "演示中的群聊只存在于演示之中:`renown up` 会显示其收到的内容;请在店铺的数据文件夹中用 `renown notify chat` 设置自己的群"
        );
    }
    Ok(())
}

/// The chats as this shop calls them.
///
/// # Errors
///
/// In a demo, whose chats are in its own process; or if an address is none.
fn chats(open: &Open) -> anyhow::Result<Chats> {
    refuse_a_demo(open)?;
    match &open.place {
        Place::Folder(here) => world::chats(&here.folder.kind()?.unwrap_or(Kind::Remote)),
        Place::Aws(aws) => {
            let instead = Some(aws.stack.chats.clone()).filter(|url| !url.is_empty());
            world::chats(&Kind::Shop { amazon: instead })
        }
    }
}
