//! `renown suppress`: addresses that are not written to. Addresses go in, keyed hashes come out:
//! an address cannot be read back.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use renown_core::ids::Person;
use renown_core::mail::Suppression;
use renown_core::mail::shop::is_address;
use renown_core::mail::suppression::{Lifted, Reason, Scope};
use renown_core::say::Text;
use renown_core::text;
use renown_io::mail::Keys;
use serde_json::json;

use crate::commands::mail::outbox;
use crate::desk::{Desk, Open};
use crate::folder::{cannot_write, new_file};
use crate::place::Place;
use crate::refuse;
use crate::told::{Told as _, Trouble};

/// Characters of a note that are kept.
const NOTE_CHARS: usize = 200;
/// Bad lines of a file that are shown to a person.
const SHOWN: usize = 10;

/// List, add and remove addresses that are not written to, and move lists of them.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown suppress list\n  renown suppress add ana@shop.example\n  renown suppress import unsubscribed.csv --reason unsubscribed --seller A1MORNINGHOME\n  renown suppress export list.csv\n  renown suppress remove ana@shop.example --because 'asked for it by mail on 3 November'"
)]
pub struct SuppressArgs {
    #[command(subcommand)]
    command: SuppressCommand,
}

#[derive(Debug, Subcommand)]
enum SuppressCommand {
    /// List them, by keyed hash.
    List(Whose),
    /// Add an address.
    Add {
        /// The address, or its keyed hash.
        #[arg(value_name = "ADDRESS")]
        address: String,
        #[command(flatten)]
        whose: Whose,
        /// Why.
        #[arg(long, value_name = "REASON", default_value = "by_hand", value_parser = reasons())]
        reason: String,
        /// A few words, without names.
        #[arg(long, value_name = "WORDS", default_value = "")]
        note: String,
    },
    /// Take an address off the list.
    Remove {
        /// The address, or its keyed hash.
        #[arg(value_name = "ADDRESS")]
        address: String,
        #[command(flatten)]
        whose: Whose,
        /// Why, where its owner had wished not to be written to; it is noted.
        #[arg(long, value_name = "WORDS")]
        because: Option<String>,
    },
    /// Add all of a file: addresses or hashes, one a line, or CSV with a column email, address or hash.
    Import {
        /// The file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        whose: Whose,
        /// Why, where the file does not say it.
        #[arg(long, value_name = "REASON", default_value = "by_hand", value_parser = reasons())]
        reason: String,
    },
    /// Write the list into a new file: hash, reason, since, note.
    Export {
        /// The file, CSV.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        whose: Whose,
    },
}

#[derive(Debug, Args)]
struct Whose {
    /// For the shops of one seller: its id or alias; without it, for everybody.
    #[arg(long, value_name = "SELLER")]
    seller: Option<String>,
}

fn reasons() -> clap::builder::PossibleValuesParser {
    Reason::ALL.map(Reason::name).into()
}

/// Runs `renown suppress`.
///
/// # Errors
///
/// If something is no address, an owner's own wish would be overruled without a word, or a file
/// or the table cannot be read or written.
pub async fn run(desk: &mut Desk<'_>, args: SuppressArgs) -> anyhow::Result<()> {
    // A look at the list takes no keys.
    let is_look = matches!(args.command, SuppressCommand::List(_) | SuppressCommand::Export { .. });
    let open = if is_look { desk.open().await? } else { desk.open_to_call().await? };
    match args.command {
        SuppressCommand::List(whose) => list(desk, &open, &whose).await,
        SuppressCommand::Add { address, whose, reason, note } => {
            let (keys, scope) = (open.mail_keys().await?, scope(&open, &whose).await?);
            let person = person(&keys, &address)?;
            let entry = Suppression { reason: of_name(&reason), at: open.now, note: note_of(&note) };
            let is_new = open.app.ledger.suppress(&scope, &person, &entry).await?;
            desk.json(&json!({"hash": person, "scope": scope.to_string(), "added": is_new}))?;
            let Text { en, zh } = scope.text();
            desk.say(&if is_new {
                text!("{person} is not written to any more ({en})", "{person} 不再接收邮件({zh})")
            } else {
                text!("{person} was on the list already ({en})", "{person} 已在名单中({zh})")
            })
        }
        SuppressCommand::Remove { address, whose, because } => {
            remove(desk, &open, &address, &whose, because.as_deref()).await
        }
        SuppressCommand::Import { file, whose, reason } => {
            import(desk, &open, &file, &whose, of_name(&reason)).await
        }
        SuppressCommand::Export { file, whose } => export(desk, &open, &file, &whose).await,
    }
}

