//! What operators are told by mail.

use renown_core::mail::MailRules;
use renown_core::notice::{Delivery, Notice, Target};
use renown_core::text;
use renown_tests::alerts::{by_mail, target};
use renown_tests::mail::{MailWorld, order};
use renown_tests::ses::{Fault, bounce};

use crate::start;

async fn with_operator(digest_at: Option<u8>) -> MailWorld {
    let world = MailWorld::new(start()).await;
    let target = Target { digest_at, ..target("ops", by_mail()) };
    world.app.ledger.put_target(&target).await.expect("written");
    world
}

fn broken() -> Notice {
    Notice::daily("broken", text!("something broke", "出现故障"), start())
}

#[tokio::test(start_paused = true)]
async fn a_brake_that_is_pulled_is_told_to_whoever_wants_alerts_and_once() {
    let world = with_operator(None).await;
    let rules = MailRules { reminders: 0, most_of_same_text: 1000, ..MailRules::default() };
    world.add_live_shop("tea", rules).await;
    for n in 0..210 {
        world.hook("tea", &order(&format!("{n}"), &format!("c{n}@x.example"), start())).await;
    }
    world.pass_days(8).await;
    let taken = world.ses.taken();
    for mail in taken.iter().take(8) {
        world.deliver(&[bounce(mail, "Permanent", "NoEmail", "5.1.1", mail.at)]).await;
    }
    world.pass_days(1).await;
    // What is told of it later, because nobody deals with it, is another matter.
    let told: Vec<_> =
        world.ses.taken().into_iter().filter(|mail| mail.tag("renown-notice").contains("opened")).collect();
    assert_eq!(told.len(), 1, "{:?}", told.iter().map(|mail| mail.tag("renown-notice")).collect::<Vec<_>>());
    assert_eq!((told[0].to.as_str(), told[0].set.as_str()), ("ops@team.example", "operators"));
    assert_eq!(taken[0].set, "customers");
    assert!(!told[0].raw.contains("x.example"), "no customer is named: {}", told[0].raw);
}

#[tokio::test(start_paused = true)]
async fn an_alert_of_unclear_fate_is_sent_again_and_one_that_is_told_twice_is_one() {
    let world = with_operator(None).await;
    world.app.ledger.tell(&broken()).await.expect("written");
    world.app.ledger.tell(&broken()).await.expect("written");
    world.ses.faults(&[Fault::LostReply, Fault::ServerError]);
    world.pass_days(1).await;
    assert_eq!(world.ses.calls(), 3);
    assert_eq!(world.ses.taken().len(), 2, "the reply to the first was lost");
    let told = world.app.ledger.notices().await.expect("listed");
    assert!(matches!(told[0].deliveries["ops"], Delivery::Sent { .. }), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn an_alert_that_is_refused_is_not_tried_for_ever() {
    let world = with_operator(None).await;
    world.app.ledger.tell(&broken()).await.expect("written");
    world.ses.faults(&[Fault::Rejected]);
    world.pass_days(1).await;
    assert_eq!(world.ses.calls(), 1);
    let told = world.app.ledger.notices().await.expect("listed");
    assert!(matches!(&told[0].deliveries["ops"], Delivery::Failed { .. }), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn the_digest_of_a_day_comes_once_at_its_hour_in_the_operators_zone() {
    let world = with_operator(Some(9)).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(3).await;
    let told = world.app.ledger.notices().await.expect("listed");
    let of_first = told.iter().find(|told| told.notice.id == "digest#ops#2026-11-02").expect("told");
    assert_eq!(of_first.notice.lines[0].en.split(';').next(), Some("Teehaus: 1 new order, 0 mails sent"));
    let mails = world.ses.taken();
    // The world begins at 17:00 in Shanghai, past the hour: that day's is made up for at once.
    assert_eq!(mails.len(), 4, "{:?}", mails.iter().map(|mail| mail.at).collect::<Vec<_>>());
    assert_eq!(mails[1].at.to_string()[..16], *"2026-11-03T01:00", "nine in the morning in Shanghai");
}
