//! The public routes: nothing is believed that is not signed, and a look changes nothing.

use renown_core::mail::{Kind, MailRules, State};
use renown_tests::mail::{HOOK_SECRET, MailWorld, order};

use crate::start;

async fn world() -> MailWorld {
    let world = MailWorld::new(start()).await;
    world.add_live_shop("tea", MailRules { reminders: 0, ..MailRules::default() }).await;
    world
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_is_not_signed_by_the_shop_is_refused_and_leaves_nothing() {
    let world = world().await;
    let body = order("1001", "ana@x.example", start()).to_string();
    for (shop, secret) in [("tea", "whsec_d3Jvbmc="), ("other", HOOK_SECRET), ("Tea/..", HOOK_SECRET)] {
        let answer = world.signed(shop, &body, secret).await;
        assert!(matches!(answer.status().as_u16(), 401 | 404), "{shop}: {}", answer.status());
    }
    let unsigned = world.call("POST", "/hooks/generic/tea", &[], body.as_bytes()).await;
    assert_eq!(unsigned.status(), 401);
    let unsigned = world.call("POST", "/hooks/shopify/tea", &[], body.as_bytes()).await;
    assert_eq!(unsigned.status(), 401);
    let tea = "tea".parse().expect("a shop");
    assert!(
        world.app.ledger.shop_order(&tea, &"1001".parse().expect("an order")).await.expect("read").is_none()
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_signed_and_cannot_be_read_is_kept_with_its_place_and_acknowledged() {
    let world = world().await;
    let answer = world.signed("tea", r#"{"type": "order", "order": {"id": 7}}"#, HOOK_SECRET).await;
    assert_eq!(answer.status(), 200);
    let unread = world.app.ledger.unread("webhook").await.expect("listed");
    assert_eq!(unread.len(), 1);
    assert!(unread[0].place.contains("column") && !unread[0].problem_zh.is_empty(), "{:?}", unread[0]);
}

#[tokio::test(start_paused = true)]
async fn looking_at_the_way_out_does_nothing_and_going_it_ends_the_mails_of_all_shops_of_the_seller() {
    let world = world().await;
    world.add_live_shop("cups", MailRules { reminders: 0, ..MailRules::default() }).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(8).await;
    let path = MailWorld::link(&world.ses.taken()[0], "u");
    for _ in 0..3 {
        let page = world.call("GET", &path, &[("accept-language", "de".to_owned())], b"").await;
        assert!(page.status() == 200 && page.body().contains("<form method=\"post\">"), "{}", page.body());
        assert!(page.body().contains("lang=\"de\"") && page.body().contains("Teehaus"), "{}", page.body());
    }
    world.hook("cups", &order("2001", "ana@x.example", start())).await;
    let one_click = world.call("POST", &path, &[], b"List-Unsubscribe=One-Click").await;
    assert_eq!(one_click.status(), 200);
    let again = world.call("POST", &path, &[], b"").await;
    assert_eq!(again.status(), 200);
    world.pass_days(30).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
    let order = world.order("cups", "2001").await;
    assert!(matches!(order.mails[&Kind::Invitation].state, State::Skipped { .. }), "{order:?}");
    assert!(world.order("tea", "1001").await.mails[&Kind::Invitation].heard.unsubscribed.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_forged_link_and_one_for_something_else_lead_nowhere() {
    let world = world().await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(8).await;
    let path = MailWorld::link(&world.ses.taken()[0], "u");
    let mut forged = path.clone();
    forged.replace_range(forged.len() - 1.., if path.ends_with('0') { "1" } else { "0" });
    let survey = path.replacen("/u/", "/s/", 1);
    for wrong in [forged.as_str(), survey.as_str(), "/u/", "/u/1-", "/u/x/y", "/", "/hooks/other/tea"] {
        for method in ["GET", "POST"] {
            let status = world.call(method, wrong, &[], b"").await.status();
            assert!(matches!(status.as_u16(), 404 | 405), "{method} {wrong}: {status}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_is_forgotten_is_written_to_no_more_and_not_taken_up_again() {
    let world = world().await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.hook("tea", &serde_json::json!({"type": "forget", "email": "Ana@x.example"})).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.hook("tea", &order("1002", "ana@x.example", start())).await;
    world.pass_days(20).await;
    assert_eq!(world.ses.calls(), 0);
    let contacts = world.app.ledger.people(&"A1SELLER".parse().expect("a seller")).await.expect("listed");
    assert!(contacts.is_empty(), "{contacts:?}");
}

#[tokio::test(start_paused = true)]
async fn the_links_of_a_preview_show_their_pages_and_leave_no_trace() {
    use renown_core::mail::suppression::Scope;
    use renown_io::mail::{Keys, Purpose};
    let world = world().await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(8).await;
    let before = world.order("tea", "1001").await;
    let keys = Keys::read(&world.app.secrets).await.expect("there");
    for (purpose, page) in [(Purpose::Unsubscribe, "u"), (Purpose::Survey, "s")] {
        let content = format!("tea|{}|1001|invitation|{}", keys.nobody(), world.clock.now().as_second());
        let path = format!("/{page}/{}", keys.token(purpose, &content).expect("made"));
        assert_eq!(world.call("GET", &path, &[], b"").await.status(), 200);
        assert_eq!(world.call("POST", &path, &[], b"score=1").await.status(), 200);
    }
    assert_eq!(world.order("tea", "1001").await, before);
    let seller = Scope::Seller("A1SELLER".parse().expect("a seller"));
    assert!(world.app.ledger.suppressions(&seller).await.expect("listed").is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_new_secret_is_believed_beside_the_one_before_until_the_next_comes() {
    use renown_io::secrets::Secret;
    let world = world().await;
    let tea = "tea".parse().expect("a shop");
    let secret = |n: u8| format!("whsec_{}", data_encoding::BASE64.encode(&[n; 32]));
    let status = async |secret: &str| {
        let body = order("1001", "ana@x.example", start()).to_string();
        world.signed("tea", &body, secret).await.status().as_u16()
    };
    let secrets = &world.app.secrets;
    secrets.add_hook(&tea, &Secret::new(secret(1))).await.expect("stored");
    assert_eq!((status(HOOK_SECRET).await, status(&secret(1)).await), (200, 200));
    secrets.add_hook(&tea, &Secret::new(secret(2))).await.expect("stored");
    assert_eq!(
        (status(HOOK_SECRET).await, status(&secret(1)).await, status(&secret(2)).await),
        (401, 200, 200)
    );
    secrets.store_hook(&tea, &Secret::new(secret(3))).await.expect("stored");
    assert_eq!((status(&secret(2)).await, status(&secret(3)).await), (401, 200));
    assert_eq!(world.signed("nobody", "{}", &secret(3)).await.status(), 401);
}

#[tokio::test(start_paused = true)]
async fn a_survey_takes_one_answer_and_only_while_its_link_is_good() {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { survey: true, ..MailRules::default() };
    world.add_live_shop("tea", rules).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(11).await;
    let survey = world.ses.taken().into_iter().find(|mail| mail.tag("renown-kind") == "survey");
    let path = MailWorld::link(&survey.expect("sent on day ten"), "s");
    let page = world.call("GET", &path, &[], b"").await;
    assert!(page.status() == 200 && page.body().contains("value=\"10\""), "{}", page.body());
    for wrong in ["", "score=11", "score=x", "comment=hi"] {
        assert_eq!(world.call("POST", &path, &[], wrong.as_bytes()).await.status(), 400, "{wrong}");
    }
    for body in ["score=9&comment=%3Cb%3Efine", "score=1"] {
        assert_eq!(world.call("POST", &path, &[], body.as_bytes()).await.status(), 200);
    }
    assert_eq!(world.order("tea", "1001").await.survey.expect("answered").score, 9);
    world.pass_days(61).await;
    assert_eq!(world.call("GET", &path, &[], b"").await.status(), 410);
}
