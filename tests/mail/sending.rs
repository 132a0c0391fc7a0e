//! What leaves, when, and what it says.

use jiff::SignedDuration;
use renown_core::mail::reasons::{Hold, Skip, Wait};
use renown_core::mail::{Basis, Kind, MailRules, State};
use renown_tests::mail::{MailWorld, order};

use crate::start;

#[tokio::test(start_paused = true)]
async fn an_order_that_arrived_leads_to_one_invitation_on_day_seven_with_the_way_out_and_one_reminder() {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules::default()).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(6).await;
    assert_eq!(world.sent(), [""; 0]);
    world.pass_days(30).await;
    assert_eq!(world.sent(), ["1001 invitation", "1001 reminder-1"]);
    let mail = &world.ses.taken()[0];
    assert_eq!(mail.at.duration_since(start()).as_hours(), 7 * 24);
    assert_eq!((mail.to.as_str(), mail.tag("renown-shop")), ("ana@x.example", "tea"));
    for part in
        ["List-Unsubscribe: <https://r.example/u/", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
    {
        assert!(mail.raw.contains(part), "{}", mail.raw);
    }
    let path = MailWorld::link(mail, "u");
    assert!(!path.contains("1001") && !path.contains("ana"), "{path}");
    assert_eq!(world.call("GET", &path, &[], b"").await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_at_night_where_the_customer_lives() {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    // Arrived at three in the morning in Tokyo.
    let arrived = renown_tests::t("2026-11-01T18:00:00Z");
    let mut body = order("1001", "ken@x.example", arrived);
    body["order"]["customer"]["country"] = "JP".into();
    body["order"]["customer"]["locale"] = "ja-JP".into();
    world.hook("tea", &body).await;
    world.pass_days(10).await;
    let mails = world.ses.taken();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].at.to_string()[..16], *"2026-11-09T00:00", "nine in the morning in Tokyo");
}

#[tokio::test(start_paused = true)]
async fn a_listening_shop_plans_everything_and_sends_nothing_and_going_live_makes_up_for_nothing() {
    let world = MailWorld::new(start()).await;
    let shop = world.add_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(8).await;
    assert_eq!(world.ses.calls(), 0);
    assert!(matches!(world.order("tea", "1001").await.mails[&Kind::Invitation].state, State::Planned { .. }));
    world.go_live(&shop.id).await;
    world.hook("tea", &order("1002", "bob@x.example", world.clock.now())).await;
    world.pass_days(8).await;
    assert_eq!(world.sent(), ["1002 invitation"]);
    let mail = &world.order("tea", "1001").await.mails[&Kind::Invitation];
    assert!(matches!(mail.state, State::Skipped { why: Skip::BeforeLive, .. }), "{mail:?}");
}

#[tokio::test(start_paused = true)]
async fn consent_decides_and_a_later_no_is_heard() {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    let soft = MailRules { reminders: 0, basis: Basis::Customer, ..MailRules::default() };
    world.add_live_shop("soft", soft).await;
    for shop in ["tea", "soft"] {
        let mut silent = order("1001", &format!("silent-{shop}@x.example"), start());
        silent["order"]["customer"]["consent"] = serde_json::Value::Null;
        world.hook(shop, &silent).await;
        let mut changed = order("1002", &format!("no-{shop}@x.example"), start());
        world.hook(shop, &changed).await;
        changed["order"]["customer"]["consent"] =
            serde_json::json!({"given": false, "at": "2026-11-03T00:00:00Z"});
        changed["order"]["updated_at"] = "2026-11-03T00:00:00Z".into();
        world.hook(shop, &changed).await;
    }
    world.pass_days(10).await;
    let sent: Vec<_> = world.ses.taken().iter().map(|mail| mail.to.clone()).collect();
    assert_eq!(sent, ["silent-soft@x.example"]);
    let why = |order: renown_core::mail::ShopOrder| match order.mails[&Kind::Invitation].state.clone() {
        State::Skipped { why, .. } => Some(why),
        _ => None,
    };
    assert_eq!(why(world.order("tea", "1001").await), Some(Skip::NoConsent));
    assert_eq!(why(world.order("tea", "1002").await), Some(Skip::ConsentRefused));
}

#[tokio::test(start_paused = true)]
async fn how_a_customer_feels_changes_no_invitation() {
    let rules = MailRules { survey: true, survey_after_days: 3, reminders: 1, ..MailRules::default() };
    let mut invited = Vec::new();
    for is_angry in [false, true] {
        let world = MailWorld::new(start()).await;
        world.add_live_shop("tea", rules.clone()).await;
        for (id, email) in [("1001", "ana@x.example"), ("1002", "bob@x.example")] {
            world.hook("tea", &order(id, email, start())).await;
        }
        world.pass_days(4).await;
        if is_angry {
            let mut refunded = order("1001", "ana@x.example", start());
            refunded["order"]["refunded_at"] = world.clock.now().to_string().into();
            world.hook("tea", &refunded).await;
            for mail in world.ses.taken() {
                let path = MailWorld::link(&mail, "s");
                let answer = world.call("POST", &path, &[], b"score=0&comment=never+again").await;
                assert_eq!(answer.status(), 200);
            }
        }
        world.pass_days(30).await;
        let mails: Vec<_> = world
            .ses
            .taken()
            .iter()
            .filter(|mail| mail.tag("renown-kind") != "survey")
            .map(|mail| (mail.at, mail.to.clone(), mail.tag("renown-kind").to_owned()))
            .collect();
        invited.push(mails);
        let survey = world.order("tea", "1001").await.survey;
        assert_eq!(survey.as_ref().map(|survey| survey.score), is_angry.then_some(0));
        assert!(survey.is_none_or(|survey| !survey.sealed_comment.contains("never")));
    }
    assert_eq!(invited[0].len(), 4);
    assert_eq!(invited[0], invited[1]);
}

