//! Copies, the way back, erasing a seller, and what somebody who helps gets to see.

use std::path::Path;

use super::world::{ANA, NAME, World};
use crate::keep::terminal::{arg, renown};

/// Whether a word stands in any file below a folder.
fn is_below(dir: &Path, word: &str) -> bool {
    std::fs::read_dir(dir).expect("a folder").flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return is_below(&path, word);
        }
        let bytes = std::fs::read(&path).expect("readable");
        bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    })
}

#[tokio::test]
async fn a_restored_shop_listens_and_goes_live_with_its_own_keys_alone() {
    let world = World::with_orders(2).await;
    world.live_since(1).await;
    world.json(&["suppress", "add", "bob@post.example", "--reason", "unsubscribed"]);
    let copy = world.path().join("copy");
    let told = world.json(&["export", arg(&copy)]);
    for file in ["shops", "shoporders", "contacts", "suppressions", "maildays", "mailkeys"] {
        assert!(
            told["manifest"]["files"][format!("{file}.jsonl")]["items"].as_u64() > Some(0),
            "{file}: {told}"
        );
    }
    assert!(!is_below(&copy, ANA) && !is_below(&copy, NAME), "sealed");

    let again = world.path().join("again");
    let on_copy = |args: &[&str]| renown(world.path(), &[args, &["--data", arg(&again)]].concat());
    let told = on_copy(&["restore", arg(&copy), "--json"]).json();
    assert_eq!(told["shops"], serde_json::json!(["tea"]));
    let listed = on_copy(&["shop", "list", "--json"]).json();
    assert_eq!(listed["shops"][0]["mode"], "listen");
    let same = on_copy(&["mail", "list", "--all", "--json"]).json();
    assert_eq!(same["mails"], world.json(&["mail", "list", "--all"])["mails"]);
    // Without the keys nobody who unsubscribed would be known.
    on_copy(&["mode", "live", "--shop", "tea", "--yes"]).fails(1, &["keys of mail", "keys.json"]);
    on_copy(&["suppress", "add", ANA]).fails(1, &["keys of mail"]);
    std::fs::create_dir_all(again.join("secrets/renown/mail")).expect("made");
    let key = "secrets/renown/mail/keys.json";
    std::fs::copy(world.data().join(key), again.join(key)).expect("brought along");
    on_copy(&["mode", "live", "--shop", "tea", "--yes", "--json"]).json();
    assert_eq!(on_copy(&["suppress", "add", "bob@post.example", "--json"]).json()["added"], false);
}

#[tokio::test]
async fn the_keys_of_mail_move_along_with_a_copy_and_others_are_refused() {
    let world = World::with_orders(2).await;
    let (copy, keys) = (world.path().join("copy"), world.path().join("keys.json"));
    world.json(&["export", arg(&copy)]);
    world.json(&["mail", "keys", "--save", arg(&keys)]);
    world.run(&["mail", "keys", "--save", arg(&keys)]).fails(2, &["keys.json"]);
    world.run(&["mail", "keys"]).fails(2, &["--save"]);
    std::fs::remove_file(world.data().join("secrets/renown/mail/keys.json")).expect("there");
    world.run(&["mail", "preview", "tea", "1001", "invitation"]).fails(1, &["renown mail keys --load"]);
    let doctor = world.run(&["doctor", "--offline"]).out;
    assert!(doctor.contains("✗ the keys of mail are missing"), "{doctor}");
    let others = std::fs::read_to_string(&keys).expect("there").replacen(char::is_numeric, "z", 1);
    world
        .run(&["mail", "keys", "--load", arg(&world.file("z.json", &others))])
        .fails(1, &["no keys of mail"]);
    let other = World::with_orders(2).await;
    let theirs = world.path().join("theirs.json");
    other.json(&["mail", "keys", "--save", arg(&theirs)]);
    world.run(&["mail", "keys", "--load", arg(&theirs)]).fails(1, &["other keys"]);
    world.json(&["mail", "keys", "--load", arg(&keys)]);
    assert!(world.run(&["mail", "preview", "tea", "1001", "invitation"]).out.contains(NAME));
}

#[tokio::test]
async fn an_erased_seller_takes_its_shops_and_their_customers_along() {
    let world = World::with_orders(2).await;
    let told = world.json(&["erase", "--seller", "A1TEA", "--yes"]);
    assert_eq!(
        (&told["shops"], &told["shop_orders"], &told["customers"]),
        (&1.into(), &3.into(), &2.into()),
        "{told}"
    );
    assert_eq!(world.json(&["shop", "list"])["shops"], serde_json::json!([]));
    assert!(world.ledger().people(&"A1TEA".parse().expect("valid")).await.expect("listed").is_empty());
    assert!(!world.data().join("secrets/renown/hooks/tea.json").exists());
}

#[tokio::test]
async fn nothing_of_a_customer_lies_open_in_the_folder_or_in_a_bundle() {
    let world = World::with_orders(-1).await;
    world.live_since(3).await;
    world.run(&["up", "--for", "2s", "--plain"]);
    // The mail itself is addressed to her; all else is not.
    assert!(is_below(&world.data().join("mail"), ANA));
    std::fs::remove_dir_all(world.data().join("mail")).expect("removed");
    assert!(!is_below(&world.data(), ANA) && !is_below(&world.data(), NAME));
    let bundle = world.path().join("bundle.jsonl");
    world.json(&["support-bundle", arg(&bundle)]);
    let bundle = std::fs::read_to_string(bundle).expect("written");
    assert!(bundle.contains(r#""part":"shop""#), "{bundle}");
    for word in [ANA, NAME, "Teehaus", "tea.example", "Lindenweg", "\"1001\"", "Sencha", "bob@"] {
        assert!(!bundle.contains(word), "{word}: {bundle}");
    }
}
