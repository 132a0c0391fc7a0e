//! `renown domain`: is a domain ready to send mails?

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renown_core::say::Text;
use renown_core::text;
use serde_json::json;

use crate::desk::Desk;
use crate::domain::live::Resolver;
use crate::domain::{Domain, Finding, Judged, NotADomain, Record, State, Subject, file, judge};
use crate::refuse;
use crate::style::padded;
use crate::told::{Told as _, Trouble};

/// The port of a name server.
const DNS: u16 = 53;
/// Longest file that is taken for answers, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// The domain from which mails of your own shops go out: what DNS says of it, and what to publish.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown domain check mail.shop.example --mail-from bounce.mail.shop.example --selector WORD1 --selector WORD2 --selector WORD3\n  renown domain check mail.shop.example --answers answers.txt"
)]
pub struct DomainArgs {
    #[command(subcommand)]
    command: DomainCommand,
}

#[derive(Debug, Subcommand)]
enum DomainCommand {
    /// Check SPF, DKIM, DMARC and the custom MAIL FROM for Amazon SES: a line each, with the record to publish.
    #[command(
        after_help = "Examples:\n  renown domain check mail.shop.example --mail-from bounce.mail.shop.example --selector WORD1 --selector WORD2 --selector WORD3\n  dig +noall +answer TXT _dmarc.mail.shop.example >> answers.txt\n  renown domain check mail.shop.example --answers answers.txt\n\nWords of Easy DKIM: aws sesv2 get-email-identity --email-identity mail.shop.example --query DkimAttributes.Tokens\nA file of answers has a record a line, as dig prints it or as NAME TXT \"…\"; \"NAME TXT -\" says that there is none.\nExit code 1 if mails would be refused, or that is not known."
    )]
    Check(CheckArgs),
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// The domain in the sender's address, an identity of SES.
    #[arg(value_name = "DOMAIN", value_parser = parse_domain)]
    domain: Domain,
    /// The custom MAIL FROM domain, below it.
    #[arg(long, value_name = "SUB.DOMAIN", value_parser = parse_domain)]
    mail_from: Option<Domain>,
    /// A key's name: each of the three words of Easy DKIM, or the selector of a key of your own.
    #[arg(long = "selector", value_name = "S")]
    selectors: Vec<String>,
    /// DNS answers from a file; nobody is asked.
    #[arg(long, value_name = "FILE", conflicts_with = "server")]
    answers: Option<PathBuf>,
    /// The name server to ask, such as 1.1.1.1 [default: those of this machine]
    #[arg(long, value_name = "ADDRESS", value_parser = parse_server)]
    server: Option<SocketAddr>,
}

fn parse_domain(text: &str) -> Result<Domain, NotADomain> {
    text.parse()
}

fn parse_server(text: &str) -> Result<SocketAddr, String> {
    let bare = || text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, DNS));
    text.parse().or_else(|_| bare()).map_err(|_| "an IP address such as 1.1.1.1".to_owned())
}

/// Runs `renown domain`.
///
/// # Errors
///
/// If the file cannot be read, mails would be refused, or DNS does not say.
pub async fn run(desk: &mut Desk<'_>, args: DomainArgs) -> anyhow::Result<()> {
    let DomainCommand::Check(args) = args.command;
    let CheckArgs { domain, mail_from, selectors, answers, server } = args;
    if let Some(name) = mail_from.as_ref().filter(|name| !name.is_below(&domain)) {
        return Err(Trouble::usage(text!(
            "{name} is not below {domain}: SES wants a name such as bounce.{domain}",
            "{name} 不在 {domain} 之下:SES 要求 bounce.{domain} 这样的名称"
        ))
        .into());
    }
    let selectors = selectors.iter().map(|selector| first_part(selector, &domain)).collect();
    let subject = Subject { domain, mail_from, selectors, region: desk.aws.clone() };
    let judged = match &answers {
        Some(path) => judge(&subject, &read(path)?),
        None => resolver(server)?.judge(&subject).await,
    };
    tell(desk, &subject, &judged)
}

/// A selector, of which its whole name may have been given.
fn first_part(selector: &str, domain: &Domain) -> String {
    let selector = selector.trim().trim_end_matches('.').to_ascii_lowercase();
    let bare =
        selector.strip_suffix(domain.as_str()).map_or(selector.as_str(), |rest| rest.trim_end_matches('.'));
    bare.strip_suffix("._domainkey").unwrap_or(bare).to_owned()
}

fn read(path: &Path) -> anyhow::Result<crate::domain::Answers> {
    let shown = path.display();
    let told = || text!("cannot read {shown}", "无法读取 {shown}");
    let size = std::fs::metadata(path).told(told)?.len();
    if size > MAX_FILE {
        refuse!(
            "{shown} has {size} bytes: no such file is so long",
            "{shown} 有 {size} 字节:这类文件没有这么长"
        );
    }
    let answers = std::fs::read_to_string(path).told(told)?;
    file::read(&answers).map_err(|bad| {
        let (line, Text { en, zh }) = (bad.line, bad.why);
        Trouble::new(text!("{shown}, line {line}: {en}", "{shown} 第 {line} 行:{zh}")).into()
    })
}

fn resolver(server: Option<SocketAddr>) -> anyhow::Result<Resolver> {
    match server {
        Some(server) => Resolver::at(server),
        None => Resolver::of_the_machine(),
    }
    .told(|| {
        text!(
            "the name servers of this machine are not known; name one with --server, such as 1.1.1.1, or give the answers with --answers",
            "不知道本机的域名服务器;请用 --server 指定一个(例如 1.1.1.1),或用 --answers 提供结果"
        )
    })
}

fn tell(desk: &mut Desk<'_>, subject: &Subject, judged: &Judged) -> anyhow::Result<()> {
    let count = |state| judged.findings.iter().filter(|finding| finding.state == state).count();
    let (wrong, unclear) = (count(State::Wrong), count(State::Unclear));
    let Subject { domain, mail_from, .. } = subject;
    desk.json(&json!({"domain": domain.as_str(), "mail_from": mail_from.as_ref().map(Domain::as_str),
        "wrong": wrong, "unclear": unclear, "findings": judged.findings}))?;
    for finding in &judged.findings {
        let Finding { check, state, name, text: Text { en, zh }, publish, .. } = finding;
        let (mark, check) = (state.mark(), padded(check.name(), 9));
        desk.say(&text!("{mark} {check}  {name}: {en}", "{mark} {check}  {name}:{zh}"))?;
        for Record { name, kind, value } in publish {
            desk.say(&text!(
                "             publish: {name}  {kind}  {value}",
                "             发布:{name}  {kind}  {value}"
            ))?;
        }
    }
    if wrong > 0 {
        return Err(Trouble::answered(text!(
            "{domain}: {wrong} things are wrong; put them in order before mails go out",
            "{domain}:有 {wrong} 项有误;请在发信前处理"
        ))
        .into());
    }
    if unclear > 0 {
        return Err(Trouble::answered(text!(
            "{domain}: {unclear} things are not known; nothing known is wrong",
            "{domain}:有 {unclear} 项未知;已知部分没有错误"
        ))
        .into());
    }
    Ok(())
}