async fn scope(open: &Open, whose: &Whose) -> anyhow::Result<Scope> {
    Ok(match &whose.seller {
        None => Scope::Account,
        Some(named) => Scope::Seller(open.seller(Some(named)).await?.id),
    })
}

/// The lists that are meant: that of a seller, or all there are.
async fn scopes(open: &Open, whose: &Whose) -> anyhow::Result<Vec<Scope>> {
    if whose.seller.is_some() {
        return Ok(vec![scope(open, whose).await?]);
    }
    let sellers = open.app.ledger.sellers().await?;
    let of_sellers = sellers.into_iter().map(|seller| Scope::Seller(seller.id));
    Ok(std::iter::once(Scope::Account).chain(of_sellers).collect())
}

fn of_name(name: &str) -> Reason {
    Reason::of_name(name).unwrap_or(Reason::ByHand)
}

fn note_of(note: &str) -> String {
    let words = note.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(NOTE_CHARS).collect()
}

/// Who stands behind an address, or behind a hash as this program writes it.
fn known_person(keys: &Keys, text: &str) -> Option<Person> {
    let text = text.trim();
    text.parse().ok().or_else(|| is_address(text).then(|| keys.person(text)))
}

fn person(keys: &Keys, text: &str) -> anyhow::Result<Person> {
    known_person(keys, text).ok_or_else(|| {
        // What was typed may name somebody, so it is not shown.
        Trouble::usage(text!(
            "that is no address and no hash of one: write ana@shop.example, or 32 hexadecimal digits",
            "这既不是邮箱地址也不是其哈希:请写 ana@shop.example,或 32 位十六进制数"
        ))
        .into()
    })
}

async fn list(desk: &mut Desk<'_>, open: &Open, whose: &Whose) -> anyhow::Result<()> {
    let (mut objects, mut lines, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
    let mut lifted_objects = Vec::new();
    for scope in scopes(open, whose).await? {
        let Text { en: whom, zh: whom_zh } = scope.text();
        for entry in open.app.ledger.suppressions(&scope).await? {
            let (person, entry) = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    unreadable.push(renown_io::say::table(&error));
                    continue;
                }
            };
            let Suppression { reason, at, note } = &entry;
            objects.push(json!({"hash": person, "scope": scope.to_string(), "reason": reason, "since": at, "note": note}));
            let (since, Text { en, zh }) = (desk.style.moment(*at), reason.text());
            let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
            lines.push(text!(
                "{person}  {since}  {whom}  {en}{note}",
                "{person}  {since}  {whom_zh}  {zh}{note}"
            ));
        }
        for (person, lifted) in open.app.ledger.lifted(&scope).await? {
            let Lifted { was, because, at } = &lifted;
            lifted_objects.push(json!({"hash": person, "scope": scope.to_string(), "was": was.reason, "at": at, "because": because}));
            let (since, Text { en, zh }) = (desk.style.moment(*at), was.reason.text());
            lines.push(text!(
                "{person}  {since}  {whom}  taken off the list ({en}), because: {because}",
                "{person}  {since}  {whom_zh}  已移出名单({zh}),原因:{because}"
            ));
        }
    }
    let unread: Vec<_> = unreadable.iter().map(|text| desk.style.say(text)).collect();
    desk.json(&json!({"suppressed": objects, "lifted": lifted_objects, "unreadable": unread}))?;
    if lines.is_empty() {
        desk.say(&text!("no address is suppressed", "没有被抑制的地址"))?;
    }
    for line in &lines {
        desk.say(line)?;
    }
    for Text { en, zh } in &unreadable {
        desk.say(&text!("! {en}", "! {zh}"))?;
    }
    Ok(())
}

