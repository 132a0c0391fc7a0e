//! What SES tells, and what follows.

use renown_core::control::Cause;
use renown_core::mail::reasons::Skip;
use renown_core::mail::suppression::{Reason, Scope};
use renown_core::mail::{Kind, MailRules, State};
use renown_tests::mail::{MailWorld, order};
use renown_tests::ses::{Taken, bounce, complaint, event};
use serde_json::json;

use crate::start;

/// A name, the event of a mail at a time, and why its address is suppressed then.
type Case = (&'static str, fn(&Taken, &str) -> String, Option<Reason>);

/// A world in which one mail has left.
async fn sent_one() -> (MailWorld, Taken) {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 1, ..MailRules::default() }).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(8).await;
    let mail = world.ses.taken()[0].clone();
    (world, mail)
}

async fn reason(world: &MailWorld, order: &str) -> Option<Reason> {
    let person = world.order("tea", order).await.facts.person.expect("a person");
    let seller = "A1SELLER".parse().expect("a seller");
    world.app.ledger.suppression(&seller, &person).await.expect("read").map(|entry| entry.reason)
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_event_has_its_effect_on_the_address() {
    let late = start().to_string();
    let cases: [Case; 12] = [
        ("no mailbox", |m, _| bounce(m, "Permanent", "NoEmail", "5.1.1", m.at), Some(Reason::Bounced)),
        ("general", |m, _| bounce(m, "Permanent", "General", "5.1.1", m.at), Some(Reason::Bounced)),
        (
            "on SES's list",
            |m, _| bounce(m, "Permanent", "OnAccountSuppressionList", "", m.at),
            Some(Reason::OnSesList),
        ),
        ("mailbox full, once", |m, _| bounce(m, "Transient", "MailboxFull", "4.2.2", m.at), None),
        ("out of office", |m, _| bounce(m, "Transient", "General", "", m.at), None),
        (
            "out of office, undetermined",
            |m, at| {
                let extra = json!({"bounceType": "Undetermined", "bounceSubType": "Undetermined",
                "bouncedRecipients": [], "timestamp": at});
                event("Bounce", m, "bounce", extra)
            },
            None,
        ),
        ("abuse", |m, _| complaint(m, "abuse", m.at), Some(Reason::Complained)),
        ("not spam", |m, _| complaint(m, "not-spam", m.at), None),
        (
            "delay",
            |m, at| {
                let extra = json!({"delayType": "MailboxFull", "delayedRecipients": [{"emailAddress": m.to}], "timestamp": at});
                event("DeliveryDelay", m, "deliveryDelay", extra)
            },
            None,
        ),
        ("reject", |m, _| event("Reject", m, "reject", json!({"reason": "Bad content"})), None),
        (
            "rendering failure",
            |m, _| {
                event("Rendering Failure", m, "failure", json!({"errorMessage": "x", "templateName": "t"}))
            },
            None,
        ),
        (
            "unsubscribed at SES",
            |m, at| {
                let extra = json!({"contactList": "c", "timestamp": at, "newTopicPreferences": {"unsubscribeAll": true}});
                event("Subscription", m, "subscription", extra)
            },
            Some(Reason::Unsubscribed),
        ),
    ];
    for (name, body, expect) in cases {
        let (world, mail) = sent_one().await;
        let body = body(&mail, &late);
        // Replayed, and before and after what else is told.
        let delivery =
            event("Delivery", &mail, "delivery", json!({"timestamp": late, "recipients": [mail.to]}));
        world.deliver(&[body.clone(), delivery, body]).await;
        assert_eq!(reason(&world, "1001").await, expect, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bounce_or_complaint_ends_the_reminders_and_every_later_mail_to_that_address() {
    for is_complaint in [false, true] {
        let (world, mail) = sent_one().await;
        let body = if is_complaint {
            complaint(&mail, "abuse", mail.at)
        } else {
            bounce(&mail, "Permanent", "NoEmail", "5.1.1", mail.at)
        };
        world.deliver(&[body]).await;
        world.hook("tea", &order("1002", "ana@x.example", world.clock.now())).await;
        world.hook("tea", &order("1003", "bob@x.example", world.clock.now())).await;
        world.pass_days(30).await;
        let to_ana = world.ses.taken().iter().filter(|mail| mail.to == "ana@x.example").count();
        assert_eq!((to_ana, world.ses.taken().len()), (1, 3), "complaint: {is_complaint}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_third_passing_failure_in_thirty_days_suppresses_however_often_each_is_told() {
    let (world, mail) = sent_one().await;
    for n in 1..=3 {
        let mut nth = mail.clone();
        nth.message = format!("m-{n}");
        let body =
            bounce(&nth, "Transient", "MailboxFull", "4.2.2", mail.at + jiff::SignedDuration::from_hours(n));
        world.deliver(&[body.clone(), body]).await;
        let expect = (n == 3).then_some(Reason::KeepsBouncing);
        assert_eq!(reason(&world, "1001").await, expect, "after {n}");
    }
}

#[tokio::test(start_paused = true)]
async fn events_of_several_people_blame_each_and_nobody_else() {
    let (world, mail) = sent_one().await;
    let extra = json!({"bounceType": "Permanent", "bounceSubType": "General", "timestamp": mail.at.to_string(),
        "bouncedRecipients": [{"emailAddress": "bob@x.example"}, {"emailAddress": "eve@x.example"}]});
    world.deliver(&[event("Bounce", &mail, "bounce", extra)]).await;
    assert_eq!(reason(&world, "1001").await, None);
    let listed = world.app.ledger.suppressions(&Scope::Account).await.expect("listed");
    assert_eq!(listed.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_follows_a_link_is_nobody() {
    let (world, mail) = sent_one().await;
    let click = |agent: &str| {
        let extra = json!({"timestamp": mail.at.to_string(), "ipAddress": "192.0.2.1", "userAgent": agent,
            "link": "https://tea.example/review"});
        event("Click", &mail, "click", extra)
    };
    world.deliver(&[click("Mozilla/5.0 (compatible; Barracuda Sentinel)")]).await;
    assert!(world.order("tea", "1001").await.mails[&Kind::Invitation].heard.clicked.is_none());
    world.deliver(&[click("Mozilla/5.0 (iPhone)")]).await;
    let order = world.order("tea", "1001").await;
    assert!(order.mails[&Kind::Invitation].heard.clicked.is_some());
    assert!(matches!(order.mails[&Kind::Reminder(1)].state, State::Skipped { .. }), "{order:?}");
}

#[tokio::test(start_paused = true)]
async fn too_many_bounces_stop_every_shop_of_the_seller_and_say_why() {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { reminders: 0, most_of_same_text: 1000, ..MailRules::default() };
    world.add_live_shop("tea", rules.clone()).await;
    world.add_live_shop("cups", rules).await;
    for n in 0..210 {
        world.hook("tea", &order(&format!("{n}"), &format!("c{n}@x.example"), start())).await;
    }
    world.pass_days(8).await;
    let mails = world.ses.taken();
    assert_eq!(mails.len(), 210);
    let told = |n: usize| -> Vec<String> {
        let bounced = mails[..n].iter().map(|mail| bounce(mail, "Permanent", "NoEmail", "5.1.1", mail.at));
        bounced.flat_map(|body| [body.clone(), body]).collect()
    };
    world.deliver(&told(5)).await;
    let control = world.app.ledger.control(world.clock.now()).await.expect("read");
    assert!(control.control().shop_stop(&"tea".parse().expect("a shop")).is_none(), "5 of 210, told twice");
    world.deliver(&told(6)).await;
    let control = world.app.ledger.control(world.clock.now()).await.expect("read");
    for shop in ["tea", "cups"] {
        let stop = control.control().shop_stop(&shop.parse().expect("a shop")).expect("stopped").clone();
        assert_eq!(stop.cause, Cause::Bounces);
        assert!(stop.note.contains("6 of 210") && stop.note_zh.contains("210"), "{stop:?}");
    }
    world.hook("cups", &order("900", "new@x.example", world.clock.now())).await;
    world.pass_days(10).await;
    assert_eq!(world.ses.taken().len(), 210, "nothing leaves while the brake is on");
}

#[tokio::test(start_paused = true)]
async fn every_wrapping_is_read_and_what_is_none_goes_back_and_is_kept() {
    let (world, mail) = sent_one().await;
    let raw = bounce(&mail, "Permanent", "General", "5.1.1", mail.at);
    let legacy = raw.replacen("eventType", "notificationType", 1);
    let sns =
        json!({"Type": "Notification", "MessageId": "x", "TopicArn": "arn:aws:sns:…", "Message": legacy})
            .to_string();
    let bridge = json!({"version": "0", "source": "aws.ses", "detail-type": "Email Bounced",
        "detail": serde_json::from_str::<serde_json::Value>(&raw).expect("JSON")})
    .to_string();
    for body in [&raw, &legacy, &sns, &bridge] {
        world.deliver(std::slice::from_ref(body)).await;
    }
    assert_eq!(reason(&world, "1001").await, Some(Reason::Bounced));
    let bad = ["", "[]", "{}", r#"{"eventType": "Bounce"}"#, r#"{"Message": "no JSON, but ana@x.example"}"#];
    let bodies: Vec<String> = bad.iter().map(ToString::to_string).collect();
    let answer = bounce_handler::handle(&world.app, renown_tests::event(&bodies)).await.expect("handled");
    assert_eq!(answer.batch_item_failures.len(), bad.len());
    let unread = world.app.ledger.unread("bounce-handler").await.expect("listed");
    assert_eq!(unread.len(), bad.len());
    assert!(!format!("{unread:?}").contains("ana@"), "{unread:?}");
}

#[tokio::test(start_paused = true)]
async fn what_stands_on_the_list_of_ses_is_taken_over_within_a_day_though_no_event_told_of_it() {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    for id in ["1001", "1002", "1003", "1004"] {
        world.hook("tea", &order(id, &format!("c{id}@x.example"), start())).await;
    }
    for (address, reason) in
        [("c1001@x.example", "BOUNCE"), ("C1002@x.example", "COMPLAINT"), ("c1003@x.example", "BOUNCE")]
    {
        world.ses.list(address, reason);
    }
    world.pass_days(9).await;
    assert_eq!(world.sent(), ["1004 invitation"]);
    for (id, reason) in [("1001", Reason::OnSesList), ("1002", Reason::Complained)] {
        let state = world.order("tea", id).await.mails[&Kind::Invitation].state.clone();
        assert!(
            matches!(state, State::Skipped { why: Skip::Suppressed(of), .. } if of == reason),
            "{state:?}"
        );
    }
}
