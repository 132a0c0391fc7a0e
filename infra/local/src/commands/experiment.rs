//! `renown experiment`: tests of ways to write a shop's mails.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use renown_core::mail::Shop;
use renown_core::mail::experiment::outcome::{Difference, Interval, Measure, Stage, Tally};
use renown_core::mail::experiment::{Experiment, Plan};
use renown_core::say::Text;
use renown_core::text;
use serde_json::{Value, json};

use crate::desk::{Desk, Open};
use crate::refuse;
use crate::settings::line_of;
use crate::told::{Told as _, Trouble};
use crate::toml_words;

/// Where nothing is known of a shop, one in ten is taken to follow the link.
const USUAL_SHARE: f64 = 0.1;

/// Compare ways to write a mail: wording, subject, hour. Orders are drawn by hash, the sample is
/// fixed beforehand, nothing is applied by itself.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  renown experiment start subject.toml --shop tea\n  renown experiment show --shop tea\n  renown experiment stop subject --shop tea\n\nA file:\n  name = \"subject\"\n  mail = \"invitation\"\n  sample = 400          # mails of each arm\n  measure = \"clicked\"   # or \"opened\"\n  [[arms]]\n  name = \"usual\"\n  texts = [\"review-invitation/de/built-in\"]\n  [[arms]]\n  name = \"short\"\n  texts = [\"review-invitation/de/1\"]   # approved with --for-tests\n  hours = { from = 18, to = 20 }"
)]
pub struct ExperimentArgs {
    #[command(subcommand)]
    command: ExperimentCommand,
    /// The shop; may be left out where there is one alone.
    #[arg(long, global = true, value_name = "SHOP")]
    shop: Option<String>,
}

#[derive(Debug, Subcommand)]
enum ExperimentCommand {
    /// Begin a test. One at a time is about the same mails.
    Start {
        /// The file, TOML.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Show every test: how far it is, shares with their intervals, and the difference once the sample is full.
    Show,
    /// End a test; everybody is written to as usual again.
    Stop {
        /// Its name.
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Runs `renown experiment`.
///
/// # Errors
///
/// If a file holds mistakes, there is no such test, another is about the same mails, or the table
/// does not answer.
pub async fn run(desk: &mut Desk<'_>, args: ExperimentArgs) -> anyhow::Result<()> {
    let open = desk.open().await?;
    let shop = open.shop(args.shop.as_deref()).await?;
    match args.command {
        ExperimentCommand::Start { file } => start(desk, &open, &shop, &file).await,
        ExperimentCommand::Show => show(desk, &open, &shop).await,
        ExperimentCommand::Stop { name } => {
            let Some(test) = open.app.ledger.end_experiment(&shop.id, &name, open.now).await? else {
                let shop = &shop.id;
                refuse!(
                    "{shop} has no test {name}; `renown experiment show` lists them",
                    "{shop} 没有测试 {name};`renown experiment show` 会列出全部"
                );
            };
            desk.json(&json!(test))?;
            desk.say(&text!(
                "{name} is over: everybody is written to as usual",
                "{name} 已结束:所有客户恢复常规邮件"
            ))
        }
    }
}

async fn start(desk: &mut Desk<'_>, open: &Open, shop: &Shop, file: &Path) -> anyhow::Result<()> {
    let plan = read(file)?;
    let problems = plan.problems(shop, &open.app.ledger.templates(&shop.id).await?);
    if !problems.is_empty() {
        let shown = file.display();
        let list = |of: fn(&Text) -> &str| {
            problems.iter().map(|problem| format!("\n  {}", of(problem))).collect::<Vec<_>>().concat()
        };
        let (en, zh) = (list(|text| &text.en), list(|text| &text.zh));
        refuse!("{shown} cannot be tested as it is:{en}", "{shown} 无法用于测试:{zh}");
    }
    let all = open.app.ledger.experiments(&shop.id).await?;
    if let Some(other) = all.iter().find(|test| test.ended.is_none() && test.plan.mail == plan.mail) {
        let (other, mail) = (&other.plan.name, plan.mail.text());
        let (en, zh) = (mail.en, mail.zh);
        refuse!(
            "{other} is about the same mails ({en}): end it first, `renown experiment stop {other}`",
            "{other} 测试的是同一类邮件({zh}):请先结束,`renown experiment stop {other}`"
        );
    }
    let test = Experiment::begin(plan, open.now);
    let Plan { name, sample, arms, .. } = &test.plan;
    if !open.app.ledger.begin_experiment(&shop.id, &test).await? {
        refuse!(
            "there was a test {name}: give this one another name, so that their mails are not counted together",
            "已有过名为 {name} 的测试:请换一个名称,以免两次测试的邮件混在一起"
        );
    }
    let from = test.plan.shows_from(USUAL_SHARE);
    let mut object = json!(test);
    object["shows_from_points"] = json!(from);
    desk.json(&object)?;
    let n = arms.len();
    desk.say(&text!(
        "{name} begins: {n} arms of {sample} mails, drawn by hash. If one in ten follows the link, a difference of {from:.1} points or more will show",
        "{name} 开始:{n} 组,每组 {sample} 封,按哈希抽取。若每十人有一人点击,可看出 {from:.1} 个百分点以上的差别"
    ))
}

fn read(file: &Path) -> anyhow::Result<Plan> {
    let shown = file.display();
    let toml = std::fs::read_to_string(file).told(|| text!("cannot read {shown}", "无法读取 {shown}"))?;
    toml::from_str(&toml).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(&toml, span.start));
        let Text { en, zh } = toml_words::words(error.message());
        Trouble::new(text!(
            "{shown}, line {line}: {en}; `renown experiment --help` shows a whole file",
            "{shown} 第 {line} 行有误:{zh};`renown experiment --help` 有完整示例"
        ))
        .into()
    })
}

