//! The targets, and what was told in the last weeks.

use jiff::Timestamp;
use renown_core::notice::{Channel, Delivery, Target};
use renown_core::push::Severity;
use renown_core::say::Text;
use renown_core::text;
use renown_io::ledger::Told;
use serde_json::json;

use super::chat::channel_text;
use crate::desk::{Desk, Open};

/// Notices that a person is shown.
const SHOWN: usize = 20;

pub(super) async fn list(desk: &mut Desk<'_>, open: &Open) -> anyhow::Result<()> {
    let targets = open.app.ledger.targets().await?;
    let told = open.app.ledger.notices().await?;
    desk.json(&json!({"targets": targets, "notices": told}))?;
    if targets.is_empty() {
        desk.say(&text!(
            "nobody is told: `renown notify mail` or `renown notify chat` says whom",
            "尚未设置通知对象:用 `renown notify mail`(邮件)或 `renown notify chat`(群聊)添加"
        ))?;
    }
    for target in &targets {
        let Target { name, channel, zone, .. } = target;
        let Text { en: to, zh: to_zh } = match channel {
            Channel::Mail { to, .. } => text!("{to}", "{to}"),
            other => channel_text(other),
        };
        let what = match (target.alerts, target.digest_at) {
            (true, None) => text!("alerts", "告警"),
            (true, Some(hour)) => text!("alerts, digest at {hour}:00", "告警,每日 {hour}:00 摘要"),
            (false, Some(hour)) => text!("digest at {hour}:00", "每日 {hour}:00 摘要"),
            (false, None) => text!("nothing", "无"),
        };
        let (en, zh) = (what.en, what.zh);
        let (wants, wants_zh) = wanted(target);
        desk.say(&text!("{name}: {to}, {en}{wants} ({zone})", "{name}:{to_zh},{zh}{wants_zh}({zone})"))?;
        if let Some(Text { en, zh }) = &target.off {
            desk.say(&text!(
                "  ! switched off: {en}; set it anew with `renown notify chat {name}`",
                "  ! 已停用:{zh};请用 `renown notify chat {name}` 重新设置"
            ))?;
        }
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

/// What a target is told alone, behind a comma; nothing where that is all.
fn wanted(target: &Target) -> (String, String) {
    let wants = &target.wants;
    let mut words: Vec<String> = wants.sellers.iter().map(ToString::to_string).collect();
    words.extend(wants.marketplaces.iter().map(|marketplace| marketplace.info().country.to_owned()));
    words.extend(wants.owners.iter().cloned());
    let (mut en, mut zh) = (words.clone(), words);
    en.extend(wants.departments.iter().map(|department| department.text().en));
    zh.extend(wants.departments.iter().map(|department| department.text().zh));
    if wants.at_least > Severity::Info {
        let Text { en: least, zh: least_zh } = wants.at_least.text();
        en.push(least);
        zh.push(least_zh);
    }
    let behind = |words: Vec<String>, comma: &str| {
        words.iter().flat_map(|word| [comma, word.as_str()]).collect::<String>()
    };
    (behind(en, ", "), behind(zh, ","))
}
