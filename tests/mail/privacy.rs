//! What a customer is known by stays where it belongs: canaries of addresses, names, words and
//! secrets appear in no log line, no notice to an operator and, in plain, in no item of the table.

use renown_core::mail::MailRules;
use renown_core::notice::Target;
use renown_core::say::Lang;
use renown_tests::alerts::{by_mail, target};
use renown_tests::mail::{HOOK_SECRET, MailWorld, order};
use renown_tests::ses::{Fault, bounce, complaint, event};
use serde_json::json;

use crate::lines::Lines;
use crate::start;

/// A part of the address, of the name and of what was written in the survey.
const CANARY: &str = "kanarie";

#[tokio::test(start_paused = true)]
async fn customers_appear_in_no_log_line_no_notice_and_no_item() {
    let lines = Lines::default();
    let writer = lines.clone();
    renown_io::telemetry::init_to(move || writer.clone());

    let world = MailWorld::new(start()).await;
    let target = Target { lang: Lang::En, digest_at: Some(9), ..target("ops", by_mail()) };
    world.app.ledger.put_target(&target).await.expect("written");
    world.add_live_shop("tea", MailRules { survey: true, ..MailRules::default() }).await;

    // Orders, good and bad.
    for n in 0..6 {
        let mut body = order(&format!("{n}"), &format!("{CANARY}{n}@x.example"), start());
        body["order"]["customer"]["name"] = json!(format!("{CANARY} Muster"));
        world.hook("tea", &body).await;
    }
    let body = order("7", &format!("{CANARY}7@x.example"), start()).to_string();
    assert_eq!(world.signed("tea", &body, "whsec_d3Jvbmc=").await.status(), 401);
    assert_eq!(world.signed("tea", &body[..body.len() - 3], HOOK_SECRET).await.status(), 200, "kept");
    world.hook("tea", &json!({"type": "order", "order": {"id": CANARY.repeat(30)}})).await;

    // Mails, with SES in all its moods.
    world.ses.faults(&[Fault::NotVerified, Fault::LostReply, Fault::ServerError, Fault::Rejected]);
    world.pass_days(11).await;
    let taken = world.ses.taken();
    let of = |kind: &str| taken.iter().filter(|mail| mail.tag("renown-kind") == kind).collect::<Vec<_>>();
    let (invited, asked) = (of("invitation"), of("survey"));
    let at = invited[0].at;
    let delayed = json!({"timestamp": at.to_string(), "delayType": "TransientCommunicationFailure",
        "delayedRecipients": [{"emailAddress": invited[0].to, "status": "4.4.1", "diagnosticCode": format!("smtp; 450 <{}> try later", invited[0].to)}]});
    let rejected = json!({"reason": "Bad content"});
    world
        .deliver(&[
            bounce(invited[0], "Permanent", "General", "5.1.1", at),
            bounce(invited[1], "Transient", "MailboxFull", "4.2.2", at),
            complaint(invited[1], "abuse", at),
            event("DeliveryDelay", invited[0], "deliveryDelay", delayed),
            event("Reject", invited[1], "reject", rejected),
        ])
        .await;
    let unreadable = format!("{{\"eventType\": \"Bounce\", \"mail\": \"{CANARY}@x.example\"}}");
    let answer =
        bounce_handler::handle(&world.app, renown_tests::event(&[unreadable])).await.expect("handled");
    assert_eq!(answer.batch_item_failures.len(), 1);

    // The pages: survey, unsubscription, erasure.
    let survey = MailWorld::link(asked[0], "s");
    let words = format!("score=2&comment={CANARY}+was+here");
    assert_eq!(world.call("POST", &survey, &[], words.as_bytes()).await.status(), 200);
    let out = MailWorld::link(invited[2], "u");
    assert_eq!(world.call("POST", &out, &[], b"").await.status(), 200);
    world.hook("tea", &json!({"type": "forget", "email": invited[3].to})).await;
    world.pass_days(2).await;

    let (log, table) = (lines.text(), dump(&world));
    assert!(log.contains("order.id"), "the log was caught: {log}");
    assert!(table.contains("SHOPORDERS#tea") && table.contains("CONTACTS#A1SELLER"), "the dump holds them");
    for canary in [CANARY, HOOK_SECRET.trim_start_matches("whsec_")] {
        for (place, text) in [("log", &log), ("table", &table)] {
            let found = text
                .find(canary)
                .map(|at| text[at.saturating_sub(200)..(at + 60).min(text.len())].to_owned());
            assert_eq!(found, None, "{canary} is in the {place}");
        }
    }
    let notices: Vec<_> =
        world.ses.taken().into_iter().filter(|mail| !mail.tag("renown-notice").is_empty()).collect();
    assert!(notices.len() >= 3, "delay, rejection and digests were told of");
    for notice in notices {
        assert!(!notice.raw.contains(CANARY), "{}", notice.raw);
    }
}

/// Every item there is.
fn dump(world: &MailWorld) -> String {
    let mut partitions: Vec<String> = (0..16).map(|shard| format!("SHOPORDERS#tea#{shard}")).collect();
    for fixed in [
        "CONTROL",
        "SHOPS",
        "LEASE",
        "CONTACTS#A1SELLER",
        "SUPPRESS#",
        "SUPPRESS#A1SELLER",
        "TEMPLATES#tea",
        "EXPERIMENTS#tea",
        "MAILDAY#A1SELLER",
        "NOTICES",
        "UNREAD#webhook",
        "UNREAD#bounce-handler",
    ] {
        partitions.push(fixed.to_owned());
    }
    renown_tests::dump(&world.dynamo, partitions.iter().map(String::as_str))
}
