//! `renown suppress` and `renown erase --email`.

use super::world::{ANA, NAME, World};
use crate::keep::terminal::arg;

#[tokio::test]
async fn addresses_go_in_hashes_come_out_and_an_owners_wish_is_taken_back_with_a_reason_alone() {
    let world = World::with_tea().await;
    let added = world.json(&["suppress", "add", ANA, "--reason", "unsubscribed", "--seller", "A1TEA"]);
    let hash = added["hash"].as_str().expect("a hash").to_owned();
    assert_eq!(world.json(&["suppress", "add", &ANA.to_uppercase(), "--seller", "A1TEA"])["added"], false);
    let listed = world.json(&["suppress", "list"]);
    assert_eq!(
        (&listed["suppressed"][0]["hash"], &listed["suppressed"][0]["scope"]),
        (&hash.as_str().into(), &"A1TEA".into())
    );
    assert!(!listed.to_string().contains("canary"));
    world.run(&["suppress", "remove", ANA]).fails(1, &["--because", "its owner unsubscribed"]);
    world.json(&["suppress", "remove", ANA, "--because", "wrote that mails are wanted again"]);
    let listed = world.json(&["suppress", "list"]);
    assert_eq!(listed["suppressed"].as_array().map(Vec::len), Some(0));
    assert_eq!(listed["lifted"][0]["because"], "wrote that mails are wanted again");
    world.json(&["suppress", "add", &hash]);
    world.json(&["suppress", "remove", &hash]);
    world.run(&["suppress", "remove", &hash]).fails(1, &["not on the list"]);
    world.run(&["suppress", "add", "Ana Kanarienvogel"]).fails(2, &["no address"]);
}

#[tokio::test]
async fn a_list_moves_from_a_file_and_to_one_and_a_bad_line_takes_no_other_down() {
    let world = World::with_tea().await;
    let plain = world.file("plain.txt", "a@post.example\n\nno address\nb@post.example\na@post.example\n");
    let told = world.json(&["suppress", "import", arg(&plain), "--reason", "unsubscribed"]);
    assert_eq!(
        (&told["added"], &told["already_there"], &told["bad_lines"]),
        (&2.into(), &1.into(), &serde_json::json!([3]))
    );
    let out = world.path().join("list.csv");
    assert_eq!(world.json(&["suppress", "export", arg(&out)])["entries"], 2);
    let csv = std::fs::read_to_string(&out).expect("written");
    assert!(csv.starts_with("hash,reason,since,note\n") && !csv.contains("post.example"), "{csv}");
    let told = world.json(&["suppress", "import", arg(&out), "--seller", "A1TEA"]);
    assert_eq!(told["added"], 2);
    let listed = world.json(&["suppress", "list", "--seller", "A1TEA"]);
    assert_eq!(listed["suppressed"][1]["reason"], "unsubscribed", "{listed}");
}

#[tokio::test]
async fn an_erased_customer_is_nowhere_but_as_a_hash_and_stays_away() {
    let world = World::with_orders(2).await;
    world.json(&["mail", "test", "tea", "invitation", "--to", ANA]);
    world.run(&["erase", "--email", ANA]).fails(2, &["--yes"]);
    let told = world.json(&["erase", "--email", ANA, "--yes"]);
    assert_eq!(
        (&told["known_to"], &told["mails_deleted"]),
        (&serde_json::json!(["A1TEA"]), &1.into()),
        "{told}"
    );
    let zh = world.run(&["erase", "--email", ANA, "--yes", "--lang", "zh"]).out;
    assert!(zh.contains("带密钥的哈希") && !zh.contains("canary"), "{zh}");
    // The shop tells of her again, and nobody takes her up.
    world.import(&format!(
        "Order,Mail,Customer,Arrived,SKU,Item,Marketing\n1005,{ANA},{NAME},2026-11-01,T,Tee,yes\n"
    ));
    let seller = "A1TEA".parse().expect("valid");
    let contacts = world.ledger().people(&seller).await.expect("listed");
    assert_eq!(contacts.len(), 1, "Bob alone");
    let story = world.run(&["explain", "1005", "--shop", "tea"]).out;
    assert!(story.contains("had their data erased"), "{story}");
    world.run(&["erase", "--email", "Ana"]).fails(2, &["no address"]);
}

#[tokio::test]
async fn the_list_speaks_chinese_throughout() {
    let world = World::with_tea().await;
    let (plain, out) = (world.file("plain.txt", "b@post.example\n"), world.path().join("list.csv"));
    for args in [
        &["suppress", "add", ANA][..],
        &["suppress", "list"],
        &["suppress", "import", arg(&plain)],
        &["suppress", "export", arg(&out)],
        &["suppress", "remove", ANA],
    ] {
        let ran = world.run(&[args, &["--lang", "zh"]].concat());
        assert!(ran.out.contains("整个账户") && !ran.out.contains("the account"), "{}{}", ran.out, ran.err);
    }
}
