//! `renown support-bundle FILE`: what somebody who helps needs to know, and nobody's name.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use renown_core::mail::Shop as OwnShop;
use renown_core::rules::Rules;
use renown_core::seller::Seller;
use renown_core::text;
use serde_json::{Value, json};

use crate::desk::{Desk, Open};
use crate::folder::{Kind, cannot_write, new_file};
use crate::mails::Sums;
use crate::outlook::Outlook;
use crate::place::Place;
use crate::queue;
use crate::scrub::{Scrubber, hashed};
use crate::told::Told as _;
use crate::up::UNREAD_SOURCES;
use crate::views::Shop;

/// Log lines that are told, the last ones.
const LOG_LINES: usize = 200;
/// Bytes at the end of the log in which they are looked for.
const LOG_TAIL: u64 = 512 * 1024;

/// Write one text file for whoever helps you: versions, settings, sums and log lines, without
/// names, order numbers or secrets.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  renown support-bundle bundle.jsonl")]
pub struct SupportBundleArgs {
    /// A new file. Read it before you give it away.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs `renown support-bundle`.
///
/// # Errors
///
/// If there is no shop, its table does not answer, or the file is there already or cannot be
/// written.
pub async fn run(desk: &mut Desk<'_>, args: SupportBundleArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let shop = Shop::load(&open.app.ledger, open.now).await?;
    let parts = parts(desk, &open, &shop).await?;
    let path = &args.file;
    let shown = path.display();
    let mut file = new_file(path)?;
    for part in &parts {
        writeln!(file, "{part}").told(|| cannot_write(path))?;
    }
    let n = parts.len();
    desk.json(&json!({"file": path, "lines": n}))?;
    desk.say(&text!(
        "{shown} is written ({n} lines of text). Names, order numbers and secrets were taken out; read it before you give it away",
        "已写入 {shown}({n} 行文本)。名称、订单号和密钥均已去除;交给他人之前请先查看"
    ))
}

/// The bundle: one object a line, each with its part.
async fn parts(desk: &Desk<'_>, open: &Open, shop: &Shop) -> anyhow::Result<Vec<Value>> {
    let shops = open.app.ledger.shops().await?;
    let scrubber = scrubber(desk, open, shop, &shops);
    let mut parts = vec![
        json!({"part": "versions", "renown": env!("CARGO_PKG_VERSION"), "os": std::env::consts::OS,
            "arch": std::env::consts::ARCH, "now": open.now}),
        settings(desk),
        place(open)?,
        json!({"part": "totals", "totals": shop.totals()}),
    ];
    let everything = |stop: &renown_core::control::Stop| json!({"since": stop.since, "cause": stop.cause});
    parts.push(json!({"part": "control", "paused": shop.control.stop.as_ref().map(everything),
        "outage": shop.control.outage.as_ref().map(everything)}));
    for seller in &shop.sellers {
        parts.push(of_seller(shop, seller));
    }
    for of_own in &shops {
        parts.push(of_shop(open, shop, of_own).await?);
    }
    for report in &shop.reports {
        let age = report.as_of.map(|at| open.now.duration_since(at).as_hours());
        parts.push(json!({"part": "report", "seller": hashed("seller", report.seller_id.as_str()),
            "report": report.report, "as_of": report.as_of, "age_hours": age, "every_hours": report.every_hours}));
    }
    for source in UNREAD_SOURCES {
        for unread in open.app.ledger.unread(source).await? {
            parts.push(json!({"part": "unread", "source": unread.source, "at": unread.at,
                "place": scrubber.scrub_quotes(&unread.place), "problem": scrubber.scrub_quotes(&unread.problem),
                "dead_letter": unread.dead_letter}));
        }
    }
    for problem in &shop.unreadable {
        parts.push(json!({"part": "problem", "problem": scrubber.scrub_quotes(&problem.en)}));
    }
    if let Some(here) = open.place.here() {
        for line in last_lines(&here.folder.file("renown.log"))? {
            parts.push(json!({"part": "log", "line": scrubber.scrub_log(&line)}));
        }
    }
    Ok(parts)
}

/// One that knows this shop's names and this machine's folders.
fn scrubber(desk: &Desk<'_>, open: &Open, shop: &Shop, shops: &[OwnShop]) -> Scrubber {
    let mut scrubber = Scrubber::default();
    for seller in &shop.sellers {
        scrubber.hide(&seller.alias, "shop");
        scrubber.hide(seller.id.as_str(), "seller");
        scrubber.hide(seller.app.as_str(), "app");
    }
    for shop in shops {
        scrubber.hide(&shop.name, "shop");
        scrubber.hide(&shop.postal_address, "address");
        let domain =
            |text: &str| text.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_owned());
        for address in [Some(&shop.from), shop.reply_to.as_ref(), shop.support_email.as_ref()] {
            scrubber.hide(&address.map_or_else(String::new, |address| domain(address)), "domain");
        }
        // A short word is in every other text; quoted words are left out anyway.
        if shop.id.as_str().len() > 3 {
            scrubber.hide(shop.id.as_str(), "shop");
        }
    }
    if let Some(here) = open.place.here() {
        scrubber.hide_path(here.folder.path(), "data");
    }
    scrubber.hide_path(&desk.environment.dir, "working directory");
    if let Some(dir) = &desk.environment.config_dir {
        scrubber.hide_path(dir, "configuration");
    }
    scrubber
}

