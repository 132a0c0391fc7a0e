//! Mails written, and what SES tells of them taken in, beside the same jobs in Python's standard
//! library.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use aws_lambda_events::sqs::SqsEvent;
use jiff::Timestamp;
use renown_core::mail::contact::Consent;
use renown_core::mail::draft::forbidden;
use renown_core::mail::template::{Template, built_in, footer};
use renown_core::mail::{Addressee, Contact, Facts, Kind, Language, Line, MailRules, Shop, ShopOrder};
use renown_io::ledger::Ledger;
use renown_io::mail::{Keys, Message};
use renown_local::dynamo::{TABLE, client_over};
use renown_tests::mail::{MailWorld, PUBLIC_URL, order};
use renown_tests::ses::{Taken, bounce, event};
use serde::Deserialize;
use serde_json::json;
use ses_send::{Judged, Reader, Texts, Writer};

use crate::figures::Report;
use crate::meter::{Meter, Share, Used, float, metered, per};
use crate::python::run as run_command;
use crate::shop::{Time, runtime};
use crate::{Bench, Size};

/// The jobs in Python.
const SCRIPT: &str = include_str!("../python/mail.py");
/// Messages of one batch, as SQS hands them to bounce-handler.
const BATCH: usize = 10;
/// Every so many mails one bounces: below what pulls the brake.
const BOUNCES_EVERY: usize = 100;
/// When everything happens: a Monday, 10:00 in Berlin.
const NOW: &str = "2026-11-02T09:00:00Z";
const LANGUAGES: [Language; 7] =
    [Language::De, Language::En, Language::Es, Language::Fr, Language::It, Language::Ja, Language::Zh];

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Load {
    mails: u32,
    shops: u32,
    orders_each: u32,
}

/// What Python says of a job.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Told {
    done: u64,
    result: u64,
    wall: f64,
    cpu: f64,
}

/// Measures both.
///
/// # Errors
///
/// If a mail is not written, an event not taken in, or Python does something else.
pub fn run(size: Size, scratch: &Path) -> anyhow::Result<Report> {
    let full = Load { mails: 14_000, shops: 8, orders_each: 500 };
    let load = size.of(Load { mails: 70, shops: 1, orders_each: 20 }, full);
    let script = scratch.join("mail.py");
    std::fs::write(&script, SCRIPT).with_context(|| format!("cannot write {}", script.display()))?;
    let has_python = Command::new("python3").arg("--version").output().is_ok();
    let mut report = Report::new(Bench::Mail);
    runtime(Time::Virtual)?.block_on(async {
        let world = MailWorld::new(NOW.parse()?).await;
        let keys = Keys::read(&world.app.secrets).await?;
        writing(&world, &keys, load, &mut report).await?;
        if has_python {
            let file = scratch.join("templates.json");
            let texts: BTreeMap<_, _> = LANGUAGES.into_iter().map(|of| (of.code(), whole(of))).collect();
            std::fs::write(&file, serde_json::to_string(&texts)?)?;
            let n = load.mails.to_string();
            let told = python(&script, &["write", &file.display().to_string(), &n])?;
            anyhow::ensure!(told.done == u64::from(load.mails) && told.result > 0, "{told:?}");
            beside(&mut report, "mails", told);
        }
        let lines = hearing(world, load, &mut report).await?;
        if has_python {
            let file = scratch.join("mail-events.jsonl");
            std::fs::write(&file, lines.join("\n"))?;
            let told = python(&script, &["hear", &file.display().to_string()])?;
            let (events, bounced) = (report.value("events"), report.value("bounces"));
            anyhow::ensure!(
                events == Some(float(told.done)) && bounced == Some(float(told.result)),
                "Python did something else: {told:?}"
            );
            beside(&mut report, "events", told);
        } else {
            report.note("Python is left out: there is no python3 on this machine");
        }
        anyhow::Ok(())
    })?;
    Ok(report)
}

/// A template with its footer.
fn whole(language: Language) -> String {
    format!("{}\n\n{}", built_in(Kind::Invitation, language), footer(language))
}

