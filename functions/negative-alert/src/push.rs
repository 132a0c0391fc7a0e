//! What is to be told goes out: each target at its own pace, the most pressing first.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use renown_core::notice::{Channel, Notice, Outcome, Target};
use renown_core::push::{Card, Severity, digest, limit_of};
use renown_core::text;
use renown_io::app::MailApp;
use renown_io::ledger::Error;
use renown_io::mail::Message;
use renown_io::push::Post;

use crate::summary::Summary;

/// Notices of one look at the index.
const AT_ONCE: usize = 100;
/// More notices than this that wait for one target and do not press become one message: people
/// read one of seven, and not seven.
const SINGLY: usize = 5;
/// Nothing is begun this close to the deadline: one message with all its waiting fits in.
const LAST_START: SignedDuration = SignedDuration::from_secs(15);

/// Sends what is due. Trouble with one target is logged and leaves its notices due.
///
/// # Errors
///
/// The table does not answer at the beginning.
pub(crate) async fn send(
    app: &MailApp,
    post: Post<'_>,
    deadline: Timestamp,
    summary: &mut Summary,
) -> Result<(), Error> {
    let now = app.clock.now();
    let targets = app.ledger.targets().await?;
    for target in targets.iter().filter(|target| target.off.is_none()) {
        if let Some(day) = target.digest_due(now)
            && let Err(error) = crate::digest::write(app, target, day).await
        {
            tracing::warn!(notice.target = target.name, error = %error, "a digest is left to the next tick");
        }
    }
    let until = deadline.saturating_sub(LAST_START).unwrap_or(now);
    let mut waiting: BTreeMap<String, Vec<Notice>> = BTreeMap::new();
    for id in app.ledger.due_notices(now, AT_ONCE).await? {
        let Some((notice, names)) = app.ledger.begin_notice(&id, now).await? else { continue };
        for name in names {
            waiting.entry(name).or_default().push(notice.clone());
        }
    }
    for (name, notices) in waiting {
        let target = targets.iter().find(|target| target.name == name);
        let told = match target {
            None => {
                let why = text!("the target was taken away", "该通知对象已移除");
                end(app, &name, &notices, &Outcome::Refused(why), summary).await
            }
            Some(Target { off: Some(why), .. }) => {
                end(app, &name, &notices, &Outcome::Refused(why.clone()), summary).await
            }
            Some(target) => tell(app, post, target, notices, until, summary).await,
        };
        if let Err(error) = told {
            tracing::warn!(notice.target = name, error = %error, "notices to a target are left to a later tick");
        }
    }
    Ok(())
}

/// Everything that waits for one target: what presses one by one, much else as one.
async fn tell(
    app: &MailApp,
    post: Post<'_>,
    target: &Target,
    mut notices: Vec<Notice>,
    until: Timestamp,
    summary: &mut Summary,
) -> Result<(), Error> {
    notices.sort_by(|a, b| (b.severity, a.at, &a.id).cmp(&(a.severity, b.at, &b.id)));
    let n_urgent = notices.iter().filter(|notice| notice.severity == Severity::Urgent).count();
    let rest = notices.split_off(n_urgent);
    let mut messages: Vec<Vec<Notice>> = notices.into_iter().map(|notice| vec![notice]).collect();
    if rest.len() > SINGLY {
        messages.push(rest);
    } else {
        messages.extend(rest.into_iter().map(|notice| vec![notice]));
    }
    for message in messages {
        let outcome = one(app, post, target, &message, until).await?;
        end(app, &target.name, &message, &outcome, summary).await?;
        if let Outcome::Gone(why) = outcome {
            app.ledger.switch_off(&target.name, &why).await?;
            tracing::error!(notice.target = target.name, why = %why, "a target takes nothing any more and is switched off: `renown notify list` shows it");
        }
    }
    Ok(())
}

/// One message, when it is the target's turn.
async fn one(
    app: &MailApp,
    post: Post<'_>,
    target: &Target,
    notices: &[Notice],
    until: Timestamp,
) -> Result<Outcome, Error> {
    let now = app.clock.now();
    if now >= until {
        return Ok(Outcome::Later(now));
    }
    let severity = notices.iter().map(|notice| notice.severity).max().unwrap_or_default();
    if let Some(limit) = limit_of(&target.channel)
        && let Err(wait) = app.ledger.take_turn(&target.name, limit, severity, now).await?
    {
        return Ok(Outcome::Later(now.saturating_add(wait).unwrap_or(now)));
    }
    let cards: Vec<Card> = notices.iter().map(|notice| notice.card(target)).collect();
    let (card, id) = match (cards.as_slice(), notices) {
        ([card], [notice]) => (card.clone(), notice.id.clone()),
        (_, [first, ..]) => (digest(&cards), format!("{}#and-{}", first.id, notices.len() - 1)),
        (_, []) => return Ok(Outcome::Later(now)),
    };
    let Channel::Mail { to, from } = &target.channel else {
        let hook = match app.secrets.hook_of_target(&target.name).await {
            Ok(hook) => hook,
            Err(error) => {
                let renown_core::say::Text { en, zh } = renown_io::say::secret(&error);
                let name = &target.name;
                return Ok(Outcome::Refused(text!(
                    "its address cannot be read: {en}; `renown notify` sets {name} anew",
                    "其地址无法读取:{zh};请用 `renown notify` 重新设置 {name}"
                )));
            }
        };
        let outcome = post.chats.send(&target.channel, &hook, &card, &id, now).await;
        if let Outcome::Later(wait_until) = outcome {
            app.ledger.silence(&target.name, wait_until).await?;
        }
        return Ok(outcome);
    };
    Ok(match Message::to_operator(from, to, &card.letter(), now) {
        Ok(mail) => post.outbox.send_notice(&format!("{id}-{}", target.name), &mail).await,
        Err(why) => Outcome::Refused(text!("{why}", "邮件无法生成({why})")),
    })
}

/// Writes down what became of a message, for each notice in it.
async fn end(
    app: &MailApp,
    target: &str,
    notices: &[Notice],
    outcome: &Outcome,
    summary: &mut Summary,
) -> Result<(), Error> {
    let n = notices.len() as u64;
    let first = notices.first().map_or("", |notice| notice.id.as_str());
    match outcome {
        Outcome::Accepted(_) => summary.sent += 1,
        Outcome::Later(_) => summary.waiting += n,
        Outcome::Unclear => {
            summary.unclear += 1;
            tracing::warn!(notice.id = first, notice.target = target, "a message is tried again later");
        }
        Outcome::Refused(why) | Outcome::Gone(why) => {
            summary.failed += n;
            tracing::error!(
                notice.id = first,
                notice.target = target,
                why = %why,
                "an operator does not get a notice: `renown notify list` shows it"
            );
        }
    }
    for notice in notices {
        app.ledger.end_notice(&notice.id, target, outcome.clone(), app.clock.now()).await?;
    }
    Ok(())
}
