//! A shop goes live, is paused and braked, and goes on.

use renown_core::control::{Cause, Stop};
use renown_io::app::MailApp;
use renown_io::bus::Bus;
use renown_io::clock::Clock;
use renown_io::secrets::Secrets;
use serde_json::json;

use super::world::{World, day};

#[tokio::test]
async fn going_live_says_what_is_planned_and_what_is_not_made_up_for_and_wants_a_yes() {
    let world = World::with_orders(2).await;
    let late = day(-30);
    world.import(&format!(
        "Order,Mail,Customer,Arrived,SKU,Item,Marketing\n900,c@post.example,,{late},T,Tee,yes\n"
    ));
    let asked = world.run(&["mode", "live", "--shop", "tea"]);
    asked.fails(2, &["3 mails are planned", "1 fell due before now", "--yes"]);
    let told = world.json(&["mode", "live", "--shop", "tea", "--yes"]);
    assert_eq!((&told["mails"], &told["not_made_up_for"]), (&3.into(), &1.into()), "{told}");
    assert_eq!(world.json(&["shop", "list"])["shops"][0]["mode"], "live");
    // Going live again makes up for nothing more, and nothing less.
    let again = world.json(&["mode", "live", "--shop", "tea", "--yes"]);
    assert_eq!(again["live_since"], told["live_since"].clone());
    world.run(&["mode", "live", "--shop", "coffee", "--yes"]).fails(1, &["coffee", "tea"]);
    world.json(&["mode", "listen", "--shop", "tea"]);
    assert_eq!(world.json(&["shop", "list"])["shops"][0]["mode"], "listen");
}

#[tokio::test]
async fn a_pause_stops_one_shop_and_what_still_stands_still_is_said() {
    let world = World::with_tea().await;
    world.live_since(1).await;
    let tea = "tea".parse().expect("valid");
    let may_mail = async || {
        let reading = world.ledger().control(day(0)).await.expect("read");
        reading.control().may_mail(&tea)
    };
    assert!(may_mail().await);
    world.json(&["pause", "--shop", "tea"]);
    assert!(!may_mail().await);
    world.json(&["pause", "--mails"]);
    let told = world.run(&["resume", "--shop", "tea"]).out;
    assert!(told.contains("renown resume --mails"), "{told}");
    assert!(!may_mail().await);
    world.json(&["resume", "--mails"]);
    assert!(may_mail().await);
    world.run(&["pause", "--shop", "tea", "--mails"]).fails(2, &["--mails"]);
}

/// A brake that a person releases is not pulled again by the counts that had pulled it, and is by
/// new ones.
#[tokio::test]
async fn a_released_brake_stays_released_until_new_counts_pull_it() {
    let world = World::with_tea().await;
    world.live_since(9).await;
    let count = |by: i64, mails: u32, bounced: u32| {
        let date = day(by).to_string()[..10].to_owned();
        let item = |sk: String, body: serde_json::Value| {
            let item = json!({"pk": {"S": "MAILDAY#A1TEA"}, "sk": {"S": sk}, "v": {"N": "1"}, "rev": {"N": "1"},
                "w": {"S": "test"}, "body": {"M": body}});
            world.dynamo().put_new(&item).expect("written");
        };
        item(format!("{date}#tea"), json!({"mails": {"N": mails.to_string()}}));
        item(date, json!({"bounced": {"N": bounced.to_string()}}));
    };
    let secrets = Secrets::in_memory();
    let at = |by: i64| MailApp {
        ledger: world.ledger(),
        secrets: secrets.clone(),
        bus: Bus::Nowhere,
        clock: Clock::starting_at(day(by)),
    };
    let shop = world.ledger().shop(&"tea".parse().expect("valid")).await.expect("read").expect("there");
    let stop = async || {
        let reading = world.ledger().control(day(0)).await.expect("read");
        let (of_shop, of_all) =
            (reading.control().shops[&shop.id].stop.clone(), reading.control().mails.clone());
        (of_shop.map(|stop: Stop| stop.cause), of_all.map(|stop: Stop| stop.cause))
    };
    count(0, 1000, 100);
    bounce_handler::judge(&at(0), &shop).await.expect("judged");
    assert_eq!(stop().await, (Some(Cause::Bounces), Some(Cause::Bounces)));

    world.json(&["resume", "--shop", "tea"]);
    world.json(&["resume", "--mails"]);
    for by in [0, 1, 3] {
        bounce_handler::judge(&at(by), &shop).await.expect("judged");
        assert_eq!(stop().await, (None, None), "old counts, on day {by}");
    }
    count(3, 1000, 30);
    bounce_handler::judge(&at(4), &shop).await.expect("judged");
    assert_eq!(stop().await, (Some(Cause::Bounces), None), "3 % of a seller, and no more of the account");
}

#[tokio::test]
async fn the_doctor_looks_at_the_mails_of_shops_and_names_what_is_missing() {
    let world = World::with_orders(-1).await;
    let told = world.run(&["doctor", "--offline"]).out;
    assert!(
        told.contains("tea: listens") && told.contains("tea: the secret of its webhooks is there"),
        "{told}"
    );
    world.live_since(30).await;
    let told = world.run(&["doctor", "--offline"]);
    assert!(
        told.out.contains("the longest due mail waits for") && told.out.contains("renown up"),
        "{}",
        told.out
    );
    std::fs::remove_file(world.data().join("secrets/renown/hooks/tea.json")).expect("there");
    world.run(&["pause", "--shop", "tea"]);
    let told = world.run(&["doctor", "--offline", "--lang", "zh"]).out;
    assert!(told.contains("renown shop secret tea") && told.contains("不发送邮件"), "{told}");
}