fn python(script: &Path, args: &[&str]) -> anyhow::Result<Told> {
    let told = run_command(Command::new("python3").arg(script).args(args))?;
    serde_json::from_slice(&told).context("the script answers otherwise than thought")
}

fn beside(report: &mut Report, what: &str, told: Told) {
    let n = float(told.done);
    let ours = report.value(&format!("{what}_cpu")).unwrap_or_default();
    let cpu = per(told.cpu * 1e6, n);
    report.figure(
        &format!("{what}_python_per_second"),
        &format!("{what} a second, Python"),
        per(n, told.wall),
        "/s",
    );
    report.figure(&format!("{what}_python_cpu"), "  CPU each, Python", cpu, "µs");
    report.ratio(&format!("{what}_python"), "  Python's CPU beside ours", per(cpu, ours));
}

fn told(report: &mut Report, what: &str, n: f64, used: Used) {
    report.figure(
        &format!("{what}_per_second"),
        &format!("{what} a second, one core"),
        per(n, used.wall.as_secs_f64()),
        "/s",
    );
    report.figure(&format!("{what}_cpu"), "  CPU each", per(used.cpu.as_secs_f64() * 1e6, n), "µs");
}

/// Mails as the function that sends writes them: text chosen, linted and rendered, links sealed,
/// MIME made.
async fn writing(world: &MailWorld, keys: &Keys, load: Load, report: &mut Report) -> anyhow::Result<()> {
    let shop = world.add_shop("paper", MailRules::default()).await;
    let now = world.clock.now();
    let meter = Meter::start();
    let mut bytes = 0;
    for n in 0..load.mails {
        let language = LANGUAGES[usize::try_from(n)? % LANGUAGES.len()];
        bytes += write(keys, &shop, n, language, now)?.bytes.len();
    }
    let used = meter.used();
    anyhow::ensure!(bytes > 1_000 * usize::try_from(load.mails)?, "mails of {bytes} bytes in all");

    let templates =
        LANGUAGES.map(|language| (language, Template::parse(built_in(Kind::Invitation, language))));
    let meter = Meter::start();
    for (language, template) in templates.iter().cycle().take(usize::try_from(load.mails)?) {
        let template = template.as_ref().map_err(|mistake| anyhow::anyhow!("{mistake}"))?;
        let rule = forbidden(template, *language, now);
        anyhow::ensure!(rule.is_none(), "a text of ours breaks {rule:?}");
    }
    let linting = meter.used();

    let n = f64::from(load.mails);
    told(report, "mails", n, used);
    report.figure("lint_cpu", "  beside it the linter alone", per(linting.cpu.as_secs_f64() * 1e6, n), "µs");
    report.figure("mails", "mails written, in seven languages", n, "");
    Ok(())
}

fn write(keys: &Keys, shop: &Shop, n: u32, language: Language, now: Timestamp) -> anyhow::Result<Message> {
    let to = Addressee { email: format!("c{n}@post.example"), name: Some("Ana Muster".to_owned()) };
    let contact = Contact {
        person: keys.person(&to.email),
        sealed: String::new(),
        locale: Some(language.code().to_owned()),
        country: None,
        consent: Some(Consent { given: true, source: "bench".to_owned(), at: now }),
        as_of: now,
    };
    let mut order = ShopOrder::new(shop.id.clone(), n.to_string().parse()?, now);
    order.facts = Facts {
        number: format!("#{n}"),
        lines: vec![Line { sku: "T-1".to_owned(), title: "Sencha".to_owned() }],
        ..Facts::default()
    };
    let reader = Reader { contact: &contact, to: &to };
    // Nothing is remembered from mail to mail: each is linted anew.
    let (texts, judged) = (Texts::default(), Judged::default());
    let writer = Writer { keys, public_url: PUBLIC_URL, shop, texts: &texts, judged: &judged };
    let written = writer.write(&order, Kind::Invitation, reader, now);
    let written = written.map_err(|why| anyhow::anyhow!("no mail: {why:?}"))?;
    Ok(Message::to_customer(shop, &to, &written.rendered, &written.unsubscribe_url, now)?)
}

