//! `renown shop`.

use super::world::{TEA, World};
use crate::keep::terminal::arg;

#[tokio::test]
async fn a_shop_is_added_listening_shown_changed_and_removed() {
    let world = World::empty().await;
    let file = world.file("tea.toml", TEA);
    let added = world.json(&["shop", "add", arg(&file)]);
    assert_eq!((&added["mode"], &added["shop"]["seller"]), (&"listen".into(), &"A1TEA".into()));
    let secret = added["webhook_secret"].as_str().expect("shown once");
    assert!(secret.starts_with("whsec_") && secret.len() > 40, "{secret}");
    assert_eq!(added["webhooks"]["generic"], "http://127.0.0.1:8377/hooks/generic/tea");
    world.run(&["shop", "add", arg(&file)]).fails(1, &["already", "renown shop set tea"]);

    let listed = world.json(&["shop", "list"]);
    assert_eq!((&listed["shops"][0]["id"], &listed["shops"][0]["mode"]), (&"tea".into(), &"listen".into()));
    assert!(!listed.to_string().contains(secret));

    // What is shown can be edited and set.
    let shown = world.run(&["shop", "show", "tea"]).out;
    let edited = world.file("edited.toml", &shown.replace("invite_after_days = 7", "invite_after_days = 9"));
    world.json(&["shop", "set", "tea", arg(&edited)]);
    assert_eq!(world.json(&["shop", "show", "tea"])["mails"]["invite_after_days"], 9);

    // A new secret for its webhooks, beside the one before or in its place.
    let hook = world.data().join("secrets/renown/hooks/tea.json");
    let before = std::fs::read(&hook).expect("there");
    let changed = world.json(&["shop", "secret", "tea"]);
    let new = changed["webhook_secret"].as_str().expect("shown once");
    assert!(new.starts_with("whsec_") && new != secret && changed["before_is_believed"] == true, "{changed}");
    assert_ne!(std::fs::read(&hook).expect("there"), before);
    let told = world.run(&["shop", "secret", "tea", "--at-once"]).out;
    assert!(told.contains("refused from now on"), "{told}");
    world.run(&["shop", "secret", "tea", "--shopify-secret", "hush"]).fails(2, &["never stands"]);

    world.run(&["shop", "remove", "tea"]).fails(2, &["--yes"]);
    assert_eq!(world.json(&["shop", "remove", "tea", "--yes"])["removed"], true);
    world.run(&["shop", "show", "tea"]).fails(1, &["renown shop add"]);
    assert!(!hook.exists());
}

#[tokio::test]
async fn every_mistake_of_a_shops_file_is_named_with_its_line() {
    let world = World::empty().await;
    let wrong =
        TEA.replace("DE\"\n", "XX\"\n").replace("https://", "http://").replace("from = 0", "from = 24");
    let wrong = world.file("wrong.toml", &wrong);
    let ran = world.run(&["shop", "add", arg(&wrong)]);
    ran.fails(1, &["line 6: review_url", "line 8: country", "line 12: mails.hours"]);
    let zh = world.run(&["shop", "add", arg(&wrong), "--lang", "zh"]);
    zh.fails(1, &["第 6 行", "第 8 行", "第 12 行"]);
    for (from, to, says) in [
        ("name =", "nme =", "line 3"),
        ("id = \"tea\"", "id = \"Tea House\"", "line 2"),
        ("id = \"tea\"", "id = \"tea\"\nseller = \"A9NOBODY\"", "line 3, seller"),
        ("country = \"DE\"\n", "", "country"),
    ] {
        let file = world.file("wrong.toml", &TEA.replace(from, to));
        world.run(&["shop", "add", arg(&file)]).fails(1, &[says]);
    }
    world.run(&["shop", "add", "tea.toml", "--shopify-secret", "hush"]).fails(2, &["`-`"]);
    assert_eq!(world.json(&["shop", "list"])["shops"], serde_json::json!([]));
}