#[tokio::test(start_paused = true)]
async fn an_order_of_high_value_waits_for_a_person_and_leaves_once_released() {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { reminders: 0, vip_from: Some(2000), ..MailRules::default() };
    let shop = world.add_live_shop("tea", rules).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(8).await;
    assert_eq!(world.ses.calls(), 0);
    let held = world.order("tea", "1001").await;
    assert!(matches!(held.mails[&Kind::Invitation].state, State::Held { why: Hold::Vip, .. }), "{held:?}");
    let now = world.clock.now();
    let released =
        world.app.ledger.change_shop_order(&shop.id, &held.id, now, |order| Some(order.release(now))).await;
    assert_eq!(released.expect("written"), Some(1));
    world.pass_days(1).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_is_a_stop_and_the_mails_leave_after_it() {
    let world = MailWorld::new(start()).await;
    let shop = world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    let note = renown_core::text!("test", "测试");
    let now = world.clock.now();
    let cause = renown_core::control::Cause::Person;
    world.app.ledger.stop_shops(std::slice::from_ref(&shop.id), cause, &note, now).await.expect("written");
    world.pass_days(8).await;
    assert_eq!(world.ses.calls(), 0);
    let resume = world.app.ledger.change_control(|control| {
        control.shops.entry(shop.id.clone()).or_default().stop = None;
    });
    resume.await.expect("written");
    world.pass(SignedDuration::from_hours(24)).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_order_gets_nothing_whatever_order_the_news_come_in() {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules::default()).await;
    let mut cancelled = order("1001", "ana@x.example", start());
    for gone in ["fulfilled_at", "delivered_at"] {
        cancelled["order"][gone] = serde_json::Value::Null;
    }
    let placed = cancelled.clone();
    cancelled["order"]["cancelled_at"] = "2026-11-02T08:00:00Z".into();
    for body in [&cancelled, &placed, &cancelled] {
        world.hook("tea", body).await;
    }
    world.pass_days(40).await;
    assert_eq!(world.ses.calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_share_that_is_tried_out_is_drawn_by_hash_and_the_rest_is_explained() {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { reminders: 0, pilot_percent: 30, give_up_after_days: 3, ..MailRules::default() };
    let shop = world.add_live_shop("tea", rules).await;
    for n in 0..60 {
        world.hook("tea", &order(&format!("{n}"), &format!("c{n}@x.example"), start())).await;
    }
    world.pass_days(14).await;
    let sent = world.ses.taken().len();
    assert!((8..=28).contains(&sent), "{sent} of 60");
    let mut expired = 0;
    let each = world.app.ledger.each_shop_order(&shop.id, |order| {
        let state = &order.expect("readable").mails[&Kind::Invitation].state;
        expired += usize::from(matches!(state, State::Expired { why: Some(Wait::Pilot), .. }));
    });
    each.await.expect("listed");
    assert_eq!(sent + expired, 60);
}

#[tokio::test(start_paused = true)]
async fn the_shops_own_text_is_used_once_approved_and_a_forbidden_one_never_leaves() {
    use renown_core::mail::Language;
    use renown_core::mail::draft::{Draft, Stage};
    let world = MailWorld::new(start()).await;
    let shop = world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    let text = |body: &str| Draft {
        kind: "review-invitation".to_owned(),
        language: Language::De,
        version: 0,
        source: format!(
            "subject: Ihr Tee\npreheader: x\n---\n{body}\n\n[button: Hier]({{{{ review_url }}}})"
        ),
        stage: Stage::Draft,
        is_by_machine: false,
        is_for_tests: false,
        expires: None,
        at: start(),
    };
    let ledger = &world.app.ledger;
    let own = ledger
        .add_template(&shop.id, &text("Wie war der Tee? Ihre ehrliche Meinung zählt."))
        .await
        .expect("written");
    let now = world.clock.now();
    let approved = ledger
        .change_template(&shop.id, &own, |draft| {
            draft.review("Wang", now).and_then(|()| draft.approve("Li", false, now))
        })
        .await;
    approved.expect("written").expect("there").expect("clean");
    // Written past the checks, as a hand in the table could: the last look before sending stops it.
    let mut forbidden = text("Für 5 Sterne gibt es einen Gutschein über 10 Euro.");
    forbidden.kind = "review-reminder".to_owned();
    forbidden.stage = Stage::Approved { reviewed_by: "x".to_owned(), by: "x".to_owned(), at: now };
    ledger.add_template(&shop.id, &forbidden).await.expect("written");
    let mut reminded = shop.clone();
    reminded.mails.reminders = 1;
    ledger.put_shop(&reminded).await.expect("written");
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(16).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
    assert!(world.ses.taken()[0].raw.contains("Ihr Tee"), "{}", world.ses.taken()[0].raw);
    let order = world.order("tea", "1001").await;
    assert_eq!(order.mails[&Kind::Invitation].template, "review-invitation/de/1");
    let state = &order.mails[&Kind::Reminder(1)].state;
    assert!(matches!(state, State::Held { why: Hold::Forbidden(_), .. }), "{state:?}");
}