async fn remove(
    desk: &mut Desk<'_>,
    open: &Open,
    address: &str,
    whose: &Whose,
    because: Option<&str>,
) -> anyhow::Result<()> {
    let keys = open.mail_keys().await?;
    let person = person(&keys, address)?;
    let because = because.map(note_of).filter(|words| !words.is_empty());
    let mut removed = Vec::new();
    for scope in scopes(open, whose).await? {
        let Some(entry) = open.app.ledger.suppressed_in(&scope, &person).await? else { continue };
        if entry.reason.is_the_owners_wish() {
            let Some(because) = &because else {
                let (Text { en: whom, zh: whom_zh }, Text { en, zh }) = (scope.text(), entry.reason.text());
                refuse!(
                    "{person} ({whom}): {en}. It was its owner's wish: say with --because why it no longer is, such as \"wrote on 3 November that mails are wanted again\"; it is noted",
                    "{person}({whom_zh}):{zh}。这是收件人本人的意愿:请用 --because 说明为何不再适用,例如“11 月 3 日来信表示希望再次接收”;该说明会被记录"
                );
            };
            let lifted = Lifted { was: entry, because: because.clone(), at: open.now };
            open.app.ledger.note_lifted(&scope, &person, &lifted).await?;
        }
        open.app.ledger.unsuppress(&scope, &person).await?;
        removed.push(scope);
    }
    if removed.is_empty() {
        refuse!(
            "{person} is not on the list; `renown suppress list` shows who is",
            "{person} 不在名单中;`renown suppress list` 会列出名单"
        );
    }
    // SES drops what stands on its own list of the account, whatever Renown's says.
    let of_ses = match (&open.place, is_address(address.trim()) && removed.contains(&Scope::Account)) {
        (Place::Aws(_), true) => Some(outbox(open)?.unsuppress(address.trim()).await),
        _ => None,
    };
    let names: Vec<_> = removed.iter().map(ToString::to_string).collect();
    let texts: Vec<_> = removed.iter().map(Scope::text).collect();
    let from = texts.iter().map(|text| text.en.as_str()).collect::<Vec<_>>().join(", ");
    let from_zh = texts.iter().map(|text| text.zh.as_str()).collect::<Vec<_>>().join("、");
    let is_off_ses = of_ses.as_ref().map(|done| done.as_ref().is_ok_and(|was| *was));
    desk.json(&json!({"hash": person, "removed_from": names, "removed_from_ses": is_off_ses}))?;
    desk.say(&match of_ses {
        None => text!(
            "{person} is off the list ({from}). What SES keeps on its own list for the account stays there",
            "{person} 已移出名单({from_zh})。SES 为账户保存的名单不受影响"
        ),
        Some(Ok(_)) => text!(
            "{person} is off the list ({from}), and off that which SES keeps for the account",
            "{person} 已移出名单({from_zh}),也已移出 SES 为账户保存的名单"
        ),
        Some(Err(why)) => text!(
            "{person} is off the list ({from}), but SES did not take it off its own ({why}): mails to it are dropped there; run this again",
            "{person} 已移出名单({from_zh}),但 SES 未能将其移出自己的名单({why}):发往该地址的邮件仍会被丢弃;请重新执行"
        ),
    })
}

/// Where a file's columns stand; one without a heading is a list of addresses.
struct Columns {
    person: usize,
    reason: Option<usize>,
    since: Option<usize>,
    note: Option<usize>,
}

impl Columns {
    fn of(heading: &csv::StringRecord) -> Option<Self> {
        let find = |names: &[&str]| {
            heading.iter().position(|cell| {
                let cell = cell.trim_start_matches('\u{feff}').trim().to_lowercase();
                names.contains(&cell.as_str())
            })
        };
        let person = find(&["hash", "email", "address", "e-mail", "email address", "邮箱"])?;
        Some(Self { person, reason: find(&["reason"]), since: find(&["since"]), note: find(&["note"]) })
    }
}