/// Which settings there are; paths alone by whether they are set.
fn settings(desk: &Desk<'_>) -> Value {
    let settings = &desk.settings;
    json!({"part": "settings", "lang": format!("{:?}", desk.style.lang).to_lowercase(),
        "zone": desk.style.zone_name(), "data": settings.data.is_some(), "key_file": settings.key_file.is_some(),
        "currency": settings.currency, "per_usd": settings.per_usd})
}

/// What kind of folder it is, and how large its files are; or which region of AWS.
fn place(open: &Open) -> anyhow::Result<Value> {
    let folder = match &open.place {
        Place::Folder(here) => &here.folder,
        Place::Aws(aws) => return Ok(json!({"part": "stack", "region": aws.region})),
    };
    let kind = match folder.kind()? {
        Some(Kind::Demo { seed }) => json!({"kind": "demo", "seed": seed}),
        Some(Kind::Remote) => json!({"kind": "remote"}),
        Some(Kind::Shop { amazon }) => json!({"kind": "shop", "amazon_itself": amazon.is_none()}),
        None => Value::Null,
    };
    let bytes = |name: &str| std::fs::metadata(folder.file(name)).map(|metadata| metadata.len()).ok();
    Ok(json!({"part": "folder", "folder": kind, "table_bytes": bytes("table.sqlite"),
        "log_bytes": bytes("renown.log"), "dead_letters": queue::dead_letters(folder.path())?.len()}))
}

/// A seller by the hashes of its id and alias, with the rules in force.
fn of_seller(shop: &Shop, seller: &Seller) -> Value {
    let Seller { id, alias, region, marketplaces, connected_at, notified_since, .. } = seller;
    let marketplaces: Vec<_> = marketplaces.iter().map(|marketplace| marketplace.info().country).collect();
    let stop = shop.control.seller_stop(id).map(|stop| json!({"since": stop.since, "cause": stop.cause}));
    json!({"part": "seller", "seller": hashed("seller", id.as_str()), "shop": hashed("shop", alias),
        "region": region, "marketplaces": marketplaces, "connected_at": connected_at,
        "notified_since": notified_since, "subscriptions": seller.subscriptions.len(),
        "live_since": shop.control.live_since(id), "stop": stop, "rules": rules(shop.rules(id))})
}

/// A shop by the hash of its id, with its rules and sums; nothing of its orders and customers.
async fn of_shop(open: &Open, shop: &Shop, own: &OwnShop) -> anyhow::Result<Value> {
    let mut sums = Sums::default();
    let outlook = Outlook::of(&open.app.ledger, &own.seller, open.now).await?;
    let live_since = shop.control.shop_live_since(&own.id);
    let each = open.app.ledger.each_shop_order(&own.id, |order| {
        if let Ok(order) = order {
            for (kind, mail) in &order.mails {
                sums.count(mail, outlook.will_skip(own, live_since, &order, (*kind, mail)));
            }
        }
    });
    each.await?;
    let stop = shop.control.shop_stop(&own.id).map(|stop| json!({"since": stop.since, "cause": stop.cause}));
    Ok(
        json!({"part": "shop", "shop": hashed("shop", own.id.as_str()), "seller": hashed("seller", own.seller.as_str()),
        "locale": own.locale, "country": own.country, "live_since": live_since,
        "stop": stop, "mails": own.mails, "sums": sums}),
    )
}

/// The rules with what the operator has written in its own words as hashes: items and arms.
fn rules(rules: &Rules) -> Value {
    let mut object = json!(rules);
    hide_words(&mut object);
    object
}

fn hide_words(value: &mut Value) {
    /// Members of the rules that hold the operator's own words.
    const WORDS: [&str; 4] = ["skus", "asins", "only_asins", "name"];
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(word) if WORDS.contains(&name.as_str()) => *word = hashed("word", word),
                    Value::Array(list) if WORDS.contains(&name.as_str()) => {
                        for word in list {
                            *word = Value::from(hashed("word", word.as_str().unwrap_or_default()));
                        }
                    }
                    _ => hide_words(member),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(hide_words),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The last lines of the log; none without one.
fn last_lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let shown = path.display();
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).told(|| text!("cannot read {shown}", "无法读取 {shown}")),
    };
    let mut bytes = Vec::new();
    let read = file.metadata().and_then(|metadata| {
        file.seek(SeekFrom::Start(metadata.len().saturating_sub(LOG_TAIL)))?;
        file.take(LOG_TAIL).read_to_end(&mut bytes)
    });
    read.told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<_> = text.lines().collect();
    Ok(lines.iter().skip(lines.len().saturating_sub(LOG_LINES)).map(|line| (*line).to_owned()).collect())
}
