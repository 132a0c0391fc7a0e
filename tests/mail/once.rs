//! No mail leaves twice, whatever becomes of the call to SES.

use renown_core::mail::reasons::{Skip, Wait};
use renown_core::mail::{Kind, MailRules, State};
use renown_tests::mail::{MailWorld, order};
use renown_tests::ses::{Fault, event};
use serde_json::json;

use crate::start;

async fn world_with(faults: &[Fault]) -> MailWorld {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.ses.faults(faults);
    world.pass_days(7).await;
    world.tick().await;
    world
}

async fn state(world: &MailWorld) -> State {
    world.order("tea", "1001").await.mails[&Kind::Invitation].state.clone()
}

/// How many mails count for the customer's caps.
async fn remembered(world: &MailWorld) -> usize {
    let person = world.order("tea", "1001").await.facts.person.expect("a person");
    let seller = "A1SELLER".parse().expect("a seller");
    world.app.ledger.memory(&seller, &person).await.expect("read").mails.len()
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_never_answered_by_a_second_mail_and_an_event_settles_it() {
    let world = world_with(&[Fault::LostReply]).await;
    assert!(matches!(state(&world).await, State::Unknown { .. }));
    world.pass_days(1).await;
    let mail = world.ses.taken()[0].clone();
    world.deliver(&[event("Send", &mail, "send", json!({}))]).await;
    assert!(matches!(state(&world).await, State::Sent { message, .. } if message == mail.message));
    world.pass_days(30).await;
    assert_eq!((world.ses.calls(), world.sent()), (1, vec!["1001 invitation".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_mail_of_which_nothing_is_heard_is_presumed_sent_and_never_sent_again() {
    for fault in [Fault::LostRequest, Fault::ServerError, Fault::ServerErrorAfter, Fault::LostReply] {
        let world = world_with(&[fault]).await;
        world.pass_days(30).await;
        assert_eq!(world.ses.calls(), 1, "{fault:?}");
        assert!(matches!(state(&world).await, State::PresumedSent { .. }), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_surely_did_not_leave_leaves_later_and_nothing_is_lost() {
    let world = world_with(&[Fault::Throttled, Fault::Throttled]).await;
    assert!(matches!(state(&world).await, State::Planned { why: Some(Wait::Ses), .. }));
    assert_eq!(remembered(&world).await, 0, "what did not leave counts for no cap");
    world.pass_days(1).await;
    assert_eq!((world.ses.calls(), world.ses.taken().len()), (3, 1));
    assert_eq!(remembered(&world).await, 1);
}

#[tokio::test(start_paused = true)]
async fn what_ses_refuses_is_told_with_its_reason_and_not_tried_again() {
    let world = world_with(&[Fault::Rejected]).await;
    assert!(matches!(state(&world).await, State::Refused { why, .. } if why.contains("MessageRejected")));
    world.pass_days(30).await;
    assert_eq!(world.ses.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_domain_that_is_not_verified_yet_costs_no_mail() {
    let world = world_with(&[Fault::NotVerified, Fault::NotVerified]).await;
    assert!(matches!(state(&world).await, State::Planned { why: Some(Wait::Ses), .. }));
    world.pass_days(1).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
}

#[tokio::test(start_paused = true)]
async fn a_full_quota_or_a_paused_account_costs_no_mail() {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    world.ses.set_quota(0.0);
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(8).await;
    assert_eq!(world.ses.calls(), 0);
    world.ses.set_quota(200.0);
    world.ses.set_enabled(false);
    let summary = world.tick().await;
    assert!(summary.problems.iter().any(|problem| problem.text.en.contains("paused")), "{summary:?}");
    world.ses.set_enabled(true);
    world.pass_days(1).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
}

#[tokio::test(start_paused = true)]
async fn of_two_ticks_at_once_one_sends() {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    for n in 0..20 {
        world.hook("tea", &order(&format!("{n}"), &format!("c{n}@x.example"), start())).await;
    }
    renown_tests::sleep(jiff::SignedDuration::from_hours(7 * 24 + 1)).await;
    let (first, second) = tokio::join!(world.tick(), world.tick());
    assert_eq!((first.sent + second.sent, world.ses.calls()), (20, 20));
}

#[tokio::test(start_paused = true)]
async fn repeated_and_reordered_webhooks_lead_to_one_mail() {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    let whole = order("1001", "ana@x.example", start());
    let mut early = whole.clone();
    early["order"]["delivered_at"] = serde_json::Value::Null;
    early["order"]["updated_at"] = "2026-11-01T00:00:00Z".into();
    for body in [&whole, &early, &whole, &early, &whole] {
        world.hook("tea", body).await;
        world.pass_days(3).await;
    }
    world.pass_days(20).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
}

#[tokio::test(start_paused = true)]
async fn a_shop_that_is_removed_and_added_again_sends_no_mail_a_second_time() {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { reminders: 0, ..MailRules::default() };
    let shop = world.add_live_shop("tea", rules.clone()).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(8).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
    let now = world.clock.now();
    assert!(world.app.ledger.forget_shop(&shop, now).await.expect("written").is_some());
    world.add_live_shop("tea", rules).await;
    // Told anew, with another day of delivery and another product.
    let mut again = order("1001", "ana@x.example", now);
    again["order"]["items"] = json!([{"id": "OTHER", "title": "Genmaicha"}]);
    world.hook("tea", &again).await;
    world.pass_days(20).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
    let state = world.order("tea", "1001").await.mails[&Kind::Invitation].state.clone();
    assert!(matches!(state, State::Skipped { why: Skip::SentBefore, .. }), "{state:?}");
}
