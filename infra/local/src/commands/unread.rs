//! `renown unread`: input that could not be read, kept with its reason.

use clap::{Args, Subcommand};
use renown_core::say::Lang;
use renown_core::text;
use renown_io::app::App;
use serde_json::json;

use crate::aws::Aws;
use crate::desk::Desk;
use crate::folder::Folder;
use crate::place::Place;
use crate::queue;
use crate::style::padded;
use crate::up::UNREAD_SOURCES;

/// List input that could not be read, and read it again after an update.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  renown unread list\n  renown unread retry")]
pub struct UnreadArgs {
    #[command(subcommand)]
    command: UnreadCommand,
}

#[derive(Debug, Subcommand)]
enum UnreadCommand {
    /// List it: where it came from, what is wrong, what to do.
    #[command(after_help = "Example:\n  renown unread list --json")]
    List,
    /// Read the kept messages again: what this version understands is taken in.
    #[command(after_help = "Example:\n  renown unread retry")]
    Retry,
}

/// Runs `renown unread`.
///
/// # Errors
///
/// If the table does not answer, another process works in the folder, or a file cannot be
/// written.
pub async fn run(desk: &mut Desk<'_>, args: UnreadArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    match args.command {
        UnreadCommand::List => {
            let mut all = Vec::new();
            for source in UNREAD_SOURCES {
                let mut of_source = open.app.ledger.unread(source).await?;
                of_source.sort_by_cached_key(|unread| natural(&unread.name));
                all.extend(of_source);
            }
            desk.json(&json!({"unread": all}))?;
            if all.is_empty() {
                return desk.say(&text!("everything was read", "所有输入均已读取"));
            }
            for unread in &all {
                let at = desk.style.moment(unread.at);
                let source = padded(&unread.source, 13);
                let (name, place) = (&unread.name, &unread.place);
                let (source_zh, name_zh) = (padded(source_in_chinese(&unread.source), 13), in_line(name));
                let (en, zh) = (unread.problem_in(Lang::En), unread.problem_in(Lang::Zh));
                desk.say(&text!(
                    "{at}  {source} {name}  {place}: {en}",
                    "{at}  {source_zh} {name_zh}  {place}:{zh}"
                ))?;
            }
            Ok(())
        }
        UnreadCommand::Retry => match &open.place {
            Place::Folder(here) => retry_here(desk, &open.app, &here.folder).await,
            Place::Aws(aws) => redrive(desk, aws).await,
        },
    }
}

/// Where it came from, for a person.
fn source_in_chinese(source: &str) -> &str {
    match source {
        "order-ingest" => "亚马逊通知",
        "report-sync" => "报告",
        "all_orders" => "全部订单报告",
        "fba_shipments" => "FBA 发货报告",
        "import" => "导入文件",
        "bounce-handler" => "邮件事件",
        "shopify" => "Shopify Webhook",
        "webhook" => "店铺 Webhook",
        "shop-import" => "店铺文件",
        other => other,
    }
}

/// A line of a file: `orders.txt 第 11 行`.
fn in_line(name: &str) -> String {
    match name.rsplit_once(" line ") {
        Some((file, line)) if line.bytes().all(|c| c.is_ascii_digit()) => format!("{file} 第 {line} 行"),
        _ => name.to_owned(),
    }
}

/// A key by which line 4 stands before line 11: texts, and between them numbers as numbers.
fn natural(text: &str) -> Vec<(String, u64)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let (mut parts, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (words, tail) = rest.split_at(rest.find(is_digit).unwrap_or(rest.len()));
        let (digits, tail) = tail.split_at(tail.find(|c| !is_digit(c)).unwrap_or(tail.len()));
        parts.push((words.to_owned(), digits.parse().unwrap_or(0)));
        rest = tail;
    }
    parts
}

/// Takes in the kept messages of a folder again.
async fn retry_here(desk: &mut Desk<'_>, app: &App, folder: &Folder) -> anyhow::Result<()> {
    // Whoever works here may be writing to the same file.
    let _lock = folder.lock()?;
    let letters = queue::dead_letters(folder.path())?;
    let (mut again, mut still) = (0, Vec::new());
    for letter in letters {
        let answer = order_ingest::handle(app, letter.as_event()).await?;
        if answer.batch_item_failures.is_empty() {
            again += 1;
        } else {
            still.push(letter);
        }
    }
    let n = still.len();
    queue::keep_dead_letters(folder.path(), &still)?;
    desk.json(&json!({"read": again, "still_unread": n}))?;
    desk.say(&text!(
        "{again} messages were read now; {n} still cannot be and are kept",
        "现已读取 {again} 条消息;仍有 {n} 条无法读取,已保留"
    ))
}

/// Sends the kept messages of a stack back to their queues, from which the functions take them.
async fn redrive(desk: &mut Desk<'_>, aws: &Aws) -> anyhow::Result<()> {
    let mut messages = 0;
    for dead_letters in aws.stack.dead_letters.values() {
        messages += aws.redrive(dead_letters).await?;
    }
    desk.json(&json!({"sent_back": messages}))?;
    desk.say(&text!(
        "{messages} messages go back to their queues; what still cannot be read comes back to the dead letters within minutes (`renown doctor` counts them)",
        "{messages} 条消息已送回队列;仍无法读取的会在几分钟内回到死信队列(`renown doctor` 会统计)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_listed_in_the_order_of_their_numbers() {
        let mut names = ["orders.txt line 11", "orders.txt line 4", "b.txt line 2", "orders.txt"];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(names, ["b.txt line 2", "orders.txt", "orders.txt line 4", "orders.txt line 11"]);
    }
}