/// What SES tells of mails that it took, through the handler itself over the embedded store.
/// Returns the batches.
async fn hearing(mut world: MailWorld, load: Load, report: &mut Report) -> anyhow::Result<Vec<String>> {
    let taken = sent(&world, load).await?;
    let bodies: Vec<String> = taken.iter().enumerate().flat_map(|(n, mail)| events(n, mail)).collect();
    let batches: Vec<SqsEvent> = bodies.chunks(BATCH).map(renown_tests::event).collect();
    let lines = batches.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;

    let store = Share::default();
    let client = world.dynamo.client();
    let engine = client.config().http_client().context("the client has an engine")?;
    world.app.ledger = Ledger::new(client_over(metered(engine, &store)), TABLE, "bench");
    let meter = Meter::start();
    for batch in batches {
        let answer = bounce_handler::handle(&world.app, batch).await?;
        anyhow::ensure!(answer.batch_item_failures.is_empty(), "{answer:?}");
    }
    let used = meter.used();

    let control = world.app.ledger.control(world.clock.now()).await?;
    let shops = world.app.ledger.shops().await?;
    let is_stopped = shops.iter().any(|shop| control.control().shop_stop(&shop.id).is_some());
    anyhow::ensure!(!is_stopped, "the brake was pulled");
    let (seller, keys) = ("A1SELLER".parse()?, Keys::read(&world.app.secrets).await?);
    let mut suppressed = 0;
    for mail in taken.iter().step_by(BOUNCES_EVERY) {
        let entry = world.app.ledger.suppression(&seller, &keys.person(&mail.to)).await?;
        suppressed += usize::from(entry.is_some());
    }
    let bounces = taken.len().div_ceil(BOUNCES_EVERY);
    anyhow::ensure!(suppressed == bounces, "{suppressed} of {bounces} suppressed");

    let n = float(bodies.len());
    told(report, "events", n, used);
    report.figure(
        "events_store_cpu",
        "  of it the embedded store",
        per(store.cpu().as_secs_f64() * 1e6, n),
        "µs",
    );
    report.figure("events", "events in batches of ten", n, "");
    report.figure("bounces", "bounces among them", float(bounces), "");
    Ok(lines)
}

/// Mails that left by the real way: orders by webhook, sent when they were due.
async fn sent(world: &MailWorld, load: Load) -> anyhow::Result<Vec<Taken>> {
    // All of a shop's mails have one text and are due on one day.
    let rules = MailRules { reminders: 0, most_of_same_text: load.orders_each, ..MailRules::default() };
    for s in 0..load.shops {
        let shop = format!("shop{s}");
        world.add_live_shop(&shop, rules.clone()).await;
        for n in 0..load.orders_each {
            let id = format!("{s}-{n}");
            world.hook(&shop, &order(&id, &format!("c{id}@post.example"), world.clock.now())).await;
        }
    }
    world.pass_days(9).await;
    let taken = world.ses.taken();
    let expected = usize::try_from(load.shops * load.orders_each)?;
    anyhow::ensure!(taken.len() == expected, "{} of {expected} mails left", taken.len());
    Ok(taken)
}

/// What SES tells of one mail, wrapped by SNS.
fn events(n: usize, mail: &Taken) -> Vec<String> {
    let at = mail.at.to_string();
    let arrived = if n.is_multiple_of(BOUNCES_EVERY) {
        bounce(mail, "Permanent", "NoEmail", "5.1.1", mail.at)
    } else {
        event("Delivery", mail, "delivery", json!({"timestamp": at, "recipients": [mail.to]}))
    };
    let all = [event("Send", mail, "send", json!({})), arrived];
    let wrapped =
        |body: String| json!({"Type": "Notification", "MessageId": "1", "Message": body}).to_string();
    all.into_iter().map(wrapped).collect()
}