async fn import(
    desk: &mut Desk<'_>,
    open: &Open,
    file: &Path,
    whose: &Whose,
    usual: Reason,
) -> anyhow::Result<()> {
    let (keys, scope) = (open.mail_keys().await?, scope(open, whose).await?);
    let shown = file.display();
    let bytes = std::fs::read(file).told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
    let content = String::from_utf8_lossy(&bytes);
    let mut rows =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(content.as_bytes());
    let (mut columns, mut added, mut there, mut bad) = (None::<Columns>, 0_u64, 0_u64, Vec::new());
    for (n, row) in rows.records().enumerate() {
        let Ok(row) = row else { continue };
        let line = row.position().map_or(n as u64 + 1, |position| line_at(&content, position.byte()));
        if n == 0 {
            columns = Columns::of(&row);
            if columns.is_some() {
                continue;
            }
        }
        let cell =
            |at: Option<usize>| at.and_then(|at| row.get(at)).map(str::trim).filter(|cell| !cell.is_empty());
        let of = |choose: fn(&Columns) -> Option<usize>| cell(columns.as_ref().and_then(choose));
        let text = cell(Some(columns.as_ref().map_or(0, |columns| columns.person)));
        let Some(text) = text else { continue };
        let Some(person) = known_person(&keys, text.trim_start_matches('\u{feff}')) else {
            bad.push(line);
            continue;
        };
        let reason = of(|columns| columns.reason).and_then(Reason::of_name).unwrap_or(usual);
        let at =
            of(|columns| columns.since).and_then(|since| since.parse::<Timestamp>().ok()).unwrap_or(open.now);
        let entry = Suppression { reason, at, note: note_of(of(|columns| columns.note).unwrap_or_default()) };
        if open.app.ledger.suppress(&scope, &person, &entry).await? {
            added += 1;
        } else {
            there += 1;
        }
    }
    let n_bad = bad.len();
    desk.json(&json!({"file": file, "scope": scope.to_string(), "added": added, "already_there": there, "bad_lines": bad}))?;
    let Text { en: whom, zh: whom_zh } = scope.text();
    desk.say(&text!(
        "{shown}: {added} added, {there} on the list already, {n_bad} bad lines ({whom})",
        "{shown}:新增 {added} 个,已在名单中 {there} 个,有误 {n_bad} 行({whom_zh})"
    ))?;
    for line in bad.iter().take(SHOWN) {
        desk.say(&text!(
            "  ! line {line}: neither an address nor a hash",
            "  ! 第 {line} 行:既不是邮箱地址也不是哈希"
        ))?;
    }
    if n_bad > SHOWN {
        let more = n_bad - SHOWN;
        desk.say(&text!("  … {more} more", "  … 另有 {more} 行"))?;
    }
    Ok(())
}

async fn export(desk: &mut Desk<'_>, open: &Open, file: &Path, whose: &Whose) -> anyhow::Result<()> {
    let scope = scope(open, whose).await?;
    let out = new_file(file)?;
    let mut csv = csv::Writer::from_writer(out);
    let (mut n, mut unreadable) = (0_u64, 0_u64);
    csv.write_record(["hash", "reason", "since", "note"])?;
    for entry in open.app.ledger.suppressions(&scope).await? {
        match entry {
            Ok((person, Suppression { reason, at, note })) => {
                csv.write_record([person.as_str(), reason.name(), &at.to_string(), &note])?;
                n += 1;
            }
            Err(_) => unreadable += 1,
        }
    }
    csv.flush().told(|| cannot_write(file))?;
    let shown = file.display();
    desk.json(&json!({"file": file, "scope": scope.to_string(), "entries": n, "unreadable": unreadable}))?;
    let Text { en: whom, zh: whom_zh } = scope.text();
    desk.say(&text!(
        "{n} entries of {whom} in {shown}. Hashes mean something to the keys of this Renown alone",
        "已将{whom_zh}的 {n} 条写入 {shown}。这些哈希只对本 Renown 的密钥有意义"
    ))?;
    if unreadable > 0 {
        desk.say(&text!(
            "! {unreadable} entries cannot be read and are not in it",
            "! 有 {unreadable} 条无法读取,未写入"
        ))?;
    }
    Ok(())
}

/// The line on which a row begins that was read from an offset: the reader passes over empty lines
/// before it.
fn line_at(content: &str, offset: u64) -> u64 {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(content.len());
    let (before, from) = content.split_at_checked(offset).unwrap_or((content, ""));
    let empty = &from[..from.len() - from.trim_start_matches(['\n', '\r']).len()];
    (before.matches('\n').count() + empty.matches('\n').count()) as u64 + 1
}