async fn show(desk: &mut Desk<'_>, open: &Open, shop: &Shop) -> anyhow::Result<()> {
    let tests = open.app.ledger.experiments(&shop.id).await?;
    let mut tallies: Vec<Vec<Tally>> =
        tests.iter().map(|test| vec![Tally::default(); test.plan.arms.len()]).collect();
    let each = open.app.ledger.each_shop_order(&shop.id, |order| {
        let Ok(order) = order else { return };
        for mail in order.mails.values().filter(|mail| !mail.arm.is_empty()) {
            for (test, tallies) in tests.iter().zip(&mut tallies) {
                let is_in = |name: &str| mail.arm.split_once('/') == Some((&test.plan.name, name));
                if let Some(at) = test.plan.arms.iter().position(|arm| is_in(&arm.name)) {
                    tallies[at].take(mail, test.plan.measure);
                }
            }
        }
    });
    each.await?;
    let objects: Vec<_> = tests.iter().zip(&tallies).map(|(test, of)| object(test, of, open)).collect();
    desk.json(&json!({"shop_id": shop.id, "experiments": objects}))?;
    if tests.is_empty() {
        let shop = &shop.id;
        return desk.say(&text!(
            "{shop} has no tests; `renown experiment --help` shows how one begins",
            "{shop} 没有测试;`renown experiment --help` 说明如何开始"
        ));
    }
    for (test, tallies) in tests.iter().zip(&tallies) {
        tell(desk, open, test, tallies)?;
    }
    Ok(())
}

fn object(test: &Experiment, tallies: &[Tally], open: &Open) -> Value {
    let differences = test.differences(tallies, open.now);
    let arms: Vec<_> = test
        .plan
        .arms
        .iter()
        .zip(tallies)
        .enumerate()
        .map(|(at, (arm, tally))| {
            let difference = at.checked_sub(1).and_then(|at| differences.get(at));
            json!({"name": arm.name, "texts": arm.texts, "hours": arm.hours, "claimed": test.claimed[at],
                "tally": tally, "share": tally.share(), "difference": difference})
        })
        .collect();
    json!({"name": test.plan.name, "mail": test.plan.mail, "measure": test.plan.measure, "sample": test.plan.sample,
        "since": test.since, "ended": test.ended, "stage": test.stage(open.now), "arms": arms})
}

