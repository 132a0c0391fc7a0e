//! How much one person, and one day, may get.

use renown_core::mail::reasons::{Skip, Wait};
use renown_core::mail::{Kind, MailRules, State};
use renown_tests::mail::{MailWorld, order};

use crate::start;

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_about_the_same_product_twice_in_a_year_whatever_the_shop() {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { reminders: 0, ..MailRules::default() };
    world.add_live_shop("tea", rules.clone()).await;
    world.add_live_shop("cups", rules).await;
    world.hook("tea", &order("1001", "ana@x.example", start())).await;
    world.pass_days(10).await;
    let mut again = order("1002", "ANA@x.example", world.clock.now());
    again["order"]["items"] = serde_json::json!([{"id": "T-1001", "title": "Sencha"}]);
    world.hook("cups", &again).await;
    world.pass_days(10).await;
    assert_eq!(world.sent(), ["1001 invitation"]);
    let state = world.order("cups", "1002").await.mails[&Kind::Invitation].state.clone();
    assert!(matches!(state, State::Skipped { why: Skip::ProductAskedBefore, .. }), "{state:?}");
}

#[tokio::test(start_paused = true)]
async fn one_person_gets_at_most_so_many_mails_in_thirty_days_over_all_shops() {
    let world = MailWorld::new(start()).await;
    let rules =
        MailRules { reminders: 0, most_per_person: 2, give_up_after_days: 20, ..MailRules::default() };
    world.add_live_shop("tea", rules.clone()).await;
    world.add_live_shop("cups", rules).await;
    for (n, shop) in ["tea", "cups", "tea", "cups"].into_iter().enumerate() {
        world.hook(shop, &order(&format!("{n}"), "ana@x.example", start())).await;
    }
    world.pass_days(20).await;
    assert_eq!(world.ses.taken().len(), 2);
    world.pass_days(40).await;
    let states: Vec<_> = futures_util::future::join_all(
        [("tea", "0"), ("cups", "1"), ("tea", "2"), ("cups", "3")].map(|(shop, id)| world.order(shop, id)),
    )
    .await
    .into_iter()
    .filter(|order| {
        matches!(order.mails[&Kind::Invitation].state, State::Expired { why: Some(Wait::PersonCap), .. })
    })
    .collect();
    assert_eq!(states.len(), 2, "the others are explained");
}

#[tokio::test(start_paused = true)]
async fn one_text_goes_to_so_many_orders_a_day_and_the_rest_leaves_on_the_next_days() {
    let world = MailWorld::new(start()).await;
    let rules = MailRules { reminders: 0, most_of_same_text: 10, ..MailRules::default() };
    world.add_live_shop("tea", rules).await;
    for n in 0..25 {
        world.hook("tea", &order(&format!("{n}"), &format!("c{n}@x.example"), start())).await;
    }
    world.pass_days(12).await;
    let mut by_day = std::collections::BTreeMap::new();
    for mail in world.ses.taken() {
        *by_day.entry(mail.at.to_string()[..10].to_owned()).or_insert(0) += 1;
    }
    assert_eq!(by_day.into_values().collect::<Vec<_>>(), [10, 10, 5]);
}
