//! What `plan` and `explain` print of a tiny shop.

use renown_core::say::Lang;
use renown_local::{explain, plan};
use serde_json::Value;

use crate::support::tiny;

async fn planned(style: plan::Style) -> String {
    let (shop, _, _dir) = tiny().await;
    let mut out = Vec::new();
    plan::print(&shop, style, &mut out).expect("printed");
    String::from_utf8(out).expect("UTF-8")
}

async fn explained(order: &str, lang: Lang, json: bool) -> String {
    let (shop, folder, _dir) = tiny().await;
    let mut out = Vec::new();
    let order = order.parse().expect("valid");
    explain::print(&shop, &folder, &order, lang, json, &mut out).expect("printed");
    String::from_utf8(out).expect("UTF-8")
}

#[tokio::test(start_paused = true)]
async fn a_plan_shows_sums_days_and_orders() {
    insta::assert_snapshot!(planned(plan::Style { lang: Lang::En, json: false, all: true }).await, @"");
}

#[tokio::test(start_paused = true)]
async fn a_plan_can_be_read_in_chinese() {
    insta::assert_snapshot!(planned(plan::Style { lang: Lang::Zh, json: false, all: false }).await, @"");
}

#[tokio::test(start_paused = true)]
async fn a_plan_for_programs_is_one_object_whose_parts_add_up() {
    let text = planned(plan::Style { lang: Lang::En, json: true, all: false }).await;
    let plan: Value = serde_json::from_str(&text).expect("one object");
    insta::assert_json_snapshot!(plan, @"");
}

#[tokio::test(start_paused = true)]
async fn the_story_of_an_asked_order_names_its_evidence() {
    insta::assert_snapshot!(explained("302-1111111-1111111", Lang::En, false).await, @"");
    insta::assert_snapshot!(explained("302-1111111-1111111", Lang::Zh, false).await, @"");
}

#[tokio::test(start_paused = true)]
async fn the_story_of_a_skipped_order_names_its_reason() {
    insta::assert_snapshot!(explained("302-3333333-3333333", Lang::En, false).await, @"");
}

#[tokio::test(start_paused = true)]
async fn a_story_for_programs_holds_all_that_is_known() {
    let story: Value =
        serde_json::from_str(&explained("302-1111111-1111111", Lang::En, true).await).expect("one object");
    insta::assert_json_snapshot!(story, @"");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_is_not_known_is_named_with_the_folder_and_the_remedy() {
    let (shop, folder, dir) = tiny().await;
    let order = "302-9999999-9999999".parse().expect("valid");
    let error =
        explain::print(&shop, &folder, &order, Lang::En, false, &mut Vec::new()).expect_err("unknown");
    let error = error.to_string();
    assert!(error.contains("302-9999999-9999999") && error.contains("Seller Central"), "{error}");
    assert!(error.contains(&dir.path().display().to_string()), "{error}");
}
