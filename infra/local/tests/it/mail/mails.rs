//! `renown mail` and `renown explain --shop`.

use renown_core::mail::Kind;
use renown_core::mail::reasons::Hold;
use serde_json::Value;

use super::world::{ANA, NAME, World, day};
use crate::keep::terminal::arg;

fn add_up(sums: &Value) -> bool {
    let n = |value: &Value| value.as_u64().unwrap_or(0);
    let of = |value: &Value| value.as_object().map_or(0, |map| map.values().map(n).sum::<u64>());
    n(&sums["planned"])
        == n(&sums["sent"])
            + of(&sums["skipped"])
            + of(&sums["expired"])
            + n(&sums["refused"])
            + n(&sums["unclear"])
            + of(&sums["open"])
}

#[tokio::test]
async fn every_mail_is_listed_with_its_reason_and_the_sums_add_up() {
    let world = World::with_orders(2).await;
    let listed = world.json(&["mail", "list", "--shop", "tea"]);
    assert_eq!(listed["mails"].as_array().map(Vec::len), Some(3), "{listed}");
    assert!(add_up(&listed["sums"]["tea"]), "{listed}");
    assert_eq!(
        listed["sums"]["tea"]["open"],
        serde_json::json!({"planned": 1, "will_be_skipped": 2}),
        "nobody counts on mails without consent or address: {listed}"
    );
    let story = world.run(&["explain", "1002", "--shop", "tea"]).out;
    assert!(story.contains("will be skipped as things stand"), "{story}");
    world.json(&["mail", "skip", "1001", "invitation", "--shop", "tea"]);
    world.run(&["mail", "skip", "1001", "invitation"]).fails(1, &["skipped"]);
    world.run(&["mail", "skip", "1001", "survey"]).fails(1, &["no survey planned"]);
    world.run(&["mail", "skip", "77", "survey"]).fails(1, &["no order 77"]);
    world.run(&["mail", "skip", "1001", "greeting"]).fails(2, &["invitation, reminder-1"]);
    let skipped = world.json(&["mail", "list", "--state", "skipped"]);
    assert_eq!(skipped["mails"][0]["reason"], "by_hand");
    assert!(add_up(&skipped["sums"]["tea"]) && skipped["sums"]["tea"]["planned"] == 3, "{skipped}");
    let story = world.run(&["explain", "1001", "--shop", "tea"]).out;
    assert!(story.contains("an operator decided so") && story.contains("said yes to mails"), "{story}");
    let story = world.run(&["explain", "1003", "--shop", "tea", "--lang", "zh"]).out;
    assert!(story.contains("没有可用的邮箱地址"), "{story}");
    world.run(&["explain", "1001"]).fails(2, &["--shop", "123-1234567-1234567"]);
}

#[tokio::test]
async fn held_mails_go_when_a_person_says_so() {
    let world = World::with_orders(2).await;
    let (tea, id) = ("tea".parse().expect("valid"), "1001".parse().expect("valid"));
    let hold = world.ledger();
    let hold = hold.change_shop_order(&tea, &id, day(0), |order| {
        order.hold(Kind::Invitation, Hold::Vip, day(0));
        Some(())
    });
    hold.await.expect("written");
    let held = world.json(&["mail", "list", "--state", "held"]);
    assert_eq!((&held["mails"][0]["order_id"], &held["mails"][0]["reason"]), (&"1001".into(), &"vip".into()));
    world.run(&["mail", "release", "--all"]).fails(2, &["--yes"]);
    assert_eq!(world.json(&["mail", "release", "--all", "--yes"])["mails"], 1);
    assert_eq!(world.json(&["mail", "release", "--all", "--yes"])["mails"], 0);
    world.run(&["mail", "release", "1002", "--yes"]).fails(1, &["holds no mail"]);
}

#[tokio::test]
async fn a_mail_is_read_beforehand_and_tried_out_and_neither_unsubscribes_anybody() {
    let world = World::with_orders(2).await;
    let html = world.path().join("mail.html");
    let shown = world.run(&["mail", "preview", "tea", "1001", "invitation", "--html", arg(&html)]).out;
    assert!(shown.contains(NAME) && shown.contains("https://tea.example/review/1001"), "{shown}");
    assert!(!shown.contains(ANA), "{shown}");
    assert!(std::fs::read_to_string(&html).expect("written").contains("<html"));
    let unknown = world.run(&["mail", "preview", "tea", "1003", "invitation"]).out;
    assert!(unknown.contains("not known"), "{unknown}");
    let sent =
        world.json(&["mail", "test", "tea", "invitation", "--to", "me@shop.example", "--locale", "fr"]);
    let file = world.data().join("mail/test-tea-invitation.eml");
    assert_eq!(sent["sent"], arg(&file));
    assert!(sent["subject"].as_str().is_some_and(|subject| subject.starts_with("[Test] ")), "{sent}");
    let mail = std::fs::read_to_string(file).expect("there");
    assert!(mail.contains("<me@shop.example>") && mail.contains("List-Unsubscribe-Post"), "{mail}");
    world.json(&["suppress", "add", "me@shop.example"]);
    world.run(&["mail", "test", "tea", "invitation", "--to", "me@shop.example"]).fails(1, &["added by hand"]);
    world.run(&["mail", "test", "tea", "invitation", "--to", "me"]).fails(2, &["no address"]);
}

#[tokio::test]
async fn sums_are_in_chinese_words_and_a_language_without_a_text_is_named() {
    let world = World::with_orders(2).await;
    world.json(&["mail", "skip", "1001", "invitation", "--shop", "tea"]);
    let listed = world.run(&["mail", "list", "--shop", "tea", "--lang", "zh"]).out;
    let sums = listed.lines().last().expect("the sums");
    assert!(sums.contains("人工决定 1") && !sums.contains("by_hand") && !sums.contains("planned"), "{sums}");
    let test =
        |locale| world.run(&["mail", "test", "tea", "invitation", "--to", ANA, "--locale", locale]).out;
    let told = test("xx");
    assert!(told.contains("\"xx\"") && told.contains("the shop's: de"), "{told}");
    assert!(!test("fr-CA").contains('!'), "a text is there");
}
