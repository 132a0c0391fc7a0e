//! What SES tells, in every wrapping.

use fastrand::Rng;
use renown_core::mail::MailRules;
use renown_core::mail::ses::{Effect, Event, Read, What, read};
use renown_core::mail::suppression::Reason;
use renown_tests::mail::MailWorld;
use serde_json::{Value, json};

use crate::mutate::{bytes, json as changed};
use crate::run::{Verdict, ensure, run, run_some};
use crate::samples::messages;

/// Longest word of SES that is kept, in bytes. Items of the table end at 400 KB.
const MAX_KEPT: usize = 2_000;
/// Messages of one batch. Source: the queue's mapping in the template.
const BATCH: usize = 10;

/// A message as it came or changed, wrapped or not.
fn message(rng: &mut Rng, all: &[String]) -> String {
    let sample = &all[rng.usize(..all.len())];
    let mut body = match serde_json::from_str::<Value>(sample) {
        Ok(value) if rng.bool() => changed(rng, &value).to_string(),
        _ => sample.clone(),
    };
    for _ in 0..rng.usize(..3) {
        body = if rng.bool() { by_sns(&body) } else { by_event_bridge(&body) };
    }
    if rng.bool() {
        body = String::from_utf8_lossy(&bytes(rng, body.as_bytes())).into_owned();
    }
    body
}

fn by_sns(body: &str) -> String {
    json!({"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:eu-west-1:1:t", "Message": body})
        .to_string()
}

fn by_event_bridge(body: &str) -> String {
    format!(
        "{{\"version\":\"0\",\"detail-type\":\"Email Bounced\",\"source\":\"aws.ses\",\"detail\":{body}}}"
    )
}

fn judge(body: &str) -> Verdict {
    match read(body) {
        Err(why) => {
            let said = format!("{why:?}").to_lowercase();
            ensure(
                !why.place.is_empty() && !why.problem.en.is_empty() && !why.problem.zh.is_empty(),
                || format!("a refusal without reason: {body}"),
            )?;
            ensure(!said.contains("canary"), || format!("a refusal shows what was sent: {said}"))
        }
        Ok(Read::Useless(kind)) => {
            ensure(kind.len() <= MAX_KEPT, || format!("a type of {} bytes", kind.len()))
        }
        Ok(Read::Event(event)) => {
            well_formed(&event)?;
            // However SES sends the same, it means the same.
            match read(&by_sns(body)) {
                Ok(Read::Event(again)) => ensure(again == event, || format!("wrapped it is another: {body}")),
                Err(why) => {
                    ensure(why.problem.en.contains("wrapped"), || format!("wrapped it is refused: {body}"))
                }
                Ok(Read::Useless(_)) => Err(format!("wrapped it is of no use: {body}")),
            }
        }
    }
}

fn well_formed(event: &Event) -> Verdict {
    let shown = format!("{:?}", event.recipients).to_lowercase();
    ensure(!shown.contains("canary") && !shown.contains('@'), || "an address is shown".to_owned())?;
    let fits = match event.effect {
        Effect::Suppress(Reason::Bounced) => event.what == What::Bounced,
        Effect::Suppress(Reason::Complained) => event.what == What::Complained,
        Effect::Count => event.what == What::BouncedForNow,
        _ => !matches!(event.what, What::Bounced | What::Complained),
    };
    ensure(fits, || format!("{:?} of {:?}", event.effect, event.what))?;
    let tags = &event.tags;
    let kept = [
        Some(&event.message),
        Some(&event.detail),
        tags.shop.as_ref(),
        tags.order.as_ref(),
        tags.kind.as_ref(),
    ];
    let longest = kept.into_iter().flatten().map(String::len).max().unwrap_or(0);
    ensure(longest <= MAX_KEPT, || format!("{longest} bytes would be kept"))
}

#[test]
fn events_are_refused_with_a_reason_or_mean_the_same_however_they_are_wrapped() {
    let all = messages();
    run("events_are_refused", move |rng| judge(&message(rng, &all)));
}

#[test]
fn events_that_cannot_be_read_go_back_alone_and_take_no_other_with_them() {
    let all = messages();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime");
    let world = runtime.block_on(async {
        let world = MailWorld::new(renown_tests::t("2026-11-02T09:00:00Z")).await;
        world.add_live_shop("tea", MailRules::default()).await;
        world
    });
    run_some("events_that_cannot", 20, move |rng| {
        let bodies: Vec<String> = (0..BATCH).map(|_| message(rng, &all)).collect();
        let answer = runtime.block_on(bounce_handler::handle(&world.app, renown_tests::event(&bodies)));
        let answer = answer.map_err(|error| format!("a batch was not answered: {error}"))?;
        let returned = answer.batch_item_failures.len();
        let unreadable = bodies.iter().filter(|body| read(body).is_err()).count();
        ensure(returned == unreadable, || {
            format!("{returned} went back, {unreadable} cannot be read: {bodies:#?}")
        })
    });
}
