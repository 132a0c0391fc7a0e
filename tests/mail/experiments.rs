//! Tests of ways to write a mail: who is in which arm, how many, and that nothing else moves.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use renown_core::mail::draft::{Draft, Stage};
use renown_core::mail::experiment::outcome::Stage as TestStage;
use renown_core::mail::experiment::{Experiment, Plan};
use renown_core::mail::{Kind, Language, MailRules, Shop};
use renown_tests::mail::{MailWorld, order};
use serde_json::json;

use crate::start;

/// Mails of each arm.
const SAMPLE: u32 = 100;

/// A second text, let into tests alone.
async fn second_text(world: &MailWorld, shop: &Shop) {
    let draft = Draft {
        kind: "review-invitation".to_owned(),
        language: Language::De,
        version: 0,
        source: "subject: Kurz gefragt\npreheader: x\n---\nWie war der Tee? Ihre ehrliche Meinung zählt.\n\n[button: Hier]({{ review_url }})".to_owned(),
        stage: Stage::Approved { reviewed_by: "Wang".to_owned(), by: "Li".to_owned(), at: start() },
        is_by_machine: false,
        is_for_tests: true,
        expires: None,
        at: start(),
    };
    world.app.ledger.add_template(&shop.id, &draft).await.expect("written");
}

fn plan() -> Plan {
    serde_json::from_value(json!({"name": "short", "mail": "invitation", "sample": SAMPLE, "arms": [
        {"name": "usual", "texts": ["review-invitation/de/built-in"]},
        {"name": "evening", "texts": ["review-invitation/de/1"], "hours": {"from": 18, "to": 20}}]}))
    .expect("a plan")
}

/// A shop whose orders `0..n` have arrived at once, with a test of its invitations.
async fn tested(n: u32) -> (MailWorld, Shop) {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { reminders: 0, most_of_same_text: 1000, ..MailRules::default() };
    let shop = world.add_live_shop("tea", rules).await;
    second_text(&world, &shop).await;
    let drafts = world.app.ledger.templates(&shop.id).await.expect("listed");
    assert_eq!(plan().problems(&shop, &drafts), []);
    let test = Experiment::begin(plan(), start());
    assert!(world.app.ledger.begin_experiment(&shop.id, &test).await.expect("written"));
    for n in 0..n {
        let mut body = order(&format!("{n}"), &format!("c{n}@x.example"), start());
        if n.is_multiple_of(20) {
            body["order"]["customer"]["locale"] = "fr-FR".into();
        }
        world.hook("tea", &body).await;
    }
    (world, shop)
}

#[tokio::test(start_paused = true)]
async fn each_arm_has_its_sample_and_no_mail_more_and_whoever_is_in_none_is_written_to_as_usual() {
    let (world, shop) = tested(280).await;
    world.pass_days(9).await;
    let mut arms: BTreeMap<String, u32> = BTreeMap::new();
    for mail in world.ses.taken() {
        let id = mail.tag("renown-order");
        let marked = world.order("tea", id).await.mails[&Kind::Invitation].arm.clone();
        let is_second = mail.raw.contains("Kurz gefragt");
        assert_eq!(is_second, marked == "short/evening", "{id}: {marked:?}");
        if is_second {
            let hour = mail.at.to_zoned(TimeZone::get("Europe/Berlin").expect("known")).hour();
            assert!((18..20).contains(&hour), "{}", mail.at);
        }
        let french = id.parse::<u32>().expect("a number").is_multiple_of(20);
        assert!(!french || marked.is_empty(), "there is no French text in the test: {id} {marked}");
        *arms.entry(marked).or_default() += 1;
    }
    assert_eq!((arms["short/usual"], arms["short/evening"]), (SAMPLE, SAMPLE), "{arms:?}");
    assert_eq!(arms.values().sum::<u32>(), 280, "everybody was written to, in a test or not: {arms:?}");
    let told = world.app.ledger.experiments(&shop.id).await.expect("listed");
    assert!(told[0].is_full());
    assert!(matches!(told[0].stage(world.clock.now()), TestStage::Waiting { .. }));
}

#[tokio::test(start_paused = true)]
async fn once_a_test_is_ended_everybody_is_written_to_as_usual() {
    let (world, shop) = tested(40).await;
    let ended = world.app.ledger.end_experiment(&shop.id, "short", world.clock.now()).await;
    assert!(ended.expect("written").is_some_and(|test| test.ended.is_some()));
    world.pass_days(9).await;
    for mail in world.ses.taken() {
        assert!(!mail.raw.contains("Kurz gefragt"));
        assert_eq!(world.order("tea", mail.tag("renown-order")).await.mails[&Kind::Invitation].arm, "");
    }
    assert_eq!(world.ses.taken().len(), 40);
}