fn tell(desk: &mut Desk<'_>, open: &Open, test: &Experiment, tallies: &[Tally]) -> anyhow::Result<()> {
    let Plan { name, mail, measure, sample, .. } = &test.plan;
    let (mail, what) = (mail.text(), measured(*measure));
    let (en, zh, what, what_zh) = (mail.en, mail.zh, what.en, what.zh);
    let stage = stage(desk, test, open);
    let (stage, stage_zh) = (stage.en, stage.zh);
    desk.say(&text!(
        "{name}: {en}, share that {what}, {sample} mails an arm; {stage}",
        "{name}:{zh},{what_zh}的比例,每组 {sample} 封;{stage_zh}"
    ))?;
    let differences = test.differences(tallies, open.now);
    for (at, (arm, tally)) in test.plan.arms.iter().zip(tallies).enumerate() {
        let (arm, Tally { sent, succeeded, unsubscribed, complained }) = (&arm.name, tally);
        let (mut share, mut share_zh) = (String::new(), String::new());
        if let Some(interval) = tally.share() {
            let Interval { at, from, to } = percent(interval);
            share = format!(" = {at:.1} % ({from:.1} to {to:.1})");
            share_zh = format!(" = {at:.1}%({from:.1} 至 {to:.1})");
        }
        desk.say(&text!(
            "  {arm}: {succeeded} of {sent}{share}; {unsubscribed} unsubscribed, {complained} called it spam",
            "  {arm}:{sent} 封中 {succeeded} 封{share_zh};退订 {unsubscribed},标为垃圾邮件 {complained}"
        ))?;
        if let Some(difference) = at.checked_sub(1).and_then(|at| differences.get(at)) {
            let Text { en, zh } = judged(difference);
            desk.say(&text!("    {en}", "    {zh}"))?;
        }
    }
    Ok(())
}

fn measured(measure: Measure) -> Text {
    match measure {
        Measure::Clicked => text!("followed the link", "点击链接"),
        Measure::Opened => text!("opened it", "打开邮件"),
    }
}

fn stage(desk: &Desk<'_>, test: &Experiment, open: &Open) -> Text {
    match test.stage(open.now) {
        Stage::Filling => {
            let had: u32 = test.claimed.iter().sum();
            let of = test.plan.sample * u32::try_from(test.claimed.len()).unwrap_or(1);
            text!(
                "{had} of {of} mails left: nothing is said of a difference before all have",
                "已发 {had}/{of} 封:全部发出之前不作比较"
            )
        }
        Stage::Waiting { until } => {
            let until = desk.style.moment(until);
            text!("all mails left; answers are waited for until {until}", "已全部发出;等待反应至 {until}")
        }
        Stage::Done => text!("everything is in", "已完成"),
        Stage::BrokenOff => text!(
            "ended before its sample was full: nothing can be said of a difference",
            "样本未满即结束:无法比较"
        ),
    }
}

fn judged(difference: &Difference) -> Text {
    let Interval { at, from, to } = percent(difference.points);
    if difference.is_shown {
        text!(
            "{at:+.1} points against the first ({from:+.1} to {to:+.1}): more than chance",
            "与第一组相差 {at:+.1} 个百分点({from:+.1} 至 {to:+.1}):不是偶然"
        )
    } else {
        text!(
            "{at:+.1} points against the first ({from:+.1} to {to:+.1}): chance alone may do that",
            "与第一组相差 {at:+.1} 个百分点({from:+.1} 至 {to:+.1}):可能只是偶然"
        )
    }
}

fn percent(interval: Interval) -> Interval {
    let Interval { at, from, to } = interval;
    Interval { at: 100.0 * at, from: 100.0 * from, to: 100.0 * to }
}
